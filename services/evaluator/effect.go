package evaluator

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
)

// found is an effect, or why there is none.
type found struct {
	costeffect.Effect
	unit, method string
	draws        int
	flags        []string
	inputs       []input
	err          error
}

// changes estimates the effect on each indicator.
func (w *work) changes() {
	for i := range w.p.Effects {
		w.change(&w.p.Effects[i])
	}
}

// series is what is compared: cells of areas and periods, with what is to be known of them.
type series struct {
	cells  []costeffect.Cell
	starts map[int]indicator.Date // of periods
	start  int                    // the first period that counts as after
	unit   string
	flags  []string
	inputs []input
	end    indicator.Date // of the last period
}

// change estimates one effect, its points, the trend before, and how large effects show elsewhere.
func (w *work) change(e *programme.Effect) {
	x := w.compared(programme.EffectOn, "", "DID")
	trend := w.compared(programme.PreTrend, "", "slope of the difference before the start")
	x.indicator, trend.indicator = e.Indicator, e.Indicator
	s, err := w.series(e)
	var panel *costeffect.Panel
	if err == nil {
		panel, err = costeffect.NewPanel(s.cells, w.d.areas, s.start)
	}
	f := found{unit: s.unit, method: x.method, err: err}
	if err == nil {
		f = w.infer(panel)
		f.unit = s.unit
		if sampled := slices.Contains(f.flags, string(costeffect.AreaShocks)); sampled && w.repeats(e) {
			f.flags = append(f.flags, programme.FlagRepeated)
			trend.flag(programme.FlagRepeated)
		}
	}
	f.flags, f.inputs = append(f.flags, s.flags...), append(s.inputs, f.inputs...)
	x.unit, trend.unit = f.unit, f.unit+" a period"
	w.tryTrend(trend, panel, &f, s)
	w.report(x, &f)
	if s.end != 0 {
		x.to = s.end - 1
	}
	if f.err == nil {
		w.study(x, panel, s)
		w.permute(x, panel, s)
	}
	w.effects[e.Indicator] = f
	w.samePersons(e, f.unit)
}

// repeats reports whether the same persons are behind figures of several periods: who comes in one quarter comes in the next, too; and
// somebody may answer several waves.
func (w *work) repeats(e *programme.Effect) bool {
	return e.Period != string(indicator.Wave) || slices.ContainsFunc(w.e.Changes, func(c change) bool { return c.Indicator == e.Indicator })
}

// report fills an estimate with an effect.
func (w *work) report(x *estimate, f *found) {
	x.use(f.inputs...)
	x.flag(f.flags...)
	x.method, x.draws = f.method, f.draws
	if f.draws > 0 {
		x.seed = w.p.Simulation.Seed
	}
	if f.err != nil {
		x.fail(f.err)
		return
	}
	x.set(f.Estimate)
	x.p = f.P
}

// series collects the figures of an indicator in pilot and comparison areas: of periods that are over, that do not reach back before an
// area had figures, and in which the programme did not begin. A period in which a figure is protected is left out for all areas; figures that
// lack data, too.
func (w *work) series(e *programme.Effect) (s series, err error) {
	s.starts = map[int]indicator.Date{}
	if entry := w.rules.Catalogue.Find(e.Indicator); entry != nil {
		s.unit = entry.Unit
	}
	if err := w.comparable(); err != nil {
		return s, err
	}
	since, _ := e.Since()
	var rows []*figure
	for i := range w.e.Figures {
		f := &w.e.Figures[i]
		if f.Indicator == e.Indicator && f.Dimension == "" && string(f.Period.Type) == e.Period && f.Status != "no_data" && w.compares(f, since) {
			rows = append(rows, f)
		}
	}
	return s, w.fill(&s, rows)
}

// comparable returns why nothing can be compared; nil if it can.
func (w *work) comparable() error {
	switch {
	case w.d.refusal != "":
		return refuse(w.d.refusal)
	case len(w.d.comparison) == 0:
		return refuse(programme.NoComparisonArea)
	}
	return nil
}

// compares reports whether a row is one of those compared.
func (w *work) compares(f *figure, since indicator.Date) bool {
	if !w.d.compares(f.Area) {
		return false
	}
	start := f.Period.Start
	if start < since || start >= w.d.until(w.e.Today) {
		return false
	}
	covered, has := w.e.Covered[f.Area]
	return f.Period.Type == indicator.Wave || has && covered <= start && f.Period.End() <= w.d.until(w.e.Today)
}

func (w *work) fill(s *series, rows []*figure) error {
	numbers, hidden := numbered(rows), map[indicator.Date]bool{}
	for _, f := range rows {
		if f.protected() {
			hidden[f.Period.Start] = true
			s.flags = append(s.flags, programme.FlagHidden)
		}
	}
	for _, f := range rows {
		if hidden[f.Period.Start] {
			continue
		}
		if f.Period.Start < w.d.starts && f.Period.Type != indicator.Wave && f.Period.End() > w.d.starts {
			s.flags = append(s.flags, programme.FlagTransition)
			continue
		}
		if f.incomplete() {
			s.flags = append(s.flags, programme.FlagIncomplete)
			continue
		}
		if !f.known() {
			continue
		}
		n := numbers[f.Period.Start]
		s.starts[n] = f.Period.Start
		s.end = max(s.end, f.Period.End())
		s.cells = append(s.cells, costeffect.Cell{Area: f.Area, Period: n, Value: f.Value, SE: standardError(f), Weight: 1})
		s.inputs = append(s.inputs, ranged(f.Area+" "+cmp.Or(f.Wave, f.Period.Start.String()), f.Value, f.Lower, f.Upper, "", published+" "+f.Indicator))
		if f.Status == "provisional" {
			s.flags = append(s.flags, programme.FlagProvisional)
		}
	}
	before := false
	s.start = math.MaxInt
	for n, start := range s.starts {
		if start >= w.d.starts {
			s.start = min(s.start, n)
		} else {
			before = true
		}
	}
	if len(hidden) > 0 && (!before || s.start == math.MaxInt) {
		return errProtected
	}
	return nil
}

// numbered counts periods: those of the calendar from the first, so that a gap stays one, and waves one by one.
func numbered(rows []*figure) map[indicator.Date]int {
	var starts []indicator.Date
	for _, f := range rows {
		starts = append(starts, f.Period.Start)
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	numbers := map[indicator.Date]int{}
	for i, start := range starts {
		numbers[start] = i
	}
	if len(rows) == 0 || rows[0].Period.Type == indicator.Wave {
		return numbers
	}
	n := 0
	for at := starts[0]; at <= starts[len(starts)-1]; at = rows[0].Period.Type.End(at) {
		if _, ok := numbers[at]; ok {
			numbers[at] = n
		}
		n++
	}
	return numbers
}

// From how many areas on which inference is used.
const (
	fewestForBootstrap = 6
	enoughForClusters  = 30
	bootstrapDraws     = 1999
)

// infer estimates the effect by what the number of areas allows.
func (w *work) infer(p *costeffect.Panel) (f found) {
	pilots, comparisons := p.Count()
	switch {
	case pilots == 1 && comparisons == 1:
		f.method, f.flags = "DID, sampling of persons", []string{string(costeffect.AreaShocks)}
		f.Effect, f.err = p.Sampling(stats.Level95)
	case pilots > 1 && comparisons > 1 && pilots+comparisons >= enoughForClusters:
		f.method = "DID, clustered by area"
		f.Effect, f.err = p.Clustered(stats.Level95)
	case pilots > 1 && comparisons > 1 && pilots+comparisons >= fewestForBootstrap:
		f.method, f.flags, f.draws = "DID, wild cluster bootstrap", []string{string(costeffect.FewAreas)}, bootstrapDraws
		f.Effect, f.err = p.Bootstrap(costeffect.Draws{Seed: w.p.Simulation.Seed, N: bootstrapDraws}, stats.Level95)
		if f.err != nil || math.IsInf(f.Lower, 0) || math.IsInf(f.Upper, 0) {
			return collapsed(p)
		}
	default:
		return collapsed(p)
	}
	return f
}

// collapsed is what is left for very few areas.
func collapsed(p *costeffect.Panel) (f found) {
	f.method, f.flags = "DID, one change an area", []string{string(costeffect.FewAreas)}
	f.Effect, f.err = p.Collapsed(stats.Level95)
	return f
}

// tryTrend estimates whether areas moved apart before the start already.
func (w *work) tryTrend(x *estimate, p *costeffect.Panel, f *found, s series) {
	x.use(s.inputs...)
	if p == nil {
		x.fail(f.err)
		return
	}
	trend, err := p.PreTrend(stats.Level95)
	switch {
	case err != nil:
		x.fail(err)
		f.flags = append(f.flags, string(costeffect.PreTrendUntested))
		return
	case trend.P < 0.05:
		f.flags = append(f.flags, string(costeffect.PreTrendDiffers))
	}
	x.set(trend.Estimate)
	x.p = trend.P
}

// study draws the effect in each period.
func (w *work) study(x *estimate, p *costeffect.Panel, s series) {
	points, err := p.EventStudy(stats.Level95)
	if err != nil && !errors.Is(err, stats.ErrNotCalculable) || len(points) == 0 {
		return
	}
	last := math.MinInt
	for n := range s.starts {
		if n < s.start {
			last = max(last, n)
		}
	}
	points = append(points, costeffect.Point{Period: last, Effect: costeffect.Effect{Estimate: stats.Estimate{Value: 0, Interval: stats.Undefined}, P: math.NaN()}})
	slices.SortFunc(points, func(a, b costeffect.Point) int { return cmp.Compare(a.Period, b.Period) })
	for i, from := range points {
		at := newPoint(eventStudy, i)
		at.x, at.start, at.label = float64(from.Period-s.start), s.starts[from.Period], s.starts[from.Period].String()
		at.value, at.low, at.high, at.p = from.Value, from.Lower, from.Upper, from.P
		x.points = append(x.points, at)
	}
}

// permute asks how large an effect shows where other areas are taken for the pilots.
func (w *work) permute(of *estimate, p *costeffect.Panel, s series) {
	pilots, comparisons := p.Count()
	if pilots+comparisons < 4 || pilots+comparisons >= enoughForClusters {
		return
	}
	x := w.compared(programme.EffectPermuted, of.unit, "permutation of pilot areas")
	x.indicator = of.indicator
	x.use(s.inputs...)
	draws := costeffect.Draws{Seed: w.p.Simulation.Seed, N: w.p.Simulation.Draws}
	r, err := p.Permutation(draws)
	if err != nil {
		x.fail(err)
		return
	}
	slices.Sort(r.Placebos)
	x.value, x.p = r.Value, r.P
	x.low, x.high = stats.Percentile(r.Placebos, 0.025), stats.Percentile(r.Placebos, 0.975)
	x.draws = r.Assignments
	if !r.Exact {
		x.seed = draws.Seed
	}
	x.use(exact("smallest p that is possible", 1/float64(r.Assignments), "", fmt.Sprintf("assignments: %d", r.Assignments)))
}
