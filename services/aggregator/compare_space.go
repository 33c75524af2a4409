package aggregator

import (
	"math"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
)

func nan() float64 { return math.NaN() }

// inSpace compares a figure with those of other areas in the same period. Providers are not compared: elsewhere they are
// the same provider.
func (t *table) inSpace(f *figure) {
	if f.dimension == "provider" {
		return
	}
	if mother := t.mother(f.area); mother != "" {
		t.benchmark(f, withParent, mother)
	}
	if f.area != country {
		t.benchmark(f, withCountry, country)
	}
	t.similar(f)
}

// benchmark holds a figure against that of an area that contains it, which is taken for exact.
func (t *table) benchmark(f *figure, comparator, area string) {
	other := t.shelf.in(area, f)
	t.add(f, comparator, differenceUnit(f), []*figure{other}, func() contrast { return beside(f, other.value) })
}

// similar holds a figure against the others of the area's group, taken together: those of them that have a row. One that
// is protected hides them all.
func (t *table) similar(f *figure) {
	var others, shown []*figure
	for _, area := range t.peers.Similar(f.area) {
		x := t.shelf.in(area, f)
		if x == nil {
			continue
		}
		others = append(others, x)
		if !x.empty {
			shown = append(shown, x)
		}
	}
	if len(others) == 0 {
		return
	}
	if len(shown) == 0 {
		shown = others // for the reason that they lack
	}
	scale := t.shelf.entry.Scale
	t.add(f, withSimilar, differenceUnit(f), shown, func() contrast { return change(f, pool(shown, scale), scale) })
}

// inequality measures how an area's figure differs along the deprivation of the areas in it: slope, relative and
// concentration index. It is for shares and rates of residents, standardised ones too, by year and rolling year, since every index
// takes ten thousand draws.
func (t *table) inequality(f *figure) {
	ofResidents := t.shelf.entry.Denominator.Measure == indicator.Population && (bounded(f) || isRate(f) || f.method == indicator.StandardRate)
	long := t.shelf.typ == indicator.Year || t.shelf.typ == indicator.Rolling12M
	if !ofResidents || !long || !f.total() {
		return
	}
	parts, ranked := t.partsOf(f)
	if len(parts) == 0 {
		return
	}
	var made indexes
	index := func(comparator, unit string, of func(indexes) contrast) {
		r := t.add(f, comparator, unit, parts, func() contrast {
			if !ranked || len(parts) < fewestGroups {
				return plain(nan())
			}
			if !made.done {
				groups, link := groupsOf(parts, t.shelf.entry.Scale)
				made = t.draws.indexes(groups, link, t.key(f, ""))
			}
			return of(made)
		})
		switch {
		case r.reason != notCalculable && r.reason != lacksInterval: // it is there, or lacks a figure
		case !ranked:
			r.reason = lacksRank
		case len(parts) < fewestGroups:
			r.reason = tooFewGroups
		default:
			r.reason = notCalculable
		}
		if r.verdict != "" { // a slope is neither good nor bad
			r.verdict = string(stats.Compare(of(made).i95, of(made).i998, of(made).none, stats.Neutral))
		}
	}
	scale := 1.0 // draws of shares are from 0 to 1
	if bounded(f) {
		scale = t.shelf.entry.Scale
	}
	index(withSlope, differenceUnit(f), func(x indexes) contrast { return x.slope.scale(scale) })
	index(withRelative, "ratio", func(x indexes) contrast { return x.relative })
	index(withIndex, "index", func(x indexes) contrast { return x.concentration })
}

// fewestGroups is from how many parts an area's inequality is measured.
const fewestGroups = 5

// partsOf returns the figures of the parts of the figure's area, the most deprived first: of those that have a row, and of
// those that are not empty. ranked is false if one of them has no rank.
func (t *table) partsOf(f *figure) (parts []*figure, ranked bool) {
	scale := t.peers.Scale(t.partLevel(f.area))
	if scale == nil {
		return nil, false
	}
	ranked = true
	for _, area := range t.parts[f.area] {
		if x := t.shelf.in(area, f); x != nil && !x.empty {
			parts = append(parts, x)
			ranked = ranked && scale.Rank(area) >= 0
		}
	}
	slices.SortStableFunc(parts, func(a, b *figure) int { return scale.Rank(a.area) - scale.Rank(b.area) })
	return parts, ranked
}

// bounded reports whether a figure is a share of people, standardised or not.
func bounded(f *figure) bool { return isShare(f) || f.method == indicator.StandardProportion }

// groupsOf are the parts as the statistics know them: shares from 0 to 1 on the logit scale, rates on that of logarithms.
func groupsOf(parts []*figure, scale float64) ([]stats.Group, stats.Link) {
	link := stats.Log
	if bounded(parts[0]) {
		link = stats.Logit
	}
	groups := make([]stats.Group, len(parts))
	for i, f := range parts {
		value, limits := f.value, f.limits(stats.Level95)
		switch {
		case isShare(f):
			value = f.numerator / f.denominator
			limits, _ = stats.Wilson(f.numerator, f.denominator, stats.Level95)
		case bounded(f):
			value, limits = value/scale, limits.Scale(1/scale)
		}
		groups[i] = stats.Group{Population: f.denominator, Value: value, SE: link.StandardError(limits, stats.Level95)}
	}
	return groups, link
}
