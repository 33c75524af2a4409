package aggregator

import (
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestAnonymousVisitsLeaveFew: where anonymous visits leave few of those of unknown age or sex they are hidden, and so is another area's,
// which would tell them; few of both are hidden by hiding visits of which neither is known. What leaves enough is shown, whatever
// else of visits is hidden for being small.
func TestAnonymousVisitsLeaveFew(t *testing.T) {
	a := protecting(t)
	for name, c := range map[string]struct {
		ageless, sexless, both   int64 // visits with a card in KU208: of unknown age and sex 1, of age 29-54 and unknown sex, of neither known
		hidden, nameless, rather bool  // anonymous visits, visits of unknown age and sex, anonymous visits of another area
	}{
		"nobody":                 {0, 0, 0, false, false, false},
		"many":                   {20, 30, 0, false, false, false},
		"few of unknown age":     {3, 30, 0, true, true, true},
		"few of unknown sex":     {30, 2, 0, true, true, true},
		"few of neither":         {30, 30, 3, false, true, false},
		"a few of a small group": {30, 30, 0, false, false, false},
	} {
		g := &grid{period: indicator.Period{Type: indicator.Month, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
		for area, of := range map[string][3]int64{"KU208": {c.ageless, c.sexless, c.both}, "KU305": {40, 40, 20}, "HVA17": {c.ageless + 40, c.sexless + 40, c.both + 20}} {
			counts := newAreaGrid()
			g.areas[area] = counts
			times := int64(1)
			if area == "HVA17" {
				times = 2
			}
			visits := counts.group(a.ages, indicator.Visits)
			for _, band := range []string{"13-17", "29-54", "65-74"} {
				for _, sex := range []string{"1", "2"} {
					visits[a.ages.atom(band, sex)] = 60 * times
				}
			}
			if name == "a few of a small group" {
				visits[a.ages.atom("13-17", "1")] = 3 * times
			}
			visits[a.ages.atom(unknown, "1")], visits[a.ages.atom("29-54", unknown)], visits[a.ages.atom(unknown, unknown)] = of[0], of[1], 100*times+of[2]
			counts.group(a.ages, indicator.AnonymousVisits)[a.ages.atom(unknown, unknown)] = 100 * times
		}
		ms := a.masksOf(t, g, layers{})
		total := slot{area: "KU208", group: everyone, sex: everyone}
		other := slot{area: "KU305", group: everyone, sex: everyone}
		if got := ms[indicator.AnonymousVisits].hides(total); got != c.hidden {
			t.Errorf("%s: anonymous visits hidden %t", name, got)
		}
		if got := ms[indicator.Visits].hides(a.unknownRow("KU208")); got != c.nameless {
			t.Errorf("%s: visits of unknown age and sex hidden %t", name, got)
		}
		if got := ms[indicator.AnonymousVisits].hides(other); got != c.rather {
			t.Errorf("%s: anonymous visits of another area hidden %t", name, got)
		}
	}
}

// TestNobodyElse: of visits of unknown age and sex the country has anonymous ones only, and shows both numbers. So its counties have no
// others either, and of one that shows its anonymous visits everybody knows the row, whatever other counties hide. The few of unknown age
// in each sex beside it are hidden without counting on that row, which is shown.
func TestNobodyElse(t *testing.T) {
	a := protecting(t)
	a.places = newPlaces(map[string]areaNode{
		"SSS": {level: "country"}, "HVA17": {level: "county", parents: []string{"SSS"}},
		"HVA02": {level: "county", parents: []string{"SSS"}}, "HVA06": {level: "county", parents: []string{"SSS"}},
	})
	g := &grid{period: indicator.Period{Type: indicator.Month, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
	for area, of := range map[string][4]int64{ // how many such counties; of unknown age and sex 1, and 2; anonymous
		"HVA17": {1, 2, 4, 40}, "HVA02": {1, 300, 400, 3}, "HVA06": {1, 200, 300, 20}, "SSS": {3, 502, 704, 63},
	} {
		counts := newAreaGrid()
		g.areas[area] = counts
		visits := counts.group(a.ages, indicator.Visits)
		for _, band := range []string{"13-17", "29-54", "65-74"} {
			for _, sex := range []string{"1", "2"} {
				visits[a.ages.atom(band, sex)] = 60 * of[0]
			}
		}
		visits[a.ages.atom(unknown, "1")], visits[a.ages.atom(unknown, "2")], visits[a.ages.atom(unknown, unknown)] = of[1], of[2], of[3]
		counts.group(a.ages, indicator.AnonymousVisits)[a.ages.atom(unknown, unknown)] = of[3]
	}
	ms := a.masksOf(t, g, layers{})
	country, county := a.unknownRow("SSS"), a.unknownRow("HVA17")
	all := slot{area: "SSS", group: everyone, sex: everyone}
	of := all
	of.area = county.area
	if anonymous := ms[indicator.AnonymousVisits]; anonymous.hides(all) || anonymous.hides(of) || ms[indicator.Visits].hides(country) {
		t.Fatal("nobody knows that there is nobody else")
	}
	if ms[indicator.Visits].hides(county) {
		t.Error("what is told is hidden")
	}
	for _, sex := range []string{"1", "2", everyone} {
		if county.sex = sex; !ms[indicator.Visits].hides(county) {
			t.Errorf("visits of unknown age and sex %s are shown", sex)
		}
	}
}

// TestAnonymousVisitsThatTell: where few visits have no proof, anonymous visits there are hidden, in all rows that are shown and not 0, and
// visits are protected anew.
func TestAnonymousVisitsThatTell(t *testing.T) {
	a := protecting(t)
	g := &grid{period: indicator.Period{Type: indicator.Month, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
	for _, area := range []string{"KU208", "KU305"} {
		counts := newAreaGrid()
		g.areas[area] = counts
		for _, m := range []indicator.Measure{indicator.Visits, indicator.AnonymousVisits} {
			counts.group(a.ages, m)[a.ages.atom(unknown, unknown)] = 40
			counts.members[m] = map[memberKey]int64{{"provider", "choir"}: 40, {"provider", "gym"}: 0}
		}
	}
	ms := a.masksOf(t, g, layers{})
	visits := ms[indicator.Visits]
	visits.exposed = []int{visits.grid.Total(visits.areas["KU208"]) + 1}
	total := slot{area: "KU208", group: everyone, sex: everyone}
	choir := total
	choir.dimension, choir.member = "provider", "choir"
	var renewed []indicator.Measure
	err := a.hideTelling(ms, func(m indicator.Measure, hide, _ []slot) error {
		renewed = append(renewed, m)
		switch m {
		case indicator.AnonymousVisits:
			if !slices.Equal(hide, []slot{total, choir}) {
				t.Errorf("hides %v", hide)
			}
		case indicator.Visits:
			if ms[m] != nil {
				t.Error("visits keep proofs that count on anonymous ones")
			}
		}
		return nil
	})
	if err != nil || !slices.Equal(renewed, []indicator.Measure{indicator.AnonymousVisits, indicator.Visits}) {
		t.Errorf("%v, %v", renewed, err)
	}
}

// TestHardlyAnybodyHasACard: all visits of a month are anonymous, which are told by the month only. A day of few is hidden in two areas, so the
// visits of their month are, and the anonymous ones, which are as many.
func TestHardlyAnybodyHasACard(t *testing.T) {
	a := protecting(t)
	month := indicator.Period{Type: indicator.Month, Start: on(t, "2025-07-01")}
	count := func(c *areaGrid, n int64) *areaGrid {
		for _, m := range []indicator.Measure{indicator.Visits, indicator.AnonymousVisits} {
			c.group(a.ages, m)[a.ages.atom(unknown, unknown)] += n
		}
		return c
	}
	g := &grid{period: month, areas: map[string]*areaGrid{}}
	within := layers{}
	for d := month.Start; d < month.End(); d++ {
		l := &layer{grid: &grid{period: indicator.Period{Type: indicator.Day, Start: d}, areas: map[string]*areaGrid{}}}
		within[indicator.Day] = append(within[indicator.Day], l)
		for area, of := range map[string][3]int64{"KU305": {11, 6, 20}, "KU208": {9, 4, 30}, "HVA17": {20, 10, 50}} {
			n := map[int]int64{10: of[0], 17: of[1], 24: of[2]}[int(d-month.Start)]
			if g.areas[area] == nil {
				g.areas[area] = newAreaGrid()
			}
			l.areas[area] = count(newAreaGrid(), n)
			count(g.areas[area], n)
			if n == 6 || n == 4 {
				l.hidden = append(l.hidden, slot{indicator: "participation-visits", area: area, group: everyone, sex: everyone})
			}
		}
	}
	ms := a.masksOf(t, g, within)
	for _, area := range []string{"KU305", "KU208"} {
		total := slot{area: area, group: everyone, sex: everyone}
		if !ms[indicator.Visits].hides(total) || !ms[indicator.AnonymousVisits].hides(total) {
			t.Errorf("%s: hidden %t of visits, %t of anonymous ones", area, ms[indicator.Visits].hides(total), ms[indicator.AnonymousVisits].hides(total))
		}
	}
}

// TestAllAnonymousTellsItsMonths: in KU208 all visits to one activity are anonymous, and those of months are hidden, as few in KU305 would follow
// from them. A quarter that showed as many anonymous visits as visits would tell them: visits of its months are shown.
func TestAllAnonymousTellsItsMonths(t *testing.T) {
	a := protecting(t)
	quarter := indicator.Period{Type: indicator.Quarter, Start: on(t, "2025-10-01")}
	g, within := &grid{period: quarter, areas: map[string]*areaGrid{}}, layers{}
	add := func(to *grid, area, activity string, visits, without int64) {
		if to.areas[area] == nil {
			to.areas[area] = newAreaGrid()
		}
		for m, n := range map[indicator.Measure]int64{indicator.Visits: visits, indicator.AnonymousVisits: without} {
			to.areas[area].group(a.ages, m)[a.ages.atom(unknown, unknown)] += n
			to.areas[area].member(m)[memberKey{"activity_type", activity}] += n
		}
	}
	other := slot{area: "KU208", group: everyone, sex: everyone, dimension: "activity_type", member: "other"}
	for i, start := range []string{"2025-10-01", "2025-11-01", "2025-12-01"} {
		l := &layer{grid: &grid{period: indicator.Period{Type: indicator.Month, Start: on(t, start)}, areas: map[string]*areaGrid{}}}
		within[indicator.Month] = append(within[indicator.Month], l)
		for _, of := range []struct {
			area, activity  string
			visits, without int64
		}{
			{"KU208", "other", []int64{25, 30, 20}[i], []int64{25, 30, 20}[i]},
			{"KU208", "sport", 200, 30},
			{"KU305", "other", 52, []int64{4, 20, 15}[i]},
			{"KU305", "sport", 300, 40},
		} {
			for _, to := range []*grid{l.grid, g} {
				add(to, of.area, of.activity, of.visits, of.without)
				add(to, "HVA17", of.activity, of.visits, of.without)
			}
			hidden := other
			hidden.indicator, hidden.area, hidden.member = "anonymous-share", of.area, of.activity
			l.hidden = append(l.hidden, hidden)
		}
	}
	ms := a.masksOf(t, g, within)
	if ms[indicator.Visits].hides(other) || !ms[indicator.AnonymousVisits].hides(other) {
		t.Errorf("hidden %t of visits, %t of anonymous ones", ms[indicator.Visits].hides(other), ms[indicator.AnonymousVisits].hides(other))
	}
	county := other
	if county.area = "HVA17"; ms[indicator.AnonymousVisits].hides(county) {
		t.Error("the county is hidden, where hiding municipalities would do")
	}
}

// TestMonthsLeaveFewTogether: in two months of a year, visits of unknown age are shown, and so are those of each sex, which are all but 102 a
// month; the 100 anonymous ones among these are hidden. The year's anonymous visits would tell that 4 are left for both months, so they are
// hidden, too, and likewise if it is the sex that is unknown. Not if 6 are left for three months, if nobody knows how many visits are of
// unknown age, or sex, or if of those of one sex, 3, it is known only that there are any.
func TestMonthsLeaveFewTogether(t *testing.T) {
	a := protecting(t)
	total := slot{indicator: "anonymous-share", area: "KU305", group: everyone, sex: everyone, member: everyone}
	ageless := slot{indicator: "participation-visits", area: "KU305", scheme: "report5", group: unknown, sex: everyone, member: everyone}
	sexless, both, women := ageless, ageless, ageless
	sexless.group, sexless.sex, both.sex, women.sex = everyone, unknown, unknown, "2"
	for name, c := range map[string]struct {
		few    []int // months
		women  int64 // of unknown age in each of these
		hides  []slot
		hidden bool
	}{
		"two months":                           {[]int{0, 6}, 20, []slot{both, sexless}, true},
		"two months, by age":                   {[]int{0, 6}, 20, []slot{both, ageless}, true},
		"three months":                         {[]int{0, 6, 7}, 20, []slot{both, sexless}, false},
		"two months, neither told":             {[]int{0, 6}, 20, []slot{both, sexless, ageless}, false},
		"two months, women of whom 1 is known": {[]int{0, 6}, 3, []slot{both, sexless, women}, false},
	} {
		year := &grid{period: indicator.Period{Type: indicator.Year, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{"KU305": newAreaGrid()}}
		within := layers{}
		add := func(typ indicator.PeriodType, start indicator.Date) *layer {
			l := &layer{grid: &grid{period: indicator.Period{Type: typ, Start: start}, areas: map[string]*areaGrid{"KU305": newAreaGrid()}}}
			within[typ] = append(within[typ], l)
			return l
		}
		start, quarter := year.period.Start, (*layer)(nil)
		for month := range 12 {
			if month%3 == 0 {
				quarter = add(indicator.Quarter, start)
			}
			l, left, women := add(indicator.Month, start), int64(20), int64(20)
			if start = l.period.End(); slices.Contains(c.few, month) {
				left, women = 2, c.women
				l.hidden = append(c.hides, total)
				quarter.hidden = append(quarter.hidden, total, sexless, both, ageless)
			}
			for _, of := range []*grid{year, quarter.grid, l.grid} {
				visits := of.areas["KU305"].group(a.ages, indicator.Visits)
				for _, sex := range []string{"1", "2"} {
					visits[a.ages.atom("29-54", sex)] += 250
				}
				visits[a.ages.atom("29-54", unknown)] += 20
				visits[a.ages.atom(unknown, "1")] += 20
				visits[a.ages.atom(unknown, "2")] += women
				visits[a.ages.atom(unknown, unknown)] += 100 + left
				of.areas["KU305"].group(a.ages, indicator.AnonymousVisits)[a.ages.atom(unknown, unknown)] += 100
			}
		}
		ms := a.masksOf(t, year, within)
		if got := ms[indicator.AnonymousVisits].hides(total); got != c.hidden {
			t.Errorf("%s: the year's anonymous visits hidden %t", name, got)
		}
	}
}
