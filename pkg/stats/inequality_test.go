package stats_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
	"vointi.fi/pkg/stats"
)

// Life expectancy by deciles of deprivation.
func t11() (groups []stats.Group) {
	population := []float64{7291, 7997, 6105, 7666, 5790, 6934, 5918, 5974, 7147, 7534}
	value := []float64{
		75.9334590103, 78.3442382728, 83.8360631042, 83.6375399665, 80.4655031530,
		81.1156759857, 81.6930835719, 84.1900062061, 80.5955641081, 86.2894349579,
	}
	se := []float64{1.6385, 1.5782, 1.5134, 1.7755, 1.7013, 1.5641, 1.3681, 1.4001, 2.4328, 1.5665}
	for i := range population {
		groups = append(groups, stats.Group{Population: population[i], Value: value[i], SE: se[i]})
	}
	return groups
}

func TestT11SlopeInequality(t *testing.T) {
	for seed := range uint64(2) {
		s := ok[stats.SlopeIndex](t)(stats.SlopeInequality(t11(), stats.Identity, stats.Simulation{Seed: seed, Draws: 50_000}, stats.Level95))
		near(t, "x of the first group", s.Ranks[0], 0.05333109, 8)
		near(t, "SII", s.Absolute.Value, 6.934616, 6)
		near(t, "intercept", s.Intercept, 78.076631, 6)
		near(t, "RII", s.Relative.Value, 1.088818, 6)
		if math.Abs(s.Absolute.Lower-3.13) > 0.1 || math.Abs(s.Absolute.Upper-10.76) > 0.1 {
			t.Errorf("SII limits %v, want 3.13 … 10.76 within 0.1", s.Absolute.Interval)
		}
		if !s.Relative.Contains(s.Relative.Value) || s.Relative.Lower <= 1 || s.Relative.P != s.Absolute.P || s.Absolute.P > 0.01 {
			t.Errorf("RII %+v beside SII %+v", s.Relative, s.Absolute)
		}
	}
}

// On the identity scale both indexes are (nearly) linear in the values, so their variances are known.
func TestSimulatedSEsAreTheDeltaMethods(t *testing.T) {
	groups := t11()
	s := ok[stats.SlopeIndex](t)(stats.SlopeInequality(groups, stats.Identity, stats.Simulation{}, stats.Level95))
	c := ok[stats.Concentration](t)(stats.ConcentrationIndex(groups, stats.Identity, stats.Simulation{}, stats.Level95))
	var population, mean, centre, spread, slope, concentration float64
	for _, g := range groups {
		population += g.Population
	}
	for i, g := range groups {
		mean += g.Population / population * g.Value
		centre += g.Population / population * s.Ranks[i]
	}
	for i, g := range groups {
		spread += g.Population / population * (s.Ranks[i] - centre) * (s.Ranks[i] - centre)
	}
	for i, g := range groups {
		f := g.Population / population
		slope += math.Pow(f*(s.Ranks[i]-centre)/spread*g.SE, 2)
		concentration += math.Pow(f*g.SE/mean*(2*s.Ranks[i]-1-c.Index.Value), 2)
	}
	if got := s.Absolute.SE / math.Sqrt(slope); math.Abs(got-1) > 0.03 {
		t.Errorf("SE of the SII is %v of the delta method's", got)
	}
	if got := c.Index.SE / math.Sqrt(concentration); math.Abs(got-1) > 0.03 {
		t.Errorf("SE of the concentration index is %v of the delta method's", got)
	}
	near(t, "mean", c.Mean, mean, 9)
	if c.Erreygers.Defined() || !math.IsNaN(c.Erreygers.Value) {
		t.Errorf("years of life have no bound, yet Erreygers' index %+v", c.Erreygers)
	}
}

// Draws of rates stay above 0, draws of shares between 0 and 1, however wide their errors.
func TestLinks(t *testing.T) {
	limits := stats.Interval{Lower: 0.2, Upper: 0.8}
	near(t, "identity", stats.Identity.StandardError(limits, stats.Level95), 0.6/3.919927969, 9)
	near(t, "log", stats.Log.StandardError(limits, stats.Level95), math.Log(4)/3.919927969, 9)
	near(t, "logit", stats.Logit.StandardError(limits, stats.Level95), math.Log(16)/3.919927969, 9)
	groups := make([]stats.Group, 5)
	for i := range groups {
		groups[i] = stats.Group{Population: 1, Value: 0.01, SE: 5}
	}
	shares := ok[stats.Concentration](t)(stats.ConcentrationIndex(groups, stats.Logit, stats.Simulation{}, stats.Level998))
	if shares.Index.Lower < -1 || shares.Index.Upper > 1 || shares.Erreygers.Lower < -1 || shares.Erreygers.Upper > 1 {
		t.Errorf("indexes of shares beyond 1: %+v", shares)
	}
	near(t, "equal groups", shares.Index.Value, 0, 15)
	rates := ok[stats.Concentration](t)(stats.ConcentrationIndex(groups, stats.Log, stats.Simulation{}, stats.Level998))
	if rates.Index.Lower < -1 || rates.Index.Upper > 1 || rates.Erreygers.Defined() {
		t.Errorf("index of rates beyond 1: %+v", rates)
	}
}

// 4μC of shares in two equal groups is p₁ − p₀, C is a quarter of that by the mean.
func TestConcentrationOfTwoGroups(t *testing.T) {
	groups := []stats.Group{{Population: 50, Value: 0.2, SE: 0.1}, {Population: 50, Value: 0.6, SE: 0.1}}
	c := ok[stats.Concentration](t)(stats.ConcentrationIndex(groups, stats.Logit, stats.Simulation{}, stats.Level95))
	near(t, "C", c.Index.Value, 0.25, 12)
	near(t, "Erreygers", c.Erreygers.Value, 0.4, 12)
	near(t, "mean", c.Mean, 0.4, 12)
	if !c.Index.Contains(0.25) || !c.Erreygers.Contains(0.4) || c.Index.P > 0.001 {
		t.Errorf("%+v", c)
	}
}

// Deaths before the age of five by quintiles of wealth in India: −0.1694 by O'Donnell et al., Analyzing Health Equity Using
// Household Survey Data, World Bank 2008, table 8.1.
func TestConcentrationOfDeaths(t *testing.T) {
	births := [...]float64{29939, 28776, 26528, 24689, 19739}
	perThousand := [...]float64{154.7, 152.9, 119.5, 86.9, 54.3}
	groups := make([]stats.Group, len(births))
	for i := range groups {
		groups[i] = stats.Group{Population: births[i], Value: perThousand[i], SE: 1}
	}
	c := ok[stats.Concentration](t)(stats.ConcentrationIndex(groups, stats.Log, stats.Simulation{}, stats.Level95))
	near(t, "C", c.Index.Value, -0.1694, 4)
}

func TestInequalityErrors(t *testing.T) {
	nan := math.NaN()
	change := func(f func(groups []stats.Group)) []stats.Group {
		groups := make([]stats.Group, 5)
		for i := range groups {
			groups[i] = stats.Group{Population: 10, Value: 0.1 * float64(i+1), SE: 0.1}
		}
		f(groups)
		return groups
	}
	for _, c := range []struct {
		name   string
		groups []stats.Group
		link   stats.Link
		err    error
		value  bool // the indexes exist, without limits
	}{
		{"none", nil, stats.Identity, stats.ErrNotCalculable, false},
		{"empty group", change(func(g []stats.Group) { g[2].Population = 0 }), stats.Identity, stats.ErrNotCalculable, false},
		{"negative population", change(func(g []stats.Group) { g[2].Population = -1 }), stats.Identity, stats.ErrInput, false},
		{"NaN", change(func(g []stats.Group) { g[2].Value = nan }), stats.Identity, stats.ErrInput, false},
		{"negative SE", change(func(g []stats.Group) { g[2].SE = -1 }), stats.Identity, stats.ErrInput, false},
		{"negative rate", change(func(g []stats.Group) { g[2].Value = -1 }), stats.Log, stats.ErrInput, false},
		{"share of 60 (per cent)", change(func(g []stats.Group) { g[2].Value = 60 }), stats.Logit, stats.ErrInput, false},
		{"unknown link", change(func([]stats.Group) {}), stats.Link(7), stats.ErrInput, false},
		{"share of 0", change(func(g []stats.Group) { g[2].Value = 0 }), stats.Logit, stats.ErrNotCalculable, true},
		{"share of 1", change(func(g []stats.Group) { g[2].Value = 1 }), stats.Logit, stats.ErrNotCalculable, true},
		{"SE unknown", change(func(g []stats.Group) { g[2].SE = nan }), stats.Identity, stats.ErrNotCalculable, true},
		{"SE infinite", change(func(g []stats.Group) { g[2].SE = math.Inf(1) }), stats.Log, stats.ErrNotCalculable, true},
		{"no SE at all", change(func(gs []stats.Group) {
			for i := range gs {
				gs[i].SE = 0
			}
		}), stats.Log, stats.ErrNotCalculable, true},
	} {
		s, err := stats.SlopeInequality(c.groups, c.link, stats.Simulation{}, stats.Level95)
		if !errors.Is(err, c.err) || s.Absolute.Defined() || s.Relative.Defined() || !math.IsNaN(s.Absolute.P) || c.value == math.IsNaN(s.Absolute.Value) {
			t.Errorf("%s: slope %+v, %v; want %v", c.name, s, err, c.err)
		}
		i, err := stats.ConcentrationIndex(c.groups, c.link, stats.Simulation{}, stats.Level95)
		if !errors.Is(err, c.err) || i.Index.Defined() || i.Erreygers.Defined() || !math.IsNaN(i.Index.P) || c.value == math.IsNaN(i.Index.Value) {
			t.Errorf("%s: concentration %+v, %v; want %v", c.name, i, err, c.err)
		}
	}
	four := change(func([]stats.Group) {})[:4]
	if s, err := stats.SlopeInequality(four, stats.Identity, stats.Simulation{}, stats.Level95); !errors.Is(err, stats.ErrNotCalculable) {
		t.Errorf("slope of four groups: %+v, %v", s, err)
	}
	zero := change(func(gs []stats.Group) {
		for i := range gs {
			gs[i].Value = 0
		}
	})
	if c, err := stats.ConcentrationIndex(zero, stats.Identity, stats.Simulation{}, stats.Level95); c.Mean != 0 || !errors.Is(err, stats.ErrNotCalculable) {
		t.Errorf("concentration of nothing: %+v, %v", c, err)
	}
	steep := change(func(gs []stats.Group) {
		for i := range gs {
			gs[i].Value = float64(i) - 1
		}
	})
	if s := ok[stats.SlopeIndex](t)(stats.SlopeInequality(steep, stats.Identity, stats.Simulation{}, stats.Level95)); !s.Absolute.Defined() || s.Relative.Defined() || !math.IsNaN(s.Relative.Value) {
		t.Errorf("a line from below 0 has a ratio: %+v", s)
	}
}

func TestInequalityProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) stats.Group {
			return stats.Group{
				Population: rapid.Float64Range(1, 1000).Draw(t, "population"),
				Value:      rapid.Float64Range(0.01, 0.99).Draw(t, "value"),
				SE:         math.NaN(), // points only: no draws
			}
		}), 5, 12).Draw(t, "groups")
		point := func(groups []stats.Group) (stats.SlopeIndex, stats.Concentration) {
			s, _ := stats.SlopeInequality(groups, stats.Logit, stats.Simulation{}, stats.Level95)
			c, _ := stats.ConcentrationIndex(groups, stats.Logit, stats.Simulation{}, stats.Level95)
			return s, c
		}
		close := func(a, b float64) bool {
			return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) || (math.IsNaN(a) && math.IsNaN(b))
		}
		s, c := point(groups)
		turned := slices.Clone(groups)
		slices.Reverse(turned)
		u, d := point(turned)
		if !close(s.Absolute.Value, -u.Absolute.Value) || !close(s.Intercept+s.Absolute.Value, u.Intercept) || !close(c.Index.Value, -d.Index.Value) {
			t.Fatalf("%+v %+v, turned around %+v %+v", s, c, u, d)
		}
		if !close(c.Index.Value, byCurve(groups)) || math.Abs(c.Index.Value) > 1 {
			t.Fatalf("C = %v, by the curve %v", c.Index.Value, byCurve(groups))
		}
		for i := range groups {
			groups[i].Population *= 3
			groups[i].Value /= 2
		}
		v, e := point(groups)
		if !close(v.Absolute.Value, s.Absolute.Value/2) || !close(v.Relative.Value, s.Relative.Value) || !close(e.Index.Value, c.Index.Value) {
			t.Fatalf("%+v %+v, halved %+v %+v", s, c, v, e)
		}
		line := make([]stats.Group, len(groups))
		for i := range groups {
			line[i] = stats.Group{Population: groups[i].Population, Value: 0.2 + 0.5*s.Ranks[i], SE: math.NaN()}
		}
		if w, _ := point(line); !close(w.Absolute.Value, 0.5) || !close(w.Intercept, 0.2) || !close(w.Relative.Value, 3.5) {
			t.Fatalf("a straight line from 0.2 to 0.7: %+v", w)
		}
	})
}

// byCurve returns C as Σ (pₜLₜ₊₁ − pₜ₊₁Lₜ).
func byCurve(groups []stats.Group) (c float64) {
	var population, indicator, p, l float64
	for _, g := range groups {
		population += g.Population
		indicator += g.Population * g.Value
	}
	for _, g := range groups {
		p1, l1 := p+g.Population/population, l+g.Population*g.Value/indicator
		c += p*l1 - p1*l
		p, l = p1, l1
	}
	return c
}

// Equal seeds repeat the limits to the bit; others move them a little; the wider level is wider.
func TestSimulationRepeats(t *testing.T) {
	groups := t11()
	for i := range groups {
		groups[i].SE /= groups[i].Value // of the logarithm
	}
	run := func(seed uint64, level stats.Level) stats.Interval {
		return ok[stats.SlopeIndex](t)(stats.SlopeInequality(groups, stats.Log, stats.Simulation{Seed: seed}, level)).Relative.Interval
	}
	a := run(1, stats.Level95)
	if b := run(1, stats.Level95); a != b {
		t.Errorf("one seed, two intervals: %v, %v", a, b)
	}
	if b := run(2, stats.Level95); a == b {
		t.Errorf("two seeds, one interval: %v", a)
	}
	if b := run(1, stats.Level998); b.Lower >= a.Lower || b.Upper <= a.Upper {
		t.Errorf("99.8 %%: %v within 95 %%: %v", b, a)
	}
}

// A line that may well start at 0 has a ratio without upper limit.
func TestRelativeIndexMayBeUnbounded(t *testing.T) {
	groups := make([]stats.Group, 5)
	for i := range groups {
		groups[i] = stats.Group{Population: 1, Value: 1 + float64(i), SE: 2}
	}
	s := ok[stats.SlopeIndex](t)(stats.SlopeInequality(groups, stats.Identity, stats.Simulation{}, stats.Level95))
	near(t, "RII", s.Relative.Value, 11, 9)
	if !math.IsInf(s.Relative.Upper, 1) || math.IsInf(s.Absolute.Upper, 1) {
		t.Errorf("RII %+v, SII %+v; want no upper limit of the first", s.Relative, s.Absolute)
	}
}

func TestInequalityCoverage(t *testing.T) {
	groups := make([]stats.Group, 5)
	got := cover(150, 10, func(r *rand.Rand) stats.Interval {
		for i := range groups {
			groups[i] = stats.Group{Population: 20, Value: 51 + 2*float64(i) + 3*r.NormFloat64(), SE: 3}
		}
		return must(stats.SlopeInequality(groups, stats.Identity, stats.Simulation{Seed: r.Uint64()}, stats.Level95)).Absolute.Interval
	})
	if got < 0.9 || got > 0.99 {
		t.Errorf("SII covers %.4f", got)
	}
}
