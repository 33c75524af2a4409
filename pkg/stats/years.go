package stats

import (
	"cmp"
	"math"
	"slices"
)

// yearly is one year of a series.
type yearly interface {
	year() int
	continues() bool // the year before, by the same definition
	possible() bool
	hasValue() bool
	hasInterval() bool
}

func (p YearValue) year() int         { return p.Year }
func (p YearValue) continues() bool   { return !p.Break }
func (p YearValue) hasValue() bool    { return !math.IsNaN(p.Value) }
func (p YearValue) hasInterval() bool { return p.Limits.Lower < p.Limits.Upper }

func (p YearValue) possible() bool {
	return !math.IsInf(p.Value, 0) && !math.IsInf(p.Limits.Lower, 0) && !math.IsInf(p.Limits.Upper, 0) &&
		!(p.Limits.Lower > p.Limits.Upper)
}

func (p YearShare) year() int         { return p.Year }
func (p YearShare) continues() bool   { return !p.Break }
func (p YearShare) hasValue() bool    { return p.Cases >= 0 && p.Trials > 0 }
func (p YearShare) hasInterval() bool { return true }

func (p YearShare) possible() bool {
	return !math.IsInf(p.Trials, 0) && !(p.Cases < 0) && !(p.Trials < 0) && !(p.Cases > p.Trials)
}

// latest returns the latest five years in order, or the reason why they cannot be tested.
func latest[P yearly](name string, points []P) ([]P, Reason, error) {
	points = slices.Clone(points)
	slices.SortFunc(points, func(a, b P) int { return cmp.Compare(a.year(), b.year()) })
	for i, p := range points {
		if !p.possible() || (i > 0 && points[i-1].year() == p.year()) {
			return nil, "", inputError(name, "%+v", p)
		}
	}
	if len(points) < span {
		return nil, TooFewPoints, nil
	}
	points = points[len(points)-span:]
	return points, lacking(points), nil
}

// lacking returns the first reason against testing these years, in the order of precedence.
func lacking[P yearly](points []P) Reason {
	none := func(p P) bool { return !p.hasValue() }
	bare := func(p P) bool { return !p.hasInterval() }
	first, last := points[0], points[len(points)-1]
	switch {
	case slices.ContainsFunc(points[1:], func(p P) bool { return !p.continues() }):
		return SeriesBreak
	case slices.ContainsFunc(points, none), last.year()-first.year() != len(points)-1:
		return MissingValue
	case slices.ContainsFunc(points, bare):
		return MissingInterval
	}
	return ""
}
