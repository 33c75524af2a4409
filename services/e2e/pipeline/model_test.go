package pipeline_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/event"
)

// model is the naive account of what indicators must say, from all events ever sent, in any order. It shares no code with
// the aggregator: it folds every entity by itself and counts with maps, each time from the beginning.
type model struct{ events map[string]*event.Event }

func newModel() *model { return &model{events: map[string]*event.Event{}} }

// add takes events in; the same event twice is one.
func (m *model) add(events ...*event.Event) {
	for _, e := range events {
		m.events[fmt.Sprintf("%s\x00%s\x00%s\x00%s\x00%s", e.Source, e.ID, e.Type, e.Time, e.Data)] = e
	}
}

// all are all events ever sent, in some fixed order.
func (m *model) all() (events []*event.Event) {
	for _, k := range slices.Sorted(maps.Keys(m.events)) {
		events = append(events, m.events[k])
	}
	return events
}

// erases tells whether anybody asked to be forgotten.
func (m *model) erases() bool { return len(m.until()) > 0 }

// until returns up to when which pseudonyms are forgotten. All that were ever linked are one person, whether the link itself is
// forgotten or not.
func (m *model) until() map[string]time.Time {
	until := map[string]time.Time{}
	same := m.persons()
	for _, e := range m.events {
		if r, ok := e.Payload.(*event.Erasure); ok {
			for _, p := range stormPeople {
				if same(p) == same(r.PersonPseudonym) && until[p].Before(e.Time) {
					until[p] = e.Time
				}
			}
		}
	}
	return until
}

// remembered is the account without what was erased: all that speaks of forgotten persons, up to their time, and all of the
// check-ins in which they had a part by that, whoever else it names.
func (m *model) remembered() *model {
	until := m.until()
	covered := func(e *event.Event) bool {
		return slices.ContainsFunc(e.Persons(nil), func(p string) bool { return !until[p].IsZero() && !e.Time.After(until[p]) })
	}
	parts := map[event.Identity]bool{}
	for _, e := range m.events {
		if e.Family() == event.CheckinFamily && covered(e) {
			parts[e.Chain()] = true
		}
	}
	rest := newModel()
	for k, e := range m.events {
		_, asks := e.Payload.(*event.Erasure)
		if !asks && !covered(e) && !(e.Family() == event.CheckinFamily && parts[e.Chain()]) {
			rest.events[k] = e
		}
	}
	return rest
}

// gone are the forgotten of whom no event is left.
func (m *model) gone() []string {
	until := m.until()
	for _, e := range m.remembered().events {
		for _, p := range e.Persons(nil) {
			delete(until, p)
		}
	}
	return slices.Sorted(maps.Keys(until))
}

// order is the fold of the contract, written out once more.
func order(a, b *event.Event) int {
	seq := func(e *event.Event) int64 {
		if c, ok := e.Payload.(*event.Calendar); ok {
			return c.Sequence
		}
		return 0
	}
	return cmp.Or(cmp.Compare(seq(a), seq(b)), a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Hash(), b.Hash()))
}

// inForce returns, for each chain of a family, the event that counts.
func (m *model) inForce(family event.Family) []*event.Event {
	chains := map[event.Identity][]*event.Event{}
	for _, e := range m.events {
		if e.Family() == family {
			chains[e.Chain()] = append(chains[e.Chain()], e)
		}
	}
	var out []*event.Event
	for _, chain := range chains {
		original, voided := false, false
		for _, e := range chain {
			_, void := e.Payload.(*event.Void)
			voided = voided || void
			original = original || e.Original() == nil
		}
		if original && !voided {
			out = append(out, slices.MaxFunc(chain, order))
		}
	}
	slices.SortFunc(out, order)
	return out
}

// voidedCounters returns the (session, counter) pairs of which any head count was voided.
func (m *model) voidedCounters() map[[2]string]bool {
	voided := map[event.Identity]bool{}
	for _, e := range m.events {
		if e.Type == event.HeadcountVoided {
			voided[e.Chain()] = true
		}
	}
	out := map[[2]string]bool{}
	for _, e := range m.events {
		if h, ok := e.Payload.(*event.Headcount); ok && voided[e.Chain()] {
			out[[2]string{h.SessionID, h.Counter}] = true
		}
	}
	return out
}

// persons returns who a pseudonym is: any one of those it is linked with, always the same.
func (m *model) persons() func(string) string {
	group := map[string]string{}
	of := func(p string) string {
		if group[p] == "" {
			return p
		}
		return group[p]
	}
	for _, e := range m.events {
		if r, ok := e.Payload.(*event.Rekey); ok {
			into, from := of(r.NewPseudonym), of(r.OldPseudonym)
			for _, p := range stormPeople {
				if of(p) == from {
					group[p] = into
				}
			}
		}
	}
	return of
}

type modelSession struct {
	day, area       string
	first           time.Time
	inCalendar      bool
	held, cancelled bool
	attendance      int  // reported with held
	told            bool // it was
	cards           map[string]int
	counts          map[string]*event.Headcount
}

func day(t time.Time) string {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return t.In(zone).Format(time.DateOnly)
}

// sessions folds everything into sessions.
func (m *model) sessions() map[string]*modelSession {
	sessions := map[string]*modelSession{}
	of := func(id string) *modelSession {
		if sessions[id] == nil {
			sessions[id] = &modelSession{cards: map[string]int{}, counts: map[string]*event.Headcount{}}
		}
		return sessions[id]
	}
	at := func(s *modelSession, t time.Time, area string) {
		if s.first.IsZero() || t.Before(s.first) {
			s.first, s.day, s.area = t, day(t), area
		}
	}
	same := m.persons()
	checkins := m.inForce(event.CheckinFamily)
	slices.SortStableFunc(checkins, func(a, b *event.Event) int { // of a person's check-ins to a session the last in time counts
		return a.Payload.(*event.Checkin).CheckedInAt.Compare(b.Payload.(*event.Checkin).CheckedInAt)
	})
	for _, e := range checkins {
		c := e.Payload.(*event.Checkin)
		s := of(c.SessionID)
		s.cards[same(c.PersonPseudonym)] = max(c.PartySize, 1) - 1
		at(s, c.CheckedInAt, c.VenueArea)
	}
	voided := m.voidedCounters()
	for _, e := range m.inForce(event.HeadcountFamily) {
		h := e.Payload.(*event.Headcount)
		if !voided[[2]string{h.SessionID, h.Counter}] {
			of(h.SessionID).counts[h.Counter] = h // sorted, so the last wins
		}
	}
	for _, s := range sessions {
		for _, h := range s.counts {
			at(s, h.CountedAt, h.VenueArea)
		}
	}
	last := map[string]*event.Event{}
	for _, e := range m.events {
		if c, ok := e.Payload.(*event.Calendar); ok && (last[c.EventID] == nil || order(last[c.EventID], e) < 0) {
			last[c.EventID] = e
		}
	}
	for id, e := range last {
		c, s := e.Payload.(*event.Calendar), of(id)
		s.inCalendar = true
		s.cancelled = e.Type == event.CalendarCancelled || c.Status == "cancelled"
		s.held = e.Type == event.CalendarHeld || c.Status == "held"
		s.area, s.day = c.Area, day(c.Start)
		if !c.ActualStart.IsZero() {
			s.day = day(c.ActualStart)
		}
		if c.Attendance != nil {
			s.attendance, s.told = *c.Attendance, true
		}
	}
	return sessions
}

func (s *modelSession) visits() int {
	extras, in, out := 0, 0, 0
	for _, n := range s.cards {
		extras += n
	}
	for _, h := range s.counts {
		if h.IncludesCardHolders {
			in += h.Total
		} else {
			out += h.Total
		}
	}
	if len(s.counts) == 0 {
		in = s.attendance
	}
	return max(in, len(s.cards)+extras) + out
}

// counts returns what cells must hold by "measure area day-or-month" as of a day, zeros left out.
func (m *model) counts(today string) []string {
	m = m.remembered()
	sums := map[string]int{}
	for _, s := range m.sessions() {
		for _, period := range []string{s.day, s.day[:7] + "-01 month"} {
			key := func(measure string) string { return measure + " " + s.area + " " + period }
			sums[key("visits")] += s.visits()
			if s.inCalendar && (s.held && !s.cancelled || s.visits() > 0) {
				sums[key("sessions_held")]++
			}
			if len(period) > len("2024-03-05") {
				sums[key("anonymous")] += s.visits() - len(s.cards)
			}
		}
	}
	m.addSilent(sums, today)
	m.addParticipants(sums)
	maps.DeleteFunc(sums, func(_ string, n int) bool { return n == 0 })
	var lines []string
	for k, n := range sums {
		lines = append(lines, fmt.Sprintf("%s = %d", k, n))
	}
	slices.Sort(lines)
	return lines
}

// addParticipants counts the persons of each month in the area of their last visit.
func (m *model) addParticipants(sums map[string]int) {
	type at struct{ person, month string }
	last := map[at]*event.Event{}
	sessions, same := m.sessions(), m.persons()
	later := func(a, b *event.Event) bool {
		x, y := a.Payload.(*event.Checkin), b.Payload.(*event.Checkin)
		return cmp.Or(cmp.Compare(sessions[x.SessionID].day, sessions[y.SessionID].day), x.CheckedInAt.Compare(y.CheckedInAt),
			cmp.Compare(x.SessionID, y.SessionID)) < 0
	}
	// of several check-ins of a person at one session the last in time counts
	for _, e := range m.inForce(event.CheckinFamily) {
		c := e.Payload.(*event.Checkin)
		k := at{same(c.PersonPseudonym), sessions[c.SessionID].day[:7]}
		if last[k] == nil || later(last[k], e) {
			last[k] = e
		}
	}
	for k, e := range last {
		sums["participants "+sessions[e.Payload.(*event.Checkin).SessionID].area+" "+k.month+"-01 month"]++
	}
}

// describe lists all events, for the message of a failure.
func (m *model) describe() string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(m.events)) {
		e := m.events[k]
		fmt.Fprintf(&b, "%s %s %s %s\n", e.ID, e.Type, e.Time.Format(time.RFC3339), e.Data)
	}
	return b.String()
}
