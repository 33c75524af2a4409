// Package fetch reads documents from other people's web servers: whole or not at all, within a limit of size and time, and again
// when the server says that it may.
//
// No error names an address beyond its host, since path and query may hold a key.
package fetch

import (
	"bytes"
	"cmp"
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

// The limits, where a fetcher does not say others.
const (
	defaultMaxSize  = 256 << 20
	defaultTimeout  = time.Minute
	defaultPatience = 2 * time.Minute
)

const (
	attempts = 4
	// longestSaid is as much of a Retry-After as is believed.
	longestSaid = 24 * time.Hour
)

var (
	// ErrAnswer is wrapped by the error for an answer that is not the document, and will not be by asking again.
	ErrAnswer = errors.New("not what was asked for")
	// ErrUnchanged says that the server has nothing newer than what the request says is known.
	ErrUnchanged = errors.New("unchanged")
)

// Request asks for a document.
type Request struct {
	Address string
	Accept  string // the content types hoped for; "": any
	Query   []byte // JSON, which is posted; nil: the document is got
	// Tag and Changed are those of the document that is known, so that an unchanged one need not be sent.
	Tag, Changed string
}

// Document is what a server sent, to its last byte.
type Document struct {
	Body         []byte
	Kind         string // what its Content-Type says, without parameters; servers are often wrong about it
	Tag, Changed string // ETag and Last-Modified
}

// Fetcher fetches. Its zero value waits as servers ask, and gives up after a minute without a whole document.
type Fetcher struct {
	MaxSize int64         // bytes of a document; 256 MiB when zero
	Timeout time.Duration // of one attempt; a minute when zero
	// Patience is the longest that a server may have us wait between two attempts; two minutes when zero.
	Patience time.Duration
	// Wait waits before another attempt; nil waits for that long, or until ctx ends.
	Wait func(ctx context.Context, pause time.Duration) error
	// Now is what a date in Retry-After is held against; nil is the clock.
	Now func() time.Time
}

// AnswerError is an answer other than the document.
type AnswerError struct {
	Status     int
	RetryAfter time.Duration // 0: not said
}

// Error implements error; it says what can be done.
func (e *AnswerError) Error() string {
	text := fmt.Sprintf("the server answers %d %s", e.Status, http.StatusText(e.Status))
	switch {
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
		return text + "; see whether it is public, or has an address with a key"
	case e.Status == http.StatusNotFound || e.Status == http.StatusGone:
		return text + "; see whether the address is right"
	case e.RetryAfter > 0:
		return fmt.Sprintf("%s and asks to wait %s", text, e.RetryAfter)
	}
	return text
}

// Unwrap says whether asking again may help.
func (e *AnswerError) Unwrap() error {
	if e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout || e.Status >= 500 {
		return nil
	}
	return ErrAnswer
}

// Get fetches a document, as [Fetcher.Patiently].
func (f *Fetcher) Get(ctx context.Context, address string) (Document, error) {
	return f.Patiently(ctx, Request{Address: address})
}

// Post asks for a document by a query in JSON, as [Fetcher.Patiently].
func (f *Fetcher) Post(ctx context.Context, address string, query []byte) (Document, error) {
	return f.Patiently(ctx, Request{Address: address, Query: query})
}

// Patiently fetches a document. Answers 408, 429 and 5xx, cut connections and time-outs are tried again, four times in all, after
// the pause that the server asks for or a growing one.
func (f *Fetcher) Patiently(ctx context.Context, r Request) (Document, error) {
	for attempt := 1; ; attempt++ {
		d, err := f.Once(ctx, r)
		if err == nil {
			return d, nil
		}
		pause, again := f.retry(err, attempt)
		if !again || attempt == attempts || ctx.Err() != nil {
			return d, err
		}
		if over := f.wait(ctx, pause); over != nil {
			return d, errors.Join(err, over)
		}
	}
}

// Once asks once. The error is [ErrUnchanged], an [*AnswerError], or says what became of the connection; it wraps [ErrAnswer]
// if asking again cannot help.
func (f *Fetcher) Once(ctx context.Context, r Request) (Document, error) {
	d, err := f.ask(ctx, r)
	if err == nil || errors.Is(err, ErrUnchanged) {
		return d, err
	}
	return d, fmt.Errorf("fetch from %s: %w", hostOf(r.Address), withoutAddress(err))
}

// hostOf is all of an address that may be told.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an unreadable address"
	}
	return u.Host
}

func withoutAddress(err error) error {
	var named *url.Error
	switch {
	case !errors.As(err, &named):
		return err
	case named.Timeout():
		return errors.New("the server is too slow")
	default:
		return named.Err
	}
}

// retry says whether another attempt may help, and after which pause.
func (f *Fetcher) retry(err error, attempt int) (pause time.Duration, again bool) {
	pause = time.Duration(attempt*attempt) * 500 * time.Millisecond
	var answer *AnswerError
	if errors.As(err, &answer) && answer.RetryAfter > cmp.Or(f.Patience, defaultPatience) {
		return 0, false
	}
	if answer != nil {
		pause = max(pause, answer.RetryAfter)
	}
	return pause, !errors.Is(err, ErrAnswer) && !errors.Is(err, ErrUnchanged)
}

func (f *Fetcher) wait(ctx context.Context, pause time.Duration) error {
	if f.Wait != nil {
		return f.Wait(ctx, pause)
	}
	select {
	case <-time.After(pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *Fetcher) ask(ctx context.Context, r Request) (d Document, err error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(f.Timeout, defaultTimeout))
	defer cancel()
	request, err := r.http(ctx)
	if err != nil {
		return d, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return d, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end, or given up
	switch {
	case response.StatusCode == http.StatusNotModified && r.Tag+r.Changed != "":
		return d, ErrUnchanged
	case response.StatusCode != http.StatusOK:
		return d, &AnswerError{response.StatusCode, f.retryAfter(response.Header.Get("Retry-After"))}
	}
	return read(response, cmp.Or(f.MaxSize, defaultMaxSize))
}

// http is the request as it is sent.
func (r Request) http(ctx context.Context) (*http.Request, error) {
	method, kind := http.MethodGet, ""
	if r.Query != nil {
		method, kind = http.MethodPost, "application/json"
	}
	request, err := http.NewRequestWithContext(ctx, method, r.Address, bytes.NewReader(r.Query))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnswer, withoutAddress(err))
	}
	for name, value := range map[string]string{
		"User-Agent": "vointi", "Accept": r.Accept, "Content-Type": kind, "If-None-Match": r.Tag, "If-Modified-Since": r.Changed,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	return request, nil
}

// read reads the document to its end.
func read(response *http.Response, limit int64) (d Document, err error) {
	d = Document{Tag: response.Header.Get("ETag"), Changed: response.Header.Get("Last-Modified")}
	d.Kind, _, _ = mime.ParseMediaType(response.Header.Get("Content-Type"))
	d.Body, err = io.ReadAll(io.LimitReader(response.Body, limit+1))
	switch {
	case err != nil:
		return d, fmt.Errorf("cut off after %d bytes: %w", len(d.Body), err)
	case int64(len(d.Body)) > limit:
		return d, fmt.Errorf("%w: it is larger than %d MiB; ask for a part of it", ErrAnswer, limit>>20)
	case isPage(d.Body):
		return d, fmt.Errorf("%w: it is a web page; see whether the address is right", ErrAnswer)
	}
	return d, nil
}

// isPage says whether a document begins as pages for people do.
func isPage(body []byte) bool {
	start := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 200)]))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// retryAfter reads seconds, or a date.
func (f *Fetcher) retryAfter(text string) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return min(time.Duration(min(seconds, 1<<30))*time.Second, longestSaid)
	}
	if at, err := http.ParseTime(text); err == nil {
		now := time.Now
		if f.Now != nil {
			now = f.Now
		}
		return max(0, min(at.Sub(now()), longestSaid)).Round(time.Second)
	}
	return 0
}
