package provisioner_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"
	"go.uber.org/zap/zaptest/observer"

	"vointi.fi/services/provisioner"
)

const (
	// fakeEnv makes this test binary behave as a grafana executable: what it names is how.
	fakeEnv = "VOINTI_TEST_FAKE_GRAFANA"
	// pluginEnv is the address to which the process of a plugin connects, for as long as it lives.
	pluginEnv = "VOINTI_TEST_PLUGIN_CALLS"
)

// fakeGrafana answers on the address that the environment names, as grafana does.
func fakeGrafana() int {
	how := os.Getenv(fakeEnv)
	switch how {
	case "fails":
		fmt.Fprintln(os.Stderr, "no database")
		return 1
	case "plugin":
		return fakePlugin()
	case "stubborn":
		plugin := exec.Command(os.Args[0])
		plugin.Env = append(os.Environ(), fakeEnv+"=plugin")
		if err := plugin.Start(); err != nil {
			return 1
		}
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		address := os.Getenv("GF_SERVER_HTTP_ADDR") + ":" + os.Getenv("GF_SERVER_HTTP_PORT")
		http.HandleFunc("/api/health", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"database":"ok"}`) })
		http.HandleFunc("/provisioned", func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, filepath.Join(os.Getenv("GF_PATHS_PROVISIONING"), "datasources", "vointi.yaml"))
		})
		fmt.Fprintln(os.Stderr, http.ListenAndServe(address, nil))
	}()
	<-stop
	if how == "stubborn" {
		select {}
	}
	return 0
}

// fakePlugin is a child of the fake that does not end by itself.
func fakePlugin() int {
	c, err := net.Dial("tcp", os.Getenv(pluginEnv))
	if err != nil {
		return 1
	}
	_, _ = io.Copy(io.Discard, c) // the other side sends nothing
	return 0
}

// installation makes a folder that looks like an unpacked Grafana.
func installation(t *testing.T, how string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(exe, filepath.Join(home, "bin", "grafana")); err != nil {
		t.Fatal(err)
	}
	t.Setenv(fakeEnv, how)
	return home
}

func local(t *testing.T, home string) provisioner.LocalConfig {
	return provisioner.LocalConfig{
		Home: home, Dir: t.TempDir(), Listen: "127.0.0.1:0",
		Sources: provisioner.Sources{ClickHouseURL: "http://127.0.0.1:8123"},
	}
}

func TestStartGrafanaProvisionsAndStops(t *testing.T) {
	g, err := provisioner.StartGrafana(t.Context(), zaptest.NewLogger(t), local(t, installation(t, "well")))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(g.URL() + "/provisioned")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("provisioning files: %s", answer.Status)
	}
	if err := errors.Join(g.Stop(), g.Stop()); err != nil {
		t.Error(err)
	}
	select {
	case <-g.Done():
	default:
		t.Error("Stop returned before the process had ended")
	}
}

// Without its plugin Grafana would show empty panels and say nothing that helps.
func TestStartGrafanaMissesThePlugin(t *testing.T) {
	for name, installed := range map[string]bool{"missing": false, "installed": true} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GF_PATHS_PLUGINS", "")
			cfg := local(t, installation(t, "well"))
			if installed {
				if err := os.MkdirAll(filepath.Join(cfg.Home, "data", "plugins", "grafana-clickhouse-datasource"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			core, logs := observer.New(zap.WarnLevel)
			g, err := provisioner.StartGrafana(t.Context(), zap.New(core), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Stop(); err != nil {
				t.Error(err)
			}
			if warned := logs.FilterFieldKey("command").Len() > 0; warned == installed {
				t.Errorf("warned %v", warned)
			}
		})
	}
}

func TestGrafanaEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g, err := provisioner.StartGrafana(ctx, zaptest.NewLogger(t), local(t, installation(t, "well")))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	<-g.Done()
}

func TestStopKillsWhatDoesNotEnd(t *testing.T) {
	calls, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer calls.Close()
	t.Setenv(pluginEnv, calls.Addr().String())
	cfg := local(t, installation(t, "stubborn"))
	cfg.StopTimeout = 50 * time.Millisecond
	g, err := provisioner.StartGrafana(t.Context(), zaptest.NewLogger(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	plugin, err := calls.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer plugin.Close()
	if err := g.Stop(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("error %v", err)
	}
	_, _ = io.Copy(io.Discard, plugin) // returns when the plugin has ended, too
}

func TestStartGrafanaTellsWhatIsWrong(t *testing.T) {
	t.Run("it ends at once", func(t *testing.T) {
		_, err := provisioner.StartGrafana(t.Context(), zaptest.NewLogger(t), local(t, installation(t, "fails")))
		if err == nil || !strings.Contains(err.Error(), "grafana.log") {
			t.Errorf("error %v does not name the log", err)
		}
	})
	t.Run("none is installed", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if _, err := provisioner.StartGrafana(t.Context(), zaptest.NewLogger(t), local(t, "")); !errors.Is(err, provisioner.ErrNoGrafana) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("the home is empty", func(t *testing.T) {
		_, err := provisioner.StartGrafana(t.Context(), zaptest.NewLogger(t), local(t, t.TempDir()))
		if !errors.Is(err, provisioner.ErrNoGrafana) || !strings.Contains(err.Error(), provisioner.HomeEnv) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("not on loopback", func(t *testing.T) {
		cfg := local(t, installation(t, "well"))
		cfg.Listen = "0.0.0.0:0"
		if _, err := provisioner.StartGrafana(t.Context(), zaptest.NewLogger(t), cfg); err == nil || !strings.Contains(err.Error(), "loopback") {
			t.Errorf("error %v", err)
		}
	})
}
