package e2e

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// described is what the tests read of schemas/openapi.yaml.
type described struct {
	Paths      map[string]map[string]operation
	Components struct {
		Schemas map[string]struct {
			Required   []string
			Properties map[string]any
		}
	}
}

type operation struct {
	RequestBody struct {
		Content map[string]struct{ Example any }
	} `yaml:"requestBody"`
	Responses map[string]any
}

func openAPI(t *testing.T) (d described) {
	t.Helper()
	if err := yaml.Unmarshal(read(t, "schemas/openapi.yaml"), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

var route = regexp.MustCompile(`^(GET|PUT|POST|DELETE|PATCH) (/\S*)$`)

// TestEveryRouteIsDescribed: the routes in the code and the operations in schemas/openapi.yaml are the same, but for the
// pages that people look at.
func TestEveryRouteIsDescribed(t *testing.T) {
	coded := map[string]bool{}
	for path, p := range packages(t) {
		if !under(path, "services") && path != "pkg/service" || under(path, "services/e2e") {
			continue
		}
		for _, name := range p.GoFiles {
			for _, r := range routes(t, filepath.Join(p.Dir, name)) {
				coded[r] = true
			}
		}
	}
	told := map[string]bool{}
	for path, methods := range openAPI(t).Paths {
		for method := range methods {
			told[strings.ToUpper(method)+" "+path] = true
		}
	}
	for r := range coded {
		if !told[r] && !slices.Contains(pages, r) {
			t.Errorf("%s is not in schemas/openapi.yaml", r)
		}
	}
	for r := range told {
		if !coded[r] {
			t.Errorf("schemas/openapi.yaml has %s, which no service serves", r)
		}
	}
}

// pages are for people, and what only they ask.
var pages = []string{"GET /{$}", "GET /checkin", "POST /v1/participation/pair"}

// routes lists the patterns that a file's calls of Handle and HandleFunc begin with.
func routes(t *testing.T, file string) (patterns []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !strings.HasPrefix(selector.Sel.Name, "Handle") {
			return true
		}
		if literal, ok := call.Args[0].(*ast.BasicLit); ok {
			if pattern, err := strconv.Unquote(literal.Value); err == nil && route.MatchString(pattern) {
				patterns = append(patterns, pattern)
			}
		}
		return true
	})
	return patterns
}

// TestBodiesHaveTheAttributesOfTheirEvents: what a request may say is what its event may say, but for what the service
// makes of it.
func TestBodiesHaveTheAttributesOfTheirEvents(t *testing.T) {
	for body, of := range map[string]struct {
		events   []string
		without  []string
		besides  []string
		required []string // in place of what is left out
	}{
		"checkin": {
			events:  []string{"participation.checkin.v1"},
			without: []string{"person_pseudonym", "household_pseudonym", "key_version"},
			besides: []string{"card_id", "card_issuer", "household_id", "birth_date"}, required: []string{"card_id"},
		},
		"headcount":  {events: []string{"participation.headcount.v1"}},
		"response":   {events: []string{"survey.response.v1"}},
		"wave":       {events: []string{"survey.wave.opened.v1", "survey.wave.closed.v1"}, besides: []string{"at"}},
		"occurrence": {events: []string{"calendar.event.created.v1", "calendar.event.updated.v1", "calendar.event.cancelled.v1", "calendar.event.held.v1"}},
	} {
		properties, required := map[string]bool{}, map[string]bool{}
		for _, name := range of.events {
			var s struct {
				Required   []string
				Properties map[string]any
			}
			if err := json.Unmarshal(read(t, "schemas/events/"+name+".json"), &s); err != nil {
				t.Fatal(err)
			}
			add(properties, slices.Collect(maps.Keys(s.Properties)))
			add(required, s.Required)
		}
		for _, name := range of.without {
			delete(properties, name)
			delete(required, name)
		}
		add(properties, of.besides)
		add(required, of.required)
		if body == "occurrence" {
			delete(required, "event_id") // it is in the address
		}
		is := openAPI(t).Components.Schemas[body]
		if got, want := slices.Sorted(maps.Keys(is.Properties)), slices.Sorted(maps.Keys(properties)); !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", body, got, want)
		}
		if got, want := slices.Sorted(slices.Values(is.Required)), slices.Sorted(maps.Keys(required)); !slices.Equal(got, want) {
			t.Errorf("%s requires %v, want %v", body, got, want)
		}
	}
}

func add(set map[string]bool, names []string) {
	for _, name := range names {
		set[name] = true
	}
}
