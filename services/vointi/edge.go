package main

import (
	"context"
	"net/http"

	"vointi.fi/pkg/stream"
	"vointi.fi/services/calendar"
	"vointi.fi/services/gateway"
	"vointi.fi/services/participation"
	"vointi.fi/services/survey"
)

// edgeSettings are those of a service that takes requests and publishes events.
type edgeSettings struct {
	Process serviceSettings `embed:""`
	Bus     busSettings     `embed:""`
	Access  accessSettings  `embed:""`
}

// run serves what mount puts on the routes, ready while the bus can be reached.
func (s edgeSettings) run(ctx context.Context, name string, mount func(*parts, *http.ServeMux, *stream.Conn) error) error {
	return s.Process.run(ctx, name, func(p *parts, routes *http.ServeMux) error {
		bus, err := s.Bus.connect(p.ctx, p.log, name)
		if err != nil {
			return err
		}
		p.closer("bus", bus.Close)
		p.health.Add("bus", bus.Check)
		if err := p.admit(s.Access, s.Process.HTTP); err != nil {
			return err
		}
		return mount(p, routes, bus)
	})
}

type gatewayCommand struct {
	Edge    edgeSettings   `embed:""`
	Gateway gateway.Config `embed:""`
}

// Help implements [kong.HelpProvider].
func (*gatewayCommand) Help() string {
	return `Takes one CloudEvent, structured or binary, or a batch of at most 1 000. The answer is 202 once the bus has it on disk; 400 names every fault with its place, and then nothing of the request is published. What an event may say: schemas/events/.`
}

// Run serves POST /v1/events.
func (c *gatewayCommand) Run(ctx context.Context) error {
	return c.Edge.run(ctx, "gateway", func(p *parts, routes *http.ServeMux, bus *stream.Conn) error {
		mountGateway(p, routes, bus.Publisher(), c.Gateway)
		return nil
	})
}

func mountGateway(p *parts, routes *http.ServeMux, bus *stream.Publisher, cfg gateway.Config) {
	p.emit(routes, "/v1/events", gateway.New(p.log.Named("gateway"), p.reg, bus, cfg).Handler())
}

type participationCommand struct {
	Edge          edgeSettings         `embed:""`
	Participation participation.Config `embed:"" prefix:"participation-"`
}

// Help implements [kong.HelpProvider].
func (*participationCommand) Help() string {
	return `POST /v1/participation/checkins and /v1/participation/headcounts take what a door, a till or a counter knows. A card id becomes a pseudonym here, by the key of the card's issuer, and goes no further. A request that is sent again makes the same event. Files: see vointi import checkins.

/checkin is a page for the person at the door, for a phone or a computer with a scanner: it lists the day's sessions, records cards and people without one, and keeps what it cannot send.`
}

// Run serves /v1/participation/ and /checkin.
func (c *participationCommand) Run(ctx context.Context) error {
	return c.Edge.run(ctx, "participation", func(p *parts, routes *http.ServeMux, bus *stream.Conn) error {
		return mountParticipation(p, routes, bus, c.Participation)
	})
}

func mountParticipation(p *parts, routes *http.ServeMux, bus *stream.Conn, cfg participation.Config) error {
	s, err := participation.New(p.log.Named("participation"), p.reg, participation.Bus{Publisher: bus.Publisher(), Reader: bus}, cfg)
	if err != nil {
		return err
	}
	p.health.Add("keys", s.Health)
	handler := s.Handler()
	p.emit(routes, "/v1/participation/", handler)
	for _, path := range participation.Open {
		p.open(routes, path, handler)
	}
	return nil
}

type surveyCommand struct {
	Edge   edgeSettings  `embed:""`
	Survey survey.Config `embed:"" prefix:"survey-"`
}

// Help implements [kong.HelpProvider].
func (*surveyCommand) Help() string {
	return `POST /v1/survey/responses takes one answered questionnaire of a wave, and /v1/survey/responses/batch a list of up to 1000. A wave has one answer under one response_id; sent again, it is the same event. Answers count once the wave is open: POST /v1/survey/waves opens it, /v1/survey/waves/close closes it. Files: see vointi import survey.`
}

// Run serves /v1/survey/.
func (c *surveyCommand) Run(ctx context.Context) error {
	return c.Edge.run(ctx, "survey", func(p *parts, routes *http.ServeMux, bus *stream.Conn) error {
		return mountSurvey(p, routes, bus.Publisher(), c.Survey)
	})
}

func mountSurvey(p *parts, routes *http.ServeMux, bus *stream.Publisher, cfg survey.Config) error {
	s, err := survey.New(p.log.Named("survey"), p.reg, bus, cfg)
	if err != nil {
		return err
	}
	p.emit(routes, "/v1/survey/", s.Handler())
	return nil
}

type calendarCommand struct {
	Edge     edgeSettings    `embed:""`
	Calendar calendar.Config `embed:"" prefix:"calendar-"`
}

// Help implements [kong.HelpProvider].
func (*calendarCommand) Help() string {
	return `PUT /v1/calendar/events/ID takes one version of an occurrence, numbered by its caller from 0 as in iCalendar: created, changed, cancelled or held. The same version put again is the same event.

With --calendar-feeds it polls event calendars, iCalendar or Linked Events, and publishes what changes in them; deploy/calendar-feeds.yaml shows what such a file says. POST /v1/calendar/events/ID/held confirms by hand that one of their occurrences was held. /readyz tells of each feed when it was last read and what is wrong with it.`
}

// Run serves /v1/calendar/ and polls the feeds.
func (c *calendarCommand) Run(ctx context.Context) error {
	return c.Edge.run(ctx, "calendar", func(p *parts, routes *http.ServeMux, bus *stream.Conn) error {
		return mountCalendar(p, routes, bus, c.Calendar)
	})
}

func mountCalendar(p *parts, routes *http.ServeMux, bus *stream.Conn, cfg calendar.Config) error {
	deps := calendar.Dependencies{Publisher: bus.Publisher(), Memory: bus}
	if cfg.Feeds != "" {
		var err error
		if deps.Feeds, err = readFeeds(cfg.Feeds); err != nil {
			return err
		}
	}
	c := calendar.New(p.log.Named("calendar"), p.reg, deps, cfg)
	for feed, state := range c.States() {
		p.health.Tell("feed "+feed, state)
	}
	p.emit(routes, "/v1/calendar/", c.Handler())
	p.run("calendar feeds", c.Run)
	return nil
}
