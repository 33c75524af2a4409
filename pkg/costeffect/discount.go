package costeffect

import "math"

// Rate is a yearly discount rate, as a fraction, the same for all years.
type Rate float64

// Factor returns what 1 in t years is worth now: 1/(1 + r)^t. Errors: [stats.ErrInput] for a negative t, or a rate at or below −100 %.
func (r Rate) Factor(t int) (float64, error) {
	if !finite(float64(r)) || r <= -1 || t < 0 {
		return math.NaN(), inputError("year %d at a rate of %v", t, float64(r))
	}
	return math.Pow(1+float64(r), -float64(t)), nil
}

// PresentValue returns Σ Aₜ·factor(t), amounts[0] now. Errors: as [Rate.Factor], and [stats.ErrInput] for amounts that are
// not finite.
func (r Rate) PresentValue(amounts []float64) (sum float64, err error) {
	if !finite(amounts...) {
		return math.NaN(), inputError("amounts that are not finite")
	}
	for t, a := range amounts {
		factor, err := r.Factor(t)
		if err != nil {
			return math.NaN(), err
		}
		sum += a * factor
	}
	return sum, nil
}
