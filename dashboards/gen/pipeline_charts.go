package main

import (
	"fmt"
	"strings"
)

// What the operator sees first. Each is a number with its name, no colour.
var vitals = []chart{
	{
		title: "Unaccounted messages", unit: "none",
		description: "Messages below the consumer's ack floor that are neither stored, nor dead letters, nor erased. Anything but 0 is a loss: run vointi reconcile.",
		exprs:       []expr{{"sum(vointi_unaccounted_messages)", "messages"}},
	},
	{
		title: "Dead letters in 24 hours", unit: "none",
		description: "Messages that could not be stored. They keep their payload for 30 days: vointi deadletters list, and redrive after the fix.",
		exprs:       []expr{{"sum(increase(vointi_ingester_rejected_messages_total[24h]))", "rejected"}},
	},
	{
		title: "Ingest lag", unit: "s",
		description: "Age of the oldest message of the last finished batch. Rising without end means that the ingester does not keep up.",
		exprs:       []expr{{"max(vointi_ingester_lag_seconds)", "lag"}},
	},
	{
		title: "Since last progress", unit: "s",
		description: "Time since a batch was last finished, or nothing was waiting and none was in hand. Growing means that it hangs, however healthy the connection looks.",
		exprs:       []expr{{"time() - max(vointi_ingester_last_progress_timestamp_seconds)", "ago"}},
	},
}

// perService makes an expression for each service that takes events in.
func perService(promQL, legend string) []expr {
	services := []string{"gateway", "participation", "survey", "calendar"}
	out := make([]expr, len(services))
	for i, s := range services {
		out[i] = expr{fmt.Sprintf(promQL, s), strings.TrimSpace(s + " " + legend)}
	}
	return out
}

type section struct {
	title  string
	charts []chart
}

var sections = []section{
	{"Ingester", []chart{
		{
			title: "Messages by outcome", unit: "cps",
			description: "Fetched messages and what became of them. Stored, rejected and retried add up to fetched. Fetched again are acknowledged ones of which no receipt was found at a start: a crash lay between.",
			exprs: []expr{
				{"sum(rate(vointi_ingester_fetched_messages_total[5m]))", "fetched"},
				{"sum(rate(vointi_ingester_stored_messages_total[5m]))", "stored"},
				{"sum(rate(vointi_ingester_rejected_messages_total[5m]))", "rejected"},
				{"sum(rate(vointi_ingester_erased_messages_total[5m]))", "erased"},
				{"sum(rate(vointi_ingester_retried_messages_total[5m]))", "retried"},
				{"sum(rate(vointi_ingester_refetched_messages_total[5m]))", "fetched again"},
			},
		},
		{
			title: "Waiting messages", unit: "none",
			description: "Messages not delivered yet, and delivered ones without an outcome.",
			exprs: []expr{
				{"max(vointi_ingester_pending_messages)", "not delivered"},
				{"max(vointi_ingester_ack_pending_messages)", "without outcome"},
			},
		},
		{
			title: "Time of a batch by step (95th percentile)", unit: "s",
			description: "Which of fetch, decode, insert, reject and ack takes the time.",
			exprs:       []expr{{"histogram_quantile(0.95, sum by (le, step) (rate(vointi_ingester_step_duration_seconds_bucket[5m])))", "{{step}}"}},
		},
		{
			title: "Trouble with inserts", unit: "cps",
			description: "Inserts tried again because the warehouse did not answer (by table), and batches halved to find a row that it refuses.",
			exprs: []expr{
				{"sum by (table) (rate(vointi_ingester_insert_retries_total[5m]))", "retry {{table}}"},
				{"sum(rate(vointi_ingester_insert_bisections_total[5m]))", "bisection"},
			},
		},
		{
			title: "Dead letters by reason", unit: "cps",
			description: "Why messages could not be stored. schema and unknown_type usually mean a producer that is newer than this release.",
			exprs:       []expr{{"sum by (reason) (rate(vointi_ingester_rejected_messages_total[5m]))", "{{reason}}"}},
		},
		{
			title: "Messages in a batch", unit: "none",
			description: "Mean size of a batch. Small batches at high load make too many parts.",
			exprs:       []expr{{"sum(rate(vointi_ingester_batch_size_messages_sum[5m])) / sum(rate(vointi_ingester_batch_size_messages_count[5m]))", "messages"}},
		},
		{
			title: "Batches", unit: "cps",
			description: "Batches finished. None while messages wait means that the ingester hangs.",
			exprs:       []expr{{"sum(rate(vointi_ingester_batches_total[5m]))", "batches"}},
		},
		{
			title: "Room in the events stream", unit: "bytes",
			description: "Size of the stream, and the size at which it refuses more; an alert fires at 80 %. Old events leave it by age; raise stream-max-gib if that is not enough.",
			exprs: []expr{
				{"max(vointi_stream_size_bytes)", "size"},
				{"max(vointi_stream_limit_bytes)", "limit"},
			},
		},
	}},
	{"Aggregator", []chart{
		{
			title: "Time of a refresh", unit: "s",
			description: "Time of one refresh that had news: half of them, and 95 in 100. Above a second or two, figures come late.",
			exprs: []expr{
				{"histogram_quantile(0.5, sum by (le) (rate(vointi_aggregator_refresh_seconds_bucket[5m])))", "median"},
				{"histogram_quantile(0.95, sum by (le) (rate(vointi_aggregator_refresh_seconds_bucket[5m])))", "95th percentile"},
			},
		},
		{
			title: "Changes, publications, comparisons", unit: "cps",
			description: "Changes of facts taken into cells, rows of the read model written because they changed, comparisons of these, and visits that were made nobody's because of their age. Changes without publications for hours mean that nothing new is shown.",
			exprs: []expr{
				{"sum(rate(vointi_aggregator_changes_total[5m]))", "changes"},
				{"sum(rate(vointi_aggregator_publications_total[5m]))", "publications"},
				{"sum(rate(vointi_aggregator_comparisons_total[5m]))", "comparisons"},
				{"sum(rate(vointi_aggregator_visits_taken_away_total[5m]))", "visits taken away"},
			},
		},
		{
			title: "Trouble in the aggregator", unit: "cps",
			description: "Refreshes that failed and were tried again, and updates that could not be announced on the bus (the read model has them); check-ins, shifts and answers that came too late to be counted.",
			exprs: []expr{
				{"sum(rate(vointi_aggregator_errors_total[5m]))", "failed refreshes"},
				{"sum(rate(vointi_aggregator_updates_untold_total[5m]))", "updates untold"},
				{"sum(rate(vointi_aggregator_too_late_total[5m]))", "too late"},
			},
		},
		{
			title: "Silent venues", unit: "short",
			description: "Venues that for more than 7 days have not told who came to the sessions of their calendar. Figures that lack them are provisional, flagged data_gap, and stay so until data come or the period is closed by hand. vointi.data_gaps, and the dashboard Explore, name them: ask there whether the counter works, and record a head count of 0 where nobody came.",
			exprs: []expr{
				{"sum(vointi_aggregator_silent_venues)", "silent venues"},
			},
		},
		{
			title: "Late data that wait", unit: "short",
			description: "Rows of final periods that stay as they were though data came since, by type of period: with what was published before they would tell of few people. They follow by themselves when enough has come, so there is nothing to do; many that stay for months mean that somebody sends late as a rule. vointi.withheld has since when.",
			exprs: []expr{
				{"sum by (period_type) (vointi_aggregator_withheld_rows)", "{{period_type}}"},
			},
		},
	}},
	{"Edge services and report", []chart{
		{
			title: "Requests to publish, by outcome", unit: "reqps",
			description: "What became of requests at the gateway and the edge services. full and unavailable mean that the bus takes nothing in.",
			exprs:       perService("sum by (outcome) (rate(vointi_%s_requests_total[5m]))", "{{outcome}}"),
		},
		{
			title: "Events published", unit: "cps",
			description: "Events that JetStream has stored, by the service that took them in.",
			exprs:       perService("sum(rate(vointi_%s_events_published_total[5m]))", ""),
		},
		{
			title: "Time to answer (95th percentile)", unit: "s",
			description: "From a request to its answer, which waits for the bus to have the event on disk.",
			exprs:       perService("histogram_quantile(0.95, sum by (le) (rate(vointi_%s_request_duration_seconds_bucket[5m])))", ""),
		},
		{
			title: "Calendar feeds", unit: "none",
			description: "Readings of feeds by outcome, and the events they gave rise to by kind of change, in an hour; feeds that fail now, and those of which something is left out. /readyz of the calendar service tells which, and why.",
			exprs: []expr{
				{"sum by (outcome) (increase(vointi_calendar_feed_reads_total[1h]))", "{{outcome}}"},
				{"sum by (change) (increase(vointi_calendar_feed_changes_total[1h]))", "{{change}}"},
				{"sum(vointi_calendar_failing_feeds)", "failing now"},
				{"sum(vointi_calendar_faulty_feeds)", "not understood as a whole"},
			},
		},
		{
			title: "Answers of the report and the API", unit: "reqps",
			description: "Pages and API answers by class of status. 5xx means that the read model did not answer.",
			exprs: []expr{
				{"sum by (route, status) (rate(vointi_report_requests_total[5m]))", "{{route}} {{status}}"},
				{"sum(rate(vointi_report_streamed_rows_total[5m]))", "rows sent"},
				{"sum(rate(vointi_report_read_failures_total[5m]))", "read model out of reach"},
				{"sum(rate(vointi_report_broken_answers_total[5m]))", "answers cut off"},
			},
		},
		{
			title: "Memory by process", unit: "bytes",
			description: "Resident memory of each process. The embedded engine is a child of its own and not in here.",
			exprs:       []expr{{"process_resident_memory_bytes", "{{job}} {{instance}}"}},
		},
	}},
}
