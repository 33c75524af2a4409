package aggregator

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"vointi.fi/pkg/indicator"
)

// A segment is what longer periods have whole or not at all: the days of one week and one month, for weeks, months, quarters and years are
// made of such; and the months of a quarter. When a part of it is hidden and the sum of the segment would tell it, another part is
// hidden besides, so that all that is longer can be shown. This chooses what else to hide and shows nothing, so whatever it does, the
// longer periods hide what tells on the shorter ones.

// segment returns the first day of the segment that a period is part of, and the first after it; others than days and months are parts
// of none.
func segment(t indicator.PeriodType, start indicator.Date) (from, to indicator.Date) {
	switch t {
	case indicator.Day:
		week, month := indicator.Week.First(start), indicator.Month.First(start)
		return max(week, month), min(indicator.Week.End(week), indicator.Month.End(month))
	case indicator.Month:
		quarter := indicator.Quarter.First(start)
		return quarter, indicator.Quarter.End(quarter)
	}
	return start, t.End(start)
}

// segments returns the periods that are visible of the segments of some, in order.
func (a *Aggregator) segments(t indicator.PeriodType, of []indicator.Date) []indicator.Date {
	parts := map[indicator.Date]bool{}
	for _, s := range of {
		for from, to := segment(t, s); from < to; from = t.End(from) {
			if a.visible(indicator.Period{Type: t, Start: from}) {
				parts[from] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(parts))
}

// mates returns the other periods of the segments of some: those that are open, which are protected anew with them, and those that have
// closed and stay as they are.
func (a *Aggregator) mates(t indicator.PeriodType, starts []indicator.Date) (open, closed []indicator.Date) {
	for _, s := range a.segments(t, starts) {
		switch {
		case slices.Contains(starts, s):
		case a.closed(indicator.Period{Type: t, Start: s}):
			closed = append(closed, s)
		default:
			open = append(open, s)
		}
	}
	return open, closed
}

// withMates adds to periods those that are open of their segments.
func (a *Aggregator) withMates(t indicator.PeriodType, starts []indicator.Date) []indicator.Date {
	open, _ := a.mates(t, starts)
	return slices.Sorted(slices.Values(slices.Concat(starts, open)))
}

// portions parts periods into those that are read by one statement and written by one insert. Those of one segment are never parted.
func (a *Aggregator) portions(t indicator.PeriodType, starts []indicator.Date) iter.Seq[[]indicator.Date] {
	first := func(s indicator.Date) indicator.Date {
		from, _ := segment(t, s)
		return from
	}
	return func(yield func([]indicator.Date) bool) {
		for len(starts) > 0 {
			n := min(periodsAtOnce(t), len(starts))
			for n < len(starts) && first(starts[n]) == first(starts[n-1]) {
				n++
			}
			if !yield(starts[:n:n]) {
				return
			}
			starts = starts[n:]
		}
	}
}

// segmentOver reports whether all of a segment was over when breakdowns were last published, or are being so.
func (a *Aggregator) segmentOver(p indicator.Period) bool {
	_, to := segment(p.Type, p.Start)
	return to <= max(a.head.DetailedOn, a.publishing)
}

// summedAs says by which period type sums of segments are told.
var summedAs = map[indicator.PeriodType]indicator.PeriodType{indicator.Day: indicator.Week, indicator.Month: indicator.Quarter}

// summed are the measures whose periods of a type have companions: they add up, are shown of no shorter periods, not by age and sex, and
// share no rows with another measure, which would have to hide them too.
func (a *Aggregator) summed(t indicator.PeriodType) []indicator.Measure {
	all := a.protected(t)
	if summedAs[t] == "" {
		return nil
	}
	pairs := twinsOf(a.cfg.Catalogue, indicator.Period{Type: t}, func(m indicator.Measure) bool { return slices.Contains(all, m) })
	return slices.DeleteFunc(all, func(m indicator.Measure) bool {
		return !addsUp(m) || m.Persons() && t.Detailed() || !a.protectsAlone(t, m) ||
			slices.ContainsFunc(shorter[t], func(of indicator.PeriodType) bool { return slices.Contains(a.protected(of), m) }) ||
			slices.ContainsFunc(pairs, func(of twins) bool { return of.first == m || of.second == m })
	})
}

// protectsAlone reports whether the indicators of a period type that a measure protects are protected by no other.
func (a *Aggregator) protectsAlone(t indicator.PeriodType, m indicator.Measure) bool {
	return !slices.ContainsFunc(a.cfg.Catalogue, func(e *indicator.Entry) bool {
		return slices.Contains(e.Periods, t) && len(e.Protect) > 1 && slices.Contains(e.Protect, m) && !derived(e)
	})
}

// protected are the measures that protect an entry of a period type, each once.
func (a *Aggregator) protected(t indicator.PeriodType) (ms []indicator.Measure) {
	for _, e := range a.cfg.Catalogue {
		if derived(e) || !slices.Contains(e.Periods, t) {
			continue
		}
		for _, m := range e.Protect {
			if !slices.Contains(ms, m) {
				ms = append(ms, m)
			}
		}
	}
	return ms
}

// protectAll makes the masks of periods of one type: each by itself, and then, as long as the sum of a segment would tell a part of it,
// another part with more hidden.
func (a *Aggregator) protectAll(parts []*part) error {
	if len(parts) == 0 {
		return nil
	}
	segments := map[indicator.Date][]*part{}
	for _, p := range parts {
		from, _ := segment(p.period.Type, p.period.Start)
		segments[from] = append(segments[from], p)
	}
	err := a.sideBySide(len(parts), func(i int) (err error) {
		if p := parts[i]; !p.stays {
			if p.made, err = a.protect(p.grid, p.before.hidden(), p.within, a.measures(p)); err != nil {
				return fmt.Errorf("protect %s: %w", p.period, err)
			}
		}
		return nil
	})
	if err != nil || len(a.summed(parts[0].period.Type)) == 0 {
		return err
	}
	firsts := slices.Collect(maps.Keys(segments))
	return a.sideBySide(len(firsts), func(i int) error { return a.protectSegment(segments[firsts[i]]) })
}

// protectSegment hides companions in the parts of a segment, until its sums tell nothing, or all that could be hidden is.
func (a *Aggregator) protectSegment(parts []*part) error {
	slices.SortFunc(parts, func(x, y *part) int { return int(x.period.Start - y.period.Start) })
	for _, m := range a.summed(parts[0].period.Type) {
		for more := true; more; {
			sum, err := a.toldBySum(a.layersOf(parts, m), m, false)
			if err != nil {
				return err
			}
			if more, err = a.hideCompanions(parts, m, sum.hidden); err != nil {
				return err
			}
		}
	}
	return nil
}

// hideCompanions hides what else to hide for the sake of some rows in the first part that has anything, and reports whether one has: what
// that hides besides may make up for others.
func (a *Aggregator) hideCompanions(parts []*part, m indicator.Measure, told []slot) (bool, error) {
	more := map[*part][]slot{}
	for _, row := range slices.SortedFunc(slices.Values(told), func(x, y slot) int { return strings.Compare(x.area, y.area) }) {
		if p := a.companion(parts, m, row); p != nil && !slices.Contains(p.made.more[m], row) {
			more[p] = append(more[p], row)
		}
	}
	for _, p := range parts {
		if rows := more[p]; len(rows) > 0 {
			if err := p.made.hide(m, rows...); err != nil {
				return false, fmt.Errorf("protect %s: %w", p.period, err)
			}
			return true, nil
		}
	}
	return false, nil
}

// layersOf returns the parts as they will be published of a measure.
func (a *Aggregator) layersOf(parts []*part, m indicator.Measure) []*layer {
	layers := make([]*layer, len(parts))
	for i, p := range parts {
		layers[i] = &layer{grid: p.grid, hidden: p.hides(a.cfg.Catalogue, m)}
	}
	return layers
}

// toldBySum returns the sum of parts of a segment, as if it were published. Totals of areas are hidden for what is hidden in the parts, and, if
// they are held to their own size too, for being of few.
func (a *Aggregator) toldBySum(parts []*layer, m indicator.Measure, size bool) (*layer, error) {
	sum := &layer{grid: a.sumOf(parts, m)}
	s := stack{layers: append([]*layer{sum}, parts...), sums: map[int][][]int{0: {nil}}}
	for i := range parts {
		s.sums[0][0] = append(s.sums[0][0], i+1)
	}
	if !slices.ContainsFunc(s.hidden(a.cfg.Catalogue, m), func(rows []slot) bool { return len(rows) > 0 }) {
		return sum, nil
	}
	var marked []slot
	if size {
		marked = append(a.smallGroups(sum.grid, m, a.cfg.Threshold), a.fewPersons(sum.grid, m)...)
	}
	mm := &measureMask{groups: a.ages.index}
	err := a.maskOfTotals(mm, s, m, a.cfg.Threshold, marked, nil)
	sum.hidden = named(a.cfg.Catalogue, m, mm.totals())
	return sum, err
}

// sumOf adds up a measure over the parts of a segment. Of Σk² over persons it has the most that it can be: √Σk² of all together is at most
// what it is of each, added up (Minkowski's inequality).
func (a *Aggregator) sumOf(parts []*layer, m indicator.Measure) *grid {
	t := summedAs[parts[0].period.Type]
	sum := &grid{period: indicator.Period{Type: t, Start: t.First(parts[0].period.Start)}, areas: map[string]*areaGrid{}}
	roots := map[string]float64{}
	for _, p := range parts {
		for area, c := range p.areas {
			if sum.areas[area] == nil {
				sum.areas[area] = newAreaGrid()
			}
			of := sum.areas[area].group(a.ages, m)
			for atom, n := range c.groups[m] {
				of[atom] += n
			}
			roots[area] += math.Sqrt(float64(a.ages.everybody().sum(c.groups[m.Squares()])))
		}
	}
	for area, root := range roots {
		sum.areas[area].group(a.ages, m.Squares())[a.ages.atom(unknown, unknown)] = int64(math.Ceil(root*root - 1e-6))
	}
	return sum
}

// hides returns the totals of a measure that are hidden, under the name of an indicator that shows it.
func (p *part) hides(c indicator.Catalogue, m indicator.Measure) []slot {
	if p.stays {
		return stickyFor(c, m, p.hidden)
	}
	return named(c, m, p.made.masks[m].totals())
}

// named returns rows of a measure under the name of an indicator that shows it.
func named(c indicator.Catalogue, m indicator.Measure, rows []slot) []slot {
	i := slices.IndexFunc(c, func(e *indicator.Entry) bool { return len(e.Protect) > 0 && e.Protect[0] == m })
	for j := range rows {
		rows[j].indicator = c[i].ID
	}
	return rows
}

// companion returns the part to hide besides those that are hidden of a row: the next one that has more than one to hide, or, once the
// segment is over, the one before. Until then something may come yet, and what is shown would vanish and come back. Periods that have
// closed are shown for good, and what readers have seen of a month: it would stay so for weeks. So a month is hidden for the sake of a later
// one only where both are published for the first time. It is nil if there is none, or if nothing is hidden.
func (a *Aggregator) companion(parts []*part, m indicator.Measure, row slot) *part {
	hides := func(p *part) bool {
		return slices.ContainsFunc(p.hides(a.cfg.Catalogue, m), func(s slot) bool { return s.area == row.area && s.total() })
	}
	first := slices.IndexFunc(parts, hides)
	if first < 0 {
		return nil
	}
	fits := func(p *part) bool {
		told := p.period.Type.Detailed() && p.told[rowOf{m, slot{area: row.area}}]
		return !p.stays && !told && !p.before.final() && !hides(p) && a.hidesAlone(p.grid, m, row.area)
	}
	for _, p := range parts[first:] {
		if fits(p) {
			return p
		}
	}
	if a.segmentOver(parts[0].period) {
		for _, p := range slices.Backward(parts[:first]) {
			if fits(p) {
				return p
			}
		}
	}
	return nil
}

// hidesAlone reports whether an area has something to hide that is not all of a larger one: that would have to be hidden, too.
func (a *Aggregator) hidesAlone(g *grid, m indicator.Measure, area string) bool {
	n := g.total(area, m, a.ages)
	return n > 1 && !slices.ContainsFunc(a.places.path(area)[1:], func(above string) bool {
		return g.areas[above] != nil && g.total(above, m, a.ages) == n
	})
}
