package mapping_test

import (
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/mapping"
)

// sheetOf is a mapping as an importer has one.
type sheetOf struct {
	File    mapping.File
	At      *mapping.Column
	Kind    *mapping.Column
	Missing []string
}

// read reads a table and returns what its cells say, and what is wrong, in words.
func read(text, file string) (rows []string, err error) {
	m := &sheetOf{}
	if err := mapping.Read([]byte(text), m); err != nil {
		return nil, err
	}
	err = mapping.Each("a.csv", []byte(file), m.File, func(header []string) (*mapping.Binding, error) {
		b, err := mapping.Bind(header, m.Missing)
		if err != nil {
			return nil, err
		}
		for name, c := range map[string]*mapping.Column{"at": m.At, "kind": m.Kind} {
			if c != nil && err == nil {
				err = b.Place(name, c)
			}
		}
		return b, err
	}, func(r *mapping.Row) {
		at, ok := r.Instant(m.At)
		row := r.Text(m.Kind)
		if ok {
			row += " " + at.UTC().Format(time.RFC3339)
		}
		for _, f := range r.Faults {
			row += "|" + f.Column + " " + f.Reason
		}
		rows = append(rows, row)
	})
	return rows, err
}

func TestCells(t *testing.T) {
	const header = "Aika;Laji\n"
	for name, test := range map[string]struct{ mapping, file, want string }{
		"by header":       {"at: Aika\nkind: Laji", header + "5.3.2026 17.02;a", "a 2026-03-05T15:02:00Z"},
		"a zone":          {"at: {column: Aika, zone: UTC}", header + "2026-03-05 17:02;a", " 2026-03-05T17:02:00Z"},
		"a format":        {"at: {column: Aika, format: dd.MM.yyyy HH:mm:ss}", header + "05.03.2026 17:02:03;a", " 2026-03-05T15:02:03Z"},
		"another format":  {"at: {column: Aika, format: d.M.yyyy}", header + "2026-03-05;a", "|Aika is no time of the format d.M.yyyy"},
		"the same always": {"kind: {value: x}", header + "5.3.2026;a", "x"},
		"values":          {"kind: {column: Laji, values: {Luonto: nature, Muu: ''}}", header + ";LUONTO\n;muu", "nature,"},
		"unknown value":   {"kind: {column: Laji, values: {Luonto: nature}}", header + ";secret", "|Laji is none of the cells that the mapping knows: luonto"},
		"missing":         {"kind: Laji\nmissing: [N/A]", header + ";n/a", ""},
		"a personal code": {"kind: Laji", header + "131052-308T;a", "a|Aika holds a Finnish personal identity code; take it out of the file, also where it is not imported"},
		"too many cells":  {"kind: Laji", header + ";a;b", "a| has 3 cells, the first row has 2"},
		"a tab":           {"file: {separator: tab}\nkind: Laji", "Aika\tLaji\n;\ta", "a"},
		"DST":             {"at: Aika", header + "29.3.2026 12:00;a", " 2026-03-29T09:00:00Z"},
	} {
		rows, err := read(test.mapping, test.file)
		if got := strings.Join(rows, ","); err != nil || got != test.want {
			t.Errorf("%s: %q, want %q: %v", name, got, test.want, err)
		}
	}
}

func TestFaultsOfMappings(t *testing.T) {
	const file = "Aika;Laji;Laji\n;a;b\n"
	for text, want := range map[string]string{
		"att: Aika":                            "mapping: line 1: field att not found",
		"Aika;Laji\n1;2\n":                     "mapping: line 1: holds text where something else belongs",
		"at: {header: Aika}":                   "line 1: header is unknown; a column has column",
		"at: {column: Aika, zone: Kuusamo}":    `mapping: at: there is no time zone "Kuusamo"`,
		"at: Aka":                              `mapping: at: the file has no column "Aka"; did you mean Aika?`,
		"kind: Kieli":                          "mapping: kind: the file has no column \"Kieli\"\nits first row, which must hold the names of the columns, has 3 cells",
		"file: {separator: tab}\nat: Aika":     "its first row is one cell; the mapping's file.separator must be what parts the cells",
		"at: {}":                               "mapping: at: needs column or value",
		"kind: Laji":                           `mapping: kind: the file has several columns "Laji"`,
		"kind: {value: 131052-308T}":           "mapping: kind: holds a Finnish personal identity code",
		"kind: {values: {a: 1, A: 2}}":         "differ by case alone",
		"file: {separator: ab}":                "file.separator must be one character",
		"file: {encoding: latin-9}":            "latin-9",
		"at: " + strings.Repeat("a", 1<<20+10): "larger than 1 MiB",
	} {
		if _, err := read(text, file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", text, err, want)
		}
	}
	if _, err := read("at: Aika", "131052-308T\n"); err == nil || strings.Contains(err.Error(), "308T") {
		t.Errorf("a header with a personal code: %v", err)
	}
}
