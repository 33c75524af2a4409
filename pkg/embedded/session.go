package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"
)

// session is the connection of one request, and for the full user of those after it that ask for the same.
type session struct {
	front *front
	conn  *Conn
	tag   string // begins log_comment, which system.processes shows, so that the statement can be found and stopped
	state string // database and settings of a session that may be used again; "": it may not
	q     *request
}

// open gives the session of a request: its database, its settings, and for a reading role the role and its limits. What a
// reading role gets is new each time. Nobody but the full user has used what the full user gets.
func (f *front) open(who identity, q *request) (*session, error) {
	settings, err := who.settings(q)
	if err != nil {
		return nil, err
	}
	state := ""
	if who.read == nil {
		state = stateOf(who.database(q), settings)
		if s := f.idle.take(state); s != nil {
			s.q = q
			return s, nil
		}
	}
	conn, err := f.engine.Connect("--max_query_size=" + maxQuerySizeText)
	if err != nil {
		return nil, err
	}
	s := &session{front: f, conn: conn, tag: uuid.NewString(), state: state, q: q}
	if err := s.prepare(who, settings); err != nil {
		s.conn.Close()
		return nil, err
	}
	return s, nil
}

// stateOf is equal for sessions that are set to the same.
func stateOf(database string, settings []setting) string {
	return fmt.Sprintf("%q %q", database, settings)
}

// done gives the session back. It stays open for the next request if its statement ended well and was one that leaves
// nothing behind in a session, as SET, USE and temporary tables do. The engine refuses a second statement behind it.
func (s *session) done(st statement, well bool) {
	if s.state == "" || !well || !st.insert && !st.stream {
		s.conn.Close()
		return
	}
	s.front.idle.give(s)
}

// idle are open sessions that nobody uses now, the last used one last. To open one takes 1.3 ms, a small statement 2 to 5.
type idle struct {
	mu       sync.Mutex
	sessions []*session
	closed   bool
}

// maxIdle bounds them: as many as may work at once, unless told otherwise.
const maxIdle = 32

// take returns a session that is set to what is asked for; nil if there is none.
func (i *idle) take(state string) *session {
	i.mu.Lock()
	defer i.mu.Unlock()
	for at, s := range slices.Backward(i.sessions) {
		if s.state == state {
			i.sessions = slices.Delete(i.sessions, at, at+1)
			return s
		}
	}
	return nil
}

// give keeps a session, in place of the one that has not been used for longest if there are many.
func (i *idle) give(s *session) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.closed:
		s.conn.Close()
		return
	case len(i.sessions) == maxIdle:
		i.sessions[0].conn.Close()
		i.sessions = slices.Delete(i.sessions, 0, 1)
	}
	i.sessions = append(i.sessions, s)
}

// close ends them, and those that come back.
func (i *idle) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, s := range i.sessions {
		s.conn.Close()
	}
	i.sessions, i.closed = nil, true
}

// prepare runs what must precede the statement: last of all the settings, with readonly for a reading role, since
// nothing can be set after it.
func (s *session) prepare(who identity, settings []setting) error {
	var list []string
	settings = append([]setting{{"log_comment", s.tag + s.q.setting("log_comment")}}, settings...)
	for _, x := range settings {
		if x.name == "log_comment" && x.value == s.q.setting("log_comment") {
			continue // it is in the tag
		}
		list = append(list, quoteName(x.name)+" = "+quoteText(x.value))
	}
	var statements []string
	if database := who.database(s.q); database != "" {
		statements = append(statements, "USE "+quoteName(database))
	}
	for _, sql := range append(statements, "SET ROLE "+quoteName(who.role), "SET "+strings.Join(list, ", ")) {
		if _, err := s.conn.Exec(sql, "Null"); err != nil {
			return err
		}
	}
	if who.read == nil {
		return nil
	}
	return s.checkRole(who)
}

// checkRole makes sure that the session of a reading role holds that role and no other.
func (s *session) checkRole(who identity) error {
	roles, err := s.conn.Exec("SELECT arrayStringConcat(currentRoles(), ' ')", "TSVRaw")
	if err != nil {
		return err
	}
	if strings.TrimSpace(string(roles)) != who.role {
		return exceptionf(codeAccessDenied, "%s: the session has the roles %q", who.name, roles)
	}
	return nil
}

// watch stops the statement when its client goes away, again and again until it is gone: it may not have begun when it
// is stopped for the first time. The returned function ends the watch and waits for it.
func (s *session) watch(ctx context.Context) func() {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-done:
			return
		case <-ctx.Done():
		}
		for {
			s.kill()
			select {
			case <-done:
				return
			case <-time.After(killPause):
			}
		}
	}()
	return func() { close(done); <-ended }
}

const killPause = 200 * time.Millisecond

// kill asks the engine to stop the statement; the connection that runs it then returns with an exception.
func (s *session) kill() {
	conn, err := s.front.engine.Connect()
	if err == nil {
		defer conn.Close()
		_, err = conn.Exec("KILL QUERY WHERE startsWith(Settings['log_comment'], "+quoteText(s.tag)+") ASYNC", "Null")
	}
	if err != nil {
		s.front.log.Warn("cannot stop a statement", zap.Error(err))
	}
}

// execute runs an admitted statement: an INSERT with data, a SELECT in chunks, or anything else at once.
func (s *session) execute(st statement, data io.Reader, out *output) error {
	format := st.format
	if format == "" {
		format = s.q.defaultFormat
	}
	if format == "" {
		format = "TabSeparated"
	}
	switch {
	case st.insert:
		return s.insert(st, data, out)
	case st.stream && chunkable(format):
		return s.stream(st, format, out)
	}
	result, err := s.conn.Exec(st.text, format, s.q.params...)
	if err != nil {
		return err
	}
	return out.write(format, result)
}

func (s *session) stream(st statement, format string, out *output) error {
	stream, err := s.conn.Query(st.text, format, s.q.params...)
	if err != nil {
		return err
	}
	defer stream.Close()
	for {
		chunk, err := stream.Next()
		if err != nil || len(chunk) == 0 {
			return err
		}
		if err := out.write(format, chunk); err != nil {
			return err
		}
	}
}

// insert passes the data on as it arrives. A body that breaks off commits nothing more.
func (s *session) insert(st statement, data io.Reader, out *output) error {
	stream, err := s.conn.Insert(st.text, st.format, s.q.params...)
	if err != nil {
		return err
	}
	defer stream.Close()
	if _, err := io.CopyBuffer(onlyWriter{stream}, onlyReader{data}, make([]byte, insertPiece)); err != nil {
		return bodyError(err)
	}
	rows, err := stream.Done()
	if err != nil {
		return err
	}
	out.written(rows)
	return nil
}

type (
	onlyWriter struct{ io.Writer } // hides ReadFrom and WriteTo, so that CopyBuffer uses the buffer
	onlyReader struct{ io.Reader }
)

// bodyError turns a failure to read the body into an exception that blames the request.
func bodyError(err error) error {
	var exception *Exception
	if errors.As(err, &exception) {
		return err
	}
	return exceptionf(codeCannotReadAllData, "Cannot read the body: %v", err)
}
