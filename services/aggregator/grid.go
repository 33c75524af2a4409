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
	groups  map[indicator.Measure][]int64             // cells without a dimension, by atom
	members map[indicator.Measure]map[memberKey]int64 // cells of one breakdown
}

func newAreaGrid() *areaGrid {
	return &areaGrid{groups: map[indicator.Measure][]int64{}, members: map[indicator.Measure]map[memberKey]int64{}}
}

type memberKey struct{ dimension, member string }

// loadGrids reads the cells of the periods of one type.
func (a *Aggregator) loadGrids(ctx context.Context, t indicator.PeriodType, starts []indicator.Date) ([]*grid, error) {
	grids := map[indicator.Date]*grid{}
	for _, s := range starts {
		grids[s] = &grid{period: indicator.Period{Type: t, Start: s}, areas: map[string]*areaGrid{}}
	}
	where := fmt.Sprintf("period_type = %s AND period_start IN (%s)", quote(string(t)), dates(starts))
	err := a.state.cells(ctx, a.plan, where, func(k cellKey, v int64) { grids[k.start].add(a.plan, k, v) })
	if err != nil {
		return nil, fmt.Errorf("load cells: %w", err)
	}
	return slices.SortedFunc(maps.Values(grids), func(x, y *grid) int { return int(x.period.Start - y.period.Start) }), nil
}

func (g *grid) add(p *plan, k cellKey, v int64) {
	names, of := p.names.values, p.facetOf(k)
	area := names[k.area]
	c, ok := g.areas[area]
	if !ok {
		c = newAreaGrid()
		g.areas[area] = c
	}
	m := p.measures[k.measure]
	if of.dimension != 0 {
		c.addMember(m, memberKey{names[of.dimension], names[of.member]}, v)
	} else {
		c.addGroup(p.ages, m, names[of.band], names[of.sex], v)
	}
}

func (c *areaGrid) addMember(m indicator.Measure, k memberKey, n int64) {
	if c.members[m] == nil {
		c.members[m] = map[memberKey]int64{}
	}
	c.members[m][k] += n
}

func (c *areaGrid) addGroup(a *ages, m indicator.Measure, band, sex string, n int64) {
	if c.groups[m] == nil {
		c.groups[m] = make([]int64, a.atoms())
	}
	c.groups[m][a.atom(band, sex)] += n
}

// sums sums measures over the elementary cells of some people.
func (c *areaGrid) sums(of *people) indicator.Sums {
	return func(m indicator.Measure) int64 { return of.sum(c.groups[m]) }
}

func (c *areaGrid) memberSums(k memberKey) indicator.Sums {
	return func(m indicator.Measure) int64 { return c.members[m][k] }
}
