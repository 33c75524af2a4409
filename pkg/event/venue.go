package event

import "time"

// Venue is an entry of the register of premises: venue.registered.v1 and .updated.
type Venue struct {
	VenueID            string
	Name               map[string]string
	Area               string // area_id
	PostalCode         string
	Lat, Lon           *int64 // WGS 84, in 10⁻⁷ degrees
	Kind               string
	Capacity           *int
	Accessibility      []string
	OwnerID            string
	ValidFrom, ValidTo time.Time // ValidTo is the last day, zero: still valid
}

func (p *Venue) entity(*Event) []string { return []string{p.VenueID} }

// Coordinates have seven decimals of a degree, about a centimetre.
const (
	degreeDecimals = 7
	degree         = 10_000_000
)

var venueFields = []field[Venue]{
	must(text("venue_id", func(p *Venue) *string { return &p.VenueID }, code)),
	names("name", func(p *Venue) *map[string]string { return &p.Name }),
	must(text("area_id", func(p *Venue) *string { return &p.Area }, areaCode)),
	text("postal_code", func(p *Venue) *string { return &p.PostalCode }, postalCode),
	fixedPoint("lat", func(p *Venue) **int64 { return &p.Lat }, degreeDecimals, -90*degree, 90*degree),
	fixedPoint("lon", func(p *Venue) **int64 { return &p.Lon }, degreeDecimals, -180*degree, 180*degree),
	text("kind", func(p *Venue) *string { return &p.Kind }, oneOf(venueKinds)),
	maybeNumber("capacity", func(p *Venue) **int { return &p.Capacity }, 0, maxPeople),
	texts("accessibility", func(p *Venue) *[]string { return &p.Accessibility }, maxThemes, itemCode),
	text("owner_id", func(p *Venue) *string { return &p.OwnerID }, code),
	date("valid_from", func(p *Venue) *time.Time { return &p.ValidFrom }),
	date("valid_to", func(p *Venue) *time.Time { return &p.ValidTo }),
}
