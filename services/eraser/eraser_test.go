package eraser_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"go.uber.org/zap/zaptest"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/eraser"
)

func TestMain(m *testing.M) { os.Exit(warehousetest.Main(m)) }

// failing is a bus that answers for its streams and not for single messages.
type failing struct {
	eraser.Bus
	err error
}

func (b failing) Get(context.Context, string, uint64) (stream.Message, error) {
	return stream.Message{}, b.err
}

// Of a dead letter whose payload was not kept only the message tells of whom it speaks. A message that is gone tells of nobody; one that
// cannot be read now may be of anybody, so that nothing is said of how much there is.
func TestMessagesThatCannotBeReadAreNobodysOnlyIfGone(t *testing.T) {
	db, bus := warehousetest.New(t), streamtest.New(t)
	err := db.Exec(t.Context(), `INSERT INTO vointi_internal.dead_letters (stream_created, sequence, reason, blanked, received_at, stored_at)
		VALUES ('2024-03-01 00:00:00', 1, 'malformed', true, now(), now())`)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []struct{ bus, want error }{{stream.ErrNotFound, nil}, {stream.ErrUnavailable, stream.ErrUnavailable}} {
		e := eraser.New(zaptest.NewLogger(t), db, failing{bus.Conn, of.bus}, bus.Publisher(), eraser.DefaultConfig("ingester"))
		if _, err := e.Preview(t.Context(), "00112233445566778899aabbccddeeff", time.Now()); !errors.Is(err, of.want) {
			t.Errorf("%v: %v", of.bus, err)
		}
	}
}
