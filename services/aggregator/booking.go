package aggregator

import (
	"context"
	"maps"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// booking is a cost entry in force, of any kind: a row of vointi_internal.bookings.
type booking struct {
	entry, area             string
	month                   indicator.Date
	cents                   int64
	kind, heading, provider string
	funded                  bool
}

// bookingRow is one to write.
type bookingRow struct {
	booking
	deleted bool
}

func (f *costFact) booking() booking {
	return booking{
		entry: f.entry, area: f.area, month: f.month, cents: f.cents, kind: f.kind, heading: f.heading, provider: f.provider, funded: f.funded,
	}
}

// attribute returns what a measure's condition compares.
func (b *booking) attribute(name string) string {
	switch name {
	case "kind":
		return b.kind
	case "heading":
		return b.heading
	case "provider":
		return b.provider
	default: // funded
		if b.funded {
			return "yes"
		}
		return "no"
	}
}

// costDimensions are the dimensions of costs.
var costDimensions = []string{"provider", "heading"}

// costMeasure is a measure of bookings.
type costMeasure struct {
	column [6]int // of the sums, by period type; -1: not kept
	along  []string
	of     func(*booking) bool
	toDate bool // of the year so far
}

// costContribution returns how a measure of bookings is counted.
func costContribution(m indicator.Measure) (cm costMeasure, ok bool) {
	base, _, _ := m.Condition()
	conditions := m.Conditions()
	cm.of = func(b *booking) bool { return meets(b, conditions) }
	cm.toDate = base == indicator.CostToDate
	return cm, cm.toDate || base == indicator.CostCents
}

// starts returns the periods of a type that a booking counts in: none shorter than its month; of the year so far, those that
// end with its month or with a later one of the same year.
func (cm *costMeasure) starts(t indicator.PeriodType, month indicator.Date) []indicator.Date {
	if !t.Detailed() {
		return nil
	}
	if !cm.toDate {
		return t.Starts(month)
	}
	var starts []indicator.Date
	for year := month.Year(); month.Year() == year; month = indicator.Month.End(month) {
		for _, start := range t.Starts(month) {
			if t.End(start) == indicator.Month.End(month) {
				starts = append(starts, start)
			}
		}
	}
	return starts
}

// addBooking adds sign × the cents of a booking, at every area above its own.
func (p *plan) addBooking(d *deltas, b booking, sign int64) {
	for i, t := range indicator.PeriodTypes {
		for j := range p.costs {
			cm := &p.costs[j]
			if cm.column[i] < 0 || !cm.of(&b) {
				continue
			}
			for _, start := range cm.starts(t, b.month) {
				for _, area := range p.path(b.area) {
					at := d[i].at(spot{start, area})
					at.row(p.everybody)[cm.column[i]] += sign * b.cents
					for _, dimension := range cm.along {
						at.row(p.memberOf(dimension, b.attribute(dimension)))[cm.column[i]] += sign * b.cents
					}
				}
			}
		}
	}
}

// diffBookings adds what the changed entries book differently.
func (a *Aggregator) diffBookings(ctx context.Context, b books, touched map[string]bool, g *generation) error {
	entries := slices.Sorted(maps.Keys(touched))
	stored, err := a.state.bookings(ctx, entries)
	if err != nil {
		return err
	}
	for _, id := range entries {
		old, had := stored[id]
		now, has := b.bookings[id]
		if had == has && old == now {
			continue
		}
		if had {
			a.plan.addBooking(g.deltas, old, -1)
		}
		if has {
			a.plan.addBooking(g.deltas, now, +1)
			g.bookings = append(g.bookings, bookingRow{booking: now})
		} else {
			g.bookings = append(g.bookings, bookingRow{booking: old, deleted: true})
		}
	}
	return nil
}

func (s store) bookings(ctx context.Context, entries []string) (map[string]booking, error) {
	m := map[string]booking{}
	if len(entries) == 0 {
		return m, nil
	}
	err := warehouse.Each(ctx, s.db, s.statement("bookings", "entries", literals(entries)), func(row func(...any) error) error {
		var b booking
		var month int32
		var funded uint8
		err := row(&b.entry, &b.area, &month, &b.cents, &b.kind, &b.heading, &b.provider, &funded)
		b.month, b.funded = indicator.Date(month), funded == 1
		m[b.entry] = b
		return err
	})
	return m, err
}
