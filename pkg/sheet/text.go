package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// text is a CSV file.
type text struct {
	reader *csv.Reader
	size   int64
	open   bool // it ends without the end of a line
	cells  int  // of the first row
}

func openText(content []byte, f Format) (source, error) {
	content, err := Decode(content, f.Encoding)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord = -1
	if r.Comma = f.Separator; r.Comma == 0 {
		r.Comma = Separator(content)
	}
	return &text{reader: r, size: int64(len(content)), open: !bytes.HasSuffix(content, []byte("\n"))}, nil
}

// Decode returns the text in UTF-8 without byte order mark, which counts more than the encoding that is told: whoever writes one
// knows.
func Decode(content []byte, encoding string) ([]byte, error) {
	if !slices.Contains(append(Encodings(), ""), encoding) {
		return nil, fmt.Errorf("encoding %q is not known; there are %s", encoding, strings.Join(Encodings(), ", "))
	}
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) || bytes.IndexByte(content, 0) >= 0 {
		return nil, errors.New("is in UTF-16; save it as CSV UTF-8")
	}
	content, marked := bytes.CutPrefix(content, []byte("\ufeff"))
	if encoding == Windows1252 && !marked {
		return charmap.Windows1252.NewDecoder().Bytes(content)
	}
	if !utf8.Valid(content) {
		return nil, fmt.Errorf("line %d is not UTF-8; save it as CSV UTF-8, or if it comes from an older Excel and a mapping says what it means, put there file: {encoding: %s}",
			lineOfFault(content), Windows1252)
	}
	return content, nil
}

func lineOfFault(content []byte) int {
	line := 1
	for part := range bytes.Lines(content) {
		if !utf8.Valid(part) {
			break
		}
		line++
	}
	return line
}

// Separator returns the candidate that the first line has most of outside quotes; a comma if it has none.
func Separator(content []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, c := range string(content[:min(len(content), 1<<16)]) {
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[c]++
		}
	}
	best := ','
	for _, c := range []rune{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// next refuses a last row that has lost its end: a file that was cut off would else bring half an answer for a whole one.
func (t *text) next() (cells []string, row int, err error) {
	cells, err = t.reader.Read()
	if err != nil {
		return nil, 0, err
	}
	row, _ = t.reader.FieldPos(0)
	if t.cells == 0 {
		t.cells = len(cells)
	}
	if t.open && t.reader.InputOffset() == t.size && len(cells) < t.cells {
		return nil, 0, fmt.Errorf("it ends in the middle of row %d, as if it was cut off", row)
	}
	return cells, row, nil
}

func (*text) date(float64) (time.Time, bool) { return time.Time{}, false }

func (*text) close() error { return nil }
