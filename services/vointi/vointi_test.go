package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"vointi.fi/pkg/service"
	"vointi.fi/pkg/stream"
)

// result is what a process left behind.
type result struct {
	code     int
	out, err string
}

// vointi runs a process in this one.
func vointi(t *testing.T, environ []string, args ...string) result {
	t.Helper()
	return vointiReading(t, "", environ, args...)
}

// vointiReading is [vointi] with a text on standard input.
func vointiReading(t *testing.T, stdin string, environ []string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &process{
		args: args, environ: environ, stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr,
		exe: "/nowhere", now: func() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) },
	}
	code := run(t.Context(), p)
	return result{code, stdout.String(), stderr.String()}
}

func wantCode(t *testing.T, r result, code int, texts ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d: %s%s", r.code, code, r.out, r.err)
	}
	for _, text := range texts {
		if !strings.Contains(r.out+r.err, text) {
			t.Errorf("no %q in: %s%s", text, r.out, r.err)
		}
	}
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelpTeaches(t *testing.T) {
	wantCode(t, vointi(t, nil, "--help"), exitDone, "vointi up --demo", "Services, one by one", "Exit codes", "deadletters")
	wantCode(t, vointi(t, nil, "up", "--help"), exitDone, "--nats-listen", "$VOINTI_NATS_LISTEN", "Ctrl-C")
	wantCode(t, vointi(t, nil, "deadletters", "list", "--help"), exitDone, "unknown_type", "--correct-any", "30 days")
	for _, service := range []string{"gateway", "participation", "survey", "calendar", "ingester", "aggregator", "report", "provisioner"} {
		text, _, _ := strings.Cut(vointi(t, nil, service, "--help").out, "\nFlags:")
		if paragraphs := strings.Count(text, "\n\n"); paragraphs < 2 {
			t.Errorf("the help of %s says no more than its line in the list: %s", service, text)
		}
	}
	if r := vointi(t, nil, "--help"); strings.Contains(r.out, "clickhouse  ") {
		t.Error("the engine's own command is shown")
	}
}

func TestWrongUse(t *testing.T) {
	for name, test := range map[string]struct {
		environ, args []string
		want          []string
	}{
		"no command":       {want: []string{"expected one of"}},
		"unknown command":  {args: []string{"upp"}, want: []string{"upp"}},
		"unknown flag":     {args: []string{"up", "--dmeo"}, want: []string{"--dmeo"}},
		"unknown variable": {environ: []string{"VOINTI_NAST_URL=x"}, args: []string{"version"}, want: []string{"VOINTI_NAST_URL"}},
		"wrong value":      {args: []string{"up", "--stream-max-gib", "many"}, want: []string{"--stream-max-gib"}},
		"wrong variable":   {environ: []string{"VOINTI_STREAM_REPLICAS=9"}, args: []string{"migrate"}, want: []string{"stream-replicas: must be 1 to 5"}},
		"all faults at once": {
			args: []string{"ingester", "--listen", "0.0.0.0:80", "--log-level", "loud", "--clickhouse-url", "tcp://x"},
			want: []string{"http-token", "log-level", "clickhouse-url"},
		},
		"a password in the URL":  {args: []string{"ingester", "--clickhouse-url", "http://a:b@c"}, want: []string{"clickhouse-password"}},
		"file that is not there": {args: []string{"version", "--config", "/nowhere.yaml"}, want: []string{"/nowhere.yaml"}},
		"secret twice": {
			environ: []string{"VOINTI_NATS_PASSWORD=a", "VOINTI_NATS_PASSWORD_FILE=/b"}, args: []string{"gateway"},
			want: []string{"VOINTI_NATS_PASSWORD_FILE are both set"},
		},
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, vointi(t, test.environ, test.args...), exitUsage, test.want...) })
	}
}

func TestUnknownKeysOfTheFileAreRefused(t *testing.T) {
	path := writeFile(t, "vointi.yaml", "nats: {ulr: x}\nlisten: 127.0.0.1:0\nlsiten: y\n")
	wantCode(t, vointi(t, nil, "gateway", "--config", path), exitUsage, `:1: there is no setting "nats-ulr"`, `:3: there is no setting "lsiten"`)
}

func TestAFlagWinsOverTheEnvironmentAndThatOverTheFile(t *testing.T) {
	path := writeFile(t, "vointi.yaml", "nats: {url: 'nats://file:1', user: file}\nhosts: [a, b]\nlog-level: error\n")
	environ := []string{"VOINTI_NATS_USER=environ", "VOINTI_LOG_LEVEL=debug", "VOINTI_CONFIG=" + path, "HOME=/root"}
	r := vointi(t, environ, "gateway", "--print-config", "--log-level", "info")
	wantCode(t, r, exitDone, `nats-url: "nats://file:1"`, `nats-user: "environ"`, `log-level: "info"`, `hosts: ["a", "b"]`)
}

func TestSecretsComeFromFilesAndAreNotPrinted(t *testing.T) {
	path := writeFile(t, "password", "very-secret\n")
	r := vointi(t, []string{"VOINTI_NATS_PASSWORD_FILE=" + path}, "gateway", "--print-config")
	wantCode(t, r, exitDone, `nats-password: "***"`)
	if strings.Contains(r.out, "very-secret") {
		t.Error("the secret was printed")
	}
}

func TestPrintedConfigurationIsAFileThatSetsTheSame(t *testing.T) {
	for _, command := range [][]string{
		{"up"}, {"gateway"}, {"participation"}, {"survey"}, {"calendar"}, {"ingester"}, {"aggregator"}, {"report"}, {"migrate"},
	} {
		t.Run(command[0], func(t *testing.T) {
			first := vointi(t, nil, append(command, "--print-config")...)
			wantCode(t, first, exitDone)
			path := writeFile(t, "printed.yaml", first.out)
			second := vointi(t, nil, append(command, "--print-config", "--config", path)...)
			if second.out != first.out {
				t.Errorf("read again it says\n%s%s\nnot\n%s", second.out, second.err, first.out)
			}
		})
	}
}

func TestOperatorsCommandsFindTheEnginesOfUp(t *testing.T) {
	data := t.TempDir()
	for name, text := range map[string]string{
		clientFile:            "nats-url: nats://127.0.0.1:5\nclickhouse-url: http://127.0.0.1:6/vointi\nclickhouse-user: vointi\n",
		"nats/passwords.json": `{"publisher": "p", "ingester": "i"}`, "clickhouse/password": "c\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(data, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := vointi(t, []string{"VOINTI_DATA=" + data}, "reconcile", "--print-config")
	wantCode(t, r, exitDone, "nats://127.0.0.1:5", "http://127.0.0.1:6/vointi", `nats-user: "ingester"`, `nats-password: "***"`, `clickhouse-password: "***"`)
	r = vointi(t, nil, "close", "2026-10", "--data", data, "--print-config")
	wantCode(t, r, exitDone, `nats-user: "publisher"`)
	r = vointi(t, []string{"VOINTI_NATS_USER=me", "VOINTI_NATS_PASSWORD=x"}, "close", "2026-10", "--data", data, "--print-config")
	wantCode(t, r, exitDone, `nats-user: "me"`)
	r = vointi(t, nil, "gateway", "--print-config")
	if strings.Contains(r.out, "127.0.0.1:5") {
		t.Error("a service took the settings of a vointi up")
	}
}

// A person who asks for a server that is not there is told what to do.
func TestServersThatDoNotAnswer(t *testing.T) {
	empty := "--data=" + t.TempDir()
	for _, command := range [][]string{{"deadletters", "list"}, {"recompute"}} {
		r := vointi(t, nil, append(command, empty, "--clickhouse-url", "http://127.0.0.1:1/vointi")...)
		wantCode(t, r, exitFailed, "no ClickHouse answers at http://127.0.0.1:1", "--data", "--clickhouse-url")
		if strings.Contains(r.err, "async_insert") {
			t.Errorf("%v shows what it sends: %s", command, r.err)
		}
	}
}

func TestVersion(t *testing.T) { wantCode(t, vointi(t, nil, "version"), exitDone, "vointi unknown") }

func TestOneInstanceForADataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	unlock, err := lockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockFolder(dir); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("a second instance: %v", err)
	}
	unlock()
	if unlock, err = lockFolder(dir); err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestATakenPortIsNamedWithItsFlag(t *testing.T) {
	taken, err := listen("127.0.0.1:0", "listen")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	for _, flag := range []string{"listen", "nats-listen", "clickhouse-listen"} {
		args := []string{"up", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--nats-listen", "127.0.0.1:0", "--clickhouse-listen", "127.0.0.1:0"}
		r := vointi(t, nil, append(args, "--"+flag, address)...)
		wantCode(t, r, exitFailed, address+" is taken", "--"+flag)
	}
}

func TestDashboardsAreWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	wantCode(t, vointi(t, nil, "dashboards", "write", dir), exitDone, "overview.json")
	if _, err := os.Stat(filepath.Join(dir, "explore.json")); err != nil {
		t.Error(err)
	}
}

func TestParts(t *testing.T) {
	for name, test := range map[string]struct {
		end  error
		want string
	}{"fails": {io.ErrUnexpectedEOF, "part: unexpected EOF"}, "ends": {nil, "part: ended"}} {
		t.Run(name, func(t *testing.T) {
			p := newParts(t.Context(), nopLog())
			var stopped []string
			p.closer("first", func() { stopped = append(stopped, "first") })
			p.run("steady", func(ctx context.Context) error { <-ctx.Done(); stopped = append(stopped, "steady"); return nil })
			p.run("part", func(context.Context) error { return test.end })
			if err := p.wait(); err == nil || err.Error() != test.want {
				t.Errorf("ended with %v, want %s", err, test.want)
			}
			_ = p.stop()
			if strings.Join(stopped, " ") != "steady first" {
				t.Errorf("stopped %v", stopped)
			}
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		p := newParts(ctx, nopLog())
		p.run("steady", func(ctx context.Context) error { <-ctx.Done(); return nil })
		cancel()
		if err := p.wait(); err != nil {
			t.Errorf("wait says %v", err)
		}
		if err := p.stop(); err != nil {
			t.Errorf("stop says %v", err)
		}
	})
}

func TestProbe(t *testing.T) {
	p := newParts(t.Context(), nopLog())
	listener, err := listen("127.0.0.1:0", "listen")
	if err != nil {
		t.Fatal(err)
	}
	stop := p.serve(service.HTTPConfig{}, listener, http.NewServeMux())
	url := "http://" + listener.Addr().String() + "/readyz"
	wantCode(t, vointi(t, nil, "probe", url), exitDone)
	p.health.Add("bus", func(context.Context) error { return io.ErrUnexpectedEOF })
	wantCode(t, vointi(t, nil, "probe", url), exitFailed, "503", "unexpected EOF")
	if err := stop(t.Context()); err != nil {
		t.Error(err)
	}
	wantCode(t, vointi(t, nil, "probe", url), exitFailed, "refused")
}

// sizeOf is a bus whose stream has that size, or that does not answer.
type sizeOf uint64

func (s sizeOf) StreamState(context.Context, string) (stream.StreamState, error) {
	if s == 0 {
		return stream.StreamState{}, stream.ErrUnavailable
	}
	return stream.StreamState{Bytes: uint64(s), MaxBytes: 10}, nil
}

func TestStreamGauges(t *testing.T) {
	want := "# HELP vointi_stream_limit_bytes Size of the events stream at which publishers are refused.\n# TYPE vointi_stream_limit_bytes gauge\nvointi_stream_limit_bytes 10\n" +
		"# HELP vointi_stream_size_bytes Size of the events stream.\n# TYPE vointi_stream_size_bytes gauge\nvointi_stream_size_bytes 8\n"
	if err := testutil.CollectAndCompare(streamGauges{sizeOf(8)}, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if n := testutil.CollectAndCount(streamGauges{sizeOf(0)}); n != 0 {
		t.Errorf("%d figures of a bus that does not answer", n)
	}
	if problems, err := testutil.CollectAndLint(streamGauges{sizeOf(8)}); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}
