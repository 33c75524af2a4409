package evaluator

import (
	"math"
	"slices"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
)

// gain is an effect on persons, for the better above 0: persons of a share, or units for persons.
type gain struct {
	costeffect.Effect
	unit   string
	inputs []input
	flags  []string
	err    error
}

// gained is what an effect comes to for the residents of the areas.
func (w *work) gained(id string) (g gain) {
	f, entry := w.effects[id], w.rules.Catalogue.Find(id)
	g.flags, g.err = f.flags, f.err
	if entry == nil {
		g.err = refuse(programme.MissingFigures)
	}
	if g.err != nil {
		return g
	}
	residents, err := w.residents()
	if err != nil {
		g.err = err
		return g
	}
	scale := residents
	g.unit = "point for a person"
	if entry.Unit == "%" {
		scale, g.unit = residents/100, "person"
	}
	if entry.Direction == "-" {
		scale = -scale
	}
	g.Effect = f.Effect
	g.SE = spread(f.Effect) * math.Abs(scale)
	g.Estimate = stats.Estimate{Value: f.Value * scale, SE: g.SE, Interval: f.Interval.Scale(scale)}
	g.inputs = []input{
		ranged("effect on "+id, f.Value, f.Lower, f.Upper, entry.Unit, f.method),
		exact("residents of the areas", residents, "", published+" "+reach),
	}
	return g
}

// residents is how many live in the areas, as last published.
func (w *work) residents() (sum float64, err error) {
	for _, area := range w.d.areas {
		var latest *figure
		for i := range w.e.Figures {
			f := &w.e.Figures[i]
			if f.Indicator == reach && f.Area == area && f.Dimension == "" && f.Status != "no_data" && (latest == nil || f.Period.End() > latest.Period.End()) {
				latest = f
			}
		}
		switch {
		case latest == nil:
			return 0, refuse(programme.MissingFigures)
		case latest.protected():
			return 0, errProtected
		}
		sum += latest.Denominator
	}
	return sum, nil
}

// ratios holds costs against effects.
func (w *work) ratios() {
	for i := range w.p.Effects {
		e := &w.p.Effects[i]
		g := w.gained(e.Indicator)
		increment, shown, err := w.increment(&g)
		w.icer(e, g, increment, shown, err)
		if e.Worth != nil {
			w.netBenefit(e, g, increment, shown, err)
		}
	}
}

// increment is what the programme costs more and effects more. Where the use of services is estimated, too, what it avoids is taken
// off the cost, and the gain carries the caveats of that, too. How the two vary together is not known: they count as independent.
func (w *work) increment(g *gain) (costeffect.Increment, []input, error) {
	if g.err != nil {
		return costeffect.Increment{}, nil, g.err
	}
	if w.books.err != nil {
		return costeffect.Increment{}, g.inputs, w.books.err
	}
	i := costeffect.Increment{Effect: g.Value, EffectSE: g.SE, DF: math.Inf(1)}
	if b, err := w.balance(w.p.DiscountRate); err == nil {
		i.Cost, g.flags = b.spent, slices.Concat(g.flags, b.flags)
		for k, n := range b.needs {
			i.Cost += n.Value * n.price.Base * b.saved[k]
			se := spread(n.Effect) * n.price.Base * b.saved[k]
			i.CostSE = math.Hypot(i.CostSE, se)
		}
		return i, append(append([]input{}, g.inputs...), b.shown...), nil
	}
	spent, err := costeffect.Rate(w.p.DiscountRate).PresentValue(w.borne())
	i.Cost = spent
	return i, append([]input{exact("cost to date", spent, "€, discounted", w.payer())}, g.inputs...), err
}

func (w *work) icer(e *programme.Effect, g gain, i costeffect.Increment, shown []input, err error) {
	x := w.compared(programme.CostEffect, "€ a "+g.unit, "ICER, Fieller")
	x.indicator = e.Indicator
	x.use(shown...)
	x.flag(g.flags...)
	x.method += together(i)
	var r costeffect.ICER
	if err == nil {
		r, err = i.Ratio(stats.Level95)
	}
	if err != nil {
		x.fail(err)
		return
	}
	x.value = r.Value
	x.flag(string(r.Quadrant))
	switch {
	case r.Quadrant == costeffect.Dominant:
		x.status, x.refusal = refused, programme.Dominant
	case r.Quadrant == costeffect.Dominated:
		x.status, x.refusal = refused, programme.Dominated
	case r.Quadrant == costeffect.Same:
		x.status, x.refusal = refused, programme.NoDifference
	case r.Region == costeffect.Between:
		x.low, x.high = r.Limits.Lower, r.Limits.Upper
	default:
		x.flag(programme.FlagUnbounded)
	}
	x.curve(i)
}

// together says that cost and effect count as independent, where both vary.
func together(i costeffect.Increment) string {
	if i.CostSE > 0 && i.EffectSE > 0 {
		return "; cost and effect taken for independent"
	}
	return ""
}

// curve draws the acceptability curve, up to four times the price of the effect found.
func (x *estimate) curve(i costeffect.Increment) {
	const steps = 20
	if i.Effect == 0 || i.Cost == 0 {
		return
	}
	top := nice(4 * math.Abs(i.Cost/i.Effect))
	for n := range steps + 1 {
		p := newPoint(acceptability, n)
		p.x = top * float64(n) / steps
		var err error
		if p.value, err = i.Acceptability(p.x); err == nil {
			x.points = append(x.points, p)
		}
	}
	for n := range x.points {
		x.points[n].position = n
	}
}

// nice rounds up to 1, 2 or 5 times a power of ten.
func nice(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if x <= m*power {
			return m * power
		}
	}
	return 10 * power
}

// netBenefit is what effects are worth less what they cost, and how probable it is that they are worth it.
func (w *work) netBenefit(e *programme.Effect, g gain, i costeffect.Increment, shown []input, err error) {
	benefit := w.compared(programme.NetBenefit, "€", "NMB = λ·ΔE − ΔC")
	chance := w.compared(programme.Acceptable, "probability", "normal, at that willingness to pay")
	_, lambda, _ := e.Worth.Range()
	for _, x := range []*estimate{benefit, chance} {
		x.indicator = e.Indicator
		x.method += together(i)
		x.use(shown...)
		x.use(entered("what a unit of effect may cost", e.Worth, "€ a "+g.unit))
		x.flag(g.flags...)
	}
	var nmb costeffect.Effect
	if err == nil {
		nmb, err = i.NetBenefit(lambda, stats.Level95)
	}
	if err == nil {
		benefit.set(nmb.Estimate)
		chance.value, err = i.Acceptability(lambda)
	}
	if err != nil {
		benefit.fail(err)
		chance.fail(err)
	}
}
