package evaluator_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/services/evaluator"
)

// surveys simulates areas that are asked every year: answers of persons about a level of the area, a year and, after the start, the effect.
type surveys struct {
	pilots, comparisons, persons int
	effect, shock                float64 // shock: of an area in a year, beside what all share
}

var waves = []string{"2021-10-01", "2022-10-01", "2023-10-01", "2024-10-01"}

const effectStarts = "2023-01-01"

func date(t testing.TB, text string) indicator.Date {
	t.Helper()
	d, err := indicator.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// simulated is the a-th area of a simulation.
func simulated(a int) string { return fmt.Sprintf("KU%03d", 100+a) }

// tried is a programme in the first areas of a simulation, which the others are compared with.
func tried(pilots, comparisons int) *programme.Programme {
	p := &programme.Programme{ID: "p", Starts: effectStarts, Effects: []programme.Effect{{Indicator: "qol-mean", Period: "wave"}}, Simulation: &programme.Simulation{Draws: 10_000, Seed: 1}, Perspective: programme.Society}
	for a := range pilots + comparisons {
		if a < pilots {
			p.Areas = append(p.Areas, simulated(a))
		} else {
			p.ComparisonAreas = append(p.ComparisonAreas, simulated(a))
		}
	}
	return p
}

// rules are those of all simulations.
func rules(t testing.TB) evaluator.Rules {
	t.Helper()
	k, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return evaluator.Rules{Catalogue: k.Catalogue, Threshold: 5}
}

func (s surveys) draw(t testing.TB, seed uint64) evaluator.Effect {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 11))
	p := tried(s.pilots, s.comparisons)
	figures, years := map[string]map[indicator.Date][3]float64{}, map[string]float64{}
	for _, w := range waves {
		years[w] = 0.3 * r.NormFloat64()
	}
	for a := range s.pilots + s.comparisons {
		area, pilot := simulated(a), a < s.pilots
		figures[area] = map[indicator.Date][3]float64{}
		level := 3.5 + 0.2*r.NormFloat64()
		for _, w := range waves {
			mean := level + years[w] + s.shock*r.NormFloat64()
			if pilot && w >= effectStarts {
				mean += s.effect
			}
			figures[area][date(t, w)] = s.sample(r, mean)
		}
	}
	return evaluator.EffectOf(p, rules(t), figures, date(t, "2026-01-01"))
}

// sample asks persons, and returns the mean with its limits.
func (s surveys) sample(r *rand.Rand, mean float64) [3]float64 {
	var sum, squares float64
	for range s.persons {
		x := mean + 0.8*r.NormFloat64()
		sum, squares = sum+x, squares+x*x
	}
	n := float64(s.persons)
	half := 1.96 * math.Sqrt((squares-sum*sum/n)/(n-1)/n)
	return [3]float64{sum / n, sum/n - half, sum/n + half}
}

// TestEffectsCoverTheTruth: an effect that is planted lies within the limits about as often as they say, and where there is none, none is
// found but about as often as the test says. With one area on each side that holds as long as nothing else happens there, which the flag says.
func TestEffectsCoverTheTruth(t *testing.T) {
	const worlds = 500
	for name, s := range map[string]struct {
		surveys
		method, flag string
	}{
		"one pair":       {surveys{1, 1, 60, 0.25, 0}, "DID, sampling of persons", "area_shocks_not_covered"},
		"one of four":    {surveys{1, 3, 60, 0.25, 0.2}, "DID, one change an area", "few_areas"},
		"two of six":     {surveys{2, 3, 60, 0.25, 0.2}, "DID, one change an area", "few_areas"},
		"no effect":      {surveys{1, 1, 60, 0, 0}, "DID, sampling of persons", "area_shocks_not_covered"},
		"no effect, 1+4": {surveys{1, 4, 60, 0, 0.2}, "DID, one change an area", "few_areas"},
	} {
		t.Run(name, func(t *testing.T) {
			atNominalRate(t, worlds, s.effect, func(seed uint64) evaluator.Effect {
				e := s.draw(t, seed)
				if e.Refusal != "" || e.Method != s.method || !strings.Contains(e.Flags, s.flag) {
					t.Fatalf("%+v", e)
				}
				return e
			})
		})
	}
}

// atNominalRate wants the limits to hold the effect, and none to be found where there is none, about as often as they say: 0.95 ± 3
// standard errors.
func atNominalRate(t *testing.T, worlds int, effect float64, estimate func(seed uint64) evaluator.Effect) {
	t.Helper()
	covered, significant := 0., 0.
	for seed := range uint64(worlds) {
		e := estimate(seed)
		if e.Low <= effect && effect <= e.High {
			covered++
		}
		if e.P < 0.05 {
			significant++
		}
	}
	if share := covered / float64(worlds); share < 0.92 || share > 0.98 {
		t.Errorf("the truth is covered in %.3f of the worlds", share)
	}
	if share := significant / float64(worlds); effect == 0 && (share < 0.02 || share > 0.08) {
		t.Errorf("something is found in %.3f of the worlds, and there is nothing", share)
	}
}

// TestInferenceFollowsTheNumberOfAreas by one world each; that the methods cover the truth is tested where they are.
func TestInferenceFollowsTheNumberOfAreas(t *testing.T) {
	for _, c := range []struct {
		pilots, comparisons int
		method              string
	}{{3, 5, "DID, wild cluster bootstrap"}, {10, 25, "DID, clustered by area"}} {
		e := surveys{c.pilots, c.comparisons, 60, 0.5, 0.05}.draw(t, 1)
		if e.Method != c.method || e.Low > 0.5 || e.High < 0.5 || e.P > 0.05 {
			t.Errorf("%d and %d areas: %+v", c.pilots, c.comparisons, e)
		}
	}
}
