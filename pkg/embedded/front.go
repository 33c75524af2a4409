package embedded

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"go.uber.org/zap"
)

// front answers ClickHouse's HTTP interface from the engine. Every request of a reading role runs on a connection of its own, opened
// for it and closed after it, so that no setting, role or current database of one user can reach the next. What the full user's
// requests leave as they found it serves the next of them that asks for the same settings.
type front struct {
	engine *Engine
	access *access
	log    *zap.Logger
	slots  chan struct{} // bounds the statements of the full user that run at once
	reads  chan struct{} // and those of reading roles, which cannot keep the pipeline waiting
	idle   idle
}

func newFront(engine *Engine, access *access, log *zap.Logger, concurrent int) *front {
	return &front{engine: engine, access: access, log: log, slots: make(chan struct{}, concurrent), reads: make(chan struct{}, max(concurrent/2, 1))}
}

// ServeHTTP runs one statement, or says that the server is there.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !loopbackHost(r.Host) {
		http.Error(w, "this server answers to loopback addresses only", http.StatusForbidden)
		return
	}
	switch r.URL.Path {
	case "/ping", "/replicas_status":
		ok(w)
		return
	case "/":
	default:
		http.Error(w, "There is no handle "+strconv.Quote(r.URL.Path), http.StatusNotFound)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if r.Method != http.MethodPost && r.URL.RawQuery == "" {
		ok(w)
		return
	}
	f.statement(w, r)
}

// loopbackHost refuses names that a web page could have pointed at this machine: readers need no password here.
func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback() || host == "localhost"
}

func ok(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	_, _ = io.WriteString(w, "Ok.\n")
}

func (f *front) statement(w http.ResponseWriter, r *http.Request) {
	out := &output{w: w}
	q, err := parseRequest(r)
	if err == nil {
		if q.queryID == "" {
			q.queryID = uuid.NewString()
		}
		out.prepare(q)
		err = f.run(r, q, out)
	}
	if err == nil {
		err = out.finish()
	}
	if err == nil || errors.Is(r.Context().Err(), context.Canceled) {
		return // done, or nobody is left to be told
	}
	out.fail(err)
}

// run admits, reads and executes one statement.
func (f *front) run(r *http.Request, q *request, out *output) (err error) {
	who, err := f.access.authenticate(q)
	if err != nil {
		return err
	}
	slots := f.slots
	if who.read != nil {
		slots = f.reads
	}
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	body, err := openBody(r, q)
	if err != nil {
		return err
	}
	s, data, err := readStatement(q.query, body)
	if err != nil {
		return err
	}
	session, err := f.open(who, q)
	if err != nil {
		return err
	}
	defer func() { session.done(s, err == nil && r.Context().Err() == nil) }()
	if err := f.access.admit(session.conn, who, s, q.params); err != nil {
		return err
	}
	defer session.watch(r.Context())()
	return session.execute(s, data, out)
}
