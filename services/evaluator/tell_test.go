package evaluator_test

import (
	"fmt"
	"strings"
	"testing"

	"vointi.fi/pkg/warehouse"
	"vointi.fi/services/evaluator"
)

// TestExplainNamesEveryInput with its source, the method, the caveats, and every estimate.
func TestExplainNamesEveryInput(t *testing.T) {
	w := newWorld(t, "2025-03-01")
	w.contactsOfT23()
	w.quarters()
	w.unitCost(2024, 10_000, true)
	w.cost("P", "2024-02", 1_000_000, "actual", "")
	w.describe("p", needs+reached)
	w.step()
	var short, long strings.Builder
	told, err := evaluator.Tell(t.Context(), w.db, &short, "", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := evaluator.Tell(t.Context(), w.db, &long, "p", true); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(short.String(), "\n"); lines != told+1 || told < 20 {
		t.Errorf("%d lines for %d estimates of one programme", lines, told)
	}
	inputs := 0
	err = warehouse.Each(t.Context(), w.db, "SELECT name, source FROM vointi.estimates ARRAY JOIN inputs.name AS name, inputs.source AS source", func(scan func(...any) error) error {
		var name, source string
		err := scan(&name, &source)
		if inputs++; !strings.Contains(long.String(), name+": ") || !strings.Contains(long.String(), " — "+source+"\n") {
			t.Errorf("%s, from %s, is not named", name, source)
		}
		return err
	})
	if err != nil || inputs < 30 {
		t.Errorf("%d inputs, %v", inputs, err)
	}
	for _, want := range []string{
		"effect participation-reach                       2 % (", "no number: missing figures", "method: DID, sampling of persons", "compared with KU208; perspective society, prices of 2024; 2024-01-01 to",
		"caveats: area shocks not covered, persons repeat, poisson assumed", "a PLACEHOLDER — prices of 2024: THL", "10000 draws, seed 1", "compared with nothing",
	} {
		if !strings.Contains(long.String(), want) {
			t.Errorf("it does not say %q", want)
		}
	}
	for _, id := range []string{"p/icer/participation-reach", "p/net-monetary-benefit/participation-reach"} {
		if e := w.row(id); !strings.Contains(e.flags, "poisson_assumed") || !strings.HasSuffix(e.method, "cost and effect taken for independent") {
			t.Errorf("%s takes avoided costs off and does not say what is to be known of them: %+v", id, e)
		}
	}
	if t.Failed() {
		t.Log(long.String())
	}
	if none, err := evaluator.Tell(t.Context(), w.db, &long, "q", true); none != 0 || err != nil {
		t.Errorf("of another programme it tells %d estimates, %v", none, err)
	}
}

// written counts the rows that were ever written.
func (w *world) written() string {
	w.Helper()
	return fmt.Sprint(w.query("SELECT toString(count()) FROM (SELECT version FROM vointi_internal.estimates UNION ALL SELECT version FROM vointi_internal.estimate_points UNION ALL SELECT version FROM vointi_internal.programmes)"))
}

// TestEstimatesFollowTheirInputs by revisions with a reason; where nothing changes nothing is written, by another evaluator either; what is
// described no more goes.
func TestEstimatesFollowTheirInputs(t *testing.T) {
	w := newWorld(t, "2025-03-01")
	w.exec("SYSTEM STOP MERGES vointi_internal.estimates")
	w.exec("SYSTEM STOP MERGES vointi_internal.estimate_points")
	w.contactsOfT23()
	w.exec("INSERT INTO vointi_internal.areas (area, level) VALUES ('KU305', 'municipality'), ('KU208', 'municipality')")
	w.unitCost(2024, 10_000, true)
	w.cost("P", "2024-02", 1_000_000, "actual", "")
	w.describe("p", needs)
	w.step()
	before, digits := w.written(), w.query("SELECT toString(assumeNotNull(low)) FROM vointi.estimates WHERE estimate_id = 'p/net-saving@3%%'")
	unchanged := func(what string) {
		t.Helper()
		if now := w.written(); now != before {
			t.Errorf("%s writes: %s rows, before %s", what, now, before)
		}
	}
	w.step()
	unchanged("the second look")
	w.restart()
	w.step()
	unchanged("another evaluator")
	w.today("2025-03-02")
	w.step()
	unchanged("another day")

	w.unitCost(2024, 12_000, false)
	w.step()
	e := w.row("p/avoided-service-cost/T11")
	if w.equal("avoided", e.value, "30000"); e.revision != 1 || strings.Contains(e.flags, "placeholder") {
		t.Errorf("%+v", e)
	}
	if e := w.row("p/service-need-change/T11"); e.revision != 0 {
		t.Errorf("the effect does not rest on unit costs: %+v", e)
	}
	if shown := w.query("SELECT estimate_id FROM vointi.decision_estimates WHERE measure = 'net-saving'"); len(shown) != 4 {
		t.Errorf("without placeholders decision-makers see %v", shown)
	}
	w.exec("DELETE FROM vointi_internal.facts_unit_cost WHERE base_cents = 12000")
	w.restart()
	w.step()
	if again := w.query("SELECT toString(assumeNotNull(low)) FROM vointi.estimates WHERE estimate_id = 'p/net-saving@3%%'"); fmt.Sprint(again) != fmt.Sprint(digits) {
		t.Errorf("drawn again: %v, before %v", again, digits)
	}
	w.describe("p", needs+"perspective: municipality\n")
	w.step()
	if reasons := w.query("SELECT DISTINCT reason FROM vointi.estimates WHERE perspective = 'municipality'"); fmt.Sprint(reasons) != "[description]" {
		t.Errorf("reasons %v", reasons)
	}
	if e := w.row("p/net-saving@3%"); e.status != "refused" || !strings.Contains(e.flags, "avoided_by_others") {
		t.Errorf("what the county saves is no saving of the municipality: %+v", e)
	}
	delete(w.files, "p.yaml")
	w.describe("faulty", "areas: [nowhere]\n")
	w.step()
	if left := w.query("SELECT programme FROM vointi.programmes"); fmt.Sprint(left) != "[p]" {
		t.Errorf("while a description has faults, %v is left", left)
	}
	delete(w.files, "faulty.yaml")
	w.step()
	if left := w.query("SELECT programme FROM vointi.programmes UNION ALL SELECT estimate_id FROM vointi.estimates UNION ALL SELECT estimate_id FROM vointi.estimate_points"); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// TestWellbysAreNotForDecisionMakers, whatever else they may see of the programme.
func TestWellbysAreNotForDecisionMakers(t *testing.T) {
	w := newWorld(t, "2025-03-01")
	w.cost("P", "2024-02", 1_452_000, "actual", "")
	for _, f := range []figure{{area: "KU305", wave: "a", start: "2023-10-01", value: "7"}, {area: "KU208", wave: "a", start: "2023-10-01", value: "7"}, {area: "KU305", wave: "b", start: "2024-10-01", value: "7.5"}, {area: "KU208", wave: "b", start: "2024-10-01", value: "7"}} {
		f.indicator, f.typ, f.lower, f.upper = "life-satisfaction-mean", "wave", f.value+" - 0.1", f.value+" + 0.1"
		w.publish(f)
	}
	w.exec("INSERT INTO vointi_internal.areas (area, level) VALUES ('KU305', 'municipality'), ('KU208', 'municipality')")
	w.describe("p", strings.Replace(needs, "services: [{code: T11}]\n", "", 1)+`effects: [{indicator: life-satisfaction-mean, period: wave}]
wellby: {indicator: life-satisfaction-mean, value: {low: 10000, base: 13000, high: 16000, source: HM Treasury 2021}, persons: {base: 200, source: s}, years: 3}
social_return:
  - {name: lonely, quantity: {base: 1.2, source: s}, proxy: {base: 13000, source: s}, deadweight: {base: 0.25, source: s}, attribution: {base: 0.8, source: s}}
`)
	w.step()
	w.equal("WELLBYs", w.row("p/wellbys").value, "300.0")
	if trend := w.row("p/pre-trend/life-satisfaction-mean"); trend.refusal != "few_pre_periods" {
		t.Errorf("a trend of one wave: %+v", trend)
	}
	w.equal("their value", w.row("p/wellby-value").value, "3900000")
	e := w.row("p/break-even-wellbys")
	w.equal("WELLBYs that pay", e.value, "1.116923")
	w.equal("at the high value", e.low, "0.9075")
	w.equal("at the low value", e.high, "1.452")
	w.equal("social return", w.row("p/social-return@3%").value, "0.6446")
	shown := w.query("SELECT DISTINCT measure FROM vointi.decision_estimates WHERE measure LIKE '%%well%%' OR measure = 'social-return'")
	if fmt.Sprint(shown) != "[social-return]" {
		t.Errorf("decision-makers see %v", shown)
	}
	for version, area := range []string{"KU208", "KU305"} { // that of comparison has its figures among the inputs, too
		w.exec("INSERT INTO vointi_internal.areas (area, level, version) VALUES ('%s', 'service_area', %d)", area, 2*version+1)
		if shown := w.query("SELECT estimate_id FROM vointi.decision_estimates UNION ALL SELECT estimate_id FROM vointi.decision_estimate_points"); len(shown) > 0 {
			t.Errorf("with %s below a municipality they see %v", area, shown)
		}
		w.exec("INSERT INTO vointi_internal.areas (area, level, version) VALUES ('%s', 'municipality', %d)", area, 2*version+2)
	}
}

// TestFundersAreThoseOfEntriesInForce: who was named by an entry that was reversed, or by an earlier row of one, pays for nothing.
func TestFundersAreThoseOfEntriesInForce(t *testing.T) {
	w := newWorld(t, "2024-08-01")
	for _, funder := range []string{"ESR", "Kela", "STEA"} {
		w.cost("P", "2024-02", 1000, "actual", funder)
	}
	w.exec(`INSERT INTO vointi_internal.facts_cost (scope, chain, identity, hash, kind, time) SELECT '', chain, generateUUIDv4(), 1, 'voided', '2024-01-02 00:00:00'
		FROM vointi_internal.facts_cost WHERE funder = 'ESR'`)
	w.exec(`INSERT INTO vointi_internal.facts_cost SELECT * REPLACE (generateUUIDv4() AS identity, 'EU' AS funder, time + 1 AS time) FROM vointi_internal.facts_cost WHERE entry = (SELECT any(entry) FROM vointi_internal.facts_cost WHERE funder = 'Kela')`)
	w.describe("p", "project: P\nfunders: [RAY]\n")
	w.step()
	if got := w.query("SELECT arrayStringConcat(funders, ',') FROM vointi.programmes"); len(got) != 1 || got[0] != "RAY,EU,STEA" {
		t.Errorf("funders: %v", got)
	}
}
