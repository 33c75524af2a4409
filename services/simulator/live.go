package simulator

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"vointi.fi/pkg/event"
)

// dropIn is where the people of the trickle go: every town has one, open day and night, so that a demo moves at any hour.
var dropIn = kind{
	"kohtaamispaikka", "Kohtaamispaikka avoinna", "Öppen träffpunkt", "Open meeting place",
	"peer", "participation", "", 24 * time.Hour,
}

// tick is how often the trickle publishes what is due. What was due longer than maxGap ago, because the machine slept or
// the bus was slow, is left out.
const (
	tick   = 250 * time.Millisecond
	maxGap = 5 * time.Second
)

// Live publishes check-ins of the present, rate of them a second, with a few late ones, duplicates, corrections and voids,
// and what else happens on the day, until ctx is done. Its people are among those who come in the present quarter, so that reach stays what [Truth] says.
// Two runs at different times never make the same event, except that both announce the same sessions.
func (s *Simulator) Live(ctx context.Context, now func() time.Time, rate float64, to Publisher) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	l := live{world: s.world}
	last, due := now(), 0.
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		at := now()
		due += rate * min(max(0, at.Sub(last)), maxGap).Seconds()
		last = at
		events, err := l.events(at, int(due))
		due -= float64(int(due))
		if err == nil && len(events) > 0 {
			err = to.PublishBatch(ctx, events)
		}
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("live events at %s: %w", at.UTC().Format(time.RFC3339), err)
		}
	}
}

// live is the present day of the trickle.
type live struct {
	world  *world
	r      *rand.Rand
	day    time.Time
	plan   plan     // the drop-in sessions of the day
	people []person // who may come
	past   []late
	recent []*event.Event
	issued *cards   // for the quarter to come
	rest   []action // what else happens on the day, in its order
}

// late is a check-in of the days before that nobody has handed in yet.
type late struct {
	session *session
	person  person
}

// events makes n check-ins at an instant, and whatever goes with them.
func (l *live) events(at time.Time, n int) ([]*event.Event, error) {
	var events []*event.Event
	add := func(e *event.Event, err error) error {
		if err == nil {
			events = append(events, e)
		}
		return err
	}
	if day := midnight(at); !day.Equal(l.day) {
		if err := l.open(day, add); err != nil {
			return nil, err
		}
	}
	for len(l.rest) > 0 && l.rest[0].at <= at.UnixMilli() {
		if err := add(l.rest[0].maker.make(l.rest[0].what, int(l.rest[0].index))); err != nil {
			return nil, err
		}
		l.rest = l.rest[1:]
	}
	for range n {
		if err := l.one(at, add); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// open begins a day: the sessions of the day before were held, those of the day are announced.
func (l *live) open(day time.Time, add func(*event.Event, error) error) error {
	for i := range l.plan.sessions {
		if err := add(l.plan.make(sessionHeld, i)); err != nil {
			return err
		}
	}
	w := l.world
	l.happens(day)
	l.day, l.plan, l.people, l.recent = day, plan{world: w}, nil, nil
	l.r = source(w.cfg.Seed, drawLive, uint64(day.Unix()))
	pools := w.pools(quarterOf(day))
	for i, t := range w.towns {
		for _, people := range pools[t] {
			l.people = append(l.people, people...)
		}
		l.plan.sessions = append(l.plan.sessions, dropInSession(t, day))
		if err := add(l.plan.make(sessionAnnounced, i)); err != nil {
			return err
		}
	}
	l.lookBack()
	return nil
}

// happens lists what else the day brings: what a longer history would have on it, event for event, so that one that is continued later
// says nothing new of it; and what volunteers did at the sessions of the day before.
func (l *live) happens(day time.Time) {
	world := *l.world
	world.cfg.Last = day
	l.rest = nil
	add := func(a action) {
		if a.at >= day.UnixMilli() && a.at < day.AddDate(0, 0, 1).UnixMilli() {
			l.rest = append(l.rest, a)
		}
	}
	newCivics(&world).actions(add)
	newHelpers(&l.plan).actions(add)
	l.cardsOf(day).actions(add)
	slices.SortStableFunc(l.rest, func(a, b action) int { return cmp.Compare(a.at, b.at) })
}

// cardsOf returns the cards that are issued about a day, which are for the quarter that begins within weeks.
func (l *live) cardsOf(day time.Time) *cards {
	next := quarterOf(day.AddDate(0, 0, planAhead))
	if next == quarterOf(day) {
		return &cards{}
	}
	if l.issued == nil || l.issued.quarter != next {
		everybody := newIssuer(l.world)
		for q := quarterOf(l.world.cfg.First); q <= next; q++ {
			l.issued = everybody.issue(q, l.world.pools(q))
		}
	}
	return l.issued
}

func dropInSession(t *town, day time.Time) session {
	of := &series{
		code: t.code + "-" + dropIn.code, names: dropIn.names(1), town: t, venueArea: t.code, venue: t.code + "-V0", kind: &dropIn,
		provider: nameOf(t.code) + ": kumppanuustupa (demo)", project: "osallisuus-" + t.code, segment: -1,
	}
	return session{
		series: of, id: of.code + "-" + day.Format("2006-01-02"), day: day, start: day.UnixMilli(),
		announced: day.UnixMilli(), ended: day.AddDate(0, 0, 1).UnixMilli(),
	}
}

// lookBack lists people who might have been at sessions of the ten days before, on days when they were nowhere else.
func (l *live) lookBack() {
	w := l.world
	l.past = nil
	p := w.plan(quarterOf(l.day))
	busy := map[person]uint64{} // days back, as bits
	back := func(s *session) int { return int(l.day.Sub(s.day).Hours()+12) / 24 }
	for _, v := range p.visits {
		if days := back(&p.sessions[v.session]); days >= 0 && days < 64 {
			busy[v.person] |= 1 << days
		}
	}
	for i := range p.sessions {
		s := &p.sessions[i]
		if days := back(s); s.outcome == held && s.n > 0 && days >= 1 && days <= 10 && !s.day.After(w.cfg.Last) {
			who := p.visits[int(s.first)+l.r.IntN(int(s.n))].person
			other := p.visits[l.r.IntN(len(p.visits))].person
			for _, candidate := range []person{who, other} {
				if busy[candidate]>>days&1 == 0 {
					busy[candidate] |= 1 << days
					l.past = append(l.past, late{s, candidate})
				}
			}
		}
	}
	l.r.Shuffle(len(l.past), func(i, j int) { l.past[i], l.past[j] = l.past[j], l.past[i] })
}

// one makes a check-in, and now and then something else that concerns an earlier one.
func (l *live) one(at time.Time, add func(*event.Event, error) error) error {
	cfg, recent := &l.world.cfg, len(l.recent)
	switch draw := l.r.Float64(); {
	case draw < cfg.Duplicates && recent > 0:
		if err := add(l.recent[l.r.IntN(recent)], nil); err != nil {
			return err
		}
	case draw < cfg.Duplicates+cfg.Corrections && recent > 0:
		if err := add(l.correct(l.take(), at)); err != nil {
			return err
		}
	case draw < cfg.Duplicates+cfg.Corrections+cfg.Voids && recent > 0:
		if err := add(void(l.take(), at)); err != nil {
			return err
		}
	}
	if len(l.people) == 0 {
		return nil
	}
	if l.r.Float64() < cfg.Late && len(l.past) > 0 {
		from := l.past[0]
		l.past = l.past[1:]
		return add(l.record(from.session, from.person, instantOf(from.session.start+5*minute)))
	}
	who := l.people[l.r.IntN(len(l.people))]
	e, err := l.record(l.near(who), who, at)
	if err == nil {
		l.recent = append(l.recent[max(0, len(l.recent)-99):], e)
	}
	return add(e, err)
}

// near returns the drop-in session of the town that a person lives in.
func (l *live) near(who person) *session {
	home := l.world.leaves[who.leaf()].town
	return &l.plan.sessions[slices.Index(l.world.towns, home)]
}

// take removes and returns a recent check-in.
func (l *live) take() *event.Event {
	i := l.r.IntN(len(l.recent))
	e := l.recent[i]
	l.recent = slices.Delete(l.recent, i, i+1)
	return e
}

func (l *live) record(s *session, who person, at time.Time) (*event.Event, error) {
	at = at.UTC().Truncate(time.Millisecond)
	c := l.world.checkin(s, who, at.UnixMilli())
	town := s.series.town.code
	id := event.NewID("live", s.id, c.PersonPseudonym, at.Format(time.RFC3339Nano))
	return event.New(event.CheckinRecorded, sourceOf(town, "card"), id, at, town, s.id, c)
}

// correct says that a check-in was two minutes earlier than recorded.
func (l *live) correct(e *event.Event, at time.Time) (*event.Event, error) {
	c := *e.Payload.(*event.Checkin)
	c.Original, c.CheckedInAt = &event.Ref{Source: e.Source, ID: e.ID}, c.CheckedInAt.Add(-2*time.Minute)
	return event.New(event.CheckinCorrected, e.Source, event.NewID(e.ID, "corrected"), at, e.Area, e.Subject, &c)
}

func void(e *event.Event, at time.Time) (*event.Event, error) {
	v := &event.Void{Original: event.Ref{Source: e.Source, ID: e.ID}, Reason: "was not there", At: at}
	return event.New(event.CheckinVoided, e.Source, event.NewID(e.ID, "voided"), at, e.Area, e.Subject, v)
}
