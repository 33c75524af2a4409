package evaluator_test

import (
	"slices"
	"strings"
	"testing"
)

const needs = "areas: [KU305]\ncomparison_areas: [KU208]\nstarts: \"2024-01-01\"\nends: \"2024-12-31\"\nproject: P\nservices: [{code: T11}]\n"

// contactsOfT23 are those of the worked example.
func (w *world) contactsOfT23() {
	w.use("KU305", "2023", 2400, 0, 1000)
	w.use("KU305", "2024", 2100, 0, 1000)
	w.use("KU208", "2023", 2500, 0, 1000)
	w.use("KU208", "2024", 2450, 0, 1000)
}

func TestServiceNeed(t *testing.T) {
	w := newWorld(t, "2025-03-01")
	w.contactsOfT23()
	w.unitCost(2024, 10_000, true)
	w.cost("P", "2024-02", 1_000_000, "actual", "")
	w.describe("p", needs)
	w.step()
	e := w.row("p/service-need-change/T11")
	w.equal("effect", e.value, "-0.25")
	w.equal("lower", e.low, "-0.440530")
	w.equal("upper", e.high, "-0.059470")
	if e.flags != "area_shocks_not_covered,persons_repeat,poisson_assumed" {
		t.Errorf("flags %s", e.flags)
	}
	e = w.row("p/avoided-service-cost/T11")
	w.equal("avoided", e.value, "25000")
	w.equal("at least", e.low, "5947")
	w.equal("at most", e.high, "44053")
	if !strings.Contains(e.flags, "placeholder") {
		t.Errorf("flags %s", e.flags)
	}
	e = w.row("p/net-saving@3%")
	w.equal("net", e.value, "15000")
	if e.draws != 10_000 || e.low > 0 || e.high < 30_000 {
		t.Errorf("%+v", e)
	}
	w.equal("switching effect", w.row("p/switching-effect/T11").value, "-0.10")
	w.equal("switching unit cost", w.row("p/switching-unit-cost/T11").value, "40.00")
	if chance := w.row("p/probability-net-saving").value; chance < 0.9 || chance > 0.97 {
		t.Errorf("probability of a net saving %v", chance)
	}
	bars := w.query("SELECT label, toString(round(low)), toString(round(high)) FROM vointi.estimate_points WHERE estimate_id = 'p/net-saving@3%%' AND series = 'tornado' ORDER BY position")
	if !slices.Equal(bars, []string{"change in contacts of T11|34053|-4053", "unit cost of T11|10000|20000"}) {
		t.Errorf("tornado %v", bars)
	}
	if shown := w.query("SELECT estimate_id FROM vointi.decision_estimates WHERE measure IN ('avoided-service-cost', 'net-saving')"); len(shown) > 0 {
		t.Errorf("decision-makers see %v, which rests on a placeholder", shown)
	}
	w.cost("P", "2024-03", 500_000, "budget", "")
	w.cost("P", "2026-03", 700_000, "budget", "")
	w.describe("p", needs+"price_year: 2025\n")
	w.step()
	w.equal("budget of all months", w.row("p/programme-budget").value, "12000")
	for _, id := range []string{"p/avoided-service-cost/T11", "p/net-saving@3%"} {
		if e := w.row(id); !strings.Contains(e.flags, "other_price_year") {
			t.Errorf("%s: prices of 2024 are not those of 2025: %+v", id, e)
		}
	}
}
