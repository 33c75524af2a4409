package aggregator

import (
	"vointi.fi/pkg/indicator"
)

// contribution is one person's visits in one period, on their way into cells. In a period a person has the area, home,
// age and sex of the last visit in it, so that persons add up over areas, ages and sexes within one period.
type contribution struct {
	plan   *plan
	out    *deltas
	sign   int64
	typ    indicator.PeriodType
	visits []visit
	place  place // period, band and sex of the person
	last   *visit
	newly  bool // became newly active in this period

	counted bool
	areas   []areaCount      // visits by area, all levels
	members [2][]memberCount // visits by area and member of each dimension
}

// areaCount is the visits in one area, with the sums of the place where they belong: several measures add to it.
type areaCount struct {
	area symbol
	n    int64
	sums []int64
}

type memberCount struct {
	area, member symbol
	n            int64
	sums         []int64
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
func (p *plan) addPerson(d *deltas, visits []visit, history indicator.Date, touched func(indicator.Period) bool, sign int64) {
	if len(visits) == 0 {
		return
	}
	active, newly := p.rule.newlyActive(visits, history)
	c := contribution{plan: p, out: d, sign: sign}
	for i, t := range indicator.PeriodTypes {
		if !p.periods[i] {
			continue
		}
		c.typ = t
		eachPeriod(t, visits, func(start, end indicator.Date, within []visit) {
			if touched(indicator.Period{Type: t, Start: start}) {
				c.add(i, start, within, newly && start <= active && active < end)
			}
		})
	}
}

// eachPeriod calls f for every period of the type that has visits, with the visits in it.
func eachPeriod(t indicator.PeriodType, visits []visit, f func(start, end indicator.Date, within []visit)) {
	if t == indicator.Rolling12M {
		first, last := t.Starts(visits[0].day)[0], indicator.Month.Starts(visits[len(visits)-1].day)[0]
		for start := first; start <= last; start = indicator.Month.End(start) {
			if within := between(visits, indicator.Period{Type: t, Start: start}); len(within) > 0 {
				f(start, t.End(start), within)
			}
		}
		return
	}
	for from := 0; from < len(visits); {
		start := t.Starts(visits[from].day)[0]
		end, to := t.End(start), from+1
		for to < len(visits) && visits[to].day < end {
			to++
		}
		f(start, end, visits[from:to])
		from = to
	}
}

// add contributes the visits of one period.
func (c *contribution) add(period int, start indicator.Date, visits []visit, newly bool) {
	c.areas = c.areas[:0]
	c.visits, c.newly, c.counted, c.last = visits, newly, false, &visits[len(visits)-1]
	names := c.plan.names
	c.place = place{
		period: uint8(period), start: start, band: names.of(c.plan.ages.band(c.last)), sex: names.of(c.last.sexOrUnknown()),
	}
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

// sums returns the sums of the person's group in an area.
func (c *contribution) sums(area symbol) []int64 {
	for i := range c.areas {
		if c.areas[i].area == area {
			return c.areas[i].sums
		}
	}
	x := c.place
	x.area = area
	return c.out.at(x)
}

// memberSums returns the sums of a member in an area.
func (c *contribution) memberSums(dimension int, area, member symbol) []int64 {
	for _, m := range c.members[dimension] {
		if m.area == area && m.member == member {
			return m.sums
		}
	}
	x := c.place
	x.area, x.dimension, x.member = area, c.plan.detailed[dimension].name, member
	x.band, x.sex = c.plan.all, c.plan.all
	return c.out.at(x)
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
	c.areas, c.members[0], c.members[1] = c.areas[:0], c.members[0][:0], c.members[1][:0]
	for i := range c.visits {
		v := &c.visits[i]
		for _, area := range c.plan.path(v.area) {
			c.countArea(area)
			if c.typ.Detailed() {
				c.countMember(0, area, c.plan.names.of(v.activity))
				c.countMember(1, area, c.plan.names.of(v.provider))
			}
		}
	}
}

func (c *contribution) countArea(area symbol) {
	for i := range c.areas {
		if c.areas[i].area == area {
			c.areas[i].n++
			return
		}
	}
	x := c.place
	x.area = area
	c.areas = append(c.areas, areaCount{area, 1, c.out.at(x)})
}

func (c *contribution) countMember(dimension int, area, member symbol) {
	counts := c.members[dimension]
	for i := range counts {
		if counts[i].area == area && counts[i].member == member {
			counts[i].n++
			return
		}
	}
	sums := c.memberSums(dimension, area, member)
	c.members[dimension] = append(counts, memberCount{area, member, 1, sums})
}

// venueVisits counts visits, or their squares, in every area where the person was.
func (c *contribution) venueVisits(m *personMeasure) {
	c.count()
	for _, a := range c.areas {
		a.sums[m.measure] += c.sign * power(a.n, m.squares)
	}
	for dimension, along := range m.along {
		if !along {
			continue
		}
		for _, a := range c.members[dimension] {
			a.sums[m.measure] += c.sign * power(a.n, m.squares)
		}
	}
}

// participant counts the person once, where the last visit was; and once for each member that any visit has.
func (c *contribution) participant(m *personMeasure) {
	c.count()
	path := c.plan.path(c.last.area)
	for _, a := range path {
		c.sums(a)[m.measure] += c.sign
	}
	for dimension, along := range m.along {
		if !along {
			continue
		}
		for _, of := range c.members[dimension] {
			if of.area != c.plan.names.of(country) { // every visit is in the country, so each member stands there once
				continue
			}
			for _, a := range path {
				c.memberSums(dimension, a, of.member)[m.measure] += c.sign
			}
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
	if n > 0 {
		c.atHome(m, power(n, m.squares))
	}
}

func (c *contribution) atHome(m *personMeasure, n int64) {
	for _, a := range c.plan.path(c.last.home) {
		c.sums(a)[m.measure] += c.sign * n
	}
}
