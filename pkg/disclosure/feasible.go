package disclosure

import (
	"errors"
	"fmt"
	"math"
)

// Range is the values that a cell can have.
type Range struct {
	Min, Max  int64
	Unbounded bool // there is no greatest value; Max is the greatest integer
}

// Width returns Max − Min; the greatest integer if there is no bound.
func (r Range) Width() int64 {
	if r.Unbounded {
		return math.MaxInt64
	}
	return r.Max - r.Min
}

// Feasible returns, for each cell, the range that an attacker works out by linear programming from the published cells,
// the lines and the ceilings, who takes every hidden cell to be at least floor (1: zeros are never hidden; 0: says
// nothing) and every unpublished one at least 0. A shown cell has its value for a range. The true range in whole numbers
// may be narrower, never wider.
//
// It is exact up to rounding and its cost grows with the cube of the number of unknown cells, so it is for tables of up
// to a few hundred: tests and spot checks. Errors: one wrapping [ErrTable] for a table that contradicts itself or the
// floor, and for a mask of another table.
func Feasible(t Table, mask Mask, floor int64) ([]Range, error) {
	if err := t.check(1); err != nil {
		return nil, err
	}
	if len(mask) != len(t.Values) {
		return nil, fmt.Errorf("%w: mask of %d cells for %d", ErrTable, len(mask), len(t.Values))
	}
	ranges := make([]Range, len(t.Values))
	column := make([]int, len(t.Values))
	var unknown []int
	for c, v := range t.Values {
		ranges[c], column[c] = Range{Min: v, Max: v}, -1
		if mask[c] || t.kind(c) >= Unpublished {
			column[c] = len(unknown)
			unknown = append(unknown, c)
		}
	}
	base := func(c int) int64 {
		if mask[c] {
			return max(floor, t.floor(c))
		}
		return t.floor(c)
	}
	lp := newProgram(&t, unknown, column, base)
	if err := lp.start(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTable, err)
	}
	for j, c := range unknown {
		low, _ := lp.optimise(j, 1)
		high, bounded := lp.optimise(j, -1)
		ranges[c] = Range{base(c) + int64(math.Ceil(low-rounding)), math.MaxInt64, !bounded}
		if bounded {
			ranges[c].Max = base(c) + int64(math.Floor(high+rounding))
		}
	}
	return ranges, nil
}

const (
	rounding  = 1e-6
	tolerance = 1e-9
)

// program is a linear program in standard form, A·x = b with x ≥ 0, as a dense tableau with a feasible basis after
// start.
type program struct {
	rows  [][]float64 // each row: coefficients, then the right-hand side
	basis []int       // the basic column of each row
	width int
}

// newProgram writes every line that has an unknown as a row, and every ceiling as a row with a slack; x is the unknown
// cell less its base.
func newProgram(t *Table, unknown, column []int, base func(int) int64) *program {
	ceilings := 0
	for _, c := range unknown {
		if t.ceiling(c) < unlimited {
			ceilings++
		}
	}
	lp := &program{width: len(unknown) + ceilings}
	for _, l := range t.Lines {
		row := make([]float64, lp.width+1)
		used := false
		add := func(c int, sign float64) {
			if column[c] < 0 {
				row[lp.width] -= sign * float64(t.Values[c])
				return
			}
			used = true
			row[column[c]] += sign
			row[lp.width] -= sign * float64(base(c))
		}
		for _, m := range l.Members {
			add(m, 1)
		}
		add(l.Total, -1)
		if used {
			lp.rows = append(lp.rows, row)
		}
	}
	slack := len(unknown)
	for j, c := range unknown {
		if t.ceiling(c) == unlimited {
			continue
		}
		row := make([]float64, lp.width+1)
		row[j], row[slack], row[lp.width] = 1, 1, float64(t.ceiling(c)-base(c))
		lp.rows = append(lp.rows, row)
		slack++
	}
	return lp
}

var errContradiction = errors.New("no table agrees with what is published")

// start finds a feasible basis by minimising the sum of one artificial variable a row (phase one), and drops the rows
// that follow from others.
func (lp *program) start() error {
	n, m := lp.width, len(lp.rows)
	for i, row := range lp.rows {
		if row[n] < 0 {
			for j := range row {
				row[j] = -row[j]
			}
		}
		wide := make([]float64, n+m+1)
		copy(wide, row[:n])
		wide[n+i], wide[n+m] = 1, row[n]
		lp.rows[i] = wide
		lp.basis = append(lp.basis, n+i)
	}
	lp.width = n + m
	cost := make([]float64, lp.width)
	for j := n; j < lp.width; j++ {
		cost[j] = 1
	}
	if rest, _ := lp.minimise(cost); rest > rounding {
		return errContradiction
	}
	rows, basis := lp.rows[:0], lp.basis[:0]
	for i := range lp.rows {
		if lp.basis[i] >= n && !lp.expel(i, n) {
			continue
		}
		rows, basis = append(rows, lp.rows[i]), append(basis, lp.basis[i])
	}
	for i, row := range rows {
		rows[i] = append(row[:n:n], row[lp.width])
	}
	lp.rows, lp.basis, lp.width = rows, basis, n
	return nil
}

// expel exchanges an artificial variable, which is 0, for a real one; false if the row has none.
func (lp *program) expel(row, n int) bool {
	for j := range n {
		if math.Abs(lp.rows[row][j]) > tolerance {
			lp.pivot(row, j)
			return true
		}
	}
	return false
}

// optimise returns the least (sign 1) or greatest (sign −1) value of column j, and whether there is one.
func (lp *program) optimise(j int, sign float64) (float64, bool) {
	cost := make([]float64, lp.width)
	cost[j] = sign
	v, bounded := lp.minimise(cost)
	return sign * v, bounded
}

// minimise pivots until no column lowers the cost. The steepest column enters, which is fast; after many pivots the first
// one (Bland's rule), which cannot cycle.
func (lp *program) minimise(cost []float64) (value float64, bounded bool) {
	reduced := append(cost, 0)
	for i, row := range lp.rows {
		subtract(reduced, row, reduced[lp.basis[i]])
	}
	for n := 0; ; n++ {
		in := lp.entering(reduced[:lp.width], n > lp.width)
		if in < 0 {
			return -reduced[lp.width], true
		}
		out := lp.leaving(in)
		if out < 0 {
			return math.Inf(-1), false
		}
		lp.pivot(out, in)
		subtract(reduced, lp.rows[out], reduced[in])
	}
}

// entering returns the column that would lower the cost most, or the first that would; −1 if none does.
func (lp *program) entering(reduced []float64, first bool) int {
	best, least := -1, -tolerance
	for j, r := range reduced {
		if r < least {
			if best, least = j, r; first {
				return best
			}
		}
	}
	return best
}

// leaving returns the row that bounds the entering column first, the one of the lowest basic column among equals.
func (lp *program) leaving(in int) int {
	best, least := -1, math.Inf(1)
	for i, row := range lp.rows {
		if row[in] <= tolerance {
			continue
		}
		q := row[lp.width] / row[in]
		if q < least-tolerance || q < least+tolerance && lp.basis[i] < lp.basis[best] {
			best, least = i, min(q, least)
		}
	}
	return best
}

func (lp *program) pivot(out, in int) {
	p := lp.rows[out]
	lp.basis[out] = in
	inverse := 1 / p[in]
	for j := range p {
		p[j] *= inverse
	}
	for i, row := range lp.rows {
		if i != out {
			subtract(row, p, row[in])
			row[in] = 0
		}
	}
}

// subtract takes f times the row b from a.
func subtract(a, b []float64, f float64) {
	if f == 0 {
		return
	}
	for j, v := range b {
		a[j] -= f * v
	}
}
