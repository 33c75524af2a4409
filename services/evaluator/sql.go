package evaluator

import (
	"embed"
	"strings"

	"vointi.fi/pkg/warehouse"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statement returns the text of sql/name.sql.
func statement(name string) string { return warehouse.Statement(sqlFiles, name) }

// separator stands between the codes of a list: no code contains a control character.
const separator = "\x1F"

// list is a parameter that a statement takes apart.
func list(name string, values []string) warehouse.Arg {
	return warehouse.Param(name, strings.Join(values, separator))
}
