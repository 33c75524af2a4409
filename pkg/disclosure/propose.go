package disclosure

import (
	"math"
	"slices"
)

// propose makes a move of the cell that the grid offers in the given direction, the longest or one of half of what is missing, and
// reports whether there was one.
func (s *prover) propose(cell int32, sign int8) bool {
	missing := s.missing(cell, sign)
	var best move
	longest, turn := int64(0), int8(1)
	for _, by := range s.t.moves.g.movers(cell) {
		s.t.moves.each(by.index, s.k, s.isUnknown, true, func(m move) bool {
			if reach := min(s.reachOf(m, by.sign*sign), missing); reach > longest {
				if step := s.completed(cell, sign, m, by.sign*sign, reach); step > longest {
					best, longest, turn = append(best[:0], m...), step, by.sign
				}
			}
			return 2*longest >= missing
		})
	}
	if longest == 0 {
		return false
	}
	ok := s.complete(cell, sign, best, turn*sign, longest)
	if ok {
		s.apply()
	}
	s.clear()
	return ok
}

func (s *prover) setAll(m move, sign int8) {
	m.each(s.t.moves.g.stride, func(cell int32, change int8) bool {
		s.set(cell, change*sign)
		return true
	})
}

// each calls visit with the cells of the move and their changes, until it returns false; then it returns false.
func (m move) each(stride int, visit func(cell int32, change int8) bool) bool {
	for _, p := range m {
		for _, a := range p.areas {
			for _, o := range p.offsets {
				if !visit(a.index*int32(stride)+o.index, a.sign*o.sign) {
					return false
				}
			}
		}
	}
	return true
}

// reachOf returns how many times the move can be made in the given direction: 0 if it changes anything published.
func (s *prover) reachOf(m move, sign int8) int64 {
	step := unlimited
	stride := int32(s.t.moves.g.stride)
	for _, p := range m {
		for _, a := range p.areas {
			for _, o := range p.offsets {
				c := a.index*stride + o.index
				if !s.isUnknown(c) {
					return 0
				}
				if a.sign*o.sign*sign < 0 {
					step = min(step, s.current[c]-s.bounds.least[c])
				} else {
					step = min(step, s.bounds.most[c]-s.current[c])
				}
				if step <= 0 {
					return 0
				}
			}
		}
	}
	return min(step, s.t.moves.slack(m, s.current, sign))
}

// complete sets a change of a cell and a move of so many people, and what else must change for it in lines that were added to the grid's
// own, and reports whether these could be balanced.
func (s *prover) complete(cell int32, change int8, m move, sign int8, step int64) bool {
	s.step, s.budget = step, completion
	s.setAll(m, sign)
	if s.change[cell] == 0 {
		if !s.fits(cell, change) {
			return false
		}
		s.set(cell, change)
	}
	stuck := len(s.stuck)
	ok := len(s.broken) == 0 || s.repair() && s.possible()
	s.stuck = s.stuck[:stuck]
	return ok
}

// completed returns of how many people at most, in halves of so many, a change of a cell with a move can be; 0 if it cannot be completed.
func (s *prover) completed(cell int32, change int8, m move, sign int8, step int64) int64 {
	if s.t.moves.g.owner(cell) == cell && s.keeps(m) {
		return step
	}
	for ; step > 0; step /= 2 {
		ok := s.complete(cell, change, m, sign, step)
		if s.clear(); ok {
			break
		}
	}
	return step
}

// keeps reports whether a move changes nothing that lines beyond the grid's own tie.
func (s *prover) keeps(m move) bool {
	return s.bound == nil || m.each(s.t.moves.g.stride, func(cell int32, _ int8) bool { return !s.bound[cell] })
}

// unblock returns the published cells to hide so that the cheapest move of the cell becomes possible; nil if none does.
func (s *prover) unblock(cell int32) []int32 {
	var best, blockers []int32
	least := math.Inf(1)
	for _, by := range s.t.moves.g.movers(cell) {
		s.t.moves.each(by.index, s.k, s.isUnknown, false, func(m move) bool {
			var cost float64
			cost, blockers = s.cost(m, least, blockers[:0])
			if cost < least && len(blockers) > 0 && (s.completed(cell, 1, m, by.sign, 1) > 0 || s.completed(cell, -1, m, -by.sign, 1) > 0) {
				least = cost
				best = slices.Clone(blockers)
			}
			return false
		})
	}
	return best
}

// cost returns what hiding the published cells of a move loses, and those cells; more if it takes several such
// moves, infinite if it does not help or costs more than the limit.
func (s *prover) cost(m move, limit float64, blockers []int32) (float64, []int32) {
	cost := 0.0
	up, down := unlimited, unlimited
	helps := m.each(s.t.moves.g.stride, func(c int32, change int8) bool {
		if !s.isUnknown(c) {
			if !s.hideable(c) {
				return false
			}
			blockers = append(blockers, c)
			cost += s.price(c)
		}
		room, head := s.t.Values[c]-s.bounds.least[c], s.bounds.most[c]-s.t.Values[c]
		if change < 0 {
			room, head = head, room
		}
		up, down = min(up, head), min(down, room)
		return cost < limit && up+down > 0
	})
	if helps {
		up, down = min(up, s.t.moves.slack(m, s.t.Values, 1)), min(down, s.t.moves.slack(m, s.t.Values, -1))
	}
	if !helps || up+down == 0 {
		return math.Inf(1), blockers
	}
	if reach := up + down; reach < s.k { // several such moves may do, but better one that does
		cost *= severalMoves * float64(s.k) / float64(reach)
	}
	return cost, blockers
}

// price weighs what is lost by hiding a cell: more for what is hidden late, and for larger areas; totals, which are looked at most, go
// only when hardly anything else does.
func (s *prover) price(cell int32) float64 {
	rank, height := s.t.keep(int(cell))/maxHeight, s.t.keep(int(cell))%maxHeight
	price := float64((rank+1)*(rank+1)) * math.Pow(4, float64(height))
	if int(cell)%s.t.moves.g.stride == 0 {
		price *= priceOfTotals
	}
	return price
}
