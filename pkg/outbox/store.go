package outbox

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"vointi.fi/pkg/event"
)

// What is sent at a time: enough to share the cost of a request and of the stream's sync, and less than any edge takes.
const (
	maxSend      = 500
	maxSendBytes = 4 << 20
)

const (
	defaultMaxBytes = 1 << 30
	lockPatience    = time.Second
)

// The file has two buckets. Keys are ever-growing numbers, so that the order of keys is that in which events came.
var (
	waiting = []byte("waiting") // number → the event in structured mode
	refused = []byte("refused") // number → a Refusal in JSON
)

// State is what an outbox holds.
type State struct {
	Waiting      int   // events to be sent
	WaitingBytes int64 // their size
	Refused      int   // events that can never be taken as they are
}

// Refusal is an event that can never be taken as it is, and why.
type Refusal struct {
	At     time.Time       `json:"at"`
	Reason string          `json:"reason"`
	Event  json.RawMessage `json:"event"`
}

// store is the file.
type store struct {
	db  *bolt.DB
	max int64

	mu  sync.Mutex
	now State
}

// batch is some events of the queue with their keys.
type batch struct {
	keys   [][]byte
	events []*event.Event
}

// each parts a batch into its events.
func (b batch) each() iter.Seq[batch] {
	return func(yield func(batch) bool) {
		for i := range b.events {
			if !yield(batch{b.keys[i : i+1], b.events[i : i+1]}) {
				return
			}
		}
	}
}

func openStore(path string, limit int64) (*store, error) {
	if limit <= 0 {
		limit = defaultMaxBytes
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockPatience, NoFreelistSync: true, FreelistType: bolt.FreelistMapType})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, errors.New("another process has it open; give each process a file of its own")
	}
	if err != nil {
		return nil, err
	}
	db.MaxBatchDelay = 2 * time.Millisecond // that long one caller waits for others to share a sync with
	s := &store{db: db, max: limit}
	if err := db.Update(s.begin); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// begin makes the buckets and counts what is in them.
func (s *store) begin(tx *bolt.Tx) error {
	for _, name := range [][]byte{waiting, refused} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	s.now.Refused = tx.Bucket(refused).Stats().KeyN
	return tx.Bucket(waiting).ForEach(func(_, value []byte) error {
		s.now.Waiting++
		s.now.WaitingBytes += int64(len(value))
		return nil
	})
}

func (s *store) state() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// add changes what is held, by what a transaction that has been made has changed.
func (s *store) add(change State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.Waiting += change.Waiting
	s.now.WaitingBytes += change.WaitingBytes
	s.now.Refused += change.Refused
}

// put is durable when it returns. Callers at the same time share one sync of the disk.
func (s *store) put(events []*event.Event) error {
	encoded := make([][]byte, len(events))
	change := State{Waiting: len(events)}
	for i, e := range events {
		encoded[i] = e.Encode()
		change.WaitingBytes += int64(len(encoded[i]))
		if _, err := event.Decode(nil, encoded[i]); err != nil {
			return fmt.Errorf("event %d of %d: %w", i+1, len(events), err)
		}
	}
	if now := s.state(); now.WaitingBytes+change.WaitingBytes > s.max {
		return fmt.Errorf("%w: %d events wait, as much as its limit of %d bytes allows; see why they are not taken",
			ErrFull, now.Waiting, s.max)
	}
	err := s.db.Batch(func(tx *bolt.Tx) error { return appendTo(tx.Bucket(waiting), encoded...) })
	if err == nil {
		s.add(change)
	}
	return err
}

func appendTo(bucket *bolt.Bucket, values ...[]byte) error {
	for _, value := range values {
		number, err := bucket.NextSequence()
		if err != nil {
			return err
		}
		if err := bucket.Put(binary.BigEndian.AppendUint64(nil, number), value); err != nil {
			return err
		}
	}
	return nil
}

// oldest reads the first events of the queue. With an error that wraps [event.ErrInvalid] the batch is the key of the first,
// which cannot be read.
func (s *store) oldest() (found batch, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		size := 0
		for cursor, key, value := first(tx); key != nil && len(found.events) < maxSend; key, value = cursor.Next() {
			if size += len(value); size > maxSendBytes && len(found.events) > 0 {
				break
			}
			e, err := event.Decode(nil, bytes.Clone(value)) // the file's memory ends with the transaction
			if err != nil && len(found.events) > 0 {
				break
			}
			found.keys = append(found.keys, bytes.Clone(key))
			if err != nil {
				return err
			}
			found.events = append(found.events, e)
		}
		return nil
	})
	return found, err
}

func first(tx *bolt.Tx) (cursor *bolt.Cursor, key, value []byte) {
	cursor = tx.Bucket(waiting).Cursor()
	key, value = cursor.First()
	return cursor, key, value
}

// sent forgets events that have arrived.
func (s *store) sent(b batch) error { return s.leave(b, "") }

// refuse keeps one event with the reason for which it was refused, and takes it from the queue.
func (s *store) refuse(b batch, reason error) error { return s.leave(b, reason.Error()) }

// leave takes events from the queue, and keeps them if there is a reason to.
func (s *store) leave(b batch, reason string) error {
	var change State
	err := s.db.Update(func(tx *bolt.Tx) error {
		change = State{}
		for _, key := range b.keys {
			value := tx.Bucket(waiting).Get(key)
			change.Waiting--
			change.WaitingBytes -= int64(len(value))
			if reason != "" {
				change.Refused++
				if err := keep(tx, value, reason); err != nil {
					return err
				}
			}
			if err := tx.Bucket(waiting).Delete(key); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.add(change)
	}
	return err
}

func keep(tx *bolt.Tx, value []byte, reason string) error {
	kept, err := json.Marshal(Refusal{At: time.Now().UTC(), Reason: reason, Event: value})
	if err != nil {
		return err
	}
	return appendTo(tx.Bucket(refused), kept)
}

func (s *store) refused() (all []Refusal, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(refused).ForEach(func(_, value []byte) error {
			var r Refusal
			if err := json.Unmarshal(value, &r); err != nil {
				return err
			}
			all = append(all, r)
			return nil
		})
	})
	return all, err
}

// sendAgain moves what was refused to the end of the queue.
func (s *store) sendAgain() error {
	all, err := s.refused()
	if err != nil {
		return err
	}
	var change State
	err = s.db.Update(func(tx *bolt.Tx) error {
		change = State{Waiting: len(all), Refused: -len(all)}
		for _, r := range all {
			change.WaitingBytes += int64(len(r.Event))
			if err := appendTo(tx.Bucket(waiting), r.Event); err != nil {
				return err
			}
		}
		if err := tx.DeleteBucket(refused); err != nil {
			return err
		}
		_, err := tx.CreateBucket(refused)
		return err
	})
	if err == nil {
		s.add(change)
	}
	return err
}

func (s *store) close() error { return s.db.Close() }
