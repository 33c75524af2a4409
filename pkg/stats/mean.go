package stats

import (
	"math"
	"math/big"
)

// MeanEstimate is a mean with the standard deviation of the values it comes from; SE = SD/√n.
type MeanEstimate struct {
	Estimate
	N  int64
	SD float64
}

// Mean returns the mean of independent values with Student's interval (MEAN-T):
//
//	x̄ ± t(n−1)·s/√n
//
// The two sums run in the order of xs, so equal slices give equal bits. Errors: [ErrInput] for values that are not
// finite; [ErrNotCalculable] for fewer than two values (the mean of one is given).
func Mean(xs []float64, level Level) (MeanEstimate, error) {
	if !level.valid() || !finite(xs...) {
		return noMean(0, math.NaN()), inputError("Mean", "values that are not finite, or level %v", level)
	}
	n := float64(len(xs))
	var sum float64
	for _, x := range xs {
		sum += x
	}
	mean := sum / n
	var squares float64
	for _, x := range xs {
		squares += (x - mean) * (x - mean)
	}
	return studentMean(int64(len(xs)), mean, squares, level)
}

// MeanSums is what [MeanFromSums] needs of n whole numbers x: exact, and additive over disjoint sets.
type MeanSums struct{ N, X, XX int64 } // n, Σx, Σx²

// MeanFromSums is [Mean] of whole numbers known by their sums. The sum of squared deviations is formed exactly in
// integers, so the result depends on the sums only and never on an order.
//
// Errors: as [Mean], and [ErrInput] for sums that no whole numbers have (n·Σx² < (Σx)²), as after an overflow.
func MeanFromSums(s MeanSums, level Level) (MeanEstimate, error) {
	// n·Σx² − (Σx)² = n·Σ(x − x̄)²
	scaled := new(big.Int).Sub(product(s.N, s.XX), product(s.X, s.X))
	if !level.valid() || s.N < 0 || scaled.Sign() < 0 {
		return noMean(0, math.NaN()), inputError("MeanFromSums", "%+v at level %v", s, level)
	}
	n := float64(s.N)
	return studentMean(s.N, float64(s.X)/n, toFloat(scaled)/n, level)
}

func studentMean(n int64, mean, squares float64, level Level) (MeanEstimate, error) {
	if n == 0 {
		return noMean(0, math.NaN()), notCalculable("Mean", "no values")
	}
	if n == 1 {
		return noMean(1, mean), notCalculable("Mean", "one value")
	}
	sd := math.Sqrt(squares / float64(n-1))
	se := sd / math.Sqrt(float64(n))
	return MeanEstimate{Estimate{mean, se, symmetric(mean, se, level.T(float64(n-1)))}, n, sd}, nil
}

func noMean(n int64, mean float64) MeanEstimate {
	return MeanEstimate{undefined(mean), n, math.NaN()}
}

func product(factors ...int64) *big.Int {
	p := big.NewInt(1)
	for _, f := range factors {
		p.Mul(p, big.NewInt(f))
	}
	return p
}

func toFloat(i *big.Int) float64 {
	f, _ := new(big.Float).SetInt(i).Float64()
	return f
}
