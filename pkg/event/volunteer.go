package event

import "time"

// Volunteer tells that somebody began to volunteer with a partner, or ended: volunteer.enrolled.v1 and .ended.
type Volunteer struct {
	Ended              bool // volunteer.ended.v1
	VolunteerPseudonym string
	PartnerID          string
	Role               string
	Area               string // area_id
	AgeBand            string
	Start, End         time.Time
	EventID            string
}

// A volunteer of two partners is two entities: ending with one says nothing about the other.
func (p *Volunteer) entity(*Event) []string { return []string{p.VolunteerPseudonym, p.PartnerID} }

var volunteerFields = []field[Volunteer]{
	must(text("volunteer_pseudonym", func(p *Volunteer) *string { return &p.VolunteerPseudonym }, pseudonym)),
	text("partner_id", func(p *Volunteer) *string { return &p.PartnerID }, code),
	text("role", func(p *Volunteer) *string { return &p.Role }, itemCode),
	must(text("area_id", func(p *Volunteer) *string { return &p.Area }, areaCode)),
	text("age_band", func(p *Volunteer) *string { return &p.AgeBand }, ageGroup),
	must(instant("start", func(p *Volunteer) *time.Time { return &p.Start })),
	instant("end", func(p *Volunteer) *time.Time { return &p.End }),
	text("event_id", func(p *Volunteer) *string { return &p.EventID }, code),
}

// Shift is work that a volunteer did: volunteer.shift.logged.v1.
type Shift struct {
	VolunteerPseudonym string
	PartnerID          string
	Role               string
	Area               string // area_id
	AgeBand            string
	Start, End         time.Time
	Hours              *int64 // in hundredths of an hour
	EventID            string // the calendar occurrence at which it was done
}

// A volunteer's shift with a partner is known by its start: logged again, it replaces what was logged.
func (p *Shift) entity(*Event) []string {
	return []string{p.VolunteerPseudonym, p.PartnerID, p.Start.UTC().Format(time.RFC3339Nano)}
}

// Hours of a shift are told in hundredths, at most those of a day.
const (
	hourDecimals = 2
	longestShift = 2400
)

var shiftFields = []field[Shift]{
	must(text("volunteer_pseudonym", func(p *Shift) *string { return &p.VolunteerPseudonym }, pseudonym)),
	text("partner_id", func(p *Shift) *string { return &p.PartnerID }, code),
	text("role", func(p *Shift) *string { return &p.Role }, itemCode),
	must(text("area_id", func(p *Shift) *string { return &p.Area }, areaCode)),
	text("age_band", func(p *Shift) *string { return &p.AgeBand }, ageGroup),
	must(instant("start", func(p *Shift) *time.Time { return &p.Start })),
	instant("end", func(p *Shift) *time.Time { return &p.End }),
	must(fixedPoint("hours", func(p *Shift) **int64 { return &p.Hours }, hourDecimals, 0, longestShift)),
	text("event_id", func(p *Shift) *string { return &p.EventID }, code),
}
