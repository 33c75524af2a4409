package disclosure

// near confines a search to what lies close to a cell: in a large table one that may go anywhere is soon lost.
type near struct {
	of   []int // by area, see [Shape.Near]; nil: all are close
	only int   // what the search is confined to
}

// anywhere is a search that is not confined, or an area that is close to all.
const anywhere = -1

// newNear extends what is said of areas to the remainders of their partitions.
func newNear(g *Grid) near {
	n := near{g.shape.Near, anywhere}
	if n.of == nil {
		return n
	}
	n.of = append(make([]int, 0, g.areas), n.of...)
	for _, p := range g.partitions {
		if last := p.Parts[len(p.Parts)-1]; last == len(n.of) {
			n.of = append(n.of, n.of[p.Parent])
		}
	}
	return n
}

// confine confines the search to what is close to a cell, and reports whether that is not all there is.
func (s *prover) confine(cell int32) bool {
	if s.t.moves == nil || s.t.moves.near.of == nil {
		return false
	}
	n := &s.t.moves.near
	n.only = n.of[s.t.moves.g.areaOf(cell)]
	return n.only != anywhere
}

// away reports whether the search may not go to an area.
func (n *near) away(area int32) bool {
	return n.only != anywhere && n.of[area] != anywhere && n.of[area] != n.only
}

// away reports whether the search may not change a cell.
func (s *prover) away(cell int32) bool {
	return s.t.moves != nil && s.t.moves.near.away(s.t.moves.g.areaOf(cell))
}
