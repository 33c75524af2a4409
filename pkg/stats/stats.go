// Package stats holds the statistical methods: intervals for proportions, counts, rates, means, ratios, standardised
// rates and weighted surveys; differences and ratios of estimates with their tests; inequality over ordered groups; trends
// over time; and the verdicts that limits allow. Every function is pure and deterministic: equal arguments give bit-equal
// results on one architecture, so that a value can be recomputed and compared exactly. It knows nothing of what the
// numbers mean.
//
// Two errors exist, and callers branch on them with errors.Is: [ErrInput] says that the arguments are not possible at
// all (a bug or bad data), [ErrNotCalculable] that the method has no answer for these data. With the latter the estimate
// still carries every part that does exist, and [Undefined] as its interval.
package stats

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

var (
	// ErrInput is returned for arguments that cannot be: negative counts, more cases than trials, NaN, an unknown level.
	ErrInput = errors.New("stats: impossible argument")
	// ErrNotCalculable is returned where the data are possible but too few, or degenerate, for the method.
	ErrNotCalculable = errors.New("stats: not calculable")
)

// Level is the coverage probability of a two-sided interval.
type Level float64

// The two published levels.
const (
	Level95  Level = 0.95
	Level998 Level = 0.998
)

// Quantiles of the standard normal distribution for the published levels, at (1+level)/2.
const (
	z95  = 1.959963984540054
	z998 = 3.090232306167813
)

// Z returns the standard normal quantile at (1+level)/2. The published levels are constants.
func (l Level) Z() float64 {
	switch l {
	case Level95:
		return z95
	case Level998:
		return z998
	}
	return distuv.UnitNormal.Quantile(l.upperTail())
}

// T returns Student's quantile with df degrees of freedom at (1+level)/2; with infinitely many, [Level.Z]. The inverse beta
// function takes microseconds and the same degrees come again and again, so those of whole degrees up to mostDegrees are
// remembered.
func (l Level) T(df float64) float64 {
	if math.IsInf(df, 1) {
		return l.Z()
	}
	calculate := func() float64 { return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(l.upperTail()) }
	if l != Level95 && l != Level998 || df != math.Trunc(df) || df > mostDegrees {
		return calculate()
	}
	key := degrees{l, df}
	if q, ok := quantiles.Load(key); ok {
		return q.(float64)
	}
	q := calculate()
	quantiles.Store(key, q)
	return q
}

const mostDegrees = 100_000

type degrees struct {
	Level
	df float64
}

var quantiles sync.Map // of degrees: float64

func (l Level) upperTail() float64 { return (1 + float64(l)) / 2 }

func (l Level) valid() bool { return l > 0 && l < 1 }

// Interval is a closed interval in the unit of its estimate.
type Interval struct{ Lower, Upper float64 }

// Undefined is the interval of an estimate whose limits are not calculable: both ends are NaN.
var Undefined = Interval{math.NaN(), math.NaN()}

// Defined reports whether both limits are numbers.
func (i Interval) Defined() bool { return !math.IsNaN(i.Lower) && !math.IsNaN(i.Upper) }

// Contains reports whether v lies in the interval, its ends included.
func (i Interval) Contains(v float64) bool { return i.Lower <= v && v <= i.Upper }

// Scale multiplies both limits by f; a negative f swaps them. It is the interval of any linear transformation (LINEAR).
func (i Interval) Scale(f float64) Interval {
	if f < 0 {
		return Interval{i.Upper * f, i.Lower * f}
	}
	return Interval{i.Lower * f, i.Upper * f}
}

// Over returns the interval of c/x when i is the interval of x and c a constant: c/upper … c/lower. It is right only for
// one fixed sum c; two quantities that vary together need [Ratio]. A lower limit of 0 gives +Inf; a negative one or a
// negative c gives [Undefined].
func (i Interval) Over(c float64) Interval {
	if c < 0 || i.Lower < 0 || !i.Defined() {
		return Undefined
	}
	return Interval{c / i.Upper, c / i.Lower}
}

// Estimate is a point estimate, its standard error and its interval, all in the same unit. SE is NaN for methods that
// build their interval without one.
type Estimate struct {
	Value float64
	SE    float64
	Interval
}

// Scale multiplies value, standard error and limits by f.
func (e Estimate) Scale(f float64) Estimate {
	return Estimate{e.Value * f, e.SE * math.Abs(f), e.Interval.Scale(f)}
}

func symmetric(value, se, quantile float64) Interval {
	return Interval{value - quantile*se, value + quantile*se}
}

func undefined(value float64) Estimate { return Estimate{value, math.NaN(), Undefined} }

func inputError(function, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %s", ErrInput, function, fmt.Sprintf(format, args...))
}

func notCalculable(function, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %s", ErrNotCalculable, function, fmt.Sprintf(format, args...))
}

// finite reports whether every number is neither NaN nor infinite.
func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
