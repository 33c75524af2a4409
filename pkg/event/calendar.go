package event

import "time"

func (p *Calendar) entity(*Event) []string { return []string{p.EventID} }

// maxSequence is the greatest whole number that every JSON reader keeps.
const maxSequence = 1<<53 - 1

func calendarFields(status rule) []field[Calendar] {
	return []field[Calendar]{
		must(text("event_id", func(p *Calendar) *string { return &p.EventID }, code)),
		must(number("sequence", func(p *Calendar) *int64 { return &p.Sequence }, 0, maxSequence)),
		text("series_id", func(p *Calendar) *string { return &p.SeriesID }, code),
		names("name", func(p *Calendar) *map[string]string { return &p.Name }),
		must(text("status", func(p *Calendar) *string { return &p.Status }, status)),
		must(instant("start", func(p *Calendar) *time.Time { return &p.Start })),
		instant("end", func(p *Calendar) *time.Time { return &p.End }),
		whenTrue(flag("all_day", func(p *Calendar) *bool { return &p.AllDay })),
		must(text("venue_id", func(p *Calendar) *string { return &p.VenueID }, code)),
		must(text("area_id", func(p *Calendar) *string { return &p.Area }, areaCode)),
		must(text("provider_id", func(p *Calendar) *string { return &p.ProviderID }, code)),
		must(text("activity_type", func(p *Calendar) *string { return &p.ActivityType }, oneOf(activityTypes))),
		text("class", func(p *Calendar) *string { return &p.Class }, oneOf(classes)),
		maybeNumber("audience_min_age", func(p *Calendar) **int { return &p.AudienceMinAge }, 0, 150),
		maybeNumber("audience_max_age", func(p *Calendar) **int { return &p.AudienceMaxAge }, 0, 150),
		texts("target_groups", func(p *Calendar) *[]string { return &p.TargetGroups }, len(targetGroups), oneOf(targetGroups)),
		maybeNumber("capacity_max", func(p *Calendar) **int { return &p.CapacityMax }, 0, maxPeople),
		maybeNumber("capacity_min", func(p *Calendar) **int { return &p.CapacityMin }, 0, maxPeople),
		maybeEuros("price_eur", func(p *Calendar) **int64 { return &p.PriceCents }),
		maybeFlag("is_free", func(p *Calendar) **bool { return &p.IsFree }),
		texts("keywords", func(p *Calendar) *[]string { return &p.Keywords }, 50, code),
		texts("languages", func(p *Calendar) *[]string { return &p.Languages }, 20, language),
		text("source_system", func(p *Calendar) *string { return &p.SourceSystem }, code),
		text("source_url", func(p *Calendar) *string { return &p.SourceURL }, link),
		must(instant("last_modified", func(p *Calendar) *time.Time { return &p.LastModified })),
	}
}

var calendarHeldOnly = []field[Calendar]{
	instant("actual_start", func(p *Calendar) *time.Time { return &p.ActualStart }),
	instant("actual_end", func(p *Calendar) *time.Time { return &p.ActualEnd }),
	maybeNumber("attendance", func(p *Calendar) **int { return &p.Attendance }, 0, maxPeople),
}

// What happened to an event is said by its type and by its status; where the type leaves no choice, the status agrees.
var (
	calendarPlannedFields   = append(calendarFields(oneOf(statuses)), neverAny(calendarHeldOnly)...)
	calendarCancelledFields = append(calendarFields(oneOf([]string{"cancelled"})), neverAny(calendarHeldOnly)...)
	calendarHeldFields      = append(calendarFields(oneOf([]string{"held"})), calendarHeldOnly...)
)

func neverAny[T any](fields []field[T]) (list []field[T]) {
	for _, f := range fields {
		list = append(list, never(f))
	}
	return list
}
