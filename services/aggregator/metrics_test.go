package aggregator

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// TestMetrics: names and units are as they should be, and what is withheld starts at 0 for each type of period.
func TestMetrics(t *testing.T) {
	reg := prometheus.NewRegistry()
	newMetrics(reg)
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
	if n, err := testutil.GatherAndCount(reg, "vointi_aggregator_withheld_rows"); n != 7 || err != nil {
		t.Errorf("%d series of withheld rows: %v", n, err)
	}
}
