package event

import "time"

// UnitCost is what one unit of a service costs, or one hour of volunteering is worth, at a year's prices:
// reference.unitcost.v1.
type UnitCost struct {
	ServiceCode string
	PriceYear   int
	LowCents    *int64 // low
	BaseCents   int64  // base; the figure to count with
	HighCents   *int64 // high
	Source      string
	SourceURL   string
	Placeholder bool // nobody has entered the real figure yet
	RetrievedAt time.Time
	Licence     string
}

func (p *UnitCost) entity(*Event) []string { return []string{p.ServiceCode, itoa(p.PriceYear)} }

var unitCostFields = []field[UnitCost]{
	must(text("service_code", func(p *UnitCost) *string { return &p.ServiceCode }, itemCode)),
	must(number("price_year", func(p *UnitCost) *int { return &p.PriceYear }, 1900, 2199)),
	maybeEuros("low", func(p *UnitCost) **int64 { return &p.LowCents }),
	must(euros("base", func(p *UnitCost) *int64 { return &p.BaseCents })),
	maybeEuros("high", func(p *UnitCost) **int64 { return &p.HighCents }),
	must(text("source", func(p *UnitCost) *string { return &p.Source }, label)),
	text("source_url", func(p *UnitCost) *string { return &p.SourceURL }, link),
	whenTrue(flag("placeholder", func(p *UnitCost) *bool { return &p.Placeholder })),
	instant("retrieved_at", func(p *UnitCost) *time.Time { return &p.RetrievedAt }),
	text("licence", func(p *UnitCost) *string { return &p.Licence }, label),
}
