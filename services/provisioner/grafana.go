package provisioner

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"

	"vointi.fi/dashboards"
)

// HomeEnv names the folder of a Grafana installation, when there is no grafana on the PATH.
const HomeEnv = "VOINTI_GRAFANA_HOME"

// ErrNoGrafana says that there is no Grafana to start, and what to do about it.
var ErrNoGrafana = errors.New("no grafana found: install Grafana so that `grafana` is on the PATH, or set " + HomeEnv +
	" to an unpacked Grafana, or set VOINTI_GRAFANA_URL to one that runs; until then the report shows the indicators")

// LocalConfig says how to start a Grafana of one's own.
type LocalConfig struct {
	Home    string // installation folder; "" looks for grafana on the PATH
	Dir     string // its database, logs and provisioning files
	Listen  string // "" is 127.0.0.1:3000; port 0 takes a free one
	Sources Sources
	// StartTimeout bounds the time until it answers, 0 is 60 s; StopTimeout the time to stop, 0 is 8 s.
	StartTimeout, StopTimeout time.Duration
}

// Grafana is a Grafana that this process started.
type Grafana struct {
	url     string
	command *exec.Cmd
	timeout time.Duration
	done    chan struct{} // closed when the process has ended
	err     error         // how it ended; read after done
	stop    sync.Once
	output  *os.File
}

// StartGrafana starts the grafana of cfg.Home or of the PATH with file provisioning and returns once it answers. Viewers
// need no password: it listens on loopback. The process ends with Stop, or when ctx ends. ErrNoGrafana if there is none.
func StartGrafana(ctx context.Context, log *zap.Logger, cfg LocalConfig) (*Grafana, error) {
	exe, home, err := findGrafana(cfg.Home)
	if err != nil {
		return nil, err
	}
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, fmt.Errorf("start grafana: %w", err)
	}
	if err := Write(cfg.Dir, cfg.Sources); err != nil {
		return nil, fmt.Errorf("start grafana: %w", err)
	}
	address, err := address(ctx, cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("start grafana: %w", err)
	}
	g := &Grafana{url: "http://" + address.String(), timeout: cfg.StopTimeout, done: make(chan struct{})}
	if g.timeout == 0 {
		g.timeout = 8 * time.Second
	}
	if g.output, err = os.Create(filepath.Join(cfg.Dir, "grafana.log")); err != nil {
		return nil, fmt.Errorf("start grafana: %w", err)
	}
	plugins, found := pluginFolder(home, cfg.Dir)
	if !found {
		log.Warn("grafana has no clickhouse plugin: the dashboards stay empty until it is installed",
			zap.String("command", exe+" cli --pluginsDir "+plugins+" plugins install "+dashboards.ClickHouseType))
	}
	if err := g.start(exe, home, environment(cfg.Dir, plugins, address)); err != nil {
		return nil, fmt.Errorf("start grafana: %w", err)
	}
	context.AfterFunc(ctx, func() { _ = g.Stop() })
	if err := g.await(ctx, cfg.StartTimeout); err != nil {
		return nil, errors.Join(fmt.Errorf("start grafana: %w", err), g.Stop())
	}
	log.Info("grafana started", zap.String("url", g.url), zap.String("executable", exe))
	return g, nil
}

// findGrafana returns the executable and, if it is not the PATH's, its home.
func findGrafana(home string) (exe, homePath string, err error) {
	if home != "" {
		exe = filepath.Join(home, "bin", "grafana")
		if info, err := os.Stat(exe); err != nil || info.IsDir() {
			return "", "", fmt.Errorf("%s is %s, but there is no bin/grafana in it: %w", HomeEnv, home, ErrNoGrafana)
		}
		return exe, home, nil
	}
	if exe, err = exec.LookPath("grafana"); err != nil {
		return "", "", ErrNoGrafana
	}
	return exe, systemHome(), nil
}

// systemHome is where packages put Grafana's own files; "" lets grafana look for itself.
func systemHome() string {
	const home = "/usr/share/grafana"
	if _, err := os.Stat(filepath.Join(home, "conf", "defaults.ini")); err != nil {
		return ""
	}
	return home
}

// address turns port 0 into a free port: Grafana cannot tell which it took.
func address(ctx context.Context, listen string) (*net.TCPAddr, error) {
	if listen == "" {
		listen = "127.0.0.1:3000"
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("%w; is another Grafana running there?", err)
	}
	defer l.Close()
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok || !a.IP.IsLoopback() {
		return nil, fmt.Errorf("listen address %s: a Grafana without passwords listens on loopback only", listen)
	}
	return a, nil
}

// pluginFolder is where the ClickHouse plugin is installed: where the environment says, in the installation, where packages
// put plugins, or in our own folder; that one if it is nowhere.
func pluginFolder(home, dir string) (folder string, found bool) {
	own := filepath.Join(dir, "plugins")
	for _, folder := range []string{os.Getenv("GF_PATHS_PLUGINS"), filepath.Join(home, "data", "plugins"), "/var/lib/grafana/plugins", own} {
		if info, err := os.Stat(filepath.Join(folder, dashboards.ClickHouseType)); err == nil && info.IsDir() {
			return folder, true
		}
	}
	return own, false
}

func (g *Grafana) start(exe, home string, environment []string) error {
	args := []string{"server"}
	if home != "" {
		args = append(args, "--homepath", home)
	}
	g.command = exec.Command(exe, args...)
	g.command.Env = append(os.Environ(), environment...)
	g.command.Stdout, g.command.Stderr = g.output, g.output
	g.command.SysProcAttr = ownGroup() // Ctrl-C reaches us, and we stop it in our order
	if err := g.command.Start(); err != nil {
		return errors.Join(err, g.output.Close())
	}
	go func() {
		g.err = g.command.Wait()
		_ = g.output.Close()
		close(g.done)
	}()
	return nil
}

// environment keeps all that Grafana writes inside dir, keeps it from calling home and from installing plugins of its own
// choice, and leaves no way in but the viewer's: its first administrator would have a password that everybody knows.
func environment(dir, plugins string, address *net.TCPAddr) []string {
	return []string{
		"GF_PATHS_PLUGINS=" + plugins,
		"GF_PATHS_DATA=" + filepath.Join(dir, "data"),
		"GF_PATHS_LOGS=" + filepath.Join(dir, "logs"),
		"GF_PATHS_PROVISIONING=" + filepath.Join(dir, "provisioning"),
		"GF_SERVER_HTTP_ADDR=" + address.IP.String(),
		fmt.Sprintf("GF_SERVER_HTTP_PORT=%d", address.Port),
		"GF_AUTH_ANONYMOUS_ENABLED=true",
		"GF_AUTH_ANONYMOUS_ORG_ROLE=Viewer",
		"GF_AUTH_DISABLE_LOGIN_FORM=true",
		"GF_AUTH_BASIC_ENABLED=false",
		"GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION=true",
		"GF_SNAPSHOTS_ENABLED=false",
		"GF_PLUGINS_PREINSTALL_DISABLED=true",
		"GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED=true",
		"GF_ANALYTICS_REPORTING_ENABLED=false",
		"GF_ANALYTICS_CHECK_FOR_UPDATES=false",
		"GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES=false",
		"GF_NEWS_NEWS_FEED_ENABLED=false",
		"GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH=" + filepath.Join(dir, dashboardsPath, "overview.fi.json"),
	}
}

// await asks for its health until it answers, ends or takes too long.
func (g *Grafana) await(ctx context.Context, timeout time.Duration) error {
	if timeout == 0 {
		timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if g.healthy(ctx) {
			return nil
		}
		select {
		case <-g.done:
			return fmt.Errorf("it ended at once (%w); see %s", g.err, g.output.Name())
		case <-ctx.Done():
			return fmt.Errorf("it did not answer within %s; see %s", timeout, g.output.Name())
		case <-tick.C:
		}
	}
}

func (g *Grafana) healthy(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, g.url+"/api/health", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// URL is where it answers.
func (g *Grafana) URL() string { return g.url }

// Done is closed when the process has ended, for whatever reason.
func (g *Grafana) Done() <-chan struct{} { return g.done }

// Stop asks the process to end, and kills it, and the plugins that it started, when it takes longer than the stop timeout.
// It may be called again and returns once the process has ended.
func (g *Grafana) Stop() error {
	var err error
	g.stop.Do(func() {
		_ = g.command.Process.Signal(syscall.SIGTERM)
		select {
		case <-g.done:
		case <-time.After(g.timeout):
			err = fmt.Errorf("stop grafana: it did not end within %s and was killed", g.timeout)
			_ = killGroup(g.command.Process)
		}
	})
	<-g.done
	return err
}
