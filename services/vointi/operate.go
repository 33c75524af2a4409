package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/schemas"
	"vointi.fi/services/ingester"
)

// operator is how a command that a person runs reaches the bus and the warehouse.
type operator struct {
	Data      string            `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up, to reach its engines"`
	Log       terminalLog       `embed:""`
	Bus       busSettings       `embed:""`
	Warehouse warehouseSettings `embed:""`
}

// answerWithin is how long a person waits for a server that may not be there.
const answerWithin = 10 * time.Second

// reach connects to both, waiting a little for the bus, and calls do.
func (o operator) reach(ctx context.Context, name string, do func(*zap.Logger, *stream.Conn, *warehouse.DB) error) error {
	log, err := o.Log.logger()
	if err != nil {
		return err
	}
	bus, err := o.Bus.connect(ctx, log, name)
	if err != nil {
		return err
	}
	defer bus.Close()
	if err := awaitBus(ctx, bus); err != nil {
		return err
	}
	db, err := o.Warehouse.openNow(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // idle connections
	return do(log, bus, db)
}

func awaitBus(ctx context.Context, bus *stream.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	err := bus.Await(ctx)
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) { // that the wait is over says nothing to a person
		err = several.Unwrap()[0]
	}
	if err != nil {
		return fmt.Errorf("%w; if it is that of a vointi up, start it, and name its folder with --data", err)
	}
	return nil
}

type migrateCommand struct {
	Operator operator       `embed:""`
	Streams  streamSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*migrateCommand) Help() string {
	return `Run it before the services of a new version start. What is there already stays; run twice, it changes nothing.`
}

// Run makes the streams and applies the migrations.
func (c *migrateCommand) Run(ctx context.Context) error {
	return c.Operator.reach(ctx, "migrate", func(log *zap.Logger, bus *stream.Conn, db *warehouse.DB) error {
		return migrate(ctx, log, bus, db, c.Streams)
	})
}

func migrate(ctx context.Context, log *zap.Logger, bus *stream.Conn, db *warehouse.DB, s streamSettings) error {
	if err := bus.EnsureStreams(ctx, s.config()); err != nil {
		return err
	}
	return warehouse.Migrate(ctx, db, schemas.FS, log)
}

type deadLettersCommand struct {
	List    listCommand    `cmd:"" help:"Show the dead letters, oldest first, with the reason of each."`
	Redrive redriveCommand `cmd:"" help:"Publish the messages of dead letters again, once the cause is mended."`
}

// letterFilter narrows which dead letters are meant.
type letterFilter struct {
	Reason   string `name:"reason" help:"only of this reason: malformed, schema, unknown_type, subject_mismatch, foreign_original, too_large or unstorable"`
	Type     string `name:"type" help:"only of this event type, such as participation.checkin.v1"`
	Redriven bool   `name:"redriven" help:"also those that were sent again already"`
	Limit    int    `name:"limit" default:"0" help:"at most so many; 0: all"`
}

func (f letterFilter) filter() ingester.Filter {
	return ingester.Filter{Reason: event.Reason(f.Reason), Type: f.Type, Redriven: f.Redriven, Limit: f.Limit}
}

type listCommand struct {
	Operator operator     `embed:""`
	Filter   letterFilter `embed:""`
}

// Help implements [kong.HelpProvider].
func (*listCommand) Help() string {
	return `A line each: place in the stream, when it came, reason, type, source, what was wrong. The reasons:
  malformed         not JSON, or not a CloudEvent
  schema            not what schemas/events/ says of its type
  unknown_type      a type that this version does not know: update Vointi, redrive
  subject_mismatch  published on another subject than its type and area say
  foreign_original  corrects or voids another source's event: see --correct-any
  too_large         larger than allowed
  unstorable        valid, yet refused by ClickHouse
They are kept for 30 days; their messages can be sent again with "vointi deadletters redrive".`
}

// Run lists the dead letters, without their payloads.
func (c *listCommand) Run(ctx context.Context, proc *process) error {
	db, err := c.Operator.Warehouse.openNow(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // idle connections
	letters, err := ingester.NewDeadLetters(db, nil).List(ctx, c.Filter.filter())
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(proc.stdout, 0, 0, 2, ' ', 0)
	for _, l := range letters {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", l.Sequence, l.ReceivedAt.Format(time.RFC3339), l.Reason, l.Type, l.Source, l.Detail)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(proc.stderr, "%d dead letters\n", len(letters))
	return nil
}

type redriveCommand struct {
	Operator operator     `embed:""`
	Filter   letterFilter `embed:""`
}

// Help implements [kong.HelpProvider].
func (*redriveCommand) Help() string {
	return `Try it on a few first: --limit 10. Each comes back as stored, or as a dead letter once more; sending one twice stores it once.`
}

// Run publishes dead letters again; each comes back as stored, or as dead once more.
func (c *redriveCommand) Run(ctx context.Context, proc *process) error {
	return c.Operator.reach(ctx, "deadletters", func(_ *zap.Logger, bus *stream.Conn, db *warehouse.DB) error {
		bar := newProgress(proc.stderr, proc.now)
		letters := ingester.NewDeadLetters(db, bus.Publisher())
		done, err := letters.Redrive(ctx, c.Filter.filter(), func(r ingester.Redriven) { bar.show("sent again", r.Published, 0) })
		bar.end()
		fmt.Fprintf(proc.stdout, "%d sent again; see `vointi deadletters list` for those that come back\n", done.Published)
		if done.Blanked > 0 {
			fmt.Fprintf(proc.stdout, "%d left alone: a personal identity code stood in them, so nothing was kept; their producers must send them again without it\n", done.Blanked)
		}
		return err
	})
}

type reconcileCommand struct {
	Operator operator `embed:""`
}

// Help implements [kong.HelpProvider].
func (*reconcileCommand) Help() string {
	return `Each message below what the ingesters have acknowledged must be stored, a dead letter or erased. Ends with 3, and names the places in the stream, if one is none of these; the ingester fetches those again when it starts.`
}

// Run tells whether every message that was acked has a receipt, and ends with 3 if not.
func (c *reconcileCommand) Run(ctx context.Context, proc *process) error {
	return c.Operator.reach(ctx, "reconcile", func(_ *zap.Logger, bus *stream.Conn, db *warehouse.DB) error {
		a, err := ingester.NewAccounts(db, bus, durable).Reconcile(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(proc.stdout, "messages in the stream   %d\nacked up to              %d of %d\nwaiting                  %d\nwithout a receipt        %d\n",
			a.Stream.Messages, a.Consumer.AckFloor, a.Stream.Last, a.Consumer.Pending+uint64(a.Consumer.AckPending), a.Unaccounted())
		for _, s := range a.Missing {
			fmt.Fprintf(proc.stdout, "  missing: %d to %d\n", s.From, s.To)
		}
		if a.Unaccounted() > 0 {
			return errDiffer
		}
		return nil
	})
}
