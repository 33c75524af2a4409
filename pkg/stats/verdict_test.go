package stats_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
	"vointi.fi/pkg/stats"
)

func TestCompare(t *testing.T) {
	i := func(lower, upper float64) stats.Interval { return stats.Interval{Lower: lower, Upper: upper} }
	const reference = 50
	for _, c := range []struct {
		name                  string
		i95, i998             stats.Interval
		plus, minus, zero     stats.Verdict
		atLeast50, noMoreThan stats.Attainment
	}{
		{"around", i(45, 55), i(40, 60), stats.Similar, stats.Similar, stats.Similar, stats.Undecided, stats.Undecided},
		{"above", i(51, 60), i(49, 62), stats.Better, stats.Worse, stats.Higher, stats.Reached, stats.Missed},
		{"far above", i(52, 60), i(51, 62), stats.MuchBetter, stats.MuchWorse, stats.MuchHigher, stats.Reached, stats.Missed},
		{"below", i(40, 49), i(38, 51), stats.Worse, stats.Better, stats.Lower, stats.Missed, stats.Reached},
		{"far below", i(40, 48), i(38, 49), stats.MuchWorse, stats.MuchBetter, stats.MuchLower, stats.Missed, stats.Reached},
		{"touching from above", i(50, 60), i(49, 62), stats.Similar, stats.Similar, stats.Similar, stats.Reached, stats.Undecided},
		{"touching from below", i(40, 50), i(39, 52), stats.Similar, stats.Similar, stats.Similar, stats.Undecided, stats.Reached},
		{"without wide limits", i(51, 60), stats.Undefined, stats.Better, stats.Worse, stats.Higher, stats.Reached, stats.Missed},
		{"without limits", stats.Undefined, stats.Undefined, stats.NoVerdict, stats.NoVerdict, stats.NoVerdict, stats.NoAttainment, stats.NoAttainment},
	} {
		t.Run(c.name, func(t *testing.T) {
			for d, want := range map[stats.Direction]stats.Verdict{stats.HigherIsBetter: c.plus, stats.LowerIsBetter: c.minus, stats.Neutral: c.zero} {
				if got := stats.Compare(c.i95, c.i998, reference, d); got != want {
					t.Errorf("direction %s: %q, want %q", d, got, want)
				}
			}
			for d, want := range map[stats.Direction]stats.Attainment{stats.HigherIsBetter: c.atLeast50, stats.LowerIsBetter: c.noMoreThan, stats.Neutral: stats.NoAttainment} {
				if got := stats.CompareTarget(c.i95, reference, d); got != want {
					t.Errorf("target, direction %s: %q, want %q", d, got, want)
				}
			}
		})
	}
	if got := stats.Compare(i(1, 2), i(1, 2), math.NaN(), stats.HigherIsBetter); got != stats.NoVerdict {
		t.Errorf("without reference: %q", got)
	}
}

// Turning the indicator and its direction around leaves the verdict.
func TestVerdictsMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-10, 10)
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		narrow := stats.Interval{Lower: min(a, b), Upper: max(a, b)}
		wide := stats.Interval{Lower: narrow.Lower - 1, Upper: narrow.Upper + 1}
		reference := number.Draw(t, "reference")
		plus := stats.Compare(narrow, wide, reference, stats.HigherIsBetter)
		if minus := stats.Compare(narrow.Scale(-1), wide.Scale(-1), -reference, stats.LowerIsBetter); plus != minus {
			t.Fatalf("%q, mirrored %q", plus, minus)
		}
	})
}

func TestT18bBenjaminiHochberg(t *testing.T) {
	ps := []float64{0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205}
	want := []float64{0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.084571, 0.205}
	got := ok[[]float64](t)(stats.BenjaminiHochberg(ps))
	for i := range ps {
		near(t, "adjusted", got[i], want[i], 6)
	}
}

// Benjamini & Hochberg 1995, section 3: of these 15 tests, four are discoveries at 5 %.
func TestBenjaminiHochbergsOwnExample(t *testing.T) {
	ps := []float64{
		0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
	}
	for i, p := range ok[[]float64](t)(stats.BenjaminiHochberg(ps)) {
		if (p <= 0.05) != (i < 4) {
			t.Errorf("test %d: adjusted p %v", i+1, p)
		}
	}
}

func TestBenjaminiHochbergEdges(t *testing.T) {
	nan := math.NaN()
	got := ok[[]float64](t)(stats.BenjaminiHochberg([]float64{nan, 0.04, nan, 0.02}))
	if got[1] != 0.04 || got[3] != 0.04 || !math.IsNaN(got[0]) || !math.IsNaN(got[2]) {
		t.Errorf("tests that were not made: %v, want NaN 0.04 NaN 0.04", got)
	}
	if got := ok[[]float64](t)(stats.BenjaminiHochberg([]float64{0.1, 0.2, 0.764})); got[2] != 0.764 {
		t.Errorf("rounding puts the greatest p, 0.764, at %v", got[2])
	}
	if got := ok[[]float64](t)(stats.BenjaminiHochberg(nil)); len(got) != 0 {
		t.Errorf("no tests: %v", got)
	}
	for _, p := range []float64{-0.1, 1.1, math.Inf(1)} {
		if got, err := stats.BenjaminiHochberg([]float64{0.5, p}); !errors.Is(err, stats.ErrInput) {
			t.Errorf("p = %v: %v, %v", p, got, err)
		}
	}
}

func TestBenjaminiHochbergIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "ps")
		got := must(stats.BenjaminiHochberg(ps))
		for i := range ps {
			if got[i] < ps[i] || got[i] > min(1, ps[i]*float64(len(ps))*(1+1e-12)) {
				t.Fatalf("p %v of %d tests is adjusted to %v", ps[i], len(ps), got[i])
			}
			for j := range ps {
				if ps[i] < ps[j] && got[i] > got[j] {
					t.Fatalf("%v < %v, adjusted %v > %v", ps[i], ps[j], got[i], got[j])
				}
			}
		}
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range ps {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "order")
		mixed := make([]float64, len(ps))
		for to, from := range order {
			mixed[to] = ps[from]
		}
		for to, p := range must(stats.BenjaminiHochberg(mixed)) {
			if p != got[order[to]] {
				t.Fatalf("in another order %v is adjusted to %v, not %v", mixed[to], p, got[order[to]])
			}
		}
	})
}
