package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vointi.fi/pkg/event"
)

const goodTargets = `set_at: 2025-11-17
source: Hyvinvointisuunnitelma 2026
targets:
  - {indicator: participation-reach, area_id: KU305, year: 2026, value: 32.5}
  - {indicator: participation-reach, area_id: KU305, age_scheme: eviva3, age_group: 65+, year: 2026, value: 40, set_at: 2025-12-01T12:00:00+02:00}
  - {target_id: hva, indicator: loneliness-share, area_id: HVA19, year: 2027, value: 9, source: aluevaltuusto}
`

const sameInCSV = "\ufeffindicator;area_id;age_scheme;age_group;year;value;set_at;source;target_id\r\n" +
	"participation-reach;KU305;;;2026;32,5;2025-11-17;Hyvinvointisuunnitelma 2026;\r\n" +
	"participation-reach;KU305;eviva3;65+;2026;40;2025-12-01T12:00:00+02:00;Hyvinvointisuunnitelma 2026;\r\n" +
	"loneliness-share;HVA19;;;2027;9;2025-11-17;aluevaltuusto;hva\r\n"

func targetsOf(t *testing.T, name, text string) ([]*event.Event, error) {
	t.Helper()
	c, err := newTargetCheck("")
	if err != nil {
		t.Fatal(err)
	}
	in := c.events(document{name: name, body: []byte(text)}, "")
	return in.events, errors.Join(append(in.faults, in.unreadable)...)
}

// TestTargetsOfAFile: YAML and CSV give the same events, every time.
func TestTargetsOfAFile(t *testing.T) {
	events, err := targetsOf(t, "plan.yaml", goodTargets)
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for i, want := range []event.Target{
		{TargetID: "participation-reach/KU305/2026", Indicator: "participation-reach", Area: "KU305", Year: 2026, Value: 32.5, Source: "Hyvinvointisuunnitelma 2026"},
		{TargetID: "participation-reach/KU305/2026/eviva3/65+", Indicator: "participation-reach", Area: "KU305", AgeScheme: "eviva3", AgeGroup: "65+", Year: 2026, Value: 40, Source: "Hyvinvointisuunnitelma 2026"},
		{TargetID: "hva", Indicator: "loneliness-share", Area: "HVA19", Year: 2027, Value: 9, Source: "aluevaltuusto"},
	} {
		got := *events[i].Payload.(*event.Target)
		want.SetAt = events[i].Time
		if got != want || events[i].Area != []string{"KU305", "KU305", "SSS"}[i] {
			t.Errorf("%+v of %s, want %+v", got, events[i].Area, want)
		}
	}
	for name, text := range map[string]string{"again.yml": goodTargets, "plan.csv": sameInCSV} {
		again, err := targetsOf(t, name, text)
		if err != nil || len(again) != len(events) {
			t.Fatalf("%s: %v", name, err)
		}
		for i, e := range again {
			if !bytes.Equal(e.Encode(), events[i].Encode()) {
				t.Errorf("%s: another event\n%s\n%s", name, e.Encode(), events[i].Encode())
			}
		}
	}
}

// TestFaultsOfTargets: every one with its line and column, and with what may have been meant.
func TestFaultsOfTargets(t *testing.T) {
	for name, test := range map[string]struct {
		file, text string
		want       []string
	}{
		"many": {"t.yaml", "set_at: 2025-11-17\ntargets:\n  - {indicator: participation-reech, area_id: Kuusamo, year: next, value: \"32,5\"}\n  - {indicator: loneliness-share, areaid: KU305, year: 2026, value: 9, age_group: 65+}\n", []string{
			`t.yaml:3:17: indicator: there is no participation-reech; did you mean participation-reach`, "t.yaml:3:47: area_id: must be an area code",
			`t.yaml:3:62: year: "next" is not a year`, `t.yaml:3:75: value: "32,5" is not a number such as 32.5`, "t.yaml:4:35: areaid is unknown; did you mean area_id?",
			"t.yaml:4:5: area_id: is required", "t.yaml:4:5: age_scheme: is required beside age_group",
		}},
		"no time":     {"t.yaml", "targets: [{indicator: participation-reach, area_id: KU305, year: 2026, value: 1}]", []string{"t.yaml:1:11: set_at: is required", "--set-at"}},
		"wrong time":  {"t.yaml", "set_at: 17.11.2025\ntargets: [{indicator: participation-reach, area_id: KU305, year: 2026, value: 1}]", []string{`set_at: "17.11.2025" must be a day such as 2025-11-17`}},
		"age group":   {"t.yaml", "set_at: 2025-11-17\ntargets: [{indicator: participation-reach, area_id: KU305, year: 2026, value: 1, age_scheme: eviva3, age_group: 75+}]", []string{"age_group: eviva3 has 0-17, 18-64, 65+, not 75+"}},
		"twice":       {"t.yaml", goodTargets + "  - {indicator: participation-reach, area_id: KU305, year: 2026, value: 1}\n", []string{"t.yaml:7:", "stands in line 4 already"}},
		"not finite":  {"t.yaml", "set_at: 2025-11-17\ntargets: [{indicator: participation-reach, area_id: KU305, year: 2026, value: NaN}]", []string{"value: "}},
		"empty":       {"t.yaml", "", []string{"it is empty"}},
		"no targets":  {"t.yaml", "set_at: 2025-11-17\ntargets: []\n", []string{"there are no targets"}},
		"not a list":  {"t.yaml", "targets: 5\n", []string{"t.yaml:1:10: targets must be a list"}},
		"not YAML":    {"t.yaml", "targets: [\n", []string{"t.yaml: yaml: "}},
		"other kind":  {"t.xlsx", "x", []string{".yaml, .yml or .csv"}},
		"CSV header":  {"t.csv", "indicator,area,year,value\nparticipation-reach,KU305,2026,1\n", []string{`t.csv:1:11: "area" is unknown`}},
		"CSV line":    {"t.csv", "indicator,area_id,year,value,set_at\nparticipation-reach,KU305,2026\nparticipation-reach,KU305,2026,x,2025-11-17\n", []string{"t.csv:2:1: has 3 values, the first line has 5", `t.csv:3:32: value: "x" is not a number`}},
		"CSV header2": {"t.csv", "indicator,indicator\n", []string{"t.csv:1:11: indicator stands twice"}},
	} {
		_, err := targetsOf(t, test.file, test.text)
		if err == nil {
			t.Errorf("%s: no fault", name)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\nwant %s", name, err, want)
			}
		}
	}
}

func TestImportCommand(t *testing.T) {
	good := writeFile(t, "plan.yaml", goodTargets)
	wantCode(t, vointi(t, nil, "import", "targets", good, "--dry-run"), exitDone, "3 targets for 2 indicators in 2 areas without faults")
	bad := writeFile(t, "bad.csv", "indicator,area_id,year,value\nparticipation-reach,KU305,2026,1\n")
	wantCode(t, vointi(t, nil, "import", "targets", bad), exitFailed, "nothing was published", "bad.csv:2:1: set_at: is required")
	wantCode(t, vointi(t, nil, "import", "targets", bad, "--set-at", "2025-11-17", "--dry-run"), exitDone, "1 target for")
	wantCode(t, vointi(t, nil, "import", "targets", bad, "--set-at", "yesterday"), exitFailed, "set-at: must be a day")
	mixed := writeFile(t, "mixed.csv", "indicator,area_id,year,value,set_at\nparticipation-reach,KU305,2026,1,2025-11-17\nparticipation-reach,KU305\n")
	wantCode(t, vointi(t, nil, "import", "targets", mixed, "--dry-run"), exitFailed, "nothing was published", "mixed.csv:3:1: has 2 values")
	wantCode(t, vointi(t, nil, "import", "targets", mixed, "--dry-run", "--skip-faulty"), exitFailed, "1 target for", "1 row was skipped", "mixed.csv:3:1: has 2 values")
	wantCode(t, vointi(t, nil, "import", "targets", "missing.yaml"), exitFailed, "missing.yaml")
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, goodTargets) }))
	defer web.Close()
	wantCode(t, vointi(t, nil, "import", "targets", web.URL+"/plan.yaml?year=2026", "--dry-run"), exitDone, "3 targets for 2 indicators in 2 areas without faults")
	_, taught, _ := strings.Cut((&importTargetsCommand{}).Help(), "# targets.yaml\n")
	taught, _, _ = strings.Cut(taught, "\n\n")
	taught = strings.ReplaceAll(taught, "\n    ", "\n")
	wantCode(t, vointi(t, nil, "import", "targets", writeFile(t, "targets.yaml", strings.TrimSpace(taught)), "--dry-run"), exitDone, "2 targets")
	wantCode(t, vointi(t, nil, "import", "--help"), exitDone, "--dry-run", "exit code is 1", "twice publishes nothing new")
}
