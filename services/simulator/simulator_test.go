package simulator_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/simulator"
)

var now = time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC)

func newSimulator(t testing.TB, cfg simulator.Config) *simulator.Simulator {
	t.Helper()
	s, err := simulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func all(t testing.TB, cfg simulator.Config) []*event.Event {
	t.Helper()
	var events []*event.Event
	for e, err := range newSimulator(t, cfg).All() {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

// small is the history of [simulator.Small], made once.
var small = sync.OnceValues(func() ([]*event.Event, error) {
	s, err := simulator.New(simulator.Small(now))
	if err != nil {
		return nil, err
	}
	var events []*event.Event
	for e, err := range s.All() {
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
})

func smallHistory(t testing.TB) []*event.Event {
	t.Helper()
	events, err := small()
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func hash(events []*event.Event) [32]byte {
	h := sha256.New()
	for _, e := range events {
		h.Write(e.Encode())
	}
	return [32]byte(h.Sum(nil))
}

func TestSameSeedSameBytes(t *testing.T) {
	t.Parallel()
	cfg := simulator.Small(now)
	first := hash(smallHistory(t))
	if again := hash(all(t, cfg)); again != first {
		t.Error("the same config made different events")
	}
	cfg.Seed++
	if other := hash(all(t, cfg)); other == first {
		t.Error("another seed made the same events")
	}
}

func TestSmallIsSmall(t *testing.T) {
	t.Parallel()
	events := smallHistory(t)
	types := map[event.Type]int{}
	for _, e := range events {
		types[e.Type]++
	}
	if n := len(events); n < 18_000 || n > 32_000 {
		t.Errorf("%d events, want about 25 000: %v", n, types)
	}
}

// Another day of history only appends: what was published stays as it was, and Since gives the rest.
func TestLaterLastAppends(t *testing.T) {
	t.Parallel()
	cfg := simulator.Small(now)
	whole := smallHistory(t)
	cut := cfg.Last.AddDate(0, 0, -9)
	early := cfg
	early.Last = cut.AddDate(0, 0, -1)
	before := all(t, early)
	if hash(before) != hash(whole[:len(before)]) {
		t.Error("a shorter history is no beginning of the longer one")
	}
	rest := early.Continue(now)
	if after := all(t, rest); hash(after) != hash(whole[len(before):]) {
		t.Errorf("%d events until %s and %d since do not make %d", len(before), cut, len(after), len(whole))
	}
}

// The visits of a municipality do not depend on which others are simulated.
func TestMunicipalityIsItsOwn(t *testing.T) {
	t.Parallel()
	cfg := simulator.Small(now)
	of := func(events []*event.Event) []*event.Event {
		return slices.DeleteFunc(slices.Clone(events), func(e *event.Event) bool {
			return e.Area != simulator.PilotArea || e.Type != event.CalendarCreated && e.Type != event.CheckinRecorded
		})
	}
	among := of(smallHistory(t))
	cfg.Municipalities = []string{simulator.PilotArea}
	alone := of(all(t, cfg))
	identities := func(events []*event.Event) map[event.Identity]int {
		m := map[event.Identity]int{}
		for _, e := range events {
			m[e.Identity()]++
		}
		return m
	}
	a, b := identities(among), identities(alone)
	if len(a) == 0 || len(a) != len(b) {
		t.Fatalf("%d distinct events among others, %d alone", len(a), len(b))
	}
	for id := range a {
		if b[id] == 0 {
			t.Fatal("an event is missing when the municipality is alone")
		}
	}
}

func TestEventsAreValid(t *testing.T) {
	t.Parallel()
	for _, e := range smallHistory(t) {
		body := e.Encode()
		again, err := event.Decode(nil, body)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if !bytes.Equal(again.Encode(), body) || again.Hash() != e.Hash() || again.Identity() != e.Identity() {
			t.Fatalf("%s: decodes to another event", body)
		}
	}
}

func TestCountIsExact(t *testing.T) {
	t.Parallel()
	cfg := simulator.Small(now)
	if n, count := len(smallHistory(t)), newSimulator(t, cfg).Count(); n != count {
		t.Errorf("count says %d, there are %d", count, n)
	}
}

func TestStopsWhenAsked(t *testing.T) {
	t.Parallel()
	n := 0
	for range newSimulator(t, simulator.Small(now)).All() {
		if n++; n == 10 {
			break
		}
	}
	if n != 10 {
		t.Errorf("%d events", n)
	}
}

type publisher func(ctx context.Context, events []*event.Event) error

func (p publisher) PublishBatch(ctx context.Context, events []*event.Event) error {
	return p(ctx, events)
}

func TestPublish(t *testing.T) {
	t.Parallel()
	cfg := simulator.Small(now)
	var published []*event.Event
	to := publisher(func(_ context.Context, events []*event.Event) error {
		published = append(published, events...)
		return nil
	})
	last, total := 0, 0
	err := newSimulator(t, cfg).Publish(t.Context(), to, func(done, of int) {
		if done <= last || done > of {
			t.Errorf("progress from %d to %d of %d", last, done, of)
		}
		last, total = done, of
	})
	if err != nil {
		t.Fatal(err)
	}
	if last != total || last != len(published) {
		t.Errorf("progress ended at %d of %d, published %d", last, total, len(published))
	}
	if hash(published) != hash(smallHistory(t)) {
		t.Error("published something else than All makes")
	}
}

func TestPublishFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	to := publisher(func(context.Context, []*event.Event) error { return broken })
	if err := newSimulator(t, simulator.Small(now)).Publish(t.Context(), to, nil); !errors.Is(err, broken) {
		t.Errorf("error %v, want it to wrap %v", err, broken)
	}
}

func TestPublishIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	to := publisher(func(ctx context.Context, _ []*event.Event) error { cancel(); return ctx.Err() })
	if err := newSimulator(t, simulator.Small(now)).Publish(ctx, to, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want it to wrap %v", err, context.Canceled)
	}
}
