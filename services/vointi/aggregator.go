package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"vointi.fi/pkg/service"
	"vointi.fi/pkg/stream"
)

// aggregatorSettings are those that an operator may have a reason to change.
type aggregatorSettings struct {
	Threshold int           `name:"aggregator-threshold" default:"5" help:"counts of persons from 1 to one less than this are protected"`
	Every     time.Duration `name:"aggregator-every" default:"500ms" help:"how often to look for news when nothing says there is"`
	Details   time.Duration `name:"aggregator-details" default:"24h" help:"how often breakdowns of open periods are published; more often gives persons away"`
	Retention int           `name:"aggregator-retention" default:"26" help:"months that visits, shifts and answers stay somebody's, 0: for good; what they gave to figures stays, and what comes later is not counted"`

	ActiveVisits int `name:"active-visits" default:"4" help:"visits that make somebody active, within active-window days; another rule makes the indicators anew"`
	ActiveWeeks  int `name:"active-weeks" default:"3" help:"different ISO weeks that these visits must lie in"`
	ActiveWindow int `name:"active-window" default:"90" help:"days within which the visits that make somebody active must lie"`
	ActiveQuiet  int `name:"active-quiet" default:"365" help:"days without a visit before the first of those visits that make the person newly active"`
}

// Validate lists every fault.
func (s aggregatorSettings) Validate() error {
	var faults service.Faults
	if s.Threshold < 3 {
		faults.Add("aggregator-threshold", "must be at least 3; less protects nobody")
	}
	if s.Every <= 0 {
		faults.Add("aggregator-every", "must be positive")
	}
	if s.Details <= 0 {
		faults.Add("aggregator-details", "must be positive")
	}
	if s.Retention != 0 && s.Retention < 18 {
		faults.Add("aggregator-retention", "must be 0 or at least 18; open periods look back as far")
	}
	if s.ActiveVisits < 1 || s.ActiveWeeks < 1 || s.ActiveWindow < 1 {
		faults.Add("active-visits, active-weeks, active-window", "must be at least 1")
	}
	if s.ActiveQuiet < 0 {
		faults.Add("active-quiet", "cannot be below 0")
	}
	return faults.Err()
}

// indicators is the aggregator as far as this program drives it.
type indicators interface {
	Run(ctx context.Context, nudge <-chan struct{}) error
	Rebuild(ctx context.Context, step func(what string, done int)) error
	Compare(ctx context.Context, step func(what string, done int)) error
	Verify(ctx context.Context, step func(what string, done int)) ([]string, error)
}

type aggregatorCommand struct {
	Process    serviceSettings    `embed:""`
	Bus        busSettings        `embed:""`
	Warehouse  warehouseSettings  `embed:""`
	Aggregator aggregatorSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*aggregatorCommand) Help() string {
	return `Takes what is new in the facts, publishes figures with their intervals, protects small groups, closes periods, and compares. There must be one at a time; if it dies, the next goes on where it stopped.`
}

// Run keeps the indicators up to date with the facts.
func (c *aggregatorCommand) Run(ctx context.Context) error {
	return c.Process.run(ctx, "aggregator", func(p *parts, _ *http.ServeMux) error {
		bus, err := c.Bus.connect(p.ctx, p.log, "aggregator")
		if err != nil {
			return err
		}
		p.closer("bus", bus.Close)
		db, err := c.Warehouse.open(p.ctx, p.log)
		if err != nil {
			return err
		}
		p.closer("warehouse", func() { _ = db.Close() })
		a, err := newAggregator(p.log, p.reg, db, bus.Publisher(), c.Aggregator)
		if err != nil {
			return err
		}
		return startAggregator(p, bus, a)
	})
}

// startAggregator runs the aggregator, which looks at once when an ingester says that something changed.
func startAggregator(p *parts, bus *stream.Conn, a indicators) error {
	nudge, stop, err := bus.OnNudge(nudgeChanges)
	if err != nil {
		return err
	}
	p.closer("nudges", stop)
	p.run("aggregator", func(ctx context.Context) error { return a.Run(ctx, nudge) })
	return nil
}

type recomputeCommand struct {
	Verify     bool               `name:"verify" help:"change nothing: compare what is published with what the facts give, and end with 3 if it differs"`
	Data       string             `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up, to reach its engines"`
	Log        terminalLog        `embed:""`
	Warehouse  warehouseSettings  `embed:""`
	Aggregator aggregatorSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*recomputeCommand) Help() string {
	return `Everything the aggregator stores can be made anew from the facts. Without --verify this does so; stop the aggregator first, for there must be one at a time. With --verify it may run: the comparison is made in a scratch database.`
}

// Run computes or compares, showing what it is at.
func (c *recomputeCommand) Run(ctx context.Context, proc *process) error {
	log, err := c.Log.logger()
	if err != nil {
		return err
	}
	db, err := c.Warehouse.openNow(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // idle connections
	a, err := newAggregator(log, service.NewRegistry(), db, nil, c.Aggregator)
	if err != nil {
		return err
	}
	bar := newProgress(proc.stderr, proc.now)
	step := func(what string, done int) { bar.show(what, done, 0) }
	if !c.Verify {
		if err = a.Rebuild(ctx, step); err == nil {
			err = a.Compare(ctx, step)
		}
		bar.end()
		return err
	}
	differences, err := verifyPatiently(ctx, a, step)
	bar.end()
	return tellDifferences(proc, differences, err)
}

// verifyTries is how often a comparison is begun while events, or comparisons after a rebuild, keep the aggregator busy. It
// waits longer each time.
const verifyTries = 12

func verifyPatiently(ctx context.Context, a indicators, step func(string, int)) ([]string, error) {
	for try := 1; ; try++ {
		differences, err := a.Verify(ctx, step)
		if !errors.Is(err, errBusy) || try == verifyTries {
			return differences, err
		}
		step("waiting for the aggregator to catch up", try)
		select {
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func tellDifferences(proc *process, differences []string, err error) error {
	if err != nil {
		return err
	}
	for _, d := range differences {
		fmt.Fprintln(proc.stdout, d)
	}
	if len(differences) > 0 {
		return errDiffer
	}
	fmt.Fprintln(proc.stdout, "no differences: what is published is what the facts give")
	return nil
}
