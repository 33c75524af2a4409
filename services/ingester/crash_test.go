package ingester_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/ingester"
)

// An ingester process dies by kill -9 after each of its steps, one death for each, while the next takes over. In the
// end every message has one receipt, and the facts are those of a naive fold; then the whole stream is replayed, which
// changes nothing.
func TestKilledAfterEachStep(t *testing.T) {
	s := newSystem(t)
	events := append(checkins(t, 900), amendments(t, 300)...)
	s.publish(events...)
	s.publishRaw("vointi.events.participation.checkin.v1.KU305", "not an event")
	o := orders{Bus: s.bus.URL, Warehouse: warehousetest.Engine(t).URL(), BatchCount: 100}
	for _, step := range ingester.Steps() {
		o.KillAfter = step
		s.process(o).died(t)
	}
	o.KillAfter = ""
	last := s.process(o)
	s.drained()
	last.stopped(t)
	s.account(events, 1)

	facts := s.facts()
	s.replay()
	s.equal("facts after the replay", s.facts(), facts)
	s.account(events, 1)
}

// account checks what must hold once everything is acked.
func (s *system) account(events []*event.Event, dead int) {
	s.Helper()
	s.accounted()
	s.equal("facts", s.identities(), fold(events...))
	if n := s.count("SELECT count() FROM vointi_internal.dead_letters FINAL"); n != dead {
		s.Fatalf("%d dead letters, want %d", n, dead)
	}
	if n := s.count("SELECT countIf(outcome = 'dead') FROM vointi_internal.receipts FINAL"); n != dead {
		s.Fatalf("%d receipts of dead letters, want %d", n, dead)
	}
	s.announced()
}

// announced checks that every fact's scope and chain is in changes, and that of what can move in keys, too.
func (s *system) announced() {
	s.Helper()
	for _, table := range s.tables() {
		family := table[len("facts_"):]
		missing := "SELECT count() FROM vointi_internal." + table + " WHERE (scope, chain) NOT IN (SELECT scope, chain FROM vointi_internal.%s WHERE family = '" + family + "')"
		if n := s.count(fmt.Sprintf(missing, "changes")); n > 0 {
			s.Fatalf("%d rows of %s were not announced", n, table)
		}
		if family == "checkin" || family == "headcount" || family == "cost" {
			if n := s.count(fmt.Sprintf(missing, "keys")); n > 0 {
				s.Fatalf("%d rows of %s are not in keys", n, table)
			}
		}
	}
}

// replay ingests the whole stream once more, by a consumer that begins at the first message.
func (s *system) replay() {
	s.Helper()
	s.durable = "replay"
	again := s.ingester()
	s.drained()
	again.stop()
}

// The engine dies by kill -9 in the middle of inserts: they are tried again, and nothing is lost or stored twice.
func TestEngineKilledDuringInserts(t *testing.T) {
	s := newSystem(t)
	engine := warehousetest.Engine(t)
	events := checkins(t, 3_000)
	s.publish(events...)
	var failed atomic.Int32
	i := s.ingester(func(cfg *ingester.Config, deps *ingester.Dependencies) {
		cfg.BatchCount, cfg.Workers = 500, 1
		deps.DB = inserter(func(ctx context.Context, table string, cols ...warehouse.Column) error {
			// Between two lives the engine has no process, and kill(0) would mean this one.
			pid := engine.PID()
			if pid == 0 || failed.Load() == 3 || table != "vointi_internal.facts_checkin" {
				return s.db.Insert(ctx, table, cols...)
			}
			inserted := make(chan error, 1)
			go func() { inserted <- s.db.Insert(ctx, table, cols...) }()
			_ = syscall.Kill(pid, syscall.SIGKILL)
			err := <-inserted
			if err != nil {
				failed.Add(1)
			}
			return err
		})
	})
	s.drained()
	i.stop()
	s.account(events, 0)
	if failed.Load() == 0 {
		t.Fatal("no insert was hit")
	}
}

// inserter is a function as an Inserter, to be put around the real one.
type inserter func(ctx context.Context, table string, cols ...warehouse.Column) error

func (f inserter) Insert(ctx context.Context, table string, cols ...warehouse.Column) error {
	return f(ctx, table, cols...)
}

// Two ingester processes share the consumer while a third is killed again and again.
func TestSeveralIngestersAtOnce(t *testing.T) {
	s := newSystem(t)
	events := checkins(t, 4_000)
	s.publish(events[:2_000]...)
	o := orders{Bus: s.bus.URL, Warehouse: warehousetest.Engine(t).URL(), BatchCount: 50}
	first, second := s.process(o), s.process(o)
	o.KillAfter = ingester.StepFacts
	s.process(o).died(t)
	s.publish(events[2_000:]...)
	s.drained()
	first.stopped(t)
	second.stopped(t)
	s.account(events, 0)
	if n := s.count("SELECT uniqExact(writer) FROM vointi_internal.changes"); n < 2 {
		t.Fatalf("%d writers; both ingesters should have had work", n)
	}
}
