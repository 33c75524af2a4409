package disclosure

// Told returns the hidden cells that follow from what the mask shows, one line after the other: those that are the only
// unknown of a line, then those that are so with these known, and so on, in this order. Showing them takes nothing from
// anybody. Where [Protect] found a proof for every cell there are none, except of lines that nothing but zeros is in.
func (t *Table) Told(mask Mask) (told []int) {
	p := newProtector(t, 1)
	for c, hidden := range mask {
		if hidden {
			p.hidden[c] = true
			for _, e := range p.linesOf(int32(c)) {
				p.unknown[e>>1]++
			}
		}
	}
	known := make([]bool, len(t.Values))
	for line := range t.Lines {
		p.enqueue(int32(line))
	}
	for len(p.queue) > 0 {
		line := p.queue[0]
		p.queue = p.queue[1:]
		p.queued[line] = false
		if p.unknown[line] != 1 {
			continue
		}
		for _, e := range p.cellsOf(line) {
			c := e >> 1
			if known[c] || !p.isUnknown(c) {
				continue
			}
			known[c] = true
			if mask[c] {
				told = append(told, int(c))
			}
			for _, e := range p.linesOf(c) {
				p.unknown[e>>1]--
				p.enqueue(e >> 1)
			}
		}
	}
	return told
}
