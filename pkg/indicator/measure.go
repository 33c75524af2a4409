package indicator

import (
	"slices"
	"strings"
)

// Measure names an integer that the aggregator keeps per cell. The name is the string in cells.measure; a condition is
// part of it: resident_visits[activity_type=culture].
type Measure string

// The measures. Those of persons are known by age band and sex, those of sessions only as a total.
const (
	Visits               Measure = "visits"        // reconciled visits; anonymous ones have age and sex unknown
	VisitSquares         Measure = "visit_squares" // Σk² over persons, plus 1 for each anonymous visit
	CardVisits           Measure = "card_visits"   // visits with a card
	AnonymousVisits      Measure = "anonymous"     // visits without
	Participants         Measure = "participants"  // distinct persons, in the area of their last visit
	ResidentParticipants Measure = "residents"     // distinct persons, in their home area
	ResidentVisits       Measure = "resident_visits"
	ResidentSquares      Measure = "resident_squares"
	NewlyActive          Measure = "newly_active"
	SessionsHeld         Measure = "sessions_held"
	SessionsCancelled    Measure = "sessions_cancelled"
	SessionsPlanned      Measure = "sessions_planned" // held + cancelled
	Population           Measure = "population"
	Occupancy            Measure = "occupancy" // ratio: attendance / capacity over sessions with a capacity
	CostPerVisit         Measure = "cost"      // ratio: cents / visits over sessions with a cost
	UnallocatedCents     Measure = "unallocated_cents"
	Respondents          Measure = "respondents" // of a survey; not stored
)

// The sums that a ratio measure consists of: over its sessions, the number of them, Σc, Σv, Σc², Σv², Σcv.
const (
	RatioN     = ".n"
	RatioC     = ".c"
	RatioV     = ".v"
	RatioCC    = ".cc"
	RatioVV    = ".vv"
	RatioCV    = ".cv"
	ratioParts = 6
)

var ratioSuffixes = [ratioParts]string{RatioN, RatioC, RatioV, RatioCC, RatioVV, RatioCV}

type measureKind struct {
	basis   Basis
	persons bool    // known by age band and sex
	squares Measure // Σk² beside it, for methods that need it
	ratio   bool
}

var measures = map[Measure]measureKind{
	Visits:               {basis: Venue, persons: true, squares: VisitSquares},
	VisitSquares:         {basis: Venue, persons: true},
	CardVisits:           {basis: Venue},
	AnonymousVisits:      {basis: Venue},
	Participants:         {basis: Venue, persons: true},
	ResidentParticipants: {basis: Residence, persons: true},
	ResidentVisits:       {basis: Residence, persons: true, squares: ResidentSquares},
	ResidentSquares:      {basis: Residence, persons: true},
	NewlyActive:          {basis: Residence, persons: true},
	SessionsHeld:         {basis: Venue},
	SessionsCancelled:    {basis: Venue},
	SessionsPlanned:      {basis: Venue},
	Population:           {basis: Residence, persons: true},
	Occupancy:            {basis: Venue, ratio: true},
	CostPerVisit:         {basis: Venue, ratio: true},
	UnallocatedCents:     {basis: Venue},
	Respondents:          {basis: Residence, persons: true},
}

// Measures returns the names of all measures, sorted.
func Measures() []Measure {
	var ms []Measure
	for m := range measures {
		ms = append(ms, m)
	}
	slices.Sort(ms)
	return ms
}

// Persons reports whether the measure is known by age band and sex.
func (m Measure) Persons() bool { return measures[m.base()].persons }

// Basis returns the area basis of the measure.
func (m Measure) Basis() Basis { return measures[m.base()].basis }

// Squares returns the measure Σk² that belongs to a measure of visits, with the same condition; "" if there is none.
func (m Measure) Squares() Measure {
	s := measures[m.base()].squares
	if s == "" {
		return ""
	}
	return s + m[len(m.base()):]
}

// Parts returns the stored measures of a ratio measure in the order n, c, v, cc, vv, cv, or m itself.
func (m Measure) Parts() []Measure {
	if !measures[m].ratio {
		return []Measure{m}
	}
	parts := make([]Measure, ratioParts)
	for i, s := range ratioSuffixes {
		parts[i] = m + Measure(s)
	}
	return parts
}

func (m Measure) base() Measure {
	s, _, _ := strings.Cut(string(m), "[")
	return Measure(s)
}

// Condition splits a measure into its base and the condition on visits; attribute is "" if there is none.
func (m Measure) Condition() (base Measure, attribute, value string) {
	s, cond, ok := strings.Cut(string(m), "[")
	if !ok {
		return m, "", ""
	}
	attribute, value, _ = strings.Cut(strings.TrimSuffix(cond, "]"), "=")
	return Measure(s), attribute, value
}

// Name returns the stored measure that the term speaks of.
func (t Term) Name() Measure {
	for attribute, value := range t.Where {
		return t.Measure + Measure("["+attribute+"="+value+"]")
	}
	return t.Measure
}

// Need says at which period types and along which dimensions a measure must be kept.
type Need struct {
	Periods    map[PeriodType]bool
	Dimensions map[string]bool
}

// Needs returns what the aggregator must keep so that every entry can be evaluated and protected.
func (c Catalogue) Needs() map[Measure]Need {
	needs := map[Measure]Need{}
	for _, e := range c {
		for _, m := range e.Stored() {
			if m.base() == Population {
				continue
			}
			n, ok := needs[m]
			if !ok {
				n = Need{Periods: map[PeriodType]bool{}, Dimensions: map[string]bool{}}
				needs[m] = n
			}
			for _, p := range e.Periods {
				n.Periods[p] = true
			}
			for _, d := range e.Dimensions() {
				n.Dimensions[d] = true
			}
		}
	}
	return needs
}

// Stored returns the stored measures that the entry is made of, and those that protect it.
func (e *Entry) Stored() []Measure {
	if e.Survey != nil {
		return nil
	}
	var ms []Measure
	add := func(m Measure) {
		for _, p := range m.Parts() {
			if p != "" && !slices.Contains(ms, p) {
				ms = append(ms, p)
			}
		}
	}
	add(e.Numerator.Name())
	add(e.Numerator.Name().Squares())
	add(e.Denominator.Name())
	for _, m := range e.Protect {
		add(m)
	}
	if e.Numerator.Measure == CostPerVisit {
		add(UnallocatedCents)
	}
	return ms
}
