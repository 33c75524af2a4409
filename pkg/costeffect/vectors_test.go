package costeffect_test

import (
	"errors"
	"math"
	"testing"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/stats"
)

// The numbers are published, or were recomputed with independent software; see the domain's T19 … T27.

// near fails unless got rounds to want at the digits that want was printed with.
func near(t *testing.T, what string, got, want float64, digits int) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > 0.5000001*math.Pow10(-digits) {
		t.Errorf("%s = %.12g, want %.*f", what, got, digits, want)
	}
}

func ok[T any](t interface {
	Helper()
	Fatal(...any)
},
) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func of(value float64) stats.Estimate { return stats.Estimate{Value: value, Interval: stats.Undefined} }

func withError(value, se float64) stats.Estimate { return stats.Estimate{Value: value, SE: se} }

func TestT19CostsOfASession(t *testing.T) {
	per := func(cost, units float64) float64 {
		return ok[stats.Estimate](t)(costeffect.PerUnit(cost, of(units))).Value
	}
	for visits, want := range map[float64][2]float64{8: {41.25, 13.75}, 6: {55, 18.33}, 5: {66, 22}, 4: {82.5, 27.5}, 1: {330, 110}} {
		near(t, "cost per visit", per(330, visits), want[0], 2)
		near(t, "cost per participant-hour", per(330, 3*visits), want[1], 2)
	}
	near(t, "a year with breaks", per(44*330, 229), 63.41, 2)

	cost := ok[costeffect.Input](t)(costeffect.Ranged("session cost", 330*0.8, 330, 330*1.2))
	visits := ok[costeffect.Input](t)(costeffect.Ranged("visits", 4, 5.2, 8))
	model := func(x []float64) float64 { return x[0] / x[1] }
	bars := ok[[]costeffect.Bar](t)(costeffect.Tornado([]costeffect.Input{cost, visits}, model))
	if bars[0].Name != "visits" {
		t.Errorf("the widest bar is of %s", bars[0].Name)
	}
	near(t, "at 4 visits", bars[0].AtLow, 82.50, 2)
	near(t, "at 8 visits", bars[0].AtHigh, 41.25, 2)
	near(t, "cost −20 %", bars[1].AtLow, 50.77, 2)
	near(t, "cost +20 %", bars[1].AtHigh, 76.15, 2)
	s := ok[costeffect.Scenarios](t)(costeffect.Scenario([]costeffect.Input{cost, visits}, model))
	near(t, "base", s.Base, 63.46, 2)
	near(t, "low", s.Low, 330*0.8/8, 9)
	near(t, "high", s.High, 330*1.2/4, 9)
}

func TestT20CostsOfAProject(t *testing.T) {
	for rate, want := range map[float64]float64{0.03: 249_840.77, 0.035: 249_246.21} {
		near(t, "present value", ok[float64](t)(costeffect.Rate(rate).PresentValue([]float64{253_533. / 2, 253_533. / 2})), want, 2)
	}
	share := ok[stats.Estimate](t)(stats.Proportion(120, 500, stats.Level95))
	e := ok[stats.Estimate](t)(costeffect.PerUnit(253_533, share.Scale(500)))
	near(t, "per newly active", e.Value, 2112.78, 2) // the limits were printed from rounded shares
	if math.Abs(e.Lower-1815.31) > 0.05 || math.Abs(e.Upper-2477.87) > 0.05 {
		t.Errorf("limits %v, want 1815.31 to 2477.87", e.Interval)
	}
}

// sampled is the effect of four estimates, by the standard errors that they have.
func sampled(t testing.TB, pilotBefore, comparisonBefore, pilotAfter, comparisonAfter stats.Estimate) costeffect.Effect {
	t.Helper()
	cell := func(area string, period int, e stats.Estimate) costeffect.Cell {
		return costeffect.Cell{Area: area, Period: period, Value: e.Value, SE: e.SE, Weight: 1}
	}
	p := ok[*costeffect.Panel](t)(costeffect.NewPanel([]costeffect.Cell{
		cell("P", 0, pilotBefore), cell("C", 0, comparisonBefore), cell("P", 1, pilotAfter), cell("C", 1, comparisonAfter),
	}, []string{"P"}, 1))
	return ok[costeffect.Effect](t)(p.Sampling(stats.Level95))
}

func TestT21MeansOfFourSamples(t *testing.T) {
	e := sampled(t, withError(20.44, 0.51), withError(23.33, 1.35), withError(21.03, 0.52), withError(21.17, 0.94))
	near(t, "effect", e.Value, 2.75, 2)
	changes := sampled(t, withError(0, 0.54), withError(0, 1.25), withError(0.59, 0), withError(-2.16, 0))
	near(t, "standard error", changes.SE, 1.36, 2)
}

func TestT23ServiceNeedAndWhatItSaves(t *testing.T) {
	effect := func(dispersion float64) costeffect.Effect {
		rate := func(contacts float64) stats.Estimate {
			return withError(contacts/1000, math.Sqrt(dispersion*contacts)/1000)
		}
		return sampled(t, rate(2400), rate(2500), rate(2100), rate(2450))
	}
	e := effect(1)
	near(t, "effect", e.Value, -0.25, 9)
	near(t, "standard error", e.SE, 0.097211, 6)
	near(t, "lower", e.Lower, -0.440530, 6)
	near(t, "upper", e.Upper, -0.059470, 6)
	saved := e.Avoided(1000, 100)
	near(t, "avoided", saved.Value, 25_000, 6)
	near(t, "avoided, low", saved.Lower, 5947, 0)
	near(t, "avoided, high", saved.Upper, 44_053, 0)
	near(t, "standard error with dispersion 4", effect(4).SE, 2*e.SE, 12)
}

func TestT24RatioOfCostAndEffect(t *testing.T) {
	i := costeffect.Increment{Cost: 1000, CostSE: 324.3, Effect: 0.01, EffectSE: 0.001929, Correlation: -0.7102, DF: 498}
	r := ok[costeffect.ICER](t)(i.Ratio(stats.Level95))
	near(t, "ICER", r.Value, 100_000, 6)
	if r.Region != costeffect.Between || math.Abs(r.Limits.Lower-28_275) > 1 || math.Abs(r.Limits.Upper-245_325) > 1 {
		t.Errorf("Fieller's limits %s %v, want between 28275 and 245325", r.Region, r.Limits)
	}
	near(t, "net benefit", ok[costeffect.Effect](t)(i.NetBenefit(50_000, stats.Level95)).Value, -500, 9)
	for lambda, want := range map[float64]float64{0: 0.00102, 50_000: 0.10486, 100_000: 0.5} {
		near(t, "acceptability", ok[float64](t)(i.Acceptability(lambda)), want, 5)
	}
}

func TestT25Wellbys(t *testing.T) {
	w := costeffect.Wellbeing{Change: of(0.5), Persons: 200, Years: 3}
	near(t, "value", 13_000*ok[stats.Estimate](t)(w.Wellbys()).Value, 3_900_000, 6)
	for _, c := range []struct{ cost, value, want float64 }{
		{14_520, 13_000, 1.116923},
		{14_520, 10_000, 1.452},
		{14_520, 16_000, 0.9075},
		{253_533, 13_000, 19.502538},
		{253_533, 10_000, 25.3533},
		{253_533, 16_000, 15.8458},
	} {
		digits := 6
		if c.value != 13_000 {
			digits = 4
		}
		near(t, "break-even", ok[float64](t)(costeffect.BreakEven(c.cost, c.value)), c.want, digits)
	}
}

func TestT26SocialReturn(t *testing.T) {
	o := costeffect.Outcome{Quantity: 12 * 0.10, Proxy: 13_000, Deadweight: 0.25, Attribution: 0.80, Years: 1}
	r := ok[costeffect.SROI](t)(costeffect.SocialReturn([]costeffect.Outcome{o}, []float64{14_520}, costeffect.Rate(0.03)))
	near(t, "benefits", r.Benefits, 9360, 9)
	near(t, "ratio", r.Ratio, 0.6446, 4)
	o.Years, o.DropOff = 3, 0.5
	r = ok[costeffect.SROI](t)(costeffect.SocialReturn([]costeffect.Outcome{o}, []float64{14_520}, costeffect.Rate(0)))
	near(t, "benefits that halve each year", r.Benefits, 9360*1.75, 9)
}

func TestT27Discounting(t *testing.T) {
	for rate, wants := range map[float64][]float64{
		0.03:  {0.970874, 0.942596, 0.915142, 0.888487, 0.862609},
		0.035: {0.966184, 0.933511, 0.901943, 0.871442, 0.841973},
	} {
		for i, want := range wants {
			near(t, "factor", ok[float64](t)(costeffect.Rate(rate).Factor(i+1)), want, 6)
		}
	}
	flow := []float64{-100, 30, 30, 30, 30, 30}
	near(t, "at 3.5 %", ok[float64](t)(costeffect.Rate(0.035).PresentValue(flow)), 35.451571, 6)
	near(t, "at 3 %", ok[float64](t)(costeffect.Rate(0.03).PresentValue(flow)), 37.391216, 6)
}

func TestImpossibleArgumentsAreRefused(t *testing.T) {
	for name, err := range map[string]error{
		"negative cost":        second(costeffect.PerUnit(-1, of(1))),
		"correlation of 2":     second(costeffect.Increment{Correlation: 2, DF: 1}.Ratio(stats.Level95)),
		"no rate":              second(costeffect.Rate(math.Inf(1)).Factor(1)),
		"rate of −100 %":       second(costeffect.Rate(-1).Factor(1)),
		"year before now":      second(costeffect.Rate(0.03).Factor(-1)),
		"attribution of 2":     second(costeffect.SocialReturn([]costeffect.Outcome{{Attribution: 2, Years: 1}}, []float64{1}, costeffect.Rate(0))),
		"life satisfaction 11": second(costeffect.Wellbeing{Change: of(11)}.Wellbys()),
		"share of none":        second(costeffect.Share("s", 0, 0)),
		"base out of range":    second(costeffect.Ranged("r", 1, 3, 2)),
		"few draws":            second(costeffect.Simulate(nil, func([]float64) float64 { return 0 }, costeffect.Draws{N: 10})),
	} {
		if !errors.Is(err, stats.ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"no units":           second(costeffect.PerUnit(10, of(0))),
		"no inputs":          second(costeffect.SocialReturn(nil, nil, costeffect.Rate(0))),
		"one person":         second(costeffect.SamePersons(costeffect.Moments{N: 1}, costeffect.Moments{N: 9, Variance: 1}, stats.Level95)),
		"no switching value": second(costeffect.Switching([]costeffect.Input{{Name: "x", Base: 1, Low: 1, High: 1}}, func(x []float64) float64 { return x[0] }, "x", 1, 9)),
	} {
		if !errors.Is(err, stats.ErrNotCalculable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
