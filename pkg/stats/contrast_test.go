package stats_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
	"vointi.fi/pkg/stats"
)

// published reads a figure as it is printed: the value and its 95 % limits.
func published(value, lower, upper float64) stats.Estimate {
	return stats.FromLimits(value, stats.Interval{Lower: lower, Upper: upper}, stats.Level95)
}

// Shares of men and women with a good quality of life by education, FinTerveys 2017.
func TestT10PublishedGaps(t *testing.T) {
	gap := func(high, basic stats.Estimate) stats.Contrast {
		return ok[stats.Contrast](t)(stats.Gap(high, basic, 0, stats.Level95))
	}
	menHigh, menBasic := published(83.1, 80.3, 85.6), published(60.0, 52.4, 67.3)
	men, women := gap(menHigh, menBasic), gap(published(79.9, 77.8, 81.9), published(65.4, 60.7, 69.7))
	near(t, "men", men.Value, 23.1, 10)
	nearInterval(t, men.Interval, 15.19, 31.01, 2)
	near(t, "women", women.Value, 14.5, 10)
	nearInterval(t, women.Interval, 9.555, 19.445, 3) // T10 prints 9.55 and 19.45, the first cut and not rounded
	ratio := ok[stats.Contrast](t)(stats.RelativeGap(menHigh, menBasic, stats.Level95))
	near(t, "men, relative", ratio.Value, 1.3850, 4)
	nearInterval(t, ratio.Interval, 1.2184, 1.5744, 4)

	gaps := gap(men.Estimate, women.Estimate)
	near(t, "difference of gaps", gaps.Value, 8.6, 10)
	near(t, "its SE", gaps.SE, 4.758, 3)
	near(t, "its z", gaps.Z, 1.807, 3)
	if gaps.P < 0.05 || !gaps.Contains(0) {
		t.Errorf("difference of gaps is significant: %+v", gaps)
	}
}

func TestT13ProportionChange(t *testing.T) {
	for _, c := range []struct{ x1, n1, x0, n0, z, p float64 }{
		{56, 70, 48, 80, 2.650172, 0.008045},
		{171, 500, 150, 500, 1.422433, 0.154901},
	} {
		got := ok[stats.Contrast](t)(stats.ProportionChange(c.x1, c.n1, c.x0, c.n0, stats.Level95))
		near(t, "z", got.Z, c.z, 6)
		near(t, "p", got.P, c.p, 6)
	}
	both := ok[stats.Contrast](t)(stats.ProportionChange(56, 70, 48, 80, stats.Level95))
	nearInterval(t, both.Interval, 0.052431, 0.333873, 6) // T9
}

// Newcombe 1998, Table II: method 10 for its eight examples.
func TestNewcombesExamples(t *testing.T) {
	for _, c := range []struct{ x1, n1, x0, n0, lower, upper float64 }{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		got := ok[stats.Estimate](t)(stats.Difference(c.x1, c.n1, c.x0, c.n0, stats.Level95))
		nearInterval(t, got.Interval, c.lower, c.upper, 4)
	}
}

func TestT14SameMonthLastYear(t *testing.T) {
	now, before := stats.Events{Count: 120, Squares: 120, Exposure: 4}, stats.Events{Count: 96, Squares: 96, Exposure: 4}
	c := ok[stats.Contrast](t)(stats.CountRatio(now, before, stats.Level95))
	near(t, "ratio", c.Value, 1.25, 12)
	nearInterval(t, c.Interval, 0.9558, 1.6348, 4)
	near(t, "z", c.Z, 1.632993, 6)
	near(t, "p", c.P, 0.102470, 6)

	rate := ok[stats.Contrast](t)(stats.RateRatio(now, before, stats.Level95))
	if rate.Estimate != c.Estimate {
		t.Errorf("by as many sessions: %+v, want %+v", rate, c)
	}
	now.Squares *= 4 // everybody comes four times
	wide := ok[stats.Contrast](t)(stats.CountRatio(now, before, stats.Level95))
	near(t, "SE of repeated events", wide.SE, math.Sqrt(480.0/120/120+1.0/96), 12)
	near(t, "z of repeated events", wide.Z, 24/math.Sqrt(480+96), 12)
}

func TestContrastEdges(t *testing.T) {
	l, nan := stats.Level95, math.NaN()
	e := func(value, se float64) stats.Estimate { return stats.Estimate{Value: value, SE: se} }
	o := func(count, squares float64) stats.Events {
		return stats.Events{Count: count, Squares: squares, Exposure: 1}
	}
	gap := func(a, b stats.Estimate, cov float64) func() (stats.Contrast, error) {
		return func() (stats.Contrast, error) { return stats.Gap(a, b, cov, l) }
	}
	relative := func(a, b stats.Estimate) func() (stats.Contrast, error) {
		return func() (stats.Contrast, error) { return stats.RelativeGap(a, b, l) }
	}
	count := func(a, b stats.Events) func() (stats.Contrast, error) {
		return func() (stats.Contrast, error) { return stats.CountRatio(a, b, l) }
	}
	rate := func(a, b stats.Events) func() (stats.Contrast, error) {
		return func() (stats.Contrast, error) { return stats.RateRatio(a, b, l) }
	}
	share := func(x1, n1, x0, n0 float64) func() (stats.Contrast, error) {
		return func() (stats.Contrast, error) { return stats.ProportionChange(x1, n1, x0, n0, l) }
	}
	for _, c := range []struct {
		name  string
		got   func() (stats.Contrast, error)
		value float64
		p     float64
		err   error
	}{
		{"gap of equal certainties", gap(e(3, 0), e(3, 0), 0), 0, 1, nil},
		{"gap of unequal certainties", gap(e(3, 0), e(2, 0), 0), 1, nan, stats.ErrNotCalculable},
		{"gap without SE", gap(e(3, nan), e(2, 1), 0), 1, nan, stats.ErrNotCalculable},
		{"gap of negative SE", gap(e(3, -1), e(2, 1), 0), nan, nan, stats.ErrInput},
		{"gap of NaN", gap(e(nan, 1), e(2, 1), 0), nan, nan, stats.ErrInput},
		{"gap of too much covariance", gap(e(3, 1), e(2, 1), 1.1), nan, nan, stats.ErrInput},
		{"gap of a perfect panel", gap(e(2, 1), e(2, 1), 1), 0, 1, nil},
		{"relative gap to nothing", relative(e(1, 1), e(0, 1)), nan, nan, stats.ErrNotCalculable},
		{"relative gap of nothing", relative(e(0, 1), e(1, 1)), 0, nan, stats.ErrNotCalculable},
		{"relative gap of negatives", relative(e(-1, 1), e(1, 1)), nan, nan, stats.ErrInput},
		{"relative gap of equals", relative(e(1, 0), e(1, 0)), 1, 1, nil},
		{"count against none", count(o(9, 9), o(0, 0)), nan, 0.0026997961, stats.ErrNotCalculable},
		{"none against a count", count(o(0, 0), o(9, 9)), 0, 0.0026997961, stats.ErrNotCalculable},
		{"none against none", count(o(0, 0), o(0, 0)), nan, 1, stats.ErrNotCalculable},
		{"count with too small squares", count(o(2, 1), o(3, 3)), nan, nan, stats.ErrInput},
		{"rate of none", rate(o(0, 0), o(3, 3)), 0, nan, stats.ErrNotCalculable},
		{"rate of no exposure", rate(stats.Events{Count: 1, Squares: 1}, o(3, 3)), nan, nan, stats.ErrNotCalculable},
		{"rate of negative exposure", rate(stats.Events{Count: 1, Squares: 1, Exposure: -1}, o(3, 3)), nan, nan, stats.ErrInput},
		{"nobody in either group", share(0, 5, 0, 9), 0, 1, nil},
		{"everybody in both", share(5, 5, 9, 9), 0, 1, nil},
		{"share of nobody", share(0, 0, 9, 9), nan, nan, stats.ErrNotCalculable},
		{"share above 1", share(6, 5, 9, 9), nan, nan, stats.ErrInput},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.got()
			same := func(a, b float64) bool { return a == b || math.Abs(a-b) < 1e-9 || (math.IsNaN(a) && math.IsNaN(b)) }
			if !errors.Is(err, c.err) || !same(got.Value, c.value) || !same(got.P, c.p) || got.Defined() != (err == nil) {
				t.Errorf("%+v, %v; want value %v, p %v, error %v", got, err, c.value, c.p, c.err)
			}
		})
	}
	for _, bad := range []stats.Estimate{{Value: 1, Interval: stats.Interval{Lower: 2, Upper: 3}}, {Value: nan}} {
		if e, err := stats.HybridDifference(bad, stats.Estimate{}); !errors.Is(err, stats.ErrInput) || e.Defined() {
			t.Errorf("hybrid of %v: %v, %v", bad, e, err)
		}
	}
	if e, err := stats.HybridDifference(stats.Estimate{Value: 1, Interval: stats.Undefined}, stats.Estimate{}); e.Value != 1 || !errors.Is(err, stats.ErrNotCalculable) {
		t.Errorf("hybrid without limits: %v, %v", e, err)
	}
}

func TestContrastsMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := levels.Draw(t, "level")
		draw := func(name string) stats.Estimate {
			value, se := rapid.Float64Range(0.1, 1e4).Draw(t, name), rapid.Float64Range(0.01, 100).Draw(t, name+" se")
			return stats.Estimate{Value: value, SE: se, Interval: stats.Interval{Lower: value - se, Upper: value + 2*se}}
		}
		a, b := draw("a"), draw("b")
		close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }
		d, e := must(stats.Gap(a, b, 0, level)), must(stats.Gap(b, a, 0, level))
		if !d.Contains(d.Value) || !close(d.P, e.P) || !close(d.Lower, -e.Upper) || !close(d.Upper, -e.Lower) {
			t.Fatalf("gap %+v, mirrored %+v", d, e)
		}
		if (d.P < 1-float64(level)-1e-12 && d.Contains(0)) || (d.P > 1-float64(level)+1e-12 && !d.Contains(0)) {
			t.Fatalf("interval and test disagree: %+v", d)
		}
		cov := a.SE * b.SE * rapid.Float64Range(0, 0.99).Draw(t, "correlation")
		if panel := must(stats.Gap(a, b, cov, level)); panel.SE > d.SE {
			t.Fatalf("a panel is less sure than two samples: %v, %v", panel.SE, d.SE)
		}
		r, s := must(stats.RelativeGap(a, b, level)), must(stats.RelativeGap(b, a, level))
		if !r.Contains(r.Value) || !close(r.P, s.P) || !close(r.Value*s.Value, 1) {
			t.Fatalf("ratio %+v, mirrored %+v", r, s)
		}
		h, g := must(stats.HybridDifference(a, b)), must(stats.HybridDifference(b, a))
		if !h.Contains(h.Value) || !close(h.Lower, -g.Upper) {
			t.Fatalf("hybrid %+v, mirrored %+v", h, g)
		}
	})
}

func TestContrastCoverage(t *testing.T) {
	const runs = 4000
	share := func(r *rand.Rand, p float64, n int) (x float64) {
		for range n {
			if r.Float64() < p {
				x++
			}
		}
		return x
	}
	got := cover(runs, 0.1, func(r *rand.Rand) stats.Interval {
		return must(stats.ProportionChange(share(r, 0.4, 60), 60, share(r, 0.3, 80), 80, stats.Level95)).Interval
	})
	if got < 0.93 || got > 0.97 {
		t.Errorf("difference of proportions covers %.4f", got)
	}
	false5 := 1 - cover(runs, 0, func(r *rand.Rand) stats.Interval {
		c := must(stats.ProportionChange(share(r, 0.3, 60), 60, share(r, 0.3, 80), 80, stats.Level95))
		return stats.Interval{Lower: -c.P, Upper: c.P - 0.05} // holds 0 when p ≥ 0.05
	})
	if false5 < 0.035 || false5 > 0.065 {
		t.Errorf("equal proportions differ at 5 %% in %.4f of runs", false5)
	}
	got = cover(runs, 2, func(r *rand.Rand) stats.Interval {
		a := stats.Estimate{Value: 7 + 1.5*r.NormFloat64(), SE: 1.5}
		b := stats.Estimate{Value: 5 + 0.5*r.NormFloat64(), SE: 0.5}
		return must(stats.Gap(a, b, 0, stats.Level95)).Interval
	})
	if got < 0.94 || got > 0.96 {
		t.Errorf("gap covers %.4f", got)
	}
}
