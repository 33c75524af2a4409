package aggregator

import (
	"testing"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

func testAges(t testing.TB) *ages {
	t.Helper()
	schemes, err := reference.LoadAgeSchemes(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	return newAges(schemes)
}

// testPlan is the real catalogue over a few areas, two counties among them.
func testPlan(t testing.TB) *plan {
	t.Helper()
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		t.Fatal(err)
	}
	return newPlan(catalogue, testPlaces(), testAges(t), DefaultActivityRule)
}

func testPlaces() *places {
	return newPlaces(map[string]areaNode{
		"SSS":      {level: "country"},
		"HVA17":    {level: "county", parents: []string{"SSS"}},
		"HVA02":    {level: "county", parents: []string{"SSS"}},
		"MK17":     {level: "region", parents: []string{"SSS"}},
		"KU305":    {level: "municipality", parents: []string{"HVA17", "MK17"}},
		"KU208":    {level: "municipality", parents: []string{"HVA17", "MK17"}},
		"KU853":    {level: "municipality", parents: []string{"HVA02"}},
		"KU853-01": {level: "service_area", parents: []string{"KU853"}},
	})
}
