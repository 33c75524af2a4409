package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"text/tabwriter"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/services/eraser"
)

type eraseCommand struct {
	Pseudonym string   `arg:"" help:"person_pseudonym: 32 lower-case hexadecimal digits"`
	DryRun    bool     `name:"dry-run" help:"only count what would be deleted"`
	Operator  operator `embed:""`
}

// Help implements [kong.HelpProvider].
func (*eraseCommand) Help() string {
	return `Forgets a person up to now, under every pseudonym that is linked with this one: facts, what was computed of them, messages on the bus, dead letters. Open figures follow at once; final ones stay as they were published. What comes later of the time before, an old backup or a replay, is not stored either. It cannot be undone; --dry-run counts first.

Of a card "vointi keys pseudonym ISSUER" tells the pseudonyms.

The ingester and the aggregator must be running. Interrupted, it is finished by a running vointi up or vointi eraser, or by the same command again. When all is counted to zero, the proof goes out as ` + eraser.Completed + `, which names nobody.

Answers to surveys have pseudonyms of their own, which no card leads to: they are not reached.`
}

var errPseudonym = errors.New("a pseudonym is 32 lower-case hexadecimal digits, as person_pseudonym in an event; the number on a card is none, and must not be written here")

// Run publishes card.erasure.requested.v1, and works it off.
func (c *eraseCommand) Run(ctx context.Context, proc *process) error {
	now := proc.now().UTC().Truncate(time.Millisecond)
	id := event.NewID("card.erasure.requested", event.PseudonymHash(c.Pseudonym), now.Format(time.RFC3339Nano))
	request, err := event.New(event.ErasureRequested, "/vointi/cli", id, now, "SSS", "", &event.Erasure{PersonPseudonym: c.Pseudonym})
	if errors.Is(err, event.ErrInvalid) {
		return errPseudonym
	}
	if err != nil {
		return err
	}
	return c.Operator.reach(ctx, "erase", func(log *zap.Logger, bus *stream.Conn, db *warehouse.DB) error {
		bar := newProgress(proc.stderr, proc.now)
		bar.brief = true
		cfg := eraser.DefaultConfig(durable)
		cfg.Show = func(what string, done int) { bar.show(what, done, 0) }
		e := eraser.New(log, db, bus, bus.Publisher(), cfg)
		if c.DryRun {
			found, err := e.Preview(ctx, c.Pseudonym, now)
			tellErased(proc, found)
			return err
		}
		if err := bus.Publisher().Publish(ctx, request); err != nil {
			return err
		}
		found, err := e.Finish(ctx, request.Identity())
		bar.end()
		if err != nil {
			return fmt.Errorf("%w; what is done stays done, and a running vointi up or vointi eraser goes on with it", err)
		}
		tellErased(proc, found)
		fmt.Fprintln(proc.stdout, outcomeOf(found))
		return nil
	})
}

// outcomeOf says what an erasure came to. Of nothing it must not sound like success: the pseudonym may be mistyped.
func outcomeOf(found map[string]uint64) string {
	for _, n := range found {
		if n > 0 {
			return "erased; nothing remains"
		}
	}
	return "nothing was found: the pseudonym is mistyped, erased already, or was never used; what comes of it later, of the time up to now, will not be stored"
}

func tellErased(proc *process, found map[string]uint64) {
	table := tabwriter.NewWriter(proc.stdout, 0, 0, 2, ' ', 0)
	for _, what := range slices.Sorted(maps.Keys(found)) {
		fmt.Fprintf(table, "%s\t%d\n", what, found[what])
	}
	_ = table.Flush()
}

type eraserCommand struct {
	Process   serviceSettings   `embed:""`
	Bus       busSettings       `embed:""`
	Warehouse warehouseSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*eraserCommand) Help() string {
	return `Works off requests for erasure that services publish, card.erasure.requested.v1, finishes those that a "vointi erase" left, and deletes messages of erased persons that come again.`
}

// Run erases until ctx ends.
func (c *eraserCommand) Run(ctx context.Context) error {
	return c.Process.run(ctx, "eraser", func(p *parts, _ *http.ServeMux) error {
		bus, err := c.Bus.connect(p.ctx, p.log, "eraser")
		if err != nil {
			return err
		}
		p.closer("bus", bus.Close)
		db, err := c.Warehouse.open(p.ctx, p.log)
		if err != nil {
			return err
		}
		p.closer("warehouse", func() { _ = db.Close() })
		startEraser(p, bus, db)
		return nil
	})
}

func startEraser(p *parts, bus *stream.Conn, db *warehouse.DB) {
	e := eraser.New(p.log, db, bus, bus.Publisher(), eraser.DefaultConfig(durable))
	p.run("eraser", e.Run)
}
