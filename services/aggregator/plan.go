package aggregator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"vointi.fi/pkg/indicator"
)

// The markers of cells.band and cells.sex beside real bands and sexes.
const (
	everyone = "all"
	unknown  = "unknown"
)

// plan knows which cells a session and a person contribute to: what the catalogue needs, no more. Not safe for use by
// several goroutines, except for looking up what has been named.
type plan struct {
	names      *numbered[symbol, string]
	facets     *numbered[facet, facetNames]
	everybody  facet
	unknowns   facet // of unknown age and sex
	places     *places
	ages       *ages
	rule       ActivityRule
	measures   []indicator.Measure // what is kept, sorted
	bands      []symbol            // of the standard population, unknown last
	needs      map[indicator.Measure]indicator.Need
	columns    [2][6]columns // of whole and of fine cells, by period type
	sessions   []sessionMeasure
	persons    [6][]personMeasure // kept in each period type
	costs      []costMeasure
	answers    []answerMeasure
	postings   []postingMeasure
	shifts     []shiftMeasure
	holders    holderMeasure
	families   [6]int               // the column of active families, by period type; -1: not kept
	shiftsBy   []string             // dimensions along which any of these is kept
	audiences  map[audience][]facet // of the groups that each is for
	paths      map[string][]symbol
	detailed   [2]dimension // activity_type, provider
	conditions []visitCondition

	sexes        []symbol
	all, country symbol
}

type dimension struct {
	name symbol
	of   func(*session) string
}

// Cells are whole, by elementary bands, or fine, by the bands of the standard population.
const (
	whole = 0
	fine  = 1
)

type sessionMeasure struct {
	of       indicator.Measure
	value    func(*session) int64
	group    facet  // everybody, or those of unknown age and sex
	column   [6]int // of the sums, by period type; -1: not kept
	along    [2]bool
	audience bool // kept by audience too
}

type personMeasure struct {
	measure    int // its column of the sums
	grain      int
	along      [2]bool
	contribute func(*contribution, *personMeasure)
	condition  int // of visits: index into plan.conditions
	squares    bool
	groups     bool // kept by target group too
}

func newPlan(catalogue indicator.Catalogue, places *places, ages *ages, rule ActivityRule) *plan {
	p := &plan{names: newNumbered[symbol](""), facets: newNumbered[facet, facetNames](), places: places, ages: ages, rule: rule, paths: map[string][]symbol{}, audiences: map[audience][]facet{}}
	p.holders.column, p.families = [6]int{-1, -1, -1, -1, -1, -1}, [6]int{-1, -1, -1, -1, -1, -1}
	p.all, p.country = p.names.of(everyone), p.names.of(country)
	p.detailed = [2]dimension{
		{p.names.of(dimensionNames[0]), func(s *session) string { return s.activity }},
		{p.names.of(dimensionNames[1]), func(s *session) string { return s.provider }},
	}
	for _, sex := range sexes {
		p.sexes = append(p.sexes, p.names.of(sex))
	}
	for _, b := range ages.standardBands() {
		p.bands = append(p.bands, p.names.of(b))
	}
	for _, band := range append(slices.Clone(ages.Bands), everyone) {
		for _, sex := range sexes {
			p.group(band, sex)
		}
	}
	p.everybody, p.unknowns = p.group(everyone, everyone), p.group(unknown, unknown)
	for _, area := range slices.Sorted(maps.Keys(places.nodes)) {
		p.names.of(area) // lower numbers than those of members, since blocks are found by them
	}
	needs := catalogue.Needs()
	p.needs = needs
	for m := range needs {
		p.measures = append(p.measures, m)
	}
	slices.Sort(p.measures)
	for i, m := range p.measures {
		p.keep(i, m, needs[m])
	}
	return p
}

func (p *plan) keep(i int, m indicator.Measure, need indicator.Need) {
	grain := whole
	if m.Standard() != "" {
		grain = fine
	}
	var column [6]int
	for j, t := range indicator.PeriodTypes {
		for g := range p.columns {
			p.columns[g][j].add(need.Periods[t] && g == grain)
		}
		column[j] = p.columns[grain][j].column[i]
	}
	var along [2]bool
	for j, d := range dimensionNames {
		along[j] = need.Dimensions[d]
	}
	p.keepCosts(column, m, need)
	p.keepPostings(column, m, need)
	p.keepCards(column, m, need)
	if am, ok := answerContribution(m); ok {
		am.column, am.along = column, along
		p.answers = append(p.answers, am)
	}
	if value, anonymous := sessionValue(m); value != nil {
		sm := sessionMeasure{of: m, value: value, group: p.everybody, column: column, along: along, audience: need.Dimensions[audienceDimension]}
		if anonymous {
			sm.group = p.unknowns
		}
		p.sessions = append(p.sessions, sm)
	}
	pm, ok := personContribution(m)
	for j := range p.persons {
		if ok && column[j] >= 0 {
			pm.measure, pm.grain, pm.along, pm.condition, pm.groups = column[j], grain, along, p.conditionOf(m), need.Dimensions[groupDimension]
			p.persons[j] = append(p.persons[j], pm)
		}
	}
}

// keepCosts does the same for measures of bookings.
func (p *plan) keepCosts(column [6]int, m indicator.Measure, need indicator.Need) {
	cm, ok := costContribution(m)
	if !ok {
		return
	}
	cm.column = column
	for _, d := range costDimensions {
		if need.Dimensions[d] {
			cm.along = append(cm.along, d)
		}
	}
	p.costs = append(p.costs, cm)
}

// keepCards does the same for what cards contribute beside visits.
func (p *plan) keepCards(column [6]int, m indicator.Measure, need indicator.Need) {
	switch m {
	case indicator.CardHolders:
		p.holders = holderMeasure{column, need.Dimensions[groupDimension]}
	case indicator.ActiveFamilies:
		p.families = column
	}
}

// keepPostings does the same for measures of postings and of shifts.
func (p *plan) keepPostings(column [6]int, m indicator.Measure, need indicator.Need) {
	dimensions := slices.Sorted(maps.Keys(need.Dimensions))
	if pm, ok := postingContribution(m); ok {
		pm.column, pm.along = column, dimensions
		p.postings = append(p.postings, pm)
	}
	if sm, ok := shiftContribution(m); ok {
		sm.column, sm.along = column, dimensions
		p.shifts = append(p.shifts, sm)
		p.shiftsBy = slices.Compact(slices.Sorted(slices.Values(append(p.shiftsBy, dimensions...))))
	}
}

// signature changes when the plan keeps other cells than before, or counts them by another rule.
func (p *plan) signature() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%v %v", p.rule, p.needs))
	return hex.EncodeToString(sum[:8]) + p.places.signature()
}

// clone returns a plan that gives new names numbers of its own.
func (p *plan) clone() *plan {
	c := *p
	c.names, c.facets, c.paths, c.audiences = p.names.clone(), p.facets.clone(), maps.Clone(p.paths), maps.Clone(p.audiences)
	return &c
}

// renamed returns what a cell of a clone is called here.
func (p *plan) renamed(k cellKey, clone *plan) cellKey {
	name := func(s symbol) symbol { return p.names.of(clone.names.values[s]) }
	of := clone.facetOf(k)
	k.area = name(k.area)
	k.facet = p.facetNamed(p.measures[k.measure], facetNames{name(of.dimension), name(of.member), name(of.band), name(of.sex)})
	return k
}

// path returns the area and all above it, as symbols.
func (p *plan) path(area string) []symbol {
	path, ok := p.paths[area]
	if !ok {
		for _, a := range p.places.path(area) {
			path = append(path, p.names.of(a))
		}
		p.paths[area] = path
	}
	return path
}

// group returns the facet of an age band and sex.
func (p *plan) group(band, sex string) facet {
	return p.facets.of(facetNames{band: p.names.of(band), sex: p.names.of(sex)})
}

// member returns the facet of a member of a dimension.
func (p *plan) member(dimension int, member string) facet {
	return p.facets.of(facetNames{p.detailed[dimension].name, p.names.of(member), p.all, p.all})
}

// audience returns the facets of the groups that a session is for.
func (p *plan) audience(of audience) []facet {
	facets, ok := p.audiences[of]
	if !ok {
		for _, member := range p.ages.audience(of) {
			facets = append(facets, p.memberOf(audienceDimension, member))
		}
		p.audiences[of] = facets
	}
	return facets
}

// memberOf is [plan.member] of any dimension.
func (p *plan) memberOf(dimension, member string) facet {
	return p.facets.of(facetNames{p.names.of(dimension), p.names.of(member), p.all, p.all})
}

// fineFacet returns the facet of a band of the standard population and a sex, perhaps along a member. It is a number made of
// numbers, since several goroutines ask, and none may give new ones.
func (p *plan) fineFacet(band, sex int, member facet) facet {
	return fineBit | member*facet(len(p.bands)*len(sexes)) + facet(band*len(sexes)+sex)
}

// facetOf returns what a cell's facet tells apart.
func (p *plan) facetOf(k cellKey) facetNames {
	if !k.facet.fine() {
		return p.facets.values[k.facet]
	}
	n := k.facet &^ fineBit
	member, of := n/facet(len(p.bands)*len(sexes)), int(n)%(len(p.bands)*len(sexes))
	names := facetNames{band: p.bands[of/len(sexes)], sex: p.sexes[of%len(sexes)]}
	if member > 0 {
		names.dimension, names.member = p.facets.values[member].dimension, p.facets.values[member].member
	}
	return names
}

// facetNamed is the facet of a stored cell of a measure.
func (p *plan) facetNamed(m indicator.Measure, names facetNames) facet {
	if m.Standard() == "" {
		return p.facets.of(names)
	}
	member := facet(0)
	if names.dimension != 0 {
		member = p.facets.of(facetNames{names.dimension, names.member, p.all, p.all})
	}
	return p.fineFacet(slices.Index(p.bands, names.band), slices.Index(p.sexes, names.sex), member)
}

// meets reports whether a session or a visit is what a measure is restricted to.
func meets[T interface{ attribute(name string) string }](of T, conditions map[string]indicator.Values) bool {
	for name, values := range conditions {
		if !slices.Contains(values, of.attribute(name)) {
			return false
		}
	}
	return true
}

// attribute returns what a measure's condition compares.
func (s *session) attribute(name string) string {
	switch name {
	case "activity_type":
		return s.activity
	case "provider":
		return s.provider
	default:
		return s.class
	}
}
