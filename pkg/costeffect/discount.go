package costeffect

import "math"

// Rates are yearly discount rates, as fractions, from a year on; the first applies from year 0. One entry is a constant
// rate.
type Rates []Step

// Step is a rate from a year on.
type Step struct {
	From int // years from now; the year that it discounts to the one before is the first it applies to
	Rate float64
}

// Constant is the same rate for all years.
func Constant(rate float64) Rates { return Rates{{0, rate}} }

// GreenBook is the schedule of HM Treasury's Green Book for up to 75 years: 3.5 % for years 1 to 30, 3.0 % after them.
func GreenBook() Rates { return Rates{{0, 0.035}, {31, 0.03}} }

// validate returns the fault of rates that cannot be: none, not from year 0 on, not in order, at or below −100 %.
func (r Rates) validate() error {
	for i, s := range r {
		if !finite(s.Rate) || s.Rate <= -1 || i == 0 && s.From != 0 || i > 0 && s.From <= r[i-1].From {
			return inputError("discount rates %v", r)
		}
	}
	if len(r) == 0 {
		return inputError("no discount rate")
	}
	return nil
}

// Factor returns what 1 in t years is worth now: Π 1/(1 + r of each year up to t); 1 for t = 0. Errors: [stats.ErrInput]
// for a negative t or impossible rates.
func (r Rates) Factor(t int) (float64, error) {
	if err := r.validate(); err != nil {
		return math.NaN(), err
	}
	if t < 0 {
		return math.NaN(), inputError("year %d", t)
	}
	factor := 1.
	for i, s := range r {
		last := t
		if i+1 < len(r) {
			last = min(t, r[i+1].From-1)
		}
		if years := last - max(s.From, 1) + 1; years > 0 {
			factor /= math.Pow(1+s.Rate, float64(years))
		}
	}
	return factor, nil
}

// PresentValue returns Σ Aₜ·factor(t), amounts[0] now. Errors: as [Rates.Factor], and [stats.ErrInput] for amounts that are
// not finite.
func (r Rates) PresentValue(amounts []float64) (sum float64, err error) {
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
