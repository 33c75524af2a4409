package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
	"vointi.fi/pkg/stats"
)

var levels = rapid.SampledFrom([]stats.Level{stats.Level95, stats.Level998, 0.8})

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestLimitsBracketTheEstimate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := levels.Draw(t, "level")
		n := rapid.Float64Range(0.5, 1e7).Draw(t, "n")
		x := n * rapid.Float64Range(0, 1).Draw(t, "share")
		wilson := must(stats.Wilson(x, n, level))
		if !wilson.Contains(x/n) || wilson.Lower < 0 || wilson.Upper > 1 {
			t.Fatalf("Wilson of %v/%v: %v", x, n, wilson)
		}
		o := float64(rapid.IntRange(0, 1_000_000).Draw(t, "O"))
		v := o * rapid.Float64Range(1, 50).Draw(t, "V/O")
		plain, wide := must(stats.Count(o, level)), must(stats.CountNonIndependent(o, v, level))
		const bit = 1e-12 // limits that are equal but for rounding
		if !plain.Contains(o) || wide.Lower > plain.Lower*(1+bit) || wide.Upper < plain.Upper*(1-bit) {
			t.Fatalf("count %v: %v, with V = %v: %v", o, plain, v, wide)
		}
		if equal := must(stats.CountNonIndependent(o, o, level)); equal != plain {
			t.Fatalf("V = O gives %v, independent events %v", equal, plain)
		}
	})
}

func TestWilsonIsSymmetricAndMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := levels.Draw(t, "level")
		n := rapid.IntRange(1, 100_000).Draw(t, "n")
		x := rapid.IntRange(0, n-1).Draw(t, "x")
		a := must(stats.Wilson(float64(x), float64(n), level))
		mirror := must(stats.Wilson(float64(n-x), float64(n), level))
		if math.Abs(a.Lower-(1-mirror.Upper)) > 1e-12 || math.Abs(a.Upper-(1-mirror.Lower)) > 1e-12 {
			t.Fatalf("%d of %d: %v, mirrored %v", x, n, a, mirror)
		}
		if b := must(stats.Wilson(float64(x+1), float64(n), level)); b.Lower < a.Lower || b.Upper < a.Upper {
			t.Fatalf("one case more than %d of %d moves %v to %v", x, n, a, b)
		}
		c, d := must(stats.Count(float64(x), level)), must(stats.Count(float64(x+1), level))
		if d.Lower < c.Lower || d.Upper <= c.Upper {
			t.Fatalf("one event more than %d moves %v to %v", x, c, d)
		}
	})
}

func TestHigherLevelIsWider(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "n")
		c := rapid.SliceOfN(rapid.Float64Range(0, 100), n, n).Draw(t, "c")
		v := rapid.SliceOfN(rapid.Float64Range(1, 100), n, n).Draw(t, "v")
		narrow, wide := must(stats.Ratio(c, v, stats.Level95)), must(stats.Ratio(c, v, stats.Level998))
		if wide.Lower > narrow.Lower || wide.Upper < narrow.Upper || !narrow.Contains(narrow.Value) {
			t.Fatalf("ratio %v, %v", narrow, wide)
		}
		m, w := must(stats.Mean(c, stats.Level95)), must(stats.Mean(c, stats.Level998))
		if w.Lower > m.Lower || w.Upper < m.Upper || !m.Contains(m.Value) {
			t.Fatalf("mean %v, %v", m, w)
		}
	})
}

// Sums know all there is to know about whole numbers: they give what the numbers give, whatever the order and the parts.
func TestSumsEqualSlices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 80).Draw(t, "n")
		c := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), n, n).Draw(t, "c")
		v := rapid.SliceOfN(rapid.Int64Range(1, 5_000), n, n).Draw(t, "v")
		cut := rapid.IntRange(0, n).Draw(t, "cut")
		var left, right, all stats.RatioSums
		var mean stats.MeanSums
		fc, fv := make([]float64, n), make([]float64, n)
		for i := range n {
			fc[i], fv[i] = float64(c[i]), float64(v[i])
			all.Add(c[i], v[i])
			mean.N, mean.X, mean.XX = mean.N+1, mean.X+c[i], mean.XX+c[i]*c[i]
			if i < cut {
				left.Add(c[i], v[i])
			} else {
				right.Add(c[i], v[i])
			}
		}
		if right.Plus(left) != all {
			t.Fatal("sums of parts are not the sums")
		}
		close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }
		a, b := must(stats.RatioFromSums(all, stats.Level95)), must(stats.Ratio(fc, fv, stats.Level95))
		if !close(a.Value, b.Value) || !close(a.SE, b.SE) || !close(a.Lower, b.Lower) {
			t.Fatalf("ratio from sums %v, from values %v", a, b)
		}
		p, q := must(stats.MeanFromSums(mean, stats.Level95)), must(stats.Mean(fc, stats.Level95))
		if !close(p.Value, q.Value) || !close(p.SD, q.SD) || p.N != q.N {
			t.Fatalf("mean from sums %v, from values %v", p, q)
		}
	})
}

// c proportional to v leaves no residual: the exact sums find 0, where floating point would find noise.
func TestRatioOfProportionalClustersIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s stats.RatioSums
		price := rapid.Int64Range(1, 100_000).Draw(t, "price")
		for _, v := range rapid.SliceOfN(rapid.Int64Range(1, 10_000), 2, 50).Draw(t, "v") {
			s.Add(price*v, v)
		}
		e := must(stats.RatioFromSums(s, stats.Level95))
		if e.Value != float64(price) || e.SE != 0 {
			t.Fatalf("%v, want exactly %d ± 0", e, price)
		}
	})
}

func TestSurveyIgnoresOrderAndWeightUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.Custom(func(t *rapid.T) stats.Unit {
			return stats.Unit{
				Y:       float64(rapid.IntRange(0, 1).Draw(t, "y")),
				Weight:  rapid.Float64Range(0.1, 10).Draw(t, "w"),
				Stratum: rapid.IntRange(0, 3).Draw(t, "stratum"),
				Cluster: rapid.IntRange(0, 9).Draw(t, "cluster"),
				Out:     rapid.IntRange(0, 3).Draw(t, "out") == 0,
			}
		})
		s := stats.Survey{Units: append(rapid.SliceOfN(unit, 0, 40).Draw(t, "units"), stats.Unit{Weight: 1})}
		a := must(stats.SurveyProportion(s, stats.Level95))
		b := must(stats.SurveyProportion(stats.Survey{Units: rapid.Permutation(s.Units).Draw(t, "order")}, stats.Level95))
		if bits(a) != bits(b) {
			t.Fatalf("another order of the units turns %+v into %+v", a, b)
		}
		if !a.Contains(a.Value) || a.Lower < 0 || a.Upper > 1 {
			t.Fatalf("%+v does not bracket its estimate", a)
		}
		for i := range s.Units {
			s.Units[i].Weight *= 1024
		}
		if c := must(stats.SurveyProportion(s, stats.Level95)); bits(a) != bits(c) {
			t.Fatalf("weights in another unit turn %+v into %+v", a, c)
		}
	})
}

func bits(e stats.SurveyEstimate) [7]uint64 {
	b := math.Float64bits
	return [7]uint64{b(e.Value), b(e.SE), b(e.Lower), b(e.Upper), b(e.DF), b(e.KishN), b(e.EffectiveN)}
}

// One band standardises to the crude rate; equal bands to their common share; weights have no unit.
func TestStandardisationReducesToCrude(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(50, 10_000).Draw(t, "n"))
		o := float64(rapid.IntRange(10, 50).Draw(t, "O"))
		w := rapid.Float64Range(0.01, 1000).Draw(t, "w")
		one := []stats.Band{{Count: o, Squares: o, Population: n, Weight: w}}
		close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(math.Abs(a)+math.Abs(b)) }
		dsr, crude := must(stats.DSR(one, 1000, stats.Level95)), must(stats.Rate(o, n, 1000, stats.Level95))
		if !close(dsr.Value, crude.Value) || !close(dsr.Lower, crude.Lower) || !close(dsr.Upper, crude.Upper) {
			t.Fatalf("one band: %v, crude %v", dsr, crude)
		}
		ni := must(stats.DSRNonIndependent(one, 1000, stats.Level95))
		if ni != dsr {
			t.Fatalf("with V = O: %v, want %v", ni, dsr)
		}
		asp, wilson := must(stats.ASP(one, stats.Level95)), must(stats.Wilson(o, n, stats.Level95))
		if !close(asp.Lower, wilson.Lower) || !close(asp.Upper, wilson.Upper) {
			t.Fatalf("one band: %v, Wilson %v", asp, wilson)
		}
	})
}

func TestRiskRatioAndDifferenceMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n1, n0 := rapid.IntRange(2, 5000).Draw(t, "n1"), rapid.IntRange(1, 5000).Draw(t, "n0")
		a, b := rapid.IntRange(1, n1-1).Draw(t, "a"), rapid.IntRange(1, n0).Draw(t, "b")
		f := func(i int) float64 { return float64(i) }
		rr, back := must(stats.RiskRatio(f(a), f(n1), f(b), f(n0), stats.Level95)), must(stats.RiskRatio(f(b), f(n0), f(a), f(n1), stats.Level95))
		if math.Abs(rr.Lower*back.Upper-1) > 1e-9 || rr.Lower > rr.Value || rr.Upper < rr.Value {
			t.Fatalf("ratio %v, mirrored %v", rr, back)
		}
		d, e := must(stats.Difference(f(a), f(n1), f(b), f(n0), stats.Level95)), must(stats.Difference(f(b), f(n0), f(a), f(n1), stats.Level95))
		if math.Abs(d.Lower+e.Upper) > 1e-12 || !d.Contains(d.Value) || d.Lower < -1 || d.Upper > 1 {
			t.Fatalf("difference %v, mirrored %v", d, e)
		}
	})
}

// cover returns the share of runs in which the interval holds the truth.
func cover(runs int, truth float64, draw func(r *rand.Rand) stats.Interval) float64 {
	r := rand.New(rand.NewPCG(20260101, 7))
	hits := 0
	for range runs {
		if draw(r).Contains(truth) {
			hits++
		}
	}
	return float64(hits) / float64(runs)
}

// Intervals cover what they promise, by simulation with a fixed seed; the bounds leave room for the known deviations of
// each method and for the simulation itself (4000 runs: ± 0.7 % at 95 %).
func TestCoverage(t *testing.T) {
	const runs = 4000
	poisson := func(r *rand.Rand, mean float64) int {
		n, p := 0, r.Float64()
		for limit := math.Exp(-mean); p > limit; n++ {
			p *= r.Float64()
		}
		return n
	}
	for _, c := range []struct {
		name     string
		truth    float64
		low, top float64
		draw     func(r *rand.Rand) stats.Interval
	}{
		{"Wilson, 20 % of 50", 0.2, 0.93, 0.97, func(r *rand.Rand) stats.Interval {
			x := 0
			for range 50 {
				if r.Float64() < 0.2 {
					x++
				}
			}
			return must(stats.Wilson(float64(x), 50, stats.Level95))
		}},
		{"exact count, mean 4", 4, 0.95, 0.99, func(r *rand.Rand) stats.Interval {
			return must(stats.Count(float64(poisson(r, 4)), stats.Level95))
		}},
		{"Byar, mean 60", 60, 0.94, 0.975, func(r *rand.Rand) stats.Interval {
			return must(stats.Count(float64(poisson(r, 60)), stats.Level95))
		}},
		{"repeated visits, 60 persons × 1 … 7", 240, 0.93, 0.975, func(r *rand.Rand) stats.Interval {
			var o, v float64
			for range poisson(r, 60) {
				k := float64(1 + r.IntN(7))
				o, v = o+k, v+k*k
			}
			return must(stats.CountNonIndependent(o, v, stats.Level95))
		}},
		{"the same, taken as independent, covers far less", 240, 0.4, 0.75, func(r *rand.Rand) stats.Interval {
			var o float64
			for range poisson(r, 60) {
				o += float64(1 + r.IntN(7))
			}
			return must(stats.Count(o, stats.Level95))
		}},
		{"mean of 8 normals", 5, 0.94, 0.96, func(r *rand.Rand) stats.Interval {
			xs := make([]float64, 8)
			for i := range xs {
				xs[i] = 5 + r.NormFloat64()
			}
			return must(stats.Mean(xs, stats.Level95)).Interval
		}},
		{"ratio of 40 sessions", 60, 0.93, 0.97, func(r *rand.Rand) stats.Interval {
			var s stats.RatioSums
			for range 40 {
				visits := int64(3 + r.IntN(6))
				s.Add(60*visits+int64(r.IntN(101))-50, visits)
			}
			return must(stats.RatioFromSums(s, stats.Level95)).Interval
		}},
		{"survey of 120 with unequal weights", 0.3, 0.93, 0.97, func(r *rand.Rand) stats.Interval {
			var s stats.Survey
			for i := range 120 {
				u := stats.Unit{Weight: 1 + float64(i%3), Stratum: i % 2}
				if r.Float64() < 0.3 {
					u.Y = 1
				}
				s.Units = append(s.Units, u)
			}
			return must(stats.SurveyProportion(s, stats.Level95)).Interval
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := cover(runs, c.truth, c.draw); got < c.low || got > c.top {
				t.Errorf("coverage %.4f, want %v … %v", got, c.low, c.top)
			}
		})
	}
}
