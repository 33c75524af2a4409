package aggregator

import (
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestShorterPeriodsAreProtectedFirst: a longer period is protected together with shorter ones as they are published.
func TestShorterPeriodsAreProtectedFirst(t *testing.T) {
	chainOf, all := map[indicator.PeriodType]int{}, []indicator.PeriodType{}
	for i, chain := range inOrder {
		for _, typ := range chain {
			chainOf[typ] = i
			for _, s := range shorter[typ] {
				if before, known := chainOf[s]; !known || before != i {
					t.Errorf("%s may be published before %s, which lies within it", typ, s)
				}
			}
		}
		all = append(all, chain...)
	}
	slices.Sort(all)
	want := slices.Sorted(slices.Values(indicator.PeriodTypes))
	if !slices.Equal(all, want) {
		t.Errorf("published are %v, of %v", all, want)
	}
}

// TestWeeksOfLongerPeriods: a month is its whole weeks and the days beside, where all of these are published; a day that is not
// leaves no such sum.
func TestWeeksOfLongerPeriods(t *testing.T) {
	december := indicator.Period{Type: indicator.Month, Start: on(t, "2024-12-01")}
	within := layers{}
	for _, typ := range []indicator.PeriodType{indicator.Week, indicator.Day} {
		for _, p := range periodsAbout(typ, december) {
			within[typ] = append(within[typ], &layer{grid: &grid{period: p}})
		}
	}
	s := within.stack(&grid{period: december}, indicator.Week, indicator.Day)
	var got []string
	for _, i := range s.sums[0][len(s.sums[0])-1] {
		got = append(got, s.layers[i].period.String())
	}
	want := []string{"week/2024-12-02", "week/2024-12-09", "week/2024-12-16", "week/2024-12-23", "day/2024-12-01", "day/2024-12-30", "day/2024-12-31"}
	if len(s.sums[0]) != 2 || !slices.Equal(got, want) {
		t.Errorf("of %d sums the last is %v, want %v", len(s.sums[0]), got, want)
	}
	within[indicator.Day] = slices.DeleteFunc(within[indicator.Day], func(l *layer) bool { return l.period.Start == on(t, "2024-12-31") })
	if s = within.stack(&grid{period: december}, indicator.Week, indicator.Day); len(s.sums[0]) != 0 {
		t.Errorf("without the last day there are sums %v", s.sums[0])
	}
}

// TestMemberOfAYearTellsNoQuarter: the year of a provider hides what one hidden quarter of it could be calculated from. It did
// not, as long as only totals of quarters were held to those of years.
func TestMemberOfAYearTellsNoQuarter(t *testing.T) {
	a := protecting(t)
	visits := func(typ indicator.PeriodType, start string, few, many int64) *grid {
		c := newAreaGrid()
		c.group(a.ages, indicator.Referrals)[a.ages.atom(unknown, unknown)] = few + many
		c.members[indicator.Referrals] = map[memberKey]int64{{"provider", "choir"}: few, {"provider", "gym"}: many}
		return &grid{period: indicator.Period{Type: typ, Start: on(t, start)}, areas: map[string]*areaGrid{"KU305": c}}
	}
	row := func(member string) slot {
		return slot{indicator: "referrals", area: "KU305", group: everyone, sex: everyone, dimension: "provider", member: member}
	}
	within := layers{indicator.Quarter: {
		{grid: visits(indicator.Quarter, "2025-01-01", 20, 50)},
		{grid: visits(indicator.Quarter, "2025-04-01", 20, 50)},
		{grid: visits(indicator.Quarter, "2025-07-01", 20, 50)},
		{grid: visits(indicator.Quarter, "2025-10-01", 3, 50), hidden: []slot{row("choir"), row("gym")}},
	}}
	mask, err := a.mask(visits(indicator.Year, "2025-01-01", 63, 200), indicator.Referrals, dimensionNames, 5, nil, nil, within)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"choir", "gym"} {
		if !mask.hides(row(member)) {
			t.Errorf("the year of the %s is shown, and so are three of its quarters: that tells the fourth", member)
		}
	}
}
