package report_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/zap/zaptest"

	"vointi.fi/dashboards/dashboardstest"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/report"
)

func TestMain(m *testing.M) { os.Exit(warehousetest.Main(m)) }

// site serves the report over a querier.
type site struct {
	t       *testing.T
	handler http.Handler
	reg     *prometheus.Registry
}

func serve(t *testing.T, db report.Querier, cfg report.Config) site {
	t.Helper()
	reg := prometheus.NewRegistry()
	r, err := report.New(zaptest.NewLogger(t), reg, db, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return site{t, r.Handler(), reg}
}

// reader is the migrated warehouse, filled with the fixture, and a connection to it as the reading role.
func reader(t *testing.T) (admin, reading *warehouse.DB) {
	t.Helper()
	admin = warehousetest.New(t)
	if err := dashboardstest.Fill(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	reading, err := warehouse.Open(t.Context(), warehouse.Config{URL: warehousetest.Engine(t).RoleURL("vointi_reader"), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reading.Close() })
	return admin, reading
}

func (s site) get(path string) *httptest.ResponseRecorder {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, path, nil))
	return w
}

// page returns the body of a page and checks what holds for every page.
func (s site) page(path string, status int) string {
	s.t.Helper()
	w := s.get(path)
	body := w.Body.String()
	if w.Code != status {
		s.t.Fatalf("GET %s: status %d, want %d\n%.2000s", path, w.Code, status, body)
	}
	h := w.Header()
	if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-") || h.Get("Access-Control-Allow-Origin") != "" {
		s.t.Errorf("GET %s: headers %v", path, h)
	}
	for _, never := range []string{"<script", "javascript:", " style=", " onclick=", "ZgotmplZ", "<no value>", "&lt;nil&gt;", "%!"} {
		if strings.Contains(body, never) {
			s.t.Errorf("GET %s: the page holds %q", path, never)
		}
	}
	if err := balanced(body); err != nil {
		s.t.Errorf("GET %s: %v", path, err)
	}
	return body
}

// broken is a read model that does not answer, or that fails in the middle of a result.
type broken struct{ after int }

var errBroken = errors.New("connection refused by 10.0.0.1 with secret details")

func (b broken) Query(context.Context, string, ...any) (warehouse.Rows, error) {
	if b.after == 0 {
		return nil, errBroken
	}
	return &brokenRows{left: b.after}, nil
}

type brokenRows struct{ left int }

func (r *brokenRows) Next() bool        { r.left--; return r.left >= 0 }
func (r *brokenRows) Scan(...any) error { return nil }
func (r *brokenRows) Err() error        { return errBroken }
func (r *brokenRows) Close() error      { return nil }
func (r *brokenRows) Columns() []string { return nil }

func TestReadModelOutOfReach(t *testing.T) {
	s := serve(t, broken{}, report.Config{})
	for _, path := range []string{"/?lang=en", "/v1/indicators"} {
		w := s.get(path)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("GET %s: status %d, headers %v", path, w.Code, w.Header())
		}
		if body := w.Body.String(); strings.Contains(body, "secret details") {
			t.Errorf("GET %s tells what went on inside: %s", path, body)
		}
	}
	if got := testutil.ToFloat64(counter(t, s.reg, "vointi_report_read_failures_total")); got != 2 {
		t.Errorf("%v read failures counted, want 2", got)
	}
}

// counter finds a metric without labels.
func counter(t *testing.T, reg *prometheus.Registry, name string) prometheus.Collector {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: "found"})
	for _, f := range families {
		if f.GetName() == name {
			c.Add(f.GetMetric()[0].GetCounter().GetValue())
			return c
		}
	}
	t.Fatalf("no metric %s", name)
	return nil
}

// An answer that breaks off must not look whole: the connection is cut before the closing bracket.
func TestBrokenAnswerIsCut(t *testing.T) {
	server := httptest.NewServer(serve(t, broken{after: 2000}, report.Config{}).handler)
	defer server.Close()
	answer, err := http.Get(server.URL + "/v1/indicators")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil {
		t.Errorf("the answer of %d bytes ended without an error", len(body))
	}
	if len(body) == 0 || strings.HasSuffix(strings.TrimSpace(string(body)), "]}") {
		t.Errorf("%d bytes that look whole", len(body))
	}
}

func TestMetricsAreLinted(t *testing.T) {
	reg := prometheus.NewPedanticRegistry()
	if _, err := report.New(zaptest.NewLogger(t), reg, broken{}, report.Config{}); err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(reg)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

func TestConfigTellsAllFaults(t *testing.T) {
	_, err := report.New(zaptest.NewLogger(t), prometheus.NewRegistry(), broken{}, report.Config{Language: "no", QueryTimeout: -1, MaxAnswers: -1})
	for _, want := range []string{"language", "timeout", "answers"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestRoutes(t *testing.T) {
	s := serve(t, broken{}, report.Config{})
	if w := s.get("/elsewhere"); w.Code != http.StatusNotFound {
		t.Errorf("GET /elsewhere: %d", w.Code)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST /: %d", w.Code)
	}
}
