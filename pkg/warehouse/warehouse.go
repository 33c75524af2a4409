// Package warehouse is the way to ClickHouse: one columnar INSERT a batch, statements with named parameters, numbered
// migrations, and the question whether an error is worth a retry. It retries nothing itself and logs no errors.
// It speaks ClickHouse's HTTP interface, to the embedded engine and to a server alike.
package warehouse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Config says how to reach a warehouse.
type Config struct {
	URL      string            // http://user:password@host:8123/database
	Settings map[string]string // of every statement, above the defaults
	ReadOnly bool              // leaves out settings about writing, which a reading role may not change; implied for the reading roles
	MaxConns int               // statements at once; 0: 16
	Timeout  time.Duration     // until a statement begins to answer; 0: 10 min
	Compress bool              // LZ4 both ways; worth it over a network, not over loopback
}

// DB is a warehouse. It is safe for concurrent use.
type DB struct {
	cfg  Config
	conn driver.Conn

	mu    sync.Mutex
	types map[string][]clickhouse.ColumnNameAndType // of the columns that were inserted, by statement
}

// settings go with every statement. Names of columns win over aliases, since an alias that shadows a column turns a
// filter into something else without an error; an acknowledged insert is a part on disk.
var settings = clickhouse.Settings{
	"prefer_column_name_to_alias":          1,
	"date_time_input_format":               "best_effort",
	"join_use_nulls":                       0,
	"session_timezone":                     "UTC",
	"output_format_decimal_trailing_zeros": 0,
}

// readers are the reading roles of the read model, which are users of their own everywhere.
var readers = []string{"vointi_reader", "vointi_decision", "vointi_operator"}

// writeSettings go with the statements of all others.
var writeSettings = clickhouse.Settings{
	"async_insert":           0,
	"wait_end_of_query":      1,
	"mutations_sync":         2,
	"alter_sync":             2,
	"insert_null_as_default": 0,
}

// Open checks that the warehouse answers and lets this user in.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	options, err := cfg.options()
	if err != nil {
		return nil, fmt.Errorf("open warehouse: %w", err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, fmt.Errorf("open warehouse: %w", err)
	}
	db := &DB{cfg: cfg, conn: conn, types: map[string][]clickhouse.ColumnNameAndType{}}
	if err := conn.Ping(ctx); err != nil && Code(err) != unknownDatabase { // Migrate creates the database
		return nil, errors.Join(fmt.Errorf("open warehouse %s: %w", redact(cfg.URL), err), conn.Close())
	}
	return db, nil
}

const unknownDatabase = 81

// options turns the URL and the settings into what the client wants.
func (cfg Config) options() (*clickhouse.Options, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, errors.New("the URL of the warehouse cannot be read")
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("the URL of the warehouse must be http(s)://user:password@host:port/database, not %s", redact(cfg.URL))
	}
	options := &clickhouse.Options{
		Protocol:     clickhouse.HTTP,
		Addr:         []string{u.Host},
		Auth:         clickhouse.Auth{Database: strings.Trim(u.Path, "/"), Username: u.User.Username()},
		Settings:     maps.Clone(settings),
		MaxOpenConns: max(cfg.MaxConns, 0),
		DialTimeout:  10 * time.Second,
		ReadTimeout:  cfg.Timeout,
	}
	options.Auth.Password, _ = u.User.Password()
	if u.Scheme == "https" {
		options.TLS = tlsConfig(u.Hostname())
	}
	if options.MaxOpenConns == 0 {
		options.MaxOpenConns = 16
	}
	options.MaxIdleConns = options.MaxOpenConns
	if options.ReadTimeout == 0 {
		options.ReadTimeout = 10 * time.Minute
	}
	if !cfg.ReadOnly && !slices.Contains(readers, options.Auth.Username) {
		maps.Copy(options.Settings, writeSettings)
	}
	for name, value := range cfg.Settings {
		options.Settings[name] = value
	}
	if cfg.Compress {
		options.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	}
	return options, nil
}

// redact takes the password out of a URL, to be shown.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(unreadable URL)"
	}
	return u.Redacted()
}

// Close ends the connections.
func (db *DB) Close() error { return db.conn.Close() }

// Arg is a value for a placeholder {name:Type}.
type Arg = driver.NamedValue

// Param gives a value to the placeholder {name:Type} of a statement. The value travels beside the text, so that nothing
// in it can become SQL.
func Param(name string, value any) Arg { return clickhouse.Named(name, value) }

// Exec runs a statement that returns nothing.
func (db *DB) Exec(ctx context.Context, sql string, args ...any) error {
	if err := db.conn.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("exec: %w", err)
	}
	return nil
}

// Rows is a result that is read row by row as it arrives; it need not fit into memory. Close must be called.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
	Columns() []string
}

// Query runs a statement that returns rows. Err must be looked at after the last Next: a result can break in the middle.
func (db *DB) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	ctx, cancel := context.WithCancel(ctx)
	result, err := db.conn.Query(ctx, sql, args...)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("query: %w", err)
	}
	return &rows{Rows: result, cancel: cancel}, nil
}

// rows stop the statement when they are closed before their end; the client alone would read it all to the end.
type rows struct {
	driver.Rows
	cancel context.CancelFunc
	ended  bool
	closed bool
	err    error
}

func (r *rows) Next() bool {
	if r.ended {
		return false
	}
	if r.Rows.Next() {
		return true
	}
	r.ended = true
	if r.err = r.Rows.Err(); r.err != nil {
		r.err = fmt.Errorf("query: %w", r.err)
	}
	return false
}

func (r *rows) Err() error { return r.err }

func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.cancel()
	broken := !r.ended || r.err != nil // by the cancelling, or told by Err
	r.ended = true
	if err := r.Rows.Close(); err != nil && !broken {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}
