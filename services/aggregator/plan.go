package aggregator

import (
	"slices"

	"vointi.fi/pkg/indicator"
)

// The markers of cells.band and cells.sex beside real bands and sexes.
const (
	everyone = "all"
	unknown  = "unknown"
)

// cellKey names a cell. All parts are numbers, since a rebuild holds a million of them.
type cellKey struct {
	period    uint8 // index into indicator.PeriodTypes
	start     indicator.Date
	area      symbol
	measure   symbol
	dimension symbol
	member    symbol
	band      symbol
	sex       symbol
}

// deltas is how much cells change; from zero, what they are.
type deltas map[cellKey]int64

func (d deltas) add(k cellKey, n int64) {
	if n == 0 {
		return
	}
	if sum := d[k] + n; sum != 0 {
		d[k] = sum
	} else {
		delete(d, k)
	}
}

// symbol stands for a string.
type symbol uint32

// symbols gives each string a number. Not safe for use by several goroutines.
type symbols struct {
	ids   map[string]symbol
	names []string
}

func newSymbols() *symbols {
	s := &symbols{ids: map[string]symbol{}}
	s.of("") // so that the zero symbol is the empty string
	return s
}

func (s *symbols) of(name string) symbol {
	id, ok := s.ids[name]
	if !ok {
		id = symbol(len(s.names))
		s.ids[name] = id
		s.names = append(s.names, name)
	}
	return id
}

// plan knows which cells a session and a person contribute to: what the catalogue needs, no more.
type plan struct {
	names    *symbols
	places   *places
	ages     *ages
	rule     ActivityRule
	sessions []sessionMeasure
	persons  []personMeasure
	scopes   map[indicator.PeriodType]bool // period types that any measure needs
	detailed [2]dimension                  // activity_type, provider
}

type dimension struct {
	name    symbol
	of      func(*session) string
	ofVisit func(*visit) string
}

// kept says for which period types a measure is kept, and along which dimensions.
type kept struct {
	measure symbol
	periods [6]bool
	along   [2]bool
}

type sessionMeasure struct {
	kept
	value     func(*session) int64
	band, sex symbol
}

type personMeasure struct {
	kept
	contribute func(*contribution, *personMeasure)
	condition  func(*visit) bool
	squares    bool
}

func newPlan(catalogue indicator.Catalogue, places *places, ages *ages, rule ActivityRule) *plan {
	p := &plan{names: newSymbols(), places: places, ages: ages, rule: rule}
	p.detailed = [2]dimension{
		{p.names.of("activity_type"), func(s *session) string { return s.activity }, func(v *visit) string { return v.activity }},
		{p.names.of("provider"), func(s *session) string { return s.provider }, func(v *visit) string { return v.provider }},
	}
	needs := catalogue.Needs()
	var measures []indicator.Measure
	for m := range needs {
		measures = append(measures, m)
	}
	slices.Sort(measures)
	for _, m := range measures {
		p.keep(m, needs[m])
	}
	return p
}

func (p *plan) keep(m indicator.Measure, need indicator.Need) {
	k := kept{measure: p.names.of(string(m))}
	for i, t := range indicator.PeriodTypes {
		k.periods[i] = need.Periods[t]
	}
	for i, d := range p.detailed {
		k.along[i] = need.Dimensions[p.names.names[d.name]]
	}
	if value, anonymous := sessionValue(m); value != nil {
		sm := sessionMeasure{kept: k, value: value, band: p.names.of(everyone), sex: p.names.of(everyone)}
		if anonymous {
			sm.band, sm.sex = p.names.of(unknown), p.names.of(unknown)
		}
		p.sessions = append(p.sessions, sm)
	}
	if pm, ok := personContribution(m); ok {
		pm.kept = k
		p.persons = append(p.persons, pm)
	}
}

// sessionValue returns what a session adds to a measure; anonymous says that it is the part of a measure of persons for
// which age and sex are unknown.
func sessionValue(m indicator.Measure) (value func(*session) int64, anonymous bool) {
	of := func(f func(*session) int64) (func(*session) int64, bool) { return f, false }
	when := func(ok func(*session) bool) (func(*session) int64, bool) {
		return of(func(s *session) int64 {
			if ok(s) {
				return 1
			}
			return 0
		})
	}
	switch m {
	case indicator.Visits, indicator.VisitSquares:
		return func(s *session) int64 { return s.anonymous }, true
	case indicator.AnonymousVisits:
		return of(func(s *session) int64 { return s.anonymous })
	case indicator.CardVisits:
		return of(func(s *session) int64 { return s.card })
	case indicator.UnallocatedCents: // costs that reached no session: see addUnallocated
		return of(func(*session) int64 { return 0 })
	case indicator.SessionsHeld:
		return when(func(s *session) bool { return s.inCalendar && s.held })
	case indicator.SessionsCancelled:
		return when(func(s *session) bool { return s.inCalendar && s.cancelled })
	case indicator.SessionsPlanned:
		return when(func(s *session) bool { return s.inCalendar && (s.held || s.cancelled) })
	}
	return ratioValue(m)
}

// ratioValue returns a session's part in one of the sums of a ratio measure.
func ratioValue(m indicator.Measure) (func(*session) int64, bool) {
	for base, of := range ratios {
		for i, part := range base.Parts() {
			if part == m {
				return func(s *session) int64 {
					if c, v, ok := of(s); ok {
						return [...]int64{1, c, v, c * c, v * v, c * v}[i]
					}
					return 0
				}, false
			}
		}
	}
	return nil, false
}

// ratios gives numerator and denominator of one session, if it belongs to the ratio.
var ratios = map[indicator.Measure]func(*session) (c, v int64, ok bool){
	indicator.Occupancy: func(s *session) (int64, int64, bool) {
		return s.attendance(), s.capacity, s.held && s.capacity > 0
	},
	indicator.CostPerVisit: func(s *session) (int64, int64, bool) {
		return s.direct + s.allocated, s.attendance(), s.costed
	},
}

// addSession adds sign × what the session contributes.
func (p *plan) addSession(d deltas, s *session, sign int64) {
	for i := range p.sessions {
		m := &p.sessions[i]
		if n := m.value(s); n != 0 {
			p.spread(d, m, s, sign*n)
		}
	}
}

func (p *plan) spread(d deltas, m *sessionMeasure, s *session, n int64) {
	for i, t := range indicator.PeriodTypes {
		if !m.periods[i] {
			continue
		}
		for _, start := range t.Starts(s.day) {
			for _, area := range p.places.path(s.area) {
				k := cellKey{period: uint8(i), start: start, area: p.names.of(area), measure: m.measure, band: m.band, sex: m.sex}
				d.add(k, n)
				p.spreadDimensions(d, k, m.along, t, s, n)
			}
		}
	}
}

func (p *plan) spreadDimensions(d deltas, k cellKey, along [2]bool, t indicator.PeriodType, s *session, n int64) {
	if !t.Detailed() {
		return
	}
	k.band, k.sex = p.names.of(everyone), p.names.of(everyone)
	for j, dim := range p.detailed {
		if along[j] {
			k.dimension, k.member = dim.name, p.names.of(dim.of(s))
			d.add(k, n)
		}
	}
}
