package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// worked is shifts of an hour of so many volunteers in an area, on the 10th of a month of 2024.
func (p *pipeline) worked(month time.Month, area string, volunteers int) (events []*event.Event) {
	p.Helper()
	hours, start := int64(100), time.Date(2024, month, 10, 10, 0, 0, 0, time.UTC)
	for v := range volunteers {
		name := fmt.Sprint(area, " ", month, " ", v)
		events = append(events, p.event(event.ShiftLogged, name, start.Add(2*time.Hour), &event.Shift{
			VolunteerPseudonym: pseudonym(area, v), PartnerID: "Y1", Area: area, AgeBand: "65-74", Start: start, Hours: &hours,
		}))
	}
	return events
}

// TestCompanionOfAMonth: a month of few volunteers is hidden, and the next one of the quarter with it, from the first time that any number is
// told of it on, though other things were counted there before; so the quarter and the year can be shown. The month after it is shown.
func TestCompanionOfAMonth(t *testing.T) {
	p := newPipeline(t, "2024-01-20")
	p.every = time.Hour
	p.restartAggregator()
	hours := func(t indicator.PeriodType) string {
		return fmt.Sprint(p.query("SELECT if(suppressed = '', toString(value), 'hidden') FROM vointi.indicators WHERE indicator = 'volunteer-hours' AND area = '%s' AND period_type = '%s' AND age_group = 'all' AND dimension = '' ORDER BY period_start", kuusamo, t))
	}
	p.send(append(p.worked(time.January, kuusamo, 2), p.worked(time.January, kalajoki, 30)...)...)
	p.equal("January", hours(indicator.Month), "[hidden]")

	p.setClock("2024-02-20")
	p.send(p.crowd("F", -20, 10)...)
	p.send(append(p.worked(time.February, kuusamo, 20), p.worked(time.February, kalajoki, 30)...)...)
	p.equal("February, before breakdowns", hours(indicator.Month), "[hidden hidden]")
	p.verify()
	p.now = p.now.Add(2 * time.Hour)
	p.send()
	p.equal("February", hours(indicator.Month)+hours(indicator.Quarter), "[hidden hidden][22]")
	p.verify()

	p.setClock("2024-03-20")
	p.send(append(p.worked(time.March, kuusamo, 25), p.worked(time.March, kalajoki, 30)...)...)
	p.equal("March", hours(indicator.Month)+hours(indicator.Quarter), "[hidden hidden 25][47]")
	p.verify()

	p.send(p.worked(time.March, kuusamo, 30)...) // five more
	p.equal("more in March", hours(indicator.Month), "[hidden hidden 30]")
	p.verify()

	p.setClock("2025-05-01")
	p.send()
	p.equal("all are final", hours(indicator.Month)+hours(indicator.Quarter)+hours(indicator.Year), "[hidden hidden 30][52][52]")
	p.verify()
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	p.must(p.agg.Step(p.Context()))
	p.equal("made anew", hours(indicator.Month)+hours(indicator.Quarter)+hours(indicator.Year), "[hidden hidden 30][52][52]")
}
