package aggregator

import (
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestYearsKnowMonths: in one month of each quarter few are of unknown age and sex. They are hidden with all others, and so they are in the quarter;
// totals are shown. A year that shows them tells what the four months have together: it hides them where that is so few that each
// would be known too well, though no quarter has few.
func TestYearsKnowMonths(t *testing.T) {
	a := protecting(t)
	for _, c := range []struct {
		few    int64 // in one month of each quarter
		hidden bool
	}{{2, true}, {4, false}} {
		year := &grid{period: indicator.Period{Type: indicator.Year, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
		within := layers{}
		nameless, women := a.ages.atom(unknown, unknown), a.ages.atom("29-54", "2")
		add := func(g *grid, n int64) {
			if g.areas["KU305"] == nil {
				g.areas["KU305"] = newAreaGrid()
			}
			g.areas["KU305"].group(a.ages, indicator.NewlyActive)[nameless] += n
			g.areas["KU305"].group(a.ages, indicator.NewlyActive)[women] += 50
		}
		hide := func(l *layer) {
			for _, of := range a.ages.people {
				if slices.Contains(of.atoms, nameless) != slices.Contains(of.atoms, women) {
					l.hidden = append(l.hidden, slot{indicator: "newly-active-residents", area: "KU305", scheme: of.scheme, group: of.group, sex: of.sex})
				}
			}
		}
		for q := year.period.Start; q < year.period.End(); q = indicator.Quarter.End(q) {
			quarter := &layer{grid: &grid{period: indicator.Period{Type: indicator.Quarter, Start: q}, areas: map[string]*areaGrid{}}}
			for month := q; month < indicator.Quarter.End(q); month = indicator.Month.End(month) {
				l := &layer{grid: &grid{period: indicator.Period{Type: indicator.Month, Start: month}, areas: map[string]*areaGrid{}}}
				n := int64(20)
				if month == q {
					n = c.few
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
		row := slot{area: "KU305", scheme: "eviva3", group: unknown, sex: everyone}
		if hidden := a.masksOf(t, year, within)[indicator.NewlyActive].hides(row); hidden != c.hidden {
			t.Errorf("%d in each of four months: the year is hidden: %t", c.few, hidden)
		}
	}
}
