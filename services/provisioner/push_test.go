package provisioner_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"vointi.fi/services/provisioner"
)

func TestMain(m *testing.M) {
	if os.Getenv(fakeEnv) != "" {
		os.Exit(fakeGrafana())
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

func config(url string) provisioner.Config {
	return provisioner.Config{
		URL: url, Token: "secret-token",
		Sources: provisioner.Sources{ClickHouseURL: "http://127.0.0.1:8123", PrometheusURL: "http://127.0.0.1:9090"},
	}
}

func push(t *testing.T, cfg provisioner.Config) (lines string, err error) {
	t.Helper()
	var out bytes.Buffer
	err = provisioner.Push(t.Context(), cfg, &out)
	return out.String(), err
}

func TestPushIsIdempotent(t *testing.T) {
	g, url := newGrafana(t)
	lines, err := push(t, config(url))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(lines, "created") != 13 {
		t.Errorf("first push:\n%swant folder, two data sources and ten dashboards created", lines)
	}
	g.takeWrites()

	lines, err = push(t, config(url))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(lines, "unchanged") != 13 {
		t.Errorf("second push:\n%swant thirteen unchanged", lines)
	}
	if w := g.takeWrites(); len(w) != 0 {
		t.Errorf("second push wrote %v", w)
	}
}

func TestPushUpdatesWhatIsOlder(t *testing.T) {
	g, url := newGrafana(t)
	if _, err := push(t, config(url)); err != nil {
		t.Fatal(err)
	}
	// An older release left another hash, a version that is still current, and another folder title and port.
	g.mu.Lock()
	tags, _ := g.dashboards["vointi-explore"]["tags"].([]any)
	tags[len(tags)-1] = "vointi-push:1:0123456789ab"
	g.folders["vointi"] = "Old name"
	g.mu.Unlock()
	cfg := config(url)
	cfg.Sources.ClickHouseURL = "https://warehouse.example:8443"

	lines, err := push(t, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"folder      vointi               updated", "data source vointi-clickhouse    updated", "dashboard   vointi-explore       updated", "dashboard   vointi-overview      unchanged"} {
		if !strings.Contains(lines, want) {
			t.Errorf("no line %q in\n%s", want, lines)
		}
	}
	settings, _ := g.sources["vointi-clickhouse"]["jsonData"].(map[string]any)
	if settings["host"] != "warehouse.example" || settings["port"] != 8443.0 || settings["secure"] != true || settings["username"] != "vointi_reader" {
		t.Errorf("data source is %v", settings)
	}
}

func TestPushLeavesEditedDashboardsAlone(t *testing.T) {
	g, url := newGrafana(t)
	if _, err := push(t, config(url)); err != nil {
		t.Fatal(err)
	}
	g.edit("vointi-overview")

	lines, err := push(t, config(url))
	if !errors.Is(err, provisioner.ErrChanged) {
		t.Errorf("error %v, want ErrChanged", err)
	}
	if !strings.Contains(lines, "vointi-overview      edited in Grafana, left alone (--force overwrites it)") || strings.Count(lines, "unchanged") != 12 {
		t.Errorf("lines:\n%s", lines)
	}
	if g.title("vointi-overview") != "edited by hand" {
		t.Error("the edited dashboard was overwritten")
	}

	forced := config(url)
	forced.Force = true
	if lines, err = push(t, forced); err != nil {
		t.Fatalf("%v\n%s", err, lines)
	}
	if g.title("vointi-overview") != "Vointi: Overview" {
		t.Error("force did not restore the dashboard")
	}
	if lines, err = push(t, config(url)); err != nil || strings.Count(lines, "unchanged") != 13 {
		t.Errorf("after force: %v\n%s", err, lines)
	}
}

// A dashboard that somebody imported by hand was never pushed: it is not ours to overwrite.
func TestPushLeavesImportedDashboardsAlone(t *testing.T) {
	g, url := newGrafana(t)
	g.dashboards["vointi-explore"] = map[string]any{"uid": "vointi-explore", "title": "imported", "version": 1.0, "tags": []any{"vointi"}}
	if _, err := push(t, config(url)); !errors.Is(err, provisioner.ErrChanged) {
		t.Errorf("error %v, want ErrChanged", err)
	}
	if g.title("vointi-explore") != "imported" {
		t.Error("an imported dashboard was overwritten")
	}
}

func TestPushKeepsFileProvisionedSources(t *testing.T) {
	g, url := newGrafana(t)
	g.sources["vointi-clickhouse"] = map[string]any{"uid": "vointi-clickhouse", "name": "from a file", "readOnly": true}
	lines, err := push(t, config(url))
	if err != nil || !strings.Contains(lines, "vointi-clickhouse    unchanged") {
		t.Errorf("%v\n%s", err, lines)
	}
}

func TestPushTellsWhatToDo(t *testing.T) {
	unused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://user:hidden@" + unused.Addr().String()
	_ = unused.Close()
	g, url := newGrafana(t)
	cases := map[string]struct {
		cfg    provisioner.Config
		status int
		is     error
		says   []string
	}{
		"wrong token": {withToken(config(url), "other"), 0, provisioner.ErrUnauthorized, []string{"401", "service account"}},
		"forbidden":   {config(url), http.StatusForbidden, provisioner.ErrUnauthorized, []string{"403", "Admin"}},
		"nobody home": {config(nobody), 0, provisioner.ErrUnreachable, []string{"no Grafana answers", "VOINTI_GRAFANA_URL"}},
		"broken":      {config(url), http.StatusInternalServerError, nil, []string{"500"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g.mu.Lock()
			g.refuse = c.status
			g.mu.Unlock()
			lines, err := push(t, c.cfg)
			if err == nil || c.is != nil && !errors.Is(err, c.is) {
				t.Fatalf("error %v, want %v", err, c.is)
			}
			for _, want := range c.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "secret-token") {
				t.Errorf("error %q shows a secret", err)
			}
			if strings.Count(lines, "\n") != 1 {
				t.Errorf("went on after the first failure:\n%s", lines)
			}
		})
	}
}

func withToken(cfg provisioner.Config, token string) provisioner.Config {
	cfg.Token = token
	return cfg
}

func TestPushEndsWithItsContext(t *testing.T) {
	_, url := newGrafana(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := provisioner.Push(ctx, config(url), &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestValidateTellsAllFaults(t *testing.T) {
	err := provisioner.Config{URL: "grafana:3000", Sources: provisioner.Sources{ClickHouseURL: "tcp://x", PrometheusURL: "prom"}}.Validate()
	for _, want := range []string{"grafana url", "clickhouse url", "prometheus url", "token"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
	both := config("http://g:3000")
	both.User = "admin"
	if err := both.Validate(); err == nil || !strings.Contains(err.Error(), "not both") {
		t.Errorf("token and user together: %v", err)
	}
}
