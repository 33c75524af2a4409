package ingester_test

import (
	"context"
	"testing"
	"time"

	"vointi.fi/pkg/stream"
	"vointi.fi/services/ingester"
)

func (s *system) reconcile(bus ingester.Bus) ingester.Account {
	s.Helper()
	account, err := ingester.NewAccounts(s.db, bus, s.durable).Reconcile(s.Context())
	s.must(err)
	return account
}

// forget deletes what the warehouse knows of some messages, as if it had been restored from an older copy.
func (s *system) forget(where string) {
	s.Helper()
	for _, table := range []string{"receipts", "facts_checkin"} {
		condition := where
		if table != "receipts" {
			condition = "1"
		}
		s.must(s.db.Exec(s.Context(), "ALTER TABLE vointi_internal."+table+" DELETE WHERE "+condition+" SETTINGS mutations_sync = 2"))
	}
}

// What was acked and has no receipt is found, fetched again at the start, and stored.
func TestMessagesWithoutReceiptAreFetchedAgain(t *testing.T) {
	s := newSystem(t)
	events := checkins(t, 400)
	s.publish(events...)
	first := s.ingester()
	s.drained()
	first.stop()
	if a := s.reconcile(s.bus.Conn); a.Unaccounted() != 0 || a.Consumer.AckFloor != 400 || a.Stream.Last != 400 {
		t.Fatalf("%+v", a)
	}

	s.forget("sequence <= 3 OR sequence BETWEEN 100 AND 250 OR sequence = 400")
	a := s.reconcile(s.bus.Conn)
	want := []ingester.Span{{From: 1, To: 3}, {From: 100, To: 250}, {From: 400, To: 400}}
	if len(a.Missing) != 3 || [3]ingester.Span(a.Missing) != [3]ingester.Span(want) || a.Unaccounted() != 155 {
		t.Fatalf("missing %+v", a.Missing)
	}
	second := s.ingester(func(cfg *ingester.Config, _ *ingester.Dependencies) { cfg.BatchCount = 60 })
	s.eventually("everything has its receipt", func() bool { return s.reconcile(s.bus.Conn).Unaccounted() == 0 })
	second.stop()
	s.accounted()
	second.balanced(t)
	if n := second.value(t, "vointi_ingester_refetched_messages_total"); n != 155 {
		t.Errorf("%v messages fetched again, want 155", n)
	}
	if n := s.count("SELECT count() FROM vointi_internal.facts_checkin FINAL"); n != 155 {
		t.Errorf("%d facts stored again, want 155", n)
	}
}

// A batch of messages that are fetched again is no larger than any other, in bytes either.
func TestFetchingAgainKeepsToTheBytesOfABatch(t *testing.T) {
	s := newSystem(t)
	s.publish(checkins(t, 100)...)
	first := s.ingester()
	s.drained()
	first.stop()
	s.forget("sequence > 0")
	second := s.ingester(func(cfg *ingester.Config, _ *ingester.Dependencies) { cfg.BatchBytes = 2000 })
	s.eventually("everything has its receipt", func() bool { return s.reconcile(s.bus.Conn).Unaccounted() == 0 })
	second.stop()
	if n := second.value(t, "vointi_ingester_batches_total"); n < 20 {
		t.Errorf("100 messages of some 500 bytes each went in %v batches of 2000 bytes", n)
	}
}

// shortened is a bus whose stream has dropped its oldest messages.
type shortened struct {
	ingester.Bus
	first uint64
}

func (b shortened) Get(ctx context.Context, name string, sequence uint64) (stream.Message, error) {
	if sequence < b.first {
		return stream.Message{}, stream.ErrNotFound
	}
	return b.Bus.Get(ctx, name, sequence)
}

// What is lost for good stays in the account, and the gauge tells it, while the rest is fetched again.
func TestLossIsTold(t *testing.T) {
	s := newSystem(t)
	s.publish(checkins(t, 100)...)
	first := s.ingester()
	s.drained()
	first.stop()
	s.forget("sequence BETWEEN 11 AND 30")
	second := s.ingester(func(cfg *ingester.Config, deps *ingester.Dependencies) {
		cfg.AccountEvery = 10 * time.Millisecond
		deps.Accounts = ingester.NewAccounts(s.db, shortened{s.bus.Conn, 21}, s.durable)
	})
	s.eventually("the loss is told", func() bool { return second.value(t, "vointi_unaccounted_messages") == 10 })
	if a := s.reconcile(s.bus.Conn); len(a.Missing) != 1 || a.Missing[0] != (ingester.Span{From: 11, To: 20}) {
		t.Fatalf("missing %+v", a.Missing)
	}
}

// A message that is still on its way is not missing; nor does looking again count anything twice.
func TestAccountEndsAtTheAckFloor(t *testing.T) {
	s := newSystem(t)
	s.publish(checkins(t, 10)...)
	s.ingester().stop() // makes the consumer; may or may not store some
	accounts := ingester.NewAccounts(s.db, s.bus.Conn, s.durable)
	for range 2 {
		if a, err := accounts.Reconcile(t.Context()); err != nil || a.Unaccounted() != 0 {
			t.Fatalf("%+v %v", a, err)
		}
	}
	s.publish(checkins(t, 20)...)
	s.ingester()
	s.drained()
	if a, err := accounts.Reconcile(t.Context()); err != nil || a.Unaccounted() != 0 || a.Consumer.AckFloor != 30 {
		t.Fatalf("%+v %v", a, err)
	}
}
