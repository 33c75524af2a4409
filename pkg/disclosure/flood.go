package disclosure

// escalate returns what to hide so that the cell may be proven: what blocks a move; else a cell of the lines where the
// search got stuck, else of the cell's own lines, else of anything the cell is tied to; nothing if all of that is hidden
// already, or if another search has found a proof meanwhile.
func (s *prover) escalate(cell int32) []int32 {
	if s.t.moves != nil {
		if more := s.unblock(cell); len(more) > 0 {
			return more
		}
		if s.retry(cell) {
			return nil
		}
	}
	if c := s.chooseAmong(s.stuck); c >= 0 {
		return []int32{c}
	}
	if s.flood.barren[cell] == s.generation {
		return nil
	}
	best := int32(-1)
	s.tied(cell, func(lines []int32) bool {
		best = s.chooseAmong(lines)
		return best >= 0
	})
	if best >= 0 {
		return []int32{best}
	}
	for _, c := range s.flood.met { // they are tied to the same
		s.flood.barren[c] = s.generation
	}
	return nil
}

func (s *prover) chooseAmong(lines []int32) int32 {
	best := int32(-1)
	for _, line := range lines {
		c := s.choose(line, s.k)
		if c >= 0 && (best < 0 || s.better(c, best, s.k)) {
			best = c
		}
	}
	return best
}

// flood is where a search along ties has been. A table can have thousands of cells that nothing more can be hidden for, all
// tied to each other: what was found about one is not looked for again.
type flood struct {
	round        int32
	cells, lines []int32 // the last round that met one
	met          []int32 // the cells of this round, in order
	barren       []int32 // by cell: the generation of the mask in which nothing that it is tied to could be hidden
}

// tied calls visit with the lines of the cell, then with those that unknown cells tie to these, and so on, until it
// returns true or no more lines follow.
func (s *prover) tied(cell int32, visit func(lines []int32) bool) {
	f := &s.flood
	f.round++
	f.cells[cell], f.met = f.round, append(f.met[:0], cell)
	for from := 0; from < len(f.met); {
		var lines []int32
		cells := f.met[from:]
		from = len(f.met)
		for _, c := range cells {
			for _, e := range s.linesOf(c) {
				if line := e >> 1; f.lines[line] != f.round {
					f.lines[line] = f.round
					lines = append(lines, line)
				}
			}
		}
		if visit(lines) {
			return
		}
		for _, line := range lines {
			for _, e := range s.cellsOf(line) {
				if c := e >> 1; f.cells[c] != f.round && s.isUnknown(c) {
					f.cells[c] = f.round
					f.met = append(f.met, c)
				}
			}
		}
	}
}

// proportional reports whether nothing but zeros is published in what the cell is tied to. Then every multiple of the
// table is possible, and the cell is as safe as can be.
func (s *prover) proportional(cell int32) bool {
	free := true
	s.tied(cell, func(lines []int32) bool {
		for _, line := range lines {
			for _, e := range s.cellsOf(line) {
				c := e >> 1
				if s.isUnknown(c) && s.t.ceiling(int(c)) < unlimited || !s.isUnknown(c) && s.t.Values[c] > 0 {
					free = false
				}
			}
		}
		return !free
	})
	return free
}
