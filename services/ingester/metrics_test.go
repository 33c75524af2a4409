package ingester_test

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/services/ingester"
)

// value sums the series of a metric.
func (r *running) value(t testing.TB, name string) float64 {
	t.Helper()
	families, err := r.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, f := range families {
		if f.GetName() == name {
			for _, m := range f.GetMetric() {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}

// balanced checks that every message that was fetched ended in exactly one of four ways.
func (r *running) balanced(t testing.TB) {
	t.Helper()
	fetched := r.value(t, "vointi_ingester_fetched_messages_total")
	stored := r.value(t, "vointi_ingester_stored_messages_total")
	rejected := r.value(t, "vointi_ingester_rejected_messages_total")
	retried := r.value(t, "vointi_ingester_retried_messages_total")
	erased := r.value(t, "vointi_ingester_erased_messages_total")
	if fetched == 0 || fetched != stored+rejected+erased+retried {
		t.Fatalf("fetched %v ≠ stored %v + rejected %v + erased %v + retried %v", fetched, stored, rejected, erased, retried)
	}
}

func TestMetricsAreLintedAndStartAtZero(t *testing.T) {
	registry := prometheus.NewRegistry()
	if _, err := ingester.New(zap.NewNop(), registry, ingester.Dependencies{}, ingester.DefaultConfig()); err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(registry)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	for name, series := range map[string]int{
		"vointi_ingester_stored_messages_total":   len(event.Types()),
		"vointi_ingester_rejected_messages_total": len(event.Reasons()),
		"vointi_ingester_step_duration_seconds":   len(ingester.Steps()),
		"vointi_unaccounted_messages":             1,
	} {
		if n, err := testutil.GatherAndCount(registry, name); n != series || err != nil {
			t.Errorf("%s has %d series at the start, want %d (%v)", name, n, series, err)
		}
	}
}

func TestConfigFaultsAreAllTold(t *testing.T) {
	_, err := ingester.New(zap.NewNop(), prometheus.NewRegistry(), ingester.Dependencies{}, ingester.Config{RetryFirst: 2, RetryLongest: 1})
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"batch_count", "batch_bytes", "batch_age", "workers", "extend", "stall_after", "account_every", "stop_grace", "retry_longest"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q does not name %s", err, name)
		}
	}
}
