package aggregator

import (
	"slices"

	"vointi.fi/pkg/indicator"
)

// sessionValue returns what a session adds to a measure; anonymous says that it is the part of a measure of persons for
// which age and sex are unknown.
func sessionValue(m indicator.Measure) (value func(*session) int64, anonymous bool) {
	base, _, _ := m.Condition()
	conditions := m.Conditions()
	is := func(s *session) bool { return meets(s, conditions) }
	switch base {
	case indicator.Visits, indicator.VisitSquares:
		return counting(is, func(s *session) int64 { return s.anonymous }), true
	case indicator.AnonymousVisits:
		return counting(is, func(s *session) int64 { return s.anonymous }), false
	case indicator.CardVisits:
		return counting(is, func(s *session) int64 { return s.card }), false
	case indicator.UnallocatedCents, indicator.SessionsSilent, indicator.SessionsUnheard: // see addUnallocated and addSilence
		return func(*session) int64 { return 0 }, false
	case indicator.SessionsHeld: // by audience: see addAudience
		return counting(is, one(func(s *session) bool { return s.inCalendar && s.held })), false
	case indicator.SessionsCancelled:
		return counting(is, one(func(s *session) bool { return s.inCalendar && s.cancelled })), false
	case indicator.SessionsPlanned:
		return counting(is, one(func(s *session) bool { return s.inCalendar && (s.held || s.cancelled) })), false
	case indicator.SessionsFull:
		return counting(is, one(func(s *session) bool { return s.inCalendar && s.held && s.capacity > 0 && s.attendance() >= s.capacity })), false
	}
	return ratioValue(m), false
}

// counting counts of the sessions that is admits.
func counting(is func(*session) bool, value func(*session) int64) func(*session) int64 {
	return func(s *session) int64 {
		if !is(s) {
			return 0
		}
		return value(s)
	}
}

// one counts sessions.
func one(of func(*session) bool) func(*session) int64 {
	return func(s *session) int64 {
		if of(s) {
			return 1
		}
		return 0
	}
}

// ratioValue returns a session's part in one of the sums of a ratio measure; nil if m is none.
func ratioValue(m indicator.Measure) func(*session) int64 {
	for base, of := range ratios {
		i := slices.Index(base.Parts(), m)
		if i < 0 {
			continue
		}
		return func(s *session) int64 {
			if c, v, ok := of(s); ok {
				return [...]int64{1, c, v, c * c, v * v, c * v}[i]
			}
			return 0
		}
	}
	return nil
}

// ratios gives numerator and denominator of one session, if it belongs to the ratio.
var ratios = map[indicator.Measure]func(*session) (c, v int64, ok bool){
	indicator.Occupancy: func(s *session) (int64, int64, bool) {
		return s.attendance(), s.capacity, s.held && s.capacity > 0
	},
	indicator.CostPerVisit: func(s *session) (int64, int64, bool) {
		return s.direct + s.allocated, s.attendance(), s.costed
	},
	indicator.CostPerHour: func(s *session) (int64, int64, bool) {
		return s.direct + s.allocated, s.attendance() * s.minutes, s.costed && s.minutes > 0
	},
}

// addSession adds sign × what the session contributes.
func (p *plan) addSession(d *deltas, s *session, sign int64) {
	values := make([]int64, len(p.sessions))
	for i := range p.sessions {
		values[i] = sign * p.sessions[i].value(s)
	}
	p.spread(d, s, values)
}

// spread adds values, one for each measure of sessions, to every period, area and member that the session is part of.
func (p *plan) spread(d *deltas, s *session, values []int64) {
	for i, t := range indicator.PeriodTypes {
		if !slices.ContainsFunc(p.sessions, func(m sessionMeasure) bool { return m.column[i] >= 0 }) {
			continue
		}
		for _, start := range t.Starts(s.day) {
			for _, area := range p.path(s.area) {
				b := d[i].at(spot{start, area})
				p.addTotals(b, i, values)
				if t.Detailed() {
					p.addMembers(b, i, s, values)
					p.addAudience(b, i, s, values)
				}
			}
		}
	}
}

// addTotals adds to the cells without a dimension: what is known as a total only, and what is of unknown age and sex.
func (p *plan) addTotals(b *block, period int, values []int64) {
	for i := range p.sessions {
		if m := &p.sessions[i]; values[i] != 0 && m.column[period] >= 0 {
			b.row(m.group)[m.column[period]] += values[i]
		}
	}
}

// addAudience adds what is kept by audience at each age group that the session is for.
func (p *plan) addAudience(b *block, period int, s *session, values []int64) {
	for i := range p.sessions {
		m := &p.sessions[i]
		if !m.audience || values[i] == 0 || m.column[period] < 0 {
			continue
		}
		for _, group := range p.audience(s.audience) {
			b.row(group)[m.column[period]] += values[i]
		}
	}
}

func (p *plan) addMembers(b *block, period int, s *session, values []int64) {
	for j, dim := range p.detailed {
		row := b.row(p.member(j, dim.of(s)))
		for i := range p.sessions {
			if m := &p.sessions[i]; m.along[j] && m.column[period] >= 0 {
				row[m.column[period]] += values[i]
			}
		}
	}
}
