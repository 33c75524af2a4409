package ingester_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/services/ingester"
)

// acknowledged notes when a batch is acked.
type acknowledged struct {
	ingester.Source
	note func(string)
}

func (a acknowledged) Ack(ctx context.Context, messages ...stream.Message) error {
	a.note("ack")
	return a.Source.Ack(ctx, messages...)
}

// Facts and keys, side by side; changes; dead letters; receipts; ack. Nothing begins before what precedes it is done.
func TestOrderOfEffects(t *testing.T) {
	s := newSystem(t)
	s.publish(checkin(t, 1))
	s.publishRaw(checkinSubject, "not an event")
	var mu sync.Mutex
	var order []string
	note := func(what string) { mu.Lock(); order = append(order, what); mu.Unlock() }
	source := s.consumer(s.durable, 10)
	i := s.ingester(func(cfg *ingester.Config, deps *ingester.Dependencies) {
		cfg.Workers = 1
		cfg.Fault = func(step ingester.Step) { note("step " + string(step)) }
		deps.Source = acknowledged{source, note}
		deps.DB = inserter(func(ctx context.Context, table string, cols ...warehouse.Column) error {
			err := s.db.Insert(ctx, table, cols...)
			note(strings.TrimPrefix(table, "vointi_internal."))
			return err
		})
	})
	s.drained()
	i.stop()
	slices.Sort(order[2:4]) // side by side
	s.equal("order", order, []string{
		"step fetch", "step decode", "facts_checkin", "keys", "step facts", "changes", "step changes", "dead_letters", "step dead_letters",
		"receipts", "step receipts", "ack", "step ack",
	})
}

// The way of an event, and of the same event again.
func TestDuplicatesChangeNothing(t *testing.T) {
	s := newSystem(t)
	events := append(checkins(t, 500), amendments(t, 200)...)
	nudges := atomic.Int64{}
	i := s.ingester(func(_ *ingester.Config, deps *ingester.Dependencies) {
		deps.Nudge = func() error { nudges.Add(1); return errors.New("nobody listens") }
	})
	s.publish(events...)
	s.drained()
	facts := s.facts()
	s.account(events, 0)
	s.publish(events...)
	s.drained()
	s.equal("facts", s.facts(), facts)
	s.account(events, 0)
	i.stop()
	i.balanced(t)
	if nudges.Load() == 0 {
		t.Error("nobody was nudged")
	}
	got := s.query("SELECT toString(sum(received)), toString(sum(stored)), toString(sum(duplicates)), toString(sum(conflicts)) FROM vointi.reconciliation")
	s.equal("reconciliation", got, []string{"1400|1400|700|0"})
}

// Two events of one identity are both facts; the account shows them.
func TestConflictsAreStoredAndShown(t *testing.T) {
	s := newSystem(t)
	other := checkinPayload(2)
	first, second := checkin(t, 1), must(t, event.CheckinRecorded, "C1", monday.Add(time.Second), other)
	s.publish(first, second, second)
	s.publishRaw(checkinSubject, "no event")
	s.ingester()
	s.drained()
	s.account([]*event.Event{first, second}, 1)
	got := s.query("SELECT type, toString(received), toString(stored), toString(dead), toString(duplicates), toString(conflicts) FROM vointi.reconciliation ORDER BY type")
	s.equal("reconciliation", got, []string{"|1|0|1|0|0", "participation.checkin.v1|3|3|0|1|1"})
}

// While the warehouse is out of reach nothing is lost, nothing becomes a dead letter, and the messages are not delivered
// again, since their deadlines are extended.
func TestOutageIsWaitedOut(t *testing.T) {
	s := newSystem(t)
	events := checkins(t, 300)
	events = append(events, amendments(t, 100)...)
	s.publish(events...)
	s.publishRaw(checkinSubject, "no event")
	var outage atomic.Int64
	i := s.ingester(func(cfg *ingester.Config, deps *ingester.Dependencies) {
		cfg.Extend = 5 * time.Millisecond
		deps.DB = inserter(func(ctx context.Context, table string, cols ...warehouse.Column) error {
			if outage.Add(1)%3 != 0 {
				return errors.New("connection refused")
			}
			return s.db.Insert(ctx, table, cols...)
		})
	})
	s.drained()
	i.stop()
	s.account(events, 1)
	i.balanced(t)
	if n := i.value(t, "vointi_ingester_fetched_messages_total"); n != 401 {
		t.Errorf("%v messages fetched, want 401: something was delivered twice", n)
	}
	if n := i.value(t, "vointi_ingester_insert_retries_total"); n == 0 {
		t.Error("no retry was counted")
	}
}

// Told to stop while the warehouse is out of reach, the ingester gives its batch back after the grace, and all its
// goroutines end; the next one stores it.
func TestStopGivesTheBatchBack(t *testing.T) {
	s := newSystem(t)
	events := checkins(t, 50)
	s.publish(events...)
	tried := make(chan struct{}, 1000)
	i := s.ingester(func(cfg *ingester.Config, deps *ingester.Dependencies) {
		cfg.StopGrace = 50 * time.Millisecond
		deps.DB = inserter(func(context.Context, string, ...warehouse.Column) error {
			tried <- struct{}{}
			return errors.New("connection refused")
		})
	})
	<-tried
	i.stop()
	i.balanced(t)
	if n := i.value(t, "vointi_ingester_retried_messages_total"); n != 50 {
		t.Fatalf("%v messages given back, want 50", n)
	}
	for _, g := range goroutines() {
		if strings.Contains(g, "vointi.fi/services/ingester.") {
			t.Errorf("left behind: %s", g)
		}
	}
	s.ingester()
	s.drained()
	s.account(events, 0)
}

// While the warehouse is out of reach, a batch in hand is no progress, though nothing else waits in the stream.
func TestBatchInHandIsNoProgress(t *testing.T) {
	s := newSystem(t)
	s.publish(checkins(t, 5)...)
	i := s.ingester(func(cfg *ingester.Config, deps *ingester.Dependencies) {
		cfg.StopGrace, cfg.AccountEvery, cfg.StallAfter = time.Millisecond, 10*time.Millisecond, 200*time.Millisecond
		deps.DB = inserter(func(context.Context, string, ...warehouse.Column) error { return errors.New("connection refused") })
	})
	s.eventually("the ingester calls itself stalled", func() bool { return i.Health(t.Context()) != nil })
}

// goroutines returns the stacks of all goroutines.
func goroutines() []string {
	buf := make([]byte, 1<<20)
	return strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
}

// A bus that goes away and comes back costs nothing but time.
func TestBusRestarts(t *testing.T) {
	s := newSystem(t)
	events := checkins(t, 600)
	s.publish(events[:300]...)
	s.ingester()
	s.drained()
	s.bus.Restart(t)
	s.must(s.bus.Await(t.Context()))
	s.publish(events[300:]...)
	s.drained()
	s.account(events, 0)
}

// Binary mode: the attributes are headers.
func TestBinaryMode(t *testing.T) {
	s := newSystem(t)
	e := checkin(t, 1)
	header := map[string][]string{
		"Content-Type": {"application/json"}, "ce-specversion": {"1.0"}, "ce-id": {e.ID}, "ce-source": {e.Source},
		"ce-type": {event.TypePrefix + string(e.Type)}, "ce-time": {e.Time.Format(time.RFC3339Nano)}, "ce-areaid": {e.Area},
	}
	s.must(s.bus.Publisher().PublishRaw(t.Context(), e.BusSubject(), header, e.Data))
	s.ingester()
	s.drained()
	s.account([]*event.Event{e}, 0)
}

// Every message has an emitter in its receipt: the one that its edge says, of facts and dead letters, and none where no edge
// can have said it.
func TestEmittersAreAccounted(t *testing.T) {
	s := newSystem(t)
	ctx := stream.WithEmitter(t.Context(), "door")
	single, batch, direct := checkin(t, 1), checkin(t, 2), checkin(t, 3)
	s.must(s.bus.Publisher().Publish(ctx, single))
	s.must(s.bus.Publisher().PublishBatch(ctx, []*event.Event{batch}))
	s.publish(direct, single)
	for _, said := range [][]string{{"door"}, {"door", "other"}, {"131052-308t"}, {strings.Repeat("a", 32)}, {""}} {
		s.must(s.bus.Publisher().PublishRaw(t.Context(), checkinSubject, map[string][]string{stream.EmitterHeader: said}, []byte("no event")))
	}
	s.ingester()
	s.drained()
	got := s.query("SELECT emitter, type, toString(sum(received)), toString(sum(stored)), toString(sum(dead)) FROM vointi.emitters GROUP BY emitter, type ORDER BY emitter, type")
	s.equal("emitters", got, []string{
		"direct||4|0|4", "direct|participation.checkin.v1|2|2|0", "door||1|0|1", "door|participation.checkin.v1|2|2|0",
	})
	arrivals, err := ingester.Trace(t.Context(), s.db, single.Identity())
	if err != nil || len(arrivals) != 2 || arrivals[0].Emitter != "door" || arrivals[1].Emitter != "" || arrivals[0].Outcome != "stored" || arrivals[0].Sequence != 1 {
		t.Errorf("%+v %v", arrivals, err)
	}
}

// Events of any age are accepted, also two centuries in one batch: they must not split the insert into more partitions
// than the engine allows.
func TestEventsOfAnyAgeInOneBatch(t *testing.T) {
	s := newSystem(t)
	var events []*event.Event
	for year := 1901; year < 2199; year++ {
		p := checkinPayload(year)
		p.CheckedInAt = time.Date(year, 6, 1, 12, 0, 0, 0, time.UTC)
		events = append(events, must(t, event.CheckinRecorded, p.CheckedInAt.String(), monday, p))
	}
	s.publish(events...)
	s.ingester()
	s.drained()
	s.account(events, 0)
}

var _ ingester.Source = (*stream.Consumer)(nil)
