// Package calendar makes events of the occurrences of event calendars: of feeds that it reads, and of what comes over HTTP.
package calendar

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
)

// Config is what an operator decides about the service.
type Config struct {
	Source string `name:"source" default:"/vointi/calendar" help:"source of the events made here"`
	Feeds  string `name:"feeds" placeholder:"FILE" help:"YAML file of the feeds to poll, such as deploy/calendar-feeds.yaml; none: nothing is polled"`
}

// Calendar answers for /v1/calendar/events/ and polls feeds.
type Calendar struct {
	edge    *edge.Edge
	cfg     Config
	keeper  *Keeper
	pollers []*poller
}

// Dependencies are what the service works with.
type Dependencies struct {
	Publisher edge.Publisher
	Memory    Memory
	Feeds     []*Feed          // to poll; those without a url are not
	Now       func() time.Time // nil: the clock
}

// New returns the service.
func New(log *zap.Logger, reg prometheus.Registerer, deps Dependencies, cfg Config) *Calendar {
	service.SetDefaults(&cfg)
	if deps.Now == nil {
		deps.Now = time.Now
	}
	c := &Calendar{
		edge: edge.New(log, reg, deps.Publisher, "calendar"), cfg: cfg,
		keeper: NewKeeper(deps.Memory, deps.Publisher, cfg.Source, deps.Now),
	}
	metrics, fetcher := newFeedMetrics(reg), newFetcher(deps.Now)
	for _, f := range deps.Feeds {
		if f.URL != "" {
			c.pollers = append(c.pollers, &poller{log: log, feed: f, fetcher: fetcher, keeper: c.keeper, metrics: metrics})
		}
	}
	return c
}

// Run polls the feeds, side by side, until ctx ends. A feed that fails is tried again, later each time.
func (c *Calendar) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for _, p := range c.pollers {
		all.Go(func() { p.run(ctx) })
	}
	<-ctx.Done()
	all.Wait()
	return nil
}

// States are what an operator wants to know of each feed, by its id.
func (c *Calendar) States() map[string]func() string {
	states := map[string]func() string{}
	for _, p := range c.pollers {
		states[p.feed.ID] = p.state
	}
	return states
}

// Handler answers
//
//	PUT /v1/calendar/events/{id}
//
// with the data attributes of the calendar events (event_id may be left out), and 202 with the event's identity once
// the bus has it. The caller numbers the versions of an occurrence with sequence, from 0, as iCalendar does. And
//
//	POST /v1/calendar/events/{id}/held
//
// with actual_start, actual_end and attendance, all of which may be left out, for an occurrence that a feed has brought in:
// it was held, whatever its calendar says. 404 if no feed has it; what was PUT is PUT as held by whoever numbers it.
func (c *Calendar) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("PUT /v1/calendar/events/{id}", c.edge.JSON(c.put))
	mux.Handle("POST /v1/calendar/events/{id}/held", c.edge.Handler(edge.Endpoint{
		MaxSize: map[string]int64{"application/json": maxConfirmation}, Events: c.held,
	}))
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
