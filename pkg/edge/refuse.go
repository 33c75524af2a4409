package edge

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
	"vointi.fi/pkg/stream"
)

// refuse is the only place where an error becomes a status, an answer, a metric and a log line.
func (e *Edge) refuse(w http.ResponseWriter, err error) {
	refusal := refusalOf(err)
	e.metrics.refused(refusal.outcome)
	if refusal.retryAfter != "" {
		w.Header().Set("Retry-After", refusal.retryAfter)
	}
	if refusal.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if refusal.log {
		e.log.Warn("events refused", zap.String("outcome", string(refusal.outcome)), zap.Error(err))
	}
	service.WriteError(w, refusal.status, refusal.text, refusal.faults...)
}

// refusal is what becomes of an error; its text says what the sender can do.
type refusal struct {
	outcome    outcome
	status     int
	text       string
	faults     []service.Fault
	retryAfter string // seconds
	log        bool   // the operator should know
}

func refusalOf(err error) refusal {
	var tooLong *http.MaxBytesError
	var bad *event.InvalidError
	var denied *access.DeniedError
	var often *access.TooOftenError
	switch {
	case errors.Is(err, access.ErrUnauthorized):
		return refusal{
			outcome: unauthorized, status: http.StatusUnauthorized, log: true,
			text: "send Authorization: Bearer and the token that the operator made for you (vointi tokens create)",
		}
	case errors.As(err, &denied):
		return refusal{
			outcome: forbidden, status: http.StatusForbidden, log: true, faults: faults(denied.Faults),
			text: "the token may not publish this; see the faults. Nothing was published",
		}
	case errors.As(err, &often):
		return refusal{
			outcome: tooOften, status: http.StatusTooManyRequests, text: err.Error(),
			retryAfter: strconv.Itoa(int(often.RetryAfter / time.Second)),
		}
	case errors.Is(err, errSlow):
		return refusal{outcome: slow, status: http.StatusRequestTimeout, text: "the body did not arrive within " + bodyWithin.String() + "; send less at a time"}
	case errors.As(err, &bad) && bad.Kind != event.TooLarge:
		return refusal{outcome: invalid, status: http.StatusBadRequest, text: text(bad.Kind), faults: faults(bad.Faults)}
	case errors.As(err, &bad):
		return refusal{outcome: tooLarge, status: http.StatusRequestEntityTooLarge, text: text(bad.Kind), faults: faults(bad.Faults)}
	case errors.As(err, &tooLong), errors.Is(err, stream.ErrTooLarge):
		return refusal{outcome: tooLarge, status: http.StatusRequestEntityTooLarge, text: text(event.TooLarge)}
	case errors.Is(err, errMedia):
		return refusal{outcome: unsupported, status: http.StatusUnsupportedMediaType, text: err.Error()}
	case errors.Is(err, ErrNotFound):
		return refusal{outcome: notFound, status: http.StatusNotFound, text: err.Error()}
	case errors.Is(err, errOtherRequest):
		return refusal{
			outcome: keyReused, status: http.StatusUnprocessableEntity,
			text: err.Error() + ", and would give two events one id; give each request a key of its own",
		}
	case errors.Is(err, errBusy):
		return refusal{outcome: busy, status: http.StatusTooManyRequests, text: "too many requests at once; send it again", retryAfter: "1"}
	case errors.Is(err, stream.ErrFull):
		return refusal{
			outcome: full, status: http.StatusServiceUnavailable, log: true, retryAfter: "60",
			text: "the event stream is full; keep the event and send it again when the operator has made room",
		}
	case errors.Is(err, errIncomplete):
		return refusal{outcome: incomplete, status: http.StatusBadRequest, text: "the body did not arrive as a whole; send it again"}
	default:
		return refusal{
			outcome: unavailable, status: http.StatusServiceUnavailable, log: true, retryAfter: "2",
			text: "the event stream cannot be reached; keep the event and send it again",
		}
	}
}

func text(kind event.Reason) string {
	switch kind {
	case event.TooLarge:
		return "too large; send less at a time"
	case event.UnknownType:
		return "there is no such event type here"
	case event.ForeignOriginal:
		return "an event may only be corrected or voided by its own source"
	default:
		return "not a valid event; see the faults"
	}
}

func faults(list []event.Fault) []service.Fault {
	all := make([]service.Fault, len(list))
	for i, f := range list {
		all[i] = service.Fault(f)
	}
	return all
}
