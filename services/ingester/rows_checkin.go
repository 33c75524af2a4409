package ingester

import (
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
)

// checkinRows is facts_checkin; the scope is the session.
type checkinRows struct {
	facts
	kind          *values[int8]
	day           *values[time.Time]
	checkedInAt   *values[time.Time]
	person        *values[uuid.UUID]
	household     *values[uuid.UUID]
	partySize     *values[uint16]
	channel       *values[string]
	venue         *values[string]
	venueArea     *values[string]
	homeArea      *values[string]
	birthYear     *values[uint16]
	ageBand       *values[string]
	ageScheme     *values[string]
	sex           *values[string]
	activityType  *values[string]
	provider      *values[string]
	referralFrom  *values[string]
	transportUsed *values[*bool]
	feeCents      *values[*int64]
	keyVersion    *values[uint16]
}

func newCheckinRows() *checkinRows {
	r := &checkinRows{facts: newFacts("checkin")}
	t := &r.facts.table
	r.kind = column[int8](t, "kind")
	r.day = column[time.Time](t, "day")
	r.checkedInAt = column[time.Time](t, "checked_in_at")
	r.person = column[uuid.UUID](t, "person")
	r.household = column[uuid.UUID](t, "household")
	r.partySize = column[uint16](t, "party_size")
	r.channel = column[string](t, "channel")
	r.venue = column[string](t, "venue")
	r.venueArea = column[string](t, "venue_area")
	r.homeArea = column[string](t, "home_area")
	r.birthYear = column[uint16](t, "birth_year")
	r.ageBand = column[string](t, "age_band")
	r.ageScheme = column[string](t, "age_scheme")
	r.sex = column[string](t, "sex")
	r.activityType = column[string](t, "activity_type")
	r.provider = column[string](t, "provider")
	r.referralFrom = column[string](t, "referral_from")
	r.transportUsed = column[*bool](t, "transport_used")
	r.feeCents = column[*int64](t, "fee_cents")
	r.keyVersion = column[uint16](t, "key_version")
	return r
}

func (r *checkinRows) table() *facts { return &r.facts }

func (r *checkinRows) add(e *event.Event) string {
	p, ok := e.Payload.(*event.Checkin)
	kind := voided
	if ok {
		kind = kindOf(p.Original)
	} else {
		p = &event.Checkin{} // a void knows neither its session nor anything else
	}
	at := r.instant("checked_in_at", p.CheckedInAt)
	r.kind.add(kind)
	r.day.add(day(at))
	r.checkedInAt.add(at)
	r.person.add(r.pseudonym("person_pseudonym", p.PersonPseudonym))
	r.household.add(r.pseudonym("household_pseudonym", p.Household))
	r.partySize.add(narrow[uint16](&r.facts, "party_size", p.PartySize))
	r.channel.add(p.Channel)
	r.venue.add(p.VenueID)
	r.venueArea.add(p.VenueArea)
	r.homeArea.add(p.HomeArea)
	r.birthYear.add(narrow[uint16](&r.facts, "birth_year", orZero(p.BirthYear)))
	r.ageBand.add(p.AgeBand)
	r.ageScheme.add(p.AgeScheme)
	r.sex.add(p.Sex)
	r.activityType.add(p.ActivityType)
	r.provider.add(p.ProviderID)
	r.referralFrom.add(p.ReferralFrom)
	r.transportUsed.add(p.TransportUsed)
	r.feeCents.add(p.FeeCents)
	r.keyVersion.add(narrow[uint16](&r.facts, "key_version", p.KeyVersion))
	return p.SessionID
}

func orZero[N int | int64](n *N) N {
	if n == nil {
		return 0
	}
	return *n
}
