package aggregator

import (
	"vointi.fi/pkg/indicator"
)

// contribution is one person's visits in one period, on their way into cells. In a period a person has the area, home,
// age and sex of the last visit in it, so that persons add up over areas, ages and sexes within one period.
type contribution struct {
	plan   *plan
	out    deltas
	sign   int64
	typ    indicator.PeriodType
	visits []visit
	key    cellKey // period, band and sex of the person
	last   *visit
	newly  bool // became newly active in this period
}

// personContribution returns how a measure of persons is counted.
func personContribution(m indicator.Measure) (personMeasure, bool) {
	base, attribute, value := m.Condition()
	pm := personMeasure{condition: conditionOn(attribute, value)}
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
	default:
		return pm, false
	}
	return pm, true
}

func conditionOn(attribute, value string) func(*visit) bool {
	switch attribute {
	case "activity_type":
		return func(v *visit) bool { return v.activity == value }
	case "provider":
		return func(v *visit) bool { return v.provider == value }
	default:
		return func(*visit) bool { return true }
	}
}

// addPerson adds sign × what a person with these visits, sorted by sortVisits, contributes to the periods that touched
// admits.
func (p *plan) addPerson(d deltas, visits []visit, history indicator.Date, touched func(indicator.Period) bool, sign int64) {
	active, newly := p.rule.newlyActive(visits, history)
	for i, t := range indicator.PeriodTypes {
		done := map[indicator.Date]bool{}
		for j := range visits {
			for _, start := range t.Starts(visits[j].day) {
				period := indicator.Period{Type: t, Start: start}
				if done[start] || !touched(period) {
					continue
				}
				done[start] = true
				c := contribution{plan: p, out: d, sign: sign, typ: t, visits: between(visits, period)}
				c.newly = newly && period.Contains(active)
				c.last = &c.visits[len(c.visits)-1]
				c.key = cellKey{
					period: uint8(i), start: start,
					band: p.names.of(p.ages.band(c.last)), sex: p.names.of(c.last.sexOrUnknown()),
				}
				c.addAll(i)
			}
		}
	}
}

func (c *contribution) addAll(period int) {
	for i := range c.plan.persons {
		if m := &c.plan.persons[i]; m.periods[period] {
			m.contribute(c, m)
		}
	}
}

func (v *visit) sexOrUnknown() string {
	if v.sex == "" {
		return unknown
	}
	return v.sex
}

func (c *contribution) add(m *personMeasure, area string, n int64) {
	k := c.key
	k.area, k.measure = c.plan.names.of(area), m.measure
	c.out.add(k, c.sign*n)
}

func (c *contribution) addMember(m *personMeasure, area string, dim, member symbol, n int64) {
	k := c.key
	k.area, k.measure, k.dimension, k.member = c.plan.names.of(area), m.measure, dim, member
	k.band, k.sex = c.plan.names.of(everyone), c.plan.names.of(everyone)
	c.out.add(k, c.sign*n)
}

func power(n int64, squares bool) int64 {
	if squares {
		return n * n
	}
	return n
}

// venueVisits counts visits, or their squares, in every area where the person was.
func (c *contribution) venueVisits(m *personMeasure) {
	byArea := map[string]int64{}
	for i := range c.visits {
		for _, a := range c.plan.places.path(c.visits[i].area) {
			byArea[a]++
		}
	}
	for a, k := range byArea {
		c.add(m, a, power(k, m.squares))
	}
	c.eachDimension(m, func(dim dimension) {
		type at struct{ area, member string }
		byMember := map[at]int64{}
		for i := range c.visits {
			for _, a := range c.plan.places.path(c.visits[i].area) {
				byMember[at{a, dim.ofVisit(&c.visits[i])}]++
			}
		}
		for a, k := range byMember {
			c.addMember(m, a.area, dim.name, c.plan.names.of(a.member), power(k, m.squares))
		}
	})
}

// participant counts the person once, where the last visit was; and once for each member that any visit has.
func (c *contribution) participant(m *personMeasure) {
	for _, a := range c.plan.places.path(c.last.area) {
		c.add(m, a, 1)
	}
	c.eachDimension(m, func(dim dimension) {
		seen := map[string]bool{}
		for i := range c.visits {
			seen[dim.ofVisit(&c.visits[i])] = true
		}
		for member := range seen {
			for _, a := range c.plan.places.path(c.last.area) {
				c.addMember(m, a, dim.name, c.plan.names.of(member), 1)
			}
		}
	})
}

func (c *contribution) eachDimension(m *personMeasure, f func(dimension)) {
	if !c.typ.Detailed() {
		return
	}
	for i, dim := range c.plan.detailed {
		if m.along[i] {
			f(dim)
		}
	}
}

func (c *contribution) resident(m *personMeasure) { c.atHome(m, 1) }

func (c *contribution) newlyActive(m *personMeasure) {
	if c.newly {
		c.atHome(m, 1)
	}
}

func (c *contribution) residentVisits(m *personMeasure) {
	n := int64(0)
	for i := range c.visits {
		if m.condition(&c.visits[i]) {
			n++
		}
	}
	c.atHome(m, power(n, m.squares))
}

func (c *contribution) atHome(m *personMeasure, n int64) {
	for _, a := range c.plan.places.path(c.last.home) {
		c.add(m, a, n)
	}
}
