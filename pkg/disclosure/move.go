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
	movesInside  = 6   // places in the cell's area
	movesOutside = 10  // places outside
	movesNear    = 40  // places outside that are looked at, at least
	severalMoves = 100 // how much dearer it is to unblock a move that does not prove a cell alone
)

// mover lists the moves of a grid.
type mover struct {
	g      *Grid
	places [][]int32 // where somebody can be: the areas that he is then in, the smallest first
	within [][]int32 // the places in each area
	atoms  [][]int32 // the finest age sets: the sets that each is in
	local  map[int32][]localMove
}

// localMove is what changes within one area. If somebody is more there, and not in another's place, he is a member in
// every dimension, except the one that the offsets name already.
type localMove struct {
	offsets []signedIndex
	more    bool
	except  int
}

func newMover(g *Grid) *mover {
	m := &mover{g: g, local: map[int32][]localMove{}}
	m.addPlaces()
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

// offsetMoves returns the changes within one area that add 1 to the cell at the offset: age for age, sex for sex, both at
// once, age for age in one sex and back in the other, member for member, and somebody more.
func (m *mover) offsetMoves(offset int32) []localMove {
	if known, ok := m.local[offset]; ok {
		return known
	}
	var list []localMove
	width := int32(m.g.sexes())
	if persons := int32(len(m.g.sets)) * width; offset < persons {
		list = m.personMoves(offset/width, offset%width-1)
	} else {
		list = m.memberMoves(offset)
	}
	m.local[offset] = list
	return list
}

func (m *mover) personMoves(set, sex int32) (list []localMove) {
	sexes := int32(m.g.sexes()) - 1
	in := func(atom int) bool { return slices.Contains(m.atoms[atom], set) }
	for b := range m.atoms {
		if !in(b) {
			continue
		}
		for s := range max(sexes, 1) {
			if sex >= 0 && s != sex {
				continue
			}
			for o := range m.atoms {
				if in(o) {
					continue
				}
				age := ages(m.atoms[b], m.atoms[o])
				list = append(list, localMove{offsets: m.cross(age, m.sexPair(s, -1))})
				for r := range sexes {
					if r == s {
						continue
					}
					list = append(list, localMove{offsets: m.exchange(b, s, o, r)})
					if sex >= 0 {
						list = append(list, localMove{offsets: m.cross(age, m.sexPair(s, r))})
					}
				}
			}
			for r := range sexes {
				if sex >= 0 && r != s {
					list = append(list, localMove{offsets: m.cross(ages(m.atoms[b], nil), m.sexPair(s, r))})
				}
			}
			list = append(list, localMove{m.cross(ages(m.atoms[b], nil), m.sexPair(s, -1)), true, -1})
		}
	}
	return list
}

func (m *mover) memberMoves(offset int32) (list []localMove) {
	for d, n := range m.g.shape.Dimensions {
		first := int32(m.g.Member(0, d, 0))
		if offset < first || offset > first+int32(n) {
			continue
		}
		for o := first; o <= first+int32(n); o++ {
			if o != offset {
				list = append(list, localMove{offsets: []signedIndex{{offset, 1}, {o, -1}}})
			}
		}
		for b := range m.atoms {
			for s := range max(int32(m.g.sexes())-1, 1) {
				person := m.cross(ages(m.atoms[b], nil), m.sexPair(s, -1))
				list = append(list, localMove{append(person, signedIndex{offset, 1}), true, d})
			}
		}
	}
	return list
}

// membership returns what changes in each dimension when somebody is more in one place, and less in the other if there
// is one: a member that both have, or else one of each place's own.
func (m *mover) membership(in, out []int32) []move {
	changes := make([]move, len(m.g.shape.Dimensions))
	for d, n := range m.g.shape.Dimensions {
		if !m.g.additive[d] {
			continue
		}
		first := m.g.Member(0, d, 0)
		most := func(value func(offset int) int64) (offset int, v int64) {
			for o := first; o <= first+n; o++ {
				if w := value(o); w > v || o == first {
					offset, v = o, w
				}
			}
			return offset, v
		}
		at := func(place []int32) func(int) int64 {
			return func(o int) int64 { return m.g.Values[int(place[0])*m.g.stride+o] }
		}
		here, _ := most(at(in))
		if out == nil {
			changes[d] = move{{ages(in, nil), []signedIndex{{int32(here), 1}}}}
			continue
		}
		both, v := most(func(o int) int64 { return min(at(in)(o), at(out)(o)) })
		if v > 0 {
			changes[d] = move{{ages(in, out), []signedIndex{{int32(both), 1}}}}
			continue
		}
		there, _ := most(at(out))
		changes[d] = move{{ages(in, nil), []signedIndex{{int32(here), 1}}}, {ages(out, nil), []signedIndex{{int32(there), -1}}}}
	}
	return changes
}

// complete adds to a local move, made in these areas, the memberships of somebody more.
func (l localMove) complete(areas []signedIndex, membership []move) move {
	m := move{{areas, l.offsets}}
	if l.more {
		for d, change := range membership {
			if d != l.except {
				m = append(m, change...)
			}
		}
	}
	return m
}

// ages returns the sets that gain when somebody of the first atom takes the place of somebody of the second, or is more.
func ages(from, to []int32) (list []signedIndex) {
	for _, set := range from {
		if !slices.Contains(to, set) {
			list = append(list, signedIndex{set, 1})
		}
	}
	for _, set := range to {
		if !slices.Contains(from, set) {
			list = append(list, signedIndex{set, -1})
		}
	}
	return list
}

// sexPair returns the columns of a set that change: one sex and the total, or one sex for another.
func (m *mover) sexPair(sex, other int32) []signedIndex {
	switch {
	case m.g.sexes() == 1:
		return []signedIndex{{0, 1}}
	case other < 0:
		return []signedIndex{{0, 1}, {sex + 1, 1}}
	default:
		return []signedIndex{{sex + 1, 1}, {other + 1, -1}}
	}
}

// exchange puts somebody of one age and sex in the place of somebody of another age and another sex.
func (m *mover) exchange(b int, s int32, o int, r int32) (list []signedIndex) {
	more, less := m.cross(ages(m.atoms[b], nil), m.sexPair(s, -1)), m.cross(ages(m.atoms[o], nil), m.sexPair(r, -1))
	for _, x := range more {
		if !slices.Contains(less, x) {
			list = append(list, x)
		}
	}
	for _, x := range less {
		if !slices.Contains(more, x) {
			list = append(list, signedIndex{x.index, -1})
		}
	}
	return list
}

func (m *mover) cross(sets, columns []signedIndex) []signedIndex {
	list := make([]signedIndex, 0, len(sets)*len(columns))
	for _, s := range sets {
		for _, c := range columns {
			list = append(list, signedIndex{s.index*int32(m.g.sexes()) + c.index, s.sign * c.sign})
		}
	}
	return list
}

// each calls visit with the moves that add 1 to the cell, until it returns true: first exchanges between a place in the
// cell's area and one outside, then changes in a place alone.
func (m *mover) each(cell int32, enough int64, hidden func(cell int32) bool, visit func(move) bool) {
	area, offset := cell/int32(m.g.stride), cell%int32(m.g.stride)
	inside, outside := m.candidates(area, offset, enough, hidden)
	locals := m.offsetMoves(offset)
	for _, in := range inside {
		for _, out := range outside {
			areas, membership := ages(in, out), m.membership(in, out)
			for _, l := range locals {
				if visit(l.complete(areas, membership)) {
					return
				}
			}
		}
	}
	for _, in := range inside {
		areas, membership := ages(in, nil), m.membership(in, nil)
		for _, l := range locals {
			if visit(l.complete(areas, membership)) {
				return
			}
		}
	}
}

// neighbours returns places outside the area: all that share the smallest area with the reference, then the next, until
// there are many.
func (m *mover) neighbours(reference []int32, area int32) []int32 {
	around := slices.Clone(reference)
	slices.SortStableFunc(around, func(a, b int32) int { return cmp.Compare(len(m.within[a]), len(m.within[b])) })
	var found []int32
	seen := map[int32]bool{}
	for _, a := range around {
		for _, p := range m.within[a] {
			if !seen[p] && !slices.Contains(m.places[p], area) {
				seen[p] = true
				found = append(found, p)
			}
		}
		if len(found) >= movesNear {
			break
		}
	}
	return found
}

// candidates returns the places in the area with the most in the cell; and those outside with enough in it to give,
// that have it hidden already, the nearest, the smallest.
func (m *mover) candidates(area, offset int32, enough int64, hidden func(int32) bool) (inside, outside [][]int32) {
	cellOf := func(place []int32) int32 { return place[0]*int32(m.g.stride) + offset }
	value := func(place []int32) int64 { return m.g.Values[cellOf(place)] }
	var reference []int32
	for _, p := range m.within[area] {
		inside = append(inside, m.places[p])
		if reference == nil || value(m.places[p]) > value(reference) {
			reference = m.places[p]
		}
	}
	if reference == nil {
		return nil, nil
	}
	for _, p := range m.neighbours(reference, area) {
		if place := m.places[p]; value(place) > 0 || m.g.Kinds[cellOf(place)] == Unpublished {
			outside = append(outside, place)
		}
	}
	type key struct {
		poor, shown, apart int
		value              int64
	}
	keys := map[int32]key{}
	for _, place := range outside {
		k := key{value: value(place)}
		if k.value <= enough {
			k.poor, k.value = 1, -k.value
		}
		if !hidden(cellOf(place)) {
			k.shown = 1
		}
		for _, a := range reference {
			if a != area && !slices.Contains(place, a) {
				k.apart++
			}
		}
		keys[place[0]] = k
	}
	slices.SortStableFunc(outside, func(a, b []int32) int {
		x, y := keys[a[0]], keys[b[0]]
		return cmp.Or(cmp.Compare(x.poor, y.poor), cmp.Compare(x.shown, y.shown), cmp.Compare(x.apart, y.apart), cmp.Compare(x.value, y.value))
	})
	slices.SortStableFunc(inside, func(a, b []int32) int { return cmp.Compare(value(b), value(a)) })
	return inside[:min(len(inside), movesInside)], outside[:min(len(outside), movesOutside)]
}
