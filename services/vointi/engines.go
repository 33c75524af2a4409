package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
)

// engines are the embedded servers of `vointi up`, and a connection to them for each part that has rights of its own.
type engines struct {
	nats       *embedded.NATS
	clickhouse *embedded.ClickHouse
	db         *warehouse.DB // full access

	publisher, participation, calendar, ingester, aggregator, eraser *stream.Conn
}

// startEngines starts both engines, and makes the streams and tables that are missing.
func startEngines(u *up) (*engines, error) {
	e := &engines{}
	for _, address := range [][2]string{{u.NATSListen, "nats-listen"}, {u.EngineListen, "clickhouse-listen"}} {
		probe, err := listen(address[0], address[1])
		if err != nil {
			return nil, err
		}
		_ = probe.Close()
	}
	var group errgroup.Group
	group.Go(func() error { return e.startNATS(u) })
	group.Go(func() error { return e.startClickHouse(u) })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := e.connect(u); err != nil {
		return nil, err
	}
	return e, e.writeClientFile(u.Data)
}

func (e *engines) startNATS(u *up) (err error) {
	e.nats, err = embedded.StartNATS(embedded.NATSConfig{Dir: filepath.Join(u.Data, "nats"), Listen: u.NATSListen}, u.log.Named("nats"))
	if err == nil {
		u.closer("nats", e.nats.Stop)
	}
	return err
}

// startClickHouse starts the engine's process. It is told nothing by the environment: a file of settings there would
// be looked for in its own folder.
func (e *engines) startClickHouse(u *up) (err error) {
	e.clickhouse, err = embedded.StartClickHouse(u.ctx, u.proc.exe, embedded.ClickHouseConfig{
		Dir: filepath.Join(u.Data, "clickhouse"), Listen: u.EngineListen, MaxMemory: uint64(u.EngineMemory) << 30,
		Env: []string{"VOINTI_CONFIG="},
	}, u.log.Named("clickhouse"))
	if err != nil {
		return err
	}
	u.stack.Push("clickhouse", func(context.Context) error { return e.clickhouse.Stop() })
	return nil
}

// connect opens the connections and brings streams and tables up to date.
func (e *engines) connect(u *up) error {
	for user, conn := range map[string]**stream.Conn{
		"publisher": &e.publisher, "participation": &e.participation, "calendar": &e.calendar, "ingester": &e.ingester, "aggregator": &e.aggregator, "eraser": &e.eraser,
	} {
		bus, err := e.bus(u, user)
		if err != nil {
			return err
		}
		*conn = bus
		u.closer("bus connection of "+user, bus.Close)
	}
	db, err := warehouse.Open(u.ctx, warehouse.Config{URL: e.clickhouse.URL()})
	if err != nil {
		return err
	}
	e.db = db
	u.closer("warehouse", func() { _ = db.Close() })
	migrator, err := e.bus(u, "migrator")
	if err != nil {
		return err
	}
	defer migrator.Close()
	return migrate(u.ctx, u.log.Named("migrate"), migrator, db, u.Streams)
}

func (e *engines) bus(u *up, user string) (*stream.Conn, error) {
	s := busSettings{URL: e.nats.URL(), User: user, Password: e.nats.Password(user)}
	return s.connect(u.ctx, u.log, user)
}

// reading is how a reading role reaches the warehouse.
func (e *engines) reading() warehouse.Config {
	return warehouse.Config{URL: e.clickhouse.RoleURL("vointi_reader")}
}

// writeClientFile writes how the operator of this instance reaches the engines; see [clientFile].
func (e *engines) writeClientFile(data string) error {
	u, err := url.Parse(e.clickhouse.URL())
	if err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintln(&text, "# Written by vointi up at each start: how commands with --data reach its engines.")
	fmt.Fprintf(&text, "nats-url: %s\n", e.nats.URL())
	fmt.Fprintf(&text, "clickhouse-url: http://%s%s\n", u.Host, u.Path)
	fmt.Fprintf(&text, "clickhouse-user: %s\n", u.User.Username())
	return os.WriteFile(filepath.Join(data, clientFile), []byte(text.String()), 0o600)
}
