package ingester

import (
	"embed"
	"strings"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statement returns the text of sql/name.sql.
func statement(name string) string {
	text, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err) // a file of this package: a programmer's mistake, met by the first test
	}
	return strings.TrimSpace(string(text))
}
