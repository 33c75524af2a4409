package pipeline_test

import (
	"testing"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
)

// TestNoData: an indicator that cannot be fed says so, once for each of its period types, and what it waits for; one that is
// fed says nothing of the kind.
func TestNoData(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.send(p.event(event.CheckinRecorded, "c", helsinki("17:02"), fixtureCheckin(p1, 1950)))
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	p.must(err)
	for _, e := range catalogue {
		rows := p.query("SELECT area, status, toString(value IS NULL), flags[1] FROM vointi.indicators WHERE indicator = '%s' AND has(flags, concat('awaits ', '%s'))", e.ID, append(e.Waits(), "")[0])
		want := len(e.AllPeriods)
		if e.Fed() {
			want = 0
		}
		if len(rows) != want || want > 0 && rows[0] != "SSS|no_data|1|awaits "+e.Waits()[0] {
			t.Errorf("%s: %v, want %d rows that say why there is no data", e.ID, rows, want)
		}
	}
	p.equal("the catalogue", p.query("SELECT arrayStringConcat(awaits, ', ') FROM vointi.catalogue WHERE id = 'service-need-change'")[0], "vointi.estimates")
	p.verify()
}
