// Package calendar takes the occurrences of an event calendar over HTTP and makes events of them.
package calendar

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
)

// Config is what an operator decides about the service.
type Config struct {
	Source string `name:"source" default:"/vointi/calendar" help:"source of the events made here"`
}

// Calendar answers PUT /v1/calendar/events/{id}.
type Calendar struct {
	edge *edge.Edge
	cfg  Config
}

// New returns the service, publishing with publisher.
func New(log *zap.Logger, reg prometheus.Registerer, publisher edge.Publisher, cfg Config) *Calendar {
	service.SetDefaults(&cfg)
	return &Calendar{edge: edge.New(log, reg, publisher, "calendar"), cfg: cfg}
}

// Handler answers
//
//	PUT /v1/calendar/events/{id}
//
// with the data attributes of the calendar events (event_id may be left out), and 202 with the event's identity once
// the bus has it. The caller numbers the versions of an occurrence with sequence, from 0, as iCalendar does.
func (c *Calendar) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("PUT /v1/calendar/events/{id}", c.edge.JSON(c.put))
	return mux
}

// put makes the event of one version of an occurrence. The same version put again, by sequence and last_modified, is
// the same event.
func (c *Calendar) put(r *http.Request, body *edge.Body) (*event.Event, error) {
	id := r.PathValue("id")
	if body.Has("event_id") && body.Text("event_id") != id {
		body.Fault("event_id", "must be that of the address, or be left out")
	}
	body.Put("event_id", id)
	envelope := edge.Envelope{
		Type: typeOf(body.Text("status"), body.Number("sequence")), Source: c.cfg.Source,
		Time: "last_modified", Area: "area_id", Subject: "event_id",
	}
	return body.Event(envelope, func(e *event.Event) []string {
		version := e.Payload.(*event.Calendar)
		return []string{version.EventID, strconv.FormatInt(version.Sequence, 10), edge.Instant(version.LastModified)}
	})
}

// typeOf decides what happened from the version alone, so that the service needs no memory and any number of them can
// run: the status says cancelled or held; otherwise version 0 is the occurrence's creation, and any later one a change.
func typeOf(status string, sequence int64) event.Type {
	switch {
	case status == "cancelled":
		return event.CalendarCancelled
	case status == "held":
		return event.CalendarHeld
	case sequence == 0:
		return event.CalendarCreated
	default:
		return event.CalendarUpdated
	}
}
