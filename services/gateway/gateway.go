// Package gateway takes CloudEvents over HTTP, for services that do not speak to the bus themselves.
package gateway

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
)

// Config is what an operator decides about the gateway.
type Config struct {
	CorrectAny []string `name:"correct-any" help:"sources whose events may correct or void those of other sources"`
}

// Gateway answers POST /v1/events.
type Gateway struct {
	edge *edge.Edge
	cfg  Config
}

// New returns a gateway that publishes with publisher.
func New(log *zap.Logger, reg prometheus.Registerer, publisher edge.Publisher, cfg Config) *Gateway {
	return &Gateway{edge: edge.New(log, reg, publisher, "gateway"), cfg: cfg}
}

// Handler answers
//
//	POST /v1/events
//
// with one CloudEvent in structured mode (application/cloudevents+json) or binary mode (ce- headers), or with a batch
// of at most 1 000 (application/cloudevents-batch+json). 202: they are all on the bus, and sending them again changes
// nothing. Any other status: none is, as far as is known.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/events", g.edge.Handler(edge.Endpoint{
		Whole:   true,
		MaxSize: map[string]int64{structured: event.MaxSize, binary: event.MaxSize, batch: event.MaxBatchSize},
		Events:  g.events,
	}))
	return mux
}
