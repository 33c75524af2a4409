package stream

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"vointi.fi/pkg/event"
)

// Publisher puts events onto the stream [Events]. It is safe for concurrent use.
type Publisher struct {
	conn *Conn
	open chan struct{} // one place for each batch that may be open at a time
}

// openBatches is how many batches one process has under way: enough to keep the disk busy, few enough to share it.
const openBatches = 4

func newPublisher(c *Conn) *Publisher {
	return &Publisher{conn: c, open: make(chan struct{}, openBatches)}
}

// Publish stores one event and returns when it is on the server's disk.
//
// An error says that it may not be there: it wraps [ErrUnavailable] (try again), [ErrFull] (an operator must act) or
// [ErrTooLarge] (it will never fit). The same event published again within two minutes is stored once; after that it
// is stored again, which changes nothing, because identity decides duplicates downstream.
func (p *Publisher) Publish(ctx context.Context, e *event.Event) error {
	if err := p.publish(ctx, message(ctx, e), jetstream.WithMsgID(e.MessageID())); err != nil {
		return fmt.Errorf("publish %s: %w", e.Type, err)
	}
	return nil
}

// PublishRaw stores data under a subject as they are, without asking whether they are an event. It serves redriving
// what could not be stored, and the tests of those who must live with what others publish.
func (p *Publisher) PublishRaw(ctx context.Context, subject string, header map[string][]string, data []byte) error {
	if err := p.publish(ctx, &nats.Msg{Subject: subject, Header: header, Data: data}); err != nil {
		return fmt.Errorf("publish on %s: %w", subject, err)
	}
	return nil
}

func (p *Publisher) publish(ctx context.Context, msg *nats.Msg, options ...jetstream.PublishOpt) error {
	if err := p.conn.Check(ctx); err != nil {
		return err
	}
	ctx, cancel := p.conn.bounded(ctx)
	defer cancel()
	_, err := p.conn.js.PublishMsg(ctx, msg, options...)
	return explain(err)
}

// contentType marks a message as one CloudEvent in structured mode.
const contentType = "application/cloudevents+json"

// EmitterHeader names who had an event published, by the service that it came through.
const EmitterHeader = "Vointi-Emitter"

type emitterKey struct{}

// WithEmitter has everything that is published with the context say on whose behalf. It is a service's word, and as good as
// the secrecy of the bus's passwords: what comes over HTTP cannot set it.
func WithEmitter(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, emitterKey{}, name)
}

// message is an event as it travels: structured, on the subject of its type and area.
func message(ctx context.Context, e *event.Event) *nats.Msg {
	msg := &nats.Msg{
		Subject: e.BusSubject(),
		Header:  nats.Header{"Content-Type": {contentType}},
		Data:    e.Encode(),
	}
	if emitter, ok := ctx.Value(emitterKey{}).(string); ok {
		msg.Header.Set(EmitterHeader, emitter)
	}
	return msg
}
