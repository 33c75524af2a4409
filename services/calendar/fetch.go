package calendar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Limits of what is fetched.
const (
	maxBody      = 32 << 20
	fetchTimeout = 60 * time.Second
	// longestWait is the longest that a server may have us wait between two tries of one reading.
	longestWait = time.Minute
)

// errUnchanged says that the server has nothing newer than what was read last.
var errUnchanged = errors.New("unchanged")

// answerError is an answer other than the one hoped for.
type answerError struct {
	status     int
	retryAfter time.Duration // 0: not said
}

func (e *answerError) Error() string {
	text := fmt.Sprintf("the server answers %d %s", e.status, http.StatusText(e.status))
	switch {
	case e.status == http.StatusUnauthorized || e.status == http.StatusForbidden:
		return text + "; see whether the calendar is public, or has an address with a key"
	case e.status == http.StatusNotFound || e.status == http.StatusGone:
		return text + "; see whether the address is right"
	case e.retryAfter > 0:
		return fmt.Sprintf("%s and asks to wait %s", text, e.retryAfter)
	}
	return text
}

// passing says that trying again may help.
func (e *answerError) passing() bool {
	return e.status == http.StatusTooManyRequests || e.status >= 500 || e.status == http.StatusRequestTimeout
}

// document is what a server sent.
type document struct {
	body         []byte
	tag, changed string // ETag and Last-Modified
	kind         string // what its Content-Type says
}

// fetcher fetches over HTTP.
type fetcher struct {
	client *http.Client
	now    func() time.Time
	wait   func(context.Context, time.Duration) error
}

func newFetcher(now func() time.Time) *fetcher {
	return &fetcher{client: &http.Client{Timeout: fetchTimeout}, now: now, wait: wait}
}

// wait returns when the time is over, or ctx.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// get fetches a whole document, or says why not: [errUnchanged], an [*answerError], or that it was cut off or is too large.
func (f *fetcher) get(ctx context.Context, address, accept, tag, changed string) (document, error) {
	d, err := f.ask(ctx, address, accept, tag, changed)
	if err != nil && !errors.Is(err, errUnchanged) {
		return d, fmt.Errorf("fetch from %s: %w", hostOf(address), withoutAddress(err))
	}
	return d, err
}

// hostOf is all of an address that may be told: path and query may hold a key.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an unreadable address"
	}
	return u.Host
}

func withoutAddress(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

func (f *fetcher) ask(ctx context.Context, address, accept, tag, changed string) (d document, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return d, err
	}
	for name, value := range map[string]string{"Accept": accept, "User-Agent": "vointi-calendar", "If-None-Match": tag, "If-Modified-Since": changed} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := f.client.Do(request)
	if err != nil {
		return d, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end, or given up
	switch {
	case response.StatusCode == http.StatusNotModified && tag+changed != "":
		return d, errUnchanged
	case response.StatusCode != http.StatusOK:
		return d, &answerError{response.StatusCode, f.retryAfter(response.Header.Get("Retry-After"))}
	}
	d = document{tag: response.Header.Get("ETag"), changed: response.Header.Get("Last-Modified")}
	d.kind, _, _ = mime.ParseMediaType(response.Header.Get("Content-Type"))
	d.body, err = io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch {
	case err != nil:
		return d, fmt.Errorf("cut off after %d bytes: %w", len(d.body), err)
	case len(d.body) > maxBody:
		return d, fmt.Errorf("it is larger than %d MiB; ask for a part of it, or split the feed", maxBody>>20)
	}
	return d, nil
}

// retryAfter reads seconds, or a date.
func (f *fetcher) retryAfter(text string) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 86400)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, min(at.Sub(f.now()), 24*time.Hour)).Round(time.Second)
	}
	return 0
}

// attempts is how often one document is asked for within one reading.
const attempts = 4

// patiently asks again, after a growing pause or the one that the server asks for, as long as that may help.
func (f *fetcher) patiently(ctx context.Context, address, accept string) (document, error) {
	for attempt := 1; ; attempt++ {
		d, err := f.get(ctx, address, accept, "", "")
		pause := time.Duration(attempt*attempt) * 500 * time.Millisecond
		var answer *answerError
		if errors.As(err, &answer) {
			if !answer.passing() || answer.retryAfter > longestWait {
				return d, err
			}
			pause = max(pause, answer.retryAfter)
		}
		if err == nil || attempt == attempts {
			return d, err
		}
		if over := f.wait(ctx, pause); over != nil {
			return d, errors.Join(err, over)
		}
	}
}
