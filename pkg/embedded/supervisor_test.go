package embedded_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/warehouse/warehousetest"
)

// start runs an engine of the test's own.
func start(t *testing.T, dir string) *embedded.ClickHouse {
	t.Helper()
	e, err := embedded.StartClickHouse(t.Context(), os.Args[0], warehousetest.Config(dir), zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Stop() })
	return e
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestStartAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data of <R&D>, 'ä'")
	e := start(t, dir)
	c := admin(t, e)
	c.must("CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a")
	c.must("INSERT INTO t SELECT number FROM numbers(1000)")
	pid, password := e.PID(), e.Password()
	if err := e.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := e.Stop(); err != nil {
		t.Error("stopped twice:", err)
	}
	if alive(pid) {
		t.Error("the child is alive")
	}
	e = start(t, dir)
	if got := admin(t, e).must("SELECT count() FROM t"); got != "1000\n" {
		t.Errorf("%s rows", got)
	}
	if e.Password() != password || strings.Contains(e.RoleURL("vointi_reader"), password) {
		t.Error("the password has changed, or readers are told")
	}
	info, err := os.Stat(filepath.Join(dir, "password"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

// TestPasswordStaysHere: the child is told a hash; neither its arguments nor its environment nor its folder hold more.
func TestPasswordStaysHere(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	for _, name := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", e.PID(), name))
		if err != nil {
			t.Skip("no /proc here")
		}
		if bytes.Contains(data, []byte(e.Password())) {
			t.Errorf("%s shows the password", name)
		}
	}
	for _, name := range []string{"config.xml", "users.xml"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || bytes.Contains(data, []byte(e.Password())) {
			t.Errorf("%s shows the password: %v", name, err)
		}
	}
}

// TestKilledDuringInsert: the engine dies in the middle of an insert, is started again at the same address, has every
// acknowledged row and at most whole parts of the one that broke off.
func TestKilledDuringInsert(t *testing.T) {
	e := start(t, t.TempDir())
	c := admin(t, e)
	c.must("CREATE TABLE t (batch UInt32, a UInt32) ENGINE = MergeTree ORDER BY a")
	acknowledged := 0
	for round := range 3 {
		for range 5 {
			acknowledged++
			c.must(fmt.Sprintf("INSERT INTO t SELECT %d, number FROM numbers(1000)", acknowledged))
		}
		pid := e.PID()
		reader, writer := io.Pipe()
		result := make(chan error, 1)
		go func() { result <- insert(t.Context(), e, reader) }()
		if _, err := writer.Write([]byte(strings.Repeat("0\t1\n", 1000))); err != nil {
			t.Fatal(err)
		}
		await(t, c, "SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO t %'", 1)
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		writer.CloseWithError(io.ErrClosedPipe) // the client gives up only after its body
		if err := <-result; err == nil {
			t.Error("the broken insert was acknowledged")
		}
		got := strings.Fields(c.must("SELECT uniqExactIf(batch, batch > 0), countIf(batch > 0) FROM t"))
		if got[0] != strconv.Itoa(acknowledged) || got[1] != strconv.Itoa(acknowledged*1000) {
			t.Errorf("round %d: %s batches and %s rows of %d batches", round, got[0], got[1], acknowledged)
		}
		if e.PID() == pid || e.Restarts() != round+1 {
			t.Errorf("pid %d → %d, %d restarts", pid, e.PID(), e.Restarts())
		}
	}
}

func insert(ctx context.Context, e *embedded.ClickHouse, body io.Reader) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.Addr()+"/?query=INSERT+INTO+t+FORMAT+TSV", body)
	if err != nil {
		return err
	}
	request.SetBasicAuth(embedded.AdminUser, e.Password())
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return nil
}

// TestStopIsBounded: a running statement does not keep the engine from stopping.
func TestStopIsBounded(t *testing.T) {
	e := start(t, t.TempDir())
	pid := e.PID()
	ended := make(chan error, 1)
	go func() {
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+e.Addr()+"/", strings.NewReader("SELECT sum(sipHash64(number)) FROM numbers(1000000000000) -- endless"))
		request.SetBasicAuth(embedded.AdminUser, e.Password())
		response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
		if err == nil {
			response.Body.Close()
		}
		ended <- err
	}()
	awaitCount(t, admin(t, e), 1)
	began := time.Now()
	if err := e.Stop(); err != nil {
		t.Fatal(err)
	}
	<-ended
	if alive(pid) || time.Since(began) > 12*time.Second {
		t.Errorf("alive %v, after %v", alive(pid), time.Since(began))
	}
}

// TestChildDiesWithParent runs a parent process, kills it, and looks for its child.
func TestChildDiesWithParent(t *testing.T) {
	if dir := os.Getenv("VOINTI_TEST_PARENT"); dir != "" {
		e := start(t, dir)
		fmt.Printf("child %d\n", e.PID())
		select {} // until killed
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildDiesWithParent$")
	cmd.Env = append(os.Environ(), "VOINTI_TEST_PARENT="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscanf(out, "child %d\n", &pid); err != nil {
		t.Fatal(err)
	}
	if !alive(pid) {
		t.Fatal("there is no child")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for deadline := time.Now().Add(20 * time.Second); alive(pid); {
		if time.Now().After(deadline) {
			t.Fatal("the child outlives its parent")
		}
		syscall.Kill(pid, 0)
	}
}

func TestStartRefuses(t *testing.T) {
	for name, cfg := range map[string]embedded.ClickHouseConfig{
		"other interfaces": {Dir: t.TempDir(), Listen: "0.0.0.0:0"},
		"no address":       {Dir: t.TempDir(), Listen: "nowhere"},
		"no folder":        {Dir: "/proc/nowhere", Listen: "127.0.0.1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			if e, err := embedded.StartClickHouse(t.Context(), os.Args[0], cfg, zap.NewNop()); err == nil {
				t.Error("it started", e.Stop())
			}
		})
	}
	t.Run("no engine", func(t *testing.T) {
		cfg := embedded.ClickHouseConfig{Dir: t.TempDir(), Listen: "127.0.0.1:0", Args: []string{}}
		e, err := embedded.StartClickHouse(t.Context(), "/bin/false", cfg, zap.NewNop())
		if err == nil {
			t.Error("it started", e.Stop())
		}
	})
	t.Run("never answers, never ends", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		cfg := embedded.ClickHouseConfig{Dir: t.TempDir(), Listen: "127.0.0.1:0", Args: []string{"1000"}, StopTimeout: 100 * time.Millisecond}
		if _, err := embedded.StartClickHouse(ctx, "/bin/sleep", cfg, zap.NewNop()); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	t.Run("no library", func(t *testing.T) {
		t.Setenv(embedded.LibraryEnv, "/nowhere/libchdb.so")
		_, err := embedded.StartClickHouse(t.Context(), os.Args[0], warehousetest.Config(t.TempDir()), zap.NewNop())
		if !errors.Is(err, embedded.ErrNoLibrary) {
			t.Error(err)
		}
	})
	t.Run("given up", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := embedded.StartClickHouse(ctx, os.Args[0], warehousetest.Config(t.TempDir()), zap.NewNop()); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestServeRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":  "",
		"no json":  "x\n",
		"no hash":  `{"dir":"/tmp"}` + "\n",
		"bad hash": `{"dir":"/tmp","password_hash":"zz"}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			if err := embedded.ServeClickHouse(t.Context(), strings.NewReader(text), zap.NewNop()); err == nil {
				t.Error("it served")
			}
		})
	}
}
