package evaluator

import (
	"math"
	"slices"
	"strings"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
)

// Rules are what estimates are made by, beside descriptions.
type Rules struct {
	Catalogue indicator.Catalogue
	Threshold int64 // counts from 1 to one less are protected
}

// work evaluates one programme: a pure function of its description and the evidence.
type work struct {
	p     *programme.Programme
	e     *evidence
	d     design
	books books
	rules Rules
	out   []*estimate

	effects map[string]found // by indicator
	needs   []need           // by service, as described
}

// evaluate returns all estimates of a programme, each with a name of its own, in the order of the reasoning: what it cost, what that
// brought about, what changed, and what that is worth.
func evaluate(p *programme.Programme, e *evidence, rules Rules) []*estimate {
	w := &work{p: p, e: e, d: newDesign(p, e), rules: rules, effects: map[string]found{}}
	w.books = w.keepBooks()
	w.costs()
	w.units()
	w.planned()
	w.changes()
	w.serviceNeeds()
	w.savings()
	w.ratios()
	w.wellbys()
	w.socialReturns()
	for _, x := range w.out {
		x.complete()
	}
	return w.out
}

// add begins an estimate.
func (w *work) add(m programme.Measure, unit, method string) *estimate {
	nan := math.NaN()
	x := &estimate{
		id: w.p.ID, measure: m, perspective: w.p.Perspective, priceYear: w.priceYear(), rate: nan, horizon: nan, from: w.d.starts, to: w.last(),
		value: nan, low: nan, high: nan, p: nan, unit: unit, method: method, status: estimated,
	}
	w.out = append(w.out, x)
	return x
}

// last is the last day that an estimate is about unless it says another: that of the programme, or of its costs so far.
func (w *work) last() indicator.Date {
	switch {
	case w.d.ends != 0 && w.d.ends <= w.e.Today:
		return w.d.ends - 1
	case w.books.last != 0:
		return indicator.Month.End(w.books.last) - 1
	}
	return w.d.starts
}

// compared begins an estimate of what the programme caused.
func (w *work) compared(m programme.Measure, unit, method string) *estimate {
	x := w.add(m, unit, method)
	x.comparator = strings.Join(w.d.comparison, ",")
	return x
}

func (w *work) priceYear() int {
	if w.p.PriceYear != 0 {
		return w.p.PriceYear
	}
	year := 0
	for _, c := range w.e.Costs {
		year = max(year, c.PriceYear)
	}
	if year == 0 && len(w.e.Costs) > 0 {
		year = slices.MaxFunc(w.e.Costs, func(a, b cost) int { return int(a.Month - b.Month) }).Month.Year()
	}
	if year == 0 {
		year = w.e.Today.Year()
	}
	return year
}

// yearOf counts years from the first day of the programme on; what is before it belongs to the first.
func (w *work) yearOf(d indicator.Date) int {
	year := 0
	for w.d.starts != 0 && indicator.Month.First(w.d.starts).AddMonths(12*(year+1)) <= d {
		year++
	}
	return year
}
