package stream_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

// TestReaderThatStandsStillIsSentNoMoreThanTheServerHoldsForIt has 100 MB waiting for a client whose network takes
// nothing for a while. A server that piled them up would take the client for dead, and what it had sent would be out of
// reach until AckWait is over.
func TestReaderThatStandsStillIsSentNoMoreThanTheServerHoldsForIt(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	const messages = 400
	for range messages {
		noErr(t, bus.Publisher().PublishRaw(t.Context(), "vointi.events.x.v1.KU305", nil, make([]byte, 250_000)))
	}
	gate := newGate(t, strings.TrimPrefix(bus.URL, "nats://"))
	conn, err := stream.Connect(t.Context(), stream.Config{URL: "nats://" + gate.address, Name: "slow", Timeout: 20 * time.Second}, zap.NewNop())
	noErr(t, err)
	t.Cleanup(conn.Close)
	c := consume(t, conn, stream.ConsumerConfig{AckWait: time.Hour})

	<-gate.open
	fetched := make(chan []stream.Message, 1)
	go func() {
		got, _ := c.Fetch(t.Context(), messages, 1<<30, 20*time.Second)
		fetched <- got
	}()
	sent := uint64(0)
	for range time.Tick(50 * time.Millisecond) {
		state, err := bus.ConsumerState(t.Context(), stream.Events, "c")
		noErr(t, err)
		if sent > 0 && state.Delivered == sent {
			break
		}
		sent = state.Delivered
	}
	gate.open <- struct{}{}
	got := <-fetched
	if len(got) != messages {
		t.Fatalf("%d messages came, want %d; %d had been sent before any was read", len(got), messages, sent)
	}
	for _, m := range got {
		if m.Delivered != 1 {
			t.Fatalf("message %d was delivered %d times", m.Sequence, m.Delivered)
		}
	}
}

// gate carries one server's connections on; what the server sends waits while somebody has what is in open.
type gate struct {
	address string
	open    chan struct{}
}

func newGate(t *testing.T, server string) *gate {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	noErr(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	g := &gate{address: listener.Addr().String(), open: make(chan struct{}, 1)}
	g.open <- struct{}{}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go g.carry(client, server)
		}
	}()
	return g
}

func (g *gate) carry(client net.Conn, address string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
	_, _ = io.Copy(client, held{server, g.open})
}

// held reads when open lets it.
type held struct {
	io.Reader
	open chan struct{}
}

func (h held) Read(p []byte) (int, error) {
	h.open <- <-h.open
	return h.Reader.Read(p)
}
