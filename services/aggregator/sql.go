package aggregator

import (
	"embed"
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
	return warehouse.Statement(sqlFiles, name, replace...)
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
