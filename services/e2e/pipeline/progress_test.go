package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// newlyActive is the visits that make n people newly active on a day.
func (p *pipeline) newlyActive(label, on string, n int) []*event.Event {
	p.Helper()
	last, err := time.Parse(time.DateOnly, on)
	p.must(err)
	var events []*event.Event
	for i := range n {
		for _, before := range []int{24, 17, 10, 0} {
			events = append(events, p.visit(fmt.Sprint(label, i, "-", before), pseudonym(label, i), last.AddDate(0, 0, -before).Format(time.DateOnly)))
		}
	}
	return events
}

// TestProgress: those who became newly active since a target began, by the target; from the first month on that is protected
// nothing is said, until a quarter ends that is shown. It follows late data, and its final months are revised for it.
func TestProgress(t *testing.T) {
	p := newPipeline(t, "2024-07-02")
	progress := func(month string) string {
		r := p.row("newly-active-progress", kuusamo, indicator.Month, month)
		return fmt.Sprint(r.value, r.suppressed, " ", r.status)
	}
	p.send(p.visit("old", p2, "2022-01-01"))
	p.send(p.event(event.TargetSet, "t", helsinki("08:00"), &event.Target{
		TargetID: "t", Indicator: "newly-active-residents", Area: kuusamo, Year: 2025, Starts: date(2024, 2, 1), Value: 200, SetAt: helsinki("08:00"),
	}))
	p.send(p.newlyActive("a", "2024-02-28", 20)...)
	p.send(p.newlyActive("b", "2024-04-28", 30)...)
	p.equal("February", progress("2024-02-01"), "10 final")
	p.equal("March, when nobody became active", progress("2024-03-01"), "10 final")
	p.equal("April", progress("2024-04-01"), "25 final")
	p.equal("June", progress("2024-06-01"), "25 provisional")
	p.verify()
	p.send(p.newlyActive("c", "2024-02-27", 10)...)
	p.equal("April, after late data", progress("2024-04-01"), "30 final")
	p.send(p.newlyActive("d", "2024-05-27", 3)...)
	p.equal("May, of which three are protected", progress("2024-05-01"), "NaNprotected final")
	p.equal("June, which would give May away", progress("2024-06-01"), "NaNprotected provisional")
	p.equal("each revision is logged", p.query("SELECT arrayStringConcat(groupArray(concat(toString(ifNull(value, -1)), reason)), ' ') FROM (SELECT * FROM vointi.indicator_revisions WHERE indicator = 'newly-active-progress' AND period_start = '2024-05-01' ORDER BY revision)")[0],
		"0 10late_data 25late_data 30late_data -1late_data")
	p.send(p.newlyActive("e", "2024-06-28", 4)...)
	p.equal("June, by the second quarter, in which nobody can tell May from June", progress("2024-06-01"), "33.5 provisional")
	p.equal("yearly comparisons leave such targets alone", len(p.query("SELECT 1 FROM vointi.comparisons WHERE comparator = 'target' AND indicator = 'newly-active-residents' AND isNotNull(difference)")), 0)
	p.verify()
}
