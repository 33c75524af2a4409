package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// inMemory is the size of one part of a workbook above which it is unpacked into a temporary file.
const inMemory = 16 << 20

// workbook is a sheet of an Excel file, with the values as they are stored: numbers without their format.
type workbook struct {
	file  *excelize.File
	rows  *excelize.Rows
	row   int
	since bool // dates count from 1904
}

func openWorkbook(content []byte, f Format) (s source, err error) {
	defer guard(&err)
	if err := whole(content); err != nil {
		return nil, err
	}
	file, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxUnpacked, UnzipXMLSizeLimit: inMemory,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoWorkbook, err)
	}
	w := &workbook{file: file}
	if err := w.open(f.Sheet); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return w, nil
}

// whole reads every part of a workbook once, up to the limit, since the library takes a part that is broken for one that ends
// there.
func whole(content []byte) error {
	parts, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return errNoWorkbook
	}
	left := int64(MaxUnpacked)
	for _, part := range parts.File {
		r, err := part.Open()
		if err != nil {
			return errNoWorkbook
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
		if left -= n; left < 0 {
			return fmt.Errorf("is larger than %d MiB when it is unpacked", MaxUnpacked>>20)
		}
		if errors.Join(err, r.Close()) != nil {
			return fmt.Errorf("%w: its part %s is broken", errNoWorkbook, part.Name)
		}
	}
	return nil
}

var errNoWorkbook = errors.New("is no workbook that can be read")

func (w *workbook) open(sheet string) (err error) {
	sheets := w.file.GetSheetList()
	if len(sheets) == 0 {
		return errors.New("has no sheet")
	}
	if sheet == "" {
		sheet = sheets[0]
	}
	if index, err := w.file.GetSheetIndex(sheet); err != nil || index < 0 {
		return fmt.Errorf("has no sheet %q; it has %s", sheet, strings.Join(sheets, ", "))
	}
	if props, err := w.file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.since = *props.Date1904
	}
	w.rows, err = w.file.Rows(sheet)
	return err
}

// guard makes an error of a panic in the library, whose reader was not made for what strangers send.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = errNoWorkbook
	}
}

func (w *workbook) next() (cells []string, row int, err error) {
	defer guard(&err)
	if !w.rows.Next() {
		if err := w.rows.Error(); err != nil {
			return nil, 0, err
		}
		return nil, 0, io.EOF
	}
	w.row++
	cells, err = w.rows.Columns()
	if err != nil {
		return nil, 0, fmt.Errorf("row %d: %w", w.row, err)
	}
	return cells, w.row, nil
}

func (w *workbook) date(number float64) (time.Time, bool) {
	at, err := excelize.ExcelDateToTime(number, w.since)
	return at.Round(time.Second), err == nil
}

func (w *workbook) close() error { return errors.Join(w.rows.Close(), w.file.Close()) }
