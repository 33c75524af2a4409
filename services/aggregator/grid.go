package aggregator

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"vointi.fi/pkg/indicator"
)

// grid is the cells of one period, as publications read them.
type grid struct {
	period indicator.Period
	areas  map[string]*areaGrid
}

type areaGrid struct {
	groups  map[indicator.Measure][]int64               // cells without a dimension, by atom
	members map[indicator.Measure]map[memberKey]int64   // cells of one breakdown
	fine    map[indicator.Measure]map[memberKey][]int64 // by band of the standard population and sex; of all members too
}

func newAreaGrid() *areaGrid {
	return &areaGrid{groups: map[indicator.Measure][]int64{}, members: map[indicator.Measure]map[memberKey]int64{}, fine: map[indicator.Measure]map[memberKey][]int64{}}
}

type memberKey struct{ dimension, member string }

// newGrids returns grids without cells for periods of one type, in order.
func newGrids(t indicator.PeriodType, starts []indicator.Date) []*grid {
	grids := make([]*grid, 0, len(starts))
	for _, s := range slices.Sorted(slices.Values(starts)) {
		grids = append(grids, &grid{period: indicator.Period{Type: t, Start: s}, areas: map[string]*areaGrid{}})
	}
	return grids
}

// loadCells reads the cells of periods of one type.
func (a *Aggregator) loadCells(ctx context.Context, grids []*grid) error {
	of := map[indicator.Date]*grid{}
	for _, g := range grids {
		of[g.period.Start] = g
	}
	where := isOneOf(grids[0].period.Type, slices.Collect(maps.Keys(of)))
	if err := a.state.cells(ctx, "cells", a.plan, where, func(k cellKey, v int64) { of[k.start].put(a.plan, k, v) }); err != nil {
		return fmt.Errorf("load cells: %w", err)
	}
	return nil
}

// isOneOf is a condition on periods of one type, one at least: shorter, and read faster, where these are unbroken.
func isOneOf(t indicator.PeriodType, starts []indicator.Date) string {
	starts = slices.Sorted(slices.Values(starts))
	of := "period_type = " + quote(string(t)) + " AND period_start "
	if !unbroken(t, starts) {
		return of + "IN (" + dates(starts) + ")"
	}
	return of + "BETWEEN " + quote(starts[0].String()) + " AND " + quote(starts[len(starts)-1].String())
}

// unbroken reports whether no other period of a type begins between some, which are in order.
func unbroken(t indicator.PeriodType, starts []indicator.Date) bool {
	if t == indicator.Rolling12M { // one begins with each month
		t = indicator.Month
	}
	for i := 1; i < len(starts); i++ {
		if t.End(starts[i-1]) != starts[i] {
			return false
		}
	}
	return true
}

// openGrids returns the cells of open periods of one type. They are read once and then follow the refreshes in memory: a
// refresh touches the running day, week, month, quarter and year of some areas, and publishes all of them.
func (a *Aggregator) openGrids(ctx context.Context, t indicator.PeriodType, starts []indicator.Date) ([]*grid, error) {
	maps.DeleteFunc(a.grids, func(p indicator.Period, _ *grid) bool { return a.closed(p) })
	missing := slices.DeleteFunc(slices.Clone(starts), func(s indicator.Date) bool { return a.grids[indicator.Period{Type: t, Start: s}] != nil })
	if len(missing) > 0 {
		loaded := newGrids(t, missing)
		if err := a.loadCells(ctx, loaded); err != nil {
			return nil, err
		}
		for _, g := range loaded {
			a.grids[g.period] = g
		}
	}
	grids := make([]*grid, len(starts))
	for i, s := range starts {
		grids[i] = a.grids[indicator.Period{Type: t, Start: s}]
	}
	return grids, nil
}

// follow puts changed cells into the grids that are in memory.
func (a *Aggregator) follow(cells []cell) {
	changed := map[*grid]bool{}
	for _, c := range cells {
		p := indicator.Period{Type: indicator.PeriodTypes[c.key.period], Start: c.key.start}
		if g := a.grids[p]; g != nil {
			g.put(a.plan, c.key, c.value)
			changed[g] = true
		}
	}
	for g := range changed {
		maps.DeleteFunc(g.areas, func(_ string, c *areaGrid) bool { return c.empty() })
	}
}

// put sets a cell.
func (g *grid) put(p *plan, k cellKey, v int64) {
	names, of := p.names.values, p.facetOf(k)
	area := names[k.area]
	c, ok := g.areas[area]
	if !ok {
		c = newAreaGrid()
		g.areas[area] = c
	}
	m := p.measures[k.measure]
	switch member := (memberKey{names[of.dimension], names[of.member]}); {
	case m.Standard() != "":
		c.bands(p.ages, m, member)[p.ages.standardAtom(slices.Index(p.bands, of.band), slices.Index(p.sexes, of.sex))] = v
	case of.dimension == 0:
		c.group(p.ages, m)[p.ages.atom(names[of.band], names[of.sex])] = v
	case v == 0:
		delete(c.members[m], member)
	default:
		c.member(m)[member] = v
	}
}

// empty reports whether all cells are 0, as if there were none.
func (c *areaGrid) empty() bool { return c.emptyBut() }

// silent reports whether there is nothing but sessions at silent venues.
func (c *areaGrid) silent() bool {
	return c.emptyBut(indicator.SessionsSilent, indicator.SessionsUnheard)
}

// emptyBut reports whether all cells but those of some measures are 0.
func (c *areaGrid) emptyBut(ms ...indicator.Measure) bool {
	for m, members := range c.members {
		if len(members) > 0 && !slices.Contains(ms, m) {
			return false
		}
	}
	for m, counts := range c.groups {
		if !slices.Contains(ms, m) && slices.ContainsFunc(counts, func(n int64) bool { return n != 0 }) {
			return false
		}
	}
	for _, members := range c.fine {
		for _, counts := range members {
			if slices.ContainsFunc(counts, func(n int64) bool { return n != 0 }) {
				return false
			}
		}
	}
	return true
}

// bands returns the counts of a measure by band of the standard population and sex, to be added to.
func (c *areaGrid) bands(a *ages, m indicator.Measure, member memberKey) []int64 {
	if c.fine[m] == nil {
		c.fine[m] = map[memberKey][]int64{}
	}
	if c.fine[m][member] == nil {
		c.fine[m][member] = make([]int64, len(a.standardBands())*len(sexes))
	}
	return c.fine[m][member]
}

// bandSums sums measures over one band of the standard population, of some sexes, perhaps at a member.
func (c *areaGrid) bandSums(of people, member memberKey) indicator.Sums {
	return func(m indicator.Measure) int64 { return of.sum(c.fine[m][member]) }
}

func (c *areaGrid) member(m indicator.Measure) map[memberKey]int64 {
	if c.members[m] == nil {
		c.members[m] = map[memberKey]int64{}
	}
	return c.members[m]
}

func (c *areaGrid) group(a *ages, m indicator.Measure) []int64 {
	if c.groups[m] == nil {
		c.groups[m] = make([]int64, a.atoms())
	}
	return c.groups[m]
}

// sums sums measures over the elementary cells of some people.
func (c *areaGrid) sums(of *people) indicator.Sums {
	return func(m indicator.Measure) int64 { return of.sum(c.groups[m]) }
}

func (c *areaGrid) memberSums(k memberKey) indicator.Sums {
	return func(m indicator.Measure) int64 { return c.members[m][k] }
}
