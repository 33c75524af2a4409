package disclosure

import "slices"

// slack returns how many times a move can be made, in the given direction, before a dimension whose members overlap says
// what cannot be: more in a member than there are, or fewer in all members than there are.
func (m *mover) slack(of move, values []int64, sign int8) int64 {
	step := unlimited
	for d, o := range m.g.overlaps {
		if !o.within && !o.covers {
			continue
		}
		seen := m.seen[:0]
		for _, p := range of {
			for _, a := range p.areas {
				if int(a.index) < m.g.shape.Areas && !slices.Contains(seen, a.index) {
					seen = append(seen, a.index)
					step = min(step, m.slackIn(a.index, d, of, values, int64(sign)))
				}
			}
		}
		m.seen = seen
	}
	return step
}

// slackIn is slack in one area and dimension.
func (m *mover) slackIn(area int32, d int, of move, values []int64, sign int64) int64 {
	first, n := m.g.Member(0, d, 0), m.g.shape.Dimensions[d]
	changes := append(m.changes[:0], make([]int64, n+1)...) // of the members, then of the total
	m.changes = changes
	for _, p := range of {
		at := slices.IndexFunc(p.areas, func(a signedIndex) bool { return a.index == area })
		if at < 0 {
			continue
		}
		for _, o := range p.offsets {
			switch i := int(o.index) - first; {
			case o.index == 0:
				changes[n] += sign * int64(p.areas[at].sign*o.sign)
			case i >= 0 && i < n:
				changes[i] += sign * int64(p.areas[at].sign*o.sign)
			}
		}
	}
	base := int(area) * m.g.stride
	total := values[base]
	step, beyond, more := unlimited, -total, -changes[n]
	for i, v := range values[base+first : base+first+n] {
		if fewer := changes[i] - changes[n]; m.g.overlaps[d].within && fewer > 0 {
			step = min(step, (total-v)/fewer)
		}
		beyond, more = beyond+v, more+changes[i]
	}
	if m.g.overlaps[d].covers && more < 0 {
		step = min(step, beyond/-more)
	}
	return step
}

// possible reports whether a table can be, in the areas of some cells: no member has more than the total, nor do all have less.
func (m *mover) possible(cells []int32, value func(cell int32) int64) bool {
	for d, o := range m.g.overlaps {
		if !o.within && !o.covers {
			continue
		}
		seen := m.seen[:0]
		for _, c := range cells {
			area := m.g.areaOf(c)
			if int(area) >= m.g.shape.Areas || slices.Contains(seen, area) {
				continue
			}
			if seen = append(seen, area); !m.g.overlapHolds(o, int(area), d, value) {
				return false
			}
		}
		m.seen = seen
	}
	return true
}

func (g *Grid) overlapHolds(o overlap, area, d int, value func(cell int32) int64) bool {
	total, all := value(int32(g.Total(area))), int64(0)
	for m := range g.shape.Dimensions[d] {
		v := value(int32(g.Member(area, d, m)))
		if o.within && v > total {
			return false
		}
		all += v
	}
	return !o.covers || all >= total
}
