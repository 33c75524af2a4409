package aggregator

import (
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
)

// previous returns the period before one that begins at start, without overlap: the rolling window before is the one that
// ended twelve months earlier.
func previous(t indicator.PeriodType, start indicator.Date) indicator.Date {
	switch t {
	case indicator.Month:
		return start.AddMonths(-1)
	case indicator.Quarter:
		return start.AddMonths(-3)
	case indicator.Year, indicator.Rolling12M:
		return start.AddMonths(-12)
	case indicator.Week:
		return start - 7
	}
	return start - 1
}

// lastYear returns the same period of the year before: of a day the same day of the week 52 weeks earlier, of a week the
// one with the same number. false if there is none: week 53 in most years, and what is a year long or more by itself.
func lastYear(t indicator.PeriodType, start indicator.Date) (indicator.Date, bool) {
	switch t {
	case indicator.Day:
		return start - 364, true
	case indicator.Week:
		return isoWeek(start, -1)
	case indicator.Month, indicator.Quarter, indicator.Year:
		return start.AddMonths(-12), true
	}
	return 0, false
}

// isoWeek returns the week with the same number some years later, if that year has it.
func isoWeek(monday indicator.Date, years int) (indicator.Date, bool) {
	year, week := monday.Time().ISOWeek()
	fourth := indicator.DateOf(monday.Time().AddDate(0, 0, 3)) // a Thursday: its year is the week's
	first := indicator.Week.First(indicator.Year.First(fourth.AddMonths(12*years)) + 3)
	d := first + indicator.Date(7*(week-1))
	y, w := d.Time().ISOWeek()
	return d, y == year+years && w == week
}

// inTime compares a figure with earlier ones of its own row.
func (t *table) inTime(f *figure) {
	if t.shelf.typ == indicator.Wave {
		t.previousWave(f)
		return
	}
	scale := t.shelf.entry.Scale
	if before := (when{start: previous(t.shelf.typ, f.start)}); t.published(before) {
		other := t.shelf.find(f.slot, before)
		t.add(f, withPrevious, differenceUnit(f), []*figure{other}, func() contrast { return change(f, other, scale) })
	}
	start, ok := lastYear(t.shelf.typ, f.start)
	before := when{start: start}
	if !ok || !t.published(before) {
		return
	}
	other := t.shelf.find(f.slot, before)
	if !isCount(f) {
		t.add(f, withLastYear, differenceUnit(f), []*figure{other}, func() contrast { return change(f, other, scale) })
		return
	}
	t.add(f, withLastYear, "%", []*figure{other}, func() contrast { return growth(f, other, scale) })
	if t.sessions == nil || f.dimension == "" && !f.total() || !t.detailed() {
		return // sessions have no age and no sex
	}
	held, heldThen := t.sessions.find(t.sessionSlot(f), f.when), t.sessions.find(t.sessionSlot(f), before)
	t.add(f, withPerSession, "%", []*figure{other, held, heldThen}, func() contrast {
		return growthPer(f, other, held.value, heldThen.value, scale)
	})
}

// published reports whether anything of the indicator is published in a period. What lies before all data is not missing.
func (t *table) published(w when) bool { return len(t.shelf.tables[w]) > 0 }

func (t *table) sessionSlot(f *figure) slot {
	k := f.slot
	k.indicator = t.sessions.entry.ID
	return k
}

// previousWave compares with the wave before of the same questionnaire. Another version of it breaks the series.
func (t *table) previousWave(f *figure) {
	before, ok := t.waveBefore(f.wave)
	if !ok || !t.published(before.when()) {
		return
	}
	other := t.shelf.find(f.slot, before.when())
	same := before.version == t.waves[f.wave].version
	r := t.add(f, withPrevious, differenceUnit(f), []*figure{other}, func() contrast {
		if !same {
			return plain(nan())
		}
		return change(f, other, t.shelf.entry.Scale)
	})
	if !same && r.reason == notCalculable {
		r.reason = brokenSeries
	}
}

// trend marks the five years that end with the figure's. Only years are tested, and surveys with one wave a year: months
// have seasons, and rolling windows overlap.
func (t *table) trend(f *figure) {
	years := t.yearsUpTo(f)
	if len(years) < 2 {
		return // no earlier year
	}
	var needed []*figure
	for _, y := range years {
		if y.figure != nil && !y.figure.empty {
			needed = append(needed, y.figure)
		}
	}
	unit := differenceUnit(f) + " a year"
	if isShare(f) {
		unit = "logit a year"
	}
	var found stats.Trend
	r := t.add(f, withTrend, unit, needed, func() contrast {
		found = t.test(f, years)
		c := plain(found.Slope)
		c.p = found.P
		return c
	})
	if found.Label == "" {
		return // it lacks something
	}
	r.verdict, r.reason = string(found.Verdict(f.direction)), string(found.Reason)
	switch found.Label {
	case stats.Increasing:
		r.reason = "increasing"
	case stats.Decreasing:
		r.reason = "decreasing"
	}
}

// yearOf is one point of a trend; figure is nil for a year without a row.
type yearOf struct {
	year   int
	figure *figure
	broken bool // not comparable with the years before
}

// span is how many years a trend looks at.
const span = 5

// yearsUpTo returns at most five points, the oldest first, the figure's own last, beginning with the first year in which
// anything of the indicator is published; none if the figure's period is not one of those that can be tested.
func (t *table) yearsUpTo(f *figure) []yearOf {
	switch t.shelf.typ {
	case indicator.Year:
		return t.calendarYears(f)
	case indicator.Wave:
		return t.waveYears(f)
	}
	return nil
}

func (t *table) calendarYears(f *figure) []yearOf {
	var years []yearOf
	for back := span - 1; back >= 0; back-- {
		w := when{start: f.start.AddMonths(-12 * back)}
		if len(years) > 0 || t.published(w) {
			years = append(years, yearOf{w.start.Year(), t.shelf.find(f.slot, w), false})
		}
	}
	return years
}

// waveYears returns nothing if two waves of the questionnaire began in one year.
func (t *table) waveYears(f *figure) []yearOf {
	years := []yearOf{{f.start.Year(), f, false}}
	for w, ok := t.waveBefore(f.wave); ok && len(years) < span; w, ok = t.waveBefore(w.id) {
		if !t.published(w.when()) {
			break
		}
		later := &years[0]
		if later.year == w.starts.Year() {
			return nil
		}
		later.broken = t.waves[later.figure.wave].version != w.version
		here := t.shelf.find(f.slot, w.when())
		if here == nil {
			here = &figure{when: w.when(), value: nan(), i95: stats.Undefined, empty: true}
		}
		years = append([]yearOf{{w.starts.Year(), here, false}}, years...)
	}
	return years
}

// test applies the rule of five years. Numbers that are not there make it incalculable, with the reason.
func (t *table) test(f *figure, years []yearOf) stats.Trend {
	if isShare(f) {
		points := make([]stats.YearShare, len(years))
		for i, y := range years {
			points[i] = stats.YearShare{Year: y.year, Cases: nan(), Trials: nan(), Break: y.broken}
			if y.figure != nil {
				points[i].Cases, points[i].Trials = y.figure.numerator, y.figure.denominator
			}
		}
		trend, _ := stats.TrendShares5(points)
		return trend
	}
	points := make([]stats.YearValue, len(years))
	for i, y := range years {
		points[i] = stats.YearValue{Year: y.year, Value: nan(), Limits: stats.Undefined, Break: y.broken}
		if y.figure != nil {
			points[i].Value, points[i].Limits = y.figure.value, y.figure.i95
		}
	}
	trend, _ := stats.Trend5(points, stats.Level95)
	return trend
}
