// Package costeffect evaluates programmes: what one cost, what changed because of it, what that is worth, and how sure
// that is. Effects are differences in differences; costs and effects meet in ratios, net benefits and simulations. Every
// function is pure and deterministic, seeds included. Money is in one currency at the prices of one year; the caller sees to
// that, and to what the numbers mean.
//
// Errors are those of package stats: [stats.ErrInput] for arguments that cannot be, [stats.ErrNotCalculable] where the
// method has no answer. A comparison that the design does not allow is refused with one of the errors here, which say why.
package costeffect

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"vointi.fi/pkg/stats"
)

// Why a comparison is refused. There is no number then, not even a doubtful one.
var (
	ErrNoPilot      = errors.New("costeffect: no pilot area has data")
	ErrNoComparison = errors.New("costeffect: no comparison area has data")
	ErrNoBefore     = errors.New("costeffect: no period before the start that pilot and comparison areas share")
	ErrFewBefore    = errors.New("costeffect: fewer than two periods before the start that pilot and comparison areas share")
	ErrNoAfter      = errors.New("costeffect: no period from the start on that pilot and comparison areas share")
)

// Effect is an estimated effect and the test that there is none.
type Effect struct {
	stats.Estimate
	T  float64 // test statistic; NaN if there is no test
	DF float64 // degrees of freedom of Student's distribution behind T and the limits; +Inf: the normal one
	P  float64 // two-sided
}

// newEffect adds Student's limits and test to a value with its standard error. An SE of 0 makes no test: nothing is known
// about what varies.
func newEffect(value, se, df float64, level stats.Level) (Effect, error) {
	if !(se > 0) || math.IsInf(se, 0) || !(df >= 1) {
		return noEffect(value), notCalculable("%v with standard error %v and %v degrees of freedom", value, se, df)
	}
	quantile := level.T(df)
	e := Effect{T: value / se, DF: df}
	e.Estimate = stats.Estimate{Value: value, SE: se, Interval: stats.Interval{Lower: value - quantile*se, Upper: value + quantile*se}}
	e.P = twoSided(e.T, df)
	return e, nil
}

func noEffect(value float64) Effect {
	nan := math.NaN()
	return Effect{Estimate: stats.Estimate{Value: value, SE: nan, Interval: stats.Undefined}, T: nan, DF: nan, P: nan}
}

func twoSided(t, df float64) float64 {
	if math.IsInf(df, 1) {
		return 2 * distuv.UnitNormal.Survival(math.Abs(t))
	}
	return 2 * distuv.StudentsT{Sigma: 1, Nu: df}.Survival(math.Abs(t))
}

func inputError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", stats.ErrInput, fmt.Sprintf(format, args...))
}

func notCalculable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", stats.ErrNotCalculable, fmt.Sprintf(format, args...))
}

func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
