package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"vointi.fi/pkg/event"
)

// lonely is how many persons of a panel answered how, in an earlier and a later wave.
type lonely struct{ stayed, turned, became, never int }

// wave opens one, of the questionnaire "own", for a month.
func (p *pipeline) wave(id, version string, starts time.Time) *event.Event {
	return p.event(event.WaveOpened, id, starts, &event.Wave{WaveID: id, Starts: starts, Ends: starts.AddDate(0, 1, 0), InstrumentID: "own", Version: version})
}

// answer is of one person; panel is a number, 0 of nobody who is known.
func (p *pipeline) answer(wave, version, area string, at time.Time, number, panel int, lonely bool) *event.Event {
	r := &event.Response{
		ResponseID: fmt.Sprint(area, number), WaveID: wave, InstrumentID: "own", Version: version, SubmittedAt: at, Complete: true,
		Area: area, AgeBand: "29-54", Sex: "1", Items: map[string]int{"LONELY": map[bool]int{true: 5, false: 1}[lonely]},
	}
	if panel > 0 {
		r.PanelPseudonym = fmt.Sprintf("%032x", panel)
	}
	return p.event(event.ResponseSubmitted, wave+r.ResponseID, at, r)
}

// panelOf answers two waves, the second of a version.
func (p *pipeline) panelOf(area string, from int, of lonely, at [2]time.Time) (events []*event.Event) {
	number := 0
	for _, kind := range []struct {
		n             int
		before, after bool
	}{{of.stayed, true, true}, {of.turned, true, false}, {of.became, false, true}, {of.never, false, false}} {
		for range kind.n {
			number++
			events = append(events, p.answer("W1", "1", area, at[0], number, from+number, kind.before), p.answer("W2", "1", area, at[1], number, from+number, kind.after))
		}
	}
	return events
}

const lonelyEffect = "id: L\nname: {fi: N, sv: N, en: N}\nareas: [KU305]\ncomparison_areas: [KU208]\nstarts: \"2024-01-01\"\neffects: [{indicator: loneliness-share, period: wave}]\n"

// TestPanel: the effect from each person's own change, from events to the estimate; what few persons make is protected, and no reader sees
// the changes themselves.
func TestPanel(t *testing.T) {
	p := newPipeline(t, "2024-11-20")
	at := [2]time.Time{time.Date(2023, 10, 2, 9, 0, 0, 0, time.UTC), time.Date(2024, 10, 2, 9, 0, 0, 0, time.UTC)}
	third := time.Date(2024, 11, 4, 9, 0, 0, 0, time.UTC)
	events := []*event.Event{p.wave("W1", "1", at[0].Truncate(24*time.Hour)), p.wave("W2", "1", at[1].Truncate(24*time.Hour)), p.wave("W3", "2", third.Truncate(24*time.Hour))}
	events = append(events, p.panelOf(kuusamo, 1000, lonely{stayed: 10, turned: 10, never: 20}, at)...)
	events = append(events, p.panelOf("KU208", 2000, lonely{stayed: 10, turned: 5, became: 5, never: 20}, at)...)
	events = append(events, p.panelOf("KU398", 3000, lonely{turned: 10, never: 10}, at)...) // twenty are too few
	events = append(events, p.panelOf("KU853", 4000, lonely{turned: 3, never: 37}, at)...)  // and so are three who changed
	events = append(events, p.answer("W2", "1", "KU208", at[1], 900, 1001, true))           // once more under a pseudonym from Kuusamo
	for i := range 40 {
		events = append(events, p.answer("W3", "2", kuusamo, third, i, 1000+i, true))
	}
	p.send(events...)
	changes := func(where string) string {
		return fmt.Sprint(p.query("SELECT before, wave, if(suppressed = '', concat(toString(value), ' of ', toString(respondents)), suppressed) FROM vointi_internal.panel_changes WHERE indicator = 'loneliness-share' AND %s", where))
	}
	p.equal("one answered only once, or elsewhere", changes("area = 'KU208'"), "[W1|W2|protected]")
	p.equal("estimate", p.estimates(map[string]string{"L": lonelyEffect})("L/effect-panel/loneliness-share"), "[protected|protected|protected]")

	var once []*event.Event // five answer only once, so that nothing can be told of one
	for i := range 5 {
		once = append(once, p.answer("W2", "1", "KU208", at[1], 910+i, 0, true), p.answer("W2", "1", kuusamo, at[1], 910+i, 0, true), p.answer("W1", "1", kuusamo, at[0], 910+i, 0, true))
	}
	p.send(once...)
	for area, want := range map[string]string{kuusamo: "[W1|W2|-25 of 40]", "KU208": "[W1|W2|0 of 40]", "KU398": "[W1|W2|protected]", "KU853": "[W1|W2|protected]"} {
		p.equal(area, changes("area = '"+area+"'"), want)
	}
	p.equal("another version of the questionnaire is another question", changes("wave = 'W3'"), "[]")
	p.equal("what readers see", len(p.query("SELECT value FROM vointi.indicators WHERE dimension NOT IN ('', 'education', 'target_group') UNION ALL SELECT value FROM vointi.indicator_revisions WHERE dimension NOT IN ('', 'education', 'target_group')")), 0)
	estimate := p.estimates(map[string]string{"L": lonelyEffect})
	p.equal("Welch's test of the changes", estimate("L/effect-panel/loneliness-share"), "[-25|-46.092801|-3.907199]")
	p.send(p.answer("W1", "1", "KU208", at[0], 920, 0, true))
	p.equal("a late answer to the wave before is one that was given only once", changes("area = 'KU208'"), "[W1|W2|protected]")
	p.verify()
}
