package embedded_test

import (
	"bytes"
	"strconv"
	"testing"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/warehouse/warehousetest"
)

// TestTranscodeAgainstDecoder: what is measured and copied is what a decoder and encoder make of the same bytes.
func TestTranscodeAgainstDecoder(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	for _, value := range []string{
		"toUInt8(number)", "toInt16(number)", "toUInt64(number)", "toInt128(number)", "toUInt256(number)", "toFloat32(number)", "number / 3",
		"toString(number)", "toFixedString(toString(number), 8)", "number % 2 = 0", "toDate(number)", "toDate32(number)", "toDateTime(number, 'UTC')",
		"toDateTime64(number, 3, 'Europe/Helsinki')", "generateUUIDv4()", "toDecimal32(number, 2)", "toDecimal64(number, 4)", "toDecimal128(number, 6)",
		"toDecimal256(number, 6)", "CAST(number % 2, 'Enum8(\\'a, (b\\' = 0, \\'c\\' = 1)')", "CAST(number % 2, 'Enum16(\\'a\\' = 0, \\'b\\' = 1)')",
		"toIPv4('1.2.3.4')", "toIPv6('::1')",
		"if(number % 3 = 0, NULL, number)", "if(number % 3 = 0, NULL, toString(number))", "range(number % 5)", "arrayMap(x -> toString(x), range(number % 5))",
		"arrayMap(x -> range(x), range(number % 4))", "map('a', number)", "map(toLowCardinality('a'), toString(number))", "tuple(number, 'x')",
		"CAST((number, 'x', [number]), 'Tuple(n UInt32, `a b` String, c Array(Nullable(Int64)))')", "toLowCardinality(toString(number % 300))",
		"toLowCardinality(toNullable(if(number % 3 = 0, NULL, toString(number))))", "[toLowCardinality(toString(number)), 'x']",
		"arrayMap(x -> (x, toLowCardinality(toString(x))), range(number % 3))", "[]::Array(LowCardinality(String))",
		"toLowCardinality(number % 70000)", "CAST(number, 'SimpleAggregateFunction(sum, UInt64)')",
	} {
		t.Run(value, func(t *testing.T) {
			for _, rows := range []string{"0", "1", strconv.Itoa(70_000 / slower)} {
				a := c.do("SELECT " + value + " AS v, number AS n FROM numbers(" + rows + ") FORMAT Native")
				if a.status != 200 {
					t.Fatal(a.body)
				}
				for _, revision := range []uint64{0, 54460} {
					copied, err := embedded.Transcode([]byte(a.body), revision)
					if err != nil {
						t.Fatal(err)
					}
					coded, err := embedded.Recode([]byte(a.body), revision)
					if err != nil {
						t.Skip("the decoder does not know it: ", err)
					}
					if !bytes.Equal(copied, coded) {
						t.Fatalf("%s rows, revision %d: %d bytes, decoded and encoded %d", rows, revision, len(copied), len(coded))
					}
				}
			}
		})
	}
}

// TestTranscodeWhatTheEncoderLoses: the encoder forgets the bytes of these types; copying keeps them.
func TestTranscodeWhatTheEncoderLoses(t *testing.T) {
	c := admin(t, warehousetest.Engine(t))
	for _, value := range []string{"toIntervalDay(number)", "NULL", "[]"} {
		native := c.must("SELECT " + value + " AS v, number AS n FROM numbers(3) FORMAT Native")
		same, err := embedded.Transcode([]byte(native), 0)
		if err != nil || string(same) != native {
			t.Errorf("%s: %q became %q: %v", value, native, same, err)
		}
		newer, err := embedded.Transcode([]byte(native), 54460)
		if err != nil || len(newer) != len(native)+8+2 {
			t.Errorf("%s: %d bytes became %d: %v", value, len(native), len(newer), err)
		}
	}
}
