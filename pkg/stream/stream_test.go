package stream_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConnectRefusesWhatTryingCannotMend(t *testing.T) {
	for name, url := range map[string]string{"no URL": "", "unreadable": "nats://[::1"} {
		t.Run(name, func(t *testing.T) {
			if _, err := stream.Connect(t.Context(), stream.Config{URL: url}, zap.NewNop()); err == nil {
				t.Fatal("connected")
			}
		})
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := stream.Connect(ended, stream.Config{URL: "nats://127.0.0.1:1"}, zap.NewNop()); err == nil {
		t.Fatal("connected for a caller that has ended")
	}
}

func TestConnectWithoutServerGoesOnTrying(t *testing.T) {
	bus := streamtest.New(t)
	bus.Stop()
	core, logs := observer.New(zap.WarnLevel)
	conn, err := stream.Connect(t.Context(), stream.Config{URL: bus.URL}, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	wantErr(t, conn.Check(t.Context()), stream.ErrUnavailable)
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	wantErr(t, conn.EnsureStreams(short, stream.StreamConfig{}), stream.ErrUnavailable)

	bus.Restart(t)
	await(t, conn)
	noErr(t, conn.Check(t.Context()))
	for _, entry := range logs.All() {
		if entry.Message != "bus not reachable" && entry.Message != "bus connection lost" {
			t.Errorf("logged %q", entry.Message)
		}
	}
}

func TestWrongPasswordIsNamed(t *testing.T) {
	bus := streamtest.New(t, streamtest.Password("right"))
	conn, err := stream.Connect(t.Context(), stream.Config{URL: bus.URL, User: "test", Password: "wrong"}, zap.NewNop())
	noErr(t, err)
	defer conn.Close()
	for deadline := time.Now().Add(20 * time.Second); ; runtime.Gosched() {
		err = conn.Check(t.Context())
		wantErr(t, err, stream.ErrUnavailable)
		if contains(err.Error(), "refuses the user or the password") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the error does not say what is wrong: %s", err)
		}
	}
}

func TestEnsureStreamsTwiceChangesNothing(t *testing.T) {
	bus := streamtest.New(t)
	publish(t, bus.Conn, 3)
	before, err := bus.StreamState(t.Context(), stream.Events)
	noErr(t, err)
	noErr(t, bus.EnsureStreams(t.Context(), stream.StreamConfig{MaxBytes: 1 << 30}))
	after, err := bus.StreamState(t.Context(), stream.Events)
	noErr(t, err)
	if before != after {
		t.Errorf("state was %+v, is %+v", before, after)
	}
	if after.Messages != 3 || after.Last != 3 || after.First != 1 || after.MaxBytes != 1<<30 {
		t.Errorf("state is %+v", after)
	}
}

func TestEnsureStreamsChangesTheSize(t *testing.T) {
	bus := streamtest.New(t)
	noErr(t, bus.EnsureStreams(t.Context(), stream.StreamConfig{MaxBytes: 2 << 30, MaxAge: time.Hour}))
	state, err := bus.StreamState(t.Context(), stream.Events)
	noErr(t, err)
	if state.MaxBytes != 2<<30 {
		t.Errorf("maximum bytes are %d", state.MaxBytes)
	}
}

func TestStateOfWhatIsNotThere(t *testing.T) {
	bus := streamtest.New(t)
	_, err := bus.StreamState(t.Context(), "NONE")
	wantErr(t, err, stream.ErrNoStream)
	_, err = bus.ConsumerState(t.Context(), stream.Events, "none")
	wantErr(t, err, stream.ErrNoStream)
	_, err = bus.Get(t.Context(), stream.Events, 7)
	wantErr(t, err, stream.ErrNotFound)
	_, err = bus.Consumer(t.Context(), stream.ConsumerConfig{Durable: "c", Stream: "NONE"})
	wantErr(t, err, stream.ErrNoStream)
}
