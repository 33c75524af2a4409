package attack

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// reduced is some of what is left of a program without what follows from one row alone: without columns that are known, and
// rows of only such. What is left falls into islands, which share no row.
type reduced struct {
	program
	column map[int]int // of the columns of the whole program that are left: the one here
}

// reduce returns what is left of a program, in parts of whole islands, and the columns that are known, by the rest of them
// NaN; errInfeasible if a row cannot be.
func (p *program) reduce() (parts []*reduced, known []float64, err error) {
	lower, upper := slices.Clone(p.lower), slices.Clone(p.upper)
	in := p.rowsOf()
	queue, queued := make([]int, len(p.rows)), make([]bool, len(p.rows))
	for i := range queue {
		queue[i], queued[i] = i, true
	}
	for len(queue) > 0 {
		i := queue[0]
		queue, queued[i] = queue[1:], false
		fixed, err := p.rows[i].settle(lower, upper)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %s", err, p.text(p.rows[i], lower, upper))
		}
		for _, c := range fixed {
			for _, j := range in[c] {
				if !queued[j] {
					queue, queued[j] = append(queue, j), true
				}
			}
		}
	}
	islands := p.islands(lower, upper)
	of := make([]*reduced, len(lower)) // by the island's first column
	known = make([]float64, len(lower))
	for c := range lower {
		if known[c] = lower[c]; lower[c] == upper[c] {
			continue
		}
		known[c] = math.NaN()
		root := islands.root(c)
		if of[root] == nil {
			if n := len(parts); n == 0 || len(parts[n-1].lower) >= enough {
				parts = append(parts, &reduced{column: map[int]int{}})
			}
			of[root] = parts[len(parts)-1]
		}
		part := of[root]
		part.column[c] = part.add(lower[c], upper[c], p.names[c])
	}
	for _, r := range p.rows {
		r.leave(lower, upper, func(c int) *reduced { return of[islands.root(c)] })
	}
	return parts, known, nil
}

// rowsOf returns the rows of each column.
func (p *program) rowsOf() [][]int {
	in := make([][]int, len(p.lower))
	for i, r := range p.rows {
		for _, t := range r.terms {
			in[t.column] = append(in[t.column], i)
		}
	}
	return in
}

// enough columns make a program worth its process; a greater one is slower than two of half its size.
const enough = 1000

// leave puts the row, without the columns that are known, into the part that has the others.
func (r row) leave(lower, upper []float64, of func(column int) *reduced) {
	var part *reduced
	left := row{sense: r.sense, right: r.right, time: r.time}
	for _, t := range r.terms {
		if c := t.column; lower[c] == upper[c] {
			left.right -= t.factor * lower[c]
		} else {
			part = of(c)
			left.terms = append(left.terms, term{part.column[c], t.factor})
		}
	}
	if part != nil {
		part.rows = append(part.rows, left)
	}
}

// settle fixes the columns of a row that leaves them no choice, and returns them.
func (r row) settle(lower, upper []float64) (fixed []int, err error) {
	least, most := 0.0, 0.0 // what the terms can add up to
	var free []term
	for _, t := range r.terms {
		low, high := t.factor*lower[t.column], t.factor*upper[t.column]
		least, most = least+min(low, high), most+max(low, high)
		if lower[t.column] != upper[t.column] {
			free = append(free, t)
		}
	}
	if r.sense != ">=" && least > r.right+tolerance || r.sense != "<=" && most < r.right-tolerance {
		return nil, errInfeasible
	}
	atLeast, atMost := r.sense != ">=" && least > r.right-tolerance, r.sense != "<=" && most < r.right+tolerance
	for _, t := range free {
		c := t.column
		switch {
		case atLeast == (t.factor > 0) && (atLeast || atMost):
			upper[c] = lower[c]
		case atLeast || atMost:
			lower[c] = upper[c]
		case r.sense == "=" && len(free) == 1:
			rest := r.right
			for _, o := range r.terms {
				if o.column != c {
					rest -= o.factor * lower[o.column]
				}
			}
			lower[c], upper[c] = rest/t.factor, rest/t.factor
		default:
			continue
		}
		fixed = append(fixed, c)
	}
	return fixed, nil
}

// islands is a forest of columns, each with its parent: those of one tree share rows.
type islands []int

func (p *program) islands(lower, upper []float64) islands {
	of := make(islands, len(lower))
	for c := range of {
		of[c] = c
	}
	for _, r := range p.rows {
		first := -1
		for _, t := range r.terms {
			switch {
			case lower[t.column] == upper[t.column]:
			case first < 0:
				first = of.root(t.column)
			default:
				of[of.root(t.column)] = first
			}
		}
	}
	return of
}

func (of islands) root(c int) int {
	for of[c] != c {
		of[c] = of[of[c]]
		c = of[c]
	}
	return c
}

// text writes a row with what is known of its columns.
func (p *program) text(r row, lower, upper []float64) string {
	var text strings.Builder
	for _, t := range r.terms {
		fmt.Fprintf(&text, "%+g %s [%g, %g] ", t.factor, p.names[t.column], lower[t.column], upper[t.column])
	}
	fmt.Fprintf(&text, "%s %g", r.sense, r.right)
	return text.String()
}
