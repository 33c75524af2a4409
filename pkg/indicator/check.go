package indicator

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"vointi.fi/pkg/document"
	"vointi.fi/pkg/reference"
)

// draft is an entry on its way from a file into the catalogue.
type draft struct {
	document.Document
	entry *Entry
}

// read decodes one file and notes everything that is wrong with it.
func read(file string, text []byte) *draft {
	d := &draft{entry: &Entry{Scale: 1}}
	var ok bool
	if d.Document, ok = document.Read(file, text, d.entry); ok {
		d.validate()
	}
	return d
}

// one notes a word that is none of a closed list.
func (d *draft) one(what, word string, words []string, at ...any) {
	d.Want(d.At(at...), wrongWord(what, word, words))
}

// some notes words of a list that are none of a closed list, or stand twice.
func some[S ~string](d *draft, what string, got []S, words []string, at string) {
	for i, g := range got {
		d.one(what, string(g), words, at, i)
		d.Check(!slices.Contains(got[:i], g), d.At(at, i), "%s %q stands twice", what, g)
	}
}

// texts notes what is missing of a text in all languages.
func (d *draft) texts(t Text, at ...any) {
	for _, l := range languages {
		d.Check(t[l] != "", d.At(at...), "no %s in %s", strings.Trim(strings.ReplaceAll(fmt.Sprint(at...), " ", "."), "[]"), l)
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		d.one("language", l, languages, append(slices.Clone(at), l)...)
	}
}

// validate notes every fault of the entry by itself; [assemble] looks at the catalogue as a whole.
func (d *draft) validate() {
	e := d.entry
	d.Check(idPattern.MatchString(e.ID), d.At("id"), "id %q must be words in small letters with hyphens between", e.ID)
	want := strings.TrimSuffix(path.Base(d.File), ".yaml")
	d.Check(e.ID == want, d.At("id"), "id is %q, the file's name says %q", e.ID, want)
	d.Check(e.Number > 0, d.At("number"), "no number")
	d.Check(len(e.Goals) > 0, d.At("goals"), "no goals")
	some(d, "goal", e.Goals, goals, "goals")
	d.texts(e.Name, "name")
	d.texts(e.Description, "description")
	d.texts(e.Caveats, "caveats")
	d.one("unit", e.Unit, units, "unit")
	d.Check(e.Decimals >= 0 && e.Decimals <= 6, d.At("decimals"), "decimals must be 0 to 6")
	d.one("direction", e.Direction, directions, "direction")
	d.one("basis", string(e.Basis), bases, "basis")
	d.Check(len(e.Breakdowns) > 0, d.At("breakdowns"), "no breakdowns")
	some(d, "breakdown", e.Breakdowns, breakdowns, "breakdowns")
	d.Check(len(e.AllPeriods) > 0, d.At("periods"), "no periods")
	some(d, "period", e.AllPeriods, periodNames(), "periods")
	d.Check(e.Scale != 0, d.At("scale"), "a scale of 0 makes everything 0")
	d.Check(e.MinimumN >= 0 && e.LagDays >= 0, d.At("minimum_n"), "minimum_n and lag_days cannot be below 0")
	d.one("method", string(e.Method), strs(Methods()), "method")
	d.validateTerms()
	d.validateMethod()
	d.validateReferenceGroup()
	d.validateSources()
}

func strs[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func periodNames() []string { return append(strs(PeriodTypes), string(Wave)) }

// validateTerms looks at what is counted, and at what protects it.
func (d *draft) validateTerms() {
	e := d.entry
	d.texts(e.Numerator.Text, "numerator", "text")
	d.term(e.Numerator, "numerator")
	d.term(e.Denominator, "denominator")
	if e.Divided() {
		d.texts(e.Denominator.Text, "denominator", "text")
	}
	for i, m := range e.Times {
		d.one("measure", string(m), strs(Measures()), "times", i)
	}
	for i, m := range e.Protect {
		d.Want(d.At("protect", i), wrongMeasure(m))
	}
	persons := e.personMeasures()
	for _, m := range persons {
		basis := measures[m.base()].basis
		d.Check(basis == e.Basis, d.At("basis"), "%s is counted by %s: one indicator has one area basis", m, basis)
	}
	d.Check(len(persons) == 0 || len(e.Protect) > 0, d.At("protect"), "it counts persons, so protect must name what hides it")
	for i, b := range e.Breakdowns {
		if (b == byAge || b == bySex) && e.Survey == nil && e.Input == "" && e.Numerator.Measure.known() {
			d.Check(measures[e.Numerator.Measure].persons, d.At("breakdowns", i), "%s is not known by %s", e.Numerator.Measure, b)
		}
	}
}

// personMeasures returns the measures of persons, of which all must have one area basis. Residents beside something
// that is not counted by persons are the size of the area.
func (e *Entry) personMeasures() []Measure {
	var ms []Measure
	for _, t := range []Term{e.Numerator, e.Denominator} {
		m := t.Measure
		if measures[m].persons && (m != Population || measures[e.Numerator.Measure].persons) {
			ms = append(ms, m)
		}
	}
	return ms
}

func (d *draft) term(t Term, key string) {
	if t.Measure == "" {
		d.Check(len(t.Where) == 0, d.At(key, "where"), "where restricts a measure, and there is none")
		return
	}
	if reason := wrongMeasure(t.Measure); reason != "" {
		d.Want(d.At(key, "measure"), reason)
		return
	}
	d.Check(len(t.Where) == 0 || t.Measure == t.Measure.base(), d.At(key, "measure"), "conditions stand in where, not in the measure")
	allowed := measures[t.Measure.whole()].where
	for _, attribute := range slices.Sorted(maps.Keys(t.Where)) {
		for i, value := range t.Where[attribute] {
			d.Want(d.At(key, "where", attribute, i), wrongValue(attribute, value))
		}
		d.Check(slices.Contains(allowed, attribute), d.At(key, "where", attribute), "%s cannot be restricted by %s, only by: %s%s",
			t.Measure, attribute, listed(allowed), reference.Meant(attribute, allowed))
	}
}

// known reports whether there is such a measure.
func (m Measure) known() bool {
	_, ok := measures[m.whole()]
	return ok
}

// wrongMeasure says what is wrong with a measure and its conditions; "" if nothing is.
func wrongMeasure(m Measure) string {
	k, ok := measures[m.whole()]
	if !ok {
		return wrongWord("measure", string(m.whole()), strs(Measures()))
	}
	conditions := m.Conditions()
	for _, attribute := range slices.Sorted(maps.Keys(conditions)) {
		for _, value := range conditions[attribute] {
			if reason := wrongValue(attribute, value); reason != "" {
				return reason
			}
		}
		if !slices.Contains(k.where, attribute) {
			return fmt.Sprintf("%s cannot be restricted by %s", m.base(), attribute)
		}
	}
	return ""
}

// validateMethod looks at what the method needs.
func (d *draft) validateMethod() {
	e, k := d.entry, d.entry.Method.kind()
	if k.method == "" {
		return
	}
	at := d.At("method")
	d.Check(e.Standard == "" || k.standard, d.At("standard"), "method %s does not standardise", k.method)
	if k.standard {
		d.validateStandard()
	}
	if e.Survey != nil || k.only {
		d.validateSurvey(k)
		return
	}
	linear := k.method == Linear
	d.Check(linear == (e.Input != ""), at, "input is for method %s, which needs it", Linear)
	d.Check(linear || len(e.Times) == 0, d.At("times"), "times is for method %s", Linear)
	d.Check(linear || e.Numerator.Measure != "", d.At("numerator"), "no numerator.measure")
	d.Check(!k.denominator || e.Denominator.Measure != "", d.At("denominator"), "method %s needs denominator.measure", k.method)
	if !e.Numerator.Measure.known() { // which is a fault already, and others would follow from it
		return
	}
	d.Check(!k.squares || measures[e.Numerator.Measure.base()].squares != "", d.At("numerator", "measure"), "method %s needs a measure with squares, not %q", k.method, e.Numerator.Measure)
	ratio := k.method == RatioOfSums
	d.Check(ratio == measures[e.Numerator.Measure].ratio, d.At("numerator", "measure"), "method %s and the ratio measures (%s, %s, %s) go together", RatioOfSums, Occupancy, CostPerVisit, CostPerHour)
	d.Check(!ratio || e.Denominator.Measure == "", d.At("denominator", "measure"), "the denominator is part of %s", e.Numerator.Measure)
}

func (d *draft) validateStandard() {
	e, r := d.entry, references()
	var schemes []string
	for _, s := range r.schemes.Schemes {
		schemes = append(schemes, s.ID)
	}
	d.one("age scheme", e.Standard, schemes, "standard")
	if standard := r.standards[e.Standard]; standard != nil {
		e.weights = standard.Bands
	} else {
		d.Fault(d.At("standard"), "age scheme %s has no weights of a standard population", e.Standard)
	}
}

// validateReferenceGroup looks at what gaps are measured against.
func (d *draft) validateReferenceGroup() {
	r := references()
	groups := map[string][]string{
		byArea: {"parent", "country"}, byAge: append(r.ageGroups(), "all"), bySex: {"1", "2", "all"},
		"education": append(slices.Clone(r.lists["education"]), "all"), "target_group": append(slices.Clone(r.lists["target_groups"]), "all"),
		"activity_type": append(slices.Clone(r.lists["activity_type"]), "all"), "provider": {"all"},
	}
	for _, b := range slices.Sorted(maps.Keys(d.entry.ReferenceGroup)) {
		at := d.At("reference_group", b)
		d.Check(slices.Contains(d.entry.Breakdowns, b), at, "%q is none of the breakdowns%s", b, reference.Meant(b, d.entry.Breakdowns))
		if known, ok := groups[b]; ok {
			d.Want(at, wrongWord("group", d.entry.ReferenceGroup[b], known))
		}
	}
}

// validateSources looks at what the entry waits for, and at figures elsewhere.
func (d *draft) validateSources() {
	e := d.entry
	d.Check(e.Source != "", d.At("source"), "source must say where the definition comes from")
	d.Check(!e.Estimated || len(e.Awaits) == 0, d.At("estimated"), "what is estimated of programmes awaits nothing")
	for i, name := range e.Awaits {
		d.Want(d.At("awaits", i), wrongAwaited(name))
	}
	for i, x := range e.External {
		d.one("publisher", x.Publisher, publishers, "external", i, "publisher")
		d.Check(x.ID != "", d.At("external", i), "no id")
		d.one("relation", x.Of, relations, "external", i, "of")
	}
}
