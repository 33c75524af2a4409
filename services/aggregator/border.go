package aggregator

import (
	"slices"

	"vointi.fi/pkg/indicator"
)

// Weeks go on from one month, quarter or year into the next, and so tie together what is protected apart. So a week is shown
// only where the sums of both of its segments could be, and a longer period is protected against somebody who knows those of the
// segments that it begins and ends with, where they could be shown. Then nothing outside of a period can tell more about it,
// and what protects a year protects its days against all that is published.

// border is a segment that is not a whole week, as if it were published.
type border struct {
	*layer
	from, to indicator.Date
}

// bordersOf returns the segments of a period whose week goes on outside of it; of a week all, if it goes on in the next month.
func bordersOf(p indicator.Period) (list []border) {
	for d := p.Start; d < p.End(); {
		from, to := segment(indicator.Day, d)
		if week := indicator.Week.First(d); to-from < 7 && (p.Type == indicator.Week || week < p.Start || indicator.Week.End(week) > p.End()) {
			list = append(list, border{from: from, to: to})
		}
		d = to
	}
	return list
}

// borders returns these segments with what must be hidden of them; none of a measure that has no days.
func (a *Aggregator) borders(p indicator.Period, m indicator.Measure, days []*layer) (list []border, err error) {
	if len(days) == 0 {
		return nil, nil
	}
	list = bordersOf(p)
	for i := range list {
		b := &list[i]
		of := slices.DeleteFunc(slices.Clone(days), func(l *layer) bool { return l.period.Start < b.from || l.period.Start >= b.to })
		if b.layer, err = a.toldBySum(of, m, true); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// times is the stack of a period and all shorter ones, with the sums of the segments that it begins and ends with; of a week it is
// without, and the rows come with it that must be hidden for what they tell on.
func (a *Aggregator) times(g *grid, m indicator.Measure, within layers) (s stack, split []slot, err error) {
	list, err := a.borders(g.period, m, within[indicator.Day])
	s = within.stack(g, shorter[g.period.Type]...)
	switch {
	case err != nil:
	case g.period.Type == indicator.Week:
		for _, b := range list {
			split = append(split, b.hidden...)
		}
	default:
		s.addBorders(list)
	}
	return s, split, err
}

// addBorders adds segments as layers, which consist of their days, and are parts of what is longer in place of these.
func (s *stack) addBorders(list []border) {
	longer := len(s.layers)
	for _, b := range list {
		days := s.days(b.from, b.to)
		s.sums[len(s.layers)] = [][]int{days}
		for i, l := range s.layers[:longer] {
			if len(s.weeks(l)) == 0 {
				continue
			}
			parts := &s.sums[i][len(s.sums[i])-1] // the weeks
			if rest := slices.DeleteFunc(slices.Clone(*parts), func(j int) bool { return slices.Contains(days, j) }); len(rest)+len(days) == len(*parts) {
				*parts = append(rest, len(s.layers))
			}
		}
		s.layers = append(s.layers, b.layer)
	}
}

// days returns the layers of days from one to before another.
func (s *stack) days(from, to indicator.Date) (days []int) {
	for i, l := range s.layers {
		if l.period.Type == indicator.Day && from <= l.period.Start && l.period.Start < to {
			days = append(days, i)
		}
	}
	return days
}
