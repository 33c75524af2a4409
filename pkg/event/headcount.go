package event

import "time"

func (p *Headcount) entity(*Event) []string { return []string{p.SessionID, p.Counter} }

const maxPeople = 1_000_000

var countByAgeFields = []field[Count]{
	must(text("age_scheme", func(p *Count) *string { return &p.AgeScheme }, oneOf(ageSchemes))),
	must(text("age_group", func(p *Count) *string { return &p.AgeGroup }, ageGroup)),
	must(number("n", func(p *Count) *int { return &p.N }, 0, maxPeople)),
}

var countBySexFields = []field[Count]{
	must(text("sex", func(p *Count) *string { return &p.Sex }, oneOf(sexes))),
	must(number("n", func(p *Count) *int { return &p.N }, 0, maxPeople)),
}

var headcountFields = []field[Headcount]{
	must(text("session_id", func(p *Headcount) *string { return &p.SessionID }, code)),
	text("counter", func(p *Headcount) *string { return &p.Counter }, printable(0, 100)),
	must(text("venue_area_id", func(p *Headcount) *string { return &p.VenueArea }, areaCode)),
	must(instant("counted_at", func(p *Headcount) *time.Time { return &p.CountedAt })),
	must(number("total", func(p *Headcount) *int { return &p.Total }, 0, maxPeople)),
	objects("by_age", func(p *Headcount) *[]Count { return &p.ByAge }, 200, countByAgeFields),
	objects("by_sex", func(p *Headcount) *[]Count { return &p.BySex }, 2, countBySexFields),
	must(flag("includes_card_holders", func(p *Headcount) *bool { return &p.IncludesCardHolders })),
	must(text("venue_id", func(p *Headcount) *string { return &p.VenueID }, code)),
	must(text("activity_type", func(p *Headcount) *string { return &p.ActivityType }, oneOf(activityTypes))),
	must(text("provider_id", func(p *Headcount) *string { return &p.ProviderID }, code)),
	text("method", func(p *Headcount) *string { return &p.Method }, oneOf(countMethods)),
}

var (
	headcountOriginal        = func(p *Headcount) **Ref { return &p.Original }
	headcountRecordedFields  = recording(headcountOriginal, headcountFields)
	headcountCorrectedFields = amending(headcountOriginal, headcountFields)
)
