package aggregator

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
)

// TestBookings holds the measures of costs against their meaning read literally: of the months of a period, or of the year
// up to its end, in the country and by heading and provider; and what is added and taken away again leaves nothing.
func TestBookings(t *testing.T) {
	p := testPlan(t)
	rapid.Check(t, func(rt *rapid.T) {
		var books []booking
		for i := range rapid.IntRange(1, 6).Draw(rt, "n") {
			books = append(books, booking{
				entry: fmt.Sprint(i), area: rapid.SampledFrom([]string{"KU305", "KU853-01"}).Draw(rt, "area"),
				month: indicator.Month.Starts(19_700 + indicator.Date(rapid.IntRange(0, 500).Draw(rt, "month")))[0], cents: int64(1 << i),
				kind: rapid.SampledFrom([]string{"actual", "budget", "commitment"}).Draw(rt, "kind"), heading: rapid.SampledFrom([]string{"wages", "travel"}).Draw(rt, "heading"),
				provider: rapid.SampledFrom([]string{"", "ORG1"}).Draw(rt, "provider"), funded: rapid.Bool().Draw(rt, "funded"),
			})
		}
		d := p.newDeltas()
		for _, b := range books {
			p.addBooking(d, b, +1)
		}
		got := map[string]int64{}
		for k, n := range d.all() {
			if f := p.facetOf(k); p.names.values[k.area] == country {
				got[fmt.Sprint(p.measures[k.measure], indicator.PeriodTypes[k.period], k.start, p.names.values[f.dimension], p.names.values[f.member])] = n
			}
		}
		if want := literalBookings(books); !maps.Equal(got, want) {
			rt.Fatalf("%v\n%v, want\n%v", books, got, want)
		}
		for _, b := range books {
			p.addBooking(d, b, -1)
		}
		if left := d.nonzero(); len(left) > 0 {
			rt.Fatalf("left over: %v", left)
		}
	})
}

func literalBookings(books []booking) map[string]int64 {
	want := map[string]int64{}
	add := func(t indicator.PeriodType, start indicator.Date, measure string, b booking, of func(booking) bool, dimensions ...string) {
		if !of(b) {
			return
		}
		want[fmt.Sprint(measure, t, start, "", "")] += b.cents
		for _, d := range dimensions {
			want[fmt.Sprint(measure, t, start, d, map[string]string{"provider": b.provider, "heading": b.heading}[d])] += b.cents
		}
	}
	actual := func(b booking) bool { return b.kind == "actual" }
	for _, t := range []indicator.PeriodType{indicator.Month, indicator.Quarter, indicator.Year} {
		for start := t.Starts(19_300)[0]; start < 20_700; start = t.End(start) {
			for _, b := range books {
				within := start <= b.month && b.month < t.End(start)
				soFar := b.month < t.End(start) && b.month.Year() == (t.End(start)-1).Year()
				if soFar && t != indicator.Year {
					add(t, start, "cost_to_date[kind=actual]", b, actual, "provider", "heading")
					add(t, start, "cost_to_date[kind=budget]", b, func(b booking) bool { return b.kind == "budget" }, "provider", "heading")
				}
				if within && t != indicator.Month {
					add(t, start, "cost_cents[kind=actual]", b, actual, "provider")
					add(t, start, "cost_cents[funded=yes,kind=actual]", b, func(b booking) bool { return actual(b) && b.funded }, "provider")
				}
			}
		}
	}
	return want
}
