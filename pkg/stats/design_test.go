package stats_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
	"vointi.fi/pkg/stats"
)

// A stratum that was asked whole adds nothing to the variance, even with one unit; one of several units that was not does
// not let a variance be had.
func TestWhollySampledStrata(t *testing.T) {
	s := stats.Survey{Units: []stats.Unit{
		{Y: 1, Weight: 2, Stratum: 1}, {Y: 0, Weight: 2, Stratum: 1}, {Y: 1, Weight: 2, Stratum: 1}, {Y: 1, Weight: 1, Stratum: 2},
	}}
	if e, err := stats.SurveyMean(s, stats.Level95); !errors.Is(err, stats.ErrNotCalculable) || !math.IsNaN(e.SE) {
		t.Errorf("a lonely unit: %+v, %v", e, err)
	}
	s.Fractions = map[int]float64{2: 1}
	e := ok[stats.SurveyEstimate](t)(stats.SurveyMean(s, stats.Level95))
	// e = w(y − p)/Σw with p = 5/7 gives 2/7·(2, −5, 2)/7 around their mean −1/3·2/49
	near(t, "SE", e.SE, math.Sqrt(1.5*(2*math.Pow(4+2.0/3, 2)+math.Pow(-10+2.0/3, 2)))/49, 12)
	near(t, "df", e.DF, 2, 0)
	for _, f := range []float64{-0.1, 1.1, math.NaN()} {
		s.Fractions[1] = f
		if e, err := stats.SurveyProportion(s, stats.Level95); !errors.Is(err, stats.ErrInput) {
			t.Errorf("fraction %v: %+v, %v", f, e, err)
		}
	}
}

// The correction for a finite population shrinks the variance by 1 − f, and nothing else.
func TestFinitePopulation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s stats.Survey
		for i := range rapid.IntRange(3, 30).Draw(t, "n") {
			s.Units = append(s.Units, stats.Unit{Y: float64(i % 3), Weight: 1 + float64(i%4)})
		}
		f := rapid.Float64Range(0, 0.99).Draw(t, "f")
		whole := must(stats.SurveyMean(s, stats.Level95))
		s.Fractions = map[int]float64{0: f}
		part := must(stats.SurveyMean(s, stats.Level95))
		if part.Value != whole.Value || math.Abs(part.SE-whole.SE*math.Sqrt(1-f)) > 1e-12 {
			t.Fatalf("f = %v: %+v, without it %+v", f, part, whole)
		}
	})
}

// With the variances of simple random samples the design-based proportion is the plain one.
func TestASPSurveyReducesToASP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bands []stats.Band
		var shares []stats.ShareBand
		for range rapid.IntRange(1, 6).Draw(t, "bands") {
			n := float64(rapid.IntRange(1, 500).Draw(t, "n"))
			p := float64(rapid.IntRange(0, int(n)).Draw(t, "x")) / n
			w := rapid.Float64Range(0.5, 10).Draw(t, "w")
			bands = append(bands, stats.Band{Count: p * n, Population: n, Weight: w})
			shares = append(shares, stats.ShareBand{Share: p, Variance: p * (1 - p) / n, EffectiveN: n, Weight: w})
		}
		level := levels.Draw(t, "level")
		a, b := must(stats.ASP(bands, level)), must(stats.ASPSurvey(shares, level))
		close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }
		if !close(a.Value, b.Value) || !close(a.Lower, b.Lower) || !close(a.Upper, b.Upper) || !a.Contains(a.Value) {
			t.Fatalf("%+v, with design variances %+v", a, b)
		}
		for i := range shares {
			shares[i].Variance *= 2
			shares[i].EffectiveN /= 2
		}
		if c := must(stats.ASPSurvey(shares, level)); c.Lower > b.Lower+1e-12 || c.Upper < b.Upper-1e-12 {
			t.Fatalf("twice the variance narrows %+v to %+v", b, c)
		}
	})
}

func TestStandardisedEdges(t *testing.T) {
	nan, l := math.NaN(), stats.Level95
	band := stats.ShareBand{Share: 0.4, Variance: 0.01, EffectiveN: 24, Weight: 1}
	alone := ok[stats.StandardisedProportion](t)(stats.ASPSurvey([]stats.ShareBand{band}, l))
	for _, unweighted := range []stats.ShareBand{{}, {Share: nan, Variance: nan}} {
		got := ok[stats.StandardisedProportion](t)(stats.ASPSurvey([]stats.ShareBand{unweighted, band}, l))
		if got != alone {
			t.Errorf("a band without weight turns %+v into %+v", alone, got)
		}
	}
	plain := []stats.Band{{Count: 4, Population: 10, Weight: 1}, {}}
	if got := ok[stats.StandardisedProportion](t)(stats.ASP(plain, l)); got.Interval != ok[stats.Interval](t)(stats.Wilson(4, 10, l)) {
		t.Errorf("an empty band without weight counts: %+v", got)
	}
	for name, c := range map[string]struct {
		bands []stats.ShareBand
		want  error
	}{
		"no bands":          {nil, stats.ErrInput},
		"no weight":         {[]stats.ShareBand{{Share: 0.4, EffectiveN: 3}}, stats.ErrInput},
		"share above 1":     {[]stats.ShareBand{{Share: 1.4, EffectiveN: 3, Weight: 1}}, stats.ErrInput},
		"negative variance": {[]stats.ShareBand{{Share: 0.4, Variance: -1, EffectiveN: 3, Weight: 1}}, stats.ErrInput},
		"missing band":      {[]stats.ShareBand{band, {Weight: 1}}, stats.ErrNotCalculable},
		"no variance":       {[]stats.ShareBand{band, {Share: 0.1, Variance: nan, EffectiveN: 3, Weight: 1}}, stats.ErrNotCalculable},
	} {
		if got, err := stats.ASPSurvey(c.bands, l); !errors.Is(err, c.want) || got.Defined() {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, c.want)
		}
	}
}

// More of the same narrows every interval: ten times the sample, about √10 narrower.
func TestPrecisionGrowsWithSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := levels.Draw(t, "level")
		n := float64(rapid.IntRange(20, 5000).Draw(t, "n"))
		x := float64(rapid.IntRange(10, int(n)-10).Draw(t, "x"))
		width := func(i stats.Interval) float64 { return i.Upper - i.Lower }
		a, b := must(stats.Wilson(x, n, level)), must(stats.Wilson(10*x, 10*n, level))
		if width(b) >= width(a) {
			t.Fatalf("share: %v, of ten times as many %v", a, b)
		}
		c, d := must(stats.Rate(x, n, 1, level)), must(stats.Rate(10*x, 10*n, 1, level))
		if width(d.Interval) >= width(c.Interval) {
			t.Fatalf("rate: %v, of ten times as many %v", c, d)
		}
		bands := func(times float64) []stats.Band {
			return []stats.Band{{Count: times * x, Population: times * n, Weight: 1}, {Count: times * 5, Population: times * 50, Weight: 2}}
		}
		e, f := must(stats.DSR(bands(1), 1, level)), must(stats.DSR(bands(10), 1, level))
		g, h := must(stats.ASP(bands(1), level)), must(stats.ASP(bands(10), level))
		if width(f.Interval) >= width(e.Interval) || width(h.Interval) >= width(g.Interval) {
			t.Fatalf("standardised: %v and %v, of ten times as many %v and %v", e, g, f, h)
		}
		r, q := must(stats.RiskRatio(x, n, x, n, level)), must(stats.RiskRatio(10*x, 10*n, 10*x, 10*n, level))
		if width(q.Interval) >= width(r.Interval) {
			t.Fatalf("ratio: %v, of ten times as many %v", r, q)
		}
	})
}
