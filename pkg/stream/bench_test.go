package stream_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

// BenchmarkFetchAck is a ceiling for whoever ingests: fetching and acking each message, and nothing else.
func BenchmarkFetchAck(b *testing.B) {
	for _, batch := range []int{1000, 10_000} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			bus := streamtest.New(b)
			publish(b, bus.Conn, max(b.N, batch))
			consumer, err := bus.Consumer(b.Context(), stream.ConsumerConfig{Durable: "bench", Batch: batch})
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for got := 0; got < b.N; {
				messages, err := consumer.Fetch(b.Context(), batch, 64<<20, time.Second)
				if err != nil {
					b.Fatal(err)
				}
				if err := consumer.Ack(b.Context(), messages...); err != nil {
					b.Fatal(err)
				}
				got += len(messages)
			}
			perSecond(b)
		})
	}
}

// BenchmarkPublishBulk compares bulk publishing with and without a sync to disk before the answer: "of-nosync" is the
// durable rate divided by the other, in one run.
func BenchmarkPublishBulk(b *testing.B) {
	var nosync float64
	b.Run("nosync", func(b *testing.B) { nosync = publishRate(b) })
	b.Run("durable", func(b *testing.B) {
		durable := publishRate(b, streamtest.Durable())
		if nosync > 0 {
			b.ReportMetric(durable/nosync, "of-nosync")
		}
	})
}

func publishRate(b *testing.B, options ...streamtest.Option) float64 {
	bus := streamtest.New(b, options...)
	b.ResetTimer()
	publish(b, bus.Conn, b.N)
	return perSecond(b)
}

// BenchmarkPublishSingle is the cost of an event that comes alone and must be on disk before it is answered.
func BenchmarkPublishSingle(b *testing.B) {
	bus := streamtest.New(b, streamtest.Durable())
	e := someEvents(1)[0]
	b.ResetTimer()
	for i := range b.N {
		e.ID = fmt.Sprint(i)
		if err := bus.Publisher().Publish(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
}

func perSecond(b *testing.B) float64 {
	rate := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "events/s")
	b.ReportMetric(0, "ns/op")
	return rate
}

// publish publishes n events in bulk.
func publish(t testing.TB, conn *stream.Conn, n int) {
	t.Helper()
	for left := n; left > 0; left -= 20_000 {
		if err := conn.Publisher().PublishBatch(t.Context(), someEvents(min(left, 20_000))); err != nil {
			t.Fatal(err)
		}
	}
}

// someEvents are n different events of a usual size.
func someEvents(n int) []*event.Event {
	events := make([]*event.Event, n)
	data := []byte(`{"session_id":"s-1","text":"` + strings.Repeat("x", 400) + `"}`)
	for i := range events {
		events[i] = &event.Event{
			ID: fmt.Sprint(i), Source: "/test", Type: event.CheckinRecorded, Area: "KU305",
			Time: time.Date(2025, 3, 1, 10, 0, 0, 0, time.UTC), Data: data,
		}
	}
	return events
}
