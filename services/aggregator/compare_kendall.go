package aggregator

import (
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
)

// kendallYears is how many years a rank test for trend looks back at most.
const kendallYears = 10

// The fewest periods: with fewer than five values no order of them is significant at 95 %, and two years of months say no more
// than a comparison with last year.
const (
	fewestOfSeason = 3
	fewestInOrder  = 5
)

// kendallOf returns the comparator of the rank test for trend by which figures of a period type are tested: months and quarters
// season by season, years and surveys as they come; "" for none, since rolling windows overlap and days and weeks say too little.
func kendallOf(t indicator.PeriodType) string {
	switch t {
	case indicator.Month, indicator.Quarter:
		return withSeasonalKendall
	case indicator.Year, indicator.Wave:
		return withMannKendall
	}
	return ""
}

// lastOver returns the last period of a type that is over on a day.
func lastOver(t indicator.PeriodType, day indicator.Date) indicator.Date {
	return previous(t, t.First(day))
}

// kendall tests what is shown of a row for a trend of any shape, which needs no intervals: the slope is Theil's and Sen's, a year's
// change, and the verdict is the test's. Of months, quarters and years only what ended last has one, since it rests on all before it.
// A period without a figure, or with one that lacks what a silent venue has not told, is left out; one that is protected leaves
// nothing to say.
func (t *table) kendall(f *figure) {
	comparator := kendallOf(t.shelf.typ)
	if comparator == "" || t.shelf.typ != indicator.Wave && f.start != lastOver(t.shelf.typ, t.day) {
		return
	}
	seasons := t.seasons(f)
	enough, longest := fewestInOrder, slices.MaxFunc(seasons, func(a, b []*figure) int { return len(a) - len(b) })
	if comparator == withSeasonalKendall {
		enough = fewestOfSeason
	}
	if len(longest) < 2 {
		return // nothing earlier
	}
	var test stats.Kendall
	r := t.add(f, comparator, differenceUnit(f)+" a year", slices.Concat(seasons...), func() contrast {
		if len(longest) < enough {
			return plain(nan())
		}
		var c contrast
		c, test = t.ranked(seasons)
		return c
	})
	switch {
	case len(longest) < enough && (r.reason == notCalculable || r.reason == lacksInterval):
		r.reason = tooFewPeriods
	case r.verdict != "":
		r.verdict = string(test.Verdict(f.direction))
	case r.reason == lacksInterval:
		r.reason = notCalculable // of the slope, not of the figure
	}
}

// seasons returns what there is of a figure's row in the years up to it, by season, each in the order of time: all in one but for
// months and quarters. Of surveys it is those of the same version of the questionnaire.
func (t *table) seasons(f *figure) [][]*figure {
	seasons := make([][]*figure, 12)
	for _, x := range t.shelf.figures[f.slot] {
		far := x.start > f.start || x.start < f.start.AddMonths(-12*kendallYears)
		if far || x.empty || x.gap || !t.covered.whole(x.area, t.shelf.typ, x.start) {
			continue
		}
		season := 0
		switch t.shelf.typ {
		case indicator.Wave:
			if !t.waves[x.wave].continues(t.waves[f.wave]) {
				continue
			}
		case indicator.Month, indicator.Quarter:
			season = int(x.start.Time().Month()) - 1
		}
		seasons[season] = append(seasons[season], x)
	}
	return seasons
}

// continues reports whether both waves asked the same.
func (w waveInfo) continues(v waveInfo) bool {
	return w.instrument == v.instrument && w.version == v.version
}

// ranked is the rank test with its slope.
func (t *table) ranked(seasons [][]*figure) (contrast, stats.Kendall) {
	values, points := make([][]float64, len(seasons)), make([][]stats.Point, len(seasons))
	for i, figures := range seasons {
		for _, x := range figures {
			values[i] = append(values[i], x.value)
			points[i] = append(points[i], stats.Point{T: t.yearsOf(x), Y: x.value})
		}
	}
	test, _ := stats.SeasonalKendall(values)
	if kendallOf(t.shelf.typ) == withMannKendall {
		test, _ = stats.MannKendall(values[0])
	}
	slope, _ := stats.SeasonalTheilSen(points, stats.Level95)
	return contrast{value: slope.Value, i95: slope.Interval, i998: stats.Undefined, p: test.P}, test
}

// yearsOf is when a figure was, in years: whole ones where seasons or years are compared.
func (t *table) yearsOf(f *figure) float64 {
	if t.shelf.typ == indicator.Wave {
		return float64(f.start) / 365.2425
	}
	return float64(f.start.Year())
}
