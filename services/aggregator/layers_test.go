package aggregator

import (
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestShorterPeriodsAreProtectedFirst: a longer period is protected together with shorter ones as they are published.
func TestShorterPeriodsAreProtectedFirst(t *testing.T) {
	for i, typ := range inChain {
		for _, s := range shorter[typ] {
			if !slices.Contains(inChain[:i], s) {
				t.Errorf("%s may be published before %s, which lies within it", typ, s)
			}
		}
	}
	all := slices.Sorted(slices.Values(append([]indicator.PeriodType{indicator.Rolling12M}, inChain...)))
	if want := slices.Sorted(slices.Values(indicator.PeriodTypes)); !slices.Equal(all, want) {
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

// byProvider are the referrals of a choir and of a gym in a period; few are hidden.
func byProvider(t *testing.T, a *Aggregator, typ indicator.PeriodType, start indicator.Date, choir, gym int64, few bool) *layer {
	t.Helper()
	c := newAreaGrid()
	c.group(a.ages, indicator.Referrals)[a.ages.atom(unknown, unknown)] = choir + gym
	c.members[indicator.Referrals] = map[memberKey]int64{{"provider", "choir"}: choir, {"provider", "gym"}: gym}
	l := &layer{grid: &grid{period: indicator.Period{Type: typ, Start: start}, areas: map[string]*areaGrid{"KU305": c}}}
	if few {
		l.hidden = []slot{provider("choir"), provider("gym")}
	}
	return l
}

func provider(member string) slot {
	return slot{indicator: "referrals", area: "KU305", group: everyone, sex: everyone, dimension: "provider", member: member}
}

// TestMemberOfAYear: the year of a provider hides what one hidden quarter of it could be calculated from, and what two hidden months
// could be narrowed by: where their quarters are hidden, too, each could be anything, but 3 and 3 that are known to be 6 are 1 … 5.
func TestMemberOfAYear(t *testing.T) {
	a := protecting(t)
	quarters := []indicator.Date{on(t, "2025-01-01"), on(t, "2025-04-01"), on(t, "2025-07-01"), on(t, "2025-10-01")}
	oneQuarter, twoMonths := layers{}, layers{}
	for i, q := range quarters {
		if i == 3 {
			oneQuarter[indicator.Quarter] = append(oneQuarter[indicator.Quarter], byProvider(t, a, indicator.Quarter, q, 3, 50, true))
		} else {
			oneQuarter[indicator.Quarter] = append(oneQuarter[indicator.Quarter], byProvider(t, a, indicator.Quarter, q, 20, 50, false))
		}
		few := i < 2
		choir := map[bool]int64{true: 3, false: 20}[few]
		twoMonths[indicator.Quarter] = append(twoMonths[indicator.Quarter], byProvider(t, a, indicator.Quarter, q, choir+40, 150, few))
		second := indicator.Month.End(q)
		twoMonths[indicator.Month] = append(twoMonths[indicator.Month],
			byProvider(t, a, indicator.Month, q, choir, 50, few),
			byProvider(t, a, indicator.Month, second, 20, 50, false),
			byProvider(t, a, indicator.Month, indicator.Month.End(second), 20, 50, false))
	}
	for name, c := range map[string]struct {
		within     layers
		choir, gym int64
	}{
		"one quarter": {oneQuarter, 63, 200},
		"two months":  {twoMonths, 206, 600},
	} {
		mask, err := a.mask(byProvider(t, a, indicator.Year, quarters[0], c.choir, c.gym, false).grid, indicator.Referrals, dimensionNames, 5, nil, nil, c.within)
		if err != nil {
			t.Fatal(err)
		}
		for _, member := range []string{"choir", "gym"} {
			if !mask.hides(provider(member)) {
				t.Errorf("%s: the year of the %s is shown, which tells what is hidden", name, member)
			}
		}
	}
}

// TestRowsThatNobodyReads: visits to culture are not published by sex, so those of the quarters tell nothing of the year, whose few are
// hidden together with others.
func TestRowsThatNobodyReads(t *testing.T) {
	a := protecting(t)
	culture := indicator.Measure("resident_visits[activity_type=culture]")
	visits := func(typ indicator.PeriodType, start string, younger, older int64) *layer {
		c := newAreaGrid()
		c.group(a.ages, culture)[a.ages.atom("29-54", "1")] = younger
		c.group(a.ages, culture)[a.ages.atom("55-64", "1")] = older
		return &layer{grid: &grid{period: indicator.Period{Type: typ, Start: on(t, start)}, areas: map[string]*areaGrid{"KU305": c}}}
	}
	within := layers{indicator.Quarter: {
		visits(indicator.Quarter, "2025-01-01", 2, 0), visits(indicator.Quarter, "2025-04-01", 1, 1),
		visits(indicator.Quarter, "2025-07-01", 1, 1), visits(indicator.Quarter, "2025-10-01", 1, 0),
	}}
	entry := a.cfg.Catalogue.Find("culture-visit-rate")
	for _, l := range within[indicator.Quarter] {
		for i := range a.ages.people {
			of := &a.ages.people[i]
			if shows(entry, of) && of.sum(l.areas["KU305"].groups[culture]) > 0 {
				l.hidden = append(l.hidden, slot{indicator: entry.ID, area: "KU305", scheme: of.scheme, group: of.group, sex: of.sex})
			}
		}
	}
	mask, err := a.mask(visits(indicator.Year, "2025-01-01", 5, 2).grid, culture, nil, 5, nil, nil, within)
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range []string{"20-54", "55-74"} {
		if !mask.hides(slot{area: "KU305", scheme: "finsote", group: group, sex: everyone}) {
			t.Errorf("of two groups, of which one is 2, the one of %s is shown", group)
		}
	}
}

// TestUnbrokenPeriods: no other period begins between them. A rolling window begins with each month, so two that follow upon each other have
// eleven others between them.
func TestUnbrokenPeriods(t *testing.T) {
	for _, c := range []struct {
		typ    indicator.PeriodType
		starts []string
		want   bool
	}{
		{indicator.Week, []string{"2025-01-06"}, true},
		{indicator.Month, []string{"2025-01-01", "2025-02-01", "2025-03-01"}, true},
		{indicator.Month, []string{"2025-01-01", "2025-03-01"}, false},
		{indicator.Rolling12M, []string{"2024-01-01", "2025-01-01"}, false},
		{indicator.Rolling12M, []string{"2024-12-01", "2025-01-01"}, true},
		{indicator.Day, []string{"2025-02-28", "2025-03-01", "2025-03-02"}, true},
	} {
		var starts []indicator.Date
		for _, s := range c.starts {
			starts = append(starts, on(t, s))
		}
		if got := unbroken(c.typ, starts); got != c.want {
			t.Errorf("%s %v: unbroken %t", c.typ, c.starts, got)
		}
	}
}
