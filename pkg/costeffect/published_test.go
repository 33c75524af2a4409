package costeffect_test

import (
	"math"
	"testing"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/stats"
)

// Examples that others have published, beside those of the domain.

// Snow 1855: deaths of cholera by 10 000 households of those supplied by the Lambeth company, which moved its intake up the Thames, and of the
// others, in 1849 and 1854; the difference as in Cunningham, Causal Inference: The Mixtape, 2021.
func TestSnowsCholera(t *testing.T) {
	near(t, "effect", sampled(t, withError(85, 1), withError(135, 1), withError(19, 1), withError(147, 1)).Value, -78, 9)
}

// sleep is Student's data of 1908, hours of additional sleep by two drugs; the results are R's, of t.test(extra ~ group, sleep).
var sleep = [2][]float64{{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2}, {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}}

func TestWelchOnStudentsSleep(t *testing.T) {
	var m [2]costeffect.Moments
	for i, xs := range sleep {
		mean := ok[stats.MeanEstimate](t)(stats.Mean(xs, stats.Level95))
		m[i] = costeffect.Moments{N: 10, Mean: mean.Value, Variance: mean.SD * mean.SD}
	}
	e := ok[costeffect.Effect](t)(costeffect.SamePersons(m[0], m[1], stats.Level95))
	near(t, "t", e.T, -1.8608, 4)
	near(t, "degrees of freedom", e.DF, 17.776, 3)
	near(t, "p", e.P, 0.07939, 5)
	near(t, "lower", e.Lower, -3.3654832, 7)
	near(t, "upper", e.Upper, 0.2054832, 7)
}

// areasOf makes an area of each number, which is its change.
func areasOf(t *testing.T, pilots, comparisons []float64) *costeffect.Panel {
	t.Helper()
	var cells []costeffect.Cell
	var names []string
	for i, change := range append(append([]float64{}, pilots...), comparisons...) {
		name := string(rune('a' + i))
		if i < len(pilots) {
			names = append(names, name)
		}
		cells = append(cells, costeffect.Cell{Area: name, Period: 0, Value: 100 * float64(i), Weight: 1}, costeffect.Cell{Area: name, Period: 1, Value: 100*float64(i) + change, Weight: 1})
	}
	return ok[*costeffect.Panel](t)(costeffect.NewPanel(cells, names, 1))
}

// R's t.test(extra ~ group, sleep, var.equal = TRUE).
func TestOneChangeAnAreaIsStudents(t *testing.T) {
	e := ok[costeffect.Effect](t)(areasOf(t, sleep[0], sleep[1]).Collapsed(stats.Level95))
	near(t, "degrees of freedom", e.DF, 18, 9)
	near(t, "p", e.P, 0.07919, 5)
	near(t, "lower", e.Lower, -3.363874, 6)
	near(t, "upper", e.Upper, 0.203874, 6)
}

// Efron & Tibshirani 1993, table 2.1 and section 15.2: seven treated and nine untreated mice; of 1000 permutations 132 had a difference as large.
func TestPermutationOfMice(t *testing.T) {
	p := areasOf(t, []float64{94, 197, 16, 38, 99, 141, 23}, []float64{52, 104, 146, 10, 51, 30, 40, 27, 46})
	r := ok[costeffect.Permuted](t)(p.Permutation(costeffect.Draws{Seed: 1, N: 20_000}))
	near(t, "difference of means", r.Value, 30.63, 2)
	if !r.Exact || r.Assignments != 11_440 {
		t.Errorf("%d assignments, exact %v", r.Assignments, r.Exact)
	}
	larger := 1.
	for _, placebo := range r.Placebos {
		if placebo >= r.Value*(1-1e-12) {
			larger++
		}
	}
	if share := larger / float64(r.Assignments); math.Abs(share-0.132) > 2*math.Sqrt(0.132*0.868/1000) {
		t.Errorf("one-sided p %v, published 0.132 from 1000 permutations", share)
	}
}

// Sanders et al. 2005, screening for HIV, as in the vignette of R's dampack.
func TestScreeningForHIV(t *testing.T) {
	costs, months := []float64{26_000, 27_000, 28_020, 28_440, 29_440}, []float64{277.25, 277.57, 277.78, 277.83, 277.76}
	for i, want := range []float64{37_500, 58_285.71, 100_800} {
		r := ok[costeffect.ICER](t)(costeffect.Increment{Cost: costs[i+1] - costs[i], Effect: (months[i+1] - months[i]) / 12, DF: math.Inf(1)}.Ratio(stats.Level95))
		near(t, "€ a QALY", r.Value, want, 2)
	}
	annual := costeffect.Increment{Cost: costs[4] - costs[3], Effect: (months[4] - months[3]) / 12, DF: math.Inf(1)}
	if r := ok[costeffect.ICER](t)(annual.Ratio(stats.Level95)); r.Quadrant != costeffect.Dominated || !math.IsNaN(r.Value) {
		t.Errorf("every year: %+v, want it dominated", r)
	}
}

// Chancellor et al. 1997, lamivudine with zidovudine against HIV, as in Briggs, Claxton & Sculpher 2006, exercise 2.5: a Markov chain of twenty
// years, costs discounted by 6 %, life years not.
func TestCombinationTherapy(t *testing.T) {
	moves := [4][4]float64{{1251, 350, 116, 17}, {0, 731, 512, 15}, {0, 0, 1312, 437}, {0, 0, 0, 1}} // as counted
	care := [4]float64{2756, 3052, 9007, 0}
	const zidovudine, lamivudine, risk = 2278, 2086.50, 0.509
	run := func(combined bool) (cost, years float64) {
		state, costs, lived := [4]float64{1}, []float64{0}, []float64{0}
		for year := 1; year <= 20; year++ {
			drug, relative := float64(zidovudine), 1.
			if combined && year <= 2 {
				drug, relative = drug+lamivudine, risk
			}
			var next [4]float64
			for from, row := range moves {
				all, moved := row[0]+row[1]+row[2]+row[3], 0.
				for to := from + 1; to < 4; to++ {
					next[to] += state[from] * row[to] / all * relative
					moved += row[to] / all * relative
				}
				next[from] += state[from] * (1 - moved)
			}
			state = next
			alive := 1 - state[3]
			spent := drug * alive
			for s, amount := range care {
				spent += state[s] * amount
			}
			costs, lived = append(costs, spent), append(lived, alive)
		}
		return ok[float64](t)(costeffect.Rate(0.06).PresentValue(costs)), ok[float64](t)(costeffect.Rate(0).PresentValue(lived))
	}
	alone, aloneYears := run(false)
	both, bothYears := run(true)
	near(t, "zidovudine alone, £", alone, 44_663, 0)
	near(t, "life years", aloneYears, 7.991, 3)
	near(t, "both, £", both, 50_602, 0)
	near(t, "life years with both", bothYears, 8.937, 3)
	r := ok[costeffect.ICER](t)(costeffect.Increment{Cost: both - alone, Effect: bothYears - aloneYears, DF: math.Inf(1)}.Ratio(stats.Level95))
	near(t, "£ a life year", r.Value, 6276, 0)
}
