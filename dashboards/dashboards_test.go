package dashboards_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"vointi.fi/dashboards"
	"vointi.fi/pkg/warehouse/warehousetest"
)

func TestMain(m *testing.M) { os.Exit(warehousetest.Main(m)) }

func all(t *testing.T) []dashboards.Dashboard {
	t.Helper()
	ds, err := dashboards.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(ds) != 10 {
		t.Fatalf("%d dashboards, want overview, explore and costs in three languages, and pipeline", len(ds))
	}
	return ds
}

func TestStableUIDs(t *testing.T) {
	want := map[string]string{"overview.json": "vointi-overview", "explore.json": "vointi-explore", "costs.json": "vointi-costs", "pipeline.json": "vointi-pipeline"}
	for _, d := range all(t) {
		name, language, translated := strings.Cut(strings.TrimSuffix(d.File, ".json"), ".")
		uid := want[name+".json"]
		if translated {
			uid += "-" + language
		}
		if d.UID != uid {
			t.Errorf("%s has UID %q, links and pushes rely on %q", d.File, d.UID, uid)
		}
	}
}

func TestEveryPanelExplainsItself(t *testing.T) {
	for _, d := range all(t) {
		ids := map[int]bool{}
		for _, p := range d.Panels {
			name := d.File + " / " + p.Title
			if p.ID == 0 || ids[p.ID] {
				t.Errorf("%s: panel id %d is 0 or not unique", name, p.ID)
			}
			ids[p.ID] = true
			if p.Title == "" || p.Description == "" {
				t.Errorf("%s: title or description is empty", name)
			}
			if p.Type == "text" {
				continue
			}
			if p.Unit == "" || p.NoValue == "" || len(p.Targets) == 0 {
				t.Errorf("%s: unit %q, no-data text %q, %d targets: none may be empty", name, p.Unit, p.NoValue, len(p.Targets))
			}
		}
	}
}

// A chart is of no use to those who cannot see it: its figures stand in a table of the same dashboard, or in its legend.
func TestEveryChartHasATableTwin(t *testing.T) {
	twins := map[string]string{
		"${headline:text}":                "Headline trends: figures",
		"${indicator:text}: ${area:text}": "Trend: figures",
		"${indicator:text} by age group":  "Age groups: figures",
		"Cost per unit over time":         "Cost per unit: figures",
		"Effect in each period":           "Effect in each period: figures",
		"What the result depends on":      "What the result depends on: figures",
		"How probable it is that it pays": "How probable it is that it pays: figures",
	}
	for _, d := range all(t) {
		if strings.Count(d.File, ".") > 1 {
			continue // a translation has the panels of its original
		}
		for _, p := range d.Panels {
			if !slices.Contains([]string{"timeseries", "barchart", "trend"}, p.Type) || p.LegendTable {
				continue
			}
			if !hasTable(d, twins[p.Title]) {
				t.Errorf("%s: chart %q has no table twin %q", d.File, p.Title, twins[p.Title])
			}
		}
	}
}

func hasTable(d dashboards.Dashboard, title string) bool {
	for _, p := range d.Panels {
		if p.Type == "table" && p.Title == title {
			return true
		}
	}
	return false
}

func TestOnlyProvisionedDataSources(t *testing.T) {
	for _, d := range all(t) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				ok := target.Datasource == dashboards.ClickHouseType && target.DatasourceUID == dashboards.ClickHouseUID && target.SQL != "" ||
					target.Datasource == dashboards.PrometheusType && target.DatasourceUID == dashboards.PrometheusUID && target.PromQL != ""
				if !ok {
					t.Errorf("%s / %s: target %+v", d.File, p.Title, target)
				}
			}
		}
	}
}

// Values of variables go into SQL quoted. An unquoted one breaks on a name with an apostrophe, and worse.
func TestVariablesAreQuotedInSQL(t *testing.T) {
	for _, d := range all(t) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				rest := strings.NewReplacer(":singlequote}", "").Replace(target.SQL)
				for _, v := range d.Variables {
					if strings.Contains(rest, "${"+v.Name+"}") || strings.Contains(rest, "$"+v.Name) {
						t.Errorf("%s / %s: variable %s without :singlequote", d.File, p.Title, v.Name)
					}
				}
			}
		}
	}
}
