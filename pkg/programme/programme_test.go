package programme_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/document"
	"vointi.fi/pkg/programme"
	"vointi.fi/schemas"
)

var loaded = sync.OnceValues(func() (programme.Known, error) { return programme.LoadKnown(schemas.FS) })

func known(t *testing.T) programme.Known {
	t.Helper()
	k, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// againstSchema returns what the schema finds wrong with a file.
func againstSchema(t *testing.T, text []byte) error {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../../schemas/programme.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var content any
	if err := yaml.Unmarshal(text, &content); err != nil {
		return err
	}
	asJSON, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestShippedProgrammesAreRead(t *testing.T) {
	all, err := programme.Load(schemas.FS, "programmes", known(t))
	if err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	p := all[0]
	if p.DiscountRate != programme.DefaultRate || p.Services[0].Payer != programme.County || p.Simulation.Draws < 10_000 || p.Effect("qol-mean") == nil {
		t.Errorf("%+v", p)
	}
	text, err := schemas.FS.ReadFile("programmes/hyvinvointikortti.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := againstSchema(t, text); err != nil {
		t.Error(err)
	}
}

const good = `id: p-1
name: {fi: Nimi, sv: Namn, en: Name}
areas: [KU305]
comparison_areas: [KU208]
starts: "2024-03-01"
ends: "2025-02-28"
effects:
  - {indicator: life-satisfaction-mean, period: wave}
services:
  - {code: T11, dispersion: {base: 2, source: s}}
wellby: {indicator: life-satisfaction-mean, value: {base: 13000, source: s}, years: 1}
social_return:
  - {name: n, indicator: life-satisfaction-mean, proxy: {low: 1, base: 2, high: 3, source: s}, deadweight: {base: 0.25, source: s}}
`

// TestFaultsHaveTheirPlace: each fault is found at its line and column; the schema refuses what it can see.
func TestFaultsHaveTheirPlace(t *testing.T) {
	for name, c := range map[string]struct {
		from, to, place, reason string
		schema                  bool
	}{
		"no id":               {"id: p-1", "id: p 1", "1:5", "must be letters and digits", true},
		"no name":             {", en: Name", "", "2:7", "no name in en", true},
		"unknown key":         {"areas: [KU305]", "area: [KU305]", "3:1", `unknown key "area"; did you mean areas?`, true},
		"unknown area":        {"[KU305]", "[KU350]", "3:9", `no area "KU350"`, false},
		"area twice":          {"[KU305]", "[KU305, KU305]", "3:16", "stands twice", true},
		"part of an area":     {"[KU305]", "[KU305, HVA19]", "3:9", "area KU305 is part of HVA19", false},
		"sessions twice":      {"effects:", "sessions: {areas: [KU305, KU208, KU305]}\neffects:", "7:34", "stands twice", true},
		"sessions in a part":  {"effects:", "sessions: {areas: [SSS, KU208]}\neffects:", "7:25", "area KU208 is part of SSS", false},
		"member twice":        {"effects:", "sessions: {dimension: provider, members: [A, B, A]}\neffects:", "7:49", "stands twice", true},
		"with itself":         {"[KU208]", "[KU305]", "4:20", "cannot be compared with itself", false},
		"nowhere":             {"areas: [KU305]\n", "", "1:1", "without a project", true},
		"no day":              {`"2024-03-01"`, `"spring"`, "5:9", "is no day", true},
		"ends too early":      {`"2025-02-28"`, `"2023-02-28"`, "6:7", "ends before it starts", false},
		"unknown indicator":   {"- {indicator: life-satisfaction-mean, period", "- {indicator: life-satisfaction, period", "8:17", "did you mean life-satisfaction-mean?", false},
		"wrong period":        {"period: wave", "period: quarter", "8:49", "is none of wave", false},
		"dispersion of 0":     {"base: 2, source: s}}\nwellby", "base: 0, source: s}}\nwellby", "10:29", "above 0", false},
		"no source":           {"{base: 13000, source: s}", "{base: 13000}", "11:52", "no source", true},
		"no base":             {"{base: 13000, source: s}", "{low: 13000, source: s}", "11:52", "no base", true},
		"not in order":        {"low: 1, base: 2", "low: 3, base: 2", "13:57", "in this order", false},
		"share of 2":          {"base: 0.25", "base: 2", "13:108", "share from 0 to 1", false},
		"wellby of no effect": {"wellby: {indicator: life-satisfaction-mean", "wellby: {indicator: qol-mean", "11:21", "must stand among the effects", false},
		"not a number":        {"base: 13000", "base: much", "11:59", "must be a number", true},
		"negative rate":       {"effects:", "discount_rate: -0.1\neffects:", "7:16", "discount_rate must be", true},
		"few draws":           {"effects:", "simulation: {draws: 10}\neffects:", "7:21", "draws must be", true},
		"half a plan":         {"effects:", "plan: {session_cost: {base: 330, source: s}}\neffects:", "7:7", "go together", true},
		"visits of none":      {"effects:", "plan: {session_cost: {base: 330, source: s}, visits: {low: 0, base: 5, source: s}}\neffects:", "7:69", "must be above 0", false},
		"no payer":            {"code: T11,", "code: T11, payer: nobody,", "10:24", "payer", true},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, c.from, c.to, 1)
			if text == good {
				t.Fatal("nothing changed")
			}
			_, err := programme.Read("p.yaml", []byte(text), known(t))
			if err == nil || !slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool {
				return strings.HasPrefix(line, "p.yaml:"+c.place+": ") && strings.Contains(line, c.reason)
			}) {
				t.Errorf("not at %s: %s, but\n%v", c.place, c.reason, err)
			}
			var fault *document.Fault
			if !errors.As(err, &fault) {
				t.Errorf("no place: %v", err)
			}
			if refused := againstSchema(t, []byte(text)) != nil; refused != c.schema {
				t.Errorf("refused by the schema: %v", refused)
			}
		})
	}
	if _, err := programme.Read("p.yaml", []byte(good), known(t)); err != nil {
		t.Error(err)
	}
	if err := againstSchema(t, []byte(good)); err != nil {
		t.Error(err)
	}
}

func TestOneFaultyFileLeavesTheOthers(t *testing.T) {
	files := fstest.MapFS{
		"x/a.yaml": {Data: []byte(good)}, "x/b.yaml": {Data: []byte("id: 1\n")}, "x/c.yaml": {Data: []byte(good)}, "x/d.txt": {Data: []byte("?")},
	}
	all, err := programme.Load(files, "x", known(t))
	if len(all) != 1 || err == nil || !strings.Contains(err.Error(), "x/b.yaml:") || !strings.Contains(err.Error(), "described in two files") {
		t.Errorf("%d programmes, %v", len(all), err)
	}
}

// TestSchemaAllowsWhatTheCodeReads: what the schema allows is what the code reads.
func TestSchemaAllowsWhatTheCodeReads(t *testing.T) {
	text, err := os.ReadFile("../../schemas/programme.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for key := range schema.Properties {
		_, err := programme.Read("p.yaml", []byte(key+":\n"), known(t))
		if strings.Contains(err.Error(), "unknown key") {
			t.Errorf("the schema has the key %s, which the code does not read", key)
		}
	}
}
