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
// that an earlier one told: where it would have to, the rows of that kind stay as they were, in all areas, until what has come since is so
// much that nothing need be hidden; and if a total would have to be, all rows do. What was hidden then and is hidden now is safe: a table that
// agrees with the first revision, plus what has come since, agrees with the second. That a shown total grows by one visit a day is what any
// publication tells; it is why breakdowns wait for the next one.

// kind is rows of one measure that are withheld together.
type kind struct{ protector, of string }

// kindOf says what tells a row apart from its area's total.
func kindOf(s slot) string {
	switch {
	case s.total():
		return ofTotals
	case s.dimension == "":
		return "persons"
	}
	return s.dimension
}

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

// withheld returns which rows of a closed period stay as they are published, and those for whose sake they do. Another method counts
// anew, and may hide what it must.
func (a *Aggregator) withheld(published publishedRows, rows []publication, reason string) (stays func(slot) bool, hidden []pubKey) {
	if !published.final() || reason == reasonMethod {
		return func(slot) bool { return false }, nil
	}
	told, of := map[string]bool{}, map[string][]string{}
	for k := range published {
		told[k.indicator] = true
	}
	for _, e := range a.cfg.Catalogue {
		of[e.ID] = protectors(e)
	}
	kinds := map[kind]bool{}
	for i := range rows {
		r := &rows[i]
		if old, known := published[r.pubKey]; !r.protected || known && old.protected || !told[r.indicator] || len(of[r.indicator]) == 0 {
			continue
		}
		hidden = append(hidden, r.pubKey)
		kinds[kind{of[r.indicator][0], kindOf(r.slot)}] = true // whichever hides it: rows that another one hides are hidden in its own entries
	}
	return func(s slot) bool {
		if len(kinds) == 0 {
			return false
		}
		for _, p := range of[s.indicator] {
			if kinds[kind{p, ofTotals}] || kinds[kind{p, kindOf(s)}] {
				return true
			}
		}
		return false
	}, hidden
}

// noteWithheld stores which rows of the revised periods are withheld now: longer periods hide what tells of them.
func (a *Aggregator) noteWithheld(ctx context.Context, t indicator.PeriodType, revised []indicator.Date, now []pubKey) error {
	if len(revised) == 0 {
		return nil
	}
	gone := map[pubKey]bool{}
	where := "period_type = " + quote(string(t)) + " AND period_start IN (" + dates(revised) + ")"
	before, err := warehouse.Collect(ctx, a.db, a.state.statement("withheld", "where", where), scanKey)
	if err != nil {
		return fmt.Errorf("read withheld rows: %w", err)
	}
	for _, k := range before {
		gone[k] = true
	}
	for _, k := range now {
		delete(gone, k)
	}
	rows := slices.Concat(slices.Collect(maps.Keys(gone)), now)
	if len(rows) == 0 {
		return nil
	}
	if err := a.db.Insert(ctx, a.state.name+".withheld", withheldColumns(rows, gone, a.generation)...); err != nil {
		return fmt.Errorf("write withheld rows: %w", err)
	}
	return nil
}

func scanKey(row func(...any) error) (k pubKey, err error) {
	var typ string
	var start int32
	err = row(&k.indicator, &k.area, &k.scheme, &k.group, &k.sex, &k.dimension, &k.member, &typ, &start)
	k.period = indicator.Period{Type: indicator.PeriodType(typ), Start: indicator.Date(start)}
	return k, err
}

func withheldColumns(rows []pubKey, gone map[pubKey]bool, gen uint64) []warehouse.Column {
	n := len(rows)
	text := func(name string, of func(*pubKey) string) warehouse.Column {
		return column(name, n, func(i int) string { return of(&rows[i]) })
	}
	return versioned(n, gen, func(i int) bool { return gone[rows[i]] },
		text("indicator", func(k *pubKey) string { return k.indicator }),
		text("area", func(k *pubKey) string { return k.area }),
		text("age_scheme", func(k *pubKey) string { return k.scheme }),
		text("age_group", func(k *pubKey) string { return k.group }),
		text("sex", func(k *pubKey) string { return k.sex }),
		text("dimension", func(k *pubKey) string { return k.dimension }),
		text("member", func(k *pubKey) string { return k.member }),
		text("period_type", func(k *pubKey) string { return string(k.period.Type) }),
		column("period_start", n, func(i int) time.Time { return rows[i].period.Start.Time() }))
}
