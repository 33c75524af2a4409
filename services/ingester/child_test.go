package ingester_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/services/ingester"
)

// childEnv holds the orders of a child process.
const childEnv = "VOINTI_TEST_INGESTER"

// orders tell an ingester process where to work and when to die.
type orders struct {
	Bus, Warehouse string
	BatchCount     int
	// KillAfter is the step after which the process kills itself, in its first batch, as nothing but kill -9 can.
	KillAfter ingester.Step
}

func isChild() bool { return os.Getenv(childEnv) != "" }

// runChild is an ingester in a process of its own. It ends by its own kill, or when its parent closes its input.
func runChild() int {
	var o orders
	if err := json.Unmarshal([]byte(os.Getenv(childEnv)), &o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		cancel()
	}()
	if err := o.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (o orders) run(ctx context.Context) error {
	conn, err := stream.Connect(ctx, stream.Config{URL: o.Bus, Name: "child"}, zap.NewNop())
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.Await(ctx); err != nil {
		return err
	}
	consumer, err := conn.Consumer(ctx, stream.ConsumerConfig{Durable: "ingester", Batch: o.BatchCount, AckWait: childAckWait})
	if err != nil {
		return err
	}
	db, err := warehouse.Open(ctx, warehouse.Config{URL: o.Warehouse})
	if err != nil {
		return err
	}
	cfg := config()
	cfg.BatchCount = o.BatchCount
	cfg.Fault = func(s ingester.Step) {
		if s == o.KillAfter {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until the signal arrives
		}
	}
	deps := ingester.Dependencies{Source: consumer, DB: db, Accounts: ingester.NewAccounts(db, conn, "ingester")}
	i, err := ingester.New(zap.NewNop(), prometheus.NewRegistry(), deps, cfg)
	if err != nil {
		return err
	}
	return i.Run(ctx)
}

// childAckWait is how long the messages of a killed process are missing.
const childAckWait = time.Second

// process is an ingester process.
type process struct {
	*exec.Cmd
	input interface{ Close() error }
	words *strings.Builder
}

func (s *system) process(o orders) *process {
	s.Helper()
	text, err := json.Marshal(o)
	s.must(err)
	exe, err := os.Executable()
	s.must(err)
	p := &process{Cmd: exec.Command(exe, "-test.run=^$"), words: &strings.Builder{}}
	p.Env = append(os.Environ(), childEnv+"="+string(text))
	p.Stderr = p.words
	p.input, err = p.StdinPipe()
	s.must(err)
	s.must(p.Start())
	s.Cleanup(func() { _ = p.Process.Kill() })
	return p
}

// died waits for a process that kills itself.
func (p *process) died(t testing.TB) {
	t.Helper()
	err := p.Wait()
	if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the process was to kill itself, but ended with %v\n%s", err, p.words)
	}
}

// stopped tells a process to stop, and waits.
func (p *process) stopped(t testing.TB) {
	t.Helper()
	_ = p.input.Close()
	if err := p.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, p.words)
	}
}
