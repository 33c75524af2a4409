package stats_test

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"vointi.fi/pkg/stats"
)

func TestConstantsAreQuantiles(t *testing.T) {
	for _, level := range []stats.Level{stats.Level95, stats.Level998} {
		want := distuv.UnitNormal.Quantile((1 + float64(level)) / 2)
		if math.Abs(level.Z()-want) > 1e-14 {
			t.Errorf("z at %v = %.17g, want %.17g", level, level.Z(), want)
		}
	}
	near(t, "z at 90 %", stats.Level(0.9).Z(), 1.644853626951, 11)
}

// The exact limits of a whole count solve P(X ≥ O | lower) = P(X ≤ O | upper) = α/2.
func TestExactCountsSolvePoisson(t *testing.T) {
	atMost := func(o int, mean float64) float64 {
		p, term := 0.0, math.Exp(-mean)
		for k := 0; k <= o; k++ {
			p += term
			term *= mean / float64(k+1)
		}
		return p
	}
	for _, level := range []stats.Level{stats.Level95, stats.Level998, 0.9} {
		tail := (1 - float64(level)) / 2
		for o := range 10 {
			i := ok[stats.Interval](t)(stats.Count(float64(o), level))
			near(t, "upper tail", atMost(o, i.Upper), tail, 9)
			if o > 0 {
				near(t, "lower tail", 1-atMost(o-1, i.Lower), tail, 9)
			}
		}
	}
}

func TestEdges(t *testing.T) {
	i := ok[stats.Interval](t)(stats.Wilson(0, 1, stats.Level95))
	near(t, "0 of 1 upper", i.Upper, 0.793451, 6)
	if i.Lower != 0 {
		t.Errorf("0 of 1: lower limit %v, want exactly 0", i.Lower)
	}
	i = ok[stats.Interval](t)(stats.Wilson(1, 1, stats.Level95))
	if near(t, "1 of 1 lower", i.Lower, 0.206549, 6); i.Upper != 1 {
		t.Errorf("1 of 1: upper limit %v, want exactly 1", i.Upper)
	}
	if i := ok[stats.Interval](t)(stats.CountNonIndependent(0, 0, stats.Level95)); i != ok[stats.Interval](t)(stats.Count(0, stats.Level95)) {
		t.Errorf("no events: %v", i)
	}
	// One person, ten visits: the lower limit would be negative.
	if i := ok[stats.Interval](t)(stats.CountNonIndependent(10, 100, stats.Level95)); i.Lower != 0 {
		t.Errorf("one person's ten visits: lower limit %v, want 0", i.Lower)
	}
	m := ok[stats.MeanEstimate](t)(stats.Mean([]float64{3, 3, 3}, stats.Level95))
	if m.Interval != (stats.Interval{Lower: 3, Upper: 3}) {
		t.Errorf("equal values: %v", m.Interval)
	}
	asp := ok[stats.StandardisedProportion](t)(stats.ASP([]stats.Band{{Population: 100, Weight: 1}, {Population: 100, Weight: 1}}, stats.Level95))
	if asp.EffectiveN != 200 || asp.Interval != ok[stats.Interval](t)(stats.Wilson(0, 200, stats.Level95)) {
		t.Errorf("no cases in equal bands: n_eff %v, limits %v, want those of 0 of 200", asp.EffectiveN, asp.Interval)
	}
}

// What is impossible is ErrInput; what is only too little is ErrNotCalculable. Neither yields limits.
func TestErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	interval := func(i stats.Interval, err error) (stats.Interval, error) { return i, err }
	estimate := func(e stats.Estimate, err error) (stats.Interval, error) { return e.Interval, err }
	mean := func(e stats.MeanEstimate, err error) (stats.Interval, error) { return e.Interval, err }
	survey := func(e stats.SurveyEstimate, err error) (stats.Interval, error) { return e.Interval, err }
	asp := func(e stats.StandardisedProportion, err error) (stats.Interval, error) { return e.Interval, err }
	type result func() (stats.Interval, error)
	of := func(i stats.Interval, err error) result { return func() (stats.Interval, error) { return i, err } }
	l := stats.Level95
	for _, c := range []struct {
		name string
		got  result
		want error
	}{
		{"Wilson more than all", of(interval(stats.Wilson(2, 1, l))), stats.ErrInput},
		{"Wilson negative", of(interval(stats.Wilson(-1, 1, l))), stats.ErrInput},
		{"Wilson NaN", of(interval(stats.Wilson(nan, 1, l))), stats.ErrInput},
		{"Wilson level 95", of(interval(stats.Wilson(1, 2, 95))), stats.ErrInput},
		{"Wilson level NaN", of(interval(stats.Wilson(1, 2, stats.Level(nan)))), stats.ErrInput},
		{"Wilson empty", of(interval(stats.Wilson(0, 0, l))), stats.ErrNotCalculable},
		{"effective share 1.1", of(interval(stats.WilsonEffective(1.1, 5, l))), stats.ErrInput},
		{"Count negative", of(interval(stats.Count(-1, l))), stats.ErrInput},
		{"Count infinite", of(interval(stats.Count(inf, l))), stats.ErrInput},
		{"NI squares below count", of(interval(stats.CountNonIndependent(3, 2, l))), stats.ErrInput},
		{"Rate without population", of(estimate(stats.Rate(3, 0, 1000, l))), stats.ErrNotCalculable},
		{"Rate per 0", of(estimate(stats.Rate(3, 5, 0, l))), stats.ErrInput},
		{"Mean of none", of(mean(stats.Mean(nil, l))), stats.ErrNotCalculable},
		{"Mean of one", of(mean(stats.Mean([]float64{1}, l))), stats.ErrNotCalculable},
		{"Mean of NaN", of(mean(stats.Mean([]float64{1, nan}, l))), stats.ErrInput},
		{"Mean of impossible sums", of(mean(stats.MeanFromSums(stats.MeanSums{N: 2, X: 10, XX: 1}, l))), stats.ErrInput},
		{"Ratio of none", of(estimate(stats.Ratio(nil, nil, l))), stats.ErrNotCalculable},
		{"Ratio of one", of(estimate(stats.Ratio([]float64{1}, []float64{2}, l))), stats.ErrNotCalculable},
		{"Ratio of unequal", of(estimate(stats.Ratio([]float64{1}, nil, l))), stats.ErrInput},
		{"Ratio of nothing by nothing", of(estimate(stats.Ratio([]float64{1, 1}, []float64{0, 0}, l))), stats.ErrNotCalculable},
		{"Ratio of overflown sums", of(estimate(stats.RatioFromSums(stats.RatioSums{N: 2, C: 10, V: 2, CC: -4, VV: 2}, l))), stats.ErrInput},
		{"DSR of nine", of(estimate(stats.DSR([]stats.Band{{Count: 9, Population: 100, Weight: 1}}, 1, l))), stats.ErrNotCalculable},
		{"DSR empty band", of(estimate(stats.DSR([]stats.Band{{Count: 20, Population: 100, Weight: 1}, {Weight: 1}}, 1, l))), stats.ErrNotCalculable},
		{"DSR no weight", of(estimate(stats.DSR([]stats.Band{{Count: 20, Population: 100}}, 1, l))), stats.ErrInput},
		{"DSR-NI without squares", of(estimate(stats.DSRNonIndependent([]stats.Band{{Count: 20, Population: 100, Weight: 1}}, 1, l))), stats.ErrInput},
		{"ASP more than all", of(asp(stats.ASP([]stats.Band{{Count: 20, Population: 10, Weight: 1}}, l))), stats.ErrInput},
		{"ASP empty band", of(asp(stats.ASP([]stats.Band{{Weight: 1}}, l))), stats.ErrNotCalculable},
		{"RR without comparison cases", of(estimate(stats.RiskRatio(1, 2, 0, 2, l))), stats.ErrNotCalculable},
		{"RR without cases", of(estimate(stats.RiskRatio(0, 2, 1, 2, l))), stats.ErrNotCalculable},
		{"RR more than all", of(estimate(stats.RiskRatio(3, 2, 1, 2, l))), stats.ErrInput},
		{"Difference empty", of(estimate(stats.Difference(1, 2, 0, 0, l))), stats.ErrNotCalculable},
		{"survey answer 2", of(survey(stats.SurveyProportion(stats.Survey{Units: []stats.Unit{{Y: 2, Weight: 1}}}, l))), stats.ErrInput},
		{"survey negative weight", of(survey(stats.SurveyMean(stats.Survey{Units: []stats.Unit{{Y: 2, Weight: -1}}}, l))), stats.ErrInput},
		{"survey of none", of(survey(stats.SurveyProportion(stats.Survey{}, l))), stats.ErrNotCalculable},
		{"survey mean of one", of(survey(stats.SurveyMean(stats.Survey{Units: []stats.Unit{{Y: 2, Weight: 1}}}, l))), stats.ErrNotCalculable},
		{"survey domain empty", of(survey(stats.SurveyMean(stats.Survey{Units: []stats.Unit{{Y: 2, Weight: 1, Out: true}}}, l))), stats.ErrNotCalculable},
	} {
		i, err := c.got()
		if !errors.Is(err, c.want) || i.Defined() {
			t.Errorf("%s: %v, %v; want undefined limits and %v", c.name, i, err, c.want)
		}
	}
}

// An estimate survives where only its limits do not exist.
func TestValueWithoutInterval(t *testing.T) {
	r, err := stats.RatioFromSums(stats.RatioSums{N: 1, C: 33000, V: 5, CC: 33000 * 33000, VV: 25, CV: 165000}, stats.Level95)
	if r.Value != 6600 || !errors.Is(err, stats.ErrNotCalculable) {
		t.Errorf("one session: %v, %v; want 6600 without limits", r, err)
	}
	m, err := stats.Mean([]float64{4.5}, stats.Level95)
	if m.Value != 4.5 || !errors.Is(err, stats.ErrNotCalculable) {
		t.Errorf("one answer: %v, %v; want 4.5 without limits", m, err)
	}
}

func TestSurveyFallsBackToKish(t *testing.T) {
	all := func(y float64) stats.Survey {
		return stats.Survey{Units: []stats.Unit{{Y: y, Weight: 2}, {Y: y, Weight: 1}, {Y: y, Weight: 1}}}
	}
	for _, y := range []float64{0, 1} {
		e := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(all(y), stats.Level95))
		want := ok[stats.Interval](t)(stats.WilsonEffective(y, 16.0/6, stats.Level95))
		if !e.Fallback || e.Interval != want || e.Value != y {
			t.Errorf("all answered %v: %+v, want the limits %v", y, e, want)
		}
	}
	lonely := stats.Survey{Units: []stats.Unit{{Y: 1, Weight: 1, Stratum: 1}, {Y: 0, Weight: 1, Stratum: 2}, {Y: 0, Weight: 1, Stratum: 2}}}
	e := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(lonely, stats.Level95))
	if !e.Fallback || !math.IsNaN(e.SE) {
		t.Errorf("a stratum of one unit: %+v, want the fallback and no standard error", e)
	}
}

// A domain keeps the whole sample: its variance holds the randomness of its size, and strata it misses add nothing.
func TestSurveyDomain(t *testing.T) {
	var whole, cut stats.Survey
	for i := range 40 {
		u := stats.Unit{Y: float64(i % 2), Weight: 1 + float64(i%3), Stratum: i / 20, Out: i%4 == 3}
		whole.Units = append(whole.Units, u)
		if !u.Out {
			cut.Units = append(cut.Units, u)
		}
	}
	a := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(whole, stats.Level95))
	b := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(cut, stats.Level95))
	if a.Value != b.Value || a.N != 30 || a.DF != b.DF {
		t.Errorf("domain %+v against the cut sample %+v: want one share, n 30, one df", a, b)
	}
	if a.SE == b.SE {
		t.Error("the domain's standard error ignores the rest of the sample")
	}
	for i := range whole.Units {
		whole.Units[i].Out = i >= 20
	}
	half := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(whole, stats.Level95))
	alone := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(stats.Survey{Units: whole.Units[:20]}, stats.Level95))
	if half != alone {
		t.Errorf("a domain that is one stratum: %+v, want %+v", half, alone)
	}
}

func TestSurveyClusters(t *testing.T) {
	// Two equal answers in each household are worth one.
	var doubled, single stats.Survey
	for i := range 12 {
		y := float64(i % 3 % 2)
		single.Units = append(single.Units, stats.Unit{Y: y, Weight: 2})
		doubled.Units = append(doubled.Units, stats.Unit{Y: y, Weight: 1, Cluster: i + 1}, stats.Unit{Y: y, Weight: 1, Cluster: i + 1})
	}
	a := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(doubled, stats.Level95))
	b := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(single, stats.Level95))
	near(t, "SE", a.SE, b.SE, 14)
	near(t, "df", a.DF, b.DF, 0)
}

func TestIntervalOperations(t *testing.T) {
	i := stats.Interval{Lower: 2, Upper: 4}
	if got := i.Scale(-1); got != (stats.Interval{Lower: -4, Upper: -2}) {
		t.Errorf("mirrored: %v", got)
	}
	if got := i.Over(8); got != (stats.Interval{Lower: 2, Upper: 4}) {
		t.Errorf("8 over it: %v", got)
	}
	if got := (stats.Interval{Lower: 0, Upper: 4}).Over(8); got.Lower != 2 || !math.IsInf(got.Upper, 1) {
		t.Errorf("8 over an interval from 0: %v", got)
	}
	for _, bad := range []stats.Interval{(stats.Interval{Lower: -1, Upper: 4}).Over(8), i.Over(-1), stats.Undefined.Over(1), stats.Undefined.Scale(2)} {
		if bad.Defined() {
			t.Errorf("%v is defined", bad)
		}
	}
	if !i.Contains(2) || !i.Contains(4) || i.Contains(1.9) || stats.Undefined.Contains(0) {
		t.Error("Contains is wrong about the ends")
	}
	if stats.KishSize(nil) != 0 || stats.KishSize([]float64{3, 3}) != 2 {
		t.Error("Kish's size of nothing is 0, of equal weights their number")
	}
}
