package aggregator

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// Progress adds up what is shown since a target began, by the target. It is a function of the published rows of the indicator that it
// counts, and of targets, so nothing can leak by it: from a protected month on it is protected too, until a quarter or a year ends
// that is shown and began before.

// derived reports whether an entry's rows are made of published rows, and not of cells.
func derived(e *indicator.Entry) bool { return e.Numerator.Measure == indicator.NewlyActiveToDate }

// ofDerived reports whether a published row belongs to such an entry.
func (a *Aggregator) ofDerived(k pubKey) bool {
	e := a.cfg.Catalogue.Find(k.indicator)
	return e != nil && derived(e)
}

// goal is a target that counts from a month on until the end of a year.
type goal struct {
	area        string
	from, until indicator.Date // half-open
	value       float64
}

// countShown is what is shown of a count.
type countShown struct {
	n                float64
	protected, short bool
}

// and adds what is shown of the time after.
func (c countShown) and(then countShown) countShown {
	return countShown{c.n + then.n, c.protected || then.protected, c.short || then.short}
}

// publishProgress publishes how far targets are reached.
func (a *Aggregator) publishProgress(ctx context.Context) error {
	for _, e := range a.cfg.Catalogue {
		if !e.Fed() || !derived(e) {
			continue
		}
		months, err := a.progressRows(ctx, e)
		if err != nil {
			return fmt.Errorf("progress of %s: %w", e.ID, err)
		}
		if err := a.sendProgress(ctx, e, months); err != nil {
			return fmt.Errorf("publish %s: %w", e.ID, err)
		}
	}
	return nil
}

// progressRows returns the rows of an entry of progress, by month.
func (a *Aggregator) progressRows(ctx context.Context, e *indicator.Entry) (map[indicator.Date][]publication, error) {
	counted := a.countedBy(e)
	if counted == nil {
		return nil, nil
	}
	goals, err := a.goals(ctx, counted)
	if err != nil || len(goals) == 0 {
		return nil, err
	}
	shown, err := a.countsShown(ctx, counted)
	if err != nil {
		return nil, err
	}
	rows := map[indicator.Date][]publication{}
	for _, area := range slices.Sorted(maps.Keys(goals)) {
		for i, g := range goals[area] {
			if i > 0 { // the years of several targets follow each other
				g.from = max(g.from, goals[area][i-1].until)
			}
			if err := a.addProgress(e, g, goals[area][i].from, shown[area], rows); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// addProgress adds the months of one target, counted from since.
func (a *Aggregator) addProgress(e *indicator.Entry, g goal, since indicator.Date, shown map[indicator.Period]countShown, rows map[indicator.Date][]publication) error {
	sums := map[indicator.Date]countShown{since: {}} // until a day
	for month := since; month < g.until && a.visible(indicator.Period{Type: indicator.Month, Start: month}); month = indicator.Month.End(month) {
		sum := toDate(sums, month, shown)
		sums[indicator.Month.End(month)] = sum
		if month < g.from {
			continue
		}
		v, err := e.Evaluate(func(m indicator.Measure) int64 {
			if m == indicator.Target {
				return int64(math.Round(g.value))
			}
			return int64(sum.n)
		}, math.NaN())
		if err != nil {
			return err
		}
		if sum.short {
			v.Flags = append(v.Flags, flagShortHistory)
		}
		s := slot{indicator: e.ID, area: g.area, group: everyone, sex: everyone, member: everyone}
		row := newPublication(e, pubKey{period: indicator.Period{Type: indicator.Month, Start: month}, slot: s}, v)
		if sum.protected {
			row.protect()
		}
		rows[month] = append(rows[month], row)
	}
	return nil
}

// toDate returns what is shown until the end of a month: until its beginning and of itself, or until the beginning of the quarter or
// the year that ends with it and of that.
func toDate(sums map[indicator.Date]countShown, month indicator.Date, shown map[indicator.Period]countShown) countShown {
	sum := sums[month].and(shown[indicator.Period{Type: indicator.Month, Start: month}]) // no row: nobody
	for _, p := range endingWith(month)[1:] {
		before, began := sums[p.Start]
		of, known := shown[p]
		if sum.protected && began && known {
			sum = before.and(of)
		}
	}
	return sum
}

// endingWith returns a month, and the quarter and the year that end with it, if any do.
func endingWith(month indicator.Date) (list []indicator.Period) {
	for _, t := range []indicator.PeriodType{indicator.Month, indicator.Quarter, indicator.Year} {
		if p := (indicator.Period{Type: t, Start: t.First(month)}); p.End() == indicator.Month.End(month) {
			list = append(list, p)
		}
	}
	return list
}

// countedBy returns the entry whose published counts progress adds up.
func (a *Aggregator) countedBy(e *indicator.Entry) *indicator.Entry {
	i := slices.IndexFunc(a.cfg.Catalogue, func(c *indicator.Entry) bool {
		return c.Method == indicator.Count && c.Numerator.Measure == indicator.NewlyActive && slices.Contains(c.Periods, indicator.Month)
	})
	if i < 0 {
		return nil
	}
	return a.cfg.Catalogue[i]
}

// goals reads the targets that count from a month on, by area and in the order of their years.
func (a *Aggregator) goals(ctx context.Context, of *indicator.Entry) (map[string][]goal, error) {
	goals := map[string][]goal{}
	err := warehouse.Each(ctx, a.db, statement("progress_targets", "indicator", quote(of.ID)), func(row func(...any) error) error {
		var g goal
		var year uint16
		var from int32
		err := row(&g.area, &year, &from, &g.value)
		g.from, g.until = indicator.Date(from), lastDay(int(year))+1
		goals[g.area] = append(goals[g.area], g)
		return err
	})
	for _, of := range goals {
		slices.SortFunc(of, func(x, y goal) int { return int(x.until - y.until) })
	}
	return goals, err
}

func (a *Aggregator) countsShown(ctx context.Context, of *indicator.Entry) (map[string]map[indicator.Period]countShown, error) {
	shown := map[string]map[indicator.Period]countShown{}
	sql := a.state.statement("progress_counts", "indicator", quote(of.ID))
	err := warehouse.Each(ctx, a.db, sql, func(row func(...any) error) error {
		var area, t string
		var start int32
		var c countShown
		err := row(&area, &t, &start, &c.n, &c.protected, &c.short)
		if shown[area] == nil {
			shown[area] = map[indicator.Period]countShown{}
		}
		shown[area][indicator.Period{Type: indicator.PeriodType(t), Start: indicator.Date(start)}] = c
		return err
	})
	return shown, err
}

// sendProgress writes the rows that differ from what is published: of open months as they are, of closed ones as revisions.
func (a *Aggregator) sendProgress(ctx context.Context, e *indicator.Entry, rows map[indicator.Date][]publication) error {
	before, err := a.publishedProgress(ctx, e)
	if err != nil {
		return err
	}
	all := maps.Clone(before)
	for month := range rows {
		if all[month] == nil {
			all[month] = publishedRows{}
		}
	}
	var out outbox
	for _, month := range slices.Sorted(maps.Keys(all)) {
		p := indicator.Period{Type: indicator.Month, Start: month}
		if a.closed(p) {
			a.reviseFinal(&out, all[month], rows[month], reasonLate)
		} else {
			a.ledger.compareOf(&out, p, rows[month], func(k pubKey) bool { return k.indicator == e.ID })
		}
	}
	return a.send(ctx, &out)
}

func (a *Aggregator) publishedProgress(ctx context.Context, e *indicator.Entry) (map[indicator.Date]publishedRows, error) {
	before := map[indicator.Date]publishedRows{}
	err := a.state.publications(ctx, "period_type = 'month' AND indicator = "+quote(e.ID), func(p publication) {
		if before[p.period.Start] == nil {
			before[p.period.Start] = publishedRows{}
		}
		before[p.period.Start][p.pubKey] = p
	})
	return before, err
}

// compareProgress says what is published of open months and is not what targets and the published counts give.
func (a *Aggregator) compareProgress(ctx context.Context) (differences []string, err error) {
	for _, e := range a.cfg.Catalogue {
		if !e.Fed() || !derived(e) {
			continue
		}
		rows, err := a.progressRows(ctx, e)
		if err != nil {
			return nil, err
		}
		for month, of := range rows {
			p := indicator.Period{Type: indicator.Month, Start: month}
			// progress follows with the breakdowns of what it may rest on
			isDue := slices.ContainsFunc(endingWith(month), func(p indicator.Period) bool {
				_, pending := a.head.Pending[p.String()]
				return pending
			})
			if isDue || a.closed(p) {
				continue
			}
			var out outbox
			a.ledger.compareOf(&out, p, of, func(k pubKey) bool { return k.indicator == e.ID })
			if len(out.rows) > 0 {
				differences = append(differences, fmt.Sprintf("progress of %s: %d rows differ, for example %+v", p, len(out.rows), out.rows[0].slot))
			}
		}
	}
	return differences, nil
}
