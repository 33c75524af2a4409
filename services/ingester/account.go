package ingester

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
)

// Bus is what the accounts need to know of it.
type Bus interface {
	StreamState(ctx context.Context, name string) (stream.StreamState, error)
	ConsumerState(ctx context.Context, stream, durable string) (stream.ConsumerState, error)
	Get(ctx context.Context, stream string, sequence uint64) (stream.Message, error)
}

// Accounts holds receipts against the stream: every message that was acked must have one. It remembers how far it has
// looked, so that looking again costs only what is new. It is for one goroutine.
type Accounts struct {
	db      Querier
	bus     Bus
	durable string

	created time.Time // of the stream that the rest is about
	upTo    uint64    // every sequence up to here was looked at
	missing []Span    // and of those, these have no receipt
}

// NewAccounts returns the accounts of the durable consumer of the events stream.
func NewAccounts(db Querier, bus Bus, durable string) *Accounts {
	return &Accounts{db: db, bus: bus, durable: durable}
}

// Span is a run of stream sequences, both ends included.
type Span struct{ From, To uint64 }

// Len is the number of sequences in s.
func (s Span) Len() uint64 { return s.To - s.From + 1 }

// Account is the state of affairs at one moment.
type Account struct {
	Stream   stream.StreamState
	Consumer stream.ConsumerState
	// Missing are the sequences up to the consumer's ack floor that have no receipt.
	Missing []Span
}

// Unaccounted is the number of messages that were acked and have no receipt: 0, or something is wrong.
func (a Account) Unaccounted() uint64 {
	var n uint64
	for _, s := range a.Missing {
		n += s.Len()
	}
	return n
}

// Reconcile takes the account now.
func (a *Accounts) Reconcile(ctx context.Context) (Account, error) {
	account, err := a.reconcile(ctx)
	if err != nil {
		return Account{}, fmt.Errorf("reconcile: %w", err)
	}
	return account, nil
}

func (a *Accounts) reconcile(ctx context.Context) (account Account, err error) {
	if account.Stream, err = a.bus.StreamState(ctx, stream.Events); err != nil {
		return account, err
	}
	// The ack floor before the receipts: what was acked has its receipt already.
	if account.Consumer, err = a.bus.ConsumerState(ctx, stream.Events, a.durable); err != nil {
		return account, err
	}
	if created := account.Stream.Created; !created.Equal(a.created) {
		a.created, a.upTo, a.missing = created, 0, nil
	}
	if err := a.look(ctx, account.Consumer.AckFloor); err != nil {
		return account, err
	}
	for _, s := range a.missing {
		if s.From <= account.Consumer.AckFloor {
			account.Missing = append(account.Missing, Span{s.From, min(s.To, account.Consumer.AckFloor)})
		}
	}
	return account, nil
}

// look looks again at what was missing, and for the first time at what lies between upTo and floor.
func (a *Accounts) look(ctx context.Context, floor uint64) error {
	var missing []Span
	again := a.missing
	if a.upTo < floor {
		again = append(again[:len(again):len(again)], Span{a.upTo + 1, floor})
	}
	for _, s := range again {
		gaps, err := a.gaps(ctx, s)
		if err != nil {
			return err
		}
		missing = append(missing, gaps...)
	}
	a.missing, a.upTo = missing, max(a.upTo, floor)
	return nil
}

// gapChunk is how many sequences one statement looks at: that bounds its memory.
const gapChunk = 1_000_000

// gaps returns the sequences of s without a receipt.
func (a *Accounts) gaps(ctx context.Context, s Span) (gaps []Span, err error) {
	for from := s.From; from <= s.To; from += gapChunk {
		chunk := Span{from, min(from+gapChunk-1, s.To)}
		rows, err := a.db.Query(ctx, statement("gaps"), warehouse.Param("created", a.created.UnixMilli()),
			warehouse.Param("from", chunk.From), warehouse.Param("to", chunk.To))
		if err != nil {
			return nil, err
		}
		if gaps, err = appendSpans(gaps, rows); err != nil {
			return nil, err
		}
	}
	return gaps, nil
}

func appendSpans(spans []Span, rows warehouse.Rows) (_ []Span, err error) {
	defer func() { err = firstError(err, rows.Close()) }()
	for rows.Next() {
		var s Span
		if err := rows.Scan(&s.From, &s.To); err != nil {
			return nil, err
		}
		spans = append(spans, s)
	}
	return spans, rows.Err()
}

// keepAccounts takes the account at the start and then every AccountEvery, until ctx ends. What has no receipt is
// fetched again, as long as the stream has it: the warehouse was restored from an older copy, say.
func (i *Ingester) keepAccounts(ctx, graceful context.Context) {
	w := i.newWorker()
	tick := time.NewTicker(i.cfg.AccountEvery)
	defer tick.Stop()
	for {
		if err := w.takeAccount(ctx, graceful); err != nil && ctx.Err() == nil {
			i.log.Warn("account not taken", zap.Error(err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (w *worker) takeAccount(ctx, graceful context.Context) error {
	account, err := w.Accounts.Reconcile(ctx)
	if err != nil {
		return err
	}
	w.metrics.pending.Set(float64(account.Consumer.Pending))
	w.metrics.ackPending.Set(float64(account.Consumer.AckPending))
	if account.Consumer.Pending == 0 && w.inHand.Load() == 0 {
		w.progressed()
	}
	if account.Unaccounted() > 0 {
		if err := w.refetch(ctx, graceful, account); err != nil {
			return err
		}
		if account, err = w.Accounts.Reconcile(ctx); err != nil {
			return err
		}
	}
	unaccounted := account.Unaccounted()
	w.metrics.unaccounted.Set(float64(unaccounted))
	if unaccounted > 0 {
		w.log.Error("messages without a receipt are no longer in the stream", zap.Uint64("messages", unaccounted),
			zap.Uint64("first", account.Missing[0].From), zap.Uint64("last", account.Missing[len(account.Missing)-1].To))
	}
	return nil
}

// refetch passes the messages without a receipt once more, batch by batch.
func (w *worker) refetch(ctx, graceful context.Context, account Account) error {
	w.log.Warn("messages without a receipt will be fetched again", zap.Uint64("messages", account.Unaccounted()))
	for _, s := range account.Missing {
		s.From = max(s.From, account.Stream.First)
		for next := s.From; next <= s.To; {
			err := w.pass(ctx, graceful, func(ctx context.Context) (messages []stream.Message, err error) {
				messages, next, err = w.read(ctx, Span{next, s.To})
				return messages, err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads messages of s that the stream still has, until a batch is full, and returns where to go on.
func (w *worker) read(ctx context.Context, s Span) (messages []stream.Message, next uint64, err error) {
	size := 0
	for next = s.From; next <= s.To && len(messages) < w.cfg.BatchCount && size < w.cfg.BatchBytes; next++ {
		m, err := w.Accounts.bus.Get(ctx, stream.Events, next)
		if errors.Is(err, stream.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, s.From, err
		}
		messages = append(messages, m)
		size += len(m.Data)
	}
	w.metrics.refetched.Add(float64(len(messages)))
	return messages, next, nil
}
