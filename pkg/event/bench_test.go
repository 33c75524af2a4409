package event_test

import (
	"syscall"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"vointi.fi/pkg/event"
)

// measure runs a benchmark and reports processor time too, which is steadier than the clock on a shared machine.
func measure(b *testing.B, bytes int, op func() error) {
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	before := processorTime()
	for b.Loop() {
		if err := op(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op")
}

func processorTime() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func BenchmarkDecode(b *testing.B) {
	for _, name := range []string{
		"participation.checkin.v1", "participation.headcount.v1", "survey.response.v1", "calendar.event.held.v1", "population.snapshot.v1",
	} {
		body := jsontext.Value(read("events/examples/" + name + ".good-full.json"))
		if name == "participation.checkin.v1" {
			body = jsontext.Value(checkin)
		}
		if err := body.Compact(); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			measure(b, len(body), func() error { _, err := event.Decode(nil, body); return err })
		})
	}
}

func BenchmarkDecodeBinary(b *testing.B) {
	e := mustDecode(b, checkin)
	header := binaryHeader(e)
	measure(b, len(e.Data), func() error { _, err := event.Decode(header, e.Data); return err })
}

func BenchmarkHash(b *testing.B) {
	e := mustDecode(b, checkin)
	measure(b, len(e.Data), func() error { e.Hash(); return nil })
}

func BenchmarkIdentity(b *testing.B) {
	e := mustDecode(b, checkin)
	measure(b, 0, func() error { e.Identity(); return nil })
}

func BenchmarkEncode(b *testing.B) {
	e := mustDecode(b, checkin)
	measure(b, len(checkin), func() error { e.Encode(); return nil })
}

func BenchmarkNew(b *testing.B) {
	e := mustDecode(b, checkin)
	measure(b, len(checkin), func() error {
		_, err := event.New(e.Type, e.Source, e.ID, e.Time, e.Area, e.Subject, e.Payload)
		return err
	})
}

func BenchmarkSchemaLibrary(b *testing.B) {
	body := []byte(checkin)
	measure(b, len(body), func() error { return conforms(body) })
}
