package warehouse

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
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
	if err := db.insert(ctx, table, cols); err != nil {
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

func (db *DB) insert(ctx context.Context, table string, cols []Column) error {
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
		err = db.send(ctx, sql, types, cols)
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

// send fills one block and sends it.
func (db *DB) send(ctx context.Context, sql string, types []clickhouse.ColumnNameAndType, cols []Column) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithColumnNamesAndTypes(types), clickhouse.WithSettings(insertSettings))
	batch, err := db.conn.PrepareBatch(ctx, sql)
	if err != nil {
		return err
	}
	defer batch.Close() //nolint:errcheck // frees the connection; Send has told what matters
	columns := batch.Columns()
	for i, col := range cols {
		if err := appendValues(columns[i], col.Values); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrColumns, col.Name, err)
		}
	}
	return batch.Send()
}

// appendValues turns into an error what the client answers to some wrong types with a panic.
func appendValues(to column.Interface, values any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%T does not fit the column: %v", values, r)
		}
	}()
	if dict, ok := to.(*column.LowCardinality); ok && dict.Type() == "LowCardinality(String)" {
		if texts, ok := values.([]string); ok {
			return dictionary(dict, texts)
		}
	}
	_, err = to.Append(values)
	return err
}

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
