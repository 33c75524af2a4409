package e2e

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vointi.fi/dashboards"
	"vointi.fi/dashboards/dashboardstest"
)

// TestDemo: a history that was broken off is brought to its end, is shown as synthetic, and is not made again.
func TestDemo(t *testing.T) {
	plain(t) // under the race detector a history takes minutes; the parts have tests of their own there
	data := filepath.Join(t.TempDir(), "data")
	demo := []string{"--demo", "--demo-size", "small"}

	broken := start(t, data, demo...)
	broken.await("publishing synthetic events")
	broken.interrupt()

	first := up(t, data, demo...)
	if out := first.output(); !strings.Contains(out, "SYNTHETIC") || !strings.Contains(out, "storing: done") {
		t.Errorf("it says\n%s", out)
	}
	const known = "SELECT count() > 1000 FROM vointi.indicators WHERE value IS NOT NULL"
	first.eventually(known, "1")
	if status, page := first.get("/?lang=en&area=KU305"); status != http.StatusOK || !strings.Contains(page, "<svg") || !strings.Contains(strings.ToLower(page), "synthetic") {
		t.Errorf("the report: %d, %d bytes, drawings %v", status, len(page), strings.Contains(page, "<svg"))
	}
	if out, code := first.command("reconcile", "--data", data); code != 0 {
		t.Errorf("reconcile: %d %s", code, out)
	}
	first.checkEstimates(data)
	first.checkDashboards()
	first.interrupt()

	again := up(t, data) // without --demo: the data is what it is
	if out := again.output(); strings.Contains(out, "publishing") || !strings.Contains(out, "SYNTHETIC") {
		t.Errorf("started again it says\n%s", out)
	}
	again.eventually(known, "1")
	again.interrupt()
}

// checkEstimates: the planted effect of the pilot is found again, and the reasoning can be read.
func (i *instance) checkEstimates(data string) {
	i.t.Helper()
	i.eventually("SELECT count() > 0 FROM vointi.indicators WHERE indicator = 'qol-mean' AND area = 'KU305' AND value IS NOT NULL", "1")
	out, code := i.command("estimate", "hyvinvointikortti-kuusamo", "--recompute", "--explain", "--data", data)
	if code != 0 || !strings.Contains(out, "effect qol-mean") || !strings.Contains(out, "caveats: ") {
		i.t.Errorf("estimate: %d %s", code, out)
	}
	// 0.25 was planted; farther off than four standard errors is one estimate in 16 000
	i.eventually("SELECT abs(estimate - 0.25) < 4 * (high - low) / 3.92 FROM vointi.estimates WHERE estimate_id = 'hyvinvointikortti-kuusamo/effect/qol-mean'", "1")
}

// protectedInSmall is what panels ask for that have nothing to show of the small demo, in whichever language: so few come to the sessions of its
// programme that every year is protected.
const protectedInSmall = "'by_period'"

// checkDashboards: every panel that asks ClickHouse runs as the reader whom Grafana asks by, and has something to show of the demo; one that is
// drawn for each of several indicators has so for some.
func (i *instance) checkDashboards() {
	i.t.Helper()
	all, err := dashboards.All()
	if err != nil {
		i.t.Fatal(err)
	}
	now := time.Now()
	for _, d := range all {
		if d.File == "pipeline.json" {
			continue // it asks Prometheus
		}
		outcomes, err := d.Check(i.t.Context(), dashboardstest.Reader{URL: strings.Replace(i.clickhouse, "://", "://vointi_reader@", 1)}, nil, dashboards.Range{From: now.AddDate(-6, 0, 0), To: now})
		if err != nil {
			i.t.Errorf("%s: %v", d.File, err)
		}
		shown, hidden := map[string]bool{}, map[string]bool{}
		for _, o := range outcomes {
			shown[o.Panel.Title] = shown[o.Panel.Title] || o.Err == nil
			hidden[o.Panel.Title] = strings.Contains(o.SQL, protectedInSmall)
			if o.Err != nil && o.Err.Error() != "no rows" {
				i.t.Errorf("%s, %s: %v\n%s", d.File, o.Panel.Title, o.Err, o.SQL)
			}
		}
		for title, some := range shown {
			if some == hidden[title] {
				i.t.Errorf("%s, %s: has rows: %v", d.File, title, some)
			}
		}
	}
}

// TestDemoKeepsOutOfRealData: nobody's events are mixed with made-up ones.
func TestDemoKeepsOutOfRealData(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	i := up(t, data)
	i.post(checkin(1, time.Now().UTC()))
	i.interrupt()
	mixed := start(t, data, "--demo", "--demo-size", "small")
	<-mixed.ended
	if code := mixed.cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(mixed.stderr.String(), "not the demo's") {
		t.Errorf("ended with %d: %s", code, mixed.stderr.String())
	}
}
