package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vointi.fi/pkg/warehouse/warehousetest"
)

func TestIndicatorsAreListed(t *testing.T) {
	wantCode(t, vointi(t, nil, "indicators", "list"), exitDone, "participation-reach ", "PROP-W", "fed", "Referrals onward")
	r := vointi(t, nil, "indicators", "list", "g10")
	wantCode(t, r, exitDone, "survey-response-rate")
	if strings.Contains(r.out, "participation-reach ") {
		t.Error("an indicator of another goal is listed")
	}
	wantCode(t, vointi(t, nil, "indicators", "list", "G11"), exitFailed, "goals are G1 to G10")
}

func TestIndicatorsAreExplained(t *testing.T) {
	wantCode(t, vointi(t, nil, "indicators", "explain", "participation-reach"), exitDone,
		"Tavoittavuus", "Räckvidd", "residents with at least one visit", "Wilson 1927", "measure IN ('residents')", "residents = 120, population = 1000",
		"value        12.0 %", "95 %         10.1 to 14.2", "gaps         by area against parent")
	wantCode(t, vointi(t, nil, "indicators", "explain", "pa-guideline-share"), exitDone, "with weights [1 2] is at least 150", "and MUSCLE_DAYS is at least 2", "facts_response")
	wantCode(t, vointi(t, nil, "indicators", "explain", "avoided-service-cost"), exitDone, "the value of service-need-change", "comparison before", "poisson_assumed", "(not counted yet)")
	wantCode(t, vointi(t, nil, "indicators", "explain", "inclusion-esis-mean"), exitDone, "(sum of ESIS1, ", "− 10) × 2.5")
	wantCode(t, vointi(t, nil, "indicators", "explain", "participation-raech"), exitFailed, "did you mean participation-reach?")
}

// TestEveryIndicatorCanBeExplained, with an example that has a value.
func TestEveryIndicatorCanBeExplained(t *testing.T) {
	catalogue, err := builtInCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range catalogue {
		r := vointi(t, nil, "indicators", "explain", e.ID)
		wantCode(t, r, exitDone, e.Name["fi"], e.Name["sv"], e.Name["en"], "Example")
		if strings.Contains(r.out, "value        none") {
			t.Errorf("the example of %s has no value", e.ID)
		}
	}
}

func TestMain(m *testing.M) { os.Exit(warehousetest.Main(m)) }

// TestExplainedStatementsRun: whoever explains an indicator to somebody can copy what it is read from and run it.
func TestExplainedStatementsRun(t *testing.T) {
	catalogue, err := builtInCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	db := warehousetest.New(t)
	for _, e := range catalogue {
		out := vointi(t, nil, "indicators", "explain", e.ID).out
		for _, title := range []string{"\nRead from\n", "\nShown in\n"} {
			_, rest, found := strings.Cut(out, title)
			sql, _, _ := strings.Cut(rest, "\n\n")
			if err := db.Exec(t.Context(), "EXPLAIN "+sql); err != nil || !found {
				t.Errorf("%s: %v:%s", e.ID, err, sql)
			}
		}
	}
}

func TestIndicatorsAreChecked(t *testing.T) {
	wantCode(t, vointi(t, nil, "indicators", "check"), exitDone, "62 indicators, no faults")
	good := filepath.Join("..", "..", "schemas", "indicators", "referrals.yaml")
	wantCode(t, vointi(t, nil, "indicators", "check", good), exitDone, "62 indicators, no faults", "referrals: ")
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "referrals.yaml")
	if err := os.WriteFile(bad, []byte(strings.Replace(string(text), "basis: venue", "basis: vneue", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, vointi(t, nil, "indicators", "check", good, bad), exitFailed, bad+`:16:8: basis "vneue" is none of venue, residence; did you mean venue?`)
	wantCode(t, vointi(t, nil, "indicators", "check", "/nowhere.yaml"), exitFailed, "/nowhere.yaml")
	wantCode(t, vointi(t, nil, "indicators", "check", "--help"), exitDone, "Exit code 1")
}

func TestTableOfIndicatorsIsUpToDate(t *testing.T) {
	r := vointi(t, nil, "indicators", "table")
	committed, err := os.ReadFile("../../schemas/indicators/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if r.out != string(committed) {
		t.Error("schemas/indicators/README.md is not what its generator writes; run `make generate`")
	}
}
