package ingester

import (
	"time"

	"vointi.fi/pkg/event"
)

// calendarRows is facts_calendar; the scope is the calendar event, which is the entity too.
type calendarRows struct {
	facts
	kind         *values[int8]
	sequence     *values[int64]
	series       *values[string]
	name         *values[sorted[string]]
	status       *values[string]
	start        *values[time.Time]
	end          *values[time.Time]
	allDay       *values[bool]
	venue        *values[string]
	venueArea    *values[string]
	provider     *values[string]
	activityType *values[string]
	class        *values[string]
	minAge       *values[*uint8]
	maxAge       *values[*uint8]
	targetGroups *values[[]string]
	capacityMax  *values[*uint32]
	capacityMin  *values[*uint32]
	priceCents   *values[*int64]
	isFree       *values[*bool]
	keywords     *values[[]string]
	languages    *values[[]string]
	sourceSystem *values[string]
	sourceURL    *values[string]
	lastModified *values[time.Time]
	actualStart  *values[time.Time]
	actualEnd    *values[time.Time]
	attendance   *values[*uint32]
	pilot        *values[string]
}

func newCalendarRows() *calendarRows {
	r := &calendarRows{facts: newFacts("calendar")}
	t := &r.facts.table
	r.kind = column[int8](t, "kind")
	r.sequence = column[int64](t, "sequence")
	r.series = column[string](t, "series")
	r.name = column[sorted[string]](t, "name")
	r.status = column[string](t, "status")
	r.start = column[time.Time](t, "start")
	r.end = column[time.Time](t, "end")
	r.allDay = column[bool](t, "all_day")
	r.venue = column[string](t, "venue")
	r.venueArea = column[string](t, "venue_area")
	r.provider = column[string](t, "provider")
	r.activityType = column[string](t, "activity_type")
	r.class = column[string](t, "class")
	r.minAge = column[*uint8](t, "audience_min_age")
	r.maxAge = column[*uint8](t, "audience_max_age")
	r.targetGroups = column[[]string](t, "target_groups")
	r.capacityMax = column[*uint32](t, "capacity_max")
	r.capacityMin = column[*uint32](t, "capacity_min")
	r.priceCents = column[*int64](t, "price_cents")
	r.isFree = column[*bool](t, "is_free")
	r.keywords = column[[]string](t, "keywords")
	r.languages = column[[]string](t, "languages")
	r.sourceSystem = column[string](t, "source_system")
	r.sourceURL = column[string](t, "source_url")
	r.lastModified = column[time.Time](t, "last_modified")
	r.actualStart = column[time.Time](t, "actual_start")
	r.actualEnd = column[time.Time](t, "actual_end")
	r.attendance = column[*uint32](t, "attendance")
	r.pilot = column[string](t, "pilot")
	return r
}

func (r *calendarRows) table() *facts { return &r.facts }

// calendarKinds are the values of the column kind.
var calendarKinds = map[event.Type]int8{
	event.CalendarCreated:   0,
	event.CalendarUpdated:   1,
	event.CalendarCancelled: 2,
	event.CalendarHeld:      3,
}

func (r *calendarRows) add(e *event.Event) string {
	p := e.Payload.(*event.Calendar)
	f := &r.facts
	r.kind.add(calendarKinds[e.Type])
	r.sequence.add(p.Sequence)
	r.series.add(p.SeriesID)
	r.name.add(p.Name)
	r.status.add(p.Status)
	r.start.add(f.instant("start", p.Start))
	r.end.add(f.instant("end", p.End))
	r.allDay.add(p.AllDay)
	r.venue.add(p.VenueID)
	r.venueArea.add(p.Area)
	r.provider.add(p.ProviderID)
	r.activityType.add(p.ActivityType)
	r.class.add(p.Class)
	r.minAge.add(narrowOptional[uint8](f, "audience_min_age", p.AudienceMinAge))
	r.maxAge.add(narrowOptional[uint8](f, "audience_max_age", p.AudienceMaxAge))
	r.targetGroups.add(p.TargetGroups)
	r.capacityMax.add(narrowOptional[uint32](f, "capacity_max", p.CapacityMax))
	r.capacityMin.add(narrowOptional[uint32](f, "capacity_min", p.CapacityMin))
	r.priceCents.add(p.PriceCents)
	r.isFree.add(p.IsFree)
	r.keywords.add(p.Keywords)
	r.languages.add(p.Languages)
	r.sourceSystem.add(p.SourceSystem)
	r.sourceURL.add(p.SourceURL)
	r.lastModified.add(f.instant("last_modified", p.LastModified))
	r.actualStart.add(f.instant("actual_start", p.ActualStart))
	r.actualEnd.add(f.instant("actual_end", p.ActualEnd))
	r.attendance.add(narrowOptional[uint32](f, "attendance", p.Attendance))
	r.pilot.add(e.Extensions["pilotid"])
	return p.EventID
}
