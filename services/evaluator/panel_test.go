package evaluator_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
	"vointi.fi/services/evaluator"
)

// panels simulates persons who answer twice: what they bring to both answers is large, and cancels.
type panels struct {
	pilots, comparisons, persons int
	effect, shock                float64
}

func (s panels) draw(t testing.TB, seed uint64) map[string]evaluator.Change {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 17))
	changes := map[string]evaluator.Change{}
	for a := range s.pilots + s.comparisons {
		moved := 0.2 + s.shock*r.NormFloat64()
		if a < s.pilots {
			moved += s.effect
		}
		own := make([]float64, s.persons+20*(a%2)) // one side has more persons, whose answers vary more
		for i := range own {
			trait := 3 * r.NormFloat64()
			before := trait + 0.4*r.NormFloat64()
			own[i] = trait + moved + 0.4*(1+float64(a%2))*r.NormFloat64() - before
		}
		m, err := stats.Mean(own, stats.Level95)
		if err != nil {
			t.Fatal(err)
		}
		changes[simulated(a)] = evaluator.Change{Mean: m.Value, Low: m.Lower, High: m.Upper, Persons: m.N}
	}
	return changes
}

// about are the waves before and after a start.
func about(t testing.TB) [2]indicator.Date {
	t.Helper()
	return [2]indicator.Date{date(t, waves[1]), date(t, waves[2])}
}

// TestPanelsCoverTheTruth about as often as they say, and find nothing where nothing is about as often as the test says.
func TestPanelsCoverTheTruth(t *testing.T) {
	const worlds = 600
	rules, waves := rules(t), about(t)
	for name, c := range map[string]struct {
		panels
		method, flag string
	}{
		"one pair":       {panels{1, 1, 35, 0.3, 0}, "DID of the same persons, Welch", "area_shocks_not_covered"},
		"no effect":      {panels{1, 1, 35, 0, 0}, "DID of the same persons, Welch", "area_shocks_not_covered"},
		"two of five":    {panels{2, 3, 35, 0.3, 0.3}, "DID of the same persons, one change an area", "few_areas"},
		"none in five":   {panels{2, 3, 35, 0, 0.3}, "DID of the same persons, one change an area", "few_areas"},
		"one of three":   {panels{1, 2, 35, 0.3, 0.3}, "DID of the same persons, one change an area", "few_areas"},
		"ten and thirty": {panels{10, 30, 35, 0.3, 0.3}, "DID of the same persons, clustered by area", "panel_of_volunteers"},
	} {
		t.Run(name, func(t *testing.T) {
			p := tried(c.pilots, c.comparisons)
			atNominalRate(t, worlds, c.effect, func(seed uint64) evaluator.Effect {
				e := evaluator.PanelOf(p, rules, c.draw(t, seed), waves)
				if e.Refusal != "" || e.Method != c.method || !strings.Contains(e.Flags, c.flag) || !strings.Contains(e.Flags, programme.FlagVolunteers) {
					t.Fatalf("%+v", e)
				}
				return e
			})
		})
	}
}

// TestPanelsAreRefusedByName, and what is protected leaves nothing.
func TestPanelsAreRefusedByName(t *testing.T) {
	rules, waves := rules(t), about(t)
	s := panels{1, 2, 35, 0.3, 0.1}
	p, known := tried(s.pilots, s.comparisons), evaluator.Change{Mean: 1, Low: 0, High: 2, Persons: 40}
	hidden := evaluator.Change{Mean: math.NaN(), Low: math.NaN(), High: math.NaN(), Hidden: true}
	for name, c := range map[string]struct {
		changes             map[string]evaluator.Change
		waves               [2]indicator.Date
		refusal, suppressed string
	}{
		"nobody":             {nil, waves, "no_panel", ""},
		"nobody in pilots":   {map[string]evaluator.Change{"KU101": known, "KU102": known}, waves, "no_panel", ""},
		"both waves before":  {map[string]evaluator.Change{"KU100": known, "KU101": known}, [2]indicator.Date{waves[0] - 400, waves[0]}, "no_panel", ""},
		"both waves after":   {map[string]evaluator.Change{"KU100": known, "KU101": known}, [2]indicator.Date{waves[1], waves[1] + 400}, "no_panel", ""},
		"other areas":        {map[string]evaluator.Change{"KU300": known, "KU301": known}, waves, "no_panel", ""},
		"pilots protected":   {map[string]evaluator.Change{"KU100": hidden, "KU101": known, "KU102": known}, waves, "", "protected"},
		"nothing varies":     {map[string]evaluator.Change{"KU100": {Mean: 1, Low: 1, High: 1, Persons: 40}, "KU101": {Persons: 40}}, waves, "not_calculable", ""},
		"one area protected": {map[string]evaluator.Change{"KU100": known, "KU101": {Mean: 0.5, Low: 0, High: 1, Persons: 50}, "KU102": hidden}, waves, "", ""},
	} {
		e := evaluator.PanelOf(p, rules, c.changes, c.waves)
		if string(e.Refusal) != c.refusal || e.Suppressed != c.suppressed {
			t.Errorf("%s: %+v", name, e)
		}
		if wanted := c.refusal == "" && c.suppressed == ""; wanted == math.IsNaN(e.Value) || wanted && (e.Value != 0.5 || !strings.Contains(e.Flags, programme.FlagAreasHidden)) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}
