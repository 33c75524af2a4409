// Package attack tries to narrow down what the product hides, from all that a reader of vointi can read: linear programs
// over everything that adds up, solved by glpsol. One block is the measures of a family in a period, or in a year if its
// months add up.
package attack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Attack says how it is done.
type Attack struct {
	K      float64   // how wide a protected number must stay
	Only   string    // attack only blocks whose name holds this text
	Since  time.Time // attack only periods that begin then or later
	Exact  int       // numbers of a block that are attacked one by one, if together was not enough
	Out    io.Writer
	Tamper bool // show numbers of each block that are protected, for others' sake: the attack must notice
}

// Result counts protected numbers, and the linear programs that it took.
type Result struct{ Protected, Attacked, Narrowed, Solved int }

// errNoSolver says what to do without glpsol.
var errNoSolver = errors.New("glpsol is missing: install it, on Debian: apt-get install glpk-utils")

// Run attacks the warehouse whose HTTP interface has this address. Errors: without glpsol; a block that contradicts itself.
func (a *Attack) Run(ctx context.Context, address string) (*Result, error) {
	if _, err := exec.LookPath("glpsol"); err != nil {
		return nil, errNoSolver
	}
	var ids []string
	for _, f := range families {
		for _, m := range f.measures {
			ids = append(ids, m.indicator)
		}
	}
	slices.Sort(ids)
	p, err := read(ctx, reader{address}, slices.Compact(ids), a.Since)
	if err != nil {
		return nil, err
	}
	sum := &Result{}
	for i := range families {
		for _, b := range blocks(&families[i], p) {
			if !strings.Contains(b.name, a.Only) {
				continue
			}
			b.build()
			if err := a.block(ctx, b, sum); err != nil {
				return nil, fmt.Errorf("%s: %w", b.name, err)
			}
		}
	}
	fmt.Fprintf(a.Out, "attacked %d of %d protected numbers by %d linear programs: %d narrowed down\n", sum.Attacked, sum.Protected, sum.Solved, sum.Narrowed)
	return sum, nil
}

// span is what the tables found so far say of a target.
type span struct{ least, most float64 }

// safe reports whether the number can be anything of a width of k, or is known to be nobody.
func (a *Attack) safe(s span) bool { return s.most-s.least > a.K-tolerance && s.most > a.K-tolerance }

const (
	tolerance = 1e-6
	together  = 5  // so many numbers are attacked one by one at once
	maxRounds = 40 // tables that are sought for many numbers at once
)

// block attacks the protected numbers of a block. A table that agrees with everything is a witness for all of its cells,
// so a few tables, each as far from the others as it gets in many numbers at once, clear most of them; what is left is
// attacked one by one.
func (a *Attack) block(ctx context.Context, b *block, sum *Result) error {
	spans := make([]span, len(b.targets))
	first, err := b.maximise(ctx)
	if err != nil {
		return err
	}
	sum.Solved++
	if a.Tamper {
		b.tamper(first)
	}
	for i, t := range b.targets {
		spans[i] = span{first[t.column], first[t.column]}
	}
	open := a.open(spans)
	choice := rand.New(rand.NewPCG(1, uint64(len(open))))
	for rounds := 0; len(open) > together && rounds < maxRounds; rounds++ {
		some := slices.DeleteFunc(slices.Clone(open), func(int) bool { return choice.IntN(2+rounds/4) > 0 })
		values, err := a.spread(ctx, b, spans, some, rounds%2 == 0)
		if err != nil {
			return err
		}
		sum.Solved++
		widen(b, spans, values)
		open = a.open(spans)
	}
	narrowed := 0
	for n, i := range open {
		if n >= a.Exact {
			break
		}
		if err := a.one(ctx, b, spans, i, sum); err != nil {
			return err
		}
		if s := spans[i]; !a.safe(s) && s.most > tolerance {
			narrowed++
			fmt.Fprintf(a.Out, "  %s: %s can be narrowed to %g … %g\n", b.name, b.targets[i], s.least, s.most)
		}
	}
	for _, t := range b.targets {
		if t.told {
			narrowed++
			fmt.Fprintf(a.Out, "  %s: %s is told elsewhere\n", b.name, t)
		}
	}
	left := max(0, len(open)-a.Exact)
	sum.Protected, sum.Attacked, sum.Narrowed = sum.Protected+len(b.targets), sum.Attacked+len(b.targets)-left, sum.Narrowed+narrowed
	fmt.Fprintf(a.Out, "%s: %d of %d protected numbers attacked, %d one by one, %d narrowed down\n", b.name, len(b.targets)-left, len(b.targets), min(len(open), a.Exact), narrowed)
	return nil
}

func (a *Attack) open(spans []span) (open []int) {
	for i, s := range spans {
		if !a.safe(s) {
			open = append(open, i)
		}
	}
	return open
}

func widen(b *block, spans []span, values []float64) {
	for i, t := range b.targets {
		spans[i] = span{min(spans[i].least, values[t.column]), max(spans[i].most, values[t.column])}
	}
}

// spread finds a table in which as many of some numbers as possible are k more, or less, than in any table before. The
// others give way.
func (a *Attack) spread(ctx context.Context, b *block, spans []span, some []int, more bool) ([]float64, error) {
	p := b.clone()
	var objective []term
	for _, i := range some {
		reach := p.add(0, a.K)
		objective = append(objective, term{reach, 1})
		if more {
			p.restrict(">=", spans[i].least, term{b.targets[i].column, 1}, term{reach, -1})
		} else {
			p.restrict("<=", spans[i].most, term{b.targets[i].column, 1}, term{reach, 1})
		}
	}
	return p.maximise(ctx, objective...)
}

// one finds the least and the most that a number can be.
func (a *Attack) one(ctx context.Context, b *block, spans []span, i int, sum *Result) error {
	for _, factor := range []float64{1, -1} {
		if a.safe(spans[i]) {
			return nil
		}
		values, err := b.maximise(ctx, term{b.targets[i].column, factor})
		if err != nil {
			return err
		}
		sum.Solved++
		widen(b, spans, values)
	}
	return nil
}
