// Package survey takes answered questionnaires over HTTP and makes events of them.
package survey

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/service"
	"vointi.fi/schemas"
)

// Config is what an operator decides about the service.
type Config struct {
	Source string `name:"source" default:"/vointi/survey" help:"source of the events made here; never change it while they may still be corrected"`
}

// Survey answers POST under /v1/survey/.
type Survey struct {
	edge        *edge.Edge
	instruments *reference.Instruments
	cfg         Config
	now         func() time.Time
}

// New returns the service, publishing with publisher.
func New(log *zap.Logger, reg prometheus.Registerer, publisher edge.Publisher, cfg Config) (*Survey, error) {
	service.SetDefaults(&cfg)
	instruments, err := reference.LoadInstruments(schemas.FS)
	if err != nil {
		return nil, fmt.Errorf("new survey: %w", err)
	}
	return &Survey{edge: edge.New(log, reg, publisher, "survey"), instruments: instruments, cfg: cfg, now: time.Now}, nil
}

// Handler answers
//
//	POST /v1/survey/responses        with the data attributes of survey.response.v1
//	POST /v1/survey/responses/batch  with a list of up to 1000 of them, of which all are published or none
//	POST /v1/survey/waves            with those of survey.wave.opened.v1, and at: when the wave was described so; now if not given
//	POST /v1/survey/waves/close      likewise, of survey.wave.closed.v1
//
// and 202 with the identities of the events once the bus has them.
func (s *Survey) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/survey/responses", s.edge.JSON(s.response))
	mux.Handle("POST /v1/survey/responses/batch", s.edge.JSONBatch(s.response))
	mux.Handle("POST /v1/survey/waves", s.edge.JSON(s.wave(event.WaveOpened)))
	mux.Handle("POST /v1/survey/waves/close", s.edge.JSON(s.wave(event.WaveClosed)))
	return mux
}

// response makes the event of one answered questionnaire. A wave has one answer under one response_id: sent again, it
// is the same event.
func (s *Survey) response(_ *http.Request, body *edge.Body) (*event.Event, error) {
	envelope := edge.Envelope{
		Type: event.ResponseSubmitted, Source: s.cfg.Source,
		Time: "submitted_at", Area: "area_id", Subject: "response_id",
	}
	e, err := body.Event(envelope, func(e *event.Event) []string {
		response := e.Payload.(*event.Response)
		return []string{response.WaveID, response.ResponseID}
	})
	if err != nil {
		return nil, err
	}
	return e, s.allowed(e.Payload.(*event.Response))
}

// allowed refuses answers that an item of an instrument does not have. Items of other questionnaires may have any.
func (s *Survey) allowed(p *event.Response) error {
	var faults []event.Fault
	for _, code := range slices.Sorted(maps.Keys(p.Items)) {
		if item := s.instruments.Item(code); item != nil && !item.Allows(p.Items[code]) {
			faults = append(faults, event.Fault{Pointer: "/items/" + code, Reason: fmt.Sprintf("must be from %d to %d", item.From, item.To)})
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return &event.InvalidError{Kind: event.Schema, Faults: faults}
}

// wave makes the event that opens or closes a wave, or describes it anew: the latest description counts.
func (s *Survey) wave(t event.Type) edge.Make {
	return func(r *http.Request, body *edge.Body) (*event.Event, error) {
		at := s.now()
		switch {
		case body.Has("at"):
			var err error
			if at, err = time.Parse(time.RFC3339Nano, body.Take("at")); err != nil {
				body.Fault("at", "must be a time such as 2026-03-01T00:00:00+02:00")
			}
		case r.Header.Get("Idempotency-Key") != "": // the same request must make the same event
			body.Fault("at", "is required beside an Idempotency-Key")
		}
		envelope := edge.Envelope{Type: t, Source: s.cfg.Source, At: at, Subject: "wave_id"}
		return body.Event(envelope, func(e *event.Event) []string {
			return []string{e.Payload.(*event.Wave).WaveID, edge.Instant(at)}
		})
	}
}
