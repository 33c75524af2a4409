package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"vointi.fi/pkg/event"
)

const (
	probes     = 100
	probeArea  = "KU091" // where the load has nobody
	probeCount = 10
)

// latency publishes head counts, one after the other, while a thousand check-ins a second go through, and waits for each
// to be visible in the day's total of its area.
func latency(ctx context.Context, b *bench) (string, error) {
	i, err := b.up(ctx, "latency")
	if err != nil {
		return "", err
	}
	defer i.stop() //nolint:errcheck // it has served
	load, endLoad := context.WithCancel(ctx)
	loaded := make(chan error, 1)
	go func() { loaded <- i.load(load) }()
	var took []time.Duration
	for n := range probes + 10 {
		d, err := i.probe(ctx, n)
		if err != nil {
			endLoad()
			return "", err
		}
		fmt.Fprintf(os.Stderr, "\r  %d of %d: %.2f s ", n+1, probes+10, d.Seconds())
		if n >= 10 { // the first ones meet an engine that has just started
			took = append(took, d)
		}
	}
	endLoad()
	if err := <-loaded; err != nil {
		return "", err
	}
	slices.Sort(took)
	return fmt.Sprintf("%.2f (median %.2f)", took[len(took)*99/100].Seconds(), took[len(took)/2].Seconds()), nil
}

// load publishes a thousand visits a second, thirty to a session, of twenty thousand people.
func (i *instance) load(ctx context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; {
		events := make([]*event.Event, 100)
		for k := range events {
			var err error
			if events[k], err = visit(fmt.Sprint("load-", n), fmt.Sprint("load-", n/30), n%20_000); err != nil {
				return err
			}
			n++
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		if err := i.bus.Publisher().PublishBatch(ctx, events); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// probe counts people at a new session and waits until the area's total has them.
func (i *instance) probe(ctx context.Context, n int) (time.Duration, error) {
	at := time.Now().UTC().Truncate(time.Millisecond)
	session := fmt.Sprintf("probe-%d", n)
	e, err := event.New(event.HeadcountRecorded, "/bench", session, at, probeArea, session, &event.Headcount{
		SessionID: session, Counter: "door", CountedAt: at, VenueID: "V1", VenueArea: probeArea, Total: probeCount,
		ActivityType: "nature", ProviderID: "ORG1", Method: "manual",
	})
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := i.bus.Publisher().Publish(ctx, e); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	const total = "SELECT sum(value) FROM vointi.indicators WHERE indicator = 'participation-visits' AND area = '" + probeArea +
		"' AND period_type = 'year' AND age_group = 'all' AND sex = 'all' AND member = 'all'"
	err = until(ctx, 25*time.Millisecond, func() (bool, error) {
		value, err := i.ask(ctx, total)
		return value >= float64(probeCount*(n+1)), err
	})
	return time.Since(began), err
}
