package aggregator

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"vointi.fi/pkg/indicator"
)

// part is a period, which may be part of a segment, as it is published.
type part struct {
	*grid
	within layers         // the shorter periods
	before publishedRows  // as it is published, if it has closed
	told   map[rowOf]bool // totals of areas that readers have seen, and not as 0
	mate   bool           // it is not due: of it only what has companions is published anew
	stays  bool           // nothing is: its cells are totals, and hidden is what of it is hidden or withheld
	hidden []slot
	made   *protection // nil if it stays
}

// measures are those of which it is published anew.
func (a *Aggregator) measures(p *part) []indicator.Measure {
	if p.mate {
		return a.summed(p.period.Type)
	}
	return a.protected(p.period.Type)
}

// entries are the indicators of which it is: never one that is protected by what it has no mask of.
func (a *Aggregator) entries(p *part) indicator.Catalogue {
	if !p.mate {
		return a.cfg.Catalogue
	}
	return a.entriesOf(a.measures(p))
}

// entriesOf returns the indicators that some measures protect, and no other.
func (a *Aggregator) entriesOf(ms []indicator.Measure) indicator.Catalogue {
	return slices.DeleteFunc(slices.Clone(a.cfg.Catalogue), func(e *indicator.Entry) bool {
		return len(e.Protect) == 0 || slices.ContainsFunc(e.Protect, func(m indicator.Measure) bool { return !slices.Contains(ms, m) })
	})
}

// readParts reads periods of one type, what is published of those of them that are closed, and the shorter periods within; behind them
// those of their segments that stay, and those that an erasure has changed: it changes no figure that is final. The others are due
// for a reason, or mates of these.
func (a *Aggregator) readParts(ctx context.Context, t indicator.PeriodType, starts []indicator.Date, reasons map[indicator.Date]string) ([]*part, error) {
	_, beside := a.mates(t, starts)
	closed := slices.DeleteFunc(slices.Clone(starts), func(s indicator.Date) bool { return !a.closed(indicator.Period{Type: t, Start: s}) })
	before, err := a.published(ctx, t, closed, "")
	if err != nil {
		return nil, err
	}
	for s, rows := range before {
		maps.DeleteFunc(rows, func(k pubKey, _ publication) bool { return a.ofDerived(k) || a.places.now(k.area) != k.area })
		if rows.final() && reasons[s] == reasonErasure {
			beside = append(beside, s)
		}
	}
	starts = slices.DeleteFunc(slices.Clone(starts), func(s indicator.Date) bool { return slices.Contains(beside, s) })
	grids := newGrids(t, starts)
	within, err := a.loadLayers(ctx, grids)
	if err != nil {
		return nil, err
	}
	var parts []*part
	for _, g := range grids {
		s := g.period.Start
		_, isDue := reasons[s]
		p := &part{grid: g, within: within[s], before: before[s], mate: !isDue}
		a.noteTold(p)
		parts = append(parts, p)
	}
	stay, err := a.readBeside(ctx, t, beside)
	return append(parts, stay...), err
}

// noteTold notes what readers have seen of a part, if that decides on companions: of days it does not.
func (a *Aggregator) noteTold(p *part) {
	if t := p.period.Type; !t.Detailed() || len(a.summed(t)) == 0 {
		return
	}
	rows := p.before.telling()
	if p.before == nil {
		rows = a.ledger.telling(p.period)
	}
	p.told = map[rowOf]bool{}
	for _, s := range rows {
		if e := a.cfg.Catalogue.Find(s.indicator); e != nil {
			for _, m := range e.Protect {
				p.told[rowOf{m, slot{area: s.area}}] = true
			}
		}
	}
}

// readBeside reads what is needed of periods that stay as they are published.
func (a *Aggregator) readBeside(ctx context.Context, t indicator.PeriodType, starts []indicator.Date) (parts []*part, err error) {
	if len(starts) == 0 || len(a.summed(t)) == 0 {
		return nil, nil
	}
	of := map[indicator.Date]*part{}
	for _, g := range newGrids(t, starts) {
		of[g.period.Start] = &part{grid: g, stays: true}
		parts = append(parts, of[g.period.Start])
	}
	where := isOneOf(t, starts)
	if a.rebuilt != nil {
		for _, p := range parts {
			a.rebuiltWithin(t, p.period, false, func(k cellKey, v int64) { p.put(a.plan, k, v) })
		}
	} else if err := a.loadTotals(ctx, where, func(k cellKey, v int64) { of[k.start].put(a.plan, k, v) }); err != nil {
		return nil, fmt.Errorf("load cells: %w", err)
	}
	err = a.eachHiddenTotal(ctx, where, func(k pubKey) {
		p := of[k.period.Start]
		p.hidden = append(p.hidden, k.slot)
	})
	return parts, err
}

// eachHiddenTotal calls for each total that [Aggregator.eachHidden] would.
func (a *Aggregator) eachHiddenTotal(ctx context.Context, where string, call func(pubKey)) error {
	return a.eachHidden(ctx, where+" AND age_group = 'all' AND sex = 'all' AND dimension = ''", func(k pubKey, _ bool) { call(k) })
}

// protectHeld makes the masks of totals of open periods, each by itself, with all hidden that is, and all that may turn out to be a companion
// when breakdowns follow: what has not been told yet, and is hidden in another part of the segment.
func (a *Aggregator) protectHeld(ctx context.Context, parts []*part) (err error) {
	for _, p := range parts {
		if p.made, err = a.protect(p.grid, a.ledger.held(p.period), nil, a.protected(p.period.Type)); err != nil {
			return fmt.Errorf("protect %s: %w", p.period, err)
		}
		a.noteTold(p)
	}
	for _, p := range parts {
		rows, err := a.mayBeCompanions(ctx, p, parts)
		if err != nil {
			return err
		}
		for m, of := range rows {
			if err := p.made.hide(m, of...); err != nil {
				return fmt.Errorf("protect %s: %w", p.period, err)
			}
		}
	}
	return nil
}

// mayBeCompanions returns the totals that are shown now, have not been told yet, and are hidden in another part of the segment, whether this
// is among those being published or not.
func (a *Aggregator) mayBeCompanions(ctx context.Context, p *part, parts []*part) (map[indicator.Measure][]slot, error) {
	fresh, summed := map[rowOf]bool{}, a.summed(p.period.Type)
	for _, m := range summed {
		for area := range p.areas {
			s := slot{area: area}
			if p.total(area, m, a.ages) > 0 && !p.told[rowOf{m, s}] && !p.made.masks[m].hides(totalOf(area)) {
				fresh[rowOf{m, s}] = true
			}
		}
	}
	if len(fresh) == 0 {
		return nil, nil
	}
	rows := map[indicator.Measure][]slot{}
	note := func(m indicator.Measure, area string) {
		if fresh[rowOf{m, slot{area: area}}] {
			delete(fresh, rowOf{m, slot{area: area}})
			rows[m] = append(rows[m], totalOf(area))
		}
	}
	var stored []indicator.Date
	for _, s := range a.segments(p.period.Type, []indicator.Date{p.period.Start}) {
		if i := slices.IndexFunc(parts, func(of *part) bool { return of.period.Start == s }); i < 0 {
			stored = append(stored, s)
		} else if parts[i] != p {
			for _, m := range summed {
				for _, row := range parts[i].made.masks[m].totals() {
					note(m, row.area)
				}
			}
		}
	}
	if len(stored) == 0 {
		return rows, nil
	}
	return rows, a.eachHiddenTotal(ctx, isOneOf(p.period.Type, stored), func(k pubKey) {
		if e := a.cfg.Catalogue.Find(k.indicator); e != nil {
			note(e.Protect[0], k.area)
		}
	})
}
