package pipeline_test

import (
	"fmt"
	"testing"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// TestMerger: on the day of a merger the history of the area that is no more lands in its successor, residents too, and counts
// once in what is above both. Final figures of the old area stay as they were published.
func TestMerger(t *testing.T) {
	p := newPipeline(t, "2024-12-30")
	municipality := func(id, into string) *event.Event {
		a := &event.Area{
			AreaID: id, Level: "municipality", Code: id[2:], Name: map[string]string{"fi": id}, ValidFrom: date(2010, 1, 1),
			Parents: []event.Parent{{Hierarchy: "region", Area: "MK07"}},
		}
		if into != "" {
			a.ValidTo = date(2025, 1, 1)
			a.Parents = append(a.Parents, event.Parent{Hierarchy: "municipality", Area: into})
		}
		return p.event(event.AreaDescribed, "area-"+id, date(2024, 1, 1), a)
	}
	region := &event.Area{AreaID: "MK07", Level: "region", Code: "07", Name: map[string]string{"fi": "Päijät-Häme"}, ValidFrom: date(2010, 1, 1)}
	p.send(p.event(event.AreaDescribed, "area-MK07", date(2024, 1, 1), region), municipality("KU398", ""), municipality("KU532", "KU398"))
	var events []*event.Event
	for area, n := range map[string]int{"KU398": 40, "KU532": 20} {
		for i, e := range p.crowd("C"+area, 0, n) {
			c := e.Payload.(*event.Checkin)
			c.VenueArea, c.HomeArea = area, area
			events = append(events, p.event(event.CheckinRecorded, fmt.Sprint(area, i), c.CheckedInAt, c))
		}
		population := &event.Population{Area: area, Year: 2023, Sex: "2", Age: "40", Count: 100 * n, RetrievedAt: date(2024, 3, 31)}
		events = append(events, p.event(event.PopulationSnapshot, "pop-"+area, date(2024, 3, 31), population))
	}
	p.send(events...)
	visits := func(area string) string {
		return fmt.Sprint(p.query("SELECT concat(toString(value), status) FROM vointi.indicators WHERE indicator = 'participation-visits' AND period_type = 'month' AND period_start = '2024-03-01' AND area = '%s' AND age_group = 'all' AND sex = 'all' AND dimension = ''", area))
	}
	p.equal("Lahti before", visits("KU398"), "[40final]")
	p.equal("Nastola before", visits("KU532"), "[20final]")
	p.equal("the region before", visits("MK07"), "[60final]")
	p.verify()

	p.setClock("2025-01-02")
	p.send() // no restart: the day itself brings it about
	p.equal("Lahti after", visits("KU398"), "[60final]")
	p.equal("Nastola's final figures stay", visits("KU532"), "[20final]")
	p.equal("the region after", visits("MK07"), "[60final]")
	p.equal("residents", p.query("SELECT toString(denominator) FROM vointi.indicators WHERE indicator = 'participation-reach' AND period_type = 'year' AND area = 'KU398' AND age_group = 'all' AND sex = 'all'")[0], "6000")
	p.equal("Nastola's open figures end", len(p.query("SELECT 1 FROM vointi.indicators WHERE area = 'KU532' AND period_type = 'year'")), 0)
	p.equal("its cells", p.cell("visits", "KU532", indicator.Month, "2024-03-01"), 0)
	p.equal("the reason", p.query("SELECT DISTINCT reason FROM vointi.indicator_revisions WHERE area = 'KU398' AND indicator = 'participation-visits' AND revision > 1")[0], "reference_change")
	p.verify()
}
