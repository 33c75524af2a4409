package aggregator

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// TestSegments: a segment is what a week and a month share.
func TestSegments(t *testing.T) {
	for day, want := range map[string][2]string{
		"2026-07-15": {"2026-07-13", "2026-07-20"}, // within a month
		"2026-06-30": {"2026-06-29", "2026-07-01"}, // the week goes on in July
		"2026-07-01": {"2026-07-01", "2026-07-06"},
		"2027-01-01": {"2027-01-01", "2027-01-04"},
	} {
		if from, to := segment(indicator.Day, on(t, day)); from != on(t, want[0]) || to != on(t, want[1]) {
			t.Errorf("the segment of %s is %s … %s, want %s … %s", day, from, to, want[0], want[1])
		}
	}
}

// TestSegmentsOfMonths: the months of a quarter.
func TestSegmentsOfMonths(t *testing.T) {
	for _, month := range []string{"2026-07-01", "2026-08-01", "2026-09-01"} {
		if from, to := segment(indicator.Month, on(t, month)); from != on(t, "2026-07-01") || to != on(t, "2026-10-01") {
			t.Errorf("the segment of %s is %s … %s", month, from, to)
		}
	}
	if from, to := segment(indicator.Rolling12M, on(t, "2026-02-01")); from != on(t, "2026-02-01") || to != on(t, "2027-02-01") {
		t.Errorf("a window is part of %s … %s", from, to)
	}
}

// parts are periods from one on that have so much of a measure in two municipalities that are all of their region.
func (a *Aggregator) parts(t indicator.PeriodType, start indicator.Date, m indicator.Measure, first, second []int64) []*part {
	parts := make([]*part, len(first))
	for i := range parts {
		p := &part{grid: &grid{period: indicator.Period{Type: t, Start: start}, areas: map[string]*areaGrid{}}}
		for area, n := range map[string]int64{"KU305": first[i], "KU208": second[i], "MK17": first[i] + second[i]} {
			p.areas[area] = newAreaGrid()
			p.areas[area].group(a.ages, m)[a.ages.atom(unknown, unknown)] = n
		}
		parts[i], start = p, t.End(start)
	}
	return parts
}

// visitsOn is a week from Monday 13 July 2026 on.
func (a *Aggregator) visitsOn(first, second []int64) []*part {
	return a.parts(indicator.Day, 20_647, indicator.Visits, first, second)
}

func (p *part) hidesTotal(a *Aggregator, m indicator.Measure, area string) bool {
	return slices.ContainsFunc(p.hides(a.cfg.Catalogue, m), func(s slot) bool { return s.area == area && s.total() })
}

// TestCompanionMonths: what is hidden of the months of a quarter, besides what is small, and whether the quarter has to be hidden.
func TestCompanionMonths(t *testing.T) {
	busy := []int64{50, 50, 50}
	for name, c := range map[string]struct {
		hours         []int64
		over          bool
		stay          int
		hidden        []int
		quarterHidden bool
	}{
		"nothing small":         {hours: busy, over: true},
		"the next month":        {hours: []int64{3, 20, 20}, hidden: []int{0, 1}},
		"not an empty one":      {hours: []int64{3, 0, 20}, hidden: []int{0, 2}},
		"the last, while it is": {hours: []int64{20, 20, 3}, hidden: []int{2}, quarterHidden: true},
		"the last, at once":     {hours: []int64{20, 20, 3}, over: true, hidden: []int{1, 2}},
		"the last, later":       {hours: []int64{20, 20, 3}, over: true, stay: 2, hidden: []int{2}, quarterHidden: true},
		"nothing otherwise":     {hours: []int64{0, 3, 0}, over: true, hidden: []int{1}, quarterHidden: true},
	} {
		t.Run(name, func(t *testing.T) {
			a := protecting(t)
			months := a.parts(indicator.Month, on(t, "2026-07-01"), indicator.VolunteerShifts, c.hours, busy)
			if c.over {
				a.head.DetailedOn = on(t, "2026-10-01")
			}
			for _, m := range months[:c.stay] { // with nothing hidden
				m.stays = true
			}
			if err := a.protectAll(months); err != nil {
				t.Fatal(err)
			}
			var hidden []int
			within := layers{}
			for i, m := range months {
				rows := m.hides(a.cfg.Catalogue, indicator.VolunteerShifts)
				within[indicator.Month] = append(within[indicator.Month], &layer{grid: m.grid, hidden: rows})
				if m.hidesTotal(a, indicator.VolunteerShifts, "KU305") {
					hidden = append(hidden, i)
				}
			}
			if !slices.Equal(hidden, c.hidden) {
				t.Errorf("hidden are the months %v, want %v", hidden, c.hidden)
			}
			quarter := a.sumOf(within[indicator.Month], indicator.VolunteerShifts)
			ms := a.masksOf(t, quarter, within)
			if row := (slot{area: "KU305", group: everyone, sex: everyone}); ms[indicator.VolunteerShifts].hides(row) != c.quarterHidden {
				t.Errorf("the quarter is hidden: %t, want %t", !c.quarterHidden, c.quarterHidden)
			}
		})
	}
}

// TestCompanions: what is hidden of the days of a week, besides what is small.
func TestCompanions(t *testing.T) {
	const many = 50
	busy := []int64{many, many, many, many, many, many, many}
	for name, c := range map[string]struct {
		visits     []int64
		over       bool
		final      int // days that are published for good
		hidden     []int
		weekHidden bool
	}{
		"nothing small":               {visits: busy, over: true},
		"the next day":                {visits: []int64{20, 3, 15, 20, 20, 20, 20}, hidden: []int{1, 2}},
		"the next day with anybody":   {visits: []int64{20, 3, 0, 20, 20, 20, 20}, hidden: []int{1, 3}},
		"several small ones":          {visits: []int64{20, 3, 20, 4, 20, 20, 20}, over: true, hidden: []int{1, 3}},
		"as many as it takes":         {visits: []int64{20, 1, 5, 9, 20, 20, 20}, over: true, hidden: []int{1, 2, 3}},
		"the last day, while it is":   {visits: []int64{20, 20, 20, 20, 20, 20, 3}, hidden: []int{6}, weekHidden: true},
		"the last day, when it was":   {visits: []int64{20, 20, 20, 20, 20, 20, 3}, over: true, hidden: []int{5, 6}},
		"days before are closed":      {visits: []int64{20, 20, 20, 20, 20, 20, 3}, over: true, final: 6, hidden: []int{6}, weekHidden: true},
		"nobody came otherwise":       {visits: []int64{0, 0, 0, 3, 0, 0, 0}, over: true, hidden: []int{3}, weekHidden: true},
		"a day that is still to come": {visits: []int64{20, 3, 0, 0, 0, 0, 0}, hidden: []int{1}, weekHidden: true},
	} {
		t.Run(name, func(t *testing.T) {
			a := protecting(t)
			days := a.visitsOn(c.visits, busy)
			if c.over {
				a.head.DetailedOn = days[6].period.Start + 1
			}
			for _, d := range days[:c.final] { // published anew
				d.before = publishedRows{{}: {revision: 1}}
			}
			if err := a.protectAll(days); err != nil {
				t.Fatal(err)
			}
			var hidden []int
			for i, d := range days {
				if d.hidesTotal(a, indicator.Visits, "KU305") {
					hidden = append(hidden, i)
				}
				if d.hidesTotal(a, indicator.Visits, "MK17") {
					t.Errorf("the region is hidden on day %d", i)
				}
			}
			if !slices.Equal(hidden, c.hidden) {
				t.Errorf("hidden are the days %v, want %v", hidden, c.hidden)
			}
			sum, err := a.toldBySum(a.layersOf(days, indicator.Visits), indicator.Visits, false)
			if err != nil || slices.ContainsFunc(sum.hidden, func(s slot) bool { return s.area == "KU305" }) != c.weekHidden {
				t.Errorf("the sum is told of %v, %v", sum.hidden, err)
			}
		})
	}
}

// TestCompanionsProtect: a linear program narrows down no hidden day by the other days, the other areas, and the sums of the days that
// are shown; and most sums can be.
func TestCompanionsProtect(t *testing.T) {
	a := protecting(t)
	shown, hiddenSums := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		visits := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 12), rapid.Int64Range(0, 60)), 7, 7)
		days := a.visitsOn(visits.Draw(rt, "first"), visits.Draw(rt, "second"))
		a.head.DetailedOn = 0
		if rapid.Bool().Draw(rt, "over") {
			a.head.DetailedOn = math.MaxInt32
		}
		if err := a.protectAll(days); err != nil {
			rt.Fatal(err)
		}
		sumOf, err := a.toldBySum(a.layersOf(days, indicator.Visits), indicator.Visits, false)
		if err != nil {
			rt.Fatal(err)
		}
		areas := []string{"MK17", "KU305", "KU208"}
		var table disclosure.Table
		var mask disclosure.Mask
		add := func(v int64, hidden bool) { table.Values, mask = append(table.Values, v), append(mask, hidden) }
		for j, area := range areas {
			week := disclosure.Line{Total: len(table.Values)}
			sum := int64(0)
			for i, d := range days {
				sum += d.total(area, indicator.Visits, a.ages)
				week.Members = append(week.Members, week.Total+1+i)
			}
			isTold := slices.ContainsFunc(sumOf.hidden, func(s slot) bool { return s.area == area })
			if add(sum, isTold); isTold {
				hiddenSums++
			} else {
				shown++
			}
			for i, d := range days {
				add(d.total(area, indicator.Visits, a.ages), d.hidesTotal(a, indicator.Visits, area))
				if j == 0 {
					at := week.Total + 1 + i
					table.Lines = append(table.Lines, disclosure.Line{Total: at, Members: []int{at + 8, at + 16}})
				}
			}
			table.Lines = append(table.Lines, week)
		}
		table.Lines = append(table.Lines, disclosure.Line{Total: 0, Members: []int{8, 16}})
		ranges, err := disclosure.Feasible(table, mask, 1)
		if err != nil {
			rt.Fatal(err)
		}
		for c, r := range ranges {
			if mask[c] && r.Width() < 5 && !given(table, mask, c) {
				rt.Errorf("cell %d = %d is narrowed down to %v", c, table.Values[c], r)
			}
		}
	})
	if shown < 4*hiddenSums {
		t.Errorf("%d sums are shown and %d hidden", shown, hiddenSums)
	}
}

// given reports whether a hidden cell belongs to a week in which nothing is shown but zeros, so that nothing around it could protect it.
func given(t disclosure.Table, mask disclosure.Mask, cell int) bool {
	for c := cell / 8 * 8; c < cell/8*8+8; c++ {
		if !mask[c] && t.Values[c] > 0 {
			return false
		}
	}
	return true
}
