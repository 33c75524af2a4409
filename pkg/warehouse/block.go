package warehouse

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	client "github.com/ClickHouse/clickhouse-go/v2/lib/proto"
	"github.com/google/uuid"
)

// appendBlock appends columns of so many rows as one block of ClickHouse's Native format: how many columns and rows, then
// of each column its name, its type and its values. An error wraps [ErrColumns].
func appendBlock(b *proto.Buffer, types []clickhouse.ColumnNameAndType, cols []Column, rows int) error {
	b.PutUVarInt(uint64(len(cols)))
	b.PutUVarInt(uint64(rows))
	for i, col := range cols {
		if err := appendColumn(b, types[i], col.Values); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrColumns, col.Name, err)
		}
	}
	return nil
}

// appendColumn writes straight from the caller's slice what batches consist of. The client's own columns copy every value
// into a slice of theirs first, one by one, which costs more than to make the values; so only the rarer types are theirs.
func appendColumn(b *proto.Buffer, of clickhouse.ColumnNameAndType, values any) error {
	plain := plainColumn(of.Type, values)
	if plain == nil {
		return appendByClient(b, of, values)
	}
	b.PutString(of.Name)
	b.PutString(of.Type)
	plain.EncodeColumn(b)
	return nil
}

// encoder is a column that knows its bytes.
type encoder interface{ EncodeColumn(b *proto.Buffer) }

// plainColumn returns values as a column of a type that holds just such values, nil if it is none.
func plainColumn(kind string, values any) encoder {
	switch v := values.(type) {
	case []string:
		return textColumn(kind, v)
	case []time.Time:
		return timeColumn(kind, v)
	case []uuid.UUID:
		return onlyIf(kind == "UUID", proto.ColUUID(v))
	case []bool:
		return onlyIf(kind == "Bool", proto.ColBool(v))
	case []float64:
		return onlyIf(kind == "Float64", proto.ColFloat64(v))
	case []*float64:
		return onlyIf(kind == "Nullable(Float64)", nullable(v))
	}
	return numberColumn(kind, values)
}

func numberColumn(kind string, values any) encoder {
	switch v := values.(type) {
	case []uint8:
		return onlyIf(kind == "UInt8", proto.ColUInt8(v))
	case []uint16:
		return onlyIf(kind == "UInt16", proto.ColUInt16(v))
	case []uint32:
		return onlyIf(kind == "UInt32", proto.ColUInt32(v))
	case []uint64:
		return onlyIf(kind == "UInt64", proto.ColUInt64(v))
	case []int32:
		return onlyIf(kind == "Int32", proto.ColInt32(v))
	case []int64:
		return onlyIf(kind == "Int64", proto.ColInt64(v))
	}
	return nil
}

func onlyIf(fits bool, column encoder) encoder {
	if fits {
		return column
	}
	return nil
}

func textColumn(kind string, v []string) encoder {
	switch kind {
	case "String":
		return texts(v)
	case "LowCardinality(String)":
		return words(v)
	}
	return nil
}

// timeColumn knows Date32, and DateTime64 of any precision: "DateTime64(3, 'UTC')".
func timeColumn(kind string, v []time.Time) encoder {
	if kind == "Date32" {
		return days(v)
	}
	precision, ok := strings.CutPrefix(kind, "DateTime64(")
	if !ok {
		return nil
	}
	digits, err := strconv.ParseUint(precision[:strings.IndexAny(precision, ",)")], 10, 8)
	if err != nil || !proto.Precision(digits).Valid() {
		return nil
	}
	return instants{v, proto.Precision(digits)}
}

// texts is a String column.
type texts []string

func (t texts) EncodeColumn(b *proto.Buffer) {
	for _, s := range t {
		b.PutString(s)
	}
}

// days is a Date32 column. The zero time is 1970-01-01.
type days []time.Time

func (d days) EncodeColumn(b *proto.Buffer) {
	for _, t := range d {
		b.PutInt32(int32(proto.ToDate32(t)))
	}
}

// instants is a DateTime64 column. The zero time is 1970-01-01.
type instants struct {
	times     []time.Time
	precision proto.Precision
}

func (c instants) EncodeColumn(b *proto.Buffer) {
	for _, t := range c.times {
		b.PutInt64(int64(proto.ToDateTime64(t, c.precision)))
	}
}

// nullable are numbers of which some are not there: first which, then all of them.
type nullable []*float64

func (n nullable) EncodeColumn(b *proto.Buffer) {
	for _, v := range n {
		b.PutBool(v == nil)
	}
	for _, v := range n {
		if v == nil {
			v = &nothing
		}
		b.PutFloat64(*v)
	}
}

var nothing float64

// appendByClient writes a column by the client's own means. It turns into an error what the client answers to some wrong
// types with a panic.
func appendByClient(b *proto.Buffer, of clickhouse.ColumnNameAndType, values any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%T does not fit the column: %v", values, r)
		}
	}()
	block := client.NewBlock()
	if err := block.AddColumn(of.Name, column.Type(of.Type)); err != nil {
		return err
	}
	if _, err := block.Columns[0].Append(values); err != nil {
		return err
	}
	return block.EncodeColumn(b, 0, 0)
}

// frame is how many bytes are compressed together.
const frame = 1 << 20

// compressed returns b in ClickHouse's compressed frames.
func compressed(b []byte) ([]byte, error) {
	w := compress.NewWriter(compress.LevelZero, compress.LZ4)
	var frames []byte
	for len(b) > 0 {
		n := min(frame, len(b))
		if err := w.Compress(b[:n]); err != nil {
			return nil, errors.Join(errors.New("compress"), err)
		}
		frames, b = append(frames, w.Data...), b[n:]
	}
	return frames, nil
}
