package aggregator

import (
	"fmt"
	"maps"
	"testing"

	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
)

// TestResponseRate: complete answers by those asked, for every group of whom it is known how many were asked. Groups with
// fewer than thirty complete answers are hidden, and with them what would give them away.
func TestResponseRate(t *testing.T) {
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		t.Fatal(err)
	}
	a := &Aggregator{ages: testAges(t), places: testPlaces(), cfg: Config{Catalogue: catalogue, Threshold: 5}}
	w := &wave{id: "W", starts: 19_900, strata: []stratum{
		{"KU305", "20-54", "1", 100}, {"KU305", "20-54", "2", 100}, {"KU305", "55-74", "1", 80}, {"KU305", "55-74", "2", 80}, {"KU305", "75+", "", 100},
	}}
	var responses []response
	answer := func(band, sex string, complete bool, n int) {
		for range n {
			responses = append(responses, response{area: "KU305", band: band, sex: sex, complete: complete})
		}
	}
	answer("20-28", "1", true, 25)
	answer("29-54", "1", true, 25)
	answer("29-54", "2", true, 60)
	answer("29-54", "2", false, 7)
	answer("55-64", "1", true, 40)
	answer("65-74", "2", true, 32)
	answer("75+", "2", true, 12)
	rows, err := a.responseRows(catalogue.Find("survey-response-rate"), w, a.respondents(responses))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range rows {
		if r.area == "KU305" {
			got[r.scheme+" "+r.group+" "+r.sex] = fmt.Sprintf("%.1f %v", r.value, r.protected)
		}
	}
	want := map[string]string{
		" all all":        "42.2 false", // 194 of 460
		"finsote 20-54 1": "50.0 false", "finsote 20-54 2": "60.0 false", "finsote 20-54 all": "55.0 false",
		"finsote 55-74 1": "50.0 false", "finsote 55-74 2": "NaN true", "finsote 55-74 all": "NaN true",
		"finsote 75+ all": "NaN true",
	}
	for group, v := range want {
		if got[group] != v {
			t.Errorf("%s: %s, want %s", group, got[group], v)
		}
	}
	for group := range maps.Keys(got) {
		if _, expected := want[group]; !expected {
			t.Errorf("%s: %s, though nobody knows how many of them were asked", group, got[group])
		}
	}
}
