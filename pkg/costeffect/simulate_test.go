package costeffect_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/stats"
)

// programme is the inputs of a programme that avoids contacts, and its net benefit.
func programme(t interface {
	Helper()
	Fatal(...any)
},
) ([]costeffect.Input, costeffect.Model) {
	t.Helper()
	in := ok[costeffect.Input](t)
	return []costeffect.Input{
			in(costeffect.Normally("effect", -0.25, 0.0972)), in(costeffect.Costing("programme", 14_520, 800)),
			in(costeffect.Ranged("unit cost", 60, 100, 150)), in(costeffect.Share("reached", 240, 300)), in(costeffect.Fixed("residents", 1000)),
		}, func(x []float64) float64 {
			return -x[0]*x[4]*x[2]*x[3] - x[1]
		}
}

func TestSimulationIsReproducibleAndRight(t *testing.T) {
	inputs, net := programme(t)
	d := costeffect.Draws{Seed: 42, N: 40_000}
	r := ok[costeffect.Distribution](t)(costeffect.Simulate(inputs, net, d))
	if again := ok[costeffect.Distribution](t)(costeffect.Simulate(inputs, net, d)); !slices.Equal(r, again) {
		t.Error("the same seed gives other results")
	}
	// independent inputs: the mean of the product is the product of the means
	want := 0.25*1000*(60.+100+150)/3*240.5/301 - 14_520
	if se := r.Limits(stats.Level95).StandardError(stats.Level95) / math.Sqrt(float64(d.N)); math.Abs(r.Mean()-want) > 5*se {
		t.Errorf("mean %v, want %v ± %v", r.Mean(), want, se)
	}
	more := append(slices.Clone(inputs), ok[costeffect.Input](t)(costeffect.Normally("unrelated", 0, 1)))
	if other := ok[costeffect.Distribution](t)(costeffect.Simulate(more, func(x []float64) float64 { return net(x[:5]) }, d)); !slices.Equal(r, other) {
		t.Error("an input that nothing uses changes the results")
	}
}

func TestSimulatedEffectHasItsLimits(t *testing.T) {
	in := ok[costeffect.Input](t)(costeffect.Normally("effect", 3, 2))
	r := ok[costeffect.Distribution](t)(costeffect.Simulate([]costeffect.Input{in}, func(x []float64) float64 { return x[0] }, costeffect.Draws{Seed: 1, N: 100_000}))
	limits := r.Limits(stats.Level95)
	if math.Abs(limits.Lower-(3-2*1.96)) > 0.06 || math.Abs(limits.Upper-(3+2*1.96)) > 0.06 {
		t.Errorf("limits %v", limits)
	}
	if got, want := r.Above(0), distuv.UnitNormal.CDF(1.5); math.Abs(got-want) > 0.005 {
		t.Errorf("share above 0 %v, want %v", got, want)
	}
	if r.Above(math.Inf(-1)) != 1 || r.Above(r[len(r)-1]) != 0 {
		t.Error("shares above the ends are not 1 and 0")
	}
}

func TestInputsHaveTheMomentsAsked(t *testing.T) {
	one := func(x []float64) float64 { return x[0] }
	in := ok[costeffect.Input](t)
	for name, c := range map[string]struct {
		in       costeffect.Input
		mean, sd float64
	}{
		"cost":  {in(costeffect.Costing("c", 330, 50)), 330, 50},
		"share": {in(costeffect.Share("s", 30, 120)), 30.5 / 121, math.Sqrt(30.5 * 90.5 / (121 * 121 * 122))},
		"range": {in(costeffect.Ranged("r", 2, 3, 7)), 4, math.Sqrt((4 + 9 + 49 - 6 - 14 - 21) / 18.)},
	} {
		r := ok[costeffect.Distribution](t)(costeffect.Simulate([]costeffect.Input{c.in}, one, costeffect.Draws{Seed: 2, N: 50_000}))
		mean := r.Mean()
		var ss float64
		for _, x := range r {
			ss += (x - mean) * (x - mean)
		}
		if sd := math.Sqrt(ss / float64(len(r)-1)); math.Abs(mean-c.mean) > 0.03*c.sd || math.Abs(sd-c.sd) > 0.03*c.sd {
			t.Errorf("%s: mean %v, standard deviation %v, want %v, %v", name, mean, sd, c.mean, c.sd)
		}
	}
	if none := in(costeffect.Share("none", 0, 20)); none.Low != 0 || none.Base != 0 || none.High <= 0 {
		t.Errorf("nobody of twenty: %+v", none)
	}
}

func TestSwitchingValueMakesNothingOfTheResult(t *testing.T) {
	inputs, net := programme(t)
	for name, ends := range map[string][2]float64{"effect": {-1, 0}, "programme": {0, 1e6}, "unit cost": {0, 1000}, "reached": {0, 1}} {
		x, err := costeffect.Switching(inputs, net, name, ends[0], ends[1])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		values := make([]float64, len(inputs))
		for i, in := range inputs {
			if values[i] = in.Base; in.Name == name {
				values[i] = x
			}
		}
		if got := net(values); math.Abs(got) > 1e-6 {
			t.Errorf("%s = %v leaves %v", name, x, got)
		}
	}
}

func TestFiellersLimitsAreThoseOfTheTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := func(name string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
		i := costeffect.Increment{
			Cost: f("ΔC", -2000, 2000), Effect: f("ΔE", -5, 5), CostSE: f("sC", 1, 1000), EffectSE: f("sE", 0.01, 5),
			Correlation: f("ρ", -0.95, 0.95), DF: f("df", 3, 500),
		}
		r := ok[costeffect.ICER](t)(i.Ratio(stats.Level95))
		quantile := stats.Level95.T(i.DF)
		held := func(ratio float64) bool { // that the true ratio is this one is not rejected
			d := i.Cost - ratio*i.Effect
			se := math.Sqrt(i.CostSE*i.CostSE + ratio*ratio*i.EffectSE*i.EffectSE - 2*ratio*i.Correlation*i.CostSE*i.EffectSE)
			return math.Abs(d) <= quantile*se
		}
		ratio := f("ratio", -5000, 5000)
		for _, limit := range []float64{r.Limits.Lower, r.Limits.Upper} {
			if math.Abs(ratio-limit) < 1e-6*(1+math.Abs(limit)) {
				t.Skip()
			}
		}
		inside := true
		switch r.Region {
		case costeffect.Between:
			inside = r.Limits.Contains(ratio)
		case costeffect.Outside:
			inside = ratio <= r.Limits.Lower || ratio >= r.Limits.Upper
		}
		if held(ratio) != inside {
			t.Fatalf("%+v: %s %v, yet the test of %v says %v", i, r.Region, r.Limits, ratio, held(ratio))
		}
		if q := r.Quadrant; (q == costeffect.Costlier || q == costeffect.Cheaper) == math.IsNaN(r.Value) {
			t.Fatalf("%s with ratio %v", q, r.Value)
		}
		p := ok[float64](t)(i.Acceptability(1000))
		benefit := ok[costeffect.Effect](t)(i.NetBenefit(1000, stats.Level95))
		if (p > 0.5) != (benefit.Value > 0) && math.Abs(benefit.Value) > 1e-9 {
			t.Fatalf("net benefit %v with probability %v", benefit.Value, p)
		}
	})
}

func TestPresentValueIsLinearAndFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := costeffect.Rate(rapid.Float64Range(0, 0.2).Draw(t, "rate"))
		year := rapid.IntRange(0, 74).Draw(t, "year")
		a, b := ok[float64](t)(rate.Factor(year)), ok[float64](t)(rate.Factor(year+1))
		if !close(b*(1+float64(rate)), a, 1e-12) {
			t.Fatalf("year %d: %v, the next %v", year, a, b)
		}
		flow := make([]float64, year+1)
		flow[year] = 7
		if pv := ok[float64](t)(rate.PresentValue(flow)); !close(pv, 7*a, 1e-12) {
			t.Fatalf("7 in year %d is worth %v", year, pv)
		}
	})
}

func TestSamePersonsAreWelchs(t *testing.T) {
	// changes 1 2 3 4 against 0 0 1 1 2
	e := ok[costeffect.Effect](t)(costeffect.SamePersons(costeffect.Moments{N: 4, Mean: 2.5, Variance: 5. / 3}, costeffect.Moments{N: 5, Mean: 0.8, Variance: 0.7}, stats.Level95))
	near(t, "effect", e.Value, 1.7, 9)
	near(t, "standard error", e.SE, math.Sqrt(5./12+0.14), 12)
	near(t, "degrees of freedom", e.DF, math.Pow(5./12+0.14, 2)/(math.Pow(5./12, 2)/3+math.Pow(0.14, 2)/4), 9)
}

// Two measurements of the same persons differ by less than two samples do.
func TestResamplingPersonsKeepsWhatTheyHaveInCommon(t *testing.T) {
	const persons = 3000
	random := rand.New(rand.NewPCG(11, 0))
	r := ok[*costeffect.Resampler](t)(costeffect.NewResampler(2, costeffect.Draws{Seed: 3, N: 400}))
	for person := range uint64(persons) {
		trait := 3 * random.NormFloat64()
		for cell := range 2 {
			if err := r.Add(person, cell, trait+random.NormFloat64()); err != nil {
				t.Fatal(err)
			}
		}
	}
	mean := ok[costeffect.Effect](t)(r.Effect(0, func(means []float64) float64 { return means[0] }, stats.Level95))
	change := ok[costeffect.Effect](t)(r.Effect(0, func(means []float64) float64 { return means[1] - means[0] }, stats.Level95))
	if want := math.Sqrt(10. / persons); math.Abs(mean.SE/want-1) > 0.15 {
		t.Errorf("standard error of a mean %v, want about %v", mean.SE, want)
	}
	if want := math.Sqrt(2. / persons); math.Abs(change.SE/want-1) > 0.15 {
		t.Errorf("standard error of a change %v, want about %v", change.SE, want)
	}
}
