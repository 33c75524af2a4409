package attack

import (
	"errors"
	"slices"
	"testing"
)

// t28 is the worked example of three rows by three columns with all totals shown, and these cells hidden.
func t28(hidden ...int) (p *program, targets []target) {
	values := []float64{12, 45, 3, 20, 60, 14, 8, 31, 9}
	p = &program{}
	for c, v := range values {
		p.add(v, v, "")
		for _, h := range hidden {
			if h == c {
				p.lower[c], p.upper[c] = 1, unbounded
				targets = append(targets, target{column: c, room: unbounded})
			}
		}
	}
	for i := range 3 {
		row := p.add(values[3*i]+values[3*i+1]+values[3*i+2], values[3*i]+values[3*i+1]+values[3*i+2], "")
		p.sum(row, 3*i, 3*i+1, 3*i+2)
		column := p.add(values[i]+values[i+3]+values[i+6], values[i]+values[i+3]+values[i+6], "")
		p.sum(column, i, i+3, i+6)
	}
	return p, targets
}

// TestSiege: the attack narrows down the failing variant of T28 and not the other one.
func TestSiege(t *testing.T) {
	for name, c := range map[string]struct {
		hidden          []int
		known, narrowed int
	}{
		"a rectangle":  {[]int{0, 2, 6, 8}, 0, 0},
		"one row only": {[]int{0, 2}, 2, 0},
		"three":        {[]int{0, 2, 6}, 3, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p, targets := t28(c.hidden...)
			parts, known, err := p.reduce()
			if err != nil {
				t.Fatal(err)
			}
			found, narrowed := 0, 0
			for _, of := range targets {
				if known[of.column] > 0 {
					found++
				}
			}
			for _, part := range parts {
				s := &siege{a: &Attack{K: 5}, reduced: part, sum: &Result{}}
				if err := s.run(t.Context(), targets); err != nil {
					t.Fatal(err)
				}
				narrowed += len(s.open())
			}
			if found != c.known || narrowed != c.narrowed {
				t.Errorf("%d are known and %d narrowed, want %d and %d", found, narrowed, c.known, c.narrowed)
			}
		})
	}
}

// TestSiegeNarrows: a bound that only a linear program sees: two cells of 6 that are at least 1 reach over 4.
func TestSiegeNarrows(t *testing.T) {
	p := &program{}
	total, a, b := p.add(6, 6, ""), p.add(1, unbounded, ""), p.add(1, unbounded, "")
	p.sum(total, a, b)
	parts, _, err := p.reduce()
	if err != nil || len(parts) != 1 {
		t.Fatal(parts, err)
	}
	s := &siege{a: &Attack{K: 5}, reduced: parts[0], sum: &Result{}}
	if err := s.run(t.Context(), []target{{column: a, room: unbounded}, {column: b, room: unbounded}}); err != nil || len(s.open()) != 2 {
		t.Errorf("%v, %v", s.open(), err)
	}
	p.restrict(">=", 7, term{a, 1}, term{b, 1})
	parts, _, err = p.reduce()
	if err == nil {
		_, _, err = parts[0].maximise(t.Context())
	}
	if !errors.Is(err, errInfeasible) {
		t.Errorf("a contradiction: %v", err)
	}
}

// TestZerosAreShown: that a number is 0 which is hidden only because another one of its row is narrows nothing down, however it is known;
// that it is 3 does.
func TestZerosAreShown(t *testing.T) {
	a := &Attack{K: 5}
	for value, safe := range map[float64]bool{0: true, 3: false, 7: true} {
		if of := (target{shares: true, room: unbounded}); a.harmless(of, span{value, value}) != safe {
			t.Errorf("%g beside a small number: harmless: %t", value, !safe)
		}
		if a.harmless(target{room: unbounded}, span{value, value}) {
			t.Errorf("%g, hidden for its own sake, is harmless", value)
		}
	}
}

// TestSiegeAcrossPeriods: what no change within a month shows to be safe, a change of its quarter does; what the month alone narrows
// down is not looked for elsewhere.
func TestSiegeAcrossPeriods(t *testing.T) {
	p := &program{}
	quarter, months := p.add(1, unbounded, ""), []int{p.add(1, unbounded, ""), p.add(1, unbounded, ""), p.add(1, unbounded, ""), p.add(1, unbounded, "")}
	p.sum(quarter, months...)
	p.rows[0].time = true
	other := p.add(1, unbounded, "")
	p.sum(p.add(6, 6, ""), months[0], other)
	parts, _, err := p.reduce()
	if err != nil || len(parts) != 1 {
		t.Fatal(parts, err)
	}
	var s *siege
	var targets []target
	for _, c := range append(months, quarter, other) {
		targets = append(targets, target{column: c, room: unbounded})
	}
	for _, small := range []int{0, 100} { // by regions, and all at once
		s = &siege{a: &Attack{K: 5}, reduced: parts[0], sum: &Result{}, small: small}
		if err := s.run(t.Context(), targets); err != nil || !slices.Equal(s.open(), []int{0, 5}) {
			t.Errorf("up to %d columns at once: open: %v, %v", small, s.open(), err)
		}
	}
	if near := s.about(s.column[months[0]], len(s.lower), false); len(near.columns) != 2 {
		t.Errorf("a month has %d columns", len(near.columns))
	}
	if narrow, err := s.bound(t.Context(), 0, s.about(s.column[months[0]], len(s.lower), false)); !narrow || err != nil {
		t.Errorf("the month alone narrows it: %t, %v", narrow, err)
	}
}
