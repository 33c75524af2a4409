package aggregator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// stateTables are what a rebuild makes anew.
var stateTables = []string{"beaten", "sessions", "project_sessions", "unallocated", "bookings", "person_visits", "pseudonyms", "cards", "referrals", "answers", "postings", "shifts", "silent_sessions", "cells"}

// build derives the whole state from the facts and writes it into an empty store. It is the refresh without a past, with
// the same fold and the same contributions, reading facts in the order of sessions and visits in the order of persons,
// so that memory holds the cells and one chunk, not the history.
type build struct {
	a         *Aggregator
	plan      *plan
	into      store
	gen       *generation
	limit     indicator.Date // see head.Limit
	cells     *deltas
	history   indicator.Date
	costs     books
	direct    map[string]int64
	shared    map[string]*session              // of projects: their costs are settled when all are known
	beaten    map[string]map[link]beatenReason // by scope
	referred  []visit                          // that name where the person was referred from: placed when all sessions are known
	linked    links
	judged    indicator.Date // see head.Judged
	schedules schedules
	cards     map[uuid.UUID][]card
	seen      map[uuid.UUID]bool // persons with visits
	families  families
	exists    map[string]bool // those of the sessions that a cost entry names
	writer    *errgroup.Group // inserts beside the reading
	step      func(what string, done int)
}

// build fills the store and returns the first day of history.
func (a *Aggregator) build(ctx context.Context, into store, gen uint64, judged indicator.Date, step func(string, int)) (*build, error) {
	b := &build{
		a: a, plan: a.plan, into: into, gen: &generation{number: gen}, limit: a.head.limit(), cells: a.plan.newDeltas(), history: math.MaxInt32,
		shared: map[string]*session{}, exists: map[string]bool{}, beaten: map[string]map[link]beatenReason{}, step: step,
		judged: judged, schedules: schedules{},
		seen: map[uuid.UUID]bool{}, families: families{},
	}
	b.newWriter()
	if err := b.readCosts(ctx); err != nil {
		return nil, fmt.Errorf("read costs: %w", err)
	}
	if err := b.run(ctx, b.links, b.readCards, b.claims, b.sessions, b.settle, b.silences); err != nil {
		return nil, err
	}
	beside := b.beside()
	both, during := errgroup.WithContext(ctx)
	both.Go(func() error { return beside.run(during, beside.feedback, beside.postings, beside.shifts) })
	both.Go(func() error { return b.run(during, b.refer, b.persons) })
	if err := both.Wait(); err != nil {
		return nil, err
	}
	b.take(beside)
	return b, b.run(ctx, b.holders, b.past, b.writeCells)
}

// run makes passes one after the other, and returns when what they found is stored.
func (b *build) run(ctx context.Context, passes ...func(context.Context) error) error {
	for _, pass := range passes {
		if err := errors.Join(pass(ctx), b.written(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// beside returns a build for passes that go on at the same time, with cells and names of its own.
func (b *build) beside() *build {
	other := *b
	other.plan = b.plan.clone()
	other.gen, other.cells = &generation{number: b.gen.number}, other.plan.newDeltas()
	other.newWriter()
	return &other
}

// take adds the cells of a build beside this one.
func (b *build) take(beside *build) {
	for k, v := range beside.cells.all() {
		b.cells.add(b.plan.renamed(k, beside.plan), v)
	}
}

func (b *build) readCosts(ctx context.Context) error {
	rows, err := warehouse.Collect(ctx, b.a.db, statement("costs", "where", "1"), scanCost)
	if err != nil {
		return err
	}
	reversed := map[uuid.UUID]beatenReason{}
	err = warehouse.Each(ctx, b.a.db, statement("voided_chains"), func(row func(...any) error) error {
		var chain uuid.UUID
		err := row(&chain)
		reversed[chain] = beatenVoided
		return err
	})
	b.costs = newBooks(foldCosts(rows, reversed))
	b.direct = b.costs.direct()
	return err
}

// links reads who is whom, which every pass after it needs.
func (b *build) links(ctx context.Context) (err error) {
	b.linked, err = b.a.loadLinks(ctx)
	for pseudonym, person := range b.linked {
		b.gen.pseudonyms = append(b.gen.pseudonyms, pseudonymRow{pseudonym: pseudonym, person: person})
	}
	return err
}

// claims resolves every chain that was amended or may claim more than one scope; the others need no decision.
func (b *build) claims(ctx context.Context) error {
	cs := chains{}
	for _, family := range []event.Family{event.CheckinFamily, event.HeadcountFamily} {
		err := warehouse.Each(ctx, b.a.db, statement("contested", "family", string(family)), func(row func(...any) error) error {
			c := claim{family: family}
			var void bool
			err := row(&c.scope, &c.chain, &c.original, &void, &c.order.Time, &c.order.ID, &c.order.Hash)
			if void {
				cs.of(c.link()).voided = true
			} else {
				cs.add(c)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	for l, claims := range cs {
		for scope, reason := range claims.resolve() {
			if b.beaten[scope] == nil {
				b.beaten[scope] = map[link]beatenReason{}
			}
			b.beaten[scope][l] = reason
			b.gen.beaten = append(b.gen.beaten, beatenRow{scope, l, reason})
		}
	}
	return nil
}

// sessions merges three streams of facts that are sorted by session, and folds one session after the other.
func (b *build) sessions(ctx context.Context) error {
	const inForce = "scope != ''"
	checkins, err := openCursor(ctx, b.a.db, statement("checkins", "where", inForce), b.linked.scanCheckin)
	if err != nil {
		return err
	}
	defer checkins.close()
	headcounts, err := openCursor(ctx, b.a.db, statement("headcounts", "where", inForce), scanHeadcount)
	if err != nil {
		return err
	}
	defer headcounts.close()
	calendar, err := openCursor(ctx, b.a.db, statement("calendar", "where", inForce), scanCalendar)
	if err != nil {
		return err
	}
	defer calendar.close()
	past, err := openCursor(ctx, b.a.db, b.a.state.statement("past_attendance", "where", "1"), scanPastAttendance)
	if err != nil {
		return err
	}
	defer past.close()
	for n := 0; ; n++ {
		scope, ok := least(checkins.peek, headcounts.peek, calendar.peek, past.peek)
		if !ok {
			return errors.Join(checkins.err, headcounts.err, calendar.err, past.err)
		}
		f := sessionFacts{
			id: scope, checkins: checkins.take(scope), headcounts: headcounts.take(scope), calendar: calendar.take(scope),
			beaten: b.beaten[scope], limit: b.limit,
		}
		for _, p := range past.take(scope) {
			f.past = &p
		}
		if s := f.fold(b.a.zone); s != nil {
			b.addSession(ctx, s)
		}
		if n%1000 == 0 {
			b.step("sessions", n)
		}
	}
}

func (b *build) addSession(ctx context.Context, s *session) {
	b.history = min(b.history, s.day)
	for _, v := range s.visits {
		if v.referral != "" {
			b.referred = append(b.referred, v)
		} else {
			b.gen.visits = append(b.gen.visits, visitRow{visit: v})
		}
	}
	b.writeFull(ctx)
	s.visits = nil // sessions that wait for their costs are many
	cents, named := b.direct[s.id]
	if s.direct = cents; named {
		b.exists[s.id] = true
	}
	s.costed = s.direct > 0
	if s.project != "" {
		b.shared[s.id] = s
		return
	}
	b.finish(ctx, s)
}

func (b *build) finish(ctx context.Context, s *session) {
	b.plan.addSession(b.cells, s, +1)
	if x, ok := s.scheduled(); ok {
		b.schedules.of(x.venueKey, nil).add(x)
	}
	b.gen.sessions = append(b.gen.sessions, sessionRow{session: s})
	for _, x := range s.holdings() {
		b.gen.postings = append(b.gen.postings, postingRow{x, false})
	}
	b.writeFull(ctx)
}

// settle allocates shared costs, finishes the sessions that waited for them, and notes what reached no session.
func (b *build) settle(ctx context.Context) error {
	members := map[group][]*session{}
	for _, id := range slices.Sorted(maps.Keys(b.shared)) {
		s := b.shared[id]
		members[s.group()] = append(members[s.group()], s)
	}
	shares, left := b.costs.allocated(members, func(id string) bool { return b.exists[id] })
	for _, id := range slices.Sorted(maps.Keys(b.shared)) {
		s := b.shared[id]
		s.allocated = shares[id]
		s.costed = s.direct+s.allocated > 0
		b.finish(ctx, s)
	}
	for _, id := range slices.Sorted(maps.Keys(left)) {
		e := left[id]
		u := unallocatedRow{entry: id, area: e.area, month: e.month, cents: e.cents}
		b.plan.addUnallocated(b.cells, u, +1)
		b.gen.unallocated = append(b.gen.unallocated, u)
	}
	for _, id := range slices.Sorted(maps.Keys(b.costs.bookings)) {
		e := b.costs.bookings[id]
		b.plan.addBooking(b.cells, e, +1)
		b.gen.bookings = append(b.gen.bookings, bookingRow{booking: e})
	}
	return nil
}

// refer places the visits that somebody was referred to, now that every session is stored.
func (b *build) refer(ctx context.Context) error {
	for part := range slices.Chunk(b.referred, 2000) {
		ids := make([]string, len(part))
		for i := range part {
			ids[i] = part[i].referral
		}
		named, err := b.into.sessions(ctx, "session IN ("+literals(ids)+")")
		if err != nil {
			return err
		}
		for _, v := range part {
			v.resolve(named[v.referral])
			b.gen.visits = append(b.gen.visits, visitRow{visit: v})
			b.gen.refer(visit{}, v)
		}
	}
	return nil
}

// persons reads the visits back in the order of persons. One goroutine reads and looks things up, and one for each period
// type adds.
func (b *build) persons(ctx context.Context) error {
	visits, err := openCursor(ctx, b.a.db, b.into.statement("person_visits", "where", "1"), func(row func(...any) error) (scopedVisit, error) {
		v, err := scanVisit(row)
		return scopedVisit{v}, err
	})
	if err != nil {
		return err
	}
	defer visits.close()
	pasts, err := b.a.state.pastPersons(ctx)
	if err != nil {
		return err
	}
	adders := b.newAdders()
	defer adders.wait()
	history := b.a.historyFrom(b.history)
	var traces []trace
	cards := len(b.cards) > 0
	for n := 0; ; n++ {
		person, ok := visits.peek()
		if !ok {
			adders.add(traces)
			return visits.err
		}
		var of []visit
		for _, v := range visits.take(person) {
			of = append(of, v.visit)
		}
		sortVisits(of)
		p := of[0].person
		t := b.plan.traceOf(known{of, pasts[p], b.cards[p]}, history, b.limit)
		b.plan.addFamily(b.families, &t)
		if cards {
			b.seen[p] = true
		}
		if traces = append(traces, t); len(traces) == tracesAtOnce {
			adders.add(traces)
			traces = nil
		}
		if n%1000 == 0 {
			b.step("persons", n)
		}
	}
}

// readCards reads everybody's cards.
func (b *build) readCards(ctx context.Context) error {
	rows, err := warehouse.Collect(ctx, b.a.db, statement("card_facts", "where", "1"), b.a.scanCard(b.linked))
	b.cards = cardsByPerson(rows)
	for _, c := range rows {
		b.gen.cards = append(b.gen.cards, cardRow{card: c})
	}
	return err
}

// holders adds those of cards, and families that came.
func (b *build) holders(context.Context) error {
	ts := tenures{}
	for person, cards := range b.cards {
		ts.add(counted(cards, b.seen[person], b.limit), +1)
	}
	open := func(p indicator.Period) bool { return p.Start >= b.limit }
	b.plan.addHolders(b.cells, ts, open, +1)
	b.plan.addFamilies(b.cells, b.families, open, +1)
	return nil
}

// past adds what visits that were taken away have given, where their areas are today.
func (b *build) past(ctx context.Context) error {
	p := b.plan
	return b.a.state.cells(ctx, "past_cells", p, "1", func(k cellKey, v int64) {
		k.area = p.names.of(b.a.places.now(p.names.values[k.area]))
		b.cells.add(k, v)
	})
}

// tracesAtOnce is how many persons are handed over at a time.
const tracesAtOnce = 2048

// adders add persons to cells, each to those of one period type, in goroutines of their own.
type adders struct {
	work []chan []trace
	done sync.WaitGroup
}

func (b *build) newAdders() *adders {
	as := &adders{}
	for i := range b.cells {
		work := make(chan []trace, 4)
		as.work = append(as.work, work)
		as.done.Go(func() { b.addTraces(i, work) })
	}
	return as
}

// addTraces adds persons to the cells of one period type.
func (b *build) addTraces(period int, work <-chan []trace) {
	p := b.plan
	c, lowest := p.newContribution(b.cells, period, +1), p.newSpots(period)
	c.rising = &lowest
	for traces := range work {
		for _, t := range traces {
			p.addTrace(c, t, func(p indicator.Period) bool { return p.Start >= b.limit })
		}
	}
	p.rise(&b.cells[period], &lowest)
}

// add hands persons over, those who live in one place together, since what they add to is then in the processor's cache.
func (as *adders) add(traces []trace) {
	slices.SortFunc(traces, func(a, b trace) int { return cmp.Compare(a.home(), b.home()) })
	for _, work := range as.work {
		work <- traces
	}
}

// wait returns when all has been added.
func (as *adders) wait() {
	for _, work := range as.work {
		close(work)
	}
	as.done.Wait()
}
