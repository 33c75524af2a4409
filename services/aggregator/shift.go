package aggregator

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// shiftKey names a shift of a volunteer.
type shiftKey struct {
	volunteer uuid.UUID
	partner   string
	at        int64 // its start, in milliseconds since 1970
}

// shift is one in force: a row of vointi_internal.shifts.
type shift struct {
	shiftKey
	scope         string
	day           indicator.Date
	area, ageBand string
	centihours    int64
	event         string // the session at which it was done; "" none
	activity      string // of that session, as far as it is known
}

type shiftRow struct {
	shift
	deleted bool
}

// attribute is what a dimension tells apart.
func (x *shift) attribute(dimension string) string {
	if dimension == dimensionNames[0] {
		return x.activity
	}
	return x.partner
}

// shiftMeasure is a measure of shifts.
type shiftMeasure struct {
	column [6]int // of the sums, by period type; -1: not kept
	along  []string
	add    func(c *shiftCount, m *shiftMeasure)
}

// shiftContribution returns how a measure of shifts is counted.
func shiftContribution(m indicator.Measure) (sm shiftMeasure, ok bool) {
	switch m {
	case indicator.Volunteers:
		sm.add = (*shiftCount).volunteer
	case indicator.VolunteerHours:
		sm.add = func(c *shiftCount, m *shiftMeasure) { c.inPlace(m, centihours) }
	case indicator.VolunteerHourSquares:
		sm.add = func(c *shiftCount, m *shiftMeasure) {
			c.inPlace(m, func(of []shift) int64 { return power(centihours(of), true) })
		}
	case indicator.VolunteerShifts:
		sm.add = func(c *shiftCount, m *shiftMeasure) { c.inPlace(m, func(of []shift) int64 { return int64(len(of)) }) }
	case indicator.VolunteerShiftSquares:
		sm.add = func(c *shiftCount, m *shiftMeasure) {
			c.inPlace(m, func(of []shift) int64 { return power(int64(len(of)), true) })
		}
	}
	return sm, sm.add != nil
}

func centihours(of []shift) (n int64) {
	for _, x := range of {
		n += x.centihours
	}
	return n
}

// shiftCount is the shifts of one volunteer in one period, sorted, on their way into cells.
type shiftCount struct {
	plan   *plan
	out    *spots
	period int
	start  indicator.Date
	shifts []shift
	sign   int64
	groups []shiftGroup // made once for all measures in place
}

// shiftGroup is those shifts that were done in one area, or those of them of one member, and the sums that they are added to.
type shiftGroup struct {
	dimension string // "": all of the area
	sums      []int64
	of        []shift
}

// addVolunteer adds sign × what the shifts of one volunteer contribute to the periods that open admits.
func (p *plan) addVolunteer(d *deltas, shifts []shift, open func(indicator.Period) bool, sign int64) {
	slices.SortFunc(shifts, func(a, b shift) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.partner, b.partner)) })
	for i, t := range indicator.PeriodTypes {
		in := map[indicator.Date][]shift{}
		for _, x := range shifts {
			for _, start := range t.Starts(x.day) {
				if open(indicator.Period{Type: t, Start: start}) {
					in[start] = append(in[start], x)
				}
			}
		}
		for start, of := range in {
			c := &shiftCount{plan: p, out: &d[i], period: i, start: start, shifts: of, sign: sign}
			for j := range p.shifts {
				if m := &p.shifts[j]; m.column[i] >= 0 {
					m.add(c, m)
				}
			}
		}
	}
}

// volunteer counts the volunteer once, where the last shift was, by the age told there; and once for each member that any
// shift has.
func (c *shiftCount) volunteer(m *shiftMeasure) {
	last, column := c.shifts[len(c.shifts)-1], m.column[c.period]
	group := c.plan.group(c.plan.ages.bandOfText(last.ageBand), unknown)
	for _, area := range c.plan.path(last.area) {
		b := c.out.at(spot{c.start, area})
		b.row(group)[column] += c.sign
		for _, dimension := range m.along {
			for member := range bySame(c.shifts, func(x *shift) string { return x.attribute(dimension) }) {
				b.row(c.plan.memberOf(dimension, member))[column] += c.sign
			}
		}
	}
}

// inPlace adds what value makes of the shifts in each area, and of those of each member in it.
func (c *shiftCount) inPlace(m *shiftMeasure, value func([]shift) int64) {
	if c.groups == nil {
		c.group()
	}
	for _, g := range c.groups {
		if g.dimension == "" || slices.Contains(m.along, g.dimension) {
			g.sums[m.column[c.period]] += c.sign * value(g.of)
		}
	}
}

// group finds the shifts of each area, and of each member in it along the dimensions that any measure has.
func (c *shiftCount) group() {
	in := map[symbol][]shift{}
	for _, x := range c.shifts {
		for _, area := range c.plan.path(x.area) {
			in[area] = append(in[area], x)
		}
	}
	for area, of := range in {
		b := c.out.at(spot{c.start, area})
		c.groups = append(c.groups, shiftGroup{"", b.row(c.plan.everybody), of})
		for _, dimension := range c.plan.shiftsBy {
			for member, some := range bySame(of, func(x *shift) string { return x.attribute(dimension) }) {
				c.groups = append(c.groups, shiftGroup{dimension, b.row(c.plan.memberOf(dimension, member)), some})
			}
		}
	}
}

// bySame groups shifts by what they have in common.
func bySame[K comparable](shifts []shift, of func(*shift) K) map[K][]shift {
	groups := map[K][]shift{}
	for _, x := range shifts {
		groups[of(&x)] = append(groups[of(&x)], x)
	}
	return groups
}

func scanShift(row func(...any) error) (x shift, err error) {
	var day int32
	var at time.Time
	err = row(&x.scope, &x.volunteer, &x.partner, &at, &day, &x.area, &x.ageBand, &x.centihours, &x.event, &x.activity)
	x.day, x.at = indicator.Date(day), at.UnixMilli()
	return x, err
}

// diffShifts adds what the volunteers of the changed scopes did differently, and those whose sessions changed their type.
func (a *Aggregator) diffShifts(ctx context.Context, w *work, before, after map[string]*session, g *generation) error {
	if err := a.addShiftsOf(ctx, w, changedSessions(before, after)); err != nil {
		return err
	}
	if err := a.noteLateShifts(ctx, w); err != nil {
		return err
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(w.shifts)), 500) {
		where := "scope IN (" + literals(part) + ")"
		fresh, err := warehouse.Collect(ctx, a.db, statement("shift_facts", "where", where, "limit", quote(a.head.limit().String())), scanShift)
		if err != nil {
			return err
		}
		stored, err := warehouse.Collect(ctx, a.db, a.state.statement("shifts", "where", where), scanShift)
		if err != nil {
			return err
		}
		named, err := a.sessionsNow(ctx, w, after, func(names map[string]bool) {
			for _, x := range fresh {
				names[x.event] = true
			}
		})
		if err != nil {
			return err
		}
		placeShifts(fresh, named)
		a.plan.addShifts(g.deltas, a.head.limit(), stored, fresh, g)
	}
	return nil
}

// addShiftsOf marks the volunteers who had shifts at some sessions as to be looked at.
func (a *Aggregator) addShiftsOf(ctx context.Context, w *work, sessions []string) error {
	for part := range slices.Chunk(sessions, 2000) {
		at, err := warehouse.Collect(ctx, a.db, a.state.statement("shifts", "where", "event IN ("+literals(part)+")"), scanShift)
		if err != nil {
			return err
		}
		for _, x := range at {
			w.shifts[x.scope] = true
		}
	}
	return nil
}

// placeShifts gives shifts the activity types of the sessions at which they were done.
func placeShifts(shifts []shift, of map[string]*session) {
	for i := range shifts {
		if s := of[shifts[i].event]; s != nil {
			shifts[i].activity = s.activity
		}
	}
}

// addShifts adds what two lists of shifts differ by, to periods that began from the limit on: what earlier ones were given
// stands, see retain.
func (p *plan) addShifts(d *deltas, limit indicator.Date, stored, fresh []shift, g *generation) {
	open := func(p indicator.Period) bool { return p.Start >= limit }
	volunteer := func(x *shift) uuid.UUID { return x.volunteer }
	was, is := bySame(stored, volunteer), bySame(fresh, volunteer)
	for _, id := range slices.SortedFunc(maps.Keys(union(was, is)), compareUUID) {
		old, now := byKey(was[id]), byKey(is[id])
		if maps.Equal(old, now) {
			continue
		}
		p.addVolunteer(d, was[id], open, -1)
		p.addVolunteer(d, is[id], open, +1)
		for k, x := range old {
			if _, has := now[k]; !has {
				g.shifts = append(g.shifts, shiftRow{x, true})
			}
		}
		for k, x := range now {
			if old[k] != x {
				g.shifts = append(g.shifts, shiftRow{x, false})
			}
		}
	}
}

// noteLateShifts counts the changed shifts that came too late to count.
func (a *Aggregator) noteLateShifts(ctx context.Context, w *work) error {
	if a.head.Limit == 0 || len(w.shiftChains) == 0 {
		return nil
	}
	chains := uuids(slices.SortedFunc(maps.Keys(w.shiftChains), compareUUID))
	sql := statement("late_shifts", "chains", chains, "limit", quote(a.head.Limit.String()))
	return warehouse.Each(ctx, a.db, sql, func(row func(...any) error) error {
		var n uint64
		err := row(&n)
		a.metrics.tooLate.Add(float64(n))
		return err
	})
}

// takeShifts takes shifts away from volunteers, and adds to past cells what everybody gave to the periods that begin before
// the limit from now on. Periods that begin later have none of the shifts that go.
func (a *Aggregator) takeShifts(ctx context.Context, t *taking) error {
	until := passedUntil(t.from, t.to)
	for part := range slices.Chunk(slices.Sorted(maps.Keys(a.backlog.shifts.before(until))), 500) {
		in := "scope IN (" + literals(part) + ") AND " + daysBetween(t.from, until)
		shifts, err := warehouse.Collect(ctx, a.db, a.state.statement("shifts", "where", in), scanShift)
		if err != nil {
			return err
		}
		for _, of := range bySame(shifts, func(x *shift) uuid.UUID { return x.volunteer }) {
			a.plan.addVolunteer(t.cells, of, t.passing, +1)
		}
		for _, x := range shifts {
			if x.day < t.to {
				t.into.shifts = append(t.into.shifts, shiftRow{x, true})
			}
		}
	}
	due := a.backlog.shifts.before(t.to)
	if len(due) == 0 {
		return nil
	}
	left := "scope IN (" + literals(slices.Sorted(maps.Keys(due))) + ") AND " + daysBetween(t.to, passedUntil(t.to, a.backlog.last))
	return readTurns(ctx, a.db, a.state.statement("first_shifts", "where", left), t.nextShifts)
}

func byKey(shifts []shift) map[shiftKey]shift {
	m := make(map[shiftKey]shift, len(shifts))
	for _, x := range shifts {
		m[x.shiftKey] = x
	}
	return m
}

// shifts adds all volunteers, now that every session is stored.
func (b *build) shifts(ctx context.Context) error {
	all, err := warehouse.Collect(ctx, b.a.db, statement("shift_facts", "where", "1", "limit", quote(b.limit.String())), scanShift)
	if err != nil {
		return err
	}
	of := map[string]bool{}
	for _, x := range all {
		of[x.event] = true
	}
	named, err := b.sessionsNamed(ctx, of)
	if err != nil {
		return err
	}
	placeShifts(all, named)
	b.plan.addShifts(b.cells, b.limit, nil, all, b.gen)
	return nil
}
