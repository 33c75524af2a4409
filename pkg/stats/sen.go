package stats

import (
	"math"
	"slices"
)

// Point is a value at a time, in any units of both.
type Point struct{ T, Y float64 }

// TheilSen returns the median of the slopes (yⱼ − yᵢ)/(tⱼ − tᵢ) of all pairs of points at different times, in the unit of
// Y by that of T. The limits are the slopes of rank (N − C)/2 and (N + C)/2 + 1 of the N, ranks rounded, with
// C = z·√Var and Var as in [MannKendall]. SE is NaN. The order of the points does not matter.
//
// Theil 1950; Sen 1968; Gilbert 1987, ch. 16. Errors: [ErrInput] for numbers that are not finite; [ErrNotCalculable]
// without two different times (no value), or when the points are too few for the level (the slope is given).
func TheilSen(points []Point, level Level) (Estimate, error) {
	return SeasonalTheilSen([][]Point{points}, level)
}

// SeasonalTheilSen is [TheilSen] of several series, one for each season: slopes are taken within seasons only, and Var is
// the sum over seasons. T must be in one unit throughout, years say.
//
// Hirsch, Slack & Smith 1982; Gilbert 1987, ch. 17. Errors: as [TheilSen].
func SeasonalTheilSen(seasons [][]Point, level Level) (Estimate, error) {
	var all []float64
	var variance float64
	for _, points := range seasons {
		var ts, ys []float64
		for _, p := range points {
			if !finite(p.T, p.Y) {
				return undefined(math.NaN()), inputError("TheilSen", "point %v", p)
			}
			ts, ys = append(ts, p.T), append(ys, p.Y)
		}
		all = append(all, slopes(points)...)
		variance += scoreVariance(len(points), ties(ts), ties(ys))
	}
	if !level.valid() {
		return undefined(math.NaN()), inputError("TheilSen", "level %v", level)
	}
	if len(all) == 0 {
		return undefined(math.NaN()), notCalculable("TheilSen", "no two different times")
	}
	slices.Sort(all)
	return ranked(all, level.Z()*math.Sqrt(max(variance, 0)))
}

// slopes returns those of all pairs of points at different times.
func slopes(points []Point) (all []float64) {
	for j, b := range points {
		for _, a := range points[:j] {
			if a.T != b.T {
				all = append(all, (b.Y-a.Y)/(b.T-a.T))
			}
		}
	}
	return all
}

// ranked returns the median of sorted slopes, and the limits for the width c in ranks.
func ranked(sorted []float64, c float64) (Estimate, error) {
	n := len(sorted)
	median := sorted[(n-1)/2]/2 + sorted[n/2]/2
	low := int(math.RoundToEven((float64(n) - c) / 2))
	top := int(math.RoundToEven((float64(n)+c)/2)) + 1
	if low < 1 || top > n {
		return undefined(median), notCalculable("TheilSen", "%d slopes are too few for the level", n)
	}
	return Estimate{median, math.NaN(), Interval{min(sorted[low-1], median), max(sorted[top-1], median)}}, nil
}
