// Package streamtest gives tests a real bus: a NATS server inside the test's process, on its own port, with its files
// in the test's own directory.
package streamtest

import (
	"context"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
)

// Bus is a running server with both streams.
type Bus struct {
	// URL is where it listens.
	URL string
	// Conn is a connection to it, closed when the test ends.
	*stream.Conn

	options options
	dir     string
	port    int
	server  *server.Server
}

const (
	user     = "test"
	patience = 30 * time.Second // for machines that are busy with other tests
)

// Option changes the server or its streams before they start.
type Option func(*options)

type options struct {
	streams  stream.StreamConfig
	sync     bool
	password string
}

// MaxBytes sets the size at which the events stream is full.
func MaxBytes(n int64) Option { return func(o *options) { o.streams.MaxBytes = n } }

// Durable makes the server sync every write to disk, as the shipped configurations do. Without it tests are faster.
func Durable() Option { return func(o *options) { o.sync = true } }

// Password makes the server ask for the user "test" and this password.
func Password(password string) Option { return func(o *options) { o.password = password } }

// New starts a bus for a test or benchmark. The test fails if it cannot.
func New(t testing.TB, opts ...Option) *Bus {
	t.Helper()
	o := options{streams: stream.StreamConfig{MaxBytes: 1 << 30}}
	for _, option := range opts {
		option(&o)
	}
	bus := &Bus{options: o, dir: t.TempDir(), port: server.RANDOM_PORT}
	bus.start(t)
	bus.URL = bus.server.ClientURL()
	bus.Conn = bus.Connect(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := bus.EnsureStreams(ctx, o.streams); err != nil {
		t.Fatal(err)
	}
	return bus
}

func (b *Bus) start(t testing.TB) {
	t.Helper()
	config := &server.Options{
		ServerName: "streamtest",
		Host:       "127.0.0.1",
		Port:       b.port,
		JetStream:  true,
		StoreDir:   b.dir,
		SyncAlways: b.options.sync,
		NoLog:      true,
		NoSigs:     true,
	}
	if b.options.password != "" {
		config.Username, config.Password = user, b.options.password
	}
	s, err := server.NewServer(config)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		t.Fatal("the NATS server did not start in time")
	}
	b.server, b.port = s, s.Addr().(*net.TCPAddr).Port
	t.Cleanup(func() { stop(s) })
}

func stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

// Connect makes another connection, closed when the test ends.
func (b *Bus) Connect(t testing.TB) *stream.Conn {
	t.Helper()
	conn, err := stream.Connect(t.Context(), stream.Config{
		URL: b.URL, Name: user, User: user, Password: b.options.password, Timeout: patience,
	}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// Stop stops the server and returns when the bus's connection has noticed. The files stay.
func (b *Bus) Stop() {
	stop(b.server)
	for deadline := time.Now().Add(patience); b.Check(context.Background()) == nil && time.Now().Before(deadline); {
		runtime.Gosched()
	}
}

// Restart stops the server, if it runs, and starts it on the same port with the same files.
func (b *Bus) Restart(t testing.TB) {
	t.Helper()
	stop(b.server)
	b.start(t)
}
