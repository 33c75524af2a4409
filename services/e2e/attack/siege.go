package attack

import (
	"context"
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
	chance    *rand.Rand
	sum       *Result
}

type span struct{ least, most float64 }

const (
	tolerance = 1e-6
	nearly    = 0.05 // what rounding may take from a width; the next smaller one would lack half a person
)

// safe reports whether the number can be anything of a width of k, or all that what is shown beside it allows; or is known to
// be nobody, or that where it need not be hidden for its own sake, it is not small.
func (a *Attack) safe(t target, s span) bool {
	switch {
	case s.most < s.least:
		return false // not looked at yet
	case t.nobody && s.least < nearly:
		return true
	case s.most-s.least > min(a.K, t.room)-nearly && s.most > min(a.K, t.room)-nearly:
		return true
	}
	return t.shares && s.least > a.K-nearly
}

func (s *siege) open() (open []int) {
	for i, of := range s.spans {
		if !s.a.safe(s.targets[i], of) {
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
	s.chance = rand.New(rand.NewPCG(1, uint64(len(s.targets))))
	least := make([]term, len(s.lower))
	for c := range least {
		least[c] = term{c, -1}
	}
	s.undecided = make([]bool, len(s.targets))
	if s.table, _, err = s.maximise(ctx, least...); err != nil { // also where nothing is protected: some table must agree
		return err
	}
	s.note()
	for i, t := range s.targets {
		if s.a.safe(t, s.spans[i]) {
			continue
		}
		if err := s.seek(ctx, i); err != nil {
			return err
		}
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
// in which as many as possible of the numbers that chance tells to rise or fall do so, too. The rest give way.
func (s *siege) seek(ctx context.Context, of int) error {
	for _, direction := range []int{rising, falling} {
		if s.a.safe(s.targets[of], s.spans[of]) {
			return nil
		}
		p := s.changes()
		var objective []term
		for _, i := range s.open() {
			to, weight := s.chance.IntN(falling+2), 1.0
			if i == of {
				to, weight = direction, float64(4*len(s.targets)) // it comes first
			}
			c := s.column[s.targets[i].column]
			switch to {
			case rising:
				objective = append(objective, term{p.add(-unbounded, s.a.K, ""), weight})
				p.restrict(">=", -room(s.table[c]-s.spans[i].least), term{c, 1}, term{len(p.lower) - 1, -1})
			case falling:
				objective = append(objective, term{p.add(-unbounded, s.a.K, ""), weight})
				p.restrict("<=", room(s.spans[i].most-s.table[c]), term{c, 1}, term{len(p.lower) - 1, 1})
			}
		}
		by, optimal, err := p.maximise(ctx, objective...)
		if err != nil {
			return err
		}
		for c := range s.table {
			s.table[c] += by[c]
		}
		s.note()
		s.undecided[of] = s.undecided[of] || !optimal
	}
	return nil
}

// Where a number goes; the next is anywhere.
const (
	rising = iota
	falling
)

// changes returns the program of what the table can change by. To change nothing is always possible, whatever the table is rounded
// to, so that the solver need not look for a table again.
func (s *siege) changes() *program {
	p := &program{}
	for c, v := range s.table {
		p.add(-room(v-s.lower[c]), room(s.upper[c]-v), "")
	}
	for _, r := range s.rows {
		change, left := row{terms: r.terms, sense: r.sense}, r.right
		for _, t := range r.terms {
			left -= t.factor * s.table[t.column]
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
