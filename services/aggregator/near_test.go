package aggregator

import (
	"math/rand/v2"
	"testing"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// seasonTable is what is published of those who came in a period and of those who came in its last 90 days, as one table: the former are the
// latter and those who came earlier only, of each age.
type seasonTable struct {
	disclosure.Table
	mask  disclosure.Mask
	names []rowOf // of the rows
}

func (t *seasonTable) add(value int64, kind disclosure.Kind, hidden bool, floor int64) int {
	t.Values, t.Kinds, t.Floors, t.mask, t.names = append(t.Values, value), append(t.Kinds, kind), append(t.Floors, floor), append(t.mask, hidden), append(t.names, rowOf{})
	return len(t.Values) - 1
}

func (t *seasonTable) sum(total int, members ...int) {
	t.Lines = append(t.Lines, disclosure.Line{Total: total, Members: members})
}

// tabulate puts rows and what they are made of into a table: ages and sexes, and those in a target group and the others. Areas are listed with
// their parts.
func (a *Aggregator) tabulate(g *grid, ms masks, parts map[string][]string, group memberKey) *seasonTable {
	table := &seasonTable{}
	made := map[rowOf]map[any]int{} // of an area: atoms, and true for those in the group and false for others
	for area, c := range g.areas {
		for _, m := range []indicator.Measure{indicator.Participants, indicator.Recent} {
			of := map[any]int{}
			made[rowOf{m, slot{area: area}}] = of
			for _, band := range a.ages.Bands {
				for _, sex := range sexes[1:3] {
					x := a.ages.atom(band, sex)
					of[x] = table.add(c.groups[m][x], disclosure.Unpublished, false, 0)
				}
			}
			for _, p := range a.ages.people {
				if m == indicator.Recent && p.sex != everyone {
					continue
				}
				cell := table.row(ms, rowOf{m, slot{area: area, scheme: p.scheme, group: p.group, sex: p.sex}}, p.sum(c.groups[m]))
				var members []int
				for _, x := range p.atoms {
					if i, ok := of[x]; ok {
						members = append(members, i)
					}
				}
				table.sum(cell, members...)
				if p.group == everyone && p.sex == everyone {
					in := totalOf(area)
					in.dimension, in.member = group.dimension, group.member
					n := c.members[m][group]
					of[true], of[false] = table.row(ms, rowOf{m, in}, n), table.add(table.Values[cell]-n, disclosure.Unpublished, false, 0)
					table.sum(cell, of[true], of[false])
				}
			}
		}
		for x, all := range made[rowOf{indicator.Participants, slot{area: area}}] {
			late := made[rowOf{indicator.Recent, slot{area: area}}][x]
			table.sum(all, late, table.add(table.Values[all]-table.Values[late], disclosure.Unpublished, false, 0))
		}
	}
	for area, of := range parts {
		for _, m := range []indicator.Measure{indicator.Participants, indicator.Recent} {
			for x, total := range made[rowOf{m, slot{area: area}}] {
				var members []int
				for _, part := range of {
					members = append(members, made[rowOf{m, slot{area: part}}][x])
				}
				table.sum(total, members...)
			}
		}
	}
	return table
}

// row adds a row that is published, or hidden: those of the last 90 days also with the regular ones among them.
func (t *seasonTable) row(ms masks, r rowOf, value int64) int {
	hidden, floor := ms[r.m].hides(r.s), min(value, 1)
	if r.m == indicator.Recent {
		hidden, floor = hidden || ms[indicator.Regulars].hides(r.s), 0
	}
	cell := t.add(value, disclosure.Subject, hidden, floor)
	t.names[cell] = r
	return cell
}

// TestNearTwinsNarrowNothing: a linear program over those who came in a period, and those who came in the last 90 days of it, narrows down
// neither where hardly anybody came earlier.
func TestNearTwinsNarrowNothing(t *testing.T) {
	a := protecting(t)
	bands := []string{"20-28", "29-54", "65-74", unknown}
	parts := map[string][]string{"MK17": {"KU305", "KU208"}}
	passive := memberKey{groupDimension, "passive"}
	hidden, all := 0, 0
	for seed := range uint64(400) {
		chance := rand.New(rand.NewPCG(seed, 1))
		p := indicator.Period{Type: indicator.Quarter, Start: on(t, "2025-04-01")}
		if seed%4 == 0 {
			p = indicator.Period{Type: indicator.Year, Start: on(t, "2025-01-01")}
		}
		g := &grid{period: p, areas: map[string]*areaGrid{}}
		for _, area := range []string{"MK17", "KU305", "KU208"} {
			g.areas[area] = newAreaGrid()
		}
		early := 1 + chance.IntN(6) // how many bands have hardly anybody who came earlier only
		for _, area := range parts["MK17"] {
			for _, band := range bands {
				for _, sex := range sexes[1:3] {
					came, earlier := chance.Int64N(40), int64(0)
					if band == unknown || chance.IntN(3) == 0 {
						came = chance.Int64N(6)
					}
					if chance.IntN(early) == 0 {
						earlier = min(came, chance.Int64N(4))
					}
					regular := chance.Int64N(came - earlier + 1)
					inGroup := band == unknown || chance.IntN(4) == 0 // mostly few
					for _, in := range []string{area, "MK17"} {
						for m, n := range map[indicator.Measure]int64{indicator.Participants: came, indicator.Recent: came - earlier, indicator.Regulars: regular} {
							g.areas[in].group(a.ages, m)[a.ages.atom(band, sex)] += n
							if g.areas[in].members[m] == nil {
								g.areas[in].members[m] = map[memberKey]int64{}
							}
							if inGroup {
								g.areas[in].members[m][passive] += n
							} else {
								g.areas[in].members[m][memberKey{groupDimension, ""}] += n
							}
						}
					}
				}
			}
		}
		ms := a.masksOf(t, g, layers{})
		table := a.tabulate(g, ms, parts, passive)
		ranges, err := disclosure.Feasible(table.Table, table.mask, 0)
		if err != nil {
			t.Fatal(err)
		}
		for c, r := range ranges {
			row := table.names[c]
			if row.m == "" {
				continue
			}
			all++
			switch {
			case table.mask[c] && r.Width() < 5 && r.Min < 5 && r.Max > 0:
				t.Errorf("world %d, %s: %v is %d: it is narrowed down to %d … %d", seed, p, row, table.Values[c], r.Min, r.Max)
			case !table.mask[c] && disclosure.Small(table.Values[c], 5):
				t.Errorf("world %d, %s: %v is %d and shown", seed, p, row, table.Values[c])
			}
			if table.mask[c] {
				hidden++
			}
		}
	}
	t.Logf("%d of %d rows are hidden", hidden, all)
}
