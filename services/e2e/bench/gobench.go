package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// goBench returns a figure that a package's benchmark reports as a metric.
func goBench(pkg, name, times, metric, format string) func(context.Context, *bench) (string, error) {
	return func(ctx context.Context, b *bench) (string, error) {
		out, err := b.goBench(ctx, pkg, name, times)
		if err != nil {
			return "", err
		}
		value, err := metricOf(out, name, metric)
		return fmt.Sprintf(format, value), err
	}
}

// goBench runs a benchmark once in this run, however many figures are read from it.
func (b *bench) goBench(ctx context.Context, pkg, name, times string) (string, error) {
	if out, ok := b.ran[name]; ok {
		return out, nil
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^"+name+"$", "-benchtime", times, pkg)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, lastLine(string(out)))
	}
	b.ran[name] = string(out)
	return string(out), nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// metricOf finds "BenchmarkX… 3 … 1.23 metric" in what go test printed.
func metricOf(out, name, metric string) (float64, error) {
	match := regexp.MustCompile(`(?m)^` + name + `\S*\s.*?([0-9.e+]+) ` + regexp.QuoteMeta(metric) + `(?:\s|$)`).FindStringSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("%s reports no %s", name, metric)
	}
	return strconv.ParseFloat(match[1], 64)
}

func persons(ctx context.Context, b *bench) (string, error) {
	out, err := b.goBench(ctx, "./pkg/costeffect", "BenchmarkPersons", "2x")
	if err != nil {
		return "", err
	}
	seconds, err := metricOf(out, "BenchmarkPersons", "core-s/million")
	if err != nil {
		return "", err
	}
	held, err := metricOf(out, "BenchmarkPersons", "MB")
	return fmt.Sprintf("%.1f; %.2f", seconds, held), err
}

func durableRatio(ctx context.Context, b *bench) (string, error) {
	out, err := b.goBench(ctx, "./pkg/stream", "BenchmarkPublishBulk", "200000x")
	if err != nil {
		return "", err
	}
	durable, err := metricOf(out, "BenchmarkPublishBulk/durable", "events/s")
	if err != nil {
		return "", err
	}
	without, err := metricOf(out, "BenchmarkPublishBulk/nosync", "events/s")
	return fmt.Sprintf("%.2f (%.0f / %.0f events/s)", durable/without, durable, without), err
}
