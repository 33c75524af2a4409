package aggregator

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// A claim is what every fact row says of itself: which chain of events it belongs to and where it stands in the fold.
type claim struct {
	scope    string
	family   event.Family
	chain    uuid.UUID
	original bool // not a correction
	order    event.Order
}

// link names the claim's chain. Families are kept apart: an emitter that uses one id for a check-in and for a head count
// has made a conflict that is shown, but no entity of one family can stand in for one of another.
func (c claim) link() link { return link{c.family, c.chain} }

type link struct {
	family event.Family
	chain  uuid.UUID
}

type checkinFact struct {
	claim
	at        int64 // Unix milliseconds
	day       indicator.Date
	person    uuid.UUID
	party     int64
	area      string // venue_area
	home      string
	birthYear int
	ageBand   string
	sex       string
	activity  string
	provider  string
	referral  string
}

type headcountFact struct {
	claim
	counter  string
	at       int64 // Unix milliseconds
	day      indicator.Date
	area     string
	total    int64
	included bool // the count includes card holders
	activity string
	provider string
}

type calendarFact struct {
	claim
	cancelled  bool
	held       bool
	start, end time.Time // actual times where they are known
	area       string
	provider   string
	activity   string
	class      string
	venue      string
	project    string
	capacity   int64
	audience   audience
	attendance int64 // −1: not told
}

// audience is the ages that a session is for; −1 is no limit.
type audience struct{ from, to int32 }

// sessionFacts is everything that was ever said of one session, and which of its claims are not in force.
type sessionFacts struct {
	id         string
	checkins   []checkinFact
	headcounts []headcountFact
	calendar   []calendarFact
	beaten     map[link]beatenReason
	past       *pastAttendance // by check-ins that were taken away; nil if there are none
	limit      indicator.Date  // see pastBefore
}

// session is what the fold makes of a session's facts: a row of vointi_internal.sessions.
type session struct {
	id         string
	day        indicator.Date
	area       string
	activity   string
	provider   string
	project    string
	class      string // of the calendar
	venue      string // of the calendar
	held       bool
	cancelled  bool
	inCalendar bool
	heard      bool // something was told of who came, be it that nobody did
	minutes    int64
	capacity   int64
	audience   audience
	card       int64 // distinct persons
	anonymous  int64
	direct     int64 // cents
	allocated  int64 // cents
	costed     bool
	flags      []string
	persons    []uuid.UUID // sorted; of the check-ins that are left
	past       bool        // there were others
	visits     []visit     // one a person, in their order; none of a session that was stored
}

// visit is one person at one session: a row of vointi_internal.person_visits.
type visit struct {
	person    uuid.UUID
	session   string
	day       indicator.Date
	at        int64 // Unix milliseconds
	area      string
	home      string
	birthYear int
	ageBand   string
	sex       string
	activity  string
	provider  string
	referral  string // where the person was referred from; "" nowhere
	origin    origin
}

// attendance is the reconciled number of visits.
func (s *session) attendance() int64 { return s.card + s.anonymous }

// fold derives the session from its facts; nil if nothing in force speaks of it. It is a function of the set of facts:
// order and duplicates do not matter.
//
// Day and area are the calendar event's, else those of the earliest check-in or count. Card visits are distinct persons.
// Head counts are summed over counters; one that includes card holders gives max(count, card visits), another is
// added. Everybody beyond the card visits is anonymous. Attendance reported with .held counts only without a head count.
func (f *sessionFacts) fold(zone *time.Location) *session {
	checkins := f.inForce(zone)
	counts := f.counts()
	if len(f.calendar) == 0 && len(checkins) == 0 && len(counts) == 0 && f.past == nil {
		return nil
	}
	s := &session{id: f.id, audience: audience{-1, -1}, past: f.past != nil}
	attendance := int64(-1)
	if len(f.calendar) > 0 {
		attendance = s.applyCalendar(f.planned(), zone)
	} else {
		s.applyEarliest(f.past, checkins, counts)
	}
	s.heard = s.past || len(checkins)+len(counts) > 0 || attendance >= 0
	s.reconcile(f.past, checkins, counts, max(attendance, 0))
	s.settle()
	return s
}

// inForce returns the check-ins in force that are not past: the latest of each chain, sorted by the fold.
func (f *sessionFacts) inForce(zone *time.Location) []checkinFact {
	checkins := latest(f.checkins, f.beaten, func(c *checkinFact) (*claim, uuid.UUID) { return &c.claim, c.chain })
	before := f.pastBefore(zone)
	return slices.DeleteFunc(checkins, func(c checkinFact) bool { return c.day < before })
}

// planned is what the calendar says last of the session, which it must know.
func (f *sessionFacts) planned() *calendarFact {
	return &latest(f.calendar, nil, func(c *calendarFact) (*claim, string) { return &c.claim, "" })[0]
}

func (c *calendarFact) day(zone *time.Location) indicator.Date {
	return indicator.DateOf(c.start.In(zone))
}

// counts returns the head counts in force: of the latest of each chain, which a correction may have given to another counter, the
// latest of each counter, and none of a counter whose count was voided.
func (f *sessionFacts) counts() []headcountFact {
	voided := map[string]bool{}
	for _, h := range f.headcounts {
		if f.beaten[h.link()] == beatenVoided {
			voided[h.counter] = true
		}
	}
	chains := latest(f.headcounts, f.beaten, func(h *headcountFact) (*claim, uuid.UUID) { return &h.claim, h.chain })
	counts := latest(chains, nil, func(h *headcountFact) (*claim, string) { return &h.claim, h.counter })
	return slices.DeleteFunc(counts, func(h headcountFact) bool { return voided[h.counter] })
}

// latest returns, for each key, the row in force that comes last in the fold, sorted by the fold.
func latest[F any, K comparable](rows []F, beaten map[link]beatenReason, of func(*F) (*claim, K)) []F {
	winners := make(map[K]int, len(rows))
	for i := range rows {
		c, key := of(&rows[i])
		if len(beaten) > 0 && beaten[c.link()] != 0 {
			continue
		}
		if w, ok := winners[key]; ok {
			if wc, _ := of(&rows[w]); !event.Less(wc.order, c.order) {
				continue
			}
		}
		winners[key] = i
	}
	order := slices.AppendSeq(make([]int, 0, len(winners)), maps.Values(winners))
	slices.SortFunc(order, func(a, b int) int {
		ac, _ := of(&rows[a])
		bc, _ := of(&rows[b])
		if event.Less(ac.order, bc.order) {
			return -1
		}
		return 1
	})
	out := make([]F, len(order))
	for i, row := range order {
		out[i] = rows[row]
	}
	return out
}

func (s *session) applyCalendar(c *calendarFact, zone *time.Location) (attendance int64) {
	s.inCalendar = true
	s.cancelled, s.held = c.cancelled, c.held
	s.day = c.day(zone)
	s.area, s.activity, s.provider, s.project, s.class, s.venue = c.area, c.activity, c.provider, c.project, c.class, c.venue
	s.capacity, s.audience = c.capacity, c.audience
	if c.end.After(c.start) {
		s.minutes = int64(c.end.Sub(c.start) / time.Minute)
	}
	return c.attendance
}

// applyEarliest places a session that no calendar knows by the first thing that happened there.
func (s *session) applyEarliest(past *pastAttendance, checkins []checkinFact, counts []headcountFact) {
	first := int64(math.MaxInt64)
	if past != nil {
		first = past.at
		s.day, s.area, s.activity, s.provider = past.day, past.area, past.activity, past.provider
	}
	for _, c := range checkins {
		if c.at < first {
			first = c.at
			s.day, s.area, s.activity, s.provider = c.day, c.area, c.activity, c.provider
		}
	}
	for _, h := range counts {
		if h.at < first {
			first = h.at
			s.day, s.area, s.activity, s.provider = h.day, h.area, h.activity, h.provider
		}
	}
}

func (s *session) reconcile(past *pastAttendance, checkins []checkinFact, counts []headcountFact, attendance int64) {
	extras := s.addVisits(checkins)
	if past != nil {
		s.card += past.card
		extras += past.extras
	}
	var including, excluding int64
	counted := false
	for _, h := range counts {
		if h.included {
			including += h.total
			counted = true
		} else {
			excluding += h.total
		}
	}
	if len(counts) == 0 {
		including = attendance
	}
	if counted && including < s.card {
		s.flags = append(s.flags, "headcount_below_cards")
	}
	s.anonymous = max(including, s.card+extras) + excluding - s.card
}

// addVisits makes one visit of each person's check-ins, the last in time, and returns how many unnamed people came with
// them.
func (s *session) addVisits(checkins []checkinFact) (extras int64) {
	order := make([]int, len(checkins))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(compareUUID(checkins[a].person, checkins[b].person), cmp.Compare(checkins[a].at, checkins[b].at), a-b)
	})
	for i, row := range order {
		c := &checkins[row]
		if i+1 < len(order) && checkins[order[i+1]].person == c.person {
			continue
		}
		extras += max(c.party, 1) - 1
		s.visits = append(s.visits, visit{
			person: c.person, session: s.id, day: s.day, at: c.at, area: s.area, home: c.home, birthYear: c.birthYear,
			ageBand: c.ageBand, sex: c.sex, activity: s.activity, provider: s.provider, referral: c.referral,
		})
		s.persons = append(s.persons, c.person)
	}
	s.card = int64(len(s.persons))
	return extras
}

// settle decides whether the session took place: with anybody present it did, whatever the calendar says.
func (s *session) settle() {
	if s.attendance() == 0 {
		s.held = s.held && !s.cancelled
		return
	}
	if s.cancelled {
		s.flags = append(s.flags, "cancelled_with_attendance")
	}
	s.held, s.cancelled = true, false
}

func compareUUID(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }

func (s *session) addPersonsTo(set map[uuid.UUID]bool) {
	if s == nil {
		return
	}
	for _, p := range s.persons {
		set[p] = true
	}
}
