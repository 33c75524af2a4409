package stats

import (
	"math"
	"math/big"
)

// Ratio returns r = ΣC/ΣV over clusters (sessions, say) that carry a numerator c and a denominator v each (RATIO):
//
//	SE = √(n/(n−1)·Σ(c − r·v)²)/ΣV,  interval r ± t(n−1)·SE
//
// Cochran 1977, ch. 6. The sums run in the order of the slices. Unit: that of c by that of v; use [Estimate.Scale] to
// turn cents into euros. The limits are not cut at 0.
//
// Errors: [ErrInput] for slices of unequal length or numbers that are not finite; [ErrNotCalculable] when ΣV ≤ 0 or for
// fewer than two clusters (r is given where it exists).
func Ratio(c, v []float64, level Level) (Estimate, error) {
	if !level.valid() || len(c) != len(v) || !finite(c...) || !finite(v...) {
		return undefined(math.NaN()), inputError("Ratio", "%d numerators, %d denominators, level %v", len(c), len(v), level)
	}
	var sumC, sumV float64
	for i := range c {
		sumC += c[i]
		sumV += v[i]
	}
	r := sumC / sumV
	var squares float64
	for i := range c {
		d := c[i] - r*v[i]
		squares += d * d
	}
	return ratio(int64(len(c)), r, sumV, squares, level)
}

// RatioSums is what [RatioFromSums] needs of n clusters with whole numerators c and denominators v. Sums are exact and
// additive over disjoint clusters. They must not overflow: with c in cents, Σc² holds 900 clusters of a million euros
// each, or nine million of ten thousand.
type RatioSums struct {
	N      int64 // clusters
	C, V   int64 // Σc, Σv
	CC, VV int64 // Σc², Σv²
	CV     int64 // Σcv
}

// Add adds one cluster.
func (s *RatioSums) Add(c, v int64) {
	s.N, s.C, s.V = s.N+1, s.C+c, s.V+v
	s.CC, s.VV, s.CV = s.CC+c*c, s.VV+v*v, s.CV+c*v
}

// Plus returns the sums of both sets of clusters, which must be disjoint.
func (s RatioSums) Plus(t RatioSums) RatioSums {
	return RatioSums{s.N + t.N, s.C + t.C, s.V + t.V, s.CC + t.CC, s.VV + t.VV, s.CV + t.CV}
}

// possible reports whether some n pairs have these sums, by the inequality of Cauchy and Schwarz.
func (s RatioSums) possible() bool {
	return s.N >= 0 && s.CC >= 0 && s.VV >= 0 &&
		product(s.N, s.CC).Cmp(product(s.C, s.C)) >= 0 &&
		product(s.N, s.VV).Cmp(product(s.V, s.V)) >= 0 &&
		product(s.CC, s.VV).Cmp(product(s.CV, s.CV)) >= 0
}

// RatioFromSums is [Ratio] of clusters known by their sums. The sum of squared residuals is formed exactly in integers,
//
//	V²·Σ(c − r·v)² = Σc²·V² − 2·Σcv·C·V + Σv²·C²
//
// so the result depends on the sums only, and loses nothing to cancellation.
//
// Errors: as [Ratio], and [ErrInput] for sums that no clusters have, as after most overflows.
func RatioFromSums(s RatioSums, level Level) (Estimate, error) {
	if !level.valid() || !s.possible() {
		return undefined(math.NaN()), inputError("RatioFromSums", "%+v at level %v", s, level)
	}
	sumV := float64(s.V)
	residuals := product(s.CC, s.V, s.V)
	residuals.Sub(residuals, product(2, s.CV, s.C, s.V))
	residuals.Add(residuals, product(s.VV, s.C, s.C))
	return ratio(s.N, float64(s.C)/sumV, sumV, quotient(residuals, product(s.V, s.V)), level)
}

// quotient returns a/b rounded once; NaN for b = 0.
func quotient(a, b *big.Int) float64 {
	if b.Sign() == 0 {
		return math.NaN()
	}
	f, _ := new(big.Rat).SetFrac(a, b).Float64()
	return f
}

func ratio(n int64, r, sumV, squares float64, level Level) (Estimate, error) {
	if sumV <= 0 {
		return undefined(math.NaN()), notCalculable("Ratio", "denominators sum to %v", sumV)
	}
	if n < 2 {
		return undefined(r), notCalculable("Ratio", "%d cluster", n)
	}
	se := math.Sqrt(float64(n)/float64(n-1)*squares) / sumV
	return Estimate{r, se, symmetric(r, se, level.T(float64(n-1)))}, nil
}
