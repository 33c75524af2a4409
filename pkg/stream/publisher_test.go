package stream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

func TestPublish(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	e := someEvents(1)[0]
	for range 3 { // a client's retries
		noErr(t, bus.Publisher().Publish(t.Context(), e))
	}
	state, err := bus.StreamState(t.Context(), stream.Events)
	noErr(t, err)
	if state.Messages != 1 {
		t.Errorf("one event published three times is stored %d times", state.Messages)
	}
	m, err := bus.Get(t.Context(), stream.Events, 1)
	noErr(t, err)
	if m.Subject != "vointi.events.participation.checkin.v1.KU305" || string(m.Data) != string(e.Encode()) ||
		m.Header["Content-Type"][0] != "application/cloudevents+json" {
		t.Errorf("stored as %+v", m)
	}
}

func TestPublishTooLarge(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	e := someEvents(1)[0]
	e.Data = []byte(`"` + strings.Repeat("x", 2<<20) + `"`)
	wantErr(t, bus.Publisher().Publish(t.Context(), e), stream.ErrTooLarge)
	err := bus.Publisher().PublishBatch(t.Context(), append(someEvents(3), e))
	wantErr(t, err, stream.ErrTooLarge)
	wantStored(t, bus, 0)
}

func TestPublishToNobody(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	err := bus.Publisher().PublishRaw(t.Context(), "elsewhere", nil, nil)
	wantErr(t, err, stream.ErrUnavailable)
	if !contains(err.Error(), "vointi migrate") {
		t.Errorf("the error does not say what to do: %v", err)
	}
}

func TestFullStreamRefuses(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t, streamtest.MaxBytes(256<<10))
	var err error
	stored := 0
	for ; err == nil; stored += 50 {
		err = bus.Publisher().PublishBatch(t.Context(), someEvents(50))
	}
	stored -= 50
	wantErr(t, err, stream.ErrFull)
	wantStored(t, bus, stored)

	for err = nil; err == nil; stored++ {
		e := someEvents(1)[0]
		e.ID = fmt.Sprint("single", stored)
		err = bus.Publisher().Publish(t.Context(), e)
	}
	stored--
	wantErr(t, err, stream.ErrFull)
	wantStored(t, bus, stored)
}

func TestBatchErrorNamesExactlyWhatIsNotStored(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t, streamtest.MaxBytes(2<<20))
	events := someEvents(12_000)
	err := bus.Publisher().PublishBatch(t.Context(), events)
	wantErr(t, err, stream.ErrFull)
	var failed *stream.BatchError
	if !errors.As(err, &failed) {
		t.Fatalf("error is %T", err)
	}
	var want []string
	from := 0
	for _, span := range failed.Failed {
		for _, e := range events[from:span.From] {
			want = append(want, e.ID)
		}
		from = span.To
	}
	for _, e := range events[from:] {
		want = append(want, e.ID)
	}
	if failed.Stored == 0 || failed.Stored != len(want) || failed.Total != len(events) {
		t.Fatalf("%d of %d stored by the count, %d by the spans %v", failed.Stored, failed.Total, len(want), failed.Failed)
	}
	var got []string
	for _, m := range fetch(t, consume(t, bus.Conn, stream.ConsumerConfig{Batch: 12_000}), failed.Stored) {
		got = append(got, idOf(m))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Error("the stream holds other events than the error says")
	}
	wantStored(t, bus, failed.Stored)
}

func idOf(m stream.Message) string {
	_, after, _ := strings.Cut(string(m.Data), `"id":"`)
	id, _, _ := strings.Cut(after, `"`)
	return id
}

func TestBatchesOfAnySize(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	c := consume(t, bus.Conn, stream.ConsumerConfig{Batch: 4000})
	rapid.Check(t, func(rt *rapid.T) {
		few, many := rapid.IntRange(0, 30), rapid.SampledFrom([]int{999, 1000, 1001, 2000})
		n := rapid.OneOf(few, few, few, few, many).Draw(rt, "events")
		roundTrip(t, bus, c, someEvents(n))
	})
}

func TestBatchIsCutByBytesToo(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	events := someEvents(40)
	for _, e := range events {
		e.Data = []byte(`"` + strings.Repeat("y", stream.MaxBatchBytes/30) + `"`)
	}
	roundTrip(t, bus, consume(t, bus.Conn, stream.ConsumerConfig{}), events)
}

// roundTrip publishes events in bulk and wants exactly them to come.
func roundTrip(t *testing.T, bus *streamtest.Bus, c *stream.Consumer, events []*event.Event) {
	t.Helper()
	noErr(t, bus.Publisher().PublishBatch(t.Context(), events))
	messages := fetch(t, c, len(events))
	var got, want []string
	for i, m := range messages {
		got, want = append(got, idOf(m)), append(want, events[i].ID)
	}
	noErr(t, c.Ack(t.Context(), messages...))
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("published %d events, %d came, not the same", len(want), len(got))
	}
}

func TestPublishWithoutServerFailsAtOnce(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	bus.Stop()
	publishers := map[string]func(context.Context) error{
		"single": func(ctx context.Context) error { return bus.Publisher().Publish(ctx, someEvents(1)[0]) },
		"bulk":   func(ctx context.Context) error { return bus.Publisher().PublishBatch(ctx, someEvents(3000)) },
		"update": func(ctx context.Context) error {
			return bus.Publisher().PublishUpdates(ctx, "x.v1", []byte(`{}`))
		},
	}
	for name, publish := range publishers {
		began := time.Now()
		err := publish(t.Context())
		wantErr(t, err, stream.ErrUnavailable)
		if time.Since(began) > 4*time.Second {
			t.Errorf("%s: waited for a server that was known to be away", name)
		}
	}
	bus.Restart(t)
	await(t, bus.Conn)
	wantStored(t, bus, 0) // nothing was kept back to be sent later
}

func TestPublishBatchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var failed *stream.BatchError
	err := bus.Publisher().PublishBatch(ctx, someEvents(5000))
	if !errors.As(err, &failed) || !errors.Is(err, context.Canceled) {
		t.Fatalf("error is %v", err)
	}
}

func TestManyPublishersShareTheOpenBatches(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	errs := make(chan error)
	for range 8 {
		go func() { errs <- bus.Publisher().PublishBatch(t.Context(), someEvents(2500)) }()
	}
	for range 8 {
		noErr(t, <-errs)
	}
	wantStored(t, bus, 20_000)
}

func wantStored(t *testing.T, bus *streamtest.Bus, want int) {
	t.Helper()
	state, err := bus.StreamState(t.Context(), stream.Events)
	noErr(t, err)
	if state.Messages != uint64(want) {
		t.Errorf("%d messages stored, want %d", state.Messages, want)
	}
}

var _ interface {
	Publish(context.Context, *event.Event) error
	PublishBatch(context.Context, []*event.Event) error
} = (*stream.Publisher)(nil)
