// Package eraser makes the pipeline forget persons: everything that was ever stored of them up to the time of their
// request, in tables, stream and dead letters, whatever pseudonyms they had. What comes later of that time the ingester
// does not store, by the tombstones. Surveys' panel pseudonyms are made with keys of their own and cannot be linked to a
// card, so they are not reached.
//
// [Eraser.erase] is the heart of it: the order of effects, and what a crash between any two of them does.
package eraser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
)

// Bus is what the eraser needs of it.
type Bus interface {
	StreamState(ctx context.Context, name string) (stream.StreamState, error)
	ConsumerState(ctx context.Context, stream, durable string) (stream.ConsumerState, error)
	Get(ctx context.Context, stream string, sequence uint64) (stream.Message, error)
	Delete(ctx context.Context, stream string, sequence uint64) error
}

// Teller tells the world that an erasure is completed.
type Teller interface {
	PublishUpdates(ctx context.Context, name string, data ...json.RawMessage) error
}

// Completed is the name of the update that proves an erasure.
const Completed = "privacy.erasure.completed.v1"

// Proof is what the update says: how much of each kind was found and is no more, and that nothing remains. It names the
// request by the hash of its source and id, and no person.
type Proof struct {
	Request   uuid.UUID         `json:"request"`
	Erased    map[string]uint64 `json:"erased"`
	Remaining uint64            `json:"remaining"` // counted after all was done: 0
	At        time.Time         `json:"at"`
}

// Config says how the eraser works.
type Config struct {
	Durable string                      // the ingesters' consumer
	Every   time.Duration               // how often to look for requests
	Poll    time.Duration               // how often to ask whether others have caught up
	Show    func(what string, done int) // progress
	Crash   func(step string)           // in tests: called between two effects
	Clock   func() time.Time
}

// DefaultConfig is that of every process.
func DefaultConfig(durable string) Config {
	return Config{
		Durable: durable, Every: 10 * time.Second, Poll: 50 * time.Millisecond,
		Show: func(string, int) {}, Crash: func(string) {}, Clock: time.Now,
	}
}

// Eraser is one running eraser. Several may run: each effect may happen twice.
type Eraser struct {
	log  *zap.Logger
	db   *warehouse.DB
	bus  Bus
	tell Teller
	cfg  Config
	gone map[place]bool // messages that were deleted, so that they are not asked for again
}

// place names a message for good.
type place struct {
	created  int64 // of the stream, Unix milliseconds
	sequence uint64
}

// New returns an eraser that has looked at nothing yet.
func New(log *zap.Logger, db *warehouse.DB, bus Bus, tell Teller, cfg Config) *Eraser {
	return &Eraser{log: log.Named("eraser"), db: db, bus: bus, tell: tell, cfg: cfg, gone: map[place]bool{}}
}

// Run works off requests as they come, until ctx ends. What fails is tried again.
func (e *Eraser) Run(ctx context.Context) error {
	tick := time.NewTicker(e.cfg.Every)
	defer tick.Stop()
	for {
		if _, err := e.Step(ctx); err != nil && ctx.Err() == nil {
			e.log.Warn("erasure will be tried again", zap.Error(err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Step erases what is asked for now, and messages of erased persons that came again. It returns when nothing is left to
// do, with a proof for each request; the aggregator and the ingesters must be running meanwhile.
func (e *Eraser) Step(ctx context.Context) ([]Proof, error) {
	if _, err := e.deleteMessages(ctx, false); err != nil {
		return nil, fmt.Errorf("erase: %w", err)
	}
	if err := e.deleteRequests(ctx, "SELECT request FROM vointi_internal.erasures WHERE what = 'completed'"); err != nil {
		return nil, fmt.Errorf("erase: %w", err)
	}
	pending, err := warehouse.Collect(ctx, e.db, statement("pending"), one[uuid.UUID])
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	proofs, err := e.erase(ctx, pending)
	if err != nil {
		return nil, fmt.Errorf("erase: %w", err)
	}
	return proofs, nil
}

// errRemains says that the proof failed. The next attempt begins anew.
var errRemains = errors.New("rows of erased persons remain")

// erase works off all requests at once. The tombstones are there already: the ingester wrote them with the requests.
//
//  1. Widen the tombstones to linked pseudonyms and to chains, until the ingesters have dealt with everything that they
//     fetched before the last tombstone was written. From then on nothing of these persons is stored any more. Crash: what
//     is widened stays so.
//  2. Receipts say erased. Crash: those that do are not found again, and are counted already.
//  3. Messages go from the stream, dead letters from their table. Not before 2, which says which they are.
//  4. Facts go. Not before 2 and 3, which find messages by them.
//  5. The aggregator is told which sessions to look at. Not before 4, or it would find what it found before. Crash before
//     it: the keys still say which sessions those are.
//  6. When it has, and has begun another generation, what it wrote before goes. Not earlier, or it could write it again.
//  7. Keys go. Not before 5.
//  8. Everything is counted, and must be zero.
//  9. The proof is published, and the requests go from the stream, last of all messages.
//  10. The requests are noted as completed. Crash before it: all of this is done again, finds nothing, and the proof, with
//     the same numbers, is published once more.
func (e *Eraser) erase(ctx context.Context, pending []uuid.UUID) ([]Proof, error) {
	a := &attempt{Eraser: e, requests: pending, found: map[string]uint64{}}
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"tombstones", a.widen},
		{"receipts", a.markReceipts},
		{"messages", a.messages},
		{"dead letters", a.letters},
		{"facts", a.facts},
		{"changes", a.announce},
		{"state", a.state},
		{"keys", a.keys},
		{"count", a.count},
	}
	for _, s := range steps {
		e.cfg.Show(s.name, 0)
		if err := s.do(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		e.cfg.Crash(s.name)
	}
	return e.prove(ctx, pending, a.tombstones)
}

// prove publishes what was erased, deletes the requests, and notes that they are done.
func (e *Eraser) prove(ctx context.Context, pending []uuid.UUID, tombstones uint64) ([]Proof, error) {
	var proofs []Proof
	for _, id := range pending {
		if id == (uuid.UUID{}) {
			continue
		}
		found, err := e.account(ctx, id)
		if err != nil {
			return nil, err
		}
		p := Proof{Request: id, Erased: found, At: e.cfg.Clock().UTC()}
		text, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		if err := e.tell.PublishUpdates(ctx, Completed, text); err != nil {
			return nil, err
		}
		proofs = append(proofs, p)
	}
	e.cfg.Crash("proof")
	if err := e.deleteRequests(ctx, uuids(pending)); err != nil {
		return nil, err
	}
	e.cfg.Crash("requests")
	err := e.note(ctx, pending, map[string]uint64{"completed": 1})
	if err == nil {
		err = e.note(ctx, []uuid.UUID{{}}, map[string]uint64{"tombstones": tombstones})
	}
	return proofs, err
}

// note writes what was found for each request; of several numbers the greatest stays.
func (e *Eraser) note(ctx context.Context, requests []uuid.UUID, found map[string]uint64) error {
	if len(found) == 0 {
		return nil
	}
	var ids []uuid.UUID
	var what []string
	var n []uint64
	var at []time.Time
	now := e.cfg.Clock().UTC()
	for _, id := range requests {
		for name, number := range found {
			ids, what, n, at = append(ids, id), append(what, name), append(n, number), append(at, now)
		}
	}
	return e.db.Insert(ctx, "vointi_internal.erasures", warehouse.Column{Name: "request", Values: ids},
		warehouse.Column{Name: "what", Values: what}, warehouse.Column{Name: "n", Values: n}, warehouse.Column{Name: "at", Values: at})
}

// Finish waits until the request is stored, works it off, and returns how much of each kind was erased. Another eraser may
// do the same meanwhile.
func (e *Eraser) Finish(ctx context.Context, request uuid.UUID) (map[string]uint64, error) {
	completed := func() (bool, error) {
		n, err := e.number(ctx, statement("completed", "request", request.String()))
		return n > 0, err
	}
	stored := func() (bool, error) {
		n, err := e.number(ctx, statement("stored", "request", request.String()))
		return n > 0, err
	}
	if err := e.await(ctx, "waiting for the ingester", stored); err != nil {
		return nil, err
	}
	_, err := e.Step(ctx)
	if err == nil {
		err = e.await(ctx, "waiting for another eraser", completed)
	}
	if err != nil {
		return nil, err
	}
	return e.account(ctx, request)
}

// account returns how much was erased for a request.
func (e *Eraser) account(ctx context.Context, request uuid.UUID) (map[string]uint64, error) {
	found := map[string]uint64{}
	err := warehouse.Each(ctx, e.db, statement("accounts", "request", request.String()), func(scan func(...any) error) error {
		var what string
		var n uint64
		err := scan(&what, &n)
		found[what] = n
		return err
	})
	return found, err
}
