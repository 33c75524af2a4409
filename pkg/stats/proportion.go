package stats

import "math"

// Wilson returns the score interval of x cases in n trials (PROP-W):
//
//	(2x + z² ∓ z√(z² + 4x(1 − x/n))) / (2(n + z²))
//
// x and n need not be whole, so that an effective sample size can stand for n. x = 0 gives a lower limit of exactly 0,
// x = n an upper limit of exactly 1. The limits are shares, 0 to 1.
//
// Wilson 1927; Newcombe & Altman 2000. Errors: [ErrInput] unless 0 ≤ x ≤ n; [ErrNotCalculable] for n = 0.
func Wilson(x, n float64, level Level) (Interval, error) {
	if !level.valid() || !finite(x, n) || x < 0 || x > n {
		return Undefined, inputError("Wilson", "%v of %v at level %v", x, n, level)
	}
	if n == 0 {
		return Undefined, notCalculable("Wilson", "no trials")
	}
	z := level.Z()
	middle := 2*x + z*z
	half := z * math.Sqrt(z*z+4*x*(1-x/n))
	scale := 2 * (n + z*z)
	i := Interval{(middle - half) / scale, (middle + half) / scale}
	if x == 0 {
		i.Lower = 0
	}
	if x == n {
		i.Upper = 1
	}
	// Rounding moves a limit past 0, 1 or the share itself when x or n − x is next to nothing.
	p := x / n
	return Interval{min(max(i.Lower, 0), p), max(min(i.Upper, 1), p)}, nil
}

// Proportion returns x/n with its [Wilson] interval; SE is NaN, since the method has none.
func Proportion(x, n float64, level Level) (Estimate, error) {
	i, err := Wilson(x, n, level)
	return Estimate{x / n, math.NaN(), i}, err
}

// WilsonEffective returns the score interval of the share p measured with an effective sample size: Wilson(p·nEff, nEff).
// It is the fallback for surveys without design information (see [KishSize]).
//
// Errors: as [Wilson], and [ErrInput] unless 0 ≤ p ≤ 1.
func WilsonEffective(p, nEff float64, level Level) (Interval, error) {
	if !finite(p, nEff) || p < 0 || p > 1 {
		return Undefined, inputError("WilsonEffective", "share %v, n %v", p, nEff)
	}
	return Wilson(min(p*nEff, nEff), nEff, level)
}

// KishSize returns the effective sample size (Σw)²/Σw² of weights; 0 for none. Kish 1965.
func KishSize(weights []float64) float64 {
	var sum, squares float64
	for _, w := range weights {
		sum += w
		squares += w * w
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
}

// RiskRatio returns (a/n1)/(b/n0) with the log interval of Katz (RR):
//
//	ln RR ± z√(1/a − 1/n1 + 1/b − 1/n0)
//
// SE is that of ln RR. Katz et al. 1978. Errors: [ErrInput] unless 0 ≤ a ≤ n1 and 0 ≤ b ≤ n0; [ErrNotCalculable] when
// a, b, n1 or n0 is 0 (the ratio itself is given where it exists: 0 for a = 0 < b), or all of both groups are cases.
func RiskRatio(a, n1, b, n0 float64, level Level) (Estimate, error) {
	if !level.valid() || !finite(a, n1, b, n0) || a < 0 || b < 0 || a > n1 || b > n0 {
		return undefined(math.NaN()), inputError("RiskRatio", "%v/%v against %v/%v", a, n1, b, n0)
	}
	if n1 == 0 || n0 == 0 || b == 0 {
		return undefined(math.NaN()), notCalculable("RiskRatio", "%v/%v against %v/%v", a, n1, b, n0)
	}
	ratio := (a / n1) / (b / n0)
	if a == 0 {
		return undefined(ratio), notCalculable("RiskRatio", "no cases in the first group")
	}
	se := math.Sqrt(1/a - 1/n1 + 1/b - 1/n0)
	if se == 0 {
		return undefined(ratio), notCalculable("RiskRatio", "all of both groups are cases")
	}
	z := level.Z()
	return Estimate{ratio, se, Interval{ratio * math.Exp(-z*se), ratio * math.Exp(z*se)}}, nil
}

// Difference returns x1/n1 − x0/n0 with Newcombe's hybrid score interval, made of the two [Wilson] intervals (l, u):
//
//	D − √((p1 − l1)² + (u0 − p0)²),  D + √((u1 − p1)² + (p0 − l0)²)
//
// Newcombe 1998, method 10. SE is NaN. Errors: as [Wilson] for either proportion.
func Difference(x1, n1, x0, n0 float64, level Level) (Estimate, error) {
	a, err := Proportion(x1, n1, level)
	if err != nil {
		return undefined(math.NaN()), err
	}
	b, err := Proportion(x0, n0, level)
	if err != nil {
		return undefined(math.NaN()), err
	}
	return HybridDifference(a, b)
}
