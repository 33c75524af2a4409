// Package schemas embeds the contracts: event schemas with their examples, reference lists, migrations and the indicator
// catalogue. They are plain files, so that other people's services can use them without this code.
package schemas

import "embed"

//go:generate go run ./gen .

// FS holds events/, updates/, reference/, clickhouse/, indicators/ and programmes/.
//
//go:embed all:events all:updates all:reference all:clickhouse all:indicators all:programmes
var FS embed.FS
