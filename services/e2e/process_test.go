package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var build struct {
	once sync.Once
	path string
	err  error
}

// plain builds the program without the race detector, for one test.
func plain(t *testing.T) {
	t.Helper()
	binary(t)
	if !slices.Contains(buildFlags, "-race") {
		return
	}
	path := filepath.Join(t.TempDir(), "vointi")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", path, "vointi.fi/services/vointi").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	raced := build.path
	build.path = path
	t.Cleanup(func() { build.path = raced })
}

var buildFlags = []string{"-buildvcs=false"}

// binary builds the program once for all tests.
func binary(t *testing.T) string {
	t.Helper()
	build.once.Do(func() {
		dir, err := os.MkdirTemp("", "vointi-e2e-")
		if err != nil {
			build.err = err
			return
		}
		build.path = filepath.Join(dir, "vointi")
		args := slices.Concat([]string{"build"}, buildFlags, []string{"-o", build.path, "vointi.fi/services/vointi"})
		out, err := exec.Command("go", args...).CombinedOutput()
		if err != nil {
			build.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if build.err != nil {
		t.Fatal(build.err)
	}
	return build.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if build.path != "" {
		_ = os.RemoveAll(filepath.Dir(build.path))
	}
	os.Exit(code)
}

// instance is a running `vointi up`.
type instance struct {
	t      *testing.T
	cmd    *exec.Cmd
	ended  chan struct{} // closed when the process has ended
	stderr strings.Builder

	mu     sync.Mutex
	said   *sync.Cond // after each line, and at the end
	lines  []string
	silent bool // there will be no more lines

	report, clickhouse, nats string // URLs
}

// up starts `vointi up` on free ports and returns when it says where to look.
func up(t *testing.T, data string, args ...string) *instance {
	t.Helper()
	i := start(t, data, args...)
	i.await("Ctrl-C")
	i.report = i.find(`Report\s+(http://[0-9.:]+)/`)
	i.clickhouse = i.find(`ClickHouse\s+(http://[0-9.:]+)`)
	i.nats = i.find(`NATS\s+(nats://[0-9.:]+)`)
	return i
}

// start starts it and does not wait.
func start(t *testing.T, data string, args ...string) *instance {
	t.Helper()
	args = append([]string{
		"up", "--data", data, "--listen", "127.0.0.1:0", "--nats-listen", "127.0.0.1:0", "--clickhouse-listen", "127.0.0.1:0",
		"--grafana-listen", "127.0.0.1:0",
	}, args...)
	i := &instance{t: t, cmd: exec.Command(binary(t), args...), ended: make(chan struct{})}
	i.said = sync.NewCond(&i.mu)
	i.cmd.Dir = root(t) // the engine's library is found from here
	i.cmd.Stderr = &i.stderr
	stdout, err := i.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := i.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go i.read(stdout)
	t.Cleanup(func() {
		_ = i.cmd.Process.Kill()
		<-i.ended
	})
	return i
}

// read collects what the process says until it ends.
func (i *instance) read(stdout io.Reader) {
	defer close(i.ended)
	scanner := bufio.NewScanner(stdout)
	for scanner.Scan() {
		i.mu.Lock()
		i.lines = append(i.lines, scanner.Text())
		i.mu.Unlock()
		i.said.Broadcast()
	}
	i.mu.Lock()
	i.silent = true
	i.mu.Unlock()
	i.said.Broadcast()
	_ = i.cmd.Wait()
}

// await returns when the process has said a line that holds text.
func (i *instance) await(text string) {
	i.t.Helper()
	defer time.AfterFunc(5*time.Minute, func() { _ = i.cmd.Process.Kill() }).Stop()
	i.mu.Lock()
	defer i.mu.Unlock()
	for !slices.ContainsFunc(i.lines, func(line string) bool { return strings.Contains(line, text) }) {
		if i.silent {
			<-i.ended
			i.t.Fatalf("vointi up ended before it said %q:\n%s\n%s", text, strings.Join(i.lines, "\n"), i.stderr.String())
		}
		i.said.Wait()
	}
}

func (i *instance) output() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return strings.Join(i.lines, "\n")
}

func (i *instance) find(pattern string) string {
	i.t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(i.output())
	if match == nil {
		i.t.Fatalf("no %s in:\n%s", pattern, i.output())
	}
	return match[1]
}

// interrupt presses Ctrl-C and waits for a clean end within the ten seconds that are promised.
func (i *instance) interrupt() {
	i.t.Helper()
	if err := i.cmd.Process.Signal(syscall.SIGINT); err != nil {
		i.t.Fatal(err)
	}
	select {
	case <-i.ended:
	case <-time.After(10 * time.Second):
		i.t.Fatalf("still running 10 s after Ctrl-C:\n%s", i.output())
	}
	if code := i.cmd.ProcessState.ExitCode(); code != 0 {
		i.t.Errorf("ended with %d after Ctrl-C: %s", code, i.stderr.String())
	}
}

// post sends one event and wants 202.
func (i *instance) post(body string) {
	i.t.Helper()
	response, err := http.Post(i.report+"/v1/events", "application/cloudevents+json", strings.NewReader(body))
	if err != nil {
		i.t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusAccepted {
		i.t.Fatalf("POST /v1/events: %s %s", response.Status, text)
	}
}

// get returns status and text of a page.
func (i *instance) get(path string) (int, string) {
	i.t.Helper()
	response, err := http.Get(i.report + path)
	if err != nil {
		i.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		i.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// ask runs a statement as a user over ClickHouse's HTTP interface.
func (i *instance) ask(user, sql string) (string, error) {
	request, err := http.NewRequestWithContext(i.t.Context(), http.MethodPost, i.clickhouse+"/?"+url.Values{"query": {sql}}.Encode(), nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("X-ClickHouse-User", user)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(strings.TrimSpace(string(text)))
	}
	return strings.TrimSpace(string(text)), err
}

// eventually asks until the answer is the one wanted.
func (i *instance) eventually(sql, want string) {
	i.t.Helper()
	i.until(fmt.Sprintf("%s: %q", sql, want), func() (string, bool) {
		got, err := i.ask("vointi_reader", sql)
		return fmt.Sprintf("%q %v", got, err), err == nil && got == want
	})
}

// until looks until what it sees will do.
func (i *instance) until(what string, look func() (seen string, enough bool)) {
	i.t.Helper()
	ctx, cancel := context.WithTimeout(i.t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		seen, enough := look()
		if enough {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			i.t.Fatalf("%s; there is %s\n%s", what, seen, i.stderr.String())
		}
	}
}

// command runs another command of the program to its end.
func (i *instance) command(args ...string) (string, int) {
	i.t.Helper()
	cmd := exec.CommandContext(i.t.Context(), binary(i.t), args...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		i.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}
