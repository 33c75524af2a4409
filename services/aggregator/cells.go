package aggregator

import (
	"iter"

	"vointi.fi/pkg/indicator"
)

// place names the cells of one area, period and group; there is a cell for each measure. All parts are numbers, since a
// rebuild holds a million of them.
type place struct {
	period    uint8 // index into indicator.PeriodTypes
	start     indicator.Date
	area      symbol
	dimension symbol
	member    symbol
	band      symbol
	sex       symbol
}

// cellKey names a cell.
type cellKey struct {
	place
	measure int // index into plan.measures
}

// deltas is how much cells change; from zero, what they are. Sums stand side by side by measure, so that a session, which
// adds to a dozen measures of one place, looks the place up once.
type deltas struct {
	width int
	rows  map[place][]int64
	slab  []int64
}

func (p *plan) newDeltas() *deltas {
	return &deltas{width: len(p.measures), rows: map[place][]int64{}}
}

// at returns the sums of a place, to be added to.
func (d *deltas) at(x place) []int64 {
	row, ok := d.rows[x]
	if !ok {
		if len(d.slab) < d.width {
			d.slab = make([]int64, 256*d.width)
		}
		row, d.slab = d.slab[:d.width:d.width], d.slab[d.width:]
		d.rows[x] = row
	}
	return row
}

// all yields the cells whose sum is not zero.
func (d *deltas) all() iter.Seq2[cellKey, int64] {
	return func(yield func(cellKey, int64) bool) {
		for x, row := range d.rows {
			for m, n := range row {
				if n != 0 && !yield(cellKey{x, m}, n) {
					return
				}
			}
		}
	}
}

// symbol stands for a string.
type symbol uint32

// symbols gives each string a number. Not safe for use by several goroutines.
type symbols struct {
	ids   map[string]symbol
	names []string
}

func newSymbols() *symbols {
	s := &symbols{ids: map[string]symbol{}}
	s.of("") // so that the zero symbol is the empty string
	return s
}

func (s *symbols) of(name string) symbol {
	id, ok := s.ids[name]
	if !ok {
		id = symbol(len(s.names))
		s.ids[name] = id
		s.names = append(s.names, name)
	}
	return id
}
