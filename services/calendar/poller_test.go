package calendar_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/services/calendar"
)

// polled is a service that polls one feed of a server whose answers the test decides.
type polled struct {
	testing.TB
	bus     *streamtest.Bus
	reg     *prometheus.Registry
	now     time.Time
	url     string
	asked   []*http.Request
	answer  func(w http.ResponseWriter, r *http.Request)
	waited  []time.Duration
	service *calendar.Calendar
	feed    string // its settings
}

func poll(t testing.TB, settings string) *polled {
	t.Helper()
	p := &polled{TB: t, bus: streamtest.New(t), now: noon, feed: settings}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked = append(p.asked, r)
		p.answer(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	p.restart()
	return p
}

func (p *polled) restart() {
	p.reg = prometheus.NewRegistry()
	deps := calendar.Dependencies{
		Publisher: p.bus.Publisher(), Memory: p.bus.Conn, Now: func() time.Time { return p.now },
		Feeds: feeds(p, fmt.Sprintf("feeds: [{id: f, url: %s/calendar, area: KU305, provider: P1, %s}]", p.url, p.feed)),
	}
	p.service = calendar.New(zap.NewNop(), p.reg, deps, calendar.Config{})
	p.service.OnWait(func(d time.Duration) { p.waited = append(p.waited, d) })
}

// want polls once; then so many messages are on the bus, and the state holds a text.
func (p *polled) want(stored int, next time.Duration, state string) {
	p.Helper()
	p.asked, p.waited = nil, nil
	if got := p.service.Poll(p.Context()); got != next {
		p.Errorf("waits %s, want %s", got, next)
	}
	edgetest.WantStored(p, p.bus, stored)
	if got := p.service.States()["f"](); !strings.Contains(got, state) {
		p.Errorf("state %q, want %q", got, state)
	}
}

const often = 15 * time.Minute

func TestPollingACalendar(t *testing.T) {
	p := poll(t, "confirms: true")
	text := calendarOf(cafe, choir)
	send := func(body string, header ...string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			if tag := w.Header().Get("ETag"); tag != "" && r.Header.Get("If-None-Match") == tag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			_, _ = w.Write([]byte(body))
		}
	}
	p.answer = send("busy")
	p.want(0, 30*time.Second, `failed 1 times since: read calendar: it is no iCalendar: there is no BEGIN:VCALENDAR in it, its first line is "busy"; its Content-Type is text/plain`)
	p.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	p.want(0, time.Minute, "failed 2 times since: fetch from "+strings.TrimPrefix(p.url, "http://")+": the server answers 404 Not Found; see whether the address is right")
	p.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	p.want(0, 2*time.Hour, "asks to wait 2h0m0s")
	p.answer = send(text, "Content-Length", fmt.Sprint(len(text)+10))
	p.want(0, 4*time.Minute, fmt.Sprintf("cut off after %d bytes", len(text)))

	p.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://127.0.0.1:1/private-key/calendar.ics?token=secret")
		w.WriteHeader(http.StatusFound)
	}
	p.want(0, 8*time.Minute, "fetch from ")
	if state := p.service.States()["f"](); strings.Contains(state, "private-key") || strings.Contains(state, "secret") {
		t.Errorf("the state tells a key: %s", state)
	}

	p.answer = send(text, "Content-Type", "text/html", "ETag", `"1"`) // a lie about its type does no harm
	p.want(2, often, "2 published and 0 unchanged")
	p.restart()
	p.want(2, often, "last read 2025-03-01T12:00:00Z")
	if p.asked[0].Header.Get("If-None-Match") != `"1"` {
		t.Errorf("after a restart it asks with %v", p.asked[0].Header)
	}
	if n := testutil.ToFloat64(collected(t, p.reg, "vointi_calendar_feed_reads_total", "unchanged")); n != 1 {
		t.Errorf("%g readings were unchanged", n)
	}

	p.now = time.Date(2025, 3, 5, 18, 0, 0, 0, time.UTC) // the café is over, and a day has passed
	p.want(3, often, "last read")
	if p.asked[0].Header.Get("If-None-Match") != "" {
		t.Error("after a day it does not read the whole again")
	}
	p.now = time.Date(2025, 3, 6, 17, 0, 0, 0, time.UTC) // the choir too; the server has nothing new
	p.want(4, often, "last read")
	if _, last := edgetest.Last(t, p.bus); last.Type != event.CalendarHeld || last.Subject != "choir" {
		t.Errorf("the last is %+v", last)
	}
	p.feed = "confirms: true, venue: V2" // its words mean something else now
	p.restart()
	p.want(6, often, "2 published")
	p.answer = send(calendarOf(cafe, choir, "UID:x|DTSTART:soon"))
	p.want(6, often, "1 things left out")
	if problems, err := testutil.GatherAndLint(p.reg); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

// collected is one counter of a family.
func collected(t *testing.T, reg *prometheus.Registry, name, value string) prometheus.Collector {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	gauge := prometheus.NewGauge(prometheus.GaugeOpts{Name: "x"})
	for _, f := range families {
		for _, m := range f.Metric {
			if f.GetName() == name && m.Label[0].GetValue() == value {
				gauge.Set(m.Counter.GetValue())
			}
		}
	}
	return gauge
}

// linked is an event of Linked Events.
func linked(id, more string) string {
	return fmt.Sprintf(`{"id":%q,"name":{"fi":%q},"start_time":"2025-03-10T15:00:00Z","end_time":"2025-03-10T17:00:00Z","event_status":"EventScheduled",
		"type_id":"Course","last_modified_time":"2025-03-01T08:00:00Z","location":{"@id":"https://x/place/tprek:7/"},"keywords":[{"@id":"https://x/keyword/yso:p916/"}]%s}`, id, id, more)
}

func TestPollingLinkedEvents(t *testing.T) {
	p := poll(t, "kind: linkedevents, categories: {yso:p916: {activity_type: sport}}, locations: {tprek:8: {venue: V8}}")
	events := []string{
		linked("a", ""), linked("b", `,"super_event":{"@id":"https://x/event/s/"}`), linked("s", `,"super_event_type":"recurring"`),
		linked("c", ""), linked("gone", `,"deleted":true`), `{"name":{"fi":"no id"}}`,
	}
	failing := 0
	pages := func(w http.ResponseWriter, r *http.Request) {
		page := max(1, len(r.URL.Query().Get("page")))
		if page == 2 && failing > 0 {
			failing--
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		next := "null"
		if page < 3 {
			next = fmt.Sprintf(`"http://inside:8000/v1/event/?page=%s"`, strings.Repeat("x", page+1))
		}
		_, _ = fmt.Fprintf(w, `{"meta":{"count":%d,"next":%s},"data":[%s]}`, len(events), next, strings.Join(events[2*page-2:2*page], ","))
	}
	p.answer = pages
	failing = 5
	p.want(0, 30*time.Second, "page 2: fetch from "+strings.TrimPrefix(p.url, "http://")+": the server answers 429 Too Many Requests and asks to wait 2s")
	if !slices.Equal(p.waited, []time.Duration{2 * time.Second, 2 * time.Second, 4500 * time.Millisecond}) {
		t.Errorf("it waited %v", p.waited)
	}
	p.want(3, often, "3 published") // the fifth refusal is waited for
	first := p.asked[0].URL.Query()
	if first.Get("page_size") != "100" || first.Get("show_deleted") != "true" || first.Get("event_type") != "General,Course,Volunteering" || first.Has("last_modified_since") {
		t.Errorf("it asks for %v", first)
	}
	b := messages(t, p.bus)[1].Payload.(*event.Calendar)
	if b.EventID != "b" || b.SeriesID != "s" || b.VenueID != "tprek:7" || b.ActivityType != "sport" || !slices.Equal(b.Keywords, []string{"yso:p916"}) || b.SourceSystem != "linkedevents" {
		t.Errorf("%+v", b)
	}
	p.restart()
	p.answer = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"meta":{"count":4,"next":null},"data":[%s,%s,%s,%s]}`, linked("a", ""), linked("b", `,"deleted":true,"last_modified_time":"2025-03-01T11:00:00Z"`),
			linked("c", `,"event_status":"EventPostponed","start_time":null`), linked("d", `,"event_status":"EventCancelled"`))
	}
	p.want(6, often, "3 published and 1 unchanged")
	if since := p.asked[0].URL.Query().Get("last_modified_since"); since != "2025-03-01T07:59:00Z" {
		t.Errorf("it asks for what changed since %s", since)
	}
	var got []string
	for _, e := range messages(t, p.bus)[3:] {
		got = append(got, fmt.Sprintf("%s %s %s", e.Subject, e.Payload.(*event.Calendar).Status, e.Payload.(*event.Calendar).Start.Format(time.RFC3339)))
	}
	if want := []string{"c postponed 2025-03-10T15:00:00Z", "b cancelled 2025-03-10T15:00:00Z", "d cancelled 2025-03-10T15:00:00Z"}; !slices.Equal(got, want) {
		t.Errorf("changes are %q", got)
	}
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"meta":{"count":9,"next":%q},"data":[]}`, r.URL.String())
	}
	p.want(6, 30*time.Second, "page 2: the pages do not end")
	p.answer = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"meta":{"count":2},"data":[%s]}`, linked("e", `,"last_modified_time":"2025-03-01T11:30:00Z"`))
	}
	p.want(7, often, "1 things left out") // fewer than counted: read again from where it was
	p.want(7, often, "")
	if since := p.asked[0].URL.Query().Get("last_modified_since"); since != "2025-03-01T10:59:00Z" {
		t.Errorf("it asks for what changed since %s", since)
	}
}

func TestHeldByHand(t *testing.T) {
	p := poll(t, "")
	p.answer = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(calendarOf(cafe, choir+"|STATUS:CANCELLED")))
	}
	p.want(2, often, "")
	held := func(id, body string) edgetest.Answer {
		return edgetest.Send(t, p.service.Handler(), http.MethodPost, "/v1/calendar/events/"+url.PathEscape(id)+"/held", strings.NewReader(body))
	}
	e := edgetest.Accepted(t, p.bus, held("cafe", `{"attendance":12,"actual_start":"2025-03-05T17:05:00+02:00"}`))
	c := e.Payload.(*event.Calendar)
	if e.Type != event.CalendarHeld || c.Sequence != 1 || *c.Attendance != 12 || c.ActualStart.Format("15:04") != "15:05" || c.Name["fi"] != "Kahvila" {
		t.Errorf("%+v %+v", e, c)
	}
	if again := held("cafe", `{"attendance":12,"actual_start":"2025-03-05T15:05:00Z"}`); again.Status != http.StatusAccepted || again.ID != e.ID {
		t.Errorf("again: %+v", again)
	}
	edgetest.WantStored(t, p.bus, 3)
	edgetest.Accepted(t, p.bus, held("choir", "")) // a person's word counts more than the calendar's
	p.want(4, often, "")
	for name, test := range map[string]struct {
		id, body string
		status   int
		pointers []string
	}{
		"nobody's":   {"x", "{}", http.StatusNotFound, nil},
		"unknown":    {"cafe", `{"present":3}`, http.StatusBadRequest, []string{""}},
		"a negative": {"cafe", `{"attendance":-3}`, http.StatusBadRequest, []string{"/attendance"}},
		"no object":  {"cafe", `[]`, http.StatusBadRequest, []string{""}},
	} {
		if a := held(test.id, test.body); a.Status != test.status || !slices.Equal(a.Pointers(), test.pointers) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	edgetest.WantStored(t, p.bus, 4)
	p.bus.Stop()
	if a := held("cafe", "{}"); a.Status != http.StatusServiceUnavailable {
		t.Errorf("without a bus: %+v", a)
	}
}
