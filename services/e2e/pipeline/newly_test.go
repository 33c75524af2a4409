package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// visit is a check-in of somebody on a day.
func (p *pipeline) visit(id, person, on string) *event.Event {
	p.Helper()
	at, err := time.Parse(time.DateOnly, on)
	p.must(err)
	at = at.Add(12 * time.Hour)
	c := fixtureCheckin(person, 1990)
	c.SessionID, c.CheckedInAt = "N-"+on, at
	return p.event(event.CheckinRecorded, id, at, c)
}

// TestNewlyActiveFollows is the worked example of the rule, whose visits come late, are corrected and voided: who is newly
// active, and when, follows each time, and is what a recomputation from zero says.
func TestNewlyActiveFollows(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	expect := func(what string, january, february, march int) {
		t.Helper()
		got := fmt.Sprint(p.cell("newly_active", kuusamo, indicator.Month, "2024-01-01"),
			p.cell("newly_active", kuusamo, indicator.Month, "2024-02-01"), p.cell("newly_active", kuusamo, indicator.Month, "2024-03-01"))
		p.equal(what, got, fmt.Sprint(january, february, march))
		p.verify()
	}
	p.send(p.visit("old", p2, "2022-01-01")) // since when history is known
	p.send(p.visit("a", p1, "2024-01-09"), p.visit("b", p1, "2024-01-16"), p.visit("d", p1, "2024-02-06"))
	expect("three visits", 0, 0, 0)
	p.send(p.visit("c", p1, "2024-01-30"))
	expect("the fourth came late", 0, 1, 0)
	p.send(p.visit("e", p1, "2022-12-20"))
	expect("a visit 385 days before", 0, 1, 0)
	p.send(p.visit("f", p1, "2023-06-01"))
	expect("a visit 222 days before", 0, 0, 0)
	void := &event.Void{Original: event.Ref{Source: emitter, ID: "f"}, Reason: "mistake", At: helsinki("21:00")}
	p.send(p.event(event.CheckinVoided, "v", helsinki("21:00"), void))
	expect("which was a mistake", 0, 1, 0)

	moved := p.visit("g", p1, "2024-03-05").Payload.(*event.Checkin)
	moved.Original = &event.Ref{Source: emitter, ID: "d"}
	p.send(p.event(event.CheckinCorrected, "g", helsinki("21:00"), moved))
	expect("the last visit was in March", 0, 0, 1)
	p.send(p.visit("h", p1, "2024-01-23"))
	expect("another one came late", 1, 0, 0)
	other := p.visit("i", p3, "2024-01-23").Payload.(*event.Checkin)
	other.Original = &event.Ref{Source: emitter, ID: "h"}
	p.send(p.event(event.CheckinCorrected, "i", helsinki("22:00"), other))
	expect("of somebody else", 0, 0, 1)
}
