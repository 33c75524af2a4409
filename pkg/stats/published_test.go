package stats_test

import (
	"errors"
	"math"
	"testing"

	"vointi.fi/pkg/stats"
)

// Examples from textbooks and papers beside those of the domain, at the digits that they print.

// TestNewcombesSingleProportions: Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
func TestNewcombesSingleProportions(t *testing.T) {
	for _, c := range [][4]float64{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		nearInterval(t, ok[stats.Interval](t)(stats.Wilson(c[0], c[1], stats.Level95)), c[2], c[3], 4)
	}
}

// TestGarwoodsTable: exact limits of Poisson counts, Garwood 1936 and Pearson & Hartley 1966, table 40. Byar's, from ten on, are
// never farther from exact ones than a fiftieth.
func TestGarwoodsTable(t *testing.T) {
	for o, limits := range [][2]float64{
		{0, 3.689}, {0.0253, 5.572}, {0.242, 7.225}, {0.619, 8.767}, {1.09, 10.242}, {1.62, 11.668}, {2.20, 13.059}, {2.81, 14.423}, {3.45, 15.763}, {4.12, 17.085},
	} {
		i := ok[stats.Interval](t)(stats.Count(float64(o), stats.Level95))
		if math.Abs(i.Lower-limits[0]) > 0.006 || math.Abs(i.Upper-limits[1]) > 0.0006 {
			t.Errorf("%v: %v, want %v", o, i, limits)
		}
	}
	for o, limits := range map[float64][2]float64{10: {4.795, 18.390}, 20: {12.217, 30.888}, 50: {37.111, 65.919}, 100: {81.364, 121.627}} {
		i := ok[stats.Interval](t)(stats.Count(o, stats.Level95))
		if math.Abs(i.Lower-limits[0]) > 0.02 || math.Abs(i.Upper-limits[1]) > 0.02 {
			t.Errorf("%v: %v, exact %v", o, i, limits)
		}
	}
}

// TestAspirin: heart attacks in the Physicians' Health Study, Agresti 2002, section 3.1.
func TestAspirin(t *testing.T) {
	e := ok[stats.Estimate](t)(stats.RiskRatio(189, 11034, 104, 11037, stats.Level95))
	near(t, "ratio", e.Value, 1.82, 2)
	nearInterval(t, e.Interval, 1.433, 2.306, 3)
}

// TestFluoroscopy: breast cancer by woman-years after x-rays of tuberculosis, Rothman 1986, pp. 155–156.
func TestFluoroscopy(t *testing.T) {
	c := ok[stats.Contrast](t)(stats.RateRatio(stats.Events{Count: 41, Squares: 41, Exposure: 28010}, stats.Events{Count: 15, Squares: 15, Exposure: 19017}, stats.Level95))
	near(t, "ratio", c.Value, 1.86, 2)
	nearInterval(t, c.Interval, 1.03, 3.35, 2)
}

// TestSleep: hours gained by ten patients, Student 1908, as R's t.test prints them.
func TestSleep(t *testing.T) {
	m := ok[stats.MeanEstimate](t)(stats.Mean([]float64{-1.2, -2.4, -1.3, -1.3, 0, -1, -1.8, -0.8, -4.6, -1.4}, stats.Level95))
	near(t, "mean", m.Value, -1.58, 7)
	nearInterval(t, m.Interval, -2.4598858, -0.7001142, 7)
}

// TestClustersOfStudents: grades in five of a hundred suites of four, Lohr 1999, example 5.2: a mean of 2.826, SE 0.164.
func TestClustersOfStudents(t *testing.T) {
	var units []stats.Unit
	for suite, grades := range [][]float64{
		{3.08, 2.60, 3.44, 3.04}, {2.36, 3.04, 3.28, 2.68}, {2.00, 2.56, 2.52, 1.88}, {3.00, 2.88, 3.44, 3.64}, {2.68, 1.92, 3.28, 3.20},
	} {
		for _, y := range grades {
			units = append(units, stats.Unit{Y: y, Weight: 20, Stratum: 1, Cluster: suite + 1})
		}
	}
	e := ok[stats.SurveyEstimate](t)(stats.SurveyMean(stats.Survey{Units: units, Fractions: map[int]float64{1: 0.05}}, stats.Level95))
	near(t, "mean", e.Value, 2.826, 3)
	near(t, "SE", e.SE, 0.164, 3)
	near(t, "degrees of freedom", e.DF, 4, 0)
}

// TestKendallsTable: one-sided probabilities of S, Kendall 1975, appendix table 1.
func TestKendallsTable(t *testing.T) {
	for _, c := range []struct {
		n int
		s float64
		p float64
	}{
		{4, 6, 0.042},
		{4, 4, 0.167},
		{4, 2, 0.375},
		{5, 10, 0.0083},
		{5, 8, 0.042},
		{6, 13, 0.0083},
		{6, 11, 0.028},
		{6, 9, 0.068},
		{7, 15, 0.015},
		{7, 13, 0.035},
		{8, 16, 0.031},
		{8, 18, 0.016},
		{9, 12, 0.130},
		{9, 18, 0.038},
		{10, 21, 0.036},
		{10, 23, 0.023},
	} {
		k := ok[stats.Kendall](t)(stats.MannKendall(withScore(c.n, int(c.s))))
		if k.S != c.s || !k.Exact || math.Abs(k.P/2-c.p) > 0.0006 {
			t.Errorf("n %d, S %v: %+v, want one-sided %v", c.n, c.s, k, c.p)
		}
	}
}

// withScore is n different values whose rising pairs less falling ones are s: each goes past as many before it as pairs are left to fall.
func withScore(n, s int) (xs []float64) {
	falling := (n*(n-1)/2 - s) / 2
	for i := range n {
		past := min(falling, i)
		falling -= past
		at := i - past
		xs = append(xs[:at:at], append([]float64{float64(i)}, xs[at:]...)...)
	}
	return xs
}

// TestNothingVaries: where a formula finds no spread, or is given none that is finite, there are no limits.
func TestNothingVaries(t *testing.T) {
	if e, err := stats.RiskRatio(10, 10, 10, 10, stats.Level95); !errors.Is(err, stats.ErrNotCalculable) || e.Value != 1 || e.Defined() {
		t.Errorf("all of both groups: %+v %v", e, err)
	}
	endless := []stats.Band{{Count: 15, Squares: math.Inf(1), Population: 10, Weight: 1}}
	if e, err := stats.DSRNonIndependent(endless, 1000, stats.Level95); !errors.Is(err, stats.ErrInput) || e.Defined() {
		t.Errorf("an infinite sum of squares: %+v %v", e, err)
	}
}
