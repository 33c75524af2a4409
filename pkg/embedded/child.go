package embedded

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"go.uber.org/zap"
)

// ClickHouseConfig says where the embedded engine lives and what it may use.
type ClickHouseConfig struct {
	Dir           string        // the engine's folder; made if missing
	Listen        string        // loopback address of the HTTP interface; port 0: any
	MaxMemory     uint64        // bytes that the engine may use; 0: half of the machine's memory
	MaxConcurrent int           // statements of the full user at once, others wait; reading roles get half as many more; 0: 32
	StopTimeout   time.Duration // of a clean stop, then it is killed; 0: 8 s
	Env           []string      // further environment of the child process, KEY=value
	Args          []string      // arguments that make the executable run ServeClickHouse; nil: "clickhouse"
}

// childConfig is what the child process is told on its standard input: one line of JSON. What follows is silence; its
// end means that the parent is gone.
type childConfig struct {
	Dir           string `json:"dir"`
	Listen        string `json:"listen,omitempty"`
	Inherited     bool   `json:"inherited"` // file 3 is the listener
	MaxMemory     uint64 `json:"max_memory"`
	MaxConcurrent int    `json:"max_concurrent"`
	PasswordHash  string `json:"password_hash"`
}

// ServeClickHouse is the child process: it reads its configuration from stdin, boots the engine and serves the HTTP
// interface until ctx ends or stdin does. It is what `vointi clickhouse` runs; a process can run it once.
func ServeClickHouse(ctx context.Context, stdin io.Reader, log *zap.Logger) error {
	reader := bufio.NewReader(stdin)
	line, err := reader.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("clickhouse: read configuration from standard input: %w", err)
	}
	var cfg childConfig
	if err := json.Unmarshal(line, &cfg); err != nil {
		return fmt.Errorf("clickhouse: configuration: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends with the process: a read cannot be interrupted
		_, _ = io.Copy(io.Discard, reader)
		cancel()
	}()
	return cfg.serve(ctx, log)
}

func (cfg *childConfig) serve(ctx context.Context, log *zap.Logger) (err error) {
	a, err := cfg.access()
	if err != nil {
		return err
	}
	listener, err := cfg.listen()
	if err != nil {
		return fmt.Errorf("clickhouse: %w", err)
	}
	defer listener.Close() //nolint:errcheck // closed by the server already
	engine, err := cfg.open(a)
	if err != nil {
		return fmt.Errorf("clickhouse: %w", err)
	}
	front := newFront(engine, a, log, cfg.MaxConcurrent)
	server := &http.Server{
		Handler:           front,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    1 << 20,
		ErrorLog:          zap.NewStdLog(log),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	log.Info("clickhouse engine started", zap.String("version", engine.Version()), zap.Stringer("address", listener.Addr()))
	select {
	case err = <-served:
	case <-ctx.Done():
		err = stopServer(server)
	}
	front.idle.close()
	engine.Close()
	return err
}

// stopServer lets running statements end for a short while, then cuts them off.
func stopServer(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}

func (cfg *childConfig) access() (*access, error) {
	var hash [32]byte
	if n, err := hex.Decode(hash[:], []byte(cfg.PasswordHash)); err != nil || n != len(hash) {
		return nil, errors.New("clickhouse: configuration: password_hash is not a SHA-256 in hex")
	}
	return newAccess(hash, Roles()), nil
}

func (cfg *childConfig) listen() (net.Listener, error) {
	if cfg.Inherited {
		return net.FileListener(os.NewFile(3, "listener"))
	}
	return net.Listen("tcp", cfg.Listen)
}

func (cfg *childConfig) open(_ *access) (*Engine, error) {
	data := filepath.Join(cfg.Dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	file, err := writeEngineConfig(cfg.Dir, map[string]any{"Roles": Roles(), "MaxMemory": cfg.MaxMemory})
	if err != nil {
		return nil, err
	}
	return OpenEngine(data, "--config-file="+file)
}
