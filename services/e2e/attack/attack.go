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
	Only  []string  // attack only blocks whose name holds one of these texts
	Since time.Time // attack only periods that begin then or later
	Named []string  // attack only numbers that are named in one of these texts, after their blocks; all if there are none
	Out   io.Writer
}

// Result counts what was attacked.
type Result struct {
	Protected int // numbers of rows that are protected
	Narrowed  int // those of them that may be small, and are known too well, or told by something else
	Hinted    int // those that are known too well, and are not small: hidden for others' sake, who are not narrowed by it
	Undecided int // those that glpsol takes too long for
	Solved    int // linear programs
}

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
			if !slices.ContainsFunc(a.Only, func(text string) bool { return strings.Contains(b.name, text) }) {
				continue
			}
			b.build()
			if b.targets = slices.DeleteFunc(b.targets, func(t target) bool { return !a.names(b, t) }); len(b.targets) == 0 && len(a.Named) > 0 {
				continue
			}
			if err := a.block(ctx, b, sum); err != nil {
				return nil, fmt.Errorf("%s: %w", b.name, err)
			}
		}
	}
	fmt.Fprintf(a.Out, "attacked %d numbers in %d protected rows by %d linear programs: %d narrowed down, %d more that are not small\n", sum.Protected, p.protected, sum.Solved, sum.Narrowed, sum.Hinted)
	return sum, nil
}

// names reports whether the number is to be attacked.
func (a *Attack) names(b *block, t target) bool {
	return len(a.Named) == 0 || slices.ContainsFunc(a.Named, func(text string) bool { return strings.Contains(text, b.name+": "+t.name+" ") })
}

// block attacks the protected numbers of a block. A table that agrees with everything is a witness for all of its cells,
// so a few tables, each as far from the others as it gets in many numbers at once, clear most of them.
func (a *Attack) block(ctx context.Context, b *block, sum *Result) error {
	parts, known, err := b.reduce()
	if err != nil {
		return err
	}
	narrowed, hinted := 0, 0
	note := func(t target, s span) {
		if s.least < a.K-nearly {
			narrowed++
		} else {
			hinted++
		}
		fmt.Fprintf(a.Out, "  %s: %s can be narrowed to %g … %g\n", b.name, t.name, s.least, s.most)
	}
	for _, t := range b.targets {
		if v := known[t.column]; v > tolerance && !a.harmless(t, span{v, v}) {
			note(t, span{v, v})
		}
		if t.told != "" {
			narrowed++
			fmt.Fprintf(a.Out, "  %s: %s is told by %s\n", b.name, t.name, t.told)
		}
	}
	for _, part := range parts {
		s := &siege{a: a, reduced: part, sum: sum, small: small}
		if err := s.run(ctx, b.targets); err != nil {
			return err
		}
		for _, i := range s.open() {
			if s.undecided[i] {
				sum.Undecided++
				fmt.Fprintf(a.Out, "  %s: %s is not decided\n", b.name, s.targets[i].name)
				continue
			}
			note(s.targets[i], s.spans[i])
		}
	}
	sum.Protected, sum.Narrowed, sum.Hinted = sum.Protected+len(b.targets), sum.Narrowed+narrowed, sum.Hinted+hinted
	fmt.Fprintf(a.Out, "%s: %d protected numbers attacked, %d narrowed down, %d more that are not small\n", b.name, len(b.targets), narrowed, hinted)
	return nil
}
