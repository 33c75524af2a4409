package evaluator

import (
	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
)

// wellbys is the effect on life satisfaction in WELLBYs, only where a person has entered what one is worth.
func (w *work) wellbys() {
	v := w.p.Wellby
	if v == nil {
		return
	}
	count := w.compared(programme.Wellbys, "WELLBY", "effect × persons × years")
	value := w.compared(programme.WellbyValue, "€", "WELLBYs × value, Monte Carlo")
	even := w.compared(programme.BreakEvenWellbys, "WELLBY", "programme cost over the value of a WELLBY")
	worth := entered("value of a WELLBY", v.Value, "€")
	worth.wellby = true
	change, inputs, err := w.lifeSatisfaction(v)
	for _, x := range []*estimate{count, value, even} {
		x.flag(programme.FlagWellby)
		x.horizon = v.Years
	}
	count.use(inputs...)
	value.use(append(inputs, worth)...)
	even.use(w.spent(), worth)
	w.breakEven(even, v)
	var wellbys stats.Estimate
	if err == nil {
		wellbys, err = change.Wellbys()
	}
	if err != nil {
		count.fail(err)
		value.fail(err)
		return
	}
	count.set(wellbys)
	if err := w.valued(value, wellbys, v.Value); err != nil {
		value.fail(err)
	}
}

func (w *work) breakEven(x *estimate, v *programme.Wellby) {
	low, base, high := v.Value.Range()
	even, err := costeffect.BreakEven(w.books.total, base)
	if w.books.err != nil {
		err = w.books.err
	}
	if err != nil {
		x.fail(err)
		return
	}
	x.value, x.low, x.high = even, w.books.total/high, w.books.total/low
}

// lifeSatisfaction is the effect for the persons and years that the description names.
func (w *work) lifeSatisfaction(v *programme.Wellby) (costeffect.Wellbeing, []input, error) {
	f := w.effects[v.Indicator]
	if f.err != nil {
		return costeffect.Wellbeing{}, nil, f.err
	}
	inputs := []input{ranged("effect on "+v.Indicator, f.Value, f.Lower, f.Upper, f.unit, f.method)}
	var persons float64
	if v.Persons != nil {
		_, persons, _ = v.Persons.Range()
		inputs = append(inputs, entered("persons", v.Persons, ""))
	} else {
		var err error
		if persons, err = w.residents(); err != nil {
			return costeffect.Wellbeing{}, nil, err
		}
		inputs = append(inputs, exact("persons", persons, "", published+" "+reach))
	}
	return costeffect.Wellbeing{Change: f.Estimate, Persons: persons, Years: v.Years}, append(inputs, exact("years", v.Years, "", "description of the programme")), nil
}

func (w *work) valued(x *estimate, wellbys stats.Estimate, a *programme.Amount) error {
	low, base, high := a.Range()
	amount, err := costeffect.Normally("wellbys", wellbys.Value, (wellbys.Upper-wellbys.Lower)/(2*stats.Level95.Z()))
	if err != nil {
		return err
	}
	price, err := costeffect.Ranged("value", low, base, high)
	if err != nil {
		return err
	}
	d, err := costeffect.Simulate([]costeffect.Input{amount, price}, func(v []float64) float64 { return v[0] * v[1] }, w.draws())
	if err != nil {
		return err
	}
	limits := d.Limits(stats.Level95)
	x.value, x.low, x.high = wellbys.Value*base, limits.Lower, limits.Upper
	w.simulated(x)
	return nil
}
