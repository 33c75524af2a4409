package ingester

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
)

// forgotten is who and what was erased: pseudonyms by hash, with the time up to which, and chains of events. It is not
// changed once it is made.
type forgotten struct {
	persons map[string]time.Time
	chains  map[event.Identity]bool
	links   map[[2]string]bool // erased ones, which the eraser must know
}

func (f *forgotten) nobody() bool { return len(f.persons) == 0 && len(f.chains) == 0 }

// tombstones reads what the warehouse says is forgotten.
type tombstones struct {
	db   Querier
	mu   sync.Mutex
	rows uint64
	last *forgotten
}

func newTombstones(db Querier) *tombstones {
	return &tombstones{db: db, last: &forgotten{}}
}

// load returns what is forgotten now. It is asked after each fetch, so that of messages which are fetched after a tombstone
// was written none gets past it; who writes tombstones waits for the others to be acknowledged.
func (t *tombstones) load(ctx context.Context) (*forgotten, error) {
	if t.db == nil {
		return t.last, nil // without a warehouse to ask nobody was erased from it
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var rows uint64
	err := warehouse.Each(ctx, t.db, statement("count_tombstones"), func(scan func(...any) error) error { return scan(&rows) })
	if err != nil || rows == t.rows {
		return t.last, err
	}
	f := (&forgotten{}).clone()
	rows = 0
	err = warehouse.Each(ctx, t.db, statement("tombstones"), func(scan func(...any) error) error {
		var s tombstone
		err := scan(&s.hash, &s.chain, &s.until, &s.linked)
		f.add(s)
		rows++
		return err
	})
	if err == nil {
		t.rows, t.last = rows, f
	}
	return t.last, err
}

// tombstone is a row of tombstones: of a pseudonym, of a chain, or of an erased link between two pseudonyms.
type tombstone struct {
	hash   string
	chain  uuid.UUID
	until  time.Time
	linked string
}

// add reports whether the tombstone says anything new.
func (f *forgotten) add(s tombstone) bool {
	if s.linked != "" {
		link := [2]string{s.hash, s.linked}
		known := f.links[link]
		f.links[link] = true
		return !known
	}
	if s.hash == "" {
		known := f.chains[s.chain]
		f.chains[s.chain] = true
		return !known
	}
	until, known := f.persons[s.hash]
	if known && !s.until.After(until) {
		return false
	}
	f.persons[s.hash] = s.until
	return true
}

func (f *forgotten) clone() *forgotten {
	c := &forgotten{persons: make(map[string]time.Time, len(f.persons)), chains: make(map[event.Identity]bool, len(f.chains)), links: maps.Clone(f.links)}
	if c.links == nil {
		c.links = map[[2]string]bool{}
	}
	for hash, until := range f.persons {
		c.persons[hash] = until
	}
	for chain := range f.chains {
		c.chains[chain] = true
	}
	return c
}

// forget finds the messages of the batch that must not be stored, and the tombstones that follow from its messages:
//
//   - a request makes one of its pseudonym;
//   - a link hands the tombstone of either pseudonym on to the other, since both are one person;
//   - an event of a forgotten person makes one of its chain, since who had a part in an entity takes all of it along;
//   - a link that is erased leaves that it was there, for requests to come.
//
// The result is a function of the set of tombstones and messages, so it does not depend on their order within the batch.
func (b *batch) forget(f *forgotten) {
	b.tombs = b.tombs[:0]
	if f.nobody() && !b.asked() {
		return
	}
	f = f.clone()
	for news := true; news; {
		news = false
		for i := range b.messages {
			if m := &b.messages[i]; m.event != nil {
				news = b.spread(f, m.event.Event) || news
			}
		}
	}
	for i := range b.messages {
		m := &b.messages[i]
		switch {
		case m.event != nil:
			m.erased = m.event.Type != event.ErasureRequested && f.covers(m.event.Event)
			if p, ok := m.event.Payload.(*event.Rekey); ok && m.erased {
				if s := (tombstone{hash: event.PseudonymHash(p.OldPseudonym), linked: event.PseudonymHash(p.NewPseudonym)}); f.add(s) {
					b.tombs = append(b.tombs, s)
				}
			}
		case m.rejected != nil:
			m.erased = f.mentioned(m.Message)
		}
	}
}

// asked tells whether a request for erasure is among the messages.
func (b *batch) asked() bool {
	for i := range b.messages {
		if e := b.messages[i].event; e != nil && e.Type == event.ErasureRequested {
			return true
		}
	}
	return false
}

// spread adds to f what follows from one event, and notes it to be written.
func (b *batch) spread(f *forgotten, e *event.Event) (news bool) {
	add := func(s tombstone) {
		if f.add(s) {
			b.tombs, news = append(b.tombs, s), true
		}
	}
	switch p := e.Payload.(type) {
	case *event.Erasure:
		add(tombstone{hash: event.PseudonymHash(p.PersonPseudonym), until: e.Time})
	case *event.Rekey:
		old, young := event.PseudonymHash(p.OldPseudonym), event.PseudonymHash(p.NewPseudonym)
		for _, way := range [2][2]string{{old, young}, {young, old}} {
			if until, ok := f.persons[way[0]]; ok {
				add(tombstone{hash: way[1], until: until})
			}
		}
	default:
		if e.Family() == event.CheckinFamily && f.coversPerson(e) {
			add(tombstone{chain: e.Chain()})
		}
	}
	return news
}

// covers tells whether an event is to be forgotten.
func (f *forgotten) covers(e *event.Event) bool {
	return f.chains[e.Chain()] && e.Family() == event.CheckinFamily || f.coversPerson(e)
}

func (f *forgotten) coversPerson(e *event.Event) bool {
	var list [2]string
	for _, pseudonym := range e.Persons(list[:0]) {
		if until, ok := f.persons[event.PseudonymHash(pseudonym)]; ok && !e.Time.After(until) {
			return true
		}
	}
	return false
}

// mentioned tells whether a message that cannot be read as an event speaks of somebody who is forgotten. If it has no time
// that can be read, it does at any time.
func (f *forgotten) mentioned(m *stream.Message) bool {
	at := event.TimeOf(m.Data)
	texts := []string{string(m.Data), m.Subject}
	for name, values := range m.Header {
		texts = append(append(texts, name), values...)
	}
	for _, text := range texts {
		for pseudonym := range event.Pseudonyms(text) {
			if until, ok := f.persons[event.PseudonymHash(pseudonym)]; ok && !at.After(until) {
				return true
			}
		}
	}
	return false
}

// tombstoneRows is the table tombstones.
type tombstoneRows struct {
	table
	hash   *values[string]
	chain  *values[uuid.UUID]
	until  *values[time.Time]
	at     *values[time.Time]
	linked *values[string]
}

func newTombstoneRows() *tombstoneRows {
	r := &tombstoneRows{table: table{name: "vointi_internal.tombstones"}}
	r.hash = column[string](&r.table, "hash")
	r.chain = column[uuid.UUID](&r.table, "chain")
	r.until = column[time.Time](&r.table, "until")
	r.at = column[time.Time](&r.table, "at")
	r.linked = column[string](&r.table, "linked")
	return r
}

// fill replaces the rows by those of a batch.
func (r *tombstoneRows) fill(tombs []tombstone, at time.Time) {
	r.truncate(0)
	for _, s := range tombs {
		r.hash.add(s.hash)
		r.chain.add(s.chain)
		r.until.add(timeOrUnknown(s.until))
		r.at.add(at)
		r.linked.add(s.linked)
		r.message = append(r.message, 0)
	}
}

func timeOrUnknown(t time.Time) time.Time {
	if t.IsZero() {
		return unknown
	}
	return t
}

// forget learns what is forgotten and applies it to the batch. It does not give up: without that knowledge nothing may be
// stored. The error is ctx's.
func (w *worker) forget(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		f, err := w.tombstones.load(ctx)
		if err == nil {
			w.batch.forget(f)
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("load tombstones: %w", ctx.Err())
		}
		w.store.complainOf(err, attempt)
		if err := w.store.wait(ctx, "vointi_internal.tombstones", attempt); err != nil {
			return err
		}
	}
}
