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
}

// run serves what mount puts on the routes, ready while the bus can be reached.
func (s edgeSettings) run(ctx context.Context, name string, mount func(*parts, *http.ServeMux, *stream.Publisher) error) error {
	return s.Process.run(ctx, name, func(p *parts, routes *http.ServeMux) error {
		bus, err := s.Bus.connect(p.ctx, p.log, name)
		if err != nil {
			return err
		}
		p.closer("bus", bus.Close)
		p.health.Add("bus", bus.Check)
		return mount(p, routes, bus.Publisher())
	})
}

type gatewayCommand struct {
	Edge    edgeSettings   `embed:""`
	Gateway gateway.Config `embed:""`
}

// Run serves POST /v1/events.
func (c *gatewayCommand) Run(ctx context.Context) error {
	return c.Edge.run(ctx, "gateway", func(p *parts, routes *http.ServeMux, bus *stream.Publisher) error {
		mountGateway(p, routes, bus, c.Gateway)
		return nil
	})
}

func mountGateway(p *parts, routes *http.ServeMux, bus *stream.Publisher, cfg gateway.Config) {
	routes.Handle("/v1/events", gateway.New(p.log.Named("gateway"), p.reg, bus, cfg).Handler())
}

type participationCommand struct {
	Edge          edgeSettings         `embed:""`
	Participation participation.Config `embed:"" prefix:"participation-"`
}

// Run serves /v1/participation/.
func (c *participationCommand) Run(ctx context.Context) error {
	return c.Edge.run(ctx, "participation", func(p *parts, routes *http.ServeMux, bus *stream.Publisher) error {
		return mountParticipation(p, routes, bus, c.Participation)
	})
}

func mountParticipation(p *parts, routes *http.ServeMux, bus *stream.Publisher, cfg participation.Config) error {
	s, err := participation.New(p.log.Named("participation"), p.reg, bus, cfg)
	if err != nil {
		return err
	}
	routes.Handle("/v1/participation/", s.Handler())
	return nil
}

type surveyCommand struct {
	Edge   edgeSettings  `embed:""`
	Survey survey.Config `embed:"" prefix:"survey-"`
}

// Run serves /v1/survey/.
func (c *surveyCommand) Run(ctx context.Context) error {
	return c.Edge.run(ctx, "survey", func(p *parts, routes *http.ServeMux, bus *stream.Publisher) error {
		mountSurvey(p, routes, bus, c.Survey)
		return nil
	})
}

func mountSurvey(p *parts, routes *http.ServeMux, bus *stream.Publisher, cfg survey.Config) {
	routes.Handle("/v1/survey/", survey.New(p.log.Named("survey"), p.reg, bus, cfg).Handler())
}

type calendarCommand struct {
	Edge     edgeSettings    `embed:""`
	Calendar calendar.Config `embed:"" prefix:"calendar-"`
}

// Run serves /v1/calendar/.
func (c *calendarCommand) Run(ctx context.Context) error {
	return c.Edge.run(ctx, "calendar", func(p *parts, routes *http.ServeMux, bus *stream.Publisher) error {
		mountCalendar(p, routes, bus, c.Calendar)
		return nil
	})
}

func mountCalendar(p *parts, routes *http.ServeMux, bus *stream.Publisher, cfg calendar.Config) {
	routes.Handle("/v1/calendar/", calendar.New(p.log.Named("calendar"), p.reg, bus, cfg).Handler())
}
