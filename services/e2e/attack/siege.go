package attack

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
)

// siege is the attack on one part of a block: a table that agrees with everything, and what the tables found so far say of
// its targets.
type siege struct {
	*reduced
	a       *Attack
	targets []target
	spans   []span
	table   []float64
	// undecided: glpsol had not the patience to say how far a target reaches.
	undecided []bool
	sought    []bool // no table leaves them wider than their spans are
	chance    *rand.Rand
	sum       *Result
	in        [][]int // the rows of each column
	small     int     // so many columns change all at once
}

type span struct{ least, most float64 }

const (
	tolerance = 1e-6
	nearly    = 0.05 // what rounding may take from a width; the next smaller one would lack half a person
)

// wide reports whether the number can be anything of a width of k, or all that what is shown beside it allows; or that there may be
// nobody. More tables make nothing less wide.
func (a *Attack) wide(t target, s span) bool {
	switch {
	case s.most < s.least:
		return false // not looked at yet
	case t.nobody && s.least < nearly:
		return true
	}
	return s.most-s.least > min(a.K, t.room)-nearly && s.most > min(a.K, t.room)-nearly
}

// harmless reports whether a number that need not be hidden for its own sake is known to be 0, which would be shown, or not to be small.
func (a *Attack) harmless(t target, s span) bool {
	return t.shares && (s.most < nearly || s.least > a.K-nearly)
}

// open lists the targets that are not safe, once run has ended.
func (s *siege) open() (open []int) {
	for i, of := range s.spans {
		if !s.a.wide(s.targets[i], of) && !s.a.harmless(s.targets[i], of) {
			open = append(open, i)
		}
	}
	return open
}

// run attacks those of the targets that are in the program, the ones that most tables leave open last.
func (s *siege) run(ctx context.Context, targets []target) (err error) {
	for _, t := range targets {
		if _, here := s.column[t.column]; here {
			s.targets = append(s.targets, t)
			s.spans = append(s.spans, span{math.Inf(1), math.Inf(-1)})
		}
	}
	if len(s.targets) == 0 && len(s.a.Named) > 0 {
		return nil
	}
	s.chance = rand.New(rand.NewPCG(1, uint64(len(s.targets))))
	s.in = s.rowsOf()
	s.undecided, s.sought = make([]bool, len(s.targets)), make([]bool, len(s.targets))
	if s.table, _, err = s.maximise(ctx); err != nil { // also where nothing is protected: some table must agree
		return err
	}
	s.note()
	for i, t := range s.targets {
		if s.a.wide(t, s.spans[i]) {
			continue
		}
		if err := s.seek(ctx, i); err != nil {
			return err
		}
		s.sought[i] = true
	}
	return nil
}

// note keeps what the table says of the targets.
func (s *siege) note() {
	s.sum.Solved++
	for i, t := range s.targets {
		v := s.table[s.column[t.column]]
		s.spans[i] = span{min(s.spans[i].least, v), max(s.spans[i].most, v)}
	}
}

// seek finds a table in which a number is k more than in any before, or as much as it can be, and then one in which it is less; and
// in which as many as possible of the numbers about it that chance tells to rise or fall do so, too. The rest give way. Where all but a
// region stays as it is, the program is small, and what it finds is a table of the whole one all the same; where nothing ties a
// region to the rest, what it leaves a number no more is left by the whole. Only what neither decides takes programs of everything.
func (s *siege) seek(ctx context.Context, of int) error {
	c := s.column[s.targets[of].column]
	near := s.about(c, len(s.lower), false)
	switch {
	case len(s.lower) <= s.small:
		near = s.everything()
	case len(near.columns) < few:
		near = s.about(c, beyond, true)
	}
	for _, others := range []bool{true, false} {
		if err := s.shift(ctx, of, near, others); err != nil {
			return err
		}
	}
	if told, err := s.bound(ctx, of, near); told || err != nil {
		return err
	}
	if len(near.columns) < min(beyond, len(s.lower)) {
		if err := s.shift(ctx, of, s.about(c, beyond, true), true); err != nil {
			return err
		}
	}
	return s.shift(ctx, of, s.everything(), false)
}

const (
	small  = 3000  // columns make a program of everything a small one
	few    = 200   // columns of a period are none to begin with
	beyond = 10000 // columns may change then: those of other periods that it adds up with
)

// shift changes the table in a region until a number in it is wide; others if they are wanted, too.
func (s *siege) shift(ctx context.Context, of int, near *region, others bool) error {
	s.undecided[of] = false
	for _, direction := range []int{rising, falling} {
		if s.a.wide(s.targets[of], s.spans[of]) {
			return nil
		}
		p := s.changes(near, false)
		objective := []term{s.want(p, near, of, direction, float64(4*len(near.columns)))}
		for i, t := range s.targets {
			if _, here := near.at[s.column[t.column]]; here && others && i != of && !s.sought[i] && !s.a.wide(t, s.spans[i]) {
				objective = append(objective, s.want(p, near, i, s.chance.IntN(falling+2), 1))
			}
		}
		by, optimal, err := p.maximise(ctx, objective...)
		switch {
		case errors.Is(err, errImpatient):
			s.undecided[of] = true
			continue
		case err != nil:
			return err
		}
		s.undecided[of] = s.undecided[of] || !optimal
		for i, c := range near.columns {
			s.table[c] += by[i]
		}
		s.note()
	}
	return nil
}

// bound reports whether it is told what a number is, whatever is outside of the region: not wide, and harmless or not.
func (s *siege) bound(ctx context.Context, of int, near *region) (told bool, err error) {
	t, seen := s.targets[of], s.spans[of]
	if s.a.wide(t, seen) {
		return true, nil
	}
	p := s.changes(near, true)
	c := s.column[t.column]
	value, at := s.table[c], near.at[c]
	far := span{value, value}
	for _, sign := range []float64{1, -1} {
		by, optimal, err := p.maximise(ctx, term{at, sign})
		if errors.Is(err, errImpatient) || err == nil && !optimal {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		s.sum.Solved++
		far = span{min(far.least, value+by[at]), max(far.most, value+by[at])}
	}
	if told = !s.a.wide(t, far) && s.a.harmless(t, far) == s.a.harmless(t, seen); told {
		s.undecided[of] = false
	}
	return told, nil
}

// want returns what the objective says of a target, which goes no farther than it needs to.
func (s *siege) want(p *program, near *region, target, direction int, weight float64) term {
	of, c := s.spans[target], near.at[s.column[s.targets[target].column]]
	value := s.table[near.columns[c]]
	switch direction {
	case rising:
		p.upper[c] = min(p.upper[c], room(of.least+s.a.K-value))
		return term{c, weight}
	case falling:
		p.lower[c] = max(p.lower[c], -room(value-of.most+s.a.K))
		return term{c, -weight}
	}
	return term{c, 0}
}

// Where a number goes; the next is anywhere.
const (
	rising = iota
	falling
)

// region is some columns of a program and the rows that have any of them.
type region struct {
	columns, rows []int
	at            map[int]int // of each column: where it stands
}

// about returns the columns nearest to one, up to so many: first those that share a row with it; across periods, or in one.
func (s *siege) about(column, most int, across bool) *region {
	r := &region{columns: []int{column}, at: map[int]int{column: 0}}
	seen := make([]bool, len(s.rows))
	for i := 0; i < len(r.columns); i++ {
		for _, j := range s.in[r.columns[i]] {
			if seen[j] {
				continue
			}
			seen[j] = true
			r.rows = append(r.rows, j)
			if s.rows[j].time && !across {
				continue
			}
			for _, t := range s.rows[j].terms {
				if _, here := r.at[t.column]; !here && len(r.columns) < most {
					r.at[t.column] = len(r.columns)
					r.columns = append(r.columns, t.column)
				}
			}
		}
	}
	return r
}

// everything is the whole program.
func (s *siege) everything() *region {
	r := &region{at: map[int]int{}}
	for c := range s.lower {
		r.columns, r.at[c] = append(r.columns, c), c
	}
	for j := range s.rows {
		r.rows = append(r.rows, j)
	}
	return r
}

// changes returns the program of what the table can change by in a region: the rest stays as it is, or, where the region is loose, may
// be anything. To change nothing is always possible, whatever the table is rounded to, so that the solver need not look for a table again.
func (s *siege) changes(near *region, loose bool) *program {
	p := &program{}
	for _, c := range near.columns {
		p.add(-room(s.table[c]-s.lower[c]), room(s.upper[c]-s.table[c]), "")
	}
	for _, j := range near.rows {
		r := s.rows[j]
		change, left := row{sense: r.sense}, r.right
		for _, t := range r.terms {
			left -= t.factor * s.table[t.column]
			if c, here := near.at[t.column]; here {
				change.terms = append(change.terms, term{c, t.factor})
			}
		}
		if loose && len(change.terms) < len(r.terms) {
			continue
		}
		switch r.sense {
		case "<=":
			change.right = room(left)
		case ">=":
			change.right = -room(-left)
		}
		p.rows = append(p.rows, change)
	}
	return p
}

// room returns how far there is to go in thousandths, rounded down: what a table is rounded by makes solvers stumble.
func room(distance float64) float64 { return math.Floor(max(distance, 0)*1000) / 1000 }
