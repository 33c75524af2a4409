package aggregator

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statement returns the text of sql/name.sql with each $key replaced. Values are identifiers or literals made by this
// package, never text from outside that is not quoted by literals.
func statement(name string, replace ...string) string {
	text, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err) // a file of this package: a programmer's mistake, met by the first test
	}
	for i := 0; i < len(replace); i += 2 {
		replace[i] = "$" + replace[i]
	}
	return strings.NewReplacer(replace...).Replace(string(text))
}

// collect runs a statement and reads its rows with scan.
func collect[T any](ctx context.Context, db *warehouse.DB, sql string, scan func(func(...any) error) (T, error)) ([]T, error) {
	var out []T
	err := each(ctx, db, sql, func(row func(...any) error) error {
		v, err := scan(row)
		out = append(out, v)
		return err
	})
	return out, err
}

// each runs a statement and hands over its rows one by one; memory stays bounded.
func each(ctx context.Context, db *warehouse.DB, sql string, row func(scan func(...any) error) error) (err error) {
	rows, err := db.Query(ctx, sql)
	if err != nil {
		return fmt.Errorf("query %s: %w", firstLine(sql), err)
	}
	defer func() {
		if cerr := rows.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("close %s: %w", firstLine(sql), cerr)
		}
	}()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("read %s: %w", firstLine(sql), err)
		}
	}
	return rows.Err()
}

func firstLine(sql string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(sql), "\n")
	return line
}

// literals returns a list of SQL string literals for IN (…); an empty list gives NULL, which matches nothing.
func literals[S ~string](values []S) string {
	if len(values) == 0 {
		return "NULL"
	}
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(string(v)))
	}
	return b.String()
}

var quoter = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func quote(s string) string { return "'" + quoter.Replace(s) + "'" }

func uuids(ids []uuid.UUID) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\'')
		b.WriteString(id.String())
		b.WriteByte('\'')
	}
	return b.String()
}

// dates lists days as an SQL list.
func dates(days []indicator.Date) string {
	quoted := make([]string, len(days))
	for i, d := range days {
		quoted[i] = quote(d.String())
	}
	return joined(quoted)
}
