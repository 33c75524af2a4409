package stats

import "math"

// fewestSlope is the number of groups from which a slope index is calculated.
const fewestSlope = 5

// SlopeIndex is the result of [SlopeInequality].
type SlopeIndex struct {
	Absolute  Contrast  // SII: difference between the ends of the scale, in the unit of the values
	Relative  Contrast  // RII: ratio of the ends, most to least advantaged; its test is that of the SII
	Intercept float64   // fitted value at the least advantaged end
	Ranks     []float64 // x of each group, 0 to 1
}

// SlopeInequality returns the slope and the relative index of inequality (SII, RII) of groups ordered from the least to
// the most advantaged:
//
//	aᵢ = share of the population,  xᵢ = Σ_{k<i} aₖ + aᵢ/2,  y on x by least squares with weights aᵢ
//	SII = slope b,  RII = (b₀ + b)/b₀
//
// Limits are percentiles of the indexes of simulated values yᵢ ~ N(yᵢ, seᵢ), drawn on the scale of the link and turned
// back before the fit; SE is their standard deviation, and Z = SII/SE. Limits see the uncertainty of the values only, not
// the fit of the line. The RII is NaN where b₀ is not above 0; a draw with such a b₀ counts as an infinite ratio.
//
// Low & Low 2004; Pamuk 1985. Errors: [ErrInput] for negative or not finite numbers (an unknown SE is NaN), or values
// that the link does not know; [ErrNotCalculable] for fewer than five groups or an empty one, and, with both indexes,
// when an SE is unknown or infinite, all are 0, or a value is 0 (or 1) where the link wants more (or less).
func SlopeInequality(groups []Group, link Link, sim Simulation, level Level) (SlopeIndex, error) {
	none := untested(math.NaN())
	if err := checkGroups("SlopeInequality", groups, fewestSlope, link, level); err != nil {
		return SlopeIndex{none, none, math.NaN(), nil}, err
	}
	shares, middles := ranks(groups)
	fit := newLine(middles, shares)
	ys := make([]float64, len(groups))
	for i, g := range groups {
		ys[i] = g.Value
	}
	slope, intercept := fit.through(ys)
	var slopes, ratios []float64
	drawn := sim.run(groups, link, func(ys []float64) {
		b, b0 := fit.through(ys)
		slopes, ratios = append(slopes, b), append(ratios, relative(b, b0, math.Inf(1)))
	})
	s := SlopeIndex{untested(slope), untested(relative(slope, intercept, math.NaN())), intercept, middles}
	if !drawn {
		return s, notCalculable("SlopeInequality", "standard errors or values do not allow the draws")
	}
	s.Absolute = against0(simulated(slope, slopes, level))
	if s.Intercept > 0 {
		s.Relative = tested(simulated(s.Relative.Value, ratios, level), s.Absolute.Z)
	}
	return s, nil
}

// relative returns (b₀ + b)/b₀, or otherwise where b₀ is not above 0.
func relative(slope, intercept, otherwise float64) float64 {
	if !(intercept > 0) {
		return otherwise
	}
	return (intercept + slope) / intercept
}
