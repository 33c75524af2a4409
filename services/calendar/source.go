package calendar

import (
	"context"
	"fmt"
	"os"
	"time"

	"vointi.fi/pkg/fetch"
	"vointi.fi/services/calendar/occurrence"
)

const acceptCalendar = "text/calendar, text/plain;q=0.5, */*;q=0.1"

// maxBody is more bytes than a calendar, or a page of one, has.
const maxBody = 32 << 20

func newFetcher(now func() time.Time) *fetch.Fetcher {
	return &fetch.Fetcher{MaxSize: maxBody, Patience: time.Minute, Now: now}
}

// ReadFrom reads a calendar of the feed's kind from a file, or from a web address, as a whole. The error says why there is
// nothing to read; what was not understood is remarked.
func (f *Feed) ReadFrom(ctx context.Context, source string, now func() time.Time) (occurrence.Reading, error) {
	if !isWebAddress(source) {
		data, err := os.ReadFile(source)
		if err != nil {
			return occurrence.Reading{}, err
		}
		return f.Read(data, now())
	}
	if f.Kind == LinkedEvents {
		reading, _, err := readLinked(ctx, newFetcher(now), f, source, time.Time{})
		return reading, err
	}
	d, err := newFetcher(now).Patiently(ctx, fetch.Request{Address: source, Accept: acceptCalendar})
	if err != nil {
		return occurrence.Reading{}, err
	}
	return f.readDocument(d, now())
}

// readDocument reads what a server sent, whatever it calls it.
func (f *Feed) readDocument(d fetch.Document, now time.Time) (occurrence.Reading, error) {
	reading, err := f.Read(d.Body, now)
	if err != nil && d.Kind != "" {
		return reading, fmt.Errorf("%w; its Content-Type is %s", err, d.Kind)
	}
	return reading, err
}
