package evaluator

import (
	"fmt"
	"slices"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
)

// balance is what is avoided less what is spent, as a model of inputs that vary.
type balance struct {
	inputs []costeffect.Input
	shown  []input
	model  costeffect.Model
	flags  []string
	needs  []*need
	spent  float64
	saved  []float64 // contacts × € a contact are multiplied by residents and discounted years: of each need
}

// savings compares what is avoided with what is spent until the last period that was looked at.
func (w *work) savings() {
	if len(w.p.Services) == 0 {
		return
	}
	for _, rate := range w.rates() {
		x := w.compared(programme.NetSaving, "€", "avoided cost − programme cost, Monte Carlo")
		x.rate = rate
		b, err := w.balance(rate)
		x.flag(b.flags...)
		if err == nil {
			err = w.net(x, b, rate)
		}
		if err != nil {
			x.fail(err)
		}
	}
	b, err := w.balance(w.p.DiscountRate)
	w.paysOff(b, err)
	for i := range w.needs {
		if !w.foreign(&w.needs[i]) {
			w.switching(&w.needs[i], b, err)
		}
	}
}

// balance collects what the perspective saves and spends, discounted.
func (w *work) balance(rate float64) (b balance, err error) {
	var end indicator.Date
	for i := range w.needs {
		n := &w.needs[i]
		switch {
		case w.foreign(n):
			b.flags = append(b.flags, programme.FlagExternalCost)
			continue
		case n.err != nil:
			return b, n.err
		case n.priceErr != nil:
			return b, n.priceErr
		}
		b.needs, b.flags = append(b.needs, n), slices.Concat(b.flags, n.flags, w.priced(n))
		end = max(end, n.end)
	}
	if w.books.err != nil {
		return b, w.books.err
	}
	if len(b.needs) == 0 {
		return b, refuse(programme.MissingFigures)
	}
	discount := costeffect.Rate(rate)
	if b.spent, err = discount.PresentValue(w.borneUntil(end)); err != nil {
		return b, err
	}
	b.shown = append(b.shown, exact("cost until "+(end-1).String(), b.spent, "€, discounted", w.payer()))
	for _, n := range b.needs {
		if err := b.add(w, n, discount); err != nil {
			return b, err
		}
	}
	b.model = func(x []float64) float64 {
		net := -b.spent
		for i, saved := range b.saved {
			net -= x[2*i] * x[2*i+1] * saved
		}
		return net
	}
	return b, nil
}

// add puts the effect on a service and its unit cost into the model.
func (b *balance) add(w *work, n *need, rate costeffect.Rate) error {
	years := 0.
	for _, start := range n.after {
		factor, err := rate.Factor(w.yearOf(start))
		if err != nil {
			return err
		}
		years += factor / n.perYear
	}
	effect, err := costeffect.Normally(n.effectInput().name, n.Value, spread(n.Effect))
	if err != nil {
		return err
	}
	price, err := costeffect.Ranged(n.priceInput().name, n.price.Low, n.price.Base, n.price.High)
	if err != nil {
		return err
	}
	b.inputs, b.saved = append(b.inputs, effect, price), append(b.saved, n.residents*years)
	b.shown = append(b.shown, n.effectInput(), n.residentsInput(), n.priceInput(), exact("years of "+n.service.Code, years, "discounted", serviceUse))
	return nil
}

// spread is the standard error that a normal distribution with the limits of the effect has: that of Student's is wider for few areas.
func spread(e costeffect.Effect) float64 { return (e.Upper - e.Lower) / (2 * stats.Level95.Z()) }

// borneUntil is what the perspective pays of months before a day, by year.
func (w *work) borneUntil(end indicator.Date) []float64 {
	var b books
	for _, c := range w.e.Costs {
		if c.Kind == "actual" && c.Month < end && (w.p.Perspective == programme.Society || !c.Funded) {
			b.spend(w.yearOf(c.Month), c.Cents, c.Cents)
		}
	}
	return b.byYear
}

func (w *work) draws() costeffect.Draws {
	return costeffect.Draws{Seed: w.p.Simulation.Seed, N: w.p.Simulation.Draws}
}

// simulated notes how draws were made.
func (w *work) simulated(x *estimate) { x.draws, x.seed = w.p.Simulation.Draws, w.p.Simulation.Seed }

// net fills in the net saving with its range, and at the programme's own rate what it depends on.
func (w *work) net(x *estimate, b balance, rate float64) error {
	x.use(b.shown...)
	return w.vary(x, b.inputs, b.model, b.shown, rate == w.p.DiscountRate)
}

// vary fills in what a model makes of inputs that vary: at their base, with the limits of random draws; and draws the scenarios and the bars
// if they are wanted.
func (w *work) vary(x *estimate, inputs []costeffect.Input, model costeffect.Model, shown []input, drawn bool) error {
	d, err := costeffect.Simulate(inputs, model, w.draws())
	if err != nil {
		return err
	}
	w.simulated(x)
	limits := d.Limits(stats.Level95)
	scenarios, err := costeffect.Scenario(inputs, model)
	if err != nil {
		return err
	}
	x.value, x.low, x.high = scenarios.Base, limits.Lower, limits.Upper
	x.use(exact("mean of the draws", d.Mean(), "€", fmt.Sprintf("draws and seed: %d, %d", x.draws, x.seed)))
	if !drawn {
		return nil
	}
	for i, s := range []struct {
		label string
		value float64
	}{{"low", scenarios.Low}, {"base", scenarios.Base}, {"high", scenarios.High}} {
		p := newPoint(scenario, i)
		p.label, p.value = s.label, s.value
		x.points = append(x.points, p)
	}
	return x.bars(inputs, model, shown)
}

// bars draws which input the result depends on how much.
func (x *estimate) bars(inputs []costeffect.Input, model costeffect.Model, shown []input) error {
	bars, err := costeffect.Tornado(inputs, model)
	if err != nil {
		return err
	}
	position := 0
	for _, bar := range bars {
		if bar.Low == bar.High {
			continue
		}
		p := newPoint(tornado, position)
		p.label, p.value = bar.Name, x.value
		p.low, p.high, p.inputLow, p.inputHigh = bar.AtLow, bar.AtHigh, bar.Low, bar.High
		for _, in := range shown {
			if in.name == bar.Name {
				p.inputUnit = in.unit
			}
		}
		x.points = append(x.points, p)
		position++
	}
	return nil
}

// paysOff is the probability that more is avoided than spent.
func (w *work) paysOff(b balance, err error) {
	x := w.compared(programme.PaysOff, "probability", "share of draws with a net saving above 0")
	x.use(b.shown...)
	x.flag(b.flags...)
	var d costeffect.Distribution
	if err == nil {
		d, err = costeffect.Simulate(b.inputs, b.model, w.draws())
	}
	if err != nil {
		x.fail(err)
		return
	}
	w.simulated(x)
	x.value = d.Above(0)
}

// switching is the effect on a service, and its unit cost, at which as much is avoided as spent, all else at its base.
func (w *work) switching(n *need, b balance, err error) {
	for _, s := range []struct {
		m     programme.Measure
		unit  string
		input func() input
		reach func(in input) (from, to float64)
	}{
		{programme.SwitchEffect, "contacts a resident and year", n.effectInput, func(input) (float64, float64) { return -farthest, farthest }},
		{programme.SwitchUnitCost, "€", n.priceInput, func(in input) (float64, float64) { return 0, max(1, in.high) * farthest }},
	} {
		x := w.compared(s.m, s.unit, "value at which the net saving is 0")
		x.service = n.service.Code
		x.use(b.shown...)
		x.flag(b.flags...)
		if err != nil {
			x.fail(err)
			continue
		}
		from, to := s.reach(s.input())
		value, err := costeffect.Switching(b.inputs, b.model, s.input().name, from, to)
		if x.value = value; err != nil {
			x.fail(err)
		}
	}
}

// farthest is up to how many contacts a resident, or times the highest unit cost, a switching value is looked for.
const farthest = 1000
