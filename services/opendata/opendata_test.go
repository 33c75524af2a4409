package opendata_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/opendata"
)

var from = opendata.Origin{Source: "/test", Table: "11re", Retrieved: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Licence: "CC BY 4.0"}

// stat is a dataset as PxWeb answers.
func stat(values string, change ...string) []byte {
	text := `{"class":"dataset","version":"2.0","label":"Väestö","source":"Tilastokeskus","updated":"2025-03-28T06:00:00Z",
	"id":["Alue","Ikä","Sukupuoli","Vuosi","Tiedot"],"size":[2,3,2,1,1],"role":{"time":["Vuosi"],"metric":["Tiedot"]},
	"dimension":{
	"Alue":{"label":"Alue","category":{"index":{"KU305":0,"KU208":1},"label":{"KU305":"Kuusamo","KU208":"Kalajoki"}}},
	"Ikä":{"label":"Ikä","category":{"index":["SSS","000","100-"]}},
	"Sukupuoli":{"label":"Sukupuoli","category":{"index":{"1":0,"2":1}}},
	"Vuosi":{"label":"Vuosi","category":{"index":{"2024":0}}},
	"Tiedot":{"label":"Tiedot","category":{"label":{"vaesto":"Väestö 31.12."}}}},
	"value":` + values + `}`
	return []byte(strings.NewReplacer(change...).Replace(text))
}

const twelve = `[99,98, 70,71, 1,null, 97,96, 60,61, 3,4]`

func TestPopulationTable(t *testing.T) {
	got, err := opendata.PopulationTable(stat(twelve), from)
	if err != nil || len(got.Faults) > 0 || got.Skipped["no value"] != 1 || len(got.Events) != 7 {
		t.Fatalf("%+v, %v", got, err)
	}
	want := map[string]int{"KU305 1 0": 70, "KU305 2 0": 71, "KU305 1 100+": 1, "KU208 1 0": 60, "KU208 2 0": 61, "KU208 1 100+": 3, "KU208 2 100+": 4}
	for _, e := range got.Events {
		p := e.Payload.(*event.Population)
		key := fmt.Sprintf("%s %s %s", p.Area, p.Sex, p.Age)
		if n, ok := want[key]; !ok || n != p.Count || p.Year != 2024 || p.TableID != "11re" || p.Licence != "CC BY 4.0" || !p.RetrievedAt.Equal(from.Retrieved) || e.Area != p.Area ||
			!e.Time.Equal(time.Date(2025, 3, 28, 6, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %+v of %v", key, p, e.Time)
		}
		delete(want, key)
	}
	sparse, err := opendata.PopulationTable(stat(`{"2":70,"3":71,"4":1,"8":60,"9":61,"10":3,"11":4}`), from)
	if err != nil || len(sparse.Events) != 7 || !bytes.Equal(sparse.Events[6].Encode(), got.Events[6].Encode()) {
		t.Errorf("sparse: %+v, %v", sparse, err)
	}
	both, err := opendata.PopulationTable(stat(twelve, `{"1":0,"2":1}`, `{"SSS":0,"2":1}`), from)
	if err != nil || len(both.Events) != 3 {
		t.Errorf("a total of the sexes beside one of them: %+v, %v", both, err)
	}
}

func TestTablesThatDoNotFit(t *testing.T) {
	for name, test := range map[string]struct {
		text []byte
		want string
	}{
		"no JSON":           {[]byte("<html>"), "is no JSON-stat"},
		"JSON-stat 1":       {[]byte(`{"dataset":{}}`), "ask for the format json-stat2"},
		"too few values":    {stat("[1,2]"), "has 2 values, its sizes ask for 12"},
		"a place beyond":    {stat(`{"12":1}`), `a value at "12"`},
		"text":              {stat(`["a"]`), "no values that are numbers"},
		"sizes":             {stat(twelve, `"size":[2,3,2,1,1]`, `"size":[2,3,2,1]`), "5 dimensions and 4 sizes"},
		"a huge size":       {stat(twelve, `"size":[2,3,2,1,1]`, `"size":[2000000,3,2,1,1]`), "more than 5000000 cells"},
		"two at one place":  {stat(twelve, `{"KU305":0,"KU208":1}`, `{"KU305":0,"KU208":0}`), `dimension "Alue": its index is no order`},
		"a category twice":  {stat(twelve, `["SSS","000","100-"]`, `["000","000","100-"]`), `dimension "Ikä": its index is no order`},
		"no index":          {stat(twelve, `{"index":{"1":0,"2":1}}`, `{}`), "no index"},
		"no ages":           {stat(twelve, `"Ikä"`, `"Kieli"`), "no dimension of age"},
		"one more":          {stat(`[1,2,3,4]`, `["Alue","Ikä","Sukupuoli","Vuosi","Tiedot"]`, `["Alue","Ikä","Kieli","Vuosi","Tiedot"]`, `"Sukupuoli":{"label":"Sukupuoli"`, `"Kieli":{"label":"Kieli"`, "[2,3,2,1,1]", "[2,1,2,1,1]", `["SSS","000","100-"]`, `["000"]`), `dimension "Kieli"`},
		"measures, no such": {stat(`[1,2,3,4]`, "[2,3,2,1,1]", "[2,1,1,1,2]", `["SSS","000","100-"]`, `["000"]`, `{"1":0,"2":1}`, `{"1":0}`, `{"label":{"vaesto":"Väestö 31.12."}}`, `{"index":["a","b"]}`), "none is vaesto"},
	} {
		if _, err := opendata.PopulationTable(test.text, from); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	bad, err := opendata.PopulationTable(stat(`[1,1, 1.5,1, 1,1, 1,1, -1,1, 1,1]`, `"KU208":1`, `"Kalajoki":1`), from)
	if err != nil || bad.Faulty != 5 || len(bad.Events) != 3 {
		t.Errorf("faults %v, %v", bad.Faults, err)
	}
	overlap, err := opendata.PopulationTable(stat(twelve, `["SSS","000","100-"]`, `["0-4","000","100-"]`), from)
	if err != nil || overlap.Faulty != 4 || !strings.Contains(overlap.Faults[0].Error(), "must not overlap") {
		t.Errorf("ages that overlap: %v, %v", overlap.Faults, err)
	}
}

func TestPopulationRows(t *testing.T) {
	text := "area_id;year;sex;age;count\nKU305;2024;1;0-4;350\nKU305;2024;all;75+;1200\nKU305;2024;1;3;9\nKU305;2024;1;131052-308T;9\nKU305;2024;1;;x\n"
	got, err := opendata.PopulationRows("pop.csv", []byte(text), from)
	if err != nil || len(got.Events) != 2 || got.Faulty != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, want := range []string{"pop.csv:4: its ages are counted already", "personal identity code", "pop.csv:6: column count must be a number"} {
		if text := got.Faults[i].Error(); !strings.Contains(text, want) || strings.Contains(text, "308T") {
			t.Errorf("%s, want %s", text, want)
		}
	}
	if _, err := opendata.PopulationRows("pop.csv", []byte("area;year\n"), from); err == nil || !strings.Contains(err.Error(), "area_id is missing") {
		t.Errorf("%v", err)
	}
}

const regions = `[{"id":658,"code":"358","category":"MAA","title":{"fi":"Koko maa"}},{"id":189,"code":"305","category":"KUNTA"},
	{"id":11,"code":"49","category":"KUNTA"},{"id":960,"code":"90","category":"HYVINVOINTIALUE"},{"id":957,"code":"11","category":"HYVINVOINTIALUE"},
	{"id":20,"code":"2","category":"MAAKUNTA"},{"id":30,"code":"1","category":"SUURALUE"}]`

func TestSotkanet(t *testing.T) {
	known, err := opendata.ReadRegions([]byte(regions))
	if err != nil {
		t.Fatal(err)
	}
	text := `[{"indicator":127,"region":658,"year":2022,"gender":"total","value":5563970,"absValue":null},
		{"indicator":127,"region":189,"year":2022,"gender":"female","value":7500.5,"absValue":7500},
		{"indicator":127,"region":11,"year":2022,"gender":"total","value":0},{"indicator":127,"region":957,"year":2022,"gender":"male","value":1},
		{"indicator":127,"region":20,"year":2022,"gender":"total","value":null},{"indicator":127,"region":30,"year":2022,"gender":"total","value":1},
		{"indicator":127,"region":5,"year":2022,"gender":"total","value":1},{"indicator":127,"region":658,"year":2022,"gender":"all","value":1},
		{"indicator":127,"region":658,"year":2022,"gender":"total","value":2}]`
	rows := "indicator;region;year;gender;primary value;absolute value\n127;658;2022;total;5563970;\n127;189;2022;female;7500,5;7500\n127;11;2022;total;0\u003b\n127;957;2022;male;1;\n" +
		"127;20;2022;total;;\n127;30;2022;total;1;\n127;5;2022;total;1;\n127;658;2022;all;1;\n127;658;2022;total;2;\n"
	for _, document := range []string{text, rows} {
		got, err := opendata.Sotkanet("s.csv", []byte(document), known, nil, from)
		if err != nil || len(got.Events) != 4 || got.Faulty != 3 || got.Skipped["no value"] != 1 || got.Skipped["of other regions"] != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		var areas []string
		for _, e := range got.Events {
			p := e.Payload.(*event.Imported)
			areas = append(areas, p.Area+p.Sex)
			if p.Source != "sotkanet" || p.ExternalID != "127" || p.Licence != "CC BY 4.0" || !p.RetrievedAt.Equal(from.Retrieved) {
				t.Errorf("%+v", p)
			}
		}
		if strings.Join(areas, " ") != "SSS KU3052 KU049 HVA111" || got.Events[1].Payload.(*event.Imported).Value != 7500.5 {
			t.Errorf("areas %v", areas)
		}
	}
	one, err := opendata.Sotkanet("s.csv", []byte(text), known, []string{"KU305"}, from)
	if err != nil || len(one.Events) != 1 || one.Skipped["of areas that are not wanted"] != 4 {
		t.Errorf("%+v, %v", one, err)
	}
	for _, bad := range []string{"<html>", `[{"indicator":"127"}]`, "indicator;region;year;gender;value\n1;2;x;total;1\n", ""} {
		if _, err := opendata.Sotkanet("s.csv", []byte(bad), known, nil, from); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, bad := range []string{"{}", "[]", `[{"id":1,"category":"KUNTA"},{"id":1,"category":"KUNTA"}]`, `[{"id":1}]`} {
		if _, err := opendata.ReadRegions([]byte(bad)); err == nil {
			t.Errorf("%q is taken for regions", bad)
		}
	}
}

func FuzzPopulationTable(f *testing.F) {
	f.Add(stat(twelve))
	f.Add(stat(`{"2":70,"3":71}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := opendata.PopulationTable(text, from)
		if err != nil {
			return
		}
		if !json.Valid(text) {
			t.Error("no JSON was taken")
		}
		for _, e := range got.Events {
			if _, err := event.Decode(nil, e.Encode()); err != nil {
				t.Errorf("%s: %v", e.Data, err)
			}
		}
	})
}

func FuzzSotkanet(f *testing.F) {
	f.Add([]byte(regions), []byte(`[{"indicator":127,"region":658,"year":2022,"gender":"total","value":1}]`))
	f.Add([]byte(regions), []byte("indicator;region;year;gender;primary value;absolute value\n127;658;2022;total;1;\n"))
	f.Fuzz(func(t *testing.T, list, text []byte) {
		known, err := opendata.ReadRegions(list)
		if err != nil {
			return
		}
		got, err := opendata.Sotkanet("s.csv", text, known, nil, from)
		if err != nil {
			return
		}
		for _, e := range got.Events {
			if _, err := event.Decode(nil, e.Encode()); err != nil {
				t.Errorf("%s: %v", e.Data, err)
			}
		}
	})
}
