package stream_test

import (
	"testing"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/stream"
)

// Each user of the shipped configuration can do its work, through the calls that do it, and no more.
func TestUsersCanDoTheirWork(t *testing.T) {
	t.Parallel()
	const patient = 30 * time.Second
	server, err := embedded.StartNATS(embedded.NATSConfig{Dir: t.TempDir(), Listen: "127.0.0.1:0"}, zap.NewNop())
	noErr(t, err)
	defer server.Stop()
	as := func(user string, timeout time.Duration) *stream.Conn {
		conn, err := stream.Connect(t.Context(), stream.Config{
			URL: server.URL(), User: user, Password: server.Password(user), Name: "vointi-" + user, Timeout: timeout,
		}, zap.NewNop())
		noErr(t, err)
		t.Cleanup(conn.Close)
		await(t, conn)
		return conn
	}
	noErr(t, as("migrator", patient).EnsureStreams(t.Context(), stream.StreamConfig{MaxBytes: 64 << 20}))

	publisher := as("publisher", patient)
	noErr(t, publisher.Publisher().Publish(t.Context(), someEvents(1)[0]))
	noErr(t, publisher.Publisher().PublishBatch(t.Context(), someEvents(1200)))

	ingester, aggregator := as("ingester", patient), as("aggregator", patient)
	nudges, stop, err := aggregator.OnNudge("changes")
	noErr(t, err)
	defer stop()
	c := consume(t, ingester, stream.ConsumerConfig{Batch: 2000})
	messages := fetch(t, c, 1201)
	noErr(t, c.InProgress(t.Context(), messages...))
	noErr(t, c.Retry(t.Context(), 0, messages[0]))
	noErr(t, c.Ack(t.Context(), messages[1:]...))
	noErr(t, c.Ack(t.Context(), fetch(t, c, 1)...))
	_, err = ingester.Get(t.Context(), stream.Events, 7)
	noErr(t, err)

	noErr(t, ingester.Nudge("changes"))
	select {
	case <-nudges:
	case <-time.After(20 * time.Second):
		t.Fatal("no nudge came")
	}
	state, err := aggregator.ConsumerState(t.Context(), stream.Events, "c")
	noErr(t, err)
	if state.Delivered != 1201 {
		t.Errorf("the aggregator sees %+v", state)
	}
	noErr(t, aggregator.Publisher().PublishUpdates(t.Context(), "indicator.updated.v1", []byte(`{}`)))

	wantErr(t, as("ingester", time.Second).Publisher().Publish(t.Context(), someEvents(1)[0]), stream.ErrUnavailable)
	fromURL, err := stream.Connect(t.Context(), stream.Config{URL: server.UserURL("publisher")}, zap.NewNop())
	noErr(t, err)
	defer fromURL.Close()
	noErr(t, fromURL.Publisher().Publish(t.Context(), someEvents(2)[1]))
}
