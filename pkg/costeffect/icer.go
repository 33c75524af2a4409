package costeffect

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"vointi.fi/pkg/stats"
)

// Increment is what a programme costs more than its comparator, and what it effects more, each with its standard error.
type Increment struct {
	Cost, Effect     float64
	CostSE, EffectSE float64
	Correlation      float64 // of the two estimators, −1 to 1
	DF               float64 // degrees of freedom of both; +Inf: normal
}

func (i Increment) validate() error {
	if !finite(i.Cost, i.Effect, i.CostSE, i.EffectSE) || i.CostSE < 0 || i.EffectSE < 0 || !(math.Abs(i.Correlation) <= 1) || !(i.DF >= 1) {
		return inputError("increment %+v", i)
	}
	return nil
}

// Quadrant is where an increment lies on the plane of cost and effect.
type Quadrant string

// The quadrants. Only in the two trade-offs does a ratio say anything.
const (
	Dominant  Quadrant = "dominant"  // no more cost, no less effect, and not both equal
	Dominated Quadrant = "dominated" // no less cost, no more effect, and not both equal
	Costlier  Quadrant = "costlier"  // more cost, more effect: the ratio is the price of an effect
	Cheaper   Quadrant = "cheaper"   // less cost, less effect: the ratio is what is saved for each effect given up
	Same      Quadrant = "same"      // neither differs
)

// Quadrant returns it.
func (i Increment) Quadrant() Quadrant {
	switch {
	case i.Cost == 0 && i.Effect == 0:
		return Same
	case i.Cost <= 0 && i.Effect >= 0:
		return Dominant
	case i.Cost >= 0 && i.Effect <= 0:
		return Dominated
	case i.Cost > 0:
		return Costlier
	}
	return Cheaper
}

// Region is which ratios Fieller's limits hold.
type Region string

// The regions.
const (
	Between    Region = "between"    // those between the limits
	Outside    Region = "outside"    // those at or below Lower, and those at or above Upper
	Everything Region = "everything" // all: the effect may be none
)

// ICER is the incremental cost-effectiveness ratio ΔC/ΔE, in money per unit of effect. Value is NaN where one dominates the
// other, since a negative ratio has no meaning, and where neither differs.
type ICER struct {
	Value    float64
	Quadrant Quadrant
	Limits   stats.Interval
	Region   Region
}

// Ratio returns the ICER with Fieller's limits, the roots of
//
//	R²(ΔE² − t²s_E²) − 2R(ΔCΔE − t²ρs_Cs_E) + (ΔC² − t²s_C²) = 0
//
// They are those of the ratio of the two means wherever the estimate lies. If ΔE does not differ from 0 they do not enclose
// ratios but exclude them, or none: see Region.
//
// Fieller 1954; Briggs & Fenn 1998. Errors: [stats.ErrInput] for an impossible increment.
func (i Increment) Ratio(level stats.Level) (ICER, error) {
	r := ICER{Value: math.NaN(), Quadrant: i.Quadrant(), Limits: stats.Undefined, Region: Everything}
	if err := i.validate(); err != nil {
		return r, err
	}
	if r.Quadrant == Costlier || r.Quadrant == Cheaper {
		r.Value = i.Cost / i.Effect
	}
	t := level.T(i.DF)
	a := i.Effect*i.Effect - t*t*i.EffectSE*i.EffectSE
	b := i.Cost*i.Effect - t*t*i.Correlation*i.CostSE*i.EffectSE
	c := i.Cost*i.Cost - t*t*i.CostSE*i.CostSE
	d := b*b - a*c
	if a == 0 || d < 0 {
		return r, nil
	}
	// The root without cancellation, and the other from their product.
	q := b + math.Copysign(math.Sqrt(d), b)
	low, high := q/a, c/q
	if q == 0 {
		low, high = 0, 0
	}
	r.Limits = stats.Interval{Lower: min(low, high), Upper: max(low, high)}
	if r.Region = Between; a < 0 {
		r.Region = Outside
	}
	return r, nil
}

// NetBenefit returns the net monetary benefit λΔE − ΔC at a willingness to pay of λ for a unit of effect:
//
//	SE = √(λ²s_E² + s_C² − 2λρs_Cs_E)
//
// Stinnett & Mullahy 1998. Errors: [stats.ErrInput] for an impossible increment or λ; [stats.ErrNotCalculable], with the
// value, when nothing varies.
func (i Increment) NetBenefit(lambda float64, level stats.Level) (Effect, error) {
	if err := i.validate(); err != nil {
		return noEffect(math.NaN()), err
	}
	if !finite(lambda) {
		return noEffect(math.NaN()), inputError("willingness to pay %v", lambda)
	}
	variance := lambda*lambda*i.EffectSE*i.EffectSE + i.CostSE*i.CostSE - 2*lambda*i.Correlation*i.CostSE*i.EffectSE
	return newEffect(lambda*i.Effect-i.Cost, math.Sqrt(max(variance, 0)), i.DF, level)
}

// Acceptability returns the probability that the net benefit at λ is above 0, under normal estimators: a point of the
// cost-effectiveness acceptability curve.
//
// van Hout et al. 1994; Fenwick, Claxton & Sculpher 2001. Errors: as [Increment.NetBenefit].
func (i Increment) Acceptability(lambda float64) (float64, error) {
	i.DF = math.Inf(1)
	benefit, err := i.NetBenefit(lambda, stats.Level95)
	if err != nil {
		return math.NaN(), err
	}
	return distuv.UnitNormal.CDF(benefit.T), nil
}
