package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vointi.fi/pkg/stream"
	"vointi.fi/services/simulator"
)

// demoDetails is how often the demo publishes breakdowns of open periods: often enough to be watched. Real data must
// not be published so often.
const demoDetails = time.Minute

// demoRetention is how many months the demo's visits stay somebody's at least, so that its history can be looked at whole.
const demoRetention = 40

// demoFile remembers in the data folder which history was made, so that it is made once, and the same after a break.
const demoFile = "demo.json"

// history is what is remembered of it.
type history struct {
	Size      string    `json:"size"`
	Made      time.Time `json:"made"`      // the day decides which events there are
	Published bool      `json:"published"` // all of it
	Computed  bool      `json:"computed"`  // and the indicators, once
}

func readHistory(dir string) (h history, found bool, err error) {
	data, err := os.ReadFile(filepath.Join(dir, demoFile))
	if errors.Is(err, fs.ErrNotExist) {
		return h, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &h)
	}
	return h, err == nil, err
}

func (h history) write(dir string) error {
	data, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, demoFile), append(data, '\n'), 0o600)
}

// demo fills an empty data folder with the synthetic history and starts the live trickle. A history that was broken off
// is published again from its beginning: the same events, which change nothing twice.
func (u *up) demo(a indicators) error {
	h, found, err := readHistory(u.Data)
	if err != nil {
		return fmt.Errorf("read %s: %w", demoFile, err)
	}
	if !found {
		if h, err = u.newHistory(); err != nil {
			return err
		}
	}
	sim, err := simulator.New(world(h.Size, h.Made))
	if err != nil {
		return err
	}
	if err := u.bringIn(sim, &h, a); err != nil {
		return err
	}
	if u.Rate > 0 {
		u.parts.run("trickle", func(ctx context.Context) error { return u.trickle(ctx, sim) })
	}
	return nil
}

// newHistory begins one, unless there are events already that it would be mixed with.
func (u *up) newHistory() (history, error) {
	state, err := u.engines.ingester.StreamState(u.ctx, stream.Events)
	if err != nil {
		return history{}, err
	}
	if state.Last > 0 {
		return history{}, fmt.Errorf("the data folder %s holds events that are not the demo's; leave --demo out, or choose an empty folder with --data", u.Data)
	}
	h := history{Size: u.Size, Made: u.proc.now()}
	return h, h.write(u.Data)
}

// bringIn publishes, waits until all is stored, and computes the indicators once.
func (u *up) bringIn(sim *simulator.Simulator, h *history, a indicators) error {
	if h.Computed {
		return nil
	}
	fmt.Fprintln(u.proc.stdout, "Making synthetic demo data; this is done once.")
	if !h.Published {
		if err := publishHistory(u.ctx, u.proc, sim, u.engines.publisher.Publisher()); err != nil {
			return err
		}
		h.Published = true
		if err := h.write(u.Data); err != nil {
			return err
		}
	}
	bar := newProgress(u.proc.stdout, u.proc.now)
	if err := u.awaitStored(bar); err != nil {
		return err
	}
	bar.show("computing indicators", 0, 0)
	if err := a.Rebuild(u.ctx, func(what string, done int) { bar.show("computing: "+what, done, 0) }); err != nil {
		return err
	}
	bar.end()
	fmt.Fprintln(u.proc.stdout, "  comparisons with other periods, areas and groups follow while you look around")
	h.Computed = true
	return h.write(u.Data)
}

// awaitStored waits until the ingester has dealt with every message of the stream.
func (u *up) awaitStored(bar *progress) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		state, err := u.engines.ingester.StreamState(u.ctx, stream.Events)
		if err != nil {
			return err
		}
		consumer, err := u.engines.ingester.ConsumerState(u.ctx, stream.Events, durable)
		if err != nil {
			return err
		}
		bar.show("storing", int(consumer.AckFloor), int(state.Last))
		if consumer.AckFloor >= state.Last {
			bar.end()
			return nil
		}
		select {
		case <-tick.C:
		case <-u.ctx.Done():
			return u.ctx.Err()
		}
	}
}

// trickle publishes synthetic check-ins of the present, and goes on after an outage of the bus.
func (u *up) trickle(ctx context.Context, sim *simulator.Simulator) error {
	return patiently(ctx, u.log.Named("trickle"), "bus", busTransient, func() error {
		return sim.Live(ctx, u.proc.now, u.Rate, u.engines.publisher.Publisher())
	})
}
