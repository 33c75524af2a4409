package stats

// line is a weighted least squares fit on fixed x, as what each y adds to slope and intercept. Fits on the same x (the
// draws of a simulation, say) then cost one pass. gonum's LinearRegression divides by Σw − 1, which shares make 0.
type line struct{ slope, intercept []float64 }

// newLine returns the fit for weights w ≥ 0, of which two at different x must be above 0.
func newLine(x, w []float64) line {
	var weight, mean, spread float64
	for i := range x {
		weight += w[i]
		mean += w[i] * x[i]
	}
	mean /= weight
	for i := range x {
		spread += w[i] * (x[i] - mean) * (x[i] - mean)
	}
	l := line{make([]float64, len(x)), make([]float64, len(x))}
	for i := range x {
		l.slope[i] = w[i] * (x[i] - mean) / spread
		l.intercept[i] = w[i]/weight - mean*l.slope[i]
	}
	return l
}

// through returns the slope for ys, and the value at x = 0. Equal ys have a slope of exactly 0.
func (l line) through(ys []float64) (slope, intercept float64) {
	for i, y := range ys {
		slope += l.slope[i] * (y - ys[0])
		intercept += l.intercept[i] * (y - ys[0])
	}
	return slope, intercept + ys[0]
}
