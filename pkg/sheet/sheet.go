// Package sheet reads tables that people export: CSV in the encodings and with the separators that they come in, and Excel
// workbooks. A table is read row by row; what is too large to be an export of answers is refused before it fills the memory.
package sheet

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"
)

// The limits of a table. A workbook is compressed, so its size unpacked has a limit of its own.
const (
	MaxSize     = 256 << 20
	MaxUnpacked = 512 << 20
	MaxRows     = 1_000_000
	MaxColumns  = 5_000
)

// ErrTable is wrapped by every error about a table itself: reading it again cannot help.
var ErrTable = errors.New("unreadable table")

// Format says how a table is written, as far as its name does not.
type Format struct {
	Encoding  string // UTF8, with a byte order mark or without, or Windows1252; "" is UTF8
	Separator rune   // of a CSV file; 0: whichever of ; , and tab its first line has most of
	Sheet     string // of a workbook; "": its first
}

// The encodings of CSV files.
const (
	UTF8        = "utf-8"
	Windows1252 = "windows-1252"
)

// Encodings returns the encodings that are known.
func Encodings() []string { return []string{UTF8, Windows1252} }

// source is a kind of file.
type source interface {
	// next returns the cells of the next row, which need not be as many as the header's, and the row's number in the file from 1.
	next() (cells []string, row int, err error)
	// date returns the day and time that a number in a cell stands for, where the kind of file writes dates as numbers.
	date(number float64) (time.Time, bool)
	close() error
}

// Table is an open table. It is for one goroutine at a time.
type Table struct {
	source
	name string
	row  int
	rows int
}

// Open opens a table by its name, which ends in .csv, .tsv, .txt or .xlsx; content is the file's. The error wraps [ErrTable].
func Open(name string, content []byte, f Format) (*Table, error) {
	t := &Table{name: filepath.Base(name)}
	if len(content) > MaxSize {
		return nil, t.fault("is larger than %d MiB", MaxSize>>20)
	}
	var err error
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xls":
		err = errors.New("is a workbook of before 2007; save it as .xlsx")
	case ".csv", ".tsv", ".txt":
		t.source, err = openText(content, f)
	case ".xlsx", ".xlsm":
		if len(content) == 0 {
			return nil, t.fault("is empty")
		}
		t.source, err = openWorkbook(content, f)
	default:
		err = errors.New("its name must end in .csv, .tsv, .txt or .xlsx")
	}
	if err != nil {
		return nil, t.fault("%w", err)
	}
	return t, nil
}

func (t *Table) fault(format string, args ...any) error {
	return fmt.Errorf("%w: %s: %w", ErrTable, t.name, fmt.Errorf(format, args...))
}

// Next returns the next row that has anything in it, without the white space around its cells, or [io.EOF] after the last.
func (t *Table) Next() ([]string, error) {
	for {
		cells, row, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, t.fault("%w", err)
		}
		t.row = row
		if t.rows++; t.rows > MaxRows {
			return nil, t.fault("has more than %d rows", MaxRows)
		}
		if len(cells) > MaxColumns {
			return nil, t.fault("row %d has more than %d columns", row, MaxColumns)
		}
		if trim(cells) {
			return cells, nil
		}
	}
}

// trim takes white space off and reports whether anything is left.
func trim(cells []string) (any bool) {
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
		any = any || cells[i] != ""
	}
	return any
}

// Row returns the number of the last row that was read, from 1; of a row over several lines of a CSV file, that of the first.
func (t *Table) Row() int { return t.row }

// Name returns the file's name without its folder.
func (t *Table) Name() string { return t.name }

// Date returns the day and time in a zone that a number in a cell stands for. Only workbooks write dates as numbers.
func (t *Table) Date(number float64, zone *time.Location) (time.Time, bool) {
	at, ok := t.date(number)
	if !ok {
		return time.Time{}, false
	}
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, zone), true
}

// Close gives back what the table holds. Reading fails from then on.
func (t *Table) Close() error { return t.close() }
