package indicator

import (
	"fmt"
	"math"

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
	entry *Entry
	units []stats.Unit
	asked []int // index into the answers, by unit
	plain bool  // some respondent has no weight, so none is used
}

// Sample keeps the respondents who answered the entry's items. If any of them has no weight, all count alike and the
// estimates say so with a flag.
func (e *Entry) Sample(answers []Answer) *Sample {
	s := &Sample{entry: e}
	strata, clusters := numbers{}, numbers{}
	for i, a := range answers {
		yes, answered := e.Survey.answer(a.Items)
		if !answered {
			continue
		}
		s.plain = s.plain || a.Weight <= 0
		u := stats.Unit{Weight: a.Weight, Stratum: strata.of(a.Stratum)}
		if yes {
			u.Y = 1
		}
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
	return s
}

// reached returns the respondents of the strata that the domain reaches, those outside the domain marked. The other strata
// add nothing to its variance.
func (s *Sample) reached(in func(answer int) bool) []stats.Unit {
	inside := make([]bool, len(s.units))
	strata := map[int]bool{}
	for i, u := range s.units {
		if inside[i] = in(s.asked[i]); inside[i] {
			strata[u.Stratum] = true
		}
	}
	var units []stats.Unit
	for i, u := range s.units {
		if strata[u.Stratum] {
			u.Out = !inside[i]
			units = append(units, u)
		}
	}
	return units
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

// answer reports whether the respondent counts as yes, and whether all items were answered.
func (s *Survey) answer(items map[string]int32) (yes, answered bool) {
	sum := 0
	for _, item := range s.Items {
		v, ok := items[item]
		if !ok {
			return false, false
		}
		sum += int(v)
	}
	if s.AtLeast != nil {
		return float64(sum)/float64(len(s.Items)) >= *s.AtLeast, true
	}
	for _, code := range s.OneOf {
		if sum == code {
			return true, true
		}
	}
	return false, true
}

// Estimate returns the share of the domain, which in tells by the index of the answer, with design-based intervals.
// Numerator and denominator are unweighted respondents.
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
	if s.plain {
		v.Flags = append(v.Flags, FlagNoWeights)
	}
	err := v.intervals(s.entry.Scale, func(l stats.Level) (stats.Interval, error) {
		e, err := stats.SurveyProportion(stats.Survey{Units: units}, l)
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
