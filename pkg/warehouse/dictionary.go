package warehouse

import (
	"math"

	"github.com/ClickHouse/ch-go/proto"
)

// words is a LowCardinality(String) column: the words, each once, and for each row the number of its word.
type words []string

// EncodeColumn writes the version of the format, the words, and the numbers. The client's own column boxes every value and
// looks it up in a map of interfaces, at twenty times the price.
func (w words) EncodeColumn(b *proto.Buffer) {
	b.PutInt64(sharedDictionaries)
	if len(w) == 0 {
		return
	}
	var dictionary texts
	numbers, known := make([]uint32, len(w)), map[string]uint32{}
	for i, word := range w {
		if i > 0 && word == w[i-1] { // so often that it pays not to look it up
			numbers[i] = numbers[i-1]
			continue
		}
		number, ok := known[word]
		if !ok {
			number = uint32(len(known))
			known[word] = number
			dictionary = append(dictionary, word)
		}
		numbers[i] = number
	}
	width := widthFor(len(known))
	b.PutUInt64(wordsIncluded | width)
	b.PutInt64(int64(len(known)))
	dictionary.EncodeColumn(b)
	b.PutInt64(int64(len(numbers)))
	putNumbers(b, width, numbers)
}

// What the format calls the version of its dictionaries.
const sharedDictionaries = 1

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
