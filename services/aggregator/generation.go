package aggregator

import (
	"cmp"
	"slices"
	"strings"

	"vointi.fi/pkg/indicator"
)

// generation is everything that one refresh writes.
type generation struct {
	number  uint64
	head    head
	deltas  *deltas
	periods periods // whose cells change
	erasure bool    // of what it takes in
	fed     bool    // it may move the first quarter of something, see noteFed
	amended bool    // claims were corrected, voided or moved

	beaten      []beatenRow
	sessions    []sessionRow
	visits      []visitRow
	cells       []cell
	unallocated []unallocatedRow
	bookings    []bookingRow
	referrals   []referralRow
	answers     []answerRow
	postings    []postingRow
	shifts      []shiftRow
	silences    []silenceRow
	schedules   schedules // those that changed
	pseudonyms  []pseudonymRow
	cards       []cardRow
	holders     tenures // by how many there are more
	linked      links   // if they changed

	pastCells      []cell
	pastAttendance []pastAttendance
	pastPersons    []pastPerson
}

// sessionRow is a session to write, with the stored one that it replaces.
type sessionRow struct {
	*session
	before  *session
	deleted bool
}

type visitRow struct {
	visit
	deleted bool
}

type cell struct {
	key   cellKey
	value int64
}

type unallocatedRow struct {
	entry   string
	area    string
	month   indicator.Date
	cents   int64
	deleted bool
}

// addVisits adds what changed between two lists of one person's visits.
func (g *generation) addVisits(before, after []visit) {
	old := make(map[string]visit, len(before))
	for _, v := range before {
		old[v.session] = v
	}
	for _, v := range after {
		o, ok := old[v.session]
		if !ok || o != v {
			g.visits = append(g.visits, visitRow{visit: v})
			g.refer(o, v)
		}
		delete(old, v.session)
	}
	for _, v := range old {
		g.visits = append(g.visits, visitRow{visit: v, deleted: true})
		g.refer(v, visit{})
	}
}

// equal reports whether two sessions have the same row.
func (s *session) equal(o *session) bool {
	return s.sameTraits(o) && s.held == o.held && s.cancelled == o.cancelled && s.inCalendar == o.inCalendar && s.heard == o.heard &&
		s.project == o.project && s.class == o.class && s.venue == o.venue && s.minutes == o.minutes && s.capacity == o.capacity && s.audience == o.audience && s.card == o.card &&
		s.anonymous == o.anonymous && s.direct == o.direct && s.allocated == o.allocated && s.costed == o.costed &&
		slices.Equal(s.flags, o.flags) && s.past == o.past && slices.Equal(s.persons, o.persons)
}

// sameTraits reports whether both exist and give their visits the same day, area, activity type and provider.
func (s *session) sameTraits(o *session) bool {
	if s == nil || o == nil {
		return s == o
	}
	return s.day == o.day && s.area == o.area && s.activity == o.activity && s.provider == o.provider
}

func joined(parts []string) string { return strings.Join(parts, ",") }

func compareCells(a, b cell) int {
	x, y := a.key, b.key
	return cmp.Or(cmp.Compare(x.period, y.period), cmp.Compare(x.start, y.start), cmp.Compare(x.area, y.area),
		cmp.Compare(x.measure, y.measure), cmp.Compare(x.facet, y.facet))
}
