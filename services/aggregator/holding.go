package aggregator

import (
	"context"
	"maps"
	"slices"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// What registers post depends on the sessions of their entries, too: a partner is active by what it offers, a meeting place
// by what happens there. So each held session of the calendar is remembered twice among the postings, by who offered it and
// by where it was, as an amount of no measure.

// holdings returns what is remembered of a session.
func (s *session) holdings() []posting {
	if s == nil || !s.held || !s.inCalendar {
		return nil
	}
	var list []posting
	for family, of := range s.registered() {
		k := postingKey{family: event.CalendarFamily, scope: holder(family, of), entity: s.id, from: s.day}
		list = append(list, posting{postingKey: k, until: s.day + 1, areas: s.area, value: 1})
	}
	return list
}

// registered returns the entries of registers that a session belongs to, by their family.
func (s *session) registered() map[event.Family]string {
	of := map[event.Family]string{}
	if s.provider != "" {
		of[event.PartnerFamily] = s.provider
	}
	if s.venue != "" {
		of[event.VenueFamily] = s.venue
	}
	return of
}

// holder is the scope under which the sessions of an entry of a register are remembered.
func holder(family event.Family, entry string) string { return string(family) + "/" + entry }

// diffHoldings notes which held sessions came, went or moved, and marks the entries of registers that they belong to.
func (a *Aggregator) diffHoldings(w *work, before, after map[string]*session, g *generation) {
	for id := range union(before, after) {
		old, now := keyed(before[id].holdings()), keyed(after[id].holdings())
		if maps.Equal(old, now) {
			continue
		}
		a.plan.addPostings(g.deltas, old, now, g) // of no measure, so no cell changes
		for _, s := range []*session{before[id], after[id]} {
			if s != nil {
				for family, entry := range s.registered() {
					w.notePosting(family, entry)
				}
			}
		}
	}
}

func keyed(list []posting) postings {
	ps := postings{}
	for _, x := range list {
		ps[x.postingKey] = x
	}
	return ps
}

// held returns the days of the sessions of some entries of a register, sorted, by the entry's scope; of a refresh as g leaves them.
func (s store) held(ctx context.Context, family event.Family, entries []string, g *generation) (map[string][]indicator.Date, error) {
	scopes := map[string]string{}
	for _, entry := range entries {
		scopes[holder(family, entry)] = entry
	}
	sessions := postings{}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(scopes)), 2000) {
		where := "family = " + quote(string(event.CalendarFamily)) + " AND scope IN (" + literals(part) + ")"
		if err := warehouse.Each(ctx, s.db, s.statement("postings", "where", where), sessions.read(event.CalendarFamily)); err != nil {
			return nil, err
		}
	}
	for _, row := range g.postings {
		if row.deleted {
			delete(sessions, row.postingKey)
		} else if row.family == event.CalendarFamily && scopes[row.scope] != "" {
			sessions[row.postingKey] = row.posting
		}
	}
	days := map[string][]indicator.Date{}
	for k := range sessions {
		days[scopes[k.scope]] = append(days[scopes[k.scope]], k.from)
	}
	for _, of := range days {
		slices.Sort(of)
	}
	return days, nil
}

// addHeld adds what entries of a register post by their sessions.
func (ps postings) addHeld(days map[string][]indicator.Date) {
	for _, x := range slices.Collect(maps.Values(ps)) {
		switch {
		case x.measure == indicator.RegisterEntries && x.attribute == "":
			ps.addActive(x, days[x.scope])
		case x.measure == indicator.MeetingPlaceSessions:
			delete(ps, x.postingKey)
			ps.addMonths(x, days[x.scope])
		}
	}
}

// addActive posts a partner as active, while its entry is valid, for the twelve months that begin with a session.
func (ps postings) addActive(x posting, days []indicator.Date) {
	x.measure = indicator.ActivePartners
	valid := x.until
	for i := 0; i < len(days); {
		from, until := days[i], days[i].AddMonths(12)
		for i++; i < len(days) && days[i] <= until; i++ {
			until = days[i].AddMonths(12)
		}
		stretch := x
		stretch.from, stretch.until = max(from, x.from), min(until, valid)
		if stretch.from < stretch.until {
			ps[stretch.postingKey] = stretch
		}
	}
}

// addMonths posts the number of sessions at a meeting place in each month, on its first day.
func (ps postings) addMonths(x posting, days []indicator.Date) {
	for _, day := range days {
		month := x
		month.from = indicator.Month.First(day)
		month.until = month.from + 1
		month.value += ps[month.postingKey].value
		ps[month.postingKey] = month
	}
}
