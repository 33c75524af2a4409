package edge_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

// guarded is an edge that takes single bodies at / and lists at /batch, of whom it knows by the tokens in a file.
func guarded(t *testing.T, path string) (http.Handler, *streamtest.Bus) {
	t.Helper()
	bus := streamtest.New(t)
	e := edge.New(zap.NewNop(), prometheus.NewRegistry(), bus.Publisher(), "test")
	mux := http.NewServeMux()
	mux.Handle("/batch", e.JSONBatch(headcount))
	mux.Handle("/", e.JSON(headcount))
	callers, err := access.Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return callers.Identify(mux), bus
}

func token(t *testing.T, path, name string, rate int) string {
	t.Helper()
	grant := access.Grant{Families: []string{"participation.headcount"}, Areas: []string{"KU305"}, Rate: rate}
	made, err := access.Create(path, name, grant, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + made
}

var foreignCount = strings.Replace(good, "KU305", "KU208", 1)

func TestWhatATokenMayNotPublishIsNotPublished(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	handler, bus := guarded(t, path)
	if a := send(t, handler, strings.NewReader(foreignCount)); a.Status != 202 {
		t.Errorf("before there is a token: %+v", a)
	}
	bearer := token(t, path, "door", 100)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(good)))
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("no token: %d %v", w.Code, w.Header())
	}
	if a := send(t, handler, strings.NewReader(good), "Authorization", bearer+"x"); a.Status != 401 || a.Error == "" {
		t.Errorf("another token: %+v", a)
	}
	a := send(t, handler, strings.NewReader(foreignCount), "Authorization", bearer)
	if a.Status != 403 || len(a.Faults) != 1 || !strings.Contains(a.Faults[0].Reason, "KU208") || a.Faults[0].Pointer != "" {
		t.Errorf("another area: %+v", a)
	}
	a = edgetest.Send(t, handler, http.MethodPost, "/batch", strings.NewReader("["+good+","+foreignCount+","+good+"]"), "Authorization", bearer)
	if a.Status != 403 || !slices.Equal(a.Pointers(), []string{"/1"}) {
		t.Errorf("one of a batch: %+v", a)
	}
	edgetest.WantStored(t, bus, 1) // the first
	if a = send(t, handler, strings.NewReader(good), "Authorization", bearer); a.Status != 202 {
		t.Errorf("its own: %+v", a)
	}
	if err := access.Revoke(path, "door", time.Now()); err != nil {
		t.Fatal(err)
	}
	if a = send(t, handler, strings.NewReader(good), "Authorization", bearer); a.Status != 401 {
		t.Errorf("revoked: %+v", a)
	}
}

func TestWhoPublishedIsSaidByTheEdge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	handler, bus := guarded(t, path)
	emitter := func() []string {
		m, _ := edgetest.Last(t, bus)
		return m.Header[stream.EmitterHeader]
	}
	forged := []string{stream.EmitterHeader, "somebody", "Ce-Emitter", "somebody"}
	send(t, handler, strings.NewReader(foreignCount), forged...)
	if got := emitter(); !slices.Equal(got, []string{access.Local}) {
		t.Errorf("without tokens: %v", got)
	}
	bearer := token(t, path, "door", 100)
	send(t, handler, strings.NewReader(good), append(forged, "Authorization", bearer)...)
	if got := emitter(); !slices.Equal(got, []string{"door"}) {
		t.Errorf("single: %v", got)
	}
	edgetest.Send(t, handler, http.MethodPost, "/batch", strings.NewReader("["+good+"]"), append(forged, "Authorization", bearer)...)
	edgetest.WantStored(t, bus, 3)
	if got := emitter(); !slices.Equal(got, []string{"door"}) {
		t.Errorf("batch: %v", got)
	}
}

// Two emitters may use the same Idempotency-Key for events of theirs.
func TestIdempotencyKeysAreTheEmitters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	handler, bus := guarded(t, path)
	one, two := token(t, path, "one", 100), token(t, path, "two", 100)
	ids := map[string]bool{}
	for _, bearer := range []string{one, two, one} {
		a := send(t, handler, strings.NewReader(good), "Authorization", bearer, "Idempotency-Key", "1")
		if a.Status != 202 {
			t.Fatalf("%+v", a)
		}
		ids[a.ID] = true
	}
	if len(ids) != 2 {
		t.Errorf("%d ids", len(ids))
	}
	edgetest.WantStored(t, bus, 2)
}

func TestTooManyEvents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	handler, bus := guarded(t, path)
	bearer := token(t, path, "door", 1)
	list := "[" + strings.Repeat(good+",", event.MaxBatch-1) + good + "]"
	if a := edgetest.Send(t, handler, http.MethodPost, "/batch", strings.NewReader(list), "Authorization", bearer); a.Status != 202 {
		t.Fatalf("the largest batch: %d %s", a.Status, a.Error)
	}
	r := httptest.NewRequest(http.MethodPost, "/batch", strings.NewReader(list))
	r.Header.Set("Authorization", bearer)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	edgetest.WantStored(t, bus, event.MaxBatch)
}

// deadlines is an answer of a connection that notes until when it will be read.
type deadlines struct {
	*httptest.ResponseRecorder
	set []time.Time
}

// SetReadDeadline implements what [http.ResponseController] looks for.
func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.set = append(d.set, t)
	return nil
}

// late is a body that the deadline cuts off.
type late struct{}

func (late) Read([]byte) (int, error) { return 0, errors.Join(os.ErrDeadlineExceeded) }

func TestABodyThatComesTooSlowly(t *testing.T) {
	handler, bus := start(t, headcount)
	r := httptest.NewRequest(http.MethodPost, "/", late{})
	r.Header.Set("Content-Type", "application/json")
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusRequestTimeout || len(w.set) != 1 || !w.set[0].After(time.Now()) {
		t.Errorf("%d %v", w.Code, w.set)
	}
	r = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(good))
	r.Header.Set("Content-Type", "application/json")
	w = &deadlines{ResponseRecorder: httptest.NewRecorder()}
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusAccepted || len(w.set) != 2 || !w.set[1].IsZero() {
		t.Errorf("%d; the deadline must not outlive the body: %v", w.Code, w.set)
	}
	edgetest.WantStored(t, bus, 1)
}
