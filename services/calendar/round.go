package calendar

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
	"vointi.fi/services/calendar/occurrence"
)

// Counts are what a round did to a feed's occurrences.
type Counts struct {
	Created, Updated, Cancelled, Held, Unchanged int
	// Again are events that an interrupted round had not finished publishing.
	Again int
}

// Published is how many new events there were.
func (c Counts) Published() int { return c.Created + c.Updated + c.Cancelled + c.Held }

// round takes what a calendar says into the book, and publishes what changed.
type round struct {
	memory    Memory
	publisher edge.Publisher
	source    string // of the events
	now       time.Time
	feed      *Feed
	book      *book
	progress  func(done, total int)
}

// changed is one entry to be, and what kind of event it makes.
type changed struct {
	*entry
	isNew bool
}

// maxChunk is how many entries are written, and then published, at a time.
const maxChunk = 500

// commit publishes changes, in this order:
//
//  1. what an earlier round wrote down and may not have published: the entries after head.Published;
//  2. a chunk of entries, each with its event, is written down, and with it the head, which says that all before is
//     published. If somebody else has written meanwhile, this fails and nothing of the chunk is said;
//  3. the chunk's events are published;
//  4. when all chunks are done, the head, with what it should say of the reading, if that is anything new.
//
// A crash before 2 leaves the change to be found again; one after 2 leaves the event in the book, so that 1 publishes the
// same event, of the same identity; one after 3 publishes it a second time, which changes nothing. A change that comes
// meanwhile has a greater sequence than what was written down, so it wins in every case.
func (r *round) commit(ctx context.Context, changes []changed, done func(*head)) (again int, err error) {
	if again, err = r.finish(ctx); err != nil { // 1
		return again, err
	}
	published := 0
	for chunk := range slices.Chunk(changes, maxChunk) {
		entries := make([]*entry, len(chunk))
		for i, c := range chunk {
			entries[i] = c.entry
		}
		if err := r.book.write(ctx, r.memory, entries); err != nil { // 2
			return again, err
		}
		if err := r.publish(ctx, entries); err != nil { // 3
			return again, err
		}
		published += len(chunk)
		r.progress(published, len(changes))
	}
	before := r.book.head
	done(&r.book.head)
	if r.book.head != before || again+published > 0 {
		err = r.book.write(ctx, r.memory, nil) // 4
	}
	return again, err
}

// finish publishes what was written down after the last that is known to be published.
func (r *round) finish(ctx context.Context) (again int, err error) {
	var entries []*entry
	for _, e := range r.book.entries {
		if e.sequence > r.book.head.Published {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.sequence, b.sequence) })
	return len(entries), r.publish(ctx, entries)
}

func (r *round) publish(ctx context.Context, entries []*entry) error {
	if len(entries) == 0 {
		return nil
	}
	events := make([]*event.Event, len(entries))
	for i, e := range entries {
		events[i] = e.event
	}
	if err := r.publisher.PublishBatch(ctx, events); err != nil {
		return err
	}
	r.book.head.Published = entries[len(entries)-1].sequence
	return nil
}

// take finds what a reading changes. Remarks about what cannot be published are added to the reading.
func (r *round) take(ctx context.Context, reading *occurrence.Reading) (changes []changed, counts Counts, err error) {
	unknown, seen := &words{}, map[string]bool{}
	add := func(eventID string, next *entry, source *event.Calendar, modified time.Time) {
		before := r.book.entries[eventID]
		switch ok, err := r.resolve(before, next, source, modified); {
		case err != nil:
			reading.Note(faultOf(eventID, err))
		case !ok:
			counts.Unchanged++
		default:
			changes = append(changes, changed{next, before == nil})
		}
	}
	for _, o := range reading.Occurrences {
		p := r.feed.payload(o, unknown)
		if seen[p.EventID] {
			reading.Note(occurrence.Remark{ID: p.EventID, Reason: o.Where + " has the id of an occurrence before: left out", Fault: true})
			continue
		}
		seen[p.EventID] = true
		before := r.book.entries[p.EventID]
		if o.Start.IsZero() && before != nil { // postponed, or deleted: it is known what it was
			p.Start, p.End, p.AllDay = before.published().Start, before.published().End, before.published().AllDay
		}
		if before == nil && (o.Gone || o.Start.IsZero()) {
			continue
		}
		next := &entry{Status: p.Status}
		if before != nil {
			next.Confirmed = before.Confirmed
			next.Gone = o.Gone && (before.Gone || p.Start.After(r.now))
		}
		add(p.EventID, next, p, o.Modified)
	}
	for _, eventID := range slices.Sorted(maps.Keys(r.book.entries)) {
		if before := r.book.entries[eventID]; !seen[eventID] {
			next := &entry{Status: before.Status, Confirmed: before.Confirmed, Gone: before.Gone || r.vanished(before, reading)}
			add(eventID, next, before.source(), time.Time{})
		}
	}
	reading.Remarks = append(reading.Remarks, unknown.remarks()...)
	if changes, err = r.ownOnly(ctx, changes, reading); err != nil {
		return nil, counts, err
	}
	for _, c := range changes {
		counts.add(c)
	}
	return changes, counts, nil
}

func (c *Counts) add(change changed) {
	switch change.event.Type {
	case event.CalendarCancelled:
		c.Cancelled++
	case event.CalendarHeld:
		c.Held++
	case event.CalendarCreated:
		c.Created++
	default:
		c.Updated++
	}
}

// vanished says that an occurrence to come is no longer in its calendar. What was not read, or only in part, has not
// vanished; nor has everything at once, which is an outage rather than a decision; nor what lies beyond the horizon.
func (r *round) vanished(e *entry, reading *occurrence.Reading) bool {
	p := e.published()
	id, series := strings.TrimPrefix(p.EventID, r.feed.IDPrefix), strings.TrimPrefix(p.SeriesID, r.feed.IDPrefix)
	return r.feed.Vanished == cancelVanished && reading.Whole && len(reading.Occurrences) > 0 &&
		!reading.Unclear[""] && !reading.Unclear[id] && (series == "" || !reading.Unclear[series]) &&
		p.Start.After(r.now) && p.Start.Before(r.now.Add(r.feed.Horizon))
}

// source is what the calendar said of the occurrence when it was published.
func (e *entry) source() *event.Calendar {
	p := *e.published()
	p.Status, p.ActualStart, p.ActualEnd, p.Attendance = e.Status, time.Time{}, time.Time{}, nil
	return &p
}

// resolve decides what is to be published of an entry: the calendar's word, cancelled if it is gone, and held if that is
// confirmed. ok is false if that has been published already.
func (r *round) resolve(before, next *entry, source *event.Calendar, modified time.Time) (ok bool, err error) {
	p := *source
	if next.Gone {
		p.Status = "cancelled"
	}
	called := p.Status != "cancelled" && p.Status != "postponed"
	if r.feed.Confirms && next.Confirmed == nil && called && isOver(&p, r.now) {
		next.Confirmed = &confirmation{}
	}
	if c := next.Confirmed; c != nil && (c.ByHand || called) {
		p.Status, p.ActualStart, p.ActualEnd, p.Attendance = "held", c.ActualStart, c.ActualEnd, c.Attendance
	}
	if before != nil {
		p.Sequence, p.LastModified = before.published().Sequence, before.published().LastModified
		if samePayload(&p, before.published()) {
			next.Event, next.event = before.Event, before.event
			return false, nil
		}
		p.Sequence = max(p.Sequence+1, source.Sequence)
	}
	p.LastModified = r.now
	if !modified.IsZero() && modified.Before(r.now) {
		p.LastModified = modified
	}
	if before != nil && p.LastModified.Before(before.published().LastModified) {
		p.LastModified = r.now
	}
	next.event, err = r.event(&p, before == nil)
	if err == nil {
		next.Event = next.event.Encode()
	}
	return err == nil, err
}

// isOver says that the occurrence has ended; one without a known end, that it has begun.
func isOver(p *event.Calendar, now time.Time) bool {
	end := p.End
	if end.IsZero() {
		end = p.Start
	}
	return !end.After(now)
}

// samePayload compares what two payloads say as events.
func samePayload(a, b *event.Calendar) bool {
	written := func(p *event.Calendar) []byte {
		e, err := event.Unchecked(event.CalendarHeld, "", "", time.Time{}, "", "", p) // the type that has all attributes
		if err != nil {
			return nil
		}
		return e.Data
	}
	return bytes.Equal(written(a), written(b))
}

// event makes the event of one version of an occurrence.
func (r *round) event(p *event.Calendar, isNew bool) (*event.Event, error) {
	t := typeOf(p.Status, p.Sequence)
	switch {
	case isNew && t == event.CalendarUpdated:
		t = event.CalendarCreated
	case !isNew && t == event.CalendarCreated:
		t = event.CalendarUpdated
	}
	id := event.NewID(string(t), p.EventID, strconv.FormatInt(p.Sequence, 10), edge.Instant(p.LastModified), p.Status, edge.Instant(p.Start))
	return event.New(t, r.source+"/"+r.feed.ID, id, p.LastModified, municipalityOf(p.Area), p.EventID, p)
}

// faultOf tells why an occurrence cannot be published.
func faultOf(eventID string, err error) occurrence.Remark {
	remark := occurrence.Remark{ID: eventID, Reason: err.Error(), Fault: true}
	var invalid *event.InvalidError
	if errors.As(err, &invalid) && len(invalid.Faults) > 0 {
		remark.Property, remark.Reason = invalid.Faults[0].Pointer, invalid.Faults[0].Reason+": the event is left out"
	}
	return remark
}

// ownOnly leaves out new occurrences whose id another feed has taken: the two would contradict each other for ever.
func (r *round) ownOnly(ctx context.Context, changes []changed, reading *occurrence.Reading) (own []changed, err error) {
	for chunk := range slices.Chunk(changes, maxChunk) {
		patterns := []string{}
		for _, c := range chunk {
			if c.isNew {
				patterns = append(patterns, anyFeedPattern(c.published().EventID))
			}
		}
		taken := map[string]string{}
		if len(patterns) > 0 {
			records, err := r.memory.LastRecords(ctx, patterns)
			if err != nil {
				return nil, err
			}
			for _, record := range records {
				taken[record.Key[len(record.Key)-32:]] = feedOfKey(record.Key)
			}
		}
		for _, c := range chunk {
			id := c.published().EventID
			if other, ok := taken[hashOf(id)]; ok && c.isNew && other != r.feed.ID {
				reading.Note(occurrence.Remark{ID: id, Reason: fmt.Sprintf("is in feed %s too: left out; if it is another event, give one of the feeds an id_prefix", other), Fault: true})
				continue
			}
			own = append(own, c)
		}
	}
	return own, nil
}
