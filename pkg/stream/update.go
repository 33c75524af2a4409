package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
)

// typePrefix precedes a name in the CloudEvents type of an update.
const typePrefix = "fi.vointi."

// Update is news from the pipeline itself: a CloudEvent of type fi.vointi. + Name on the subject UpdatesPrefix + Name.
type Update struct {
	Name string
	Data json.RawMessage
}

type updateEvent struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	Type            string          `json:"type"`
	Time            time.Time       `json:"time"`
	DataContentType string          `json:"datacontenttype"`
	Data            json.RawMessage `json:"data"`
}

// PublishUpdates puts news of one name onto the stream [Updates], and returns when all of it is on the server's disk.
// After an error some of it may be there; the readers of updates must take news twice.
func (p *Publisher) PublishUpdates(ctx context.Context, name string, data ...json.RawMessage) error {
	for len(data) > 0 {
		n := min(len(data), MaxBatch)
		batch, err := p.conn.updates(name, data[:n])
		if err == nil {
			_, err = p.conn.publishBatch(ctx, batch)
		}
		if err != nil {
			return fmt.Errorf("publish update %s: %w", name, err)
		}
		data = data[n:]
	}
	return nil
}

func (c *Conn) updates(name string, data []json.RawMessage) ([]*nats.Msg, error) {
	batch := make([]*nats.Msg, len(data))
	now := time.Now().UTC()
	for i := range data {
		body, err := json.Marshal(updateEvent{
			SpecVersion: "1.0", ID: uuid.NewString(), Source: "/vointi/" + strings.TrimPrefix(c.name, "vointi-"), Type: typePrefix + name, Time: now,
			DataContentType: "application/json", Data: data[i],
		})
		if err != nil {
			return nil, err
		}
		batch[i] = &nats.Msg{Subject: UpdatesPrefix + name, Header: nats.Header{"Content-Type": {contentType}}, Data: body}
	}
	return batch, nil
}

// OnUpdate calls handle, from one goroutine, for news of one name as it comes, until stop is called. What comes while
// the connection is down is missed; who may miss nothing opens a [Consumer] on the stream [Updates].
func (c *Conn) OnUpdate(name string, handle func(Update)) (stop func(), err error) {
	return c.on(UpdatesPrefix+name, func(msg *nats.Msg) {
		var e updateEvent
		if err := json.Unmarshal(msg.Data, &e); err == nil {
			handle(Update{Name: name, Data: e.Data})
		}
	})
}

// Nudge tells whoever waits on name in [Conn.OnNudge], in any process, that looking would pay. It is never stored and
// may get lost, so it makes things prompt and nothing depends on it.
func (c *Conn) Nudge(name string) error {
	return explain(c.nats.Publish(nudgePrefix+name, nil))
}

// OnNudge returns a channel that is ready after one or more nudges of name, until stop is called.
func (c *Conn) OnNudge(name string) (nudges <-chan struct{}, stop func(), err error) {
	ready := make(chan struct{}, 1)
	stop, err = c.on(nudgePrefix+name, func(*nats.Msg) {
		select {
		case ready <- struct{}{}:
		default:
		}
	})
	return ready, stop, err
}

// on subscribes, and returns when the server has heard of it, if there is one; otherwise it hears of it when it is back.
func (c *Conn) on(subject string, handle nats.MsgHandler) (stop func(), err error) {
	sub, err := c.nats.Subscribe(subject, handle)
	if err != nil {
		return nil, fmt.Errorf("subscribe %s: %w", subject, explain(err))
	}
	if c.nats.IsConnected() {
		_ = c.nats.FlushTimeout(c.timeout)
	}
	return func() { _ = sub.Unsubscribe() }, nil
}
