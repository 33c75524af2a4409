package event_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
	"vointi.fi/pkg/event"
)

func TestInstants(t *testing.T) {
	for s, want := range map[string]string{
		"2024-03-05T17:02:11+02:00":      "2024-03-05T15:02:11Z",
		"2024-02-29T00:00:00Z":           "2024-02-29T00:00:00Z",
		"2024-03-31T03:30:00+02:00":      "2024-03-31T01:30:00Z", // an hour that Helsinki's clocks skip
		"2024-12-31T23:59:59.999999999Z": "2024-12-31T23:59:59.999999999Z",
		"1900-01-01T00:00:00Z":           "1900-01-01T00:00:00Z",
		"2024-01-01T00:00:00.5-00:00":    "2024-01-01T00:00:00.5Z",
		"2000-02-29T12:00:00-23:59":      "2000-03-01T11:59:00Z",
	} {
		got, ok := event.ParseInstant(s)
		if !ok || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%s: got %s, %t", s, got.Format(time.RFC3339Nano), ok)
		}
	}
	for _, s := range []string{
		"", "2024-03-05", "2024-03-05T17:02:11", "2024-03-05 17:02:11Z", "2024-03-05t17:02:11Z", "2024-03-05T17:02:11z", "2100-02-29T00:00:00Z",
		"2024-03-05T17:02Z", "2024-03-05T24:00:00Z", "2024-03-05T23:59:60Z", "2024-00-05T17:02:11Z", "2024-03-00T17:02:11Z", "24-03-05T17:02:11Z",
		"1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "1900-01-01T00:00:00+00:01", "2199-12-31T00:00:00-01:00",
		"2024-03-05T17:02:11.Z", "2024-03-05T17:02:11.1234567890Z", "2024-03-05T17:02:11,5Z", "2024-03-05T17:02:11+24:00", "2024-03-05T17:02:11+2:00",
		"2024-03-05T17:02:11+0200", "2024-03-05T17:02:11ZZ", "+024-03-05T17:02:11Z", "2024-03-05T17:02:1äZ",
	} {
		if got, ok := event.ParseInstant(s); ok {
			t.Errorf("%s: got %s", s, got)
		}
	}
}

func TestInstantsAgreeWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", 60*rapid.IntRange(-23*60, 23*60).Draw(t, "zone"))
		want := time.Unix(rapid.Int64Range(-2208816000, 7257859199).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos"))
		got, ok := event.ParseInstant(want.In(zone).Format(time.RFC3339Nano))
		if !ok || !got.Equal(want) || got.Location() != time.UTC {
			t.Fatalf("%s: got %s, %t", want, got, ok)
		}
	})
}

func FuzzInstant(f *testing.F) {
	f.Add("2024-03-05T17:02:11.25+02:00")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := event.ParseInstant(s)
		if !ok {
			return
		}
		if want, err := time.Parse(time.RFC3339Nano, s); err != nil || !want.Equal(got) {
			t.Fatalf("%q: got %s, want %s %v", s, got, want, err)
		}
	})
}

func TestEuros(t *testing.T) {
	for s, want := range map[string]int64{"0": 0, "330": 33000, "330.5": 33050, "330.05": 33005, "0.01": 1, "9999999999.99": 999_999_999_999} {
		if got, ok := event.ParseEuros(s); !ok || got != want {
			t.Errorf("%s: got %d, %t", s, got, ok)
		}
	}
	for _, s := range []string{"", "-1", "+1", "1.", ".5", "01", "00", "1.005", "1,5", "1e2", "10000000000", " 1", "1 ", "1.-5", "0x1", "١"} {
		if got, ok := event.ParseEuros(s); ok {
			t.Errorf("%q: got %d", s, got)
		}
	}
}

func TestEurosRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(0, 999_999_999_999).Draw(t, "cents")
		got, ok := event.ParseEuros(fmt.Sprintf("%d.%02d", cents/100, cents%100))
		if !ok || got != cents {
			t.Fatalf("got %d, %t", got, ok)
		}
	})
}

// TestWholeNumbers feeds spellings of numbers through an attribute.
func TestWholeNumbers(t *testing.T) {
	for s, want := range map[string]int{"3": 3, "3.0": 3, "3e0": 3, "30e-1": 3, "0.3E+1": 3, "100": 100, "1e2": 100, "1.0e2": 100, "65535": 65535} {
		e := mustDecode(t, strings.Replace(checkin, `"key_version":3`, `"key_version":`+s, 1))
		if got := e.Payload.(*event.Checkin).KeyVersion; got != want {
			t.Errorf("%s: got %d", s, got)
		}
	}
	for _, s := range []string{"0", "-0", "0.0", "-3", "3.5", "3e-1", "1e99999999999999999999", "1e-99999999999999999999", "1e18", "123456789012345678901", "0e5"} {
		if _, err := event.Decode(nil, []byte(strings.Replace(checkin, `"key_version":3`, `"key_version":`+s, 1))); err == nil {
			t.Errorf("%s is accepted", s)
		}
	}
}
