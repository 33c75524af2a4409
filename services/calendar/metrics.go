package calendar

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// What may become of a reading of a feed.
const (
	wholeRead     = "read"
	unchangedRead = "unchanged"
	failedRead    = "failed"
)

// feedMetrics are those of all feeds together; /readyz tells of each.
type feedMetrics struct {
	reads   *prometheus.CounterVec
	changes *prometheus.CounterVec
	failing prometheus.Gauge
	faulty  prometheus.Gauge

	mu    sync.Mutex
	feeds map[string][2]bool // whether it fails, and whether something of it was left out
}

func newFeedMetrics(reg prometheus.Registerer) *feedMetrics {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "vointi", Subsystem: "calendar", Name: name, Help: help})
	}
	counter := func(name, help, label string, values ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "vointi", Subsystem: "calendar", Name: name, Help: help}, []string{label})
		for _, v := range values {
			c.WithLabelValues(v)
		}
		return c
	}
	m := &feedMetrics{
		reads:   counter("feed_reads_total", "Readings of feeds, by what became of them.", "outcome", wholeRead, unchangedRead, failedRead),
		changes: counter("feed_changes_total", "Events that feeds gave rise to, by kind of change.", "change", "created", "updated", "cancelled", "held"),
		failing: gauge("failing_feeds", "Feeds whose last reading failed."),
		faulty:  gauge("faulty_feeds", "Feeds of whose last reading something was left out."),
		feeds:   map[string][2]bool{},
	}
	reg.MustRegister(m.reads, m.changes, m.failing, m.faulty)
	return m
}

func (m *feedMetrics) changed(c Counts) {
	for change, n := range map[string]int{"created": c.Created, "updated": c.Updated, "cancelled": c.Cancelled, "held": c.Held} {
		m.changes.WithLabelValues(change).Add(float64(n))
	}
}

// set notes the state of a feed.
func (m *feedMetrics) set(feed string, failing, faulty bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.feeds[feed] = [2]bool{failing, faulty}
	var sums [2]float64
	for _, f := range m.feeds {
		for i := range sums {
			if f[i] {
				sums[i]++
			}
		}
	}
	m.failing.Set(sums[0])
	m.faulty.Set(sums[1])
}
