package ingester

import (
	"time"

	"vointi.fi/pkg/event"
)

// headcountRows is facts_headcount; the scope is the session.
type headcountRows struct {
	facts
	kind          *values[int8]
	day           *values[time.Time]
	counter       *values[string]
	countedAt     *values[time.Time]
	venue         *values[string]
	venueArea     *values[string]
	total         *values[uint32]
	byAgeScheme   *values[[]string]
	byAgeGroup    *values[[]string]
	byAgeN        *values[[]uint32]
	bySexSex      *values[[]string]
	bySexN        *values[[]uint32]
	includesCards *values[bool]
	activityType  *values[string]
	provider      *values[string]
	method        *values[string]
}

func newHeadcountRows() *headcountRows {
	r := &headcountRows{facts: newFacts("headcount")}
	t := &r.facts.table
	r.kind = column[int8](t, "kind")
	r.day = column[time.Time](t, "day")
	r.counter = column[string](t, "counter")
	r.countedAt = column[time.Time](t, "counted_at")
	r.venue = column[string](t, "venue")
	r.venueArea = column[string](t, "venue_area")
	r.total = column[uint32](t, "total")
	r.byAgeScheme = column[[]string](t, "by_age.age_scheme")
	r.byAgeGroup = column[[]string](t, "by_age.age_group")
	r.byAgeN = column[[]uint32](t, "by_age.n")
	r.bySexSex = column[[]string](t, "by_sex.sex")
	r.bySexN = column[[]uint32](t, "by_sex.n")
	r.includesCards = column[bool](t, "includes_card_holders")
	r.activityType = column[string](t, "activity_type")
	r.provider = column[string](t, "provider")
	r.method = column[string](t, "method")
	return r
}

func (r *headcountRows) table() *facts { return &r.facts }

func (r *headcountRows) add(e *event.Event) string {
	p, ok := e.Payload.(*event.Headcount)
	kind := voided
	if ok {
		kind = kindOf(p.Original)
	} else {
		p = &event.Headcount{}
	}
	at := r.instant("counted_at", p.CountedAt)
	r.kind.add(kind)
	r.day.add(day(at))
	r.counter.add(p.Counter)
	r.countedAt.add(at)
	r.venue.add(p.VenueID)
	r.venueArea.add(p.VenueArea)
	r.total.add(narrow[uint32](&r.facts, "total", p.Total))
	r.byAgeScheme.add(each(p.ByAge, func(c event.Count) string { return c.AgeScheme }))
	r.byAgeGroup.add(each(p.ByAge, func(c event.Count) string { return c.AgeGroup }))
	r.byAgeN.add(each(p.ByAge, func(c event.Count) uint32 { return narrow[uint32](&r.facts, "by_age n", c.N) }))
	r.bySexSex.add(each(p.BySex, func(c event.Count) string { return c.Sex }))
	r.bySexN.add(each(p.BySex, func(c event.Count) uint32 { return narrow[uint32](&r.facts, "by_sex n", c.N) }))
	r.includesCards.add(p.IncludesCardHolders)
	r.activityType.add(p.ActivityType)
	r.provider.add(p.ProviderID)
	r.method.add(p.Method)
	return p.SessionID
}

// each returns f of every element; nil for none.
func each[E, T any](list []E, f func(E) T) []T {
	if len(list) == 0 {
		return nil
	}
	out := make([]T, len(list))
	for i, e := range list {
		out[i] = f(e)
	}
	return out
}
