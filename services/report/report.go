// Package report shows the read model without Grafana: a page for decision-makers at /, which needs no script, and the
// indicators as JSON or CSV at /v1/indicators. It reads the views of database vointi as a reading role and nothing else.
package report

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
)

// Report answers with what the read model holds. It keeps no state between requests.
type Report struct {
	log     *zap.Logger
	metrics *metrics
	model   readModel
	cfg     Config
	answers chan struct{} // one for each API answer that is being streamed
}

// New checks the configuration. db must be open as a reading role: whatever it can read, the API can.
func New(log *zap.Logger, reg prometheus.Registerer, db Querier, cfg Config) (*Report, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	cfg = cfg.withDefaults()
	return &Report{
		log:     log.Named("report"),
		metrics: newMetrics(reg),
		model:   readModel{db},
		cfg:     cfg,
		answers: make(chan struct{}, cfg.MaxAnswers),
	}, nil
}

// Handler serves GET / and GET /v1/indicators. It sets no Access-Control headers: other sites' scripts cannot read it.
func (r *Report) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", r.counted("page", r.servePage))
	mux.Handle("GET /v1/indicators", r.counted("indicators", r.serveIndicators))
	return mux
}

func (r *Report) counted(route string, h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			r.metrics.requests.WithLabelValues(route, strconv.Itoa(seen.status/100)+"xx").Inc()
		}()
		h(seen, req)
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController flush.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
