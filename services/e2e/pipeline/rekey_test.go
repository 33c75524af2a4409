package pipeline_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/services/participation"
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

// TestRotationOfKeys is T29 of the domain from the door to the figures: cards are used, keys are rotated, the same cards are
// used again. All figures are as without the rotation.
func TestRotationOfKeys(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	before := []string{"2022-06-01", "2023-10-01", "2024-01-09", "2024-01-16", "2024-01-30"}
	between := []string{"2024-02-06", "2024-02-13"}
	after := []string{"2024-02-20", "2024-02-27", "2024-03-05"}
	figures := func(rotate bool) (cells, persons string) {
		t.Helper()
		p.forget()
		p.restartAggregator()
		keys := filepath.Join(t.TempDir(), "keys.json")
		service, err := participation.New(zap.NewNop(), prometheus.NewRegistry(), participation.Bus{Publisher: p.bus.Publisher(), Reader: p.bus}, participation.Config{Keys: keys})
		p.must(err)
		use := func(days []string, cards ...string) {
			for _, day := range days {
				for _, card := range cards {
					body := fmt.Sprintf(`{"session_id":"N-%s","card_id":%q,"checked_in_at":"%sT12:00:00Z","channel":"card","venue_id":"V17",
						"venue_area_id":"KU305","home_area_id":"KU305","birth_year":1960,"sex":"2","activity_type":"nature","provider_id":"ORG12"}`, day, card, day)
					if a := edgetest.Send(t, service.Handler(), http.MethodPost, "/v1/participation/checkins", strings.NewReader(body)); a.Status != 202 {
						t.Fatalf("%+v", a)
					}
				}
			}
			p.send()
		}
		turn := func(day string) {
			at, err := time.Parse(time.DateOnly, day)
			p.must(err)
			if rotate {
				_, err = participation.RotateKey(keys, participation.Owner{Issuer: "KU305", Purpose: participation.Cards}, at)
				p.must(err)
			}
		}
		use(before, "CARD-1", "CARD-2")
		turn("2024-02-01")
		use(between, "CARD-2") // one card is not used under the second key
		turn("2024-02-15")
		use(after, "CARD-1", "CARD-2", "CARD-3")
		all := p.query(`SELECT concat(measure, ' ', area, ' ', toString(period_type), ' ', toString(period_start), ' ', dimension, member, sex, ' = ', toString(sum(value)))
			AS line FROM vointi_internal.cells FINAL GROUP BY measure, area, period_type, period_start, dimension, member, sex HAVING sum(value) != 0 ORDER BY line`)
		return strings.Join(all, "\n"), p.query("SELECT toString(uniqExact(person)) FROM vointi_internal.person_visits FINAL")[0]
	}
	want, persons := figures(false)
	got, same := figures(true)
	p.equal("cells with a rotation", got, want)
	p.equal("persons", persons+" "+same, "3 3")
	p.equal("links", p.query("SELECT toString(uniqExact(old_pseudonym, new_pseudonym)) FROM vointi_internal.facts_rekey")[0], "7")
	year := func(m indicator.Measure) int { return p.cell(string(m), kuusamo, indicator.Year, "2024-01-01") }
	p.equal("participants", year(indicator.Participants), 3)
	p.equal("newly active", year(indicator.NewlyActive), 0)
}
