package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// file writes a file of a test.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// answers is an export of LimeSurvey: forty people with eight items, of whom so many say 5 to all and the others 3.
func answers(good int) string {
	var b strings.Builder
	b.WriteString("\ufeffid,submitdate,lastpage,startlanguage,AREA,AGE,SEX")
	for item := range 8 {
		fmt.Fprintf(&b, ",EUROHIS[SQ%03d]", item+1)
	}
	for person := range 40 {
		fmt.Fprintf(&b, "\n%d,2026-03-05 15:04:05,3,fi,KU305,%d,%d", person+1, 30+person%20, 1+person%2)
		for range 8 {
			answer := 3
			if person < good {
				answer = 5
			}
			fmt.Fprintf(&b, ",%d", answer)
		}
	}
	return b.String()
}

// TestImports: from files as people have them to what readers see; again, nothing; corrected, the correction.
func TestImports(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	i := up(t, data, "--aggregator-details", "1s") // a correction is seen with the next breakdowns
	run := func(want string, args ...string) {
		t.Helper()
		if out, code := i.command(append(append([]string{"import"}, args...), "--data", data)...); code != 0 || !strings.Contains(out, want) {
			t.Fatalf("import %v: %d %s, want %q", args, code, out, want)
		}
	}
	wave := file(t, "wave.yaml", "wave_id: W1\nstarts: 2026-03-01\nends: 2026-03-31\ninstrument_id: kysely\nversion: 1\n")
	first := file(t, "results.csv", answers(10))
	figure := "SELECT toString(value) FROM vointi.indicators WHERE indicator = 'qol-good-share' AND area = 'KU305' AND age_group = 'all' AND sex = 'all' AND member = 'all'"
	run("(41 new, 0 changed, 0 as before)", "survey", first, "--wave", wave)
	i.eventually(figure, "25")
	run("(0 new, 0 changed, 41 as before); nothing is new", "survey", first, "--wave", wave)
	run("(0 new, 10 changed, 31 as before)", "survey", file(t, "corrected.csv", answers(20)), "--wave", wave)
	i.eventually(figure, "50")

	for person := range 12 {
		i.post(checkin(person, time.Date(2024, 6, 5, 15, 0, 0, 0, time.UTC)))
	}
	run("(2 new, 0 changed, 0 as before)", "population", file(t, "11re.json", residents))
	i.eventually("SELECT toString(denominator) FROM vointi.indicators WHERE indicator = 'participation-reach' AND area = 'KU305' AND period_type = 'year' AND period_start = '2024-01-01' AND age_group = 'all' AND sex = 'all' AND member = 'all'", "170")
	run("2 as before); nothing is new", "population", file(t, "again.json", residents))

	plan := file(t, "plan.yaml", "set_at: 2025-11-17\nsource: suunnitelma\ntargets: [{indicator: participation-reach, area_id: KU305, year: 2026, value: 32.5}]\n")
	run("(1 new, 0 changed, 0 as before)", "targets", plan)
	i.eventually("SELECT toString(value) FROM vointi.targets WHERE area = 'KU305' AND source = 'suunnitelma'", "32.5")
	run("1 as before); nothing is new", "targets", plan)
	costs := file(t, "costs.csv", "service_code,price_year,base,source\nkoe,2024,12.50,tutkimus\n")
	run("(1 new, 0 changed, 0 as before)", "unit-costs", costs)
	i.eventually("SELECT toString(base) FROM vointi.unit_costs WHERE service_code = 'koe'", "12.5")
	run("1 as before); nothing is new", "unit-costs", costs)

	sotkanet := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := `[{"id":189,"code":"305","category":"KUNTA"}]`
		if r.URL.Path == "/json" {
			answer = `[{"indicator":286,"region":189,"year":2023,"gender":"total","value":21.5},{"indicator":286,"region":189,"year":2023,"gender":"female","value":25}]`
		}
		_, _ = io.WriteString(w, answer)
	}))
	defer sotkanet.Close()
	asked := []string{"sotkanet", "--sotkanet-address", sotkanet.URL, "--sotkanet-indicator", "286", "--sotkanet-years", "2023"}
	run("(2 new, 0 changed, 0 as before)", asked...)
	i.eventually("SELECT toString(sum(value)) FROM vointi.imported WHERE external_id = '286' AND area = 'KU305'", "46.5")
	run("2 as before); nothing is new", asked...)
	i.interrupt()
}

// residents are those of Kuusamo at the end of 2024 as Statistics Finland answers.
const residents = `{"class":"dataset","version":"2.0","label":"Väestö","updated":"2025-03-28T06:00:00Z","id":["Alue","Ikä","Sukupuoli","Vuosi"],"size":[1,2,2,1],
"dimension":{"Alue":{"category":{"index":{"KU305":0}}},"Ikä":{"category":{"index":["SSS","040"]}},"Sukupuoli":{"category":{"index":["1","2"]}},"Vuosi":{"category":{"index":["2024"]}}},
"value":[80,90,80,90]}`
