package aggregator

import (
	"iter"
	"slices"

	"vointi.fi/pkg/indicator"
)

// spot is one area in one period.
type spot struct {
	start indicator.Date
	area  symbol
}

// facet stands for who is counted in a cell of a spot: an age band and sex, or a member of a dimension. Its fine ones are
// by a band of the standard population, see [plan.fineFacet].
type facet uint32

const fineBit facet = 1 << 31

func (f facet) fine() bool { return f&fineBit != 0 }

// facetNames says what a facet is; the parts that it does not tell apart are "all" and "".
type facetNames struct{ dimension, member, band, sex symbol }

// place names the cells of one facet in one spot; there is a cell for each measure.
type place struct {
	period uint8 // index into indicator.PeriodTypes
	spot
	facet facet
}

// cellKey names a cell.
type cellKey struct {
	place
	measure int // index into plan.measures
}

// block is the sums of one spot: a row by facet, with one sum for each measure. A person or session that adds to a dozen
// cells of a spot looks it up once.
type block struct {
	of      *spots
	groups  []rowNumber         // by facet, of those below spots.groups: ages and sexes
	members map[facet]rowNumber // of the other facets
}

// rowNumber counts the rows of [spots] from 1; 0 is none.
type rowNumber uint32

// row returns the sums of a facet, to be added to.
func (b *block) row(f facet) []int64 {
	if int(f) >= len(b.groups) {
		return b.of.row(b.member(f))
	}
	n := b.groups[f]
	if n == 0 {
		n = b.of.newRow()
		b.groups[f] = n
	}
	return b.of.row(n)
}

func (b *block) member(f facet) rowNumber {
	n := b.members[f]
	if n != 0 {
		return n
	}
	if b.members == nil {
		b.members = map[facet]rowNumber{}
	}
	n = b.of.newRow()
	b.members[f] = n
	return n
}

// find returns the sums of a facet; nil if there are none.
func (b *block) find(f facet) []int64 {
	n := b.members[f]
	if int(f) < len(b.groups) {
		n = b.groups[f]
	}
	if n == 0 {
		return nil
	}
	return b.of.row(n)
}

// all yields the rows that there are.
func (b *block) all(yield func(facet, []int64) bool) {
	for f, n := range b.groups {
		if n != 0 && !yield(facet(f), b.of.row(n)) {
			return
		}
	}
	for f, n := range b.members {
		if !yield(f, b.of.row(n)) {
			return
		}
	}
}

// spots are the blocks of one period type. Different types may be filled by different goroutines.
type spots struct {
	fine   *spots // cells by the bands of the standard population, whose rows hold other measures
	slots  []int  // of a row: which measure of the plan
	width  int    // of a row
	groups int    // facets of ages and sexes
	blocks map[spot]*block
	slabs  [][]int64 // slabRows rows each
	last   rowNumber
}

const slabRows = 256

func (s *spots) at(x spot) *block {
	b, ok := s.blocks[x]
	if !ok {
		b = &block{of: s, groups: make([]rowNumber, s.groups)}
		s.blocks[x] = b
	}
	return b
}

func (s *spots) newRow() rowNumber {
	if int(s.last) == len(s.slabs)*slabRows {
		s.slabs = append(s.slabs, make([]int64, slabRows*s.width))
	}
	s.last++
	return s.last
}

func (s *spots) row(n rowNumber) []int64 {
	slab, at := s.slabs[(n-1)/slabRows], int((n-1)%slabRows)*s.width
	return slab[at : at+s.width : at+s.width]
}

// deltas is how much cells change, by period type; from zero, what they are.
type deltas [6]spots

func (p *plan) newDeltas() *deltas {
	d := &deltas{}
	for i := range d {
		d[i] = *newSpots(p.slots[whole], p.groups)
		d[i].fine = newSpots(p.slots[fine], 0)
	}
	return d
}

func newSpots(slots []int, groups int) *spots {
	return &spots{slots: slots, width: len(slots), groups: groups, blocks: map[spot]*block{}}
}

// at returns what a cell changes by.
func (d *deltas) at(k cellKey) int64 {
	s := &d[k.period]
	if k.facet.fine() {
		s = s.fine
	}
	if b, ok := s.blocks[k.spot]; ok {
		if row, slot := b.find(k.facet), slices.Index(s.slots, k.measure); row != nil && slot >= 0 {
			return row[slot]
		}
	}
	return 0
}

// all yields the cells whose sum is not zero.
func (d *deltas) all() iter.Seq2[cellKey, int64] {
	return func(yield func(cellKey, int64) bool) {
		for i := range d {
			if !d[i].all(uint8(i), yield) || !d[i].fine.all(uint8(i), yield) {
				return
			}
		}
	}
}

func (s *spots) all(period uint8, yield func(cellKey, int64) bool) bool {
	for x, b := range s.blocks {
		for f, row := range b.all {
			for slot, n := range row {
				if n != 0 && !yield(cellKey{place{period, x, f}, s.slots[slot]}, n) {
					return false
				}
			}
		}
	}
	return true
}

// symbol stands for a string.
type symbol uint32

// numbered gives each value a number, in the order in which they come. Not safe for use by several goroutines.
type numbered[N ~uint32, T comparable] struct {
	ids    map[T]N
	values []T
}

func newNumbered[N ~uint32, T comparable](first ...T) *numbered[N, T] {
	s := &numbered[N, T]{ids: map[T]N{}}
	for _, v := range first {
		s.of(v)
	}
	return s
}

func (s *numbered[N, T]) of(v T) N {
	id, ok := s.ids[v]
	if !ok {
		id = N(len(s.values))
		s.ids[v] = id
		s.values = append(s.values, v)
	}
	return id
}
