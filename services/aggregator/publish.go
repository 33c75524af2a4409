package aggregator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// publish shows what changed. Totals of open periods follow at once. Breakdowns, revisions of closed periods, closings
// and surveys follow when cfg.Details has passed, since two states that differ by one visit would give a person away.
// Comparisons that a rebuild has left due follow at once.
func (a *Aggregator) publish(ctx context.Context, touched periods) error {
	if err := a.countResidents(ctx); err != nil {
		return err
	}
	if err := a.publishTotals(ctx, touched); err != nil {
		return fmt.Errorf("publish totals: %w", err)
	}
	if now := a.clock(); !a.detailed.IsZero() && now.Sub(a.detailed) < a.cfg.Details {
		return a.compareLeft(ctx)
	}
	return a.publishDetails(ctx, a.compare)
}

// countResidents reads the population and prices, if what is known of them is out of date.
func (a *Aggregator) countResidents(ctx context.Context) (err error) {
	if a.population == nil {
		a.population, err = a.loadPopulation(ctx)
	}
	if a.prices == nil && err == nil {
		a.prices, err = a.loadPrices(ctx)
	}
	return err
}

// publishTotals protects each period by itself; what a longer one hid besides, to protect shorter ones, and companions stay hidden until
// breakdowns follow.
func (a *Aggregator) publishTotals(ctx context.Context, touched periods) error {
	open := map[indicator.PeriodType][]indicator.Date{}
	for p := range touched {
		if a.visible(p) && !a.closed(p) {
			open[p.Type] = append(open[p.Type], p.Start)
		}
	}
	var out outbox
	for _, t := range indicator.PeriodTypes {
		parts, err := a.protectOpen(ctx, t, open[t])
		if err != nil {
			return err
		}
		for _, p := range parts {
			if !touched[p.period] && a.ledger.masked(p.period, func(k pubKey) bool {
				e := a.cfg.Catalogue.Find(k.indicator)
				return e != nil && p.made.masks.hides(e, k.slot)
			}) {
				continue // its companions changed, and it did not
			}
			rows, err := a.rowsOf(p.grid, a.cfg.Catalogue, false, p.made.masks)
			if err != nil {
				return err
			}
			a.ledger.compare(&out, p.period, rows, pubKey.total)
		}
	}
	return a.send(ctx, &out)
}

// protectOpen returns the cells of open periods of one type and the masks of their totals. Days bring those that are protected
// together with them.
func (a *Aggregator) protectOpen(ctx context.Context, t indicator.PeriodType, starts []indicator.Date) ([]*part, error) {
	var beside []indicator.Date
	if t == indicator.Day {
		_, beside = a.mates(t, starts)
		starts = a.withMates(t, starts)
	}
	grids, err := a.openGrids(ctx, t, starts)
	if err != nil {
		return nil, err
	}
	parts := make([]*part, len(grids))
	for i, g := range grids {
		parts[i] = &part{grid: g}
	}
	if t != indicator.Day {
		return parts, a.protectHeld(ctx, parts)
	}
	stay, err := a.readBeside(ctx, t, beside)
	if err != nil {
		return nil, err
	}
	return parts, a.protectAll(append(slices.Clip(parts), stay...))
}

// publishDetails publishes whole periods: those with changed cells, those that closed since the last time, and all of
// them after a rebuild; the survey waves with news; and then the comparisons of what was published.
func (a *Aggregator) publishDetails(ctx context.Context, compare func(context.Context) (compared, error)) error {
	now := a.clock()
	a.publishing = a.today()
	work, err := a.due(ctx)
	if err != nil {
		return fmt.Errorf("publish breakdowns: %w", err)
	}
	if err := a.publishAll(ctx, work); err != nil {
		return fmt.Errorf("publish breakdowns: %w", err)
	}
	if err := errors.Join(a.countWithheld(ctx), a.publishProgress(ctx)); err != nil {
		return err
	}
	to, err := compare(ctx)
	if err != nil {
		return err
	}
	a.detailed = now
	if err := a.settleDue(ctx, work, to); err != nil {
		return err
	}
	return a.prune(ctx)
}

// publishAll publishes survey waves and periods side by side, as far as they do not depend on each other. Only one at a time
// reads cells or writes rows. Rolling windows depend on nothing and begin with quarters: quarters and years are few and cost most, and while
// they are read windows have the processors.
func (a *Aggregator) publishAll(ctx context.Context, work due) error {
	var group errgroup.Group
	var turn sync.Mutex
	group.Go(func() error { return a.publishWaves(ctx, &turn) })
	done := 0
	publish := func(t indicator.PeriodType) error { return a.publishType(ctx, &turn, t, work[t], &done) }
	group.Go(func() error {
		for _, t := range inChain {
			if t == indicator.Quarter {
				group.Go(func() error { return publish(indicator.Rolling12M) })
			}
			if err := publish(t); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// publishType publishes the periods of one type, several at a time: they do not depend on each other, and protecting them
// is what a publication spends most on.
func (a *Aggregator) publishType(ctx context.Context, turn *sync.Mutex, t indicator.PeriodType, work map[indicator.Date]string, done *int) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for starts := range a.portions(t, a.withMates(t, slices.Collect(maps.Keys(work)))) {
		group.Go(func() error {
			if err := a.publishPeriods(ctx, turn, t, starts, work); err != nil {
				return err
			}
			turn.Lock()
			defer turn.Unlock()
			*done += len(starts)
			a.progress("periods", *done)
			return nil
		})
	}
	return group.Wait()
}

// periodsAtOnce is about how many periods are read by one statement and written by one insert.
func periodsAtOnce(t indicator.PeriodType) int {
	if t.Detailed() {
		return 8
	}
	return 128
}

func (a *Aggregator) publishPeriods(ctx context.Context, turn *sync.Mutex, t indicator.PeriodType, starts []indicator.Date, reasons map[indicator.Date]string) error {
	turn.Lock()
	parts, err := a.readParts(ctx, t, starts, reasons)
	turn.Unlock()
	if err != nil {
		return err
	}
	rows, err := a.rowsOfAll(parts)
	if err != nil {
		return err
	}
	turn.Lock()
	defer turn.Unlock()
	out := roomFor(parts, rows)
	var revised []indicator.Date
	for i, p := range parts {
		switch {
		case p.stays:
		case p.before == nil:
			of := a.entries(p)
			a.ledger.compare(&out, p.period, rows[i], func(k pubKey) bool { return !p.mate || of.Find(k.indicator) != nil })
		default:
			a.reviseFinal(&out, p.before, rows[i], reasons[p.period.Start], p.within.carried()...)
			revised = append(revised, p.period.Start)
		}
	}
	if err := a.noteWithheld(ctx, t, revised, "", out.withheld); err != nil {
		return err
	}
	return a.send(ctx, &out)
}

// roomFor returns an outbox with room for the rows of all periods, if some of these are closed.
func roomFor(parts []*part, rows [][]publication) (out outbox) {
	if !slices.ContainsFunc(parts, func(p *part) bool { return p.before != nil }) {
		return out
	}
	n := 0
	for _, of := range rows {
		n += len(of)
	}
	out.revised = make([]publication, 0, n)
	return out
}

// rowsOfAll makes the rows of several periods of one type side by side; none of those that stay as they are published.
func (a *Aggregator) rowsOfAll(parts []*part) ([][]publication, error) {
	if err := a.protectAll(parts); err != nil {
		return nil, err
	}
	rows := make([][]publication, len(parts))
	return rows, a.sideBySide(len(parts), func(i int) (err error) {
		if p := parts[i]; !p.stays {
			rows[i], err = a.rowsOf(p.grid, a.entries(p), true, p.made.masks)
		}
		return err
	})
}

// sideBySide does n things, as many at a time as there are processors, counting all callers. Who comes first is first, so that what is
// long can begin before what is short, and no processor waits for the end of one long thing.
func (a *Aggregator) sideBySide(n int, do func(int) error) error {
	var group errgroup.Group
	for i := range n {
		group.Go(func() error {
			a.turns <- struct{}{}
			defer func() { <-a.turns }()
			return do(i)
		})
	}
	return group.Wait()
}

// visible reports whether a period is published at all: one that has begun, and of the rolling windows only those that
// end by the end of this month.
func (a *Aggregator) visible(p indicator.Period) bool {
	today := a.today()
	if p.Type == indicator.Rolling12M {
		return p.End() <= indicator.Month.End(indicator.Month.First(today))
	}
	return p.Start <= today
}

// closed reports whether a period has closed: by itself some time after its end, or by hand.
func (a *Aggregator) closed(p indicator.Period) bool {
	return p.Closes() <= a.today() || a.byHand[p]
}

// outbox gathers rows to write and what to tell others.
type outbox struct {
	rows     []publication // of open periods
	revised  []publication // of closed ones: they are logged, too
	withheld []withheldRow // of closed ones
}

// updatesAtOnce is how many updates are announced at once: a rebuild is no news to react to one by one.
const updatesAtOnce = 1000

// updates lists what the rows are news of, each once.
func (out *outbox) updates() []Update {
	seen := map[Update]bool{}
	var updates []Update
	for _, rows := range [][]publication{out.rows, out.revised} {
		for i := range rows {
			r := &rows[i]
			if i > 0 && r.indicator == rows[i-1].indicator && r.area == rows[i-1].area && r.period == rows[i-1].period {
				continue
			}
			u := Update{r.indicator, r.area, string(r.period.Type), r.period.Start.String()}
			if seen[u] {
				continue
			}
			seen[u] = true
			if updates = append(updates, u); len(updates) == updatesAtOnce {
				return updates
			}
		}
	}
	return updates
}

// send writes the log of revisions first and the current rows after it, so that a crash between the two is mended by the
// next publication of the period.
func (a *Aggregator) send(ctx context.Context, out *outbox) error {
	if len(out.rows)+len(out.revised) == 0 {
		return nil
	}
	a.version++
	now := a.clock().UTC()
	var current [][]warehouse.Column
	for part := range slices.Chunk(out.revised, 2*chunk) {
		columns := publicationColumns(part, now, a.version)
		if err := a.db.Insert(ctx, a.state.name+".publication_log", columns...); err != nil {
			return err
		}
		current = append(current, columns)
	}
	a.crash("publication log")
	for part := range slices.Chunk(out.rows, 2*chunk) {
		current = append(current, publicationColumns(part, now, a.version))
	}
	for _, columns := range current {
		if err := a.db.Insert(ctx, a.state.name+".publications", columns...); err != nil {
			return err
		}
	}
	a.ledger.commit(out.rows)
	a.ledger.commit(out.revised)
	a.metrics.published.Add(float64(len(out.rows) + len(out.revised)))
	return a.tell(ctx, out)
}

// tell says once per indicator, area and period that there is news, protected or not. Who misses it can read the view,
// so a failure is only counted.
func (a *Aggregator) tell(ctx context.Context, out *outbox) error {
	if a.notify == nil {
		return nil
	}
	updates := out.updates()
	if err := a.notify.IndicatorsUpdated(ctx, updates); err != nil {
		a.metrics.untold.Add(float64(len(updates)))
		a.log.Warn("updates were not announced", zap.Error(err), zap.Int("updates", len(updates)))
	}
	return nil
}
