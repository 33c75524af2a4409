// Package outbox is the client for services of your own: it emits events without losing one, whatever becomes of the
// network, the bus or the process. An event that [Outbox.Put] has taken is on this machine's disk, and is sent from there
// until it has arrived.
//
// Guaranteed: every event that was taken is on the stream in the end, at least once, or is kept with the reason for which
// it can never be ([Outbox.Refused]). Events are sent in the order in which they were taken, some hundreds at a time; those
// that go together may be stored in any order.
//
// Not guaranteed: exactly once. An answer can be lost, and then an event is sent again; it is the same event, by source
// and id, and counts once. So make ids from what an event speaks of, with [event.NewID], and a service that makes an event
// again after a crash makes the same one.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/event"
)

var (
	// ErrFull says that as much waits on the disk as [Config.MaxBytes] allows; nothing was taken.
	ErrFull = errors.New("outbox full")
	// ErrRefused says of events that were sent that they will never be taken as they are.
	ErrRefused = errors.New("refused")
)

// Sender carries events to the stream. [ToBus] and [ToGateway] make two.
type Sender interface {
	// Send returns nil once all of the events are on the stream's disk. An error that wraps [ErrRefused] says that sending
	// them again is useless; after any other they are sent again.
	Send(ctx context.Context, events []*event.Event) error
}

// Config says where an outbox lives.
type Config struct {
	// Path of the file; made if missing, with mode 0600. One process can have it open at a time.
	Path string
	// MaxBytes is how much may wait in it; 1 GiB when zero.
	MaxBytes int64
	// Retry is the pause after the first failure; it doubles to a minute. One second when zero.
	Retry time.Duration
}

// Outbox takes events and sends them. It is safe for concurrent use.
type Outbox struct {
	log    *zap.Logger
	sender Sender
	store  *store
	retry  time.Duration

	filled chan struct{} // has a token when there may be something to send
	cancel context.CancelFunc
	sends  sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{} // closed, and made anew, when something has left the queue or could not
	failure error         // why the last attempt failed; nil after one that did not
}

// The pause between attempts, if not configured, and its limit.
const (
	firstPause = time.Second
	lastPause  = time.Minute
)

// Open opens the outbox, sends what still waits in it, and from then on what is put into it, until [Outbox.Close].
func Open(cfg Config, sender Sender, log *zap.Logger) (*Outbox, error) {
	if cfg.Retry <= 0 {
		cfg.Retry = firstPause
	}
	store, err := openStore(cfg.Path, cfg.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("open outbox %s: %w", cfg.Path, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b := &Outbox{
		log: log, sender: sender, store: store, retry: cfg.Retry,
		filled: make(chan struct{}, 1), cancel: cancel, changed: make(chan struct{}),
	}
	b.sends.Go(func() { b.run(ctx) })
	return b, nil
}

// Put takes events, all or none, and returns when they are on the disk. It does not wait for their being sent. Its errors
// wrap [event.ErrInvalid] for events that were not made by [event.New] or [event.Decode] and are not valid, [ErrFull], or
// what the disk says.
func (b *Outbox) Put(events ...*event.Event) error {
	if err := b.store.put(events); err != nil {
		return fmt.Errorf("put into outbox: %w", err)
	}
	b.wake()
	return nil
}

func (b *Outbox) wake() {
	select {
	case b.filled <- struct{}{}:
	default:
	}
}

// Flush waits until nothing waits to be sent, or ctx ends; then the error tells why the last attempt failed, too.
func (b *Outbox) Flush(ctx context.Context) error {
	for {
		b.mu.Lock()
		changed, failure := b.changed, b.failure
		b.mu.Unlock()
		if b.store.state().Waiting == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("flush outbox: %w", errors.Join(ctx.Err(), failure))
		}
	}
}

// State tells how much waits to be sent and how much was refused.
func (b *Outbox) State() State { return b.store.state() }

// Refused lists, oldest first, what can never be taken as it is.
func (b *Outbox) Refused() ([]Refusal, error) {
	refusals, err := b.store.refused()
	if err != nil {
		return nil, fmt.Errorf("read refused events: %w", err)
	}
	return refusals, nil
}

// SendAgain puts what was refused back at the end of the queue: after a grant was widened, or the other side updated.
func (b *Outbox) SendAgain() error {
	if err := b.store.sendAgain(); err != nil {
		return fmt.Errorf("send refused events again: %w", err)
	}
	b.wake()
	return nil
}

// Close stops sending and closes the file. What waits is sent after the next [Open].
func (b *Outbox) Close() error {
	b.cancel()
	b.sends.Wait()
	return b.store.close()
}

// run sends until ctx ends. It numbers what a crash between any two steps does:
//
//  1. read the oldest events: nothing;
//  2. send them: they are sent again at the next start, and count once;
//  3. forget them, or keep them as refused: the next ones follow.
func (b *Outbox) run(ctx context.Context) {
	pause := b.retry
	for ctx.Err() == nil {
		batch, err := b.store.oldest()
		if err == nil && len(batch.events) == 0 {
			select {
			case <-b.filled:
			case <-ctx.Done():
			}
			continue
		}
		if errors.Is(err, event.ErrInvalid) { // written by another version than this one
			err = b.refuse(batch, err)
		} else if err == nil {
			err = b.send(ctx, batch)
		}
		b.note(ctx, err)
		if err == nil {
			pause = b.retry
			continue
		}
		select {
		case <-time.After(pause/2 + rand.N(pause/2+1)):
		case <-ctx.Done():
		}
		pause = min(2*pause, lastPause)
	}
}

// send deals with a batch: its events leave the queue one way or the other, or the error says why not yet.
func (b *Outbox) send(ctx context.Context, batch batch) error {
	err := b.sender.Send(ctx, batch.events)
	if !errors.Is(err, ErrRefused) {
		if err != nil {
			return err
		}
		return b.store.sent(batch)
	}
	if len(batch.events) > 1 { // which of them?
		for one := range batch.each() {
			if err := b.send(ctx, one); err != nil {
				return err
			}
		}
		return nil
	}
	return b.refuse(batch, err)
}

func (b *Outbox) refuse(batch batch, reason error) error {
	b.log.Error("event refused", zap.Error(reason))
	return b.store.refuse(batch, reason)
}

// note remembers how an attempt ended, tells those who wait, and logs what is new.
func (b *Outbox) note(ctx context.Context, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return
	case err != nil && b.failure == nil:
		b.log.Warn("events wait to be sent", zap.Int("waiting", b.store.state().Waiting), zap.Error(err))
	case err == nil && b.failure != nil:
		b.log.Info("events are sent again")
	}
	b.failure = err
	close(b.changed)
	b.changed = make(chan struct{})
}
