package aggregator

import (
	"math/rand/v2"
	"slices"
	"testing"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// world is visits of some months as they are published, one period type after the other.
type world struct {
	a      *Aggregator
	grids  map[indicator.Period]*grid
	hidden map[indicator.Period][]slot
}

// newWorld has the weeks about some months, these, and their quarters as far as they are whole, and who came on each day.
func newWorld(a *Aggregator, from, to indicator.Date, visits func(day indicator.Date) []int) *world {
	w := &world{a: a, grids: map[indicator.Period]*grid{}, hidden: map[indicator.Period][]slot{}}
	type times struct {
		*areaGrid
		municipality string
		person       int
	}
	came := map[times]int64{}
	for d := indicator.Week.First(from); d < indicator.Week.End(indicator.Week.First(to-1)); d++ {
		for _, municipality := range []string{"KU305", "KU208"} {
			persons := visits(d)
			for _, t := range inChain {
				p := indicator.Period{Type: t, Start: t.First(d)}
				if t != indicator.Day && t != indicator.Week && (p.Start < from || p.End() > to) {
					continue
				}
				for _, area := range []string{"MK17", municipality} {
					c := w.at(p, area)
					for _, person := range persons {
						k := times{c, municipality, person}
						c.group(a.ages, indicator.Visits)[a.ages.atom(unknown, unknown)]++
						c.group(a.ages, indicator.VisitSquares)[a.ages.atom(unknown, unknown)] += 2*came[k] + 1
						came[k]++
					}
				}
			}
		}
	}
	return w
}

func (w *world) at(p indicator.Period, area string) *areaGrid {
	if w.grids[p] == nil {
		w.grids[p] = &grid{period: p, areas: map[string]*areaGrid{}}
	}
	if w.grids[p].areas[area] == nil {
		w.grids[p].areas[area] = newAreaGrid()
	}
	return w.grids[p].areas[area]
}

func (w *world) of(t indicator.PeriodType) (list []*grid) {
	for p := range w.grids {
		if p.Type == t {
			list = append(list, w.grids[p])
		}
	}
	return list
}

// publish makes all masks.
func (w *world) publish(t testing.TB) {
	t.Helper()
	var days []*part
	for _, g := range w.of(indicator.Day) {
		days = append(days, &part{grid: g})
	}
	if err := w.a.protectAll(days); err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		w.hide(d.period, d.made.masks[indicator.Visits])
	}
	for _, typ := range inChain[1:] {
		for _, g := range w.of(typ) {
			within := layers{}
			for _, s := range shorter[typ] {
				for _, p := range periodsAbout(s, g.period) {
					if of := w.grids[p]; of != nil {
						within[s] = append(within[s], &layer{grid: of, hidden: w.hidden[p]})
					}
				}
			}
			mm, err := w.a.mask(g, indicator.Visits, nil, 5, nil, nil, within)
			if err != nil {
				t.Fatal(err)
			}
			w.hide(g.period, mm)
		}
	}
}

// hide notes the rows that a mask hides.
func (w *world) hide(p indicator.Period, mm *measureMask) {
	for area := range mm.areas {
		for _, of := range w.a.ages.people {
			if s := (slot{area: area, scheme: of.scheme, group: of.group, sex: of.sex}); mm.hides(s) {
				w.hidden[p] = append(w.hidden[p], s)
			}
		}
	}
	named(w.a.cfg.Catalogue, indicator.Visits, w.hidden[p])
}

// table is all that is published, as one table, and its mask.
func (w *world) table() (table disclosure.Table, mask disclosure.Mask, periods []indicator.Period) {
	areas := []string{"MK17", "KU305", "KU208"}
	at := map[indicator.Period]int{}
	for _, t := range inChain {
		for _, g := range w.of(t) {
			at[g.period] = len(mask)
			for _, area := range areas {
				hidden := false
				for _, s := range w.hidden[g.period] {
					hidden = hidden || s.area == area && s.total()
				}
				table.Values, mask, periods = append(table.Values, g.total(area, indicator.Visits, w.a.ages)), append(mask, hidden), append(periods, g.period)
			}
			table.Lines = append(table.Lines, disclosure.Line{Total: at[g.period], Members: []int{at[g.period] + 1, at[g.period] + 2}})
		}
	}
	parts := map[indicator.PeriodType]indicator.PeriodType{indicator.Week: indicator.Day, indicator.Month: indicator.Day, indicator.Quarter: indicator.Month, indicator.Year: indicator.Quarter}
	for p, i := range at {
		if parts[p.Type] == "" {
			continue
		}
		for j := range areas {
			l := disclosure.Line{Total: i + j}
			for q, k := range at {
				if q.Type == parts[p.Type] && p.Start <= q.Start && q.End() <= p.End() {
					l.Members = append(l.Members, k+j)
				}
			}
			table.Lines = append(table.Lines, l)
		}
	}
	return table, mask, periods
}

// TestNothingNarrowsAcrossPeriods: a linear program over all days, weeks, months and a quarter together narrows down nothing that
// is hidden, though each of them is protected apart, and weeks go on from one month, quarter and year into the next.
func TestNothingNarrowsAcrossPeriods(t *testing.T) {
	a := protecting(t)
	from, to := on(t, "2024-12-01"), on(t, "2025-04-01")
	hidden, all := map[indicator.PeriodType]int{}, map[indicator.PeriodType]int{}
	for seed := range uint64(15) {
		if a.head.DetailedOn = 0; seed%3 > 0 {
			a.head.DetailedOn = to + 10 // all segments are over
		}
		chance := rand.New(rand.NewPCG(seed, 0))
		few, idle := 2+chance.IntN(10), 1+chance.IntN(4)
		w := newWorld(a, from, to, func(d indicator.Date) []int {
			persons := chance.Perm(40)
			switch week := indicator.Week.First(d); {
			case int(week)/7%5 == int(seed%5): // only two come
				return slices.Repeat([]int{0, 1}, chance.IntN(12))
			case d-week >= 5 && chance.IntN(idle) > 0:
				return nil
			case chance.IntN(2*few) == 0: // many visits of few
				return slices.Concat(persons[:2], persons[:2], persons[:2], persons[:chance.IntN(8)])
			case chance.IntN(few) == 0:
				return persons[:1+chance.IntN(4)]
			default:
				return persons[:5+chance.IntN(30)]
			}
		})
		w.publish(t)
		table, mask, periods := w.table()
		ranges, err := disclosure.Feasible(table, mask, 1)
		if err != nil {
			t.Fatal(err)
		}
		for c, r := range ranges {
			all[periods[c].Type]++
			switch {
			case mask[c]:
				hidden[periods[c].Type]++
				if r.Width() < 5 {
					t.Errorf("world %d: cell %d of %s is %d: it is narrowed down to %d … %d", seed, c, periods[c], table.Values[c], r.Min, r.Max)
				}
			case disclosure.Small(table.Values[c], 5):
				t.Errorf("world %d: cell %d of %s is %d and shown", seed, c, periods[c], table.Values[c])
			}
		}
	}
	t.Log("hidden are", hidden, "of", all)
}
