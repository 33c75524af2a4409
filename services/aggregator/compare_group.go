package aggregator

import (
	"cmp"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
)

// usualReference is the group that others are held against where the catalogue names none. Without any it is the total.
var usualReference = map[string]string{"education": "high", "sex": "1"}

// referenceGroup returns the group of a breakdown that its others are held against: fixed in the catalogue, never chosen
// by period.
func referenceGroup(e *indicator.Entry, breakdown string) string {
	return cmp.Or(e.ReferenceGroup[breakdown], usualReference[breakdown], everyone)
}

// reference returns the row that a group's is held against, and whether that includes the group itself; false if it is a
// reference, or nobody's group. Of an age and sex it is the reference sex of the same age.
func (t *table) reference(f *figure) (k slot, includes, ok bool) {
	k = f.slot
	breakdown, group := "age_group", &k.group
	switch {
	case f.total():
		return k, false, false
	case f.dimension != "":
		breakdown, group = f.dimension, &k.member
	case f.sex != everyone:
		breakdown, group = "sex", &k.sex
	}
	against := referenceGroup(t.shelf.entry, breakdown)
	if *group == against {
		return k, false, false
	}
	*group = against
	if against == everyone {
		switch breakdown {
		case "age_group":
			k.scheme = ""
		case f.dimension:
			k.dimension = ""
		}
	}
	return k, against == everyone, true
}

// gaps compares a group of people or activities with the one that is fixed for its breakdown. Providers are no such group.
func (t *table) gaps(f *figure) {
	k, includes, ok := t.reference(f)
	if !ok || f.dimension == "provider" {
		return
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
