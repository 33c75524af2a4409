package simulator

import (
	"math"
	"math/rand/v2"

	"vointi.fi/pkg/event"
)

// action is an event to be published at an instant; the event is made only then.
type action struct {
	at    int64 // Unix milliseconds
	maker maker
	what  what
	index int32
}

// maker makes the event of an action from what was planned.
type maker interface {
	make(what what, index int) (*event.Event, error)
}

// what is made of the planned thing with the action's index.
type what uint8

const (
	sessionAnnounced what = iota
	sessionUpdated
	sessionCancelled
	sessionHeld
	headsCounted
	headsCorrected
	headsDoubled
	headsVoided
	checkedIn
	checkedInAgain // the same card at the same session, with another id
	checkinCorrected
	checkinVoided
	costEntered
	costReversed
	waveOpened
	waveAnswered
	waveClosed
	periodClosed
	populationCounted
	areaDescribed
	targetSet
	feedbackGiven
	civicEvent
	cardIssued
)

// actions lists all that a plan has to publish.
func (p *plan) actions(add func(action)) {
	put := func(at int64, what what, index int) { add(action{at, p, what, int32(index)}) }
	for i := range p.sessions {
		p.sessionActions(put, i)
		p.headActions(put, i)
	}
	var r *rand.Rand
	var of *town
	for i := range p.visits {
		if t := p.sessions[p.visits[i].session].series.town; t != of {
			r, of = source(p.world.cfg.Seed, drawFate, uint64(p.quarter), t.word), t
		}
		p.visitActions(r, put, i)
	}
	for i := range p.costs {
		put(p.costs[i].posted, costEntered, i)
		if p.costs[i].reversed != 0 {
			put(p.costs[i].reversed, costReversed, i)
		}
	}
}

func (p *plan) sessionActions(put func(int64, what, int), i int) {
	s := &p.sessions[i]
	put(s.announced, sessionAnnounced, i)
	if s.updated != 0 {
		put(s.updated, sessionUpdated, i)
	}
	if s.outcome == held {
		put(s.ended, sessionHeld, i)
	} else {
		put(s.ended, sessionCancelled, i)
	}
}

func (p *plan) headActions(put func(int64, what, int), i int) {
	h := &p.sessions[i].head
	if h.total < 0 {
		return
	}
	put(h.at, headsCounted, i)
	if h.fixed != 0 {
		put(h.fixed, headsCorrected, i)
	}
	if h.double != 0 {
		put(h.double, headsDoubled, i)
		put(h.undone, headsVoided, i)
	}
}

// visitActions publishes a check-in: most at once and once, some late, twice, or with another id again.
func (p *plan) visitActions(r *rand.Rand, put func(int64, what, int), i int) {
	cfg, v := &p.world.cfg, &p.visits[i]
	at := p.checkinTime(v)
	published := at
	if r.Float64() < cfg.Late {
		published += lateness(r)
	}
	put(published, checkedIn, i)
	if r.Float64() < cfg.Duplicates {
		put(published+between(r, 1, 2*24*60)*minute, checkedIn, i)
	}
	if v.flaw != flawGhost && r.Float64() < cfg.Duplicates/4 {
		put(at+10*minute, checkedInAgain, i)
	}
	if v.flaw != flawGhost && unit(p.fate(v, drawFeedback)) < feedbackShare {
		put(p.feedbackTime(v), feedbackGiven, i)
	}
	switch v.flaw {
	case flawGhost:
		put(at+int64(v.fixed)*second, checkinVoided, i)
	case flawTime, flawYear, flawSession:
		put(at+int64(v.fixed)*second, checkinCorrected, i)
	}
}

// lateness is at least a day, about a week, and at most 45 days.
func lateness(r *rand.Rand) int64 {
	days := min(1+6*r.ExpFloat64(), 45)
	return int64(math.Round(days * float64(aDay)))
}

func (p *plan) checkinTime(v *visit) int64 {
	return p.sessions[v.session].start + int64(v.after)*second
}
