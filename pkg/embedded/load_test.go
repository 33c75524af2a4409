package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/warehouse/warehousetest"
)

// residentMB is the memory of a process.
func residentMB(t *testing.T, pid int) int {
	t.Helper()
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("no /proc here") // memory is looked at on Linux only
	}
	defer file.Close()
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		if fields := strings.Fields(scanner.Text()); len(fields) > 1 && fields[0] == "VmRSS:" {
			kb, err := strconv.Atoi(fields[1])
			if err != nil {
				t.Fatal(err)
			}
			return kb >> 10
		}
	}
	t.Fatal("no VmRSS")
	return 0
}

// TestResultLargerThanMemory reads 220 MB through a statement that may use 60 MB.
func TestResultLargerThanMemory(t *testing.T) {
	e := warehousetest.Engine(t)
	for _, format := range []string{"Native", "RowBinary"} {
		t.Run(format, func(t *testing.T) {
			body := open(t, t.Context(), e, fmt.Sprintf("SELECT number, repeat('x', 100) FROM numbers(%d)", 2_000_000/slower),
				"default_format="+format, "max_memory_usage=60000000", "max_threads=2", "client_protocol_version=54460")
			before, most := residentMB(t, e.PID()), 0
			var size int64
			for buffer := make([]byte, 4<<20); ; {
				n, err := io.ReadFull(body, buffer)
				size += int64(n)
				most = max(most, residentMB(t, e.PID()))
				if err != nil {
					break
				}
			}
			if size < 216_000_000/slower {
				t.Errorf("only %d bytes came", size)
			}
			if most > before+120 {
				t.Errorf("memory grew from %d to %d MB", before, most)
			}
		})
	}
}

// open sends a statement and returns its result while it comes.
func open(t *testing.T, ctx context.Context, e *embedded.ClickHouse, sql string, params ...string) io.Reader {
	t.Helper()
	values := url.Values{}
	for _, p := range params {
		name, value, _ := strings.Cut(p, "=")
		values.Set(name, value)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.Addr()+"/?"+values.Encode(), strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(embedded.AdminUser, e.Password())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(response.Body)
		t.Fatalf("%s: %s", response.Status, body)
	}
	return response.Body
}

// TestInsertLargerThanMemory streams 250 MB into a statement that may use 60 MB.
func TestInsertLargerThanMemory(t *testing.T) {
	e := warehousetest.Engine(t)
	line := []byte(strings.Repeat("x", 1000) + "\n")
	chunk := []byte(strings.Repeat(string(line), 1000))
	before, most := residentMB(t, e.PID()), 0
	reader, writer := io.Pipe()
	go func() {
		for range 250 / slower {
			if _, err := writer.Write(chunk); err != nil {
				return
			}
		}
		writer.Close()
	}()
	counted := &sampled{reader, func() { most = max(most, residentMB(t, e.PID())) }}
	a := admin(t, e).send(http.MethodPost, counted, nil, "query=INSERT INTO FUNCTION null('s String') FORMAT LineAsString",
		"max_memory_usage=60000000", "max_block_size=5000", "max_insert_block_size=5000", "min_insert_block_size_rows=5000", "min_insert_block_size_bytes=5000000")
	if a.status != 200 {
		t.Fatal(a.status, a.body)
	}
	if most > before+120 {
		t.Errorf("memory grew from %d to %d MB", before, most)
	}
}

type sampled struct {
	io.Reader
	look func()
}

func (s *sampled) Read(p []byte) (int, error) {
	s.look()
	return s.Reader.Read(p)
}

func TestClientGoesAway(t *testing.T) {
	e := warehousetest.Engine(t)
	for name, sql := range map[string]string{
		"before the first row": "SELECT sum(sipHash64(number)) FROM numbers(1000000000000) -- endless",
		"between rows":         "SELECT number FROM numbers(1000000000000) -- endless",
		"without rows":         "INSERT INTO FUNCTION null('a UInt64') SELECT number FROM numbers(1000000000000) -- endless",
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			defer wg.Wait()
			wg.Go(func() {
				request, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.Addr()+"/", strings.NewReader(sql))
				request.SetBasicAuth(embedded.AdminUser, e.Password())
				if response, err := http.DefaultClient.Do(request); err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					response.Body.Close()
				}
			})
			c := admin(t, e)
			awaitCount(t, c, 1)
			cancel()
			awaitCount(t, c, 0)
		})
	}
}

// awaitCount waits until so many endless statements run.
func awaitCount(t *testing.T, c *client, want int) {
	t.Helper()
	await(t, c, "SELECT count() FROM system.processes WHERE query LIKE '%end' || 'less'", want)
}

// await waits until a statement gives a number.
func await(t *testing.T, c *client, sql string, want int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		got := strings.TrimSpace(c.must(sql))
		if got == strconv.Itoa(want) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %s, want %d", sql, got, want)
		}
	}
}

// TestReadersDuringInserts: each reader sees whole inserts only, and never fewer than before.
func TestReadersDuringInserts(t *testing.T) {
	warehousetest.Empty(t)
	e := warehousetest.Engine(t)
	c := admin(t, e)
	c.must("CREATE DATABASE vointi")
	c.must("CREATE TABLE vointi.facts (a UInt32) ENGINE = MergeTree ORDER BY a")
	c.must("CREATE VIEW vointi.v DEFINER = default SQL SECURITY DEFINER AS SELECT * FROM vointi.facts")
	const inserts, rows = 40 / slower, 1000
	data := strings.Repeat("7\n", rows)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			r := reader(t, e, "vointi_reader")
			for last := 0; ; {
				a := r.do("SELECT count() FROM vointi.v")
				n, err := strconv.Atoi(strings.TrimSpace(a.body))
				if err != nil || n%rows != 0 || n < last {
					t.Errorf("after %d rows: %d %s", last, a.status, a.body)
					return
				}
				last = n
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			for range inserts / 2 {
				if a := c.do(data, "query=INSERT INTO vointi.facts FORMAT TSV"); a.status != 200 {
					t.Error(a.body)
				}
			}
		})
	}
	writers.Wait()
	close(done)
	wg.Wait()
	if got := c.must("SELECT count() FROM vointi.facts"); got != strconv.Itoa(inserts*rows)+"\n" {
		t.Error(got)
	}
}

// TestReadersCannotBlockThePipeline: with all places of readers taken by slow statements, the full user is served.
func TestReadersCannotBlockThePipeline(t *testing.T) {
	warehousetest.Empty(t)
	cfg := warehousetest.Config(t.TempDir())
	cfg.MaxConcurrent = 2
	e, err := embedded.StartClickHouse(t.Context(), os.Args[0], cfg, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Stop() //nolint:errcheck // the test is over
	c := admin(t, e)
	c.must("CREATE DATABASE vointi")
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			request, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.Addr()+"/", strings.NewReader("SELECT sum(sipHash64(number)) FROM numbers(1000000000000) -- endless"))
			request.SetBasicAuth("vointi_reader", "")
			if response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request); err == nil {
				response.Body.Close()
			}
		})
	}
	awaitCount(t, c, 1)
	for range 20 {
		c.must("SELECT 1")
	}
	cancel()
	wg.Wait()
}
