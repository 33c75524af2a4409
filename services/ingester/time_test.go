package ingester_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/services/ingester"
)

// still is a bus with one message, on which time can be stopped. It notes when the deadline was extended.
type still struct {
	mu       sync.Mutex
	message  *stream.Message
	extended []time.Time
	acked    int
}

func (b *still) Fetch(ctx context.Context, _, _ int, wait time.Duration) ([]stream.Message, error) {
	b.mu.Lock()
	m := b.message
	b.message = nil
	b.mu.Unlock()
	if m != nil {
		return []stream.Message{*m}, nil
	}
	select {
	case <-time.After(wait):
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (b *still) Ack(_ context.Context, messages ...stream.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.acked += len(messages)
	return nil
}

func (b *still) Retry(context.Context, time.Duration, ...stream.Message) error { return nil }

func (b *still) InProgress(_ context.Context, messages ...stream.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(messages) > 0 {
		b.extended = append(b.extended, time.Now())
	}
	return nil
}

func (b *still) StreamState(context.Context, string) (stream.StreamState, error) {
	return stream.StreamState{First: 1, Last: 1}, nil
}

func (b *still) ConsumerState(context.Context, string, string) (stream.ConsumerState, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return stream.ConsumerState{Pending: uint64(1 - min(b.acked, 1))}, nil
}

func (b *still) Get(context.Context, string, uint64) (stream.Message, error) {
	return stream.Message{}, stream.ErrNotFound
}

// For an hour the warehouse does not answer. The deadline is extended all the while, the attempts are never further
// apart than the longest pause, and the ingester calls itself unhealthy, though it is connected; then the event is
// stored and all is well again.
func TestHourOfOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := checkin(t, 1)
		bus := &still{message: &stream.Message{Subject: e.BusSubject(), Data: e.Encode(), Sequence: 1, Delivered: 1, ReceivedAt: time.Now()}}
		start := time.Now()
		var mu sync.Mutex
		attempts := map[string][]time.Time{}
		db := inserter(func(_ context.Context, table string, _ ...warehouse.Column) error {
			mu.Lock()
			defer mu.Unlock()
			attempts[table] = append(attempts[table], time.Now())
			if time.Since(start) < time.Hour {
				return errors.New("connection refused")
			}
			return nil
		})
		cfg := ingester.DefaultConfig()
		deps := ingester.Dependencies{Source: bus, DB: db, Accounts: ingester.NewAccounts(nil, bus, "ingester")}
		i, err := ingester.New(zap.NewNop(), prometheus.NewRegistry(), deps, cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- i.Run(ctx) }()

		time.Sleep(cfg.StallAfter / 2)
		if err := i.Health(ctx); err != nil {
			t.Errorf("unhealthy after %v: %v", cfg.StallAfter/2, err)
		}
		time.Sleep(cfg.StallAfter)
		if err := i.Health(ctx); err == nil {
			t.Error("healthy, though nothing has been stored for too long")
		}
		time.Sleep(time.Hour)
		if err := i.Health(ctx); err != nil || bus.acked != 1 {
			t.Errorf("after the outage: %d acked, %v", bus.acked, err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		evenly(t, "extensions", bus.extended, cfg.Extend)
		evenly(t, "attempts", attempts["vointi_internal.facts_checkin"], cfg.RetryLongest)
		if n := len(attempts["vointi_internal.receipts"]); n != 1 {
			t.Errorf("%d receipts, want 1", n)
		}
	})
}

// evenly checks that no two times are further apart than allowed, over about an hour.
func evenly(t *testing.T, what string, times []time.Time, apart time.Duration) {
	t.Helper()
	if len(times) < 2 || times[len(times)-1].Sub(times[0]) < 55*time.Minute {
		t.Fatalf("%s: only %d", what, len(times))
	}
	for i := range times[1:] {
		if gap := times[i+1].Sub(times[i]); gap > apart {
			t.Fatalf("%s: %v apart, more than %v", what, gap, apart)
		}
	}
}
