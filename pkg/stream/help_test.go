package stream_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/stream"
)

var contains = strings.Contains

func noErr(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want one that is %q", err, want)
	}
}

// await waits until the connection stands again.
func await(t testing.TB, conn *stream.Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	noErr(t, conn.Await(ctx))
}

// consume opens the consumer "c".
func consume(t testing.TB, conn *stream.Conn, cfg stream.ConsumerConfig) *stream.Consumer {
	t.Helper()
	cfg.Durable = "c"
	consumer, err := conn.Consumer(t.Context(), cfg)
	noErr(t, err)
	t.Cleanup(func() { _ = consumer.Close() })
	return consumer
}

// fetch wants exactly n messages, however many fetches that takes.
func fetch(t testing.TB, c *stream.Consumer, n int) []stream.Message {
	t.Helper()
	var all []stream.Message
	for deadline := time.Now().Add(20 * time.Second); len(all) < n && time.Now().Before(deadline); {
		got, err := c.Fetch(t.Context(), n-len(all), 64<<20, time.Second)
		if err != nil && !errors.Is(err, stream.ErrUnavailable) {
			t.Fatal(err)
		}
		all = append(all, got...)
	}
	if len(all) != n {
		t.Fatalf("%d messages, want %d", len(all), n)
	}
	return all
}

// nothing wants no message to come for a moment.
func nothing(t testing.TB, c *stream.Consumer) {
	t.Helper()
	got, err := c.Fetch(t.Context(), 10, 1<<20, 100*time.Millisecond)
	noErr(t, err)
	if len(got) > 0 {
		t.Fatalf("message %d came, delivered %d times", got[0].Sequence, got[0].Delivered)
	}
}

func sequences(messages []stream.Message) []uint64 {
	var all []uint64
	for _, m := range messages {
		all = append(all, m.Sequence)
	}
	return all
}
