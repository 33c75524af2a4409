package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/synadia-io/orbit.go/jetstreamext"

	"vointi.fi/pkg/event"
)

// The limits of one atomic batch. The server takes no more messages; the bytes bound what waits in it for the last
// message of a batch, and exceed the largest batch that comes in over HTTP, so that this one stays whole.
const (
	MaxBatch      = 1000
	MaxBatchBytes = 24 << 20
)

// batchAttempts is how often a batch is tried that the server turned away for want of a place.
const batchAttempts = 5

// Span is a part of the slice of events given to [Publisher.PublishBatch]: those with From ≤ index < To.
type Span struct{ From, To int }

// BatchError tells what became of the events of a bulk publish that did not succeed as a whole.
type BatchError struct {
	// Stored says how many events are on disk for certain.
	Stored, Total int
	// Failed are the spans of the others, in order. They are not stored, unless the cause is [ErrUnavailable] and only
	// the answer was lost; publishing them again is right in either case.
	Failed []Span
	// Cause is the first error met.
	Cause error
}

// Error implements error.
func (e *BatchError) Error() string {
	return fmt.Sprintf("publish batch: %d of %d events stored: %v", e.Stored, e.Total, e.Cause)
}

// Unwrap returns the cause.
func (e *BatchError) Unwrap() error { return e.Cause }

// PublishBatch stores many events at the cost of a few, and returns when they are on the server's disk.
//
// They go in atomic batches of at most [MaxBatch] events and [MaxBatchBytes] bytes, each stored whole or not at all, so
// up to that size the call is all or nothing. Batches travel side by side and may be stored in any order. After the
// first that fails no other is begun, and the error is a [*BatchError] that names what was not stored.
//
// Batches bear no message ids: one event that the stream has seen in the last two minutes would fail its whole batch.
func (p *Publisher) PublishBatch(ctx context.Context, events []*event.Event) error {
	run := bulk{publisher: p, total: len(events)}
	for from := 0; from < len(events); {
		batch := takeBatch(ctx, events[from:])
		run.start(ctx, Span{from, from + len(batch)}, batch)
		from += len(batch)
	}
	return run.wait()
}

// takeBatch encodes as many events from the front as fit into one batch, and at least one.
func takeBatch(ctx context.Context, events []*event.Event) []*nats.Msg {
	var batch []*nats.Msg
	size := 0
	for _, e := range events[:min(len(events), MaxBatch)] {
		msg := message(ctx, e)
		if size += msg.Size(); size > MaxBatchBytes && len(batch) > 0 {
			break
		}
		batch = append(batch, msg)
	}
	return batch
}

// bulk is one call of PublishBatch under way.
type bulk struct {
	publisher *Publisher
	total     int
	batches   sync.WaitGroup
	mu        sync.Mutex
	failed    []Span
	cause     error
}

// start publishes a batch as soon as a place is free; it fails the batch instead when another has failed already.
func (b *bulk) start(ctx context.Context, span Span, batch []*nats.Msg) {
	select {
	case b.publisher.open <- struct{}{}:
	case <-ctx.Done():
		b.fail(span, explain(ctx.Err()))
		return
	}
	if b.hasFailed() {
		<-b.publisher.open
		b.fail(span, nil)
		return
	}
	b.batches.Go(func() {
		defer func() { <-b.publisher.open }()
		if _, err := b.publisher.conn.publishBatch(ctx, batch); err != nil {
			b.fail(span, err)
		}
	})
}

func (b *bulk) hasFailed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.failed) > 0
}

func (b *bulk) fail(span Span, cause error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed = append(b.failed, span)
	if b.cause == nil {
		b.cause = cause
	}
}

func (b *bulk) wait() error {
	b.batches.Wait()
	if len(b.failed) == 0 {
		return nil
	}
	err := &BatchError{Stored: b.total, Total: b.total, Failed: merge(b.failed), Cause: b.cause}
	for _, span := range err.Failed {
		err.Stored -= span.To - span.From
	}
	return err
}

// publishBatch stores all messages or none, and returns the sequence of the last.
func (c *Conn) publishBatch(ctx context.Context, batch []*nats.Msg) (last uint64, err error) {
	for attempt := 1; ; attempt++ {
		last, err := c.tryBatch(ctx, batch)
		if err == nil || !nothingStored(err) || attempt == batchAttempts {
			return last, explain(err)
		}
		if err := sleep(ctx, time.Duration(attempt)*20*time.Millisecond); err != nil {
			return 0, explain(err)
		}
	}
}

// tryBatch sends nothing unless all of it can be sent: what begins and does not end burdens the server for a while.
func (c *Conn) tryBatch(ctx context.Context, batch []*nats.Msg) (last uint64, err error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	if err := errors.Join(ctx.Err(), c.Check(ctx), c.fits(batch)); err != nil {
		return 0, err
	}
	ack, err := jetstreamext.PublishMsgBatch(ctx, c.js, batch, jetstreamext.BatchFlowControl{})
	if err != nil {
		return 0, err
	}
	return ack.Sequence, nil
}

// batchHeader is more than the headers that a message gets for its batch take.
const batchHeader = 256

func (c *Conn) fits(batch []*nats.Msg) error {
	limit := c.nats.MaxPayload()
	for _, msg := range batch {
		if int64(msg.Size()+batchHeader) > limit {
			return nats.ErrMaxPayload
		}
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// merge sorts spans and joins those that touch.
func merge(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
	merged := spans[:1]
	for _, span := range spans[1:] {
		if last := &merged[len(merged)-1]; last.To == span.From {
			last.To = span.To
		} else {
			merged = append(merged, span)
		}
	}
	return merged
}
