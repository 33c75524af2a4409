package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/service"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
)

// busSettings say how to reach NATS.
type busSettings struct {
	URL      string `name:"nats-url" default:"nats://127.0.0.1:4222" help:"NATS server, or several with commas between"`
	User     string `name:"nats-user" help:"user at the NATS server"`
	Password string `name:"nats-password" secret:"true" help:"the user's password"`
}

// connect makes a connection, which goes on trying until the server is there.
func (s busSettings) connect(ctx context.Context, log *zap.Logger, name string) (*stream.Conn, error) {
	return stream.Connect(ctx, stream.Config{URL: s.URL, User: s.User, Password: s.Password, Name: "vointi-" + name}, log.Named("bus"))
}

// streamSettings are what an operator decides about the streams.
type streamSettings struct {
	MaxGiB   int           `name:"stream-max-gib" default:"8" help:"size in GiB at which the events stream refuses more"`
	MaxAge   time.Duration `name:"stream-max-age" default:"720h" help:"how long the stream keeps an event"`
	Replicas int           `name:"stream-replicas" default:"1" help:"copies of each stream; 3 in a cluster"`
}

// Validate lists every fault.
func (s streamSettings) Validate() error {
	var faults service.Faults
	if s.MaxGiB < 1 {
		faults.Add("stream-max-gib", "must be at least 1")
	}
	if s.MaxAge < time.Hour {
		faults.Add("stream-max-age", "must be at least 1h")
	}
	if s.Replicas < 1 || s.Replicas > 5 {
		faults.Add("stream-replicas", "must be 1 to 5")
	}
	return faults.Err()
}

func (s streamSettings) config() stream.StreamConfig {
	return stream.StreamConfig{MaxBytes: int64(s.MaxGiB) << 30, MaxAge: s.MaxAge, Replicas: s.Replicas}
}

// warehouseSettings say how to reach ClickHouse.
type warehouseSettings struct {
	URL      string `name:"clickhouse-url" default:"http://127.0.0.1:8123/vointi" help:"ClickHouse's HTTP interface and database"`
	User     string `name:"clickhouse-user" default:"vointi" help:"user at ClickHouse"`
	Password string `name:"clickhouse-password" secret:"true" help:"the user's password"`
	Compress bool   `name:"clickhouse-compress" help:"compress what is sent; worth it over a network"`
}

// Validate lists every fault.
func (s warehouseSettings) Validate() error {
	var faults service.Faults
	if u, err := url.Parse(s.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		faults.Add("clickhouse-url", "must be such as http://127.0.0.1:8123/vointi")
	} else if u.User != nil {
		faults.Add("clickhouse-url", "must not hold a password; use clickhouse-user and clickhouse-password")
	}
	return faults.Err()
}

func (s warehouseSettings) config() warehouse.Config {
	u, err := url.Parse(s.URL)
	if err != nil {
		return warehouse.Config{URL: s.URL}
	}
	u.User = url.UserPassword(s.User, s.Password)
	return warehouse.Config{URL: u.String(), Compress: s.Compress}
}

// Code of ClickHouse for a user or password that it does not know.
const authenticationFailed = 516

// openNow opens the warehouse for a person at a terminal, who is told what to do instead of being kept waiting.
func (s warehouseSettings) openNow(ctx context.Context) (*warehouse.DB, error) {
	db, err := warehouse.Open(ctx, s.config())
	var network *net.OpError
	switch {
	case errors.As(err, &network):
		return nil, fmt.Errorf("no ClickHouse answers at %s: %w; if it is that of a vointi up, start it, and name its folder with --data; else see --clickhouse-url", s.URL, network)
	case warehouse.Code(err) == authenticationFailed:
		return nil, fmt.Errorf("ClickHouse at %s does not let in user %s: if it is that of a vointi up, name its folder with --data; else see --clickhouse-user and --clickhouse-password", s.URL, s.User)
	}
	return db, err
}

// open waits until the warehouse answers.
func (s warehouseSettings) open(ctx context.Context, log *zap.Logger) (*warehouse.DB, error) {
	return openWarehouse(ctx, log, s.config())
}

func openWarehouse(ctx context.Context, log *zap.Logger, cfg warehouse.Config) (db *warehouse.DB, err error) {
	err = patiently(ctx, log, "warehouse", warehouse.IsTransient, func() error {
		db, err = warehouse.Open(ctx, cfg)
		return err
	})
	return db, err
}

// patiently tries until it succeeds, ctx ends, or an error comes that waiting cannot mend: servers may start after us.
func patiently(ctx context.Context, log *zap.Logger, what string, transient func(error) bool, try func() error) error {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		err := try()
		if err == nil || !transient(err) {
			return err
		}
		log.Warn("waiting", zap.String("for", what), zap.Error(err))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		}
	}
}

// busTransient tells whether the bus, or somebody who makes its streams, may still come.
func busTransient(err error) bool {
	return errors.Is(err, stream.ErrUnavailable) || errors.Is(err, stream.ErrNoStream)
}
