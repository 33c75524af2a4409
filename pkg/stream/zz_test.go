package stream_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func BenchmarkTransport(b *testing.B) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: b.TempDir(), NoLog: true, NoSigs: true})
	if err != nil {
		b.Fatal(err)
	}
	s.Start()
	s.ReadyForConnections(time.Minute)
	defer s.Shutdown()
	fill, _ := nats.Connect(s.ClientURL())
	defer fill.Close()
	js, _ := jetstream.New(fill)
	_, err = js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s.>"}})
	if err != nil {
		b.Fatal(err)
	}
	body := make([]byte, 600)
	for i := 0; i < 200000; i++ {
		js.PublishAsync("s.KU305", body)
		if i%4000 == 3999 {
			<-js.PublishAsyncComplete()
		}
	}
	for _, mode := range []string{"tcp", "pipe", "tcp", "pipe"} {
		b.Run(mode, func(b *testing.B) {
			opts := []nats.Option{}
			if mode == "pipe" {
				opts = append(opts, nats.InProcessServer(s))
			}
			nc, err := nats.Connect(s.ClientURL(), opts...)
			if err != nil {
				b.Fatal(err)
			}
			defer nc.Close()
			j, _ := jetstream.New(nc)
			c, err := j.CreateOrUpdateConsumer(b.Context(), "S", jetstream.ConsumerConfig{AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 40000})
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for got := 0; got < b.N; {
				m, err := c.Fetch(10000, jetstream.FetchMaxWait(time.Second))
				if err != nil {
					b.Fatal(err)
				}
				for x := range m.Messages() {
					x.Ack()
					got++
				}
			}
			nc.Flush()
			perSecond(b)
		})
	}
}
