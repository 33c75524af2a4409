package aggregator

import (
	"errors"
	"slices"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// totals are one measure's totals of areas in the layers of a stack, as one table, of which the first layer may hide.
type totals struct {
	disclosure.Table
	s     stack
	areas int // of each layer; cell i·areas+j is area j of layer i
}

// maskOfTotals is maskOf of totals alone. Its table has the cells that somebody could not know only, so that it can reach over
// all days of a year.
func (a *Aggregator) maskOfTotals(mm *measureMask, s stack, m indicator.Measure, k int64, marked, told []slot) (err error) {
	names := s.areasOf()
	mm.areas = map[string]int{}
	for i, area := range names {
		mm.areas[area] = i
	}
	// a grid of the first layer says where its cells are
	if mm.grid, err = (disclosure.Shape{Areas: len(names)}).Table(make([]disclosure.Counts, len(names))); err != nil {
		return err
	}
	mm.mark(marked)
	places := a.partitions(mm.areas)
	t := &totals{s: s, areas: len(names)}
	for _, l := range s.layers {
		for _, area := range names {
			t.Values = append(t.Values, l.total(area, m, a.ages))
		}
	}
	t.Kinds, t.Marked, t.Keep = make([]disclosure.Kind, len(t.Values)), make([]bool, len(t.Values)), make([]int, len(t.Values))
	copy(t.Marked, mm.grid.Marked)
	t.settle(mm, s.hidden(a.cfg.Catalogue, m), told)
	t.addPlaces(places)
	t.addTimes()
	return t.protect(mm, k)
}

// total returns what the period has of a measure in an area.
func (g *grid) total(area string, m indicator.Measure, of *ages) int64 {
	if c := g.areas[area]; c != nil {
		return of.everybody().sum(c.groups[m])
	}
	return 0
}

// settle fixes what is published: the layers below the first, and what is told of it.
func (t *totals) settle(mm *measureMask, hidden [][]slot, told []slot) {
	for i := 1; i < len(t.s.layers); i++ {
		for _, row := range hidden[i] {
			if cell, ok := mm.cell(row); ok && row.total() {
				t.Marked[i*t.areas+cell] = true
			}
		}
		for c := i * t.areas; c < (i+1)*t.areas; c++ {
			if !t.Marked[c] {
				t.Kinds[c] = disclosure.Open
			}
		}
	}
	for _, row := range told {
		if cell, ok := mm.cell(row); ok {
			t.Kinds[cell] = disclosure.Open
		}
	}
}

// addPlaces adds that areas consist of others, in each layer, and of something beside if they have more.
func (t *totals) addPlaces(places []disclosure.Partition) {
	for range len(places) { // as often as areas lie within each other, at most
		for _, p := range places {
			for _, part := range p.Parts {
				t.Keep[p.Parent] = max(t.Keep[p.Parent], t.Keep[part]+1)
			}
		}
	}
	for i := range t.s.layers {
		for _, p := range places {
			l := disclosure.Line{Total: i*t.areas + p.Parent}
			rest := t.Values[l.Total]
			for _, part := range p.Parts {
				l.Members = append(l.Members, i*t.areas+part)
				rest -= t.Values[i*t.areas+part]
			}
			if rest > 0 {
				l.Members = append(l.Members, len(t.Values))
				t.Values, t.Kinds = append(t.Values, rest), append(t.Kinds, disclosure.Unpublished)
				t.Marked, t.Keep = append(t.Marked, false), append(t.Keep, 0)
			}
			t.Lines = append(t.Lines, l)
		}
	}
}

// addTimes adds that periods consist of others, the shorter ones first. What follows from one of these sums is as good as shown.
func (t *totals) addTimes() {
	for i := range slices.Backward(t.s.layers) {
		for _, parts := range t.s.sums[i] {
			for area := range t.areas {
				l, sum, shown := disclosure.Line{Total: i*t.areas + area}, int64(0), true
				for _, j := range parts {
					c := j*t.areas + area
					l.Members = append(l.Members, c)
					sum, shown = sum+t.Values[c], shown && t.Kinds[c] == disclosure.Open
				}
				if sum != t.Values[l.Total] {
					continue // published of another state of things
				}
				if shown {
					t.Kinds[l.Total] = disclosure.Open
				}
				t.Lines = append(t.Lines, l)
			}
		}
	}
}

// protect makes the mask of the first layer. What is given away by what is published already, and not small, is shown: all about
// it that could be hidden is.
func (t *totals) protect(mm *measureMask, k int64) error {
	mm.mask = make(disclosure.Mask, t.areas)
	for c := range t.areas {
		mm.mask[c] = t.Marked[c] && t.Kinds[c] == disclosure.Subject
	}
	r, cells := t.Reduced(t.areas)
	mask, err := disclosure.Protect(*r, k)
	exposed := (*disclosure.ExposedError)(nil)
	if err != nil && !errors.As(err, &exposed) {
		return err
	}
	var given []int
	if exposed != nil {
		given = r.Told(mask)
	}
	for i, c := range cells {
		if c >= 0 && c < t.areas {
			mm.mask[c] = mask[i] && (disclosure.Small(t.Values[c], k) || !slices.Contains(given, i))
		}
	}
	return nil
}
