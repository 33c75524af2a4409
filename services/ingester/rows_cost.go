package ingester

import (
	"time"

	"vointi.fi/pkg/event"
)

// costRows is facts_cost; the scope is the area and month of the entry.
type costRows struct {
	facts
	kind          *values[int8]
	entry         *values[string]
	costArea      *values[string]
	postedAt      *values[time.Time]
	period        *values[time.Time]
	amountCents   *values[int64]
	heading       *values[string]
	costKind      *values[string]
	funder        *values[string]
	project       *values[string]
	provider      *values[string]
	session       *values[string]
	allocationKey *values[string]
	priceYear     *values[uint16]
}

func newCostRows() *costRows {
	r := &costRows{facts: newFacts("cost")}
	t := &r.facts.table
	r.kind = column[int8](t, "kind")
	r.entry = column[string](t, "entry")
	r.costArea = column[string](t, "cost_area")
	r.postedAt = column[time.Time](t, "posted_at")
	r.period = column[time.Time](t, "period")
	r.amountCents = column[int64](t, "amount_cents")
	r.heading = column[string](t, "heading")
	r.costKind = column[string](t, "cost_kind")
	r.funder = column[string](t, "funder")
	r.project = column[string](t, "project")
	r.provider = column[string](t, "provider")
	r.session = column[string](t, "session")
	r.allocationKey = column[string](t, "allocation_key")
	r.priceYear = column[uint16](t, "price_year")
	return r
}

func (r *costRows) table() *facts { return &r.facts }

func (r *costRows) add(e *event.Event) string {
	p, ok := e.Payload.(*event.Cost)
	kind, scope := original, ""
	if ok {
		scope = p.Area + "/" + p.Period.Format("2006-01")
	} else {
		kind, p = voided, &event.Cost{} // a reversal
	}
	f := &r.facts
	r.kind.add(kind)
	r.entry.add(p.EntryID)
	r.costArea.add(p.Area)
	r.postedAt.add(f.instant("posted_at", p.PostedAt))
	r.period.add(f.instant("period", p.Period))
	r.amountCents.add(p.AmountCents)
	r.heading.add(p.Heading)
	r.costKind.add(p.Kind)
	r.funder.add(p.FunderID)
	r.project.add(p.ProjectID)
	r.provider.add(p.ProviderID)
	r.session.add(p.SessionID)
	r.allocationKey.add(p.AllocationKey)
	r.priceYear.add(narrow[uint16](f, "price_year", orZero(p.PriceYear)))
	return scope
}
