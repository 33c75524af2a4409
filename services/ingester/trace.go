package ingester

import (
	"context"
	"fmt"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/warehouse"
)

// Arrival is one message that brought an event.
type Arrival struct {
	Sequence   uint64
	ReceivedAt time.Time
	Emitter    string // "" if it was published on the bus itself
	Outcome    string // stored or dead
}

// Trace returns how an event came, in the order of the stream; nothing if it never did, or is erased.
func Trace(ctx context.Context, db Querier, identity event.Identity) ([]Arrival, error) {
	arrivals, err := warehouse.Collect(ctx, db, statement("arrivals"),
		func(scan func(...any) error) (a Arrival, err error) {
			err = scan(&a.Sequence, &a.ReceivedAt, &a.Emitter, &a.Outcome)
			return a, err
		}, warehouse.Param("identity", identity.String()))
	if err != nil {
		return nil, fmt.Errorf("trace %s: %w", identity, err)
	}
	return arrivals, nil
}
