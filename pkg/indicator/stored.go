package indicator

import (
	"maps"
	"slices"
	"strings"
)

// Counted reports whether the aggregator counts the measure today, with its conditions and by its age scheme.
func (m Measure) Counted() bool {
	extent, ok := Counted[m.whole()]
	if s := m.Standard(); s != "" && !slices.Contains(extent.Standards, s) {
		return false
	}
	for attribute := range m.Conditions() {
		ok = ok && slices.Contains(extent.Where, attribute)
	}
	return ok
}

// keptAlong reports whether all that the entry's value is made of is counted along a dimension. Surveys know all that
// their respondents said.
func (e *Entry) keptAlong(dimension string) bool {
	if e.Survey != nil {
		return true
	}
	for _, m := range append([]Measure{e.numerator(), e.denominator()}, e.Times...) {
		if m != "" && !slices.Contains(Counted[m.whole()].Along, dimension) {
			return false
		}
	}
	return e.input == nil || e.input.keptAlong(dimension)
}

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

// Measures returns the names of all measures, sorted.
func Measures() []Measure { return slices.Sorted(maps.Keys(measures)) }

// Meaning says what the measure counts, of whom and where, without its conditions.
func (m Measure) Meaning() string { return measures[m.whole()].means }

// From says which attributes of events feed the measure.
func (m Measure) From() string { return measures[m.whole()].from }

// Persons reports whether the measure is known by age band and sex.
func (m Measure) Persons() bool { return measures[m.base()].persons }

// Basis returns the area basis of the measure.
func (m Measure) Basis() Basis { return measures[m.whole()].basis }

// Squares returns the measure Σk² that belongs to a measure of visits, with the same conditions; "" if there is none.
func (m Measure) Squares() Measure {
	s := measures[m.base()].squares
	if s == "" {
		return ""
	}
	return s + m[len(m.base()):]
}

// Amount returns what is published wherever the measure is, of which one person may have most; "" if there is nothing.
func (m Measure) Amount() Measure { return measures[m.base()].amount }

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

// base is the measure without conditions and scheme.
func (m Measure) base() Measure {
	if i := strings.IndexAny(string(m), "[@"); i >= 0 {
		return m[:i]
	}
	return m
}

// whole is the base, and of a part of a ratio the ratio.
func (m Measure) whole() Measure {
	b := m.base()
	if i := strings.IndexByte(string(b), '.'); i >= 0 && slices.Contains(ratioSuffixes[:], string(b[i:])) && measures[b[:i]].ratio {
		return b[:i]
	}
	return b
}

// amount is a sum in the unit that people read: euros, hours, or what was counted.
func (m Measure) amount(sum int64) float64 {
	k := measures[m.whole()]
	d := k.divisor
	if k.ratio && strings.HasSuffix(string(m.base()), RatioV) {
		d = k.divisorV
	}
	if d == 0 {
		return float64(sum)
	}
	return float64(sum) / d
}

// Standard returns the age scheme by whose bands the measure is kept; "" for the elementary bands.
func (m Measure) Standard() string {
	_, standard, _ := strings.Cut(string(m), "@")
	return standard
}

// Condition splits a measure into its base and the one condition that it has; attribute is "" if there is none.
func (m Measure) Condition() (base Measure, attribute, value string) {
	base = m.base()
	_, conditions, _ := strings.Cut(strings.TrimSuffix(string(m), "@"+m.Standard()), "[")
	attribute, value, _ = strings.Cut(strings.TrimSuffix(conditions, "]"), "=")
	return base, attribute, value
}

// Conditions returns, by attribute, the values of which one must be met.
func (m Measure) Conditions() map[string]Values {
	_, text, ok := strings.Cut(strings.TrimSuffix(string(m), "@"+m.Standard()), "[")
	if !ok {
		return nil
	}
	conditions := map[string]Values{}
	for c := range strings.SplitSeq(strings.TrimSuffix(text, "]"), ",") {
		attribute, values, _ := strings.Cut(c, "=")
		conditions[attribute] = strings.Split(values, "|")
	}
	return conditions
}

// Name returns the stored measure that the term speaks of.
func (t Term) Name() Measure {
	if len(t.Where) == 0 {
		return t.Measure
	}
	var conditions []string
	for _, attribute := range slices.Sorted(maps.Keys(t.Where)) {
		conditions = append(conditions, attribute+"="+strings.Join(slices.Sorted(slices.Values(t.Where[attribute])), "|"))
	}
	return t.Measure + Measure("["+strings.Join(conditions, ",")+"]")
}

// Counts returns the measure that the entry counts, without conditions, or its input does; of a ratio the ratio.
func (e *Entry) Counts() Measure {
	if e.input != nil {
		return e.input.Counts()
	}
	return e.Numerator.Measure.whole()
}

func (e *Entry) numerator() Measure { return e.stored(e.Numerator) }

func (e *Entry) denominator() Measure {
	if e.Method == RatioOfSums {
		return "" // part of the numerator's sums
	}
	return e.stored(e.Denominator)
}

func (e *Entry) stored(t Term) Measure {
	m := t.Name()
	if e.Standard != "" && m != "" && m != Population {
		m += Measure("@" + e.Standard)
	}
	return m
}

// Stored returns the stored measures that the entry is made of, and those that protect it; [Population] is handed over,
// not stored, but named too.
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
	if e.input != nil {
		ms = e.input.Stored()
	}
	add(e.numerator())
	add(e.numerator().Squares())
	add(e.denominator())
	for _, m := range e.Times {
		add(m)
	}
	for _, m := range e.Protect {
		add(m)
		add(m.Squares())
		add(m.Amount())
		add(m.Amount().Squares())
	}
	if e.Numerator.Measure == MeetingMunicipalities {
		add(MeetingPlaceSessions)
	}
	if e.speaksOfCosts() {
		add(UnallocatedCents)
	}
	add(e.Missing())
	return ms
}

// speaksOfCosts reports whether costs that reached no session are missing in the value, and a flag must say so.
func (e *Entry) speaksOfCosts() bool {
	m := e.Numerator.Measure.whole()
	return m == CostPerVisit || m == CostPerHour
}
