package aggregator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
)

// errRebuild says that a change reaches all of history, so that cells are made anew rather than changed.
var errRebuild = errors.New("a change reaches all of history")

// refreshed is what a refresh did.
type refreshed struct {
	changes int // rows of changes that it took in
	more    bool
	cells   map[indicator.Period]bool // periods with a changed cell
}

// refresh takes in what the ingester has stored since the last one. Nothing is written before everything is known:
//
//  1. read what the new batches touched, and every scope that their chains ever named;
//  2. read all facts of those sessions, decide which claims are in force, and fold;
//  3. allocate costs;
//  4. compare sessions, and the persons in them, with what is stored, and sum up how cells change;
//  5. read those cells and work out their new values;
//  6. write one generation of the journal, holding all new rows and the watermark;
//  7. write the rows themselves.
//
// A crash before 6 leaves no trace: the next refresh reads the same batches. A crash between 6 and 7, or inside 7, is
// mended at the next start, which writes the last generation again; rows are whole values, so twice is once.
func (a *Aggregator) refresh(ctx context.Context) (refreshed, error) {
	if a.today() >= a.merges {
		return refreshed{}, fmt.Errorf("an area was merged into another: %w", errRebuild)
	}
	if silenced, err := a.dawn(ctx); err != nil || len(silenced) > 0 {
		return refreshed{cells: silenced, more: true}, err
	}
	batches, err := a.beyond(ctx)
	if err != nil || len(batches.taken) == 0 {
		return refreshed{}, err
	}
	w, err := a.touched(ctx, batches)
	if err != nil {
		return refreshed{}, err
	}
	if w.areas {
		return refreshed{}, fmt.Errorf("areas: %w", errRebuild)
	}
	g := a.nextGeneration()
	g.head.advance(batches)
	g.erasure = batches.erasure
	g.head.noteOthers(w)
	if err := a.noteLate(ctx, g, slices.Collect(maps.Keys(w.waves))); err != nil {
		return refreshed{}, err
	}
	if err := a.change(ctx, w, g); err != nil {
		return refreshed{}, err
	}
	if err := a.commit(ctx, g); err != nil {
		return refreshed{}, err
	}
	if g.fed {
		if a.fed, err = a.loadFed(ctx); err != nil {
			return refreshed{}, err
		}
	}
	if w.population {
		a.population = nil
	}
	if w.prices {
		a.prices = nil
	}
	return refreshed{changes: batches.rows, more: batches.more, cells: g.periods}, nil
}

// change works out steps 2 to 5 and puts the rows to write into g.
func (a *Aggregator) change(ctx context.Context, w *work, g *generation) error {
	if err := a.relink(ctx, w, g); err != nil {
		return err
	}
	if err := a.touchedCards(ctx, w); err != nil {
		return err
	}
	entries, err := a.touchedEntries(ctx, w)
	if err != nil {
		return err
	}
	f, before, err := a.known(ctx, slices.Sorted(maps.Keys(w.sessions)), w.linked)
	if err != nil {
		return err
	}
	a.metrics.tooLate.Add(float64(f.tooLate(w.chains, a.zone)))
	a.resolve(w, f, g)
	after := map[string]*session{}
	for id, s := range f {
		if folded := s.fold(a.zone); folded != nil {
			after[id] = folded
		}
	}
	if err := a.checkHistory(before, after); err != nil {
		return err
	}
	if err := a.settleCosts(ctx, entries, before, after, g); err != nil {
		return err
	}
	a.diffSessions(before, after, g)
	a.diffSilences(before, after, g)
	if err := a.diffPersons(ctx, w, f, before, after, g); err != nil {
		return err
	}
	if err := a.diffFamilies(ctx, w, g); err != nil {
		return err
	}
	if err := a.diffAnswers(ctx, w, before, after, g); err != nil {
		return err
	}
	if err := errors.Join(a.diffPostings(ctx, w, before, after, g), a.diffShifts(ctx, w, before, after, g)); err != nil {
		return err
	}
	return a.addCells(ctx, g)
}

// resolve decides for the changed chains which of their claims are in force, and notes the others in f and g.
func (a *Aggregator) resolve(w *work, f facts, g *generation) {
	current := f.claims(w.chains)
	for scope, s := range f {
		for l := range s.beaten {
			if w.chains[l] && current[l] == nil { // erased
				delete(s.beaten, l)
				g.beaten = append(g.beaten, beatenRow{scope, l, 0})
			}
		}
	}
	for l, claims := range current {
		claims.voided = w.voided[l]
		beaten := claims.resolve()
		for _, r := range claims.rows {
			s := f.of(r.scope)
			if reason := beaten[r.scope]; s.beaten[l] != reason {
				g.beaten = append(g.beaten, beatenRow{r.scope, l, reason})
				s.beaten[l] = reason
				g.amended = true
			}
		}
	}
}

// checkHistory asks for a rebuild when the first day of history moves, since «newly active» depends on it for all.
func (a *Aggregator) checkHistory(before, after map[string]*session) error {
	if a.cfg.HistoryFrom != 0 {
		return nil
	}
	for _, s := range after {
		if s.day < a.head.History {
			return fmt.Errorf("session %s on %s lies before all others: %w", s.id, s.day, errRebuild)
		}
	}
	for id, s := range before {
		if now, ok := after[id]; s.day == a.head.History && (!ok || now.day != s.day) {
			return fmt.Errorf("session %s left the first day, %s: %w", s.id, s.day, errRebuild)
		}
	}
	return nil
}

// diffSessions adds the changed sessions and what they contribute.
func (a *Aggregator) diffSessions(before, after map[string]*session, g *generation) {
	for id, old := range before {
		if now, ok := after[id]; !ok {
			a.plan.addSession(g.deltas, old, -1)
			g.sessions = append(g.sessions, sessionRow{session: old, deleted: true})
		} else if !old.equal(now) {
			a.plan.addSession(g.deltas, old, -1)
		}
	}
	for id, now := range after {
		old, ok := before[id]
		if ok && old.equal(now) {
			continue
		}
		a.plan.addSession(g.deltas, now, +1)
		g.sessions = append(g.sessions, sessionRow{session: now, before: old})
	}
}

// diffPersons adds the changed visits and what the persons contribute. Only persons whose own check-ins changed are
// read, unless the session itself moved or changed its kind.
func (a *Aggregator) diffPersons(ctx context.Context, w *work, f facts, before, after map[string]*session, g *generation) error {
	persons := maps.Clone(w.carded)
	fresh := map[uuid.UUID][]visit{}
	w.after = after
	if err := errors.Join(a.resolveOrigins(ctx, w, after), a.addReferred(ctx, before, after, persons)); err != nil {
		return err
	}
	for id := range w.sessions {
		old, now := before[id], after[id]
		if w.whole[id] || !old.sameTraits(now) {
			old.addPersonsTo(persons)
			now.addPersonsTo(persons)
		}
		for _, c := range f[id].checkins {
			if w.chains[c.link()] {
				persons[c.person] = true
			}
		}
		if now != nil {
			for _, v := range now.visits {
				fresh[v.person] = append(fresh[v.person], v)
			}
		}
	}
	for part := range slices.Chunk(sortedPersons(persons), 2000) {
		stored, err := a.knownOf(ctx, part)
		if err != nil {
			return err
		}
		for _, p := range part {
			a.diffPerson(w, p, stored[p], fresh[p], g)
		}
	}
	g.holders = w.holders
	a.plan.addHolders(g.deltas, w.holders, func(p indicator.Period) bool { return p.Start >= a.head.limit() }, +1)
	return nil
}

func (a *Aggregator) diffPerson(w *work, p uuid.UUID, stored known, fresh []visit, g *generation) {
	of := pastPerson{p, stored.past}
	after := slices.Clone(fresh)
	for _, v := range stored.visits {
		if !w.sessions[v.session] {
			if w.sessions[v.referral] {
				v.resolve(w.after[v.referral])
			}
			after = append(after, v)
		}
	}
	sortVisits(stored.visits)
	sortVisits(after)
	days, history, limit := changedDays(stored.visits, after), a.history(), a.head.limit()
	then := of.join(w.pasts[of.person])
	now := known{after, then, stored.cards}
	if w.carded[p] {
		now.cards = w.cards[p]
		g.addCards(stored.cards, now.cards)
	}
	held, holds := stored.counted(limit), now.counted(limit)
	recarded := !slices.Equal(held, holds)
	if len(days) == 0 && then == of.past && !recarded {
		return
	}
	was, is := a.plan.traceOf(stored, history, limit), a.plan.traceOf(now, history, limit)
	was.addMilestones(&is, days)
	touched := periodsOf(days)
	open := func(p indicator.Period) bool { return p.Start >= limit && (recarded || touched.has(p)) } // see retain
	a.plan.addPerson(g.deltas, was, open, -1)
	a.plan.addPerson(g.deltas, is, open, +1)
	w.holders.add(held, -1)
	w.holders.add(holds, +1)
	a.noteFamilies(w, p, &was, &is)
	g.addVisits(stored.visits, after)
	g.notePast(of, then, after)
}

// notePast notes what is known of a person's past, if that is news; of one with no visits left nothing is.
func (g *generation) notePast(of pastPerson, then past, left []visit) {
	if len(left) == 0 {
		then = past{}
	}
	if then != of.past {
		g.pastPersons = append(g.pastPersons, pastPerson{of.person, then})
	}
}

// periods is a set of periods.
type periods map[indicator.Period]bool

func (p periods) has(x indicator.Period) bool { return p[x] }

// periodsOf returns all periods that contain one of the days.
func periodsOf(days map[indicator.Date]bool) periods {
	set := periods{}
	for d := range days {
		for _, t := range indicator.PeriodTypes {
			for _, start := range t.Starts(d) {
				set[indicator.Period{Type: t, Start: start}] = true
			}
		}
	}
	return set
}

// addCells turns the deltas into whole new values.
func (a *Aggregator) addCells(ctx context.Context, g *generation) (err error) {
	for k := range g.deltas.all() {
		g.periods[indicator.Period{Type: indicator.PeriodTypes[k.period], Start: k.start}] = true
	}
	g.cells, err = a.sums(ctx, "cells", g.deltas)
	a.noteFed(g)
	return err
}

// sums returns the new values of the cells of a table that change.
func (a *Aggregator) sums(ctx context.Context, table string, d *deltas) (cells []cell, err error) {
	places := map[string]bool{}
	for k := range d.all() {
		p := indicator.Period{Type: indicator.PeriodTypes[k.period], Start: k.start}
		places[fmt.Sprintf("('%s','%s',%s)", p.Type, p.Start, quote(a.plan.names.values[k.area]))] = true
	}
	current := map[cellKey]int64{}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(places)), 4000) {
		where := "(period_type, period_start, area) IN (" + joined(part) + ")"
		err := a.state.cells(ctx, table, a.plan, where, func(k cellKey, v int64) {
			if d.at(k) != 0 {
				current[k] = v
			}
		})
		if err != nil {
			return nil, err
		}
	}
	for k, n := range d.all() {
		cells = append(cells, cell{k, current[k] + n})
	}
	return cells, nil
}
