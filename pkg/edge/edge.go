// Package edge is the way in over HTTP: it turns a request into events on the bus and the outcome into an answer. The
// services with an HTTP entry share it; each only says what its bodies mean.
package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
	"vointi.fi/pkg/stream"
)

// Publisher is the bus, as far as the edge needs it. A nil error means that the events are on disk.
type Publisher interface {
	Publish(ctx context.Context, e *event.Event) error
	PublishBatch(ctx context.Context, events []*event.Event) error
}

// Edge takes requests for one service.
type Edge struct {
	log       *zap.Logger
	publisher Publisher
	metrics   *metrics
	keys      keys
	places    chan struct{}
}

// Places is how many requests one service works at; more are told to come again.
const Places = 32

// New returns the edge of a service, whose name goes into the metrics' names.
func New(log *zap.Logger, reg prometheus.Registerer, publisher Publisher, serviceName string) *Edge {
	return &Edge{log: log, publisher: publisher, metrics: newMetrics(reg, serviceName), places: make(chan struct{}, Places)}
}

// Endpoint says what an address takes and what it means.
type Endpoint struct {
	// Whole says that bodies are whole events, which bring their sources with them.
	Whole bool
	// MaxSize holds the content types taken, each with the largest body in bytes.
	MaxSize map[string]int64
	// Events makes the events of a request. Its error wraps [event.ErrInvalid] or [ErrNotFound], or says why the bus
	// cannot be used.
	Events func(r *http.Request, body []byte) (Events, error)
}

// Events are what a request asks to publish: one event, or a batch.
type Events struct {
	All   []*event.Event
	Batch bool
	// First are events that must be on the bus before the others. They are published by PublishBatch, and stay if the others
	// then cannot be published.
	First []*event.Event
	// Published says that whoever made them has published them already.
	Published bool
}

// Handler answers 202 with the events' identities once the bus has them; in any other case nothing was published, as
// far as is known, and the answer says why.
func (e *Edge) Handler(endpoint Endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		events, err := e.take(w, r, endpoint)
		if err != nil {
			e.refuse(w, err)
		} else {
			e.metrics.published(events.All)
			service.WriteJSON(w, http.StatusAccepted, answer(events))
		}
		e.metrics.duration.Observe(time.Since(began).Seconds())
	})
}

// Known answers requests of callers that are known, who need not publish anything; others are refused as anywhere.
func (e *Edge) Known(next func(http.ResponseWriter, *http.Request, access.Caller)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := access.Of(r.Context())
		if err != nil {
			e.refuse(w, err)
			return
		}
		next(w, r, caller)
	})
}

// take does everything that a request asks for, in this order:
//
//  1. know who it is, and whether it is not too often;
//  2. find a place, so that a crowd cannot fill the memory;
//  3. look at the content type, which costs nothing;
//  4. read the body, up to its limit and in good time;
//  5. make the events, all of which must be valid;
//  6. ask whether the caller may publish each of them, and so many;
//  7. hold an Idempotency-Key against what it was sent with before, as far as this process remembers;
//  8. publish them. A crash before this leaves nothing; a crash after it leaves events whose sender has no answer, and
//     who makes the same events when it sends again.
func (e *Edge) take(w http.ResponseWriter, r *http.Request, endpoint Endpoint) (Events, error) {
	caller, err := access.Of(r.Context())
	if err == nil {
		err = caller.Take(1)
	}
	if err != nil {
		return Events{}, err
	}
	select {
	case e.places <- struct{}{}:
		defer func() { <-e.places }()
	default:
		return Events{}, errBusy
	}
	body, err := endpoint.read(w, r)
	if err != nil {
		return Events{}, err
	}
	r = r.WithContext(stream.WithEmitter(r.Context(), caller.Name))
	events, err := endpoint.Events(r, body)
	if err == nil {
		err = endpoint.allow(caller, events)
	}
	if err != nil {
		return Events{}, err
	}
	if key := keyOf(r); key != "" && !events.Published && !e.keys.agree(key, events.All) {
		return Events{}, errOtherRequest
	}
	return events, e.publish(r.Context(), events)
}

// bodyWithin is how long a body may take; a batch of the largest size comes in time at 300 kB/s.
const bodyWithin = 30 * time.Second

// read reads the body. The deadline is the connection's and must not stay, or it would end the request while it is worked at.
func (endpoint Endpoint) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	limit, err := endpoint.limit(r.Header)
	if err != nil {
		return nil, err
	}
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(bodyWithin)) // not every writer is a connection's
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, errSlow
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errIncomplete, err)
	}
	_ = connection.SetReadDeadline(time.Time{})
	return body, nil
}

// allow says whether the caller may publish the events: all of them, or none. The error is an [*access.DeniedError] with
// pointers into the body, or an [*access.TooOftenError].
func (endpoint Endpoint) allow(caller access.Caller, events Events) error {
	var denied access.DeniedError
	for i, ev := range events.All {
		for _, f := range caller.Check(ev, endpoint.Whole) {
			if !endpoint.Whole {
				f.Pointer = pointerInto(f.Pointer)
			}
			if events.Batch {
				f.Pointer = "/" + strconv.Itoa(i) + f.Pointer
			}
			if len(denied.Faults) < maxFaults {
				denied.Faults = append(denied.Faults, f)
			}
		}
	}
	if len(denied.Faults) > 0 {
		return &denied
	}
	return caller.Take(len(events.All) - 1)
}

// pointerInto turns a pointer into an event to one into the data that it was made of; what the data does not hold is the whole.
func pointerInto(pointer string) string {
	data, ok := strings.CutPrefix(pointer, "/data")
	if !ok {
		return ""
	}
	return data
}

// Allow says whether whoever sends the request that ctx is of may publish an event that a service makes, for services that
// publish by themselves.
func Allow(ctx context.Context, ev *event.Event) error {
	caller, err := access.Of(ctx)
	if err != nil {
		return err
	}
	return Endpoint{}.allow(caller, Events{All: []*event.Event{ev}})
}

func (e *Edge) publish(ctx context.Context, events Events) error {
	if events.Published {
		return nil
	}
	if len(events.First) > 0 {
		if err := e.publisher.PublishBatch(ctx, events.First); err != nil {
			return err
		}
	}
	if events.Batch {
		return e.publisher.PublishBatch(ctx, events.All)
	}
	return e.publisher.Publish(ctx, events.All[0])
}

// ErrNotFound says that a request is about something that is not known here.
var ErrNotFound = errors.New("there is no such thing here")

// Refusals that no other package knows.
var (
	errBusy       = errors.New("too many requests at once")
	errMedia      = errors.New("unsupported media type")
	errIncomplete = errors.New("read body")
	errSlow       = errors.New("the body came too slowly")

	errOtherRequest = errors.New("this Idempotency-Key came with another request before")
)

// limit returns the largest body of the content type that the header names.
func (e Endpoint) limit(header http.Header) (int64, error) {
	media, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	limit, known := e.MaxSize[media]
	charset, encoding := params["charset"], header.Get("Content-Encoding")
	if err != nil || !known || charset != "" && !strings.EqualFold(charset, "utf-8") ||
		encoding != "" && encoding != "identity" {
		allowed := slices.Sorted(maps.Keys(e.MaxSize))
		return 0, fmt.Errorf("%w; send %s in UTF-8, not compressed", errMedia, strings.Join(allowed, " or "))
	}
	return limit, nil
}

// identity is how an answer names an event.
type identity struct {
	ID     string `json:"id"`
	Source string `json:"source"`
	Type   string `json:"type"`
}

func answer(events Events) any {
	identities := make([]identity, len(events.All))
	for i, e := range events.All {
		identities[i] = identity{e.ID, e.Source, event.TypePrefix + string(e.Type)}
	}
	if !events.Batch {
		return identities[0]
	}
	return map[string][]identity{"events": identities}
}
