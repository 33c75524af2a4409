package participation_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/services/participation"
)

// calendar publishes one version of an occurrence.
func (r running) calendar(t *testing.T, id string, sequence int64, change func(*event.Calendar)) *event.Event {
	t.Helper()
	p := &event.Calendar{
		EventID: id, Sequence: sequence, Name: map[string]string{"fi": "Luontoretki"}, Status: "scheduled",
		Start: time.Date(2099, 3, 5, 15, 0, 0, 0, time.UTC), VenueID: "V17", Area: "KU305-01", ProviderID: "ORG12", ActivityType: "nature",
		LastModified: time.Date(2026, 1, 1, 0, 0, int(sequence), 0, time.UTC),
	}
	kind := event.CalendarUpdated
	if sequence == 0 {
		kind = event.CalendarCreated
	}
	if change != nil {
		change(p)
	}
	if p.Status == "cancelled" {
		kind = event.CalendarCancelled
	}
	e, err := event.New(kind, "/vointi/calendar", event.NewID(id, p.LastModified.String()), p.LastModified, "KU305", id, p)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// listed are the ids of the sessions that are answered.
func (r running) listed(t *testing.T, query string) []string {
	t.Helper()
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/participation/sessions"+query, nil))
	var answer struct {
		Day      string
		Sessions []participation.Session
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	ids := []string{}
	for _, s := range answer.Sessions {
		ids = append(ids, s.SessionID)
	}
	return ids
}

func TestSessions(t *testing.T) {
	r := start(t, participation.Config{})
	publish := func(events ...*event.Event) {
		t.Helper()
		if err := r.bus.Publisher().PublishBatch(t.Context(), events); err != nil {
			t.Fatal(err)
		}
	}
	want := func(query string, ids ...string) {
		t.Helper()
		if got := r.listed(t, query); !slices.Equal(got, ids) {
			t.Errorf("%s: %v, want %v", query, got, ids)
		}
	}
	want("?day=2099-03-05")
	at := func(from, to string) func(*event.Calendar) {
		return func(p *event.Calendar) {
			p.Start, _ = time.Parse(time.RFC3339, from)
			p.End, _ = time.Parse(time.RFC3339, to)
		}
	}
	publish(
		r.calendar(t, "S1", 0, nil),
		r.calendar(t, "early", 0, at("2099-03-05T08:00:00Z", "2099-03-05T09:00:00Z")),
		r.calendar(t, "night", 0, at("2099-03-04T22:30:00Z", "2099-03-04T23:30:00Z")), // half past midnight in Finland
		r.calendar(t, "before", 0, at("2099-03-04T20:00:00Z", "2099-03-04T22:00:00Z")),
		r.calendar(t, "long", 0, at("2099-03-01T08:00:00Z", "2099-03-31T18:00:00Z")),
		r.calendar(t, "elsewhere", 0, func(p *event.Calendar) { p.Area, p.VenueID = "KU208", "V1" }),
		r.calendar(t, "past", 0, at("2020-03-05T08:00:00Z", "2020-03-05T09:00:00Z")),
	)
	want("?day=2099-03-05", "long", "night", "early", "S1", "elsewhere")
	want("?day=2099-03-05&area=KU305&venue=V17", "long", "night", "early", "S1")
	want("?day=2099-03-05&area=KU208", "elsewhere")
	want("?day=2020-03-05")
	publish(r.calendar(t, "S1", 2, func(p *event.Calendar) { p.Status = "cancelled" }), r.calendar(t, "S1", 1, nil), r.calendar(t, "early", 1, at("2099-03-06T08:00:00Z", "")))
	want("?day=2099-03-05&venue=V17", "long", "night")
	want("?day=2099-03-06&venue=V17", "long", "early")

	// What the calendar service remembers of its feeds is older than anything on the stream.
	record, err := json.Marshal(map[string]any{"status": "scheduled", "event": json.RawMessage(r.calendar(t, "feed", 0, nil).Encode())})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.bus.WriteRecords(t.Context(), 0, []stream.Record{{Key: "calendar.event.library.x", Data: record}, {Key: "calendar.event.library.y", Data: []byte("{")}}); err != nil {
		t.Fatal(err)
	}
	want("?day=2099-03-05&venue=V17", "long", "night", "feed")
	r.bus.Stop()
	for query, status := range map[string]int{"": 503, "?day=5.3.2099": 400} {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/participation/sessions"+query, nil))
		if w.Code != status {
			t.Errorf("%q: %d, want %d", query, w.Code, status)
		}
	}
}

// restored is a reader whose streams are made anew, as from a copy.
type restored struct{ participation.Reader }

// TestSessionsOfAStreamMadeAnew: its sequences begin again, whether it is shorter by now or longer; and venues have names.
func TestSessionsOfAStreamMadeAnew(t *testing.T) {
	first := streamtest.New(t)
	reader := &restored{first}
	p, err := participation.New(zap.NewNop(), prometheus.NewRegistry(), participation.Bus{Publisher: first.Publisher(), Reader: reader},
		participation.Config{Keys: filepath.Join(t.TempDir(), "keys.json")})
	if err != nil {
		t.Fatal(err)
	}
	r := running{Handler: p.Handler()}
	publish := func(bus *streamtest.Bus, ids ...string) {
		t.Helper()
		var events []*event.Event
		for _, id := range ids {
			events = append(events, r.calendar(t, id, 0, nil))
		}
		if err := bus.Publisher().PublishBatch(t.Context(), events); err != nil {
			t.Fatal(err)
		}
	}
	publish(first, "S1", "S2", "S3")
	want := []string{"S1", "S2", "S3"}
	for _, more := range [][]string{{"S4"}, {"S5", "S6", "S7", "S8"}} {
		if got := r.listed(t, "?day=2099-03-05"); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		anew := streamtest.New(t)
		publish(anew, more...)
		reader.Reader, want = anew, append(want, more...)
	}
	if got := r.listed(t, "?day=2099-03-05"); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestVenuesHaveNames(t *testing.T) {
	r := start(t, participation.Config{})
	named := func(version int, name string) *event.Event {
		kind := map[bool]event.Type{true: event.VenueRegistered, false: event.VenueUpdated}[version == 0]
		at := time.Date(2026, 1, 1, version, 0, 0, 0, time.UTC)
		e, err := event.New(kind, "/kuusamo/tilat", event.NewID(name), at, "KU305", "V17", &event.Venue{VenueID: "V17", Name: map[string]string{"fi": name}, Area: "KU305"})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for _, test := range []struct {
		events []*event.Event
		want   string
	}{
		{[]*event.Event{r.calendar(t, "S1", 0, nil)}, ""},
		{[]*event.Event{named(1, "Kirjaston sali"), named(0, "Sali")}, `"venue_name":{"fi":"Kirjaston sali"}`},
		{[]*event.Event{named(2, "Uusi sali")}, `"venue_name":{"fi":"Uusi sali"}`},
	} {
		if err := r.bus.Publisher().PublishBatch(t.Context(), test.events); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/participation/sessions?day=2099-03-05", nil))
		if got := w.Body.String(); !strings.Contains(got, test.want) || strings.Contains(got, "venue_name") != (test.want != "") {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}

func TestDoorPage(t *testing.T) {
	r := start(t, participation.Config{})
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	for query, text := range map[string]string{"": "Valitse tapahtuma", "?lang=sv": "Välj evenemang", "?lang=en": "Choose a session", "?lang=x": "Valitse tapahtuma"} {
		w := get("/checkin" + query)
		if w.Code != 200 || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%q: %d without %q", query, w.Code, text)
		}
	}
	for _, path := range []string{"/checkin", "/checkin/door.js", "/checkin/door.css", "/checkin/worker.js"} {
		w := get(path)
		if policy := w.Header().Get("Content-Security-Policy"); w.Code != 200 || !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if body := w.Body.String(); strings.Contains(body, "//cdn") || strings.Contains(body, "https://") || strings.Contains(body, "{{") {
			t.Errorf("%s loads something from elsewhere, or is no finished file", path)
		}
	}
	if w := get("/checkin/secrets"); w.Code != 404 {
		t.Errorf("another file: %d", w.Code)
	}
}
