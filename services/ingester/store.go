package ingester

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/warehouse"
)

// Inserter writes the rows of one table by one INSERT. Rows written twice must count once, which the tables see to.
type Inserter interface {
	Insert(ctx context.Context, table string, cols ...warehouse.Column) error
}

// store writes batches into the warehouse and does not give up: it returns only when everything is written, when a row
// is known to be unfit, or when ctx ends.
type store struct {
	log     *zap.Logger
	db      Inserter
	metrics *metrics
	backoff backoff
}

// refusal is a row that the warehouse refused for what is in it.
type refusal struct {
	message int
	cause   error
}

// facts writes several tables side by side and returns the rows that the warehouse refused for their data; all others
// are written. The error is ctx's.
func (s *store) facts(ctx context.Context, tables []*table) ([]refusal, error) {
	var mu sync.Mutex
	var refused []refusal
	group, ctx := errgroup.WithContext(ctx)
	for _, t := range tables {
		if t.rows() == 0 {
			continue
		}
		group.Go(func() error {
			bad, err := s.bisect(ctx, t, 0, t.rows())
			mu.Lock()
			defer mu.Unlock()
			refused = append(refused, bad...)
			return err
		})
	}
	return refused, group.Wait()
}

// bisect writes the rows [from, to) of t. If they are refused for their data it halves them until each bad row stands
// alone: a bad row costs about 2·log2(rows) inserts, and never its neighbours. Rows that were written before the refusal
// are written again, which changes nothing.
func (s *store) bisect(ctx context.Context, t *table, from, to int) ([]refusal, error) {
	err := s.insert(ctx, t, from, to, unfit)
	switch {
	case err == nil:
		return nil, nil
	case !unfit(err):
		return nil, err
	case to-from == 1:
		return []refusal{{t.message[from], err}}, nil
	}
	s.metrics.bisections.Inc()
	middle := (from + to) / 2
	left, err := s.bisect(ctx, t, from, middle)
	if err != nil {
		return left, err
	}
	right, err := s.bisect(ctx, t, middle, to)
	return append(left, right...), err
}

// own writes a table whose rows we make ourselves: keys, changes, receipts, dead letters. Nothing that a producer sends
// makes such a row unfit, so a refusal is a fault of ours and is waited out like an outage: giving up would lose the
// account of what happened. The error is ctx's.
func (s *store) own(ctx context.Context, t *table) error {
	return s.insert(ctx, t, 0, t.rows(), func(error) bool { return false })
}

// insert writes the rows [from, to) by one INSERT, trying for ever unless giveUp says not to. Otherwise the error is
// ctx's.
func (s *store) insert(ctx context.Context, t *table, from, to int, giveUp func(error) bool) error {
	if from == to {
		return nil
	}
	cols := t.cut(from, to)
	for attempt := 0; ; attempt++ {
		err := s.db.Insert(ctx, t.name, cols...)
		if err == nil || giveUp(err) {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("insert %s: %w", t.name, ctx.Err())
		}
		s.complain(err, zap.String("table", t.name), zap.Int("rows", to-from), zap.Int("attempt", attempt+1), zap.Error(err))
		if err := s.wait(ctx, t.name, attempt); err != nil {
			return err
		}
	}
}

// complainOf says that a look at the tombstones is tried again.
func (s *store) complainOf(err error, attempt int) {
	s.log.Warn("nothing can be stored before it is known who is forgotten", zap.Int("attempt", attempt+1), zap.Error(err))
}

// complain says that an insert is retried: for an outage as a warning; aloud if someone must act, because the table does
// not fit the code.
func (s *store) complain(err error, fields ...zap.Field) {
	if warehouse.IsTransient(err) {
		s.log.Warn("insert will be retried", fields...)
	} else {
		s.log.Error("insert is refused whatever the data; see that the migrations fit this version", fields...)
	}
}

func (s *store) wait(ctx context.Context, table string, attempt int) error {
	s.metrics.retries.WithLabelValues(table).Inc()
	if err := s.backoff.wait(ctx, attempt); err != nil {
		return fmt.Errorf("insert %s: %w", table, err)
	}
	return nil
}

// unfit tells whether an insert failed for its data. Everything else is no message's fault: no connection, a timeout, too
// many parts, no memory, but also a missing table, right or column. Values that the client could not encode never get
// here, since rows.go keeps them out.
func unfit(err error) bool {
	return err != nil && !warehouse.IsTransient(err) && !errors.Is(err, warehouse.ErrColumns)
}

// backoff says how long to wait between attempts: doubling from first to longest, of which a random half, so that
// several ingesters do not come back at the same moment.
type backoff struct{ first, longest time.Duration }

func (b backoff) wait(ctx context.Context, attempt int) error {
	delay := min(b.first<<min(attempt, 20), b.longest)
	timer := time.NewTimer(delay/2 + rand.N(delay/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
