package aggregator

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/warehouse"
)

// links says which person a pseudonym is, where it is another than the pseudonym itself. Pseudonyms that are linked, over
// however many links, are one person, who goes by the least of them: a function of the set of links, whatever their order.
type links map[uuid.UUID]uuid.UUID

// person returns whom a pseudonym stands for.
func (l links) person(pseudonym uuid.UUID) uuid.UUID {
	if p, ok := l[pseudonym]; ok {
		return p
	}
	return pseudonym
}

// newLinks joins the two pseudonyms of each pair.
func newLinks(pairs [][2]uuid.UUID) links {
	above := links{}
	top := func(p uuid.UUID) uuid.UUID {
		for above.person(p) != p {
			above[p] = above.person(above.person(p))
			p = above.person(p)
		}
		return p
	}
	for _, pair := range pairs {
		a, b := top(pair[0]), top(pair[1])
		switch c := compareUUID(a, b); {
		case c < 0:
			above[b] = a
		case c > 0:
			above[a] = b
		}
	}
	l := links{}
	for p := range above {
		if t := top(p); t != p {
			l[p] = t
		}
	}
	return l
}

// loadLinks reads the links that there are now.
func (a *Aggregator) loadLinks(ctx context.Context) (links, error) {
	pairs, err := warehouse.Collect(ctx, a.db, statement("links"), scanPair)
	if err != nil {
		return nil, fmt.Errorf("load links: %w", err)
	}
	return newLinks(pairs), nil
}

func scanPair(row func(...any) error) (pair [2]uuid.UUID, err error) {
	err = row(&pair[0], &pair[1])
	return pair, err
}

// linked returns the links as the state has them: what was taken in, not what has come since.
func (s store) linked(ctx context.Context) (links, error) {
	pairs, err := warehouse.Collect(ctx, s.db, s.statement("pseudonyms"), scanPair)
	l := make(links, len(pairs))
	for _, p := range pairs {
		l[p[0]] = p[1]
	}
	return l, err
}

// pseudonymRow is a row of vointi_internal.pseudonyms.
type pseudonymRow struct {
	pseudonym, person uuid.UUID
	deleted           bool
}

// relink takes in changed links: it notes the rows that differ, and every session of a person who is somebody else now.
func (a *Aggregator) relink(ctx context.Context, w *work, g *generation) error {
	w.linked = a.linked
	if !w.rekeyed {
		return nil
	}
	now, err := a.loadLinks(ctx)
	if err != nil {
		return err
	}
	persons := map[uuid.UUID]bool{}
	for p := range union(a.linked, now) {
		if a.linked.person(p) == now.person(p) {
			continue
		}
		persons[a.linked.person(p)] = true
		w.carded[a.linked.person(p)], w.carded[now.person(p)], w.carded[p] = true, true, true
		g.pseudonyms = append(g.pseudonyms, pseudonymRow{p, now.person(p), now.person(p) == p})
	}
	slices.SortFunc(g.pseudonyms, func(a, b pseudonymRow) int { return compareUUID(a.pseudonym, b.pseudonym) })
	w.linked, g.linked = now, now
	for part := range slices.Chunk(sortedPersons(persons), 2000) {
		visits, pasts, err := a.visitsOf(ctx, part, ever)
		if err != nil {
			return err
		}
		for p, of := range pasts {
			w.pasts[now.person(p)] = w.pasts[now.person(p)].join(of)
		}
		for _, of := range visits {
			for _, v := range of {
				w.addWhole(v.session)
			}
		}
	}
	return nil
}

// addWhole has a session looked at with every person who was or is in it.
func (w *work) addWhole(session string) {
	w.sessions[session], w.whole[session] = true, true
}
