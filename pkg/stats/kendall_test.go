package stats_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
	"vointi.fi/pkg/stats"
)

func yearly(ys ...float64) (points []stats.Point) {
	for i, y := range ys {
		points = append(points, stats.Point{T: float64(2000 + i), Y: y})
	}
	return points
}

func TestT17MannKendall(t *testing.T) {
	ys := []float64{67.9, 66.4, 63.5, 60.6, 58.5}
	k := ok[stats.Kendall](t)(stats.MannKendall(ys))
	near(t, "S", k.S, -10, 12)
	near(t, "Var", k.Variance, 16.6667, 4)
	near(t, "Z", k.Z, -2.204541, 6)
	near(t, "exact p", k.P, 0.016667, 6)
	if !k.Exact {
		t.Error("five values: p is not exact")
	}
	near(t, "Sen", ok[stats.Estimate](t)(stats.TheilSen(yearly(ys...), stats.Level95)).Value, -2.466667, 6)
}

func TestT18cSeasonalKendall(t *testing.T) {
	k := ok[stats.Kendall](t)(stats.SeasonalKendall([][]float64{{10, 12, 15}, {8, 7, 9}}))
	near(t, "S", k.S, 4, 12)
	near(t, "Var", k.Variance, 7.3333, 4)
	near(t, "Z", k.Z, 1.107823, 6)
	slope := ok[stats.Estimate](t)(stats.SeasonalTheilSen([][]stats.Point{yearly(10, 12, 15), yearly(8, 7, 9)}, 0.5))
	near(t, "slope, the median of -1 ½ 2 2 2½ 3", slope.Value, 2, 12)
}

// Hollander & Wolfe 1973, p. 187, in the documentation of R's cor.test: tuna by lightness, T = 26, p = 0.1194, τ = 0.4444.
func TestKendallOfTuna(t *testing.T) {
	// panel scores in the order of Hunter L 41.9 44.1 44.4 44.7 45.2 45.9 50.7 53.3 60.1
	k := ok[stats.Kendall](t)(stats.MannKendall([]float64{2.5, 4.0, 2.6, 3.6, 2.8, 3.1, 5.2, 5.0, 3.8}))
	near(t, "concordant pairs", (k.S+36)/2, 26, 12)
	near(t, "p", k.P, 0.1194, 4)
}

// Sen 1968, section 6: slope 4, limits 26/7 and 35/8 at 93 %.
func TestSensExample(t *testing.T) {
	ts, ys := []float64{1, 2, 3, 4, 10, 12, 18}, []float64{9, 15, 19, 20, 45, 55, 78}
	var points []stats.Point
	for i := range ts {
		points = append(points, stats.Point{T: ts[i], Y: ys[i]})
	}
	e := ok[stats.Estimate](t)(stats.TheilSen(points, 0.93))
	near(t, "slope", e.Value, 4, 12)
	nearInterval(t, e.Interval, 26.0/7, 35.0/8, 10)
}

// orders calls use with every order of xs.
func orders(xs []float64, use func([]float64)) {
	var swap func(k int)
	swap = func(k int) {
		if k == len(xs) {
			use(xs)
			return
		}
		for i := k; i < len(xs); i++ {
			xs[k], xs[i] = xs[i], xs[k]
			swap(k + 1)
			xs[k], xs[i] = xs[i], xs[k]
		}
	}
	swap(0)
}

// The exact p counts orders, with ties and without; and Var is the variance of S over them.
func TestExactKendallCountsOrders(t *testing.T) {
	for _, xs := range [][]float64{{1, 2}, {1, 1}, {1, 2, 3, 4}, {1, 1, 2, 3}, {1, 1, 2, 2, 2}, {1, 2, 2, 3, 4, 5}, {3, 3, 3, 3, 1, 7, 7}} {
		observed := ok[stats.Kendall](t)(stats.MannKendall(xs))
		var all, tail, squares float64
		orders(append([]float64{}, xs...), func(order []float64) {
			s := must(stats.MannKendall(order)).S
			all, squares = all+1, squares+s*s
			if math.Abs(s) >= math.Abs(observed.S) {
				tail++
			}
		})
		near(t, "p", observed.P, tail/all, 12)
		near(t, "Var", observed.Variance, squares/all, 9)
	}
}

func TestKendallEdges(t *testing.T) {
	equal := ok[stats.Kendall](t)(stats.MannKendall([]float64{5, 5, 5}))
	if equal.S != 0 || equal.Z != 0 || equal.P != 1 {
		t.Errorf("equal values: %+v", equal)
	}
	many := make([]float64, 12)
	if k := ok[stats.Kendall](t)(stats.MannKendall(many)); k.P != 1 || k.Exact {
		t.Errorf("twelve equal values: %+v", k)
	}
	for n, exact := range map[int]bool{10: true, 11: false} {
		if k := ok[stats.Kendall](t)(stats.MannKendall(many[:n])); k.Exact != exact {
			t.Errorf("%d values: exact is %v", n, k.Exact)
		}
	}
	one := ok[stats.Kendall](t)(stats.SeasonalKendall([][]float64{{1, 2, 3, 4}, {}, {7}}))
	if alone := ok[stats.Kendall](t)(stats.MannKendall([]float64{1, 2, 3, 4})); one.S != alone.S || one.Z != alone.Z {
		t.Errorf("seasons of one value or none count: %+v, want %+v", one, alone)
	}
	flat := ok[stats.Estimate](t)(stats.TheilSen(yearly(3, 3, 3, 3, 3, 3), stats.Level95))
	if flat.Value != 0 || flat.Interval != (stats.Interval{}) {
		t.Errorf("equal values have the slope %v", flat)
	}
	short, err := stats.TheilSen(yearly(1, 2, 4), stats.Level95)
	if short.Value != 1.5 || short.Defined() || !errors.Is(err, stats.ErrNotCalculable) {
		t.Errorf("three points: %v, %v; want a slope without limits", short, err)
	}
	nan := math.NaN()
	for name, c := range map[string]struct{ err, want error }{
		"one value":       {second(stats.MannKendall([]float64{1})), stats.ErrNotCalculable},
		"NaN":             {second(stats.MannKendall([]float64{1, nan})), stats.ErrInput},
		"no seasons":      {second(stats.SeasonalKendall(nil)), stats.ErrNotCalculable},
		"seasonal NaN":    {second(stats.SeasonalKendall([][]float64{{nan}})), stats.ErrInput},
		"no slope":        {second(stats.TheilSen([]stats.Point{{T: 1, Y: 1}, {T: 1, Y: 2}}, stats.Level95)), stats.ErrNotCalculable},
		"slope of NaN":    {second(stats.TheilSen(yearly(1, nan), stats.Level95)), stats.ErrInput},
		"slope, level 95": {second(stats.TheilSen(yearly(1, 2), 95)), stats.ErrInput},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestKendallInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.IntRange(-20, 20), 2, 25).Draw(t, "xs")
		var plain, risen, turned []float64
		for i, x := range xs {
			plain = append(plain, float64(x))
			risen = append(risen, math.Exp(float64(x)/7))
			turned = append(turned, float64(xs[len(xs)-1-i]))
		}
		a, b, c := must(stats.MannKendall(plain)), must(stats.MannKendall(risen)), must(stats.MannKendall(turned))
		if a != b {
			t.Fatalf("%+v, after a monotone transformation %+v", a, b)
		}
		if a.S != -c.S || a.P != c.P || !(a.P >= 0 && a.P <= 1) {
			t.Fatalf("%+v, backwards %+v", a, c)
		}
		if s := must(stats.SeasonalKendall([][]float64{plain, turned})); s.S != 0 || s.P != 1 {
			t.Fatalf("opposite seasons: %+v", s)
		}
	})
}

func TestTheilSenEquivariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ys := rapid.SliceOfN(rapid.IntRange(-100, 100), 6, 30).Draw(t, "ys")
		tilt, scale := float64(rapid.IntRange(-8, 8).Draw(t, "tilt")), float64(rapid.IntRange(1, 8).Draw(t, "scale"))
		var plain, tilted, scaled []stats.Point
		for i, y := range ys {
			at, y := float64(i*i), float64(y)
			plain = append(plain, stats.Point{T: at, Y: y})
			tilted = append(tilted, stats.Point{T: at, Y: y + tilt*at + 17})
			scaled = append(scaled, stats.Point{T: at * 4, Y: -scale * y})
		}
		close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }
		a, b := must(stats.TheilSen(plain, stats.Level95)), must(stats.TheilSen(scaled, stats.Level95))
		if !a.Contains(a.Value) || !close(b.Value, -scale/4*a.Value) || !close(b.Lower, -scale/4*a.Upper) {
			t.Fatalf("%v, scaled by %v: %v", a, -scale/4, b)
		}
		if wide, err := stats.TheilSen(plain, stats.Level998); err == nil && (wide.Lower > a.Lower || wide.Upper < a.Upper) {
			t.Fatalf("95 %%: %v, 99.8 %%: %v", a, wide)
		}
		if c := must(stats.TheilSen(tilted, stats.Level95)); !close(c.Value, a.Value+tilt) {
			t.Fatalf("%v, tilted by %v: %v", a, tilt, c)
		}
		if d := must(stats.TheilSen(rapid.Permutation(plain).Draw(t, "order"), stats.Level95)); d.Value != a.Value || d.Interval != a.Interval {
			t.Fatalf("%v, in another order %v", a, d)
		}
	})
}

func TestTrendCoverage(t *testing.T) {
	const runs = 3000
	noise := func(r *rand.Rand, n int, tilt float64) (points []stats.Point, ys []float64) {
		for i := range n {
			y := tilt*float64(i) + r.NormFloat64()
			points, ys = append(points, stats.Point{T: float64(i), Y: y}), append(ys, y)
		}
		return points, ys
	}
	if got := cover(runs, 0.3, func(r *rand.Rand) stats.Interval {
		points, _ := noise(r, 15, 0.3)
		return must(stats.TheilSen(points, stats.Level95)).Interval
	}); got < 0.94 || got > 0.97 {
		t.Errorf("Theil–Sen covers %.4f", got)
	}
	for n, top := range map[int]float64{9: 0.05, 24: 0.06} {
		if got := 1 - cover(runs, 0, func(r *rand.Rand) stats.Interval {
			_, ys := noise(r, n, 0)
			return stats.Interval{Lower: -1, Upper: must(stats.MannKendall(ys)).P - 0.05}
		}); got > top || got < 0.03 {
			t.Errorf("%d values without trend: p < 5 %% in %.4f of runs", n, got)
		}
	}
}
