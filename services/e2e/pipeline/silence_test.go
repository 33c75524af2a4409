package pipeline_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// planned is a session of the calendar at a venue of its own provider.
func (p *pipeline) planned(id, area, venue string, day time.Time, status string, sequence int64) *event.Event {
	p.Helper()
	typ := map[string]event.Type{"scheduled": event.CalendarCreated, "held": event.CalendarHeld, "cancelled": event.CalendarCancelled}[status]
	start := day.Add(15 * time.Hour)
	return p.event(typ, fmt.Sprint(id, status, sequence), start, &event.Calendar{
		EventID: id, Sequence: sequence, Name: map[string]string{"fi": id}, Status: status, Start: start, End: start.Add(time.Hour), VenueID: venue,
		Area: area, ProviderID: "of " + venue, ActivityType: "nature", LastModified: start,
	})
}

func (p *pipeline) counted(session, area string, day time.Time, total int) *event.Event {
	p.Helper()
	at := day.Add(16 * time.Hour)
	return p.event(event.HeadcountRecorded, "count "+session, at, &event.Headcount{
		SessionID: session, VenueArea: area, CountedAt: at, Total: total, IncludesCardHolders: true, VenueID: "?", ActivityType: "nature",
		ProviderID: "?", Method: "manual",
	})
}

// TestSilentVenue follows venues that tell nothing of their sessions: from the eighth day on the rows that lack them are provisional and say
// so, none of them is 0, and none becomes final before data come or somebody closes the period by hand.
func TestSilentVenue(t *testing.T) {
	p := newPipeline(t, "2024-03-12")
	shown := func(id, area string, period indicator.PeriodType, start, where string) string {
		t.Helper()
		r := p.rowOf(id, area, period, start, where)
		value := fmt.Sprint(r.value)
		if math.IsNaN(r.value) {
			value = "none" + r.suppressed
		}
		return fmt.Sprint(value, " ", r.status, " ", r.revision, " ", r.flags)
	}
	const total, visits = "age_group = 'all' AND sex = 'all' AND dimension = ''", "participation-visits"
	march := func(id, area string) string { return shown(id, area, indicator.Month, "2024-03-01", total) }
	fourth, fifth := date(2024, 3, 4), date(2024, 3, 5)
	p.send(
		p.planned("F", kuusamo, "V1", date(2024, 2, 6), "scheduled", 0), p.counted("F", kuusamo, date(2024, 2, 6), 30),
		p.planned("A", kuusamo, "V1", fourth, "held", 0), p.counted("A", kuusamo, fourth, 40),
		p.planned("B", kuusamo, "V2", fifth, "scheduled", 0),                                                       // nothing comes of it
		p.planned("C", kuusamo, "V3", fifth, "scheduled", 0), p.planned("C", kuusamo, "V3", fifth, "cancelled", 1), // nobody waits for it
		p.planned("D", kuusamo, "V4", fifth, "held", 0), p.counted("D", kuusamo, fifth, 0), // nobody came
		p.planned("E", "KU208", "V5", fifth, "scheduled", 0), // all that there is
		p.planned("G", "KU398", "V6", fourth, "held", 0), p.counted("G", "KU398", fourth, 3), p.planned("H", "KU398", "V7", fifth, "held", 0),
	)
	p.equal("on the seventh day", march(visits, kuusamo), "40 provisional 0 ")
	p.equal("gaps", len(p.query("SELECT venue_id FROM vointi.data_gaps")), 0)
	p.verify()

	p.setClock("2024-03-13")
	p.send()
	p.equal("on the eighth", march(visits, kuusamo), "40 provisional 0 data_gap")
	p.equal("day without any", shown(visits, kuusamo, indicator.Day, "2024-03-05", total), "none provisional 0 data_gap")
	p.equal("another day", shown(visits, kuusamo, indicator.Day, "2024-03-04", total), "40 provisional 0 ")
	p.equal("men", shown(visits, kuusamo, indicator.Month, "2024-03-01", "age_group = 'all' AND sex = '1' AND dimension = ''"), "none provisional 0 data_gap")
	p.equal("who tells", shown(visits, kuusamo, indicator.Month, "2024-03-01", "dimension = 'provider' AND member = 'of V1'"), "40 provisional 0 ")
	p.equal("who does not", shown(visits, kuusamo, indicator.Month, "2024-03-01", "dimension = 'provider' AND member = 'of V2'"), "none provisional 0 data_gap")
	p.equal("the country", march("sessions-held", "SSS"), "4 provisional 0 data_gap")
	p.equal("where there is nothing else", march(visits, "KU208"), "none provisional 0 data_gap")
	p.equal("which is not told of what has nothing to do with venues", len(p.query("SELECT indicator FROM vointi.indicators WHERE area = 'KU208' AND NOT has(flags, 'data_gap')")), 0)
	p.equal("a protected one", march(visits, "KU398"), "noneprotected provisional 0 data_gap")
	p.equal("held, but nobody says who came", march("sessions-held", "KU398"), "2 provisional 0 ")
	p.equal("beside the month before", p.query("SELECT reason FROM vointi.comparisons WHERE indicator = 'sessions-held' AND area = 'KU305' AND period_type = 'day' AND period_start = '2024-03-05' AND comparator = 'previous'")[0], "data_gap")
	p.equal("gaps", fmt.Sprint(p.query("SELECT area, venue_id, toString(since), ifNull(toString(heard_again), '-'), toString(sessions), providers[1] FROM vointi.data_gaps ORDER BY venue_id")),
		"[KU305|V2|2024-03-05|-|1|of V2 KU208|V5|2024-03-05|-|1|of V5 KU398|V7|2024-03-05|-|1|of V7]")
	p.verify()

	p.setClock("2024-04-16")
	p.send()
	p.equal("closed", march(visits, kuusamo), "40 provisional 1 data_gap")
	p.equal("who tells is final", shown(visits, kuusamo, indicator.Month, "2024-03-01", "dimension = 'provider' AND member = 'of V1'"), "40 final 1 ")
	p.verify()

	p.send(p.counted("B", kuusamo, fifth, 20))
	p.equal("late data", march(visits, kuusamo), "60 final 2 ")
	p.equal("and why", p.query("SELECT reason FROM vointi.indicators WHERE indicator = 'participation-visits' AND area = 'KU305' AND period_type = 'month' AND period_start = '2024-03-01' AND " + total)[0], "late_data")
	p.equal("elsewhere", march(visits, "KU208"), "none provisional 1 data_gap")
	p.verify()

	p.send(p.event(event.PeriodClosed, "close", helsinki("21:00"), &event.Period{PeriodType: "month", PeriodStart: date(2024, 3, 1)}))
	p.equal("closed by hand", march(visits, "KU208"), "none final 2 data_gap")
	p.equal("for no reason that changes figures", p.query("SELECT concat('-', reason) FROM vointi.indicators WHERE indicator = 'participation-visits' AND area = 'KU208' AND period_type = 'month' AND period_start = '2024-03-01' AND " + total)[0], "-")
	p.equal("what was final", march(visits, kuusamo), "60 final 2 ")
	p.verify()

	p.send(p.planned("I", kuusamo, "V2", date(2024, 3, 20), "scheduled", 0)) // told of late, and silent at once
	p.equal("what is final stays so, and says what it lacks", march(visits, kuusamo), "60 final 3 data_gap")
	stood := p.stands()
	p.restartAggregator()
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	p.must(p.agg.Step(p.Context()))
	p.equal("after a rebuild", p.stands(), stood)
	p.verify()
}

// addSilent counts sessions at silent venues, of which there is one in each area.
func (m *model) addSilent(sums map[string]int, today string) {
	days := func(from, to string) int {
		a, errA := time.Parse(time.DateOnly, from)
		b, errB := time.Parse(time.DateOnly, to)
		if errA != nil || errB != nil {
			panic(from + to)
		}
		return int(b.Sub(a) / (24 * time.Hour))
	}
	heard, awaited := map[string][]string{}, map[string][]string{} // days, by area
	for _, s := range m.sessions() {
		switch {
		case s.inCalendar && (len(s.cards) > 0 || len(s.counts) > 0 || s.told):
			heard[s.area] = append(heard[s.area], s.day)
		case s.inCalendar && !s.cancelled && s.day < today:
			awaited[s.area] = append(awaited[s.area], s.day)
		}
	}
	for area, of := range awaited {
		for _, u := range of {
			from, to, last := u, today, ""
			for _, h := range heard[area] {
				if h >= u {
					to = min(to, h)
				} else {
					last = max(last, h)
				}
			}
			for _, other := range of {
				if other > last {
					from = min(from, other)
				}
			}
			if to > u && days(from, to) > 7 {
				sums["sessions_silent "+area+" "+u]++
				sums["sessions_silent "+area+" "+u[:7]+"-01 month"]++
			}
		}
	}
}
