package calendar

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/services/calendar/ical"
	"vointi.fi/services/calendar/linkedevents"
	"vointi.fi/services/calendar/occurrence"
)

// mostOfSeries is how many occurrences one series may have.
const mostOfSeries = 5000

// Read returns what a calendar of the feed's kind says. The error says that it is none; what was not understood of it is
// remarked. now is what the horizon is counted from.
func (f *Feed) Read(data []byte, now time.Time) (occurrence.Reading, error) {
	location, err := time.LoadLocation(f.Timezone)
	if err != nil {
		return occurrence.Reading{}, fmt.Errorf("feed %s: %w", f.ID, err)
	}
	if f.Kind == LinkedEvents {
		page, err := linkedevents.Read(data, location, f.Language)
		if page.Next != "" {
			page.Note(occurrence.Remark{Property: "meta.next", Reason: "there are more pages: import the address of the first instead of a file", Fault: true})
		}
		return page.Reading, err
	}
	return ical.Read(data, ical.Options{Location: location, Language: f.Language, Until: now.Add(f.Horizon), Most: mostOfSeries})
}

// Keeper remembers what was published of every feed, and publishes what changes. It is safe for concurrent use, and
// several keepers of one memory keep out of each other's way.
type Keeper struct {
	memory    Memory
	publisher edge.Publisher
	source    string
	now       func() time.Time

	mu    sync.Mutex
	books map[string]*shelf
}

// shelf has the book of one feed as it was after the last round; nil if it has to be read.
type shelf struct {
	mu   sync.Mutex
	book *book
}

// NewKeeper returns one that publishes events whose source is source and the feed's id.
func NewKeeper(memory Memory, publisher edge.Publisher, source string, now func() time.Time) *Keeper {
	return &Keeper{memory: memory, publisher: publisher, source: source, now: now, books: map[string]*shelf{}}
}

// Take publishes what a reading of the feed changes, and returns when all of it is on the bus. What it could not publish
// is remarked in the reading. After an error some of it may be there; taking the same again publishes the rest.
func (k *Keeper) Take(ctx context.Context, feed *Feed, reading *occurrence.Reading, progress func(done, total int)) (Counts, error) {
	return k.take(ctx, feed, reading, progress, func(*head) {})
}

func (k *Keeper) take(ctx context.Context, feed *Feed, reading *occurrence.Reading, progress func(done, total int), done func(*head)) (counts Counts, err error) {
	remarks := reading.Remarks
	err = k.turn(ctx, feed, func(r *round) error {
		reading.Remarks = remarks
		r.progress = progress
		var changes []changed
		if changes, counts, err = r.take(ctx, reading); err != nil {
			return err
		}
		counts.Again, err = r.commit(ctx, changes, done)
		return err
	})
	if err != nil {
		return counts, fmt.Errorf("feed %s: %w", feed.ID, err)
	}
	return counts, nil
}

// Try tells what taking a reading would do if nothing of the feed had been published yet, and publishes nothing.
func Try(ctx context.Context, feed *Feed, reading *occurrence.Reading, now func() time.Time) (Counts, error) {
	r := round{memory: nothing{}, source: "/dry-run", now: now().UTC(), feed: feed, book: &book{feed: feed.ID}}
	_, counts, err := r.take(ctx, reading)
	return counts, err
}

// nothing is a memory without any record.
type nothing struct{ Memory }

func (nothing) LastRecords(context.Context, []string) ([]stream.Record, error) { return nil, nil }

// turns is how often a round is begun anew because somebody else was writing.
const turns = 5

// turn lets do work on the feed's book. After any error the book is read again.
func (k *Keeper) turn(ctx context.Context, feed *Feed, do func(*round) error) (err error) {
	s := k.shelf(feed.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	for range turns {
		if s.book == nil {
			if s.book, err = readBook(ctx, k.memory, feed.ID); err != nil {
				return err
			}
		}
		err = do(&round{memory: k.memory, publisher: k.publisher, source: k.source, now: k.now().UTC().Truncate(time.Second), feed: feed, book: s.book, progress: func(int, int) {}})
		if err == nil {
			return nil
		}
		s.book = nil
		if !errors.Is(err, stream.ErrConflict) {
			return err
		}
	}
	return err
}

func (k *Keeper) shelf(feed string) *shelf {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.books[feed] == nil {
		k.books[feed] = &shelf{}
	}
	return k.books[feed]
}

// headOf is what is remembered of a feed's last reading.
func (k *Keeper) headOf(ctx context.Context, feed *Feed) (h head, err error) {
	err = k.turn(ctx, feed, func(r *round) error {
		h = r.book.head
		return nil
	})
	return h, err
}

var errUnknown = fmt.Errorf("%w: no feed has this occurrence; what was PUT is PUT again with the status held", edge.ErrNotFound)

// confirm publishes that an occurrence was held; what it is, is as it was published last. Confirmed as before, nothing is
// published. It returns the event that says so.
func (k *Keeper) confirm(ctx context.Context, eventID string, c *confirmation, allow func(*event.Event) error) (said *event.Event, err error) {
	records, err := k.memory.LastRecords(ctx, []string{anyFeedPattern(eventID)})
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, errUnknown
	}
	feed := &Feed{ID: feedOfKey(records[0].Key)}
	err = k.turn(ctx, feed, func(r *round) error {
		before := r.book.entries[eventID]
		if before == nil {
			return errUnknown
		}
		next := &entry{Status: before.Status, Gone: before.Gone, Confirmed: c}
		ok, err := r.resolve(before, next, before.source(), time.Time{})
		if err != nil {
			return err
		}
		said = next.event
		if err := allow(said); err != nil {
			return err
		}
		var changes []changed
		if ok {
			changes = []changed{{entry: next}}
		}
		_, err = r.commit(ctx, changes, func(*head) {})
		return err
	})
	return said, err
}
