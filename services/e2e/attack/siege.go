package attack

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// siege is the attack on one block: what the tables found so far say of its targets.
type siege struct {
	*reduced
	a       *Attack
	targets []target
	spans   []span
	sum     *Result
}

type span struct{ least, most float64 }

const (
	tolerance = 1e-6
	few       = 5 // numbers that are attacked one by one at once
	maxRounds = 8 // tables that are sought for many numbers at once
)

// safe reports whether the number can be anything of a width of k, or is known to be nobody.
func (a *Attack) safe(s span) bool { return s.most-s.least > a.K-tolerance && s.most > a.K-tolerance }

func (s *siege) open() (open []int) {
	for i, of := range s.spans {
		if !s.a.safe(of) {
			open = append(open, i)
		}
	}
	return open
}

// run attacks those of the targets that are in the program, and adds to one how many of them one by one.
func (s *siege) run(ctx context.Context, targets []target, one *int) error {
	for _, t := range targets {
		if _, here := s.column[t.column]; here {
			s.targets = append(s.targets, t)
			s.spans = append(s.spans, span{math.Inf(1), math.Inf(-1)})
		}
	}
	if err := s.solve(ctx, &s.program); err != nil { // also where nothing is protected: some table must agree
		return err
	}
	if err := s.together(ctx); err != nil {
		return err
	}
	*one += len(s.open())
	return s.each(ctx)
}

func (s *siege) solve(ctx context.Context, p *program, objective ...term) error {
	values, err := p.maximise(ctx, objective...)
	if err != nil {
		return err
	}
	s.sum.Solved++
	for i, t := range s.targets {
		v := values[s.column[t.column]]
		s.spans[i] = span{min(s.spans[i].least, v), max(s.spans[i].most, v)}
	}
	return nil
}

// together finds tables in which as many of some numbers as possible are k more, or less, than in any table before. The
// others give way.
func (s *siege) together(ctx context.Context) error {
	choice := rand.New(rand.NewPCG(1, uint64(len(s.targets))))
	for round := range maxRounds {
		open := s.open()
		if len(open) <= few {
			break
		}
		p := s.clone()
		var objective []term
		for _, i := range open {
			if choice.IntN(2+round/4) > 0 {
				continue
			}
			c := s.column[s.targets[i].column]
			reach := p.add(0, s.a.K, "")
			objective = append(objective, term{reach, 1})
			if round%2 == 0 {
				p.restrict(">=", s.spans[i].least, term{c, 1}, term{reach, -1})
			} else {
				p.restrict("<=", s.spans[i].most, term{c, 1}, term{reach, 1})
			}
		}
		if err := s.solve(ctx, p, objective...); err != nil {
			return err
		}
	}
	return nil
}

// each finds the most and the least that every number left can be, of one number of every island at once.
func (s *siege) each(ctx context.Context) error {
	tried := make([]bool, len(s.targets))
	for {
		var some []int
		var islands []int
		for _, i := range s.open() {
			c := s.column[s.targets[i].column]
			if tried[i] || slices.Contains(islands, s.island[c]) {
				continue
			}
			tried[i] = true
			some, islands = append(some, i), append(islands, s.island[c])
		}
		if len(some) == 0 {
			return nil
		}
		for _, factor := range []float64{1, -1} {
			var objective []term
			for _, i := range some {
				objective = append(objective, term{s.column[s.targets[i].column], factor})
			}
			if err := s.solve(ctx, &s.program, objective...); err != nil {
				return err
			}
		}
	}
}
