package disclosure

// BeginWatched is [Begin], and calls visit with every table of a proof. free reports of a cell whether nothing but
// zeros is published around it.
func BeginWatched(t Table, k int64, visit func(table []int64)) (started *Protection, free func(cell int) bool, err error) {
	p := newProtector(&t, k)
	p.watch = visit
	started, err = begin(&Protection{p, newProver(p)})
	return started, func(cell int) bool { return newProver(p).proportional(int32(cell)) }, err
}
