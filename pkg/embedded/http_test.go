package embedded_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/ClickHouse/ch-go/compress"

	"vointi.fi/pkg/warehouse/warehousetest"
)

func TestPing(t *testing.T) {
	e := warehousetest.Engine(t)
	for path, want := range map[string]string{"/ping": "Ok.\n", "/": "Ok.\n", "/replicas_status": "Ok.\n"} {
		response, err := http.Get("http://" + e.Addr() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != 200 || string(body) != want {
			t.Errorf("%s: %d %q", path, response.StatusCode, body)
		}
	}
	response, err := http.Get("http://" + e.Addr() + "/play")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("another path: %d", response.StatusCode)
	}
}

func TestHost(t *testing.T) {
	e := warehousetest.Engine(t)
	_, port, _ := strings.Cut(e.Addr(), ":")
	for host, status := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200, "[::1]:" + port: 200, "127.0.0.1": 200,
		"evil.example": 403, "evil.example:" + port: 403, "127.0.0.1.evil.example": 403, "10.0.0.1": 403,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+e.Addr()+"/ping", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != status {
			t.Errorf("%s: %d", host, response.StatusCode)
		}
	}
}

func TestStatements(t *testing.T) {
	e := warehousetest.Engine(t)
	c := admin(t, e)
	for name, test := range map[string]struct {
		sql    string
		params []string
		want   string
	}{
		"default format":      {"SELECT 1, 'a'", nil, "1\ta\n"},
		"asked format":        {"SELECT 1 AS n", []string{"default_format=JSONEachRow"}, `{"n":1}` + "\n"},
		"format clause":       {"SELECT 1 AS n FORMAT CSVWithNames", []string{"default_format=Native"}, "\"n\"\n1\n"},
		"format and settings": {"SELECT 1 AS n FORMAT CSV SETTINGS max_threads = 1", nil, "1\n"},
		"word format":         {"SELECT 'format JSON' AS format", nil, "format JSON\n"},
		"semicolon":           {"SELECT 1;", nil, "1\n"},
		"query in url":        {"", []string{"query=SELECT 2"}, "2\n"},
		"query in both":       {"FROM numbers(3)", []string{"query=SELECT sum(number)"}, "3\n"},
		"value":               {"SELECT {s:String}, {n:UInt8} + 1", []string{"param_s=a'b", "param_n=4"}, "a\\'b\t5\n"},
		"value with escapes":  {"SELECT length({s:String})", []string{`param_s=a\tb\\\0`}, "5\n"},
		"null":                {"SELECT {s:Nullable(String)} IS NULL", []string{`param_s=\N`}, "1\n"},
		"array":               {"SELECT {a:Array(String)}[2]", []string{`param_a=['x','y']`}, "y\n"},
		"setting":             {"SELECT getSetting('max_threads')", []string{"max_threads=3"}, "3\n"},
		"database":            {"SELECT currentDatabase()", []string{"database=system"}, "system\n"},
		"many rows":           {"SELECT count(), sum(number) FROM (SELECT * FROM numbers(100000))", nil, "100000\t4999950000\n"},
		"heads only once":     {"SELECT number FROM numbers(200000) WHERE number > 199997 FORMAT TSVWithNames", nil, "number\n199998\n199999\n"},
		"long statement":      {"SELECT length('" + strings.Repeat("x", 2<<20) + "')", nil, "2097152\n"},
		"show":                {"SHOW TABLES FROM system LIKE 'one'", nil, "one\n"},
		"no rows":             {"SELECT 1 WHERE 0", nil, ""},
		"insert without data": {"INSERT INTO FUNCTION null('a Int8') VALUES", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.must(test.sql, test.params...); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestSessionsAreUsedAgain looks at the tag that a session has: the next request gets the session of the one before it, unless that
// left something behind, asked for other settings or failed.
func TestSessionsAreUsedAgain(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	tag := func(params ...string) string {
		return c.must("SELECT getSetting('log_comment'), currentDatabase(), getSetting('max_threads')", append(params, "max_threads=3")...)
	}
	before := tag()
	for name, test := range map[string]struct {
		sql  string
		used bool
	}{
		"nothing":          {"", true},
		"reads":            {"SELECT number FROM numbers(200000)", true},
		"reads a format":   {"SELECT 1 FORMAT JSON", true},
		"writes":           {"INSERT INTO FUNCTION null('a Int8') VALUES (1)", true},
		"sets":             {"SET max_threads = 5", false},
		"another database": {"USE system", false},
		"temporary table":  {"CREATE TEMPORARY TABLE t (a Int8)", false},
	} {
		t.Run(name, func(t *testing.T) {
			if test.sql != "" {
				c.must(test.sql, "max_threads=3")
			}
			after := tag()
			if used := before == after; used != test.used {
				t.Errorf("the session was %q, is %q", before, after)
			}
			if !strings.HasSuffix(after, "\t3\n") || strings.Contains(after, "system") {
				t.Errorf("a session begins with %q", after)
			}
			before = after
		})
	}
	for _, failure := range []string{"SELECT throwIf(number = 3) FROM numbers(9)", "SELECT 1; SET max_threads = 5", "SELECT nothing"} {
		t.Run(failure, func(t *testing.T) {
			before := tag()
			if a := c.do(failure, "max_threads=3"); a.status == http.StatusOK {
				t.Fatal("it did not fail")
			}
			if after := tag(); after == before || !strings.HasSuffix(after, "\t3\n") {
				t.Errorf("the session was %q, is %q", before, after)
			}
		})
	}
	t.Run("many settings", func(t *testing.T) {
		before := tag()
		for n := range 100 {
			tag("log_comment=" + strconv.Itoa(n))
		}
		if one, other := tag(), tag(); one == before || one != other {
			t.Errorf("the session was %q, is %q and then %q", before, one, other)
		}
	})
	t.Run("other settings", func(t *testing.T) {
		if one, other := tag(), tag("log_comment=mine"); one == other || !strings.Contains(other, "mine\t") {
			t.Errorf("the session is %q for %q", other, one)
		}
	})
}

func TestDocumentsAreWhole(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	got := c.must("SELECT number AS n FROM numbers(200000) FORMAT CSVWithNames")
	if n := strings.Count(got, "n"); n != 1 {
		t.Errorf("the head comes %d times", n)
	}
	if n := strings.Count(got, "\n"); n != 200_001 {
		t.Errorf("%d lines", n)
	}
	if got = c.must("SELECT number AS n FROM numbers(200000)", "default_format=JSONCompact"); strings.Count(got, `"meta"`) != 1 {
		t.Error("JSON is cut into several documents")
	}
}

func TestExceptions(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	for name, test := range map[string]struct {
		sql    string
		params []string
		code   string
		status int
	}{
		"syntax":                {"SELEC 1", nil, "62", 400},
		"empty":                 {"", []string{"query="}, "62", 400},
		"unknown table":         {"SELECT * FROM nope", nil, "60", 404},
		"unknown column":        {"SELECT nope", nil, "47", 404},
		"unknown database":      {"SELECT 1", []string{"database=nope"}, "81", 404},
		"unknown setting":       {"SELECT 1", []string{"nope=1"}, "115", 400},
		"unknown format":        {"SELECT 1 FORMAT Nope", nil, "73", 404},
		"broken setting":        {"SELECT 1", []string{"a b=1"}, "115", 400},
		"broken revision":       {"SELECT 1", []string{"client_protocol_version=x"}, "36", 400},
		"no value":              {"SELECT {x:UInt8}", nil, "456", 500},
		"wrong value":           {"SELECT {x:UInt8}", []string{"param_x=abc"}, "457", 500},
		"two statements":        {"SELECT 1; SELECT 2", nil, "62", 400},
		"session":               {"SELECT 1", []string{"session_id=x"}, "48", 501},
		"unknown table, insert": {"INSERT INTO nope VALUES (1)", nil, "60", 404},
		"wrong data":            {"INSERT INTO FUNCTION null('a Int8') FORMAT CSV\nabc", nil, "117", 500},
		"control characters":    {"SELECT 1", []string{"database=a\nb"}, "36", 400},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.do(test.sql, test.params...)
			if got := a.header.Get("X-ClickHouse-Exception-Code"); got != test.code || a.status != test.status {
				t.Errorf("code %s, status %d: %s", got, a.status, a.body)
			}
			if !strings.HasPrefix(a.body, "Code: "+test.code+". DB::Exception: ") {
				t.Errorf("text %q", a.body)
			}
		})
	}
}

func TestExceptionInTheMiddle(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	a := c.do("SELECT throwIf(number = 1000000) FROM numbers(3000000) FORMAT TSV")
	if a.status != 200 || !strings.Contains(a.body, "!unexpected EOF") {
		t.Errorf("status %d; the transfer did not break off", a.status)
	}
	tag := a.header.Get("X-ClickHouse-Exception-Tag")
	if !strings.Contains(a.body, "\r\n__exception__\r\n"+tag+"\r\nCode: 395. ") {
		t.Errorf("no exception in %q", a.body[len(a.body)-500:])
	}
}

func TestHeaders(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	a := c.do("SELECT 1", "query_id=abc-1")
	if got := a.header.Get("X-ClickHouse-Query-Id"); got != "abc-1" {
		t.Errorf("query id %q", got)
	}
	if got := a.header.Get("X-ClickHouse-Format"); got != "TabSeparated" {
		t.Errorf("format %q", got)
	}
	if got := c.do("SELECT nope").header.Get("X-ClickHouse-Query-Id"); len(got) != 36 {
		t.Errorf("a made query id is %q", got)
	}
	if a := c.do("SELECT 1", "query_id=a\r\nb"); a.status != 400 {
		t.Errorf("a broken query id: %d", a.status)
	}
	head := c.send(http.MethodHead, nil, nil, "query=SELECT 1")
	if head.status != 200 || head.body != "" {
		t.Errorf("HEAD: %d %q", head.status, head.body)
	}
	if a := c.send(http.MethodPut, nil, nil, "query=SELECT 1"); a.status != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", a.status)
	}
	if a := c.send(http.MethodGet, nil, nil, "query=CREATE DATABASE never"); a.header.Get("X-ClickHouse-Exception-Code") != "164" {
		t.Errorf("GET changes something: %d %s", a.status, a.body)
	}
}

func TestGzip(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	a := c.send(http.MethodPost, bytes.NewReader(zipped(t, "SELECT number FROM numbers(100000)")),
		http.Header{"Content-Encoding": {"gzip"}, "Accept-Encoding": {"gzip"}})
	if a.header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("not compressed: %d %.100s", a.status, a.body)
	}
	reader, err := gzip.NewReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(reader)
	if err != nil || strings.Count(string(data), "\n") != 100_000 {
		t.Error(len(data), err)
	}
	a = c.send(http.MethodPost, strings.NewReader("SELECT 1"), http.Header{"Accept-Encoding": {"gzip"}}, "enable_http_compression=0")
	if a.body != "1\n" {
		t.Errorf("compressed against the setting: %q", a.body)
	}
	for encoding, code := range map[string]string{"gzip": "271", "zip": "89"} {
		a = c.send(http.MethodPost, strings.NewReader("SELECT 1"), http.Header{"Content-Encoding": {encoding}})
		if got := a.header.Get("X-ClickHouse-Exception-Code"); got != code {
			t.Errorf("%s: %d %s", encoding, a.status, a.body)
		}
	}
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFrames(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	for name, method := range map[string]compress.Method{"LZ4": compress.LZ4, "ZSTD": compress.ZSTD} {
		t.Run(name, func(t *testing.T) {
			w := compress.NewWriter(compress.LevelZero, method)
			if err := w.Compress([]byte("SELECT number FROM numbers(300000)")); err != nil {
				t.Fatal(err)
			}
			a := c.send(http.MethodPost, bytes.NewReader(w.Data), nil, "compress=1", "decompress=1", "network_compression_method="+name)
			data, err := io.ReadAll(compress.NewReader(strings.NewReader(a.body)))
			if !errors.Is(err, io.EOF) || strings.Count(string(data), "\n") != 300_000 {
				t.Error(len(data), err)
			}
		})
	}
	if a := c.send(http.MethodPost, strings.NewReader("SELECT 1, 'this is in no frame at all'"), nil, "decompress=1"); a.status != 400 {
		t.Errorf("a body without frames: %d %s", a.status, a.body)
	}
}

func TestInserts(t *testing.T) {
	warehousetest.Empty(t)
	c := admin(t, warehousetest.Engine(t))
	c.must("CREATE DATABASE vointi")
	c.must("CREATE TABLE vointi.t (a UInt32, s String) ENGINE = MergeTree ORDER BY a")
	for name, test := range map[string]struct {
		body   string
		params []string
		rows   int
	}{
		"values":                  {"INSERT INTO vointi.t VALUES (1, 'VALUES (2'), (3, 'FORMAT CSV')", nil, 2},
		"values with columns":     {"INSERT INTO vointi.t (a, s) VALUES (1, 'x');", nil, 1},
		"lower case":              {"insert into vointi.t (`a`, s) settings max_threads=1 values (1, 'x')", nil, 1},
		"csv in the body":         {"INSERT INTO vointi.t FORMAT CSV\n1,x\n2,y\n", nil, 2},
		"csv after a space":       {"INSERT INTO vointi.t FORMAT CSV 1,x", nil, 1},
		"json":                    {`INSERT INTO vointi.t FORMAT JSONEachRow {"a":1,"s":"x"} {"a":2,"s":"y"}`, nil, 2},
		"statement in the url":    {"1\tx\n2\ty\n", []string{"query=INSERT INTO vointi.t FORMAT TabSeparated"}, 2},
		"half in the url":         {"VALUES (1, 'x')", []string{"query=INSERT INTO vointi.t"}, 1},
		"format values":           {"(1, 'x')", []string{"query=INSERT INTO vointi.t FORMAT Values"}, 1},
		"no data":                 {"", []string{"query=INSERT INTO vointi.t FORMAT CSV"}, 0},
		"select":                  {"INSERT INTO vointi.t SELECT number, 'VALUES' FROM numbers(10)", nil, 10},
		"with":                    {"INSERT INTO vointi.t WITH x AS (SELECT 1 AS a, 'x' AS s) SELECT * FROM x", nil, 1},
		"value of a placeholder":  {"INSERT INTO vointi.t SELECT number, {s:String} FROM numbers(3)", []string{"param_s=x"}, 3},
		"comment":                 {"/* VALUES */ INSERT -- FORMAT CSV\n INTO TABLE vointi.t VALUES (1, 'x')", nil, 1},
		"much more than one read": {"INSERT INTO vointi.t FORMAT CSV\n" + strings.Repeat("1,"+strings.Repeat("x", 100)+"\n", 50_000), nil, 50_000},
	} {
		t.Run(name, func(t *testing.T) {
			c.must("TRUNCATE TABLE vointi.t")
			c.must(test.body, test.params...)
			if got := strings.TrimSpace(c.must("SELECT count() FROM vointi.t")); got != strconv.Itoa(test.rows) {
				t.Errorf("%s rows, want %d", got, test.rows)
			}
		})
	}
	t.Run("summary", func(t *testing.T) {
		a := c.do("INSERT INTO vointi.t VALUES (1, 'x'), (2, 'y')")
		if got := a.header.Get("X-ClickHouse-Summary"); got != `{"written_rows":"2"}` {
			t.Errorf("summary %q", got)
		}
	})
	t.Run("body breaks off", func(t *testing.T) {
		c.must("TRUNCATE TABLE vointi.t")
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+c.addr+"/?query=INSERT+INTO+vointi.t+FORMAT+CSV",
			io.MultiReader(strings.NewReader(strings.Repeat("1,x\n", 1000)), broken{}))
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth(c.user, c.password)
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
			t.Fatal("the client did not notice", response.Status)
		}
		if got := c.must("SELECT count() FROM vointi.t"); got != "0\n" {
			t.Errorf("%s rows were stored", got)
		}
	})
}

// broken is a body that fails before its end.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the line is dead") }
