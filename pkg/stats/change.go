package stats

import "math"

// ProportionChange is [Difference] with the test of equal proportions (chg-prev):
//
//	Z = (p1 − p0)/√(p̄(1−p̄)(1/n1 + 1/n0)),  p̄ = (x1 + x0)/(n1 + n0)
//
// Z² is Pearson's χ² without correction for continuity. SE is NaN. Interval and test use different variances, so near a
// border one may reach 0 while the other does not. When all or none are cases, Z is 0.
//
// Errors: as [Difference].
func ProportionChange(x1, n1, x0, n0 float64, level Level) (Contrast, error) {
	e, err := Difference(x1, n1, x0, n0, level)
	if err != nil {
		return tested(e, math.NaN()), err
	}
	pooled := (x1 + x0) / (n1 + n0)
	return tested(e, statistic(e.Value, math.Sqrt(pooled*(1-pooled)*(1/n1+1/n0)))), nil
}

// Events is a count of one period or group, with what is known of its spread.
type Events struct {
	Count    float64 // O
	Squares  float64 // V = Σ k² over individuals with k events; equal to Count when events are independent
	Exposure float64 // sessions, persons, days, in which they happened; only [RateRatio] reads it
}

func (e Events) possible() bool {
	return finite(e.Count, e.Squares, e.Exposure) && e.Count >= 0 && e.Squares >= e.Count && e.Exposure >= 0
}

// relative returns the squared standard error of the count's logarithm, V/O².
func (e Events) relative() float64 { return e.Squares / e.Count / e.Count }

// CountRatio returns the ratio of two independent counts, as of one month in two years (yoy):
//
//	exp(ln(O₁/O₀) ± z·√(V₁/O₁² + V₀/O₀²)),  Z = (O₁ − O₀)/√(V₁ + V₀)
//
// With V = O these are √(1/O₁ + 1/O₀) and √(O₁ + O₀). SE is that of the logarithm. Both periods must be of one length and
// kind; nothing here knows of Easter.
//
// Errors: [ErrInput] for O < 0, V < O or numbers that are not finite; [ErrNotCalculable] when a count is 0 (Z and P are
// given, and the ratio where it exists).
func CountRatio(now, before Events, level Level) (Contrast, error) {
	if !level.valid() || !now.possible() || !before.possible() {
		return untested(math.NaN()), inputError("CountRatio", "%+v against %+v at level %v", now, before, level)
	}
	z := statistic(now.Count-before.Count, math.Sqrt(now.Squares+before.Squares))
	if before.Count == 0 {
		return tested(undefined(math.NaN()), z), notCalculable("CountRatio", "%v against 0", now.Count)
	}
	c, err := logRatio("CountRatio", now.Count/before.Count, math.Sqrt(now.relative()+before.relative()), level)
	return tested(c.Estimate, z), err
}

// RateRatio returns the ratio of two independent rates O/n (chg-prev of rates, yoy by session held):
//
//	ln R ± z·√(V₁/O₁² + V₀/O₀²),  Z = ln R/SE
//
// SE is that of ln R. Breslow & Day 1987. Errors: as [CountRatio], and [ErrNotCalculable] for an exposure of 0; there is
// no test when a count is 0.
func RateRatio(now, before Events, level Level) (Contrast, error) {
	if !level.valid() || !now.possible() || !before.possible() {
		return untested(math.NaN()), inputError("RateRatio", "%+v against %+v at level %v", now, before, level)
	}
	if before.Count == 0 || now.Exposure == 0 || before.Exposure == 0 {
		return untested(math.NaN()), notCalculable("RateRatio", "%+v against %+v", now, before)
	}
	ratio := (now.Count / now.Exposure) / (before.Count / before.Exposure)
	return logRatio("RateRatio", ratio, math.Sqrt(now.relative()+before.relative()), level)
}
