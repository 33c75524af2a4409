package aggregator

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
	"vointi.fi/pkg/warehouse"
)

// figure is a published row as a reader sees it. Its numbers are NaN where it is protected or empty.
type figure struct {
	slot
	when
	value, numerator, denominator float64
	i95, i998                     stats.Interval
	unit                          string
	direction                     stats.Direction
	method                        indicator.Method
	empty, protected, gap         bool // gap: a silent venue has not told its part
}

// when names a period among those of one type.
type when struct {
	start indicator.Date
	wave  string
}

func (w when) compare(v when) int {
	return cmp.Or(cmp.Compare(w.start, v.start), cmp.Compare(w.wave, v.wave))
}

// limits returns the published limits of a level, widened by the last bit that scaling may have cost. Limits of no width are none: a
// method that finds no spread in a few equal observations, such as two sessions that were half full, has not found certainty.
func (f *figure) limits(l stats.Level) stats.Interval {
	i := f.i95
	if l == stats.Level998 {
		i = f.i998
	}
	if width := f.i95.Upper - f.i95.Lower; !i.Defined() || !(width > 1e-9*math.Abs(f.value)) {
		return stats.Undefined
	}
	return stats.Interval{Lower: min(i.Lower, f.value), Upper: max(i.Upper, f.value)}
}

// estimate is the value with the standard error that its published limits leave of it.
func (f *figure) estimate() stats.Estimate {
	return stats.FromLimits(f.value, f.limits(stats.Level95), stats.Level95)
}

// total reports whether the figure is of everybody in its area.
func (f *figure) total() bool {
	return f.group == everyone && f.sex == everyone && f.dimension == ""
}

// shelf holds the published figures of one indicator and period type.
type shelf struct {
	entry   *indicator.Entry
	typ     indicator.PeriodType
	figures map[slot][]*figure // of each row, by period
	tables  map[when][]*figure // of each period
}

func newShelf(e *indicator.Entry, t indicator.PeriodType, figures []figure) *shelf {
	s := &shelf{entry: e, typ: t, figures: map[slot][]*figure{}, tables: map[when][]*figure{}}
	var last slot
	var row []*figure
	keep := func() {
		if row != nil {
			s.figures[last] = row
		}
	}
	for i := range figures {
		f := &figures[i]
		if f.slot != last || row == nil { // rows come mostly in the order of their key
			keep()
			last, row = f.slot, s.figures[f.slot]
		}
		row = append(row, f)
		s.tables[f.when] = append(s.tables[f.when], f)
	}
	keep()
	for _, row := range s.figures {
		slices.SortFunc(row, func(a, b *figure) int { return a.when.compare(b.when) })
	}
	return s
}

// find returns the figure of a row in a period, or nil.
func (s *shelf) find(k slot, w when) *figure {
	row := s.figures[k]
	i, ok := slices.BinarySearchFunc(row, w, func(f *figure, w when) int { return f.when.compare(w) })
	if !ok {
		return nil
	}
	return row[i]
}

// in returns the same row of another area.
func (s *shelf) in(area string, f *figure) *figure {
	k := f.slot
	k.area = area
	return s.find(k, f.when)
}

// periods returns the periods in which anything is published.
func (s *shelf) periods() []when {
	return slices.SortedFunc(maps.Keys(s.tables), when.compare)
}

// shelves reads the published figures of a reading's indicators and of more, as far as its comparisons need them.
func (s store) shelves(ctx context.Context, c indicator.Catalogue, r reading, day indicator.Date, more func(batch) []string) (map[pair]*shelf, error) {
	figures := map[pair][]figure{}
	of := func(b batch) []string { return slices.Concat(b.indicators, more(b)) }
	sql := s.statement("compare_figures", "where", r.where(func(b batch) string { return b.where(of(b), sources(b.typ, b.starts, day)) }))
	err := warehouse.Each(ctx, s.db, sql, func(row func(...any) error) error {
		var f figure
		var start int32
		var typ, direction, method string
		err := row(&f.indicator, &f.area, &f.scheme, &f.group, &f.sex, &f.dimension, &f.member, &typ, &start, &f.wave, &f.value, &f.i95.Lower,
			&f.i95.Upper, &f.i998.Lower, &f.i998.Upper, &f.numerator, &f.denominator, &f.unit, &direction, &method, &f.empty, &f.protected, &f.gap)
		f.start, f.direction, f.method = indicator.Date(start), stats.Direction(direction), indicator.Method(method)
		p := pair{indicator.PeriodType(typ), f.indicator}
		figures[p] = append(figures[p], f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read figures %s: %w", r, err)
	}
	shelves := map[pair]*shelf{}
	for _, b := range r {
		for _, id := range of(b) {
			if e := c.Find(id); e != nil { // else of an earlier catalogue
				shelves[pair{b.typ, id}] = newShelf(e, b.typ, figures[pair{b.typ, id}])
			}
		}
	}
	return shelves, nil
}
