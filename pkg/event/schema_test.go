package event_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"vointi.fi/pkg/event"
	"vointi.fi/schemas"
)

const schemaBase = "https://vointi.fi/schemas/events/"

// contract is the JSON Schema of all events.
var contract = sync.OnceValue(func() *jsonschema.Schema { return compiler().MustCompile(schemaBase + "cloudevent.json") })

// compiler returns a compiler with all schemas and with format assertions.
func compiler() *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.RegisterFormat(&jsonschema.Format{Name: "no-personal-identity-code", Validate: onString(func(s string) bool {
		return !event.HasPersonalCode(s)
	})})
	c.RegisterFormat(&jsonschema.Format{Name: "monday", Validate: onString(func(s string) bool {
		t, err := time.Parse(time.DateOnly, s)
		return err != nil || t.Weekday() == time.Monday
	})})
	names, err := fs.Glob(schemas.FS, "events/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if err := c.AddResource(schemaBase+path.Base(name), value(read(name))); err != nil {
			panic(err)
		}
	}
	return c
}

type mustNot string

func (m mustNot) Error() string { return string(m) }

func onString(ok func(string) bool) func(any) error {
	return func(v any) error {
		if s, isString := v.(string); isString && !ok(s) {
			return mustNot("is refused")
		}
		return nil
	}
}

func read(name string) []byte {
	b, err := fs.ReadFile(schemas.FS, name)
	if err != nil {
		panic(err)
	}
	return b
}

func value(b []byte) any {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		panic(err)
	}
	return v
}

// conforms is the oracle: strict JSON by one library, the schema by another.
func conforms(body []byte) error {
	if !jsontext.Value(body).IsValid() {
		return mustNot("is not strict JSON")
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return contract().Validate(v)
}

func TestEveryTypeHasASchema(t *testing.T) {
	names, err := fs.Glob(schemas.FS, "events/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, typ := range event.Types() {
		want = append(want, string(typ))
	}
	var got []string
	for _, name := range names {
		if base := strings.TrimSuffix(path.Base(name), ".json"); base != "cloudevent" {
			got = append(got, base)
		}
	}
	sameSet(t, got, want)
}

// TestRelatedSchemas holds the schemas that repeat one another together.
func TestRelatedSchemas(t *testing.T) {
	corrected := func(base, other string) {
		t.Run(other, func(t *testing.T) {
			a, b := properties(t, base), properties(t, other)
			if b["original"] == nil {
				t.Error("no original")
			}
			delete(b, "original")
			sameJSON(t, a, b)
		})
	}
	corrected("participation.checkin.v1", "participation.checkin.corrected.v1")
	corrected("participation.headcount.v1", "participation.headcount.corrected.v1")
	planned := properties(t, "calendar.event.created.v1")
	sameJSON(t, planned, properties(t, "calendar.event.updated.v1"))
	sameJSON(t, properties(t, "survey.wave.opened.v1"), properties(t, "survey.wave.closed.v1"))
	closed := properties(t, "card.closed.v1")
	delete(closed, "closed_at")
	sameJSON(t, properties(t, "card.issued.v1"), closed)
	delete(planned, "status")
	for _, name := range []string{"calendar.event.cancelled.v1", "calendar.event.held.v1"} {
		other := properties(t, name)
		for _, extra := range []string{"status", "actual_start", "actual_end", "attendance"} {
			delete(other, extra)
		}
		sameJSON(t, planned, other)
	}
}

func properties(t *testing.T, name string) map[string]any {
	t.Helper()
	var s struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(read("events/"+name+".json"), &s); err != nil {
		t.Fatal(err)
	}
	return s.Properties
}

func sameJSON(t *testing.T, a, b any) {
	t.Helper()
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if !bytes.Equal(x, y) {
		t.Errorf("differ:\n%s\n%s", x, y)
	}
}
