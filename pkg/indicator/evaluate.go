package indicator

import (
	"errors"
	"fmt"
	"math"

	"vointi.fi/pkg/stats"
)

// Value is what an entry makes of the counts of one cell. Numbers that do not exist are NaN.
type Value struct {
	Value         float64 // in the entry's unit
	I95, I998     stats.Interval
	Numerator     float64
	Denominator   float64
	Crude         float64
	EffectiveSize float64
	Respondents   int64 // of a survey
	Flags         []string
	Method        Method // as applied: a fallback differs from the entry's
	NoData        bool   // there is nothing to divide by, or nobody asked: no value, which is not zero
}

// The flags of values.
const (
	FlagNotCalculable = "interval_not_calculable"
	FlagAboveWhole    = "numerator_above_denominator"
	FlagUnallocated   = "unallocated"
	FlagNoWeights     = "no_weights"
)

// Sums gives the integer of a stored measure in one cell; 0 for one that has no rows.
type Sums func(Measure) int64

// Evaluate turns the sums of one cell into a value with 95 % and 99.8 % intervals by the entry's method. population is
// the number of residents of the cell, NaN if it is not known; entries without one ignore it. The same sums give the
// same value, bit for bit.
func (e *Entry) Evaluate(sums Sums, population float64) (Value, error) {
	v := Value{Method: e.Method, Crude: math.NaN(), EffectiveSize: math.NaN(), Denominator: math.NaN(), I95: stats.Undefined, I998: stats.Undefined}
	numerator := e.Numerator.Name()
	v.Numerator = float64(sums(numerator))
	if e.Denominator.Measure == Population {
		v.Denominator = population
	} else if e.Denominator.Measure != "" {
		v.Denominator = float64(sums(e.Denominator.Name()))
	}
	var err error
	switch e.Method {
	case Count:
		err = v.count(e.Scale, func(l stats.Level) (stats.Interval, error) { return stats.Count(v.Numerator, l) })
	case CountNonIndependent:
		squares := float64(sums(numerator.Squares()))
		err = v.count(e.Scale, func(l stats.Level) (stats.Interval, error) {
			return stats.CountNonIndependent(v.Numerator, squares, l)
		})
	case Proportion:
		err = v.proportion(e.Scale)
	case RateNonIndependent:
		err = v.rate(e.Scale, float64(sums(numerator.Squares())))
	case RatioOfSums:
		err = v.ratio(e, sums)
	default:
		v.Value = v.Numerator * e.Scale
	}
	if err != nil {
		return v, fmt.Errorf("evaluate %s: %w", e.ID, err)
	}
	return v, nil
}

// intervals sets both intervals with f, scaled. An interval that the data cannot give becomes a flag, not an error.
func (v *Value) intervals(scale float64, f func(stats.Level) (stats.Interval, error)) error {
	for level, into := range map[stats.Level]*stats.Interval{stats.Level95: &v.I95, stats.Level998: &v.I998} {
		i, err := f(level)
		if err != nil && !errors.Is(err, stats.ErrNotCalculable) {
			return err
		}
		*into = i.Scale(scale)
	}
	if !v.I95.Defined() {
		v.Flags = append(v.Flags, FlagNotCalculable)
	}
	return nil
}

func (v *Value) count(scale float64, f func(stats.Level) (stats.Interval, error)) error {
	v.Value = v.Numerator * scale
	return v.intervals(scale, f)
}

func (v *Value) proportion(scale float64) error {
	if !v.divisible() {
		return nil
	}
	v.Value = scale * v.Numerator / v.Denominator
	if v.Numerator > v.Denominator {
		v.Flags = append(v.Flags, FlagAboveWhole)
		return nil
	}
	return v.intervals(scale, func(l stats.Level) (stats.Interval, error) {
		return stats.Wilson(v.Numerator, v.Denominator, l)
	})
}

func (v *Value) rate(scale, squares float64) error {
	if !v.divisible() {
		return nil
	}
	v.Value = scale * v.Numerator / v.Denominator
	return v.intervals(1, func(l stats.Level) (stats.Interval, error) {
		e, err := stats.RateNonIndependent(v.Numerator, squares, v.Denominator, scale, l)
		return e.Interval, err
	})
}

// divisible notes that there is no value where there is no denominator.
func (v *Value) divisible() bool {
	if v.Denominator > 0 {
		return true
	}
	v.Value, v.NoData = math.NaN(), true
	return false
}

func (v *Value) ratio(e *Entry, sums Sums) error {
	parts := e.Numerator.Measure.Parts()
	s := stats.RatioSums{
		N: sums(parts[0]), C: sums(parts[1]), V: sums(parts[2]), CC: sums(parts[3]), VV: sums(parts[4]), CV: sums(parts[5]),
	}
	v.Numerator, v.Denominator = float64(s.C), float64(s.V)
	if e.Numerator.Measure == CostPerVisit {
		v.Numerator /= 100
		if sums(UnallocatedCents) > 0 {
			v.Flags = append(v.Flags, FlagUnallocated)
		}
	}
	if !v.divisible() {
		return nil
	}
	v.Value = e.Scale * float64(s.C) / float64(s.V)
	return v.intervals(e.Scale, func(l stats.Level) (stats.Interval, error) {
		r, err := stats.RatioFromSums(s, l)
		return r.Interval, err
	})
}
