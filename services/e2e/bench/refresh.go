package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/simulator"
)

type worldConfig = simulator.Config

// world starts an instance and brings a simulated history in, aggregated.
func (b *bench) world(ctx context.Context, name string, change func(*worldConfig)) (*instance, error) {
	cfg := simulator.Small(time.Now())
	cfg.First = cfg.First.AddDate(-1, 0, 0)
	change(&cfg)
	sim, err := simulator.New(cfg)
	if err != nil {
		return nil, err
	}
	i, err := b.up(ctx, name, "--aggregator-retention", "0") // 25 years come in several batches: between them what is old would be taken away, and the rest come too late
	if err != nil {
		return nil, err
	}
	if err := sim.Publish(ctx, i.bus.Publisher(), nil); err != nil {
		return nil, err
	}
	return i, i.settle(ctx)
}

// settle waits until nothing has been taken in or published for two seconds, and hardly any processor time was used: a rebuild
// publishes nothing for a while, and takes in what comes meanwhile.
func (i *instance) settle(ctx context.Context) error {
	last, since, spent := -1., time.Now(), 0.
	return until(ctx, 200*time.Millisecond, func() (bool, error) {
		now, err := i.metrics(ctx, "vointi_ingester_fetched_messages_total", changesTaken, "vointi_aggregator_publications_total", "process_cpu_seconds_total")
		if err != nil {
			return false, err
		}
		sum, cpu := now[0]+now[1]+now[2], now[3]
		quiet := time.Since(since) > 2*time.Second
		if sum != last || quiet && cpu-spent > 0.5 {
			last, since, spent, quiet = sum, time.Now(), cpu, false
		}
		return quiet, nil
	})
}

// refreshRounds is how many refreshes are measured; the median counts.
const refreshRounds = 7

// refreshTime is how long an aggregator over that world takes for a thousand new visits.
func (b *bench) refreshTime(ctx context.Context, name string, change func(*worldConfig)) (float64, error) {
	if seconds, ok := b.refresh[name]; ok {
		return seconds, nil
	}
	i, err := b.world(ctx, name, change)
	if err != nil {
		return 0, err
	}
	defer i.stop() //nolint:errcheck // it has served
	var rounds []float64
	for round := range refreshRounds {
		seconds, err := i.refresh(ctx, round)
		if err != nil {
			return 0, err
		}
		rounds = append(rounds, seconds)
	}
	slices.Sort(rounds)
	b.refresh[name] = rounds[len(rounds)/2]
	return b.refresh[name], nil
}

// refresh publishes a thousand visits of today at once and reads how long the aggregator was at it.
func (i *instance) refresh(ctx context.Context, round int) (float64, error) {
	const spent = "vointi_aggregator_refresh_seconds_sum"
	before, err := i.metric(ctx, spent)
	if err != nil {
		return 0, err
	}
	known, err := i.metric(ctx, changesTaken)
	if err != nil {
		return 0, err
	}
	events := make([]*event.Event, 1000)
	for n := range events {
		if events[n], err = visit(fmt.Sprintf("bench-%d-%d", round, n), "bench-session", n); err != nil {
			return 0, err
		}
	}
	if err := i.bus.Publisher().PublishBatch(ctx, events); err != nil {
		return 0, err
	}
	if err := i.taken(ctx, known+float64(len(events))); err != nil {
		return 0, err
	}
	if err := i.settle(ctx); err != nil {
		return 0, err
	}
	after, err := i.metric(ctx, spent)
	return after - before, err
}

// changesTaken counts what refreshes have read of what the ingester announced.
const changesTaken = "vointi_aggregator_changes_total"

// taken waits until refreshes have taken so many changes.
func (i *instance) taken(ctx context.Context, changes float64) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	return until(ctx, 50*time.Millisecond, func() (bool, error) {
		now, err := i.metric(ctx, changesTaken)
		return now >= changes, err
	})
}

// visit is a check-in of now in Kuusamo.
func visit(id, session string, person int) (*event.Event, error) {
	born, at := 1950+person%60, time.Now().UTC().Truncate(time.Millisecond)
	return event.New(event.CheckinRecorded, "/bench", id, at, "KU305", session, &event.Checkin{
		SessionID: session, PersonPseudonym: fmt.Sprintf("%032x", person), PartySize: 1, CheckedInAt: at, Channel: "card", VenueID: "V1",
		VenueArea: "KU305", HomeArea: "KU305", BirthYear: &born, Sex: "2", ActivityType: "nature", ProviderID: "ORG1", KeyVersion: 1,
	})
}

func (b *bench) refreshRatio(ctx context.Context, name string, change func(*worldConfig)) (string, error) {
	base, err := b.refreshTime(ctx, "base", func(*worldConfig) {})
	if err != nil {
		return "", err
	}
	other, err := b.refreshTime(ctx, name, change)
	return fmt.Sprintf("%.2f (%.0f ms / %.0f ms)", other/base, 1000*other, 1000*base), err
}

// refreshLonger has a history of ten times the years. The base has a bit more than two; a world begins no earlier than 2000.
func refreshLonger(ctx context.Context, b *bench) (string, error) {
	return b.refreshRatio(ctx, "longer", func(w *worldConfig) { w.First = w.First.AddDate(-22, 0, 0) })
}

func refreshDenser(ctx context.Context, b *bench) (string, error) {
	return b.refreshRatio(ctx, "denser", func(w *worldConfig) { w.Scale *= 10 })
}

// refreshCost is what a refresh of a thousand visits costs for each (municipality, day) that it touches, and for each
// indicator of it.
func refreshCost(ctx context.Context, b *bench) (string, error) {
	out, err := b.goBench(ctx, "./services/e2e/pipeline", "BenchmarkRefresh", "20x")
	if err != nil {
		return "", err
	}
	bucket, err := metricOf(out, "BenchmarkRefresh", "µs/bucket")
	if err != nil {
		return "", err
	}
	each, err := metricOf(out, "BenchmarkRefresh", "µs/bucket/indicator")
	return fmt.Sprintf("%.0f; %.1f", bucket, each), err
}
