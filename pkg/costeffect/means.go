package costeffect

import (
	"math"

	"vointi.fi/pkg/stats"
)

// Moments are those of a sample: its size, mean and variance with n − 1.
type Moments struct{ N, Mean, Variance float64 }

// SamePersons returns the difference in differences of a panel, from each person's own change: the mean change in the
// pilot less that in the comparison area, by Welch's t. What a person brings to both measurements cancels, so it is far
// more precise than [Panel.Sampling] of the same answers.
//
// Welch 1947. Errors: [stats.ErrInput] for moments that cannot be; [stats.ErrNotCalculable], with the difference, for fewer
// than two persons on a side or no variance at all.
func SamePersons(pilot, comparison Moments, level stats.Level) (Effect, error) {
	for _, m := range []Moments{pilot, comparison} {
		if !finite(m.N, m.Mean, m.Variance) || m.N < 0 || m.Variance < 0 {
			return noEffect(math.NaN()), inputError("moments %+v", m)
		}
	}
	delta := pilot.Mean - comparison.Mean
	if pilot.N < 2 || comparison.N < 2 {
		return noEffect(delta), notCalculable("panels of %v and %v persons", pilot.N, comparison.N)
	}
	a, b := pilot.Variance/pilot.N, comparison.Variance/comparison.N
	df := (a + b) * (a + b) / (a*a/(pilot.N-1) + b*b/(comparison.N-1))
	return newEffect(delta, math.Sqrt(a+b), df, level)
}

// Avoided returns the cost avoided by an effect on contacts per resident: −δ × residents × unit cost.
func (e Effect) Avoided(residents, unitCost float64) stats.Estimate {
	return e.Scale(-residents * unitCost)
}

// Dispersion estimates φ, variance over mean of contacts per person, from how many persons had any: that of the negative binomial
// distribution with this mean μ and this share without a contact,
//
//	(1 + μ/k)^−k = 1 − persons/population,  φ = 1 + μ/k
//
// It is 1 where no more are without a contact than Poisson's law lets expect. Errors: [stats.ErrInput] for counts that cannot be or are
// not known; [stats.ErrNotCalculable] if all have a contact, or nobody.
func Dispersion(contacts, persons, population float64) (float64, error) {
	if !finite(contacts, persons, population) || persons < 0 || contacts < persons || persons > population || population <= 0 {
		return math.NaN(), inputError("%v contacts of %v persons of %v", contacts, persons, population)
	}
	mean, none := contacts/population, 1-persons/population
	if persons == 0 || none == 0 {
		return math.NaN(), notCalculable("a dispersion from %v persons of %v", persons, population)
	}
	// With φ = 1 + μ/k the share is −ln none = μ·ln φ/(φ − 1), which falls from μ, at φ = 1, to 0.
	share := -math.Log(none)
	if share >= mean {
		return 1, nil
	}
	low, high := 1., 2.
	for mean*math.Log(high)/(high-1) > share {
		high *= 2
	}
	for range 200 {
		if middle := (low + high) / 2; mean*math.Log(middle)/(middle-1) > share {
			low = middle
		} else {
			high = middle
		}
	}
	return high, nil
}
