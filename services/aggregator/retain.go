package aggregator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// errNews says that the facts of sessions are not what was taken in of them.
var errNews = errors.New("there is news of these sessions")

// retain takes away, once a day, what is known of persons from more than cfg.Retention months ago, a part at a time;
// more says that it should be called again. No cell changes, so no publication does, open or final:
//
//  1. takeAway writes one generation for some days: it takes the visits and shifts of these days out of the persons' rows, and
//     puts what persons gave to cells, and do not give by what is left of them, into past_cells;
//  2. takeWave writes one for each survey wave that ended before: what its answers gave to cells goes there, too;
//  3. when nothing of the kind is left, forget removes what names these persons, the check-ins last.
//
// From 1 on, check-ins and shifts of these days count as nobody's, and from 2 on answers to these waves, whether they are still
// there or come only now: nobody can tell any more whether they have been counted. What persons gave to a period that began
// before the limit stands; later news of them counts in periods that began since. A crash in 1 or 2 is mended like one in any
// refresh; after one in 3 the next call goes on.
func (a *Aggregator) retain(ctx context.Context) (more bool, err error) {
	today := a.today()
	if a.cfg.Retention == 0 || a.retained == today || a.clock().Before(a.retainAfter) {
		return false, nil
	}
	to, err := a.nextLimit(ctx, today.AddMonths(-a.cfg.Retention))
	if err != nil {
		return false, fmt.Errorf("look for visits to take away: %w", err)
	}
	if to == 0 {
		if taken, err := a.takeWave(ctx); err != nil || taken {
			return taken, err
		}
		if err := a.forget(ctx); err != nil {
			return false, fmt.Errorf("forget persons of before %s: %w", a.head.Limit, err)
		}
		a.retained, a.backlog = today, nil
		return false, nil
	}
	switch err := a.takeAway(ctx, to); {
	case errors.Is(err, errNews): // a refresh takes them in first
		a.log.Warn("visits will be taken away when there is no news of their sessions", zap.Stringer("before", to))
		a.retainAfter = a.clock().Add(time.Minute)
		return false, nil
	case err != nil:
		a.backlog = nil
		return false, fmt.Errorf("take away visits before %s: %w", to, err)
	}
	a.log.Info("visits taken away", zap.Stringer("before", to))
	return true, nil
}

// nextLimit returns the limit to take persons' rows away up to now: some days on, with no more of them than a refresh takes, and
// no day after last; 0 if there are none.
func (a *Aggregator) nextLimit(ctx context.Context, last indicator.Date) (to indicator.Date, err error) {
	if a.head.Limit >= last {
		return 0, nil
	}
	if a.backlog == nil || a.backlog.last != last {
		if a.backlog, err = a.readBacklog(ctx, last); err != nil {
			return 0, err
		}
	}
	return a.backlog.next(a.cfg.MaxChanges), nil
}

// takeAway makes visits by check-ins of before a day, and shifts of before it, nobody's.
func (a *Aggregator) takeAway(ctx context.Context, to indicator.Date) error {
	t := a.newTaking(to)
	scopes, err := a.pastSessions(ctx, t)
	if err != nil {
		return err
	}
	f, before, err := a.known(ctx, scopes, a.linked)
	if err != nil {
		return err
	}
	for id, s := range f {
		was, is := s.takeAway(to, a.zone)
		if !before[id].stands(was, is) {
			return errNews
		}
		if was != is {
			t.note(was, is, before[id], s.past)
		}
	}
	if err := errors.Join(a.takePersons(ctx, t), a.takeCards(ctx, t), a.takeShifts(ctx, t)); err != nil {
		return err
	}
	if t.into.pastCells, err = a.sums(ctx, "past_cells", t.cells); err != nil {
		return err
	}
	if err := a.commit(ctx, t.into); err != nil {
		return err
	}
	a.backlog.goOn(t)
	a.metrics.takenAway.Add(float64(len(t.into.visits)))
	return nil
}

// pastSessions returns the sessions that may have check-ins to take away: those of the days to come, and those of earlier ones whose session
// the calendar has on these days.
func (a *Aggregator) pastSessions(ctx context.Context, t *taking) ([]string, error) {
	scopes := map[string]bool{}
	note := func(row func(...any) error) error {
		var id string
		err := row(&id)
		scopes[id] = true
		return err
	}
	days := daysBetween(t.from, t.to)
	err := warehouse.Each(ctx, a.db, statement("past_sessions", "days", days), note)
	for part := range slices.Chunk(sortedPersons(t.due), 5000) {
		if err == nil {
			err = warehouse.Each(ctx, a.db, a.state.statement("visited_sessions", "persons", uuids(part), "days", days), note)
		}
	}
	return slices.Sorted(maps.Keys(scopes)), err
}

// taking is what one generation takes away.
type taking struct {
	from, to   indicator.Date                // the limit moves
	due        map[uuid.UUID]bool            // who has visits of these days
	gone       map[uuid.UUID]map[string]bool // the sessions whose visits are taken from a person
	cells      *deltas
	into       *generation
	families   families           // that were active
	emptied    map[uuid.UUID]bool // persons with no visits left
	nextVisits turns[uuid.UUID]   // of who was due
	nextShifts turns[string]
}

func (a *Aggregator) newTaking(to indicator.Date) *taking {
	t := &taking{
		from: a.head.limit(), to: to, due: a.backlog.persons.before(to), gone: map[uuid.UUID]map[string]bool{}, cells: a.plan.newDeltas(), into: a.nextGeneration(),
		families: families{}, emptied: map[uuid.UUID]bool{}, nextVisits: turns[uuid.UUID]{}, nextShifts: turns[string]{},
	}
	t.into.head.Limit = to
	return t
}

// stands reports whether a session that is stored is what the facts make of it, before and after some check-ins are past;
// both get its costs, which facts of its own do not tell.
func (s *session) stands(was, is *session) bool {
	if s == nil || was == nil {
		return s == nil && was == nil
	}
	for _, x := range []*session{was, is} {
		x.direct, x.allocated, x.costed = s.direct, s.allocated, s.costed
	}
	rest := *is
	rest.persons, rest.past = s.persons, s.past
	return s.equal(was) && s.equal(&rest)
}

func (t *taking) note(was, is, stored *session, past *pastAttendance) {
	t.into.sessions = append(t.into.sessions, sessionRow{session: is, before: stored})
	t.into.pastAttendance = append(t.into.pastAttendance, *past)
	left := map[uuid.UUID]bool{}
	is.addPersonsTo(left)
	for _, p := range was.persons {
		if left[p] {
			continue
		}
		if t.gone[p] == nil {
			t.gone[p] = map[string]bool{}
		}
		t.gone[p][was.id] = true
	}
}

// takePersons takes visits away from persons, and adds to past cells what these lose by it, and what everybody gave to the
// periods that begin before the limit from now on.
func (a *Aggregator) takePersons(ctx context.Context, t *taking) error {
	until := passedUntil(t.from, t.to)
	persons := a.backlog.persons.before(until)
	for p := range t.gone {
		persons[p] = true
	}
	for part := range slices.Chunk(sortedPersons(persons), 2000) {
		stored, err := a.knownBefore(ctx, part, until+a.cfg.Rule.reach())
		if err != nil {
			return err
		}
		for _, p := range part {
			a.takePerson(t, p, stored[p])
		}
	}
	a.plan.addFamilies(t.cells, t.families, t.passing, +1)
	return nil
}

// passing reports whether a period begins before the limit from now on, and not before it so far.
func (t *taking) passing(p indicator.Period) bool { return p.Start >= t.from && p.Start < t.to }

// passedUntil is the end of the periods that begin before a limit, and not before an earlier one.
func passedUntil(from, to indicator.Date) (end indicator.Date) {
	for _, typ := range indicator.PeriodTypes {
		starts := typ.Starts(to - 1)
		if last := starts[len(starts)-1]; last >= from {
			end = max(end, typ.End(last))
		}
	}
	return end
}

// reach is for how many days after a visit others may decide what it counts for.
func (r ActivityRule) reach() indicator.Date {
	return indicator.Date(r.Before + r.Window + retentionDays)
}

// takePerson takes visits away from one person, of whose visits those within reach are known, and whether there are later ones.
func (a *Aggregator) takePerson(t *taking, p uuid.UUID, known known) {
	of, stored := pastPerson{p, known.past}, known.visits
	sortVisits(stored)
	gone, then, history := t.gone[of.person], of.past, a.history()
	left := slices.DeleteFunc(slices.Clone(stored), func(v visit) bool { return gone[v.session] })
	if len(gone) > 0 {
		then = a.cfg.Rule.pastAfter(of.past, stored, gone, history)
	}
	if len(stored) > 0 && len(left) == 0 {
		t.emptied[p] = true
	}
	if i := slices.IndexFunc(left, func(v visit) bool { return v.day >= t.to }); i >= 0 && t.due[p] {
		t.nextVisits.add(left[i].day, p)
	}
	was, is, days := a.plan.traceOf(known, history, t.from), a.plan.trace(left, history, then), changedDays(stored, left)
	is.cards = was.cards // of one with no visits left there is nothing to count them with
	was.addMilestones(&is, days)
	touched := periodsOf(days)
	a.plan.addPerson(t.cells, was, func(p indicator.Period) bool {
		return t.passing(p) || p.Start >= t.to && touched.has(p)
	}, +1)
	a.plan.addFamily(t.families, &was)
	a.plan.addPerson(t.cells, is, func(p indicator.Period) bool { return p.Start >= t.to && touched.has(p) }, -1)
	t.into.addVisits(stored, left)
	t.into.notePast(of, then, left)
}
