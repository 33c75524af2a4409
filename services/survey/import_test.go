package survey_test

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/mapping"
	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
	"vointi.fi/services/survey"
)

const waveYAML = `wave_id: W1
starts: 2026-03-01
ends: 2026-03-31
instrument_id: hyvinvointikysely
version: 1
languages: [fi]
`

const strataYAML = waveYAML + `strata:
  - {id: young, area_id: KU305, age_group: 18-54, N: 7000, n_sampled: 400}
  - {id: old, area_id: KU305, age_group: 55+, N: 6000, n_sampled: 400}
`

func importer(t testing.TB, mapping, wave string) (*survey.Import, error) {
	t.Helper()
	m, err := survey.ReadMapping([]byte(mapping))
	if err != nil {
		return nil, err
	}
	var w *event.Wave
	if wave != "" {
		opened, err := survey.ReadWave([]byte(wave), "/test")
		if err != nil {
			return nil, err
		}
		w = opened.Payload.(*event.Wave)
	}
	instruments, err := reference.LoadInstruments(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	ages, err := reference.LoadAgeSchemes(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	return survey.NewImport(m, w, instruments, ages, "/test")
}

func read(t testing.TB, mapping, wave, name string, content []byte) *survey.Responses {
	t.Helper()
	x, err := importer(t, mapping, wave)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x.Read(name, content)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// limeSurvey is an export as LimeSurvey makes it: answers and headings as codes.
const limeSurvey = "\ufeff" + `"id","submitdate","lastpage","startlanguage","seed","token","startdate","datestamp","ipaddr","AREA","AGE","SEX","EUROHIS[SQ001]","EUROHIS[SQ008]","BARRIER[COST]","BARRIER[other]","SRH","interviewtime","groupTime12"
"1","2026-03-05 15:04:05","3","fi","1","abc","2026-03-05 15:00:00","2026-03-05 15:04:05","10.0.0.1","KU305","41","2","4","5","Y","too shy","A3","61.2","61.2"
"2","","1","sv","2","","2026-03-06 09:00:00","2026-03-06 09:02:00","10.0.0.2","KU305-01","77","","N/A","","","","","12","12"
"3","1980-01-01 00:00:00","3","fi","3","","","1980-01-01 00:00:00","","KU305","","1","1","2","N","","-oth-","",""
`

func TestLimeSurvey(t *testing.T) {
	out := read(t, "", waveYAML, "results.csv", []byte(limeSurvey))
	if len(out.Faults) > 0 || len(out.Events) != 3 || out.Incomplete != 1 || out.UnknownAge != 1 {
		t.Fatalf("%+v", out)
	}
	want := []*event.Response{
		{Area: "KU305", AgeBand: "29-54", Sex: "2", Complete: true, Language: "fi", SubmittedAt: time.Date(2026, 3, 5, 13, 4, 5, 0, time.UTC), Items: map[string]int{"EUROHIS1": 4, "EUROHIS8": 5, "BARRIER_COST": 1, "SRH": 3}},
		{Area: "KU305-01", AgeBand: "75+", Language: "sv", SubmittedAt: time.Date(2026, 3, 6, 7, 2, 0, 0, time.UTC), Items: map[string]int{}},
		{Area: "KU305", AgeBand: "unknown", Sex: "1", Complete: true, Language: "fi", SubmittedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Items: map[string]int{"EUROHIS1": 1, "EUROHIS8": 2, "BARRIER_COST": 0}},
	}
	for i, e := range out.Events {
		got := e.Payload.(*event.Response)
		w := want[i]
		w.ResponseID, w.WaveID, w.InstrumentID, w.Version = event.NewID("survey response", "W1", fmt.Sprint(i+1)), "W1", "hyvinvointikysely", "1"
		if len(got.Items) == 0 {
			got.Items = map[string]int{}
		}
		if !reflect.DeepEqual(got, w) || e.Area != "KU305" || !e.Time.Equal(w.SubmittedAt) {
			t.Errorf("row %d is %+v, want %+v", i+2, got, w)
		}
	}
	if !slices.Contains(out.Unread, "token") || !slices.Contains(out.Unread, "BARRIER[other]") {
		t.Errorf("not read: %v", out.Unread)
	}
	again := read(t, "", waveYAML, "results.csv", []byte(limeSurvey))
	for i := range again.Events {
		if !bytes.Equal(again.Events[i].Encode(), out.Events[i].Encode()) {
			t.Error("the same file makes other events")
		}
	}
}

const webropol = `file: {encoding: windows-1252, separator: ";"}
id: Vastaajanumero
submitted: {column: Vastausaika, format: d.M.yyyy H.mm}
area: {column: Kunta, values: {Kuusamo: KU305, Kalajoki: KU208}}
birth_year: Syntymävuosi
sex: {column: Sukupuoli, values: {Mies: "1", Nainen: "2", En halua vastata: ""}}
weight: Paino
target_groups:
  - {column: Lapsia, values: {Kyllä: families, Ei: ""}}
missing: [En osaa sanoa]
items:
  Koettu terveys: {item: SRH, values: {Hyvä: 1, Melko hyvä: 2, Huono: 5}}
  Oma: OMA1
own_items: {OMA1: {from: 1, to: 3}}
`

const webropolHeader = "Vastaajanumero;Vastausaika;Kunta;Syntymävuosi;Sukupuoli;Paino;Lapsia;Koettu terveys;Oma;Avoin\r\n"

func latin(t testing.TB, text string) []byte {
	t.Helper()
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 255 {
			t.Fatalf("%c", r)
		}
		out = append(out, byte(r))
	}
	return out
}

func TestWebropol(t *testing.T) {
	rows := "17;5.3.2026 9.05;KUUSAMO;1985;Nainen;1,25;Kyllä;melko hyvä;2;mitä vain\r\n18;5.3.2026 19.05;Kalajoki;1950;En halua vastata;0,8;Ei;En osaa sanoa;;\r\n"
	out := read(t, webropol, strataYAML, "vastaukset.csv", latin(t, webropolHeader+rows))
	if len(out.Faults) != 1 || out.Faults[0].Row != 3 || !strings.Contains(out.Faults[0].Reason, "fit 0 strata of wave W1") || out.Faulty != 1 {
		t.Fatalf("faults %+v", out.Faults)
	}
	got := out.Events[0].Payload.(*event.Response)
	if got.Area != "KU305" || got.AgeBand != "29-54" || got.Sex != "2" || *got.Weight != 1.25 || got.StratumID != "young" ||
		!slices.Equal(got.TargetGroups, []string{"families"}) || !maps.Equal(got.Items, map[string]int{"SRH": 2, "OMA1": 2}) ||
		!got.SubmittedAt.Equal(time.Date(2026, 3, 5, 7, 5, 0, 0, time.UTC)) {
		t.Errorf("%+v", got)
	}
}

func TestWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{
		{"Vastaajanumero", "Vastausaika", "Terveys"}, {17, time.Date(2026, 3, 5, 9, 5, 0, 0, time.UTC), 2.0}, {18, "5.3.2026 9:05", 9},
	} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	columns := "id: Vastaajanumero\nsubmitted: Vastausaika\narea: {value: KU305}\nage_band: {value: 30-34}\nitems: {Terveys: SRH}\n"
	out := read(t, columns, waveYAML, "a.xlsx", b.Bytes())
	if len(out.Events) != 1 || !out.Events[0].Time.Equal(time.Date(2026, 3, 5, 7, 5, 0, 0, time.UTC)) || out.Events[0].Payload.(*event.Response).AgeBand != "29-54" {
		t.Errorf("%+v", out)
	}
	if want := []mapping.Fault{{Row: 3, Column: "Terveys", Reason: "must be from 1 to 5, as SRH is"}}; !slices.Equal(out.Faults, want) {
		t.Errorf("faults %+v", out.Faults)
	}
}

// TestFaultsOfRows: each with its row and column, all at once, and none repeats what a cell holds.
func TestFaultsOfRows(t *testing.T) {
	rows := []string{
		"1;5.3.2026 9.05;Kuusamo;1985;Nainen;1;Ei;Hyvä;1;131052-308T",
		"1;yesterday;Oulu;85;secret;heavy;ehkä;fine;fine, thanks;",
		";5.3.2026 9.05;Kuusamo;1985;Mies;9999999;Ei;Hyvä;7;;;;x",
	}
	out := read(t, webropol, waveYAML, "a.csv", latin(t, webropolHeader+strings.Join(rows, "\r\n")))
	var got []string
	for _, f := range out.Faults {
		got = append(got, fmt.Sprintf("%d %s", f.Row, f.Column))
		for _, secret := range []string{"131052", "secret", "thanks", "Oulu", "heavy"} {
			if strings.Contains(f.Reason, secret) {
				t.Errorf("%+v repeats the cell", f)
			}
		}
	}
	want := []string{
		"2 Avoin", "3 Vastaajanumero", "3 Kunta", "3 Sukupuoli", "3 Vastausaika", "3 Syntymävuosi", "3 Paino", "3 Lapsia", "3 Koettu terveys", "3 Oma",
		"4 ", "4 Vastaajanumero", "4 Oma",
	}
	if !slices.Equal(got, want) || out.Faulty != 3 || len(out.Events) > 0 {
		t.Errorf("faults %q, want %q: %+v", got, want, out.Faults)
	}
}

func TestFaultsOfMappings(t *testing.T) {
	good := "id: a\nsubmitted: b\narea: {value: KU305}\nage: c\nitems: {d: SRH}\n"
	for name, test := range map[string]struct{ mapping, want string }{
		"unknown key":     {"idd: a\n", "field idd not found"},
		"unknown of one":  {"id: {colum: a}\n", "colum is unknown"},
		"no such column":  {strings.Replace(good, "id: a", "id: ab", 1), `no column "ab"; did you mean a`},
		"personal":        {strings.Replace(good, "id: a", "id: token", 1), "tells who answered"},
		"no such item":    {strings.Replace(good, "SRH", "SRHH", 1), "there is no item SRHH; did you mean SRH?"},
		"free text":       {strings.Replace(good, "{d: SRH}", "{'Q[other]': SRH}", 1), "holds free text"},
		"an item twice":   {strings.Replace(good, "{d: SRH}", "{d: SRH, e: SRH}", 1), "another column is mapped to SRH"},
		"nothing":         {"", "id: which column"},
		"two ages":        {good + "birth_year: b\n", "exactly one must be given"},
		"separator":       {good + "file: {separator: ab}\n", "one character"},
		"zone":            {strings.Replace(good, "submitted: b", "submitted: {column: b, zone: Suomi}", 1), "no time zone"},
		"twice a column":  {strings.Replace(good, "age: c", "age: f", 1), `several columns "f"`},
		"only case":       {strings.Replace(good, "age: c", "age: {column: c, values: {a: 1, A: 2}}", 1), "by case alone"},
		"code in value":   {strings.Replace(good, "KU305", "131052-308T", 1), "personal identity code"},
		"neither of them": {strings.Replace(good, "age: c", "age: {format: x}", 1), "needs column or value"},
		"no item named":   {strings.Replace(good, "{d: SRH}", "{d: }", 1), "names no item"},
	} {
		t.Run(name, func(t *testing.T) {
			x, err := importer(t, test.mapping, waveYAML)
			if err == nil {
				_, err = x.Read("a.csv", []byte("a,b,c,d,e,f,f,token,Q[other]\n1,2026-03-01,30,1,,,,,\n"))
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
	x, err := importer(t, good, waveYAML)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Read("a.csv", []byte("a,b,131052-308T\n")); err == nil || !strings.Contains(err.Error(), "header of column 3") || strings.Contains(err.Error(), "308T") {
		t.Errorf("a code as a header: %v", err)
	}
	if out, err := x.Read("a.csv", []byte("a,b,c,d\n1,2026-03-01,30,1,,\n")); err != nil || len(out.Faults) > 0 {
		t.Errorf("empty cells beyond the header: %+v, %v", out, err)
	}
	if _, err := importer(t, good, ""); err == nil || !strings.Contains(err.Error(), "--wave") {
		t.Errorf("without a wave: %v", err)
	}
	if _, err := importer(t, good+"wave_id: W2\n", waveYAML); err == nil || !strings.Contains(err.Error(), "not for W1") {
		t.Errorf("of another wave: %v", err)
	}
}

func TestFaultsOfWaves(t *testing.T) {
	for name, test := range map[string]struct{ wave, want string }{
		"unknown key":   {waveYAML + "strat: []\n", "field strat not found"},
		"no day":        {strings.Replace(waveYAML, "2026-03-01", "1.3.2026", 1), "starts must be a day"},
		"ends before":   {strings.Replace(waveYAML, "2026-03-31", "2026-02-01", 1), "ends lies before starts"},
		"no wave":       {strings.Replace(waveYAML, "W1", "", 1), "wave_id"},
		"a bad stratum": {strings.Replace(strataYAML, "area_id: KU305", "area_id: Kuusamo", 1), "strata.0.area_id"},
	} {
		if _, err := survey.ReadWave([]byte(test.wave), "/test"); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

// FuzzImport: whatever mapping and file come, what they make are valid events without a personal identity code.
func FuzzImport(f *testing.F) {
	f.Add("", []byte(limeSurvey))
	f.Add(webropol, latin(f, webropolHeader+"17;5.3.2026 9.05;KUUSAMO;1985;Nainen;1,25;Kyllä;melko hyvä;2;\r\n"))
	f.Fuzz(func(t *testing.T, mapping string, content []byte) {
		x, err := importer(t, mapping, waveYAML)
		if err != nil {
			return
		}
		out, err := x.Read("a.csv", content)
		if err != nil {
			return
		}
		if out.Rows != len(out.Events)+out.Faulty {
			t.Errorf("%d rows, %d events, %d faulty", out.Rows, len(out.Events), out.Faulty)
		}
		for _, e := range out.Events {
			text := e.Encode()
			if _, err := event.Decode(nil, bytes.Clone(text)); err != nil || event.HoldsPersonalCode(text) {
				t.Errorf("%s: %v", text, err)
			}
		}
	})
}
