package stats

import (
	"cmp"
	"math"
	"slices"
)

// Label is the outcome of [Trend5] and [TrendShares5], worded as its users know it.
type Label string

// The labels.
const (
	Increasing          Label = "Increasing"
	Decreasing          Label = "Decreasing"
	NoSignificantChange Label = "No significant change"
	CannotBeCalculated  Label = "Cannot be calculated"
)

// Reason is why a trend has its label.
type Reason string

// The reasons: the first four make a trend incalculable, in this order of precedence; the next two leave it without
// significant change.
const (
	TooFewPoints    Reason = "too_few_points"   // fewer than five
	SeriesBreak     Reason = "series_break"     // the definition changed between two of the five
	MissingValue    Reason = "missing_value"    // a year without value, or no row for a year
	MissingInterval Reason = "missing_interval" // a value without limits, or with limits of no width
	NotSignificant  Reason = "not_significant"  // X² at or below its quantile
	OnePointDecides Reason = "one_point_decides"
	Significant     Reason = "significant"
)

// Trend is the outcome of [Trend5] and [TrendShares5]. Slope is a year's change: of the value, or of the logit of the
// share. The numbers are NaN when the trend cannot be calculated.
type Trend struct {
	Label               Label
	Reason              Reason
	Slope, ChiSquare, P float64
}

// Verdict says whether the trend goes the good way: [Better], [Worse], [Similar] without significant change, [Higher] or
// [Lower] for a neutral indicator, [NoVerdict] when it cannot be calculated.
func (t Trend) Verdict(d Direction) Verdict {
	switch t.Label {
	case Increasing:
		return judge(1, false, d)
	case Decreasing:
		return judge(-1, false, d)
	case NoSignificantChange:
		return Similar
	}
	return NoVerdict
}

// span is the number of yearly points that are tested.
const span = 5

// YearValue is one year of a series with limits. NaN and [Undefined] stand for what is missing.
type YearValue struct {
	Year   int
	Value  float64
	Limits Interval
	Break  bool // not comparable with the years before
}

// YearShare is one year of a series of proportions. NaN stands for what is missing.
type YearShare struct {
	Year          int
	Cases, Trials float64
	Break         bool // not comparable with the years before
}

// Trend5 tests the latest five years of a series for a linear trend (trend5), weighting each by its limits, which are
// all of the given level:
//
//	σ = (u − l)/(2z),  β by least squares with weights 1/σ²,  X² = β²/Var β
//
// The trend is significant at 99.8 % (X² > 9.5495, one degree of freedom), and then only if it keeps its direction
// without any one of the points. For proportions take [TrendShares5]. The years must not overlap: rolling windows are
// not for this test, nor are months.
//
// The rule is that of the trend markers of Fingertips (Office for Health Improvement and Disparities). What cannot be
// calculated is a label with a reason and no error. Errors: [ErrInput] for a year twice, infinite numbers, limits the
// wrong way round, or an unknown level.
func Trend5(points []YearValue, level Level) (Trend, error) {
	if !level.valid() {
		return noTrend(""), inputError("Trend5", "level %v", level)
	}
	points, reason, err := latest("Trend5", points)
	if err != nil || reason != "" {
		return noTrend(reason), err
	}
	fit := func(points []YearValue) (slope, variance float64) {
		var ts, ys, ws []float64
		for _, p := range points {
			se := p.Limits.StandardError(level)
			ts, ys, ws = append(ts, float64(p.Year-points[0].Year)), append(ys, p.Value), append(ws, 1/(se*se))
		}
		l := newLine(ts, ws)
		for i, c := range l.slope {
			variance += c * c / ws[i]
		}
		slope, _ = l.through(ys)
		return slope, variance
	}
	slope, variance := fit(points)
	return decide(points, slope, slope*slope/variance, func(points []YearValue) float64 {
		slope, _ := fit(points)
		return slope
	}), nil
}

// TrendShares5 is [Trend5] for proportions, by the test of Armitage for c cases of d trials in year t, with sums
// C = Σc and D = Σd:
//
//	X² = D(DΣct − CΣdt)² / (C(D − C)(DΣdt² − (Σdt)²))
//
// The direction is that of the least squares line through logit(c/d), every year weighing alike. For a year without any
// cases, or with nothing else, ½ is added to both c and d − c in its logit. All or none in all five years is no change.
//
// Armitage 1955. Errors: as [Trend5], and [ErrInput] unless 0 ≤ c ≤ d. A year without trials is a missing value.
func TrendShares5(points []YearShare) (Trend, error) {
	points, reason, err := latest("TrendShares5", points)
	if err != nil || reason != "" {
		return noTrend(reason), err
	}
	return decide(points, logitSlope(points), armitage(points), logitSlope), nil
}

func armitage(points []YearShare) float64 {
	var c, d, ct, dt, dtt float64
	for _, p := range points {
		t := float64(p.Year - points[0].Year)
		c, d = c+p.Cases, d+p.Trials
		ct, dt, dtt = ct+p.Cases*t, dt+p.Trials*t, dtt+p.Trials*t*t
	}
	if c == 0 || c == d {
		return 0
	}
	return d * (d*ct - c*dt) * (d*ct - c*dt) / (c * (d - c) * (d*dtt - dt*dt))
}

func logitSlope(points []YearShare) float64 {
	var ts, ys, ws []float64
	for _, p := range points {
		yes, no := p.Cases, p.Trials-p.Cases
		if yes == 0 || no == 0 {
			yes, no = yes+0.5, no+0.5
		}
		ts, ys, ws = append(ts, float64(p.Year-points[0].Year)), append(ys, math.Log(yes/no)), append(ws, 1)
	}
	slope, _ := newLine(ts, ws).through(ys)
	return slope
}

// decide applies the rule: significant, and in the same direction without any one of the points.
func decide[P any](points []P, slope, chiSquare float64, slopeOf func([]P) float64) Trend {
	z := Level998.Z()
	t := Trend{NoSignificantChange, NotSignificant, slope, chiSquare, twoSided(math.Sqrt(chiSquare))}
	if !(chiSquare > z*z) {
		return t
	}
	for i := range points {
		rest := slopeOf(slices.Delete(slices.Clone(points), i, i+1))
		if cmp.Compare(rest, 0) != cmp.Compare(slope, 0) {
			t.Reason = OnePointDecides
			return t
		}
	}
	t.Label, t.Reason = Decreasing, Significant
	if slope > 0 {
		t.Label = Increasing
	}
	return t
}

func noTrend(reason Reason) Trend {
	nan := math.NaN()
	return Trend{CannotBeCalculated, reason, nan, nan, nan}
}
