package eraser

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"vointi.fi/pkg/warehouse"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statement returns the text of sql/name.sql with each $key replaced by identifiers, numbers, or other such statements.
func statement(name string, replace ...string) string {
	return warehouse.Statement(sqlFiles, name, replace...)
}

// one reads a row of one column.
func one[T any](scan func(...any) error) (v T, err error) {
	err = scan(&v)
	return v, err
}

func (e *Eraser) number(ctx context.Context, sql string) (n uint64, err error) {
	err = warehouse.Each(ctx, e.db, sql, func(scan func(...any) error) error { return scan(&n) })
	return n, err
}

func places(list []place) string {
	parts := make([]string, len(list))
	for i, p := range list {
		parts[i] = fmt.Sprintf("(%d, %d)", p.created, p.sequence)
	}
	return strings.Join(parts, ", ")
}

func uuids(ids []uuid.UUID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = "'" + id.String() + "'"
	}
	return strings.Join(parts, ", ")
}
