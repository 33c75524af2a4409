package embedded

import (
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
)

// output writes a result in the encoding that the client asked for, and an exception where the client will find it.
type output struct {
	w        http.ResponseWriter
	revision uint64
	frames   *compress.Writer // of compress=1
	gzipped  bool
	zip      *gzip.Writer
	tag      string
	scratch  []byte // of transcoding
	started  bool
}

const framePiece = 1 << 20 // uncompressed bytes in one frame

func (o *output) prepare(q *request) {
	o.revision = q.revision
	if q.compress {
		method := compress.LZ4
		if q.method == "ZSTD" {
			method = compress.ZSTD
		}
		o.frames = compress.NewWriter(compress.LevelZero, method)
	}
	o.gzipped = q.gzip && !q.compress
	o.tag = strings.ToLower(rand.Text()[:16])
	header := o.w.Header()
	header.Set("X-ClickHouse-Query-Id", q.queryID)
	header.Set("X-ClickHouse-Timezone", "UTC")
	header.Set("X-ClickHouse-Server-Display-Name", "vointi")
	header.Set("X-ClickHouse-Exception-Tag", o.tag)
}

// write sends a piece of a result.
func (o *output) write(format string, chunk []byte) error {
	if len(chunk) == 0 {
		return nil
	}
	o.start(format)
	if format == "Native" && o.revision > 0 {
		var err error
		if o.scratch, err = transcode(o.scratch[:0], chunk, o.revision); err != nil {
			return err
		}
		chunk = o.scratch
	}
	if err := o.send(chunk); err != nil {
		return err
	}
	return o.flush()
}

func (o *output) start(format string) {
	if o.started {
		return
	}
	o.started = true
	header := o.w.Header()
	header.Set("Content-Type", contentType(format))
	header.Set("X-ClickHouse-Format", format)
	if o.gzipped {
		header.Set("Content-Encoding", "gzip")
		o.zip = gzip.NewWriter(o.w)
	}
	o.w.WriteHeader(http.StatusOK)
}

func (o *output) send(data []byte) error {
	for o.frames != nil && len(data) > 0 {
		piece := data[:min(len(data), framePiece)]
		data = data[len(piece):]
		if err := o.frames.Compress(piece); err != nil {
			return fmt.Errorf("compress result: %w", err)
		}
		if _, err := o.w.Write(o.frames.Data); err != nil {
			return fmt.Errorf("send result: %w", err)
		}
	}
	var err error
	switch {
	case o.zip != nil:
		_, err = o.zip.Write(data)
	case len(data) > 0:
		_, err = o.w.Write(data)
	}
	if err != nil {
		return fmt.Errorf("send result: %w", err)
	}
	return nil
}

// flush sends what is buffered, so that a slow statement shows its rows as they come.
func (o *output) flush() error {
	if o.zip != nil {
		if err := o.zip.Flush(); err != nil {
			return fmt.Errorf("send result: %w", err)
		}
	}
	return http.NewResponseController(o.w).Flush()
}

// written reports the rows that an INSERT stored.
func (o *output) written(rows uint64) {
	o.w.Header().Set("X-ClickHouse-Summary", fmt.Sprintf(`{"written_rows":"%d"}`, rows))
}

// finish ends a result that is complete.
func (o *output) finish() error {
	if !o.started {
		o.w.Header().Set("Content-Length", "0")
		o.w.WriteHeader(http.StatusOK)
		return nil
	}
	if o.zip != nil {
		return o.zip.Close()
	}
	return nil
}

// fail reports an exception: as the status, the code header and the body while nothing was sent; else in the frame that
// clients look for at the end of a broken result, and by breaking the transfer off.
func (o *output) fail(err error) {
	var e *Exception
	if !errors.As(err, &e) {
		e = newException(fmt.Sprintf("Code: %d. DB::Exception: %v", codeUnknown, err))
	}
	text := strings.TrimRight(e.Text, "\n") + "\n"
	if !o.started {
		header := o.w.Header()
		header.Set("Content-Type", "text/plain; charset=UTF-8")
		header.Set("X-ClickHouse-Exception-Code", strconv.Itoa(e.Code))
		o.w.WriteHeader(statusOf(e.Code))
		_, _ = o.w.Write([]byte(text))
		return
	}
	frame := fmt.Sprintf("\r\n__exception__\r\n%s\r\n%s%d %s\r\n__exception__\r\n", o.tag, text, len(text), o.tag)
	_ = o.send([]byte(frame))
	_ = o.flush()
	panic(http.ErrAbortHandler)
}
