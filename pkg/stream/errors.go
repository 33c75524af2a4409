package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What callers branch on. Every error of this package that has one of these causes wraps it.
var (
	// ErrUnavailable is transient: the server is not there, or did not answer in time. What was sent may or may not
	// have been stored; sending it again is harmless.
	ErrUnavailable = errors.New("bus unavailable")
	// ErrFull says that the stream refuses new messages, because it would have to drop old ones. Nothing was stored.
	ErrFull = errors.New("stream full")
	// ErrTooLarge says that a message is larger than the server takes. Nothing was stored, and never will be.
	ErrTooLarge = errors.New("message too large")
	// ErrNotFound says that the stream has no such message (any more).
	ErrNotFound = errors.New("no such message")
	// ErrConflict says that somebody else has written a record since it was read. Nothing was stored.
	ErrConflict = errors.New("written by somebody else meanwhile")
	// ErrNoStream says that the stream or the consumer does not exist.
	ErrNoStream = errors.New("no such stream or consumer")
)

// Error codes of the server that the client has no names for.
const (
	codeStoreFailed     = 10077
	codeInsufficient    = 10023
	codeNoStorage       = 10047
	codeAccountLimit    = 10002
	codeBatchIncomplete = 10176
	codeBatchesInFlight = 10210
)

// explain turns an error of the NATS client into one that callers can branch on and an operator can act on.
func explain(err error) error {
	if api := apiError(err); api != nil {
		return explainAPI(api)
	}
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, ErrUnavailable):
		return err
	case errors.Is(err, nats.ErrMaxPayload):
		return fmt.Errorf("%w: %w; raise max_payload of the server or send less in one event", ErrTooLarge, err)
	case errors.Is(err, jetstream.ErrNoStreamResponse), errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("%w: nothing listens; see that the stream exists (`vointi migrate` makes it) and that JetStream is on: %w",
			ErrUnavailable, err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("%w: no answer in time; see that the server runs and that this user may publish here: %w", ErrUnavailable, err)
	default:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
}

func explainAPI(api *jetstream.APIError) error {
	switch api.ErrorCode {
	case codeStoreFailed, codeInsufficient, codeNoStorage, codeAccountLimit:
		return fmt.Errorf("%w: %s (%d); see the stream's maximum bytes, the server's max_file_store and the room on its disk",
			ErrFull, api.Description, api.ErrorCode)
	case jetstream.JSErrCodeStreamMessageExceedsMaximum:
		return fmt.Errorf("%w: %s", ErrTooLarge, api.Description)
	case jetstream.JSErrCodeStreamWrongLastSequence, jetstream.JSErrCodeStreamWrongLastSequenceConstant:
		return fmt.Errorf("%w: %s", ErrConflict, api.Description)
	case jetstream.JSErrCodeMessageNotFound:
		return fmt.Errorf("%w: %s", ErrNotFound, api.Description)
	case jetstream.JSErrCodeStreamNotFound, jetstream.JSErrCodeConsumerNotFound, jetstream.JSErrCodeConsumerDoesNotExist:
		return fmt.Errorf("%w: %s; `vointi migrate` makes the streams, and a consumer is made when its service starts",
			ErrNoStream, api.Description)
	default:
		return fmt.Errorf("%w: %s (%d)", ErrUnavailable, api.Description, api.ErrorCode)
	}
}

// apiError finds the server's own error, which the client hands out in two shapes.
func apiError(err error) *jetstream.APIError {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		return api
	}
	var js jetstream.JetStreamError
	if errors.As(err, &js) {
		return js.APIError()
	}
	return nil
}

// nothingStored says that the server refused a batch for a passing reason before any of it was stored.
func nothingStored(err error) bool {
	api := apiError(err)
	return api != nil && (api.ErrorCode == codeBatchIncomplete || api.ErrorCode == codeBatchesInFlight)
}

// oneLine keeps what a server says from breaking a log line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
