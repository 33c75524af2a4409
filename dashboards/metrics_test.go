package dashboards_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// registered says which package registers each metric that a panel names: histograms by their base name. A metric that
// is renamed there must be renamed here and on its panel, and is a [CHANGE] in the changelog.
var registered = map[string]string{
	"vointi_unaccounted_messages":                     "services/ingester",
	"vointi_ingester_fetched_messages_total":          "services/ingester",
	"vointi_ingester_stored_messages_total":           "services/ingester",
	"vointi_ingester_rejected_messages_total":         "services/ingester",
	"vointi_ingester_erased_messages_total":           "services/ingester",
	"vointi_ingester_retried_messages_total":          "services/ingester",
	"vointi_ingester_pending_messages":                "services/ingester",
	"vointi_ingester_ack_pending_messages":            "services/ingester",
	"vointi_ingester_lag_seconds":                     "services/ingester",
	"vointi_ingester_last_progress_timestamp_seconds": "services/ingester",
	"vointi_ingester_step_duration_seconds":           "services/ingester",
	"vointi_ingester_insert_retries_total":            "services/ingester",
	"vointi_ingester_insert_bisections_total":         "services/ingester",
	"vointi_ingester_batch_size_messages":             "services/ingester",
	"vointi_aggregator_refresh_seconds":               "services/aggregator",
	"vointi_aggregator_changes_total":                 "services/aggregator",
	"vointi_aggregator_publications_total":            "services/aggregator",
	"vointi_aggregator_errors_total":                  "services/aggregator",
	"vointi_aggregator_updates_untold_total":          "services/aggregator",
	"vointi_ingester_refetched_messages_total":        "services/ingester",
	"vointi_ingester_batches_total":                   "services/ingester",
	"vointi_stream_size_bytes":                        "services/vointi",
	"vointi_stream_limit_bytes":                       "services/vointi",
	"vointi_aggregator_comparisons_total":             "services/aggregator",
	"vointi_aggregator_visits_taken_away_total":       "services/aggregator",
	"vointi_aggregator_too_late_total":                "services/aggregator",
	"vointi_aggregator_silent_venues":                 "services/aggregator",
	"vointi_aggregator_withheld_rows":                 "services/aggregator",
	"vointi_calendar_feed_reads_total":                "services/calendar",
	"vointi_calendar_feed_changes_total":              "services/calendar",
	"vointi_calendar_failing_feeds":                   "services/calendar",
	"vointi_calendar_faulty_feeds":                    "services/calendar",
	"vointi_report_streamed_rows_total":               "services/report",
	"vointi_report_requests_total":                    "services/report",
	"vointi_report_read_failures_total":               "services/report",
	"vointi_report_broken_answers_total":              "services/report",
}

func init() { // the four services share one package for their metrics
	for _, s := range []string{"gateway", "participation", "survey", "calendar"} {
		for _, name := range []string{"requests_total", "events_published_total", "request_duration_seconds"} {
			registered["vointi_"+s+"_"+name] = "pkg/edge"
		}
	}
}

var (
	metricPattern = regexp.MustCompile(`vointi_[a-z0-9_]+`)
	histogramTail = regexp.MustCompile(`_(bucket|sum|count)$`)
)

func TestEveryMetricOnAPanelIsRegistered(t *testing.T) {
	used := map[string]bool{}
	for _, d := range all(t) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				for _, name := range metricPattern.FindAllString(target.PromQL, -1) {
					used[histogramTail.ReplaceAllString(name, "")] = true
				}
			}
		}
	}
	for name := range used {
		folder, ok := registered[name]
		if !ok {
			t.Errorf("%s is on a panel, and nobody is known to register it", name)
			continue
		}
		if !names(t, folder, name) {
			t.Errorf("%s is on a panel, but no file of %s names it", name, folder)
		}
	}
	for name := range registered {
		if !used[name] {
			t.Errorf("%s is listed here and on no panel", name)
		}
	}
}

// names says whether a source file of the folder has the metric's own part of the name as a string.
func names(t *testing.T, folder, metric string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no source files in %s: %v", folder, err)
	}
	own := strings.TrimPrefix(metric, "vointi_")
	if at := strings.IndexByte(own, '_'); at > 0 && metric != "vointi_unaccounted_messages" {
		own = own[at+1:]
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		named := strings.Contains(string(text), `"`+own+`"`) || strings.Contains(string(text), `"`+metric+`"`)
		if named && !strings.HasSuffix(f, "_test.go") {
			return true
		}
	}
	return false
}
