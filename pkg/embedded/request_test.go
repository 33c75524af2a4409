package embedded_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"vointi.fi/pkg/embedded"
)

func TestSplitStatement(t *testing.T) {
	for name, test := range map[string]struct {
		query, body, text, format, data string
		insert                          bool
	}{
		"select":                  {"", "SELECT 1", "SELECT 1", "", "", false},
		"select with format":      {"", "SELECT 1 FORMAT JSON", "SELECT 1 FORMAT JSON", "JSON", "", false},
		"format of a subquery":    {"", "SELECT * FROM (SELECT 1 FORMAT JSON)", "SELECT * FROM (SELECT 1 FORMAT JSON)", "", "", false},
		"format in a string":      {"", "SELECT ' FORMAT JSON'", "SELECT ' FORMAT JSON'", "", "", false},
		"format in a heredoc":     {"", "SELECT $a$ FORMAT JSON$a$", "SELECT $a$ FORMAT JSON$a$", "", "", false},
		"format in a comment":     {"", "SELECT 1 -- FORMAT JSON", "SELECT 1 -- FORMAT JSON", "", "", false},
		"format before a comment": {"", "SELECT 1 FORMAT JSON -- x", "SELECT 1 FORMAT JSON -- x", "JSON", "", false},
		"column called format":    {"", "SELECT format FROM t", "SELECT format FROM t", "", "", false},
		"values":                  {"", "INSERT INTO t VALUES (1)", "INSERT INTO t ", "Values", " (1)", true},
		"format":                  {"", "INSERT INTO t FORMAT CSV\n1", "INSERT INTO t ", "CSV", "1", true},
		"format, carriage return": {"", "INSERT INTO t FORMAT CSV\r\n1", "INSERT INTO t ", "CSV", "1", true},
		"only one line end":       {"", "INSERT INTO t FORMAT CSV\n\n1", "INSERT INTO t ", "CSV", "\n1", true},
		"url and body":            {"INSERT INTO t FORMAT Native", "\x00\x01", "INSERT INTO t ", "Native", "\x00\x01", true},
		"url without body":        {"INSERT INTO t FORMAT Native", "", "INSERT INTO t ", "Native", "", true},
		"columns":                 {"INSERT INTO t (`values`, format) FORMAT CSV", "1", "INSERT INTO t (`values`, format) ", "CSV", "1", true},
		"table called values":     {"INSERT INTO values FORMAT CSV", "1", "INSERT INTO values ", "CSV", "1", true},
		"settings":                {"INSERT INTO t SETTINGS a = 'VALUES' FORMAT CSV", "1", "INSERT INTO t SETTINGS a = 'VALUES' ", "CSV", "1", true},
		"insert select":           {"", "INSERT INTO t SELECT 1 FORMAT CSV", "INSERT INTO t SELECT 1 FORMAT CSV", "", "", false},
		"insert from file":        {"", "INSERT INTO t FROM INFILE 'x' FORMAT CSV", "INSERT INTO t FROM INFILE 'x' FORMAT CSV", "", "", false},
		"function":                {"", "INSERT INTO FUNCTION null('a Int8') VALUES (1)", "INSERT INTO FUNCTION null('a Int8') ", "Values", " (1)", true},
		"data looks like sql":     {"", "INSERT INTO t FORMAT LineAsString\nSELECT 1 FORMAT JSON", "INSERT INTO t ", "LineAsString", "SELECT 1 FORMAT JSON", true},
	} {
		t.Run(name, func(t *testing.T) {
			text, format, insert, data, err := embedded.SplitStatement(test.query, iotest.OneByteReader(strings.NewReader(test.body)))
			if err != nil {
				t.Fatal(err)
			}
			text = strings.TrimSuffix(text, "\n")
			if text != test.text || format != test.format || insert != test.insert || insert && data != test.data {
				t.Errorf("got %q, %q, %v, %q", text, format, insert, data)
			}
		})
	}
}

func TestStatementErrors(t *testing.T) {
	dead := errors.New("dead")
	if _, _, _, _, err := embedded.SplitStatement("", iotest.ErrReader(dead)); err == nil || !strings.Contains(err.Error(), "dead") {
		t.Error(err)
	}
	for _, text := range []string{"", " \n", "-- nothing", "/* nothing"} {
		if _, _, _, _, err := embedded.SplitStatement(text, strings.NewReader("")); err == nil {
			t.Errorf("%q is a statement", text)
		}
	}
	if _, _, _, _, err := embedded.SplitStatement("SELECT", strings.NewReader(strings.Repeat("1", 17<<20))); err == nil {
		t.Error("a statement of 17 MB is taken")
	}
}

// TestDataIsNeverLost: whatever an INSERT's data is, and however it is cut on the way, it arrives whole.
func TestDataIsNeverLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.StringN(0, 200, 400).Draw(t, "data")
		head := rapid.SampledFrom([]string{"INSERT INTO t FORMAT CSV\n", "insert into `a b`.t (x, `y)`) format RowBinary\n", "INSERT INTO t SETTINGS x='\\'' FORMAT JSON /* x */\n"}).Draw(t, "head")
		cut := rapid.IntRange(0, len(head)).Draw(t, "cut")
		body := strings.NewReader(head[cut:] + data)
		query := head[:cut]
		if cut > 0 && cut < len(head) {
			query, body = "", strings.NewReader(head+data)
		}
		_, _, insert, got, err := embedded.SplitStatement(strings.TrimSuffix(query, "\n"), body)
		if err != nil || !insert || !strings.HasSuffix(strings.TrimPrefix(got, " "), strings.TrimPrefix(data, " ")) {
			t.Fatalf("%v %v: got %q, want %q", err, insert, got, data)
		}
	})
}

func request(query string, header http.Header) *http.Request {
	return &http.Request{Method: http.MethodPost, URL: &url.URL{Path: "/", RawQuery: query}, Header: header}
}

func FuzzRequest(f *testing.F) {
	for _, query := range []string{
		"query=SELECT+1&default_format=Native&client_protocol_version=54460&database=vointi&max_execution_time=60",
		"param_a=1&user=x&password=y&compress=1&decompress=1&network_compression_method=ZSTD", "role=admin&readonly=0", "%zz", "a=1;b=2",
		"log_comment=x%27%2C+readonly%3D0", "=1", "max_threads=99999999999999999999", "param_=x", "\x00=\x00",
	} {
		f.Add(query, "Basic dm9pbnRpOng=", "gzip")
	}
	f.Fuzz(func(t *testing.T, query, authorization, encoding string) {
		r := request(query, http.Header{"Authorization": {authorization}, "Accept-Encoding": {encoding}, "X-Clickhouse-Database": {query}})
		settings, id, database, err := embedded.ReadRequest(r)
		if err != nil {
			return
		}
		for name := range settings {
			if strings.ContainsFunc(name, func(c rune) bool { return !strings.ContainsRune("._", c) && (c < '0' || c > 'z') }) {
				t.Errorf("setting %q", name)
			}
		}
		if strings.ContainsAny(id+database, "\r\n\x00") {
			t.Errorf("query id %q, database %q", id, database)
		}
		limits, err := embedded.ReaderSettings(r)
		if err == nil && (limits["readonly"] != "1" || limits["result_overflow_mode"] != "throw" || limits["max_execution_time"] == "0" || len(limits["max_execution_time"]) > 2) {
			t.Errorf("a reader gets %v", limits)
		}
	})
}

func FuzzStatement(f *testing.F) {
	for _, text := range []string{
		"SELECT 1", "INSERT INTO t VALUES (1)", "INSERT INTO t FORMAT CSV\n1", "SELECT $a$ x $a$", "/* x", "-- x", "'x", "`x\\", "INSERT", "INSERT INTO", "INSERT INTO t FORMAT",
		"SELECT 1 FORMAT JSON", "SELECT (((", ")))", "$$", "INSERT INTO t (a) SETTINGS x = 1 FORMAT Native",
	} {
		f.Add("", text)
		f.Add(text, "data")
	}
	f.Fuzz(func(t *testing.T, query, body string) {
		text, _, insert, data, err := embedded.SplitStatement(query, strings.NewReader(body))
		if err != nil {
			return
		}
		all := body
		if query != "" {
			all = query + "\n" + body
		}
		switch {
		case !insert && text != all:
			t.Errorf("the statement has changed: %q → %q", all, text)
		case insert && (!strings.HasPrefix(all, text) || !strings.HasSuffix(all, data) || len(text)+len(data) > len(all)):
			t.Errorf("%q fell into %q and %q", all, text, data)
		}
	})
}

func FuzzTree(f *testing.F) {
	f.Add("SelectQuery (children 2)\n Literal 1\n Function sum (alias x) (children 1)\n  Identifier a\n")
	f.Add("Function a (children 1)")
	f.Add("A (children 999999)\nB")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := embedded.Tree(text)
		if err != nil {
			return
		}
		if got, want := strings.Count(tree, "\n"), strings.Count(strings.TrimSuffix(text, "\n"), "\n")+1; got < want {
			t.Errorf("%d nodes of %d lines", got, want)
		}
	})
}

func FuzzTranscode(f *testing.F) {
	for _, block := range nativeBlocks {
		f.Add([]byte(block), uint64(54460))
	}
	f.Fuzz(func(t *testing.T, chunk []byte, revision uint64) {
		out, err := embedded.Transcode(chunk, revision)
		if err == nil && revision == 0 && string(out) != string(chunk) {
			t.Errorf("revision 0 changed %q to %q", chunk, out)
		}
	})
}

// nativeBlocks are small blocks of revision 0.
var nativeBlocks = []string{
	"\x01\x01\x01a\x05UInt8\x01",
	"\x01\x02\x01a\x06String\x01x\x02yz",
	"\x01\x01\x01a\x10Array(Array(Int8)\x01",
	"\x02\x01\x01a\x0fNullable(UInt8)\x00\x07\x01b\x0dArray(String)\x01\x00\x00\x00\x00\x00\x00\x00\x01x",
	"\x01\x01\x01a\x16LowCardinality(String)\x01\x00\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01x\x01\x00\x00\x00\x00\x00\x00\x00\x01",
	"\x00\x00",
	"\x01\x01\x01a\x04JSON",
}
