package service

import (
	"context"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Health holds named checks of what a process needs. The zero value is ready to use and ready to serve.
type Health struct {
	mu     sync.Mutex
	checks map[string]Check
	told   map[string]func() string
}

// Tell adds one line that /readyz shows under a name, whether the process is ready or not.
func (h *Health) Tell(name string, line func() string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.told == nil {
		h.told = map[string]func() string{}
	}
	h.told[name] = line
}

// lines are what is told now.
func (h *Health) lines() map[string]string {
	h.mu.Lock()
	told := maps.Clone(h.told)
	h.mu.Unlock()
	lines := make(map[string]string, len(told))
	for name, line := range told {
		lines[name] = line()
	}
	return lines
}

// Check tells why something cannot be used now, or nil. It must answer within its context.
type Check func(context.Context) error

// checkTime bounds all checks of one request together.
const checkTime = 2 * time.Second

// Add adds a check, or replaces the one of that name.
func (h *Health) Add(name string, check Check) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.checks == nil {
		h.checks = map[string]Check{}
	}
	h.checks[name] = check
}

// Report runs every check, side by side, and tells by name why one fails; empty means ready.
func (h *Health) Report(ctx context.Context) map[string]string {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	type result struct {
		name string
		err  error
	}
	checks := h.all()
	results := make(chan result, len(checks))
	for name, check := range checks {
		go func() { results <- result{name, check(ctx)} }()
	}
	report := map[string]string{}
	for name := range checks {
		report[name] = "did not answer in time"
	}
	for range checks {
		select {
		case r := <-results:
			report[r.name] = ""
			if r.err != nil {
				report[r.name] = r.err.Error()
			}
		case <-ctx.Done():
		}
	}
	maps.DeleteFunc(report, func(_, why string) bool { return why == "" })
	return report
}

func (h *Health) all() map[string]Check {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.checks)
}

// NewRegistry returns a metrics registry with the process's own metrics in it.
func NewRegistry() *prometheus.Registry {
	reg := prometheus.NewRegistry()
	reg.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return reg
}

// AdminHandler answers for the operator: /metrics; /healthz, 200 while the process lives; /readyz, 200 when every check
// passes, else 503 and which check fails and why; in either case with what is told by [Health.Tell].
func AdminHandler(reg *prometheus.Registry, health *Health) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{Registry: reg}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, map[string]string{"status": "alive"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		failing := health.Report(r.Context())
		status, text := http.StatusOK, "ready"
		if len(failing) > 0 {
			status, text = http.StatusServiceUnavailable, "not ready"
		}
		WriteJSON(w, status, struct {
			Status  string            `json:"status"`
			Failing map[string]string `json:"failing,omitempty"`
			Told    map[string]string `json:"told,omitempty"`
		}{text, failing, health.lines()})
	})
	return mux
}
