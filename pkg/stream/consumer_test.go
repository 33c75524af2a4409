package stream_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

func TestOutcomes(t *testing.T) {
	for name, test := range map[string]struct {
		outcome func(context.Context, *stream.Consumer, []stream.Message) error
		again   bool
	}{
		"ack": {
			outcome: func(ctx context.Context, c *stream.Consumer, m []stream.Message) error { return c.Ack(ctx, m...) },
		},
		"retry at once": {
			outcome: func(ctx context.Context, c *stream.Consumer, m []stream.Message) error { return c.Retry(ctx, 0, m...) },
			again:   true,
		},
		"retry later": {
			outcome: func(ctx context.Context, c *stream.Consumer, m []stream.Message) error {
				return c.Retry(ctx, 50*time.Millisecond, m...)
			},
			again: true,
		},
		"none": {
			outcome: func(context.Context, *stream.Consumer, []stream.Message) error { return nil },
			again:   true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bus := streamtest.New(t)
			publish(t, bus.Conn, 3)
			c := consume(t, bus.Conn, stream.ConsumerConfig{AckWait: 300 * time.Millisecond})
			first := fetch(t, c, 3)
			noErr(t, test.outcome(t.Context(), c, first))
			if !test.again {
				nothing(t, c)
				wantState(t, c, 3, 0)
				return
			}
			second := fetch(t, c, 3)
			if !slices.Equal(sequences(first), sequences(second)) || second[0].Delivered != 2 {
				t.Errorf("came again: %v, delivered %d times", sequences(second), second[0].Delivered)
			}
			wantState(t, c, 0, 3)
		})
	}
}

func wantState(t *testing.T, c *stream.Consumer, ackFloor uint64, ackPending int) {
	t.Helper()
	var state stream.ConsumerState
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); nothing(t, c) {
		var err error
		state, err = c.State(t.Context())
		noErr(t, err)
		if state.AckFloor == ackFloor && state.AckPending == ackPending {
			return
		}
	}
	t.Errorf("state is %+v, want ack floor %d and %d pending", state, ackFloor, ackPending)
}

func TestInProgressHoldsABatchForLongerThanAckWait(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	publish(t, bus.Conn, 2)
	c := consume(t, bus.Conn, stream.ConsumerConfig{AckWait: time.Second})
	held := fetch(t, c, 2)
	for until := time.Now().Add(2500 * time.Millisecond); time.Now().Before(until); {
		noErr(t, c.InProgress(t.Context(), held...))
		nothing(t, c)
	}
	noErr(t, c.Ack(t.Context(), held...))
	wantState(t, c, 2, 0)
}

func TestFetchLimits(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	publish(t, bus.Conn, 10) // of some 600 bytes each
	for name, test := range map[string]struct{ count, bytes, want int }{
		"by count":                {count: 4, bytes: 1 << 20, want: 4},
		"by bytes":                {count: 10, bytes: 2000, want: 2},
		"by wait":                 {count: 20, bytes: 1 << 20, want: 10},
		"larger than bytes":       {count: 10, bytes: 10, want: 1},
		"as many as there are":    {count: 10, bytes: 1 << 20, want: 10},
		"bytes for all but count": {count: 9, bytes: 1 << 20, want: 9},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := bus.Consumer(t.Context(), stream.ConsumerConfig{Durable: strings.ReplaceAll(name, " ", "-")})
			noErr(t, err)
			defer func() { noErr(t, c.Close()) }()
			got, err := c.Fetch(t.Context(), test.count, test.bytes, time.Second)
			noErr(t, err)
			if len(got) != test.want {
				t.Errorf("%d messages, want %d", len(got), test.want)
			}
		})
	}
}

func TestFetchInSmallBitesMissesNothing(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	publish(t, bus.Conn, 50)
	c := consume(t, bus.Conn, stream.ConsumerConfig{})
	var all []uint64
	for deadline := time.Now().Add(20 * time.Second); len(all) < 50 && time.Now().Before(deadline); {
		got, err := c.Fetch(t.Context(), 7, 3000, 500*time.Millisecond)
		noErr(t, err)
		all = append(all, sequences(got)...)
	}
	if !slices.IsSorted(all) || len(slices.Compact(all)) != 50 {
		t.Errorf("got %v", all)
	}
}

func TestMessageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	header := map[string][]string{"ce-id": {"7"}, "Twice": {"a", "b"}}
	before := time.Now().Add(-time.Second)
	noErr(t, bus.Publisher().PublishRaw(t.Context(), "vointi.events.x.v1.KU305", header, []byte("body")))
	got := fetch(t, consume(t, bus.Conn, stream.ConsumerConfig{}), 1)[0]
	state, err := bus.StreamState(t.Context(), stream.Events)
	noErr(t, err)
	again, err := bus.Get(t.Context(), stream.Events, 1)
	noErr(t, err)

	for name, m := range map[string]stream.Message{"fetched": got, "got by sequence": again} {
		if m.Subject != "vointi.events.x.v1.KU305" || string(m.Data) != "body" || m.Sequence != 1 ||
			!slices.Equal(m.Header["Twice"], header["Twice"]) || m.Header["ce-id"][0] != "7" {
			t.Errorf("%s: %+v", name, m)
		}
		if !m.StreamCreated.Equal(state.Created) || m.ReceivedAt.Before(before) || m.ReceivedAt.Location() != time.UTC {
			t.Errorf("%s: created %s, received %s", name, m.StreamCreated, m.ReceivedAt)
		}
	}
	if !got.ReceivedAt.Equal(again.ReceivedAt) || got.Delivered != 1 || again.Delivered != 0 {
		t.Errorf("received %s and %s, delivered %d and %d", got.ReceivedAt, again.ReceivedAt, got.Delivered, again.Delivered)
	}
}

func TestTwoProcessesShareAConsumer(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	publish(t, bus.Conn, 100)
	a, b := consume(t, bus.Conn, stream.ConsumerConfig{}), consume(t, bus.Connect(t), stream.ConsumerConfig{})
	seen := append(sequences(fetch(t, a, 30)), sequences(fetch(t, b, 70))...)
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 100 {
		t.Errorf("some came twice: %v", seen)
	}
}

func TestSubjectsNarrow(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	for _, area := range []string{"KU305", "KU208"} {
		noErr(t, bus.Publisher().PublishRaw(t.Context(), "vointi.events.x.v1."+area, nil, nil))
	}
	c := consume(t, bus.Conn, stream.ConsumerConfig{Subjects: []string{"vointi.events.*.*.KU208"}})
	if got := fetch(t, c, 1)[0]; got.Sequence != 2 {
		t.Errorf("got %s", got.Subject)
	}
	nothing(t, c)
}

func TestWhoLeavesGivesBack(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	publish(t, bus.Conn, 6)
	one := consume(t, bus.Conn, stream.ConsumerConfig{AckWait: time.Hour})
	noErr(t, one.Ack(t.Context(), fetch(t, one, 1)...))
	_, err := one.Fetch(t.Context(), 2, 700, time.Second) // one, and perhaps one more that is left
	noErr(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	got, err := one.Fetch(ctx, 10, 1<<20, time.Minute)
	wantErr(t, err, context.Canceled)
	if got != nil {
		t.Errorf("%d messages came with an error", len(got))
	}
	noErr(t, one.Close())

	other := consume(t, bus.Connect(t), stream.ConsumerConfig{AckWait: time.Hour})
	rest := sequences(fetch(t, other, 4))
	slices.Sort(rest)
	if !slices.Equal(rest, []uint64{3, 4, 5, 6}) {
		t.Errorf("given back: %v", rest)
	}
}

func TestWhatCameForACallerThatLeftIsForTheNext(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	publish(t, bus.Conn, 5)
	c := consume(t, bus.Conn, stream.ConsumerConfig{AckWait: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err := c.Fetch(ctx, 10, 1<<20, time.Minute)
	wantErr(t, err, context.Canceled)
	if got := sequences(fetch(t, c, 5)); !slices.Equal(got, []uint64{1, 2, 3, 4, 5}) {
		t.Errorf("got %v", got)
	}
}

func TestServerRestart(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t, streamtest.Durable())
	publish(t, bus.Conn, 20)
	c := consume(t, bus.Conn, stream.ConsumerConfig{AckWait: time.Second})
	noErr(t, c.Ack(t.Context(), fetch(t, c, 10)...))
	fetch(t, c, 5) // and dies with these

	bus.Stop()
	_, err := c.Fetch(t.Context(), 10, 1<<20, 50*time.Millisecond)
	wantErr(t, err, stream.ErrUnavailable)
	wantErr(t, c.Ack(t.Context(), stream.Message{}), stream.ErrUnavailable)
	wantErr(t, bus.Publisher().Publish(t.Context(), someEvents(1)[0]), stream.ErrUnavailable)

	bus.Restart(t)
	rest := fetch(t, c, 10)
	noErr(t, c.Ack(t.Context(), rest...))
	left := sequences(rest)
	slices.Sort(left)
	if want := []uint64{11, 12, 13, 14, 15, 16, 17, 18, 19, 20}; !slices.Equal(left, want) {
		t.Errorf("after the restart came %v, want %v", left, want)
	}
	await(t, bus.Conn)
	noErr(t, bus.Publisher().Publish(t.Context(), someEvents(1)[0]))
	fetch(t, c, 1)
}

func TestConsumerThatWasDeletedIsMadeAgain(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	publish(t, bus.Conn, 5)
	c := consume(t, bus.Conn, stream.ConsumerConfig{})
	noErr(t, c.Ack(t.Context(), fetch(t, c, 5)...))
	deleteConsumer(t, bus.URL, "c")
	if got := sequences(fetch(t, c, 5)); got[0] != 1 {
		t.Errorf("the new consumer began with %v", got)
	}
}

// deleteConsumer deletes a consumer behind its users' back, as an operator might.
func deleteConsumer(t *testing.T, url, durable string) {
	t.Helper()
	nc, err := nats.Connect(url)
	noErr(t, err)
	defer nc.Close()
	_, err = nc.Request("$JS.API.CONSUMER.DELETE."+stream.Events+"."+durable, nil, 5*time.Second)
	noErr(t, err)
}
