package simulator_test

import (
	"testing"
	"time"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
	"vointi.fi/schemas"
	"vointi.fi/services/simulator"
)

const placeboArea = "KU316"

// effectWorld is small enough to be made again and again.
func effectWorld(seed uint64) simulator.Config {
	cfg := simulator.Small(now)
	cfg.Seed, cfg.Scale, cfg.Respondents = seed, 0.06, 150
	cfg.Municipalities = []string{simulator.PilotArea, simulator.ComparisonArea, placeboArea}
	return cfg
}

// wavesOf are the figures of an indicator by wave, with the limits that are published.
func (f *state) wavesOf(t *testing.T, e *indicator.Entry) (cells []costeffect.Cell) {
	t.Helper()
	waves := map[int][]indicator.Answer{}
	areas := map[int][]string{}
	for _, r := range f.responses {
		if r.Weight == nil { // feedback
			continue
		}
		items := map[string]int32{}
		for code, answer := range r.Items {
			items[code] = int32(answer)
		}
		year := r.SubmittedAt.Year()
		waves[year] = append(waves[year], indicator.Answer{Items: items, Weight: *r.Weight, Stratum: r.StratumID, PSU: r.PSU})
		areas[year] = append(areas[year], r.Area)
	}
	for year, answers := range waves {
		sample := e.Sample(answers)
		for _, area := range []string{simulator.PilotArea, simulator.ComparisonArea, placeboArea} {
			v, err := sample.Estimate(func(i int) bool { return areas[year][i] == area })
			if err != nil {
				t.Fatal(err)
			}
			cells = append(cells, costeffect.Cell{Area: area, Period: year, Value: v.Value, SE: v.I95.StandardError(stats.Level95), Weight: 1})
		}
	}
	return cells
}

// quartersOf are reach by quarter that is over.
func (f *state) quartersOf(t *testing.T, cfg simulator.Config) (cells []costeffect.Cell) {
	t.Helper()
	reach := f.reach(quarterOf)
	for quarter := cfg.First.In(helsinki); quarter.AddDate(0, 3, -1).Before(cfg.Last); quarter = quarter.AddDate(0, 3, 0) {
		for _, area := range []string{simulator.PilotArea, simulator.ComparisonArea, placeboArea} {
			n := f.residents(area, quarter)
			share, err := stats.Proportion(reach[area][quarter]*n, n, stats.Level95)
			if err != nil {
				t.Fatal(err)
			}
			cells = append(cells, costeffect.Cell{Area: area, Period: number(quarter), Value: share.Value, SE: share.Interval.StandardError(stats.Level95), Weight: 1})
		}
	}
	return cells
}

func number(quarter time.Time) int { return 4*quarter.Year() + int(quarter.Month()-1)/3 }

// against keeps an area and the comparison area, and estimates the effect as the evaluator does for one pair.
func against(t *testing.T, cells []costeffect.Cell, area string, start int) costeffect.Effect {
	t.Helper()
	var two []costeffect.Cell
	for _, c := range cells {
		if c.Area == area || c.Area == simulator.ComparisonArea {
			two = append(two, c)
		}
	}
	p, err := costeffect.NewPanel(two, []string{area}, start)
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.Sampling(stats.Level95)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestPlantedEffectsAreCovered: over many worlds the effects that are planted lie within the limits as often as these say, and where nothing is
// planted nothing is found but as often as the test says.
func TestPlantedEffectsAreCovered(t *testing.T) {
	t.Parallel()
	const worlds = 40
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		t.Fatal(err)
	}
	covered, seen, found := map[string]int{}, map[string]int{}, map[string]int{}
	for seed := range uint64(worlds) {
		cfg := effectWorld(seed)
		f := fold(t, cfg)
		begins := f.truth.PilotStart.In(helsinki)
		for what, c := range map[string]struct {
			cells  []costeffect.Cell
			start  int
			effect float64
		}{
			"quality of life": {f.wavesOf(t, catalogue.Find("qol-mean")), begins.Year(), simulator.QoLEffect},
			"reach":           {f.quartersOf(t, cfg), number(begins), simulator.ReachEffect},
		} {
			e := against(t, c.cells, simulator.PilotArea, c.start)
			covered[what] += one(e.Contains(c.effect))
			seen[what] += one(e.P < 0.05)
			found[what] += one(against(t, c.cells, placeboArea, c.start).P < 0.05)
		}
	}
	for _, what := range []string{"quality of life", "reach"} {
		t.Logf("%s: covered in %d of %d worlds, seen in %d; found where nothing is in %d", what, covered[what], worlds, seen[what], found[what])
		if covered[what] < 34 || found[what] > 6 { // 38 and 2, and 3 standard errors
			t.Errorf("%s: not at the rate that the limits say", what)
		}
		if seen[what] < worlds/2 {
			t.Errorf("%s: the limits are too wide to see what is planted", what)
		}
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
