package evaluator

import (
	"fmt"
	"math"
	"slices"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
)

// books is what a programme cost, in €. err says why that is not known; then no number is.
type books struct {
	total, funded, budget float64 // budget: of the months up to the last with costs
	planned               float64 // budget of all months
	months                int     // with costs
	last                  indicator.Date
	unallocated           float64
	byYear, ownByYear     []float64 // from the first year of the programme on
	err                   error
}

const entries = "cost entries of the project"

func (w *work) keepBooks() (b books) {
	if w.p.Project == "" {
		return books{err: refuse(programme.NoProject)}
	}
	total, funded, budget, unallocated := int64(0), int64(0), int64(0), int64(0)
	seen := map[indicator.Date]bool{}
	for _, c := range w.e.Costs {
		if c.Least < 0 {
			return books{err: refuse(programme.NegativeCost)}
		}
		if c.Kind != "actual" {
			continue
		}
		seen[c.Month], b.last = true, max(b.last, c.Month)
		total, unallocated = total+c.Cents, unallocated+c.Unallocated
		own := c.Cents
		if c.Funded {
			funded, own = funded+c.Cents, 0
		}
		b.spend(w.yearOf(c.Month), c.Cents, own)
	}
	for _, c := range w.e.Costs {
		if c.Kind == "budget" && c.Month <= b.last {
			budget += c.Cents
		}
		if c.Kind == "budget" {
			b.planned += euros(c.Cents)
		}
	}
	if len(seen) == 0 {
		return books{err: refuse(programme.NoCosts)}
	}
	b.total, b.funded, b.budget, b.unallocated, b.months = euros(total), euros(funded), euros(budget), euros(unallocated), len(seen)
	return b
}

func euros(cents int64) float64 { return float64(cents) / 100 }

func (b *books) spend(year int, cents, own int64) {
	for len(b.byYear) <= year {
		b.byYear, b.ownByYear = append(b.byYear, 0), append(b.ownByYear, 0)
	}
	b.byYear[year] += euros(cents)
	b.ownByYear[year] += euros(own)
}

// borne is what the perspective pays, by year.
func (w *work) borne() []float64 {
	if w.p.Perspective == programme.Society {
		return w.books.byYear
	}
	return w.books.ownByYear
}

// spent is the input that most estimates begin with.
func (w *work) spent() input { return exact("programme cost", w.books.total, "€", entries) }

// costs is what is known of costs alone.
func (w *work) costs() {
	b := w.books
	fact := func(m programme.Measure, unit string, value float64, inputs ...input) {
		x := w.add(m, unit, "sum of cost entries")
		x.value = value
		x.use(inputs...)
		if b.err != nil {
			x.fail(b.err)
			return
		}
		if b.unallocated > 0 && m == programme.Cost {
			x.flag(programme.FlagUnallocated)
			x.use(exact("costs that reached no session", b.unallocated, "€", "allocation of costs to sessions"))
		}
	}
	months := exact("months with costs", float64(b.months), "", entries)
	funded := exact("paid by funders", b.funded, "€", "cost entries that name a funder")
	budget := exact("budget of the same months", b.budget, "€", "budget entries of the project")
	fact(programme.Cost, "€", b.total, w.spent())
	fact(programme.OwnCost, "€", b.total-b.funded, w.spent(), funded)
	fact(programme.CostPerMonth, "€", b.total/float64(b.months), w.spent(), months)
	fact(programme.ExternalFunding, "%", 100*b.funded/b.total, w.spent(), funded)
	fact(programme.Budget, "€", orNone(b.planned), exact("budget entries", b.planned, "€", "budget entries of the project"))
	fact(programme.BudgetExecution, "%", 100*b.total/b.budget, w.spent(), budget)
	for _, rate := range w.rates() {
		w.presentCost(rate)
	}
}

// orNone is an amount, or no number where nothing was entered.
func orNone(amount float64) float64 {
	if amount == 0 {
		return math.NaN()
	}
	return amount
}

// rates are those that are always shown, and the programme's own.
func (w *work) rates() []float64 {
	rates := []float64{0, 0.03, 0.035, 0.05, w.p.DiscountRate}
	slices.Sort(rates)
	return slices.Compact(rates)
}

func (w *work) presentCost(rate float64) {
	x := w.add(programme.PresentCost, "€", "PV = Σ A/(1+r)^t, t = 0 in the first year")
	x.rate, x.horizon = rate, float64(len(w.books.byYear))
	if w.books.err != nil {
		x.fail(w.books.err)
		return
	}
	for t, amount := range w.borne() {
		x.use(exact(fmt.Sprintf("cost in year %d", t+1), amount, "€", w.payer()))
	}
	x.use(exact("discount rate", 100*rate, "%", "a parameter"))
	value, err := costeffect.Rate(rate).PresentValue(w.borne())
	if x.value = value; err != nil {
		x.fail(err)
	}
}

// payer says whose costs the perspective counts.
func (w *work) payer() string {
	if w.p.Perspective == programme.Society {
		return entries
	}
	return "cost entries that name no funder"
}
