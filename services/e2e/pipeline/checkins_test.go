package pipeline_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/services/participation"
)

// TestImportedVisits: from a file of a card system to the indicators.
func TestImportedVisits(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	keys := filepath.Join(t.TempDir(), "keys.json")
	_, err := participation.OpenKeys(keys, []string{"KU305"})
	p.must(err)
	x, err := participation.NewImport([]byte(`checkin:
  card_id: Kortti
  session_id: Tapahtuma
  checked_in_at: Aika
  birth_year: Vuosi
  sex: {value: "2"}
  home_area_id: {value: KU305}
  venue_area_id: {value: KU305}
  venue_id: {value: V17}
  provider_id: {value: ORG12}
  activity_type: {value: nature}
`), participation.Config{Keys: keys})
	p.must(err)
	var file strings.Builder
	file.WriteString("Kortti;Tapahtuma;Aika;Vuosi\n")
	for card := range 30 {
		fmt.Fprintf(&file, "CARD-%d;S1;5.3.2024 17.%02d;1960\n", 1000+card, card)
	}
	out, err := x.Read("visits.csv", []byte(file.String()))
	p.must(err)
	p.equal("faults", len(out.Faults), 0)
	p.send(append([]*event.Event{p.event(event.CalendarCreated, "s0", helsinki("08:00"), fixtureSession(0, "scheduled"))}, out.Events...)...)
	for name, want := range map[string]float64{"participation-visits": 30, "sessions-held": 1} {
		row := p.row(name, kuusamo, indicator.Month, "2024-03-01")
		p.equal(name, fmt.Sprint(row.value, row.suppressed), fmt.Sprint(want, ""))
	}
	p.equal("persons", p.cell(string(indicator.Participants), kuusamo, indicator.Month, "2024-03-01"), 30)
}
