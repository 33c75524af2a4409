package event

import "time"

func (p *Cost) entity(*Event) []string { return []string{p.EntryID} }

var costFields = []field[Cost]{
	must(text("entry_id", func(p *Cost) *string { return &p.EntryID }, code)),
	must(text("area_id", func(p *Cost) *string { return &p.Area }, areaCode)),
	must(instant("posted_at", func(p *Cost) *time.Time { return &p.PostedAt })),
	must(month("period", func(p *Cost) *time.Time { return &p.Period })),
	must(euros("amount_eur", func(p *Cost) *int64 { return &p.AmountCents })),
	must(text("heading", func(p *Cost) *string { return &p.Heading }, oneOf(headings))),
	text("kind", func(p *Cost) *string { return &p.Kind }, oneOf(costKinds)),
	text("funder_id", func(p *Cost) *string { return &p.FunderID }, code),
	must(text("project_id", func(p *Cost) *string { return &p.ProjectID }, code)),
	text("provider_id", func(p *Cost) *string { return &p.ProviderID }, code),
	text("session_id", func(p *Cost) *string { return &p.SessionID }, code),
	text("allocation_key", func(p *Cost) *string { return &p.AllocationKey }, oneOf(allocationKeys)),
	maybeNumber("price_year", func(p *Cost) **int { return &p.PriceYear }, 1900, 2199),
}

func newCost() *Cost { return &Cost{Kind: costKinds[0]} }

// oneAllocation notes a cost that is direct to a session and shared out by a key as well.
func oneAllocation(r *reader, p *Cost) {
	if p.SessionID != "" && p.AllocationKey != "" {
		r.faultAt("allocation_key", "must not be given together with session_id")
	}
}
