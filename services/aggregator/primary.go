package aggregator

import (
	"slices"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// smallGroups returns the totals that consist of groups too small to be shown, and have too little beside: fewer than k
// beyond one in each group. That no group is published in these period types does not help somebody who knows most of them.
func (a *Aggregator) smallGroups(g *grid, m indicator.Measure, k int64) []slot {
	if !m.Persons() {
		return nil
	}
	var marked []slot
	for area, c := range g.areas {
		total := a.ages.everybody().sum(c.groups[m])
		small, members, scheme := false, int64(0), ""
		for i := range a.ages.people {
			of := &a.ages.people[i]
			if of.sex != everyone {
				break
			}
			if of.scheme != scheme {
				small, members, scheme = false, 0, of.scheme
			}
			n := of.sum(c.groups[m])
			members += min(n, 1)
			if small = small || disclosure.Small(n, k); small && total-members < k {
				marked = append(marked, totalOf(area))
				break
			}
		}
	}
	return marked
}

// fewPersons returns the cells that are many visits or shifts of few people, or of whose amount few have most.
func (a *Aggregator) fewPersons(g *grid, m indicator.Measure) []slot {
	return append(a.dominated(g, m), a.dominated(g, m.Amount())...)
}

func (a *Aggregator) dominated(g *grid, m indicator.Measure) (few []slot) {
	squares := m.Squares()
	if squares == "" {
		return nil
	}
	for area, c := range g.areas {
		note := func(s slot, n, squares int64) {
			s.area = area
			if disclosure.Dominated(n, squares, a.cfg.Threshold) {
				few = append(few, s)
			}
		}
		for i := range a.ages.people {
			of := &a.ages.people[i]
			note(slot{scheme: of.scheme, group: of.group, sex: of.sex}, of.sum(c.groups[m]), of.sum(c.groups[squares]))
		}
		for k, n := range c.members[m] {
			note(slot{group: everyone, sex: everyone, dimension: k.dimension, member: k.member}, n, c.members[squares][k])
		}
	}
	return few
}

// fewAnswers returns the rows that rest on fewer than an entry asks for which the measure protects. Like groups of a survey they
// are hidden themselves; what is hidden besides follows the threshold of persons.
func (a *Aggregator) fewAnswers(g *grid, m indicator.Measure) []slot {
	var least int64
	for _, e := range a.cfg.Catalogue {
		if slices.Contains(e.Protect, m) {
			least = max(least, int64(e.MinimumN))
		}
	}
	if least <= a.cfg.Threshold {
		return nil
	}
	var few []slot
	for area, c := range g.areas {
		if disclosure.Small(a.ages.everybody().sum(c.groups[m]), least) {
			few = append(few, totalOf(area))
		}
		for k, n := range c.members[m] {
			if disclosure.Small(n, least) {
				few = append(few, slot{area: area, group: everyone, sex: everyone, dimension: k.dimension, member: k.member})
			}
		}
	}
	return few
}

func (m *measureMask) mark(marked []slot) {
	if len(marked) == 0 {
		return
	}
	m.grid.Marked = make([]bool, len(m.grid.Values))
	for _, cell := range m.cells(marked) {
		m.grid.Marked[cell] = true
	}
}

// cells returns those of the rows that the measure knows, in order: what is hidden besides follows it.
func (m *measureMask) cells(rows []slot) (cells []int) {
	for _, s := range rows {
		if cell, ok := m.cell(s); ok {
			cells = append(cells, cell)
		}
	}
	slices.Sort(cells)
	return slices.Compact(cells)
}
