package embedded

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// transcode rewrites a chunk of Native blocks from revision 0, which the engine writes, to the revision that the client
// speaks. The columns' bytes are the same in both: newer revisions only put block info in front of a block and a byte
// for the kind of serialization in front of a column. So columns are measured and copied; those of a type that cannot
// be measured are decoded and encoded.
//
// The result is appended to out, whose memory is used again for the next chunk.
func transcode(out, chunk []byte, revision uint64) ([]byte, error) {
	for len(chunk) > 0 {
		block, rest, err := copyBlock(out, chunk, revision)
		if errors.Is(err, errUnmeasured) {
			tail, err := recode(chunk, revision)
			return append(out, tail...), err
		}
		if err != nil {
			return nil, fmt.Errorf("transcode native block: %w", err)
		}
		out, chunk = block, rest
	}
	return out, nil
}

// blockInfo is: field 1, is_overflows = 0; field 2, bucket_num = -1; end.
var blockInfo = []byte{1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0}

// copyBlock appends one block to out and returns what follows it.
func copyBlock(out, data []byte, revision uint64) (block, rest []byte, err error) {
	if revision > 0 {
		out = append(out, blockInfo...)
	}
	r := measure{data: data}
	columns, rows := r.uvarint(), r.uvarint()
	out = append(out, data[:r.at]...)
	for range columns {
		start := r.at
		r.skip(r.uvarint()) // name
		name := r.bytes(r.uvarint())
		if r.err != nil {
			break
		}
		out = append(out, data[start:r.at]...)
		if revision >= proto.DBMS_MIN_REVISION_WITH_CUSTOM_SERIALIZATION {
			out = append(out, 0)
		}
		start = r.at
		if rows > 0 {
			t := columnType(string(name))
			t.prefix(&r)
			t.data(&r, rows)
		}
		if r.err != nil {
			break
		}
		out = append(out, data[start:r.at]...)
	}
	return out, data[r.at:], r.err
}

// recode decodes every block of a chunk and encodes it again.
func recode(chunk []byte, revision uint64) ([]byte, error) {
	reader, buffer := chproto.NewReader(bytes.NewReader(chunk)), new(chproto.Buffer)
	for {
		block := proto.Block{ServerContext: &column.ServerContext{}}
		err := block.Decode(reader, 0)
		if errors.Is(err, io.EOF) && len(block.Columns) == 0 {
			return buffer.Buf, nil
		}
		if err == nil {
			err = block.Encode(buffer, revision)
		}
		if err != nil {
			return nil, fmt.Errorf("transcode native block: %w", err)
		}
	}
}

// measure walks over encoded data; the first error stays.
type measure struct {
	data []byte
	at   int
	err  error
}

var (
	errShort      = errors.New("it ends too early")
	errUnmeasured = errors.New("a type of unknown size")
)

func (m *measure) bytes(n uint64) []byte {
	if m.err != nil || n > uint64(len(m.data)-m.at) {
		m.fail(errShort)
		return nil
	}
	start := m.at
	m.at += int(n)
	return m.data[start:m.at]
}

func (m *measure) skip(n uint64) { m.bytes(n) }

// skipMany skips n pieces of one size.
func (m *measure) skipMany(n, size uint64) {
	if n > uint64(len(m.data)) { // also keeps the product from overflowing
		m.fail(errShort)
		return
	}
	m.skip(n * size)
}

func (m *measure) fail(err error) {
	if m.err == nil {
		m.err = err
	}
}

func (m *measure) uvarint() uint64 {
	if m.err != nil {
		return 0
	}
	value, n := binary.Uvarint(m.data[m.at:])
	if n <= 0 {
		m.fail(errShort)
		return 0
	}
	m.at += n
	return value
}

func (m *measure) uint64() uint64 {
	if b := m.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// strings skips n texts, each with its length in front.
func (m *measure) strings(n uint64) {
	for ; n > 0 && m.err == nil; n-- {
		m.skip(m.uvarint())
	}
}
