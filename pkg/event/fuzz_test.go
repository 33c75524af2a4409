package event_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
	"vointi.fi/pkg/event"
)

// FuzzDecode holds the hot path's typed code against the schemas: Decode accepts exactly what they allow.
func FuzzDecode(f *testing.F) {
	for _, body := range examples(f, "") {
		f.Add(body)
		if compact := jsontext.Value(bytes.Clone(body)); compact.Compact() == nil {
			f.Add([]byte(compact))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := agree(body, conforms); err != nil {
			t.Fatal(err)
		}
	})
}

// hugeExponent finds numbers that the oracle would write out in full.
var hugeExponent = regexp.MustCompile(`[eE][+-]?[0-9]{4,}`)

// agree reports how Decode and an oracle differ about a body.
func agree(body []byte, oracle func([]byte) error) error {
	if len(body) > event.MaxSize || hugeExponent.Match(body) {
		return nil
	}
	want := oracle(body)
	e, err := event.Decode(nil, bytes.Clone(body))
	var invalid *event.InvalidError
	switch {
	case (err == nil) != (want == nil):
		return fmt.Errorf("decode says %v\nschema says %v\n%s", err, want, body)
	case err == nil:
		again, err := event.Decode(nil, e.Encode())
		if err != nil || !reflect.DeepEqual(e, again) || e.Hash() != again.Hash() {
			return fmt.Errorf("not the same after Encode: %v\n%s\n%s", err, body, e.Encode())
		}
	case !errors.As(err, &invalid) || len(invalid.Faults) == 0 || !slices.Contains(event.Reasons(), invalid.Kind):
		return fmt.Errorf("no faults in %v", err)
	}
	return nil
}

// FuzzReader holds the reader against another strict implementation of RFC 8259.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"null", " [1, -0.5e+3, true, {\"a\":\"\\ud83d\\ude00\"}] ", `"\u00e4\/\b"`, `{"a":1,}`, "[1 2]", "01", "1.", "-", `"\ud800"`,
		"\"\xff\"", "\"\x01\"", "nul", `{"a" 1}`, "[]]", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, want := event.Valid(s), jsontext.Value(s).IsValid(jsontext.AllowDuplicateNames(true))
		if got != want && nesting(s) < 30 {
			t.Fatalf("got %t, want %t: %q", got, want, s)
		}
	})
}

func nesting(s string) int {
	return bytes.Count([]byte(s), []byte("[")) + bytes.Count([]byte(s), []byte("{"))
}

// TestMutatedExamples looks for disagreements nearer to valid events than a fuzzer's bytes are.
func TestMutatedExamples(t *testing.T) {
	var trees []any
	for _, body := range examples(t, ".good-") {
		var tree any
		if err := json.Unmarshal(body, &tree); err != nil {
			t.Fatal(err)
		}
		trees = append(trees, tree)
	}
	rapid.Check(t, func(t *rapid.T) {
		tree := rapid.SampledFrom(trees).Draw(t, "example")
		for range rapid.IntRange(1, 3).Draw(t, "mutations") {
			tree = mutate(t, tree)
		}
		body, err := json.Marshal(tree, json.Deterministic(false))
		if err != nil {
			t.Skip()
		}
		if err := agree(body, conforms); err != nil {
			t.Fatal(err)
		}
	})
}

// sameElsewhere holds types whose schema has nothing that another one's has not; TestRelatedSchemas makes sure of that.
var sameElsewhere = []event.Type{
	event.CheckinCorrected, event.HeadcountCorrected, event.HeadcountVoided, event.CostReversed, event.WaveClosed, event.CalendarUpdated,
	event.CalendarCreated, event.CalendarCancelled, event.CardIssued,
}

// TestBorders puts every odd value in the place of every value of the full examples.
func TestBorders(t *testing.T) {
	for name, body := range examples(t, ".good-full") {
		if slices.Contains(sameElsewhere, typeOf(name)) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tree map[string]any
			if err := json.Unmarshal(body, &tree); err != nil {
				t.Fatal(err)
			}
			try := func(oracle func([]byte) error) func() {
				return func() {
					body, err := json.Marshal(tree)
					if err != nil {
						t.Fatal(err)
					}
					if err := agree(body, oracle); err != nil {
						t.Error(err)
					}
				}
			}
			if name == "participation.checkin.v1.good-full.json" {
				everywhere(tree, try(conforms))
			}
			schema := compiler().MustCompile(schemaBase + string(typeOf(name)) + ".json")
			everywhere(tree["data"], try(func(body []byte) error {
				return schema.Validate(value(body).(map[string]any)["data"])
			}))
		})
	}
}

// everywhere calls try with each value inside of v, one at a time, replaced by odd values, and with each left out.
func everywhere(v any, try func()) {
	switch v := v.(type) {
	case map[string]any:
		for name, old := range v {
			for _, value := range oddFor(old) {
				v[name] = value
				try()
			}
			delete(v, name)
			try()
			if v[name] = old; name != "data" {
				everywhere(old, try)
			}
		}
	case []any:
		for i, old := range v {
			for _, value := range oddFor(old) {
				v[i] = value
				try()
			}
			v[i] = old
			everywhere(old, try)
		}
	}
}

// oddFor returns the odd values of old's own kind, and a few of the others.
func oddFor(old any) (list []any) {
	for _, v := range odd {
		_, text := v.(string)
		if _, wanted := old.(string); wanted == text {
			list = append(list, v)
		}
	}
	return append(list, "x", "1", 1, nil)
}

// odd holds values on and around the borders of the schemas.
var odd = []any{
	nil, true, false, 0, 1, -1, 2, 100, 101, 1879, 1880, 2199, 2200, 65535, 65536, 1000000, 1000001, 0.5, 1e-6, 9e-7, 5.0,
	9007199254740991.0, 9007199254740992.0, 2147483647, 2147483648, -2147483648, jsontext.Value("1e2"), jsontext.Value("10.0"),
	jsontext.Value("-0"), jsontext.Value("1000000.0000000000000000001"), jsontext.Value("0.00000099999999999999999999"),
	"", " ", "0", "1", "2", "3", "all", "x", "fi", "KU305", "KU3055", "SSS", "HVA17", "MK17", "KU853-1", "KU853-", "20100", "2010",
	"0-17", "65+", "100", "101", "007", "5-100+", "held", "cancelled", "scheduled", "card", "eviva3", "actual", "month", "week", "quarter",
	"2024-02-29", "2023-02-29", "1899-12-31", "2024-12-30", "2024-03", "2024-13", "1900-01-01T00:00:00+01:00", "1900-01-01T00:00:00-00:00",
	"2199-12-31T23:59:59.999999999Z", "2199-12-31T23:00:00-01:00", "2024-03-05T15:02:60Z", "2024-03-05T24:00:00Z", "2024-03-05t15:02:11z",
	"2024-03-05T15:02:11.1234567891Z", "2024-03-05T15:02:11.Z", "2024-03-05T15:02:11+24:00", "2024-03-05T15:02:11+02:60",
	"0.00", "00.1", "1.", ".5", "10000000000", "9999999999.99", "330.005", "http://", "https://a", "a b", "ä", "\x00", "\x7f", "\u2028",
	"131052-308T", "131052-308t", "x131052-308T", "131052-308T1", "010594Y9032", "5bdcc146bf60754e6a042426089575c7",
	map[string]any{},
	map[string]any{"fi": "x"},
	[]any{},
	[]any{"families"},
	[]any{"fi", "fi"},
	map[string]any{"source": "/a", "id": "b"},
	map[string]any{"A.b[1]-_": 3},
	map[string]any{"1": 3},
}

var oddNames = []string{"x", "pilotid", "x_y", "", "N", "n", "original", "subject", "dataschema", "attendance", "allocation_key", "age_band", "counter"}

// mutate returns a copy of a JSON tree in which one place is different.
func mutate(t *rapid.T, v any) any {
	switch v := v.(type) {
	case map[string]any:
		return mutateObject(t, v)
	case []any:
		if len(v) == 0 || rapid.IntRange(0, 3).Draw(t, "whole list") == 0 {
			return slices.Concat(v, v, []any{rapid.SampledFrom(odd).Draw(t, "element")})
		}
		c := slices.Clone(v)
		i := rapid.IntRange(0, len(c)-1).Draw(t, "index")
		c[i] = mutate(t, c[i])
		return c
	case string:
		return mutateString(t, v)
	}
	return rapid.SampledFrom(odd).Draw(t, "value")
}

func mutateObject(t *rapid.T, v map[string]any) any {
	c := map[string]any{}
	names := make([]string, 0, len(v))
	for name, value := range v {
		c[name] = value
		names = append(names, name)
	}
	slices.Sort(names)
	what := rapid.IntRange(0, 9).Draw(t, "what")
	if len(names) == 0 || what == 0 {
		c[rapid.SampledFrom(oddNames).Draw(t, "name")] = rapid.SampledFrom(odd).Draw(t, "value")
		return c
	}
	name := rapid.SampledFrom(names).Draw(t, "member")
	if _, deep := v["data"]; deep && what > 3 {
		name = "data"
	}
	if what == 1 {
		delete(c, name)
	} else {
		c[name] = mutate(t, c[name])
	}
	return c
}

func mutateString(t *rapid.T, s string) any {
	switch rapid.IntRange(0, 4).Draw(t, "string") {
	case 0:
		return s + rapid.SampledFrom([]string{" ", "0", "\n", "ä", "Z", "-1"}).Draw(t, "suffix")
	case 1:
		return s[:rapid.IntRange(0, len(s)).Draw(t, "cut")]
	case 2:
		return string(bytes.Repeat([]byte("ä"), rapid.SampledFrom([]int{1, 32, 64, 100, 101, 200, 201, 300, 301, 1000, 1001, 2001}).Draw(t, "length")))
	}
	return rapid.SampledFrom(odd).Draw(t, "value")
}
