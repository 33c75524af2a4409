// Package mapping says what the columns of a table mean that people have exported, and reads its cells by that. What is wrong
// with a cell is told with its row and column, and never repeated. No cell may hold a Finnish personal identity code.
package mapping

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/sheet"
)

// File says how a file is written.
type File struct {
	Encoding  string // utf-8, with a byte order mark or without, or windows-1252
	Separator string // one character, or tab; if not given, whichever of ; , and tab the first line has most of
	Sheet     string // of a workbook; its first if not given
}

// Column is a column by its header, or the same value for every row.
type Column struct {
	Column string            // the header
	Item   string            // of an answer to a questionnaire: the item's code
	Value  string            // instead of a column
	Values map[string]string // what the cells mean; case makes no difference. Without it they mean themselves
	Format string            // of times, such as d.M.yyyy H:mm
	Zone   string            // of times that name none; Europe/Helsinki if not given
}

// MaxSize of a mapping is more than any needs.
const MaxSize = 1 << 20

// UnmarshalYAML reads a column, for which its header alone will do.
func (c *Column) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		c.Column = n.Value
		return nil
	}
	type plain Column
	known := []string{"column", "item", "value", "values", "format", "zone"}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; n.Kind == yaml.MappingNode && !slices.Contains(known, key.Value) {
			return fmt.Errorf("line %d: %s is unknown; a column has %s", key.Line, key.Value, strings.Join(known, ", "))
		}
	}
	if err := n.Decode((*plain)(c)); err != nil {
		return err
	}
	lower := make(map[string]string, len(c.Values))
	for cell, value := range c.Values {
		lower[Folded(cell)] = value
	}
	if len(lower) != len(c.Values) {
		return fmt.Errorf("line %d: two of the values differ by case alone", n.Line)
	}
	if c.Values != nil {
		c.Values = lower
	}
	return nil
}

// Folded is a cell or a header as it is compared where case makes no difference.
func Folded(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) }

// Read reads a mapping from YAML into a struct, and refuses what the struct does not know. An empty text changes nothing.
func Read(text []byte, into any) error {
	if len(text) > MaxSize {
		return errors.New("mapping: larger than 1 MiB")
	}
	if err := reference.Strict(text, into); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("mapping: %w", err)
	}
	return nil
}

// format says how the file is written.
func (f File) format() (sheet.Format, error) {
	out := sheet.Format{Encoding: strings.ToLower(f.Encoding), Sheet: f.Sheet}
	switch separator := []rune(f.Separator); {
	case f.Separator == "tab":
		out.Separator = '\t'
	case len(separator) > 1 || len(separator) == 1 && strings.ContainsRune("\"\r\n\ufffd", separator[0]):
		return out, errors.New("mapping: file.separator must be one character, or tab")
	case len(separator) == 1:
		out.Separator = separator[0]
	}
	return out, nil
}
