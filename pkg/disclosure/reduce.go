package disclosure

// Reduced returns what of the table matters to its first n cells: those cells that not everybody knows, which lines tie to
// them through others of this kind. What everybody knows of a line is one [Open] cell in it. Cell i is cell cells[i] of the
// table, −1 for such a sum. Masks of it protect these cells of the table: known numbers tell nothing but what they leave
// of their lines.
func (t *Table) Reduced(n int) (r *Table, cells []int) {
	return t.reduced(func(c int) bool { return c < n })
}

// reduced is Reduced to some cells.
func (t *Table) reduced(to func(cell int) bool) (r *Table, cells []int) {
	tied := t.tied(to)
	r = &Table{}
	floors := t.Floors != nil
	index := make([]int, len(t.Values))
	add := func(c int, value int64, kind Kind) int {
		r.Values, r.Kinds = append(r.Values, value), append(r.Kinds, kind)
		if floors {
			r.Floors = append(r.Floors, 0)
		}
		r.Marked, r.Ceilings, r.Keep = append(r.Marked, c >= 0 && t.marked(c)), append(r.Ceilings, -1), append(r.Keep, 0)
		if cells = append(cells, c); c >= 0 {
			r.Ceilings[len(r.Ceilings)-1], r.Keep[len(r.Keep)-1] = t.ceiling(c), t.keep(c)
			if floors {
				r.Floors[len(r.Floors)-1] = t.floor(c)
			}
		}
		return len(cells) - 1
	}
	for c, v := range t.Values {
		if index[c] = -1; tied(c) {
			index[c] = add(c, v, t.kind(c))
		}
	}
	for _, l := range t.Lines {
		left, known := Line{Total: index[l.Total]}, int64(0)
		for i, m := range l.Members {
			switch {
			case index[m] < 0:
				known += t.Values[m]
				continue
			case i < l.Together:
				left.Together++
			}
			left.Members = append(left.Members, index[m])
		}
		switch {
		case len(left.Members) == 0 && left.Total < 0:
			continue
		case left.Total < 0:
			left.Total = add(-1, t.Values[l.Total]-known, Open)
		case known > 0:
			left.Members = append(left.Members, add(-1, known, Open))
		}
		r.Lines = append(r.Lines, left)
	}
	return r, cells
}

func (t *Table) marked(cell int) bool { return t.Marked != nil && t.Marked[cell] }

// known reports whether everybody knows the cell, whatever the mask: it is published in any case.
func (t *Table) known(cell int) bool {
	return t.kind(cell) == Open || t.kind(cell) == Subject && t.Values[cell] == 0 && !t.marked(cell)
}

// tied returns a test whether lines tie a cell that is not known, through others of this kind, to one of some.
func (t *Table) tied(to func(cell int) bool) func(cell int) bool {
	root := make([]int, len(t.Values))
	for c := range root {
		root[c] = c
	}
	find := func(c int) int {
		for root[c] != c {
			root[c] = root[root[c]]
			c = root[c]
		}
		return c
	}
	for _, l := range t.Lines {
		first := -1
		for _, c := range append([]int{l.Total}, l.Members...) {
			switch {
			case t.known(c):
			case first < 0:
				first = find(c)
			default:
				root[find(c)] = first
			}
		}
	}
	live := make([]bool, len(t.Values))
	for c := range t.Values {
		live[find(c)] = to(c) && !t.known(c) || live[find(c)]
	}
	return func(c int) bool { return !t.known(c) && live[find(c)] }
}
