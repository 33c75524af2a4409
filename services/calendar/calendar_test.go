package calendar_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/services/calendar"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// occurrence is the body of a version of an occurrence, with more attributes.
func occurrence(sequence int, status, more string) string {
	return fmt.Sprintf(`{"sequence":%d,"status":%q,"start":"2025-03-05T15:00:00Z","venue_id":"V1","area_id":"KU305",
		"provider_id":"P1","activity_type":"art","last_modified":"2025-03-01T10:00:00Z"%s}`, sequence, status, more)
}

func start(t *testing.T) (http.Handler, *streamtest.Bus, *prometheus.Registry) {
	t.Helper()
	bus, reg := streamtest.New(t), prometheus.NewRegistry()
	return calendar.New(zap.NewNop(), reg, calendar.Dependencies{Publisher: bus.Publisher(), Memory: bus.Conn}, calendar.Config{}).Handler(), bus, reg
}

func put(t *testing.T, handler http.Handler, id, body string, header ...string) edgetest.Answer {
	t.Helper()
	return edgetest.Send(t, handler, http.MethodPut, "/v1/calendar/events/"+id, strings.NewReader(body), header...)
}

func TestVersionsDecideTheType(t *testing.T) {
	handler, bus, reg := start(t)
	for name, test := range map[string]struct {
		body string
		want event.Type
	}{
		"first":              {occurrence(0, "scheduled", ""), event.CalendarCreated},
		"first, postponed":   {occurrence(0, "postponed", ""), event.CalendarCreated},
		"changed":            {occurrence(1, "rescheduled", ""), event.CalendarUpdated},
		"cancelled":          {occurrence(2, "cancelled", ""), event.CalendarCancelled},
		"cancelled at once":  {occurrence(0, "cancelled", ""), event.CalendarCancelled},
		"held":               {occurrence(3, "held", `,"attendance":12,"actual_start":"2025-03-05T15:05:00Z"`), event.CalendarHeld},
		"with its id inside": {occurrence(0, "scheduled", `,"event_id":"with-its-id-inside"`), event.CalendarCreated},
	} {
		t.Run(name, func(t *testing.T) {
			id := strings.NewReplacer(" ", "-", ",", "").Replace(name)
			e := edgetest.Accepted(t, bus, put(t, handler, id, test.body))
			got := e.Payload.(*event.Calendar)
			if e.Type != test.want || e.Area != "KU305" || e.Subject != id || got.EventID != id || !e.Time.Equal(got.LastModified) {
				t.Errorf("event is %+v with %+v", e, got)
			}
		})
	}
	problems, err := testutil.GatherAndLint(reg)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

func TestOneVersionIsOneEvent(t *testing.T) {
	handler, bus, _ := start(t)
	version := occurrence(0, "scheduled", "")
	id := func(eventID, body string) string {
		return edgetest.Accepted(t, bus, put(t, handler, eventID, body)).ID
	}
	one := id("E1", version)
	if id("E1", version) != one || id("E1", strings.Replace(version, "10:00:00Z", "12:00:00+02:00", 1)) != one {
		t.Error("a version put again is another event")
	}
	edgetest.WantStored(t, bus, 2) // the two ways to write one instant
	ids := []string{
		one, id("E2", version), id("E1", occurrence(1, "scheduled", "")), id("E1", occurrence(0, "cancelled", "")),
		id("E1", strings.Replace(version, "10:00:00Z", "10:00:01Z", 1)),
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 5 {
		t.Error("two versions are one event")
	}
}

func TestIdempotencyKey(t *testing.T) {
	handler, bus, _ := start(t)
	keyed := func(id, body string) edgetest.Answer {
		return edgetest.Send(t, handler, http.MethodPut, "/v1/calendar/events/"+id, strings.NewReader(body), "Idempotency-Key", "k")
	}
	one, again := keyed("E1", occurrence(0, "scheduled", "")), keyed("E1", occurrence(0, "scheduled", ""))
	if one.Status != 202 || one.Identity != again.Identity {
		t.Errorf("%+v, again %+v", one, again)
	}
	if a := keyed("E1", occurrence(1, "scheduled", "")); a.Status != 422 {
		t.Errorf("another version under one key: %+v", a)
	}
	if other := keyed("E2", occurrence(0, "scheduled", "")); other.Status != 202 || other.Identity == one.Identity {
		t.Errorf("another occurrence: %+v", other)
	}
	edgetest.WantStored(t, bus, 2)
}

func TestAnIdMayHoldAnything(t *testing.T) {
	handler, bus, _ := start(t)
	e := edgetest.Accepted(t, bus, put(t, handler, "linkedevents:af4%2Fx", occurrence(0, "scheduled", "")))
	if got := e.Payload.(*event.Calendar).EventID; got != "linkedevents:af4/x" {
		t.Errorf("event_id is %q", got)
	}
}

func TestRefused(t *testing.T) {
	handler, bus, _ := start(t)
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"another id inside":             {occurrence(0, "scheduled", `,"event_id":"E2"`), []string{"/event_id"}},
		"no number":                     {strings.Replace(occurrence(0, "scheduled", ""), `"sequence":0,`, "", 1), []string{"/sequence"}},
		"a number below zero":           {occurrence(-1, "scheduled", ""), []string{"/sequence"}},
		"attendance before it was held": {occurrence(1, "scheduled", `,"attendance":3`), []string{"/attendance"}},
		"an unknown status":             {occurrence(1, "perhaps", ""), []string{"/status"}},
		"nothing": {"{}", []string{
			"/activity_type", "/area_id", "/last_modified", "/provider_id", "/sequence", "/start", "/status", "/venue_id",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if a := put(t, handler, "E1", test.body); a.Status != 400 || !slices.Equal(a.Pointers(), test.want) {
				t.Errorf("%+v, want faults %v", a, test.want)
			}
		})
	}
	edgetest.WantStored(t, bus, 0)
	bus.Stop()
	if a := put(t, handler, "E1", occurrence(0, "scheduled", "")); a.Status != 503 {
		t.Errorf("without a bus: %+v", a)
	}
}
