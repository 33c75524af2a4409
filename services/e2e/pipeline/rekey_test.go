package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// visits are those of a person, one on each day.
func (p *pipeline) visits(person string, days ...string) (events []*event.Event) {
	p.Helper()
	for _, d := range days {
		events = append(events, p.visit(person[:2]+d, person, d))
	}
	return events
}

// TestRotation: a rotation of keys makes nobody newly active and nobody two persons, whether the link comes before the
// first visit under the new key, with it, or long after.
func TestRotation(t *testing.T) {
	const young = "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0"
	p := newPipeline(t, "2024-03-20")
	before := p.visits(p1, "2022-06-01", "2023-10-01", "2024-01-09", "2024-01-16", "2024-01-30", "2024-02-06")
	after := p.visits(young, "2024-02-13", "2024-02-20", "2024-02-27", "2024-03-05")
	twice := p.visits(p1, "2024-02-13") // one card under both keys in one session
	rekeyed := &event.Rekey{OldPseudonym: p1, NewPseudonym: young, KeyVersion: 2}
	link := []*event.Event{p.event(event.CardRekeyed, "rekeyed", after[0].Time.Add(-time.Second), rekeyed)}
	for _, order := range [][][]*event.Event{
		{link, before, after, twice}, {before, link, twice, after}, {after, before, twice, link}, {before, twice, after, link, link},
	} {
		p.forget()
		p.restartAggregator()
		for _, events := range order {
			p.send(events...)
		}
		year := func(measure indicator.Measure) int {
			return p.cell(string(measure), kuusamo, indicator.Year, "2024-01-01")
		}
		p.equal("participants", year(indicator.Participants), 1)
		p.equal("newly active", year(indicator.NewlyActive), 0)
		p.equal("first-timers", year(indicator.FirstTimers), 0)
		p.equal("visits in February", p.cell("visits", kuusamo, indicator.Month, "2024-02-01"), 4)
		persons := p.query("SELECT DISTINCT toString(person) FROM vointi_internal.person_visits FINAL")
		p.equal("persons", fmt.Sprint(persons), "[11111111-1111-1111-1111-111111111111]")
		p.verify()
	}
	p.forget()
	p.restartAggregator()
	p.send(append(before, after...)...)
	p.equal("newly active without the link", p.cell(string(indicator.NewlyActive), kuusamo, indicator.Year, "2024-01-01"), 1)
}
