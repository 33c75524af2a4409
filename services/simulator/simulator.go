// Package simulator makes a synthetic world: residents, sessions, visits, head counts, surveys, costs and reference data of
// three years, as events, and then a trickle of the present day. Nothing in it is real; every event's source begins with
// /demo/. What is planted in it, for estimates to find, is in TRUTH.md and [Truth].
//
// The history is made unchecked, since checking costs twice as much as making; that any world's events are valid is for
// the tests to show.
package simulator

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"vointi.fi/pkg/event"
)

// Publisher publishes events in bulk: all of them, or an error.
type Publisher interface {
	PublishBatch(ctx context.Context, events []*event.Event) error
}

// Simulator makes the events of one world.
type Simulator struct {
	cfg   Config
	world *world
}

// New checks cfg and lays out the world.
func New(cfg Config) (*Simulator, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.local()
	return &Simulator{cfg: cfg, world: newWorld(cfg)}, nil
}

// All makes the history lazily, in the order of publication: reference data first, then day by day. Times are not in
// order: some events come late. It holds about half a year in memory, compactly. It ends after an error, which no Config
// that passed [New] should cause.
func (s *Simulator) All() iter.Seq2[*event.Event, error] {
	return func(yield func(*event.Event, error) bool) {
		s.walk(func(a action) bool {
			e, err := a.maker.make(a.what, int(a.index))
			return yield(e, err) && err == nil
		})
	}
}

// Count returns how many events All makes, exactly. It lays the whole history out, which takes a fraction of the time.
func (s *Simulator) Count() int {
	n := 0
	s.walk(func(action) bool { n++; return true })
	return n
}

// planAhead is how long before its first day a quarter is laid out: longer than sessions are announced ahead.
const planAhead = 32

// walk calls do for each action of the history in order, until it returns false.
func (s *Simulator) walk(do func(action) bool) {
	days := newDayTable(s.cfg.First, s.cfg.Last)
	queue := newQueue(days, s.cfg.Since)
	newRegister(s.world).actions(queue.add)
	newTargets(s.world).actions(queue.add)
	newCivics(s.world).actions(queue.add)
	for year := s.cfg.First.Year(); year <= s.cfg.Last.Year(); year++ {
		s.world.wave(year).actions(queue.add)
	}
	next, cards := quarterOf(s.cfg.First), newIssuer(s.world)
	for day := range queue.days {
		for ahead := s.cfg.First.AddDate(0, 0, day+planAhead); !ahead.Before(next.first()); next++ {
			p := s.world.plan(next)
			p.actions(queue.add)
			newHelpers(p).actions(queue.add)
			cards.issue(p.quarter, p.pools).actions(queue.add)
		}
		if !queue.drain(day, do) {
			return
		}
	}
}

// queue holds the actions to come, by day.
type queue struct {
	table dayTable
	since int64
	days  [][]action
}

func newQueue(days dayTable, since time.Time) *queue {
	q := &queue{table: days, days: make([][]action, len(days)-1)}
	if !since.IsZero() {
		q.since = since.UnixMilli()
	}
	return q
}

// add puts an action on its day: nowhere if that is after the history or before since. What was before the history is
// published when it begins, in the order of adding.
func (q *queue) add(a action) {
	a.at = max(a.at, q.table[0])
	if day := q.table.index(a.at); day < len(q.days) && a.at >= q.since {
		q.days[day] = append(q.days[day], a)
	}
}

// drain hands out the actions of a day in order, and forgets them.
func (q *queue) drain(day int, do func(action) bool) bool {
	actions := q.days[day]
	q.days[day] = nil
	slices.SortStableFunc(actions, func(a, b action) int { return cmp.Compare(a.at, b.at) })
	for _, a := range actions {
		if !do(a) {
			return false
		}
	}
	return true
}

// batch is how many events Publish hands over at once: five rounds of what the bus takes side by side, so that it seldom
// waits for the last of a round.
const batch = 20_000

// Publish publishes the history in batches, in order. While one is being published the next is made. progress, if not nil,
// is told after each batch how many of how many are done; its last call says all of them.
func (s *Simulator) Publish(ctx context.Context, to Publisher, progress func(done, total int)) error {
	ctx, cancel := context.WithCancel(ctx)
	total := s.Count()
	batches := make(chan []*event.Event, 1)
	made := make(chan error, 1)
	go func() {
		defer close(batches)
		made <- s.batches(ctx, batches)
	}()
	err := publish(ctx, to, batches, func(done int) {
		if progress != nil {
			progress(done, total)
		}
	})
	cancel()
	if makeErr := <-made; err == nil {
		err = makeErr
	}
	return err
}

func publish(ctx context.Context, to Publisher, batches <-chan []*event.Event, progress func(done int)) error {
	done := 0
	for events := range batches {
		if err := to.PublishBatch(ctx, events); err != nil {
			return fmt.Errorf("publish events %d to %d: %w", done+1, done+len(events), err)
		}
		done += len(events)
		progress(done)
	}
	return nil
}

// batches sends the history to out until ctx is done.
func (s *Simulator) batches(ctx context.Context, out chan<- []*event.Event) error {
	events := make([]*event.Event, 0, batch)
	send := func() error {
		select {
		case out <- events:
			events = make([]*event.Event, 0, batch)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for e, err := range s.All() {
		if err != nil {
			return fmt.Errorf("make event: %w", err)
		}
		if events = append(events, e); len(events) == batch {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if len(events) == 0 {
		return nil
	}
	return send()
}
