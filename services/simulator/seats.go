package simulator

import (
	"math/rand/v2"
)

// seat fills the sessions of one audience. Each person of the pool comes at least once, and how often follows a geometric
// distribution, given how many places are taken in all. Nobody comes twice on one day.
func (p *plan) seat(r *rand.Rand, t *town, segment, from int, people []person) {
	if len(people) == 0 {
		return
	}
	taken, total := p.attendances(r, segment, from)
	for tries := 0; total < len(people) && tries < 1000; tries++ {
		if p.addExtra(r, t, segment, from) {
			s := &p.sessions[len(p.sessions)-1]
			n := p.attend(r, s)
			taken, total = append(taken, n), total+n
		}
	}
	people = people[:min(len(people), total)]
	diary := diary{days: make([][2]uint64, len(people)), queue: make([]int32, 0, total)}
	for i, times := range composition(r, total, len(people)) {
		for range times {
			diary.queue = append(diary.queue, int32(i))
		}
	}
	r.Shuffle(len(diary.queue), func(i, j int) { diary.queue[i], diary.queue[j] = diary.queue[j], diary.queue[i] })
	for i, n := range taken {
		if s := &p.sessions[from+i]; s.series.segment == segment {
			p.fill(r, &diary, from+i, n, people)
		}
	}
}

// attendances draws how many come to each session from one on, 0 for those of other audiences.
func (p *plan) attendances(r *rand.Rand, segment, from int) (taken []int, total int) {
	taken = make([]int, len(p.sessions)-from)
	for i := range taken {
		if s := &p.sessions[from+i]; s.series.segment == segment {
			taken[i] = p.attend(r, s)
			total += taken[i]
		}
	}
	return taken, total
}

func (p *plan) attend(r *rand.Rand, s *session) int {
	if s.outcome == cancelled {
		return 0
	}
	return binomial(r, s.series.capacity, s.series.attendance(s.day))
}

// addExtra adds a session to a series of the audience, on a day when it has none; false if that day did not suit.
func (p *plan) addExtra(r *rand.Rand, t *town, segment, from int) bool {
	var fitting []*series
	for _, s := range p.world.series {
		if s.town == t && s.segment == segment && s.kind != &pitstoppi && s.from <= p.quarter {
			fitting = append(fitting, s)
		}
	}
	of := fitting[r.IntN(len(fitting))]
	day := p.quarter.first().AddDate(0, 0, r.IntN(88))
	if of.paused(day) {
		return false
	}
	for _, s := range p.sessions[from:] {
		if s.series == of && s.day.Equal(day) {
			return false
		}
	}
	p.sessions = append(p.sessions, newSession(r, of, day, 7))
	return true
}

// diary is who still comes, in random order, and on which days of the quarter each comes already.
type diary struct {
	queue []int32
	days  [][2]uint64
}

func (d *diary) free(who int32, day int) bool { return d.days[who][day/64]>>(day%64)&1 == 0 }

func (d *diary) take(who int32, day int) { d.days[who][day/64] |= 1 << (day % 64) }

// next takes the first of the queue who is free on a day. If all it tries are taken, it drops one of those, who has a seat
// on that day and so is not left out altogether, and returns false.
func (d *diary) next(r *rand.Rand, day int) (who int32, ok bool) {
	last := len(d.queue) - 1
	if last < 0 {
		return 0, false
	}
	for at, tries := last, 0; tries < 20; tries++ {
		if who = d.queue[at]; d.free(who, day) {
			d.take(who, day)
			d.queue[at] = d.queue[last]
			d.queue = d.queue[:last]
			return who, true
		}
		at = r.IntN(last + 1)
	}
	d.queue = d.queue[:last] // the first that was tried
	return 0, false
}

// fill seats n people in a session; sometimes one more is recorded who was not there.
func (p *plan) fill(r *rand.Rand, d *diary, at, n int, people []person) {
	s := &p.sessions[at]
	day := s.day.YearDay() - p.quarter.first().YearDay()
	s.first = int32(len(p.visits))
	for range n {
		if who, ok := d.next(r, day); ok {
			p.visits = append(p.visits, visit{person: people[who], session: int32(at)})
			s.n++
		}
	}
	if s.n > 0 && r.Float64() < p.world.cfg.Voids*float64(s.n) {
		if who := int32(r.IntN(len(people))); d.free(who, day) {
			p.visits = append(p.visits, visit{person: people[who], session: int32(at), flaw: flawGhost})
			s.n++
		}
	}
}
