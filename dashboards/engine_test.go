package dashboards_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vointi.fi/dashboards"
	"vointi.fi/dashboards/dashboardstest"
	"vointi.fi/pkg/warehouse/warehousetest"
)

// years of the fixture.
var years = dashboards.Range{
	From: time.Date(dashboardstest.FirstYear, 1, 1, 0, 0, 0, 0, time.UTC),
	To:   time.Date(dashboardstest.LastYear+1, 1, 1, 0, 0, 0, 0, time.UTC),
}

func filled(t *testing.T) dashboards.Runner {
	t.Helper()
	db := warehousetest.New(t)
	if err := dashboardstest.Fill(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	// Turku has a figure of this year too, which is not over.
	if err := db.Exec(t.Context(), `INSERT INTO vointi_internal.publications
		SELECT * REPLACE (toStartOfYear(today()) AS period_start)
		FROM (SELECT * FROM vointi_internal.publications WHERE area = 'KU853' AND period_type = 'year' AND period_start = '2025-01-01')`); err != nil {
		t.Fatal(err)
	}
	return dashboardstest.Reader{URL: warehousetest.Engine(t).RoleURL("vointi_reader")}
}

func TestOnTheEngine(t *testing.T) {
	run := filled(t)
	for name, test := range map[string]func(*testing.T, dashboards.Runner){
		"every panel runs as reader":                      everyPanelRunsAsReader,
		"matrix says in words why there is no figure":     matrixSaysInWordsWhyThereIsNoFigure,
		"matrix names the year of an older wave":          matrixNamesTheYearOfAnOlderWave,
		"a year that is not over is not compared":         runningYearIsNotCompared,
		"years that are not covered as a whole neither":   incompleteYearsAreNotCompared,
		"protected is text in tables and a gap in charts": protectedIsTextAndNull,
		"figures stand beside what the view says":         figuresStandBesideWhatTheViewSays,
		"comparisons show p, and why there is none":       comparisonsShowPAndWhyThereIsNone,
		"targets are for years":                           targetsAreForYears,
		"estimates are told with their caveats":           estimatesAreToldWithTheirCaveats,
		"a matrix has figures behind its cells":           matrixHasFiguresBehindItsCells,
		"silent venues are named":                         silentVenuesAreNamed,
		"check tells what a viewer would miss":            checkTellsWhatAViewerWouldMiss,
	} {
		t.Run(name, func(t *testing.T) { test(t, run) })
	}
}

func everyPanelRunsAsReader(t *testing.T, run dashboards.Runner) {
	choices := map[string][]dashboards.Values{
		"overview.json": {
			{},
			{"area": {"KU305"}, "lang": {"sv"}, "age_scheme": {"report5"}, "trend_period": {"year"}},
		},
		"overview.fi.json": {{}}, "explore.sv.json": {{}}, "costs.fi.json": {{}},
		"costs.json": {{}, {"lang": {"en"}, "programme": {dashboardstest.Programme}, "practice": {dashboardstest.Practice}}},
		"explore.json": {
			{},
			{"indicator": {"participation-reach"}, "area": {"KU305", "KU208"}, "age_group": {"65+"}},
			{"indicator": {"cost-per-visit"}, "area": {"KU208"}, "dimension": {"activity_type"}, "member": {"culture"}, "lang": {"en"}},
			{"indicator": {"loneliness-share"}, "area": {"SSS"}, "dimension": {"education"}, "member": {"low"}},
		},
	}
	for _, d := range all(t) {
		for i, chosen := range choices[d.File] {
			t.Run(fmt.Sprintf("%s/%d", d.File, i), func(t *testing.T) {
				outcomes, err := d.Check(t.Context(), run, chosen, years)
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range outcomes {
					if o.Err != nil {
						t.Errorf("%s: %v\n%s", o.Panel.Title, o.Err, o.SQL)
					}
					noFigureStandsAlone(t, o)
				}
			})
		}
	}
}

func silentVenuesAreNamed(t *testing.T, run dashboards.Runner) {
	for area, want := range map[string]string{
		"KU208": "V9|Kalajoki|ORG1|2025-03-05|2025-03-19|2|2025-03-12", "SSS": "V9|Kalajoki|ORG1|2025-03-05|2025-03-19|2|2025-03-12", "KU305": "no silent venues|–|–|–|–|0|–",
	} {
		for _, o := range outcomes(t, run, "explore.json", "Silent venues", dashboards.Values{"area": {area}, "lang": {"en"}}) {
			if len(o.Result.Rows) != 1 {
				t.Fatalf("%s: %v", area, o.Result.Rows)
			}
			var row []string
			for _, v := range o.Result.Rows[0] {
				row = append(row, fmt.Sprint(v))
			}
			if got := strings.Join(row, "|"); got != want {
				t.Errorf("%s: %s, want %s", area, got, want)
			}
		}
	}
}

// noFigureStandsAlone: a table with a figure tells its interval, its n, its state, its method and its age beside it.
func noFigureStandsAlone(t *testing.T, o dashboards.Outcome) {
	var names []string
	for _, c := range o.Result.Columns {
		names = append(names, c.Name)
	}
	if !slices.Contains(names, "Figure") {
		return
	}
	for _, beside := range []string{"95 % interval", "n", "Status", "Method", "Computed", "Period"} {
		if !slices.Contains(names, beside) {
			t.Errorf("%s: a figure without %s", o.Panel.Title, beside)
		}
	}
}

// outcomes runs one panel.
func outcomes(t *testing.T, run dashboards.Runner, file, title string, chosen dashboards.Values) []dashboards.Outcome {
	t.Helper()
	for _, d := range all(t) {
		if d.File != file {
			continue
		}
		d.Panels = slices.DeleteFunc(d.Panels, func(p dashboards.Panel) bool { return p.Title != title })
		out, err := d.Check(t.Context(), run, chosen, years)
		if err != nil || len(out) == 0 {
			t.Fatalf("panel %q: %+v, %v", title, out, err)
		}
		return out
	}
	t.Fatalf("no dashboard %s", file)
	return nil
}

// table runs one panel and returns its rows by column name.
func table(t *testing.T, run dashboards.Runner, file, title string, chosen dashboards.Values) []map[string]string {
	t.Helper()
	o := outcomes(t, run, file, title, chosen)[0]
	if o.Err != nil {
		t.Fatalf("panel %q: %+v", title, o)
	}
	var rows []map[string]string
	for _, values := range o.Result.Rows {
		row := map[string]string{}
		for i, c := range o.Result.Columns {
			row[c.Name] = values[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func matrixSaysInWordsWhyThereIsNoFigure(t *testing.T, run dashboards.Runner) {
	cells := map[string]string{}
	for _, r := range table(t, run, "overview.json", "Goals by age group", dashboards.Values{"area": {"KU305"}, "lang": {"en"}}) {
		cells[r["Goal and indicator"]+" / "+r["Age group"]] = r["Cell"]
	}
	for at, want := range map[string]string{
		"G1 Inclusion and activity · Newly active residents (n) / 65+":         "protected",
		"G1 Inclusion and activity · Newly active residents (n) / 18–64":       "33 (22–44) · ● no clear difference · provisional",
		"G1 Inclusion and activity · Sessions held (n) / 65+":                  "not applicable",
		"G1 Inclusion and activity · Sessions held (n) / All":                  "1\u202f154 · no interval · ◌ no interval · provisional",
		"G1 Inclusion and activity · Participation reach (%) / All":            "33,5\u202f% (32,2–34,9\u202f%) · n 4\u202f620 · ▲ better · target: ✓ reached · provisional",
		"G4 Volunteering · Active volunteers (n) / All":                        "no data: not collected yet",
		"G5 Partnership · no metric yet / All":                                 "–",
		"G9 Perceived well-being · Feels lonely (%) / 0–17":                    "12,1\u202f% (0,4–23,7\u202f%) · n 30 · ● no clear difference",
		"G9 Perceived well-being · Quality of life (EuroHIS-8) good (%) / 65+": "60,7\u202f% (43,3–78,2\u202f%) · n 30 · ● no clear difference",
	} {
		if cells[at] != want {
			t.Errorf("%s\n got %q\nwant %q", at, cells[at], want)
		}
	}
	for at, cell := range cells {
		if cell == "" || cell == "0" || cell == "NULL" {
			t.Errorf("%s is %q: never a bare zero or nothing", at, cell)
		}
	}
}

// In a year between two waves the matrix shows the older wave, and says of which year it is.
func matrixNamesTheYearOfAnOlderWave(t *testing.T, run dashboards.Runner) {
	for _, r := range table(t, run, "overview.json", "Goals by age group", dashboards.Values{"area": {"KU305"}, "lang": {"en"}, "year": {"2024"}}) {
		if strings.Contains(r["Goal and indicator"], "Feels lonely") && r["Age group"] == "All" {
			if !strings.HasSuffix(r["Cell"], " · 2023") {
				t.Errorf("loneliness in 2024 is %q, want its wave's year", r["Cell"])
			}
			return
		}
	}
	t.Error("no cell for loneliness")
}

func runningYearIsNotCompared(t *testing.T, run dashboards.Runner) {
	chosen := dashboards.Values{"area": {"KU853"}, "lang": {"en"}, "year": {strconv.Itoa(time.Now().Year())}}
	for _, r := range table(t, run, "overview.json", "Goals by age group", chosen) {
		if strings.Contains(r["Goal and indicator"], "Participation visits") && !strings.Contains(r["Cell"], " · ◌ period not over") {
			t.Errorf("a running year reads %q", r["Cell"])
		}
	}
}

func incompleteYearsAreNotCompared(t *testing.T, run dashboards.Runner) {
	for year, want := range map[string]string{"2023": " · incomplete period", "2024": " · ◌ one of the periods is incomplete"} {
		chosen := dashboards.Values{"area": {"KU208"}, "lang": {"en"}, "year": {year}}
		for _, r := range table(t, run, "overview.json", "Goals by age group", chosen) {
			whose := strings.Contains(r["Goal and indicator"], "Participation visits") && r["Age group"] != "Age unknown" // nobody's group is not compared
			if whose && !strings.Contains(r["Cell"]+" · ", want+" · ") {
				t.Errorf("%s: %s reads %q", year, r["Age group"], r["Cell"])
			}
		}
	}
}

func protectedIsTextAndNull(t *testing.T, run dashboards.Runner) {
	chosen := dashboards.Values{"indicator": {"newly-active-residents"}, "area": {"KU305"}, "age_group": {"65+"}, "lang": {"en"}}
	for _, r := range table(t, run, "explore.json", "Trend: figures", chosen) {
		if r["Figure"] != "protected" || r["Status"] != "protected" || r["n"] != "" || r["95 % interval"] != "" {
			t.Errorf("protected row reads %v", r)
		}
	}
	const chart = "${indicator:text}: ${area:text}"
	for _, o := range outcomes(t, run, "explore.json", chart, chosen) {
		if o.Err == nil || o.Err.Error() != "no rows" {
			t.Errorf("a line without a single figure draws %v, want the panel's text", o.Result.Rows)
		}
	}
	chosen["indicator"] = []string{"unique-participants"}
	for _, r := range table(t, run, "explore.json", chart, chosen) {
		last := strings.HasPrefix(r["time"], strconv.Itoa(dashboardstest.LastYear))
		if gap := r["Value"] == "NULL" && r["Lower 95 %"] == "NULL"; gap != last {
			t.Errorf("point %v: want a gap where it is protected, in the last year, and nowhere else", r)
		}
	}
}

// figuresStandBesideWhatTheViewSays: symbol, word, difference and interval for what can be told, the reason for what cannot.
func figuresStandBesideWhatTheViewSays(t *testing.T, run dashboards.Runner) {
	title := "Beside last year, own target, mother area and similar municipalities"
	rows := map[string]map[string]string{}
	for _, r := range table(t, run, "overview.json", title, dashboards.Values{"area": {"KU305"}, "lang": {"fi"}}) {
		rows[r["Indicator"]] = r
	}
	for at, want := range map[[2]string]string{
		{"Tavoittavuus (%)", "A year earlier"}:              "▲ parempi · +2,9\u202f%-yks. (1,0–4,8)",
		{"Tavoittavuus (%)", "Own target"}:                  "✓ saavutettu · +8,5\u202f%-yks. (7,2–9,9)",
		{"Tavoittavuus (%)", "Trend of five years"}:         "◌ ei voida laskea: alle viisi vuotta",
		{"Kustannus käyntiä kohti (€)", "A year earlier"}:   "▼▼ selvästi parempi · −3,17\u202f€ (−4,31…−2,04)",
		{"Kustannus käyntiä kohti (€)", "Own target"}:       "–",
		{"Toteutuneet tapahtumat (n)", "A year earlier"}:    "◌ ei luottamusväliä · +79",
		{"Toteutuneet tapahtumat (n)", "County or region"}:  "–",
		{"Anonyymien käyntien osuus (%)", "A year earlier"}: "▼ pienempi · −1,1\u202f%-yks. (−2,2…−0,1)",
	} {
		if got := rows[at[0]][at[1]]; got != want {
			t.Errorf("%v\n got %q\nwant %q", at, got, want)
		}
	}
}

func comparisonsShowPAndWhyThereIsNone(t *testing.T, run dashboards.Runner) {
	chosen := dashboards.Values{"indicator": {"newly-active-residents"}, "area": {"KU305"}, "age_group": {"65+"}, "lang": {"en"}, "period_type": {"year"}}
	for _, r := range table(t, run, "explore.json", "${indicator:text} beside others", chosen) {
		if r["p"] != "" || r["Difference (95 % interval)"] != "" || !strings.HasPrefix(r["Reading"], "◌ ") {
			t.Errorf("a protected row is compared: %v", r)
		}
	}
	chosen = dashboards.Values{"indicator": {"participation-reach"}, "area": {"KU305"}, "lang": {"en"}, "period_type": {"year"}}
	seen := map[string]string{}
	for _, r := range table(t, run, "explore.json", "${indicator:text} beside others", chosen) {
		if r["Period"] == "2025" {
			seen[r["Beside"]] = r["Reading"] + " / " + r["p"]
		}
	}
	for beside, want := range map[string]string{
		"a year earlier":      "▲ better / 0,003",
		"own target":          "✓ reached / ",
		"whole country":       "▲▲ clearly better / < 0,001",
		"trend of five years": "◌ cannot be calculated: fewer than five years / ",
	} {
		if seen[beside] != want {
			t.Errorf("%s: %q, want %q", beside, seen[beside], want)
		}
	}
}

// Months and quarters have no targets: a share of residents of a quarter is far below that of a year.
func targetsAreForYears(t *testing.T, run dashboards.Runner) {
	for period, want := range map[string]string{"year": "25", "quarter": "NULL", "rolling_12m": "25"} {
		chosen := dashboards.Values{"indicator": {"participation-reach"}, "area": {"KU305"}, "period_type": {period}}
		for _, r := range table(t, run, "explore.json", "${indicator:text}: ${area:text}", chosen) {
			if r["Target"] != want {
				t.Errorf("%s: target %s, want %s", period, r["Target"], want)
			}
		}
	}
}

// estimatesAreToldWithTheirCaveats: a number with its range, or the reason why there is none.
func estimatesAreToldWithTheirCaveats(t *testing.T, run dashboards.Runner) {
	rows := map[string]map[string]string{}
	for _, r := range table(t, run, "costs.json", "All estimates", dashboards.Values{"lang": {"en"}}) {
		rows[r["What"]] = r
	}
	for at, want := range map[[2]string]string{
		{"Cost per visit", "Estimate"}:                                         "63,46",
		{"Cost per visit", "95 % interval or range"}:                           "49,94 … 76,99",
		{"Cost per visit", "Compared with"}:                                    "nothing",
		{"Cost per visit", "To beware of"}:                                     "Descriptive: there is no comparator, so nothing is said of what the programme caused.",
		{"Effect: Participation reach", "Compared with"}:                       "Kalajoki",
		{"Effect: Participation reach", "p"}:                                   "0,006",
		{"Net saving, 3,5\u202f%", "Estimate"}:                                 "10\u202f480",
		{"Net saving, 3,5\u202f%", "Draws (seed)"}:                             "10\u202f000 (2026)",
		{"Cost per newly active resident", "Estimate"}:                         "protected",
		{"Effect: Quality of life (EuroHIS-8) good", "Estimate"}:               "◌ no period before the start with figures of both areas",
		{"Effect: Quality of life (EuroHIS-8) good", "95 % interval or range"}: "",
		{"Avoided service cost: T11", "Whose costs"}:                           "society",
	} {
		if got := rows[at[0]][at[1]]; got != want {
			t.Errorf("%v\n got %q\nwant %q", at, got, want)
		}
	}
	last := table(t, run, "costs.json", "What the result depends on: figures", nil)
	if r := last[len(last)-1]; r["Input"] != "Kaikki yhtä aikaa" || r["Result at the low end"] != "−12\u202f300" || r["Result at the high end"] != "51\u202f200" {
		t.Errorf("all inputs at once: %v", r)
	}
}

func matrixHasFiguresBehindItsCells(t *testing.T, run dashboards.Runner) {
	in := dashboards.Values{"lang": {"en"}}
	matrix := table(t, run, "costs.json", "What it means for whom", in)
	if len(matrix) != 3 || matrix[1]["For whom"] != "Service" || matrix[1]["Solution"] != "a group once a week" || matrix[1]["Results and benefits"] != "" {
		t.Errorf("matrix %v", matrix)
	}
	var got []string
	for _, r := range table(t, run, "costs.json", "Figures behind the matrix", in) {
		got = append(got, strings.Join([]string{r["For whom"], r["What"], r["Figure"], r["Unit"]}, " | "))
	}
	want := []string{
		"Client | Feels lonely | 11,3\u202f% | %", "Service | referrals | no data | ", "Society | Avoided service cost: T11 | 25\u202f000 | €",
		"The whole practice | Sessions held | 3\u202f399 | n",
	}
	if !slices.Equal(got, want) {
		t.Errorf("figures\n got %q\nwant %q", got, want)
	}
}

func checkTellsWhatAViewerWouldMiss(t *testing.T, run dashboards.Runner) {
	for _, d := range all(t) {
		if d.File != "overview.json" {
			continue
		}
		if _, err := d.Check(t.Context(), run, dashboards.Values{"area": {"KU999"}}, years); err == nil {
			t.Error("an area that is not offered must be refused")
		}
		outcomes, err := d.Check(t.Context(), run, nil, dashboards.Range{From: years.From.AddDate(-10, 0, 0), To: years.From.AddDate(-9, 0, 0)})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(outcomes, func(o dashboards.Outcome) bool { return o.Err != nil && o.Err.Error() == "no rows" }) {
			t.Error("a trend without a single row must be reported")
		}
	}
}
