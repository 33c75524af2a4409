package ingester_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/ingester"
)

// system is a real bus and a real warehouse for one test.
type system struct {
	testing.TB
	bus     *streamtest.Bus
	durable string // the consumer
	db      *warehouse.DB
	log     *zap.Logger
}

func newSystem(t testing.TB) *system {
	t.Helper()
	return &system{TB: t, bus: streamtest.New(t), durable: "ingester", db: warehousetest.New(t), log: zaptest.NewLogger(t, zaptest.Level(zap.ErrorLevel))}
}

// config waits for nothing longer than a test can.
func config() ingester.Config {
	cfg := ingester.DefaultConfig()
	cfg.BatchAge = 20 * time.Millisecond
	cfg.RetryFirst, cfg.RetryLongest = time.Millisecond, 20*time.Millisecond
	cfg.Version = "test"
	return cfg
}

// running is an ingester at work in this process.
type running struct {
	*ingester.Ingester
	registry *prometheus.Registry
	stop     func()
}

// option changes an ingester before it starts.
type option func(*ingester.Config, *ingester.Dependencies)

func (s *system) ingester(options ...option) *running {
	s.Helper()
	cfg := config()
	deps := ingester.Dependencies{DB: s.db, Accounts: ingester.NewAccounts(s.db, s.bus.Conn, s.durable)}
	for _, o := range options {
		o(&cfg, &deps)
	}
	conn := s.bus.Connect(s)
	consumer, err := conn.Consumer(s.Context(), stream.ConsumerConfig{Durable: s.durable, Batch: cfg.BatchCount, AckWait: 5 * time.Second})
	s.must(err)
	if deps.Source == nil {
		deps.Source = consumer
	}
	registry := prometheus.NewRegistry()
	i, err := ingester.New(s.log, registry, deps, cfg)
	s.must(err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := i.Run(ctx); err != nil {
			s.Errorf("run: %v", err)
		}
	}()
	stop := sync.OnceFunc(func() {
		cancel()
		<-done
		s.must(consumer.Close())
	})
	s.Cleanup(stop)
	return &running{Ingester: i, registry: registry, stop: stop}
}

func (s *system) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// publish puts events onto the bus in bulk, in their order up to a thousand.
func (s *system) publish(events ...*event.Event) {
	s.Helper()
	s.must(s.bus.Publisher().PublishBatch(s.Context(), events))
}

// publishRaw puts bytes onto the bus as nobody should.
func (s *system) publishRaw(subject, body string) {
	s.Helper()
	header := map[string][]string{"Content-Type": {"application/cloudevents+json"}}
	s.must(s.bus.Publisher().PublishRaw(s.Context(), subject, header, []byte(body)))
}

// drained waits until every message of the stream is acked.
func (s *system) drained() {
	s.Helper()
	s.eventually("the stream is drained", func() bool {
		last, err := s.bus.StreamState(s.Context(), stream.Events)
		s.must(err)
		consumer, err := s.bus.ConsumerState(s.Context(), stream.Events, s.durable)
		return err == nil && consumer.AckFloor == last.Last
	})
}

// eventually asks again and again until the answer is yes.
func (s *system) eventually(what string, yes func() bool) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 25*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !yes() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.Fatalf("not within 25 s: %s", what)
		}
	}
}

// query returns the result of a statement, one line a row, the values parted by "|".
func (s *system) query(sql string, args ...any) []string {
	s.Helper()
	rows, err := s.db.Query(s.Context(), sql, args...)
	s.must(err)
	defer rows.Close()
	values := make([]any, len(rows.Columns()))
	for i := range values {
		values[i] = new(string)
	}
	var lines []string
	for rows.Next() {
		s.must(rows.Scan(values...))
		line := make([]string, len(values))
		for i := range values {
			line[i] = *values[i].(*string)
		}
		lines = append(lines, strings.Join(line, "|"))
	}
	s.must(rows.Err())
	return lines
}

// count returns the one number that a statement gives.
func (s *system) count(sql string, args ...any) int {
	s.Helper()
	var n int
	_, err := fmt.Sscan(s.query("SELECT toString(("+sql+"))", args...)[0], &n)
	s.must(err)
	return n
}

// tables are all fact tables.
func (s *system) tables() []string {
	s.Helper()
	return s.query("SELECT name FROM system.tables WHERE database = 'vointi_internal' AND name LIKE 'facts_%' ORDER BY name")
}

// facts returns everything that the fact tables hold, merged, in a comparable form.
func (s *system) facts() []string {
	s.Helper()
	var all []string
	for _, table := range s.tables() {
		all = append(all, s.query("SELECT '"+table+"', toJSONString(tuple(*)) FROM vointi_internal."+table+" FINAL ORDER BY ALL")...)
	}
	return all
}

// identities returns (table, chain, identity, hash) of every fact.
func (s *system) identities() []string {
	s.Helper()
	var all []string
	for _, table := range s.tables() {
		all = append(all, s.query("SELECT '"+strings.TrimPrefix(table, "facts_")+
			"', toString(chain), toString(identity), toString(hash) FROM vointi_internal."+table+" FINAL")...)
	}
	slices.Sort(all)
	return all
}

// fold is the naive account of what the fact tables must hold after these events, whatever their order.
func fold(events ...*event.Event) []string {
	set := map[string]bool{}
	for _, e := range events {
		set[fmt.Sprintf("%s|%s|%s|%d", e.Family(), e.Chain(), e.Identity(), e.Hash())] = true
	}
	var all []string
	for line := range set {
		all = append(all, line)
	}
	slices.Sort(all)
	return all
}

func (s *system) equal(what string, got, want []string) {
	s.Helper()
	if !slices.Equal(got, want) {
		s.Fatalf("%s: %d lines, want %d\ngot:  %s\nwant: %s", what, len(got), len(want), head(got), head(want))
	}
}

func head(lines []string) string { return strings.Join(lines[:min(len(lines), 5)], "\n      ") }

// accounted checks that every message of the stream has exactly one receipt.
func (s *system) accounted() {
	s.Helper()
	state, err := s.bus.StreamState(s.Context(), stream.Events)
	s.must(err)
	got := s.query("SELECT toString(count()), toString(uniqExact(sequence)), toString(max(sequence)) FROM vointi_internal.receipts FINAL")
	n := fmt.Sprint(state.Last)
	s.equal("receipts", got, []string{n + "|" + n + "|" + n})
}

// correctAny grants the sources of the events that amend others' events the right to do so.
func correctAny(events []*event.Event) option {
	return func(cfg *ingester.Config, _ *ingester.Dependencies) {
		for _, e := range events {
			if o := e.Original(); o != nil && o.Source != e.Source {
				cfg.CorrectAny = append(cfg.CorrectAny, e.Source)
			}
		}
	}
}
