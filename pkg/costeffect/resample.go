package costeffect

import (
	"math"
	"math/rand/v2"

	"vointi.fi/pkg/stats"
)

// Resampler bootstraps persons out of a stream of rows, in memory that grows with cells and draws but not with persons: each
// person has a Poisson(1) weight in each draw, made from the seed and the person's number, so that rows of one person may come in
// any order and all move together. It gives the standard error of an effect whose cells hold the same persons again.
//
// Hanley & MacGibbon 2006 (Poisson bootstrap).
type Resampler struct {
	draws   Draws
	cells   int
	weights []float64 // by draw and cell
	sums    []float64
	buffer  []uint8
	person  uint64
	any     bool
}

// NewResampler returns one for cells numbered from 0. Errors: [stats.ErrInput] for fewer than 99 draws or no cell.
func NewResampler(cells int, d Draws) (*Resampler, error) {
	if cells < 1 || d.N < 99 {
		return nil, inputError("bootstrap of %d cells by %d draws", cells, d.N)
	}
	n := cells * d.N
	return &Resampler{draws: d, cells: cells, weights: make([]float64, n), sums: make([]float64, n), buffer: make([]uint8, d.N)}, nil
}

// Add takes a row in: a person, the cell the row belongs to, and the value. Rows of one person cost least one after the other.
// Errors: [stats.ErrInput] for a cell that is not there or a value that is not finite.
func (r *Resampler) Add(person uint64, cell int, value float64) error {
	if cell < 0 || cell >= r.cells || !finite(value) {
		return inputError("row of cell %d, value %v", cell, value)
	}
	if !r.any || person != r.person {
		r.draw(person)
	}
	for b, w := range r.buffer {
		if w > 0 {
			r.weights[b*r.cells+cell] += float64(w)
			r.sums[b*r.cells+cell] += float64(w) * value
		}
	}
	return nil
}

// poisson is the distribution function of Poisson(1), scaled to 64 bits.
var poisson = func() (table [20]uint64) {
	term, sum := math.Exp(-1), 0.
	for k := range table {
		sum += term
		table[k] = uint64(min(sum, 1-1e-16) * math.MaxUint64)
		term /= float64(k + 1)
	}
	return table
}()

// draw makes the person's weights.
func (r *Resampler) draw(person uint64) {
	r.person, r.any = person, true
	source := rand.NewPCG(r.draws.Seed, person)
	for b := range r.buffer {
		u, k := source.Uint64(), uint8(0)
		for int(k) < len(poisson)-1 && u > poisson[k] {
			k++
		}
		r.buffer[b] = k
	}
}

// Effect returns the value with the standard deviation of what estimate makes of the cells' means in each draw, and with normal
// limits. Draws in which a cell that is used has no rows must come out as NaN; they are left out.
//
// Errors: [stats.ErrNotCalculable], with the value, when fewer than nine draws in ten have a result, or none varies.
func (r *Resampler) Effect(value float64, estimate func(means []float64) float64, level stats.Level) (Effect, error) {
	means := make([]float64, r.cells)
	var results []float64
	for b := range r.draws.N {
		for c := range means {
			means[c] = r.sums[b*r.cells+c] / r.weights[b*r.cells+c]
		}
		if x := estimate(means); finite(x) {
			results = append(results, x)
		}
	}
	if 10*len(results) < 9*r.draws.N {
		return noEffect(value), notCalculable("%d of %d bootstrap draws have a result", len(results), r.draws.N)
	}
	_, ss := spread(results)
	return newEffect(value, math.Sqrt(ss/float64(len(results)-1)), math.Inf(1), level)
}
