package warehouse_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"pgregory.net/rapid"

	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
)

func files(texts ...string) fstest.MapFS {
	list := fstest.MapFS{}
	for i := 0; i < len(texts); i += 2 {
		list["clickhouse/"+texts[i]] = &fstest.MapFile{Data: []byte(texts[i+1])}
	}
	return list
}

func TestMigrate(t *testing.T) {
	warehousetest.Empty(t)
	db := warehousetest.Open(t, warehousetest.Engine(t).URL())
	core, logs := observer.New(zapcore.InfoLevel)
	migrate := func(list fstest.MapFS) error { return warehouse.Migrate(t.Context(), db, list, zap.New(core)) }
	first := files("0001_a.sql", "-- first\nCREATE DATABASE IF NOT EXISTS vointi;\nCREATE TABLE IF NOT EXISTS vointi.a (s String DEFAULT ';') ENGINE = MergeTree ORDER BY s;\n-- end\n")
	for range 2 {
		if err := migrate(first); err != nil {
			t.Fatal(err)
		}
	}
	if n := logs.Len(); n != 1 {
		t.Errorf("applied %d times", n)
	}
	if got := one[string](t, db, "SELECT name FROM vointi_internal.migrations"); got != "0001_a.sql" {
		t.Error(got)
	}

	broken := files("0001_a.sql", string(first["clickhouse/0001_a.sql"].Data), "0002_b.sql",
		"CREATE TABLE IF NOT EXISTS vointi.b (a UInt8) ENGINE = MergeTree ORDER BY a; CREATE TABLE IF NOT EXISTS vointi.c (a Nope) ENGINE = Memory")
	err := migrate(broken)
	if warehouse.Code(err) != 50 || !strings.Contains(err.Error(), "0002_b.sql, statement 2") {
		t.Error(err)
	}
	mended := files("0001_a.sql", string(first["clickhouse/0001_a.sql"].Data), "0002_b.sql",
		"CREATE TABLE IF NOT EXISTS vointi.b (a UInt8) ENGINE = MergeTree ORDER BY a; CREATE TABLE IF NOT EXISTS vointi.c (a UInt8) ENGINE = Memory")
	if err := migrate(mended); err != nil {
		t.Error("a file that broke off begins anew:", err)
	}

	if err := migrate(files("0001_a.sql", "CREATE DATABASE vointi")); !errors.Is(err, warehouse.ErrMigration) || !strings.Contains(err.Error(), "0001_a.sql has changed") {
		t.Error(err)
	}
}

func TestMigrateRefuses(t *testing.T) {
	warehousetest.Empty(t)
	db := warehousetest.Open(t, warehousetest.Engine(t).URL())
	for name, list := range map[string]fstest.MapFS{
		"no files":    {},
		"no number":   files("a.sql", "SELECT 1"),
		"same number": files("0001_a.sql", "SELECT 1", "0001_b.sql", "SELECT 1"),
		"wrong order": files("0010_a.sql", "SELECT 1", "2_b.sql", "SELECT 1"),
	} {
		t.Run(name, func(t *testing.T) {
			if err := warehouse.Migrate(t.Context(), db, list, zap.NewNop()); !errors.Is(err, warehouse.ErrMigration) {
				t.Error(err)
			}
		})
	}
}

func TestStatements(t *testing.T) {
	for text, want := range map[string][]string{
		"":                            nil,
		" ; ;\n":                      nil,
		"-- only a comment;":          nil,
		"/* a; */ -- b;\n":            nil,
		"A;B":                         {"A", "B"},
		"A; -- c;\nB;":                {"A", "-- c;\nB"},
		"A ';' B; C":                  {"A ';' B", "C"},
		`A '\';' B; C`:                {`A '\';' B`, "C"},
		"A `;` \";\"; C":              {"A `;` \";\"", "C"},
		"'a'; 'b'":                    {"'a'", "'b'"},
		"A /* ; ' */ B":               {"A /* ; ' */ B"},
		"A - B; C":                    {"A - B", "C"},
		"A 'it''s;'; C":               {"A 'it''s;'", "C"},
		"A 'open ; ":                  {"A 'open ;"},
		"CREATE TABLE t (a Int8); ; ": {"CREATE TABLE t (a Int8)"},
	} {
		if got := warehouse.Statements(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestStatementsProperty: whole statements joined by semicolons come apart again as they were.
func TestStatementsProperty(t *testing.T) {
	piece := rapid.OneOf(
		rapid.StringMatching(`[A-Z(]{1,5}`), rapid.StringMatching(`'([a-z;"]|\\'|'')*'`), rapid.StringMatching("`[a-z;']*`"),
		rapid.StringMatching(`/\*[a-z;']*\*/`), rapid.StringMatching(`--[a-z;']*\n`),
	)
	rapid.Check(t, func(t *rapid.T) {
		var want []string
		for range rapid.IntRange(0, 5).Draw(t, "statements") {
			want = append(want, "S"+strings.Join(rapid.SliceOfN(piece, 0, 5).Draw(t, "pieces"), " ")+" E")
		}
		if got := warehouse.Statements(strings.Join(want, ";\n")); !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func FuzzStatements(f *testing.F) {
	f.Add("A; 'b;' -- c;\n/* ; */ `;`")
	f.Fuzz(func(t *testing.T, text string) {
		rest := text
		for _, s := range warehouse.Statements(text) {
			i := strings.Index(rest, s)
			if i < 0 {
				t.Fatalf("%q is not in %q", s, text)
			}
			rest = rest[i+len(s):]
		}
	})
}
