package stats

import "math"

// Band is one stratum (an age band, say) of a standardised rate.
type Band struct {
	Count      float64 // events, or cases
	Squares    float64 // Σ k² over individuals with k events; only [DSRNonIndependent] reads it
	Population float64 // persons, or persons asked
	Weight     float64 // of the standard population; need not sum to anything particular
}

// DSR returns the directly standardised rate with Dobson's interval (DSR):
//
//	(1/W)·Σ wᵢOᵢ/nᵢ,  Var = (1/W²)·Σ wᵢ²Oᵢ/nᵢ²,  limits DSR + √(Var/O)·(Byar(O) − O)
//
// where W = Σw and O = ΣO. Value, SE = √Var and limits are per `per` persons.
//
// Dobson et al. 1991. Errors: [ErrInput] for negative or not finite numbers, per ≤ 0 or no weight; [ErrNotCalculable],
// with no value, for O < 10 or a band without population.
func DSR(bands []Band, per float64, level Level) (Estimate, error) {
	return standardise("DSR", bands, per, level, func(b Band) float64 { return b.Count })
}

// DSRNonIndependent is [DSR] for events that the same individuals repeat (DSR-NI): Var = (1/W²)·Σ (wᵢ/nᵢ)²·Σk², with
// each band's [Band.Squares].
//
// Errors: as [DSR], and [ErrInput] when a band's Squares is below its Count.
func DSRNonIndependent(bands []Band, per float64, level Level) (Estimate, error) {
	for _, b := range bands {
		if !(b.Squares >= b.Count) {
			return undefined(math.NaN()), inputError("DSRNonIndependent", "sum of squares %v below count %v", b.Squares, b.Count)
		}
	}
	return standardise("DSRNonIndependent", bands, per, level, func(b Band) float64 { return b.Squares })
}

func standardise(name string, bands []Band, per float64, level Level, squares func(Band) float64) (Estimate, error) {
	none := undefined(math.NaN())
	weight, ok := checkBands(bands)
	if !ok || !level.valid() || !finite(per) || per <= 0 {
		return none, inputError(name, "%d bands, per %v, level %v", len(bands), per, level)
	}
	var events, rate, variance float64
	for _, b := range bands {
		if b.Population == 0 {
			return none, notCalculable(name, "a band without population")
		}
		share := b.Weight / weight / b.Population
		events += b.Count
		rate += share * b.Count
		variance += share * share * squares(b)
	}
	if events < fewest {
		return none, notCalculable(name, "%v events", events)
	}
	return Estimate{rate, math.Sqrt(variance), widen(rate, events, variance, level)}.Scale(per), nil
}

// StandardisedProportion is the result of [ASP].
type StandardisedProportion struct {
	Estimate
	EffectiveN float64 // n with which a simple random sample would be as precise
}

// ASP returns the age-standardised proportion of persons (ASP), for shares too large for a Poisson interval:
//
//	p = Σ wᵢpᵢ/W,  Var = Σ (wᵢ/W)²·pᵢ(1−pᵢ)/nᵢ,  n_eff = p(1−p)/Var,  limits [Wilson](p·n_eff, n_eff)
//
// For p = 0 or 1, where Var is 0, n_eff is 1/Σ((wᵢ/W)²/nᵢ): the same formula for bands of equal proportion. Shares, 0 to 1.
//
// Errors: [ErrInput] for negative or not finite numbers, no weight, or a count above its population; [ErrNotCalculable]
// for a weighted band without population.
func ASP(bands []Band, level Level) (StandardisedProportion, error) {
	none := StandardisedProportion{undefined(math.NaN()), math.NaN()}
	weight, ok := checkBands(bands)
	if !ok || !level.valid() {
		return none, inputError("ASP", "%d bands at level %v", len(bands), level)
	}
	var p, variance, design float64
	for _, b := range bands {
		if b.Count > b.Population {
			return none, inputError("ASP", "%v of %v in one band", b.Count, b.Population)
		}
		if b.Population == 0 {
			return none, notCalculable("ASP", "a band without population")
		}
		share, pi := b.Weight/weight, b.Count/b.Population
		p += share * pi
		variance += share * share * pi * (1 - pi) / b.Population
		design += share * share / b.Population
	}
	p = min(p, 1)
	nEff := 1 / design
	if variance > 0 && p < 1 {
		nEff = p * (1 - p) / variance
	}
	i, err := WilsonEffective(p, nEff, level)
	return StandardisedProportion{Estimate{p, math.Sqrt(variance), i}, nEff}, err
}

// checkBands returns the sum of weights, and whether all numbers are possible.
func checkBands(bands []Band) (weight float64, ok bool) {
	for _, b := range bands {
		if !finite(b.Count, b.Population, b.Weight) || b.Count < 0 || b.Population < 0 || b.Weight < 0 {
			return 0, false
		}
		weight += b.Weight
	}
	return weight, weight > 0
}
