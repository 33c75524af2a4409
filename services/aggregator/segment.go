package aggregator

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/indicator"
)

// A segment is the days of one week and one month: weeks, months, quarters and years are made of whole ones. When a day is
// hidden and the sum of its segment would tell it, another of its days is hidden besides, so that all that is longer can
// be shown. This chooses what else to hide and shows nothing, so whatever it does, the longer periods hide what tells on the shorter ones.

// segment returns the first day of a day's segment, and the first after it.
func segment(d indicator.Date) (from, to indicator.Date) {
	week, month := indicator.Week.First(d), indicator.Month.First(d)
	return max(week, month), min(indicator.Week.End(week), indicator.Month.End(month))
}

// segmentDays returns all days that are visible of the segments of some days, in order.
func (a *Aggregator) segmentDays(of []indicator.Date) []indicator.Date {
	days := map[indicator.Date]bool{}
	for _, d := range of {
		for from, to := segment(d); from < to; from++ {
			if a.visible(indicator.Period{Type: indicator.Day, Start: from}) {
				days[from] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(days))
}

// portions parts periods into those that are read by one statement and written by one insert. Days come with those that are
// protected together with them, and these are never parted.
func (a *Aggregator) portions(t indicator.PeriodType, starts []indicator.Date) iter.Seq[[]indicator.Date] {
	if t != indicator.Day {
		return slices.Chunk(starts, periodsAtOnce(t))
	}
	return func(yield func([]indicator.Date) bool) {
		for days := a.segmentDays(starts); len(days) > 0; {
			n := min(periodsAtOnce(t), len(days))
			for _, to := segment(days[n-1]); n < len(days) && days[n] < to; n++ {
			}
			if !yield(days[:n:n]) {
				return
			}
			days = days[n:]
		}
	}
}

// segmentOver reports whether all days of the segment of a day were over when breakdowns were last published, or are being so.
func (a *Aggregator) segmentOver(d indicator.Date) bool {
	_, to := segment(d)
	return to <= max(a.head.DetailedOn, a.publishing)
}

// dayOf is a day of a segment.
type dayOf struct {
	*grid
	before    publishedRows
	published layers // its rows that are hidden or withheld, if it has closed
	fixed     bool   // stays as it is published
	more      map[indicator.Measure][]slot
	masks     masks
}

// hide notes a row of a closed day that is hidden.
func (ls layers) hide(k pubKey, withheld bool) {
	if len(ls[indicator.Day]) == 0 {
		ls[indicator.Day] = []*layer{{}}
	}
	ls[indicator.Day][0].hide(k, withheld)
}

// protectDays makes the masks of days, which are whole segments; that of a day that is fixed is nil.
func (a *Aggregator) protectDays(grids []*grid, before map[indicator.Date]publishedRows, published map[indicator.Date]layers, fixed func(indicator.Date) bool) ([]masks, error) {
	days := make([]*dayOf, len(grids))
	segments := map[indicator.Date][]*dayOf{}
	for i, g := range grids {
		d := g.period.Start
		from, _ := segment(d)
		days[i] = &dayOf{grid: g, before: before[d], published: published[d], fixed: fixed(d), more: map[indicator.Measure][]slot{}}
		segments[from] = append(segments[from], days[i])
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, of := range segments {
		slices.SortFunc(of, func(x, y *dayOf) int { return int(x.period.Start - y.period.Start) })
		group.Go(func() error { return a.protectSegment(of) })
	}
	err := group.Wait()
	all := make([]masks, len(days))
	for i, d := range days {
		all[i] = d.masks
	}
	return all, err
}

// protectOpenDays returns the cells of open days, and of the others of their segments that are open, and the masks of their
// totals, which are all that they have.
func (a *Aggregator) protectOpenDays(ctx context.Context, starts []indicator.Date) ([]*grid, []masks, error) {
	days := a.segmentDays(starts)
	closed := func(s indicator.Date) bool { return a.closed(indicator.Period{Type: indicator.Day, Start: s}) }
	grids, err := a.openGrids(ctx, indicator.Day, slices.DeleteFunc(slices.Clone(days), closed))
	if err != nil {
		return nil, nil, err
	}
	open := len(grids)
	var before map[indicator.Date]publishedRows
	var hidden map[indicator.Date]layers
	if days = slices.DeleteFunc(days, func(s indicator.Date) bool { return !closed(s) }); len(days) > 0 {
		past, published, within, err := a.readPeriods(ctx, indicator.Day, days)
		if err != nil {
			return nil, nil, err
		}
		grids, before, hidden = append(grids, past...), published, within
	}
	all, err := a.protectDays(grids, before, hidden, closed)
	return grids[:open], all[:open], err
}

// protectSegment makes the masks of the days of one segment: each by itself, and then, as long as the sum of all would tell one of
// them, another of them with more hidden.
func (a *Aggregator) protectSegment(days []*dayOf) (err error) {
	changed := days
	for len(changed) > 0 {
		for _, d := range changed {
			if d.fixed {
				continue
			}
			if d.masks, err = a.protect(d.grid, d.before.hidden(), d.more, nil); err != nil {
				return fmt.Errorf("protect %s: %w", d.period, err)
			}
		}
		if changed, err = a.hideCompanions(days); err != nil {
			return err
		}
	}
	return nil
}

// hideCompanions marks what else to hide of days, and returns the days in which it found something.
func (a *Aggregator) hideCompanions(days []*dayOf) (changed []*dayOf, err error) {
	for _, m := range a.summedDaily() {
		sum, err := a.toldBySum(a.layersOf(days, m), m, false)
		if err != nil {
			return nil, err
		}
		for _, row := range sum.hidden {
			if d := a.companion(days, m, row); d != nil && !slices.Contains(d.more[m], row) {
				d.more[m] = append(d.more[m], row)
				if !slices.Contains(changed, d) {
					changed = append(changed, d)
				}
			}
		}
	}
	return changed, nil
}

// layersOf returns the days as they will be published of a measure.
func (a *Aggregator) layersOf(days []*dayOf, m indicator.Measure) []*layer {
	layers := make([]*layer, len(days))
	for i, d := range days {
		layers[i] = &layer{grid: d.grid, hidden: d.hidden(a.cfg.Catalogue, m)}
	}
	return layers
}

// summedDaily are the measures whose days are protected and add up.
func (a *Aggregator) summedDaily() (ms []indicator.Measure) {
	for _, e := range a.cfg.Catalogue {
		if len(e.Protect) > 0 && slices.Contains(e.Periods, indicator.Day) && addsUp(e.Protect[0]) && !slices.Contains(ms, e.Protect[0]) {
			ms = append(ms, e.Protect[0])
		}
	}
	return ms
}

// toldBySum returns the sum of days, as if it were published. Totals of areas are hidden for what is hidden in the days, and, if
// they are held to their own size too, for being of few.
func (a *Aggregator) toldBySum(days []*layer, m indicator.Measure, size bool) (*layer, error) {
	sum := &layer{grid: a.sumOf(days, m)}
	s := stack{layers: append([]*layer{sum}, days...), sums: map[int][][]int{0: {nil}}}
	for i := range days {
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

// sumOf adds up a measure over days. Of Σk² over persons it has the most that it can be: √Σk² of all days together is at most what
// it is of each, added up (Minkowski's inequality).
func (a *Aggregator) sumOf(days []*layer, m indicator.Measure) *grid {
	sum := &grid{period: indicator.Period{Type: indicator.Week, Start: indicator.Week.First(days[0].period.Start)}, areas: map[string]*areaGrid{}}
	roots := map[string]float64{}
	for _, d := range days {
		for area, c := range d.areas {
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

// hidden returns the rows of a measure that the day hides, under the name of an indicator that shows it.
func (d *dayOf) hidden(c indicator.Catalogue, m indicator.Measure) []slot {
	if d.fixed {
		var rows []slot
		for _, l := range d.published[indicator.Day] {
			rows = append(rows, stickyFor(c, m, l.hidden)...)
		}
		return rows
	}
	return named(c, m, d.masks[m].totals())
}

// named returns rows of a measure under the name of an indicator that shows it.
func named(c indicator.Catalogue, m indicator.Measure, rows []slot) []slot {
	i := slices.IndexFunc(c, func(e *indicator.Entry) bool { return len(e.Protect) > 0 && e.Protect[0] == m })
	for j := range rows {
		rows[j].indicator = c[i].ID
	}
	return rows
}

// companion returns the day to hide besides those that are hidden of a row: the next one that has more than one to hide, or, once the
// segment is over, the one before. Until then something may come yet, and what is shown of a day would vanish and come
// back. Days that have closed are shown for good. It is nil if there is none, or if nothing is hidden.
func (a *Aggregator) companion(days []*dayOf, m indicator.Measure, row slot) *dayOf {
	first := slices.IndexFunc(days, func(d *dayOf) bool { return d.hides(a.cfg.Catalogue, m, row) })
	if first < 0 {
		return nil
	}
	fits := func(d *dayOf) bool {
		return !d.fixed && !d.before.final() && !d.hides(a.cfg.Catalogue, m, row) && a.hidesAlone(d.grid, m, row.area)
	}
	for _, d := range days[first:] {
		if fits(d) {
			return d
		}
	}
	if a.segmentOver(days[0].period.Start) {
		for _, d := range slices.Backward(days[:first]) {
			if fits(d) {
				return d
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

func (d *dayOf) hides(c indicator.Catalogue, m indicator.Measure, row slot) bool {
	return slices.ContainsFunc(d.hidden(c, m), func(s slot) bool { return s.area == row.area && s.total() })
}
