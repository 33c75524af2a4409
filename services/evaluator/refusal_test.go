package evaluator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vointi.fi/pkg/programme"
)

const reached = "effects: [{indicator: participation-reach, period: quarter, worth: {base: 100, source: s}}]\n"

// quarters publishes reach of 8, 10 after the start, in the pilot, and of 8 in the other areas.
func (w *world) quarters(hide ...string) {
	var all []figure
	for _, area := range []string{"KU305", "KU208", "KU398"} {
		all = append(all, figure{indicator: "participation-visits", area: area, typ: "month", start: "2022-01-01", value: "1"})
		for i, start := range []string{"2023-07-01", "2023-10-01", "2024-01-01", "2024-04-01"} {
			value := 8.
			if area == "KU305" && i > 1 {
				value = 10
			}
			f := figure{
				indicator: "participation-reach", area: area, typ: "quarter", start: start, value: fmt.Sprint(value), lower: fmt.Sprint(value - 0.5), upper: fmt.Sprint(value + 0.5),
				numerator: fmt.Sprint(value * 100), denominator: "10000",
			}
			if slices.Contains(hide, area+start) {
				f.value, f.lower, f.upper, f.numerator, f.denominator, f.suppressed = "", "", "", "", "", "protected"
			}
			all = append(all, f)
		}
	}
	w.publish(all...)
}

// TestRefusals: what cannot be estimated says why by its name, and has no number.
func TestRefusals(t *testing.T) {
	w := newWorld(t, "2024-08-01")
	w.quarters()
	w.contactsOfT23()
	w.cost("P", "2024-02", 1_000_000, "actual", "")
	w.cost("N", "2024-02", -5, "actual", "")
	w.phase("O", "pilot", "KU305", "['KU208']", "2024-01-01", "2024-06-30")
	w.phase("O", "rollout", "KU305", "[]", "2024-03-01", "")
	w.phase("F", "pilot", "KU305", "['KU208']", "2024-01-01", "")
	w.exec("INSERT INTO vointi_internal.areas (area, level, parents) VALUES ('KU305', 'municipality', {'county': 'HVA19'}), ('KU208', 'municipality', {'county': 'HVA19'})")
	const here, starts = "areas: [KU305]\n", "starts: \"2024-01-01\"\n"
	const there = "comparison_areas: [KU208]\n"
	w.describe("alone", here+starts+reached+"services: [{code: T11}]\n")
	w.describe("early", here+there+"starts: \"2020-01-01\"\n"+reached)
	w.describe("late", here+there+"starts: \"2024-07-01\"\n"+reached)
	w.describe("nobody", here+"comparison_areas: [KU316]\n"+starts+reached)
	w.describe("within", here+"comparison_areas: [HVA19]\n"+starts+reached)
	w.describe("overlap", "project: O\n"+reached)
	w.describe("free", "project: F\nservices: [{code: T11}]\n"+reached)
	w.describe("unknown", "project: nothing\n"+reached)
	w.describe("negative", here+there+starts+"project: N\n"+reached)
	w.cost("G", "2024-02", 1_000_000, "actual", "ESR")
	w.describe("same", strings.Replace(here, "KU305", "KU398", 1)+there+starts+"project: G\nperspective: municipality\n"+reached)
	w.describe("price", strings.ReplaceAll(needs, "2024-12-31", "2025-12-31"))
	w.step()
	for id, want := range map[string]programme.Refusal{
		"alone/effect/participation-reach":                  programme.NoComparisonArea,
		"alone/service-need-change/T11":                     programme.NoComparisonArea,
		"alone/icer/participation-reach":                    programme.NoComparisonArea,
		"alone/net-saving@3%":                               programme.NoComparisonArea,
		"alone/programme-cost":                              programme.NoProject,
		"early/effect/participation-reach":                  programme.NoPrePeriod,
		"late/effect/participation-reach":                   programme.NoPostPeriod,
		"nobody/effect/participation-reach":                 programme.NoComparisonArea,
		"within/effect/participation-reach":                 programme.AreaInBoth,
		"overlap/effect/participation-reach":                programme.OverlapPhases,
		"free/programme-cost":                               programme.NoCosts,
		"unknown/effect/participation-reach":                programme.NoPilotArea,
		"negative/programme-cost":                           programme.NegativeCost,
		"negative/icer/participation-reach":                 programme.NegativeCost,
		"negative/net-monetary-benefit/participation-reach": programme.NegativeCost,
		"same/icer/participation-reach":                     programme.NoDifference, // all is paid by others, and nothing changed
		"price/service-need-change/T11":                     programme.NoPostPeriod, // the year is not over
		"price/budget-execution":                            programme.NotCalculable,
		"price/cost-per-visit":                              programme.MissingFigures,
	} {
		if r := w.row(id); r.refusal != string(want) || r.status != "refused" || r.value == r.value {
			t.Errorf("%s: %+v, want %s", id, r, want)
		}
	}
	w.today("2025-02-01")
	w.step()
	if r := w.row("price/avoided-service-cost/T11"); r.refusal != string(programme.MissingUnitCost) {
		t.Errorf("no unit cost: %+v", r)
	}
	w.equal("the effect is known all the same", w.row("price/service-need-change/T11").value, "-0.25")
	w.equal("and so is that on reach", w.row("free/effect/participation-reach").value, "2.0")
	if said := w.query("SELECT toString(phase_names) FROM vointi.programmes WHERE programme = 'alone'"); fmt.Sprint(said) != "[[]]" {
		t.Errorf("without a project there are phases %v", said)
	}
	if said := w.query("SELECT refusal, arrayStringConcat(phase_names, ' '), toString(phase_starts), toString(phase_ends), toString(phase_areas) FROM vointi.programmes WHERE programme = 'overlap'"); fmt.Sprint(said) != "[overlapping_phases|pilot rollout|['2024-01-01','2024-03-01']|['2024-06-30',NULL]|[['KU305'],['KU305']]]" {
		t.Errorf("the programme says %v", said)
	}
}

// TestProtectedPeriodsAreLeftOut for all areas, and said to be.
func TestProtectedPeriodsAreLeftOut(t *testing.T) {
	w := newWorld(t, "2024-08-01")
	w.quarters("KU3052024-01-01")
	w.describe("p", "areas: [KU305]\ncomparison_areas: [KU208]\nstarts: \"2024-01-01\"\n"+reached)
	w.step()
	e := w.row("p/effect/participation-reach")
	w.equal("effect", e.value, "2.0")
	if !strings.Contains(e.flags, programme.FlagHidden) || strings.Contains(e.inputs, "2024-01-01") {
		t.Errorf("%+v", e)
	}
}

// TestProtectedFiguresLeaveNothing: whatever rests on a protected figure has no number, no input and no point.
func TestProtectedFiguresLeaveNothing(t *testing.T) {
	w := newWorld(t, "2024-08-01")
	w.quarters("KU2082023-10-01", "KU3052023-07-01")
	w.publish(
		figure{indicator: "cost-per-visit", area: "KU305", dimension: "provider", member: "A", typ: "quarter", start: "2024-01-01", value: "41.25", lower: "40", upper: "42", numerator: "330", denominator: "8"},
		figure{indicator: "cost-per-visit", area: "KU305", dimension: "provider", member: "A", typ: "quarter", start: "2024-04-01", suppressed: "protected"},
	)
	w.cost("P", "2024-02", 66_000, "actual", "")
	w.use("KU305", "2023", 2400, 0, 1000)
	w.use("KU305", "2024", 4, 0, 1000)
	w.use("KU208", "2023", 2500, 0, 1000)
	w.use("KU208", "2024", 2450, 0, 1000)
	w.unitCost(2024, 10_000, false)
	w.describe("p", strings.Replace(needs, "2024-12-31", "2025-12-31", 1)+reached+"sessions: {dimension: provider, members: [A]}\n")
	w.today("2025-03-01")
	w.step()
	hidden := w.query("SELECT measure FROM vointi.estimates WHERE suppressed = 'protected' ORDER BY measure")
	for _, want := range []string{"effect", "pre-trend", "icer", "net-monetary-benefit", "acceptability", "cost-per-visit", "service-need-change", "avoided-service-cost", "net-saving", "probability-net-saving", "switching-effect", "switching-unit-cost"} {
		if !strings.Contains(" "+strings.Join(hidden, " ")+" ", " "+want+" ") {
			t.Errorf("%s is not protected", want)
		}
	}
	for what, sql := range map[string]string{
		"number": "SELECT estimate_id FROM vointi.estimates WHERE suppressed != '' AND (estimate IS NOT NULL OR low IS NOT NULL OR high IS NOT NULL OR p IS NOT NULL)",
		"input":  "SELECT estimate_id FROM vointi.estimates WHERE suppressed != '' AND notEmpty(inputs.name)",
		"point":  "SELECT estimate_id FROM vointi.estimate_points WHERE estimate_id IN (SELECT estimate_id FROM vointi.estimates WHERE suppressed != '')",
	} {
		if left := w.query("%s", sql); len(left) > 0 {
			t.Errorf("a %s is left of %v", what, left)
		}
	}
	w.equal("what does not rest on them stays", w.row("p/programme-cost").value, "660")
}

// TestFiguresWithoutLimitsAreNotTooFew: why nothing is said of a trend is not that periods were missing.
func TestFiguresWithoutLimitsAreNotTooFew(t *testing.T) {
	w := newWorld(t, "2024-08-01")
	w.quarters()
	w.exec("INSERT INTO vointi_internal.publications SELECT * REPLACE (NULL AS lower95, NULL AS upper95, version + 1000 AS version) FROM vointi_internal.publications")
	w.describe("p", "areas: [KU305]\ncomparison_areas: [KU208]\nstarts: \"2024-01-01\"\n"+reached)
	w.step()
	for _, measure := range []string{"effect", "pre-trend"} {
		if r := w.row("p/" + measure + "/participation-reach"); r.refusal != string(programme.NotCalculable) {
			t.Errorf("%s: %+v", measure, r)
		}
	}
}

// TestFiguresThatLackDataAreNoEffect: a quarter of which a venue has told nothing, or before which too little is known, is no fall. Sums over
// such quarters say so.
func TestFiguresThatLackDataAreNoEffect(t *testing.T) {
	w := newWorld(t, "2024-08-01")
	w.quarters()
	const visit = "cost-per-visit"
	w.publish(
		figure{indicator: "participation-reach", area: "KU305", typ: "quarter", start: "2024-04-01", value: "1", lower: "0.5", upper: "1.5", numerator: "100", denominator: "10000", flags: "'unallocated', 'data_gap'"},
		figure{indicator: "participation-reach", area: "KU208", typ: "quarter", start: "2023-07-01", value: "1", lower: "0.5", upper: "1.5", numerator: "100", denominator: "10000", flags: "'short_history'"},
		figure{indicator: visit, area: "KU305", dimension: "provider", member: "A", typ: "quarter", start: "2024-01-01", value: "40", lower: "39", upper: "41", numerator: "320", denominator: "8"},
		figure{indicator: visit, area: "KU305", dimension: "provider", member: "A", typ: "quarter", start: "2024-04-01", value: "80", lower: "79", upper: "81", numerator: "320", denominator: "4", flags: "'unallocated', 'data_gap'"},
	)
	w.describe("p", "areas: [KU305]\ncomparison_areas: [KU208]\nstarts: \"2024-01-01\"\nsessions: {dimension: provider, members: [A]}\n"+reached)
	w.step()
	e := w.row("p/effect/participation-reach")
	w.equal("effect", e.value, "2.0")
	if !strings.Contains(e.flags, programme.FlagIncomplete) {
		t.Errorf("%+v", e)
	}
	e = w.row("p/cost-per-visit")
	if !strings.Contains(e.flags, programme.FlagIncomplete) || !strings.Contains(e.flags, programme.FlagUnallocated) {
		t.Errorf("%+v", e)
	}
}
