package aggregator

import (
	"slices"

	"vointi.fi/pkg/disclosure"
)

// Of some twins one counts a few more than the other: who came in a quarter, and who came in the last 90 days of it. Everybody who reads
// both numbers of an area knows how many are missing there, and so how many are missing at most in each row of it.

// areNear reports whether the numbers of two rows differ by fewer than the threshold, and, if it matters, those of the area or of the
// same rows of an area above it do, too. Beside a 0 they may differ by more: that nobody is left bounds the other from above, and that it is
// hidden, and so are those of each sex and of each part of the area, from below.
func (a *Aggregator) areNear(t *twins, ms masks, rows [2]slot) bool {
	limit := a.cfg.Threshold
	near := func(rows [2]slot) bool {
		one, other := rowOf{t.first, rows[0]}, rowOf{t.second, rows[1]}
		if !ms.knows(one) || !ms.knows(other) {
			return false
		}
		return max(ms.number(one)-ms.number(other), ms.number(other)-ms.number(one)) < limit
	}
	if one, other := (rowOf{t.first, rows[0]}), (rowOf{t.second, rows[1]}); min(ms.number(one), ms.number(other)) == 0 {
		limit *= boundBothWays
	}
	if !near(rows) || !t.told {
		return near(rows)
	}
	all := totalOf(rows[0].area)
	return near([2]slot{all, all}) || slices.ContainsFunc(a.places.path(all.area)[1:], func(above string) bool {
		of := rows
		of[0].area, of[1].area = above, above
		return near(of)
	})
}

// boundBothWays is up to how many thresholds a number may leave less than one of room to what is also bounded from the other side, by fewer
// than one.
const boundBothWays = 3

// leavesFew reports whether two rows are shown of which that of the second is published together with a hidden part of it only, and that
// of the first says that it may be few: fewer than k are missing.
func (t *twins) leavesFew(ms masks, one, other rowOf, k int64) bool {
	part := ms[t.part]
	return part != nil && !ms[one.m].hides(one.s) && !ms[other.m].hides(other.s) && part.hides(other.s) &&
		ms.number(one) < boundBothWays*k && !disclosure.Small(ms.number(one), k)
}

// knows reports whether a mask has the row.
func (ms masks) knows(r rowOf) bool {
	_, ok := ms[r.m].cell(r.s)
	return ok
}

// number returns what a row of a mask counts.
func (ms masks) number(r rowOf) int64 {
	cell, _ := ms[r.m].cell(r.s)
	return ms[r.m].grid.Values[cell]
}

// beside returns the rows shown of an area that are of the same age scheme, or dimension, as one of them, and not 0.
func (m *measureMask) beside(s slot) (rows []slot) {
	rows = m.rowsOf(s.area)
	for of := range m.groups {
		rows = append(rows, slot{area: s.area, scheme: of.scheme, group: of.group, sex: s.sex})
	}
	return slices.DeleteFunc(rows, func(r slot) bool {
		cell, ok := m.cell(r)
		return !ok || m.mask[cell] || m.grid.Values[cell] == 0 || r.scheme != s.scheme || r.dimension != s.dimension
	})
}
