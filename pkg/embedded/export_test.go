package embedded

import (
	"io"
	"net/http"
	"strings"
)

// What the external tests and fuzz targets look at.
var (
	Recode        = recode
	PlainShow     = plainShow
	FunctionKnown = functionAllowed
)

// Transcode rewrites a chunk into fresh memory.
func Transcode(chunk []byte, revision uint64) ([]byte, error) { return transcode(nil, chunk, revision) }

// ReadRequest parses a request as the front does and returns what may be shown of it.
func ReadRequest(r *http.Request) (settings map[string]string, queryID, database string, err error) {
	q, err := parseRequest(r)
	if err != nil {
		return nil, "", "", err
	}
	settings = map[string]string{}
	for _, s := range q.settings {
		settings[s.name] = s.value
	}
	return settings, q.queryID, q.database, nil
}

// ReaderSettings are the settings of a reading role's session for a request.
func ReaderSettings(r *http.Request) (map[string]string, error) {
	q, err := parseRequest(r)
	if err != nil {
		return nil, err
	}
	role := Roles()[0]
	list, err := identity{name: role.Name, role: role.Name, read: &role}.settings(q)
	settings := map[string]string{}
	for _, s := range list {
		settings[s.name] = s.value
	}
	return settings, err
}

// SplitStatement returns a statement's text, the format of what follows or comes back, and the data that follows.
func SplitStatement(query string, body io.Reader) (text, format string, insert bool, data string, err error) {
	s, rest, err := readStatement(query, body)
	if err != nil {
		return "", "", false, "", err
	}
	all, err := io.ReadAll(rest)
	return s.text, s.format, s.insert, string(all), err
}

// Tree reads a syntax tree and writes it again, a line for a node.
func Tree(text string) (string, error) {
	roots, err := parseTree(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, n := range roots {
		n.write(&out, 0)
	}
	return out.String(), nil
}

func (n *node) write(out *strings.Builder, depth int) {
	out.WriteString(strings.Repeat(" ", depth) + strings.TrimSpace(n.kind+" "+n.name) + "\n")
	for _, child := range n.children {
		child.write(out, depth+1)
	}
}
