package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vointi.fi/pkg/stream"
	"vointi.fi/services/simulator"
)

type simulateCommand struct {
	Size string      `name:"demo-size" default:"full" enum:"full,small,large" help:"full: three years, about a million events; small: about 25 000; large: ten million, to measure with"`
	Rate float64     `name:"demo-rate" default:"0" help:"events a second of a live trickle after the history; 0: none"`
	Data string      `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up, to reach its bus"`
	Log  terminalLog `embed:""`
	Bus  busSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*simulateCommand) Help() string {
	return `The same day gives the same events, so running it again publishes nothing new. All of it is synthetic: sources begin with /demo/.`
}

// Run publishes the history and, if asked, the trickle until it is interrupted.
func (c *simulateCommand) Run(ctx context.Context, proc *process) error {
	log, err := c.Log.logger()
	if err != nil {
		return err
	}
	bus, err := c.Bus.connect(ctx, log, "simulator")
	if err != nil {
		return err
	}
	defer bus.Close()
	sim, err := simulator.New(world(c.Size, proc.now()))
	if err != nil {
		return err
	}
	if err := awaitBus(ctx, bus); err != nil {
		return err
	}
	if err := publishHistory(ctx, proc, sim, bus.Publisher()); err != nil {
		return err
	}
	if c.Rate <= 0 {
		return nil
	}
	fmt.Fprintf(proc.stdout, "live trickle of %g synthetic events a second; Ctrl-C ends it\n", c.Rate)
	return sim.Live(ctx, proc.now, c.Rate, bus.Publisher())
}

// world is the configuration of the simulated world of a size.
func world(size string, now time.Time) simulator.Config {
	switch size {
	case "small":
		return simulator.Small(now)
	case "large":
		return simulator.Large(now)
	}
	return simulator.Default(now)
}

// publishHistory publishes the history with a progress bar.
func publishHistory(ctx context.Context, proc *process, sim *simulator.Simulator, bus *stream.Publisher) error {
	bar := newProgress(proc.stdout, proc.now)
	err := sim.Publish(ctx, bus, func(done, total int) { bar.show("publishing synthetic events", done, total) })
	bar.end()
	if errors.Is(err, stream.ErrFull) {
		return fmt.Errorf("%w; raise --stream-max-gib", err)
	}
	return err
}
