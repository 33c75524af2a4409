package evaluator

import (
	"math"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
)

// socialReturns is what outcomes are worth for each euro, by discount rate.
func (w *work) socialReturns() {
	if len(w.p.SocialReturn) == 0 {
		return
	}
	for _, rate := range w.rates() {
		x := w.compared(programme.SocialReturned, "ratio", "SROI, Monte Carlo")
		x.rate = rate
		if err := w.social(x, rate); err != nil {
			x.fail(err)
		}
	}
}

// shares are those of an outcome, in the order in which the model reads them, with what they are unless described.
func shares(o *programme.Outcome) []struct {
	name      string
	amount    *programme.Amount
	otherwise float64
} {
	return []struct {
		name      string
		amount    *programme.Amount
		otherwise float64
	}{
		{"deadweight", o.Deadweight, 0},
		{"attribution", o.Attribution, 1},
		{"displacement", o.Displacement, 0},
		{"drop-off", o.DropOff, 0},
	}
}

const perOutcome = 6 // quantity, proxy and the four shares

func (w *work) social(x *estimate, rate float64) error {
	if w.books.err != nil {
		return w.books.err
	}
	var inputs []costeffect.Input
	for i := range w.p.SocialReturn {
		more, err := w.outcome(x, &w.p.SocialReturn[i])
		if err != nil {
			return err
		}
		inputs = append(inputs, more...)
	}
	model := func(v []float64) float64 {
		outcomes := make([]costeffect.Outcome, len(w.p.SocialReturn))
		for i := range outcomes {
			o := v[perOutcome*i:]
			outcomes[i] = costeffect.Outcome{
				Quantity: o[0], Proxy: o[1], Deadweight: o[2], Attribution: o[3], Displacement: o[4], DropOff: o[5], Years: w.p.SocialReturn[i].Years,
			}
		}
		r, err := costeffect.SocialReturn(outcomes, w.borne(), costeffect.Rate(rate))
		if err != nil {
			return math.NaN()
		}
		return r.Ratio
	}
	x.use(exact("cost", w.books.total, "€", w.payer()))
	d, err := costeffect.Simulate(inputs, model, w.draws())
	if err != nil {
		return err
	}
	limits, base := d.Limits(stats.Level95), make([]float64, len(inputs))
	for i, in := range inputs {
		base[i] = in.Base
	}
	x.value, x.low, x.high = model(base), limits.Lower, limits.Upper
	w.simulated(x)
	if rate == w.p.DiscountRate {
		return x.bars(inputs, model, x.inputs)
	}
	return nil
}

// outcome reads the inputs of one outcome.
func (w *work) outcome(x *estimate, o *programme.Outcome) ([]costeffect.Input, error) {
	named := func(what string) string { return what + " of " + o.Name }
	var inputs []costeffect.Input
	add := func(in costeffect.Input, err error) error {
		inputs = append(inputs, in)
		return err
	}
	amount := func(name string, a *programme.Amount, unit string) error {
		x.use(entered(name, a, unit))
		low, base, high := a.Range()
		return add(costeffect.Ranged(name, low, base, high))
	}
	if o.Quantity != nil {
		if err := amount(named("quantity"), o.Quantity, ""); err != nil {
			return nil, err
		}
	} else {
		g := w.gained(o.Indicator)
		x.flag(g.flags...)
		if g.err != nil {
			return nil, g.err
		}
		x.use(g.inputs...)
		x.use(ranged(named("quantity"), g.Value, g.Lower, g.Upper, g.unit, "effect × residents"))
		if err := add(costeffect.Normally(named("quantity"), g.Value, g.SE)); err != nil {
			return nil, err
		}
	}
	if err := amount(named("proxy"), o.Proxy, "€"); err != nil {
		return nil, err
	}
	for _, s := range shares(o) {
		if s.amount == nil {
			if err := add(costeffect.Fixed(named(s.name), s.otherwise)); err != nil {
				return nil, err
			}
			continue
		}
		if err := amount(named(s.name), s.amount, ""); err != nil {
			return nil, err
		}
	}
	return inputs, nil
}
