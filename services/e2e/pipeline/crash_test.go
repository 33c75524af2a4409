package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/aggregator"
)

// dieAt names the step after which a doomed aggregator process is killed; dieOn where its warehouse is, dieWhen its clock.
const (
	dieAt   = "VOINTI_TEST_AGGREGATOR_DIES_AT"
	dieOn   = "VOINTI_TEST_WAREHOUSE"
	dieWhen = "VOINTI_TEST_CLOCK"
)

// runDoomed refreshes once, as a process of its own, and is killed in the middle.
func runDoomed(step string) int {
	ctx := context.Background()
	db, err := warehouse.Open(ctx, warehouse.Config{URL: os.Getenv(dieOn)})
	if err != nil {
		return complain(err)
	}
	now, err := time.Parse(time.RFC3339, os.Getenv(dieWhen))
	if err != nil {
		return complain(err)
	}
	cfg, err := aggregatorConfig()
	if err != nil {
		return complain(err)
	}
	cfg.Clock = func() time.Time { return now }
	cfg.Crash = func(at string) {
		if at == step {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	a, err := aggregator.New(zap.NewNop(), prometheus.NewRegistry(), db, nil, cfg)
	if err != nil {
		return complain(err)
	}
	if err := a.Step(ctx); err != nil {
		return complain(err)
	}
	return complain(errors.New("it was not killed at " + step))
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// doom runs an aggregator process that is killed at the step.
func (p *pipeline) doom(step string) {
	p.Helper()
	exe, err := os.Executable()
	p.must(err)
	cmd := exec.CommandContext(p.Context(), exe)
	cmd.Env = append(os.Environ(), dieAt+"="+step, dieOn+"="+warehousetest.Engine(p).URL(), dieWhen+"="+p.now.Format(time.RFC3339))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		p.Fatalf("killed at %s: %v %s", step, err, out)
	}
}

// TestKilledInsideRefresh kills the aggregator at each boundary between two effects of a refresh, of a rebuild and of a
// publication. The next one must find its way: cells as a naive account says, and equal to recompute from zero.
func TestKilledInsideRefresh(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	m := newModel()
	for i, step := range []string{
		"swap sessions", "publication log", "journal", "apply sessions", "apply person_visits", "apply cells", "publication log",
		"apply beaten",
	} {
		t.Run(fmt.Sprint(i, " ", step), func(*testing.T) {
			batch := p.crashBatch(i, step)
			m.add(batch...)
			p.ingest(batch...)
			p.doom(step)
			p.restartAggregator()
			p.must(p.agg.Step(p.Context()))
			p.agrees(t, m)
			p.verify()
			p.must(p.agg.Step(p.Context()))
		})
	}
}

// crashBatch is a crowd and some visits of the first days of March, and for the last steps also corrections of earlier ones.
func (p *pipeline) crashBatch(i int, step string) []*event.Event {
	batch := p.crowd(fmt.Sprintf("P%d", i), i%3, 20) // enough people to be shown, so that there is something to publish
	for j, person := range stormPeople {
		c := fixtureCheckin(person, 1950+10*j)
		c.SessionID = fmt.Sprintf("C%d", i)
		c.CheckedInAt = c.CheckedInAt.AddDate(0, 0, i%3+j)
		batch = append(batch, p.event(event.CheckinRecorded, fmt.Sprintf("x%d-%d", i, j), c.CheckedInAt, c))
	}
	if step == "apply beaten" {
		moved := fixtureCheckin(stormPeople[1], 1960)
		moved.SessionID, moved.Original = "elsewhere", &event.Ref{Source: emitter, ID: "x1-1"}
		batch = append(batch, p.event(event.CheckinCorrected, "moved", moved.CheckedInAt.AddDate(0, 0, 9), moved))
	}
	return batch
}

// TestMergesBeginAgain: while a rebuild publishes, publications are not merged. They are when it is done, when one that was killed is
// followed by another, and at the next step when the engine could not be told so at once.
func TestMergesBeginAgain(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.ingest(p.crowd("P", 0, 20)...)
	p.doom("publication log")
	merged := func(after string, want bool) {
		t.Helper()
		for _, table := range []string{"publications", "publication_log"} {
			p.must(p.db.Exec(p.Context(), "INSERT INTO vointi_internal."+table+" (indicator) VALUES ('none')")) // to have something to merge
			if err := p.db.Exec(p.Context(), "OPTIMIZE TABLE vointi_internal."+table+" FINAL"); (err == nil) != want {
				t.Errorf("%s after %s: %v", table, after, err)
			}
		}
	}
	merged("a death", false)
	p.restartAggregator()
	p.must(p.agg.Step(p.Context()))
	merged("a new beginning", true)
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	merged("a rebuild", true)

	engine, err := url.Parse(warehousetest.Engine(p).URL())
	p.must(err)
	var lost atomic.Bool
	way := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: engine.Scheme, Host: engine.Host})
	between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || lost.Load() && bytes.Contains(body, []byte("START MERGES")) {
			http.Error(w, "lost on the way", http.StatusBadGateway)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if lost.Load() && bytes.Contains(body, []byte("STOP MERGES")) {
			way.ServeHTTP(httptest.NewRecorder(), r)
			http.Error(w, "the answer was lost", http.StatusBadGateway)
			return
		}
		way.ServeHTTP(w, r)
	}))
	t.Cleanup(between.Close)
	engine.Host = strings.TrimPrefix(between.URL, "http://")
	p.db, err = warehouse.Open(p.Context(), warehouse.Config{URL: engine.String()})
	p.must(err)
	p.restartAggregator()
	p.must(p.agg.Step(p.Context()))
	lost.Store(true)
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	merged("what was lost on the way", false)
	p.restartAggregator()
	p.must(p.agg.Step(p.Context()))
	merged("a beginning of which that was lost, too", false)
	lost.Store(false)
	p.must(p.agg.Step(p.Context()))
	merged("the next step", true)
}
