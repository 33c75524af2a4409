// Command bench measures what design figures ask for, as ratios within one run wherever a ratio says more than a speed,
// and prints the README's table: go run ./services/e2e/bench [-only NAME] [-large]. It takes some minutes, wants the
// machine for itself, and fails nothing: figures are for people.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
)

// figure is one line of the table.
type figure struct {
	what, bar, stretch string
	measure            func(context.Context, *bench) (string, error)
}

var figures = []figure{
	{"ingest / the lower of fetch-only and insert-only", "≥ 0.4", "≥ 0.7", goBench("./services/ingester", "BenchmarkIngest", "2x", "ratio", "%.2f")},
	{"ingest, two cores, everything embedded, events/s", "≥ 100 000", "≥ 200 000", goBench("./services/ingester", "BenchmarkIngest", "2x", "events/s", "%.0f")},
	{"durable bulk publish / the same without sync", "≥ 0.4", "≥ 0.8", durableRatio},
	{"publish → visible, p99, at 1 000 events/s, s", "≤ 2", "≤ 1", latency},
	{"refresh of 1 000 events, history × 10 longer, ratio", "≤ 1.2", "≤ 1.05", refreshLonger},
	{"refresh of 1 000 events, history × 10 denser, ratio", "≤ 1.5", "≤ 1.2", refreshDenser},
	{"the same in 100 buckets: processor µs a bucket; a bucket and indicator", "", "", refreshCost},
	{"full rebuild of the demo, s; s a million events", "≤ 30 a million", "≤ 10 a million", rebuild},
	{"demo from nothing to usable, s", "≤ 90", "", usable},
	{"peak memory of a rebuild at 10 M events, GB", "≤ 4", "≤ 2", memory},
	{"10 000 draws of a full programme, at each of four discount rates, s of one core", "≤ 0.5", "", goBench("./pkg/costeffect", "BenchmarkProgramme", "10x", "core-s/programme", "%.3f")},
	{"200 bootstrap draws over a million rows of persons, s of one core; MB allocated", "", "", persons},
}

func main() {
	only := flag.String("only", "", "measure only the figures whose name holds this text")
	large := flag.Bool("large", false, "also what needs 10 M events: half an hour and 20 GB of disk")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b, err := newBench(*large)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	defer b.close()
	fmt.Println("| what | measured | bar | stretch |\n|---|---|---|---|")
	for _, f := range figures {
		if ctx.Err() != nil || !strings.Contains(f.what, *only) {
			continue
		}
		value, err := f.measure(ctx, b)
		if err != nil {
			value = "not measured: " + firstLine(err.Error())
		}
		fmt.Printf("| %s | %s | %s | %s |\n", f.what, value, f.bar, f.stretch)
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

var errLarge = errors.New("needs -large")
