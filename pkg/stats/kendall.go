package stats

import (
	"math"
	"slices"
)

// Kendall is the result of a rank test for trend.
type Kendall struct {
	S        float64 // rising pairs less falling pairs
	Variance float64 // of S when there is no trend
	Z        float64 // (S ∓ 1)/√Variance
	P        float64 // two-sided
	Exact    bool    // P is of the permutation distribution of S; else normal, of Z
}

// fewestNormal is the number of values up to which p is exact.
const fewestNormal = 10

// MannKendall tests values in the order of time for a monotone trend:
//
//	S = Σ sign(xⱼ − xᵢ) over i < j,  Var = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)]/18,  Z = (S ∓ 1)/√Var
//
// t being the sizes of groups of equal values. Up to 10 values P is exact, over all orders of these values, ties
// included; beyond, it is that of Z. Unequal steps of time do not matter; values missing in between are simply left out.
// Values must not depend on one another: overlapping windows do, and months mostly do by season ([SeasonalKendall]).
//
// Mann 1945; Kendall 1975. Errors: [ErrInput] for values that are not finite; [ErrNotCalculable] for fewer than two.
// Equal values have S = 0 and P = 1.
func MannKendall(xs []float64) (Kendall, error) {
	if !finite(xs...) {
		return noKendall(), inputError("MannKendall", "values that are not finite")
	}
	if len(xs) < 2 {
		return noKendall(), notCalculable("MannKendall", "%d values", len(xs))
	}
	k := normalKendall(score(xs), scoreVariance(len(xs), ties(xs)))
	if len(xs) <= fewestNormal {
		k.P, k.Exact = exactKendall(k.S, ties(xs)), true
	}
	return k, nil
}

// SeasonalKendall tests several series, one for each season, for a common trend: S and Var are the sums of those of
// [MannKendall], so that January is only ever compared with January. Each series is in the order of time. P is that of Z.
// Seasons are taken as independent; where one month carries over to the next, P is too small.
//
// Hirsch, Slack & Smith 1982; Hirsch & Slack 1984. Errors: [ErrInput] for values that are not finite; [ErrNotCalculable]
// when no season has two values.
func SeasonalKendall(seasons [][]float64) (Kendall, error) {
	var s, variance float64
	enough := false
	for _, xs := range seasons {
		if !finite(xs...) {
			return noKendall(), inputError("SeasonalKendall", "values that are not finite")
		}
		enough = enough || len(xs) > 1
		s += score(xs)
		variance += scoreVariance(len(xs), ties(xs))
	}
	if !enough {
		return noKendall(), notCalculable("SeasonalKendall", "no season with two values")
	}
	return normalKendall(s, variance), nil
}

// Verdict says whether the trend goes the good way, at 95 % and "much" at 99.8 %; [Similar] where there is none, [NoVerdict]
// without a test.
func (k Kendall) Verdict(d Direction) Verdict {
	switch {
	case math.IsNaN(k.P):
		return NoVerdict
	case k.P >= 0.05:
		return Similar
	}
	side := 1
	if k.S < 0 {
		side = -1
	}
	return judge(side, k.P < 0.002, d)
}

func noKendall() Kendall {
	nan := math.NaN()
	return Kendall{nan, nan, nan, nan, false}
}

func normalKendall(s, variance float64) Kendall {
	k := Kendall{S: s, Variance: variance}
	if s != 0 {
		k.Z = (s - math.Copysign(1, s)) / math.Sqrt(variance)
	}
	k.P = twoSided(k.Z)
	return k
}

// score returns S.
func score(xs []float64) (s float64) {
	for j := range xs {
		for i := range j {
			switch {
			case xs[j] > xs[i]:
				s++
			case xs[j] < xs[i]:
				s--
			}
		}
	}
	return s
}

// ties returns the sizes of the groups of equal values, those of one value included.
func ties(xs []float64) (sizes []int) {
	sorted := slices.Sorted(slices.Values(xs))
	for i, x := range sorted {
		if i == 0 || x != sorted[i-1] {
			sizes = append(sizes, 0)
		}
		sizes[len(sizes)-1]++
	}
	return sizes
}

// scoreVariance returns Var S of n values, each kind of ties taken off.
func scoreVariance(n int, ties ...[]int) float64 {
	term := func(n int) float64 { return float64(n) * float64(n-1) * float64(2*n+5) }
	v := term(n)
	for _, sizes := range ties {
		for _, t := range sizes {
			v -= term(t)
		}
	}
	return v / 18
}

// exactKendall returns P(|S| ≥ |s|) over all orders of values with these ties. An order with k falling pairs has
// S = pairs − 2k, and the number of orders with k falling pairs is the coefficient of qᵏ in the multinomial
// ∏(1 − qⁱ)/∏∏(1 − qʲ), i to n and j to each t (MacMahon). All coefficients are whole and small, so the sums are exact.
func exactKendall(s float64, ties []int) float64 {
	n, pairs := 0, 0
	for _, t := range ties {
		pairs += n * t
		n += t
	}
	orders := make([]float64, pairs+1)
	orders[0] = 1
	for i := 1; i <= n; i++ {
		for k := pairs; k >= i; k-- {
			orders[k] -= orders[k-i]
		}
	}
	for _, t := range ties {
		for j := 1; j <= t; j++ {
			for k := j; k <= pairs; k++ {
				orders[k] += orders[k-j]
			}
		}
	}
	var tail, all float64
	for k, count := range orders {
		all += count
		if float64(pairs-2*k) >= math.Abs(s) {
			tail += count
		}
	}
	return min(2*tail/all, 1)
}
