package aggregator

import (
	"math"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
)

// The comparators.
const (
	withPrevious        = "previous"
	withLastYear        = "same_period_last_year"
	withPerSession      = "same_period_last_year_per_session"
	withParent          = "parent"
	withCountry         = "country"
	withSimilar         = "similar"
	withTarget          = "target"
	withTrend           = "trend5"
	withMannKendall     = "mann_kendall"
	withSeasonalKendall = "seasonal_kendall"
	withGapAbs          = "gap_abs"
	withGapRel          = "gap_rel"
	withSlope           = "sii"
	withRelative        = "rii"
	withIndex           = "concentration"
)

// Why a comparison has no numbers, or how they are to be read. Reasons of trends are those of package stats.
const (
	lacksTime     = "period_not_over"
	lacksMonths   = "incomplete_period"
	lacksFigure   = "no_data"
	lacksVenue    = "data_gap"
	isProtected   = "protected"
	lacksInterval = "no_interval"
	notCalculable = "not_calculable"
	brokenSeries  = string(stats.SeriesBreak)
	lacksRank     = "no_rank"
	tooFewGroups  = "too_few_groups"
	tooFewPeriods = "too_few_periods"
	lacksBetter   = "no_direction"
	includesSelf  = "includes_itself"
)

// comparer compares the published figures of one indicator and period type. It is a pure function of them, of the
// reference data and of a day: it never sees a cell. What it needs of a protected row is not there, so the comparison has
// no number and nothing can leak through it.
type comparer struct {
	*references
	shelf    *shelf
	sessions *shelf // how many sessions were held, if that matters to the indicator
	draws    *draws
}

// table is the comparisons of one period: all areas and groups.
type table struct {
	*comparer
	when  when
	over  bool
	rows  []comparison
	first int // the first of rows that is this table's
}

// table adds the comparisons of a period, adjusted for how many they are.
func (c *comparer) table(to []comparison, w when) []comparison {
	t := &table{comparer: c, when: w, over: c.over(c.shelf.typ, w), rows: to, first: len(to)}
	for _, f := range c.shelf.tables[w] {
		t.compare(f)
	}
	t.adjust()
	return t.rows
}

func (t *table) compare(f *figure) {
	t.inTime(f)
	if !t.detailed() {
		return
	}
	t.trend(f)
	t.kendall(f)
	if intensive(t.shelf.entry, f) {
		t.inSpace(f)
		t.gaps(f)
		t.inequality(f)
	}
	t.target(f)
}

// detailed reports whether more is compared than with earlier periods: a day or a week says too little.
func (t *table) detailed() bool { return t.shelf.typ.Detailed() }

// key returns the key of a comparison.
func (t *table) key(f *figure, comparator string) comparisonKey {
	return comparisonKey{pubKey{indicator.Period{Type: t.shelf.typ, Start: f.start}, f.wave, f.slot}, comparator}
}

// add adds the comparison of f with others, of which nil is one that is missing. calculate is called when all of them are
// there; what it cannot calculate gets a reason. It returns the row, to be refined.
func (t *table) add(f *figure, comparator, unit string, others []*figure, calculate func() contrast) *comparison {
	t.rows = append(t.rows, blank(t.key(f, comparator)))
	r := &t.rows[len(t.rows)-1]
	r.unit = unit
	if r.reason = t.lacking(f, others); r.reason == "" {
		c := calculate()
		r.fill(c)
		if exists(r.upper) && exists(r.lower) {
			r.verdict = string(stats.Compare(c.i95, c.i998, c.none, f.direction))
		} else if r.reason = notCalculable; bare(f) {
			r.reason = lacksInterval
		}
	}
	return r
}

func (r *comparison) fill(c contrast) {
	r.difference, r.lower, r.upper, r.p = c.value, c.i95.Lower, c.i95.Upper, c.p
}

// lacking returns why there is nothing to compare; "" if there is. A figure that lacks what a silent venue has not told is held beside
// nothing, and nothing of its own area beside it; others may be held beside it, of which the venue is a part among many.
func (t *table) lacking(f *figure, others []*figure) string {
	if !t.over {
		return lacksTime
	}
	reason := ""
	for i := -1; i < len(others); i++ {
		x := f
		if i >= 0 {
			x = others[i]
		}
		switch {
		case x != nil && x.protected:
			return isProtected
		case x != nil && !t.covered.whole(x.area, t.shelf.typ, x.start):
			reason = lacksMonths
		case x != nil && x.gap && x.area == f.area:
			reason = lacksVenue
		case reason == "" && (x == nil || x.empty || math.IsNaN(x.value)):
			reason = lacksFigure
		}
	}
	return reason
}

// adjust writes the p-values of each comparator adjusted for their number.
func (t *table) adjust() {
	families := map[string][]int{}
	for i := t.first; i < len(t.rows); i++ {
		if r := &t.rows[i]; !math.IsNaN(r.p) {
			families[r.comparator] = append(families[r.comparator], i)
		}
	}
	for _, rows := range families {
		ps := make([]float64, len(rows))
		for i, row := range rows {
			ps[i] = t.rows[row].p
		}
		adjusted, err := stats.BenjaminiHochberg(ps)
		if err != nil {
			continue // no probability is outside 0 to 1
		}
		for i, row := range rows {
			t.rows[row].adjusted = adjusted[i]
		}
	}
}

// differenceUnit is the unit of a difference: of percentages it is percentage points.
func differenceUnit(f *figure) string {
	if f.unit == "%" {
		return "pp"
	}
	return f.unit
}
