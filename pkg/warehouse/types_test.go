package warehouse_test

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
)

// columnTypes are the types in use in schemas/clickhouse, each with a value for row i and a place to scan into.
var columnTypes = map[string]func(i int) any{
	"String":                              func(i int) any { return strings.Repeat("ä\x00'", i%5) },
	"LowCardinality(String)":              func(i int) any { return fmt.Sprint("v", i%70_000) },
	"UUID":                                func(i int) any { return uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(i >> 8)}) },
	"Bool":                                func(i int) any { return i%3 == 0 },
	"UInt8":                               func(i int) any { return uint8(i) },
	"UInt16":                              func(i int) any { return uint16(i) },
	"UInt32":                              func(i int) any { return uint32(i * 31) },
	"UInt64":                              func(i int) any { return math.MaxUint64 - uint64(i) },
	"Int8":                                func(i int) any { return int8(i) },
	"Int32":                               func(i int) any { return int32(-i) },
	"Int64":                               func(i int) any { return int64(math.MinInt64 + i) },
	"Float64":                             func(i int) any { return float64(i) / 3 },
	"Date32":                              func(i int) any { return day.AddDate(0, 0, i%20000) },
	"Date":                                func(i int) any { return day.AddDate(0, 0, i%20000) },
	"DateTime('UTC')":                     func(i int) any { return day.Add(time.Duration(i) * time.Second) },
	"DateTime64(3, 'UTC')":                func(i int) any { return day.Add(time.Duration(i) * time.Millisecond) },
	"DateTime64(9, 'UTC')":                func(i int) any { return day.Add(time.Duration(i)) },
	"Enum8('a' = 0, 'b' = 1)":             func(i int) any { return string("ab"[i%2]) },
	"Array(String)":                       func(i int) any { return make([]string, i%4) },
	"Array(LowCardinality(String))":       func(i int) any { return []string{"x", fmt.Sprint(i % 7)}[:i%3] },
	"Array(UInt64)":                       func(i int) any { return []uint64{1, 2, uint64(i)}[:i%4] },
	"Array(UInt32)":                       func(i int) any { return []uint32{1, uint32(i)}[:i%3] },
	"Array(Bool)":                         func(i int) any { return []bool{true, i%2 == 0}[:i%3] },
	"Array(Nullable(Float64))":            func(i int) any { x := float64(i) / 7; return []*float64{&x, nil}[:i%3] },
	"Nullable(Date32)":                    func(i int) any { return pointerTo(i, day.AddDate(0, 0, i)) },
	"Array(UUID)":                         func(i int) any { return []uuid.UUID{uuid.Nil, uuid.NewSHA1(uuid.Nil, []byte{byte(i)})}[:i%3] },
	"Map(String, String)":                 func(i int) any { return map[string]string{"fi": fmt.Sprint(i)} },
	"Map(LowCardinality(String), String)": func(i int) any { return map[string]string{"fi": "a", "sv": fmt.Sprint(i)} },
	"Map(LowCardinality(String), Int32)":  func(i int) any { return map[string]int32{"q1": int32(i), "q2": -1} },
	"Nullable(Bool)":                      func(i int) any { return pointerTo(i, i%2 == 0) },
	"Nullable(UInt8)":                     func(i int) any { return pointerTo(i, uint8(i)) },
	"Nullable(UInt32)":                    func(i int) any { return pointerTo(i, uint32(i)) },
	"Nullable(Int64)":                     func(i int) any { return pointerTo(i, int64(-i)) },
	"Nullable(Float64)":                   func(i int) any { return pointerTo(i, float64(i)/7) },
	"LowCardinality(Nullable(String))":    func(i int) any { return pointerTo(i, fmt.Sprint(i%9)) },
	"Array(Tuple(sex String, n UInt32))": func(i int) any {
		return []map[string]any{{"sex": "1", "n": uint32(i)}, {"sex": "2", "n": uint32(7)}}[:i%3]
	},
	"Array(Tuple(hierarchy String, area String))": func(i int) any {
		return []map[string]any{{"hierarchy": "h", "area": fmt.Sprint("KU", i)}}[:i%2]
	},
	"Array(Tuple(id String, area String, age_group String, n UInt32, sampled UInt32))": func(i int) any {
		return []map[string]any{{"id": "a", "area": "KU305", "age_group": "18-64", "n": uint32(i), "sampled": uint32(3)}}[:i%2]
	},
	"Array(Tuple(age_scheme String, age_group String, n UInt32))": func(i int) any {
		return []map[string]any{{"age_scheme": "eviva3", "age_group": "0-17", "n": uint32(i)}}[:i%2]
	},
}

var day = time.Date(1971, 2, 3, 0, 0, 0, 0, time.UTC)

func pointerTo[T any](i int, v T) any {
	if i%5 == 0 {
		return (*T)(nil)
	}
	return &v
}

// TestEveryTypeInUseIsTested reads the types out of the migrated tables.
func TestEveryTypeInUseIsTested(t *testing.T) {
	db := warehousetest.New(t)
	rows, err := db.Query(t.Context(), "SELECT DISTINCT type FROM system.columns WHERE database = 'vointi_internal' AND NOT startsWith(type, 'AggregateFunction')")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "Enum8(") {
			continue // all alike
		}
		if columnTypes[name] == nil {
			t.Errorf("no round trip of %s", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestRoundTrip(t *testing.T) {
	db := warehousetest.New(t)
	compressed, err := warehouse.Open(t.Context(), warehouse.Config{URL: warehousetest.Engine(t).URL(), Compress: true})
	if err != nil {
		t.Fatal(err)
	}
	defer compressed.Close()
	for name, test := range map[string]struct {
		db   *warehouse.DB
		rows int
	}{
		"no rows":              {db, 0},
		"one row":              {db, 1},
		"100 000 rows":         {db, 100_000 / slower},
		"3 000, both ways lz4": {compressed, 3_000 / slower},
	} {
		t.Run(name, func(t *testing.T) { roundTrip(t, test.db, test.rows) })
	}
}

// roundTrip stores and reads back a table with a column of each type.
func roundTrip(t *testing.T, db *warehouse.DB, rows int) {
	t.Helper()
	ctx := t.Context()
	kinds := slices.Sorted(maps.Keys(columnTypes))
	create := "CREATE TABLE vointi_internal.t (i UInt32"
	numbers := make([]uint32, rows)
	for i := range numbers {
		numbers[i] = uint32(i)
	}
	columns, dest := []warehouse.Column{{Name: "i", Values: numbers}}, []any{new(uint32)}
	for _, kind := range kinds {
		create += ", `" + kind + "` " + kind
		values := reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(columnTypes[kind](1))), rows, rows)
		for i := range rows {
			values.Index(i).Set(reflect.ValueOf(columnTypes[kind](i)))
		}
		columns = append(columns, warehouse.Column{Name: kind, Values: values.Interface()})
		dest = append(dest, reflect.New(values.Type().Elem()).Interface())
	}
	for _, sql := range []string{"DROP TABLE IF EXISTS vointi_internal.t", create + ") ENGINE = MergeTree ORDER BY i"} {
		if err := db.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Insert(ctx, "vointi_internal.t", columns...); err != nil {
		t.Fatal(err)
	}
	result, err := db.Query(ctx, "SELECT * FROM vointi_internal.t ORDER BY i")
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	n := 0
	for ; result.Next(); n++ {
		if err := result.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		for c, kind := range kinds {
			if n > 5000 && n%17 != 0 {
				break // comparing costs more than the rest
			}
			if want, got := columnTypes[kind](n), reflect.ValueOf(dest[c+1]).Elem().Interface(); !same(want, got) {
				t.Fatalf("%s, row %d of %d: got %v, want %v", kind, n, rows, got, want)
			}
		}
	}
	if err := result.Err(); err != nil {
		t.Fatal(err)
	}
	if n != rows {
		t.Fatalf("%d rows of %d", n, rows)
	}
}

func same(want, got any) bool {
	if a, ok := want.(time.Time); ok {
		return a.Equal(got.(time.Time))
	}
	if v := reflect.ValueOf(want); v.Kind() == reflect.Slice && v.Len() == 0 {
		return reflect.ValueOf(got).Len() == 0
	}
	return reflect.DeepEqual(want, got)
}
