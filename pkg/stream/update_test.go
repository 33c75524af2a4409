package stream_test

import (
	"encoding/json"
	"testing"
	"time"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

func TestUpdatesReachThoseWhoListenAndThoseWhoComeLater(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	heard := make(chan stream.Update, 10)
	stop, err := bus.Connect(t).OnUpdate("indicator.updated.v1", func(u stream.Update) { heard <- u })
	noErr(t, err)
	defer stop()
	noErr(t, bus.Publisher().PublishUpdates(t.Context(), "indicator.updated.v1", []byte(`{"n": 1}`), []byte(`{"n":2}`)))
	for _, want := range []string{`{"n":1}`, `{"n":2}`} {
		select {
		case got := <-heard:
			if string(got.Data) != want {
				t.Errorf("heard %s, want %s", got.Data, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s was not heard", want)
		}
	}

	late := consume(t, bus.Conn, stream.ConsumerConfig{Stream: stream.Updates})
	m := fetch(t, late, 2)[0]
	var e map[string]any
	noErr(t, json.Unmarshal(m.Data, &e))
	if m.Subject != "vointi.updates.indicator.updated.v1" || e["type"] != "fi.vointi.indicator.updated.v1" ||
		e["specversion"] != "1.0" || e["id"] == "" || e["source"] != "/vointi/test" || e["time"] == nil {
		t.Errorf("stored on %s as %v", m.Subject, e)
	}
	wantStored(t, bus, 0) // updates are never ingested
}

func TestUpdatesRefuseWhatIsNoJSON(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	if err := bus.Publisher().PublishUpdates(t.Context(), "x.v1", []byte("{")); err == nil {
		t.Error("published")
	}
}

func TestNudge(t *testing.T) {
	t.Parallel()
	bus := streamtest.New(t)
	nudges, stop, err := bus.OnNudge("facts")
	noErr(t, err)
	noErr(t, bus.Nudge("other"))
	for range 100 { // nobody looks meanwhile: they become one or two
		noErr(t, bus.Nudge("facts"))
	}
	select {
	case <-nudges:
	case <-time.After(10 * time.Second):
		t.Fatal("no nudge came")
	}
	stop()
	stop()
	if state, err := bus.StreamState(t.Context(), stream.Updates); err != nil || state.Messages != 0 {
		t.Errorf("nudges are stored: %+v, %v", state, err)
	}
}
