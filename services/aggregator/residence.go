package aggregator

import (
	"fmt"
	"slices"

	"vointi.fi/pkg/indicator"
)

// residence is the visits of one period that meet a condition, and where they count: at the person's home and in all areas
// above it. Several measures ask for it.
type residence struct {
	counted bool
	n       int64
	members [2][]memberCount
	at      [2][2][]placed // by grain and dimension, for each member and area
}

// placed is a number of visits and the sums that it is added to.
type placed struct {
	sums []int64
	n    int64
}

// visitCondition restricts the visits that measures count.
type visitCondition struct {
	name string
	met  func(*visit) bool
}

// conditionOf numbers the conditions of measures, each of which is looked at once for a visit.
func (p *plan) conditionOf(m indicator.Measure) int {
	of := m.Conditions()
	name := fmt.Sprint(of)
	if i := slices.IndexFunc(p.conditions, func(c visitCondition) bool { return c.name == name }); i >= 0 {
		return i
	}
	p.conditions = append(p.conditions, visitCondition{name, func(v *visit) bool { return meets(v, of) }})
	return len(p.conditions) - 1
}

// met tells which of the conditions a visit meets.
func (p *plan) met(v *visit, to []bool) {
	for i := range p.conditions {
		to[i] = p.conditions[i].met(v)
	}
}

func (c *contribution) resident(m *personMeasure) { c.atHome(m, 1) }

func (c *contribution) newlyActive(m *personMeasure) {
	if t := c.trace; t.newly && c.within(t.active) {
		c.atHome(m, 1)
	}
}

// residentVisits counts the visits that meet the condition, or their square, at home; along a dimension those of each member.
func (c *contribution) residentVisits(m *personMeasure) {
	r := c.residence(m.condition)
	if r.n == 0 {
		return
	}
	c.atHome(m, power(r.n, m.squares))
	for dimension, along := range m.along {
		if !along {
			continue
		}
		for _, of := range c.placed(r, m.grain, dimension) {
			of.sums[m.measure] += c.sign * power(of.n, m.squares)
		}
	}
}

// residence counts the visits that meet a condition.
func (c *contribution) residence(condition int) *residence {
	r := &c.residences[condition]
	if r.counted {
		return r
	}
	r.counted = true
	detailed := indicator.PeriodTypes[c.period].Detailed()
	for i := range c.steps {
		s := &c.steps[i]
		if !s.met[condition] {
			continue
		}
		r.n++
		for d := range r.members {
			if detailed {
				r.members[d] = countedMember(r.members[d], s.members[d])
			}
		}
	}
	return r
}

func countedMember(members []memberCount, f facet) []memberCount {
	for i := range members {
		if members[i].facet == f {
			members[i].n++
			return members
		}
	}
	return append(members, memberCount{facet: f, n: 1})
}

// placed finds the sums of the members of one dimension at home and above it.
func (c *contribution) placed(r *residence, grain, dimension int) []placed {
	at := &r.at[grain][dimension]
	if len(*at) > 0 {
		return *at
	}
	for _, b := range c.home(grain).blocks {
		for _, member := range r.members[dimension] {
			of := member.facet
			if grain == fine {
				of = c.plan.fineFacet(c.last.band, 0, of) // of all sexes
			}
			*at = append(*at, placed{b.row(of), member.n})
		}
	}
	return *at
}

// forget makes ready for another period, with the lists that were used before.
func (r *residence) forget() {
	r.counted, r.n = false, 0
	for d := range r.members {
		r.members[d] = r.members[d][:0]
		r.at[whole][d], r.at[fine][d] = r.at[whole][d][:0], r.at[fine][d][:0]
	}
}

// home is the blocks of the person's home and of all areas above it, and in each the sums of their age and sex.
type home struct {
	blocks []*block
	sums   [][]int64
}

func (h *home) forget() { h.blocks, h.sums = h.blocks[:0], h.sums[:0] }

// home looks them up once.
func (c *contribution) home(grain int) *home {
	h := &c.homes[grain]
	if len(h.blocks) > 0 {
		return h
	}
	of := c.last.facet
	if grain == fine {
		of = c.plan.fineFacet(c.last.band, c.last.sex, 0)
	}
	for _, area := range c.levels(c.last.home) {
		b := c.risingBlock(area, grain)
		h.blocks, h.sums = append(h.blocks, b), append(h.sums, b.row(of))
	}
	return h
}

// rise adds what was counted at the lowest of areas there and in all above it. So a rebuild adds once for each person, and
// not in every area above.
func (p *plan) rise(to, lowest *spots) {
	for at, b := range lowest.all {
		for _, area := range p.path(p.names.values[at.area]) {
			sums := to.at(spot{at.start, area})
			for f, row := range b.all {
				add(sums.row(f), row)
			}
		}
	}
	if lowest.fine != nil {
		p.rise(to.fine, lowest.fine)
	}
}

func add(to, sums []int64) {
	for i, n := range sums {
		to[i] += n
	}
}

// atHome adds n at home, by the age and sex of the last visit.
func (c *contribution) atHome(m *personMeasure, n int64) {
	for _, sums := range c.home(m.grain).sums {
		sums[m.measure] += c.sign * n
	}
}
