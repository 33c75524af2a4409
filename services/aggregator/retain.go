package aggregator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// personState are the state tables in which it stands who was where. Beside them it stands in facts_checkin and in the bodies
// of the journal; in facts_registration, of which nothing is counted; in facts_volunteer, facts_shift and shifts, which are not
// taken away yet; and, by a key of its own, in facts_response.panel. That there is a pseudonym stands in facts_card, facts_rekey and pseudonyms. Nowhere else.
var personState = []string{"person_visits", "sessions", "referrals", "past_persons"}

// errNews says that the facts of sessions are not what was taken in of them.
var errNews = errors.New("there is news of these sessions")

// retain takes away, once a day, what is known of persons from more than cfg.Retention months ago, a part at a time;
// more says that it should be called again. No cell changes, so no publication does, open or final:
//
//  1. takeAway writes one generation for some days: it takes the visits of these days out of the persons' rows, and puts
//     what persons gave to cells, and do not give by the visits that are left, into past_cells;
//  2. when no such visits are left, forget removes what names these persons, the check-ins last.
//
// From 1 on, check-ins of these days count as nobody's, whether they are still there or come only now: nobody can tell any more
// whether they have been counted. What persons gave to a period that began before the limit stands; later news of them counts in
// periods that began since. A crash in 1 is mended like one in any refresh; after one in 2 the next call goes on.
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
		if err := a.forget(ctx); err != nil {
			return false, fmt.Errorf("forget visits before %s: %w", a.head.Limit, err)
		}
		a.retained = today
		return false, nil
	}
	switch err := a.takeAway(ctx, to); {
	case errors.Is(err, errNews): // a refresh takes them in first
		a.log.Warn("visits will be taken away when there is no news of their sessions", zap.Stringer("before", to))
		a.retainAfter = a.clock().Add(time.Minute)
		return false, nil
	case err != nil:
		return false, fmt.Errorf("take away visits before %s: %w", to, err)
	}
	a.log.Info("visits taken away", zap.Stringer("before", to))
	return true, nil
}

// nextLimit returns the limit to take visits away up to now: some days on, with no more check-ins than a refresh takes, and
// no day after last; 0 if there are none.
func (a *Aggregator) nextLimit(ctx context.Context, last indicator.Date) (to indicator.Date, err error) {
	if a.head.Limit >= last {
		return 0, nil
	}
	rows, more := 0, false
	sql := statement("past_days", "from", quote(a.head.limit().String()), "to", quote(last.String()))
	err = warehouse.Each(ctx, a.db, sql, func(row func(...any) error) error {
		var day int32
		var n uint64
		if err := row(&day, &n); err != nil {
			return err
		}
		if more = more || rows > 0 && rows+int(n) > a.cfg.MaxChanges; !more {
			rows, to = rows+int(n), indicator.Date(day)+1
		}
		return nil
	})
	if rows > 0 && !more {
		to = last
	}
	return to, err
}

// takeAway makes the visits of check-ins before a day nobody's.
func (a *Aggregator) takeAway(ctx context.Context, to indicator.Date) error {
	scopes, err := warehouse.Collect(ctx, a.db, statement("past_sessions", "to", quote(to.String())),
		func(row func(...any) error) (id string, err error) { return id, row(&id) })
	if err != nil {
		return err
	}
	f, before, err := a.known(ctx, scopes, a.linked)
	if err != nil {
		return err
	}
	t := taking{from: a.head.limit(), to: to, gone: map[uuid.UUID]map[string]bool{}, cells: a.plan.newDeltas(), into: a.nextGeneration()}
	t.into.head.Limit = to
	for id, s := range f {
		was, is := s.takeAway(to, a.zone)
		if !before[id].stands(was, is) {
			return errNews
		}
		if was != is {
			t.note(was, is, before[id], s.past)
		}
	}
	if err := a.takePersons(ctx, &t); err != nil {
		return err
	}
	if err := a.commit(ctx, t.into); err != nil {
		return err
	}
	a.metrics.takenAway.Add(float64(len(t.into.visits)))
	return nil
}

// taking is what one generation takes away.
type taking struct {
	from, to indicator.Date                // the limit moves
	gone     map[uuid.UUID]map[string]bool // the sessions whose visits are taken from a person
	cells    *deltas
	into     *generation
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
	persons := map[uuid.UUID]bool{}
	for p := range t.gone {
		persons[p] = true
	}
	sql := a.state.statement("past_visitors", "from", quote(t.from.String()), "to", quote(t.until().String()))
	err := warehouse.Each(ctx, a.db, sql, func(row func(...any) error) error {
		var p uuid.UUID
		err := row(&p)
		persons[p] = true
		return err
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(sortedPersons(persons), 2000) {
		stored, pasts, err := a.visitsOf(ctx, part)
		if err != nil {
			return err
		}
		for _, p := range part {
			a.takePerson(t, stored[p], pastPerson{p, pasts[p]})
		}
	}
	t.into.pastCells, err = a.sums(ctx, "past_cells", t.cells)
	return err
}

// until is the end of the periods that begin before the limit from now on.
func (t *taking) until() (end indicator.Date) {
	for _, typ := range indicator.PeriodTypes {
		starts := typ.Starts(t.to - 1)
		if last := starts[len(starts)-1]; last >= t.from {
			end = max(end, typ.End(last))
		}
	}
	return end
}

func (a *Aggregator) takePerson(t *taking, stored []visit, of pastPerson) {
	sortVisits(stored)
	gone, then, history := t.gone[of.person], of.past, a.history()
	left := slices.DeleteFunc(slices.Clone(stored), func(v visit) bool { return gone[v.session] })
	if len(gone) > 0 {
		then = a.cfg.Rule.pastAfter(of.past, stored, gone, history)
	}
	was, is, days := a.plan.trace(stored, history, of.past), a.plan.trace(left, history, then), changedDays(stored, left)
	was.addMilestones(&is, days)
	touched := periodsOf(days)
	a.plan.addPerson(t.cells, was, func(p indicator.Period) bool {
		return p.Start >= t.from && (p.Start < t.to || touched.has(p))
	}, +1)
	a.plan.addPerson(t.cells, is, func(p indicator.Period) bool { return p.Start >= t.to && touched.has(p) }, -1)
	t.into.addVisits(stored, left)
	t.into.notePast(of, then, left)
}

// forget removes for good what names the persons of visits that were taken away, and of check-ins that came too late to be
// counted. Each step may be taken again.
//
//  1. one generation says that it has begun, until which recompute must not compare, and takes the claims of the check-ins away;
//  2. the journal forgets generations that name persons, the state tables the rows that later ones have replaced;
//  3. keys forget the chains that are past, and facts their check-ins; those that were corrected to a later day stay as nobody's;
//  4. one generation says that it has ended.
func (a *Aggregator) forget(ctx context.Context) error {
	if a.head.Limit == 0 {
		return nil
	}
	past := a.state.statement("past_rows", "limit", quote(a.head.Limit.String()))
	var named uint64
	err := warehouse.Each(ctx, a.db, statement("past_named", "past", past), func(row func(...any) error) error { return row(&named) })
	if err != nil || named == 0 && !a.head.Forgetting {
		return err
	}
	chains := statement("past_chains", "past", past, "limit", quote(a.head.Limit.String()))
	begun := a.nextGeneration()
	begun.head.Forgetting = true
	if begun.beaten, err = a.pastClaims(ctx, chains); err != nil {
		return err
	}
	if err := a.commit(ctx, begun); err != nil {
		return err
	}
	for i, sql := range a.forgetting(past, chains) {
		a.crash(fmt.Sprint("forget ", i))
		if err := a.db.Exec(ctx, sql+" SETTINGS mutations_sync = 1"); err != nil {
			return err
		}
	}
	a.crash("forgotten")
	ended := a.nextGeneration()
	ended.head.Forgetting = false
	return a.commit(ctx, ended)
}

// pastClaims returns the claims of chains that are not in force, to be taken back.
func (a *Aggregator) pastClaims(ctx context.Context, chains string) ([]beatenRow, error) {
	rows, err := warehouse.Collect(ctx, a.db, a.state.statement("past_claims", "chains", chains), scanBeaten)
	for i := range rows {
		rows[i].reason = 0
	}
	return rows, err
}

func (a *Aggregator) forgetting(past, chains string) []string {
	statements := []string{a.state.statement("forget_generations", "last", fmt.Sprint(a.generation))}
	for _, t := range personState {
		table := a.state.name + "." + t
		statements = append(statements, "OPTIMIZE TABLE "+table+" FINAL", "ALTER TABLE "+table+" DELETE WHERE deleted = 1")
	}
	return append(statements, statement("forget_keys", "chains", chains),
		statement("forget_checkins", "chains", chains, "past", past), statement("forget_persons", "past", past))
}
