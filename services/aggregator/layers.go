package aggregator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// Visits of months add up to those of quarters and years, and those of days to weeks and all of these. Whatever is shown
// of the shorter periods stays as it is; the longer one hides what would tell on them. So it is protected in one table
// with them: as layers, of which only the longest may hide anything.

// additive are the measures whose periods add up; conditions do not matter. Anonymous visits are held to the unknown ones among
// visits besides, by [knownTwins].
var additive = []indicator.Measure{
	indicator.Visits, indicator.AnonymousVisits, indicator.Referrals, indicator.ResidentVisits, indicator.NewlyActive, indicator.VolunteerShifts,
	indicator.Answered,
}

func addsUp(m indicator.Measure) bool {
	base, _, _ := m.Condition()
	return slices.Contains(additive, base)
}

// shorter are the period types that add up to a longer one, the next shorter first.
var shorter = map[indicator.PeriodType][]indicator.PeriodType{
	indicator.Week:    {indicator.Day},
	indicator.Month:   {indicator.Week, indicator.Day},
	indicator.Quarter: {indicator.Month, indicator.Week, indicator.Day},
	indicator.Year:    {indicator.Quarter, indicator.Month, indicator.Week, indicator.Day},
}

// crossed returns those of the shorter periods whose breakdowns of a measure are protected together with those of a longer one: of
// the others only the totals are. With ages and sexes the months of a year would be a table too large for what it hides.
func crossed(t indicator.PeriodType, m indicator.Measure) []indicator.PeriodType {
	switch {
	case t == indicator.Quarter:
		return []indicator.PeriodType{indicator.Month}
	case t == indicator.Year && m.Persons():
		return []indicator.PeriodType{indicator.Quarter}
	case t == indicator.Year:
		return []indicator.PeriodType{indicator.Quarter, indicator.Month}
	}
	return nil
}

// inChain are the period types in the order in which they are published: the shorter ones first, since the longer ones hide
// what would tell on them. Rolling windows depend on none of these.
var inChain = []indicator.PeriodType{indicator.Day, indicator.Week, indicator.Month, indicator.Quarter, indicator.Year}

// layer is a shorter period as it is published: its cells, and the rows that are hidden, or withheld as they would have to be.
type layer struct {
	*grid
	hidden   []slot
	withheld []slot // those of them
}

// hide notes a row that is hidden.
func (l *layer) hide(k pubKey, withheld bool) {
	l.hidden = append(l.hidden, k.slot)
	if withheld {
		l.withheld = append(l.withheld, k.slot)
	}
}

// layers are the shorter periods within one, by type, in order.
type layers map[indicator.PeriodType][]*layer

// loadLayers reads the cells of periods of one type, and what of the shorter periods about them is published; after a rebuild cells are in
// memory.
func (a *Aggregator) loadLayers(ctx context.Context, grids []*grid) (map[indicator.Date]layers, error) {
	all := make(map[indicator.Date]layers, len(grids))
	if len(grids) == 0 {
		return all, nil
	}
	t := grids[0].period.Type
	var within []string
	found := map[indicator.Period]*layer{}
	own := map[indicator.Period]*grid{}
	var starts []indicator.Date
	for _, g := range grids {
		s := g.period.Start
		starts = append(starts, s)
		own[g.period], all[s] = g, layers{}
		for _, typ := range shorter[t] {
			for _, p := range periodsAbout(typ, g.period) {
				if found[p] == nil {
					found[p] = &layer{grid: &grid{period: p, areas: map[string]*areaGrid{}}}
				}
				all[s][typ] = append(all[s][typ], found[p])
			}
		}
	}
	borders := bordersWithin(t, starts)
	for _, typ := range shorter[t] {
		var of []indicator.Date
		for p := range found {
			if p.Type == typ {
				of = append(of, p.Start)
			}
		}
		within = append(within, isOneOf(typ, of))
	}
	where := "(" + strings.Join(within, " OR ") + ")"
	var filling errgroup.Group
	switch {
	case a.rebuilt != nil:
		a.fill(&filling, t, own, found, borders)
	case len(within) == 0:
		if err := a.loadCells(ctx, grids); err != nil {
			return nil, err
		}
	default:
		put := func(k cellKey, v int64) {
			p := indicator.Period{Type: indicator.PeriodTypes[k.period], Start: k.start}
			if g := own[p]; g != nil {
				g.put(a.plan, k, v)
			} else {
				found[p].put(a.plan, k, v)
			}
		}
		if err := a.loadWithin(ctx, t, starts, borders, where, put); err != nil {
			return nil, fmt.Errorf("load cells: %w", err)
		}
	}
	var err error
	if len(within) > 0 {
		err = a.eachHidden(ctx, where, func(k pubKey, withheld bool) { found[k.period].hide(k, withheld) })
	}
	return all, errors.Join(err, filling.Wait())
}

// fill has several goroutines put what a rebuild left in memory into periods of a type and those within them, a period each.
func (a *Aggregator) fill(filling *errgroup.Group, longer indicator.PeriodType, own map[indicator.Period]*grid, within map[indicator.Period]*layer, borders []indicator.Date) {
	filling.SetLimit(runtime.GOMAXPROCS(0))
	for p, g := range own {
		filling.Go(func() error {
			for k, v := range a.rebuilt.of(p) {
				g.put(a.plan, k, v)
			}
			return nil
		})
	}
	for p, l := range within {
		filling.Go(func() error {
			border := p.Type == indicator.Day && slices.Contains(borders, p.Start)
			a.rebuiltWithin(longer, p, border, func(k cellKey, v int64) { l.put(a.plan, k, v) })
			return nil
		})
	}
}

// eachHidden calls for each row that is protected, or withheld for its own sake, of measures that add up.
func (a *Aggregator) eachHidden(ctx context.Context, where string, call func(k pubKey, withheld bool)) error {
	var ids []string
	for _, e := range a.cfg.Catalogue {
		if len(e.Protect) > 0 && addsUp(e.Protect[0]) {
			ids = append(ids, e.ID)
		}
	}
	where = "indicator IN (" + literals(ids) + ") AND (" + where + ")"
	sql := a.state.statement("hidden", "where", where)
	if !a.nothingWithheld {
		sql += "UNION ALL\n" + a.state.statement("withheld", "where", where+" AND tells")
	}
	return warehouse.Each(ctx, a.db, sql, func(row func(...any) error) error {
		r, err := scanWithheld(row)
		if err == nil {
			call(r.pubKey, r.tells)
		}
		return err
	})
}

// bordersWithin returns the days that the periods of a type begin and end with.
func bordersWithin(t indicator.PeriodType, starts []indicator.Date) (days []indicator.Date) {
	for _, s := range starts {
		for _, b := range bordersOf(indicator.Period{Type: t, Start: s}) {
			for d := b.from; d < b.to; d++ {
				days = append(days, d)
			}
		}
	}
	return days
}

// layered reports whether layers have the cells of a measure, totals at least; those that are borders have Σk² over persons too.
func layered(m indicator.Measure, border bool) bool {
	return addsUp(m) && m.Standard() == "" || border && slices.ContainsFunc(additive, func(of indicator.Measure) bool { return of.Squares() == m && m != "" })
}

// complete reports whether a layer of a type, within a period of another, has all cells of a measure, not totals alone: where breakdowns
// are protected together, of months of a year for what everybody knows of its quarters by them, and in the days that the longer one begins
// and ends with. Visits bound anonymous ones, which are protected with those of months.
func complete(longer, of indicator.PeriodType, border bool, m indicator.Measure) bool {
	with := m
	if m == indicator.Visits {
		with = indicator.AnonymousVisits
	}
	return layered(m, border) && (border || slices.Contains(crossed(longer, with), of) || longer == indicator.Year && of == indicator.Month)
}

// loadWithin reads the cells of periods of a type, and those of layers within them.
func (a *Aggregator) loadWithin(ctx context.Context, t indicator.PeriodType, starts, borders []indicator.Date, within string, cell func(cellKey, int64)) error {
	own := isOneOf(t, starts)
	whole := []string{own}
	for _, typ := range shorter[t] {
		whole = append(whole, "period_type = "+quote(string(typ))+" AND "+a.measuresThat(func(m indicator.Measure) bool { return complete(t, typ, false, m) }))
	}
	if len(borders) > 0 {
		whole = append(whole, isOneOf(indicator.Day, borders)+" AND "+a.measuresThat(func(m indicator.Measure) bool { return layered(m, true) }))
	}
	return a.loadAbout(ctx, "("+own+" OR "+within+")", "("+strings.Join(whole, " OR ")+")", cell)
}

// loadTotals reads the totals of layers.
func (a *Aggregator) loadTotals(ctx context.Context, where string, cell func(cellKey, int64)) error {
	return a.loadAbout(ctx, where, "0", cell)
}

func (a *Aggregator) loadAbout(ctx context.Context, where, whole string, cell func(cellKey, int64)) error {
	sql := a.state.statement("cells_about", "where", where, "whole", whole, "total", a.measuresThat(func(m indicator.Measure) bool { return layered(m, false) }))
	return a.state.keyed(ctx, sql, a.plan, cell)
}

// measuresThat is a condition on cells.
func (a *Aggregator) measuresThat(kept func(indicator.Measure) bool) string {
	ms := slices.DeleteFunc(slices.Clone(a.plan.measures), func(m indicator.Measure) bool { return !kept(m) })
	if len(ms) == 0 {
		return "0"
	}
	return "measure IN (" + literals(ms) + ")"
}

// rebuiltWithin does the same for one period from what a rebuild left in memory.
func (a *Aggregator) rebuiltWithin(longer indicator.PeriodType, p indicator.Period, border bool, cell func(cellKey, int64)) {
	n := len(a.plan.measures)
	kept, all := make([]bool, n), make([]bool, n)
	for i, m := range a.plan.measures {
		kept[i], all[i] = layered(m, false), complete(longer, p.Type, border, m)
	}
	totals := map[cellKey]int64{}
	for k, v := range a.rebuilt.of(p) {
		switch {
		case all[k.measure]:
			cell(k, v)
		case kept[k.measure] && a.plan.facetOf(k).dimension == 0:
			k.facet = a.plan.unknowns
			totals[k] += v
		}
	}
	for k, v := range totals {
		cell(k, v)
	}
}

// periodsAbout returns the periods of a shorter type that tell on another: those that lie in it, the weeks that begin or end in
// it, and the days of these.
func periodsAbout(t indicator.PeriodType, p indicator.Period) (list []indicator.Period) {
	from, to := p.Start, p.End()
	if t == indicator.Day || t == indicator.Week {
		from, to = indicator.Week.First(from), indicator.Week.End(indicator.Week.First(to-1))
	}
	for start := t.First(from); start < to; start = t.End(start) {
		list = append(list, indicator.Period{Type: t, Start: start})
	}
	return list
}

// of returns the layers in which a measure is published; none if it does not add up.
func (ls layers) of(m indicator.Measure, c indicator.Catalogue) layers {
	own := layers{}
	for _, e := range c {
		if len(e.Protect) == 0 || e.Protect[0] != m || !addsUp(m) {
			continue
		}
		for _, t := range e.Periods {
			if of := ls[t]; len(of) > 0 {
				own[t] = of
			}
		}
	}
	return own
}

// stack is the layers of one measure and the periods that consist of others of them; the first is the longest.
type stack struct {
	layers []*layer
	sums   map[int][][]int // the layers that add up to one, in each way
	months []*layer        // those of a year of which only the quarters are layers
}

// stack puts the layers of these types on the period.
func (ls layers) stack(g *grid, types ...indicator.PeriodType) stack {
	s := stack{layers: []*layer{{grid: g}}, sums: map[int][][]int{}}
	for _, t := range types {
		s.layers = append(s.layers, ls[t]...)
	}
	for i, l := range s.layers {
		for _, t := range shorter[l.period.Type] {
			var parts []int
			for j, part := range s.layers {
				if part.period.Type == t && l.period.Start <= part.period.Start && part.period.End() <= l.period.End() {
					parts = append(parts, j)
				}
			}
			if len(parts) > 0 && s.layers[parts[0]].period.Start == l.period.Start && s.layers[parts[len(parts)-1]].period.End() == l.period.End() {
				s.sums[i] = append(s.sums[i], parts)
				if t != indicator.Week {
					break // what is shorter adds up to these
				}
			}
		}
		if parts := s.weeks(l); len(parts) > 0 {
			s.sums[i] = append(s.sums[i], parts)
		}
	}
	return s
}

// stackOf puts on the period the layers whose breakdowns of a measure are protected together with it.
func (ls layers) stackOf(g *grid, m indicator.Measure) stack {
	types := crossed(g.period.Type, m)
	s := ls.stack(g, types...)
	if g.period.Type == indicator.Year && !slices.Contains(types, indicator.Month) {
		s.months = ls[indicator.Month]
	}
	return s
}

// weeks returns the layers of the weeks that lie in a longer period and of its days that lie in no such week; none if it begins and
// ends with a week, or any of them is not published.
func (s stack) weeks(l *layer) (parts []int) {
	from, to := indicator.Week.First(l.period.Start+6), indicator.Week.First(l.period.End())
	if from == l.period.Start && to == l.period.End() || from >= to {
		return nil
	}
	days := indicator.Date(0)
	for j, part := range s.layers {
		switch start := part.period.Start; {
		case part.period.Type == indicator.Week && start >= from && start < to, part.period.Type == indicator.Day && l.period.Contains(start) && (start < from || start >= to):
			parts = append(parts, j)
			days += part.period.End() - start
		}
	}
	if days != l.period.End()-l.period.Start {
		return nil
	}
	return parts
}

// hidden returns the rows of each layer that are hidden for a measure's sake.
func (s stack) hidden(c indicator.Catalogue, m indicator.Measure) [][]slot {
	rows := make([][]slot, len(s.layers))
	for i, l := range s.layers {
		rows[i] = stickyFor(c, m, l.hidden)
	}
	return rows
}

// near numbers the layers by which of those that the first consists of they lie in, if some lie in others, for each area of a layer: the
// months of a year by their quarter, as what is hidden of a month is protected with its quarter already.
func (s stack) near(areas int) []int {
	if len(s.sums) < 2 {
		return nil
	}
	near := slices.Repeat([]int{-1}, len(s.layers)*areas)
	for i, l := range s.layers[1:] {
		if of := slices.IndexFunc(s.layers[1:], func(part *layer) bool {
			return part.period.Start <= l.period.Start && l.period.End() <= part.period.End()
		}); of >= 0 {
			for area := range areas {
				near[(i+1)*areas+area] = of
			}
		}
	}
	return near
}

// areasOf lists the areas of any layer.
func (s stack) areasOf() []string {
	seen := map[string]bool{}
	for _, l := range s.layers {
		for area := range l.areas {
			seen[area] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// partitions repeats the partitions of areas for each layer, and adds those of time.
func (s stack) partitions(areas int, places []disclosure.Partition) (list []disclosure.Partition) {
	for i := range s.layers {
		for _, p := range places {
			of := disclosure.Partition{Parent: i*areas + p.Parent}
			for _, part := range p.Parts {
				of.Parts = append(of.Parts, i*areas+part)
			}
			list = append(list, of)
		}
	}
	for i := range s.layers {
		for _, parts := range s.sums[i] {
			for area := range areas {
				of := disclosure.Partition{Parent: i*areas + area, Whole: true}
				for _, j := range parts {
					of.Parts = append(of.Parts, j*areas+area)
				}
				list = append(list, of)
			}
		}
	}
	return list
}
