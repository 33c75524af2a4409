package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/mapping"
	"vointi.fi/pkg/stream"
)

// importSettings are what every import command is asked: whether to publish, and where.
type importSettings struct {
	DryRun     bool        `name:"dry-run" help:"check everything, say what would be published, and publish nothing"`
	Again      bool        `name:"again" help:"publish also what this machine has published before; for a bus that is new"`
	SkipFaulty bool        `name:"skip-faulty" help:"publish the rows without faults although others have some; the exit code still tells of these"`
	Data       string      `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up, to reach its bus"`
	Log        terminalLog `embed:""`
	Bus        busSettings `embed:""`
}

// imported is what an import command made of its input.
type imported struct {
	unreadable error          // what is wrong with the input as a whole
	events     []*event.Event // of the rows without faults
	faults     []error        // of the other rows, each with its place
	faulty     int            // how many rows have faults
	notes      []string       // what else there is to say of it
	ledger     string         // the kind of import whose ledger is kept; "" keeps none
	summary    string         // what the events are, as in "3 targets in 2 areas"
	shows      string         // where they can be seen, as in "vointi.targets shows them"
}

// add notes what is wrong with a row, if anything.
func (in *imported) add(faults []error) {
	if len(faults) > 0 {
		in.faults, in.faulty = append(in.faults, faults...), in.faulty+1
	}
}

// noteRows notes what a table has that is not read, and that it has no rows, which is no fault: nobody may have come that day.
func (in *imported) noteRows(rows int, unread []string) {
	if rows == 0 {
		in.notes = append(in.notes, "  there are no rows below the first one")
	}
	if len(unread) > 0 {
		in.notes = append(in.notes, "  not read: "+strings.Join(unread, ", "))
	}
}

// placed are faults of a table with their place in the file.
func placed(file string, faults []mapping.Fault) (all []error) {
	for _, f := range faults {
		place := fmt.Sprintf("%s:%d", filepath.Base(file), f.Row)
		if f.Column != "" {
			place += fmt.Sprintf(": column %q", f.Column)
		}
		all = append(all, errors.New(place+" "+f.Reason))
	}
	return all
}

// finish publishes what was imported, or says why not, and returns an error if there was any fault. If there is one, nothing is
// published, unless faulty rows are to be skipped. When it fails half-way it says how much is published: the same input makes
// the same events, so importing it again completes them.
func (s *importSettings) finish(ctx context.Context, proc *process, in imported) error {
	faults := errors.Join(append([]error{in.unreadable}, in.faults...)...)
	if in.unreadable != nil || in.faulty > 0 && !s.SkipFaulty {
		return fmt.Errorf("nothing was published, since the input has faults:\n%w", faults)
	}
	for _, note := range in.notes {
		fmt.Fprintln(proc.stdout, note)
	}
	if err := s.publishNews(ctx, proc, in); err != nil {
		return err
	}
	if in.faulty > 0 {
		return fmt.Errorf("%s skipped, since there are faults:\n%w", countOf(in.faulty, "row was", "rows were"), faults)
	}
	return nil
}

// publishNews publishes what is new, or says what would be.
func (s *importSettings) publishNews(ctx context.Context, proc *process, in imported) error {
	news, told := in.events, ""
	var l *ledger
	if in.ledger != "" {
		var err error
		if l, err = openLedger(s.Data, in.ledger, s.Again); err != nil {
			return err
		}
		var t tally
		if news, t, err = l.news(in.events, proc.now()); err != nil {
			return err
		}
		told = " (" + t.String() + ")"
	}
	switch {
	case s.DryRun:
		fmt.Fprintf(proc.stdout, "%s without faults%s; nothing was published\n", in.summary, told)
		return nil
	case len(news) == 0:
		fmt.Fprintf(proc.stdout, "%s%s; nothing is new, and nothing was published\n", in.summary, told)
		return nil
	}
	if err := s.publish(ctx, proc, news); err != nil {
		return err
	}
	fmt.Fprintf(proc.stdout, "published: %s%s; %s once they are stored\n", in.summary, told, in.shows)
	if l != nil {
		return l.keep(news)
	}
	return nil
}

// readInput reads a file of at most so many bytes.
func readInput(path string, most int64) ([]byte, error) {
	if isAddress(path) {
		return nil, fmt.Errorf("%s: is an address, and this is read from a file only; save it first", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s: larger than %d MiB", filepath.Base(path), most>>20)
	}
	return text, err
}

// publish brings the events to the bus, in atomic batches, and shows how far it is.
func (s *importSettings) publish(ctx context.Context, proc *process, events []*event.Event) error {
	bus, err := importBus(ctx, s.Log, s.Bus)
	if err != nil {
		return err
	}
	defer bus.Close()
	bar := newProgress(proc.stdout, proc.now)
	defer bar.end()
	done := 0
	for part := range slices.Chunk(events, stream.MaxBatch) {
		if err := bus.Publisher().PublishBatch(ctx, part); err != nil {
			if ctx.Err() != nil { // said as a failure: an interrupted import is not done
				return fmt.Errorf("import: interrupted; %d of %d are published; run it again to publish the rest", done, len(events))
			}
			return fmt.Errorf("import: %d of %d are published; run it again to publish the rest: %w", done, len(events), err)
		}
		done += len(part)
		bar.show("publishing", done, len(events))
	}
	return nil
}

// importBus connects to the bus, waiting a little for it.
func importBus(ctx context.Context, level terminalLog, settings busSettings) (*stream.Conn, error) {
	log, err := level.logger()
	if err != nil {
		return nil, err
	}
	bus, err := settings.connect(ctx, log, "import")
	if err != nil {
		return nil, err
	}
	if err := awaitBus(ctx, bus); err != nil {
		bus.Close()
		return nil, err
	}
	return bus, nil
}
