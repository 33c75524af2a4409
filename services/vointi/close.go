package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/event"
)

type closeCommand struct {
	Period string      `arg:"" help:"2026, 2026-Q3, 2026-10, 2026-W40, 2026-10-05, or rolling-2026-10 for the twelve months that begin there"`
	Scope  string      `name:"scope" help:"close for one family of events only, such as participation"`
	Data   string      `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up, to reach its bus"`
	Log    terminalLog `embed:""`
	Bus    busSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*closeCommand) Help() string {
	return `Periods close by themselves: 15 days after a day, week or month, 30 after a quarter, 90 after a year. Closing one by hand makes its figures final now; what comes later changes them only as a logged revision. It cannot be undone.`
}

// Run publishes period.closed.v1.
func (c *closeCommand) Run(ctx context.Context, proc *process) error {
	kind, start, err := parsePeriod(c.Period)
	if err != nil {
		return err
	}
	now := proc.now().UTC().Truncate(time.Millisecond)
	if start.After(now) {
		return fmt.Errorf("%s has not begun", c.Period)
	}
	id := event.NewID("period.closed", kind, start.Format(time.DateOnly), c.Scope, now.Format(time.RFC3339Nano))
	e, err := event.New(event.PeriodClosed, "/vointi/cli", id, now, "SSS", "", &event.Period{PeriodType: kind, PeriodStart: start, Scope: c.Scope})
	if err != nil {
		return err
	}
	log, err := c.Log.logger()
	if err != nil {
		return err
	}
	bus, err := c.Bus.connect(ctx, log, "close")
	if err != nil {
		return err
	}
	defer bus.Close()
	if err := awaitBus(ctx, bus); err != nil {
		return err
	}
	if err := bus.Publisher().Publish(ctx, e); err != nil {
		return err
	}
	fmt.Fprintf(proc.stdout, "%s %s is told to close; its rows say final once the aggregator has done so\n", kind, start.Format(time.DateOnly))
	return nil
}

var errPeriod = errors.New("a period is written 2026, 2026-Q3, 2026-10, 2026-W40, 2026-10-05 or rolling-2026-10")

// parsePeriod reads a period as people write it. start is midnight UTC of its first day.
func parsePeriod(text string) (kind string, start time.Time, err error) {
	if month, ok := strings.CutPrefix(text, "rolling-"); ok {
		start, err = time.Parse("2006-01", month)
		return "rolling_12m", start, wrongPeriod(err)
	}
	for _, form := range []struct{ kind, layout string }{{"year", "2006"}, {"month", "2006-01"}, {"day", time.DateOnly}} {
		if start, err := time.Parse(form.layout, text); err == nil {
			return form.kind, start, nil
		}
	}
	year, rest, _ := strings.Cut(text, "-")
	first, err := time.Parse("2006", year)
	if err != nil || len(rest) < 2 {
		return "", time.Time{}, errPeriod
	}
	number, err := strconv.ParseUint(rest[1:], 10, 8) // no sign
	switch {
	case err != nil:
	case rest[0] == 'Q' && number >= 1 && number <= 4:
		return "quarter", first.AddDate(0, 3*(int(number)-1), 0), nil
	case rest[0] == 'W' && number >= 1:
		if start := isoWeek(first.Year(), int(number)); sameWeek(start, first.Year(), int(number)) {
			return "week", start, nil
		}
	}
	return "", time.Time{}, errPeriod
}

func wrongPeriod(err error) error {
	if err != nil {
		return errPeriod
	}
	return nil
}

// isoWeek is the Monday of an ISO week: week 1 holds 4 January.
func isoWeek(year, week int) time.Time {
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC)
	sinceMonday := (int(fourth.Weekday()) + 6) % 7
	return fourth.AddDate(0, 0, 7*(week-1)-sinceMonday)
}

func sameWeek(start time.Time, year, week int) bool {
	y, w := start.ISOWeek()
	return y == year && w == week
}
