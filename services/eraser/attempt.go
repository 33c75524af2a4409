package eraser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
)

// attempt is one pass over everything that is to be forgotten.
type attempt struct {
	*Eraser
	requests   []uuid.UUID
	found      map[string]uint64
	tombstones uint64 // rows of tombstones that this attempt knows of
}

// tombstonedChains are all chains that must stay forgotten.
const tombstonedChains = "SELECT chain FROM vointi_internal.tombstones WHERE hash = ''"

// victims selects identity and hash of every fact of a family that must go.
func victims(family, persons, chains string) string {
	column := personColumn[family]
	if column == "" {
		return statement("victims_"+family, "persons", persons, "chains", chains)
	}
	return statement("victims", "persons", persons, "family", family, "person", column)
}

// families are those that hold persons.
var families = []string{"checkin", "rekey", "card", "registration", "volunteer", "shift"}

// personColumn says where a family has its person, if each of its facts stands for itself.
var personColumn = map[string]string{"card": "person", "registration": "person", "volunteer": "volunteer", "shift": "volunteer"}

// widen carries tombstones on to linked pseudonyms and to chains, until an account of all that can be stored adds nothing.
func (a *attempt) widen(ctx context.Context) error {
	for {
		if err := a.dealtWith(ctx); err != nil {
			return err
		}
		persons, err := a.linkedPersons(ctx)
		if err != nil {
			return err
		}
		chains, err := warehouse.Collect(ctx, a.db, statement("chains", "persons", statement("persons"))+" AND f.chain NOT IN ("+tombstonedChains+")",
			one[uuid.UUID])
		if err != nil {
			return err
		}
		if len(persons)+len(chains) == 0 {
			if err := a.db.Exec(ctx, statement("keep_links", "links", statement("links"), "forgotten", forgottenHashes)); err != nil {
				return err
			}
			return warehouse.Each(ctx, a.db, "SELECT count() FROM vointi_internal.tombstones", func(scan func(...any) error) error { return scan(&a.tombstones) })
		}
		if err := a.bury(ctx, persons, chains); err != nil {
			return err
		}
	}
}

// dealtWith waits until the ingesters have acknowledged everything that is in the stream now: what they fetched before the
// last tombstone was written is among it.
func (a *attempt) dealtWith(ctx context.Context) error {
	events, err := a.bus.StreamState(ctx, stream.Events)
	if err != nil {
		return err
	}
	return a.await(ctx, "waiting for the ingester", func() (bool, error) {
		consumer, err := a.bus.ConsumerState(ctx, stream.Events, a.cfg.Durable)
		return consumer.AckFloor >= events.Last, err
	})
}

// await asks until the answer is yes.
func (e *Eraser) await(ctx context.Context, what string, done func() (bool, error)) error {
	tick := time.NewTicker(e.cfg.Poll)
	defer tick.Stop()
	for n := 0; ; n++ {
		if ok, err := done(); ok || err != nil {
			return err
		}
		e.cfg.Show(what, n)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, ctx.Err())
		}
	}
}

// linkedPersons returns the pseudonyms, as hashes, that are linked with a forgotten one and not forgotten up to the same time.
func (a *attempt) linkedPersons(ctx context.Context) (map[string]time.Time, error) {
	known, err := a.forgottenPersons(ctx)
	if err != nil {
		return nil, err
	}
	pairs, err := a.links(ctx)
	return spread(known, pairs), err
}

// links returns pairs of pseudonyms of one person, as hashes.
func (e *Eraser) links(ctx context.Context) ([][2]string, error) {
	return warehouse.Collect(ctx, e.db, statement("links"), func(scan func(...any) error) (p [2]string, err error) {
		err = scan(&p[0], &p[1])
		return p, err
	})
}

// forgottenPersons returns the hashes of who is forgotten, and up to when.
func (e *Eraser) forgottenPersons(ctx context.Context) (map[string]time.Time, error) {
	persons := map[string]time.Time{}
	err := warehouse.Each(ctx, e.db, statement("persons"), func(scan func(...any) error) error {
		var digest string
		var until time.Time
		err := scan(&digest, &until)
		persons[digest] = until
		return err
	})
	return persons, err
}

// spread carries times over links, and returns what it added to known.
func spread(known map[string]time.Time, pairs [][2]string) map[string]time.Time {
	added := map[string]time.Time{}
	for news := true; news; {
		news = false
		for _, p := range pairs {
			for _, way := range [2][2]string{p, {p[1], p[0]}} {
				if until, ok := known[way[0]]; ok && known[way[1]].Before(until) {
					known[way[1]], added[way[1]], news = until, until, true
				}
			}
		}
	}
	return added
}

func (a *attempt) bury(ctx context.Context, persons map[string]time.Time, chains []uuid.UUID) error {
	var hashes []string
	var ids []uuid.UUID
	var until, at []time.Time
	now := time.Now().UTC()
	for hash, t := range persons {
		hashes, ids, until, at = append(hashes, hash), append(ids, uuid.UUID{}), append(until, t), append(at, now)
	}
	for _, chain := range chains {
		hashes, ids, until, at = append(hashes, ""), append(ids, chain), append(until, time.Unix(0, 0).UTC()), append(at, now)
	}
	return a.db.Insert(ctx, "vointi_internal.tombstones", warehouse.Column{Name: "hash", Values: hashes},
		warehouse.Column{Name: "chain", Values: ids}, warehouse.Column{Name: "until", Values: until}, warehouse.Column{Name: "at", Values: at})
}

// markReceipts counts the facts that will go, and has their messages' receipts say so.
func (a *attempt) markReceipts(ctx context.Context) error {
	for _, family := range families {
		of := victims(family, statement("persons"), tombstonedChains)
		for name, sql := range map[string]string{"facts_" + family: of, "messages": statement("receipts", "victims", of)} {
			n, err := a.number(ctx, "SELECT count() FROM ("+sql+")")
			if err != nil {
				return err
			}
			a.found[name] += n
		}
	}
	if err := a.record(ctx); err != nil {
		return err
	}
	for _, family := range families {
		if a.found["facts_"+family] == 0 {
			continue
		}
		of := victims(family, statement("persons"), tombstonedChains)
		if err := a.db.Exec(ctx, statement("mark", "receipts", statement("receipts", "victims", of))); err != nil {
			return err
		}
		a.cfg.Crash("receipts of " + family)
	}
	return nil
}

// record notes what was found before it is deleted, so that an attempt that goes on after a crash cannot make it less.
func (a *attempt) record(ctx context.Context) error { return a.note(ctx, a.requests, a.found) }

func (a *attempt) messages(ctx context.Context) error {
	_, err := a.deleteMessages(ctx, false)
	return err
}

// deleteMessages deletes what the receipts call erased from the stream, and returns how many there were. Of messages that
// came again and were erased on arrival this is all that there is to do.
func (e *Eraser) deleteMessages(ctx context.Context, requests bool) (n int, err error) {
	state, err := e.bus.StreamState(ctx, stream.Events)
	if err != nil || state.Messages == 0 {
		return 0, err
	}
	created := state.Created.UnixMilli()
	maps.DeleteFunc(e.gone, func(p place, _ bool) bool { return p.created != created || p.sequence < state.First })
	sequences, err := warehouse.Collect(ctx, e.db, statement("erased"), one[uint64],
		warehouse.Param("created", created), warehouse.Param("first", state.First), warehouse.Param("last", state.Last), warehouse.Param("requests", requests))
	if err != nil {
		return 0, err
	}
	for _, s := range sequences {
		if e.gone[place{created, s}] {
			continue
		}
		if err := e.bus.Delete(ctx, stream.Events, s); err != nil {
			return n, err
		}
		e.gone[place{created, s}] = true
		n++
		e.cfg.Show("messages", n)
		e.cfg.Crash("message")
	}
	return n, nil
}

// letters deletes the dead letters that speak of forgotten persons. Of one whose payload was not kept the message itself is
// looked at, as long as the stream has it.
func (a *attempt) letters(ctx context.Context) error {
	found, err := a.forgottenLetters(ctx)
	if err != nil || len(found) == 0 {
		return err
	}
	a.found["dead_letters"] = uint64(len(found))
	if err := a.record(ctx); err != nil {
		return err
	}
	if err := a.db.Exec(ctx, statement("mark", "receipts", statement("dead_receipts", "letters", places(found)))); err != nil {
		return err
	}
	a.cfg.Crash("receipts of dead letters")
	if err := a.delete(ctx, "dead_letters", "(toUnixTimestamp64Milli(stream_created), sequence) IN ("+places(found)+")"); err != nil {
		return err
	}
	return a.messages(ctx)
}

func (e *Eraser) forgottenLetters(ctx context.Context) ([]place, error) {
	persons, err := e.forgottenPersons(ctx)
	if err != nil {
		return nil, err
	}
	return e.lettersOf(ctx, persons)
}

// lettersOf returns the places of the dead letters in which one of the pseudonyms stands.
func (e *Eraser) lettersOf(ctx context.Context, persons map[string]time.Time) (found []place, err error) {
	err = warehouse.Each(ctx, e.db, statement("letters"), func(scan func(...any) error) error {
		var created time.Time
		var p place
		var text, payload string
		var blanked bool
		if err := scan(&created, &p.sequence, &text, &payload, &blanked); err != nil {
			return err
		}
		p.created = created.UnixMilli()
		if blanked {
			m, err := e.message(ctx, p)
			if err != nil {
				return err
			}
			payload, text = string(m.Data), text+" "+string(m.Data)+fmt.Sprint(m.Header)
		}
		if speaksOf(text, payload, persons) {
			found = append(found, p)
		}
		return nil
	})
	return found, err
}

// message reads a message; it is empty if the stream does not have it any more.
func (e *Eraser) message(ctx context.Context, p place) (stream.Message, error) {
	m, err := e.bus.Get(ctx, stream.Events, p.sequence)
	if errors.Is(err, stream.ErrNotFound) || err == nil && m.StreamCreated.UnixMilli() != p.created {
		return stream.Message{}, nil
	}
	return m, err
}

// speaksOf tells whether a text that could not be read as an event names one of the persons, within their time if it tells
// when it was.
func speaksOf(text, payload string, persons map[string]time.Time) bool {
	at := event.TimeOf([]byte(payload))
	for pseudonym := range event.Pseudonyms(text) {
		if until, ok := persons[event.PseudonymHash(pseudonym)]; ok && !at.After(until) {
			return true
		}
	}
	return false
}

// facts deletes the facts. Of a check-in every version goes: without the winner a loser would count again.
func (a *attempt) facts(ctx context.Context) error {
	for _, family := range families {
		of := victims(family, statement("persons"), tombstonedChains)
		if n, err := a.number(ctx, "SELECT count() FROM ("+of+")"); err != nil || n == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if err := a.delete(ctx, "facts_"+family, "(identity, hash) IN ("+of+")"); err != nil {
			return err
		}
		a.cfg.Crash("facts_" + family)
	}
	return a.pastPersons(ctx)
}

// pastPersons deletes what is kept of persons whose earlier visits are nobody's any more.
func (a *attempt) pastPersons(ctx context.Context) error {
	n, err := a.number(ctx, "SELECT count() FROM vointi_internal.past_persons WHERE "+pastForgotten)
	if err != nil || n == 0 {
		return err
	}
	return a.delete(ctx, "past_persons", pastForgotten)
}

var pastForgotten = digest("person") + " IN (" + forgottenHashes + ")"

// delete removes rows and the parts that held them, and returns when that is done. The condition holds no pseudonym: the
// engine remembers it.
func (e *Eraser) delete(ctx context.Context, table, where string) error {
	if err := e.db.Exec(ctx, "ALTER TABLE vointi_internal."+table+" DELETE WHERE "+where+" SETTINGS mutations_sync = 2, allow_nondeterministic_mutations = 1"); err != nil {
		return fmt.Errorf("delete from %s: %w", table, err)
	}
	return nil
}
