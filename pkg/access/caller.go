package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/secret"
	"vointi.fi/pkg/service"
)

// The names of those who have no token.
const (
	Local    = "local"    // on this machine, as long as no token was made
	Operator = "operator" // whoever has the process's own token (http-token)
	Direct   = "direct"   // published on the bus without a service of ours between
)

// ErrUnauthorized says that a request bears no token that is known.
var ErrUnauthorized = errors.New("no token, or one that is not known here")

// Caller is who sends a request.
type Caller struct {
	Name  string
	grant *Grant        // nil: everything
	limit *rate.Limiter // nil: none
}

// Limited says whether the caller has a token of its own, with grants.
func (c Caller) Limited() bool { return c.grant != nil }

// Publishes says whether the caller may publish a type of events, somewhere.
func (c Caller) Publishes(t event.Type) bool { return c.grant == nil || c.grant.Publishes(t) }

// In says whether the caller may publish for an area.
func (c Caller) In(area string) bool { return c.grant == nil || c.grant.in(area) }

// TooOftenError says that a caller sends more than it may.
type TooOftenError struct{ RetryAfter time.Duration }

// Error implements error.
func (e *TooOftenError) Error() string {
	return fmt.Sprintf("more events than the token may send; send it again in %s", e.RetryAfter)
}

// Take books events against the caller's rate, all or none. The error is a [*TooOftenError].
func (c Caller) Take(events int) error {
	if c.limit == nil || events == 0 {
		return nil
	}
	now := time.Now()
	r := c.limit.ReserveN(now, events)
	if !r.OK() {
		return &TooOftenError{RetryAfter: time.Minute} // never more than a batch, which the burst holds
	}
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return &TooOftenError{RetryAfter: wait.Truncate(time.Second) + time.Second}
	}
	return nil
}

// Callers knows who sends a request. It is safe for concurrent use.
type Callers struct {
	operator string
	tokens   *secret.Watched[list]
	mu       sync.Mutex
	limits   map[string]*rate.Limiter // by name
}

// Open knows callers by the tokens in a file, which need not exist, and by the operator's token, "" if there is none. What
// `vointi tokens` changes in the file is in force from the next request on.
func Open(path, operator string) (*Callers, error) {
	tokens, err := secret.Watch[list](path)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	return &Callers{operator: operator, tokens: tokens, limits: map[string]*rate.Limiter{}}, nil
}

// Health tells what is wrong with the file now; until it is mended, what was read before is in force.
func (c *Callers) Health(context.Context) error {
	_, err := c.tokens.Content()
	return err
}

// identify returns who bears the token of the request's Authorization, or of the browser that [Pair] paired. As long as no token was ever made and the operator
// has none, everybody is [Local]: only then does the process listen on loopback alone.
func (c *Callers) identify(r *http.Request) (Caller, error) {
	bearer := service.Bearer(r)
	if c.operator != "" && subtle.ConstantTimeCompare([]byte(bearer), []byte(c.operator)) == 1 {
		return Caller{Name: Operator}, nil
	}
	tokens, _ := c.tokens.Content() //nolint:errcheck // Health tells
	if len(tokens) == 0 && c.operator == "" {
		return Caller{Name: Local}, nil
	}
	if t := tokens.inForce(tokenOf(r)); t != nil {
		return Caller{Name: t.Name, grant: &t.Grant, limit: c.limitOf(t)}, nil
	}
	return Caller{}, ErrUnauthorized
}

// paired returns the emitter whose token the browser bears that sends a request; "" if there is none, or it is revoked.
func (c *Callers) paired(r *http.Request) string {
	tokens, _ := c.tokens.Content() //nolint:errcheck // Health tells
	if t := tokens.inForce(cookieOf(r)); t != nil {
		return t.Name
	}
	return ""
}

// burst is how many events come at once at least: the largest batch.
const burst = 1000

func (c *Callers) limitOf(t *Token) *rate.Limiter {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.limits[t.Name]
	if l == nil || l.Limit() != rate.Limit(t.Rate) {
		l = rate.NewLimiter(rate.Limit(t.Rate), max(burst, 10*t.Rate))
		c.limits[t.Name] = l
	}
	return l
}

// Known says whether the request bears a token of the file.
func (c *Callers) Known(r *http.Request) bool {
	caller, err := c.identify(r)
	return err == nil && caller.Limited()
}

type contextKey struct{}

type identified struct {
	caller Caller
	err    error
	paired string
}

// Identify lets a handler know who sends its requests, by [Of]. It refuses nobody.
func (c *Callers) Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := c.identify(r)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, identified{caller, err, c.paired(r)})))
	})
}

// Paired returns the emitter whose token the browser bears by itself that sends the request that a context is of, whatever token
// the request bears besides; "" if there is none.
func Paired(ctx context.Context) string {
	id, _ := ctx.Value(contextKey{}).(identified)
	return id.paired
}

// Of returns who sends the request that a context is of; the error is [ErrUnauthorized]. Where nobody asked, it is [Local]:
// handlers that others than this machine can reach are behind [Callers.Identify].
func Of(ctx context.Context) (Caller, error) {
	if id, ok := ctx.Value(contextKey{}).(identified); ok {
		return id.caller, id.err
	}
	return Caller{Name: Local}, nil
}
