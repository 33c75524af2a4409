package calendar

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"vointi.fi/pkg/fetch"
	"vointi.fi/services/calendar/linkedevents"
	"vointi.fi/services/calendar/occurrence"
)

const (
	acceptJSON = "application/json, */*;q=0.1"
	// maxPages is more than any feed that makes sense has; page sizes are at most 100.
	maxPages = 2000
	// overlap is read again each time, for clocks that differ and changes that were being written.
	overlap = time.Minute
)

// linkedRead is one reading of a list, page by page. Nothing of it counts unless all pages were read.
type linkedRead struct {
	fetcher *fetch.Fetcher
	feed    *Feed
	reading occurrence.Reading
	at      map[string]int // of ids in the reading
	newest  time.Time      // change
}

// readLinked reads what has changed since a time, or everything if that is zero. The list is asked for with the newest change
// first: an event that changes while it is read moves to its front, so that others may come twice but none is missed,
// and is read the next time. newest is the last change read; zero if the pages had fewer events than the server counts.
func readLinked(ctx context.Context, f *fetch.Fetcher, feed *Feed, address string, since time.Time) (reading occurrence.Reading, newest time.Time, err error) {
	r := &linkedRead{fetcher: f, feed: feed, at: map[string]int{}}
	next, err := firstPage(address, since)
	if err != nil {
		return reading, newest, err
	}
	items, count := 0, 0
	seen := map[string]bool{}
	for page := 1; next != ""; page++ {
		if seen[next] || page > maxPages {
			return reading, newest, fmt.Errorf("page %d: the pages do not end", page)
		}
		seen[next] = true
		got, err := r.page(ctx, next)
		if err != nil {
			return reading, newest, fmt.Errorf("page %d: %w", page, err)
		}
		if next, err = nextPage(address, got.Next); err != nil {
			return reading, newest, fmt.Errorf("page %d: %w", page, err)
		}
		items, count = items+got.Items, got.Count
	}
	if items < count {
		r.reading.Note(occurrence.Remark{Reason: fmt.Sprintf("the pages hold %d events, the server counts %d: read again next time", items, count), Fault: true})
		r.newest = time.Time{}
	}
	r.reading.Sort()
	return r.reading, r.newest, nil
}

func (r *linkedRead) page(ctx context.Context, address string) (linkedevents.Page, error) {
	location, err := time.LoadLocation(r.feed.Timezone)
	if err != nil {
		return linkedevents.Page{}, err
	}
	d, err := r.fetcher.Patiently(ctx, fetch.Request{Address: address, Accept: acceptJSON})
	if err != nil {
		return linkedevents.Page{}, err
	}
	page, err := linkedevents.Read(d.Body, location, r.feed.Language)
	if err != nil {
		return page, fmt.Errorf("%w; its Content-Type is %s", err, d.Kind)
	}
	for _, remark := range page.Remarks {
		r.reading.Note(remark)
	}
	for _, o := range page.Occurrences {
		r.add(o)
	}
	return page, nil
}

// add takes an event; of one that comes twice, the newer.
func (r *linkedRead) add(o occurrence.Occurrence) {
	if o.Modified.After(r.newest) {
		r.newest = o.Modified
	}
	i, twice := r.at[o.ID]
	switch {
	case !twice:
		r.at[o.ID] = len(r.reading.Occurrences)
		r.reading.Occurrences = append(r.reading.Occurrences, o)
	case o.Modified.After(r.reading.Occurrences[i].Modified):
		r.reading.Occurrences[i] = o
	}
}

// firstPage is the address of a feed with what a reading of changes needs: deleted events too, those of every type, and the
// newest first. What the feed's address says itself stays.
func firstPage(address string, since time.Time) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	query := u.Query()
	for name, value := range map[string]string{
		"page_size": "100", "show_deleted": "true", "sort": "-last_modified_time", "event_type": "General,Course,Volunteering",
	} {
		if !query.Has(name) {
			query.Set(name, value)
		}
	}
	if !since.IsZero() {
		query.Set("last_modified_since", since.Add(-overlap).UTC().Format(time.RFC3339))
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// nextPage is where the list goes on, on the feed's own server: behind a proxy servers do not know their own address, and
// none may send us elsewhere.
func nextPage(address, next string) (string, error) {
	if next == "" {
		return "", nil
	}
	base, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	n, err := base.Parse(next)
	if err != nil {
		return "", fmt.Errorf("meta.next is no address: %w", err)
	}
	base.RawQuery = n.RawQuery
	return base.String(), nil
}
