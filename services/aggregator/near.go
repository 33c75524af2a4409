package aggregator

import "slices"

// Of some twins one counts a few more than the other: who came in a quarter, and who came in the last 90 days of it. Everybody who reads
// both numbers of an area knows how many are missing there, and so how many are missing at most of each age and target group of it. Of an
// activity as many may be missing as took part in something else later.

// besideNone is by how many thresholds the numbers of near twins may differ where one of them is 0: that nobody is left bounds the other from
// above, and that it is hidden, and so are those of each sex and of each part of the area, from below.
const besideNone = 3

// areNear reports whether the numbers of two rows differ by fewer than the threshold, or than several beside a 0; and, if it matters, whether
// others tell that.
func (a *Aggregator) areNear(t *twins, ms masks, rows [2]slot) bool {
	limit := a.cfg.Threshold
	one, other := ms.number(rowOf{t.first, rows[0]}), ms.number(rowOf{t.second, rows[1]})
	if one == 0 || other == 0 {
		limit *= besideNone
	}
	if max(one-other, other-one) >= limit {
		return false
	}
	return !t.derivable || slices.ContainsFunc(a.mostMissing(t, ms, rows[0]), func(most int64) bool { return most < limit })
}

// leavesFew reports whether two rows are shown of which that of the second is published together with a hidden part of it only, and that
// of the first says that it may be few, and about how many, to who reads what is missing at most.
func (a *Aggregator) leavesFew(t *twins, ms masks, one, other rowOf) bool {
	k, part := a.cfg.Threshold, ms[t.part]
	if part == nil || ms[one.m].hides(one.s) || ms[other.m].hides(other.s) || !part.hides(other.s) {
		return false
	}
	all, missing := ms.number(one), ms.number(one)-ms.number(other)
	return all >= k && all-missing < 2*k && slices.ContainsFunc(a.mostMissing(t, ms, one.s), func(most int64) bool { return all-most < k && most-missing < k })
}

// mostMissing lists how many are missing at most in a row of the second of twins, by what it is part of: those of its area, less those of other
// ages; those of the same row of an area above, less those of other areas. What it is part of is taken for known, and of the rest what is
// shown.
func (a *Aggregator) mostMissing(t *twins, ms masks, row slot) (most []int64) {
	bound := func(whole slot, others []slot) {
		one, other := rowOf{t.first, whole}, rowOf{t.second, whole}
		if !ms.knows(one) || !ms.knows(other) {
			return
		}
		left := ms.number(one) - ms.number(other)
		for _, s := range others {
			left -= t.shownMissing(ms, s)
		}
		most = append(most, left)
	}
	switch row.dimension {
	case "":
		bound(totalOf(row.area), ms[t.first].otherAges(row))
	case groupDimension:
		bound(totalOf(row.area), nil)
	}
	level := a.places.nodes[row.area].level
	for _, above := range a.places.path(row.area)[1:] {
		whole := row
		whole.area = above
		var others []slot
		for area := range ms[t.first].areas {
			if area != row.area && a.places.nodes[area].level == level && slices.Contains(a.places.path(area), above) {
				other := row
				other.area = area
				others = append(others, other)
			}
		}
		bound(whole, others)
	}
	return most
}

// shownMissing returns how many everybody reads to be missing in a row; 0 if it is hidden, or not published.
func (t *twins) shownMissing(ms masks, s slot) int64 {
	one, other, part := rowOf{t.first, s}, rowOf{t.second, s}, ms[t.part]
	if !ms.knows(one) || !ms.knows(other) || ms[one.m].hides(s) || ms[other.m].hides(s) || part != nil && part.hides(s) {
		return 0
	}
	return ms.number(one) - ms.number(other)
}

// otherAges returns the rows of the other groups of a row's age scheme; none of a total's.
func (m *measureMask) otherAges(row slot) (others []slot) {
	for of := range m.groups {
		if of.scheme == row.scheme && of.group != row.group {
			other := row
			other.group = of.group
			others = append(others, other)
		}
	}
	return others
}

// knows reports whether a mask has the row.
func (ms masks) knows(r rowOf) bool {
	_, ok := ms[r.m].cell(r.s)
	return ok
}

// number returns what a row counts that a mask has.
func (ms masks) number(r rowOf) int64 {
	cell, _ := ms[r.m].cell(r.s)
	return ms[r.m].grid.Values[cell]
}

// beside returns the other rows shown of an area that are of the same age scheme, or dimension, as one of them, and not 0.
func (m *measureMask) beside(s slot) (rows []slot) {
	rows = append(m.rowsOf(s.area), m.otherAges(s)...)
	return slices.DeleteFunc(rows, func(r slot) bool {
		cell, ok := m.cell(r)
		return !ok || m.mask[cell] || m.grid.Values[cell] == 0 || r.scheme != s.scheme || r.dimension != s.dimension || r == s
	})
}
