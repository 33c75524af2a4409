package pipeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// shift is one of a volunteer in Kuusamo, on a day of March 2024.
func (p *pipeline) shift(volunteer, day int, change func(*event.Shift)) *event.Event {
	p.Helper()
	hours := int64(250)
	start := time.Date(2024, 3, day, 10, 0, 0, 0, time.UTC)
	s := &event.Shift{VolunteerPseudonym: fmt.Sprintf("%032x", volunteer), PartnerID: "Y1", Area: kuusamo, AgeBand: "65-74", Start: start, Hours: &hours}
	if change != nil {
		change(s)
	}
	return p.event(event.ShiftLogged, fmt.Sprint("shift ", volunteer, " ", day, " ", *s.Hours), start.Add(time.Hour+time.Duration(*s.Hours)), s)
}

// TestVolunteers: volunteers are counted once, hours where they were worked, by the session's type as it is now; few
// volunteers are protected, and hours of which one has most; a shift logged again replaces the first; an hour is worth what the
// reference data says.
func TestVolunteers(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	session := func(activity string, sequence int64) *event.Event {
		return p.event(event.CalendarCreated, fmt.Sprint("S", sequence), date(2024, 3, 1).Add(time.Duration(sequence)), &event.Calendar{
			EventID: "S", Sequence: sequence, Status: "scheduled", Start: date(2024, 3, 4), VenueID: "V", Area: kuusamo, ProviderID: "Y1",
			ActivityType: activity, LastModified: date(2024, 3, 1),
		})
	}
	atSession := func(s *event.Shift) { s.EventID = "S" }
	var events []*event.Event
	for v := range 6 {
		events = append(events, p.shift(v, 4, atSession))
	}
	p.send(append(events, p.shift(5, 5, nil), events[0])...)
	hours := func(where string) string {
		return fmt.Sprint(p.query("SELECT member, ifNull(toString(value), suppressed) FROM vointi.indicators WHERE indicator = 'volunteer-hours' AND area = 'KU305' AND period_type = 'month' AND %s ORDER BY member", where))
	}
	hoursBy := func(activity string) string {
		return p.query("SELECT toString(sum(value)) FROM vointi_internal.cells FINAL WHERE measure = 'volunteer_hours' AND area = 'KU305' AND period_type = 'month' AND member = '%s'", activity)[0]
	}
	p.equal("hours", hours("dimension = ''"), "[all|17.5]")
	p.equal("by partner", hours("dimension = 'provider'"), "[Y1|17.5]")
	p.equal("nobody knows the session", hours("dimension = 'activity_type'"), "[]")
	p.equal("volunteers", p.row("volunteers-active", kuusamo, indicator.Month, "2024-03-01").value, 6.0)
	p.equal("by age", p.rowOf("volunteers-active", kuusamo, indicator.Month, "2024-03-01", "age_scheme = 'report5' AND age_group = '65+' AND sex = 'all'").value, 6.0)
	p.equal("no price, no value", fmt.Sprint(p.query("SELECT DISTINCT status FROM vointi.indicators WHERE indicator = 'volunteer-hour-value' AND area = 'KU305'")), "[no_data]")

	p.send(session("nature", 1), p.event(event.UnitCostSet, "price", date(2024, 1, 1), &event.UnitCost{ServiceCode: "volunteer_hour", PriceYear: 2011, BaseCents: 1244, Source: "tutkimus"}))
	p.equal("cells by type", hoursBy("nature"), "1500")
	p.equal("value", p.row("volunteer-hour-value", kuusamo, indicator.Quarter, "2024-01-01").value, 17.5*12.44)
	p.send(p.shift(0, 4, func(s *event.Shift) { atSession(s); *s.Hours = 1000 }))
	p.equal("much of it is one volunteer's", hours("dimension = ''"), "[all|protected]")
	p.equal("they are as many as before", p.row("volunteers-active", kuusamo, indicator.Month, "2024-03-01").value, 6.0)
	p.verify()

	p.send(session("art", 2), p.shift(5, 5, func(s *event.Shift) { *s.Hours = 0 }), p.shift(4, 4, func(s *event.Shift) { *s.Hours = 1000; s.Area = "KU208" }))
	p.equal("moved by type", hoursBy("art"), "2000")
	p.equal("moved away", p.cellOf("volunteers", kuusamo, indicator.Month, "2024-03-01", "band = '65-74'"), 5)
	p.equal("one volunteer is protected", fmt.Sprint(p.query("SELECT DISTINCT ifNull(toString(value), suppressed) FROM vointi.indicators WHERE indicator = 'volunteer-hours' AND area = 'KU208' AND period_type = 'month'")), "[protected]")
}

// TestRegisters: what there is on a period's last day, and what happened in it.
func TestRegisters(t *testing.T) {
	p := newPipeline(t, "2024-05-20")
	partner := func(id, kind string, at, confirmed time.Time, areas ...string) *event.Event {
		return p.event(event.PartnerRegistered, id+at.String(), at, &event.Partner{
			PartnerID: id, Kind: kind, Name: id, Areas: areas, ContactConfirmedAt: confirmed, ValidFrom: date(2023, 1, 1),
		})
	}
	agreement := func(typ event.Type, id string, at time.Time, to time.Time) *event.Event {
		a := &event.Agreement{Partner: event.Partner{PartnerID: "A", Kind: "association", Name: "A", AgreementID: id, ValidFrom: date(2023, 6, 1), ValidTo: to}, Ended: typ == event.AgreementEnded}
		return p.event(typ, id+at.String(), at, a)
	}
	windowOf := func(provider string, day, visits, pages, stale int) *event.Event {
		at := time.Date(2024, 4, day, 0, 0, 0, 0, time.UTC)
		messages := visits / 10
		return p.event(event.PlatformUsed, fmt.Sprint("w", provider, day, visits), at.Add(time.Hour), &event.PlatformUsage{
			PlatformID: "portal", ProviderID: provider, WindowStart: at, WindowEnd: at.AddDate(0, 0, 1), Visits: visits, Messages: &messages, PagesPublished: &pages, PagesStale: &stale,
		})
	}
	window := func(day, visits, pages, stale int) *event.Event { return windowOf("", day, visits, pages, stale) }
	hit := func(id, channel string, at time.Time) *event.Event {
		return p.event(event.MediaHit, id+channel, at, &event.Communication{ItemID: id, At: at, Channel: channel, Area: "MK17"})
	}
	events := []*event.Event{
		partner("A", "association", date(2023, 1, 5), date(2023, 1, 5), kuusamo, "KU208"), partner("A", "association", date(2023, 9, 1), date(2023, 8, 15), kuusamo, "KU208"),
		partner("B", "school", date(2023, 1, 5), date(2023, 1, 10), kuusamo),
		agreement(event.AgreementSigned, "1", date(2023, 6, 1), time.Time{}), agreement(event.AgreementSigned, "2", date(2023, 6, 1), date(2024, 2, 10)),
		agreement(event.AgreementSigned, "3", date(2023, 6, 1), time.Time{}), agreement(event.AgreementEnded, "3", date(2023, 12, 31), date(2023, 12, 30)),
		window(1, 100, 10, 1), window(2, 200, 20, 5), window(2, 210, 20, 5), windowOf("A", 1, 9, 4, 0), windowOf("A", 2, 9, 4, 3), windowOf("B", 1, 9, 5, 2), hit("H1", "print", date(2024, 4, 3)), hit("H2", "web", date(2024, 4, 9)), hit("H2", "radio", date(2024, 4, 10)),
	}
	slices.Reverse(events)
	p.send(events[:6]...)
	p.send(append(events[6:], events[2])...)
	value := func(id, area string, period indicator.PeriodType, start, where string) any {
		p.Helper()
		return p.rowOf(id, area, period, start, where).value
	}
	const total = "dimension = ''"
	p.equal("freshness at the end of 2023", value("register-freshness", kuusamo, indicator.Year, "2023-01-01", total), 100.0)
	p.equal("freshness in April", value("register-freshness", kuusamo, indicator.Month, "2024-04-01", total), 50.0)
	p.equal("freshness of schools", value("register-freshness", kuusamo, indicator.Month, "2024-04-01", "member = 'school'"), 0.0)
	p.equal("entries of the country, each once", p.cellOf("register_entries", "SSS", indicator.Month, "2024-04-01", total), 2)
	p.equal("agreements at the end of 2023", value("partnership-agreements", kuusamo, indicator.Quarter, "2023-10-01", total), 2.0)
	p.equal("agreements in spring", value("partnership-agreements", kuusamo, indicator.Quarter, "2024-01-01", total), 1.0)
	p.equal("visits of the platform", value("platform-visits", "SSS", indicator.Month, "2024-04-01", total), 310.0)
	p.equal("of a day", value("platform-visits", "SSS", indicator.Day, "2024-04-02", total), 210.0)
	p.equal("messages", value("platform-messages", "SSS", indicator.Month, "2024-04-01", "member = 'portal'"), 31.0)
	p.equal("fresh pages", value("content-freshness", "SSS", indicator.Month, "2024-04-01", total), 75.0)
	p.equal("of a provider", value("content-freshness", "SSS", indicator.Month, "2024-04-01", "member = 'A'"), 25.0)
	p.equal("of one that was counted earlier", value("content-freshness", "SSS", indicator.Month, "2024-04-01", "member = 'B'"), 60.0)
	p.equal("pages, those of providers among them", p.cellOf("pages", "SSS", indicator.Month, "2024-04-01", total), 20)
	p.equal("media hits", value("media-hits", "MK17", indicator.Month, "2024-04-01", total), 2.0)
	p.equal("by channel", fmt.Sprint(p.query("SELECT member FROM vointi.indicators WHERE indicator = 'media-hits' AND dimension = 'channel' AND area = 'MK17' AND period_type = 'month' ORDER BY member")), "[print radio]")
	p.verify()
	p.send(partner("B", "company", date(2024, 5, 1), date(2024, 4, 20), "KU208"))
	p.equal("moved", p.cellOf("register_entries", kuusamo, indicator.Month, "2024-04-01", total), 1)
	p.equal("confirmed again", value("register-freshness", "KU208", indicator.Month, "2024-04-01", total), 100.0)
	p.verify()
}

// TestReadModelOfRegisters: the last event of a venue, practice or priority is what readers see.
func TestReadModelOfRegisters(t *testing.T) {
	p := newPipeline(t, "2024-05-20")
	lat := int64(60_9885123)
	p.ingest(
		p.event(event.VenueRegistered, "v1", date(2024, 1, 1), &event.Venue{VenueID: "V", Area: kuusamo, Kind: "library"}),
		p.event(event.VenueUpdated, "v2", date(2024, 1, 2), &event.Venue{VenueID: "V", Area: kuusamo, Kind: "meeting_place", Name: map[string]string{"fi": "Tupa"}, Lat: &lat, ValidTo: date(2025, 1, 1)}),
		p.event(event.PracticeDescribed, "p1", date(2024, 1, 2), &event.Practice{PracticeID: "P", Cells: &event.PracticeMatrix{
			Client: &event.PracticeRow{Problem: map[string]string{"fi": "yksin", "en": "alone"}}, Society: &event.PracticeRow{Results: map[string]string{"sv": "billigare"}},
		}, Indicators: []string{"referrals"}}),
		p.event(event.PracticeDescribed, "p2", date(2024, 1, 2), &event.Practice{PracticeID: "Q"}),
		p.event(event.PrioritySet, "t1", date(2024, 1, 1), &event.Priority{PriorityID: "T", Area: kuusamo, CouncilTerm: "2021-2025", AgeGroup: "65+", Theme: "health"}),
		p.event(event.PrioritySet, "t2", date(2024, 1, 3), &event.Priority{PriorityID: "T", Area: kuusamo, CouncilTerm: "2021-2025", AgeGroup: "all", Theme: "health", Goal: "G3"}),
		p.event(event.UnitCostSet, "c1", date(2024, 1, 1), &event.UnitCost{ServiceCode: "T11", PriceYear: 2017, BaseCents: 10050, Source: "THL", Placeholder: true}),
	)
	p.equal("venues", fmt.Sprint(p.query("SELECT venue_id, name_fi, area, kind, toString(lat), toString(valid_until) FROM vointi.venues")), "[V|Tupa|KU305|meeting_place|60.9885123|2025-01-01]")
	p.equal("practices", fmt.Sprint(p.query("SELECT practice_id, matrix_row, matrix_column, text_fi, text_sv, text_en, arrayStringConcat(indicators) FROM vointi.practices ORDER BY practice_id, matrix_row")),
		"[P|client|problem|yksin||alone|referrals P|society|results||billigare||referrals Q||||||]")
	p.equal("priorities", fmt.Sprint(p.query("SELECT priority_id, area, age_group, theme, goal FROM vointi.priorities")), "[T|KU305|all|health|G3]")
	figure := func(id, sex string, value float64) *event.Event {
		at := date(2024, 1, 1).Add(time.Duration(value * float64(time.Second)))
		return p.event(event.IndicatorImported, id, at, &event.Imported{Source: "sotkanet", ExternalID: "286", Area: kuusamo, Year: 2023, Sex: sex, Value: value, RetrievedAt: at, Licence: "CC BY 4.0"})
	}
	p.ingest(figure("i2", "", 21.5), figure("i1", "", 20.5), figure("i3", "1", 19))
	p.equal("imported", fmt.Sprint(p.query("SELECT origin, external_id, area, toString(year), sex, toString(value), licence FROM vointi.imported ORDER BY sex")),
		"[sotkanet|286|KU305|2023|1|19|CC BY 4.0 sotkanet|286|KU305|2023|all|21.5|CC BY 4.0]")
	p.equal("unit costs", fmt.Sprint(p.query("SELECT service_code, toString(price_year), toString(base), source, toString(placeholder) FROM vointi.unit_costs")), "[T11|2017|100.5|THL|true]")
}
