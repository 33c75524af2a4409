package warehouse

import (
	"context"
	"fmt"
	"strings"
)

// querier runs statements that return rows, as [DB] does.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
}

// Each runs a statement and hands over its rows one by one; memory stays bounded. The first error ends it, and names the first
// line of the statement.
func Each(ctx context.Context, db querier, sql string, row func(scan func(...any) error) error, args ...any) (err error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("query %s: %w", FirstLine(sql), err)
	}
	defer func() {
		if cerr := rows.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("close %s: %w", FirstLine(sql), cerr)
		}
	}()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("read %s: %w", FirstLine(sql), err)
		}
	}
	return rows.Err()
}

// Collect runs a statement and reads its rows with scan.
func Collect[T any](ctx context.Context, db querier, sql string, scan func(func(...any) error) (T, error), args ...any) ([]T, error) {
	var out []T
	err := Each(ctx, db, sql, func(row func(...any) error) error {
		v, err := scan(row)
		out = append(out, v)
		return err
	}, args...)
	return out, err
}

// FirstLine is what an error names a statement by.
func FirstLine(sql string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(sql), "\n")
	return line
}
