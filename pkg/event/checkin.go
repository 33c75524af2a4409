package event

import "time"

func (p *Checkin) entity(*Event) []string { return nil }

var checkinFields = []field[Checkin]{
	must(text("session_id", func(p *Checkin) *string { return &p.SessionID }, code)),
	must(text("person_pseudonym", func(p *Checkin) *string { return &p.PersonPseudonym }, pseudonym)),
	text("household_pseudonym", func(p *Checkin) *string { return &p.Household }, pseudonym),
	partySize(),
	must(instant("checked_in_at", func(p *Checkin) *time.Time { return &p.CheckedInAt })),
	text("channel", func(p *Checkin) *string { return &p.Channel }, oneOf(channels)),
	must(text("venue_id", func(p *Checkin) *string { return &p.VenueID }, code)),
	must(text("venue_area_id", func(p *Checkin) *string { return &p.VenueArea }, areaCode)),
	text("home_area_id", func(p *Checkin) *string { return &p.HomeArea }, areaCode),
	maybeNumber("birth_year", func(p *Checkin) **int { return &p.BirthYear }, 1880, 2199),
	text("age_band", func(p *Checkin) *string { return &p.AgeBand }, ageGroup),
	text("age_scheme", func(p *Checkin) *string { return &p.AgeScheme }, oneOf(ageSchemes)),
	text("sex", func(p *Checkin) *string { return &p.Sex }, oneOf(sexes)),
	must(text("activity_type", func(p *Checkin) *string { return &p.ActivityType }, oneOf(activityTypes))),
	must(text("provider_id", func(p *Checkin) *string { return &p.ProviderID }, code)),
	text("referral_from", func(p *Checkin) *string { return &p.ReferralFrom }, code),
	maybeFlag("transport_used", func(p *Checkin) **bool { return &p.TransportUsed }),
	maybeEuros("fee_eur", func(p *Checkin) **int64 { return &p.FeeCents }),
	must(number("key_version", func(p *Checkin) *int { return &p.KeyVersion }, 1, 65535)),
}

// partySize is written only if it says more than its default.
func partySize() field[Checkin] {
	f := number("party_size", func(p *Checkin) *int { return &p.PartySize }, 1, 100)
	write := f.write
	f.write = func(b []byte, p *Checkin) []byte {
		if p.PartySize == 0 || p.PartySize == 1 {
			return b
		}
		return write(b, p)
	}
	return f
}

func newCheckin() *Checkin { return &Checkin{PartySize: 1} }

var (
	checkinOriginal        = func(p *Checkin) **Ref { return &p.Original }
	checkinRecordedFields  = recording(checkinOriginal, checkinFields)
	checkinCorrectedFields = amending(checkinOriginal, checkinFields)
)

// agesAgree notes an age band without the scheme that explains it, and the reverse.
func agesAgree(r *reader, p *Checkin) { bandAgrees(r, p.AgeBand, p.AgeScheme) }

func bandAgrees(r *reader, band, scheme string) {
	switch {
	case band != "" && scheme == "":
		r.faultAt("age_scheme", "is required beside age_band")
	case scheme != "" && band == "":
		r.faultAt("age_band", "is required beside age_scheme")
	}
}
