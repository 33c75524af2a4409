package event

import "time"

// Partner is an entry of the register of partners: partner.registered.v1 and .updated.
type Partner struct {
	PartnerID          string
	Kind               string
	Name               string
	BusinessID         string
	Areas              []string // area_ids
	Themes             []string
	ContactConfirmedAt time.Time
	AgreementID        string
	ValidFrom, ValidTo time.Time // of the entry; ValidTo is its last day, zero: still valid
}

func (p *Partner) entity(*Event) []string { return []string{p.PartnerID} }

var partnerFields = []field[Partner]{
	must(text("partner_id", func(p *Partner) *string { return &p.PartnerID }, code)),
	must(text("kind", func(p *Partner) *string { return &p.Kind }, oneOf(partnerKinds))),
	must(text("name", func(p *Partner) *string { return &p.Name }, label)),
	text("business_id", func(p *Partner) *string { return &p.BusinessID }, businessID),
	texts("area_ids", func(p *Partner) *[]string { return &p.Areas }, maxAreas, areaCode),
	texts("themes", func(p *Partner) *[]string { return &p.Themes }, maxThemes, itemCode),
	instant("contact_confirmed_at", func(p *Partner) *time.Time { return &p.ContactConfirmedAt }),
	text("agreement_id", func(p *Partner) *string { return &p.AgreementID }, code),
	date("valid_from", func(p *Partner) *time.Time { return &p.ValidFrom }),
	date("valid_to", func(p *Partner) *time.Time { return &p.ValidTo }),
}

// The most areas, and the most themes, of one entry.
const (
	maxAreas  = 400
	maxThemes = 100
)

// Agreement is a partnership agreement: partner.agreement.signed.v1 and .ended, which carry the partner's entry beside it.
type Agreement struct {
	Partner
	Ended bool // partner.agreement.ended.v1
}

func (p *Agreement) entity(*Event) []string { return []string{p.AgreementID} }

// agreementFields is the partner's table, with the agreement's own id required.
var agreementFields = inside(func(p *Agreement) *Partner { return &p.Partner }, partnerFields, "agreement_id")
