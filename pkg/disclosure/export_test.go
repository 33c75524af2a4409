package disclosure

// ProtectWatched is [Protect], and calls visit with every table of a proof. free reports of a cell whether nothing but
// zeros is published around it.
func ProtectWatched(t Table, k int64, visit func(table []int64)) (mask Mask, free func(cell int) bool, err error) {
	p := newProtector(&t, k)
	p.watch = visit
	mask, err = p.protect()
	return mask, func(cell int) bool { return newProver(p).proportional(int32(cell)) }, err
}
