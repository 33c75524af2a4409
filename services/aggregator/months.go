package aggregator

import (
	"maps"
	"slices"

	"vointi.fi/pkg/indicator"
)

// Of a year by age and sex only the quarters are in the table, not their months. But a hidden quarter is known to be what its shown months have,
// and one more for each month that is hidden and not 0; what is left may be few, though the quarter is not.

// knowMonths says in the table of a year what everybody knows of hidden rows of its quarters by their months.
func (a *Aggregator) knowMonths(mm *measureMask, s stack, m indicator.Measure, k int64) {
	if len(s.months) == 0 {
		return
	}
	months := stack{layers: s.months}.hidden(a.cfg.Catalogue, m)
	quarters := s.hidden(a.cfg.Catalogue, m)
	for j, quarter := range s.layers {
		if quarter.period.Type != indicator.Quarter {
			continue
		}
		var within []*layer
		var hidden []map[slot]bool
		for i, month := range s.months {
			if quarter.period.Contains(month.period.Start) {
				within, hidden = append(within, month), append(hidden, rowsIn(months[i]))
			}
		}
		rows := rowsIn(quarters[j])
		for _, area := range slices.Sorted(maps.Keys(quarter.areas)) { // the order of what is said decides which of several proofs is found
			for i := range a.ages.people {
				of := &a.ages.people[i]
				row := rowOfPeople(area, of.scheme, of.group, of.sex)
				if !rows[row] {
					continue
				}
				delete(rows, row) // those of unknown age are the same in each scheme
				shown, least := int64(0), int64(0)
				for n, month := range within {
					if month.areas[area] == nil {
						continue
					}
					count := of.sum(month.areas[area].groups[m])
					if hidden[n][row] {
						least += min(count, 1)
					} else {
						shown += count
					}
				}
				first, ok := mm.cell(slot{area: area, scheme: of.scheme, group: of.group, sex: of.sex})
				cell := j*len(mm.areas)*mm.grid.Cells() + first
				if ok && mm.grid.Values[cell] >= shown+least { // months may have been published of another state of things
					mm.grid.Consists(cell, shown, least, k)
				}
			}
		}
	}
}
