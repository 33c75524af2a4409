package simulator_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/simulator"
)

// trickle runs the trickle for a while from an instant on, and returns what it published.
func trickle(t *testing.T, from time.Time, rate float64, runs time.Duration) []*event.Event {
	t.Helper()
	s := newSimulator(t, simulator.Small(now))
	var events []*event.Event
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		clock := func() time.Time { return from.Add(time.Since(began)) }
		ctx, cancel := context.WithTimeout(t.Context(), runs)
		defer cancel()
		to := publisher(func(_ context.Context, batch []*event.Event) error {
			events = append(events, batch...)
			return nil
		})
		if err := s.Live(ctx, clock, rate, to); err != nil {
			t.Error(err)
		}
	})
	return events
}

func count(events []*event.Event) map[event.Type]int {
	types := map[event.Type]int{}
	for _, e := range events {
		types[e.Type]++
	}
	return types
}

func TestLiveRate(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{0, 0.1, 3} {
		types := count(trickle(t, now, rate, 10*time.Minute))
		if got := float64(types[event.CheckinRecorded]); math.Abs(got-600*rate) > 2+600*rate*0.03 {
			t.Errorf("%v check-ins in ten minutes at %v a second", got, rate)
		}
		if types[event.CalendarCreated] != 4 {
			t.Errorf("%d sessions, want one in each municipality", types[event.CalendarCreated])
		}
	}
}

// Over midnight, sessions end and begin; a few events are late, double, corrected or voided; all are valid.
func TestLiveDay(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, time.November, 23, 0, 0, 0, 0, helsinki)
	events := trickle(t, midnight.Add(-30*time.Minute), 4, time.Hour)
	types := count(events)
	if types[event.CalendarCreated] != 8 || types[event.CalendarHeld] != 4 {
		t.Errorf("%d sessions began and %d ended, want 8 and 4", types[event.CalendarCreated], types[event.CalendarHeld])
	}
	for _, typ := range []event.Type{event.CheckinCorrected, event.CheckinVoided} {
		if types[typ] == 0 {
			t.Errorf("no %s", typ)
		}
	}
	seen := map[event.Identity]uint64{}
	late, double := 0, 0
	for _, e := range events {
		if again, err := event.Decode(nil, e.Encode()); err != nil || again.Hash() != e.Hash() {
			t.Fatalf("%s: %v", e.Encode(), err)
		}
		hash, known := seen[e.Identity()]
		if known {
			double++
			if hash != e.Hash() {
				t.Errorf("%s: two payloads of one identity", e.Encode())
			}
		}
		seen[e.Identity()] = e.Hash()
		if e.Type == event.CheckinRecorded && midnight.Sub(e.Time) > 10*time.Hour {
			late++
		}
		if ref := e.Original(); ref != nil {
			if _, known := seen[event.IdentityOf(ref.Source, ref.ID)]; !known || ref.Source != e.Source {
				t.Errorf("%s: amends what is unknown", e.Encode())
			}
		}
	}
	if late == 0 || double == 0 {
		t.Errorf("%d late, %d double", late, double)
	}
}

// What happens beside visits is what a history that is continued later has on these days; and volunteers work at the open meeting places.
func TestLiveTellsWhatTheHistoryWillTell(t *testing.T) {
	t.Parallel()
	cfg := simulator.Small(now)
	history := map[event.Identity]uint64{}
	for e, err := range newSimulator(t, cfg.Continue(now.AddDate(0, 0, 3))).All() {
		if err != nil {
			t.Fatal(err)
		}
		history[e.Identity()] = e.Hash()
	}
	events := trickle(t, now, 0, 30*time.Hour)
	types := count(events)
	for _, e := range events {
		if hash, known := history[e.Identity()]; e.Type == event.PlatformUsed && (!known || hash != e.Hash()) {
			t.Errorf("%s: the history says something else, or nothing", e.Encode())
		}
	}
	if types[event.PlatformUsed] != 4 || types[event.ShiftLogged] == 0 {
		t.Errorf("%d windows of platforms, want two of each, and %d shifts", types[event.PlatformUsed], types[event.ShiftLogged])
	}
}

// Nobody is counted at two sessions at the same moment, the history's included.
func TestLiveTogether(t *testing.T) {
	t.Parallel()
	events := append(slices.Clone(smallHistory(t)), trickle(t, now, 4, 30*time.Minute)...)
	f := newState(simulator.Truth{})
	for _, e := range events {
		f.add(e)
	}
	f.checkTogether(t)
}

func TestLiveIsRepeatable(t *testing.T) {
	t.Parallel()
	first, again := trickle(t, now, 2, time.Minute), trickle(t, now, 2, time.Minute)
	if hash(first) != hash(again) {
		t.Error("the same clock made different events")
	}
}

func TestLiveFails(t *testing.T) {
	t.Parallel()
	s, broken := newSimulator(t, simulator.Small(now)), errors.New("broken")
	synctest.Test(t, func(t *testing.T) {
		clock := func() time.Time { return now }
		to := publisher(func(context.Context, []*event.Event) error { return broken })
		if err := s.Live(t.Context(), clock, 1, to); !errors.Is(err, broken) {
			t.Errorf("error %v, want it to wrap %v", err, broken)
		}
	})
}
