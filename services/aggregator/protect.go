package aggregator

import (
	"slices"

	"vointi.fi/pkg/indicator"
)

// protection is the masks of one period, and what they are made of.
type protection struct {
	a          *Aggregator
	grid       *grid
	within     layers
	sticky     []slot                       // rows that were hidden when the period closed, and stay hidden
	more       map[indicator.Measure][]slot // rows that are hidden besides
	withVisits []slot                       // anonymous visits that are hidden where hardly anybody has a card
	masks      masks
}

// protect makes the masks of these measures, together with the shorter periods within. Rows in sticky stay hidden.
func (a *Aggregator) protect(g *grid, sticky []slot, within layers, of []indicator.Measure) (*protection, error) {
	p := &protection{a: a, grid: g, within: within, sticky: sticky, more: map[indicator.Measure][]slot{}, masks: masks{}}
	var err error
	if p.withVisits, err = a.hiddenWithVisits(g, within); err != nil {
		return nil, err
	}
	for _, m := range twinsLast(of) {
		if err := p.renew(m, nil, nil); err != nil {
			return nil, err
		}
	}
	if err := a.hideTelling(p.masks, p.renew); err != nil {
		return nil, err
	}
	return p, a.alike(p.masks, g.period, p.renew)
}

// renew makes the mask of a measure anew with rows hidden and rows shown besides, or hides more by the one that it has.
func (p *protection) renew(m indicator.Measure, marked, told []slot) (err error) {
	a, ms := p.a, p.masks
	marked = slices.Concat(marked, a.hiddenByTwins(ms, p.grid.period, m), p.more[m])
	if m == indicator.AnonymousVisits {
		marked = append(marked, p.withVisits...)
	}
	if len(told) == 0 {
		if grown, err := a.grow(p.grid, m, ms[m], marked, p.within); grown || err != nil {
			return err
		}
	}
	marked = slices.Concat(marked, stickyFor(a.cfg.Catalogue, m, p.sticky), a.fewAnswers(p.grid, m), a.fewNameless(p.grid, m), a.fewOutside(p.grid, m), a.hiddenAnonymous(ms, m))
	ms[m], err = a.mask(p.grid, m, a.plan.dimensionsOf(m), a.cfg.Threshold, marked, slices.Concat(told, a.allAnonymous(p.grid, m, ms)), p.within)
	return err
}

// hide hides rows of a measure besides, which shares none with another. Where breakdowns are protected too the mask grows; others are made anew, which hides less of what
// is longer.
func (p *protection) hide(m indicator.Measure, rows ...slot) error {
	p.more[m] = append(p.more[m], rows...)
	if !p.grid.period.Type.Detailed() {
		delete(p.masks, m)
	}
	return p.renew(m, nil, nil)
}
