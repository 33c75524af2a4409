package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/fetch"
	"vointi.fi/services/calendar/occurrence"
)

const (
	// wholeEvery is how often a calendar is read even if its server says that it is unchanged: the horizon moves on.
	wholeEvery = 24 * time.Hour
	// firstPause is how soon a reading is tried again that failed; it doubles up to lastPause.
	firstPause = 30 * time.Second
	lastPause  = time.Hour
)

// poller reads one feed again and again.
type poller struct {
	log     *zap.Logger
	feed    *Feed
	fetcher *fetch.Fetcher
	keeper  *Keeper
	metrics *feedMetrics

	mu       sync.Mutex
	read     time.Time // last success
	failures int       // since then
	failure  error
	counts   Counts // of the last reading that was not unchanged
	faults   int    // of it
}

// run reads the feed until ctx ends.
func (p *poller) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			timer.Reset(p.poll(ctx))
		case <-ctx.Done():
			return
		}
	}
}

// poll reads once and tells how long to wait until the next time.
func (p *poller) poll(ctx context.Context) time.Duration {
	counts, reading, err := p.once(ctx)
	if ctx.Err() != nil {
		return lastPause
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil || errors.Is(err, fetch.ErrUnchanged):
		p.read, p.failures, p.failure = p.keeper.now(), 0, nil
		p.took(counts, reading, err == nil)
		p.metrics.set(p.feed.ID, false, p.faults > 0)
		return p.feed.Every
	default:
		p.failures, p.failure = p.failures+1, err
		p.metrics.reads.WithLabelValues(failedRead).Inc()
		p.metrics.set(p.feed.ID, true, p.faults > 0)
		p.log.Warn("calendar not read", zap.String("feed", p.feed.ID), zap.Int("failures", p.failures), zap.Error(err))
		return pauseAfter(p.failures, err)
	}
}

// took notes what a reading gave. Remarks that name organizers' or visitors' words stay out of the log but for the faults.
func (p *poller) took(counts Counts, reading occurrence.Reading, read bool) {
	p.metrics.changed(counts)
	if !read {
		p.metrics.reads.WithLabelValues(unchangedRead).Inc()
		return
	}
	p.metrics.reads.WithLabelValues(wholeRead).Inc()
	faults := 0
	for _, r := range reading.Remarks {
		if r.Fault {
			faults++
		}
	}
	if faults > 0 && faults != p.faults {
		p.log.Warn("calendar not understood as a whole", zap.String("feed", p.feed.ID), zap.Int("faults", faults), zap.String("first", firstFault(reading)))
	}
	p.counts, p.faults = counts, faults
	if counts.Published() > 0 {
		p.log.Info("calendar read", zap.String("feed", p.feed.ID), zap.Int("published", counts.Published()), zap.Int("unchanged", counts.Unchanged))
	}
}

func firstFault(reading occurrence.Reading) string {
	for _, r := range reading.Remarks {
		if r.Fault {
			return r.String()
		}
	}
	return ""
}

// pauseAfter doubles with each failure, and is no shorter than the server asks for.
func pauseAfter(failures int, err error) time.Duration {
	pause := min(firstPause<<min(failures-1, 10), lastPause)
	var answer *fetch.AnswerError
	if errors.As(err, &answer) {
		pause = max(pause, answer.RetryAfter)
	}
	return pause
}

// once reads the feed, and takes what it says into the book together with how far it was read.
func (p *poller) once(ctx context.Context) (counts Counts, reading occurrence.Reading, err error) {
	h, err := p.keeper.headOf(ctx, p.feed)
	if err != nil {
		return counts, reading, err
	}
	now, mapping := p.keeper.now().UTC().Truncate(time.Second), mappingOf(p.feed)
	next := head{Mapping: mapping}
	if h.Mapping != mapping { // all of it means something else now
		h = head{}
	}
	if p.feed.Kind == LinkedEvents {
		var newest time.Time
		reading, newest, err = readLinked(ctx, p.fetcher, p.feed, p.feed.URL, h.Since)
		next.Since = h.Since
		if newest.After(h.Since) {
			next.Since = newest.UTC()
		}
	} else {
		reading, err = p.readCalendar(ctx, h, &next)
	}
	switch {
	case err == nil && p.feed.Kind == ICalendar:
		next.Read = now
	case err == nil || errors.Is(err, fetch.ErrUnchanged): // what is over may have been held all the same
		next.Read = h.Read
	default:
		return counts, reading, err
	}
	counts, takeErr := p.keeper.take(ctx, p.feed, &reading, func(int, int) {}, func(h *head) {
		next.Published = h.Published
		*h = next
	})
	if takeErr != nil {
		return counts, reading, takeErr
	}
	return counts, reading, err
}

// readCalendar fetches an iCalendar, unless the server says that it is the one that was read last.
func (p *poller) readCalendar(ctx context.Context, h head, next *head) (occurrence.Reading, error) {
	next.Tag, next.Changed = h.Tag, h.Changed
	if p.keeper.now().Sub(h.Read) >= wholeEvery {
		h.Tag, h.Changed = "", ""
	}
	d, err := p.fetcher.Once(ctx, fetch.Request{Address: p.feed.URL, Accept: acceptCalendar, Tag: h.Tag, Changed: h.Changed})
	if err != nil {
		return occurrence.Reading{}, err
	}
	reading, err := p.feed.readDocument(d, p.keeper.now())
	next.Tag, next.Changed = d.Tag, d.Changed
	if !reading.Whole { // it is to be fetched again, whatever the server says
		next.Tag, next.Changed = "", ""
	}
	return reading, err
}

// mappingOf tells settings of a feed from others.
func mappingOf(f *Feed) string {
	text, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// state is one line for an operator.
func (p *poller) state() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	parts := []string{"not read yet"}
	if !p.read.IsZero() {
		parts = []string{
			"last read " + p.read.UTC().Format(time.RFC3339),
			fmt.Sprintf("%d published and %d unchanged when it last changed", p.counts.Published(), p.counts.Unchanged),
		}
	}
	if p.faults > 0 {
		parts = append(parts, fmt.Sprintf("%d things left out", p.faults))
	}
	if p.failure != nil {
		parts = append(parts, fmt.Sprintf("failed %d times since: %v", p.failures, p.failure))
	}
	return strings.Join(parts, "; ")
}
