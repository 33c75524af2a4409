package ingester

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
)

// worker carries one batch at a time through all steps. Its changes are numbered from 1 and written one after the
// other, so that a reader who has seen number n of a writer has seen all before it.
type worker struct {
	*Ingester
	batch  *batch
	writer uuid.UUID
	wseq   uint64
}

func (i *Ingester) newWorker() *worker {
	return &worker{Ingester: i, batch: newBatch(), writer: uuid.New()}
}

// run passes batch after batch until ctx ends. An error of pass means that the bus is out of reach: it waits and tries
// again.
func (w *worker) run(ctx, graceful context.Context) {
	failures := 0
	for ctx.Err() == nil {
		err := w.pass(ctx, graceful, w.next)
		if err == nil || ctx.Err() != nil {
			failures = 0
			continue
		}
		w.log.Warn("batch will be retried", zap.Error(err))
		_ = w.store.backoff.wait(ctx, failures)
		failures++
	}
}

// step runs one step, observes its time, and gives a test the chance to kill the process after it.
func (w *worker) step(name Step, do func() error) error {
	start := time.Now()
	if err := do(); err != nil {
		return err
	}
	w.metrics.steps.WithLabelValues(string(name)).Observe(time.Since(start).Seconds())
	if w.cfg.Fault != nil && len(w.batch.messages) > 0 {
		w.cfg.Fault(name)
	}
	return nil
}

// fetchFunc brings the messages of the next batch.
type fetchFunc func(ctx context.Context) ([]stream.Message, error)

// next fetches from the consumer, when it is this worker's turn. Normally that is one fetch, which ends after BatchAge. If
// that brings a good part of a batch, there is a backlog, and it is worth to go on until the batch is full: what an
// insert costs hardly depends on its rows. fillAges bounds how long.
func (w *worker) next(ctx context.Context) (messages []stream.Message, err error) {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	size := 0
	for age := 0; age < fillAges && len(messages) < w.cfg.BatchCount && size < w.cfg.BatchBytes; age++ {
		more, err := w.Source.Fetch(ctx, w.cfg.BatchCount-len(messages), w.cfg.BatchBytes-size, w.cfg.BatchAge)
		if err != nil {
			return messages, w.keep(messages, err)
		}
		if len(messages) == 0 {
			messages = more // mostly all there is, so it is not copied
		} else {
			messages = append(messages, more...)
		}
		for i := range more {
			size += len(more[i].Data)
		}
		if len(more) < w.cfg.BatchCount/backlogShare {
			break
		}
	}
	return messages, nil
}

const (
	fillAges     = 5
	backlogShare = 20
)

// keep lets a batch that has messages go its way though the bus is out of reach now; the next fetch will tell again.
func (w *worker) keep(messages []stream.Message, err error) error {
	if len(messages) == 0 {
		return err
	}
	w.log.Warn("batch cut short", zap.Int("messages", len(messages)), zap.Error(err))
	return nil
}

func (w *worker) fetch(ctx context.Context, fetch fetchFunc) error {
	w.batch.reset(nil)
	messages, err := fetch(ctx)
	if err != nil {
		return err
	}
	w.batch.reset(messages)
	w.metrics.fetched.Add(float64(len(messages)))
	if len(messages) == 0 {
		w.metrics.lag.Set(0)
	}
	return nil
}

// storeFacts writes facts and keys side by side. Rows that the warehouse refuses for their data become dead letters.
func (w *worker) storeFacts(ctx context.Context) error {
	b := w.batch
	b.stones.fill(b.tombs, time.Now())
	keys := make(chan error, 1)
	go func() { keys <- errors.Join(w.store.own(ctx, &b.rows.keys.table), w.store.own(ctx, &b.stones.table)) }()
	refused, err := w.store.facts(ctx, b.rows.facts)
	if err := errors.Join(err, <-keys); err != nil {
		return err
	}
	b.refuse(refused)
	return nil
}

// storeChanges announces what the facts of this batch touch. A number that was given to rows which may have been
// written is never given to other rows.
func (w *worker) storeChanges(ctx context.Context) error {
	b := w.batch
	w.wseq++
	b.changes.fill(w.writer, w.wseq, time.Now(), b.rows.touched, b.dead)
	return w.store.own(ctx, &b.changes.table)
}

func (w *worker) storeDeadLetters(ctx context.Context) error {
	b := w.batch
	b.letters.fill(b, time.Now(), w.cfg.Version)
	return w.store.own(ctx, &b.letters.table)
}

func (w *worker) storeReceipts(ctx context.Context) error {
	b := w.batch
	b.receipts.fill(b, time.Now())
	return w.store.own(ctx, &b.receipts.table)
}

// count books every message of a batch that has its receipts, as stored or as rejected.
func (w *worker) count() {
	oldest := time.Now()
	stored := map[event.Type]int{}
	for i := range w.batch.messages {
		m := &w.batch.messages[i]
		if m.erased {
			w.metrics.erased.Inc()
		} else if m.rejected != nil {
			w.metrics.rejected.WithLabelValues(string(m.rejected.reason)).Inc()
		} else {
			stored[m.event.Type]++
		}
		if m.ReceivedAt.Before(oldest) {
			oldest = m.ReceivedAt
		}
	}
	for name, n := range stored {
		w.metrics.stored.WithLabelValues(string(name)).Add(float64(n))
	}
	w.metrics.batches.Inc()
	w.metrics.batchSize.Observe(float64(len(w.batch.messages)))
	w.metrics.lag.Set(time.Since(oldest).Seconds())
	w.progressed()
}

// ack tells the bus that the batch is dealt with, and then whoever waits for changes.
func (w *worker) ack(ctx context.Context) error {
	if err := w.Source.Ack(ctx, w.batch.delivered()...); err != nil {
		return err
	}
	if w.Nudge != nil && w.batch.changes.rows() > 0 {
		if err := w.Nudge(); err != nil {
			w.log.Debug("nudge lost", zap.Error(err))
		}
	}
	return nil
}

// giveBack returns a batch that cannot be finished, because the ingester must stop now.
func (w *worker) giveBack(cause error) {
	w.metrics.retried.Add(float64(len(w.batch.messages)))
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := w.Source.Retry(ctx, 0, w.batch.delivered()...)
	w.log.Warn("batch given back", zap.Int("messages", len(w.batch.messages)), zap.Error(errors.Join(cause, err)))
}

// extend extends the deadlines of the batch's messages now and then, until the returned function is called, which
// waits for the end of it.
func (w *worker) extend(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	delivered := w.batch.delivered()
	go func() {
		defer close(done)
		tick := time.NewTicker(w.cfg.Extend)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if err := w.Source.InProgress(ctx, delivered...); err != nil && ctx.Err() == nil {
					w.log.Warn("deadlines not extended", zap.Int("messages", len(delivered)), zap.Error(err))
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-done }
}

// Health tells whether the ingester makes progress: nil, or for how long none was made. A connection that stands says
// nothing; a batch that was finished does, or a consumer with nothing to deliver while no batch is in hand.
func (i *Ingester) Health(context.Context) error {
	if idle := time.Since(time.Unix(0, i.progress.Load())); idle > i.cfg.StallAfter {
		return fmt.Errorf("ingester: no progress for %s; see whether the bus and the warehouse answer", idle.Round(time.Second))
	}
	return nil
}

func (i *Ingester) progressed() {
	now := time.Now()
	i.progress.Store(now.UnixNano())
	i.metrics.progress.Set(float64(now.UnixMilli()) / 1000)
}
