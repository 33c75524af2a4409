package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
)

func TestMain(m *testing.M) {
	code := warehousetest.Main(m)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// table makes vointi_internal.t with columns.
func table(t *testing.T, columns string) *warehouse.DB {
	t.Helper()
	db := warehousetest.New(t)
	exec(t, db, "CREATE TABLE vointi_internal.t ("+columns+") ENGINE = MergeTree ORDER BY tuple()")
	return db
}

func exec(t *testing.T, db *warehouse.DB, sql string, args ...any) {
	t.Helper()
	if err := db.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// one reads a single value.
func one[T any](t *testing.T, db *warehouse.DB, sql string, args ...any) (value T) {
	t.Helper()
	rows, err := db.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&value); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func TestInsertAndQuery(t *testing.T) {
	db := table(t, "n UInt64, s LowCardinality(String)")
	ctx := t.Context()
	err := db.Insert(ctx, "vointi_internal.t", warehouse.Column{Name: "s", Values: []string{"a", "b"}}, warehouse.Column{Name: "n", Values: []uint64{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	if got := one[string](t, db, "SELECT s FROM vointi_internal.t WHERE n = {n:UInt64}", warehouse.Param("n", 2)); got != "b" {
		t.Error(got)
	}
	rows, err := db.Query(ctx, "SELECT n, s FROM vointi_internal.t")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if got := rows.Columns(); !slices.Equal(got, []string{"n", "s"}) {
		t.Error(got)
	}
}

func TestParams(t *testing.T) {
	db := warehousetest.New(t)
	at := time.Date(2024, 2, 29, 12, 0, 0, 123_000_000, time.UTC)
	for name, test := range map[string]struct {
		sql   string
		value any
		want  string
	}{
		"text":             {"SELECT {p:String}", "it's `a` \\ \"test\"\t\n\x00ä", "it's `a` \\ \"test\"\t\n\x00ä"},
		"sql":              {"SELECT {p:String}", "'; DROP TABLE x; --", "'; DROP TABLE x; --"},
		"number":           {"SELECT toString({p:Int64})", int64(-5), "-5"},
		"float":            {"SELECT toString({p:Float64})", 0.1, "0.1"},
		"bool":             {"SELECT toString({p:Bool})", true, "true"},
		"array of texts":   {"SELECT arrayStringConcat({p:Array(String)}, '|')", []string{"a'b", "c\\", "d\te"}, "a'b|c\\|d\te"},
		"array of numbers": {"SELECT toString(arraySum({p:Array(UInt32)}))", []uint32{1, 2, 3}, "6"},
		"no elements":      {"SELECT toString(length({p:Array(String)}))", []string{}, "0"},
		"instant":          {"SELECT toString({p:DateTime64(3, 'UTC')})", at, "2024-02-29 12:00:00.123"},
		"null":             {"SELECT toString({p:Nullable(String)} IS NULL)", nil, "1"},
		"identifier":       {"SELECT toString(count()) FROM numbers(4) WHERE {p:Identifier} > 1", "number", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := one[string](t, db, test.sql, warehouse.Param("p", test.value)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	exec(t, db, "CREATE TABLE vointi_internal.p ENGINE = Memory AS SELECT {p:String} AS s", warehouse.Param("p", "x"))
}

func TestInsertRefuses(t *testing.T) {
	db := table(t, "a UInt8, s String")
	for name, cols := range map[string][]warehouse.Column{
		"different lengths": {{Name: "a", Values: []uint8{1, 2}}, {Name: "s", Values: []string{"x"}}},
		"no slice":          {{Name: "a", Values: 1}},
		"unknown column":    {{Name: "nope", Values: []uint8{1}}},
		"wrong type":        {{Name: "a", Values: []string{"1"}}},
		"a struct":          {{Name: "a", Values: []struct{}{{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			err := db.Insert(t.Context(), "vointi_internal.t", cols...)
			if !errors.Is(err, warehouse.ErrColumns) || warehouse.IsTransient(err) {
				t.Error(err)
			}
		})
	}
	if err := db.Insert(t.Context(), "vointi_internal.t", warehouse.Column{Name: "a", Values: []uint8{}}); err != nil {
		t.Error("no rows:", err)
	}
	if err := db.Insert(t.Context(), "vointi_internal.nope"); err != nil {
		t.Error("no columns:", err)
	}
	if got := one[uint64](t, db, "SELECT count() FROM vointi_internal.t"); got != 0 {
		t.Errorf("%d rows", got)
	}
}

// TestTableChangesBetweenInserts: the remembered types of columns are asked again when they do not fit any more.
func TestTableChangesBetweenInserts(t *testing.T) {
	db := table(t, "a UInt8")
	insert := func(values any) {
		t.Helper()
		if err := db.Insert(t.Context(), "vointi_internal.t", warehouse.Column{Name: "a", Values: values}); err != nil {
			t.Fatal(err)
		}
	}
	insert([]uint8{1})
	exec(t, db, "DROP TABLE vointi_internal.t SYNC")
	exec(t, db, "CREATE TABLE vointi_internal.t (a String) ENGINE = MergeTree ORDER BY a")
	insert([]string{"x"})
	if got := one[string](t, db, "SELECT a FROM vointi_internal.t"); got != "x" {
		t.Error(got)
	}
}

func TestTransient(t *testing.T) {
	db := table(t, "a UInt8, CONSTRAINT small CHECK a < 10")
	ctx := t.Context()
	insert := func(ctx context.Context, values []uint8, into string) error {
		return db.Insert(ctx, into, warehouse.Column{Name: "a", Values: values})
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	gone, err := warehouse.Open(ctx, warehouse.Config{URL: warehousetest.Engine(t).URL()})
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	_, nobody := warehouse.Open(ctx, warehouse.Config{URL: "http://vointi:x@127.0.0.1:1/vointi"})
	_, stranger := warehouse.Open(ctx, warehouse.Config{URL: strings.Replace(warehousetest.Engine(t).URL(), "vointi:", "vointi:not", 1)})
	for name, test := range map[string]struct {
		err       error
		transient bool
	}{
		"none":             {nil, false},
		"constraint":       {insert(ctx, []uint8{11}, "vointi_internal.t"), false},
		"syntax":           {db.Exec(ctx, "SELEC 1"), false},
		"throw":            {db.Exec(ctx, "SELECT throwIf(1)"), false},
		"no table":         {insert(ctx, []uint8{1}, "vointi_internal.nope"), true},
		"memory":           {db.Exec(ctx, "SELECT groupArray(number) FROM numbers(10000000) SETTINGS max_memory_usage = 1000000"), true},
		"time":             {db.Exec(ctx, "SELECT sum(sipHash64(number)) FROM numbers(1000000000000) SETTINGS max_execution_time = 0.1"), true},
		"too many parts":   {tooManyParts(t, db), true},
		"cancelled":        {insert(cancelled, []uint8{1}, "vointi_internal.t"), true},
		"nobody there":     {nobody, true},
		"not let in":       {stranger, true},
		"unknown to us":    {errors.New("something"), true},
		"migrations":       {fmt.Errorf("x: %w", warehouse.ErrMigration), false},
		"columns":          {fmt.Errorf("x: %w", warehouse.ErrColumns), false},
		"connection ended": {gone.Exec(ctx, "SELECT 1"), true},
	} {
		t.Run(name, func(t *testing.T) {
			if name != "none" && test.err == nil {
				t.Fatal("no error")
			}
			if got := warehouse.IsTransient(test.err); got != test.transient {
				t.Errorf("%v: transient %v", test.err, got)
			}
		})
	}
}

func tooManyParts(t *testing.T, db *warehouse.DB) error {
	t.Helper()
	exec(t, db, "CREATE TABLE vointi_internal.parts (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS parts_to_throw_insert = 1, parts_to_delay_insert = 1, max_delay_to_insert = 1, min_delay_to_insert_ms = 1")
	exec(t, db, "SYSTEM STOP MERGES vointi_internal.parts")
	for range 5 {
		if err := db.Insert(t.Context(), "vointi_internal.parts", warehouse.Column{Name: "a", Values: []uint8{1}}); err != nil {
			if warehouse.Code(err) != 252 {
				t.Errorf("too many parts: %v", err)
			}
			return err
		}
	}
	return nil
}

func TestOpenRefuses(t *testing.T) {
	for _, url := range []string{"", "clickhouse://127.0.0.1:9000", "http://", "http://a b", "127.0.0.1:8123", "http://u:secret@%zz/"} {
		_, err := warehouse.Open(t.Context(), warehouse.Config{URL: url})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// TestErrorsKeepTheSecret: the password of the URL is in no error.
func TestErrorsKeepTheSecret(t *testing.T) {
	_, err := warehouse.Open(t.Context(), warehouse.Config{URL: "http://vointi:secret@127.0.0.1:1/vointi"})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// TestCloseEarly: closing a result does not read it to its end, and frees its connection.
func TestCloseEarly(t *testing.T) {
	warehousetest.New(t)
	db, err := warehouse.Open(t.Context(), warehouse.Config{URL: warehousetest.Engine(t).URL(), MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 3 {
		rows, err := db.Query(t.Context(), "SELECT number FROM numbers(1000000000000)")
		if err != nil {
			t.Fatal(err)
		}
		if !rows.Next() {
			t.Fatal(rows.Err())
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if rows.Next() || rows.Close() != nil {
			t.Error("there are rows after Close")
		}
	}
}

func TestErrorAfterRows(t *testing.T) {
	db := warehousetest.New(t)
	rows, err := db.Query(t.Context(), "SELECT throwIf(number = 2000000) FROM numbers(5000000)")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	if n == 0 || warehouse.Code(rows.Err()) != 395 {
		t.Errorf("%d rows, then %v", n, rows.Err())
	}
}

func TestReader(t *testing.T) {
	db := table(t, "a UInt8")
	exec(t, db, "CREATE VIEW vointi.test_view DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT count() AS n FROM vointi_internal.t")
	reader := warehousetest.Open(t, warehousetest.Engine(t).RoleURL("vointi_reader"))
	if got := one[uint64](t, reader, "SELECT n FROM vointi.test_view WHERE n >= {n:UInt64}", warehouse.Param("n", 0)); got != 0 {
		t.Error(got)
	}
	if err := reader.Exec(t.Context(), "SELECT * FROM vointi_internal.t"); warehouse.Code(err) != 497 {
		t.Error(err)
	}
}
