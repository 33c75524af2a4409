package aggregator

import (
	"slices"
	"testing"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// yearOf returns a year in which many come each month whose age and sex are known, and 20 of whom neither is, but few in the first month of each
// quarter: there all but totals are hidden, and so they are in the quarter.
func (a *Aggregator) yearOf(t *testing.T, few int64, areas ...string) (*grid, layers) {
	year := &grid{period: indicator.Period{Type: indicator.Year, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
	within := layers{}
	nameless, women := a.ages.atom(unknown, unknown), a.ages.atom("29-54", "2")
	add := func(g *grid, n int64) {
		for _, area := range areas {
			if g.areas[area] == nil {
				g.areas[area] = newAreaGrid()
			}
			g.areas[area].group(a.ages, indicator.NewlyActive)[nameless] += n
			g.areas[area].group(a.ages, indicator.NewlyActive)[women] += 50
		}
	}
	hide := func(l *layer) {
		for _, of := range a.ages.people {
			if slices.Contains(of.atoms, nameless) == slices.Contains(of.atoms, women) {
				continue
			}
			for _, area := range areas {
				l.hidden = append(l.hidden, slot{indicator: "newly-active-residents", area: area, scheme: of.scheme, group: of.group, sex: of.sex})
			}
		}
	}
	for q := year.period.Start; q < year.period.End(); q = indicator.Quarter.End(q) {
		quarter := &layer{grid: &grid{period: indicator.Period{Type: indicator.Quarter, Start: q}, areas: map[string]*areaGrid{}}}
		for month := q; month < indicator.Quarter.End(q); month = indicator.Month.End(month) {
			l := &layer{grid: &grid{period: indicator.Period{Type: indicator.Month, Start: month}, areas: map[string]*areaGrid{}}}
			n := int64(20)
			if month == q {
				n = few
			}
			for _, g := range []*grid{year, quarter.grid, l.grid} {
				add(g, n)
			}
			if month == q {
				hide(l)
			}
			within[indicator.Month] = append(within[indicator.Month], l)
		}
		hide(quarter)
		within[indicator.Quarter] = append(within[indicator.Quarter], quarter)
	}
	return year, within
}

// TestYearsKnowMonths: a year that shows those of unknown age and sex tells what the four months have together: it hides them where that is so
// few that each would be known too well, though no quarter has few.
func TestYearsKnowMonths(t *testing.T) {
	a := protecting(t)
	for _, c := range []struct {
		few    int64
		hidden bool
	}{{2, true}, {4, false}} {
		year, within := a.yearOf(t, c.few, "KU305")
		row := slot{area: "KU305", scheme: "eviva3", group: unknown, sex: everyone}
		if hidden := a.masksOf(t, year, within)[indicator.NewlyActive].hides(row); hidden != c.hidden {
			t.Errorf("%d in each of four months: the year is hidden: %t", c.few, hidden)
		}
	}
}

// TestTablesAreAlike: what a year is protected in does not depend on chance, and so its mask does not.
func TestTablesAreAlike(t *testing.T) {
	a := protecting(t)
	year, within := a.yearOf(t, 2, "KU305", "KU208", "KU081", "KU098")
	var first []disclosure.Line
	for range 8 {
		lines := a.masksOf(t, year, within)[indicator.NewlyActive].grid.Lines
		if first == nil {
			first = lines
		}
		if !slices.EqualFunc(first, lines, func(x, y disclosure.Line) bool { return x.Total == y.Total && slices.Equal(x.Members, y.Members) }) {
			t.Fatal("two tables of the same year differ")
		}
	}
}
