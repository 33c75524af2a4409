package report

import (
	"testing"

	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
)

// TestEverythingInTheCatalogueHasAName: no reader meets a unit or a method by its short name alone.
func TestEverythingInTheCatalogueHasAName(t *testing.T) {
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range catalogue {
		if _, ok := unitNames[e.Unit]; !ok {
			t.Errorf("%s: the unit %q has no name", e.ID, e.Unit)
		}
		if _, ok := methodNames[string(e.Method)]; !ok {
			t.Errorf("%s: the method %q has no name", e.ID, e.Method)
		}
	}
}
