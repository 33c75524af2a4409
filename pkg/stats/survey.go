package stats

import (
	"cmp"
	"math"
	"slices"
)

// Unit is one respondent of a sample survey.
type Unit struct {
	Y      float64 // the answer: 0 or 1 for a proportion, any number for a mean
	Weight float64 // inverse probability of being in the sample and answering, in any common unit
	// Stratum is the sampling stratum; Cluster the primary sampling unit in it (a household, say), 0 if the respondent
	// is one alone.
	Stratum, Cluster int
	// Out marks a respondent outside the domain that is estimated (another age group, say). Domain estimates need the
	// full sample, since the domain's size in each stratum is itself random.
	Out bool
}

// Survey is a sample. Fractions is the share of each stratum's primary sampling units that were sampled, 0 to 1, for the
// finite population correction 1 − f; a stratum that is not in it has none. A stratum with the fraction 1 was asked whole:
// it adds nothing to the variance, even with a single unit.
type Survey struct {
	Units     []Unit
	Fractions map[int]float64
}

// SurveyEstimate is a weighted estimate with its design-based standard error.
type SurveyEstimate struct {
	Estimate
	N          int64   // respondents in the domain
	DF         float64 // primary sampling units less strata, both of the domain
	KishN      float64 // (Σw)²/Σw²: what unequal weights leave of N
	EffectiveN float64 // p(1−p)/v: n with which a simple random sample would be as precise; KishN where that is undefined
	Fallback   bool    // the interval is WilsonEffective(p, KishN), since the design gives none
}

// SurveyProportion returns the weighted share p = Σwy/Σw of the domain (PROP-S, Hájek) with the variance by Taylor
// linearisation over strata h and their nₕ primary sampling units i,
//
//	v = Σₕ (1−fₕ)·nₕ/(nₕ−1)·Σᵢ (eₕᵢ − ēₕ)²,  e = Σ w(y − p)/Σw over the unit's respondents in the domain
//
// and the interval logit p ± t(df)·√v/(p(1−p)), turned back. Where the design gives no interval (p is 0 or 1, v is 0, df
// is below 1, or a stratum of the domain has one primary sampling unit of several), it is [WilsonEffective] with Kish's size, and
// Fallback says so. Shares, 0 to 1. The result does not depend on the order of the units, not even in the last bit.
//
// Särndal et al. 1992; Lumley 2010. Errors: [ErrInput] for answers other than 0 and 1, negative weights, fractions outside
// 0 to 1 or numbers that are not finite; [ErrNotCalculable] when the domain has no weight.
func SurveyProportion(s Survey, level Level) (SurveyEstimate, error) {
	for _, u := range s.Units {
		if u.Y != 0 && u.Y != 1 {
			return noSurvey(), inputError("SurveyProportion", "answer %v", u.Y)
		}
	}
	e, v, err := s.linearise("SurveyProportion", level)
	if err != nil {
		return e, err
	}
	p := min(e.Value, 1)
	e.Value = p
	inside := p > 0 && p < 1 && v > 0
	if inside {
		e.EffectiveN = p * (1 - p) / v
	}
	if !inside || e.DF < 1 {
		e.Fallback = true
		e.Interval, err = WilsonEffective(p, e.KishN, level)
		return e, err
	}
	logit, half := math.Log(p/(1-p)), level.T(e.DF)*e.SE/(p*(1-p))
	e.Interval = Interval{expit(logit - half), expit(logit + half)}
	return e, nil
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// SurveyMean returns the weighted mean Σwy/Σw of the domain (MEAN-S) with the variance of [SurveyProportion] and the
// interval x̄ ± t(df)·√v, in the unit of the answers. EffectiveN is Kish's.
//
// Errors: [ErrInput] as [SurveyProportion], any finite answer being allowed; [ErrNotCalculable] when the domain has no
// weight, a stratum of it has one primary sampling unit, or df is below 1 (the mean is given where it exists).
func SurveyMean(s Survey, level Level) (SurveyEstimate, error) {
	e, v, err := s.linearise("SurveyMean", level)
	if err != nil {
		return e, err
	}
	if math.IsNaN(v) || e.DF < 1 {
		return e, notCalculable("SurveyMean", "%v degrees of freedom, variance %v", e.DF, v)
	}
	e.Interval = symmetric(e.Value, e.SE, level.T(e.DF))
	return e, nil
}

func noSurvey() SurveyEstimate {
	nan := math.NaN()
	return SurveyEstimate{undefined(nan), 0, nan, nan, nan, false}
}

// linearise returns the estimate without interval, and its variance: NaN if a stratum of the domain has one unit only.
func (s Survey) linearise(name string, level Level) (SurveyEstimate, float64, error) {
	e := noSurvey()
	if !level.valid() {
		return e, 0, inputError(name, "level %v", level)
	}
	for h, f := range s.Fractions {
		if !(f >= 0 && f <= 1) {
			return e, 0, inputError(name, "fraction %v of stratum %d", f, h)
		}
	}
	units := s.Units
	if !slices.IsSortedFunc(units, CompareUnits) {
		units = slices.Clone(units)
		slices.SortFunc(units, CompareUnits)
	}
	var weight, squares, sum float64
	for _, u := range units {
		if !finite(u.Y, u.Weight) || u.Weight < 0 {
			return e, 0, inputError(name, "answer %v with weight %v", u.Y, u.Weight)
		}
		if u.Out {
			continue
		}
		e.N++
		weight += u.Weight
		squares += u.Weight * u.Weight
		sum += u.Weight * u.Y
	}
	if weight == 0 {
		return e, 0, notCalculable(name, "no weight in the domain")
	}
	e.Value, e.KishN = sum/weight, weight*weight/squares
	e.EffectiveN = e.KishN
	v := s.variance(units, e.Value, weight, &e)
	e.SE = math.Sqrt(v)
	return e, v, nil
}

// CompareUnits orders units so that only equal ones can change places. Estimates sum in this order; units that come in it need
// no sorting.
func CompareUnits(a, b Unit) int {
	inside := func(u Unit) int {
		if u.Out {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(a.Stratum, b.Stratum), cmp.Compare(a.Cluster, b.Cluster),
		cmp.Compare(inside(a), inside(b)), cmp.Compare(a.Weight, b.Weight), cmp.Compare(a.Y, b.Y))
}

// variance returns v of units in order, and sets the degrees of freedom.
func (s Survey) variance(units []Unit, mean, weight float64, e *SurveyEstimate) float64 {
	var v float64
	e.DF = 0
	for len(units) > 0 {
		h := units[0].Stratum
		n := slices.IndexFunc(units, func(u Unit) bool { return u.Stratum != h })
		if n < 0 {
			n = len(units)
		}
		totals, inside := clusterTotals(units[:n], mean, weight)
		units = units[n:]
		if inside == 0 {
			continue
		}
		e.DF += float64(inside - 1)
		if f := s.Fractions[h]; f < 1 {
			v += (1 - f) * spread(totals)
		}
	}
	return v
}

// clusterTotals returns e of each primary sampling unit of one stratum, and how many of them the domain reaches.
func clusterTotals(stratum []Unit, mean, weight float64) (totals []float64, inside int) {
	reached := false
	for i, u := range stratum {
		if i == 0 || u.Cluster == 0 || u.Cluster != stratum[i-1].Cluster {
			totals = append(totals, 0)
			reached = false
		}
		if u.Out {
			continue
		}
		totals[len(totals)-1] += u.Weight * (u.Y - mean) / weight
		if !reached {
			reached = true
			inside++
		}
	}
	return totals, inside
}

// spread returns n/(n−1)·Σ(e − ē)²; NaN for one unit.
func spread(es []float64) float64 {
	n := float64(len(es))
	var sum, squares float64
	for _, e := range es {
		sum += e
	}
	for _, e := range es {
		squares += (e - sum/n) * (e - sum/n)
	}
	return n / (n - 1) * squares
}
