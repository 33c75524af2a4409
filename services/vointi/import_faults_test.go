package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"vointi.fi/pkg/event"
)

// wrongServer answers what nobody wants, and a table as if it were a page.
func wrongServer(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/page":
			w.Header().Set("Content-Type", "text/csv")
			_, _ = io.WriteString(w, "<html><body>log in</body></html>")
		case "/table":
			_, _ = io.WriteString(w, "area_id,year,sex,age,count\nKU305,2024,all,40,9\n")
		case "/nothing":
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// utf16 is a text in UTF-16 with a byte order mark.
func utf16(text string) string {
	return "\xff\xfe" + strings.Join(strings.Split(text, ""), "\x00") + "\x00"
}

// TestWhatIsWrongWithInputIsSaid, so that whoever has it knows what to do, by every import that reads such input.
func TestWhatIsWrongWithInputIsSaid(t *testing.T) {
	url, data := wrongServer(t), t.TempDir()
	wantCode(t, vointi(t, nil, "keys", "add", "KU305", "--data", data), exitDone)
	visits := writeFile(t, "visits.yaml", "file: {separator: \";\"}\ncheckin: {card_id: Kortti, session_id: Tapahtuma, checked_in_at: Aika, channel: {value: card}, venue_id: {value: V}, venue_area_id: {value: KU305}, activity_type: {value: nature}, provider_id: {value: O}}\n")
	answers := writeFile(t, "answers.yaml", "id: Nro\nsubmitted: Aika\narea: {value: KU305}\nbirth_year: Vuosi\nitems: {Terveys: SRH}\n")
	wave := writeFile(t, "wave.yaml", "wave_id: w\nstarts: 2026-03-01\nends: 2026-03-31\ninstrument_id: kysely\nversion: 1\n")
	feed := writeFile(t, "feed.yaml", libraryFeed)
	regions := writeFile(t, "regions.json", `[{"id":189,"code":"305","category":"KUNTA"}]`)
	commands := map[string][]string{
		"checkins": {"--mapping", visits}, "survey": {"--mapping", answers, "--wave", wave}, "population": nil, "areas": nil, "targets": nil, "unit-costs": nil,
		"sotkanet": {"--sotkanet-regions", regions}, "calendar": {"--feed", feed},
	}
	kind := map[string]string{"areas": ".yaml", "calendar": ".ics"}
	try := func(command, input string, flags ...string) result {
		return vointi(t, nil, append(append([]string{"import", command, input, "--dry-run", "--data", data}, commands[command]...), flags...)...)
	}
	for command := range commands {
		name := "input.csv"
		if k := kind[command]; k != "" {
			name = "input" + k
		}
		wantCode(t, try(command, writeFile(t, name, "")), exitFailed, "empty")
		wantCode(t, try(command, filepath.Join(data, name)), exitFailed, name, "no such file")
		wantCode(t, try(command, data), exitFailed, "is a directory")
		if command != "areas" { // YAML may be in UTF-16
			wantCode(t, try(command, writeFile(t, name, utf16("Kortti;Tapahtuma\n1;2\n"))), exitFailed, "UTF-16")
		}
		switch command {
		case "checkins", "survey":
			wantCode(t, try(command, url+"/table"), exitFailed, "is an address", "save it first")
			continue
		}
		wantCode(t, try(command, url+"/missing?key=secret"), exitFailed, "404 Not Found", "whether the address is right")
		wantCode(t, try(command, url+"/page"), exitFailed, "web page")
		wantCode(t, try(command, url+"/nothing"), exitFailed, "empty")
	}
	for _, test := range []struct {
		command, name, text string
		want                []string
	}{
		{"checkins", "v.csv", "Kortti,Tapahtuma,Aika\n", []string{`no column "Kortti"`, "is one cell; the mapping's file.separator"}},
		{"checkins", "v.csv", "Kortti;Aika\nKORTTI777;x\n", []string{`no column "Tapahtuma"`, "has 2 cells"}},
		{"checkins", "v.csv", "KORTTI777;S1;5.3.2026\n", []string{"must hold the names of the columns"}},
		{"checkins", "v.xls", "x", []string{"save it as .xlsx"}},
		{"survey", "a.xlsx", "", []string{"a.xlsx: is empty"}},
		{"population", "p.csv", "area;year\n", []string{"p.csv: its first row must name the columns area_id, year, sex, age, count"}},
		{"population", "p.ods", "x", []string{"must end in .csv"}},
		{"areas", "a.yaml", "area: []\n", []string{"a.yaml: file: line 1: field area not found"}},
		{"areas", "a.yaml", "a,b\n", []string{"a.yaml: file: line 1: holds text"}},
		{"targets", "t.csv", "indicator|area_id\n", []string{"parted by commas, semicolons or tabs; there are indicator, area_id"}},
		{"targets", "t.csv", "indicator;source\nx;p\xe4\xe4t\xf6s\n", []string{"t.csv: line 2 is not UTF-8; save it as CSV UTF-8"}},
		{"unit-costs", "c.csv", "service_code,base,source\nT11,100,x\n", []string{"c.csv:2:1: price_year: must be a year such as 2017"}},
		{"sotkanet", "s.csv", "indicator,region\n", []string{"s.csv: is not what Sotkanet answers"}},
	} {
		r := try(test.command, writeFile(t, test.name, test.text))
		wantCode(t, r, exitFailed, test.want...)
		nothingOf(t, r.out+r.err, "KORTTI777", "struct", "participation.", "between 1900")
	}
	for command, flag := range map[string]string{"checkins": "--mapping", "survey": "--wave", "calendar": "--feed"} {
		r := try(command, feed, flag, writeFile(t, "other.yaml", "BEGIN:VCALENDAR\n"))
		wantCode(t, r, exitFailed, "other.yaml", "holds text where something else belongs")
	}
	wantCode(t, vointi(t, nil, "import", "survey", writeFile(t, "a.csv", "Nro;Aika\n1;2\n"), "--wave", wave, "--dry-run", "--data", data), exitFailed, "no export of LimeSurvey", "--mapping")
	wantCode(t, try("population", "ftp://example.org/p.csv"), exitFailed, "begin with https://")
	wantCode(t, try("population", url+"/table"), exitDone, "1 figure of table without faults")
	wantCode(t, try("checkins", writeFile(t, "v.csv", "Kortti;Tapahtuma;Aika\n")), exitDone, "no rows below the first one", "0 visits of 0 rows")
	wantCode(t, try("targets", writeFile(t, "t.csv", "indicator\tarea_id\tyear\tvalue\tset_at\nparticipation-reach\tKU305\t2026\t32,5\t2025-01-01\n")), exitDone, "1 target for 1 indicator in 1 area")
}

// FuzzReferenceFiles: whatever stands in a file of targets, unit costs or areas, its faults are told, and what is published can be read.
func FuzzReferenceFiles(f *testing.F) {
	known, err := newTargetCheck("2025-11-17")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("t.yaml", []byte(goodTargets))
	f.Add("t.csv", []byte(sameInCSV))
	f.Add("c.csv", []byte("service_code;price_year;low;base;high;source;placeholder\ngp;2017;1,00;2.00;3;THL;true\n"))
	f.Add("c.yaml", []byte("source: THL\nprice_year: 2017\nunit_costs: [{service_code: gp, base: \"100.00\"}]\n"))
	f.Add("a.yaml", []byte("areas: [{id: SSS, level: country, code: SSS, source: known, name: {fi: Suomi, sv: Finland, en: Finland}}]\n"))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		targets := *known
		targets.seen = map[string]cell{}
		for _, in := range []imported{
			targets.events(document{name: name, body: text}, ""), unitCostsOf(document{name: name, body: text}, ""), areasOf(document{name: name, body: text}, ""),
		} {
			if in.unreadable == nil && len(in.events)+in.faulty == 0 {
				t.Errorf("nothing is wrong with %q, and nothing in it", text)
			}
			for _, e := range in.events {
				if _, err := event.Decode(nil, e.Encode()); err != nil {
					t.Errorf("%s: %v", e.Data, err)
				}
			}
		}
	})
}
