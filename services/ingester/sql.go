package ingester

import (
	"embed"

	"vointi.fi/pkg/warehouse"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statement returns the text of sql/name.sql.
func statement(name string) string { return warehouse.Statement(sqlFiles, name) }
