package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Contrast is a difference or a ratio of two estimates, with the test that there is none. Z is the test statistic, P its
// two-sided probability under the standard normal distribution; both are NaN where the test does not exist.
type Contrast struct {
	Estimate
	Z, P float64
}

// tested adds the test by the statistic z.
func tested(e Estimate, z float64) Contrast { return Contrast{e, z, twoSided(z)} }

func twoSided(z float64) float64 { return 2 * distuv.UnitNormal.Survival(math.Abs(z)) }

func untested(value float64) Contrast { return tested(undefined(value), math.NaN()) }

// statistic returns d/se; nothing over nothing is no evidence, 0.
func statistic(d, se float64) float64 {
	if d == 0 && se == 0 {
		return 0
	}
	return d / se
}

// StandardError returns the standard error behind limits that are symmetric about their estimate, (u − l)/(2z): what
// published figures leave of it. For limits on another scale see [Link.StandardError].
func (i Interval) StandardError(level Level) float64 { return (i.Upper - i.Lower) / (2 * level.Z()) }

// FromLimits returns a published value with its limits as an estimate, its SE by [Interval.StandardError].
func FromLimits(value float64, limits Interval, level Level) Estimate {
	return Estimate{value, limits.StandardError(level), limits}
}

// Gap returns the difference D = a − b of two estimates (gap-abs, chg-prev):
//
//	SE = √(se₁² + se₀² − 2·cov),  D ± z·SE,  Z = D/SE
//
// covariance is that of the two estimators: 0 for independent samples, above 0 for a panel of the same persons. Only
// Value and SE of a and b are read, in one unit. A difference of gaps ("has the gap narrowed?") is a Gap of two Gaps. An
// SE of 0 is believed, so estimates whose method finds no spread in a few equal answers look exact: take
// [HybridDifference] for those.
//
// Errors: [ErrInput] for values that are not finite, a negative SE, or a covariance above se₁·se₀ in size;
// [ErrNotCalculable], with D, when an SE is NaN or both are 0 while D is not.
func Gap(a, b Estimate, covariance float64, level Level) (Contrast, error) {
	if !level.valid() || !finite(a.Value, b.Value, covariance) || a.SE < 0 || b.SE < 0 ||
		math.Abs(covariance) > a.SE*b.SE*(1+1e-9) {
		return untested(math.NaN()), inputError("Gap", "%v against %v, covariance %v, level %v", a, b, covariance, level)
	}
	d := a.Value - b.Value
	se := math.Sqrt(max(a.SE*a.SE+b.SE*b.SE-2*covariance, 0))
	if !finite(se) || (se == 0 && d != 0) {
		return untested(d), notCalculable("Gap", "standard errors %v and %v", a.SE, b.SE)
	}
	return tested(Estimate{d, se, symmetric(d, se, level.Z())}, statistic(d, se)), nil
}

// RelativeGap returns the ratio R = a/b of two independent estimates above 0 (gap-rel):
//
//	ln R ± z·√((se₁/p₁)² + (se₀/p₀)²)
//
// SE is that of ln R, and Z = ln R/SE tests R = 1. Only Value and SE of a and b are read, in one unit.
//
// Errors: [ErrInput] for negative or not finite values or a negative SE; [ErrNotCalculable] when a or b is 0, an SE is
// NaN, or both are 0 while R is not 1 (R is given where it exists: 0 for a = 0 < b).
func RelativeGap(a, b Estimate, level Level) (Contrast, error) {
	if !level.valid() || !finite(a.Value, b.Value) || a.Value < 0 || b.Value < 0 || a.SE < 0 || b.SE < 0 {
		return untested(math.NaN()), inputError("RelativeGap", "%v against %v at level %v", a, b, level)
	}
	if b.Value == 0 {
		return untested(math.NaN()), notCalculable("RelativeGap", "%v against 0", a.Value)
	}
	return logRatio("RelativeGap", a.Value/b.Value, math.Hypot(a.SE/a.Value, b.SE/b.Value), level)
}

// logRatio returns the ratio with its interval and test on the log scale; se is that of its logarithm.
func logRatio(name string, ratio, se float64, level Level) (Contrast, error) {
	log := math.Log(ratio)
	if !finite(log, se) || (se == 0 && log != 0) {
		return untested(ratio), notCalculable(name, "ratio %v, standard error %v of its logarithm", ratio, se)
	}
	i := symmetric(log, se, level.Z())
	e := Estimate{ratio, se, Interval{math.Exp(i.Lower), math.Exp(i.Upper)}}
	return tested(e, statistic(log, se)), nil
}

// HybridDifference returns the difference of two independent estimates with limits made of theirs (l, u), whatever
// methods gave those, as long as both are of one level:
//
//	D − √((e₁ − l₁)² + (u₀ − e₀)²),  D + √((u₁ − e₁)² + (e₀ − l₀)²)
//
// It keeps their asymmetry, so it suits small counts and shares near 0 or 1; SE is NaN. With [Wilson] limits it is
// [Difference].
//
// Newcombe 1998; Zou & Donner 2008. Errors: [ErrInput] for values that are not finite or lie outside their limits;
// [ErrNotCalculable], with D, when limits are undefined.
func HybridDifference(a, b Estimate) (Estimate, error) {
	d := a.Value - b.Value
	if !finite(d) {
		return undefined(math.NaN()), inputError("HybridDifference", "%v against %v", a, b)
	}
	if !a.Defined() || !b.Defined() {
		return undefined(d), notCalculable("HybridDifference", "limits %v and %v", a.Interval, b.Interval)
	}
	if !a.Contains(a.Value) || !b.Contains(b.Value) {
		return undefined(d), inputError("HybridDifference", "%v or %v is outside its limits", a, b)
	}
	return Estimate{d, math.NaN(), Interval{
		d - math.Hypot(a.Value-a.Lower, b.Upper-b.Value),
		d + math.Hypot(a.Upper-a.Value, b.Value-b.Lower),
	}}, nil
}
