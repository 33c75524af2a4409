package aggregator

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// past is what is known of a person's visits that were taken away.
type past struct {
	known   bool // there were some, and later ones are left
	settled bool // they decided whether the person has ever become newly active
}

// join returns what is known of the past of two persons who are one.
func (p past) join(o past) past { return past{p.known || o.known, p.settled || o.settled} }

// pastPerson is a row of vointi_internal.past_persons; one whose past is not known any more is deleted.
type pastPerson struct {
	person uuid.UUID
	past
}

// pastPersons returns everybody's past.
func (s store) pastPersons(ctx context.Context) (map[uuid.UUID]past, error) {
	all := map[uuid.UUID]past{}
	err := warehouse.Each(ctx, s.db, s.statement("past_persons"), func(row func(...any) error) error {
		var person uuid.UUID
		var settled uint8
		err := row(&person, &settled)
		all[person] = past{known: true, settled: settled == 1}
		return err
	})
	return all, err
}

// pastAttendance is how many came to a session by check-ins that were taken away: a row of vointi_internal.past_attendance.
type pastAttendance struct {
	session      string
	card, extras int64
	until        indicator.Date // check-ins of the session's from before are among these, or came too late to be
	at           int64          // Unix milliseconds, of the earliest of them; the rest is what it said of the session
	day          indicator.Date
	area         string
	activity     string
	provider     string
}

func (p pastAttendance) key() string { return p.session }

func scanPastAttendance(row func(...any) error) (p pastAttendance, err error) {
	var day, until int32
	err = row(&p.session, &p.card, &p.extras, &until, &p.at, &day, &p.area, &p.activity, &p.provider)
	p.day, p.until = indicator.Date(day), indicator.Date(until)
	return p, err
}

// loadPast tells facts from what day on check-ins count, and how many came to the sessions by those that were taken away;
// before is the sessions as they are stored.
func (a *Aggregator) loadPast(ctx context.Context, f facts, before map[string]*session) error {
	var ids []string
	for id, s := range f {
		s.limit = a.head.limit()
		if b := before[id]; b != nil && b.past {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	rows, err := warehouse.Collect(ctx, a.db, a.state.statement("past_attendance", "where", "session IN ("+literals(ids)+")"), scanPastAttendance)
	for i := range rows {
		f[rows[i].session].past = &rows[i]
	}
	return err
}

// tooLate counts the check-ins of chains with news that name somebody, but do not count.
func (f facts) tooLate(changed map[link]bool, zone *time.Location) (n int) {
	for _, s := range f {
		limit := s.pastBefore(zone)
		for i := range s.checkins {
			if c := &s.checkins[i]; c.day < limit && c.person != uuid.Nil && changed[c.link()] {
				n++
			}
		}
	}
	return n
}

// pastBefore returns the day before which check-ins do not count as anybody's any more: the limit, unless the calendar has
// the session on a later day; and, wherever it has it by now, that up to which check-ins were taken away from it.
func (f *sessionFacts) pastBefore(zone *time.Location) (day indicator.Date) {
	day = firstDay
	if f.past != nil {
		day = f.past.until
	}
	if f.limit <= day || !slices.ContainsFunc(f.checkins, func(c checkinFact) bool { return c.day < f.limit }) {
		return day
	}
	if len(f.calendar) > 0 && f.planned().day(zone) >= f.limit {
		return day
	}
	return f.limit
}

// takeAway moves check-ins into the past as the limit moves on, and returns the session before and after: they differ in
// nothing but the persons that are left.
func (f *sessionFacts) takeAway(limit indicator.Date, zone *time.Location) (was, is *session) {
	was = f.fold(zone)
	all := f.inForce(zone)
	f.limit = limit
	left := f.inForce(zone)
	if len(left) == len(all) {
		return was, was
	}
	first, p := f.past == nil, pastAttendance{session: f.id}
	if !first {
		p = *f.past
	}
	rest := &session{}
	p.extras += (&session{}).addVisits(all) - rest.addVisits(left)
	p.card = was.card - rest.card
	p.until = limit
	for _, c := range all {
		if c.day < f.limit && (first || c.at < p.at) {
			first = false
			p.at, p.day, p.area, p.activity, p.provider = c.at, c.day, c.area, c.activity, c.provider
		}
	}
	f.past = &p
	return was, f.fold(zone)
}

// pastAfter returns what will be known of a person's past when some of these visits are taken away.
func (r ActivityRule) pastAfter(of past, visits []visit, gone map[string]bool, history indicator.Date) past {
	of.known = true
	if first, at := r.firstActive(visits); at >= 0 && !of.settled {
		_, newly := r.newlyActive(visits, history)
		of.settled = !newly || slices.ContainsFunc(visits[first:at+1], func(v visit) bool { return gone[v.session] })
	}
	return of
}

// sortedPersons returns the keys of a set of persons, sorted.
func sortedPersons[V any](set map[uuid.UUID]V) []uuid.UUID {
	return slices.SortedFunc(maps.Keys(set), compareUUID)
}
