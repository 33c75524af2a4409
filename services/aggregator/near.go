package aggregator

import (
	"math"
	"slices"
)

// Of some twins one counts a few more than the other: who came in a quarter, and who came in the last 90 days of it. Everybody who reads
// both numbers of an area knows how many are missing there, and so how many are missing at most in each row of it.

// besideNone is by how many thresholds the numbers of near twins may differ where one of them is 0: that nobody is left bounds the other from
// above, and that it is hidden, and so are those of each sex and of each part of the area, from below.
const besideNone = 3

// areNear reports whether the numbers of two rows differ by fewer than the threshold, and, if it matters, those of the area or of the
// same rows of an area above it do, too.
func (a *Aggregator) areNear(t *twins, ms masks, rows [2]slot) bool {
	limit := a.cfg.Threshold
	near := func(rows [2]slot) bool {
		one, other := rowOf{t.first, rows[0]}, rowOf{t.second, rows[1]}
		return ms.knows(one) && ms.knows(other) && max(ms.number(one)-ms.number(other), ms.number(other)-ms.number(one)) < limit
	}
	if ms.number(rowOf{t.first, rows[0]}) == 0 || ms.number(rowOf{t.second, rows[1]}) == 0 {
		limit *= besideNone
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

// leavesFew reports whether two rows are shown of which that of the second is published together with a hidden part of it only, and that
// of the first says that it may be few, and about how many: what is missing at most is told.
func (a *Aggregator) leavesFew(t *twins, ms masks, one, other rowOf) bool {
	k, part := a.cfg.Threshold, ms[t.part]
	if part == nil || ms[one.m].hides(one.s) || ms[other.m].hides(other.s) || !part.hides(other.s) {
		return false
	}
	missing, most := ms.number(one)-ms.number(other), a.mostMissing(t, ms, one.s)
	return ms.number(one) >= k && ms.number(one)-most < k && most-missing < k
}

// mostMissing returns how many everybody knows to be missing at most in a row of the second of twins: those of the area, less those of other
// ages; or those of the same row of an area above, less those of other areas.
func (a *Aggregator) mostMissing(t *twins, ms masks, row slot) int64 {
	missing := func(s slot) (n int64, told bool) {
		one, other := rowOf{t.first, s}, rowOf{t.second, s}
		if !ms.knows(one) || !ms.knows(other) || ms[t.first].hides(s) || ms[t.second].hides(s) || ms[t.part] != nil && ms[t.part].hides(s) {
			return 0, false
		}
		return ms.number(one) - ms.number(other), true
	}
	most := int64(math.MaxInt64)
	bound := func(whole slot, others []slot) {
		left, told := missing(whole)
		if !told {
			return
		}
		for _, s := range others {
			n, _ := missing(s)
			left -= n
		}
		most = min(most, left)
	}
	if row.dimension == "" {
		var others []slot
		for of := range a.ages.index {
			if of.scheme == row.scheme && of.group != row.group {
				others = append(others, slot{area: row.area, scheme: of.scheme, group: of.group, sex: row.sex})
			}
		}
		bound(totalOf(row.area), others)
	}
	for _, above := range a.places.path(row.area)[1:] {
		whole := row
		whole.area = above
		var others []slot
		for area := range ms[t.first].areas {
			if area != row.area && a.places.nodes[area].level == a.places.nodes[row.area].level && slices.Contains(a.places.path(area), above) {
				others = append(others, slot{row.indicator, area, row.scheme, row.group, row.sex, row.dimension, row.member})
			}
		}
		bound(whole, others)
	}
	return most
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
