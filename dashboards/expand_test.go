package dashboards_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vointi.fi/dashboards"
)

var march = dashboards.Range{
	From: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC),
	To:   time.Date(2024, 3, 1, 2, 46, 40, 0, time.UTC), // 10 000 s: points of 10 s
}

func TestExpand(t *testing.T) {
	values := dashboards.Values{"area": {"KU305"}, "areas": {"KU305", "KU208"}, "odd": {"l'été"}}
	for name, c := range map[string]struct{ sql, want string }{
		"quoted":             {"${area:singlequote}", "'KU305'"},
		"several, quoted":    {"IN (${areas:singlequote})", "IN ('KU305','KU208')"},
		"apostrophe":         {"${odd:singlequote}", `'l\'été'`},
		"plain":              {"$area ${area}", "KU305 KU305"},
		"several, plain":     {"${areas}", "'KU305','KU208'"},
		"time filter":        {"$__timeFilter(period_start)", "period_start >= toDateTime(1709251200) AND period_start <= toDateTime(1709261200)"},
		"nested argument":    {"$__timeFilter(f(a, b))", "f(a, b) >= toDateTime(1709251200) AND f(a, b) <= toDateTime(1709261200)"},
		"milliseconds":       {"$__timeFilter_ms(t)", "t >= fromUnixTimestamp64Milli(1709251200000) AND t <= fromUnixTimestamp64Milli(1709261200000)"},
		"date filter":        {"$__dateFilter(d)", "d >= toDate('2024-03-01') AND d <= toDate('2024-03-01')"},
		"date and time":      {"$__dateTimeFilter(d, t)", "(d >= toDate('2024-03-01') AND d <= toDate('2024-03-01')) AND (t >= toDateTime(1709251200) AND t <= toDateTime(1709261200))"},
		"ends of the range":  {"$__fromTime $__toTime()", "toDateTime(1709251200) toDateTime(1709261200)"},
		"interval":           {"$__timeInterval(t)", "toStartOfInterval(toDateTime(t), INTERVAL 10 second)"},
		"interval, seconds":  {"$__interval_s", "10"},
		"macro over a value": {"$__timeFilter(${area})", "KU305 >= toDateTime(1709251200) AND KU305 <= toDateTime(1709261200)"},
		"nothing to do":      {"SELECT '$' WHERE match(a, '^b$')", "SELECT '$' WHERE match(a, '^b$')"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := dashboards.Expand(c.sql, values, march)
			if err != nil || got != c.want {
				t.Errorf("got %q, %v\nwant %q", got, err, c.want)
			}
		})
	}
}

func TestExpandRefuses(t *testing.T) {
	for name, sql := range map[string]string{
		"unknown variable":   "${nobody:singlequote}",
		"unknown format":     "${area:csv}",
		"unknown macro":      "$__timeShift(t)",
		"missing argument":   "$__timeFilter()",
		"too many arguments": "$__timeFilter(a, b)",
		"open parenthesis":   "$__timeFilter(a",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := dashboards.Expand(sql, dashboards.Values{"area": {"KU305"}}, march); !errors.Is(err, dashboards.ErrExpand) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// Text without variables and macros is left alone, whatever it is.
func TestExpandLeavesTextAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[^$]*`).Draw(t, "text")
		got, err := dashboards.Expand(text, nil, march)
		if err != nil || got != text {
			t.Fatalf("%q became %q, %v", text, got, err)
		}
	})
}
