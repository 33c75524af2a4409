package eraser

import (
	"context"
	"fmt"
	"strings"
	"time"

	"vointi.fi/pkg/event"
)

// Preview counts what an erasure of a person up to a time would delete now, and changes nothing. Pseudonyms that are linked
// with the person's are counted with it; what was asked for before and is not worked off yet is not looked at.
func (e *Eraser) Preview(ctx context.Context, pseudonym string, until time.Time) (map[string]uint64, error) {
	persons := map[string]time.Time{event.PseudonymHash(pseudonym): until}
	pairs, err := e.links(ctx)
	if err != nil {
		return nil, err
	}
	spread(persons, pairs)
	list := literalPersons(persons)
	chains := statement("chains", "persons", list)
	found := map[string]uint64{"pseudonyms": uint64(len(persons))}
	count := func(what, sql string) {
		if err == nil {
			var n uint64
			n, err = e.number(ctx, "SELECT count() FROM ("+sql+")")
			found[what] += n
		}
	}
	for _, family := range families {
		of := victims(family, list, chains)
		count("facts_"+family, of)
		count("messages", statement("receipts", "victims", of))
	}
	if err != nil {
		return nil, err
	}
	letters, err := e.lettersOf(ctx, persons)
	found["dead_letters"] = uint64(len(letters))
	return found, err
}

// literalPersons is persons.sql for persons without tombstones. A hash is no pseudonym.
func literalPersons(persons map[string]time.Time) string {
	var rows []string
	for hash, until := range persons {
		rows = append(rows, fmt.Sprintf("('%s', fromUnixTimestamp64Nano(%d, 'UTC'))", hash, until.UnixNano()))
	}
	return "SELECT t.1 AS digest, t.2 AS upto FROM (SELECT arrayJoin([" + strings.Join(rows, ", ") + "]) AS t)"
}
