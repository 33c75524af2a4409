package aggregator

import (
	"context"
	"fmt"
	"math"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// comparisonKey names a comparison: a published row, and what it is held beside.
type comparisonKey struct {
	pubKey
	comparator string
}

// comparison is a row of the read model. NaN is NULL.
type comparison struct {
	comparisonKey
	difference, lower, upper, p, adjusted float64
	unit, verdict, reason                 string
	deleted                               bool
}

// blank is a comparison without numbers.
func blank(k comparisonKey) comparison {
	nan := math.NaN()
	return comparison{comparisonKey: k, difference: nan, lower: nan, upper: nan, p: nan, adjusted: nan}
}

// same reports whether a reader could not tell the two apart.
func (c *comparison) same(o *comparison) bool {
	equal := func(x, y float64) bool { return x == y || !exists(x) && !exists(y) }
	return equal(c.difference, o.difference) && equal(c.lower, o.lower) && equal(c.upper, o.upper) && equal(c.p, o.p) &&
		equal(c.adjusted, o.adjusted) && c.unit == o.unit && c.verdict == o.verdict && c.reason == o.reason
}

// changes returns the rows to write so that stored ones become the wanted ones: those that differ, and the end of those
// that are no more. It empties stored, and puts them in the place of the wanted ones.
func changes(stored map[comparisonKey]comparison, wanted []comparison) []comparison {
	out := wanted[:0]
	for i := range wanted {
		w := &wanted[i]
		old, ok := stored[w.comparisonKey]
		if ok {
			delete(stored, w.comparisonKey)
		}
		if !ok || !old.same(w) {
			out = append(out, *w)
		}
	}
	for k := range stored {
		gone := blank(k)
		gone.deleted = true
		out = append(out, gone)
	}
	clear(stored)
	return out
}

// comparisons reads the stored comparisons of a reading, by period type.
func (s store) comparisons(ctx context.Context, r reading) (map[indicator.PeriodType]map[comparisonKey]comparison, error) {
	rows := map[indicator.PeriodType]map[comparisonKey]comparison{}
	for _, b := range r {
		rows[b.typ] = map[comparisonKey]comparison{}
	}
	sql := s.statement("compare_stored", "where", r.where(func(b batch) string { return b.where(b.indicators, b.starts) }))
	err := warehouse.Each(ctx, s.db, sql, func(row func(...any) error) error {
		var c comparison
		var start int32
		var typ string
		err := row(&c.indicator, &c.area, &c.scheme, &c.group, &c.sex, &c.dimension, &c.member, &typ, &start, &c.wave, &c.comparator,
			&c.difference, &c.lower, &c.upper, &c.p, &c.adjusted, &c.unit, &c.verdict, &c.reason)
		c.period = indicator.Period{Type: indicator.PeriodType(typ), Start: indicator.Date(start)}
		rows[c.period.Type][c.comparisonKey] = c
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read comparisons %s: %w", r, err)
	}
	return rows, nil
}

func comparisonColumns(rows []comparison, now time.Time, version uint64) []warehouse.Column {
	n := len(rows)
	text := func(name string, of func(*comparison) string) warehouse.Column {
		return column(name, n, func(i int) string { return of(&rows[i]) })
	}
	number := func(name string, of func(*comparison) float64) warehouse.Column {
		return nullableColumn(name, n, func(i int) float64 { return of(&rows[i]) })
	}
	return []warehouse.Column{
		text("indicator", func(c *comparison) string { return c.indicator }),
		text("area", func(c *comparison) string { return c.area }),
		text("age_scheme", func(c *comparison) string { return c.scheme }),
		text("age_group", func(c *comparison) string { return c.group }),
		text("sex", func(c *comparison) string { return c.sex }),
		text("dimension", func(c *comparison) string { return c.dimension }),
		text("member", func(c *comparison) string { return c.member }),
		text("period_type", func(c *comparison) string { return string(c.period.Type) }),
		column("period_start", n, func(i int) time.Time { return rows[i].period.Start.Time() }),
		text("wave", func(c *comparison) string { return c.wave }),
		text("comparator", func(c *comparison) string { return c.comparator }),
		number("difference", func(c *comparison) float64 { return c.difference }),
		number("lower95", func(c *comparison) float64 { return c.lower }),
		number("upper95", func(c *comparison) float64 { return c.upper }),
		text("unit", func(c *comparison) string { return c.unit }),
		number("p", func(c *comparison) float64 { return c.p }),
		number("p_adjusted", func(c *comparison) float64 { return c.adjusted }),
		text("verdict", func(c *comparison) string { return c.verdict }),
		text("reason", func(c *comparison) string { return c.reason }),
		column("computed_at", n, func(int) time.Time { return now }),
		column("version", n, func(int) uint64 { return version }),
		column("deleted", n, func(i int) uint8 { return flag(rows[i].deleted) }),
	}
}
