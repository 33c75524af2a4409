package outbox

import (
	"context"
	"errors"
	"fmt"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
)

// ToBus sends straight to the bus, for services inside the house. The connection's user needs the grant to publish the
// types (and areas) it emits; without it events wait, and the log says that the bus refused.
func ToBus(conn *stream.Conn) Sender { return bus{conn.Publisher()} }

type bus struct{ publisher *stream.Publisher }

// Send implements [Sender].
func (b bus) Send(ctx context.Context, events []*event.Event) error {
	var err error
	if len(events) == 1 { // the server then knows it, should it come again at once
		err = b.publisher.Publish(ctx, events[0])
	} else {
		err = b.publisher.PublishBatch(ctx, events)
	}
	if errors.Is(err, stream.ErrTooLarge) {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}
