package eraser

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/warehouse"
)

// digest is the hash of a column of pseudonyms.
func digest(column string) string {
	return "lower(hex(SHA256(replaceAll(toString(" + column + "), '-', ''))))"
}

// forgottenHashes are all pseudonyms that must stay forgotten, up to whatever time.
const forgottenHashes = "SELECT hash FROM vointi_internal.tombstones WHERE hash != '' AND linked = ''"

// stateTable says where the aggregator keeps persons.
type stateTable struct{ name, key, forgotten string }

// stateTables are the aggregator's tables that hold persons. A person with visits after the request still has rows there;
// what is no longer current has not.
var stateTables = []stateTable{
	{"person_visits", "person, session", digest("person") + " IN (" + forgottenHashes + ")"},
	{"referrals", "origin, person, session", digest("person") + " IN (" + forgottenHashes + ")"},
	{"pseudonyms", "pseudonym", "(" + digest("pseudonym") + " IN (" + forgottenHashes + ") OR " + digest("person") + " IN (" + forgottenHashes + "))"},
	{"cards", "person, pseudonym, issued_at", "(" + digest("pseudonym") + " IN (" + forgottenHashes + ") OR " + digest("person") + " IN (" + forgottenHashes + "))"},
	{"shifts", "scope, volunteer, partner, starts", digest("volunteer") + " IN (" + forgottenHashes + ")"},
	{"sessions", "session", "session IN (SELECT session FROM vointi_internal.sessions WHERE arrayExists(p -> " + digest("p") + " IN (" + forgottenHashes + "), persons))"},
}

// announce tells the aggregator which sessions to look at, as a writer of its own.
func (a *attempt) announce(ctx context.Context) error {
	type touch struct {
		family, scope string
		chain         uuid.UUID
	}
	touched, err := warehouse.Collect(ctx, a.db, statement("touched"), func(scan func(...any) error) (t touch, err error) {
		err = scan(&t.family, &t.scope, &t.chain)
		return t, err
	})
	if err != nil {
		return err
	}
	families, scopes, chains := []string{"erased"}, []string{""}, []uuid.UUID{{}} // the links, always
	for _, t := range touched {
		families, scopes, chains = append(families, t.family), append(scopes, t.scope), append(chains, t.chain)
	}
	writer := uuid.New()
	if _, err := a.takenIn(ctx, writer, 1, families, scopes, chains); err != nil {
		return err
	}
	a.cfg.Crash("taken in")
	// The next generation begins only when the one before is written to its end.
	gen, err := a.takenIn(ctx, writer, 2, []string{"erased"}, []string{""}, []uuid.UUID{{}})
	if err != nil {
		return err
	}
	return a.delete(ctx, "journal", fmt.Sprintf("gen < %d", gen))
}

// takenIn writes a batch of changes and waits until the aggregator has taken it in; it returns in which generation.
func (a *attempt) takenIn(ctx context.Context, writer uuid.UUID, wseq uint64, families, scopes []string, chains []uuid.UUID) (gen uint64, err error) {
	n := len(scopes)
	writers, wseqs, at := make([]uuid.UUID, n), make([]uint64, n), make([]time.Time, n)
	for i := range n {
		writers[i], wseqs[i], at[i] = writer, wseq, time.Now().UTC()
	}
	err = a.db.Insert(ctx, "vointi_internal.changes", warehouse.Column{Name: "writer", Values: writers}, warehouse.Column{Name: "wseq", Values: wseqs},
		warehouse.Column{Name: "family", Values: families}, warehouse.Column{Name: "scope", Values: scopes},
		warehouse.Column{Name: "chain", Values: chains}, warehouse.Column{Name: "at", Values: at})
	if err != nil {
		return 0, err
	}
	err = a.await(ctx, "waiting for the aggregator", func() (bool, error) {
		err := warehouse.Each(ctx, a.db, statement("covered"), func(scan func(...any) error) error { return scan(&gen) },
			warehouse.Param("writer", writer.String()), warehouse.Param("wseq", wseq))
		return gen > 0, err
	})
	return gen, err
}

// state deletes what the aggregator wrote about the persons before.
func (a *attempt) state(ctx context.Context) error {
	for _, t := range stateTables {
		n, err := a.number(ctx, t.old())
		if err != nil {
			return err
		}
		a.found[t.name] = n
		if n == 0 {
			continue
		}
		if err := a.record(ctx); err != nil {
			return err
		}
		if err := a.delete(ctx, t.name, t.older()); err != nil {
			return err
		}
		a.cfg.Crash(t.name)
		if err := a.delete(ctx, t.name, t.ended()); err != nil {
			return err
		}
		a.cfg.Crash("ended " + t.name)
	}
	// A comparison that broke off may have left a copy. One that runs now begins anew.
	return a.db.Exec(ctx, "DROP DATABASE IF EXISTS vointi_verify SYNC")
}

// older are the rows that others replace. The engine rewrites a table part by part, and may ask anew for each which rows those
// are: a row that says that another is no more must not go before that one, or it would be back.
func (t stateTable) older() string {
	return t.forgotten + " AND (" + t.key + ", gen) NOT IN (SELECT " + t.key + ", max(gen) FROM vointi_internal." + t.name + " GROUP BY " + t.key + ")"
}

// ended are the rows that say that there is nothing, where nothing is left that they could say it of.
func (t stateTable) ended() string {
	return t.forgotten + " AND deleted = 1 AND (" + t.key + ") NOT IN (SELECT " + t.key + " FROM vointi_internal." + t.name + " WHERE deleted = 0)"
}

func (t stateTable) old() string {
	return statement("states", "table", t.name, "forgotten", t.forgotten, "key", t.key)
}

func (a *attempt) keys(ctx context.Context) error {
	where := "family = 'checkin' AND chain IN (" + tombstonedChains + ")"
	n, err := a.number(ctx, "SELECT count() FROM vointi_internal.keys WHERE "+where)
	if err != nil || n == 0 {
		return err
	}
	return a.delete(ctx, "keys", where)
}

// count proves that nothing remains.
func (a *attempt) count(ctx context.Context) error {
	persons, chains := statement("persons"), tombstonedChains
	var left uint64
	for _, family := range families {
		of := victims(family, persons, chains)
		for _, sql := range []string{"SELECT count() FROM (" + of + ")", "SELECT count() FROM (" + statement("receipts", "victims", of) + ")"} {
			n, err := a.number(ctx, sql)
			if err != nil {
				return err
			}
			left += n
		}
	}
	for _, t := range stateTables {
		n, err := a.number(ctx, t.old())
		if err != nil {
			return err
		}
		left += n
	}
	speaking, err := a.forgottenLetters(ctx)
	if err != nil {
		return err
	}
	if left += uint64(len(speaking)); left > 0 {
		return fmt.Errorf("%d: %w", left, errRemains)
	}
	return nil
}

// deleteRequests deletes the messages of requests, a list of identities or a statement that selects them.
func (e *Eraser) deleteRequests(ctx context.Context, requests string) error {
	if err := e.db.Exec(ctx, statement("mark", "receipts", statement("requests", "identities", requests))); err != nil {
		return err
	}
	_, err := e.deleteMessages(ctx, true)
	return err
}
