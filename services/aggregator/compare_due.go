package aggregator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// pair is an indicator by one period type.
type pair struct {
	typ       indicator.PeriodType
	indicator string
}

// compared says up to where comparisons have been made. It travels in the journal, so that after a crash they are made
// again from there.
type compared struct {
	Version uint64 // of publications
	On      indicator.Date
	By      string // signature of what decides beside facts
}

// due reports whether all comparisons are due, since a rebuild.
func (c compared) due() bool { return c == compared{} }

// comparisonsWork is which comparisons have to be made again: of each pair the starts of periods; nil: all of them.
type comparisonsWork map[pair]map[indicator.Date]bool

func (w comparisonsWork) add(p pair, start indicator.Date) {
	starts, ok := w[p]
	if ok && starts == nil {
		return // all
	}
	if !ok {
		starts = map[indicator.Date]bool{}
		w[p] = starts
	}
	starts[start] = true
}

// touch adds a period whose figures changed, and those that are compared with it. Waves are few and seldom change, so all
// of them are compared again.
func (w comparisonsWork) touch(c indicator.Catalogue, p pair, start, day indicator.Date) {
	if p.typ == indicator.Wave {
		w[p] = nil
		return
	}
	pairs := []pair{p}
	if id := perSession(c, p); id != "" {
		pairs = append(pairs, pair{p.typ, id})
	}
	for _, p := range pairs {
		w.add(p, start)
		for _, later := range dependents(p.typ, start, day) {
			w.add(p, later)
		}
	}
}

// batch is what is compared at once: some indicators by one period type, in the periods that begin at some starts; nil: in all.
type batch struct {
	typ        indicator.PeriodType
	indicators []string
	starts     []indicator.Date
}

func (b batch) String() string { return "by " + string(b.typ) }

// where is a condition on what is published by the batch's period type.
func (b batch) where(indicators []string, starts []indicator.Date) string {
	periods := "period_type = " + quote(string(b.typ))
	if starts != nil {
		periods = isOneOf(b.typ, starts)
	}
	return periods + " AND indicator IN (" + literals(indicators) + ")"
}

// reading is batches that are read by the same statements, each of another period type: a statement costs more than the rows that a
// refresh changes.
type reading []batch

// where is a condition that holds where that of any batch does.
func (r reading) where(of func(batch) string) string {
	all := make([]string, len(r))
	for i, b := range r {
		all[i] = of(b)
	}
	return strings.Join(all, " OR ")
}

// wholeAtOnce is how many indicators are in memory at a time in all their periods; more only if all of them together have no
// more rows than fewRows.
const (
	wholeAtOnce = 6
	fewRows     = 50_000
)

// extents is how many rows each pair has, comparisons included.
type extents map[pair]uint64

// whole cuts indicators by one period type, as far as there is anything of them, into those that are in memory at a time.
func (x extents) whole(t indicator.PeriodType, indicators []string) (parts [][]string) {
	var part []string
	var rows uint64
	for _, id := range indicators {
		n := x[pair{t, id}]
		if n == 0 {
			continue
		}
		if len(part) >= wholeAtOnce && rows+n > fewRows {
			parts, part, rows = append(parts, part), nil, 0
		}
		part, rows = append(part, id), rows+n
	}
	if len(part) == 0 {
		return nil
	}
	return append(parts, part)
}

// readings puts the work of each period type together, and reads that of all at once where it is not of all periods: statements cost more
// than a period too many, which comes out as it is stored.
func (w comparisonsWork) readings(x extents) []reading {
	whole, partly := map[indicator.PeriodType][]string{}, map[indicator.PeriodType]*batch{}
	for p, starts := range w {
		if starts == nil {
			whole[p.typ] = append(whole[p.typ], p.indicator)
			continue
		}
		if partly[p.typ] == nil {
			partly[p.typ] = &batch{typ: p.typ}
		}
		b := partly[p.typ]
		b.indicators = append(b.indicators, p.indicator)
		b.starts = slices.AppendSeq(b.starts, maps.Keys(starts))
	}
	var all []reading
	for _, t := range slices.Sorted(maps.Keys(whole)) {
		slices.Sort(whole[t])
		for _, ids := range x.whole(t, whole[t]) {
			all = append(all, reading{{typ: t, indicators: ids}})
		}
	}
	var parts reading
	for _, t := range slices.Sorted(maps.Keys(partly)) {
		b := partly[t]
		slices.Sort(b.indicators)
		slices.Sort(b.starts)
		b.starts = slices.Compact(b.starts)
		parts = append(parts, *b)
	}
	if len(parts) > 0 {
		all = append(all, parts)
	}
	return all
}

// dependents returns the later periods that are compared with one on a day.
func dependents(t indicator.PeriodType, start, day indicator.Date) []indicator.Date {
	later := nextCompared(t, start)
	if last := lastOver(t, day); kendallOf(t) != "" && start < last && start >= last.AddMonths(-12*kendallYears) {
		later = append(later, last)
	}
	return later
}

func nextCompared(t indicator.PeriodType, start indicator.Date) []indicator.Date {
	switch t {
	case indicator.Day:
		return []indicator.Date{start + 1, start + 364}
	case indicator.Week:
		later := []indicator.Date{start + 7}
		if d, ok := isoWeek(start, 1); ok {
			later = append(later, d)
		}
		return later
	case indicator.Month:
		return []indicator.Date{start.AddMonths(1), start.AddMonths(12)}
	case indicator.Quarter:
		return []indicator.Date{start.AddMonths(3), start.AddMonths(12)}
	case indicator.Rolling12M:
		return []indicator.Date{start.AddMonths(12)}
	}
	var later []indicator.Date
	for i := 1; i < span; i++ { // of years: trends
		later = append(later, start.AddMonths(12*i))
	}
	return later
}

// sources returns the periods that the comparisons of some need on a day, themselves included; nil: all.
func sources(t indicator.PeriodType, starts []indicator.Date, day indicator.Date) []indicator.Date {
	if starts == nil {
		return nil
	}
	set := map[indicator.Date]bool{}
	for _, s := range starts {
		set[s], set[previous(t, s)] = true, true
		if d, ok := lastYear(t, s); ok {
			set[d] = true
		}
		for i := 1; t == indicator.Year && i < span; i++ {
			set[s.AddMonths(-12*i)] = true
		}
		if kendallOf(t) != "" && s == lastOver(t, day) {
			for d := s; d >= s.AddMonths(-12*kendallYears); d = previous(t, d) {
				set[d] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// sessionsHeld returns the entry that counts sessions, by which visits are compared per session; nil if there is none.
func sessionsHeld(c indicator.Catalogue) *indicator.Entry {
	for _, e := range c {
		if e.Method == indicator.NoInterval && e.Numerator.Measure == indicator.SessionsHeld && len(e.Numerator.Where) == 0 && e.Denominator.Measure == "" {
			return e
		}
	}
	return nil
}

// countsVisits reports whether the entry is a plain count of visits.
func countsVisits(e *indicator.Entry) bool {
	return e != nil && e.Method == indicator.CountNonIndependent && e.Numerator.Measure == indicator.Visits && len(e.Numerator.Where) == 0
}

// perSession returns the indicator that is compared by what the pair counts; "" if none is.
func perSession(c indicator.Catalogue, p pair) string {
	if held := sessionsHeld(c); held == nil || held.ID != p.indicator {
		return ""
	}
	for _, e := range c {
		if countsVisits(e) {
			return e.ID
		}
	}
	return ""
}

// comparisonRules is to be raised when the same inputs give other comparisons than before.
const comparisonRules = 4

// comparedBy is the signature of what decides about all comparisons at once: the rules, and from when on areas have figures.
func (a *Aggregator) comparedBy(covered coverage) string {
	sum := sha256.New()
	for _, area := range slices.Sorted(maps.Keys(covered)) {
		fmt.Fprintf(sum, "%s %d\n", area, covered[area])
	}
	fmt.Fprintf(sum, "%d %v\n", comparisonRules, *a.cfg.Peers)
	for _, e := range a.cfg.Catalogue {
		fmt.Fprintf(sum, "%s %v %v %v %v %v\n", e.ID, e.Scale, e.Method, e.Numerator, e.Denominator, e.ReferenceGroup)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// uncompared finds what has to be compared again on a day, by the rules of a signature: what was published since the last
// time, what ended since, and what targets or waves with news concern; and everything after a rebuild or with other rules.
func (a *Aggregator) uncompared(ctx context.Context, now compared) (comparisonsWork, error) {
	last, day := a.head.Compared, now.On
	if last.Version == 0 || last.By != now.By || last.On > day {
		return a.allPairs(ctx)
	}
	w := comparisonsWork{}
	err := warehouse.Each(ctx, a.db, a.state.statement("compare_news", "version", fmt.Sprint(last.Version)), func(row func(...any) error) error {
		var t, id string
		var start int32
		err := row(&t, &id, &start)
		w.touch(a.cfg.Catalogue, pair{indicator.PeriodType(t), id}, indicator.Date(start), day)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was published: %w", err)
	}
	a.addEnded(w, last.On, day)
	return w, a.addTargets(ctx, w)
}

func (a *Aggregator) allPairs(ctx context.Context) (comparisonsWork, error) {
	x, err := a.extents(ctx)
	w := comparisonsWork{}
	for p := range x {
		w[p] = nil
	}
	return w, err
}

// extentsOf asks for them only if any pair is to be compared in all its periods.
func (a *Aggregator) extentsOf(ctx context.Context, w comparisonsWork) (extents, error) {
	for _, starts := range w {
		if starts == nil {
			return a.extents(ctx)
		}
	}
	return extents{}, nil
}

func (a *Aggregator) extents(ctx context.Context) (extents, error) {
	x := extents{}
	err := warehouse.Each(ctx, a.db, a.state.statement("compare_pairs"), func(row func(...any) error) error {
		var t, id string
		var n uint64
		err := row(&t, &id, &n)
		x[pair{indicator.PeriodType(t), id}] = n
		return err
	})
	return x, err
}

// addEnded adds the periods that have ended since a day, and the waves if one may have, or has news.
func (a *Aggregator) addEnded(w comparisonsWork, since, day indicator.Date) {
	for _, e := range a.cfg.Catalogue {
		for _, t := range e.Periods {
			p := pair{t, e.ID}
			if t == indicator.Wave && (day > since || len(a.head.Waves) > 0) {
				w[p] = nil
			}
			for d := since; t != indicator.Wave && d < day; d++ {
				if start := t.First(d); t.End(start) == d+1 {
					w.add(p, start)
					w.add(p, previous(t, start)) // which is not the last any more
				}
			}
		}
	}
}

// addTargets adds what targets with news point to, or pointed to before.
func (a *Aggregator) addTargets(ctx context.Context, w comparisonsWork) error {
	if len(a.head.Targets) == 0 {
		return nil
	}
	targets := literals(slices.Sorted(maps.Keys(a.head.Targets)))
	err := warehouse.Each(ctx, a.db, statement("compare_targeted", "targets", targets), func(row func(...any) error) error {
		var id string
		var year uint16
		err := row(&id, &year)
		first := indicator.DateOf(midnightOfYear(int(year)))
		w.add(pair{indicator.Year, id}, first)
		for i := range 12 {
			w.add(pair{indicator.Rolling12M, id}, first.AddMonths(-i))
		}
		w[pair{indicator.Wave, id}] = nil
		return err
	})
	if err != nil {
		return fmt.Errorf("read targets: %w", err)
	}
	return nil
}
