// Package ingester moves events from the stream into the warehouse: every message of the stream ends as a fact or as a
// dead letter, and has a receipt that says which. Nothing is lost and nothing counts twice, whatever crashes.
//
// [worker.pass] is the heart of it: the order of effects, and what a crash between any two of them does.
package ingester

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
)

// Source is a durable consumer with explicit acks, which several ingesters may share. Fetch is called by one goroutine
// at a time.
type Source interface {
	Fetch(ctx context.Context, maxCount, maxBytes int, wait time.Duration) ([]stream.Message, error)
	Ack(ctx context.Context, messages ...stream.Message) error
	Retry(ctx context.Context, delay time.Duration, messages ...stream.Message) error
	InProgress(ctx context.Context, messages ...stream.Message) error
}

// Dependencies are what an ingester works with.
type Dependencies struct {
	Source   Source
	DB       Inserter
	Accounts *Accounts
	// Nudge, if set, is called after each batch that changed something: whoever reads changes may look at once. It may
	// get lost.
	Nudge func() error
}

// Ingester moves events from one consumer into one warehouse. Make it with [New].
type Ingester struct {
	Dependencies
	log        *zap.Logger
	cfg        Config
	store      *store
	tombstones *tombstones
	metrics    *metrics
	// turn is held by the worker that fetches. One fetch at a time makes few full batches rather than many small ones.
	turn     chan struct{}
	inHand   atomic.Int64 // batches that were fetched and have no outcome yet
	progress atomic.Int64 // unix nanoseconds
}

// New makes an ingester; [Ingester.Run] starts it. It fails for a bad configuration only.
func New(log *zap.Logger, reg prometheus.Registerer, deps Dependencies, cfg Config) (*Ingester, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	m := newMetrics(reg)
	i := &Ingester{
		tombstones:   newTombstones(nil),
		Dependencies: deps, log: log, cfg: cfg, metrics: m, turn: make(chan struct{}, 1),
		store: &store{log: log, db: deps.DB, metrics: m, backoff: backoff{cfg.RetryFirst, cfg.RetryLongest}},
	}
	if deps.Accounts != nil {
		i.tombstones.db = deps.Accounts.db
	}
	i.progressed()
	return i, nil
}

// Run works until ctx ends, and then for at most StopGrace to finish the batches in hand. It returns nil: whatever is
// out of reach is waited for.
func (i *Ingester) Run(ctx context.Context) error {
	graceful, cancel := withGrace(ctx, i.cfg.StopGrace)
	defer cancel()
	i.log.Info("ingester started", zap.Int("workers", i.cfg.Workers))
	var group sync.WaitGroup
	group.Go(func() { i.keepAccounts(ctx, graceful) })
	for range i.cfg.Workers {
		group.Go(func() { i.newWorker().run(ctx, graceful) })
	}
	group.Wait()
	i.log.Info("ingester stopped")
	return nil
}

// withGrace returns a context that ends the given time after ctx does.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	graceful, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(grace, cancel)
		context.AfterFunc(graceful, func() { timer.Stop() })
	})
	return graceful, func() { stop(); cancel() }
}

// Step names a step of a batch: the label of its duration, and the place after which a test may kill the process.
type Step string

// The steps in their order.
const (
	StepFetch       Step = "fetch"
	StepDecode      Step = "decode"
	StepFacts       Step = "facts"
	StepChanges     Step = "changes"
	StepDeadLetters Step = "dead_letters"
	StepReceipts    Step = "receipts"
	StepAck         Step = "ack"
)

// Steps returns all steps in their order.
func Steps() []Step {
	return []Step{StepFetch, StepDecode, StepFacts, StepChanges, StepDeadLetters, StepReceipts, StepAck}
}

// pass takes one batch from the stream into the warehouse. The order of its effects is what makes every crash harmless:
//
//  1. Fetch. Crash after it: nothing is written, and the messages come again when their deadline is over.
//  2. Decode, and leave out what is forgotten. It has no effects. What is forgotten is read after 1, see [tombstones].
//  3. Facts, keys and tombstones. Crash after them: facts are stored that nobody was told of. Their messages come again; a fact row
//     is a function of its event, so it is the same row and counts once, and this time its change is announced.
//  4. Changes. Not before 3, or a reader would look for facts that are not there yet and never look again. Crash after
//     them: they are announced once more by another writer, and the reader computes the same once more.
//  5. Dead letters. Crash after them: written again, under the same sequence.
//  6. Receipts. Not before 3 and 5, for a receipt says that the message is dealt with for good. Crash after them:
//     written again, under the same sequence.
//  7. Ack. Not before 6, or a message could be gone without anyone knowing what became of it.
//
// Meanwhile the deadlines of the messages are extended, so an outage of any length brings no redelivery. When graceful
// ends, the batch is given back. The error says that nothing could be fetched, or that acks may be lost.
func (w *worker) pass(ctx, graceful context.Context, fetch fetchFunc) error {
	b := w.batch
	if err := w.step(StepFetch, func() error { return w.fetch(ctx, fetch) }); err != nil || len(b.messages) == 0 {
		return err
	}
	w.inHand.Add(1)
	defer w.inHand.Add(-1)
	defer w.extend(graceful)()
	err := w.step(StepDecode, func() error {
		b.decode(w.cfg.CorrectAny)
		if err := w.forget(graceful); err != nil {
			return err
		}
		b.gather()
		return nil
	})
	if err == nil {
		err = w.step(StepFacts, func() error { return w.storeFacts(graceful) })
	}
	if err == nil {
		err = w.step(StepChanges, func() error { return w.storeChanges(graceful) })
	}
	if err == nil {
		err = w.step(StepDeadLetters, func() error { return w.storeDeadLetters(graceful) })
	}
	if err == nil {
		err = w.step(StepReceipts, func() error { return w.storeReceipts(graceful) })
	}
	if err != nil {
		w.giveBack(err)
		return nil
	}
	w.count()
	return w.step(StepAck, func() error { return w.ack(graceful) })
}
