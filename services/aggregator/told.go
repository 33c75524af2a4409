package aggregator

import (
	"slices"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// publishes says of an area's cells which have rows in a period type, shown or hidden. The others nobody is told, sexes of a measure
// whose indicators have none, say.
func (a *Aggregator) publishes(mm *measureMask, m indicator.Measure, t indicator.PeriodType, areas []string) []bool {
	rows := make([]bool, mm.grid.Cells())
	for _, e := range a.cfg.Catalogue {
		if len(areas) == 0 || !slices.Contains(e.Protect, m) || !slices.Contains(e.Periods, t) {
			continue
		}
		for i := range a.ages.people {
			of := &a.ages.people[i]
			if cell, ok := mm.cell(slot{area: areas[0], scheme: of.scheme, group: of.group, sex: of.sex}); ok && shows(e, of) {
				rows[cell] = true
			}
		}
		for d, members := range mm.members {
			for member := range len(members) {
				rows[mm.grid.Member(0, d, member)] = rows[mm.grid.Member(0, d, member)] || e.Has(mm.along[d])
			}
		}
	}
	return rows
}

// settle makes the layers below the first what they are, and shows what they or others tell of the first. Rows says of an area's cells, by
// period type, which have any.
func (m *measureMask) settle(s stack, hidden [][]slot, told []slot, rows map[indicator.PeriodType][]bool) {
	size := len(m.areas) * m.grid.Cells()
	if len(s.layers) > 1 && m.grid.Marked == nil {
		m.grid.Marked = make([]bool, len(m.grid.Values))
	}
	for j := 1; j < len(s.layers); j++ {
		for _, row := range hidden[j] {
			if cell, ok := m.cell(row); ok {
				m.grid.Marked[j*size+cell] = true
			}
		}
		of := rows[s.layers[j].period.Type]
		for c := j * size; c < (j+1)*size; c++ {
			switch {
			case m.grid.Kinds[c] != disclosure.Subject || m.grid.Marked[c]:
			case of[c%len(of)]:
				m.grid.Fix(c)
			default:
				m.grid.Kinds[c] = disclosure.Unpublished
			}
		}
	}
	for _, row := range told {
		if cell, ok := m.cell(row); ok {
			m.grid.Fix(cell)
		}
	}
	for _, parts := range s.sums[0] {
		for c := range size {
			if m.grid.Kinds[c] == disclosure.Subject && m.adds(c, parts, size) {
				m.grid.Fix(c)
			}
		}
	}
}

// adds reports whether a cell is the sum of shown cells of other layers.
func (m *measureMask) adds(cell int, layers []int, size int) bool {
	left := m.grid.Values[cell]
	for _, j := range layers {
		if m.grid.Kinds[j*size+cell] != disclosure.Open {
			return false
		}
		left -= m.grid.Values[j*size+cell]
	}
	return left == 0
}
