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

// ledger remembers what is published of open periods, as fingerprints, so that only changes are written. It is filled from the publications
// when the aggregator starts.
type ledger struct {
	periods map[indicator.Period]map[pubKey]uint64
	derived func(pubKey) bool // rows that are made of published ones
}

func newLedger(derived func(pubKey) bool) *ledger {
	return &ledger{periods: map[indicator.Period]map[pubKey]uint64{}, derived: derived}
}

// compare adds to out the rows that differ from what is published, and the end of rows in scope that are no more; rows that
// are made of published ones are not looked at.
func (l *ledger) compare(out *outbox, p indicator.Period, rows []publication, scope func(pubKey) bool) {
	l.compareOf(out, p, rows, func(k pubKey) bool { return scope(k) && !l.derived(k) })
}

// compareOf is compare of any rows.
func (l *ledger) compareOf(out *outbox, p indicator.Period, rows []publication, scope func(pubKey) bool) {
	known := l.periods[p]
	seen := make(map[pubKey]bool, len(rows))
	for _, r := range rows {
		if !scope(r.pubKey) {
			continue
		}
		seen[r.pubKey] = true
		if f, ok := known[r.pubKey]; !ok || f != r.fingerprint() {
			out.rows = append(out.rows, r)
		}
	}
	for k := range known {
		if scope(k) && !seen[k] {
			out.rows = append(out.rows, goneRow(k))
		}
	}
}

func goneRow(k pubKey) publication {
	nan := math.NaN()
	return publication{
		pubKey: k, deleted: true, respondents: -1, value: nan, lower95: nan, upper95: nan, lower998: nan, upper998: nan,
		numerator: nan, denominator: nan, crude: nan, effective: nan,
	}
}

// commit notes rows that have been written. Rows of closed periods are not kept: they are read when they are needed.
func (l *ledger) commit(rows []publication) {
	for i := range rows {
		r := &rows[i]
		m := l.periods[r.period]
		if m == nil && (r.deleted || r.revision > 0) {
			continue
		}
		if m == nil {
			m = map[pubKey]uint64{}
			l.periods[r.period] = m
		}
		if r.deleted || r.revision > 0 {
			delete(m, r.pubKey)
		} else {
			m[r.pubKey] = r.fingerprint()
		}
		if len(m) == 0 {
			delete(l.periods, r.period)
		}
	}
}

// fill reads what is published of open periods.
func (a *Aggregator) fillLedger(ctx context.Context) error {
	a.ledger = newLedger(a.ofDerived)
	var rows []publication
	err := a.state.publications(ctx, "revision = 0", func(p publication) { rows = append(rows, p) })
	a.ledger.commit(rows)
	if err != nil {
		return fmt.Errorf("read publications: %w", err)
	}
	return warehouse.Each(ctx, a.db, a.state.statement("version"), func(row func(...any) error) error { return row(&a.version) })
}

// held returns the totals of an open period that are protected, maybe for the sake of shorter periods.
func (l *ledger) held(p indicator.Period) (rows []slot) {
	if len(shorter[p.Type]) == 0 {
		return nil
	}
	for k, f := range l.periods[p] {
		if k.total() && f&protectedBit != 0 {
			rows = append(rows, k.slot)
		}
	}
	return rows
}

// telling returns the totals of an open period that are shown and not 0.
func (l *ledger) telling(p indicator.Period) (rows []slot) {
	for k, f := range l.periods[p] {
		if k.total() && f&tellingBit != 0 {
			rows = append(rows, k.slot)
		}
	}
	return rows
}

// masked reports whether the totals that are protected in an open period are those that are hidden.
func (l *ledger) masked(p indicator.Period, hidden func(pubKey) bool) bool {
	for k, f := range l.periods[p] {
		if k.total() && hidden(k) != (f&protectedBit != 0) {
			return false
		}
	}
	return true
}

// publishedRows are the rows of a period as they stand.
type publishedRows map[pubKey]publication

// published reads the rows of periods of one type, by one statement; none of these are missing from the map.
func (a *Aggregator) published(ctx context.Context, t indicator.PeriodType, starts []indicator.Date, wave string) (map[indicator.Date]publishedRows, error) {
	all := make(map[indicator.Date]publishedRows, len(starts))
	for _, s := range starts {
		all[s] = publishedRows{}
	}
	if len(starts) == 0 {
		return all, nil
	}
	where := isOneOf(t, starts) + " AND wave = " + quote(wave)
	err := a.state.publications(ctx, where, func(p publication) { all[p.period.Start][p.pubKey] = p })
	return all, err
}

// hidden returns the rows that were protected in a final revision.
func (ps publishedRows) hidden() []slot {
	var slots []slot
	for k, p := range ps {
		if p.protected && p.revision > 0 {
			slots = append(slots, k.slot)
		}
	}
	return slots
}

// telling returns the totals that are shown and not 0.
func (ps publishedRows) telling() (rows []slot) {
	for k, p := range ps {
		if k.total() && p.tells() {
			rows = append(rows, k.slot)
		}
	}
	return rows
}

// final reports whether the period has had its first revision.
func (ps publishedRows) final() bool {
	for _, p := range ps {
		if p.revision > 0 {
			return true
		}
	}
	return false
}

// reviseFinal adds revisions of a closed period: revision 1 when it closes, a further one for each row that has changed
// since, unless it is withheld. What was protected stays so. A row that is no more becomes «no data».
func (a *Aggregator) reviseFinal(out *outbox, published publishedRows, rows []publication, reason string, carried ...slot) {
	if !published.final() {
		reason = ""
	}
	stays, tells := a.withheld(published, rows, carried)
	revise := func(r *publication, old publication, known bool, why string) {
		switch {
		case !stays(r.slot):
			a.revise(out, *r, old, known, why)
		case a.differs(*r, old, known):
			out.withheld = append(out.withheld, withheldRow{pubKey: r.pubKey, tells: tells(r)})
		}
	}
	left := maps.Clone(published)
	for i := range rows {
		r := &rows[i]
		old, known := published[r.pubKey]
		delete(left, r.pubKey)
		why := reason
		if !known && reason != "" && a.lags(r.indicator) {
			why = "" // not late: it could not be told before
		}
		revise(r, old, known, why)
	}
	for k, old := range left {
		gone := goneRow(k)
		gone.deleted, gone.status = false, statusNoData
		gone.unit, gone.direction, gone.method = old.unit, old.direction, old.method
		revise(&gone, old, true, reason)
	}
}

// differs reports whether a row would get a revision.
func (a *Aggregator) differs(r, old publication, known bool) bool {
	var out outbox
	a.revise(&out, r, old, known, "")
	return len(out.revised) > 0
}

// lags reports whether an indicator's rows follow their period's end by some days.
func (a *Aggregator) lags(id string) bool {
	e := a.cfg.Catalogue.Find(id)
	return e != nil && e.LagDays > 0
}

func (a *Aggregator) revise(out *outbox, r, old publication, known bool, reason string) {
	if r.status == statusProvisional && !slices.Contains(r.flags, flagShortHistory) && (old.status == statusFinal || !a.gapped(&r)) {
		r.status = statusFinal
	}
	if known && old.revision > 0 && old.protected {
		r.protect()
	}
	if known && old.revision > 0 && old.fingerprint() == r.fingerprint() {
		return
	}
	if was := old; known && old.revision > 0 {
		if was.status = r.status; was.fingerprint() == r.fingerprint() {
			reason = "" // it only becomes final
		}
	}
	r.revision = old.revision + 1
	r.reason = reason
	out.revised = append(out.revised, r)
}
