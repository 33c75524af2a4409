package disclosure

// Proofs looks for a proof of every hidden and small unpublished cell under a finished mask, calls visit with every table
// on the way, and returns the cells that it finds none for, those aside that nothing but zeros is published around.
func Proofs(t Table, mask Mask, k int64, visit func(table []int64)) (without []int) {
	p := newProtector(&t, k)
	for c, hidden := range mask {
		if hidden {
			p.hidden[c] = true
			p.fresh = append(p.fresh, int32(c))
			for _, e := range p.linesOf(int32(c)) {
				p.unknown[e>>1]++
			}
		}
	}
	s := newProver(p)
	for _, c := range p.fresh {
		for _, sign := range []int8{1, -1} {
			for !s.proven(c) && s.advance(c, sign) {
				visit(s.current)
			}
			copy(s.current, t.Values)
		}
		if !s.proven(c) && !s.proportional(c) {
			without = append(without, int(c))
		}
	}
	return without
}
