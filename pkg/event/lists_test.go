package event_test

import (
	"encoding/json"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"vointi.fi/pkg/event"
)

// TestClosedLists compares code, schemas and the lists for people.
func TestClosedLists(t *testing.T) {
	var named map[string]yaml.Node
	if err := yaml.Unmarshal(read("reference/lists.yaml"), &named); err != nil {
		t.Fatal(err)
	}
	inSchemas := enums(t)
	for list, codes := range event.ClosedLists() {
		node, ok := named[list]
		if !ok {
			t.Errorf("lists.yaml has no %s", list)
			continue
		}
		delete(named, list)
		var order []string
		for i := 0; i < len(node.Content); i += 2 {
			order = append(order, node.Content[i].Value)
			var label map[string]string
			if err := node.Content[i+1].Decode(&label); err != nil || label["fi"] == "" || label["sv"] == "" || label["en"] == "" || len(label) != 3 {
				t.Errorf("%s %s needs a name in fi, sv and en: %v", list, node.Content[i].Value, err)
			}
		}
		if got, want := strings.Join(codes, " "), strings.Join(order, " "); got != want {
			t.Errorf("%s: code has %q, lists.yaml %q", list, got, want)
		}
		if list != "name_language" && !inSchemas[strings.Join(codes, " ")] {
			t.Errorf("%s: no schema has the list %q", list, codes)
		}
	}
	for list := range named {
		t.Errorf("lists.yaml has %s, the code does not", list)
	}
}

// enums returns every enum of the schemas, its codes joined by spaces.
func enums(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for name, e := range v {
				if list, ok := e.([]any); ok && name == "enum" {
					var codes []string
					for _, c := range list {
						codes = append(codes, c.(string))
					}
					found[strings.Join(codes, " ")] = true
				}
				walk(e)
			}
		}
	}
	for _, name := range append([]event.Type{"cloudevent"}, event.Types()...) {
		var v any
		if err := json.Unmarshal(read("events/"+string(name)+".json"), &v); err != nil {
			t.Fatal(err)
		}
		walk(v)
	}
	return found
}
