package pipeline_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"vointi.fi/pkg/event"
)

// TestRetentionWork takes histories of several years away, one twice as long as the other. Steps are as large as may be, each takes away what
// no other has, and what they read follows what they take away.
func TestRetentionWork(t *testing.T) {
	p := newPipeline(t, "2024-01-10")
	p.every = 24 * time.Hour // what is published reads more
	var read [2]int
	for i, years := range []int{2, 4} {
		p.forget()
		p.history(years)
		const most = 200 // rows a step
		p.most, p.keeps = most, false
		p.restartAggregator()
		taken, steps, from, limit := years*visitsAYear, 0, 0, ""
		p.crash = func(step string) {
			switch step {
			case "journal":
				if now := p.query("SELECT JSONExtractString(argMax(body, gen), 'Limit') FROM vointi_internal.journal WHERE target = ''")[0]; now != limit {
					limit, steps = now, steps+1
				}
				if steps == 1 && from == 0 {
					from = p.rowsRead()
				}
				if steps > 2*taken/most {
					t.Fatalf("%d years: step %d goes to %s, for %d visits, %d a step", years, steps, limit, taken, most)
				}
			case "forget 0":
				read[i] = p.rowsRead() - from
			}
		}
		p.must(p.agg.Step(t.Context()))
		p.crash = func(string) {}
		t.Logf("%d years: %d steps, %d rows read", years, steps, read[i])
		p.equal("visits and cards left", fmt.Sprint(p.query("SELECT toString(count()) FROM vointi_internal.person_visits FINAL UNION ALL SELECT toString(count()) FROM vointi_internal.cards FINAL")), "[0 0]")
	}
	p.verify()
	if read[1] > 3*read[0] { // what a step takes away it finds by granules, so it is a bit more than twice as much
		t.Errorf("%d rows read for four years, %d for two", read[1], read[0])
	}
}

const visitsAYear = 52 * 20

// history is years up to 2020 of 20 visits a week by persons with cards who came for one year each, to sessions of random ids, and of a shift
// a week.
func (p *pipeline) history(years int) {
	p.Helper()
	var events []*event.Event
	first := time.Date(2020-years, 1, 6, 0, 0, 0, 0, time.UTC)
	for week := range 52 * years {
		events = append(events, p.shiftOn(week%7, first.AddDate(0, 0, 7*week).Format(time.DateOnly)))
		for i := range 20 {
			on := first.AddDate(0, 0, 7*week+i%5)
			v := fixtureCheckin(pseudonym(fmt.Sprint("year", week/52), i), 1990)
			v.SessionID, v.CheckedInAt = pseudonym(on.Format(time.DateOnly), 0), on.Add(12*time.Hour)
			events = append(events, p.event(event.CheckinRecorded, fmt.Sprint(week, " ", i), v.CheckedInAt, v))
			if week%52 == i {
				events = append(events, p.event(event.CardIssued, "card "+v.PersonPseudonym, on, &event.Card{
					PersonPseudonym: v.PersonPseudonym, IssuedAt: on, HomeArea: kuusamo, ConsentVersion: "1", KeyVersion: 2,
					Kind: []string{"person", "family"}[i%2], TargetGroups: []string{"long_term_unemployed"},
				}))
			}
		}
	}
	p.keeps, p.most = true, 0
	p.restartAggregator()
	p.send(events...)
}

func (p *pipeline) rowsRead() int {
	p.Helper()
	n, err := strconv.Atoi(p.query("SELECT toString(value) FROM system.events WHERE event = 'SelectedRows'")[0])
	p.must(err)
	return n
}
