package report

import "github.com/prometheus/client_golang/prometheus"

// metrics of the report.
type metrics struct {
	requests *prometheus.CounterVec
	failures prometheus.Counter
	rows     prometheus.Counter
	broken   prometheus.Counter
}

// Routes and classes of answers are closed sets.
var (
	routes  = []string{"page", "indicators"}
	classes = []string{"2xx", "4xx", "5xx"}
)

func newMetrics(reg prometheus.Registerer) *metrics {
	const namespace, subsystem = "vointi", "report"
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "requests_total",
			Help: "Requests answered, by route and class of status.",
		}, []string{"route", "status"}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "read_failures_total",
			Help: "Answers that the read model could not give.",
		}),
		rows: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "streamed_rows_total",
			Help: "Indicator rows sent by the API.",
		}),
		broken: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Subsystem: subsystem, Name: "broken_answers_total",
			Help: "API answers cut off in the middle because the read model failed.",
		}),
	}
	for _, route := range routes {
		for _, class := range classes {
			m.requests.WithLabelValues(route, class)
		}
	}
	reg.MustRegister(m.requests, m.failures, m.rows, m.broken)
	return m
}
