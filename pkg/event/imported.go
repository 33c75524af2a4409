package event

import "time"

// Imported is one figure that somebody else published: indicator.imported.v1.
type Imported struct {
	Source      string
	ExternalID  string
	Area        string // area_id
	Year        int
	Sex         string // "": both
	Value       float64
	AbsValue    *float64
	RetrievedAt time.Time
	Licence     string
}

func (p *Imported) entity(*Event) []string {
	return []string{p.Source, p.ExternalID, p.Area, itoa(p.Year), p.Sex}
}

var importedFields = []field[Imported]{
	must(text("source", func(p *Imported) *string { return &p.Source }, oneOf(statistics))),
	must(text("external_id", func(p *Imported) *string { return &p.ExternalID }, code)),
	must(text("area_id", func(p *Imported) *string { return &p.Area }, areaCode)),
	must(number("year", func(p *Imported) *int { return &p.Year }, 1900, 2199)),
	text("sex", func(p *Imported) *string { return &p.Sex }, oneOf(sexes)),
	must(quantity("value", func(p *Imported) *float64 { return &p.Value })),
	maybeQuantity("abs_value", func(p *Imported) **float64 { return &p.AbsValue }),
	must(instant("retrieved_at", func(p *Imported) *time.Time { return &p.RetrievedAt })),
	text("licence", func(p *Imported) *string { return &p.Licence }, label),
}
