package aggregator

import (
	"slices"
	"strconv"
	"strings"

	"vointi.fi/pkg/reference"
)

// ages knows the elementary age bands that cells are kept by, and the groups that are published.
type ages struct {
	*reference.AgeSchemes
	people      []people
	index       map[schemeGroup][2]int // of a group: its scheme, and its place there
	bands       map[string]int         // of "all" too
	sexes       map[string]int
	schemeBands [][][]int // of each published scheme, of each group
	standard    *reference.AgeScheme
}

// standardScheme is the age scheme whose population has weights; everything else about it stands in schemas/reference.
const standardScheme = "esp2013"

// atom is an elementary age band and a sex: what cells without a dimension are kept by.
type atom int

// people are a published group of an age scheme and sex; everybody if the group is.
type people struct {
	scheme, group, sex string
	atoms              []atom
}

// sexes are the published sexes.
var sexes = []string{everyone, "1", "2", unknown}

// newAges lists the groups of the published schemes; each scheme has the group unknown beside its own.
func newAges(schemes *reference.AgeSchemes) *ages {
	a := &ages{AgeSchemes: schemes, standard: schemes.Scheme(standardScheme), index: map[schemeGroup][2]int{}, bands: map[string]int{}, sexes: map[string]int{}}
	for i, b := range schemes.Bands {
		a.bands[b] = i
	}
	for i, sex := range sexes {
		a.sexes[sex] = i
	}
	a.bands[everyone] = len(schemes.Bands)
	for i, s := range schemes.Published() {
		a.schemeBands = append(a.schemeBands, schemes.Composition(s))
		for j, g := range slices.Concat(s.Groups, []reference.AgeGroup{schemes.Unknown}) {
			a.index[schemeGroup{s.ID, g.ID}] = [2]int{i, j}
		}
	}
	a.addPeople()
	return a
}

// addPeople lists everybody, then the groups of each scheme; and the same of each sex.
func (a *ages) addPeople() {
	for _, sex := range sexes {
		a.people = append(a.people, people{group: everyone, sex: sex, atoms: a.atomsOf(nil, sex)})
		for _, s := range a.Published() {
			for _, g := range slices.Concat(s.Groups, []reference.AgeGroup{a.Unknown}) {
				a.people = append(a.people, people{s.ID, g.ID, sex, a.atomsOf(g.Bands, sex)})
			}
		}
	}
}

// atomsOf returns the atoms of some bands, nil for any, and of a sex.
func (a *ages) atomsOf(bands []int, sex string) []atom {
	var atoms []atom
	for x := range a.atoms() {
		if band := int(x) / len(sexes); bands != nil && !slices.Contains(bands, band) {
			continue
		}
		if sex == everyone || int(x)%len(sexes) == a.sexes[sex] {
			atoms = append(atoms, x)
		}
	}
	return atoms
}

// atoms returns how many atoms there are.
func (a *ages) atoms() atom { return atom((len(a.Bands) + 1) * len(sexes)) }

// atom returns the atom of a band and a sex; what is neither counts as unknown.
func (a *ages) atom(band, sex string) atom {
	b, ok := a.bands[band]
	if !ok {
		b = a.bands[unknown]
	}
	s, ok := a.sexes[sex]
	if !ok {
		s = a.sexes[unknown]
	}
	return atom(b*len(sexes) + s)
}

// everybody are the people of an area's total.
func (a *ages) everybody() *people { return &a.people[0] }

// unknowns are those of a group and sex, of which one is unknown and the other may be.
func (a *ages) unknowns(group, sex string) *people {
	return &a.people[slices.IndexFunc(a.people, func(p people) bool { return p.group == group && p.sex == sex })]
}

// sum adds up counts by atom.
func (p *people) sum(counts []int64) (n int64) {
	if counts == nil {
		return 0
	}
	for _, x := range p.atoms {
		n += counts[x]
	}
	return n
}

// bandOf returns the elementary band of an age in years.
func (a *ages) bandOf(age int) string { return a.Bands[a.BandOf(age)] }

// oldest is beyond any age, so that an open band ends in the last elementary one.
const oldest = 1000

// limits returns the ages that "34", "30-34" or "75+" spans; no if it is none of these.
func limits(age string) (from, to int, ok bool) {
	low, high, isRange := strings.Cut(strings.TrimSuffix(age, "+"), "-")
	from, err := strconv.Atoi(low)
	if err != nil {
		return 0, 0, false
	}
	to = from
	if strings.HasSuffix(age, "+") {
		to = oldest
	}
	if isRange {
		to, err = strconv.Atoi(high)
	}
	return from, to, err == nil
}

// bandOfText returns the elementary band of "34", "30-34" or "75+"; unknown if it is none of these or spans several.
func (a *ages) bandOfText(age string) string {
	from, to, ok := limits(age)
	if !ok || a.BandOf(from) != a.BandOf(to) {
		return unknown
	}
	return a.bandOf(from)
}

// audienceDimension tells apart for whom sessions are; its members are age groups as scheme/group.
const audienceDimension = "audience"

// audience returns the groups that have an age in the range.
func (a *ages) audience(of audience) []string {
	var members []string
	for _, s := range a.Published() {
		for _, g := range s.Groups {
			if (of.to < 0 || g.From <= int(of.to)) && (g.To < 0 || int(of.from) <= g.To) {
				members = append(members, s.ID+"/"+g.ID)
			}
		}
	}
	return members
}

// residents returns the people that a member of a dimension is shown against: those of its ages, else everybody.
func (a *ages) residents(dimension, member string) *people {
	if dimension != audienceDimension {
		return a.everybody()
	}
	scheme, group, _ := strings.Cut(member, "/")
	i := slices.IndexFunc(a.people, func(p people) bool { return p.scheme == scheme && p.group == group && p.sex == everyone })
	return &a.people[i]
}

// standardBands are the bands of the standard population, and the unknown one after them.
func (a *ages) standardBands() []string {
	bands := make([]string, 0, len(a.standard.Groups)+1)
	for _, g := range a.standard.Groups {
		bands = append(bands, g.ID)
	}
	return append(bands, unknown)
}

// standardOfText is [ages.bandOfText] for the bands of the standard population, by their index.
func (a *ages) standardOfText(age string) int {
	from, to, ok := limits(age)
	if band := a.standard.GroupOf(from); ok && band >= 0 && band == a.standard.GroupOf(to) {
		return band
	}
	return len(a.standard.Groups)
}

// standardAtom is the place of a band of the standard population and a sex among counts by these.
func (a *ages) standardAtom(band, sex int) int { return band*len(sexes) + sex }

// standardPeople are the people of a band of the standard population, of one sex or of any, for counts by standardAtom that
// begin at an offset.
func (a *ages) standardPeople(band int, sex string, offset int) people {
	p := people{group: unknown, sex: sex, atoms: make([]atom, 0, len(sexes))}
	if band < len(a.standard.Groups) {
		p.group = a.standard.Groups[band].ID
	}
	for i := range sexes {
		if sex == everyone || i == a.sexes[sex] {
			p.atoms = append(p.atoms, atom(offset+a.standardAtom(band, i)))
		}
	}
	return p
}

// standardBand returns the person's band of the standard population on the day of the visit, by its index.
func (a *ages) standardBand(v *visit) int {
	if v.birthYear == 0 {
		return a.standardOfText(v.ageBand)
	}
	if band := a.standard.GroupOf(v.day.Year() - v.birthYear); band >= 0 {
		return band
	}
	return len(a.standard.Groups)
}

// band returns the elementary age band of the person on the day of the visit.
func (a *ages) band(v *visit) string {
	switch {
	case v.birthYear != 0:
		return a.bandOf(v.day.Year() - v.birthYear)
	case v.ageBand != "":
		return a.bandOfText(v.ageBand)
	default:
		return unknown
	}
}
