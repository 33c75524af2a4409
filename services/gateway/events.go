package gateway

import (
	"errors"
	"fmt"
	"mime"
	"net/http"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
)

// The content types of the three ways to send events.
const (
	structured = "application/cloudevents+json"
	batch      = "application/cloudevents-batch+json"
	binary     = "application/json" // with the attributes in ce- headers
)

// events reads what was sent. The content type decides how, as the CloudEvents HTTP binding has it: ce- headers beside
// a structured event mean nothing.
func (g *Gateway) events(r *http.Request, body []byte) (edge.Events, error) {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // the edge has read it before
	switch media {
	case batch:
		all, err := event.DecodeBatch(body)
		if err == nil {
			err = g.checkOriginals(all)
		}
		return edge.Events{All: all, Batch: true}, err
	case structured:
		return g.one(nil, body)
	default:
		if r.Header.Get("ce-specversion") == "" {
			return edge.Events{}, &event.InvalidError{Kind: event.Malformed, Faults: []event.Fault{{Reason: notMarked}}}
		}
		return g.one(r.Header, body)
	}
}

const notMarked = "has no ce-specversion header, as binary mode asks, and no content type " + structured

func (g *Gateway) one(header http.Header, body []byte) (edge.Events, error) {
	e, err := event.Decode(header, body)
	if err == nil {
		err = event.CheckOriginal(e, g.cfg.CorrectAny)
	}
	return edge.Events{All: []*event.Event{e}}, err
}

// checkOriginals is [event.CheckOriginal] of every event of a batch, with its index in front of each pointer.
func (g *Gateway) checkOriginals(events []*event.Event) error {
	var all *event.InvalidError
	for i, e := range events {
		var err *event.InvalidError
		if !errors.As(event.CheckOriginal(e, g.cfg.CorrectAny), &err) {
			continue
		}
		if all == nil {
			all = &event.InvalidError{Kind: err.Kind}
		}
		for _, f := range err.Faults {
			all.Faults = append(all.Faults, event.Fault{Pointer: fmt.Sprint("/", i, f.Pointer), Reason: f.Reason})
		}
	}
	if all == nil {
		return nil
	}
	return all
}
