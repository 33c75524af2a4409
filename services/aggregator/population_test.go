package aggregator

import (
	"math"
	"testing"

	"vointi.fi/pkg/indicator"
)

func testPopulation(a *ages) *population {
	p := &population{counts: map[string]map[int][]int64{}, years: map[string][]int{}}
	add := func(area string, year int, sex string, n int64) { p.of(a, area, year)[a.atom("29-54", sex)] += n }
	add("KU305", 2022, "1", 1000)
	add("KU305", 2023, "1", 1365)
	add("KU305", 2022, everyone, 1000) // the men once more
	add("KU208", 2022, everyone, 500)
	add("KU853", 2022, "1", 900)
	add("KU853-01", 2022, "1", 300) // part of KU853, which has its own number
	p.dropSums(a)
	p.sumUp(a, testPlaces())
	for area, years := range p.counts {
		for y := 2022; y <= 2023; y++ {
			if years[y] != nil {
				p.years[area] = append(p.years[area], y)
			}
		}
	}
	return p
}

func TestPopulationDenominator(t *testing.T) {
	ages := testAges(t)
	p := testPopulation(ages)
	everybody := ages.everybody()
	for name, c := range map[string]struct {
		area   string
		typ    indicator.PeriodType
		start  string
		want   float64
		kind   string
		around float64
	}{
		"a calendar year is the mean of both ends":        {"KU305", indicator.Year, "2023-01-01", 1182.5, kindMean, 0},
		"a quarter is interpolated at its middle":         {"KU305", indicator.Quarter, "2023-01-01", 1000 + 46, kindInterpolated, 1},
		"the later end is unknown":                        {"KU305", indicator.Year, "2024-01-01", 1365, kindLatest, 0},
		"before the first number":                         {"KU305", indicator.Year, "2020-01-01", 1000, kindEarliest, 0},
		"a county without its own number is the sum":      {"HVA17", indicator.Year, "2022-01-01", 1500, kindEarliest, 0},
		"service areas are not added to their city's own": {"HVA02", indicator.Year, "2022-01-01", 900, kindEarliest, 0},
		"the country": {"SSS", indicator.Year, "2022-01-01", 2400, kindEarliest, 0},
	} {
		t.Run(name, func(t *testing.T) {
			start, err := indicator.ParseDate(c.start)
			if err != nil {
				t.Fatal(err)
			}
			got, kind := p.at(c.area, indicator.Period{Type: c.typ, Start: start}, everybody)
			if math.Abs(got-c.want) > c.around || kind != c.kind {
				t.Errorf("%v %s, want %v %s", got, kind, c.want, c.kind)
			}
		})
	}
	if got, kind := p.at("KU999", indicator.Period{Type: indicator.Year, Start: 19_000}, everybody); !math.IsNaN(got) || kind != "" {
		t.Errorf("an unknown area has %v %s", got, kind)
	}
}
