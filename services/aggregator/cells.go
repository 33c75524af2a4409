package aggregator

import (
	"iter"
	"maps"
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

// block is the sums of one spot: a row by facet, with one sum for each measure of the period type. A person or session that
// adds to a dozen cells of a spot looks it up once.
type block struct {
	of    *spots
	pages []*page // by facet / facetsAPage, the fine ones by what is left without the fineBit
}

// page says which row each of some facets has.
type page [facetsAPage]rowNumber

const facetsAPage = 64

// rowNumber counts the rows of [spots] from 1; 0 is none.
type rowNumber uint32

// row returns the sums of a facet, to be added to.
func (b *block) row(f facet) []int64 {
	f &^= fineBit
	for int(f) >= len(b.pages)*facetsAPage {
		b.pages = append(b.pages, nil)
	}
	p := b.pages[f/facetsAPage]
	if p == nil {
		p = &page{}
		b.pages[f/facetsAPage] = p
	}
	n := &p[f%facetsAPage]
	if *n == 0 {
		*n = b.of.newRow()
	}
	return b.of.row(*n)
}

// find returns the sums of a facet; nil if there are none.
func (b *block) find(f facet) []int64 {
	f &^= fineBit
	if int(f) >= len(b.pages)*facetsAPage || b.pages[f/facetsAPage] == nil {
		return nil
	}
	if n := b.pages[f/facetsAPage][f%facetsAPage]; n != 0 {
		return b.of.row(n)
	}
	return nil
}

// all yields the rows that there are, by facet.
func (b *block) all(yield func(facet, []int64) bool) {
	for i, p := range b.pages {
		for j := 0; p != nil && j < facetsAPage; j++ {
			if n := p[j]; n != 0 && !yield(b.of.bit|facet(i*facetsAPage+j), b.of.row(n)) {
				return
			}
		}
	}
}

// spots are the blocks of one period type. Different types may be filled by different goroutines.
type spots struct {
	columns
	fine    *spots // cells by the bands of the standard population, whose rows hold other measures
	bit     facet  // of the facets
	periods []*blocks
	first   indicator.Date // where the first of periods, which there is one of for each day, begins
	slabs   [][]int64      // slabRows rows each
	last    rowNumber
}

// blocks are those of one period, by area.
type blocks []*block

const slabRows = 256

func (s *spots) at(x spot) *block {
	in := s.period(x.start)
	for int(x.area) >= len(*in) {
		*in = append(*in, nil)
	}
	b := (*in)[x.area]
	if b == nil {
		b = &block{of: s}
		(*in)[x.area] = b
	}
	return b
}

// period returns the blocks of the period that begins on a day. A person goes through many periods, so they are found by
// counting days.
func (s *spots) period(start indicator.Date) *blocks {
	if len(s.periods) == 0 {
		s.first = start
	}
	if start < s.first {
		s.periods = append(make([]*blocks, s.first-start), s.periods...)
		s.first = start
	}
	i := int(start - s.first)
	if i >= len(s.periods) {
		s.periods = append(s.periods, make([]*blocks, i+1-len(s.periods))...)
	}
	if s.periods[i] == nil {
		s.periods[i] = &blocks{}
	}
	return s.periods[i]
}

// areas is how many blocks a period has at most.
func (s *spots) areas(start indicator.Date) int {
	i := int(start - s.first)
	if i < 0 || i >= len(s.periods) || s.periods[i] == nil {
		return 0
	}
	return len(*s.periods[i])
}

// find returns the block of a spot; nil if there is none.
func (s *spots) find(x spot) *block {
	if int(x.area) >= s.areas(x.start) {
		return nil
	}
	return (*s.periods[x.start-s.first])[x.area]
}

// all yields the blocks that there are, by period and area.
func (s *spots) all(yield func(spot, *block) bool) {
	for i, in := range s.periods {
		if in == nil {
			continue
		}
		for area, b := range *in {
			if b != nil && !yield(spot{s.first + indicator.Date(i), symbol(area)}, b) {
				return
			}
		}
	}
}

func (s *spots) newRow() rowNumber {
	if int(s.last) == len(s.slabs)*slabRows {
		s.slabs = append(s.slabs, make([]int64, slabRows*len(s.measures)))
	}
	s.last++
	return s.last
}

func (s *spots) row(n rowNumber) []int64 {
	width := len(s.measures)
	slab, at := s.slabs[(n-1)/slabRows], int((n-1)%slabRows)*width
	return slab[at : at+width : at+width]
}

// deltas is how much cells change, by period type; from zero, what they are.
type deltas [6]spots

func (p *plan) newDeltas() *deltas {
	d := &deltas{}
	for i := range d {
		d[i] = p.newSpots(i)
	}
	return d
}

func (p *plan) newSpots(period int) spots {
	return spots{columns: p.columns[whole][period], fine: &spots{columns: p.columns[fine][period], bit: fineBit}}
}

// at returns what a cell changes by.
func (d *deltas) at(k cellKey) int64 {
	s := &d[k.period]
	if k.facet.fine() {
		s = s.fine
	}
	b, column := s.find(k.spot), s.column[k.measure]
	if b == nil || column < 0 {
		return 0
	}
	if row := b.find(k.facet); row != nil {
		return row[column]
	}
	return 0
}

// periods calls for the period of each spot that has a cell whose sum is not zero.
func (d *deltas) periods(call func(indicator.Period)) {
	for i := range d {
		for _, s := range []*spots{&d[i], d[i].fine} {
			for at, b := range s.all {
				if !b.cells(place{}, func(cellKey, int64) bool { return false }) {
					call(indicator.Period{Type: indicator.PeriodTypes[i], Start: at.start})
				}
			}
		}
	}
}

// of yields the cells of one period whose sum is not zero.
func (d *deltas) of(p indicator.Period) iter.Seq2[cellKey, int64] {
	return func(yield func(cellKey, int64) bool) {
		period := slices.Index(indicator.PeriodTypes[:], p.Type)
		for _, s := range []*spots{&d[period], d[period].fine} {
			for area := range s.areas(p.Start) {
				at := spot{p.Start, symbol(area)}
				if b := s.find(at); b != nil && !b.cells(place{period: uint8(period), spot: at}, yield) {
					return
				}
			}
		}
	}
}

// add adds to a cell, if it is kept.
func (d *deltas) add(k cellKey, n int64) {
	s := &d[k.period]
	if k.facet.fine() {
		s = s.fine
	}
	if column := s.column[k.measure]; column >= 0 {
		s.at(k.spot).row(k.facet)[column] += n
	}
}

// all yields the cells whose sum is not zero, the whole and the fine ones of each period type as compareCells sorts them.
func (d *deltas) all() iter.Seq2[cellKey, int64] {
	return func(yield func(cellKey, int64) bool) {
		for i := range d {
			if !d[i].cells(uint8(i), yield) || !d[i].fine.cells(uint8(i), yield) {
				return
			}
		}
	}
}

func (s *spots) cells(period uint8, yield func(cellKey, int64) bool) bool {
	for at, b := range s.all {
		if !b.cells(place{period: period, spot: at}, yield) {
			return false
		}
	}
	return true
}

// cells yields the cells of a block, by measure; false if it was told to stop.
func (b *block) cells(at place, yield func(cellKey, int64) bool) bool {
	for column, measure := range b.of.measures {
		for f, row := range b.all {
			at.facet = f
			if n := row[column]; n != 0 && !yield(cellKey{at, measure}, n) {
				return false
			}
		}
	}
	return true
}

// columns are the measures of one period type, in the order of a row.
type columns struct {
	measures []int // of the plan
	column   []int // of each measure of the plan; -1: not kept
}

// add adds a measure of the plan, the next one, as a column if it is kept.
func (c *columns) add(kept bool) {
	if !kept {
		c.column = append(c.column, -1)
		return
	}
	c.measures = append(c.measures, len(c.column))
	c.column = append(c.column, len(c.measures)-1)
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

func (s *numbered[N, T]) clone() *numbered[N, T] {
	return &numbered[N, T]{maps.Clone(s.ids), slices.Clone(s.values)}
}
