package aggregator

import (
	"context"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// The readers below scan one row of the statement of the same name in sql/.

// scanCheckin names the person, whatever the pseudonym.
func (l links) scanCheckin(row func(...any) error) (f checkinFact, err error) {
	var party, birthYear uint16
	var day int32
	err = row(&f.scope, &f.chain, &f.original, &f.order.Time, &f.order.ID, &f.order.Hash, &f.at, &day, &f.person, &party,
		&f.area, &f.home, &birthYear, &f.ageBand, &f.sex, &f.activity, &f.provider, &f.referral)
	f.family, f.person = event.CheckinFamily, l.person(f.person)
	f.day, f.party, f.birthYear = indicator.Date(day), int64(party), int(birthYear)
	return f, err
}

func scanHeadcount(row func(...any) error) (f headcountFact, err error) {
	var total uint32
	var day int32
	err = row(&f.scope, &f.chain, &f.original, &f.order.Time, &f.order.ID, &f.order.Hash, &f.counter, &f.at, &day,
		&f.area, &total, &f.included, &f.activity, &f.provider)
	f.family = event.HeadcountFamily
	f.day, f.total = indicator.Date(day), int64(total)
	return f, err
}

func scanCalendar(row func(...any) error) (f calendarFact, err error) {
	var capacity uint32
	err = row(&f.scope, &f.chain, &f.order.Sequence, &f.order.Time, &f.order.ID, &f.order.Hash, &f.cancelled, &f.held,
		&f.start, &f.end, &f.area, &f.provider, &f.activity, &f.class, &f.venue, &f.project, &capacity,
		&f.audience.from, &f.audience.to, &f.attendance)
	f.family = event.CalendarFamily
	f.original, f.capacity = true, int64(capacity)
	return f, err
}

type beatenRow struct {
	scope string
	link
	reason beatenReason
}

func scanBeaten(row func(...any) error) (b beatenRow, err error) {
	var reason uint8
	var family string
	err = row(&b.scope, &family, &b.chain, &reason)
	b.family = event.Family(family)
	b.reason = beatenReason(reason)
	return b, err
}

// facts is what is known of some sessions.
type facts map[string]*sessionFacts

func (f facts) of(session string) *sessionFacts {
	s, ok := f[session]
	if !ok {
		s = &sessionFacts{id: session, beaten: map[link]beatenReason{}}
		f[session] = s
	}
	return s
}

// loadFacts reads everything that was ever said of the sessions.
func loadFacts(ctx context.Context, db *warehouse.DB, sessions []string, linked links) (facts, error) {
	f := facts{}
	for _, s := range sessions {
		f.of(s)
	}
	where := "scope IN (" + literals(sessions) + ")"
	err := warehouse.Each(ctx, db, statement("checkins", "where", where), func(row func(...any) error) error {
		c, err := linked.scanCheckin(row)
		s := f.of(c.scope)
		s.checkins = append(s.checkins, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = warehouse.Each(ctx, db, statement("headcounts", "where", where), func(row func(...any) error) error {
		h, err := scanHeadcount(row)
		s := f.of(h.scope)
		s.headcounts = append(s.headcounts, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = warehouse.Each(ctx, db, statement("calendar", "where", where), func(row func(...any) error) error {
		c, err := scanCalendar(row)
		s := f.of(c.scope)
		s.calendar = append(s.calendar, c)
		return err
	})
	return f, err
}

// known reads the facts of sessions, with what of them is stored as not in force and as past, and the sessions as stored.
func (a *Aggregator) known(ctx context.Context, ids []string, linked links) (facts, map[string]*session, error) {
	f, err := loadFacts(ctx, a.db, ids, linked)
	if err != nil {
		return nil, nil, err
	}
	stored, err := warehouse.Collect(ctx, a.db, a.state.statement("beaten", "where", "scope IN ("+literals(ids)+")"), scanBeaten)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range stored {
		f.of(b.scope).beaten[b.link] = b.reason
	}
	before, err := a.state.sessions(ctx, "session IN ("+literals(ids)+")")
	if err != nil {
		return nil, nil, err
	}
	return f, before, a.loadPast(ctx, f, before)
}

// claims returns the claims of chains in wanted.
func (f facts) claims(wanted map[link]bool) chains {
	cs := chains{}
	for _, s := range f {
		for _, c := range s.checkins {
			if wanted[c.link()] {
				cs.add(c.claim)
			}
		}
		for _, h := range s.headcounts {
			if wanted[h.link()] {
				cs.add(h.claim)
			}
		}
	}
	return cs
}
