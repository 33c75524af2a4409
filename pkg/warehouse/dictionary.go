package warehouse

import (
	"bytes"
	"math"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
)

// dictionary fills a LowCardinality(String) column. The client's own Append boxes every value and looks it up in a map of
// interfaces, at twenty times the price; so its column is given the values as if a server had sent them: the words, each
// once, and for each row the number of its word.
func dictionary(to *column.LowCardinality, values []string) error {
	var words proto.ColStr
	numbers, known := make([]uint32, len(values)), map[string]uint32{}
	for i, word := range values {
		if i > 0 && word == values[i-1] { // so often that it pays not to look it up
			numbers[i] = numbers[i-1]
			continue
		}
		number, ok := known[word]
		if !ok {
			number = uint32(len(known))
			known[word] = number
			words.Append(word)
		}
		numbers[i] = number
	}
	var encoded proto.Buffer
	encoded.PutUInt64(wordsIncluded | widthFor(len(known)))
	encoded.PutInt64(int64(len(known)))
	words.EncodeColumn(&encoded)
	encoded.PutInt64(int64(len(numbers)))
	putNumbers(&encoded, widthFor(len(known)), numbers)
	return to.Decode(proto.NewReader(bytes.NewReader(encoded.Buf)), len(values))
}

// What the format calls the widths of the numbers, and the flag that the words precede them.
const (
	width8 uint64 = iota
	width16
	width32
	wordsIncluded = 1 << 9
)

func widthFor(words int) uint64 {
	switch {
	case words <= math.MaxUint8+1:
		return width8
	case words <= math.MaxUint16+1:
		return width16
	}
	return width32
}

func putNumbers(b *proto.Buffer, width uint64, numbers []uint32) {
	for _, n := range numbers {
		switch width {
		case width8:
			b.PutUInt8(uint8(n))
		case width16:
			b.PutUInt16(uint16(n))
		default:
			b.PutUInt32(n)
		}
	}
}
