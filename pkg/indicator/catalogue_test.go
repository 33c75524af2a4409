package indicator_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"vointi.fi/pkg/indicator"
)

// rows reads testdata/rows.txt: what the catalogue must hold, in the short form of the domain's table.
func rows(t *testing.T) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/rows.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			out = append(out, fields)
		}
	}
	return out
}

// short forms of breakdowns and of period types.
var (
	letters = map[string]string{
		"A": "area", "G": "age_group", "S": "sex", "T": "activity_type", "P": "provider", "H": "target_group", "E": "education",
	}
	spans = map[string][]indicator.PeriodType{
		"D–Y": {indicator.Day, indicator.Week, indicator.Month, indicator.Quarter, indicator.Year},
		"W–Y": {indicator.Week, indicator.Month, indicator.Quarter, indicator.Year},
		"M–Y": {indicator.Month, indicator.Quarter, indicator.Year},
		"M":   {indicator.Month}, "Q": {indicator.Quarter}, "Y": {indicator.Year}, "R12": {indicator.Rolling12M}, "SW": {indicator.Wave},
	}
)

// TestRows: every row of the domain is an entry with its goals, breakdowns, periods, direction and method, no more and no
// less; the headlines are those of its table of goals.
func TestRows(t *testing.T) {
	c := catalogue(t)
	wanted := rows(t)
	if len(c) != len(wanted) {
		t.Errorf("%d entries for %d rows", len(c), len(wanted))
	}
	for i, row := range wanted {
		e := c.Find(row[1])
		if e == nil {
			t.Errorf("row %s: no entry %s", row[0], row[1])
			continue
		}
		if c[i] != e {
			t.Errorf("%s is not in its place", e.ID)
		}
		var by []string
		for _, b := range strings.Split(row[3], ",") {
			by = append(by, cmp.Or(letters[b], b))
		}
		var periods []indicator.PeriodType
		for _, p := range strings.Split(row[4], ",") {
			periods = append(periods, spans[p]...)
		}
		headline := ""
		if e.Headline {
			headline = "headline"
		}
		got := []string{fmt.Sprint(e.Number), e.ID, strings.Join(e.Goals, ","), strings.Join(e.Breakdowns, ","), fmt.Sprint(e.AllPeriods), e.Direction, string(e.Method), headline}
		want := []string{row[0], row[1], row[2], strings.Join(by, ","), fmt.Sprint(periods), row[5], row[6], ""}
		if len(row) > 7 {
			want[7] = row[7]
		}
		if !slices.Equal(got, want) {
			t.Errorf("entry %q\n row  %q", got, want)
		}
	}
}

// TestEveryGoalHasAHeadline, and none is without entries.
func TestEveryGoalHasAHeadline(t *testing.T) {
	for i := range 10 {
		goal := fmt.Sprint("G", i+1)
		if !slices.ContainsFunc(catalogue(t), func(e *indicator.Entry) bool { return e.Headline && slices.Contains(e.Goals, goal) }) {
			t.Errorf("%s has no headline", goal)
		}
	}
}

// TestFed: what the aggregator counts today feeds these entries; an entry that is not fed has no periods and needs nothing.
func TestFed(t *testing.T) {
	c := catalogue(t)
	needs := c.Needs()
	for _, e := range c {
		if e.Fed() != (len(e.Periods) > 0) {
			t.Errorf("%s is fed: %v; computed in %v", e.ID, e.Fed(), e.Periods)
		}
		if len(e.Awaits) > 0 && e.Fed() {
			t.Errorf("%s waits for %v and is fed", e.ID, e.Awaits)
		}
		for _, m := range e.Stored() {
			if e.Fed() && !m.Counted() {
				t.Errorf("%s is fed, and %s is not counted", e.ID, m)
			}
		}
	}
	for m := range needs {
		if !m.Counted() || m == indicator.Population {
			t.Errorf("the aggregator is asked for %s", m)
		}
	}
	first := []string{
		"participation-visits", "unique-participants", "participation-reach", "newly-active-residents", "anonymous-share", "sessions-held",
		"cancellation-rate", "session-occupancy", "culture-visit-rate", "qol-good-share", "loneliness-share", "cost-per-visit",
	}
	for _, id := range first {
		if e := entry(t, id); !e.Fed() || len(e.Dimensions()) == 0 && id == "sessions-held" {
			t.Errorf("%s is not fed", id)
		}
	}
	if d := entry(t, "unique-participants").Dimensions(); !slices.Equal(d, []string{"activity_type", "provider", "target_group"}) {
		t.Errorf("participants are broken down by %v", d)
	}
	for _, e := range catalogue(t) {
		for _, b := range e.Breakdowns {
			if e.Fed() && !slices.Contains([]string{"area", "age_group", "sex"}, b) && !slices.Contains(e.Dimensions(), b) {
				t.Errorf("%s is fed, and not by %s", e.ID, b)
			}
		}
	}
}

// TestProtection: what counts persons is protected, by measures that are kept; and entries that name one measure first
// are protected alike, since a closed period keeps the rows of both hidden in it.
func TestProtection(t *testing.T) {
	first := map[indicator.Measure]*indicator.Entry{}
	for _, e := range catalogue(t) {
		if len(e.Protect) == 0 {
			continue
		}
		if other := first[e.Protect[0]]; other != nil && other.Fed() && e.Fed() && !slices.Equal(other.Protect, e.Protect) {
			t.Errorf("%s is protected by %v, %s by %v", e.ID, e.Protect, other.ID, other.Protect)
		}
		first[e.Protect[0]] = e
	}
}

// TestMeasures: each says what it counts and what feeds it, and some entry uses it.
func TestMeasures(t *testing.T) {
	used := map[indicator.Measure]bool{indicator.Respondents: true}
	for _, e := range catalogue(t) {
		for _, m := range e.Stored() {
			base, _, _ := m.Condition()
			used[base] = true
			for _, r := range []indicator.Measure{indicator.Occupancy, indicator.CostPerVisit, indicator.CostPerHour} {
				used[r] = used[r] || slices.Contains(r.Parts(), m)
			}
		}
	}
	for _, m := range indicator.Measures() {
		if m.Meaning() == "" || m.From() == "" || m.Basis() == "" {
			t.Errorf("%s: %q from %q", m, m.Meaning(), m.From())
		}
		if !used[m] {
			t.Errorf("no entry uses %s", m)
		}
	}
	for m := range indicator.Counted {
		if m.Meaning() == "" {
			t.Errorf("%s is counted, and is no measure", m)
		}
	}
}

func TestNames(t *testing.T) {
	term := indicator.Term{Measure: "cost_cents", Where: map[string]indicator.Values{"kind": {"actual"}, "heading": {"wages", "social"}}}
	name := term.Name()
	if name != "cost_cents[heading=social|wages,kind=actual]" {
		t.Errorf("the name is %s", name)
	}
	if c := name.Conditions(); len(c) != 2 || !slices.Equal(c["heading"], []string{"social", "wages"}) || !slices.Equal(c["kind"], []string{"actual"}) {
		t.Errorf("its conditions are %v", c)
	}
	m := indicator.Measure("resident_visits[activity_type=culture]@esp2013")
	if base, attribute, value := m.Condition(); base != "resident_visits" || attribute != "activity_type" || value != "culture" {
		t.Errorf("%s is %s where %s is %s", m, base, attribute, value)
	}
	if m.Squares() != "resident_squares[activity_type=culture]@esp2013" || m.Standard() != "esp2013" || !m.Persons() {
		t.Errorf("%s has squares %s by %s", m, m.Squares(), m.Standard())
	}
	if indicator.Measure("cost.v").Basis() != indicator.Venue || indicator.Measure("cost.v").Meaning() != indicator.CostPerVisit.Meaning() {
		t.Error("a part of a ratio is not known")
	}
}
