package pipeline_test

import (
	"fmt"
	"testing"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// TestOldSurveyInParts imports surveys from before what is kept, one that is described and one that is not, in two files on two days: both
// files count, what is hidden is decided by all of it, and the answers stay until nothing has come for a month; then they go and
// the figures stay. What comes of them once more, and after it, is not counted.
func TestOldSurveyInParts(t *testing.T) {
	p := newPipeline(t, "2026-06-20")
	starts := date(2022, 3, 1)
	part := func(wave string, from, n int) (events []*event.Event) {
		for i := from; i < from+n; i++ {
			events = append(events, p.lonely(i, 1+4*(i%2), "", wave, starts))
		}
		return events
	}
	opened := p.event(event.WaveOpened, "W1", starts, &event.Wave{WaveID: "W1", Starts: starts, Ends: date(2022, 4, 1), InstrumentID: "own", Version: "1"})
	first := append(append(part("W1", 0, 20), part("U", 0, 20)...), opened)
	p.send(first...)
	lonely := func() string {
		t.Helper()
		r := p.row("loneliness-share", kuusamo, indicator.Wave, "2022-03-01")
		return fmt.Sprint(r.suppressed, " ", r.status, " ", r.revision)
	}
	counts := func() string {
		return fmt.Sprint(p.cell("answered[item=FEEDBACK]", kuusamo, indicator.Month, "2022-03-01"), " of ", p.query("SELECT toString(count()) FROM vointi_internal.facts_response FINAL")[0])
	}
	p.equal("too few yet", lonely(), "protected provisional 0")
	p.equal("answers", counts(), "40 of 40")
	p.verify()

	for _, day := range []string{"2026-06-21", "2026-07-01"} {
		p.setClock(day)
		p.restartAggregator()
		p.must(p.agg.Step(p.Context()))
	}
	p.send(append(part("W1", 20, 180), part("U", 20, 180)...)...)
	p.send(first...)
	p.equal("all of it", lonely(), " provisional 0")
	p.equal("answers", counts(), "400 of 400")
	p.verify()

	p.setClock("2026-07-30")
	p.send()
	p.equal("not yet", lonely()+", "+counts(), " provisional 0, 400 of 400")
	p.setClock("2026-07-31")
	p.send()
	p.equal("final", lonely(), " final 1")
	p.equal("the answers are gone, and what they gave is not", counts(), "400 of 0")
	p.verify()

	stood := p.stands()
	p.send(append(first, part("W1", 200, 20)...)...)
	p.equal("what comes once more, or too late", p.stands(), stood)
	p.verify()
	p.restartAggregator()
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	p.must(p.agg.Step(p.Context()))
	p.equal("after a rebuild", p.stands(), stood)
}

// TestOldSurveyBeforeTheFirstStart: what a first rebuild takes in is news like any other.
func TestOldSurveyBeforeTheFirstStart(t *testing.T) {
	p := newPipeline(t, "2026-06-20")
	p.ingest(p.lonely(0, 1, "", "U", date(2022, 3, 1)))
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	p.send(p.lonely(1, 1, "", "U", date(2022, 3, 1)))
	p.equal("answers", p.cell("answered[item=FEEDBACK]", kuusamo, indicator.Month, "2022-03-01"), 2)
	p.verify()
}
