package warehouse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
)

// Column is one column of an insert: a slice with a value for each row.
type Column struct {
	Name   string
	Values any
}

// ErrColumns says that the columns of an insert do not fit together: a mistake of the caller, never worth a retry.
var ErrColumns = errors.New("columns do not fit")

// Insert stores rows by one INSERT, column by column. Without rows there is no statement. nil says that all rows are on
// disk; an error that nothing is known: some partitions may have got their rows. Inserting again must therefore be
// harmless, as it is for tables that keep one of equal rows.
func (db *DB) Insert(ctx context.Context, table string, cols ...Column) error {
	rows, err := countRows(cols)
	if err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	if rows == 0 {
		return nil
	}
	if err := db.insert(ctx, table, cols, rows); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}

// countRows is also what keeps columns of different lengths from the client, which would send an empty body for them
// and report success.
func countRows(cols []Column) (int, error) {
	rows := -1
	for _, col := range cols {
		values := reflect.ValueOf(col.Values)
		if values.Kind() != reflect.Slice {
			return 0, fmt.Errorf("%w: %s is a %T, not a slice", ErrColumns, col.Name, col.Values)
		}
		if rows >= 0 && values.Len() != rows {
			return 0, fmt.Errorf("%w: %s has %d rows, the others %d", ErrColumns, col.Name, values.Len(), rows)
		}
		rows = values.Len()
	}
	return max(rows, 0), nil
}

func (db *DB) insert(ctx context.Context, table string, cols []Column, rows int) error {
	names := make([]string, len(cols))
	for i, col := range cols {
		names[i] = quoteName(col.Name)
	}
	sql := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ")"
	for {
		types, cached, err := db.columnTypes(ctx, table, sql, cols)
		if err != nil {
			return err
		}
		err = db.send(ctx, sql, types, cols, rows)
		if err != nil {
			db.forgetTypes(sql)
		}
		if cached && errors.Is(err, ErrColumns) {
			continue // the table may have changed since its types were asked; nothing was sent
		}
		return err
	}
}

// insertSettings leave it to merges to drop equal rows, which they must do anyway: to look for them row by row in every
// block that comes in costs as much as all the rest of its insert.
var insertSettings = clickhouse.Settings{"optimize_on_insert": 0}

// buffers keep the memory of one insert for the next. That of an insert that failed is not kept, since the connection may
// still be reading it.
var buffers = sync.Pool{New: func() any { return new(proto.Buffer) }}

// send makes one block and sends it.
func (db *DB) send(ctx context.Context, sql string, types []clickhouse.ColumnNameAndType, cols []Column, rows int) error {
	buffer := buffers.Get().(*proto.Buffer)
	buffer.Reset()
	if err := appendBlock(buffer, types, cols, rows); err != nil {
		return err
	}
	body, settings := buffer.Buf, insertSettings
	if db.cfg.Compress {
		var err error
		if body, err = compressed(body); err != nil {
			return err
		}
		settings = compressedSettings
	}
	err := db.conn.InsertFormat(clickhouse.Context(ctx, clickhouse.WithSettings(settings)), "Native", sql, bytes.NewReader(body))
	if err == nil {
		buffers.Put(buffer)
	}
	return err
}

// compressedSettings are insertSettings for a body in compressed frames.
var compressedSettings = clickhouse.Settings{"optimize_on_insert": 0, "decompress": 1}

func quoteName(name string) string { return "`" + strings.ReplaceAll(name, "`", "\\`") + "`" }

// columnTypes asks for the types of the columns once, since asking costs as much as a small insert.
func (db *DB) columnTypes(ctx context.Context, table, sql string, cols []Column) (types []clickhouse.ColumnNameAndType, cached bool, err error) {
	db.mu.Lock()
	types, cached = db.types[sql]
	db.mu.Unlock()
	if cached {
		return types, true, nil
	}
	known, err := db.describe(ctx, table)
	if err != nil {
		return nil, false, err
	}
	for _, col := range cols {
		t, ok := known[col.Name]
		if !ok {
			return nil, false, fmt.Errorf("%w: the table has no column %s", ErrColumns, col.Name)
		}
		types = append(types, clickhouse.ColumnNameAndType{Name: col.Name, Type: t})
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.types[sql] = types
	return types, false, nil
}

func (db *DB) describe(ctx context.Context, table string) (map[string]string, error) {
	rows, err := db.conn.Query(ctx, "DESCRIBE TABLE "+table)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	known := map[string]string{}
	for rows.Next() {
		var name, kind, other string
		if err := rows.Scan(&name, &kind, &other, &other, &other, &other, &other); err != nil {
			return nil, err
		}
		known[name] = kind
	}
	return known, rows.Err()
}

func (db *DB) forgetTypes(sql string) {
	db.mu.Lock()
	defer db.mu.Unlock()
	delete(db.types, sql)
}
