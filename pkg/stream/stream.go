// Package stream is the bus: publishing events onto NATS JetStream and consuming them with explicit acks. It is the
// only package that knows the NATS client.
//
// What a publisher is told is true: a nil error means that the event is on disk in the stream; any other answer means
// that it may not be, and that publishing it again is right and harmless, since identity decides duplicates.
//
// What becomes of a message that was fetched is one of three outcomes:
//
//   - ack: it is dealt with for good, and never comes again ([Consumer.Ack]);
//   - retry: it could not be dealt with now, and comes again after a delay ([Consumer.Retry]);
//   - reject: it can never be stored. The one who rejects keeps it first, with its reason, where an operator finds it
//     (a dead letter), and then acks it. The bus has no call for that: nothing is dropped by the bus.
//
// A message with no outcome comes again when its AckWait is over, so a crash at any point is a retry.
package stream

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

// The streams, and what their subjects begin with.
const (
	Events  = "VOINTI_EVENTS"  // what services say; the ingester's input
	Updates = "VOINTI_UPDATES" // what the pipeline itself tells the world; never ingested
	State   = "VOINTI_STATE"   // what services that emit must remember: the last record of each key

	EventsPrefix  = "vointi.events."
	UpdatesPrefix = "vointi.updates."
	StatePrefix   = "vointi.state."
	nudgePrefix   = "vointi.nudge." // in no stream: nobody needs a nudge that is over
)

// Config says how to reach the bus.
type Config struct {
	// URL of a server, or several with commas between them.
	URL string
	// User and Password, if the server asks for them; they may stand in the URL instead. A user hears answers under
	// _INBOX.<user>. only, so that the server can keep users from listening to each other.
	User, Password string
	// Name tells the server's operator which process this is.
	Name string
	// Timeout bounds every wait for the server's answer; 10 s when zero.
	Timeout time.Duration
}

// Conn is one connection to the bus, safe for concurrent use. It reconnects for ever; meanwhile everything that needs
// the server answers [ErrUnavailable] at once, and nothing is kept back to be sent later, so that an error means what
// it says.
type Conn struct {
	log     *zap.Logger
	nats    *nats.Conn
	js      jetstream.JetStream
	timeout time.Duration
	name    string
	pub     *Publisher
	failure atomic.Pointer[error] // why the last attempt to connect failed
}

// Connect makes a connection. A server that is not there yet is no error: the connection goes on trying, and
// [Conn.Check] says whether it has succeeded. The errors are those that trying cannot mend, such as an unreadable URL.
func Connect(ctx context.Context, cfg Config, log *zap.Logger) (*Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("connect to the bus: %w", err)
	}
	if cfg.URL == "" {
		return nil, errors.New("connect to the bus: no URL; set one such as nats://127.0.0.1:4222")
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	c := &Conn{log: log, timeout: cfg.Timeout, name: cfg.Name}
	var err error
	if c.nats, err = nats.Connect(cfg.URL, c.options(cfg)...); err != nil {
		return nil, fmt.Errorf("connect to the bus: %w", err)
	}
	if c.js, err = jetstream.New(c.nats, jetstream.WithDefaultTimeout(cfg.Timeout)); err != nil {
		c.nats.Close()
		return nil, fmt.Errorf("connect to the bus: %w", err)
	}
	c.pub = newPublisher(c)
	return c, nil
}

func (c *Conn) options(cfg Config) []nats.Option {
	options := []nats.Option{
		nats.Name(cfg.Name),
		nats.Timeout(cfg.Timeout),
		nats.PingInterval(10 * time.Second),
		nats.MaxReconnects(-1),
		nats.RetryOnFailedConnect(true),
		nats.IgnoreAuthErrorAbort(), // a password may be mended on the server while we wait
		nats.ReconnectBufSize(-1),   // no publishing behind the caller's back after an outage
		nats.CustomReconnectDelay(reconnectDelay),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { c.failed("bus not reachable", err) }),
		nats.DisconnectErrHandler(func(nc *nats.Conn, err error) {
			if !nc.IsClosed() {
				c.failed("bus connection lost", err)
			}
		}),
		nats.ConnectHandler(c.connected),
		nats.ReconnectHandler(c.connected),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { c.log.Error("bus refused", zap.Error(err)) }),
	}
	if cfg.User != "" {
		options = append(options, nats.UserInfo(cfg.User, cfg.Password))
	}
	if user := cfg.user(); user != "" {
		options = append(options, nats.CustomInboxPrefix("_INBOX."+user))
	}
	return options
}

func (c *Conn) failed(message string, err error) {
	if err != nil {
		c.failure.Store(&err)
	}
	c.log.Warn(message, zap.Error(err))
}

func (c *Conn) connected(nc *nats.Conn) {
	c.log.Info("bus connected", zap.String("url", nc.ConnectedUrlRedacted()))
}

// user is the name the server knows this connection by, if any.
func (cfg Config) user() string {
	if cfg.User != "" {
		return cfg.User
	}
	first, _, _ := strings.Cut(cfg.URL, ",")
	u, err := url.Parse(first)
	if err != nil || u.User == nil {
		return ""
	}
	return u.User.Username()
}

// reconnectDelay grows to two seconds, with a random part so that not all clients of a restarted server come at once.
func reconnectDelay(attempts int) time.Duration {
	delay := min(100*time.Millisecond<<min(attempts, 5), 2*time.Second)
	return delay/2 + rand.N(delay/2)
}

// Check tells why the bus cannot be used now, or nil.
func (c *Conn) Check(context.Context) error {
	if c.nats.IsConnected() {
		return nil
	}
	return c.unavailable()
}

// Await waits until the connection stands or ctx ends.
func (c *Conn) Await(ctx context.Context) error {
	if c.nats.IsConnected() {
		return nil
	}
	changes := c.nats.StatusChanged(nats.CONNECTED)
	defer c.nats.RemoveStatusListener(changes)
	if c.nats.IsConnected() { // since it was asked above
		return nil
	}
	select {
	case <-changes:
		return nil
	case <-ctx.Done():
		return errors.Join(c.unavailable(), ctx.Err())
	}
}

func (c *Conn) unavailable() error {
	cause := c.nats.LastError() // nil while an attempt is under way
	if failure := c.failure.Load(); cause == nil && failure != nil {
		cause = *failure
	}
	if cause == nil {
		cause = errors.New(c.nats.Status().String())
	}
	if errors.Is(cause, nats.ErrAuthorization) { // which the client spells in two ways
		return fmt.Errorf("%w: the server refuses the user or the password: %w; set those that it knows", ErrUnavailable, cause)
	}
	return fmt.Errorf("%w: %w; see that the server runs and that URL, user and password are right", ErrUnavailable, cause)
}

// Publisher returns the connection's publisher.
func (c *Conn) Publisher() *Publisher { return c.pub }

// Close ends the connection. What has not been answered by then has failed.
func (c *Conn) Close() { c.nats.Close() }

// bounded returns ctx with the configured timeout, unless its own deadline is nearer.
func (c *Conn) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.timeout)
}
