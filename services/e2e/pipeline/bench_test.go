package pipeline_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/simulator"
)

// refreshBuckets is how many (municipality, day) the thousand visits of a refresh lie in.
const refreshBuckets = 100

// BenchmarkRefresh is a refresh of a thousand new visits over two years of history: what it costs in processor time, the
// engine's too, for each bucket that it touches, and for each indicator of it that has figures.
func BenchmarkRefresh(b *testing.B) {
	p := newPipeline(b, "2024-03-20")
	p.every = 24 * time.Hour
	p.restartAggregator()
	sim, err := simulator.New(simulator.Small(p.now))
	p.must(err)
	p.must(sim.Publish(b.Context(), p.bus.Publisher(), nil))
	p.send()
	var spent time.Duration
	for round := range b.N {
		p.ingest(p.scattered(round)...)
		own, engine := warehousetest.ProcessorTime(b)
		p.must(p.agg.Step(b.Context()))
		ownNow, engineNow := warehousetest.ProcessorTime(b)
		spent += ownNow - own + engineNow - engine
	}
	indicators, err := strconv.Atoi(p.query("SELECT toString(uniqExact(indicator)) FROM vointi.indicators")[0])
	p.must(err)
	bucket := float64(spent.Microseconds()) / float64(b.N*refreshBuckets)
	b.ReportMetric(bucket, "µs/bucket")
	b.ReportMetric(bucket/float64(indicators), "µs/bucket/indicator")
}

// scattered is a thousand visits of different people, on the days before now.
func (p *pipeline) scattered(round int) []*event.Event {
	p.Helper()
	events := make([]*event.Event, 0, 1000)
	for i := range cap(events) {
		day := i % refreshBuckets
		c := fixtureCheckin(pseudonym("scattered", i), 1940+i%70)
		c.SessionID = fmt.Sprintf("scattered-%d-%d", round, day)
		c.CheckedInAt = p.now.AddDate(0, 0, -1-day)
		events = append(events, p.event(event.CheckinRecorded, fmt.Sprintf("scattered-%d-%d", round, i), c.CheckedInAt, c))
	}
	return events
}
