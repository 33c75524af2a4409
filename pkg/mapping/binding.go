package mapping

import (
	"errors"
	"fmt"
	"io"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/sheet"
)

// Binding is a mapping held against the header of a file: where its columns stand.
type Binding struct {
	Header  []string
	places  map[string]int
	twice   map[string]bool // headers that stand twice
	at      map[*Column]int
	missing map[string]bool // cells that mean nothing
}

// Bind looks at a header. Cells that are empty or one of the words of missing mean nothing.
func Bind(header, missing []string) (*Binding, error) {
	b := &Binding{Header: header, places: map[string]int{}, twice: map[string]bool{}, at: map[*Column]int{}, missing: map[string]bool{"": true}}
	for i, name := range header {
		if event.HoldsPersonalCode([]byte(name)) {
			return nil, fmt.Errorf("the header of column %d holds a Finnish personal identity code", i+1)
		}
		if _, twice := b.places[name]; twice && name != "" {
			b.twice[name] = true
		}
		b.places[name] = i
	}
	for _, word := range missing {
		b.missing[Folded(word)] = true
	}
	return b, nil
}

// Has reports whether the file has a column of this name.
func (b *Binding) Has(name string) bool {
	_, ok := b.places[name]
	return ok
}

// Place finds a column; name is what it is in the mapping. The error tells what is wrong with what the mapping says of it.
func (b *Binding) Place(name string, c *Column) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("mapping: %s: %w", name, fmt.Errorf(format, args...)))
	}
	at, ok := b.places[c.Column]
	switch {
	case c.Column == "" && c.Value == "":
		fault("needs column or value")
	case c.Column == "":
	case !ok:
		fault("%w %q%s", errNoColumn, c.Column, reference.Meant(c.Column, b.Header))
	case b.twice[c.Column]:
		fault("the file has several columns %q", c.Column)
	default:
		b.at[c] = at
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		fault("there is no time zone %q", c.Zone)
	}
	if event.HoldsPersonalCode([]byte(c.Value)) {
		fault("holds a Finnish personal identity code")
	}
	return errors.Join(faults...)
}

var errNoColumn = errors.New("the file has no column")

// rowOfNames tells what a header looks like that lacks columns. It repeats nothing of it, for a file without names of columns begins
// with somebody's answers.
func rowOfNames(header []string) error {
	if len(header) == 1 {
		return errors.New("its first row is one cell; the mapping's file.separator must be what parts the cells")
	}
	return fmt.Errorf("its first row, which must hold the names of the columns, has %d cells", len(header))
}

// Unread lists the columns that nothing is read of.
func (b *Binding) Unread() (names []string) {
	read := map[int]bool{}
	for _, at := range b.at {
		read[at] = true
	}
	for i, name := range b.Header {
		if !read[i] {
			names = append(names, name)
		}
	}
	return names
}

// Each reads a file: bind is called with its header, and then row with every row. The error is about the file or the mapping as
// a whole.
func Each(name string, content []byte, f File, bind func(header []string) (*Binding, error), row func(*Row)) error {
	format, err := f.format()
	if err != nil {
		return err
	}
	table, err := sheet.Open(name, content, format)
	if err != nil {
		return err
	}
	return errors.Join(each(table, bind, row), table.Close())
}

func each(table *sheet.Table, bind func([]string) (*Binding, error), row func(*Row)) error {
	header, err := table.Next()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: it is empty", table.Name())
	}
	if err != nil {
		return err
	}
	b, err := bind(header)
	if errors.Is(err, errNoColumn) {
		return errors.Join(err, rowOfNames(header))
	}
	if err != nil {
		return err
	}
	for {
		cells, err := table.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		row(b.row(table, cells))
	}
}
