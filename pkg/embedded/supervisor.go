package embedded

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
)

// ClickHouse is the embedded engine in its child process, restarted whenever it dies, until Stop.
type ClickHouse struct {
	cfg      ClickHouseConfig
	exe      string
	log      *zap.Logger
	password string
	listener *net.TCPListener // held here, so that the address outlives a child and clients wait instead of being refused
	cancel   context.CancelFunc
	done     chan struct{}
	pid      atomic.Int64
	restarts atomic.Int64
	once     sync.Once
}

// StartClickHouse starts exe as the engine's process and returns when it answers. The process ends with Stop, with ctx,
// and with this process, however that ends.
func StartClickHouse(ctx context.Context, exe string, cfg ClickHouseConfig, log *zap.Logger) (*ClickHouse, error) {
	library, err := FindLibrary()
	if err != nil {
		return nil, fmt.Errorf("start clickhouse: %w", err)
	}
	cfg = cfg.withDefaults()
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, fmt.Errorf("start clickhouse: %w", err)
	}
	cfg.Env = append(slices.Clone(cfg.Env), LibraryEnv+"="+library) // the child works in its own folder
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("start clickhouse: %w", err)
	}
	password, err := loadSecret(filepath.Join(cfg.Dir, "password"))
	if err != nil {
		return nil, fmt.Errorf("start clickhouse: %w", err)
	}
	listener, err := listenLoopback(cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("start clickhouse: %w", err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &ClickHouse{cfg: cfg, exe: exe, log: log, password: password, listener: listener, cancel: cancel, done: make(chan struct{})}
	go c.supervise(run)
	if err := c.awaitReady(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("start clickhouse: %w", err), c.Stop())
	}
	return c, nil
}

func (cfg ClickHouseConfig) withDefaults() ClickHouseConfig {
	if cfg.Listen == "" {
		cfg.Listen = "127.0.0.1:8123"
	}
	if cfg.MaxConcurrent == 0 {
		cfg.MaxConcurrent = 32
	}
	if cfg.StopTimeout == 0 {
		cfg.StopTimeout = 8 * time.Second
	}
	if cfg.Args == nil {
		cfg.Args = []string{"clickhouse"}
	}
	return cfg
}

// listenLoopback refuses any other interface: the reading roles have no password.
func listenLoopback(address string) (*net.TCPListener, error) {
	tcp, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, err
	}
	if !tcp.IP.IsLoopback() {
		return nil, fmt.Errorf("listen on %s: only loopback addresses, such as 127.0.0.1, are allowed", address)
	}
	return net.ListenTCP("tcp", tcp)
}

// Addr is the address of the HTTP interface.
func (c *ClickHouse) Addr() string { return c.listener.Addr().String() }

// Password is that of AdminUser.
func (c *ClickHouse) Password() string { return c.password }

// URL is the HTTP interface with the full-access user and database vointi.
func (c *ClickHouse) URL() string {
	u := url.URL{Scheme: "http", Host: c.Addr(), User: url.UserPassword(AdminUser, c.password), Path: "/vointi"}
	return u.String()
}

// RoleURL is the HTTP interface as a reading role.
func (c *ClickHouse) RoleURL(role string) string {
	u := url.URL{Scheme: "http", Host: c.Addr(), User: url.User(role), Path: "/vointi"}
	return u.String()
}

// PID is that of the child process that runs now, or 0.
func (c *ClickHouse) PID() int { return int(c.pid.Load()) }

// Restarts counts the times that the child died and was started again.
func (c *ClickHouse) Restarts() int { return int(c.restarts.Load()) }

// Stop ends the child process, waiting at most for StopTimeout before it is killed. It may be called again.
func (c *ClickHouse) Stop() error {
	c.cancel()
	<-c.done
	var err error
	c.once.Do(func() { err = c.listener.Close() })
	return err
}

// supervise runs the child again and again; a child that lived for a while resets the pause.
func (c *ClickHouse) supervise(ctx context.Context) {
	defer close(c.done)
	runtime.LockOSThread() // the kernel kills the child with the thread that started it
	pause := minPause
	for {
		started := time.Now()
		err := c.runChild(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(started) > maxPause {
			pause = minPause
		}
		c.log.Error("clickhouse engine died; starting it again", zap.Error(err), zap.Duration("pause", pause))
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, maxPause)
		c.restarts.Add(1)
	}
}

const (
	minPause, maxPause = 100 * time.Millisecond, 10 * time.Second
	maxFirstStarts     = 5
)

// runChild starts one child and waits for its end.
func (c *ClickHouse) runChild(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, c.exe, c.cfg.Args...)
	cmd.Env = append(os.Environ(), c.cfg.Env...)
	cmd.Dir = c.cfg.Dir
	cmd.SysProcAttr = childAttributes()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	cmd.Cancel = stdin.Close // a clean stop; WaitDelay then kills
	cmd.WaitDelay = c.cfg.StopTimeout
	file, err := c.listener.File()
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // a duplicate
	cmd.ExtraFiles = []*os.File{file}
	output, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	cmd.Stdout = nil
	if err := cmd.Start(); err != nil {
		return err
	}
	c.pid.Store(int64(cmd.Process.Pid))
	defer c.pid.Store(0)
	forwarded := make(chan struct{})
	go func() { defer close(forwarded); c.forward(output) }()
	_, err = stdin.Write(c.childConfig())
	<-forwarded
	return errors.Join(err, cmd.Wait())
}

// forward logs what the child writes, line by line.
func (c *ClickHouse) forward(output io.Reader) {
	scanner := bufio.NewScanner(output)
	scanner.Buffer(make([]byte, 64<<10), 1<<20)
	for scanner.Scan() {
		c.log.Info("clickhouse engine says", zap.String("line", scanner.Text()))
	}
	_, _ = io.Copy(io.Discard, output)
}

func (c *ClickHouse) childConfig() []byte {
	hash := sha256.Sum256([]byte(c.password))
	line, err := json.Marshal(childConfig{
		Dir: c.cfg.Dir, Inherited: true, MaxMemory: c.cfg.MaxMemory, MaxConcurrent: c.cfg.MaxConcurrent,
		PasswordHash: hex.EncodeToString(hash[:]),
	})
	if err != nil {
		return nil // cannot be: texts and numbers only
	}
	return append(line, '\n')
}

// awaitReady returns when the engine answers, or fails when it keeps dying: the folder may be another process's for a
// moment, but not for long.
func (c *ClickHouse) awaitReady(ctx context.Context) error {
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Addr()+"/ping", nil)
	if err != nil {
		return err
	}
	for {
		response, err := client.Do(request)
		if err == nil {
			_ = response.Body.Close()
			return nil
		}
		if c.Restarts() >= maxFirstStarts {
			return errors.New("the engine does not start; its last words are in the log")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
