package indicator

import (
	"fmt"
	"math"
	"slices"

	"vointi.fi/pkg/stats"
)

// Answer is what one respondent answered, and the place in the sample's design.
type Answer struct {
	Items   map[string]int32
	Weight  float64 // 0: none was given
	Stratum string
	PSU     string
}

// Sample is the answers to one survey entry, ready to be estimated for any domain.
type Sample struct {
	entry  *Entry
	units  []stats.Unit // sorted
	asked  []int        // index into the answers, by unit
	strata [][]span     // of units, the clusters of each stratum
	plain  bool         // some respondent has no weight, so none is used
}

// span is some units: from ≤ i < to.
type span struct{ from, to int }

// Sample keeps the respondents who answered the entry's items. If any of them has no weight, all count alike and nothing is
// known of the design: the estimates are those of a simple sample, by [FallbackProportion] or [Mean], and say so with a flag.
// Methods without weights count all alike in any case.
func (e *Entry) Sample(answers []Answer) *Sample {
	s := &Sample{entry: e}
	strata, clusters := numbers{}, numbers{}
	for i, a := range answers {
		y, answered := e.Survey.answer(a.Items)
		if !answered {
			continue
		}
		s.plain = s.plain || a.Weight <= 0
		u := stats.Unit{Y: y, Weight: a.Weight, Stratum: strata.of(a.Stratum)}
		if a.PSU != "" {
			u.Cluster = clusters.of(a.PSU)
		}
		s.units = append(s.units, u)
		s.asked = append(s.asked, i)
	}
	if s.plain {
		for i := range s.units {
			s.units[i].Weight = 1
		}
	}
	s.sort()
	return s
}

// sort puts the units in the order in which estimates sum them, and notes where strata and clusters begin.
func (s *Sample) sort() {
	order := make([]int, len(s.units))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return stats.CompareUnits(s.units[a], s.units[b]) })
	units, asked := make([]stats.Unit, len(order)), make([]int, len(order))
	for i, from := range order {
		units[i], asked[i] = s.units[from], s.asked[from]
		switch u := units[i]; {
		case i == 0 || u.Stratum != units[i-1].Stratum:
			s.strata = append(s.strata, []span{{i, i + 1}})
		case u.Cluster != units[i-1].Cluster:
			last := &s.strata[len(s.strata)-1]
			*last = append(*last, span{i, i + 1})
		default:
			last := s.strata[len(s.strata)-1]
			last[len(last)-1].to++
		}
	}
	s.units, s.asked = units, asked
}

// weighted reports whether the method knows weights.
func (s *Sample) weighted() bool {
	return s.entry.Method == SurveyProportion || s.entry.Method == SurveyMean
}

// reached returns the respondents of the strata that the domain reaches, sorted, those outside the domain marked. The other
// strata add nothing to its variance.
func (s *Sample) reached(in func(answer int) bool) []stats.Unit {
	inside := make([]bool, len(s.units))
	for i, answer := range s.asked {
		inside[i] = in(answer)
	}
	var units []stats.Unit
	for _, clusters := range s.strata {
		if !slices.Contains(inside[clusters[0].from:clusters[len(clusters)-1].to], true) {
			continue
		}
		for _, c := range clusters {
			units = s.addCluster(units, c, inside)
		}
	}
	return units
}

// addCluster adds the respondents of a cluster, those inside the domain first.
func (s *Sample) addCluster(to []stats.Unit, c span, inside []bool) []stats.Unit {
	for _, out := range []bool{false, true} {
		for i := c.from; i < c.to; i++ {
			if inside[i] != out {
				u := s.units[i]
				u.Out = out
				to = append(to, u)
			}
		}
	}
	return to
}

// Asked returns the indexes of the answers that the sample kept.
func (s *Sample) Asked() []int { return s.asked }

// numbers numbers names from 1.
type numbers map[string]int

func (n numbers) of(name string) int {
	if n[name] == 0 {
		n[name] = len(n) + 1
	}
	return n[name]
}

// Estimate returns the share or the mean of the domain, which in tells by the index of the answer, with the intervals of
// the entry's method. Numerator and denominator are unweighted: those who count as yes, or the sum of scores, and
// respondents.
func (s *Sample) Estimate(in func(answer int) bool) (Value, error) {
	v := Value{Method: s.entry.Method, Crude: math.NaN(), I95: stats.Undefined, I998: stats.Undefined}
	units := s.reached(in)
	for _, u := range units {
		if !u.Out {
			v.Respondents++
			v.Numerator += u.Y
		}
	}
	v.Denominator = float64(v.Respondents)
	if v.Respondents == 0 {
		v.Value, v.EffectiveSize, v.NoData = math.NaN(), math.NaN(), true
		return v, nil
	}
	v.Crude = s.entry.Scale * v.Numerator / v.Denominator
	if s.plain && s.weighted() {
		v.Flags = append(v.Flags, FlagNoWeights)
		v.Method = unweighted[v.Method]
	}
	method := v.Method
	err := v.intervals(s.entry.Scale, func(l stats.Level) (stats.Interval, error) {
		e, err := v.survey(method, units, l)
		v.Value, v.EffectiveSize = s.entry.Scale*e.Value, e.EffectiveN
		if e.Fallback {
			v.Method = FallbackProportion
		}
		return e.Interval, err
	})
	if err != nil {
		return v, fmt.Errorf("estimate %s: %w", s.entry.ID, err)
	}
	return v, nil
}

// unweighted names what stands in for a method of weighted samples where weights are missing. With equal weights Kish's size
// is the number of respondents.
var unweighted = map[Method]Method{SurveyProportion: FallbackProportion, SurveyMean: Mean}

// survey estimates the domain by a method.
func (v *Value) survey(method Method, units []stats.Unit, l stats.Level) (stats.SurveyEstimate, error) {
	switch method {
	case SurveyMean:
		return stats.SurveyMean(stats.Survey{Units: units}, l)
	case Mean:
		m, err := stats.Mean(scores(units), l)
		return stats.SurveyEstimate{Estimate: m.Estimate, EffectiveN: v.Denominator}, err
	case Proportion, FallbackProportion:
		p, err := stats.Proportion(v.Numerator, v.Denominator, l)
		return stats.SurveyEstimate{Estimate: p, EffectiveN: v.Denominator}, err
	default:
		return stats.SurveyProportion(stats.Survey{Units: units}, l)
	}
}

// scores returns the domain's scores by size, so that the order of answers makes no difference to the last bit.
func scores(units []stats.Unit) []float64 {
	var ys []float64
	for _, u := range units {
		if !u.Out {
			ys = append(ys, u.Y)
		}
	}
	slices.Sort(ys)
	return ys
}
