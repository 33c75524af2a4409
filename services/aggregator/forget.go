package aggregator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vointi.fi/pkg/warehouse"
)

// personState are the state tables in which it stands who was where, or answered what. Beside them it stands in facts_checkin, in
// the bodies of the journal, and in the facts that [Aggregator.registers] lists. Nowhere else.
var personState = []string{"person_visits", "sessions", "referrals", "past_persons", "shifts", "answers", "pseudonyms", "cards"}

// forget removes for good what names the persons of what was taken away, and of what came too late to be counted. Each step
// may be taken again.
//
//  1. one generation says that it has begun, until which recompute must not compare, and takes away the claims of the check-ins,
//     and the links of persons of whom nothing is left;
//  2. the journal forgets generations that name persons, the state tables the rows that later ones have replaced;
//  3. keys forget the chains that are past, and facts their rows; check-ins that were corrected to a later day stay as nobody's;
//  4. one generation says that it has ended.
//
// What a register says of a person (a card, a link, that somebody volunteers) stays as long as anything else of the person does.
func (a *Aggregator) forget(ctx context.Context) error {
	if a.head.Limit == 0 {
		return nil
	}
	limit := quote(a.head.Limit.String())
	past := a.state.statement("past_rows", "limit", limit)
	if named, err := a.named(ctx, past); err != nil || !named && !a.head.Forgetting {
		return err
	}
	chains := statement("past_chains", "past", past, "limit", limit)
	begun := a.nextGeneration()
	begun.head.Forgetting = true
	var err error
	if begun.beaten, err = a.pastClaims(ctx, chains); err != nil {
		return err
	}
	if err := errors.Join(a.unlink(ctx, begun), a.dropCards(ctx, begun)); err != nil {
		return err
	}
	if err := a.commit(ctx, begun); err != nil {
		return err
	}
	for i, sql := range a.forgetting(past, chains) {
		a.crash(fmt.Sprint("forget ", i))
		if err := a.db.Exec(ctx, sql+" SETTINGS mutations_sync = 1"); err != nil {
			return err
		}
	}
	a.crash("forgotten")
	ended := a.nextGeneration()
	ended.head.Forgetting = false
	return a.commit(ctx, ended)
}

// pastClaims returns the claims of chains that are not in force, to be taken back.
func (a *Aggregator) pastClaims(ctx context.Context, chains string) ([]beatenRow, error) {
	rows, err := warehouse.Collect(ctx, a.db, a.state.statement("past_claims", "chains", chains), scanBeaten)
	for i := range rows {
		rows[i].reason = 0
	}
	return rows, err
}

// named reports whether anything that is past still names a person.
func (a *Aggregator) named(ctx context.Context, checkins string) (named bool, err error) {
	parts := []string{statement("past_named", "past", checkins)}
	for _, r := range a.registers() {
		parts = append(parts, statement("past_named_register", "table", r.table, "past", r.past))
	}
	var rows uint64
	for _, sql := range parts {
		if err := warehouse.Each(ctx, a.db, sql, func(row func(...any) error) error { return row(&rows) }); err != nil || rows > 0 {
			return rows > 0, err
		}
	}
	return false, nil
}

// register is a table of facts, beside the check-ins, whose rows name persons, and a condition for those that are past.
type register struct{ family, table, past string }

// registers are all such tables. An answer names nobody by the key of a card; it may by that of a panel, and tells of one person.
func (a *Aggregator) registers() []register {
	limit := quote(a.head.Limit.String())
	before := func(times ...string) string {
		for i, t := range times {
			times[i] = "toDate32(" + t + ", 'Europe/Helsinki') < " + limit
		}
		return strings.Join(times, " AND ")
	}
	gone := func(columns ...string) string {
		for i, c := range columns {
			columns[i] = c + " NOT IN (" + a.state.statement("left_persons") + ")"
		}
		return " AND " + strings.Join(columns, " AND ")
	}
	return []register{
		{"registration", "facts_registration", before("at")},
		{"shift", "facts_shift", before("starts")},
		{"volunteer", "facts_volunteer", before("starts", "ends", "time") + " AND volunteer NOT IN (" + a.state.statement("volunteers", "where", "1") + ")"},
		{"response", "facts_response", "scope IN (" + literals(slices.Sorted(maps.Keys(a.head.PastWaves))) + ")"},
		{"card", "facts_card", before("issued_at", "closed_at", "time") + gone("person")},
		{"rekey", "facts_rekey", before("time") + gone("old_pseudonym", "new_pseudonym")},
	}
}

// unlink takes links away whose facts are going to be removed.
func (a *Aggregator) unlink(ctx context.Context, g *generation) error {
	rs := a.registers()
	links := rs[slices.IndexFunc(rs, func(r register) bool { return r.family == "rekey" })]
	pairs, err := warehouse.Collect(ctx, a.db, statement("left_links", "past", links.past), scanPair)
	if err != nil {
		return err
	}
	left := newLinks(pairs)
	for p, person := range a.linked {
		if left.person(p) == p {
			g.pseudonyms = append(g.pseudonyms, pseudonymRow{p, person, true})
		}
	}
	slices.SortFunc(g.pseudonyms, func(a, b pseudonymRow) int { return compareUUID(a.pseudonym, b.pseudonym) })
	g.linked = left
	return nil
}

// dropCards takes away the rows of cards whose facts are going to be removed. They count no more.
func (a *Aggregator) dropCards(ctx context.Context, g *generation) error {
	rs := a.registers()
	of := rs[slices.IndexFunc(rs, func(r register) bool { return r.family == "card" })]
	past, err := a.cards(ctx, a.state, statement("past_cards", "past", of.past))
	for _, p := range sortedPersons(past) {
		g.addCards(past[p], nil)
	}
	return err
}

// forgetting lists what removes rows, those by which the others are found last.
func (a *Aggregator) forgetting(past, chains string) []string {
	statements := []string{a.state.statement("forget_generations", "last", fmt.Sprint(a.generation))}
	for _, t := range personState {
		table := a.state.name + "." + t
		statements = append(statements, "OPTIMIZE TABLE "+table+" FINAL", "ALTER TABLE "+table+" DELETE WHERE deleted = 1")
	}
	for _, r := range a.registers() {
		statements = append(statements, statement("forget_register_keys", "family", quote(r.family), "table", r.table, "past", r.past),
			statement("forget_register", "table", r.table, "past", r.past))
	}
	return append(statements, statement("forget_keys", "chains", chains),
		statement("forget_checkins", "chains", chains, "past", past), statement("forget_persons", "past", past))
}
