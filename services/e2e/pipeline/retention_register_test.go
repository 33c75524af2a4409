package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// TestRetentionOfRegisters lets shifts, answers, sign-ups, enrolments, cards and links grow too old, and kills the aggregator on the
// way. What is published stays as it was; nothing names who has not been seen since, and what a register says of who has stays.
func TestRetentionOfRegisters(t *testing.T) {
	p := newPipeline(t, "2024-06-20")
	p.keeps = true
	p.restartAggregator()
	const gone, here = "9999999999999999999999999999999a", "9999999999999999999999999999999b"
	p.send(append(p.registered(gone), append(p.registered(here), p.volunteered(10)...)...)...)
	filled := p.filled()
	rate := p.row("loneliness-share", kuusamo, indicator.Wave, "2024-03-01")
	p.equal("answers", rate.value, 50.0)
	changes := func() string {
		return fmt.Sprint(p.query("SELECT before, toString(respondents) FROM vointi_internal.panel_changes WHERE indicator = 'loneliness-share' AND area = 'KU305'"))
	}
	p.equal("changes of the panel", changes(), "[W1|100]")
	p.equal("volunteers", p.row("volunteers-active", kuusamo, indicator.Month, "2024-03-01").value, 10.0)

	p.setClock("2026-05-08")
	p.send(p.visit("since", here, "2026-05-01"), p.shiftOn(3, "2026-05-02"), p.shiftOn(3, "2024-12-30"), p.shiftOn(9, "2024-05-10"))
	for _, kill := range []struct{ day, step string }{
		{"2026-05-08", "apply past_cells"}, {"2026-06-20", "forget 20"}, {"2026-07-20", "forgotten"},
	} {
		p.setClock(kill.day)
		p.keeps = true
		p.restartAggregator()
		p.must(p.agg.Rebuild(p.Context(), func(string, int) {})) // which may hide more of what is final, whether rows are taken away or not
		p.must(p.agg.Step(p.Context()))
		stood := p.stands()
		p.doom(kill.step)
		p.keeps = false
		p.restartAggregator()
		p.must(p.agg.Step(p.Context()))
		p.equal("what is published after "+kill.step, p.stands(), stood)
	}
	before := p.stands()
	for column := range p.filled() {
		filled[column] = true
	}
	p.equal("columns that may name somebody, and have not by the events of this test", fmt.Sprint(p.unfilled(filled)), "[]")
	p.equal("places that name who has not been seen since", fmt.Sprint(p.naming(gone)), "[]")
	p.equal("waves with answers left", fmt.Sprint(p.query("SELECT DISTINCT scope FROM vointi_internal.facts_response")), "[W2]")
	p.equal("places that name who has been seen since", fmt.Sprint(p.naming(here)), "[cards 1 facts_card 1 facts_checkin 1 facts_rekey 1 pseudonyms 1]")
	p.equal("places that name a volunteer of then", fmt.Sprint(p.naming(fmt.Sprintf("%032x", 0xa5))), "[]")
	p.equal("places that name one of now", fmt.Sprint(p.naming(fmt.Sprintf("%032x", 0xa3))), "[facts_shift 2 facts_volunteer 1 shifts 2]")
	p.verify()

	p.send(p.shiftOn(5, "2024-03-04"), p.lonely(3, 5, "", "W1", date(2024, 3, 10)))
	p.equal("after a shift and an answer that came too late", p.stands(), before)
	p.verify()
	p.restartAggregator()
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	p.must(p.agg.Step(p.Context()))
	p.equal("after a rebuild", p.stands(), before)
	p.equal("changes of the panel, whose earlier answers are gone", changes(), "[W1|100]")
	p.now = p.now.AddDate(0, 0, 1)
	p.must(p.agg.Step(p.Context()))
	p.equal("places that name who came too late", fmt.Sprint(p.naming(fmt.Sprintf("%032x", 0xa5)), p.query("SELECT DISTINCT scope FROM vointi_internal.facts_response")), "[] [W2]")

	p.send(p.shiftOn(5, "2026-07-03"))
	p.equal("volunteers of the year, one of whom has shifts in two", fmt.Sprint(p.cell("volunteers", kuusamo, indicator.Year, "2026-01-01"), p.cell("volunteers", kuusamo, indicator.Year, "2024-01-01")), "2 10")
	p.verify()

	p.setClock("2029-01-01")
	p.must(p.agg.Step(p.Context()))
	p.equal("columns that name somebody when nobody has been seen for long", fmt.Sprint(p.filled()), "map[]")
}

// TestRetentionOfRegistersAlone lets cards and answers grow too old where nobody has ever been anywhere: they go as they do elsewhere.
func TestRetentionOfRegistersAlone(t *testing.T) {
	p := newPipeline(t, "2024-06-20")
	p.every = 48 * time.Hour
	p.restartAggregator()
	at := date(2024, 3, 4)
	wave := p.event(event.WaveOpened, "W", at, &event.Wave{WaveID: "W", Starts: at, Ends: at.AddDate(0, 1, 0), InstrumentID: "own", Version: "1"})
	events := []*event.Event{wave}
	for i := range 6 {
		card := &event.Card{PersonPseudonym: pseudonym("card", i), IssuedAt: at, HomeArea: kuusamo, ConsentVersion: "1", KeyVersion: 2, Kind: "person"}
		events = append(events, p.event(event.CardIssued, fmt.Sprint("card", i), at, card), p.lonely(i, 1, "", "W", at))
	}
	p.send(events...)
	left := func() string {
		return fmt.Sprint(p.query("SELECT format('{} {} {}', (SELECT count() FROM vointi_internal.facts_card), (SELECT count() FROM vointi_internal.cards), (SELECT count() FROM vointi_internal.facts_response))"))
	}
	for _, on := range []struct{ day, left string }{
		{"2026-05-04", "[6 6 6]"}, {"2026-05-08", "[0 0 6]"}, {"2026-06-20", "[0 0 0]"}, // the wave ended on 2024-04-04
	} {
		p.setClock(on.day)
		p.keeps = true
		p.restartAggregator()
		p.must(p.agg.Step(p.Context()))
		before := p.stands()
		p.keeps = false
		p.restartAggregator()
		p.must(p.agg.Step(p.Context()))
		p.equal("cards, their state and answers that are left on "+on.day, left(), on.left)
		p.equal("what is published on "+on.day, p.stands(), before)
	}
	p.verify()
}

// personColumns are the columns that may name a person: all that could hold a pseudonym, but for those that name something else.
const personColumns = `SELECT concat(table, '.', name) FROM system.columns WHERE database = 'vointi_internal'
	AND (type LIKE '%%UUID%%' AND name NOT IN ('chain', 'identity', 'writer', 'request') OR name IN ('panel', 'response'))
	AND table IN (SELECT name FROM system.tables WHERE database = 'vointi_internal' AND engine LIKE '%%MergeTree') ORDER BY ALL`

// filled returns those that do name somebody, in a row that has been replaced, too.
func (p *pipeline) filled() map[string]bool {
	p.Helper()
	filled := map[string]bool{}
	for _, of := range p.query(personColumns) {
		table, column, _ := strings.Cut(of, ".")
		if n := p.query("SELECT toString(count()) FROM vointi_internal.`%s` WHERE toString(`%s`) NOT IN ('', '[]', '00000000-0000-0000-0000-000000000000')", table, column); n[0] != "0" {
			filled[of] = true
		}
	}
	return filled
}

func (p *pipeline) unfilled(filled map[string]bool) []string {
	p.Helper()
	return slices.DeleteFunc(p.query(personColumns), func(column string) bool { return filled[column] })
}

// registered is what registers say of somebody in March 2024: a card, the card that it replaced, and a sign-up.
func (p *pipeline) registered(person string) []*event.Event {
	p.Helper()
	at := date(2024, 3, 4)
	card := &event.Card{PersonPseudonym: person, IssuedAt: at, HomeArea: kuusamo, ConsentVersion: "1", KeyVersion: 2, Kind: "family", Household: "8" + person[1:]}
	old := "0" + person[1:]
	again := p.visit("unsent", person, "2024-03-05").Payload.(*event.Checkin)
	again.Household, again.ReferralFrom = card.Household, "N-2024-03-04"
	return []*event.Event{
		p.event(event.CardIssued, "card "+person, at, card),
		p.event(event.CardRekeyed, "link "+person, at, &event.Rekey{OldPseudonym: old, NewPseudonym: person, KeyVersion: 2}),
		p.event(event.RegistrationChanged, "sign-up "+person, at, &event.Registration{RegistrationID: "E" + person, SessionID: "S", PersonPseudonym: person, Status: "enrolled", At: at}),
		p.visit("then "+person, old, "2024-03-04"), p.event(event.CheckinRecorded, "and then "+person, again.CheckedInAt, again),
	}
}

// volunteered is volunteers with an enrolment and a shift each, and a wave of a survey that many answered.
func (p *pipeline) volunteered(n int) (events []*event.Event) {
	p.Helper()
	at := date(2024, 3, 1)
	for i := range n {
		volunteer := fmt.Sprintf("%032x", 0xa0+i)
		events = append(events, p.shiftOn(i, "2024-03-04"), p.event(event.VolunteerEnrolled, "enrolled "+volunteer, at, &event.Volunteer{
			VolunteerPseudonym: volunteer, PartnerID: "Y1", Area: kuusamo, Start: at,
		}))
	}
	for month, wave := range []string{"W1", "W2"} {
		starts := at.AddDate(0, 2*month, 0)
		events = append(events, p.event(event.WaveOpened, wave, starts, &event.Wave{WaveID: wave, Starts: starts, Ends: starts.AddDate(0, 1, 0), InstrumentID: "own", Version: "1"}))
		for i := range 200 {
			panel := ""
			if i < 100 {
				panel = fmt.Sprintf("8888888888888888888888888888%04x", i)
			}
			events = append(events, p.lonely(i, 1+4*((i/(1+month))%2), panel, wave, starts))
		}
	}
	return events
}

func (p *pipeline) shiftOn(volunteer int, day string) *event.Event {
	p.Helper()
	start, err := time.Parse(time.DateOnly, day)
	p.must(err)
	hours := int64(200)
	return p.event(event.ShiftLogged, fmt.Sprint("shift ", volunteer, day), start, &event.Shift{
		VolunteerPseudonym: fmt.Sprintf("%032x", 0xa0+volunteer), PartnerID: "Y1", Area: kuusamo, AgeBand: "65-74", Start: start.Add(12 * time.Hour), Hours: &hours,
	})
}

// lonely is an answer to a wave that is as lonely as code says.
func (p *pipeline) lonely(i, code int, panel, wave string, at time.Time) *event.Event {
	p.Helper()
	return p.event(event.ResponseSubmitted, fmt.Sprint(wave, "r", i, " ", code), at.Add(time.Duration(code)), &event.Response{
		ResponseID: fmt.Sprint("R", i), WaveID: wave, InstrumentID: "own", Version: "1", SubmittedAt: at, Complete: true, PanelPseudonym: panel,
		Area: kuusamo, AgeBand: "29-54", Sex: []string{"1", "2"}[i/2%2], Items: map[string]int{"LONELY": code, "FEEDBACK": code},
	})
}
