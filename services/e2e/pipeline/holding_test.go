package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// TestActivePartnersAndMeetingPlaces: a partner is active for the twelve months that begin with a session of its own, and a
// municipality is covered in the periods with a session at a meeting place, whatever comes first, and also when a session
// moves, is cancelled or the register says something else.
func TestActivePartnersAndMeetingPlaces(t *testing.T) {
	p := newPipeline(t, "2024-05-20")
	n := 0
	of := func(typ event.Type, at time.Time, payload event.Payload) *event.Event {
		n++
		return p.event(typ, fmt.Sprint("e", n), at, payload)
	}
	area := func(id, level string, parents ...event.Parent) *event.Event {
		return of(event.AreaDescribed, date(2020, 1, 1), &event.Area{AreaID: id, Level: level, Code: id, Name: map[string]string{"fi": id}, Parents: parents, ValidFrom: date(2000, 1, 1)})
	}
	partner := func(id, kind string, areas ...string) *event.Event {
		return of(event.PartnerRegistered, date(2022, 1, 5), &event.Partner{PartnerID: id, Kind: kind, Name: id, Areas: areas, ValidFrom: date(2022, 1, 1)})
	}
	venue := func(id, area, kind string, at time.Time) *event.Event {
		return of(event.VenueRegistered, at, &event.Venue{VenueID: id, Area: area, Kind: kind})
	}
	session := func(id, provider, venue, area, status string, sequence int64, day time.Time) *event.Event {
		typ := map[string]event.Type{"held": event.CalendarHeld, "cancelled": event.CalendarCancelled}[status]
		return of(typ, date(2024, 5, 1).Add(time.Duration(sequence)*time.Minute), &event.Calendar{
			EventID: id, Sequence: sequence, Status: status, Start: day.Add(10 * time.Hour), VenueID: venue, Area: area, ProviderID: provider,
			ActivityType: "peer", LastModified: date(2024, 5, 1),
		})
	}
	value := func(id, area string, t indicator.PeriodType, start, where string) string {
		return fmt.Sprint(p.query("SELECT ifNull(toString(value), status) FROM vointi.indicators WHERE indicator = '%s' AND area = '%s' AND period_type = '%s' AND period_start = '%s' AND %s", id, area, string(t), start, where))
	}
	const total = "dimension = ''"
	p.send(
		area("SSS", "country"), area("MK17", "region", event.Parent{Hierarchy: "country", Area: "SSS"}),
		area(kuusamo, "municipality", event.Parent{Hierarchy: "region", Area: "MK17"}), area("KU305-01", "service_area", event.Parent{Hierarchy: "municipality", Area: kuusamo}),
		area("KU208", "municipality", event.Parent{Hierarchy: "region", Area: "MK17"}),
		session("S1", "A", "V1", kuusamo, "held", 1, date(2023, 2, 10)), session("S2", "A", "V1", kuusamo, "held", 1, date(2023, 6, 1)),
		session("S3", "B", "V2", "KU208", "held", 1, date(2024, 1, 15)),
		partner("A", "association", kuusamo), partner("C", "school", kuusamo),
	)
	p.equal("A is active on the last day of 2023", value("partners-active", kuusamo, indicator.Year, "2023-01-01", total), "[1]")
	p.equal("and at the end of March 2024", value("partners-active", kuusamo, indicator.Quarter, "2024-01-01", total), "[1]")
	p.equal("not a year after its last session", value("partners-active", kuusamo, indicator.Quarter, "2024-04-01", total), "[0]")
	p.equal("by kind", value("partners-active", kuusamo, indicator.Year, "2023-01-01", "member = 'association'"), "[1]")
	p.equal("nobody told of a meeting place", value("meeting-place-coverage", "MK17", indicator.Quarter, "2023-01-01", total), "[]")
	p.verify()

	p.send(venue("V1", "KU305-01", "meeting_place", date(2022, 1, 1)), venue("V2", "KU208", "library", date(2022, 1, 1)), partner("B", "company", "KU208"))
	p.equal("one of two municipalities", value("meeting-place-coverage", "MK17", indicator.Quarter, "2023-01-01", total), "[50]")
	p.equal("not of what is no municipality", value("meeting-place-coverage", "KU305-01", indicator.Quarter, "2023-01-01", total), "[]")
	p.equal("and of the country", value("meeting-place-coverage", "SSS", indicator.Year, "2023-01-01", total), "[50]")
	p.equal("B is known now", value("partners-active", "KU208", indicator.Quarter, "2024-01-01", total), "[1]")
	p.verify()

	p.send(venue("V2", "KU208", "meeting_place", date(2024, 4, 1)), session("S1", "A", "V1", kuusamo, "cancelled", 2, date(2023, 2, 10)), session("S2", "B", "V2", "KU208", "held", 2, date(2024, 5, 2)))
	p.equal("A did nothing", value("partners-active", kuusamo, indicator.Year, "2023-01-01", total), "[0]")
	p.equal("Kuusamo had nothing", value("meeting-place-coverage", "MK17", indicator.Quarter, "2023-01-01", total), "[no_data]")
	p.equal("the other place counts", value("meeting-place-coverage", "MK17", indicator.Quarter, "2024-04-01", total), "[50]")
	p.equal("in its own municipality", value("meeting-place-coverage", "KU208", indicator.Year, "2024-01-01", total), "[100]")
	p.verify()
}
