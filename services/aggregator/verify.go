package aggregator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// ErrBusy is returned by Verify when the aggregator has work left, comparisons too, so that there is nothing to compare.
var ErrBusy = errors.New("the aggregator has not caught up with the facts; try again when it has")

// verified says what of a state table is compared: all but the generation.
var verified = map[string]string{
	"beaten":           "scope, family, chain, reason",
	"sessions":         "session, day, area, activity_type, provider, project, class, venue, held, cancelled, in_calendar, heard, minutes, capacity, audience_min, audience_max, card_visits, anonymous, direct_cents, allocated_cents, costed, flags, persons, past",
	"project_sessions": "project, month, session",
	"unallocated":      "entry, area, month, cents",
	"bookings":         "entry, area, month, cents, kind, heading, provider, funded",
	"person_visits":    "person, session, day, at, area, home_area, birth_year, age_band, sex, activity_type, provider, referral, origin_area, origin_activity, origin_provider",
	"pseudonyms":       "pseudonym, person",
	"cards":            "person, pseudonym, issued_at, closed_at, home_area, card_kind, household, target_groups, chain",
	"referrals":        "origin, person, session",
	"answers":          "wave, response, item, day, area, code, session, activity_type, provider",
	"postings":         "family, scope, entity, measure, attribute, since, until, areas, dimension, member, value",
	"shifts":           "scope, volunteer, partner, starts, day, area, age_band, centihours, event, activity_type",
	"silent_sessions":  "area, venue, day, session, provider, activity_type, held, since, until, areas",
	"cells":            "period_type, period_start, area, measure, dimension, member, band, sex, value",
}

// Verify makes the state anew in a scratch database and compares it with what refreshes have made of it, row by row and
// both ways; then the publications with the cells, the final ones with the log, and the comparisons with the publications. It returns every kind of difference
// with an example, and changes nothing but the scratch database. Another aggregator may be running.
func (a *Aggregator) Verify(ctx context.Context, step func(what string, done int)) ([]string, error) {
	if err := a.loadAreas(ctx); err != nil {
		return nil, err
	}
	before, err := a.readHead(ctx)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(a.head.Kept, a.places.signature()) {
		return nil, fmt.Errorf("verify: an area was merged into another today: %w", ErrBusy)
	}
	scratch := store{a.db, "vointi_verify"}
	if err := a.prepare(ctx, scratch); err != nil {
		return nil, err
	}
	b, err := a.build(ctx, scratch, 1, a.head.Judged, step)
	if err != nil {
		return nil, err
	}
	differences, err := a.compareState(ctx, scratch)
	if err != nil {
		return nil, err
	}
	if b.history != a.head.History && b.history != math.MaxInt32 {
		differences = append(differences, fmt.Sprintf("history: begins on %s, the aggregator says %s", b.history, a.head.History))
	}
	published, err := a.comparePublications(ctx)
	if err != nil {
		return nil, err
	}
	compared, err := a.verifyComparisons(ctx)
	if err != nil {
		return nil, err
	}
	after, err := a.readHead(ctx)
	if err != nil {
		return nil, err
	}
	if before != after {
		return nil, fmt.Errorf("verify: generation %d became %d meanwhile: %w", before, after, ErrBusy)
	}
	return slices.Concat(differences, published, compared), a.db.Exec(ctx, "DROP DATABASE "+scratch.name)
}

// readHead reads the last generation without completing it, and makes sure that it covers all facts.
func (a *Aggregator) readHead(ctx context.Context) (uint64, error) {
	a.head, a.generation = newHead(), 0
	err := warehouse.Each(ctx, a.db, a.state.statement("last_generation"), func(row func(...any) error) error {
		var target, body string
		if err := row(&a.generation, &target, &body); err != nil || target != "" {
			return err
		}
		return json.Unmarshal([]byte(body), &a.head)
	})
	if err != nil {
		return 0, fmt.Errorf("read journal: %w", err)
	}
	b, err := a.beyond(ctx)
	if err == nil && (b.rows > 0 || a.head.Rebuilding || a.generation == 0) {
		err = fmt.Errorf("verify: %d changes are beyond generation %d: %w", b.rows, a.generation, ErrBusy)
	}
	if err == nil && a.head.Forgetting {
		err = fmt.Errorf("verify: facts of days that are past are being removed: %w", ErrBusy)
	}
	if err == nil && a.head.Compared.due() {
		err = fmt.Errorf("verify: a rebuild has left comparisons due: %w", ErrBusy)
	}
	return a.generation, err
}

func (a *Aggregator) compareState(ctx context.Context, scratch store) ([]string, error) {
	var differences []string
	for _, table := range stateTables {
		for _, way := range []struct{ left, right, what string }{
			{scratch.name, a.state.name, "missing or different"},
			{a.state.name, scratch.name, "stored, but not derived from the facts"},
		} {
			found, err := a.except(ctx, verified[table], way.left+"."+table+" FINAL", way.right+"."+table+" FINAL")
			if err != nil {
				return nil, err
			}
			if found != "" {
				differences = append(differences, table+": "+way.what+": "+found)
			}
		}
	}
	return differences, nil
}

// except counts the rows of one source that another does not have, and gives one of them.
func (a *Aggregator) except(ctx context.Context, columns, left, right string) (string, error) {
	var found string
	sql := statement("except", "columns", columns, "left", left, "right", right)
	err := warehouse.Each(ctx, a.db, sql, func(row func(...any) error) error {
		var n uint64
		var example string
		if err := row(&n, &example); err != nil || n == 0 {
			return err
		}
		found = fmt.Sprintf("%d rows, for example %s", n, example)
		return nil
	})
	return found, err
}

// comparePublications compares what is published of open periods with what the cells give, as far as it is not due
// anyway, and the final publications with their log.
func (a *Aggregator) comparePublications(ctx context.Context) ([]string, error) {
	a.population, a.prices, a.grids = nil, nil, map[indicator.Period]*grid{}
	if err := a.countResidents(ctx); err != nil {
		return nil, err
	}
	if err := a.fillLedger(ctx); err != nil {
		return nil, err
	}
	if err := a.loadClosings(ctx); err != nil {
		return nil, err
	}
	var err error
	if a.fed, err = a.loadFed(ctx); err != nil {
		return nil, err
	}
	all := due{}
	if err := a.addAll(ctx, all); err != nil {
		return nil, err
	}
	var differences []string
	for _, t := range indicator.PeriodTypes {
		ds, err := a.compareOpen(ctx, t, slices.Sorted(maps.Keys(all[t])))
		if err != nil {
			return nil, err
		}
		differences = append(differences, ds...)
	}
	ds, err := a.compareProgress(ctx)
	if err != nil {
		return nil, err
	}
	differences = append(differences, ds...)
	columns := "indicator, area, age_scheme, age_group, sex, dimension, member, period_type, period_start, wave, value, lower95, upper95, lower998, upper998, numerator, denominator, status, suppressed, revision"
	for _, way := range [][2]string{{"publications", "log"}, {"log", "publications"}} {
		sources := map[string]string{"publications": "(" + statement("final_rows") + ")", "log": "(" + statement("last_logged") + ")"}
		found, err := a.except(ctx, columns, sources[way[0]], sources[way[1]])
		if err != nil {
			return nil, err
		}
		if found != "" {
			differences = append(differences, "final "+way[0]+" not in "+way[1]+": "+found)
		}
	}
	return differences, nil
}

func (a *Aggregator) compareOpen(ctx context.Context, t indicator.PeriodType, starts []indicator.Date) ([]string, error) {
	var open []indicator.Date
	for _, s := range starts {
		if p := (indicator.Period{Type: t, Start: s}); !a.closed(p) {
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	parts, err := a.protectAgain(ctx, t, open)
	if err != nil {
		return nil, err
	}
	summed := a.entriesOf(a.summed(t))
	var differences []string
	for _, p := range parts {
		isDue := a.pending(p.period)
		follows := slices.ContainsFunc(a.segments(t, []indicator.Date{p.period.Start}), func(s indicator.Date) bool {
			return a.pending(indicator.Period{Type: t, Start: s})
		})
		rows, err := a.rowsOf(p.grid, a.cfg.Catalogue, true, p.made.masks)
		if err != nil {
			return nil, err
		}
		var out outbox
		a.ledger.compare(&out, p.period, rows, func(k pubKey) bool {
			switch {
			case a.head.PublishAll != "":
				return false
			case isDue || t == indicator.Day: // companions of days come with their totals
				return k.total()
			default: // what has companions follows the others of its segment
				return !follows || summed.Find(k.indicator) == nil
			}
		})
		if len(out.rows) > 0 {
			differences = append(differences, fmt.Sprintf("publications of %s: %d rows differ from the cells, for example %+v", p.period, len(out.rows), out.rows[0].slot))
		}
	}
	return differences, nil
}

// pending reports whether breakdowns of a period are still to be published.
func (a *Aggregator) pending(p indicator.Period) bool {
	_, is := a.head.Pending[p.String()]
	return is
}

// protectAgain returns the open periods of one type with their masks: of those that are due, the masks of their totals.
func (a *Aggregator) protectAgain(ctx context.Context, t indicator.PeriodType, open []indicator.Date) (parts []*part, err error) {
	if t == indicator.Day {
		return a.protectOpen(ctx, t, open)
	}
	all := map[indicator.Date]string{}
	for _, s := range open {
		all[s] = ""
	}
	read, err := a.readParts(ctx, t, open, all)
	if err != nil {
		return nil, err
	}
	var whole []*part
	for _, p := range read {
		if a.pending(p.period) && !p.stays {
			parts = append(parts, p)
		} else {
			whole = append(whole, p)
		}
	}
	if err := a.protectHeld(ctx, parts); err != nil {
		return nil, err
	}
	if err := a.protectAll(whole); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(append(parts, whole...), func(p *part) bool { return p.stays }), nil
}
