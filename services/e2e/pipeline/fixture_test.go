package pipeline_test

import (
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

const (
	kuusamo = "KU305"
	emitter = "/kuusamo/kortti"
	p1      = "11111111111111111111111111111111"
	p2      = "22222222222222222222222222222222"
	p3      = "33333333333333333333333333333333"
)

// helsinki is a time of the fixture's session day.
func helsinki(clock string) time.Time {
	t, err := time.Parse(time.RFC3339, "2024-03-05T"+clock+":00+02:00")
	if err != nil {
		panic(err)
	}
	return t
}

func (p *pipeline) event(t event.Type, id string, at time.Time, payload event.Payload) *event.Event {
	p.Helper()
	e, err := event.New(t, emitter, id, at, kuusamo, "S1", payload)
	p.must(err)
	return e
}

func fixtureSession(sequence int64, status string) *event.Calendar {
	capacity := 8
	return &event.Calendar{
		EventID: "S1", Sequence: sequence, Name: map[string]string{"fi": "Luontoretki"}, Status: status, Start: helsinki("17:00"),
		End: helsinki("20:00"), VenueID: "V17", Area: kuusamo, ProviderID: "ORG12", ActivityType: "nature", CapacityMax: &capacity,
		LastModified: helsinki("08:00"),
	}
}

func fixtureCheckin(person string, born int) *event.Checkin {
	return &event.Checkin{
		SessionID: "S1", PersonPseudonym: person, PartySize: 1, CheckedInAt: helsinki("17:02"), Channel: "card", VenueID: "V17",
		VenueArea: kuusamo, HomeArea: kuusamo, BirthYear: &born, Sex: "2", ActivityType: "nature", ProviderID: "ORG12", KeyVersion: 3,
	}
}

func fixtureCount(total int) *event.Headcount {
	return &event.Headcount{
		SessionID: "S1", VenueArea: kuusamo, CountedAt: helsinki("18:00"), Total: total, IncludesCardHolders: true, VenueID: "V17",
		ActivityType: "nature", ProviderID: "ORG12", Method: "manual",
	}
}

// TestFixture is the worked example: one session in Kuusamo, event by event.
func TestFixture(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	held := fixtureSession(1, "held")
	held.ActualStart, held.ActualEnd = helsinki("17:00"), helsinki("20:00")
	first := p.event(event.CheckinRecorded, "c1", helsinki("17:02"), fixtureCheckin(p1, 1950))
	p.send(
		p.event(event.CalendarCreated, "s0", helsinki("08:00"), fixtureSession(0, "scheduled")),
		p.event(event.CalendarHeld, "s1", helsinki("20:05"), held),
		first, first,
		p.event(event.CheckinRecorded, "c2", helsinki("17:03"), fixtureCheckin(p2, 1985)),
		p.event(event.CheckinRecorded, "c3", helsinki("17:04"), fixtureCheckin(p3, 2012)),
		p.event(event.CheckinRecorded, "c4", helsinki("17:05"), fixtureCheckin(p2, 1985)),
		p.event(event.HeadcountRecorded, "h1", helsinki("18:00"), fixtureCount(5)),
		p.event(event.CostEntered, "k1", helsinki("21:00"), &event.Cost{
			EntryID: "K1", Area: kuusamo, PostedAt: helsinki("21:00"), Period: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC),
			AmountCents: 33_000, Heading: "activity", Kind: "actual", ProjectID: "P", SessionID: "S1",
		}),
	)
	p.equal("check-ins after deduplication", p.query("SELECT toString(count()) FROM vointi_internal.facts_checkin FINAL")[0], "4")
	p.equal("head counts after deduplication", p.query("SELECT toString(count()) FROM vointi_internal.facts_headcount FINAL")[0], "1")
	p.reconciled(3, 5, 2)
	p.equal("occupancy sums", p.query("SELECT toString(sumIf(value, measure = 'occupancy.c')), toString(sumIf(value, measure = 'occupancy.v')) FROM vointi_internal.cells FINAL WHERE period_type = 'month' AND area = 'KU305' AND dimension = ''")[0], "5|8")
	p.equal("costs", p.cell("cost.c", kuusamo, indicator.Quarter, "2024-01-01"), 33_000)
	p.equal("visits of them", p.cell("cost.v", kuusamo, indicator.Quarter, "2024-01-01"), 5)
	p.equal("participant-hours", p.query("SELECT toString((card_visits + anonymous) * minutes / 60) FROM vointi_internal.sessions FINAL")[0], "15")
	p.fixtureAges()
	p.verify()

	p.send(p.event(event.CheckinVoided, "v1", helsinki("21:00"), &event.Void{Original: event.Ref{Source: emitter, ID: "c1"}, Reason: "mistake", At: helsinki("21:00")}))
	p.reconciled(2, 5, 3)
	p.equal("no revision while the period is open", p.row("participation-visits", kuusamo, indicator.Month, "2024-03-01").revision, 0)

	corrected := fixtureCount(1)
	corrected.Original = &event.Ref{Source: emitter, ID: "h1"}
	p.send(p.event(event.HeadcountCorrected, "h2", helsinki("21:10"), corrected))
	p.reconciled(2, 2, 0)
	p.equal("flags", p.query("SELECT arrayStringConcat(flags, ',') FROM vointi_internal.sessions FINAL")[0], "headcount_below_cards")

	p.send(p.event(event.CalendarCancelled, "s2", helsinki("22:00"), fixtureSession(2, "cancelled")))
	p.equal("cancelled with attendance", p.query("SELECT toString(held), arrayStringConcat(flags, ',') FROM vointi_internal.sessions FINAL")[0], "1|headcount_below_cards,cancelled_with_attendance")
	p.equal("still held", p.row("sessions-held", kuusamo, indicator.Month, "2024-03-01").value, 1.0)
	p.equal("not cancelled", p.cell("sessions_cancelled", kuusamo, indicator.Month, "2024-03-01"), 0)
	again := fixtureSession(3, "held")
	p.send(p.event(event.CalendarHeld, "s3", helsinki("22:30"), again))
	p.equal("a later held clears the flag", p.query("SELECT arrayStringConcat(flags, ',') FROM vointi_internal.sessions FINAL")[0], "headcount_below_cards")
	p.verify()
}

// reconciled checks card visits, visits and anonymous visits of the session, in sessions and in cells.
func (p *pipeline) reconciled(card, visits, anonymous int) {
	p.Helper()
	for _, period := range []indicator.Period{{Type: indicator.Day}, {Type: indicator.Month}} {
		start := map[indicator.PeriodType]string{indicator.Day: "2024-03-05", indicator.Month: "2024-03-01"}[period.Type]
		p.equal("visits by "+string(period.Type), p.cell("visits", kuusamo, period.Type, start), visits)
	}
	p.equal("card visits", p.cell("card_visits", kuusamo, indicator.Month, "2024-03-01"), card)
	p.equal("anonymous visits", p.cell("anonymous", kuusamo, indicator.Month, "2024-03-01"), anonymous)
}

// fixtureAges checks the ages of the visits, and that all of them are protected, the total too: 5 less 4 members is
// below 5.
func (p *pipeline) fixtureAges() {
	p.Helper()
	for group, want := range map[string]int{
		"band IN ('0-12', '13-17')": 1, "band IN ('18-19', '20-28', '29-54', '55-64')": 1, "band IN ('65-74', '75+')": 1, "band = 'unknown'": 2,
	} {
		p.equal("visits, "+group, p.cellOf("visits", kuusamo, indicator.Day, "2024-03-05", group), want)
	}
	p.equal("the day's total", p.row("participation-visits", kuusamo, indicator.Day, "2024-03-05").suppressed, "protected")
	p.equal("the month's total", p.row("participation-visits", kuusamo, indicator.Month, "2024-03-01").suppressed, "protected")
	shown := p.query("SELECT age_group FROM vointi.indicators WHERE indicator = 'participation-visits' AND suppressed = '' AND age_scheme = 'eviva3' AND ifNull(value, 0) > 0 AND area = 'KU305'")
	p.equal("age groups shown", len(shown), 0)
}
