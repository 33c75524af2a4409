package aggregator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// What two revisions of a closed period differ by is read, too. A row that is hidden now and was shown before, or was not there and so
// nothing, is what it was and what its total has become more since: of a total that grows from 20 to 21, beside a member of whom
// nothing was told before, that member is 1. Hiding cannot mend it, since the earlier revision is known. So a revision hides nothing
// that an earlier one told: where it would have to, that breakdown of the area stays as it was, and so does all that tells what has come
// there (see [Aggregator.spread]), until what has come since is so much that nothing need be hidden. Then a reader of all
// revisions knows of what came there how much it is, as the area's total is revised, and nothing else; if the total itself would have
// to be hidden, not even that. What was hidden from the start stays as safe as it was: nothing is ever published of it, so a table that
// agrees with the first revision, plus what has come, agrees with all of them.

// breakdown is the rows of one measure and one breakdown in an area: they are revised together, or stay.
type breakdown struct{ protector, of, area string }

// breakdownOf says what tells a row apart from its area's total.
func breakdownOf(s slot) string {
	switch {
	case s.total():
		return ofTotals
	case s.dimension == "":
		return "persons"
	}
	return s.dimension
}

// ofTotals stands for an area's total, and so for all rows of the measure there: any of its breakdowns adds up to it.
const ofTotals = "total"

// protectors are what hides an entry's rows: its measures, or of a survey its own respondents.
func protectors(e *indicator.Entry) []string {
	if e == nil || derived(e) {
		return nil
	}
	if e.Survey != nil {
		return []string{e.ID}
	}
	var list []string
	for _, m := range e.Protect {
		list = append(list, string(m))
	}
	return list
}

// revision is what a closed period is published as, and what it would be.
type revision struct {
	published publishedRows
	rows      []publication
	told      map[string]bool     // indicators of which there is anything
	by        map[string][]string // protectors, by indicator
}

func (a *Aggregator) revisionOf(published publishedRows, rows []publication) *revision {
	r := &revision{published, rows, map[string]bool{}, map[string][]string{}}
	for k := range published {
		r.told[k.indicator] = true
	}
	for _, e := range a.cfg.Catalogue {
		r.by[e.ID] = protectors(e)
	}
	return r
}

// tells reports whether a row would be hidden that was told before.
func (r *revision) tells(row *publication) bool {
	old, known := r.published[row.pubKey]
	return row.protected && !(known && old.protected) && r.told[row.indicator] && len(r.by[row.indicator]) > 0
}

// breakdown returns what a row belongs to, whichever measure hides it: rows that another one hides are hidden in its own entries.
func (r *revision) breakdown(s slot) breakdown {
	return breakdown{r.by[s.indicator][0], breakdownOf(s), s.area}
}

// hiddenTotals lists the areas of which the total is not shown, by protector.
func (r *revision) hiddenTotals() map[string][]string {
	areas := map[string][]string{}
	for i := range r.rows {
		if row := &r.rows[i]; row.total() && (row.protected || r.published[row.pubKey].protected) {
			for _, p := range r.by[row.indicator] {
				areas[p] = append(areas[p], row.area)
			}
		}
	}
	return areas
}

// period is that of all rows.
func (r *revision) period() indicator.Period {
	if len(r.rows) == 0 {
		return indicator.Period{}
	}
	return r.rows[0].period
}

// areas lists those of any row.
func (r *revision) areas() []string {
	seen := map[string]bool{}
	for k := range r.published {
		seen[k.area] = true
	}
	for i := range r.rows {
		seen[r.rows[i].area] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// withheld returns which rows of a closed period stay as they are published, for whatever reason it is published anew: another method
// counts the same people. Carried are rows that are withheld in shorter periods: what adds up to a longer one is told by it.
func (a *Aggregator) withheld(published publishedRows, rows []publication, carried []slot) (stays func(slot) bool, tells func(*publication) bool) {
	r := a.revisionOf(published, rows)
	if !published.final() {
		return func(slot) bool { return false }, func(*publication) bool { return false }
	}
	var first []breakdown
	for i := range rows {
		if r.tells(&rows[i]) {
			first = append(first, r.breakdown(rows[i].slot))
		}
	}
	for _, s := range carried { // of entries that are protected
		first = append(first, r.breakdown(s))
	}
	if len(first) == 0 {
		return func(slot) bool { return false }, r.tells
	}
	held := a.spread(first, r)
	return func(s slot) bool {
		return slices.ContainsFunc(r.by[s.indicator], func(p string) bool { return held.has(breakdown{p, breakdownOf(s), s.area}) })
	}, r.tells
}

// withheldRow is a row of a closed period that stays though it would be another one.
type withheldRow struct {
	pubKey
	tells bool // for its own sake, not for that of others
	since time.Time
}

// carried returns the rows of breakdowns that are withheld in shorter periods.
func (ls layers) carried() (rows []slot) {
	for _, of := range ls {
		for _, l := range of {
			rows = append(rows, slices.DeleteFunc(slices.Clone(l.withheld), slot.total)...)
		}
	}
	return rows
}

// noteWithheld stores which rows of revised periods, or of a survey wave, are withheld now: longer periods hide what tells of those that
// are for their own sake, and vointi.withheld says since when.
func (a *Aggregator) noteWithheld(ctx context.Context, t indicator.PeriodType, revised []indicator.Date, wave string, now []withheldRow) error {
	if len(revised) == 0 || a.nothingWithheld && len(now) == 0 {
		return nil
	}
	where := isOneOf(t, revised) + " AND wave = " + quote(wave)
	before, err := warehouse.Collect(ctx, a.db, a.state.statement("withheld", "where", where), scanWithheld)
	if err != nil {
		return fmt.Errorf("read withheld rows: %w", err)
	}
	gone := map[pubKey]withheldRow{}
	for _, r := range before {
		gone[r.pubKey] = r
	}
	rows := make([]withheldRow, 0, len(now))
	for _, r := range now {
		old, known := gone[r.pubKey]
		delete(gone, r.pubKey)
		if r.since = a.clock().UTC(); known {
			r.since = old.since
		}
		if !known || old.tells != r.tells {
			rows = append(rows, r)
		}
	}
	rows = slices.AppendSeq(rows, maps.Values(gone))
	if len(rows) == 0 {
		return nil
	}
	a.nothingWithheld = false
	if err := a.db.Insert(ctx, a.state.name+".withheld", withheldColumns(rows, gone, a.generation)...); err != nil {
		return fmt.Errorf("write withheld rows: %w", err)
	}
	return nil
}

// countWithheld tells how many rows are withheld, by the type of their period, if any may be.
func (a *Aggregator) countWithheld(ctx context.Context) error {
	if a.nothingWithheld {
		return nil
	}
	rows := map[string]uint64{}
	err := warehouse.Each(ctx, a.db, a.state.statement("count_withheld"), func(row func(...any) error) error {
		var of string
		var n uint64
		err := row(&of, &n)
		rows[of] = n
		return err
	})
	if err != nil {
		return fmt.Errorf("count withheld rows: %w", err)
	}
	a.nothingWithheld = len(rows) == 0
	a.metrics.setWithheld(rows)
	return nil
}

func scanWithheld(row func(...any) error) (r withheldRow, err error) {
	var typ string
	var start int32
	err = row(&r.indicator, &r.area, &r.scheme, &r.group, &r.sex, &r.dimension, &r.member, &typ, &start, &r.wave, &r.tells, &r.since)
	r.period = indicator.Period{Type: indicator.PeriodType(typ), Start: indicator.Date(start)}
	return r, err
}

func withheldColumns(rows []withheldRow, gone map[pubKey]withheldRow, gen uint64) []warehouse.Column {
	n := len(rows)
	text := func(name string, of func(*pubKey) string) warehouse.Column {
		return column(name, n, func(i int) string { return of(&rows[i].pubKey) })
	}
	deleted := func(i int) bool { _, ok := gone[rows[i].pubKey]; return ok }
	return versioned(n, gen, deleted,
		text("indicator", func(k *pubKey) string { return k.indicator }),
		text("area", func(k *pubKey) string { return k.area }),
		text("age_scheme", func(k *pubKey) string { return k.scheme }),
		text("age_group", func(k *pubKey) string { return k.group }),
		text("sex", func(k *pubKey) string { return k.sex }),
		text("dimension", func(k *pubKey) string { return k.dimension }),
		text("member", func(k *pubKey) string { return k.member }),
		text("period_type", func(k *pubKey) string { return string(k.period.Type) }),
		column("period_start", n, func(i int) time.Time { return rows[i].period.Start.Time() }),
		text("wave", func(k *pubKey) string { return k.wave }),
		column("tells", n, func(i int) uint8 { return flag(rows[i].tells) }),
		column("since", n, func(i int) time.Time { return rows[i].since }))
}
