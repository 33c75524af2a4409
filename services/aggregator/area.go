package aggregator

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// area is an area as the fold of its descriptions leaves it: a row of vointi_internal.areas.
type area struct {
	id, level, code    string
	name               map[string]string
	parents            map[string]string // by hierarchy
	validFrom, validTo indicator.Date
}

func scanArea(row func(...any) error) (r area, err error) {
	var hierarchies, above []string
	var from, to int32
	err = row(&r.id, &r.level, &r.code, &r.name, &hierarchies, &above, &from, &to)
	r.validFrom, r.validTo, r.parents = indicator.Date(from), indicator.Date(to), map[string]string{}
	for i, h := range hierarchies {
		r.parents[h] = above[i]
	}
	return r, err
}

// loadAreas folds the area events, shows the result in the read model, and makes the plan anew.
func (a *Aggregator) loadAreas(ctx context.Context) error {
	rows, err := warehouse.Collect(ctx, a.db, statement("areas"), scanArea)
	if err != nil {
		return fmt.Errorf("load areas: %w", err)
	}
	nodes := map[string]areaNode{}
	for _, r := range rows {
		nodes[r.id] = r.node(a.today())
	}
	a.areas = map[string]area{}
	for _, r := range rows {
		a.areas[r.id] = r
	}
	a.places = newPlaces(nodes)
	a.plan = newPlan(a.cfg.Catalogue, a.places, a.ages, a.cfg.Rule)
	a.population, a.merges = nil, nextMerger(rows, a.today())
	return a.showAreas(ctx, rows)
}

// node places an area as of a day. A parent of its own level is what it is merged into on the first day on which it is no
// more; until then it has nothing to do with it.
func (r *area) node(day indicator.Date) areaNode {
	n := areaNode{level: r.level}
	for _, hierarchy := range slices.Sorted(maps.Keys(r.parents)) {
		switch {
		case hierarchy != r.level:
			n.parents = append(n.parents, r.parents[hierarchy])
		case r.validTo != 0 && r.validTo <= day:
			n.into = r.parents[hierarchy]
		}
	}
	slices.Sort(n.parents)
	return n
}

// nextMerger returns the first day after a day on which an area is merged; the end of time if none is known.
func nextMerger(rows []area, day indicator.Date) indicator.Date {
	next := indicator.Date(math.MaxInt32)
	for _, r := range rows {
		if r.parents[r.level] != "" && r.validTo > day {
			next = min(next, r.validTo)
		}
	}
	return next
}

func (a *Aggregator) showAreas(ctx context.Context, rows []area) error {
	n := len(rows)
	version := uint64(a.clock().UnixMilli())
	return a.db.Insert(ctx, "vointi_internal.areas",
		column("area", n, func(i int) string { return rows[i].id }),
		column("level", n, func(i int) string { return rows[i].level }),
		column("code", n, func(i int) string { return rows[i].code }),
		column("name", n, func(i int) map[string]string { return rows[i].name }),
		column("parents", n, func(i int) map[string]string { return rows[i].parents }),
		column("valid_from", n, func(i int) time.Time { return rows[i].validFrom.Time() }),
		column("valid_to", n, func(i int) time.Time { return rows[i].validTo.Time() }),
		column("version", n, func(int) uint64 { return version }))
}

// showCatalogue writes the catalogue into the read model.
func showCatalogue(ctx context.Context, db *warehouse.DB, c indicator.Catalogue, version uint64) error {
	n := len(c)
	text := func(of func(*indicator.Entry) indicator.Text) func(int) map[string]string {
		return func(i int) map[string]string { return of(c[i]) }
	}
	return db.Insert(ctx, "vointi_internal.catalogue",
		column("id", n, func(i int) string { return c[i].ID }),
		column("number", n, func(i int) uint16 { return uint16(c[i].Number) }),
		column("goals", n, func(i int) []string { return c[i].Goals }),
		column("headline", n, func(i int) bool { return c[i].Headline }),
		column("name", n, text(func(e *indicator.Entry) indicator.Text { return e.Name })),
		column("description", n, text(func(e *indicator.Entry) indicator.Text { return e.Description })),
		column("caveats", n, text(func(e *indicator.Entry) indicator.Text { return e.Caveats })),
		column("numerator", n, text(func(e *indicator.Entry) indicator.Text { return e.Numerator.Text })),
		column("denominator", n, text(func(e *indicator.Entry) indicator.Text { return e.Denominator.Text })),
		column("unit", n, func(i int) string { return c[i].Unit }),
		column("direction", n, func(i int) string { return c[i].Direction }),
		column("area_basis", n, func(i int) string { return string(c[i].Basis) }),
		column("method", n, func(i int) string { return string(c[i].Method) }),
		column("breakdowns", n, func(i int) []string { return c[i].Breakdowns }),
		column("period_types", n, func(i int) []string { return c[i].PeriodNames() }),
		column("decimals", n, func(i int) uint8 { return uint8(c[i].Decimals) }),
		column("awaits", n, func(i int) []string { return append([]string{}, c[i].Waits()...) }),
		column("version", n, func(int) uint64 { return version }))
}
