package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// fewest is the count from which Byar's approximation is used; below, the exact Poisson limits.
const fewest = 10

// The exact limits of the counts 0 … 9 at the published levels, since a χ² quantile costs microseconds and counts are
// asked for by the million.
var exact95, exact998 = exactTable(Level95), exactTable(Level998)

func exactTable(level Level) (table [fewest]Interval) {
	for o := range table {
		table[o] = poisson(float64(o), level)
	}
	return table
}

// poisson returns the exact limits χ²(α/2; 2O)/2 and χ²(1 − α/2; 2O + 2)/2.
func poisson(o float64, level Level) Interval {
	i := Interval{0, distuv.ChiSquared{K: 2*o + 2}.Quantile(level.upperTail()) / 2}
	if o > 0 {
		i.Lower = distuv.ChiSquared{K: 2 * o}.Quantile(1-level.upperTail()) / 2
	}
	return i
}

// byar returns Byar's approximation of the Poisson limits:
//
//	O(1 − 1/(9O) − z/(3√O))³,  (O+1)(1 − 1/(9(O+1)) + z/(3√(O+1)))³
func byar(o, z float64) Interval {
	cube := func(n, sign float64) float64 {
		root := 1 - 1/(9*n) + sign*z/(3*math.Sqrt(n))
		return n * root * root * root
	}
	return Interval{max(cube(o, -1), 0), cube(o+1, 1)}
}

// Count returns the limits of a count O of independent events (CNT): exact Poisson for O < 10, Byar's approximation from
// 10. Unit: that of O. A count of 0 has the lower limit 0.
//
// Breslow & Day 1987, vol. II. Errors: [ErrInput] for O < 0 or not finite.
func Count(o float64, level Level) (Interval, error) {
	if !level.valid() || !finite(o) || o < 0 {
		return Undefined, inputError("Count", "%v at level %v", o, level)
	}
	return count(o, level), nil
}

func count(o float64, level Level) Interval {
	if o >= fewest {
		return byar(o, level.Z())
	}
	if o == math.Trunc(o) {
		switch level {
		case Level95:
			return exact95[int(o)]
		case Level998:
			return exact998[int(o)]
		}
	}
	return poisson(o, level)
}

// CountNonIndependent returns the limits of a count O of events that the same individuals repeat (CNT-NI):
//
//	O + √(V/O)·(limit of [Count] − O)
//
// V = Σ k² over individuals with k events each, so V ≥ O, and V = O gives the limits of [Count]. The lower limit is at
// least 0.
//
// The idea is Dobson's, with the variance of clustered events for the Poisson one. Errors: [ErrInput] for O < 0, V < O
// or numbers that are not finite.
func CountNonIndependent(o, v float64, level Level) (Interval, error) {
	if !level.valid() || !finite(o, v) || o < 0 || v < o {
		return Undefined, inputError("CountNonIndependent", "%v events, sum of squares %v, level %v", o, v, level)
	}
	if v == o {
		return count(o, level), nil // to the bit; also for O = 0, where V/O is undefined
	}
	return widen(o, o, v, level), nil
}

// widen returns Dobson's limits of value, which is estimated from o events and has the variance v:
// value + √(v/o)·(limit of the count o − o).
func widen(value, o, v float64, level Level) Interval {
	limits, factor := count(o, level), math.Sqrt(v/o)
	return Interval{max(value+factor*(limits.Lower-o), 0), value + factor*(limits.Upper-o)}
}

// Rate returns O/n·per with the limits of [Count] scaled alike (RATE). Unit: events per `per` of n, e.g. per = 1 000.
//
// Errors: [ErrInput] for O < 0, n < 0, per ≤ 0 or numbers that are not finite; [ErrNotCalculable] for n = 0.
func Rate(o, n, per float64, level Level) (Estimate, error) {
	return RateNonIndependent(o, o, n, per, level)
}

// RateNonIndependent is [Rate] with the limits of [CountNonIndependent]; V = Σ k² (RATE with NI). SE is √V/n·per.
//
// Errors: as [Rate], and [ErrInput] for V < O.
func RateNonIndependent(o, v, n, per float64, level Level) (Estimate, error) {
	if !finite(n, per) || n < 0 || per <= 0 {
		return undefined(math.NaN()), inputError("Rate", "denominator %v, per %v", n, per)
	}
	i, err := CountNonIndependent(o, v, level)
	if err != nil {
		return undefined(math.NaN()), err
	}
	if n == 0 {
		return undefined(math.NaN()), notCalculable("Rate", "denominator 0")
	}
	return Estimate{o, math.Sqrt(v), i}.Scale(per / n), nil
}
