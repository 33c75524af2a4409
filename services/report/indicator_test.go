package report

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func ptr[T any](v T) *T { return &v }

func cellOf(value, lower, upper float64) Cell {
	return Cell{
		PeriodType: "year", Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Computed: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC),
		Value: ptr(value), Lower: ptr(lower), Upper: ptr(upper), Status: "final",
	}
}

func TestCompareClaimsOnlyWhatIntervalsShow(t *testing.T) {
	low, high, touching := cellOf(10, 8, 12), cellOf(20, 18, 22), cellOf(13, 12, 14)
	bare := cellOf(30, 0, 0)
	bare.Lower, bare.Upper = nil, nil
	protected := Cell{Suppressed: "protected"}
	halfCovered := low
	halfCovered.Partial = true
	unfinished := high
	unfinished.Computed = unfinished.Start.AddDate(0, 6, 0)
	for name, c := range map[string]struct {
		now, before Cell
		direction   string
		want        verdict
	}{
		"higher is better":          {high, low, "+", better},
		"higher is worse":           {high, low, "-", worse},
		"higher is neither":         {high, low, "0", increased},
		"lower is worse":            {low, high, "+", worse},
		"lower is better":           {low, high, "-", better},
		"lower is neither":          {low, high, "0", decreased},
		"intervals touch":           {touching, low, "+", similar},
		"no interval":               {bare, low, "+", uncertain},
		"no interval before":        {high, bare, "+", uncertain},
		"protected":                 {protected, low, "+", noVerdict},
		"protected before":          {high, protected, "+", noVerdict},
		"the period is not over":    {unfinished, low, "+", running},
		"not covered before":        {high, halfCovered, "+", partial},
		"nothing known of it":       {high, Cell{}, "+", noVerdict},
		"not applicable is no zero": {Cell{Status: "not_applicable"}, low, "+", noVerdict},
	} {
		t.Run(name, func(t *testing.T) {
			if got := compare(c.now, c.before, c.direction); got != c.want {
				t.Errorf("verdict %d, want %d", got, c.want)
			}
		})
	}
}

// Seen from the other side, better is worse; and a figure is never better than itself.
func TestCompareIsAntisymmetric(t *testing.T) {
	cells := rapid.Custom(func(t *rapid.T) Cell {
		v := rapid.Float64Range(0, 100).Draw(t, "value")
		half := rapid.Float64Range(0, 20).Draw(t, "half")
		return cellOf(v, v-half, v+half)
	})
	mirror := map[verdict]verdict{better: worse, worse: better, increased: decreased, decreased: increased, similar: similar}
	rapid.Check(t, func(t *rapid.T) {
		a, b := cells.Draw(t, "a"), cells.Draw(t, "b")
		direction := rapid.SampledFrom([]string{"+", "-", "0"}).Draw(t, "direction")
		if got, want := compare(b, a, direction), mirror[compare(a, b, direction)]; got != want {
			t.Fatalf("verdict %d, want %d", got, want)
		}
		if compare(a, a, direction) != similar {
			t.Fatal("a figure differs from itself")
		}
	})
}

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

func TestComparableIsTheSameSeason(t *testing.T) {
	var line []Cell
	for q := range 6 {
		c := cellOf(float64(q), 0, 9)
		c.PeriodType, c.Start = "quarter", c.Start.AddDate(0, 3*q, 0)
		line = append(line, c)
	}
	if at := comparable(line, 5); at != 1 {
		t.Errorf("quarter 5 is held against %d, want 1", at)
	}
	if at := comparable(line, 2); at != -1 {
		t.Errorf("quarter 2 is held against %d, want none", at)
	}
	waves := []Cell{{PeriodType: "wave"}, {PeriodType: "wave"}}
	if at := comparable(waves, 1); at != 0 {
		t.Errorf("a wave is held against %d, want the one before", at)
	}
}

// A figure of a period that is not over says so, whatever came before it.
func TestRunningPeriodSaysSo(t *testing.T) {
	now := cellOf(20, 18, 22)
	now.Computed = now.Start.AddDate(0, 6, 0)
	for name, found := range map[string][]Cell{
		"nothing before":   {now},
		"protected before": {now, {Suppressed: "protected"}},
		"figure before":    {now, cellOf(10, 8, 12)},
	} {
		if v := viewOf(Finnish, reach, found); v.Mark != "◌" || v.Word != "kausi kesken" || v.Class != "figure" {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
