// Package edgetest sends requests to a service's handler in tests, and looks at what reached the bus.
package edgetest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

// Identity is how an answer names an event.
type Identity struct{ ID, Source, Type string }

// Answer is the status and the body of any answer.
type Answer struct {
	Status int
	Identity
	Events []Identity
	Error  string
	Faults []struct{ Pointer, Reason string }
}

// Pointers returns the faults' pointers, sorted, each once.
func (a Answer) Pointers() []string {
	var all []string
	for _, f := range a.Faults {
		all = append(all, f.Pointer)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Send sends a body as application/json, unless the header, given as names and values in turn, says otherwise.
func Send(t testing.TB, handler http.Handler, method, path string, body io.Reader, header ...string) Answer {
	t.Helper()
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	a := Answer{Status: w.Code}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("the answer %d is no JSON: %q", w.Code, w.Body)
	}
	return a
}

// Last returns the newest message on the bus, and the event that it is.
func Last(t testing.TB, bus *streamtest.Bus) (stream.Message, *event.Event) {
	t.Helper()
	state, err := bus.StreamState(t.Context(), stream.Events)
	if err != nil {
		t.Fatal(err)
	}
	message, err := bus.Get(t.Context(), stream.Events, state.Last)
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.Decode(message.Header, message.Data)
	if err != nil {
		t.Fatal(err)
	}
	if err := event.CheckSubject(e, message.Subject); err != nil {
		t.Fatal(err)
	}
	return message, e
}

// Accepted wants a request to be accepted, and the bus to have the event that the answer names.
func Accepted(t testing.TB, bus *streamtest.Bus, a Answer) *event.Event {
	t.Helper()
	if a.Status != http.StatusAccepted {
		t.Fatalf("%+v", a)
	}
	_, e := Last(t, bus)
	if want := (Identity{e.ID, e.Source, event.TypePrefix + string(e.Type)}); a.Identity != want {
		t.Errorf("answered %+v, published %+v", a.Identity, want)
	}
	return e
}

// WantStored wants so many messages on the bus.
func WantStored(t testing.TB, bus *streamtest.Bus, want int) {
	t.Helper()
	state, err := bus.StreamState(t.Context(), stream.Events)
	if err != nil {
		t.Fatal(err)
	}
	if state.Messages != uint64(want) {
		t.Errorf("%d messages on the bus, want %d", state.Messages, want)
	}
}
