package embedded

import (
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
)

const (
	maxQuerySize = 16 << 20 // of a statement without the data of an INSERT
	insertPiece  = 1 << 20  // handed to the engine at once
)

var maxQuerySizeText = strconv.Itoa(maxQuerySize)

// openBody undoes what the client did to the body on the way.
func openBody(r *http.Request, q *request) (io.Reader, error) {
	body := io.Reader(r.Body)
	var err error
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		body, err = gzip.NewReader(body)
	case "deflate":
		body, err = zlib.NewReader(body)
	default:
		return nil, exceptionf(codeUnknownCompression, "Unknown Content-Encoding %q: use gzip or deflate", encoding)
	}
	if err != nil {
		return nil, exceptionf(codeCannotDecompress, "Cannot decompress the body: %v", err)
	}
	if q.decompress {
		body = frames{compress.NewReader(body)}
	}
	return body, nil
}

// frames end with io.EOF and nothing else, as every reader should.
type frames struct{ *compress.Reader }

func (f frames) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil && errors.Is(err, io.EOF) {
		return n, io.EOF
	}
	return n, err
}

// readStatement reads until it knows the statement; what an INSERT's data begins with is put back in front of the rest.
func readStatement(query string, body io.Reader) (statement, io.Reader, error) {
	text := new(strings.Builder)
	if query != "" {
		text.WriteString(query + "\n")
	}
	for complete, buffer := false, make([]byte, 64<<10); ; {
		if s, ok := parseStatement(text.String(), complete); ok && (complete || s.insert) {
			return s, io.MultiReader(strings.NewReader(text.String()[s.offset:]), body), nil
		}
		if complete && strings.TrimSpace(text.String()) == "" {
			return statement{}, nil, exceptionf(codeSyntax, "Syntax error: the query is empty. (SYNTAX_ERROR)")
		}
		if complete {
			return statement{}, nil, exceptionf(codeSyntax, "Syntax error: the statement is not complete")
		}
		n, err := body.Read(buffer)
		text.Write(buffer[:n])
		if text.Len() > maxQuerySize {
			return statement{}, nil, exceptionf(codeQueryIsTooLarge, "The statement is longer than %d bytes", maxQuerySize)
		}
		complete = errors.Is(err, io.EOF)
		if err != nil && !complete {
			return statement{}, nil, bodyError(err)
		}
	}
}
