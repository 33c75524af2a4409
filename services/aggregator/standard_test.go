package aggregator

import (
	"fmt"
	"maps"
	"math"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
)

// bandCells sums the cells of a home area in a year by measure, band, sex and member.
func bandCells(p *plan, d *deltas, area string, year indicator.Date) map[string]int64 {
	got := map[string]int64{}
	for k, n := range d.all() {
		m := p.measures[k.measure]
		if m.Standard() != "" && indicator.PeriodTypes[k.period] == indicator.Year && k.start == year && p.names.values[k.area] == area {
			f := p.facetOf(k)
			got[fmt.Sprint(m, p.names.values[f.band], p.names.values[f.sex], p.names.values[f.member])] += n
		}
	}
	return got
}

// TestStandardMeasures holds the measures by band of the standard population against their meaning read literally: what a
// person did in a year counts at home, in the band and sex of the last visit, of which some are known and some not.
func TestStandardMeasures(t *testing.T) {
	p := testPlan(t)
	rapid.Check(t, func(rt *rapid.T) {
		visits := drawVisits(rt, "visits")
		for i := range visits {
			visits[i].birthYear, visits[i].ageBand = rapid.SampledFrom([]int{0, 1933, 1990, 2020}).Draw(rt, "born"), rapid.SampledFrom([]string{"30-34", "29-54", ""}).Draw(rt, "band")
		}
		d := p.newDeltas()
		p.addPerson(d, p.trace(visits, testHistory, past{}), func(indicator.Period) bool { return true }, +1)
		for year := indicator.Year.Starts(19_400)[0]; year < 20_300; year = indicator.Year.End(year) {
			got, want := bandCells(p, d, "KU305", year), literalBands(visits, year, indicator.Year.End(year))
			if !maps.Equal(got, want) {
				rt.Fatalf("%s: %v, want %v", year, got, want)
			}
		}
	})
}

func literalBands(visits []visit, start, end indicator.Date) map[string]int64 {
	want := map[string]int64{}
	var last *visit
	n, by := int64(0), map[string]int64{}
	for i := range visits {
		if v := &visits[i]; start <= v.day && v.day < end {
			last = v
			n++
			by[v.activity]++
		}
	}
	if last == nil {
		return want
	}
	age, band := last.day.Year()-last.birthYear, "unknown"
	switch {
	case last.birthYear != 0 && age >= 90:
		band = "90+"
	case last.birthYear != 0:
		band = fmt.Sprintf("%d-%d", age/5*5, age/5*5+4)
	case last.ageBand == "30-34":
		band = last.ageBand
	}
	want["residents@esp2013"+band+"2"] = 1
	want["resident_visits@esp2013"+band+"2"], want["resident_squares@esp2013"+band+"2"] = n, n*n
	for activity, k := range by {
		want["resident_visits@esp2013"+band+"all"+activity], want["resident_squares@esp2013"+band+"all"+activity] = k, k*k
	}
	return want
}

// TestStandardisedRows: a row of a standardised indicator is made of the cells and residents of each band, and shows
// nothing of the bands but the value, cut to the decimals of its entry. Where some residents' band is not known there is
// none.
func TestStandardisedRows(t *testing.T) {
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		t.Fatal(err)
	}
	ages, year := testAges(t), indicator.Period{Type: indicator.Year, Start: indicator.Year.Starts(19_900)[0]}
	e := catalogue.Find("participation-reach-std")
	area := newAreaGrid()
	counts, residents := area.bands(ages, "residents@esp2013", memberKey{}), make([]int64, int(ages.atoms())+len(ages.standardBands())*len(sexes))
	for band := range ages.standard.Groups {
		counts[ages.standardAtom(band, ages.sexes["1"])] = int64(band)
		residents[int(ages.atoms())+ages.standardAtom(band, ages.sexes["1"])] = 100
	}
	residents[ages.atom("29-54", "1")] = 1900
	area.group(ages, "residents")[ages.atom("29-54", "1")] = 200 // 29 of unknown band
	a := &Aggregator{ages: ages, population: &population{
		counts: map[string]map[int][]int64{"KU305": {2023: residents}}, years: map[string][]int{"KU305": {2023}},
	}}
	p := &publisher{a: a, grid: &grid{period: year, areas: map[string]*areaGrid{"KU305": area}}}
	row := func() publication {
		p.rows = nil
		if err := p.row(e, slot{indicator: e.ID, area: "KU305", group: everyone, sex: everyone, member: everyone}, area.sums(ages.everybody()), ages.everybody()); err != nil {
			t.Fatal(err)
		}
		return p.rows[0]
	}
	value := 0.0
	for band, weight := range []float64{5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000} {
		value += weight * float64(band) / 100
	}
	got := row()
	if want := math.Round(value/100_000*100*10) / 10; got.value != want || got.numerator != 200 || got.denominator != 1900 || got.crude != 100*200.0/1900 {
		t.Errorf("%+v, want %v of 200 by 1900", got, want)
	}
	if math.Round(got.lower95*10) != got.lower95*10 || math.Round(got.effective) != got.effective {
		t.Errorf("limits %v, effective size %v tell more than the value", got.lower95, got.effective)
	}
	residents[int(ages.atoms())+ages.standardAtom(len(ages.standard.Groups), ages.sexes["2"])] = 1
	if got := row(); got.status != statusNoData || !math.IsNaN(got.value) {
		t.Errorf("with residents of unknown band: %+v", got)
	}
}
