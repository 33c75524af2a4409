package edge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"pgregory.net/rapid"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream/streamtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var counts = edge.Envelope{
	Type: event.HeadcountRecorded, Source: "/test", Time: "counted_at", Area: "venue_area_id", Subject: "session_id",
}

const good = `{"session_id":"S1","venue_area_id":"KU305","counted_at":"2025-03-05T15:00:00Z","total":3,` +
	`"includes_card_holders":false,"venue_id":"V1","activity_type":"art","provider_id":"P1"}`

func headcount(_ *http.Request, body *edge.Body) (*event.Event, error) {
	return body.Event(counts, func(e *event.Event) []string { return []string{e.Subject} })
}

func start(t testing.TB, make edge.Make) (http.Handler, *streamtest.Bus) {
	t.Helper()
	bus := streamtest.New(t)
	return edge.New(zap.NewNop(), prometheus.NewRegistry(), bus.Publisher(), "test").JSON(make), bus
}

func send(t testing.TB, handler http.Handler, body io.Reader, header ...string) edgetest.Answer {
	t.Helper()
	return edgetest.Send(t, handler, http.MethodPost, "/", body, header...)
}

func TestBodiesThatAreNoObject(t *testing.T) {
	handler, bus := start(t, headcount)
	for name, test := range map[string]struct {
		body, pointer string
		want          int
	}{
		"empty":          {body: "", want: 400},
		"null":           {body: "null", want: 400},
		"a list":         {body: "[" + good + "]", want: 400},
		"truncated":      {body: good[:50], want: 400},
		"two":            {body: good + good, want: 400},
		"not UTF-8":      {body: strings.Replace(good, "S1", "S\xff", 1), want: 400},
		"a half pair":    {body: strings.Replace(good, "S1", `\ud800`, 1), want: 400},
		"given twice":    {body: strings.Replace(good, "{", `{"total":3,`, 1), pointer: "/total", want: 400},
		"nested deeply":  {body: strings.Repeat("[", 20_000), want: 400},
		"a value nested": {body: strings.Replace(good, `"S1"`, strings.Repeat("[", 5000)+strings.Repeat("]", 5000), 1), pointer: "/session_id", want: 400},
		"too large":      {body: strings.Replace(good, "S1", strings.Repeat("x", event.MaxSize), 1), want: 413},
	} {
		t.Run(name, func(t *testing.T) {
			a := send(t, handler, strings.NewReader(test.body))
			if a.Status != test.want || a.Error == "" {
				t.Fatalf("%+v, want %d", a, test.want)
			}
			if a.Status == 400 && (len(a.Faults) != 1 || !strings.HasPrefix(a.Faults[0].Pointer, test.pointer)) {
				t.Errorf("faults are %+v", a.Faults)
			}
		})
	}
	edgetest.WantStored(t, bus, 0)
}

func TestBodyThatDoesNotArrive(t *testing.T) {
	handler, _ := start(t, headcount)
	a := send(t, handler, io.MultiReader(strings.NewReader(good[:20]), broken{}))
	if a.Status != 400 || !strings.Contains(a.Error, "arrive") {
		t.Errorf("%+v", a)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestContentTypes(t *testing.T) {
	handler, _ := start(t, headcount)
	for contentType, want := range map[string]int{
		"application/json": 202, "Application/JSON; charset=utf-8": 202, "text/plain": 415, "application/cloudevents+json": 415,
		"application/x-www-form-urlencoded": 415, "": 415, "application/json; charset=utf-16": 415,
	} {
		if a := send(t, handler, strings.NewReader(good), "Content-Type", contentType); a.Status != want {
			t.Errorf("%q: %+v, want %d", contentType, a, want)
		}
	}
}

func TestACrowdIsToldToComeAgain(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	handler, bus := start(t, func(r *http.Request, body *edge.Body) (*event.Event, error) {
		entered <- struct{}{}
		<-release
		return headcount(r, body)
	})
	statuses := make(chan int, edge.Places)
	for i := range edge.Places {
		go func() {
			statuses <- send(t, handler, strings.NewReader(good), "Idempotency-Key", fmt.Sprint(i)).Status
		}()
		<-entered
	}
	if a := send(t, handler, strings.NewReader(good)); a.Status != 429 || a.Error == "" {
		t.Errorf("one too many: %+v", a)
	}
	close(release)
	for range edge.Places {
		if status := <-statuses; status != 202 {
			t.Errorf("one of the first: %d", status)
		}
	}
	edgetest.WantStored(t, bus, edge.Places)
}

func TestRetryAfter(t *testing.T) {
	handler, bus := start(t, headcount)
	bus.Stop()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(good))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "127.0.0.1") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestServiceCanTakePutAndBlame(t *testing.T) {
	var took [3]string
	handler, bus := start(t, func(r *http.Request, body *edge.Body) (*event.Event, error) {
		took = [3]string{body.Take("secret"), body.Take("number"), body.Take("none")}
		if body.Has("secret") || body.Number("total") != 3 || body.Number("session_id") != 0 || body.Text("total") != "" {
			t.Error("the body reads wrong")
		}
		body.Put("counter", `a "b"`)
		body.PutNumber("total", 4)
		body.Fault("", "is bad as a whole")
		return headcount(r, body)
	})
	a := send(t, handler, strings.NewReader(strings.Replace(good, "{", `{"secret":"s\u0041","number":5,`, 1)))
	want := []struct{ Pointer, Reason string }{{"/number", "must be a text that is not empty"}, {"", "is bad as a whole"}}
	if a.Status != 400 || !slices.Equal(a.Faults, want) {
		t.Errorf("%+v", a)
	}
	if took != [3]string{"sA", "", ""} {
		t.Errorf("took %q", took)
	}
	edgetest.WantStored(t, bus, 0)
}

func TestEveryFaultIsToldOnce(t *testing.T) {
	handler, _ := start(t, headcount)
	a := send(t, handler, strings.NewReader(`{"venue_area_id":"MK17","counted_at":"x","session_id":"","total":-1}`))
	want := []string{
		"/activity_type", "/counted_at", "/includes_card_holders", "/provider_id", "/session_id", "/total", "/venue_area_id", "/venue_id",
	}
	if a.Status != 400 || !slices.Equal(a.Pointers(), want) || len(a.Faults) != len(want) {
		t.Errorf("%+v, want %v", a, want)
	}
}

func TestTheSameBodyIsTheSameMessageWhateverItsOrder(t *testing.T) {
	handler, bus := start(t, headcount)
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(good), &members); err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		var parts []string
		for _, name := range rapid.Permutation(names).Draw(rt, "order") {
			parts = append(parts, fmt.Sprintf(" %q : %s", name, members[name]))
		}
		if a := send(t, handler, strings.NewReader("{"+strings.Join(parts, ",")+"}")); a.Status != 202 {
			rt.Fatalf("%+v", a)
		}
	})
	edgetest.WantStored(t, bus, 1)
}

func TestInstant(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	if got := edge.Instant(time.Date(2025, 3, 5, 17, 0, 0, 250_000_000, zone)); got != "2025-03-05T15:00:00.25Z" {
		t.Error(got)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(good), "")
	f.Add([]byte(`{"venue_area_id":"KU853-01-02","counted_at":null}`), "key")
	f.Add([]byte(`{"session_id":{"a":[1,2,{}]},"é":"\ud83d\ude00"}`), "\xff")
	f.Add([]byte("{"), "")
	var made *event.Event
	handler := edge.New(zap.NewNop(), prometheus.NewRegistry(), nil, "test").JSON(
		func(r *http.Request, b *edge.Body) (*event.Event, error) {
			var err error
			if made, err = headcount(r, b); err == nil {
				err = &event.InvalidError{Kind: event.Schema} // enough: it need not be published
			}
			return nil, err
		})
	f.Fuzz(func(t *testing.T, body []byte, key string) {
		made = nil
		send(t, handler, bytes.NewReader(body), "Idempotency-Key", key)
		if made == nil {
			return
		}
		if _, err := event.Decode(nil, made.Encode()); err != nil {
			t.Errorf("made an event that is not valid: %v", err)
		}
	})
}
