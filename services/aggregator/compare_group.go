package aggregator

import (
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
)

// references are what figures are held against beside each other.
var referenceMembers = map[string]string{"education": "high"}

// referenceSex is the sex that the other is held against.
const referenceSex = "1"

// gaps compares a group with the one that is fixed for its breakdown, never chosen by period: women with men of the same
// age, levels of education with the highest. Without such a group it is the area's total, which includes the group itself.
func (t *table) gaps(f *figure) {
	k := f.slot
	includes := false
	switch {
	case f.dimension != "" && f.member == referenceMembers[f.dimension], f.total(), f.sex == referenceSex:
		return // a reference, or all
	case f.sex != everyone:
		k.sex = referenceSex
	case referenceMembers[f.dimension] != "":
		k.member = referenceMembers[f.dimension]
	default:
		includes = true
		k = slot{indicator: f.indicator, area: f.area, group: everyone, sex: everyone, member: everyone}
	}
	other := t.shelf.find(k, f.when)
	scale := t.shelf.entry.Scale
	t.add(f, withGapAbs, differenceUnit(f), []*figure{other}, func() contrast { return change(f, other, scale) }).mark(includes)
	t.add(f, withGapRel, "ratio", []*figure{other}, func() contrast { return ratio(f, other) }).mark(includes)
}

// mark notes beside the numbers that the reference includes the group.
func (r *comparison) mark(includes bool) {
	if includes && r.reason == "" {
		r.reason = includesSelf
	}
}

// targetKey names what a target is for.
type targetKey struct {
	indicator, area, scheme, group string
	year                           int
}

// target holds a figure against the target of its year: of a rolling window the year in which it ends, of a survey that in
// which it begins.
func (t *table) target(f *figure) {
	year, ok := targetYear(t.shelf.typ, f.start)
	if !ok || f.dimension != "" || f.sex != everyone {
		return
	}
	value, ok := t.targets[targetKey{f.indicator, f.area, f.scheme, f.group, year}]
	if !ok {
		return
	}
	r := t.add(f, withTarget, differenceUnit(f), nil, func() contrast {
		c := beside(f, value)
		c.p = nan() // whether a target is reached is no two-sided question
		return c
	})
	if r.verdict == "" {
		return
	}
	if r.verdict = string(stats.CompareTarget(f.i95, value, f.direction)); r.verdict == "" {
		r.reason = lacksBetter
	}
}

// targetYear returns the year whose target applies to a period; targets are for years.
func targetYear(t indicator.PeriodType, start indicator.Date) (int, bool) {
	switch t {
	case indicator.Year, indicator.Wave:
		return start.Year(), true
	case indicator.Rolling12M:
		return (t.End(start) - 1).Year(), true
	}
	return 0, false
}
