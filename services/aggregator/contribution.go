package aggregator

import "vointi.fi/pkg/indicator"

// contribution is one person's visits in one period, on their way into cells. In a period a person has the area, home,
// age and sex of the last visit in it, so that persons add up over areas, ages and sexes within one period.
type contribution struct {
	plan   *plan
	out    *spots
	period int // index into indicator.PeriodTypes
	sign   int64

	rising *spots // if not nil, takes what counts alike in an area and in all above it, only at the lowest, see [plan.rise]

	trace      *trace
	start, end indicator.Date
	steps      []step // in the period
	last       *step
	held       *holding // the card that is the person's at the period's end; nil: none
	counted    bool
	areas      []areaCount // visits by area, all levels
	standings  []standing  // where the person counts once
	homes      [2]home     // by grain
	residences []residence // by condition
}

// newContribution is for the persons' visits in periods of one type.
func (p *plan) newContribution(d *deltas, period int, sign int64) *contribution {
	return &contribution{plan: p, out: &d[period], period: period, sign: sign, residences: make([]residence, len(p.conditions))}
}

// areaCount is the visits in one area, with the sums where they belong: several measures add to them.
type areaCount struct {
	area    symbol
	n       int64
	block   *block
	sums    []int64 // of the person's age and sex
	members [2][]memberCount
}

// standing is an area in which the person counts once: that of the last visit, or one above it. There the person counts
// for each member that any visit has.
type standing struct {
	sums    []int64 // of the person's age and sex
	members [2][]memberCount
	block   *block
}

type memberCount struct {
	facet facet
	n     int64
	sums  []int64
}

// personContribution returns how a measure of persons is counted.
func personContribution(m indicator.Measure) (personMeasure, bool) {
	base, _, _ := m.Condition()
	var pm personMeasure
	switch base {
	case indicator.Visits:
		pm.contribute = (*contribution).venueVisits
	case indicator.VisitSquares:
		pm.contribute, pm.squares = (*contribution).venueVisits, true
	case indicator.Participants:
		pm.contribute = (*contribution).participant
	case indicator.ResidentParticipants:
		pm.contribute = (*contribution).resident
	case indicator.ResidentVisits:
		pm.contribute = (*contribution).residentVisits
	case indicator.ResidentSquares:
		pm.contribute, pm.squares = (*contribution).residentVisits, true
	case indicator.NewlyActive:
		pm.contribute = (*contribution).newlyActive
	case indicator.VisitsOfPersons:
		pm.contribute = (*contribution).visitsOfPersons
	case indicator.SquaresOfPersons:
		pm.contribute, pm.squares = (*contribution).visitsOfPersons, true
	case indicator.FirstTimers:
		pm.contribute = (*contribution).firstTimer
	case indicator.Recent:
		pm.contribute = (*contribution).recent
	case indicator.Regulars:
		pm.contribute = (*contribution).regular
	case indicator.Referrals:
		pm.contribute = (*contribution).referrals
	case indicator.ReferralSquares:
		pm.contribute, pm.squares = (*contribution).referrals, true
	case indicator.Newcomers:
		pm.contribute = (*contribution).newcomer
	case indicator.Retained:
		pm.contribute = (*contribution).retained
	case indicator.ActiveCardHolders:
		pm.contribute = (*contribution).activeHolder
	default:
		return pm, false
	}
	return pm, true
}

// attribute returns what a measure's condition compares.
func (v *visit) attribute(name string) string {
	switch name {
	case "activity_type":
		return v.activity
	case "provider":
		return v.provider
	default:
		return ""
	}
}

// addPerson adds sign × what a person contributes to the periods that touched admits. It changes nothing of the plan:
// several goroutines may add to different period types.
func (p *plan) addPerson(d *deltas, t trace, touched func(indicator.Period) bool, sign int64) {
	for i := range d {
		p.addTrace(p.newContribution(d, i, sign), t, touched)
	}
}

func (p *plan) addTrace(c *contribution, t trace, touched func(indicator.Period) bool) {
	typ := indicator.PeriodTypes[c.period]
	if len(p.persons[c.period]) == 0 || len(t.steps) == 0 {
		return
	}
	eachPeriod(typ, t.steps, func(start, end indicator.Date, within []step) {
		if touched(indicator.Period{Type: typ, Start: start}) {
			c.trace, c.start, c.end = &t, start, end
			c.add(within)
		}
	})
}

// add contributes the visits of one period.
func (c *contribution) add(steps []step) {
	c.steps, c.last, c.held = steps, &steps[len(steps)-1], heldAt(c.trace.cards, c.end)
	c.counted, c.areas, c.standings = false, c.areas[:0], c.standings[:0]
	c.homes[whole].forget()
	c.homes[fine].forget()
	for i := range c.residences {
		c.residences[i].forget()
	}
	measures := c.plan.persons[c.period]
	for i := range measures {
		measures[i].contribute(c, &measures[i])
	}
}

func (v *visit) sexOrUnknown() string {
	if v.sex == "" {
		return unknown
	}
	return v.sex
}

func power(n int64, squares bool) int64 {
	if squares {
		return n * n
	}
	return n
}

// count sums the visits by area and member, once for all measures that want them.
func (c *contribution) count() {
	if c.counted {
		return
	}
	c.counted = true
	detailed := indicator.PeriodTypes[c.period].Detailed()
	for i := range c.steps {
		s := &c.steps[i]
		for _, area := range s.path {
			a := c.area(area)
			a.n++
			if detailed {
				a.countMember(0, s.members[0])
				a.countMember(1, s.members[1])
			}
		}
	}
}

// area returns the count of an area, adding it if it is new.
func (c *contribution) area(area symbol) *areaCount {
	for i := range c.areas {
		if c.areas[i].area == area {
			return &c.areas[i]
		}
	}
	if n := len(c.areas); n < cap(c.areas) {
		c.areas = c.areas[:n+1] // with the lists that were used before
	} else {
		c.areas = append(c.areas, areaCount{})
	}
	a := &c.areas[len(c.areas)-1]
	b := c.out.at(spot{c.start, area})
	*a = areaCount{area: area, block: b, sums: b.row(c.last.facet), members: [2][]memberCount{a.members[0][:0], a.members[1][:0]}}
	return a
}

func (a *areaCount) countMember(dimension int, f facet) {
	m := a.find(dimension, f)
	if m == nil {
		a.members[dimension] = append(a.members[dimension], memberCount{f, 0, a.block.row(f)})
		m = &a.members[dimension][len(a.members[dimension])-1]
	}
	m.n++
}

func (a *areaCount) find(dimension int, f facet) *memberCount {
	for i := range a.members[dimension] {
		if m := &a.members[dimension][i]; m.facet == f {
			return m
		}
	}
	return nil
}

// levels returns those of an area and all above it at which something is added that counts alike in all of them.
func (c *contribution) levels(path []symbol) []symbol {
	if c.rising != nil {
		return path[:min(1, len(path))]
	}
	return path
}

// risingBlock returns the sums to which that is added at one of these.
func (c *contribution) risingBlock(area symbol, grain int) *block {
	out := c.out
	if c.rising != nil {
		out = c.rising
	}
	if grain == fine {
		out = out.fine
	}
	return out.at(spot{c.start, area})
}

// venueVisits counts visits, or their squares, in every area where the person was.
func (c *contribution) venueVisits(m *personMeasure) {
	c.count()
	for i := range c.areas {
		a := &c.areas[i]
		a.sums[m.measure] += c.sign * power(a.n, m.squares)
		for dimension, along := range m.along {
			if !along {
				continue
			}
			for _, of := range a.members[dimension] {
				of.sums[m.measure] += c.sign * power(of.n, m.squares)
			}
		}
	}
}

// participant counts the person once, where the last visit was; and once for each member that any visit has.
func (c *contribution) participant(m *personMeasure) {
	c.atLast(m, 1, func(int64) int64 { return 1 })
	if m.groups {
		for i := range c.standings {
			c.inGroups(m, c.standings[i].block)
		}
	}
}

// atLast adds whole where the last visit was, and at each member that any visit in the period has what member makes of
// the number of its visits.
func (c *contribution) atLast(m *personMeasure, whole int64, member func(visits int64) int64) {
	if len(c.standings) == 0 {
		c.stands()
	}
	for i := range c.standings {
		at := &c.standings[i]
		at.sums[m.measure] += c.sign * whole
		for dimension, along := range m.along {
			if !along {
				continue
			}
			for _, of := range at.members[dimension] {
				of.sums[m.measure] += c.sign * member(of.n)
			}
		}
	}
}

// stands finds the sums of where the person counts once.
func (c *contribution) stands() {
	c.count()
	everywhere := c.area(c.plan.country).members // every visit is in the country, so each member stands there once
	for i, area := range c.levels(c.last.path) {
		if i < cap(c.standings) {
			c.standings = c.standings[:i+1] // with the lists that were used before
		} else {
			c.standings = append(c.standings, standing{})
		}
		at, b := &c.standings[i], c.risingBlock(area, whole)
		at.sums, at.block = b.row(c.last.facet), b
		for dimension, members := range everywhere {
			at.members[dimension] = at.members[dimension][:0]
			for _, of := range members {
				at.members[dimension] = append(at.members[dimension], memberCount{of.facet, of.n, b.row(of.facet)})
			}
		}
	}
}
