package disclosure

import (
	"cmp"
	"slices"
)

// In a [Grid] a proof need not be searched line by line: every table that people could make is possible, so a move is
// people changing their attributes. Somebody of area l, band b and sex s becomes one of band b', and somebody of area l'
// the reverse: all that is published of larger areas, of other bands, of both bands together stays as it is. Such a move
// is a product of differences, and it changes few cells: those of areas that separate l from l', of age groups that
// separate b from b'. It keeps every line balanced by construction.

// signedIndex is a cell's offset in its area, or an area, that gains (1) or loses (−1).
type signedIndex struct {
	index int32
	sign  int8
}

// product is a change of the cells areas × offsets, and a move a sum of such.
type (
	product struct{ areas, offsets []signedIndex }
	move    []product
)

// Limits of what is tried for a cell.
const (
	movesInside   = 6    // places in the cell's area
	movesOutside  = 10   // places outside with the most to give
	movesNearest  = 6    // and the nearest ones
	movesNear     = 100  // places outside that are looked at
	movesLooked   = 2000 // and those that turn out to be of no use
	severalMoves  = 100  // how much dearer it is to unblock a move that does not prove a cell alone
	priceOfTotals = 1000 // how much dearer totals are than other cells
)

// mover lists the moves of a grid.
type mover struct {
	g      *Grid
	places [][]int32 // where somebody can be: the areas that he is then in, the smallest first
	within [][]int32 // the places in each area
	atoms  [][]int32 // the finest age sets: the sets that each is in
	local  map[int32][]localMove
	near   near

	met   []uint32 // for each place the last round of neighbours in which it was met
	round uint32

	scratch move // the one that is visited
	open    []localMove
	most    best // of outside
	nearest best
	seen    []int32 // of slack
	changes []int64
}

func newMover(g *Grid) *mover {
	m := &mover{g: g, local: map[int32][]localMove{}, near: newNear(g)}
	m.addPlaces()
	m.met = make([]uint32, len(m.places))
	for _, atom := range g.atomSets() {
		var in []int32
		for i, s := range g.sets {
			if i == 0 || s.bands&g.sets[atom].bands == g.sets[atom].bands {
				in = append(in, int32(i))
			}
		}
		m.atoms = append(m.atoms, in)
	}
	return m
}

// atomSets returns the sets that no other divides: the bands, or the groups if there is one scheme.
func (g *Grid) atomSets() []int {
	if len(g.groups) == 0 {
		return []int{0}
	}
	if len(g.groups) == 1 {
		return g.groups[0]
	}
	var atoms []int
	for b := range g.shape.Bands {
		atoms = append(atoms, g.set(1<<b, 0))
	}
	return atoms
}

// addPlaces lists where somebody can be: in an area without parts, and in all that it is part of.
func (m *mover) addPlaces() {
	up, down := make([][]int32, m.g.areas), make([][]int32, m.g.areas)
	for i, p := range m.g.partitions {
		down[p.Parent] = append(down[p.Parent], int32(i))
		for _, part := range p.Parts {
			up[part] = append(up[part], int32(i))
		}
	}
	m.within = make([][]int32, m.g.areas)
	for a := range m.g.areas {
		place := m.place(int32(a), up, down)
		if place == nil {
			continue
		}
		for _, in := range place {
			m.within[in] = append(m.within[in], int32(len(m.places)))
		}
		m.places = append(m.places, place)
	}
}

// place returns all areas that somebody in the area is in, the area first; nil if the area has parts, or if it is not
// clear in which part of another partition he is.
func (m *mover) place(area int32, up, down [][]int32) []int32 {
	in := []int32{area}
	through := map[int32]int{} // how many parts of each partition he is in
	for i := 0; i < len(in); i++ {
		for _, p := range up[in[i]] {
			through[p]++
			if parent := int32(m.g.partitions[p].Parent); !slices.Contains(in, parent) {
				in = append(in, parent)
			}
		}
	}
	for _, a := range in {
		for _, p := range down[a] {
			if through[p] != 1 {
				return nil
			}
		}
	}
	slices.Sort(in[1:])
	return in
}

// each calls visit with the moves that add 1 to the cell, until it returns true: first exchanges between a place in the
// cell's area and one outside, then changes in a place alone. A move is valid during its visit only. Hidden tells which cells are; with
// only, moves that change others in the place are left out.
func (m *mover) each(cell int32, enough int64, hidden func(cell int32) bool, only bool, visit func(move) bool) {
	area, offset := cell/int32(m.g.stride), cell%int32(m.g.stride)
	inside := m.inside(area, offset, false)
	if len(inside) == 0 {
		return
	}
	outside := m.outside(inside[0], area, offset, enough, hidden)
	all := m.offsetMoves(offset)
	locals := func(in []int32) []localMove {
		if !only {
			return all
		}
		m.open = m.open[:0]
		first := in[0] * int32(m.g.stride)
		for _, l := range all {
			if !slices.ContainsFunc(l.offsets, func(o signedIndex) bool { return !hidden(first + o.index) }) {
				m.open = append(m.open, l)
			}
		}
		return m.open
	}
	for i, in := range inside {
		of := locals(in)
		if i > 0 && m.g.fixed {
			outside = m.outside(in, area, offset, enough, hidden)
		}
		for _, out := range outside {
			if m.among(in, out, of, visit) {
				return
			}
		}
	}
	for _, in := range m.inside(area, offset, true) {
		if m.among(in, nil, locals(in), visit) {
			return
		}
	}
}

// among calls visit with the local moves, made between two places or in one, until it returns true; then it returns true.
func (m *mover) among(in, out []int32, locals []localMove, visit func(move) bool) bool {
	areas := ages(in, out)
	var membership []move // most proofs are found before somebody more is asked for
	for _, l := range locals {
		if l.more && membership == nil {
			membership = m.membership(in, out)
		}
		if m.scratch = l.complete(m.scratch, areas, membership); visit(m.scratch) {
			return true
		}
	}
	return false
}

// inside returns the places in the area with the most in the cell; alone asks for those where somebody can be more without
// changing what is fixed.
func (m *mover) inside(area, offset int32, alone bool) [][]int32 {
	in := best{limit: movesInside}
	for _, p := range m.within[area] {
		place := m.places[p]
		if m.g.fixed && (m.g.Kinds[m.cellOf(place, offset)] == Open || alone && m.blocked(place, nil, offset)) {
			continue
		}
		in.add(place, rank{0, 0, 0, -m.g.Values[m.cellOf(place, offset)]})
	}
	return in.places
}

// outside returns places outside the area that can exchange with the one in it: those with enough in the cell to give,
// that have it hidden already, the nearest, the smallest; and some that are the nearest. The next call overwrites them.
func (m *mover) outside(reference []int32, area, offset int32, enough int64, hidden func(int32) bool) [][]int32 {
	out, near := &m.most, &m.nearest
	out.begin(movesOutside)
	near.begin(movesNearest)
	m.neighbours(reference, area, func(place []int32) bool {
		c := m.cellOf(place, offset)
		v := m.g.Values[c]
		if m.near.away(place[0]) || v == 0 && m.g.Kinds[c] != Unpublished || m.g.fixed && m.blocked(reference, place, offset) {
			return false
		}
		r := rank{3: v}
		if v <= enough {
			r[0], r[3] = 1, -v
		}
		if !hidden(c) {
			r[1] = 1
		}
		for _, a := range reference {
			if a != area && !slices.Contains(place, a) {
				r[2]++
			}
		}
		out.add(place, r)
		near.add(place, rank{r[2], r[1], r[0], r[3]})
		return true
	})
	for _, place := range near.places {
		if !slices.ContainsFunc(out.places, func(p []int32) bool { return p[0] == place[0] }) {
			out.places = append(out.places, place)
		}
	}
	return out.places
}

// blocked reports whether an exchange between two places would change what is fixed.
func (m *mover) blocked(in, out []int32, offset int32) bool {
	fixed := func(a int32) bool { return m.g.Kinds[a*int32(m.g.stride)+offset] == Open }
	return slices.ContainsFunc(in, func(a int32) bool { return fixed(a) && !slices.Contains(out, a) }) ||
		slices.ContainsFunc(out, func(a int32) bool { return fixed(a) && !slices.Contains(in, a) })
}

func (m *mover) cellOf(place []int32, offset int32) int32 {
	return place[0]*int32(m.g.stride) + offset
}

// neighbours calls visit with places outside the area: those that share the smallest area with the reference, then the
// next, until there were many.
func (m *mover) neighbours(reference []int32, area int32, visit func(place []int32) bool) {
	around := slices.Clone(reference)
	slices.SortStableFunc(around, func(a, b int32) int { return cmp.Compare(len(m.within[a]), len(m.within[b])) })
	m.round++
	for _, p := range m.within[area] {
		m.met[p] = m.round
	}
	n, looked := 0, 0
	for _, a := range around {
		for _, p := range m.within[a] {
			if m.met[p] == m.round {
				continue
			}
			m.met[p] = m.round
			looked++
			if visit(m.places[p]) || !m.g.fixed {
				n++
			}
			if n >= movesNear || looked >= movesLooked {
				return
			}
		}
	}
}

// rank orders places, by the first number first, the lowest first.
type rank [4]int64

// best keeps the places of the lowest ranks, in order.
type best struct {
	limit  int
	places [][]int32
	ranks  []rank
}

// begin empties it; what it had is no more.
func (b *best) begin(limit int) {
	b.limit, b.places, b.ranks = limit, b.places[:0], b.ranks[:0]
}

func (b *best) add(place []int32, r rank) {
	at := len(b.ranks)
	for at > 0 && slices.Compare(r[:], b.ranks[at-1][:]) < 0 {
		at--
	}
	if at == b.limit {
		return
	}
	b.places, b.ranks = slices.Insert(b.places, at, place), slices.Insert(b.ranks, at, r)
	if len(b.ranks) > b.limit {
		b.places, b.ranks = b.places[:b.limit], b.ranks[:b.limit]
	}
}
