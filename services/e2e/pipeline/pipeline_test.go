package pipeline_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/schemas"
	"vointi.fi/services/aggregator"
	"vointi.fi/services/ingester"
)

const durable = "ingester"

// pipeline is everything between the bus and the read model, with a clock that the test sets.
type pipeline struct {
	testing.TB
	bus   *streamtest.Bus
	db    *warehouse.DB
	log   *zap.Logger
	tick  sync.Mutex
	now   time.Time
	agg   *aggregator.Aggregator
	reg   *prometheus.Registry // its metrics
	crash func(step string)
	every time.Duration // breakdowns are published; 0: at every step
	keeps bool          // visits of persons, whatever their age
	other bool          // counts newly active residents by another rule, which is another method
	most  int           // changes that a refresh takes; 0: as shipped
	// messages up to this one are of histories that were forgotten
	earlier uint64
}

func newPipeline(t testing.TB, now string) *pipeline {
	t.Helper()
	p := &pipeline{
		TB: t, bus: streamtest.New(t), db: warehousetest.New(t), log: zaptest.NewLogger(t, zaptest.Level(zap.ErrorLevel)),
		crash: func(string) {},
	}
	p.setClock(now)
	p.startIngester()
	p.restartAggregator()
	return p
}

func (p *pipeline) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *pipeline) setClock(day string) {
	p.Helper()
	now, err := time.Parse(time.DateOnly, day)
	p.must(err)
	p.now = now.Add(12 * time.Hour)
}

func (p *pipeline) startIngester() {
	p.Helper()
	cfg := ingester.DefaultConfig()
	cfg.BatchAge = 10 * time.Millisecond
	conn := p.bus.Connect(p)
	source, err := conn.Consumer(p.Context(), stream.ConsumerConfig{Durable: durable, Batch: cfg.BatchCount, AckWait: time.Minute})
	p.must(err)
	deps := ingester.Dependencies{Source: source, DB: p.db, Accounts: ingester.NewAccounts(p.db, p.bus.Conn, durable)}
	i, err := ingester.New(p.log, prometheus.NewRegistry(), deps, cfg)
	p.must(err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(p.Context()))
	done := make(chan error, 1)
	go func() { done <- i.Run(ctx) }()
	p.Cleanup(func() {
		cancel()
		p.must(<-done)
		p.must(source.Close())
	})
}

// restartAggregator replaces the aggregator by one that remembers nothing but what is stored.
func (p *pipeline) restartAggregator() {
	p.Helper()
	cfg, err := aggregatorConfig()
	p.must(err)
	cfg.Clock = func() time.Time { // also asked by several goroutines
		p.tick.Lock()
		defer p.tick.Unlock()
		p.now = p.now.Add(time.Microsecond)
		return p.now
	}
	cfg.Crash = func(step string) { p.crash(step) }
	cfg.Details = max(cfg.Details, p.every)
	if p.keeps {
		cfg.Retention = 0
	}
	if p.other {
		cfg.Rule.Window++
	}
	if p.most > 0 {
		cfg.MaxChanges = p.most
	}
	p.reg = prometheus.NewRegistry()
	p.agg, err = aggregator.New(p.log, p.reg, p.db, nil, cfg)
	p.must(err)
}

// aggregatorConfig is the shipped configuration, except that breakdowns are published at every step. It is read once: what it
// points to is changed by nobody.
var aggregatorConfig = sync.OnceValues(readConfig)

func readConfig() (aggregator.Config, error) {
	cfg := aggregator.DefaultConfig()
	cfg.Details = time.Nanosecond
	var err error
	if cfg.Catalogue, err = indicator.Load(schemas.FS, "indicators"); err != nil {
		return cfg, err
	}
	if cfg.Peers, err = reference.LoadPeers(schemas.FS); err != nil {
		return cfg, err
	}
	cfg.Ages, err = reference.LoadAgeSchemes(schemas.FS)
	return cfg, err
}

// send publishes events, waits until they are stored, and aggregates.
func (p *pipeline) send(events ...*event.Event) {
	p.Helper()
	p.ingest(events...)
	p.must(p.agg.Step(p.Context()))
}

func (p *pipeline) ingest(events ...*event.Event) {
	p.Helper()
	if len(events) > 0 {
		p.must(p.bus.Publisher().PublishBatch(p.Context(), events))
	}
	ctx, cancel := context.WithTimeout(p.Context(), 25*time.Second)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		last, err := p.bus.StreamState(ctx, stream.Events)
		p.must(err)
		consumer, err := p.bus.ConsumerState(ctx, stream.Events, durable)
		p.must(err)
		if consumer.AckFloor == last.Last {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.Fatalf("not ingested within 25 s: ack floor %d of %d", consumer.AckFloor, last.Last)
		}
	}
}

// verify fails if recompute from zero gives anything else than what is stored.
func (p *pipeline) verify() {
	p.Helper()
	differences, err := p.agg.Verify(p.Context(), func(string, int) {})
	p.must(err)
	if len(differences) > 0 {
		p.Fatalf("recompute differs:\n%s", strings.Join(differences, "\n"))
	}
	p.restartAggregator()
}

// query returns the rows of a statement, values joined by |.
func (p *pipeline) query(format string, args ...any) []string {
	p.Helper()
	rows, err := p.db.Query(p.Context(), fmt.Sprintf(format, args...))
	p.must(err)
	defer rows.Close()
	var lines []string
	for rows.Next() {
		values := make([]any, len(rows.Columns()))
		for i := range values {
			values[i] = new(string)
		}
		p.must(rows.Scan(values...))
		line := make([]string, len(values))
		for i := range values {
			line[i] = *values[i].(*string)
		}
		lines = append(lines, strings.Join(line, "|"))
	}
	p.must(rows.Err())
	return lines
}

// cell sums a stored measure over ages and sexes.
func (p *pipeline) cell(measure, area string, period indicator.PeriodType, start string) int {
	p.Helper()
	return p.cellOf(measure, area, period, start, "1")
}

func (p *pipeline) cellOf(measure, area string, period indicator.PeriodType, start, where string) int {
	p.Helper()
	lines := p.query(`SELECT toString(sum(value)) FROM vointi_internal.cells FINAL
		WHERE measure = '%s' AND area = '%s' AND period_type = '%s' AND period_start = '%s' AND dimension = '' AND %s`,
		measure, area, period, start, where)
	var n int
	_, err := fmt.Sscan(lines[0], &n)
	p.must(err)
	return n
}

// row is what the read model says of one cell.
type row struct {
	value, lower, upper float64
	suppressed, status  string
	revision            int
	flags               string
}

func (p *pipeline) row(id, area string, period indicator.PeriodType, start string) row {
	p.Helper()
	return p.rowOf(id, area, period, start, "age_group = 'all' AND sex = 'all' AND dimension = ''")
}

func (p *pipeline) rowOf(id, area string, period indicator.PeriodType, start, where string) row {
	p.Helper()
	lines := p.query(`SELECT toString(ifNull(value, nan)), toString(ifNull(lower95, nan)), toString(ifNull(upper95, nan)),
			suppressed, status, toString(revision), arrayStringConcat(flags, ',')
		FROM vointi.indicators
		WHERE indicator = '%s' AND area = '%s' AND period_type = '%s' AND period_start = '%s' AND %s`, id, area, period, start, where)
	if len(lines) != 1 {
		p.Fatalf("%s %s %s %s: %d rows, want 1", id, area, period, start, len(lines))
	}
	parts := strings.Split(lines[0], "|")
	r := row{suppressed: parts[3], status: parts[4], flags: parts[6]}
	for i, into := range []any{&r.value, &r.lower, &r.upper} {
		if parts[i] == "nan" {
			*into.(*float64) = math.NaN()
			continue
		}
		_, err := fmt.Sscan(parts[i], into)
		p.must(err)
	}
	_, err := fmt.Sscan(parts[5], &r.revision)
	p.must(err)
	return r
}

func (p *pipeline) equal(what string, got, want any) {
	p.Helper()
	if got != want {
		p.Errorf("%s: %v, want %v", what, got, want)
	}
}
