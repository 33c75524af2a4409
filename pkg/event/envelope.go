package event

import (
	"strings"
	"time"
)

// envelope is a CloudEvent while it is read.
type envelope struct {
	specversion string
	id          string
	source      string
	typ         Type
	time        time.Time
	subject     string
	contentType string
	dataSchema  string
	area        string
	extensions  map[string]string

	codec       *codec // of typ; nil if it is missing or unknown
	unknownType bool
	payload     Payload
	// data lies here in the body; dataSpaced if there is white space between its tokens.
	dataStart, dataEnd int
	dataSpaced         bool
}

var attributeFields = []field[envelope]{
	must(text("specversion", func(e *envelope) *string { return &e.specversion }, oneOf([]string{"1.0"}))),
	must(text("id", func(e *envelope) *string { return &e.id }, code)),
	must(text("source", func(e *envelope) *string { return &e.source }, uri)),
	must(field[envelope]{name: "type", read: readType}),
	must(instant("time", func(e *envelope) *time.Time { return &e.time })),
	orNull(text("subject", func(e *envelope) *string { return &e.subject }, code)),
	orNull(text("datacontenttype", func(e *envelope) *string { return &e.contentType }, jsonContent)),
	orNull(text("dataschema", func(e *envelope) *string { return &e.dataSchema }, uri)),
	must(text("areaid", func(e *envelope) *string { return &e.area }, municipality)),
}

var structuredFields = append(attributeFields[:len(attributeFields):len(attributeFields)],
	must(field[envelope]{name: "data", read: readData}))

var jsonContent = shaped(func(s string) bool {
	const mediaType = "application/json"
	return s == mediaType || strings.EqualFold(s, mediaType) ||
		strings.EqualFold(s, mediaType+";charset=utf-8") || strings.EqualFold(s, mediaType+"; charset=utf-8")
}, "must be application/json")

// orNull lets null stand for absence, as CloudEvents does for optional attributes.
func orNull[T any](f field[T]) field[T] {
	read := f.read
	f.read = func(r *reader, p *T) {
		if r.peek() == 'n' {
			r.literal("null")
			return
		}
		read(r, p)
	}
	return f
}

func readType(r *reader, e *envelope) {
	s, ok := r.text()
	if !ok {
		return
	}
	e.typ = Type(strings.TrimPrefix(s, TypePrefix))
	if len(e.typ) < len(s) {
		e.codec = codecOf[e.typ]
	}
	if e.codec == nil {
		e.unknownType = true
		r.fault("is not an event type of this release")
	}
}

// readData reads the payload if the type is known already; otherwise it remembers where the payload is.
func readData(r *reader, e *envelope) {
	r.peek()
	spaced := r.spaced
	r.spaced = false
	e.dataStart = r.pos
	if e.codec != nil {
		readPayload(r, e)
	} else {
		r.skip()
	}
	e.dataEnd = r.pos
	e.dataSpaced = r.spaced
	r.spaced = spaced
}

func readPayload(r *reader, e *envelope) {
	if e.codec != nil {
		e.payload = e.codec.read(r)
	}
}

const maxAttributes = 42

var extensionText = printable(0, 1000)

// readExtension keeps an attribute that this package does not know, as CloudEvents asks.
func readExtension(r *reader, e *envelope) {
	name := r.name
	if len(name) > 64 || name == "" || name == "data" || !all(name, func(c byte) bool { return digit(c) || lower(c) }) || hasPersonalCode(name) {
		r.unknown()
		return
	}
	r.push(name)
	defer r.pop()
	if _, twice := e.extensions[name]; twice {
		r.twice()
	}
	value, ok := extensionValue(r)
	if !ok {
		return
	}
	if e.extensions == nil {
		e.extensions = make(map[string]string, 2)
	}
	e.extensions[name] = value
}

// extensionValue reads a string, truth value or 32-bit number, and returns it as a string.
func extensionValue(r *reader) (s string, ok bool) {
	switch c := r.peek(); {
	case c == 'n':
		r.literal("null")
		return "", false
	case c == 't' || c == 'f':
		v, ok := r.boolean()
		if v {
			return "true", ok
		}
		return "false", ok
	case c == '-' || digit(c):
		v, ok := r.integer(-1<<31, 1<<31-1)
		return itoa(int(v)), ok
	}
	return r.checked(extensionText), true
}
