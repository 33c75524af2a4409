package stats

import (
	"cmp"
	"math"
	"slices"
)

// BenjaminiHochberg returns the adjusted p-values of a family of tests: the least false discovery rate at which each
// would be a discovery,
//
//	min over j ≥ i of p₍ⱼ₎·m/j,  at most 1
//
// where m is the number of tests. NaN stands for a test that was not made: it stays NaN and does not count in m, so a
// table with hidden cells can be passed whole. The order of ps is kept. The rate is controlled for tests that are
// independent or positively dependent, not for any others.
//
// Benjamini & Hochberg 1995. Errors: [ErrInput] for a p below 0 or above 1.
func BenjaminiHochberg(ps []float64) ([]float64, error) {
	adjusted := make([]float64, len(ps))
	var made []int
	for i, p := range ps {
		if p < 0 || p > 1 {
			return nil, inputError("BenjaminiHochberg", "p = %v", p)
		}
		adjusted[i] = p
		if !math.IsNaN(p) {
			made = append(made, i)
		}
	}
	slices.SortFunc(made, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	least := 1.0
	for rank := len(made); rank > 0; rank-- {
		i := made[rank-1]
		// p is written apart, lest rounding put p·m/m below it
		least = min(least, max(ps[i], ps[i]*float64(len(made))/float64(rank)))
		adjusted[i] = least
	}
	return adjusted, nil
}
