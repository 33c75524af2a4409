package aggregator

import (
	"context"
	"fmt"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// due is what has to be published whole, by type and start, with the reason that a revision would have.
type due map[indicator.PeriodType]map[indicator.Date]string

func (d due) add(p indicator.Period, reason string) {
	if d[p.Type] == nil {
		d[p.Type] = map[indicator.Date]string{}
	}
	if d[p.Type][p.Start] == "" || reason == reasonCorrection || d[p.Type][p.Start] == reasonErasure {
		d[p.Type][p.Start] = reason
	}
}

// due gathers the periods whose cells changed, those that came into view since the last time, and those that closed.
func (a *Aggregator) due(ctx context.Context) (due, error) {
	if err := a.loadClosings(ctx); err != nil {
		return nil, err
	}
	d := due{}
	if a.head.PublishAll != "" {
		if err := a.addAll(ctx, d); err != nil {
			return nil, err
		}
	}
	for name, reason := range a.head.Pending {
		p, err := parsePeriod(name)
		if err != nil {
			return nil, fmt.Errorf("pending period: %w", err)
		}
		if a.visible(p) {
			d.add(p, reason)
		}
	}
	for p := range a.ledger.periods {
		if p.Type != indicator.Wave && a.closed(p) {
			d.add(p, reasonLate)
		}
	}
	for day := a.head.DetailedOn + 1; a.head.DetailedOn != 0 && day <= a.today(); day++ {
		for _, t := range indicator.PeriodTypes {
			if start := t.First(day); a.visible(indicator.Period{Type: t, Start: start}) {
				d.add(indicator.Period{Type: t, Start: start}, reasonLate)
			}
		}
		if from, _ := segment(indicator.Day, day); from == day { // what the segment that is over hides besides may be an earlier part now
			for _, t := range indicator.PeriodTypes {
				for _, start := range t.Starts(day - 1) {
					if p := (indicator.Period{Type: t, Start: start}); a.visible(p) {
						d.add(p, reasonLate)
					}
				}
			}
		}
		for _, e := range a.cfg.Catalogue {
			d.addLagged(e, day)
		}
	}
	return d, nil
}

// addLagged adds the periods whose rows of an entry can be told from this day on.
func (d due) addLagged(e *indicator.Entry, day indicator.Date) {
	if e.LagDays == 0 {
		return
	}
	end := day - indicator.Date(e.LagDays)
	for _, t := range e.Periods {
		for _, start := range t.Starts(end - 1) {
			if p := (indicator.Period{Type: t, Start: start}); p.End() == end {
				d.add(p, reasonLate)
			}
		}
	}
}

// addAll adds every period that has cells; after a rebuild these are in memory.
func (a *Aggregator) addAll(ctx context.Context, d due) error {
	add := func(p indicator.Period) {
		if a.visible(p) && !a.beyondRecall(p) {
			d.add(p, a.reasonOfAll(p))
		}
	}
	if a.rebuilt != nil {
		a.rebuilt.periods(add)
		return nil
	}
	return warehouse.Each(ctx, a.db, a.state.statement("periods"), func(row func(...any) error) error {
		var t string
		var start int32
		err := row(&t, &start)
		add(indicator.Period{Type: indicator.PeriodType(t), Start: indicator.Date(start)})
		return err
	})
}

// beyondRecall reports whether a period stays as it was published although everything else is published by another method: nobody
// knows any more what persons would give to it by that one.
func (a *Aggregator) beyondRecall(p indicator.Period) bool {
	return a.head.PublishAll == reasonMethod && p.Start < a.head.limit() && a.closed(p)
}

// reasonOfAll is the reason for which a period is published when all are. A rebuild does not carry an erasure into final
// figures; only another method does.
func (a *Aggregator) reasonOfAll(p indicator.Period) string {
	if a.head.Erased[p.String()] && a.head.PublishAll != reasonMethod {
		return reasonErasure
	}
	return a.head.PublishAll
}

// settleDue notes in the journal that everything due has been published and compared; periods still ahead stay pending
// until they begin. Without news it writes nothing.
func (a *Aggregator) settleDue(ctx context.Context, d due, to compared) error {
	ahead := map[string]string{}
	for name, reason := range a.head.Pending {
		if p, err := parsePeriod(name); err == nil && !a.visible(p) {
			ahead[name] = reason
		}
	}
	h, today := &a.head, a.today()
	if len(d) == 0 && len(h.Waves) == 0 && len(h.Targets) == 0 && len(h.Pending) == len(ahead) && h.PublishAll == "" &&
		h.DetailedOn == today && h.Compared == to {
		return nil
	}
	g := a.nextGeneration()
	g.head.Pending, g.head.Waves, g.head.PublishAll, g.head.DetailedOn = ahead, map[string]bool{}, "", today
	g.head.Targets, g.head.Compared = map[string]bool{}, to
	return a.commit(ctx, g)
}

// loadClosings reads which periods were closed by hand.
func (a *Aggregator) loadClosings(ctx context.Context) error {
	a.byHand = periods{}
	return warehouse.Each(ctx, a.db, statement("closings"), func(row func(...any) error) error {
		var t string
		var start int32
		err := row(&t, &start)
		a.byHand[indicator.Period{Type: indicator.PeriodType(t), Start: indicator.Date(start)}] = true
		return err
	})
}
