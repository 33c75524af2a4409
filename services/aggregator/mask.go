package aggregator

import (
	"errors"
	"maps"
	"slices"

	"go.uber.org/zap"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// masks says which published rows are hidden, by the measures that they are made of. A measure has one mask, whichever
// indicators show it.
type masks map[indicator.Measure]*measureMask

type measureMask struct {
	grid    *disclosure.Grid
	mask    disclosure.Mask
	areas   map[string]int
	along   []string         // the dimensions
	members []map[string]int // by dimension
	persons bool
	groups  map[schemeGroup][2]int // age group: scheme, group
}

type schemeGroup struct{ scheme, group string }

// hides reports whether any measure that protects the entry hides the row.
func (ms masks) hides(e *indicator.Entry, s slot) bool {
	for _, m := range e.Protect {
		if mm := ms[m]; mm != nil && mm.hides(s) {
			return true
		}
	}
	return false
}

// hides looks a row up; measures that do not know its breakdown do not hide it.
func (m *measureMask) hides(s slot) bool {
	cell, ok := m.cell(s)
	return ok && m.mask[cell]
}

func (m *measureMask) cell(s slot) (int, bool) {
	area, ok := m.areas[s.area]
	if !ok {
		return 0, false
	}
	if s.dimension != "" {
		d := slices.Index(m.along, s.dimension)
		if d < 0 {
			return 0, false
		}
		member, ok := m.members[d][s.member]
		return m.grid.Member(area, d, member), ok
	}
	sex := slices.Index(sexes[1:], s.sex) // −1 is disclosure.All
	if s.group == everyone && sex < 0 {
		return m.grid.Total(area), true
	}
	if !m.persons {
		return 0, false
	}
	if s.group == everyone {
		return m.grid.Person(area, disclosure.All, disclosure.All, sex), true
	}
	at, ok := m.groups[schemeGroup{s.scheme, s.group}]
	return m.grid.Person(area, at[0], at[1], sex), ok
}

// dimensionNames are the dimensions of sessions and visits.
var dimensionNames = []string{"activity_type", "provider"}

// protect makes the mask of every measure that protects an entry of this period type. Rows in sticky were hidden when
// the period closed, and stay hidden.
func (a *Aggregator) protect(g *grid, sticky []slot) (masks, error) {
	ms := masks{}
	for _, e := range a.cfg.Catalogue {
		if derived(e) || !slices.Contains(e.Periods, g.period.Type) {
			continue
		}
		for _, m := range e.Protect {
			if ms[m] != nil {
				continue
			}
			mm, err := a.mask(g, m, dimensionNames, a.threshold(m), stickyFor(a.cfg.Catalogue, m, sticky))
			if err != nil {
				return nil, err
			}
			ms[m] = mm
		}
	}
	return ms, nil
}

// threshold is from which count on a measure is shown: the greatest that an entry asks for which it protects.
func (a *Aggregator) threshold(m indicator.Measure) int64 {
	k := a.cfg.Threshold
	for _, e := range a.cfg.Catalogue {
		if slices.Contains(e.Protect, m) {
			k = max(k, int64(e.MinimumN))
		}
	}
	return k
}

// stickyFor returns the rows that stay hidden in a measure: those of the entries that name it first.
func stickyFor(c indicator.Catalogue, m indicator.Measure, sticky []slot) []slot {
	var of []slot
	for _, s := range sticky {
		i := slices.IndexFunc(c, func(e *indicator.Entry) bool { return e.ID == s.indicator })
		if i >= 0 && len(c[i].Protect) > 0 && c[i].Protect[0] == m {
			of = append(of, s)
		}
	}
	return of
}

// mask protects one measure over all areas and breakdowns of the grid, with the marked rows hidden in any case. Of period
// types without breakdowns only the totals are protected.
func (a *Aggregator) mask(g *grid, m indicator.Measure, along []string, k int64, marked []slot) (*measureMask, error) {
	areas := slices.Sorted(maps.Keys(g.areas))
	mm := &measureMask{areas: map[string]int{}, along: along, persons: m.Persons(), groups: a.ages.index}
	if !g.period.Type.Detailed() {
		mm.along, mm.persons = nil, false
		marked = append(marked, a.smallGroups(g, m, k)...)
	}
	for i, area := range areas {
		mm.areas[area] = i
	}
	mm.members = g.members(m, mm.along)
	shape := disclosure.Shape{Areas: len(areas), Partitions: a.partitions(mm.areas), Dimensions: make([]int, len(mm.along))}
	for d, members := range mm.members {
		shape.Dimensions[d] = len(members)
	}
	if mm.persons {
		shape.Bands, shape.Schemes, shape.Sexes = len(a.ages.Bands), a.ages.schemeBands, len(sexes)-1
	}
	counts := make([]disclosure.Counts, len(areas))
	for i, area := range areas {
		counts[i] = a.counts(g.areas[area], m, mm)
	}
	grid, err := shape.Table(counts)
	if err != nil {
		return nil, err
	}
	mm.grid = grid
	mm.mark(append(marked, a.fewPersons(g, m)...))
	mm.mask, err = disclosure.Protect(grid.Table, k)
	var exposed *disclosure.ExposedError
	if errors.As(err, &exposed) {
		a.log.Error("cells could not be protected by hiding others", zap.String("period", g.period.String()),
			zap.String("measure", string(m)), zap.Error(err))
		return mm, nil
	}
	return mm, err
}

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
				marked = append(marked, slot{area: area, group: everyone, sex: everyone})
				break
			}
		}
	}
	return marked
}

// fewPersons returns the cells of a measure of visits that are many visits of few people. (Σk)²/Σk² is never more than
// the number of persons, and counts one who came much oftener than the others for what they add.
func (a *Aggregator) fewPersons(g *grid, m indicator.Measure) []slot {
	squares := m.Squares()
	if squares == "" {
		return nil
	}
	var few []slot
	for area, c := range g.areas {
		note := func(s slot, n, squares int64) {
			s.area = area
			if n > 0 && n*n < a.cfg.Threshold*squares {
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

func (m *measureMask) mark(marked []slot) {
	if len(marked) == 0 {
		return
	}
	m.grid.Marked = make([]bool, len(m.grid.Values))
	for _, s := range marked {
		if cell, ok := m.cell(s); ok {
			m.grid.Marked[cell] = true
		}
	}
}

// members numbers the members that any area has, by dimension.
func (g *grid) members(m indicator.Measure, along []string) []map[string]int {
	numbers := make([]map[string]int, len(along))
	for d, name := range along {
		seen := map[string]bool{}
		for _, c := range g.areas {
			for k := range c.members[m] {
				if k.dimension == name {
					seen[k.member] = true
				}
			}
		}
		numbers[d] = map[string]int{}
		for i, member := range slices.Sorted(maps.Keys(seen)) {
			numbers[d][member] = i
		}
	}
	return numbers
}

// counts hands the cells of one area over to package disclosure.
func (a *Aggregator) counts(c *areaGrid, m indicator.Measure, mm *measureMask) disclosure.Counts {
	out := disclosure.Counts{Members: make([][]int64, len(mm.members))}
	for d, members := range mm.members {
		out.Members[d] = make([]int64, len(members))
		for name, i := range members {
			out.Members[d][i] = c.members[m][memberKey{mm.along[d], name}]
		}
	}
	if !mm.persons {
		out.Total = a.ages.everybody().sum(c.groups[m])
		return out
	}
	out.Persons = make([][]int64, len(a.ages.Bands))
	for b := range out.Persons {
		out.Persons[b] = make([]int64, len(sexes)-1)
	}
	for b, row := range out.Persons {
		for s := range row {
			if counts := c.groups[m]; counts != nil {
				row[s] = counts[a.ages.atom(a.ages.Bands[b], sexes[1+s])]
			}
		}
	}
	return out
}

// partitions lists which of the areas consist of which others: by parent and by the level of the parts, since a country
// consists of its regions and, once more, of its counties.
func (a *Aggregator) partitions(areas map[string]int) []disclosure.Partition {
	type side struct{ parent, level string }
	parts := map[side][]int{}
	for _, area := range slices.Sorted(maps.Keys(areas)) {
		node := a.places.nodes[area]
		for _, parent := range node.parents {
			if _, ok := areas[parent]; ok {
				k := side{parent, node.level}
				parts[k] = append(parts[k], areas[area])
			}
		}
	}
	var out []disclosure.Partition
	for _, k := range slices.SortedFunc(maps.Keys(parts), func(x, y side) int {
		return slices.Compare([]string{x.parent, x.level}, []string{y.parent, y.level})
	}) {
		out = append(out, disclosure.Partition{Parent: areas[k.parent], Parts: parts[k]})
	}
	return out
}
