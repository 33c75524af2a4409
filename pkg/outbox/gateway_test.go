package outbox_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/outbox"
)

// server is an HTTP server that answers a batch as a test has it.
func server(t *testing.T, answer func(events []*event.Event) (status int, text string)) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		events, err := event.DecodeBatch(body)
		if err != nil || r.URL.Path != "/v1/events" || r.Header.Get("Content-Type") != "application/cloudevents-batch+json" {
			t.Errorf("%s %v: %v", r.URL, r.Header, err)
		}
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("authorization %q", r.Header.Get("Authorization"))
		}
		status, text := answer(events)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(func() {
		s.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

// TestOneRefusedEventDoesNotHoldUpTheOthers: of a batch that is refused each event is sent alone.
func TestOneRefusedEventDoesNotHoldUpTheOthers(t *testing.T) {
	granted := false
	var arrived []string
	s := server(t, func(events []*event.Event) (int, string) {
		if !granted && slices.Contains(subjects(events), "M3") {
			return http.StatusForbidden, `{"error": "not granted", "faults": [{"pointer": "/0/type", "reason": "is not one of the token's"}]}`
		}
		arrived = append(arrived, subjects(events)...)
		return http.StatusAccepted, ""
	})
	box := open(t, filepath.Join(t.TempDir(), "outbox.db"), outbox.ToGateway(s.URL+"/", "secret"))
	put(t, box, releases(0, 6)...)
	flush(t, box)
	if !slices.Equal(arrived, []string{"M0", "M1", "M2", "M4", "M5"}) {
		t.Errorf("arrived: %v", arrived)
	}
	refusals, err := box.Refused()
	if err != nil || len(refusals) != 1 || box.State().Refused != 1 {
		t.Fatalf("%+v %v", refusals, err)
	}
	var kept struct{ Subject string }
	if err := json.Unmarshal(refusals[0].Event, &kept); err != nil || kept.Subject != "M3" {
		t.Errorf("kept %s: %v", refusals[0].Event, err)
	}
	if reason := refusals[0].Reason; !strings.Contains(reason, "403 Forbidden: not granted; /0/type is not one of the token's") {
		t.Errorf("the reason: %s", reason)
	}

	granted = true
	if err := box.SendAgain(); err != nil {
		t.Fatal(err)
	}
	flush(t, box)
	if state := box.State(); state != (outbox.State{}) || arrived[len(arrived)-1] != "M3" {
		t.Errorf("%+v, arrived: %v", state, arrived)
	}
}

// TestWhichAnswersKeepAnEventInTheQueue: all but those that only another event, or another grant, would change.
func TestWhichAnswersKeepAnEventInTheQueue(t *testing.T) {
	for status, refused := range map[int]bool{
		200: false, 301: false, 400: true, 401: false, 403: true, 404: false, 413: true, 415: false, 422: true, 429: false, 500: false, 503: false,
	} {
		s := server(t, func([]*event.Event) (int, string) { return status, "<html>" })
		err := outbox.ToGateway(s.URL, "secret").Send(t.Context(), releases(0, 1))
		if err == nil || errors.Is(err, outbox.ErrRefused) != refused || !strings.Contains(err.Error(), s.URL) {
			t.Errorf("%d: %v", status, err)
		}
	}
}
