package costeffect

import (
	"math"

	"vointi.fi/pkg/stats"
)

// Pair is one quantity in the pilot and in the comparison area.
type Pair struct{ Pilot, Comparison stats.Estimate }

// FourMeans returns the difference in differences of four independent estimates of one unit, of which only Value and SE
// are read:
//
//	δ = (P₁ − P₀) − (C₁ − C₀),  SE = √Σ se²,  δ ± z·SE
//
// The standard error knows the sampling of persons only. With one pilot and one comparison area nothing can be said of what
// else happened in either: the result needs the flag [AreaShocks].
//
// Card & Krueger 1994. Errors: [stats.ErrInput] for values that are not finite or a negative SE; [stats.ErrNotCalculable],
// with δ, when an SE is unknown or all are 0.
func FourMeans(before, after Pair, level stats.Level) (Effect, error) {
	var squares float64
	for _, e := range []stats.Estimate{before.Pilot, before.Comparison, after.Pilot, after.Comparison} {
		if !finite(e.Value) || e.SE < 0 || math.IsInf(e.SE, 0) {
			return noEffect(math.NaN()), inputError("mean %v with standard error %v", e.Value, e.SE)
		}
		squares += e.SE * e.SE
	}
	delta := after.Pilot.Value - before.Pilot.Value - (after.Comparison.Value - before.Comparison.Value)
	return newEffect(delta, math.Sqrt(squares), math.Inf(1), level)
}

// Contacts is how often a population used a service.
type Contacts struct{ Events, Population float64 }

// rate is the contacts per resident, with a standard error that allows for dispersion.
func (c Contacts) rate(dispersion float64) stats.Estimate {
	return stats.Estimate{Value: c.Events / c.Population, SE: math.Sqrt(dispersion*c.Events) / c.Population}
}

// ContactPair is the contacts of the pilot and of the comparison area.
type ContactPair struct{ Pilot, Comparison Contacts }

// FourCounts returns the difference in differences of contacts per resident:
//
//	δ = (r₁ − r₀) of the pilot − (r₁ − r₀) of the comparison,  r = events/population,  SE = √(φ·Σ events/population²)
//
// φ is the dispersion, variance over mean of contacts per person: contacts repeat within persons, so it is rarely 1. With 1
// the counts are taken for Poisson, and the result needs the flag [PoissonAssumed].
//
// Errors: [stats.ErrInput] for negative events, populations that are not above 0, or φ below 0; [stats.ErrNotCalculable],
// with δ, when nothing happened anywhere.
func FourCounts(before, after ContactPair, dispersion float64, level stats.Level) (Effect, error) {
	if !finite(dispersion) || dispersion <= 0 {
		return noEffect(math.NaN()), inputError("dispersion %v", dispersion)
	}
	for _, c := range []Contacts{before.Pilot, before.Comparison, after.Pilot, after.Comparison} {
		if !finite(c.Events, c.Population) || c.Events < 0 || c.Population <= 0 {
			return noEffect(math.NaN()), inputError("%v contacts of %v residents", c.Events, c.Population)
		}
	}
	return FourMeans(
		Pair{before.Pilot.rate(dispersion), before.Comparison.rate(dispersion)},
		Pair{after.Pilot.rate(dispersion), after.Comparison.rate(dispersion)}, level)
}

// Moments are those of a sample: its size, mean and variance with n − 1.
type Moments struct{ N, Mean, Variance float64 }

// SamePersons returns the difference in differences of a panel, from each person's own change: the mean change in the
// pilot less that in the comparison area, by Welch's t. What a person brings to both measurements cancels, so it is far
// more precise than [FourMeans] of the same answers.
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
