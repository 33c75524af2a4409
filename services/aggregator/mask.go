package aggregator

import (
	"maps"
	"slices"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// masks says which published rows are hidden, by the measures that they are made of. A measure has one mask, whichever
// indicators show it.
type masks map[indicator.Measure]*measureMask

type measureMask struct {
	grid    *disclosure.Grid
	mask    disclosure.Mask
	growing *disclosure.Protection // to hide more
	gives   bool                   // some of what it would hide is told by what is published already
	told    []slot                 // totals that are
	exposed []int                  // small cells for which there is no proof, even with all hidden that could be
	areas   map[string]int
	along   []string         // the dimensions
	members []map[string]int // by dimension
	persons bool
	cards   bool                   // some of the unknown are anonymous, and published apart
	groups  map[schemeGroup][2]int // age group: scheme, group
}

type schemeGroup struct{ scheme, group string }

// hides reports whether any measure that protects the entry hides the row, or what the row is held against.
func (ms masks) hides(e *indicator.Entry, s slot) bool {
	if e.Method == indicator.RiskRatio && ms.hide(e, restOf(s)) {
		return true
	}
	return ms.hide(e, s)
}

func (ms masks) hide(e *indicator.Entry, s slot) bool {
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
	if !ok || s.scheme == anonymous {
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

// dimensionsOf are those of a measure.
func (p *plan) dimensionsOf(m indicator.Measure) []string {
	if p.needs[m].Dimensions[groupDimension] {
		return append(slices.Clone(dimensionNames), groupDimension)
	}
	return dimensionNames
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

// mask protects one measure over all areas and breakdowns of the grid, with the marked rows hidden in any case and those told
// shown, together with the shorter periods within. Of period types without breakdowns only the totals are protected.
func (a *Aggregator) mask(g *grid, m indicator.Measure, along []string, k int64, marked, told []slot, within layers) (*measureMask, error) {
	mm := &measureMask{along: along, persons: m.Persons(), cards: m == indicator.Visits, groups: a.ages.index}
	if !g.period.Type.Detailed() {
		mm.along, mm.persons, mm.cards = nil, false, false
		marked = append(marked, a.smallGroups(g, m, k)...)
	}
	marked = append(marked, a.fewPersons(g, m)...)
	within = within.of(m, a.cfg.Catalogue)
	if len(within) == 0 {
		return mm, a.maskOf(mm, stack{layers: []*layer{{grid: g}}}, m, k, marked, told)
	}
	times, split, err := a.times(g, m, within)
	if err != nil {
		return nil, err
	}
	marked = append(marked, split...)
	for range rebuildsOfMask {
		totals := &measureMask{groups: a.ages.index}
		if err := a.maskOfTotals(totals, times, m, k, marked, told); err != nil {
			return nil, err
		}
		if err := a.maskOf(mm, within.stackOf(g, m), m, k, append(marked, totals.totals()...), told); err != nil {
			return nil, err
		}
		more := mm.shown(totals.totals())
		if len(totals.shown(mm.totals())) > 0 { // hidden for the sake of breakdowns: the shorter periods may tell it
			again := &measureMask{groups: a.ages.index}
			if err := a.maskOfTotals(again, times, m, k, append(marked, mm.totals()...), told); err != nil {
				return nil, err
			}
			more = append(more, again.shown(mm.totals())...)
		}
		if len(more) == 0 {
			break
		}
		told = append(told, more...)
	}
	mm.told = told
	return mm, nil
}

// rebuildsOfMask is how often a mask is made anew when days tell a total that breakdowns would hide.
const rebuildsOfMask = 3

// maskOf protects a stack of layers, of which the first may hide; what is told cannot be hidden. Cells of the first that
// the layers below tell anyway are shown.
func (a *Aggregator) maskOf(mm *measureMask, s stack, m indicator.Measure, k int64, marked, told []slot) error {
	areas := s.areasOf()
	mm.areas = map[string]int{}
	for i, area := range areas {
		mm.areas[area] = i
	}
	mm.members = s.members(m, mm.along)
	shape := disclosure.Shape{
		Areas: len(areas) * len(s.layers), Partitions: s.partitions(len(areas), a.partitions(mm.areas)), Dimensions: make([]int, len(mm.along)),
		Near: s.near(len(areas)),
	}
	for d, members := range mm.members {
		shape.Dimensions[d] = len(members)
	}
	if mm.persons {
		shape.Bands, shape.Schemes, shape.Sexes, shape.Unknown = len(a.ages.Bands), a.ages.schemeBands, len(sexes)-1, true
	}
	grid, err := shape.Table(a.countsOf(s, areas, m, mm))
	if err != nil {
		return err
	}
	mm.grid = grid
	if m == indicator.AnonymousVisits {
		a.boundByVisits(mm, s)
		a.leaveUnknown(mm, s, areas)
	}
	a.knowMonths(mm, s, m, k)
	if mm.cards {
		if err := a.setApart(mm, s, shape, marked); err != nil {
			return err
		}
		marked = append(slices.Clip(marked), a.unknownRows(marked)...)
	}
	mm.mark(marked)
	rows := map[indicator.PeriodType][]bool{}
	for _, l := range s.layers[1:] {
		if t := l.period.Type; rows[t] == nil {
			rows[t] = a.publishes(mm, m, t, areas)
		}
	}
	mm.settle(s, s.hidden(a.cfg.Catalogue, m), told, rows)
	mm.gives, mm.exposed = grid.Exempt != nil && len(told) > 0, nil // what needs no proof may follow from what is told
	mm.growing, err = disclosure.Begin(grid.Table, k)
	return mm.take(k, err)
}

// give shows what follows from what is shown anyway, and is not small: hiding it would hide nothing.
func (m *measureMask) give(k int64) {
	for _, c := range m.grid.Told(m.mask) {
		if c < len(m.areas)*m.grid.Cells() && !disclosure.Small(m.grid.Values[c], k) {
			m.mask[c] = false
		}
	}
}

// total returns the number of an area that the measure knows.
func (m *measureMask) total(area string) int64 { return m.grid.Values[m.grid.Total(m.areas[area])] }

// totals returns the hidden totals of areas.
func (m *measureMask) totals() (hidden []slot) {
	for area, i := range m.areas {
		if m.mask[m.grid.Total(i)] {
			hidden = append(hidden, totalOf(area))
		}
	}
	return hidden
}

// shown returns those of the rows that the mask shows.
func (m *measureMask) shown(rows []slot) []slot {
	return slices.DeleteFunc(slices.Clone(rows), m.hides)
}

// members numbers the members that any area has, by dimension.
func (s stack) members(m indicator.Measure, along []string) []map[string]int {
	numbers := make([]map[string]int, len(along))
	for d, name := range along {
		seen := map[string]bool{}
		for _, l := range s.layers {
			for _, c := range l.areas {
				for k := range c.members[m] {
					if k.dimension == name {
						seen[k.member] = true
					}
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

// countsOf hands the cells of a stack over to package disclosure: of the areas of the first layer, then of the next.
func (a *Aggregator) countsOf(s stack, areas []string, m indicator.Measure, mm *measureMask) (counts []disclosure.Counts) {
	for _, l := range s.layers {
		for _, area := range areas {
			c := l.areas[area]
			if c == nil {
				c = newAreaGrid()
			}
			counts = append(counts, a.counts(c, m, mm))
		}
	}
	return counts
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
