package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// crowd is a session that so many different people attended that its total is shown.
func (p *pipeline) crowd(session string, day int, people int) []*event.Event {
	p.Helper()
	var events []*event.Event
	for i := range people {
		c := fixtureCheckin(pseudonym(session, i), 1990)
		c.SessionID = session
		c.CheckedInAt = c.CheckedInAt.AddDate(0, 0, day)
		events = append(events, p.event(event.CheckinRecorded, fmt.Sprintf("%s-%d", session, i), c.CheckedInAt, c))
	}
	return events
}

func pseudonym(session string, i int) string {
	id := event.IdentityOf(session, fmt.Sprint(i))
	return fmt.Sprintf("%x", id[:])
}

// TestClosing follows a month from open over closed to revised: late data makes a logged revision with its reason, and a
// refresh of an open period does not.
func TestClosing(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	month := func() row { return p.row("participation-visits", kuusamo, indicator.Month, "2024-03-01") }
	logged := func() string {
		return p.query("SELECT arrayStringConcat(groupArray(concat(toString(revision), ' ', reason, ' ', toString(value))), ', ') FROM (SELECT * FROM vointi.indicator_revisions WHERE indicator = 'participation-visits' AND area = 'KU305' AND period_type = 'month' AND age_group = 'all' AND sex = 'all' AND dimension = '' ORDER BY revision)")[0]
	}
	p.send(p.crowd("A", 1, 40)...)
	p.equal("open", fmt.Sprint(month().value, month().status, month().revision), "40provisional0")
	p.send(p.crowd("B", 2, 20)...)
	p.equal("open, more", fmt.Sprint(month().value, month().revision), "60 0")
	p.equal("log of an open period", logged(), "")

	p.setClock("2024-04-16")
	p.send()
	p.equal("closed", fmt.Sprint(month().value, month().status, month().revision), "60final1")
	p.equal("log", logged(), "1  60")

	p.send(p.crowd("C", 3, 10)...)
	p.equal("late data", fmt.Sprint(month().value, month().revision), "70 2")
	p.equal("log", logged(), "1  60, 2 late_data 70")

	void := &event.Void{Original: event.Ref{Source: emitter, ID: "A-0"}, Reason: "mistake", At: helsinki("21:00")}
	p.send(p.event(event.CheckinVoided, "v", helsinki("21:00"), void))
	p.equal("a correction", fmt.Sprint(month().value, month().revision), "69 3")
	p.equal("log", logged(), "1  60, 2 late_data 70, 3 correction 69")
	p.verify()
	p.send()
	p.equal("nothing new", logged(), "1  60, 2 late_data 70, 3 correction 69")
}

// TestClosedByHand: period.closed.v1 closes at once.
func TestClosedByHand(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.send(p.crowd("A", 1, 40)...)
	p.send(p.event(event.PeriodClosed, "close", helsinki("21:00"), &event.Period{
		PeriodType: "week", PeriodStart: time.Date(2024, 3, 4, 0, 0, 0, 0, time.UTC),
	}))
	got := p.row("participation-visits", kuusamo, indicator.Week, "2024-03-04")
	p.equal("closed by hand", fmt.Sprint(got.status, got.revision), "final1")
	p.equal("the month is open", p.row("participation-visits", kuusamo, indicator.Month, "2024-03-01").status, "provisional")
	p.verify()
}

// TestMaskOfAClosedPeriodOnlyGrows: what was protected when a period closed stays so, though late data would show it.
func TestMaskOfAClosedPeriodOnlyGrows(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.send(p.crowd("A", 1, 3)...)
	p.setClock("2024-04-16")
	p.send()
	p.equal("three people", p.row("participation-visits", kuusamo, indicator.Month, "2024-03-01").suppressed, "protected")
	p.send(p.crowd("B", 2, 50)...)
	p.equal("fifty more", p.row("participation-visits", kuusamo, indicator.Month, "2024-03-01").suppressed, "protected")
	p.verify()
}

// toldByRevisions lists rows that are hidden in the last revision of a closed period, and were shown in one before, or were not there when
// the period closed, and so nothing.
func (p *pipeline) toldByRevisions() []string {
	p.Helper()
	const key = "indicator, area, age_scheme, age_group, sex, dimension, member, period_type, period_start, wave"
	return p.query(`SELECT indicator, area, toString((age_scheme, age_group, sex, dimension, member)), period_type, toString(period_start)
		FROM vointi.indicator_revisions GROUP BY ` + key + `
		HAVING argMax(suppressed, revision) != '' AND (countIf(suppressed = '') > 0 OR argMin(reason, revision) != ''
			AND (indicator, period_type, period_start, wave) IN (SELECT indicator, period_type, period_start, wave FROM vointi.indicator_revisions WHERE revision = 1 AND reason = ''))`)
}

// toldBySums lists rows of visits of which the country has more than its areas show, though none of these is hidden: what is withheld.
func (p *pipeline) toldBySums() []string {
	p.Helper()
	return p.query(`SELECT toString((age_scheme, age_group, sex, dimension, member) AS of), period_type, toString(period_start)
		FROM vointi.indicators WHERE indicator = 'participation-visits' AND status = 'final' GROUP BY of, period_type, period_start
		HAVING countIf(suppressed != '') = 0 AND sumIf(ifNull(numerator, 0), area = 'SSS') > sumIf(ifNull(numerator, 0), area != 'SSS')`)
}

// rowsThatWait returns what the metric of withheld rows says of a type of period.
func (p *pipeline) rowsThatWait(of indicator.PeriodType) string {
	p.Helper()
	families, err := p.reg.Gather()
	p.must(err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "vointi_aggregator_withheld_rows" && m.GetLabel()[0].GetValue() == string(of) {
				return fmt.Sprint(m.GetGauge().GetValue())
			}
		}
	}
	return "nothing"
}

// TestRevisionHidesNothingThatWasTold: one late visit with another provider, of another age, shows in totals alone, since beside what was
// told before it would be known; with enough of its kind everything follows. A late visit where there was none waits, too, and the country
// with it, but no other municipality. Another method does not bring it to light.
func TestRevisionHidesNothingThatWasTold(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	shown := func(id, where string) string {
		t.Helper()
		return fmt.Sprint(p.query("SELECT concat(if(suppressed = '', toString(value), suppressed), ' ', toString(revision)) FROM vointi.indicators WHERE indicator = '%s' AND period_type = 'month' AND period_start = '2024-03-01' AND %s ORDER BY area, member, age_group", id, where))
	}
	const visits, total, providers = "participation-visits", "area = 'KU305' AND age_group = 'all' AND sex = 'all' AND dimension = ''", "area = 'KU305' AND dimension = 'provider'"
	const country = "area IN ('SSS', 'KU208') AND age_group = 'all' AND sex = 'all' AND dimension = ''"
	ages := "area = 'KU305' AND age_scheme = 'eviva3' AND sex = 'all' AND value != 0"
	waits := func() []string {
		return p.query("SELECT breakdown FROM vointi.withheld WHERE indicator = '%s' AND period_type = 'month' AND since >= '2024-04-16' ORDER BY breakdown", visits)
	}
	p.send(p.crowd("A", 1, 40)...)
	p.setClock("2024-04-16")
	p.send()
	p.equal("closed", shown(visits, total)+shown(visits, providers)+shown(visits, ages), "[40 1][40 1][40 1]")
	late := func(n int, area string) (events []*event.Event) {
		for i := range n {
			c := fixtureCheckin(pseudonym("late"+area, i), 1950)
			c.SessionID, c.ProviderID, c.VenueArea, c.CheckedInAt = "L"+area, "ORG99", area, c.CheckedInAt.AddDate(0, 0, 1)
			events = append(events, p.event(event.CheckinRecorded, fmt.Sprint("late", area, i), c.CheckedInAt, c))
		}
		return events
	}
	p.send(late(1, kuusamo)...)
	p.equal("one", shown(visits, total)+shown(visits, providers)+shown(visits, ages), "[41 2][40 1][40 1]")
	p.equal("told", fmt.Sprint(p.toldByRevisions()), "[]")
	p.verify()
	p.send(late(9, kuusamo)...)
	p.equal("nine", shown(visits, total)+shown(visits, providers)+shown(visits, ages), "[49 3][40 1 9 1][40 1 9 2]")
	p.equal("nothing waits", fmt.Sprint(waits()), "[]")
	p.send(late(2, "KU208")...)
	p.equal("two elsewhere", shown(visits, total)+shown(visits, country), "[49 3][49 3]")
	told := func() string { return fmt.Sprint(p.toldByRevisions(), p.toldBySums()) }
	p.equal("told", told(), "[] []")
	p.verify()
	p.send(p.crowd("M", 4, 5)...)
	p.equal("five more where nothing waits", shown(visits, total)+shown(visits, providers)+shown(visits, country), "[54 4][45 2 9 1][49 3]")
	p.equal("waits", fmt.Sprint(waits()), "[activity_type persons provider total]")
	p.equal("rows that wait", p.rowsThatWait(indicator.Month), p.query("SELECT toString(count()) FROM vointi_internal.withheld FINAL WHERE period_type = 'month'")[0])
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	p.must(p.agg.Step(p.Context()))
	p.equal("a rebuild tells no more", shown(visits, total)+shown(visits, country)+told(), "[54 4][49 3][] []")
	p.other = true
	p.restartAggregator()
	p.send()
	p.equal("nor does another method", shown(visits, total)+shown(visits, country)+told(), "[54 4][49 3][] []")
	p.send(late(8, "KU208")...)
	p.equal("eight", shown(visits, country)+told()+fmt.Sprint(waits()), "[8 1 62 4][] [][]")
	p.equal("rows that wait at the end", p.rowsThatWait(indicator.Month), "0")
	p.verify()
}

// TestSurveyWave: weighted shares by group, small groups protected, and no value where nobody answered.
func TestSurveyWave(t *testing.T) {
	p := newPipeline(t, "2024-06-20")
	starts := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	events := []*event.Event{p.event(event.WaveOpened, "w", starts, &event.Wave{
		WaveID: "W1", Starts: starts, Ends: starts.AddDate(0, 1, 0), InstrumentID: "own", Version: "1",
	})}
	for i := range 200 {
		weight := 1.0
		items := map[string]int{"LONELY": 1}
		if i%4 == 0 {
			weight, items["LONELY"] = 3, 5
		}
		band := "29-54"
		if i < 10 {
			band = "75+"
		}
		items["PARTNER_SATISFACTION"] = 4 - 2*(i%2)
		events = append(events, p.event(event.ResponseSubmitted, fmt.Sprintf("r%d", i), starts, &event.Response{
			ResponseID: fmt.Sprintf("R%d", i), WaveID: "W1", InstrumentID: "own", Version: "1", SubmittedAt: starts, Complete: true,
			Weight: &weight, Area: kuusamo, AgeBand: band, Sex: []string{"1", "2"}[i/2%2], Education: "mid", PartnerKind: []string{"association", "school"}[i%2], Items: items,
		}))
	}
	p.send(events...)
	got := p.row("loneliness-share", kuusamo, indicator.Wave, "2024-05-01")
	p.equal("weighted share", fmt.Sprint(got.value), "50")
	if got.lower >= 50 || got.upper <= 50 || got.upper-got.lower > 25 {
		t.Errorf("interval %v–%v", got.lower, got.upper)
	}
	p.equal("ten respondents", p.rowOf("loneliness-share", kuusamo, indicator.Wave, "2024-05-01", "age_scheme = 'eviva3' AND age_group = '65+' AND sex = 'all'").suppressed, "protected")
	p.equal("and what would give them away", p.rowOf("loneliness-share", kuusamo, indicator.Wave, "2024-05-01", "age_scheme = 'eviva3' AND age_group = '18-64' AND sex = 'all'").suppressed, "protected")
	p.equal("partners of a kind", p.rowOf("partner-satisfaction", kuusamo, indicator.Wave, "2024-05-01", "dimension = 'type' AND member = 'school'").value, 2.0)
	p.equal("and of all kinds", p.row("partner-satisfaction", kuusamo, indicator.Wave, "2024-05-01").value, 3.0)
	p.equal("nobody answered the other questions", len(p.query("SELECT indicator FROM vointi.indicators WHERE indicator = 'qol-good-share'")), 0)
	p.verify()
}
