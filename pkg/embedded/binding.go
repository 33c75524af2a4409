package embedded

import (
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// binding holds the C functions of the engine that are used here. Lengths are explicit throughout, so that binary data
// passes unharmed. Every pointer belongs to the engine; the wrappers in conn.go own and free what they are given.
type binding struct {
	setSignalHandlers func(enabled int32)
	version           func() string
	connect           func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	closeConn         func(conn unsafe.Pointer)
	shutdown          func() int32

	streamQuery  func(conn, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, n uintptr) unsafe.Pointer
	streamFetch  func(conn, result unsafe.Pointer) unsafe.Pointer
	streamCancel func(conn, result unsafe.Pointer)
	query        func(conn, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, n uintptr) unsafe.Pointer

	insert        func(conn, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, n uintptr) unsafe.Pointer
	insertAppend  func(stream, data unsafe.Pointer, length uintptr) int32
	insertDone    func(stream unsafe.Pointer) unsafe.Pointer
	insertCancel  func(stream unsafe.Pointer)
	insertError   func(stream unsafe.Pointer) string
	insertDestroy func(stream unsafe.Pointer)

	resultError   func(result unsafe.Pointer) string
	resultBuffer  func(result unsafe.Pointer) unsafe.Pointer
	resultLength  func(result unsafe.Pointer) uintptr
	rowsRead      func(result unsafe.Pointer) uint64
	bytesRead     func(result unsafe.Pointer) uint64
	resultRows    func(result unsafe.Pointer) uint64
	rowsWritten   func(result unsafe.Pointer) uint64
	bytesWritten  func(result unsafe.Pointer) uint64
	resultDestroy func(result unsafe.Pointer)

	classify func(conn, query unsafe.Pointer, queryLen uintptr, database unsafe.Pointer, databaseLen uintptr, analysis unsafe.Pointer) int32
}

// functions pairs the engine's names with the fields that receive them.
func (b *binding) functions() map[string]any {
	return map[string]any{
		"chdb_set_signal_handlers_enabled": &b.setSignalHandlers,
		"chdb_version":                     &b.version,
		"chdb_connect":                     &b.connect,
		"chdb_close_conn":                  &b.closeConn,
		"chdb_shutdown":                    &b.shutdown,
		"chdb_stream_query_with_params_n":  &b.streamQuery,
		"chdb_stream_fetch_result":         &b.streamFetch,
		"chdb_stream_cancel_query":         &b.streamCancel,
		"chdb_query_with_params_n":         &b.query,
		"chdb_stream_insert_with_params_n": &b.insert,
		"chdb_stream_append":               &b.insertAppend,
		"chdb_stream_done":                 &b.insertDone,
		"chdb_stream_cancel_insert":        &b.insertCancel,
		"chdb_stream_insert_error":         &b.insertError,
		"chdb_destroy_insert_stream":       &b.insertDestroy,
		"chdb_result_error":                &b.resultError,
		"chdb_result_buffer":               &b.resultBuffer,
		"chdb_result_length":               &b.resultLength,
		"chdb_result_storage_rows_read":    &b.rowsRead,
		"chdb_result_storage_bytes_read":   &b.bytesRead,
		"chdb_result_rows_read":            &b.resultRows,
		"chdb_result_rows_written":         &b.rowsWritten,
		"chdb_result_bytes_written":        &b.bytesWritten,
		"chdb_destroy_query_result":        &b.resultDestroy,
		"chdb_classify_query_n":            &b.classify,
	}
}

var loadOnce = sync.OnceValues(loadBinding)

// loadBinding opens the library and resolves every function; a library of another version fails here by name.
func loadBinding() (*binding, error) {
	path, err := FindLibrary()
	if err != nil {
		return nil, err
	}
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	b := &binding{}
	for name, fn := range b.functions() {
		symbol, err := purego.Dlsym(handle, name)
		if err != nil {
			return nil, fmt.Errorf("load %s: function %s: %w", path, name, err)
		}
		purego.RegisterFunc(fn, symbol)
	}
	b.setSignalHandlers(0) // its handlers would take the Go runtime's signals
	return b, nil
}

// params are the values of {name:Type} placeholders laid out as the engine wants them.
type params struct {
	names, nameLens, values, valueLens unsafe.Pointer
	n                                  uintptr
	keep                               []any
}

func newParams(list []Param) params {
	if len(list) == 0 {
		return params{}
	}
	var names, values [][]byte
	for _, p := range list {
		names, values = append(names, []byte(p.Name)), append(values, []byte(p.Value))
	}
	p := params{n: uintptr(len(list))}
	p.names, p.nameLens = p.pointers(names)
	p.values, p.valueLens = p.pointers(values)
	return p
}

func (p *params) pointers(texts [][]byte) (data, lens unsafe.Pointer) {
	pointers, lengths := make([]unsafe.Pointer, len(texts)), make([]uintptr, len(texts))
	for i, text := range texts {
		pointers[i], lengths[i] = pointer(text), uintptr(len(text))
	}
	p.keep = append(p.keep, texts, pointers, lengths)
	return unsafe.Pointer(&pointers[0]), unsafe.Pointer(&lengths[0])
}

var empty = []byte{0}

// pointer is the address of a slice's first byte, and never nil.
func pointer(b []byte) unsafe.Pointer {
	if len(b) == 0 {
		return unsafe.Pointer(&empty[0])
	}
	return unsafe.Pointer(&b[0])
}

type statementCall func(conn, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, n uintptr) unsafe.Pointer

// call passes one statement with its format and parameters, keeping all of it alive until the engine has answered.
func (call statementCall) do(conn unsafe.Pointer, sql, format string, list []Param) unsafe.Pointer {
	query, output, p := []byte(sql), []byte(format), newParams(list)
	result := call(conn, pointer(query), uintptr(len(query)), pointer(output), uintptr(len(output)), p.names, p.nameLens, p.values, p.valueLens, p.n)
	runtime.KeepAlive(query)
	runtime.KeepAlive(output)
	runtime.KeepAlive(p.keep)
	return result
}
