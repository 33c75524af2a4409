package disclosure

import "slices"

// localMove is what changes within one area. If somebody is more there, and not in another's place, he is a member in
// every dimension, except the one that the offsets name already.
type localMove struct {
	offsets []signedIndex
	more    bool
	except  int
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
		last := first + int32(n)
		if !m.g.additive[d] { // somebody can be a member beside what he is already
			list = append(list, localMove{offsets: []signedIndex{{offset, 1}}})
			last--
		}
		for o := first; o <= last; o++ {
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
		first, last := m.g.Member(0, d, 0), m.g.Member(0, d, n)
		if !m.g.additive[d] {
			last--
		}
		most := func(value func(offset int) int64) (offset int, v int64) {
			for o := first; o <= last; o++ {
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
		there, _ := most(at(out))
		if both, v := most(func(o int) int64 { return min(at(in)(o), at(out)(o)) }); v > 0 {
			here, there = both, both
		}
		if here == there { // areas that both places are in keep what they have
			changes[d] = move{{ages(in, out), []signedIndex{{int32(here), 1}}}}
			continue
		}
		changes[d] = move{{ages(in, nil), []signedIndex{{int32(here), 1}}}, {ages(out, nil), []signedIndex{{int32(there), -1}}}}
	}
	return changes
}

// complete adds to a local move, made in these areas, the memberships of somebody more. The move is made in the memory of
// another.
func (l localMove) complete(in move, areas []signedIndex, membership []move) move {
	m := append(in[:0], product{areas, l.offsets})
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
