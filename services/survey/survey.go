// Package survey takes answered questionnaires over HTTP and makes events of them.
package survey

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
)

// Config is what an operator decides about the service.
type Config struct {
	Source string `name:"source" default:"/vointi/survey" help:"source of the events made here; never change it while they may still be corrected"`
}

// Survey answers POST /v1/survey/responses.
type Survey struct {
	edge *edge.Edge
	cfg  Config
}

// New returns the service, publishing with publisher.
func New(log *zap.Logger, reg prometheus.Registerer, publisher edge.Publisher, cfg Config) *Survey {
	service.SetDefaults(&cfg)
	return &Survey{edge: edge.New(log, reg, publisher, "survey"), cfg: cfg}
}

// Handler answers
//
//	POST /v1/survey/responses
//
// with the data attributes of survey.response.v1, and 202 with the event's identity once the bus has it.
func (s *Survey) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/survey/responses", s.edge.JSON(s.response))
	return mux
}

// response makes the event of one answered questionnaire. A wave has one answer under one response_id: sent again, it
// is the same event.
func (s *Survey) response(_ *http.Request, body *edge.Body) (*event.Event, error) {
	envelope := edge.Envelope{
		Type: event.ResponseSubmitted, Source: s.cfg.Source,
		Time: "submitted_at", Area: "area_id", Subject: "response_id",
	}
	return body.Event(envelope, func(e *event.Event) []string {
		response := e.Payload.(*event.Response)
		return []string{response.WaveID, response.ResponseID}
	})
}
