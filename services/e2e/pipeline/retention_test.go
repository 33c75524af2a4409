package pipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// old is a visit of January 2024, every fourth day.
func (p *pipeline) old(i int, person string) *event.Event {
	p.Helper()
	return p.visit(fmt.Sprint("old", i, person), person, time.Date(2024, 1, 10+4*i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// TestRetention lets visits grow too old, and kills the aggregator at each boundary between two effects of taking them away.
// What is published stays as it was, nothing names those who have not been seen since, and who has been is remembered as
// somebody who was here before, and no more.
func TestRetention(t *testing.T) {
	p := newPipeline(t, "2024-04-20")
	p.keeps = true
	p.restartAggregator()
	p.send(p.visit("first", "44444444444444444444444444444444", "2022-01-01")) // since when history is known
	var events []*event.Event
	for i := range 4 {
		events = append(events, p.old(i, p1), p.old(i, p2))
	}
	moved := p.visit("later", p3, "2026-03-01").Payload.(*event.Checkin)
	moved.Original = &event.Ref{Source: emitter, ID: "old0" + p3}
	events = append(events, p.crowd("A", 0, 12)...)
	p.send(append(events, p.old(0, p3), p.event(event.CheckinCorrected, "later", helsinki("22:00"), moved), p.void("old1"+p3), p.old(1, p3))...)
	p.setClock("2026-03-08")
	p.send(p.visit("again", p1, "2026-03-02"))
	newly := func() string {
		return fmt.Sprint(p.cell("newly_active", kuusamo, indicator.Month, "2024-01-01"), p.cell("newly_active", kuusamo, indicator.Month, "2026-03-01"))
	}
	p.equal("newly active", newly(), "2 0")
	for _, step := range []string{"journal", "apply past_cells", "forget 10", "forgotten"} {
		t.Run(step, func(t *testing.T) { p.killed(t, step) })
	}
	p.equal("places that name somebody who has not been seen since", fmt.Sprint(p.naming(p2)), "[]")
	p.equal("places that name somebody who has", fmt.Sprint(p.naming(p1)), "[facts_checkin 1 past_persons 1 person_visits 1 sessions 1]")
	p.equal("visit that was corrected to a later day", p.cell("visits", kuusamo, indicator.Day, "2026-03-01"), 1)

	before := p.stands()
	p.send(p.visit("late", p2, "2024-01-11"), p.old(2, p2), p.void("old1"+p1))
	p.equal("after visits that came too late, and a void of one that was taken away", p.stands(), before)
	p.verify()
	p.now = p.now.AddDate(0, 0, 1)
	p.must(p.agg.Step(p.Context()))
	p.equal("places that name who came too late", fmt.Sprint(p.naming(p2)), "[]")
	for i, on := range []string{"2026-03-03", "2026-03-10", "2026-03-17", "2026-03-18"} {
		p.ingest(p.visit(fmt.Sprint("p", i), p1, on), p.visit(fmt.Sprint("q", i), p2, on))
	}
	p.must(p.agg.Step(p.Context()))
	p.equal("newly active, of one who is remembered and one who is not", newly(), "2 1")
	p.verify()
}

func (p *pipeline) void(id string) *event.Event {
	p.Helper()
	return p.event(event.CheckinVoided, "void "+id, helsinki("22:00"), &event.Void{Original: event.Ref{Source: emitter, ID: id}, Reason: "mistake", At: helsinki("22:00")})
}

// killed lets some days pass, and an aggregator that takes away what is too old now be killed at a step.
func (p *pipeline) killed(t *testing.T, step string) {
	p.now = p.now.AddDate(0, 0, 4)
	p.keeps = true
	p.restartAggregator()
	p.must(p.agg.Step(t.Context()))
	before := p.stands()
	p.doom(step)
	p.keeps = false
	p.restartAggregator()
	p.must(p.agg.Step(t.Context()))
	p.equal("what is published", p.stands(), before)
	p.equal("check-ins that name somebody", fmt.Sprint(p.query("SELECT concat(id, ' ', toString(day)) FROM vointi_internal.facts_checkin WHERE kind != 'voided' AND day < '%s' AND person != toUUID('00000000-0000-0000-0000-000000000000')", day(p.now.AddDate(0, -26, 0)))), "[]")
	p.verify()
}

// naming lists the tables in which a pseudonym stands anywhere, with the number of rows.
func (p *pipeline) naming(pseudonym string) (tables []string) {
	p.Helper()
	for _, line := range p.query("SELECT table, arrayStringConcat(groupArray(concat('ifNull(toString(`', name, '`), char(0))')), ', ') FROM system.columns WHERE database = 'vointi_internal' AND table IN (SELECT name FROM system.tables WHERE database = 'vointi_internal' AND engine LIKE '%%MergeTree') GROUP BY table ORDER BY table") {
		table, columns, _ := strings.Cut(line, "|")
		n := p.query("SELECT toString(count()) FROM vointi_internal.`%s` WHERE multiSearchAny(concat('', %s), ['%s', '%s', unhex('%[3]s')])", table, columns, pseudonym, uuid.MustParse(pseudonym))[0]
		if n != "0" {
			tables = append(tables, table+" "+n)
		}
	}
	return tables
}

// TestRetentionLaw lets persons' visits grow too old in the middle of storms of events: nothing that is published, open or
// final, may change by it, nor may any cell, and what is derived from the facts that are left must be the same. Later events for those
// days, corrections and voids may not disturb that.
func TestRetentionLaw(t *testing.T) {
	few(t, 2)
	p := newPipeline(t, "2024-03-20")
	rapid.Check(t, func(rt *rapid.T) {
		p.forget()
		s := &storm{T: rt}
		p.keeps = true
		p.setClock("2024-04-20")
		p.restartAggregator()
		p.send(s.batch()...)
		for i, day := range []string{"2026-05-01", "2026-05-20"} {
			p.setClock(day)
			p.keeps = true
			p.restartAggregator()
			if s.pick("late", 2) == 0 {
				p.send(s.batch()...)
			} else {
				p.must(p.agg.Step(p.Context()))
			}
			rebuild := s.pick("rebuild", 2) == 0
			if rebuild { // which may hide more of what is final, whether visits are taken away or not
				p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
				p.must(p.agg.Step(p.Context()))
			}
			p.takesAway(s, i, rebuild)
		}
	})
}

// takesAway makes the aggregator take visits away, and looks whether that is all that it does.
func (p *pipeline) takesAway(s *storm, i int, rebuild bool) {
	p.keeps, p.most = false, []int{0, 3}[s.pick("small steps", 2)]
	before := p.stands()
	p.restartAggregator()
	p.must(p.agg.Step(p.Context()))
	p.most = 0
	if after := p.stands(); after != before {
		s.Fatalf("%d: what is published changed: %s, was %s", i, after, before)
	}
	if named := p.query("SELECT toString(day), toString(person) FROM vointi_internal.facts_checkin WHERE kind != 'voided' AND person != toUUID('00000000-0000-0000-0000-000000000000') AND day < '%[1]s' AND scope NOT IN (SELECT session FROM vointi_internal.sessions FINAL WHERE in_calendar = 1 AND day >= '%[1]s')", day(p.now.AddDate(0, -26, 0))); len(named) > 0 {
		s.Fatalf("%d: check-ins that still name somebody: %v", i, named)
	}
	differences, err := p.agg.Verify(p.Context(), func(string, int) {})
	if err != nil || len(differences) > 0 {
		s.Fatalf("%d: recompute differs: %v %s", i, err, strings.Join(differences, "\n"))
	}
	p.restartAggregator()
	if rebuild {
		p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	}
	p.must(p.agg.Step(p.Context()))
	if after := p.stands(); after != before {
		s.Fatalf("%d: after a rebuild: %s, was %s", i, after, before)
	}
}

// batch draws some events, some of them twice.
func (s *storm) batch() (batch []*event.Event) {
	for range 1 + s.pick("events", 40) {
		batch = append(batch, s.event())
	}
	return append(batch, batch[:s.pick("again", len(batch))]...)
}

// stands is all that cells and publications hold, as hashes.
func (p *pipeline) stands() string {
	p.Helper()
	var all []string
	for _, sql := range []string{
		"cityHash64(period_type, period_start, area, measure, dimension, member, band, sex, value))) FROM vointi_internal.cells FINAL WHERE value != 0",
		"ifNull(cityHash64(tuple(*)), 1))) FROM vointi_internal.publications FINAL",
		"ifNull(cityHash64(tuple(*)), 1))) FROM vointi_internal.publication_log FINAL",
	} {
		all = append(all, p.query("SELECT toString(count()), toString(sum(%s", sql)...)
	}
	return fmt.Sprint(all)
}
