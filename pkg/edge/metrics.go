package edge

import (
	"github.com/prometheus/client_golang/prometheus"

	"vointi.fi/pkg/event"
)

// outcome is what became of a request; the set is closed.
type outcome string

const (
	accepted     outcome = "accepted"
	invalid      outcome = "invalid"
	tooLarge     outcome = "too_large"
	unsupported  outcome = "unsupported"
	incomplete   outcome = "incomplete"
	notFound     outcome = "not_found"
	keyReused    outcome = "key_reused"
	unauthorized outcome = "unauthorized"
	forbidden    outcome = "forbidden"
	tooOften     outcome = "too_often"
	slow         outcome = "slow"
	busy         outcome = "busy"
	full         outcome = "full"
	unavailable  outcome = "unavailable"
)

var outcomes = []outcome{accepted, invalid, tooLarge, unsupported, incomplete, notFound, keyReused, unauthorized, forbidden, tooOften, slow, busy, full, unavailable}

type metrics struct {
	requests *prometheus.CounterVec
	events   *prometheus.CounterVec
	duration prometheus.Histogram
}

func newMetrics(reg prometheus.Registerer, service string) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "vointi", Subsystem: service, Name: "requests_total",
			Help: "Requests to publish events, by what became of them.",
		}, []string{"outcome"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "vointi", Subsystem: service, Name: "events_published_total",
			Help: "Events handed to the bus and stored there, by type.",
		}, []string{"type"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "vointi", Subsystem: service, Name: "request_duration_seconds",
			Help:    "Time from a request to its answer.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}),
	}
	for _, o := range outcomes {
		m.requests.WithLabelValues(string(o))
	}
	for _, t := range event.Types() {
		m.events.WithLabelValues(string(t))
	}
	reg.MustRegister(m.requests, m.events, m.duration)
	return m
}

func (m *metrics) published(events []*event.Event) {
	m.requests.WithLabelValues(string(accepted)).Inc()
	for _, e := range events {
		m.events.WithLabelValues(string(e.Type)).Inc()
	}
}

func (m *metrics) refused(o outcome) { m.requests.WithLabelValues(string(o)).Inc() }
