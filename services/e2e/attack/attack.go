// Package attack tries to narrow down what the product hides, from all that a reader of vointi can read: linear programs
// over everything that adds up, solved by glpsol. One block is the measures of a family in a period, or in a year if its
// months add up.
package attack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Attack says how it is done.
type Attack struct {
	K     float64   // how wide a protected number must stay
	Only  string    // attack only blocks whose name holds this text
	Since time.Time // attack only periods that begin then or later
	Out   io.Writer
}

// Result counts protected numbers, and the linear programs that it took.
type Result struct{ Protected, Narrowed, Solved int }

// errNoSolver says what to do without glpsol.
var errNoSolver = errors.New("glpsol is missing: install it, on Debian: apt-get install glpk-utils")

// complete fails if something is protected that no family is made of: what is not attacked must be known.
func complete(ctx context.Context, r reader) (err error) {
	known := append(indicators(), noCount...)
	type line struct{ ID string }
	failed := ask(ctx, r, "SELECT DISTINCT indicator AS ID FROM vointi.indicators WHERE suppressed != ''", func(l line) {
		if !slices.Contains(known, l.ID) {
			err = errors.Join(err, fmt.Errorf("%s is protected, and no family of the attack is made of it", l.ID))
		}
	})
	return errors.Join(failed, err)
}

// Run attacks the warehouse whose HTTP interface has this address. Errors: without glpsol; a block that contradicts itself.
func (a *Attack) Run(ctx context.Context, address string) (*Result, error) {
	if _, err := exec.LookPath("glpsol"); err != nil {
		return nil, errNoSolver
	}
	r := reader{address}
	p, err := read(ctx, r, indicators(), a.Since)
	if err != nil {
		return nil, err
	}
	if err := complete(ctx, r); err != nil {
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
	fmt.Fprintf(a.Out, "attacked %d protected numbers by %d linear programs: %d narrowed down\n", sum.Protected, sum.Solved, sum.Narrowed)
	return sum, nil
}

// block attacks the protected numbers of a block. A table that agrees with everything is a witness for all of its cells,
// so a few tables, each as far from the others as it gets in many numbers at once, clear most of them; what is left is
// attacked one by one.
func (a *Attack) block(ctx context.Context, b *block, sum *Result) error {
	parts, known, err := b.reduce()
	if err != nil {
		return err
	}
	var open []target
	one := 0 // numbers that are attacked one by one
	for _, t := range b.targets {
		if v := known[t.column]; v > tolerance {
			open = append(open, t.narrowed(span{v, v}))
		}
	}
	for _, part := range parts {
		s := &siege{a: a, reduced: part, sum: sum}
		if err := s.run(ctx, b.targets, &one); err != nil {
			return err
		}
		for _, i := range s.open() {
			open = append(open, s.targets[i].narrowed(s.spans[i]))
		}
	}
	for _, t := range b.targets {
		if t.told {
			open = append(open, target{name: t.name + " is told elsewhere"})
		}
	}
	for _, t := range open {
		fmt.Fprintf(a.Out, "  %s: %s\n", b.name, t.name)
	}
	sum.Protected, sum.Narrowed = sum.Protected+len(b.targets), sum.Narrowed+len(open)
	fmt.Fprintf(a.Out, "%s: %d protected numbers attacked, %d one by one, %d narrowed down\n", b.name, len(b.targets), one, len(open))
	return nil
}

func (t target) narrowed(s span) target {
	t.name = fmt.Sprintf("%s can be narrowed to %g … %g", t.name, s.least, s.most)
	return t
}
