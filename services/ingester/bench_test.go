package ingester_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/ingester"
)

// benchEvents is how many events one round moves: so many full batches that the first, which nothing precedes, and the
// last, which nothing follows, count for little, as in a backlog.
const benchEvents = 1_000_000

// BenchmarkIngest measures the whole way from the stream into the warehouse, from the first fetch to the last ack, all
// inserts between them, both embedded and synced to disk as `vointi up` has them. Beside it are the two ceilings: fetching
// the same messages with explicit acks and doing nothing with them, and inserting the same fact rows and nothing else.
// The ratio is to the lower of the two. The processors' time says more than the clock when others use the machine.
func BenchmarkIngest(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program does
	s := newSystem(b)
	s.bus, s.log = streamtest.New(b, streamtest.Durable()), zap.NewNop()
	s.publish(benchMix(b)...)

	var ingest, fetch, insert, insertAll rate
	round := 0
	for b.Loop() {
		round++
		s.replayAll(b, round, &insert, &insertAll)
		s.merged()
		fetch.measure(b, func() { s.fetchAll(fmt.Sprintf("fetch%d", round)) })
		ingest.measure(b, func() { s.ingestAll(fmt.Sprintf("ingest%d", round), s.db) })
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ingest.perSecond(), "events/s")
	b.ReportMetric(fetch.perSecond(), "fetch-only/s")
	b.ReportMetric(insert.perSecond(), "insert-facts-only/s")
	b.ReportMetric(insertAll.perSecond(), "insert-all-tables/s")
	b.ReportMetric(ingest.microseconds(ingest.self), "own-µs/event")
	b.ReportMetric(ingest.microseconds(ingest.engine), "engine-µs/event")
	b.ReportMetric(fetch.microseconds(fetch.self), "fetch-µs/event")
	b.ReportMetric(insert.microseconds(insert.self+insert.engine), "insert-facts-µs/event")
	b.ReportMetric(insertAll.microseconds(insertAll.self+insertAll.engine), "insert-all-µs/event")
	b.ReportMetric(ingest.perSecond()/min(fetch.perSecond(), insert.perSecond()), "ratio")
}

// replayAll measures the inserts of an ingester that was run to learn them. It leaves none of them in memory: a heap with
// all of a backlog's rows in it, which no ingester has, would make whoever works beside it pay for its size.
func (s *system) replayAll(b *testing.B, round int, facts, all *rate) {
	recorded := &recorder{Inserter: s.db}
	s.ingestAll(fmt.Sprintf("recorded%d", round), recorded)
	s.merged()
	facts.measure(b, func() { recorded.replay(b, func(table string) bool { return strings.Contains(table, ".facts_") }) })
	s.merged()
	all.measure(b, func() { recorded.replay(b, func(string) bool { return true }) })
	recorded.inserts = nil
	runtime.GC()
}

// merged waits until the engine has no merges under way, so that none is charged to what is measured next.
func (s *system) merged() {
	s.Helper()
	s.eventually("merges are done", func() bool { return s.count("SELECT count() FROM system.merges") == 0 })
}

// benchMix is what a town's events are made of: mostly check-ins, of sessions in the calendar.
func benchMix(b testing.TB) []*event.Event {
	events := make([]*event.Event, benchEvents)
	for i := range events {
		switch {
		case i%20 == 0:
			events[i] = calendar(b, i)
		case i%20 == 1:
			events[i] = headcount(b, i)
		default:
			events[i] = checkin(b, i)
		}
	}
	return events
}

// rate is what came of one kind of work, by the clock and by the processors' time, which says more on a busy machine.
type rate struct {
	events       int
	took         time.Duration
	self, engine time.Duration
}

func (r *rate) measure(b *testing.B, do func()) {
	start := time.Now()
	self, engine := warehousetest.ProcessorTime(b)
	do()
	r.took += time.Since(start)
	selfNow, engineNow := warehousetest.ProcessorTime(b)
	r.self += selfNow - self
	r.engine += engineNow - engine
	r.events += benchEvents
}

func (r *rate) perSecond() float64 { return float64(r.events) / r.took.Seconds() }

func (r *rate) microseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / float64(r.events)
}

func (s *system) consumer(durable string, batch int) *stream.Consumer {
	c, err := s.bus.Connect(s).Consumer(s.Context(), stream.ConsumerConfig{Durable: durable, Batch: batch})
	s.must(err)
	s.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *system) fetchAll(durable string) {
	cfg := ingester.DefaultConfig()
	c := s.consumer(durable, cfg.BatchCount)
	for left := benchEvents; left > 0; {
		messages, err := c.Fetch(s.Context(), cfg.BatchCount, cfg.BatchBytes, cfg.BatchAge)
		s.must(err)
		s.must(c.Ack(s.Context(), messages...))
		left -= len(messages)
	}
}

// ingestAll runs an ingester until it has acked everything.
func (s *system) ingestAll(durable string, db ingester.Inserter) {
	cfg := ingester.DefaultConfig()
	source := &counted{Source: s.consumer(durable, cfg.BatchCount), left: benchEvents, done: make(chan struct{})}
	deps := ingester.Dependencies{Source: source, DB: db, Accounts: ingester.NewAccounts(s.db, s.bus.Conn, durable)}
	i, err := ingester.New(s.log, prometheus.NewRegistry(), deps, cfg)
	s.must(err)
	ctx, cancel := context.WithCancel(s.Context())
	go func() { <-source.done; cancel() }()
	s.must(i.Run(ctx))
}

// counted tells when so many messages are acked.
type counted struct {
	ingester.Source
	mu   sync.Mutex
	left int
	done chan struct{}
}

func (c *counted) Ack(ctx context.Context, messages ...stream.Message) error {
	err := c.Source.Ack(ctx, messages...)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left -= len(messages); c.left == 0 {
		close(c.done)
	}
	return err
}

// recorder keeps a copy of every insert, to be done again without an ingester.
type recorder struct {
	ingester.Inserter
	mu      sync.Mutex
	inserts []insert
}

type insert struct {
	table string
	cols  []warehouse.Column
}

func (r *recorder) Insert(ctx context.Context, table string, cols ...warehouse.Column) error {
	kept := insert{table: table, cols: slices.Clone(cols)}
	for i, c := range cols {
		v := reflect.ValueOf(c.Values)
		kept.cols[i].Values = reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v).Interface()
	}
	r.mu.Lock()
	r.inserts = append(r.inserts, kept)
	r.mu.Unlock()
	return r.Inserter.Insert(ctx, table, cols...)
}

// replay does the inserts into some tables again, two at a time, as the ingester does.
func (r *recorder) replay(b *testing.B, into func(table string) bool) {
	todo := make(chan insert, len(r.inserts))
	for _, i := range r.inserts {
		if into(i.table) {
			todo <- i
		}
	}
	close(todo)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for i := range todo {
				if err := r.Inserter.Insert(b.Context(), i.table, i.cols...); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
}
