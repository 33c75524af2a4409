package report

import (
	"testing"
)

func TestGroupsAreInOrderOfAge(t *testing.T) {
	var cells []Cell
	for _, g := range []string{"unknown", "65+", "0-17", "18-64", "100+"} {
		cells = append(cells, Cell{AgeGroup: g})
	}
	var got []string
	for _, g := range groupsOf(English, cells, "eviva3") {
		got = append(got, g.Label)
	}
	want := []string{"All", "0–17", "18–64", "65+", "100+", "Age unknown"}
	if len(got) != len(want) {
		t.Fatalf("groups %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("groups %v, want %v", got, want)
			break
		}
	}
}

// A figure of a period that is not over says so, also where there is nothing to hold it against.
func TestRunningPeriodSaysSo(t *testing.T) {
	now := cellOf(20, 18, 22)
	now.Computed = now.Start.AddDate(0, 6, 0)
	for name, beside := range map[string]comparisons{
		"nothing before": nil,
		"figure before":  {keyOf(now): {{Comparator: withPrevious, Reason: "period_not_over"}}},
	} {
		if v := viewOf(Finnish, reach, now, beside); v.Reading == nil || v.Reading.Mark != "◌" || v.Reading.Word != "jakso kesken" || v.Class != "figure" {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// A year is shown beside the year before and its target; a season of a trend beside the same one a year earlier.
func TestWhatIsShownBesideAFigure(t *testing.T) {
	now := cellOf(20, 18, 22)
	beside := comparisons{keyOf(now): {
		{Comparator: withPrevious, Verdict: "worse"},
		{Comparator: withLastYear, Verdict: "better"},
		{Comparator: withTarget, Verdict: "missed"},
	}}
	if v := viewOf(English, reach, now, beside); v.Class != "worse" || v.Reading.Word != "worse" || v.Target.Word != "fell short" {
		t.Errorf("year: %+v, %+v, %+v", v, v.Reading, v.Target)
	}
	if latest := trendOf(English, reach, []Cell{now}, beside).Latest; latest.Reading.Word != "better" {
		t.Errorf("trend: %+v", latest.Reading)
	}
}

// What is only a lower bound looks like a low figure in a chart, so it stands in the table alone.
func TestLowerBoundsAreNotDrawn(t *testing.T) {
	low, high := cellOf(0, 0, 4), cellOf(20, 18, 22)
	low.Flags, low.Partial, low.Start = []string{flagShortHistory}, true, low.Start.AddDate(-1, 0, 0)
	trend := trendOf(Finnish, reach, []Cell{low, high}, nil)
	if len(trend.Chart.Points) != 1 || len(trend.Rows) != 2 || trend.Rows[1].Status != "lopullinen, liian lyhyt seuranta-aika" {
		t.Errorf("%d points, rows %+v", len(trend.Chart.Points), trend.Rows)
	}
	if only := trendOf(Finnish, reach, []Cell{low}, nil); !only.Chart.Empty {
		t.Error("a chart of lower bounds alone is not empty")
	}
}
