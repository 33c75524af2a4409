package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vointi.fi/pkg/sheet"
)

// row is a row and its number.
type row struct {
	number int
	cells  []string
}

func read(name string, content []byte, f sheet.Format) (rows []row, err error) {
	t, err := sheet.Open(name, content, f)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	for {
		cells, err := t.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row{t.Row(), cells})
	}
}

func TestText(t *testing.T) {
	want := []row{{1, []string{"id", "Elämänlaatu"}}, {2, []string{"1", "hyvä; tosi"}}, {5, []string{"2", "€"}}}
	for name, test := range map[string]struct {
		content string
		format  sheet.Format
	}{
		"BOM, commas":              {"\ufeffid,Elämänlaatu\r\n1,\"hyvä; tosi\"\r\n,\r\n\r\n 2 ,€\r\n", sheet.Format{}},
		"semicolons":               {"id;Elämänlaatu\n1;\"hyvä; tosi\"\n;\n\n2;€\n", sheet.Format{Encoding: sheet.UTF8}},
		"tabs":                     {"id\tElämänlaatu\n1\thyvä; tosi\n\t\n\n2\t€", sheet.Format{}},
		"a mark, whatever is told": {"\ufeffid;Elämänlaatu\n1;\"hyvä; tosi\"\n;\n\n2;€\n", sheet.Format{Encoding: sheet.Windows1252}},
		"Windows-1252, no guess":   {"id|El\xe4m\xe4nlaatu\n1|hyv\xe4; tosi\n|\n\n2|\x80\n", sheet.Format{Encoding: sheet.Windows1252, Separator: '|'}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read("a.CSV", []byte(test.content), test.format)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// book returns a workbook with these sheets, the first of which Excel's own first is.
func book(t testing.TB, change func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	change(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(t testing.TB, f *excelize.File, sheet, cell string, values ...any) {
	t.Helper()
	if err := f.SetSheetRow(sheet, cell, &values); err != nil {
		t.Fatal(err)
	}
}

func TestWorkbook(t *testing.T) {
	at := time.Date(2026, 3, 5, 15, 4, 0, 0, time.UTC)
	content := book(t, func(f *excelize.File) {
		set(t, f, "Sheet1", "A1", "nothing")
		if _, err := f.NewSheet("Vastaukset"); err != nil {
			t.Fatal(err)
		}
		set(t, f, "Vastaukset", "A2", "id", "aika", "Ikä")
		set(t, f, "Vastaukset", "A4", 7, at, 41.5)
	})
	got, err := read("a.xlsx", content, sheet.Format{Sheet: "Vastaukset"})
	if err != nil || len(got) != 2 || got[0].number != 2 || got[1].number != 4 || got[1].cells[0] != "7" || got[1].cells[2] != "41.5" {
		t.Fatalf("%v, %v", got, err)
	}
	table, err := sheet.Open("a.xlsx", content, sheet.Format{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	if day, ok := table.Date(46086.627777777776, helsinki); !ok || !day.Equal(at.Add(-2*time.Hour)) {
		t.Errorf("the number is %v", day)
	}
}

// lie is a workbook whose sheet is a mebibyte of spaces and says that it is of that size.
func lie(t testing.TB, size uint64) []byte {
	t.Helper()
	content := book(t, func(*excelize.File) {})
	in, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	blank := bytes.Repeat([]byte(" "), 1<<20)
	var packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	_, err = deflate.Write(blank)
	if err = errors.Join(err, deflate.Close()); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		if part.Name != "xl/worksheets/sheet1.xml" {
			err = errors.Join(err, w.Copy(part))
			continue
		}
		to, wrong := w.CreateRaw(&zip.FileHeader{
			Name: part.Name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(blank),
			CompressedSize64: uint64(packed.Len()), UncompressedSize64: size,
		})
		if err = errors.Join(err, wrong); err == nil {
			_, err = to.Write(packed.Bytes())
		}
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUnreadable(t *testing.T) {
	empty := book(t, func(*excelize.File) {})
	for name, test := range map[string]struct {
		file    string
		content []byte
		format  sheet.Format
		want    string
	}{
		"a kind":              {"a.ods", nil, sheet.Format{}, ".csv, .tsv, .txt or .xlsx"},
		"an encoding":         {"a.csv", []byte("a"), sheet.Format{Encoding: "latin-9"}, "utf-8, windows-1252"},
		"not UTF-8":           {"a.csv", []byte("a;b\n1;\xe4\n"), sheet.Format{}, "line 2 is not UTF-8"},
		"UTF-16":              {"a.csv", []byte("\xff\xfea\x00"), sheet.Format{}, "UTF-16"},
		"UTF-16 all the same": {"a.csv", []byte("\xff\xfea\x00"), sheet.Format{Encoding: sheet.Windows1252}, "UTF-16"},
		"UTF-16 without mark": {"a.csv", []byte("a\x00;\x00b\x00\n\x00"), sheet.Format{}, "UTF-16"},
		"an empty workbook":   {"a.xlsx", nil, sheet.Format{}, "is empty"},
		"an older workbook":   {"a.xls", []byte("\xd0\xcf\x11\xe0"), sheet.Format{}, "save it as .xlsx"},
		"cut off":             {"a.csv", []byte("a;b;c\n1;2;3\n4;5"), sheet.Format{}, "ends in the middle of row 3"},
		"an open quote":       {"a.csv", []byte("a;b\n\"1;2\n"), sheet.Format{}, "a.csv"},
		"too wide":            {"a.csv", bytes.Repeat([]byte("a,"), sheet.MaxColumns), sheet.Format{}, "more than 5000 columns"},
		"no workbook":         {"a.xlsx", []byte("PK\x03\x04 nothing"), sheet.Format{}, "no workbook"},
		"a truncated one":     {"a.xlsx", empty[:len(empty)/2], sheet.Format{}, "no workbook"},
		"no such sheet":       {"a.xlsx", empty, sheet.Format{Sheet: "Vastaukset"}, "it has Sheet1"},
		"a lie":               {"a.xlsx", lie(t, sheet.MaxUnpacked+1), sheet.Format{}, "is broken"},
		"a hidden bomb":       {"a.xlsx", lie(t, 10), sheet.Format{}, "is broken"},
		"an old format":       {"a.xlsx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), sheet.Format{}, "no workbook"},
		"larger than large":   {"a.csv", make([]byte, sheet.MaxSize+1), sheet.Format{}, "larger than 256 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(test.file, test.content, test.format)
			if !errors.Is(err, sheet.ErrTable) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("\ufeffid;a\n1;\"x\ny\"\n"), false)
	f.Add([]byte("id,\xe4\n"), true)
	f.Fuzz(func(t *testing.T, content []byte, old bool) {
		format := sheet.Format{}
		if old {
			format.Encoding = sheet.Windows1252
		}
		rows, err := read("a.csv", content, format)
		if err != nil && !errors.Is(err, sheet.ErrTable) {
			t.Errorf("another error: %v", err)
		}
		last := 0
		for _, r := range rows {
			if r.number <= last || strings.Join(r.cells, "") == "" {
				t.Fatalf("row %d after %d: %q", r.number, last, r.cells)
			}
			last = r.number
		}
	})
}

func FuzzWorkbook(f *testing.F) {
	content := book(f, func(file *excelize.File) { set(f, file, "Sheet1", "A1", "id", 1, true, time.Unix(0, 0)) })
	f.Add(content, 0, byte(0))
	f.Fuzz(func(t *testing.T, content []byte, at int, to byte) {
		content = bytes.Clone(content)
		if at >= 0 && at < len(content) {
			content[at] = to
		}
		if _, err := read("a.xlsx", content, sheet.Format{}); err != nil && !errors.Is(err, sheet.ErrTable) {
			t.Errorf("another error: %v", err)
		}
	})
}
