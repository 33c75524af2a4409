package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// demoTimes are what `vointi up --demo` takes on an empty folder.
type demoTimes struct {
	usable, rebuild time.Duration
	events          float64 // that were rebuilt from
	err             error
}

func (b *bench) measureDemo(ctx context.Context) *demoTimes {
	if b.demo != nil {
		return b.demo
	}
	b.demo = &demoTimes{}
	began := time.Now()
	i, err := b.up(ctx, "demo", "--demo", "--demo-rate", "0")
	b.demo.usable, b.demo.err = time.Since(began), err
	if err == nil {
		b.demo.rebuild = computing(i.lines)
		b.demo.events, err = i.events(ctx)
		b.demo.err = errors.Join(err, i.stop())
	}
	return b.demo
}

// computing sums what the lines "computing …: done in …" say.
func computing(lines []string) (sum time.Duration) {
	for _, match := range regexp.MustCompile(`computing[^\n]*: done in (\S+)`).FindAllStringSubmatch(strings.Join(lines, "\n"), -1) {
		if d, err := time.ParseDuration(match[1]); err == nil {
			sum += d
		}
	}
	return sum
}

func rebuild(ctx context.Context, b *bench) (string, error) {
	d := b.measureDemo(ctx)
	seconds, millions := d.rebuild.Seconds(), d.events/1e6
	return fmt.Sprintf("%.1f for %.2f M: %.1f", seconds, millions, seconds/millions), d.err
}

func usable(ctx context.Context, b *bench) (string, error) {
	d := b.measureDemo(ctx)
	return fmt.Sprintf("%.1f", d.usable.Seconds()), d.err
}

// memory is the peaks of the process and of its engine over a rebuild of about ten million events and the comparisons that
// follow. All events are published and stored first, so that no refresh sees any, and what that needed does not count.
func memory(ctx context.Context, b *bench) (string, error) {
	if !b.large {
		return "", errLarge
	}
	i, err := b.up(ctx, "large", "--demo", "--demo-size", "large", "--demo-rate", "0", "--stream-max-gib", "12")
	if err != nil {
		return "", err
	}
	defer i.stop() //nolint:errcheck // it has served
	if err := i.compared(ctx); err != nil {
		return "", err
	}
	events, err := i.events(ctx)
	if err != nil {
		return "", err
	}
	own, err := peak(i.cmd.Process.Pid)
	if err != nil {
		return "", err
	}
	engine, err := child(i.cmd.Process.Pid)
	if err != nil {
		return "", err
	}
	its, err := peak(engine)
	return fmt.Sprintf("%.1f, the engine %.1f (%.1f M events, computed in %.0f s)", float64(own)/1e9, float64(its)/1e9, events/1e6, computing(i.lines).Seconds()), err
}

// events returns how many the ingester has fetched.
func (i *instance) events(ctx context.Context) (float64, error) {
	return i.metric(ctx, "vointi_ingester_fetched_messages_total")
}

// compared waits until the comparisons that a rebuild leaves due are made: some have been, and no more come.
func (i *instance) compared(ctx context.Context) error {
	const quiet = 30 * time.Second
	last, since := 0., time.Now()
	return until(ctx, time.Second, func() (bool, error) {
		made, err := i.metric(ctx, "vointi_aggregator_comparisons_total")
		if made != last {
			last, since = made, time.Now()
		}
		return made > 0 && time.Since(since) > quiet, err
	})
}

// forgetPeaks begins the peaks of both processes anew.
func (i *instance) forgetPeaks() error {
	engine, err := child(i.cmd.Process.Pid)
	if err != nil {
		return err
	}
	for _, pid := range []int{i.cmd.Process.Pid, engine} {
		if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil { // see proc(5)
			return fmt.Errorf("forget the peak of process %d: %w", pid, err)
		}
	}
	return nil
}

// child returns the number of a process's only child; any of its threads may have started it.
func child(pid int) (int, error) {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return 0, err
	}
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			return 0, err
		}
		if number := strings.TrimSpace(string(text)); number != "" {
			return strconv.Atoi(number)
		}
	}
	return 0, fmt.Errorf("process %d has no child", pid)
}

// peak is the largest resident memory that a process had, in bytes.
func peak(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kib, err := strconv.ParseInt(strings.Fields(string(rest))[0], 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("process %d does not say its peak", pid)
}
