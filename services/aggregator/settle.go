package aggregator

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// touchedEntries returns the cost entries that the changes speak of, and marks the sessions that any row of them names
// as to be looked at.
func (a *Aggregator) touchedEntries(ctx context.Context, w *work) (map[string]bool, error) {
	entries := map[string]bool{}
	if len(w.costScopes) == 0 {
		return entries, nil
	}
	where := "scope IN (" + literals(slices.Sorted(maps.Keys(w.costScopes))) + ")"
	rows, err := warehouse.Collect(ctx, a.db, statement("costs", "where", where), scanCost)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if w.costChains[r.chain] {
			entries[r.entry] = true
		}
	}
	all, err := a.costRows(ctx, "entry IN ("+literals(slices.Sorted(maps.Keys(entries)))+")", len(entries))
	for _, r := range all {
		if r.session != "" {
			w.sessions[r.session] = true
		}
	}
	return entries, err
}

func (a *Aggregator) costRows(ctx context.Context, where string, wanted int) ([]costFact, error) {
	if wanted == 0 {
		return nil, nil
	}
	return warehouse.Collect(ctx, a.db, statement("costs", "where", where), scanCost)
}

// settleCosts gives the sessions their costs. Entries with an allocation key are shared among a project's sessions of
// the month, so sessions that did not change themselves may join before and after here.
func (a *Aggregator) settleCosts(ctx context.Context, touched map[string]bool, before, after map[string]*session, g *generation) error {
	groups, err := a.touchedGroups(ctx, touched, before, after)
	if err != nil {
		return err
	}
	members, err := a.members(ctx, groups, before, after)
	if err != nil {
		return err
	}
	// only now: members that joined have costs of their own, too
	dirty := slices.Sorted(maps.Keys(union(before, after)))
	b, err := a.openBooks(ctx, touched, dirty, groups)
	if err != nil {
		return err
	}
	// an entry that names a session untouched by this refresh has not changed what it does
	b.entries = slices.DeleteFunc(b.entries, func(e costFact) bool {
		return e.session != "" && !touched[e.entry] && before[e.session] == nil && after[e.session] == nil
	})
	b.settle(after, members)
	if err := a.diffBookings(ctx, b, touched, g); err != nil {
		return err
	}
	return a.diffUnallocated(ctx, b, touched, after, members, g)
}

// settle writes the sums into the sessions.
func (b books) settle(after map[string]*session, members map[group][]*session) {
	direct := b.direct()
	shares, _ := b.allocated(members, func(string) bool { return true })
	for id, s := range after {
		s.direct, s.allocated = direct[id], shares[id]
		s.costed = s.direct+s.allocated > 0
	}
}

func union[K comparable, V any, M ~map[K]V](a, b M) M {
	u := maps.Clone(a)
	maps.Copy(u, b)
	return u
}

// touchedGroups returns the groups of the changed sessions, as they were and as they are, and of the changed entries.
func (a *Aggregator) touchedGroups(ctx context.Context, touched map[string]bool, before, after map[string]*session) (map[group]bool, error) {
	groups := map[group]bool{}
	for _, sessions := range []map[string]*session{before, after} {
		for _, s := range sessions {
			if s.project != "" {
				groups[s.group()] = true
			}
		}
	}
	rows, err := a.costRows(ctx, "entry IN ("+literals(slices.Sorted(maps.Keys(touched)))+")", len(touched))
	for _, r := range rows {
		if r.project != "" {
			groups[group{r.project, r.month}] = true
		}
	}
	return groups, err
}

func (s *session) group() group {
	return group{s.project, indicator.Month.First(s.day)}
}

func groupList(groups map[group]bool) string {
	var list []string
	for g := range groups {
		list = append(list, "("+quote(g.project)+",'"+g.month.String()+"')")
	}
	slices.Sort(list)
	return joined(list)
}

// openBooks reads the entries in force that concern the sessions or groups, or changed themselves.
func (a *Aggregator) openBooks(ctx context.Context, touched map[string]bool, sessions []string, groups map[group]bool) (books, error) {
	entries := maps.Clone(touched)
	find := func(where string, wanted int) error {
		rows, err := a.costRows(ctx, where, wanted)
		for _, r := range rows {
			entries[r.entry] = true
		}
		return err
	}
	if err := find("session IN ("+literals(sessions)+")", len(sessions)); err != nil {
		return books{}, err
	}
	if err := find("(project, period) IN ("+groupList(groups)+") AND session = ''", len(groups)); err != nil {
		return books{}, err
	}
	rows, err := a.costRows(ctx, "entry IN ("+literals(slices.Sorted(maps.Keys(entries)))+")", len(entries))
	if err != nil {
		return books{}, err
	}
	reversed, err := a.reversed(ctx, rows)
	return newBooks(foldCosts(rows, reversed)), err
}

// reversed returns the chains among the rows that were reversed.
func (a *Aggregator) reversed(ctx context.Context, rows []costFact) (map[uuid.UUID]beatenReason, error) {
	gone := map[uuid.UUID]beatenReason{}
	if len(rows) == 0 {
		return gone, nil
	}
	var ids []uuid.UUID
	for _, r := range rows {
		ids = append(ids, r.chain)
	}
	err := warehouse.Each(ctx, a.db, statement("claims", "chains", uuids(ids)), func(row func(...any) error) error {
		var chain uuid.UUID
		var family, scope string
		err := row(&chain, &family, &scope)
		if scope == "" && event.Family(family) == event.CostFamily {
			gone[chain] = beatenVoided
		}
		return err
	})
	return gone, err
}

// members returns the sessions of each group, those that this refresh changes in their new state. Members that it did
// not touch so far are added to before and after, since their share may change.
func (a *Aggregator) members(ctx context.Context, groups map[group]bool, before, after map[string]*session) (map[group][]*session, error) {
	members := map[group][]*session{}
	if len(groups) == 0 {
		return members, nil
	}
	var ids []string
	err := warehouse.Each(ctx, a.db, a.state.statement("project_sessions", "groups", groupList(groups)), func(row func(...any) error) error {
		var id string
		err := row(&id)
		if before[id] == nil && after[id] == nil {
			ids = append(ids, id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	stored, err := a.state.sessions(ctx, "session IN ("+literals(ids)+")")
	if err != nil {
		return nil, err
	}
	for id, s := range stored {
		now := *s
		before[id], after[id] = s, &now
	}
	for _, id := range slices.Sorted(maps.Keys(after)) {
		if s := after[id]; s.project != "" && groups[s.group()] {
			members[s.group()] = append(members[s.group()], s)
		}
	}
	return members, nil
}

// diffUnallocated notes which of the entries reached no session.
func (a *Aggregator) diffUnallocated(ctx context.Context, b books, touched map[string]bool, after map[string]*session, members map[group][]*session, g *generation) error {
	_, left := b.allocated(members, func(id string) bool { return after[id] != nil })
	looked := maps.Clone(touched)
	for _, e := range b.entries {
		looked[e.entry] = true
	}
	stored, err := a.state.unallocated(ctx, slices.Sorted(maps.Keys(looked)))
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(looked)) {
		old, had := stored[id]
		e, has := left[id]
		now := unallocatedRow{entry: id, area: e.area, month: e.month, cents: e.cents}
		if had == has && old == now || !had && !has {
			continue
		}
		if had {
			a.plan.addUnallocated(g.deltas, old, -1)
		}
		if has {
			a.plan.addUnallocated(g.deltas, now, +1)
		} else {
			now = old
			now.deleted = true
		}
		g.unallocated = append(g.unallocated, now)
	}
	return nil
}

// addUnallocated adds sign × the cents that reached no session, in their area and month.
func (p *plan) addUnallocated(d *deltas, u unallocatedRow, sign int64) {
	values := make([]int64, len(p.sessions))
	for i, m := range p.sessions {
		if m.of == indicator.UnallocatedCents {
			values[i] = sign * u.cents
		}
	}
	p.spread(d, &session{day: u.month, area: u.area}, values)
}

func (s store) unallocated(ctx context.Context, entries []string) (map[string]unallocatedRow, error) {
	rows, err := warehouse.Collect(ctx, s.db, s.statement("unallocated", "entries", literals(entries)),
		func(row func(...any) error) (u unallocatedRow, err error) {
			var month int32
			err = row(&u.entry, &u.area, &month, &u.cents)
			u.month = indicator.Date(month)
			return u, err
		})
	m := make(map[string]unallocatedRow, len(rows))
	for _, r := range rows {
		m[r.entry] = r
	}
	return m, err
}
