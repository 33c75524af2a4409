package warehouse

import (
	"bytes"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
)

// dictionary fills a LowCardinality(String) column. The client's own Append boxes every value and looks it up in a map of
// interfaces, at ten times the price; so its column is given the values as if a server had sent them.
func dictionary(to *column.LowCardinality, values []string) error {
	from := proto.NewLowCardinality[string](new(proto.ColStr))
	from.Values = values
	if err := from.Prepare(); err != nil {
		return err
	}
	var encoded proto.Buffer
	from.EncodeColumn(&encoded)
	return to.Decode(proto.NewReader(bytes.NewReader(encoded.Buf)), len(values))
}
