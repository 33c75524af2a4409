package disclosure

// bounds are the least and the greatest value of each cell in all tables that agree with what cannot be hidden: [Open] cells and shown
// zeros. A cell cannot grow where nothing else in one of its lines could make up for it, and so on. That is not all that follows, so
// they may be wider than what is possible; but they hold whatever else is hidden but zeros, and a search that keeps to them is not lost
// among cells that cannot change.
type bounds struct {
	least, most []int64
	zeros       int // how many zeros were hidden when they were made: shown ones bound other cells
}

// Ways in which an entry of a line changes what its members exceed the total by. A total raises that by falling.
const (
	raises = 0
	lowers = 1
)

// tightening is bounds in the making.
type tightening struct {
	*protector
	bounds
	free [][2]int32 // how many entries of a line can still change it, by way
}

// tighten works the bounds out.
func (p *protector) tighten() bounds {
	t := &tightening{p, bounds{make([]int64, len(p.t.Values)), make([]int64, len(p.t.Values)), p.zeros}, make([][2]int32, len(p.t.Lines))}
	for c, v := range p.t.Values {
		t.least[c], t.most[c] = v, v
		switch {
		case p.hidden[c] || p.hideable(int32(c)):
			t.least[c], t.most[c] = p.bottom(int32(c)), p.t.ceiling(c)
		case p.isUnknown(int32(c)):
			t.least[c], t.most[c] = p.t.floor(c), p.t.ceiling(c)
		}
	}
	for line := range t.free {
		for _, e := range p.cellsOf(int32(line)) {
			for way := range t.free[line] {
				if t.can(e, way) {
					t.free[line][way]++
				}
			}
		}
		p.enqueue(int32(line))
	}
	for len(p.queue) > 0 {
		line := p.queue[0]
		p.queue = p.queue[1:]
		p.queued[line] = false
		t.balance(line, raises)
		t.balance(line, lowers)
	}
	return t.bounds
}

// can reports whether the cell of an entry can change its line in a way.
func (t *tightening) can(entry int32, way int) bool {
	c := entry >> 1
	if grows(entry, way) {
		return t.most[c] > t.t.Values[c]
	}
	return t.least[c] < t.t.Values[c]
}

// grows reports whether the cell of an entry grows by changing its line in a way.
func grows(entry int32, way int) bool { return (way == raises) == (entry&1 == 0) }

// balance stops the entries of a line that nothing makes up for: all, if none can change it the other way; if only one can, that one.
func (t *tightening) balance(line int32, way int) {
	others := t.free[line][1-way]
	if others > 1 || t.free[line][way] == 0 {
		return
	}
	for _, e := range t.cellsOf(line) {
		if t.can(e, way) && (others == 0 || t.can(e, 1-way)) {
			t.stop(e, way)
		}
	}
}

// stop has the cell of an entry no more change in the way, in any of its lines.
func (t *tightening) stop(entry int32, way int) {
	c := entry >> 1
	grown := grows(entry, way)
	if grown {
		t.most[c] = t.t.Values[c]
	} else {
		t.least[c] = t.t.Values[c]
	}
	for _, e := range t.linesOf(c) {
		way := lowers
		if grows(e, raises) == grown {
			way = raises
		}
		t.free[e>>1][way]--
		t.enqueue(e >> 1)
	}
}
