package stats

import "math"

// Concentration is the result of [ConcentrationIndex].
type Concentration struct {
	Index     Contrast // −1 to 1: below 0 when the indicator gathers among the least advantaged
	Erreygers Contrast // 4μC, for shares only; else undefined
	Mean      float64  // μ, of the population
}

// ConcentrationIndex returns the concentration index of groups ordered from the least to the most advantaged,
//
//	C = Σ (pₜLₜ₊₁ − pₜ₊₁Lₜ) = 2/μ·Σ fᵢyᵢRᵢ − 1
//
// with p the cumulative share of the population, L that of the indicator, f a group's share and R its middle rank. SE and
// limits are of simulated values as in [SlopeInequality], and Z = C/SE. For shares (link Logit), whose C depends on their
// mean, it also returns Erreygers' corrected index 4μC. Inequality within groups does not show in either.
//
// Kakwani, Wagstaff & van Doorslaer 1997; Erreygers 2009. Errors: as [SlopeInequality], but for fewer than two groups;
// and [ErrNotCalculable] when μ is not above 0.
func ConcentrationIndex(groups []Group, link Link, sim Simulation, level Level) (Concentration, error) {
	none := untested(math.NaN())
	c := Concentration{none, none, math.NaN()}
	if err := checkGroups("ConcentrationIndex", groups, 2, link, level); err != nil {
		return c, err
	}
	shares, middles := ranks(groups)
	ys := make([]float64, len(groups))
	for i, g := range groups {
		ys[i] = g.Value
	}
	index, mean := concentration(ys, shares, middles)
	c.Mean = mean
	if math.IsNaN(index) {
		return c, notCalculable("ConcentrationIndex", "mean %v", mean)
	}
	var indexes, corrected []float64
	drawn := sim.run(groups, link, func(ys []float64) {
		index, mean := concentration(ys, shares, middles)
		indexes, corrected = append(indexes, index), append(corrected, 4*mean*index)
	})
	c.Index = against0(simulated(index, indexes, level))
	if link == Logit {
		c.Erreygers = against0(simulated(4*mean*index, corrected, level))
	}
	if !drawn || !c.Index.Defined() {
		return c, notCalculable("ConcentrationIndex", "standard errors or values do not allow the draws")
	}
	return c, nil
}

// against0 adds the test that an estimate is 0, by its SE.
func against0(e Estimate) Contrast { return tested(e, statistic(e.Value, e.SE)) }

// concentration returns C and μ; C is NaN unless μ is above 0.
func concentration(ys, shares, middles []float64) (index, mean float64) {
	var covariance float64
	for i, y := range ys {
		mean += shares[i] * y
		covariance += shares[i] * (middles[i] - 0.5) * (y - ys[0])
	}
	if !(mean > 0) {
		return math.NaN(), mean
	}
	return 2 * covariance / mean, mean
}
