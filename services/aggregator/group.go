package aggregator

import (
	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// A ratio holds a target group against the rest: a row of one against everybody else, that of an area those in any group
// against those in none. Whoever sees a ratio with its limits, and what it is of, can work out what the rest is.

// none is the member of those who are in no target group. It is no row of its own.
var none = memberKey{dimension: groupDimension}

// restOf returns the row that tells the rest of a ratio: the area's total, and of that those in no group.
func restOf(s slot) slot {
	of := slot{area: s.area, group: everyone, sex: everyone}
	if s.dimension == "" {
		of.dimension, of.member = none.dimension, none.member
	}
	return of
}

// ratio evaluates the group and the rest.
func (p *publisher) ratio(e *indicator.Entry, s slot, group indicator.Cell) (indicator.Value, error) {
	area := p.grid.areas[s.area]
	total, rest := area.sums(p.a.ages.everybody()), area.memberSums(none)
	without := func(of indicator.Sums) indicator.Sums {
		return func(m indicator.Measure) int64 { return total(m) - of(m) }
	}
	if s.dimension == "" {
		group.Sums = without(rest)
	} else {
		rest = without(group.Sums)
	}
	return e.EvaluateCells(group, indicator.Cell{Sums: rest, Population: group.Population})
}

// fewOutside returns the target groups to which all but few belong, and of card holders those of whom all but few are active, in
// the group or outside: the difference tells of these.
func (a *Aggregator) fewOutside(g *grid, m indicator.Measure) (few []slot) {
	if !a.plan.needs[m].Dimensions[groupDimension] {
		return nil
	}
	for area, c := range g.areas {
		idle := func(of func(indicator.Measure) int64) bool {
			return m == indicator.CardHolders && disclosure.Small(of(m)-of(indicator.ActiveCardHolders), a.cfg.Threshold)
		}
		total := c.sums(a.ages.everybody())
		if idle(total) {
			few = append(few, totalOf(area))
		}
		for k, n := range c.members[m] {
			in := c.memberSums(k)
			out := func(m indicator.Measure) int64 { return total(m) - in(m) }
			if k.dimension == groupDimension && (disclosure.Small(total(m)-n, a.cfg.Threshold) || idle(in) || idle(out)) {
				few = append(few, slot{area: area, group: everyone, sex: everyone, dimension: k.dimension, member: k.member})
			}
		}
	}
	return few
}
