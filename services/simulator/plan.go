package simulator

import (
	"math/rand/v2"
	"time"
)

// plan is all that happens around the sessions of one quarter: a compact list of sessions, visits and costs. Events are
// made from it one by one, when their turn comes.
type plan struct {
	world    *world
	quarter  quarter
	sessions []session
	visits   []visit // those of a session stand together
	costs    []cost
	pools    map[*town]*pool // who comes
}

type outcome uint8

const (
	held outcome = iota
	cancelled
	cancelledTooLate // cancelled in the calendar while people were coming
)

type session struct {
	series    *series
	id        string
	day       time.Time // local midnight
	start     int64     // Unix milliseconds, like all instants here
	announced int64
	updated   int64 // 0: never
	ended     int64 // of cancellation, or of the report that it was held
	shift     int64 // the update moved the start by this
	outcome   outcome
	first, n  int32 // visits
	head      headcount
}

func (s *session) end() int64 { return s.start + s.series.kind.length.Milliseconds() }

type headcount struct {
	at       int64
	total    int // -1: nobody counts
	mistaken int // what was reported first, if corrected
	fixed    int64
	double   int64 // when a second counter reported by mistake
	undone   int64 // … and took it back
}

type visit struct {
	person  person
	session int32
	flaw    flaw
	party   int8
	after   int32 // seconds from the session's start to check-in
	wrong   int32 // flawSession: where it was recorded at first
	fixed   int32 // seconds from check-in to correction or void
}

type flaw uint8

const (
	flawless    flaw = iota
	flawTime         // recorded at a wrong time, corrected
	flawYear         // recorded with a wrong birth year, corrected
	flawSession      // recorded for another session on the day before, corrected on the same evening
	flawGhost        // was not there; voided on the same evening
)

// plan lays out a quarter. It is the same whatever days the history covers.
func (w *world) plan(q quarter) *plan {
	p := &plan{world: w, quarter: q, pools: w.pools(q)}
	for _, t := range w.towns {
		r := source(w.cfg.Seed, drawPlan, uint64(q), t.word)
		from := len(p.sessions)
		p.schedule(r, t)
		for segment := range segments {
			p.seat(r, t, segment, from, p.pools[t][segment])
		}
		for i := from; i < len(p.sessions); i++ {
			p.countHeads(r, &p.sessions[i])
		}
		p.flaws(r, from)
		p.bill(source(w.cfg.Seed, drawCost, uint64(q), t.word), t, from)
	}
	return p
}

// schedule lists the sessions of a town, series by series.
func (p *plan) schedule(r *rand.Rand, t *town) {
	end := (p.quarter + 1).first()
	for _, s := range p.world.series {
		if s.town != t {
			continue
		}
		for day := p.quarter.first(); day.Before(end); day = day.AddDate(0, 0, 1) {
			if s.on(day) {
				p.sessions = append(p.sessions, newSession(r, s, day, s.lead))
			}
		}
	}
}

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	aDay   = 24 * hour
)

// newSession draws what becomes of a session: most are held as announced.
func newSession(r *rand.Rand, of *series, day time.Time, lead int) session {
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, int(of.start.Minutes()), 0, 0, helsinki)
	s := session{
		series: of, id: of.code + "-" + day.Format("2006-01-02"), day: day, start: at.UnixMilli(),
		head: headcount{total: -1},
	}
	s.announced = s.start - int64(lead)*aDay - between(r, 0, 4*hour/minute)*minute
	last := s.announced
	if r.Float64() < 0.06 {
		s.updated = between(r, last+hour, s.start-6*hour)
		last = s.updated
		if r.Float64() < 0.7 {
			s.shift = 30 * minute
		}
	}
	switch draw := r.Float64(); {
	case draw < 0.04:
		s.outcome, s.ended = cancelled, between(r, last+minute, s.start-hour)
	case draw < 0.043:
		s.outcome, s.ended = cancelledTooLate, s.start+between(r, 10, 40)*minute
	default:
		s.ended = s.end() + between(r, 5, 120)*minute
	}
	return s
}

// countHeads draws how many come without a card, and what the head counts say.
func (p *plan) countHeads(r *rand.Rand, s *session) {
	if s.series.counting == byCard || s.outcome != held {
		return
	}
	h, cards := &s.head, int(s.n)
	free := max(0, s.series.capacity-cards)
	switch s.series.counting {
	case headOnly:
		h.total = binomial(r, free, s.series.attendance(s.day))
	case inclusive:
		h.total = cards + binomial(r, free, 0.3)
		if cards > 2 && r.Float64() < 0.02 {
			h.total = cards - 1 // someone was overlooked
		}
	default:
		h.total = binomial(r, free, 0.3)
	}
	h.at = s.start + s.series.kind.length.Milliseconds()/2
	switch draw := r.Float64(); {
	case draw < 0.02:
		h.mistaken, h.fixed = h.total+1+r.IntN(20), h.at+between(r, 60, 4000)*minute
	case draw < 0.025:
		h.double = h.at + 5*minute
		h.undone = h.double + between(r, 1, 60)*minute
	}
}

// flaws spoils a few check-ins of the sessions from one on.
func (p *plan) flaws(r *rand.Rand, from int) {
	cfg := p.world.cfg
	for i := from; i < len(p.sessions); i++ {
		s := &p.sessions[i]
		for j := s.first; j < s.first+s.n; j++ {
			v := &p.visits[j]
			v.after = int32(between(r, -600, 900))
			if s.series.segment == 0 && s.series.counting == byCard && r.Float64() < 0.05 {
				v.party = int8(2 + r.IntN(2))
			}
			if v.flaw == flawGhost {
				v.fixed = int32(between(r, 600, 2*3600))
			} else if r.Float64() < cfg.Corrections {
				p.spoil(r, v, from)
			}
		}
	}
}

// spoil makes a check-in wrong at first.
func (p *plan) spoil(r *rand.Rand, v *visit, from int) {
	v.flaw, v.fixed = flawTime, int32(between(r, 600, 4*86400))
	switch r.IntN(3) {
	case 0:
		v.flaw = flawYear
	case 1:
		here := &p.sessions[v.session]
		for range 50 {
			i := from + r.IntN(len(p.sessions)-from)
			other := &p.sessions[i]
			if other.outcome == held && other.series.counting != headOnly && other.day.AddDate(0, 0, 1).Equal(here.day) {
				v.flaw, v.wrong = flawSession, int32(i)
				v.fixed = int32(between(r, 600, 2*3600))
				return
			}
		}
	}
}
