package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"vointi.fi/services/calendar"
	"vointi.fi/services/calendar/occurrence"
)

type importCalendarCommand struct {
	Source   string          `arg:"" help:"a file, or a web address"`
	Feed     string          `name:"feed" required:"" placeholder:"FILE" help:"YAML file of feeds: what the calendar's words mean"`
	FeedID   string          `name:"feed-id" placeholder:"ID" help:"which feed of the file it is, if there are several"`
	DryRun   bool            `name:"dry-run" help:"read the calendar and publish nothing"`
	Data     string          `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up, to reach its bus"`
	Calendar calendar.Config `embed:"" prefix:"calendar-"`
	Log      terminalLog     `embed:""`
	Bus      busSettings     `embed:""`
}

// Help implements [kong.HelpProvider].
func (*importCalendarCommand) Help() string {
	return `Reads iCalendar (.ics), or Linked Events (JSON), and publishes what is new or has changed of it: the same file twice publishes nothing new, also if vointi calendar polls the same feed. What was not understood is told with line and event, and then the exit code is 1, though all else was published.

The file of feeds says what the calendar's words mean, and may be the one that vointi calendar uses:
  feeds:
    - id: library               names it for good
      area: KU305               where it takes place unless locations say otherwise
      provider: P1              whose it is unless providers say otherwise
      activity_type: culture    unless categories say otherwise
      categories: {Liikunta: {activity_type: sport, target_groups: [families]}}
      locations: {Kirjasto: {venue: V17, area: KU305}}
      confirms: true            what is over and was not cancelled was held
      vanished: cancel          or keep: what is to come and is no longer in the calendar
deploy/calendar-feeds.yaml shows all keys.`
}

// Run publishes what is new in the calendar.
func (c *importCalendarCommand) Run(ctx context.Context, proc *process) error {
	feed, err := c.feed()
	if err != nil {
		return err
	}
	reading, err := feed.ReadFrom(ctx, c.Source, proc.now)
	if err != nil {
		return fmt.Errorf("import calendar: nothing was published: %w", err)
	}
	if c.DryRun {
		counts, err := calendar.Try(ctx, feed, &reading, proc.now)
		if err != nil {
			return err
		}
		fmt.Fprintf(proc.stdout, "%s could be published, %d of them cancelled and %d held; nothing was published\n", countOf(counts.Published(), "occurrence", "occurrences"), counts.Cancelled, counts.Held)
		return tellRemarks(proc.stdout, reading)
	}
	if err := c.publish(ctx, proc, feed, &reading); err != nil {
		return err
	}
	return tellRemarks(proc.stdout, reading)
}

// feed is the one that the calendar belongs to.
func (c *importCalendarCommand) feed() (*calendar.Feed, error) {
	feeds, err := readFeeds(c.Feed)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, f := range feeds {
		if f.ID == c.FeedID || c.FeedID == "" && len(feeds) == 1 {
			return f, nil
		}
		ids = append(ids, f.ID)
	}
	return nil, fmt.Errorf("feed-id: must be one of %s", strings.Join(ids, ", "))
}

func readFeeds(path string) ([]*calendar.Feed, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read feeds: %w", err)
	}
	feeds, err := calendar.ReadFeeds(text)
	if err != nil {
		return nil, fmt.Errorf("read feeds: %s: %w", path, err)
	}
	return feeds, nil
}

func (c *importCalendarCommand) publish(ctx context.Context, proc *process, feed *calendar.Feed, reading *occurrence.Reading) error {
	bus, err := importBus(ctx, c.Log, c.Bus)
	if err != nil {
		return err
	}
	defer bus.Close()
	bar := newProgress(proc.stdout, proc.now)
	keeper := calendar.NewKeeper(bus, bus.Publisher(), c.Calendar.Source, proc.now)
	counts, err := keeper.Take(ctx, feed, reading, func(done, total int) { bar.show("publishing occurrences", done, total) })
	bar.end()
	if err != nil {
		return fmt.Errorf("import calendar: run it again to publish the rest: %w", err)
	}
	fmt.Fprintf(proc.stdout, "%s: %d created, %d updated, %d cancelled, %d held, %d unchanged\n",
		countOf(counts.Published()+counts.Unchanged, "occurrence", "occurrences"), counts.Created, counts.Updated, counts.Cancelled, counts.Held, counts.Unchanged)
	if counts.Again > 0 {
		fmt.Fprintf(proc.stdout, "%d events of an interrupted import were published again\n", counts.Again)
	}
	return nil
}

// tellRemarks writes what was not understood, and fails if anything was left out because of it.
func tellRemarks(out io.Writer, reading occurrence.Reading) error {
	faults := 0
	for _, r := range reading.Remarks {
		fmt.Fprintln(out, " ", r)
		if r.Fault {
			faults++
		}
	}
	if faults > 0 {
		return errors.New(countOf(faults, "thing was", "things were") + " left out, as told above; all else is as counted")
	}
	return nil
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
