package aggregator

import (
	"slices"

	"vointi.fi/pkg/indicator"
)

// retentionDays is within how many days after the first visit another one counts as coming back.
const retentionDays = 90

// recentDays is how long «recently» is: the days at the end of a period in which a visit counts for «regular».
const recentDays = 90

// returns reports whether there is a visit 1 to retentionDays days after the first one's day.
func returns(visits []visit) bool {
	first := visits[0].day
	i := slices.IndexFunc(visits, func(v visit) bool { return v.day > first })
	return i >= 0 && visits[i].day <= first+retentionDays
}

// milestones are the days whose periods count the person for something that visits on other days decide: becoming newly
// active, and coming back after the first visit.
func (t *trace) milestones() (days []indicator.Date) {
	if t.newly {
		days = append(days, t.active)
	}
	if t.first != nil {
		days = append(days, t.first.day)
	}
	return days
}

func (t *trace) sameMilestones(o *trace) bool {
	return slices.Equal(t.milestones(), o.milestones()) && t.newly == o.newly && t.returned == o.returned
}

// addMilestones adds the days of both traces' milestones, if these are not the same.
func (t *trace) addMilestones(o *trace, days map[indicator.Date]bool) {
	if t.sameMilestones(o) {
		return
	}
	for _, d := range slices.Concat(t.milestones(), o.milestones()) {
		days[d] = true
	}
}

func (c *contribution) within(d indicator.Date) bool { return c.start <= d && d < c.end }

// visitsOfPersons counts the person's visits, or their square, where the person is counted.
func (c *contribution) visitsOfPersons(m *personMeasure) {
	c.atLast(m, power(int64(len(c.steps)), m.squares), func(visits int64) int64 { return power(visits, m.squares) })
}

// firstTimer counts the person like a participant, if the first known visit is in the period.
func (c *contribution) firstTimer(m *personMeasure) {
	if first := c.trace.first; first != nil && c.within(first.day) {
		c.participant(m)
	}
}

// recentSteps returns the visits of the last recentDays days of the period.
func (c *contribution) recentSteps() []step {
	from := slices.IndexFunc(c.steps, func(s step) bool { return s.day >= c.end-recentDays })
	if from < 0 {
		return nil
	}
	return c.steps[from:]
}

func (c *contribution) recent(m *personMeasure) {
	if steps := c.recentSteps(); len(steps) > 0 {
		c.stand(m, c.last, steps)
	}
}

func (c *contribution) regular(m *personMeasure) {
	steps := c.recentSteps()
	if rule := c.plan.rule; len(steps) >= rule.Visits && weeks(steps) >= rule.Weeks {
		c.stand(m, c.last, steps)
	}
}

// newcomer counts the person where the first known visit was.
func (c *contribution) newcomer(m *personMeasure) {
	if first := c.trace.first; first != nil && c.within(first.day) {
		c.stand(m, first, c.trace.steps[:1])
	}
}

func (c *contribution) retained(m *personMeasure) {
	if c.trace.returned {
		c.newcomer(m)
	}
}

// stand counts the person once in the areas of one visit, by the age and sex of it, and once for each member of some
// visits.
func (c *contribution) stand(m *personMeasure, at *step, of []step) {
	for _, area := range c.levels(at.path) {
		b := c.risingBlock(area, whole)
		b.row(at.facet)[m.measure] += c.sign
		c.inGroups(m, b)
		if !indicator.PeriodTypes[c.period].Detailed() {
			continue
		}
		for dimension, along := range m.along {
			if !along {
				continue
			}
			for i, s := range of {
				if f := s.members[dimension]; !slices.ContainsFunc(of[:i], func(o step) bool { return o.members[dimension] == f }) {
					b.row(f)[m.measure] += c.sign
				}
			}
		}
	}
}
