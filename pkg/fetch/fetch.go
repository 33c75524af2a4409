// Package fetch reads documents from other people's web servers: whole or not at all, within a limit of size and time, and again
// when the server says that it may.
package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The limits of one document.
const (
	MaxSize  = 256 << 20
	attempts = 4
	// longestWait is the longest that a server may have us wait.
	longestWait = 2 * time.Minute
)

// ErrAnswer is wrapped by the error for an answer that is not the document.
var ErrAnswer = errors.New("not what was asked for")

// Document is what a server sent, to its last byte.
type Document struct {
	Body []byte
	Kind string // what its Content-Type says, without parameters; servers are often wrong about it
}

// Fetcher fetches. Its zero value waits as servers ask, and gives up after a minute without a whole document.
type Fetcher struct {
	Timeout time.Duration
	// Wait waits before another try; nil waits for that long, or until ctx ends.
	Wait func(ctx context.Context, pause time.Duration) error
}

// answerError is an answer other than the document.
type answerError struct {
	status int
	after  time.Duration // 0: not said
}

func (e *answerError) Error() string {
	return fmt.Sprintf("the server answers %d %s", e.status, http.StatusText(e.status))
}

func (e *answerError) Unwrap() error { return ErrAnswer }

// Get fetches a document. Answers 408, 429 and 5xx, cut connections and time-outs are tried again, four times in all, after the pause
// that the server asks for or a growing one. The error names the address without its query, which may hold a key.
func (f *Fetcher) Get(ctx context.Context, url string) (Document, error) {
	return f.patiently(ctx, http.MethodGet, url, nil)
}

// Post asks for a document by a query in JSON; as [Fetcher.Get].
func (f *Fetcher) Post(ctx context.Context, url string, query []byte) (Document, error) {
	return f.patiently(ctx, http.MethodPost, url, query)
}

func (f *Fetcher) patiently(ctx context.Context, method, url string, query []byte) (Document, error) {
	for attempt := 1; ; attempt++ {
		d, err := f.ask(ctx, method, url, query)
		if err == nil {
			return d, nil
		}
		pause, again := retry(err, attempt)
		if !again || attempt == attempts || ctx.Err() != nil {
			address, _, _ := strings.Cut(url, "?")
			return d, fmt.Errorf("fetch %s: %w", address, withoutURL(err))
		}
		if err := f.wait(ctx, pause); err != nil {
			return d, err
		}
	}
}

// withoutURL takes the address out of the client's error, since it may hold a key.
func withoutURL(err error) error {
	var wrapped interface {
		Unwrap() error
		Timeout() bool
	}
	if errors.As(err, &wrapped) && strings.Contains(err.Error(), "://") {
		if wrapped.Timeout() {
			return errors.New("the server is too slow")
		}
		return wrapped.Unwrap()
	}
	return err
}

// retry says whether another try may help, and after which pause.
func retry(err error, attempt int) (pause time.Duration, again bool) {
	pause = time.Duration(attempt*attempt) * 500 * time.Millisecond
	var answer *answerError
	if errors.As(err, &answer) {
		passing := answer.status == http.StatusTooManyRequests || answer.status == http.StatusRequestTimeout || answer.status >= 500
		return max(pause, answer.after), passing && answer.after <= longestWait
	}
	return pause, !errors.Is(err, ErrAnswer)
}

func (f *Fetcher) wait(ctx context.Context, pause time.Duration) error {
	if f.Wait != nil {
		return f.Wait(ctx, pause)
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *Fetcher) ask(ctx context.Context, method, url string, query []byte) (d Document, err error) {
	timeout := f.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(query))
	if err != nil {
		return d, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	request.Header.Set("User-Agent", "vointi")
	if query != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return d, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end, or given up
	if response.StatusCode != http.StatusOK {
		return d, &answerError{response.StatusCode, retryAfter(response.Header.Get("Retry-After"))}
	}
	d.Kind, _, _ = mime.ParseMediaType(response.Header.Get("Content-Type"))
	d.Body, err = io.ReadAll(io.LimitReader(response.Body, MaxSize+1))
	switch {
	case err != nil:
		return d, fmt.Errorf("cut off after %d bytes: %w", len(d.Body), err)
	case len(d.Body) > MaxSize:
		return d, fmt.Errorf("%w: it is larger than %d MiB; ask for a part of it", ErrAnswer, MaxSize>>20)
	case bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(d.Body[:min(len(d.Body), 200)])), []byte("<!doctype html")):
		return d, fmt.Errorf("%w: it is a web page; see whether the address is right", ErrAnswer)
	}
	return d, nil
}

// retryAfter reads seconds, or a date.
func retryAfter(text string) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 86400)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, min(time.Until(at), 24*time.Hour))
	}
	return 0
}
