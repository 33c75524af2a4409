package service_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"vointi.fi/pkg/service"
)

func get(handler http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestAdminPages(t *testing.T) {
	var health service.Health
	admin := service.AdminHandler(service.NewRegistry(), &health)
	for path, text := range map[string]string{"/healthz": "alive", "/readyz": "ready", "/metrics": "go_goroutines"} {
		if w := get(admin, path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	health.Add("bus", func(context.Context) error { return errors.New("no server") })
	health.Add("warehouse", func(context.Context) error { return nil })
	w := get(admin, "/readyz")
	if want := `{"status":"not ready","failing":{"bus":"no server"}}`; w.Code != 503 || strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("not ready: %d %s", w.Code, w.Body)
	}
	if w := get(admin, "/healthz"); w.Code != http.StatusOK {
		t.Errorf("a process that is not ready is alive: %d", w.Code)
	}
	health.Add("bus", func(context.Context) error { return nil })
	health.Tell("feed library", func() string { return "not read yet" })
	w = get(admin, "/readyz")
	if want := `{"status":"ready","told":{"feed library":"not read yet"}}`; w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("ready again: %d %s", w.Code, w.Body)
	}
}

func TestCheckThatHangsIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var health service.Health
		release := make(chan struct{})
		health.Add("hangs", func(context.Context) error {
			<-release
			return nil
		})
		health.Add("fine", func(context.Context) error { return nil })
		report := health.Report(t.Context())
		if len(report) != 1 || report["hangs"] != "did not answer in time" {
			t.Errorf("report is %v", report)
		}
		close(release)
	})
}

func TestRegistryIsLinted(t *testing.T) {
	problems, err := testutil.GatherAndLint(service.NewRegistry())
	noErr(t, err)
	for _, p := range problems {
		if !strings.HasPrefix(p.Metric, "go_") && !strings.HasPrefix(p.Metric, "process_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
