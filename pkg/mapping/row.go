package mapping

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/sheet"
)

// Fault is something wrong with a cell, or with a row if Column is empty. It never repeats what the cell holds.
type Fault struct {
	Row    int
	Column string // its header
	Reason string
}

// Row is one row on its way to an event, and what is wrong with it.
type Row struct {
	Number  int // in the file, from 1
	Faults  []Fault
	binding *Binding
	table   *sheet.Table
	cells   []string
}

// row begins a row. Every cell is looked at, mapped or not.
func (b *Binding) row(table *sheet.Table, cells []string) *Row {
	r := &Row{Number: table.Row(), binding: b, table: table, cells: cells}
	for i, cell := range cells {
		if event.HoldsPersonalCode([]byte(cell)) {
			r.Fault(b.name(i), "holds a Finnish personal identity code; take it out of the file, also where it is not imported")
		}
	}
	if len(cells) > len(b.Header) && strings.Join(cells[len(b.Header):], "") != "" {
		r.Fault("", "has %d cells, the first row has %d", len(cells), len(b.Header))
	}
	return r
}

// name is the header of a place.
func (b *Binding) name(at int) string {
	if at < len(b.Header) && b.Header[at] != "" {
		return b.Header[at]
	}
	return "number " + strconv.Itoa(at+1)
}

// Fault notes something wrong.
func (r *Row) Fault(column, format string, args ...any) {
	r.Faults = append(r.Faults, Fault{r.Number, column, fmt.Sprintf(format, args...)})
}

// Explain notes what an event's own check found, each at the column that it is about.
func (r *Row) Explain(err error, columnOf func(pointer string) string) {
	var invalid *event.InvalidError
	switch {
	case err == nil:
	case errors.As(err, &invalid):
		for _, f := range invalid.Faults {
			r.Fault(columnOf(f.Pointer), "%s", f.Reason)
		}
	default:
		r.Fault("", "%v", err)
	}
}

// Cell returns what stands in a column, and whether it has any meaning; without a column nothing does.
func (r *Row) Cell(c *Column) (value string, given bool) {
	if c == nil {
		return "", false
	}
	if c.Column == "" {
		return c.Value, true
	}
	cell := ""
	if at := r.binding.at[c]; at < len(r.cells) {
		cell = r.cells[at]
	}
	if value, ok := c.Values[Folded(cell)]; ok {
		return value, value != ""
	}
	if r.binding.missing[Folded(cell)] {
		return "", false
	}
	if c.Values != nil {
		r.Fault(c.Column, "is none of the cells that the mapping knows: %s", strings.Join(slices.Sorted(maps.Keys(c.Values)), ", "))
		return "", false
	}
	return cell, true
}

// Text is what stands in a column, "" if nothing does.
func (r *Row) Text(c *Column) string {
	text, _ := r.Cell(c)
	return text
}

// layouts are the times that need no format: those that cannot be mistaken.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly,
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006 15.04.05", "2.1.2006 15.04", "2.1.2006 klo 15.04", "2.1.2006",
}

// goLayout turns d.M.yyyy H:mm into what package time understands.
var goLayout = strings.NewReplacer("yyyy", "2006", "MM", "01", "M", "1", "dd", "02", "d", "2", "HH", "15", "H", "15", "mm", "04", "ss", "05")

// Instant reads a time, in the column's zone if the cell names none.
func (r *Row) Instant(c *Column) (time.Time, bool) {
	text, given := r.Cell(c)
	if !given {
		return time.Time{}, false
	}
	zone, err := time.LoadLocation(cmp.Or(c.Zone, "Europe/Helsinki"))
	if err != nil {
		zone = time.UTC
	}
	if number, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(number) {
		if at, ok := r.table.Date(number, zone); ok {
			return at, true
		}
	}
	tried := layouts
	if c.Format != "" {
		tried = []string{goLayout.Replace(c.Format)}
	}
	for _, layout := range tried {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, true
		}
	}
	r.Fault(c.Column, "is no time%s", map[bool]string{true: " such as 2026-03-05 15:04:05 or 5.3.2026 15:04; give its format in the mapping", false: " of the format " + c.Format}[c.Format == ""])
	return time.Time{}, false
}

// Whole reads a whole number, which a workbook may write as 4.0.
func Whole(text string) (int, bool) {
	text = strings.TrimRight(strings.TrimSuffix(text, ".0"), " ")
	n, err := strconv.ParseInt(text, 10, 32)
	return int(n), err == nil
}
