package warehouse_test

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"vointi.fi/pkg/warehouse/warehousetest"
)

// client opens the embedded engine as any program with this client would.
func client(t *testing.T, method clickhouse.CompressionMethod) driver.Conn {
	t.Helper()
	u, err := url.Parse(warehousetest.Engine(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol: clickhouse.HTTP, Addr: []string{u.Host}, Compression: &clickhouse.Compression{Method: method, Level: 1},
		Auth: clickhouse.Auth{Username: u.User.Username(), Password: password, Database: "vointi"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestClickhouseGo(t *testing.T) {
	db := table(t, "a UInt32, s String")
	_ = db
	for name, method := range map[string]clickhouse.CompressionMethod{
		"none": clickhouse.CompressionNone, "lz4": clickhouse.CompressionLZ4, "zstd": clickhouse.CompressionZSTD,
		"gzip": clickhouse.CompressionGZIP, "deflate": clickhouse.CompressionDeflate,
	} {
		t.Run(name, func(t *testing.T) {
			conn := client(t, method)
			exec(t, db, "TRUNCATE TABLE vointi_internal.t")
			ping(t, conn)
			batch(t, conn)
			formats(t, conn)
			exceptions(t, conn)
		})
	}
}

func ping(t *testing.T, conn driver.Conn) {
	t.Helper()
	if err := conn.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	version, err := conn.ServerVersion()
	if err != nil || version.Version.Major < 26 {
		t.Errorf("%v %v", version, err)
	}
}

// batch inserts without telling the columns, so that the client asks for them.
func batch(t *testing.T, conn driver.Conn) {
	t.Helper()
	b, err := conn.PrepareBatch(t.Context(), "INSERT INTO vointi_internal.t")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20_000 {
		if err := b.Append(uint32(i), "ä"); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Send(); err != nil {
		t.Fatal(err)
	}
	var n, sum uint64
	if err := conn.QueryRow(t.Context(), "SELECT count(), sum(a) FROM vointi_internal.t WHERE s = ?", "ä").Scan(&n, &sum); err != nil || n != 20_000 || sum != 199_990_000 {
		t.Errorf("%d rows, sum %d: %v", n, sum, err)
	}
}

func formats(t *testing.T, conn driver.Conn) {
	t.Helper()
	if err := conn.InsertFormat(t.Context(), "CSV", "INSERT INTO vointi_internal.t", strings.NewReader("1000000,x\n1000001,y\n")); err != nil {
		t.Fatal(err)
	}
	stream, err := conn.QueryFormat(t.Context(), "JSONEachRow", "SELECT a FROM vointi_internal.t WHERE a >= 1000000 ORDER BY a")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(stream)
	if err != nil || !bytes.Equal(data, []byte("{\"a\":1000000}\n{\"a\":1000001}\n")) {
		t.Errorf("%q %v", data, err)
	}
	if err := stream.Close(); err != nil {
		t.Error(err)
	}
}

func exceptions(t *testing.T, conn driver.Conn) {
	t.Helper()
	var exception *clickhouse.Exception
	_, err := conn.Query(t.Context(), "SELECT * FROM nope")
	if !errors.As(err, &exception) || exception.Code != 60 || exception.CodeName != "UNKNOWN_TABLE" {
		t.Errorf("unknown table: %v", err)
	}
	rows, err := conn.Query(t.Context(), "SELECT throwIf(number = 1000000) FROM numbers(3000000)")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() { //nolint:revive // to the exception
	}
	if err := rows.Err(); !errors.As(err, &exception) || exception.Code != 395 {
		t.Errorf("in the middle: %v", err)
	}
	_ = rows.Close()
	b, err := conn.PrepareBatch(t.Context(), "INSERT INTO vointi_internal.nope")
	if !errors.As(err, &exception) || exception.Code != 60 {
		t.Errorf("insert into nothing: %v %v", b, err)
	}
}
