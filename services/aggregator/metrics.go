package aggregator

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"vointi.fi/pkg/indicator"
)

// metrics are what an operator sees of the aggregator.
type metrics struct {
	changes        prometheus.Counter
	published      prometheus.Counter
	compared       prometheus.Counter
	untold         prometheus.Counter
	errors         prometheus.Counter
	takenAway      prometheus.Counter
	tooLate        prometheus.Counter
	refreshSeconds prometheus.Histogram
	silentVenues   prometheus.Gauge
	withheld       *prometheus.GaugeVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: "vointi", Subsystem: "aggregator", Name: name, Help: help})
		reg.MustRegister(c)
		return c
	}
	m := &metrics{
		changes:   counter("changes_total", "Changes of facts taken into cells."),
		published: counter("publications_total", "Rows of the read model written because they changed."),
		compared:  counter("comparisons_total", "Comparisons of published rows written because they changed."),
		untold:    counter("updates_untold_total", "Updates that could not be announced on the bus; the read model has them."),
		errors:    counter("errors_total", "Refreshes that failed and were tried again."),
		takenAway: counter("visits_taken_away_total", "Visits that were made nobody's because of their age."),
		tooLate:   counter("too_late_total", "Check-ins, shifts and answers that came when those of their day or wave had been taken away; they were not counted."),
		refreshSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "vointi", Subsystem: "aggregator", Name: "refresh_seconds",
			Help: "Time of one refresh that had news.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 12),
		}),
		silentVenues: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "vointi", Subsystem: "aggregator", Name: "silent_venues",
			Help: "Venues that tell nothing of the sessions of their calendar: vointi.data_gaps names them.",
		}),
		withheld: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: "vointi", Subsystem: "aggregator", Name: "withheld_rows",
			Help: "Rows of final periods that stay as they were though data came since, by type of period: vointi.withheld has since when.",
		}, []string{"period_type"}),
	}
	reg.MustRegister(m.refreshSeconds, m.silentVenues, m.withheld)
	m.setWithheld(nil)
	return m
}

// setWithheld sets how many rows are withheld of each type of period.
func (m *metrics) setWithheld(rows map[string]uint64) {
	for _, t := range append(slices.Clone(indicator.PeriodTypes), indicator.Wave) {
		m.withheld.WithLabelValues(string(t)).Set(float64(rows[string(t)]))
	}
}
