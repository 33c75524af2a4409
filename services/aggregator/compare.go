package aggregator

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// compare makes the comparisons that are due, and returns up to where they are made; settleDue puts that into the journal.
//
//  1. find the periods whose figures changed, with those that are compared with them;
//  2. read what is published of these, and what they need: of all period types at once, or of whole indicators some at a time;
//  3. compare in memory, hold it against the stored comparisons, and write what differs;
//  4. the caller notes the version of publications up to which this was done.
//
// A crash before 4 leads to the same work again, which finds what was written and adds the rest. Nothing here sees more
// than a reader does.
func (a *Aggregator) compare(ctx context.Context) (compared, error) {
	a.crash("compare")
	now := compared{Version: a.version, On: a.today()}
	covered, err := a.covered(ctx)
	if err != nil {
		return now, fmt.Errorf("compare: %w", err)
	}
	now.By = a.comparedBy(covered)
	work, err := a.uncompared(ctx, now)
	if err == nil && len(work) > 0 {
		err = a.compareAll(ctx, work, now.On, covered)
	}
	if err != nil {
		return now, fmt.Errorf("compare: %w", err)
	}
	a.crash("comparisons")
	return now, nil
}

func (a *Aggregator) compareAll(ctx context.Context, work comparisonsWork, day indicator.Date, covered coverage) error {
	c, err := a.newComparing(ctx, day, covered, &a.draws)
	if err != nil {
		return err
	}
	err = c.run(ctx, work, func(_ batch, stored map[comparisonKey]comparison, wanted []comparison) error {
		differ := changes(stored, wanted)
		if len(differ) >= chunk {
			return c.write(ctx, differ)
		}
		if c.out = append(c.out, differ...); len(c.out) < chunk {
			return nil
		}
		return c.writeGathered(ctx)
	})
	if err == nil {
		err = c.writeGathered(ctx)
	}
	return err
}

// Compare makes the comparisons that this aggregator's [Aggregator.Rebuild] has left due, showing how far it is. The next
// [Aggregator.Step] would make them, too.
func (a *Aggregator) Compare(ctx context.Context, step func(what string, done int)) error {
	a.progress = step
	defer func() { a.progress = func(string, int) {} }()
	return a.compareLeft(ctx)
}

// compareLater leaves comparisons due: they take as long as all else that a rebuild does, and nothing is wrong without
// them. They are made by the next step, and so is what a crash leaves undone.
func (a *Aggregator) compareLater(context.Context) (compared, error) { return compared{}, nil }

// compareLeft makes them.
func (a *Aggregator) compareLeft(ctx context.Context) error {
	if !a.head.Compared.due() {
		return nil
	}
	began := time.Now()
	to, err := a.compare(ctx)
	if err != nil {
		return err
	}
	g := a.nextGeneration()
	g.head.Compared = to
	a.log.Info("comparisons made", zap.Duration("took", time.Since(began)))
	return a.commit(ctx, g)
}

// comparing is one run over what is due.
type comparing struct {
	a *Aggregator
	*references
	draws  *draws
	buffer sync.Pool  // of lists of comparisons: they are large
	turn   sync.Mutex // one at a time reads or writes
	out    []comparison
}

func (a *Aggregator) newComparing(ctx context.Context, day indicator.Date, covered coverage, d *draws) (*comparing, error) {
	r, err := a.references(ctx, day)
	if err == nil {
		r.covered = covered
	}
	return &comparing{a: a, references: r, draws: d, buffer: sync.Pool{New: func() any { return new([]comparison) }}}, err
}

// run makes the comparisons of each batch and hands them over, beside the stored ones; several batches at a time, but use
// is called by one at a time.
func (c *comparing) run(ctx context.Context, work comparisonsWork, use func(batch, map[comparisonKey]comparison, []comparison) error) error {
	x, err := c.a.extentsOf(ctx, work)
	if err != nil {
		return fmt.Errorf("read how much is compared: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0)) // nothing more is read while as many batches are being compared
	done := 0
	for _, r := range work.readings(x) {
		slots <- struct{}{}
		comparers, stored, err := c.read(ctx, r)
		if err != nil {
			return cmp.Or(group.Wait(), err) // one that stops the others comes first
		}
		for i, b := range r {
			if i > 0 {
				slots <- struct{}{}
			}
			group.Go(func() error {
				defer func() { <-slots }()
				wanted := c.buffer.Get().(*[]comparison)
				for _, m := range comparers[i] {
					*wanted = m.all(*wanted, b.starts)
				}
				c.turn.Lock()
				defer c.turn.Unlock()
				done += len(b.indicators)
				c.a.progress("comparisons", done)
				err := use(b, stored[b.typ], *wanted)
				*wanted = (*wanted)[:0]
				c.buffer.Put(wanted)
				return err
			})
		}
	}
	return group.Wait()
}

// read reads what is published of batches, and their stored comparisons by period type.
func (c *comparing) read(ctx context.Context, r reading) ([][]*comparer, map[indicator.PeriodType]map[comparisonKey]comparison, error) {
	c.turn.Lock()
	defer c.turn.Unlock()
	stored, err := c.a.state.comparisons(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	catalogue := c.a.cfg.Catalogue
	held := sessionsHeld(catalogue)
	shelves, err := c.a.state.shelves(ctx, catalogue, r, c.day, func(b batch) []string {
		if held == nil || slices.Contains(b.indicators, held.ID) || !slices.ContainsFunc(b.indicators, func(id string) bool { return countsVisits(catalogue.Find(id)) }) {
			return nil
		}
		return []string{held.ID}
	})
	if err != nil {
		return nil, nil, err
	}
	comparers := make([][]*comparer, len(r))
	for i, b := range r {
		for _, id := range b.indicators {
			s := shelves[pair{b.typ, id}]
			if s == nil {
				continue
			}
			m := &comparer{references: c.references, shelf: s, draws: c.draws}
			if countsVisits(s.entry) && held != nil {
				m.sessions = shelves[pair{b.typ, held.ID}]
			}
			comparers[i] = append(comparers[i], m)
		}
	}
	return comparers, stored, nil
}

// all adds the comparisons of the periods that begin at one of starts; nil: of all.
func (c *comparer) all(to []comparison, starts []indicator.Date) []comparison {
	for _, w := range c.shelf.periods() {
		if starts == nil || slices.Contains(starts, w.start) {
			to = c.table(to, w)
		}
	}
	return to
}

// writeGathered writes the rows of small batches.
func (c *comparing) writeGathered(ctx context.Context) error {
	err := c.write(ctx, c.out)
	c.out = c.out[:0]
	return err
}

func (c *comparing) write(ctx context.Context, rows []comparison) error {
	if len(rows) == 0 {
		return nil
	}
	a := c.a
	if a.comparisons == 0 {
		err := warehouse.Each(ctx, a.db, a.state.statement("compare_version"), func(row func(...any) error) error { return row(&a.comparisons) })
		if err != nil {
			return err
		}
	}
	a.comparisons++
	now := a.clock().UTC()
	for part := range slices.Chunk(rows, 2*chunk) {
		if err := a.db.Insert(ctx, a.state.name+".comparisons", comparisonColumns(part, now, a.comparisons)...); err != nil {
			return fmt.Errorf("write comparisons: %w", err)
		}
	}
	a.metrics.compared.Add(float64(len(rows)))
	return nil
}

// verifyComparisons holds what is stored against what the publications give, on the day of the last comparison; what is
// due to be compared again is left out.
func (a *Aggregator) verifyComparisons(ctx context.Context) ([]string, error) {
	last := a.head.Compared
	covered, err := a.covered(ctx)
	if err != nil || last.By != a.comparedBy(covered) {
		return nil, err // all of it is due: by the rules of another version of this program, or since an area begins earlier
	}
	due, err := a.uncompared(ctx, compared{On: last.On, By: last.By})
	if err != nil {
		return nil, err
	}
	all, err := a.allPairs(ctx)
	if err != nil {
		return nil, err
	}
	c, err := a.newComparing(ctx, last.On, covered, &draws{})
	if err != nil {
		return nil, err
	}
	isDue := func(r *comparison) bool {
		starts, ok := due[pair{r.period.Type, r.indicator}]
		return ok && (starts == nil || starts[r.period.Start])
	}
	var differences []string
	err = c.run(ctx, all, func(b batch, stored map[comparisonKey]comparison, wanted []comparison) error {
		differ := slices.DeleteFunc(changes(stored, wanted), func(r comparison) bool { return isDue(&r) })
		if len(differ) > 0 {
			differences = append(differences, fmt.Sprintf("comparisons %s: %d rows differ from what the publications give, for example %+v",
				b, len(differ), differ[0].comparisonKey))
		}
		return nil
	})
	slices.Sort(differences)
	return differences, err
}

func midnightOfYear(year int) time.Time {
	return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
}
