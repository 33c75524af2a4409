// Package warehousetest gives tests a real ClickHouse engine: one for each test binary, in a child process that is the
// test binary itself. A package that uses it declares
//
//	func TestMain(m *testing.M) { os.Exit(warehousetest.Main(m)) }
package warehousetest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"go.uber.org/zap"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/schemas"
)

const childEnv = "VOINTI_TEST_CLICKHOUSE"

// isMain tells that a child of this test binary will be the engine.
var isMain bool

// shared is the engine of this test binary.
var shared struct {
	start  sync.Once
	use    sync.Mutex // one test at a time has the databases
	dir    string
	engine *embedded.ClickHouse
	err    error
	schema string // what all tables and views are made by after the migrations
}

// Main runs the tests and stops the engine after them; in the child process it is the engine.
func Main(m *testing.M) int {
	if os.Getenv(childEnv) != "" {
		return child()
	}
	isMain = true
	code := m.Run()
	if shared.engine != nil {
		if err := shared.engine.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop test engine:", err)
			code = max(code, 1)
		}
	}
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
	return code
}

func child() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log := zap.Must(zap.NewDevelopment(zap.IncreaseLevel(zap.WarnLevel)))
	if err := embedded.ServeClickHouse(ctx, os.Stdin, log); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Engine returns the engine of this test binary, started at the first call. The test fails if it cannot start.
func Engine(t testing.TB) *embedded.ClickHouse {
	t.Helper()
	shared.start.Do(start)
	if shared.err != nil {
		t.Fatalf("test engine: %v", shared.err)
	}
	return shared.engine
}

func start() {
	exe, err := os.Executable()
	if err != nil {
		shared.err = err
		return
	}
	if shared.dir, shared.err = os.MkdirTemp("", "vointi-clickhouse-"); shared.err != nil {
		return
	}
	if flag.Lookup("test.bench").Value.String() == "" {
		if shared.err = trustMemory(shared.dir); shared.err != nil {
			return
		}
	}
	shared.engine, shared.err = embedded.StartClickHouse(context.Background(), exe, Config(shared.dir), childLog())
}

// trustMemory spares an engine to wait for the disk, which an insert otherwise does a dozen times: tests end processes, and never
// the machine. Benchmarks measure what is shipped.
func trustMemory(dir string) error {
	const settings = "<clickhouse><merge_tree><fsync_after_insert>0</fsync_after_insert><fsync_part_directory>0</fsync_part_directory></merge_tree></clickhouse>"
	dir = filepath.Join(dir, "config.d")
	return errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "test.xml"), []byte(settings), 0o600))
}

// Config makes StartClickHouse run this test binary as the engine, over a folder, for tests that kill and restart it. It
// panics where the package has no TestMain for that: a child would run the tests, which start a child.
func Config(dir string) embedded.ClickHouseConfig {
	if !isMain {
		panic("a package that needs the test engine declares: func TestMain(m *testing.M) { os.Exit(warehousetest.Main(m)) }")
	}
	return embedded.ClickHouseConfig{Dir: dir, Listen: "127.0.0.1:0", Env: []string{childEnv + "=1"}, Args: []string{}}
}

// childLog shows what the engine says on standard error.
func childLog() *zap.Logger {
	return zap.Must(zap.NewDevelopment(zap.IncreaseLevel(zap.InfoLevel)))
}

// New returns the warehouse with all migrations applied and no data. The databases belong to the calling test until
// its end: a second New waits for it, and in the same test for ever.
func New(t testing.TB) *warehouse.DB {
	t.Helper()
	engine := take(t)
	db, server := Open(t, engine.URL()), Open(t, withoutDatabase(engine))
	if shared.schema != "" && schemaOf(t, server) == shared.schema {
		truncate(t, server)
		return db
	}
	reset(t, engine)
	if err := warehouse.Migrate(context.Background(), db, schemas.FS, zap.NewNop()); err != nil {
		t.Fatalf("test engine: %v", err)
	}
	shared.schema = schemaOf(t, server)
	return db
}

// withoutDatabase is where statements work even if there are no databases.
func withoutDatabase(engine *embedded.ClickHouse) string {
	return strings.TrimSuffix(engine.URL(), "/vointi")
}

// schemaOf is by what all tables and views are made.
func schemaOf(t testing.TB, db *warehouse.DB) string {
	t.Helper()
	return strings.Join(list(t, db, "SELECT create_table_query FROM system.tables WHERE database IN ('vointi', 'vointi_internal') ORDER BY database, name"), "\n")
}

// truncate empties every table but that of the migrations: much sooner done than to make them all anew.
func truncate(t testing.TB, db *warehouse.DB) {
	t.Helper()
	for _, table := range list(t, db, "SELECT DISTINCT concat(database, '.', table) FROM system.parts WHERE active AND database IN ('vointi', 'vointi_internal') AND table != 'migrations'") {
		if err := db.Exec(context.Background(), "TRUNCATE TABLE "+table); err != nil {
			t.Fatalf("test engine: %v", err)
		}
	}
}

func list(t testing.TB, db *warehouse.DB, sql string) (values []string) {
	t.Helper()
	err := warehouse.Each(context.Background(), db, sql, func(row func(...any) error) error {
		values = append(values, "")
		return row(&values[len(values)-1])
	})
	if err != nil {
		t.Fatalf("test engine: %v", err)
	}
	return values
}

// Empty drops the databases and gives what is left to the calling test until its end, as New does.
func Empty(t testing.TB) {
	t.Helper()
	reset(t, take(t))
}

// take waits for the databases, which then belong to the test.
func take(t testing.TB) *embedded.ClickHouse {
	t.Helper()
	engine := Engine(t)
	shared.use.Lock()
	t.Cleanup(shared.use.Unlock)
	return engine
}

// Open connects to a URL of the engine until the end of the test, also as a reading role.
func Open(t testing.TB, url string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(context.Background(), warehouse.Config{URL: url})
	if err != nil {
		t.Fatalf("test engine: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// reset drops what an earlier test left.
func reset(t testing.TB, engine *embedded.ClickHouse) {
	t.Helper()
	db := Open(t, withoutDatabase(engine))
	for _, name := range []string{"vointi", "vointi_internal"} {
		if err := db.Exec(context.Background(), "DROP DATABASE IF EXISTS "+name+" SYNC"); err != nil {
			t.Fatalf("test engine: %v", err)
		}
	}
}
