package main

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParsePeriod(t *testing.T) {
	for text, want := range map[string]string{
		"2026": "year 2026-01-01", "2026-Q3": "quarter 2026-07-01", "2026-10": "month 2026-10-01", "2026-W01": "week 2025-12-29",
		"2026-W53": "week 2026-12-28", "2026-10-05": "day 2026-10-05", "rolling-2025-11": "rolling_12m 2025-11-01",
		"": "", "26": "", "2026-Q5": "", "2026-Q": "", "2026-W54": "", "2025-W53": "", "2026-W00": "", "2026-13": "", "rolling-2026": "", "2026-X1": "",
		"rolling-": "", "2026-W-1": "", "2026-Q+1": "",
	} {
		kind, start, err := parsePeriod(text)
		got := ""
		if err == nil {
			got = kind + " " + start.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestEveryWeekIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "at"), 0).UTC()
		year, week := day.ISOWeek()
		kind, start, err := parsePeriod(fmt.Sprintf("%04d-W%02d", year, week))
		if err != nil || kind != "week" || start.Weekday() != time.Monday || day.Before(start) || day.Sub(start) >= 7*24*time.Hour {
			t.Fatalf("%s is in %s %s %v", day, kind, start, err)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	f.Add("2026-W53")
	f.Add("rolling-2026-10")
	f.Fuzz(func(t *testing.T, text string) {
		if kind, start, err := parsePeriod(text); err == nil && (kind == "" || start.IsZero() && text[:1] != "0") {
			t.Errorf("%q: %q %s", text, kind, start)
		}
	})
}

func TestCloseRefuses(t *testing.T) {
	wantCode(t, vointi(t, nil, "close", "2027", "--data", t.TempDir()), exitFailed, "has not begun")
	wantCode(t, vointi(t, nil, "close", "next", "--data", t.TempDir()), exitFailed, "2026-Q3")
}
