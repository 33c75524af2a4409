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
// Errors: as [DSR], and [ErrInput] when a band's Squares is below its Count or not finite.
func DSRNonIndependent(bands []Band, per float64, level Level) (Estimate, error) {
	for _, b := range bands {
		if !finite(b.Squares) || !(b.Squares >= b.Count) {
			return undefined(math.NaN()), inputError("DSRNonIndependent", "sum of squares %v of count %v", b.Squares, b.Count)
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
// Where Var is 0, as for p = 0 or 1, n_eff is 1/Σ((wᵢ/W)²/nᵢ): the same formula for bands of equal proportion. Shares, 0
// to 1.
//
// Errors: [ErrInput] for negative or not finite numbers, no weight, or a count above its population; [ErrNotCalculable]
// for a weighted band without population.
func ASP(bands []Band, level Level) (StandardisedProportion, error) {
	if _, ok := checkBands(bands); !ok {
		return noStandardised(), inputError("ASP", "%d bands", len(bands))
	}
	shares := make([]ShareBand, len(bands))
	for i, b := range bands {
		if b.Count > b.Population {
			return noStandardised(), inputError("ASP", "%v of %v in one band", b.Count, b.Population)
		}
		p := b.Count / b.Population
		shares[i] = ShareBand{p, p * (1 - p) / b.Population, b.Population, b.Weight}
	}
	return standardiseShares("ASP", shares, level)
}

// ShareBand is one stratum of a standardised proportion that was estimated elsewhere, by a survey say.
type ShareBand struct {
	Share      float64 // 0 to 1
	Variance   float64 // of Share, by the design
	EffectiveN float64 // what [ASPSurvey] takes for n where all variances are 0; a band with 0 has no estimate
	Weight     float64 // of the standard population
}

// ASPSurvey is [ASP] of estimated shares with their design variances in place of pᵢ(1−pᵢ)/nᵢ. A [SurveyEstimate] gives
// Value, SE² and EffectiveN. Bands must be of independent samples, as strata are.
//
// Errors: [ErrInput] for shares outside 0 to 1, negative or not finite numbers, or no weight; [ErrNotCalculable] for a
// weighted band without estimate (EffectiveN 0) or without variance (NaN).
func ASPSurvey(bands []ShareBand, level Level) (StandardisedProportion, error) {
	return standardiseShares("ASPSurvey", bands, level)
}

func standardiseShares(name string, bands []ShareBand, level Level) (StandardisedProportion, error) {
	weight, ok := checkShares(bands)
	if !ok || !level.valid() {
		return noStandardised(), inputError(name, "%d bands of weight %v at level %v", len(bands), weight, level)
	}
	var p, variance, design float64
	for _, b := range bands {
		if b.Weight == 0 {
			continue
		}
		if b.EffectiveN == 0 || !finite(b.Share, b.Variance) {
			return noStandardised(), notCalculable(name, "a band without estimate: %+v", b)
		}
		share := b.Weight / weight
		p += share * b.Share
		variance += share * share * b.Variance
		design += share * share / b.EffectiveN
	}
	p = min(p, 1)
	nEff := 1 / design
	if variance > 0 && p < 1 {
		nEff = p * (1 - p) / variance
	}
	i, err := WilsonEffective(p, nEff, level)
	return StandardisedProportion{Estimate{p, math.Sqrt(variance), i}, nEff}, err
}

// checkShares returns the sum of weights, and whether all numbers are possible; what is NaN was not estimated.
func checkShares(bands []ShareBand) (weight float64, ok bool) {
	for _, b := range bands {
		if !finite(b.EffectiveN, b.Weight) || b.EffectiveN < 0 || b.Weight < 0 ||
			b.Variance < 0 || b.Share < 0 || b.Share > 1 {
			return 0, false
		}
		weight += b.Weight
	}
	return weight, weight > 0
}

func noStandardised() StandardisedProportion {
	return StandardisedProportion{undefined(math.NaN()), math.NaN()}
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
