package embedded

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"unsafe"
)

// Param is the value of a placeholder {name:Type}, as text in the escaping of ClickHouse's HTTP interface.
type Param struct{ Name, Value string }

// Engine is the in-process ClickHouse. A process holds at most one, over one path; only the child process opens it.
type Engine struct {
	lib  *binding
	args []string
	root *Conn // the first connection boots the engine; closing the last one would stop it
}

// OpenEngine loads the library and boots the engine over a path. args are further server options, "--config-file=…".
func OpenEngine(path string, args ...string) (*Engine, error) {
	lib, err := loadOnce()
	if err != nil {
		return nil, err
	}
	e := &Engine{lib: lib, args: append([]string{"clickhouse", "--path=" + path}, args...)}
	if e.root, err = e.Connect(); err != nil {
		return nil, fmt.Errorf("open engine %s: %w", path, err)
	}
	return e, nil
}

// Close ends the engine's connections and threads; the process cannot open it again. Data is on disk already, so a
// thread that does not want to end (it happens, rarely) is left to the end of the process.
func (e *Engine) Close() {
	e.root.Close()
	for range 3 {
		if e.lib.shutdown() == 0 {
			return
		}
	}
}

// Conn is one connection: a session with its own settings, role and current database, which runs one statement at a time.
type Conn struct {
	lib    *binding
	handle unsafe.Pointer // chdb_connection*
	once   sync.Once
}

// Connect opens a connection; settings are "--name=value" and belong to it alone.
func (e *Engine) Connect(settings ...string) (*Conn, error) {
	args := append(append([]string{}, e.args...), settings...)
	texts, pointers := make([][]byte, len(args)), make([]unsafe.Pointer, len(args)+1)
	for i, arg := range args {
		texts[i] = append([]byte(arg), 0)
		pointers[i] = pointer(texts[i])
	}
	handle := e.lib.connect(int32(len(args)), unsafe.Pointer(&pointers[0]))
	runtime.KeepAlive(texts)
	if handle == nil {
		return nil, errors.New("connect: the engine refused; its reason is on standard error")
	}
	return &Conn{lib: e.lib, handle: handle}, nil
}

// inner is the value that the statement functions want.
func (c *Conn) inner() unsafe.Pointer { return *(*unsafe.Pointer)(c.handle) }

// Close ends the session.
func (c *Conn) Close() { c.once.Do(func() { c.lib.closeConn(c.handle) }) }

// Exec runs a statement to its end and returns its whole result; for small results.
func (c *Conn) Exec(sql, format string, list ...Param) ([]byte, error) {
	result := statementCall(c.lib.query).do(c.inner(), sql, format, list)
	if result == nil {
		return nil, newException("the engine gave no result")
	}
	defer c.lib.resultDestroy(result)
	if text := c.lib.resultError(result); text != "" {
		return nil, newException(text)
	}
	return c.copyBuffer(result), nil
}

func (c *Conn) copyBuffer(result unsafe.Pointer) []byte {
	length := c.lib.resultLength(result)
	if length == 0 {
		return nil
	}
	data := make([]byte, length)
	copy(data, unsafe.Slice((*byte)(c.lib.resultBuffer(result)), length))
	return data
}

// Stream is a statement whose result is fetched in chunks, so that its size is bounded by nothing.
type Stream struct {
	conn   *Conn
	handle unsafe.Pointer
	chunk  unsafe.Pointer // the result that Next has given out
	once   sync.Once
}

// Query starts a statement. Close must be called, also after an error of Next.
func (c *Conn) Query(sql, format string, list ...Param) (*Stream, error) {
	handle := statementCall(c.lib.streamQuery).do(c.inner(), sql, format, list)
	if handle == nil {
		return nil, newException("the engine gave no result")
	}
	if text := c.lib.resultError(handle); text != "" {
		c.lib.resultDestroy(handle)
		return nil, newException(text)
	}
	return &Stream{conn: c, handle: handle}, nil
}

// Next returns the next chunk, or nil at the end. The chunk is the engine's memory: it is valid until the next call.
func (s *Stream) Next() ([]byte, error) {
	s.free()
	lib := s.conn.lib
	if s.chunk = lib.streamFetch(s.conn.inner(), s.handle); s.chunk == nil {
		return nil, newException("the engine gave no result")
	}
	if text := lib.resultError(s.chunk); text != "" {
		return nil, newException(text)
	}
	length := lib.resultLength(s.chunk)
	if length == 0 {
		return nil, nil
	}
	return unsafe.Slice((*byte)(lib.resultBuffer(s.chunk)), length), nil
}

func (s *Stream) free() {
	if s.chunk != nil {
		s.conn.lib.resultDestroy(s.chunk)
		s.chunk = nil
	}
}

// Close cancels what is still running and frees the result.
func (s *Stream) Close() {
	s.once.Do(func() {
		s.free()
		s.conn.lib.streamCancel(s.conn.inner(), s.handle)
		s.conn.lib.resultDestroy(s.handle)
	})
}

// Insert is an INSERT whose data is pushed in pieces.
type Insert struct {
	conn   *Conn
	handle unsafe.Pointer
	once   sync.Once
}

// Insert starts an INSERT statement that has no FORMAT clause; format names the encoding of the data. The data goes
// through the insert stream because the engine cuts what is appended to a statement. Close must be called.
func (c *Conn) Insert(sql, format string, list ...Param) (*Insert, error) {
	s := &Insert{conn: c, handle: statementCall(c.lib.insert).do(c.inner(), sql, format, list)}
	if text := c.lib.insertError(s.handle); text != "" {
		defer s.Close()
		return nil, newException(text)
	}
	return s, nil
}

// Write hands the engine a piece of the data; it blocks while the engine is behind.
func (s *Insert) Write(data []byte) (int, error) {
	if len(data) == 0 {
		return 0, nil
	}
	state := s.conn.lib.insertAppend(s.handle, pointer(data), uintptr(len(data)))
	runtime.KeepAlive(data)
	if state != 0 {
		return 0, newException(s.conn.lib.insertError(s.handle))
	}
	return len(data), nil
}

// Done ends the data and commits. Only its nil error says that the rows are stored.
func (s *Insert) Done() (rows uint64, err error) {
	lib := s.conn.lib
	result := lib.insertDone(s.handle)
	if result == nil {
		return 0, newException(lib.insertError(s.handle))
	}
	defer lib.resultDestroy(result)
	if text := lib.resultError(result); text != "" {
		return 0, newException(text)
	}
	return lib.rowsWritten(result), nil
}

// Close frees the stream; without Done before it, data not yet committed is dropped.
func (s *Insert) Close() { s.once.Do(func() { s.conn.lib.insertDestroy(s.handle) }) }

// Version is that of the engine's library.
func (e *Engine) Version() string { return e.lib.version() }

// Classify asks the engine's parser how many statements a text holds, and whether they leave any trace.
func (c *Conn) Classify(sql string) (statements int, reading bool, err error) {
	analysis := struct{ size, statements, flags, class uint32 }{size: 16}
	query := []byte(sql)
	state := c.lib.classify(c.inner(), pointer(query), uintptr(len(query)), nil, 0, unsafe.Pointer(&analysis))
	runtime.KeepAlive(query)
	if state != 0 {
		return 0, false, errors.New("classify: the engine refused")
	}
	return int(analysis.statements), analysis.class == 0, nil
}
