package evaluator

import (
	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/programme"
)

// planned is what a visit would cost by the plan of a session, whatever came of it.
func (w *work) planned() {
	plan := w.p.Plan
	if plan == nil {
		return
	}
	x := w.add(programme.PlannedPerVisit, "€", "planned cost of a session over its visits, Monte Carlo")
	shown := []input{entered("cost of a session", plan.SessionCost, "€"), entered("visits to a session", plan.Visits, "")}
	x.use(shown...)
	var inputs []costeffect.Input
	for i, a := range []*programme.Amount{plan.SessionCost, plan.Visits} {
		low, base, high := a.Range()
		in, err := costeffect.Ranged(shown[i].name, low, base, high)
		if err != nil {
			x.fail(err)
			return
		}
		inputs = append(inputs, in)
	}
	if err := w.vary(x, inputs, func(v []float64) float64 { return v[0] / v[1] }, shown, true); err != nil {
		x.fail(err)
	}
}
