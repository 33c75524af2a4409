package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
)

// bench is one run of this program.
type bench struct {
	dir     string
	binary  string
	large   bool
	ran     map[string]string  // what go test printed, by benchmark
	refresh map[string]float64 // seconds, by world
	demo    *demoTimes
}

func newBench(large bool) (*bench, error) {
	dir, err := os.MkdirTemp("", "vointi-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, binary: filepath.Join(dir, "vointi"), large: large, ran: map[string]string{}, refresh: map[string]float64{}}
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", b.binary, "./services/vointi").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w: %s", err, out)
	}
	return b, nil
}

func (b *bench) close() { _ = os.RemoveAll(b.dir) }

// instance is a running `vointi up`.
type instance struct {
	cmd        *exec.Cmd
	data       string
	lines      []string // what it said until it was ready
	clickhouse string
	report     string
	bus        *stream.Conn
}

// up starts one on free ports with a data folder of its own and returns when it says where to look.
func (b *bench) up(ctx context.Context, name string, args ...string) (*instance, error) {
	i := &instance{data: filepath.Join(b.dir, name)}
	args = append([]string{
		"up", "--data", i.data, "--listen", "127.0.0.1:0", "--nats-listen", "127.0.0.1:0", "--clickhouse-listen", "127.0.0.1:0", "--grafana-listen", "127.0.0.1:0",
	}, args...)
	i.cmd = exec.Command(b.binary, args...)
	i.cmd.Stderr = os.Stderr
	stdout, err := i.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := i.cmd.Start(); err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = i.cmd.Process.Signal(syscall.SIGINT) })
	scanner := bufio.NewScanner(stdout)
	for scanner.Scan() && !strings.HasPrefix(scanner.Text(), "Ctrl-C") {
		i.lines = append(i.lines, scanner.Text())
		if strings.Contains(scanner.Text(), "storing: done") { // all that comes after is the rebuild
			if err := i.forgetPeaks(); err != nil {
				return nil, errors.Join(err, i.stop())
			}
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	return i, i.connect(ctx)
}

func (i *instance) connect(ctx context.Context) (err error) {
	i.report, i.clickhouse = i.find(`Report\s+(http://[0-9.:]+)/`), i.find(`ClickHouse\s+(http://[0-9.:]+)`)
	if i.report == "" {
		return errors.Join(fmt.Errorf("vointi up ended: %s", strings.Join(i.lines, " ")), i.stop())
	}
	text, err := os.ReadFile(filepath.Join(i.data, "nats", "passwords.json"))
	if err != nil {
		return err
	}
	passwords := map[string]string{}
	if err := json.Unmarshal(text, &passwords); err != nil {
		return err
	}
	i.bus, err = stream.Connect(ctx, stream.Config{
		URL: i.find(`NATS\s+(nats://[0-9.:]+)`), User: "publisher", Password: passwords["publisher"], Name: "bench",
	}, zap.NewNop())
	if err != nil {
		return err
	}
	return i.bus.Await(ctx)
}

func (i *instance) find(pattern string) string {
	match := regexp.MustCompile(pattern).FindStringSubmatch(strings.Join(i.lines, "\n"))
	if match == nil {
		return ""
	}
	return match[1]
}

func (i *instance) stop() error {
	if i.bus != nil {
		i.bus.Close()
	}
	_ = i.cmd.Process.Signal(syscall.SIGINT)
	err := i.cmd.Wait()
	return errors.Join(err, os.RemoveAll(i.data))
}

// ask runs a statement as the reader and returns its one value; 0 for none.
func (i *instance) ask(ctx context.Context, sql string) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, i.clickhouse+"/?"+url.Values{"query": {sql}, "user": {"vointi_reader"}}.Encode(), nil)
	if err != nil {
		return 0, err
	}
	text, err := fetch(request)
	if text == "" || text == `\N` || err != nil {
		return 0, err
	}
	return strconv.ParseFloat(text, 64)
}

func fetch(request *http.Request) (string, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, text)
	}
	return strings.TrimSpace(string(text)), err
}

// metric reads one series of /metrics.
func (i *instance) metric(ctx context.Context, name string) (float64, error) {
	values, err := i.metrics(ctx, name)
	if err != nil {
		return 0, err
	}
	return values[0], nil
}

// metrics reads some series of /metrics as they are at one time.
func (i *instance) metrics(ctx context.Context, names ...string) ([]float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, i.report+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	text, err := fetch(request)
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(names))
	for j, name := range names {
		match := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(text)
		if match == nil {
			return nil, fmt.Errorf("no metric %s", name)
		}
		if values[j], err = strconv.ParseFloat(match[1], 64); err != nil {
			return nil, fmt.Errorf("metric %s: %w", name, err)
		}
	}
	return values, nil
}

// until asks again until done says so.
func until(ctx context.Context, every time.Duration, done func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
