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
	groups  map[indicator.Measure]map[groupKey]int64  // cells without a dimension
	members map[indicator.Measure]map[memberKey]int64 // cells of one breakdown
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
		c = &areaGrid{groups: map[indicator.Measure]map[groupKey]int64{}, members: map[indicator.Measure]map[memberKey]int64{}}
		g.areas[area] = c
	}
	m := p.measures[k.measure]
	if of.dimension != 0 {
		if c.members[m] == nil {
			c.members[m] = map[memberKey]int64{}
		}
		c.members[m][memberKey{names[of.dimension], names[of.member]}] = v
		return
	}
	if c.groups[m] == nil {
		c.groups[m] = map[groupKey]int64{}
	}
	c.groups[m][groupKey{names[of.band], names[of.sex]}] = v
}

// groupSums sums a measure over the elementary cells that belong to a group.
func (c *areaGrid) groupSums(in func(groupKey) bool) indicator.Sums {
	return func(m indicator.Measure) int64 {
		n := int64(0)
		for g, v := range c.groups[m] {
			if in(g) {
				n += v
			}
		}
		return n
	}
}

func (c *areaGrid) memberSums(k memberKey) indicator.Sums {
	return func(m indicator.Measure) int64 { return c.members[m][k] }
}

// sexes are the published sexes.
var sexes = []string{everyone, "1", "2", unknown}

func inGroup(g *ageGroup, sex string) func(groupKey) bool {
	return func(k groupKey) bool {
		return (g == nil || g.bands[k.band]) && (sex == everyone || k.sex == sex)
	}
}
