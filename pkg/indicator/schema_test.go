package indicator_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
)

// contract is the JSON Schema of a file of the catalogue.
var contract = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile("../../schemas/indicator.schema.json")
})

// againstSchema returns what the schema finds wrong with a file.
func againstSchema(t *testing.T, text []byte) error {
	t.Helper()
	schema, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	var content any
	if err := yaml.Unmarshal(text, &content); err != nil {
		return err
	}
	asJSON, err := json.Marshal(content)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestCatalogueFitsItsSchema(t *testing.T) {
	files, err := fs.Glob(schemas.FS, "indicators/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for _, f := range files {
		text, err := fs.ReadFile(schemas.FS, f)
		if err != nil {
			t.Fatal(err)
		}
		if err := againstSchema(t, text); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// TestSchemaNamesWhatTheCodeKnows: its closed lists are those that a fault reads out.
func TestSchemaNamesWhatTheCodeKnows(t *testing.T) {
	text, err := os.ReadFile("../../schemas/indicator.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for list, words := range indicator.ClosedLists() {
		asJSON, err := json.Marshal(words)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(bytes.Join(bytes.Fields(text), nil), bytes.Join(bytes.Fields(asJSON), nil)) {
			t.Errorf("the schema does not have the %s %s", list, asJSON)
		}
	}
}
