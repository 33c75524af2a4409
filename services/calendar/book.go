package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
)

// Memory is where records are kept; [stream.Conn] is one.
type Memory interface {
	Records(ctx context.Context, pattern string) ([]stream.Record, error)
	LastRecords(ctx context.Context, patterns []string) ([]stream.Record, error)
	WriteRecords(ctx context.Context, last uint64, records []stream.Record) (uint64, error)
}

// The keys of records: one head for each feed, and one for each occurrence, named by a hash of its event_id.
func headKey(feed string) string           { return "calendar.feed." + feed }
func entryKey(feed, eventID string) string { return "calendar.event." + feed + "." + hashOf(eventID) }
func entryPattern(feed string) string      { return "calendar.event." + feed + ".*" }
func anyFeedPattern(eventID string) string { return "calendar.event.*." + hashOf(eventID) }
func feedOfKey(key string) string          { return strings.Split(key, ".")[2] }

func hashOf(eventID string) string {
	sum := sha256.Sum256([]byte(eventID))
	return hex.EncodeToString(sum[:16])
}

// head is what is remembered of a feed.
type head struct {
	// Published is the sequence of records up to which the events of all entries are on the bus.
	Published uint64 `json:"published"`
	// Mapping tells when the feed's settings have changed.
	Mapping string `json:"mapping,omitempty"`
	// Tag and Changed are what the server said of what was read last, ETag and Last-Modified; of ICalendar only.
	Tag     string `json:"tag,omitempty"`
	Changed string `json:"changed,omitempty"`
	// Read is when the calendar was last read as a whole.
	Read time.Time `json:"read,omitzero"`
	// Since is the last change that was read, of LinkedEvents only.
	Since time.Time `json:"since,omitzero"`
}

// entry is what is remembered of an occurrence: what the calendar says of it and what was published.
type entry struct {
	Status    string          `json:"status"`              // that the calendar gives it
	Gone      bool            `json:"gone,omitempty"`      // it vanished from the calendar before it began
	Confirmed *confirmation   `json:"confirmed,omitempty"` // that it was held
	Event     json.RawMessage `json:"event"`               // the last one published

	event    *event.Event
	sequence uint64 // of its record
}

func (e *entry) published() *event.Calendar { return e.event.Payload.(*event.Calendar) }

// confirmation is that an occurrence was held.
type confirmation struct {
	ByHand      bool      `json:"by_hand,omitempty"` // a person's word, which counts whatever the calendar says
	ActualStart time.Time `json:"actual_start,omitzero"`
	ActualEnd   time.Time `json:"actual_end,omitzero"`
	Attendance  *int      `json:"attendance,omitempty"`
}

// book is all that is remembered of one feed. Whoever writes into it writes its head first, and only if the head is still
// the one that was read: so writers take turns, and each knows all that those before wrote.
type book struct {
	feed    string
	head    head
	at      uint64            // sequence of the head's record; 0: none
	entries map[string]*entry // by event_id
}

// readBook reads the book of a feed, head first: an entry that is written meanwhile moves the head, and the next write
// then fails.
func readBook(ctx context.Context, memory Memory, feed string) (*book, error) {
	b := &book{feed: feed, entries: map[string]*entry{}}
	heads, err := memory.LastRecords(ctx, []string{headKey(feed)})
	if err != nil {
		return nil, err
	}
	for _, r := range heads {
		if err := json.Unmarshal(r.Data, &b.head); err != nil {
			return nil, fmt.Errorf("read record %s: %w", r.Key, err)
		}
		b.at = r.Sequence
	}
	records, err := memory.Records(ctx, entryPattern(feed))
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		e, err := entryFromRecord(r)
		if err != nil {
			return nil, err
		}
		b.entries[e.published().EventID] = e
	}
	return b, nil
}

func entryFromRecord(r stream.Record) (*entry, error) {
	e := &entry{sequence: r.Sequence}
	err := json.Unmarshal(r.Data, e)
	if err == nil {
		e.event, err = event.Decode(nil, e.Event)
	}
	if err != nil {
		return nil, fmt.Errorf("read record %s: %w", r.Key, err)
	}
	if _, ok := e.event.Payload.(*event.Calendar); !ok {
		return nil, fmt.Errorf("read record %s: holds a %s", r.Key, e.event.Type)
	}
	return e, nil
}

// write stores the head and entries together. [stream.ErrConflict]: the book has to be read again.
func (b *book) write(ctx context.Context, memory Memory, entries []*entry) error {
	data, err := json.Marshal(b.head)
	if err != nil {
		return err
	}
	records := []stream.Record{{Key: headKey(b.feed), Data: data}}
	for _, e := range entries {
		if data, err = json.Marshal(e); err != nil {
			return err
		}
		records = append(records, stream.Record{Key: entryKey(b.feed, e.published().EventID), Data: data})
	}
	last, err := memory.WriteRecords(ctx, b.at, records)
	if err != nil {
		return err
	}
	b.at = last - uint64(len(entries))
	for i, e := range entries {
		e.sequence = b.at + 1 + uint64(i)
		b.entries[e.published().EventID] = e
	}
	return nil
}
