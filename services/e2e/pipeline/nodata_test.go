package pipeline_test

import (
	"fmt"
	"testing"
	"time"

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
	zeros := func() string {
		return fmt.Sprint(p.query("SELECT DISTINCT indicator FROM vointi.indicators WHERE area = 'KU305' AND value = 0 AND age_group = 'all' AND sex = 'all' ORDER BY indicator"))
	}
	told := func(area, quarter string) string {
		return fmt.Sprint(p.query("SELECT ifNull(toString(value), status) FROM vointi.indicators WHERE indicator = 'media-hits' AND area = '%s' AND period_type = 'quarter' AND period_start = '%s' AND dimension = ''", area, quarter))
	}
	p.equal("what is counted where people have cards", zeros(), "[newly-active-residents referrals]")
	p.equal("nobody counts media", told(kuusamo, "2024-01-01"), "[no_data]")
	p.verify()
	hit := func(id string, at time.Time) *event.Event {
		return p.event(event.MediaHit, id, at, &event.Communication{ItemID: id, At: at, Channel: "tv", Area: "KU208"})
	}
	p.send(hit("h", date(2024, 2, 2)), p.visit("before", p2, "2023-11-02"))
	p.equal("somebody does elsewhere", told(kuusamo, "2024-01-01"), "[0]")
	p.equal("and did not before", told(kuusamo, "2023-10-01"), "[no_data]")
	p.verify()
	p.send(hit("earlier", date(2023, 10, 2)))
	p.equal("and did, as is heard later", told(kuusamo, "2023-10-01"), "[0]")
	p.verify()
	p.equal("the catalogue", p.query("SELECT arrayStringConcat(awaits, ', ') FROM vointi.catalogue WHERE id = 'service-need-change'")[0], "vointi.estimates")
	p.verify()
}
