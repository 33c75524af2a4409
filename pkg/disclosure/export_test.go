package disclosure

// BeginWatched is [Begin], and calls visit with every table of a proof. free reports of a cell whether nothing but
// zeros is published around it.
func BeginWatched(t Table, k int64, visit func(table []int64)) (started *Protection, free func(cell int) bool, err error) {
	p := newProtector(&t, k)
	p.watch = visit
	started, err = begin(&Protection{p, newProver(p)})
	return started, func(cell int) bool { return newProver(p).proportional(int32(cell)) }, err
}

// BoundsOf returns what a search keeps to when the small and marked cells of a table are hidden.
func BoundsOf(t Table, k int64) (least, most []int64) {
	p := newProtector(&t, k)
	for c, v := range t.Values {
		if Small(v, k) || t.Marked != nil && t.Marked[c] {
			p.hide(int32(c))
		}
	}
	b := p.tighten()
	return b.least, b.most
}
