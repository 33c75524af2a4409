package costeffect_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/stats"
)

// truth says how a panel is made.
type truth struct {
	pilots, comparisons, periods, start int
	effect, shock, noise                float64
	apart                               float64 // by which pilots move away each period, before the start too
}

func pilotName(i int) string { return fmt.Sprintf("P%d", i) }

func (w truth) cells(r *rand.Rand) (cells []costeffect.Cell, pilots []string) {
	for a := range w.pilots + w.comparisons {
		name := fmt.Sprintf("C%02d", a)
		if a < w.pilots {
			name = pilotName(a)
			pilots = append(pilots, name)
		}
		level := r.NormFloat64()
		var lasting float64
		for t := range w.periods {
			lasting = 0.5*lasting + w.shock*r.NormFloat64()
			y := level + 0.1*float64(t*t) + lasting + w.noise*r.NormFloat64()
			if a < w.pilots {
				y += w.apart * float64(t)
				if t >= w.start {
					y += w.effect
				}
			}
			cells = append(cells, costeffect.Cell{Area: name, Period: t, Value: y, SE: w.noise, Weight: 1})
		}
	}
	return cells, pilots
}

func (w truth) panel(t interface {
	Helper()
	Fatal(...any)
}, r *rand.Rand,
) *costeffect.Panel {
	t.Helper()
	cells, pilots := w.cells(r)
	return ok[*costeffect.Panel](t)(costeffect.NewPanel(cells, pilots, w.start))
}

// anyPanel draws a panel with gaps and weights in which there is something to compare.
func anyPanel(t *rapid.T) ([]costeffect.Cell, []string, int) {
	w := truth{
		pilots: rapid.IntRange(2, 3).Draw(t, "pilots"), comparisons: rapid.IntRange(2, 4).Draw(t, "comparisons"),
		periods: rapid.IntRange(3, 6).Draw(t, "periods"), shock: 1, noise: 1, effect: 2,
	}
	w.start = rapid.IntRange(1, w.periods-1).Draw(t, "start")
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	all, pilots := w.cells(r)
	var cells []costeffect.Cell
	for _, c := range all {
		if c.Weight = 1 + 9*r.Float64(); r.Float64() > 0.1 {
			cells = append(cells, c)
		}
	}
	return cells, pilots, w.start
}

// dummies regresses by weighted least squares on the treatment, all areas and all periods but one, and returns the effect
// with its clustered variance, before any correction.
func dummies(cells []costeffect.Cell, pilots map[string]bool, start int) (effect, variance float64) {
	areas, periods := map[string]int{}, map[int]int{}
	for _, c := range cells {
		if _, ok := areas[c.Area]; !ok {
			areas[c.Area] = len(areas)
		}
		if _, ok := periods[c.Period]; !ok {
			periods[c.Period] = len(periods)
		}
	}
	n, k := len(cells), 1+len(areas)+len(periods)-1
	x, y := mat.NewDense(n, k, nil), mat.NewVecDense(n, nil)
	for i, c := range cells {
		w := math.Sqrt(c.Weight)
		if pilots[c.Area] && c.Period >= start {
			x.Set(i, 0, w)
		}
		x.Set(i, 1+areas[c.Area], w)
		if p := periods[c.Period]; p > 0 {
			x.Set(i, len(areas)+p, w)
		}
		y.SetVec(i, w*c.Value)
	}
	var xx, inverse mat.Dense
	xx.Mul(x.T(), x)
	if inverse.Inverse(&xx) != nil {
		return math.NaN(), math.NaN()
	}
	var xy, beta, fit mat.VecDense
	xy.MulVec(x.T(), y)
	beta.MulVec(&inverse, &xy)
	fit.MulVec(x, &beta)
	meat := mat.NewDense(k, k, nil)
	for _, area := range areas {
		score := mat.NewVecDense(k, nil)
		for i, c := range cells {
			if areas[c.Area] == area {
				score.AddScaledVec(score, y.AtVec(i)-fit.AtVec(i), x.RowView(i))
			}
		}
		var outer mat.Dense
		outer.Outer(1, score, score)
		meat.Add(meat, &outer)
	}
	var sandwich mat.Dense
	sandwich.Product(&inverse, meat, &inverse)
	return beta.AtVec(0), sandwich.At(0, 0)
}

func set(names []string) map[string]bool {
	in := map[string]bool{}
	for _, n := range names {
		in[n] = true
	}
	return in
}

func close(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*(1+math.Abs(a)+math.Abs(b))
}

func TestTwoWayEffectIsThatOfDummies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells, pilots, start := anyPanel(t)
		p, err := costeffect.NewPanel(cells, pilots, start)
		if err != nil {
			t.Skip()
		}
		effect, variance := dummies(cells, set(pilots), start)
		e, err := p.Clustered(stats.Level95)
		if math.IsNaN(effect) || err != nil {
			t.Skip()
		}
		if !close(e.Value, effect, 1e-8) {
			t.Fatalf("effect %v, with dummies %v", e.Value, effect)
		}
		areas, periods := map[string]bool{}, map[int]bool{}
		for _, c := range cells {
			areas[c.Area], periods[c.Period] = true, true
		}
		g, n, k := float64(len(areas)), float64(len(cells)), float64(1+len(periods))
		if want := math.Sqrt(g / (g - 1) * (n - 1) / (n - k) * variance); !close(e.SE, want, 1e-7) {
			t.Fatalf("standard error %v, with dummies %v", e.SE, want)
		}
	})
}

func TestTwoAreasAndPeriodsAreFourMeans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		estimate := func(name string) stats.Estimate {
			return withError(rapid.Float64Range(-9, 9).Draw(t, name), rapid.Float64Range(0.1, 2).Draw(t, name+" se"))
		}
		p0, c0, p1, c1 := estimate("p0"), estimate("c0"), estimate("p1"), estimate("c1")
		want := withError(p1.Value-p0.Value-(c1.Value-c0.Value), math.Sqrt(p0.SE*p0.SE+c0.SE*c0.SE+p1.SE*p1.SE+c1.SE*c1.SE))
		cell := func(area string, period int, e stats.Estimate) costeffect.Cell {
			return costeffect.Cell{Area: area, Period: period, Value: e.Value, SE: e.SE, Weight: rapid.Float64Range(1, 9).Draw(t, "weight")}
		}
		p := ok[*costeffect.Panel](t)(costeffect.NewPanel([]costeffect.Cell{
			cell("P", 0, p0), cell("C", 0, c0), cell("P", 1, p1), cell("C", 1, c1),
		}, []string{"P"}, 1))
		got := ok[costeffect.Effect](t)(p.Sampling(stats.Level95))
		if !close(got.Value, want.Value, 1e-9) || !close(got.SE, want.SE, 1e-9) || !close(got.T, want.Value/want.SE, 1e-7) {
			t.Fatalf("%+v, four means %+v", got, want)
		}
		study := ok[[]costeffect.Point](t)(p.EventStudy(stats.Level95))
		if len(study) != 1 || !close(study[0].Value, want.Value, 1e-9) || !close(study[0].SE, want.SE, 1e-9) {
			t.Fatalf("event study %+v", study)
		}
	})
}

// Areas that were seen on one side of the start only are explained by themselves: what is left of the treatment is rounding, and a
// number made of it would be anything.
func TestAreasSeenOnOneSideTellNothing(t *testing.T) {
	for _, weight := range []float64{1, 0.3, 7} {
		cell := func(area string, period int) costeffect.Cell {
			return costeffect.Cell{Area: area, Period: period, Value: float64(len(area) + 3*period), SE: 1, Weight: weight}
		}
		cells := []costeffect.Cell{cell("P", 0), cell("P", 1), cell("P", 2), cell("before", 0), cell("after", 1), cell("later", 2)}
		if _, err := costeffect.NewPanel(cells, []string{"P"}, 1); !errors.Is(err, stats.ErrNotCalculable) {
			t.Errorf("weight %v: %v", weight, err)
		}
	}
}

// Whatever areas and periods have in common, the effect is not moved by it; and it moves as what is added to the pilot does.
func TestEffectIgnoresAreasAndPeriods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells, pilots, start := anyPanel(t)
		p, err := costeffect.NewPanel(cells, pilots, start)
		if err != nil {
			t.Skip()
		}
		moved := make([]costeffect.Cell, len(cells))
		in := set(pilots)
		for i, c := range cells {
			c.Value += float64(len(c.Area)*7) + float64(c.Area[len(c.Area)-1]) + 3*float64(c.Period*c.Period)
			if in[c.Area] && c.Period >= start {
				c.Value += 5
			}
			moved[i] = c
		}
		q := ok[*costeffect.Panel](t)(costeffect.NewPanel(moved, pilots, start))
		if !close(q.Value(), p.Value()+5, 1e-7) {
			t.Fatalf("%v becomes %v", p.Value(), q.Value())
		}
		before, _ := p.Collapsed(stats.Level95)
		after, _ := q.Collapsed(stats.Level95)
		if !math.IsNaN(before.Value) && !close(after.Value, before.Value+5, 1e-7) {
			t.Fatalf("from one change an area %v becomes %v", before.Value, after.Value)
		}
	})
}

// brute draws the bootstrap out in full: outcomes under the tested effect, new each time, and a whole refit.
func brute(t *testing.T, cells []costeffect.Cell, pilots []string, start int, draws [][]float64, null float64) float64 {
	t.Helper()
	in := set(pilots)
	treated := func(c costeffect.Cell) float64 {
		if in[c.Area] && c.Period >= start {
			return 1
		}
		return 0
	}
	restricted := residuals(cells, func(c costeffect.Cell) float64 { return c.Value - null*treated(c) })
	effect, variance := dummies(cells, in, start)
	seen := math.Abs(effect-null) / math.Sqrt(variance)
	areas := map[string]int{}
	for _, c := range cells {
		if _, ok := areas[c.Area]; !ok {
			areas[c.Area] = len(areas)
		}
	}
	far := 1
	for _, draw := range draws {
		again := make([]costeffect.Cell, len(cells))
		for i, c := range cells {
			c.Value = c.Value - restricted[i] + draw[areas[c.Area]]*restricted[i]
			again[i] = c
		}
		e, v := dummies(again, in, start)
		if math.Abs(e-null)/math.Sqrt(v) >= seen*(1-1e-9) {
			far++
		}
	}
	return float64(far) / float64(len(draws)+1)
}

// residuals regresses a variable on areas and periods.
func residuals(cells []costeffect.Cell, of func(costeffect.Cell) float64) []float64 {
	x := make([]float64, len(cells))
	for i, c := range cells {
		x[i] = of(c)
	}
	for range 2000 {
		for _, key := range []func(costeffect.Cell) string{
			func(c costeffect.Cell) string { return c.Area }, func(c costeffect.Cell) string { return fmt.Sprint(c.Period) },
		} {
			sums, weights := map[string]float64{}, map[string]float64{}
			for i, c := range cells {
				sums[key(c)] += c.Weight * x[i]
				weights[key(c)] += c.Weight
			}
			for i, c := range cells {
				x[i] -= sums[key(c)] / weights[key(c)]
			}
		}
	}
	return x
}

func TestBootstrapIsWhatRefittingGives(t *testing.T) {
	for seed := range uint64(4) {
		w := truth{pilots: 2, comparisons: 4, periods: 5, start: 3, effect: 1, shock: 0.5, noise: 0.5}
		cells, pilots := w.cells(rand.New(rand.NewPCG(seed, 0)))
		for i := range cells { // sorted as a panel sorts them
			cells[i].Area = map[bool]string{true: "0", false: "1"}[cells[i].Area[0] == 'P'] + cells[i].Area
			cells[i].Weight = 1 + float64(i%3)
		}
		for i := range pilots {
			pilots[i] = "0" + pilots[i]
		}
		p := ok[*costeffect.Panel](t)(costeffect.NewPanel(cells, pilots, w.start))
		d := costeffect.Draws{Seed: seed, N: 99}
		for _, null := range []float64{0, 0.8} {
			got, want := p.BootstrapP(d, null), brute(t, cells, pilots, w.start, p.BootstrapDraws(d), null)
			if math.Abs(got-want) > 1e-9 {
				t.Errorf("seed %d, tested effect %v: p %v, by refitting %v", seed, null, got, want)
			}
		}
	}
}

// Under shocks that last, each method that says so must cover the truth about as often as it says.
func TestMethodsCoverTheTruth(t *testing.T) {
	const worlds = 400
	w := truth{pilots: 3, comparisons: 7, periods: 8, start: 4, effect: 0.7, shock: 1, noise: 0.3}
	var collapsed, bootstrap, permutation, sampling float64
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 7))
		p := w.panel(t, r)
		if ok[costeffect.Effect](t)(p.Collapsed(stats.Level95)).Contains(w.effect) {
			collapsed++
		}
		if ok[costeffect.Effect](t)(p.Sampling(stats.Level95)).Contains(w.effect) {
			sampling++
		}
		if p.BootstrapP(costeffect.Draws{Seed: seed, N: 199}, w.effect) > 0.05 {
			bootstrap++
		}
		placebo := w
		placebo.effect = 0
		if ok[costeffect.Permuted](t)(placebo.panel(t, r).Permutation(costeffect.Draws{Seed: seed, N: 199})).P > 0.05 {
			permutation++
		}
	}
	for name, share := range map[string]float64{"collapsed": collapsed / worlds, "bootstrap": bootstrap / worlds, "permutation": permutation / worlds} {
		if share < 0.92 || share > 0.985 { // 0.95 ± 3 standard errors, and a little for the bootstrap
			t.Errorf("%s covers the truth in %.3f of the worlds", name, share)
		}
	}
	if sampling/worlds > 0.8 {
		t.Errorf("limits from sampling alone cover the truth in %.3f: this world has no area shocks to warn of", sampling/worlds)
	}
}

// With areas enough, clustered errors cover the truth and find nothing where nothing is as often as they say; so does the bootstrap find
// nothing with few. With few areas clustered errors find too much, which is why they are not used then.
func TestClusteredErrorsHoldWithManyAreas(t *testing.T) {
	const worlds = 400
	w := truth{pilots: 15, comparisons: 21, periods: 6, start: 3, effect: 0.7, shock: 1, noise: 0.3}
	none, few := w, truth{pilots: 2, comparisons: 4, periods: 6, start: 3, shock: 1, noise: 0.3}
	none.effect = 0
	var covered, found, foundByFew, foundByBootstrap float64
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 13))
		if ok[costeffect.Effect](t)(w.panel(t, r).Clustered(stats.Level95)).Contains(w.effect) {
			covered++
		}
		if ok[costeffect.Effect](t)(none.panel(t, r).Clustered(stats.Level95)).P < 0.05 {
			found++
		}
		p := few.panel(t, r)
		if ok[costeffect.Effect](t)(p.Clustered(stats.Level95)).P < 0.05 {
			foundByFew++
		}
		if p.BootstrapP(costeffect.Draws{Seed: seed, N: 199}, 0) <= 0.05 {
			foundByBootstrap++
		}
	}
	if share := covered / worlds; share < 0.915 || share > 0.985 { // 0.95 ± 3 standard errors
		t.Errorf("the truth is covered in %.3f of the worlds", share)
	}
	if share := found / worlds; share < 0.015 || share > 0.085 {
		t.Errorf("something is found in %.3f of the worlds, and there is nothing", share)
	}
	if share := foundByFew / worlds; share < 0.1 {
		t.Errorf("with few areas clustered errors find something in %.3f of the worlds: no reason to do otherwise", share)
	}
	if share := foundByBootstrap / worlds; share > 0.085 {
		t.Errorf("the bootstrap finds something in %.3f of the worlds, and there is nothing", share)
	}
}

func TestBootstrapLimitsAreWherePFalls(t *testing.T) {
	p := truth{pilots: 4, comparisons: 10, periods: 6, start: 3, effect: 1, shock: 0.5, noise: 0.2}.panel(t, rand.New(rand.NewPCG(3, 0)))
	d := costeffect.Draws{Seed: 5, N: 999}
	e := ok[costeffect.Effect](t)(p.Bootstrap(d, stats.Level95))
	if !e.Contains(e.Value) || e.P > 0.05 {
		t.Fatalf("%+v", e)
	}
	for _, limit := range []float64{e.Lower, e.Upper} {
		inside, outside := p.BootstrapP(d, limit+(e.Value-limit)*1e-6), p.BootstrapP(d, limit+(limit-e.Value)*1e-6)
		if inside < 0.05 || outside > 0.051 {
			t.Errorf("at the limit %v p goes from %v to %v", limit, inside, outside)
		}
	}
	if again := ok[costeffect.Effect](t)(p.Bootstrap(d, stats.Level95)); again.Interval != e.Interval || again.P != e.P {
		t.Errorf("drawn again: %+v, before %+v", again, e)
	}
}

func TestPreTrendsAreSeen(t *testing.T) {
	const worlds = 200
	w := truth{pilots: 2, comparisons: 6, periods: 8, start: 6, shock: 0, noise: 0.3}
	count := func(apart float64) (found float64) {
		w.apart = apart
		for seed := range uint64(worlds) {
			if ok[costeffect.Effect](t)(w.panel(t, rand.New(rand.NewPCG(seed, 9))).PreTrend(stats.Level95)).P < 0.05 {
				found++
			}
		}
		return found / worlds
	}
	if none, some := count(0), count(0.4); none > 0.15 || some < 0.9 {
		t.Errorf("found in %v of the worlds without, %v of those with one", none, some)
	}
	w.apart, w.start = 0, 1
	if _, err := w.panel(t, rand.New(rand.NewPCG(0, 0))).PreTrend(stats.Level95); !errors.Is(err, costeffect.ErrFewBefore) {
		t.Errorf("one period before the start: %v", err)
	}
}

func TestEventStudyFindsTheEffectFromTheStartOn(t *testing.T) {
	p := truth{pilots: 3, comparisons: 6, periods: 6, start: 3, effect: 2, noise: 0.01}.panel(t, rand.New(rand.NewPCG(1, 0)))
	points := ok[[]costeffect.Point](t)(p.EventStudy(stats.Level95))
	if len(points) != 5 {
		t.Fatalf("%d points: %+v", len(points), points)
	}
	for _, pt := range points {
		want := 0.
		if pt.Period >= 3 {
			want = 2
		}
		if math.Abs(pt.Value-want) > 0.05 || pt.Period == 2 {
			t.Errorf("period %d: %v, want %v", pt.Period, pt.Value, want)
		}
	}
}

func TestDesignsWithoutComparisonAreRefused(t *testing.T) {
	cell := func(area string, period int) costeffect.Cell {
		return costeffect.Cell{Area: area, Period: period, Value: 1, Weight: 1, SE: math.NaN()}
	}
	p0, p1, c0, c1 := cell("P", 0), cell("P", 1), cell("C", 0), cell("C", 1)
	for name, c := range map[string]struct {
		cells []costeffect.Cell
		want  error
	}{
		"no pilot":      {[]costeffect.Cell{c0, c1}, costeffect.ErrNoPilot},
		"no comparison": {[]costeffect.Cell{p0, p1}, costeffect.ErrNoComparison},
		"no before":     {[]costeffect.Cell{p1, c1}, costeffect.ErrNoBefore},
		"not shared":    {[]costeffect.Cell{p0, p1, c1, cell("C", -1)}, costeffect.ErrNoBefore},
		"no after":      {[]costeffect.Cell{p0, c0}, costeffect.ErrNoAfter},
		"twice":         {[]costeffect.Cell{p0, p0, p1, c0, c1}, stats.ErrInput},
		"no weight":     {[]costeffect.Cell{{Area: "P"}}, stats.ErrInput},
		"not a number":  {[]costeffect.Cell{{Area: "P", Weight: 1, Value: math.NaN()}}, stats.ErrInput},
	} {
		if _, err := costeffect.NewPanel(c.cells, []string{"P"}, 1); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	p := ok[*costeffect.Panel](t)(costeffect.NewPanel([]costeffect.Cell{p0, p1, c0, c1}, []string{"P"}, 1))
	for name, err := range map[string]error{
		"unknown standard errors": second(p.Sampling(stats.Level95)), "one pilot clustered": second(p.Clustered(stats.Level95)),
		"one pilot bootstrapped": second(p.Bootstrap(costeffect.Draws{N: 999}, stats.Level95)), "two areas collapsed": second(p.Collapsed(stats.Level95)),
	} {
		if !errors.Is(err, stats.ErrNotCalculable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := ok[costeffect.Permuted](t)(p.Permutation(costeffect.Draws{N: 99})); r.P != 1 || !r.Exact || r.Assignments != 2 {
		t.Errorf("two areas permuted: %+v", r)
	}
}
