package ingester

import (
	"github.com/prometheus/client_golang/prometheus"

	"vointi.fi/pkg/event"
)

// metrics of one ingester. Every fetched message ends in exactly one of stored, rejected, erased and retried.
type metrics struct {
	fetched    prometheus.Counter
	stored     *prometheus.CounterVec
	rejected   *prometheus.CounterVec
	erased     prometheus.Counter
	retried    prometheus.Counter
	refetched  prometheus.Counter
	batches    prometheus.Counter
	batchSize  prometheus.Histogram
	steps      *prometheus.HistogramVec
	retries    *prometheus.CounterVec
	bisections prometheus.Counter
	lag        prometheus.Gauge
	pending    prometheus.Gauge
	ackPending prometheus.Gauge
	progress   prometheus.Gauge

	unaccounted prometheus.Gauge
}

const namespace, subsystem = "vointi", "ingester"

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help})
	}
	counters := func(label, name, help string) *prometheus.CounterVec {
		opts := prometheus.CounterOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help}
		return prometheus.NewCounterVec(opts, []string{label})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help})
	}
	m := &metrics{
		fetched:   counter("fetched_messages_total", "Messages fetched from the stream, redeliveries included."),
		stored:    counters("type", "stored_messages_total", "Messages whose event is stored, by event type."),
		rejected:  counters("reason", "rejected_messages_total", "Messages written to the dead letters, by reason."),
		erased:    counter("erased_messages_total", "Messages of persons who were erased, of which nothing is kept."),
		retried:   counter("retried_messages_total", "Messages given back to be delivered again."),
		refetched: counter("refetched_messages_total", "Acknowledged messages without a receipt that were fetched again."),
		batches:   counter("batches_total", "Batches finished."),
		batchSize: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "batch_size_messages", Help: "Messages in a batch.",
			Buckets: prometheus.ExponentialBuckets(1, 4, 9),
		}),
		steps: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "step_duration_seconds", Help: "Time of one step of a batch.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 9),
		}, []string{"step"}),
		retries:    counters("table", "insert_retries_total", "Inserts that failed for no fault of the data and were tried again."),
		bisections: counter("insert_bisections_total", "Inserts that were halved to find the row that the warehouse refuses."),
		lag:        gauge("lag_seconds", "Age of the oldest message of the last finished batch when it was finished; 0 when idle."),
		pending:    gauge("pending_messages", "Messages of the stream that were not delivered yet."),
		ackPending: gauge("ack_pending_messages", "Messages that were delivered and have no outcome yet."),
		progress:   gauge("last_progress_timestamp_seconds", "When a batch was last finished, or nothing was found waiting and no batch was in hand."),
		unaccounted: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace, Name: "unaccounted_messages",
			Help: "Messages up to the consumer's ack floor without a receipt. Anything but 0 is a loss.",
		}),
	}
	m.startAtZero()
	reg.MustRegister(m.fetched, m.stored, m.rejected, m.erased, m.retried, m.refetched, m.batches, m.batchSize, m.steps, m.retries,
		m.bisections, m.lag, m.pending, m.ackPending, m.progress, m.unaccounted)
	return m
}

// startAtZero makes every series exist from the start, so that an alert on its increase sees the first one.
func (m *metrics) startAtZero() {
	for _, t := range event.Types() {
		m.stored.WithLabelValues(string(t))
	}
	for _, r := range event.Reasons() {
		m.rejected.WithLabelValues(string(r))
	}
	for _, s := range Steps() {
		m.steps.WithLabelValues(string(s))
	}
	r := newRows()
	for _, t := range r.facts {
		m.retries.WithLabelValues(t.name)
	}
	for _, name := range []string{r.keys.name, newChangeRows().name, newDeadLetterRows().name, newReceiptRows().name, newTombstoneRows().name} {
		m.retries.WithLabelValues(name)
	}
}
