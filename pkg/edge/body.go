package edge

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"vointi.fi/pkg/event"
)

// Body is the JSON object of a request: the data attributes of an event to be. What a service may not publish it takes
// out, what the sender cannot know it puts in, and what is wrong it notes, so that the sender hears of all faults at once.
type Body struct {
	attributes map[string]jsontext.Value
	faults     []event.Fault
	key        string // see keyOf
	first      []*event.Event
}

// Make makes the event of a request from its body.
type Make func(r *http.Request, body *Body) (*event.Event, error)

// JSON handles requests whose body is one JSON object that becomes one event.
func (e *Edge) JSON(make Make) http.Handler {
	return e.Handler(Endpoint{
		MaxSize: map[string]int64{"application/json": event.MaxSize},
		Events: func(r *http.Request, data []byte) (Events, error) {
			body, err := newBody(keyOf(r), data)
			if err != nil {
				return Events{}, err
			}
			made, err := make(r, body)
			return Events{All: []*event.Event{made}, First: body.first}, err
		},
	})
}

// JSONBatch handles requests whose body is a JSON list of such objects, at most [event.MaxBatch]: all become events, or none
// does. Pointers of faults begin with the object's index.
func (e *Edge) JSONBatch(make Make) http.Handler {
	return e.Handler(Endpoint{
		MaxSize: map[string]int64{"application/json": event.MaxBatchSize},
		Events: func(r *http.Request, data []byte) (Events, error) {
			objects, err := list(data)
			if err != nil {
				return Events{}, err
			}
			events := Events{Batch: true}
			var all event.InvalidError
			for i, object := range objects {
				e, first, err := makeOf(r, object, i, make)
				if err != nil && !addAt(&all, err, i) {
					return Events{}, err
				}
				events.All, events.First = append(events.All, e), append(events.First, first...)
			}
			if len(all.Faults) > 0 {
				return Events{}, &all
			}
			return events, nil
		},
	})
}

// list cuts a JSON list into its objects.
func list(data []byte) (objects []jsontext.Value, err error) {
	if err := json.Unmarshal(data, &objects); err != nil || len(objects) == 0 {
		fault := malformed(err)
		if fault.Reason == "must be a JSON object" {
			fault.Reason = "must be a JSON list of objects, and not an empty one"
		}
		return nil, &event.InvalidError{Kind: event.Malformed, Faults: []event.Fault{fault}}
	}
	if len(objects) > event.MaxBatch {
		reason := "has more than " + strconv.Itoa(event.MaxBatch) + " objects"
		return nil, &event.InvalidError{Kind: event.TooLarge, Faults: []event.Fault{{Reason: reason}}}
	}
	return objects, nil
}

// maxFaults is how many faults of a list are told.
const maxFaults = 1000

// addAt adds the faults of one object of a list; false if the error is of another kind.
func addAt(all *event.InvalidError, err error, index int) bool {
	var invalid *event.InvalidError
	if !errors.As(err, &invalid) {
		return false
	}
	all.Kind = cmp.Or(all.Kind, invalid.Kind)
	for _, f := range invalid.Faults[:min(len(invalid.Faults), maxFaults-len(all.Faults))] {
		all.Faults = append(all.Faults, event.Fault{Pointer: "/" + strconv.Itoa(index) + f.Pointer, Reason: f.Reason})
	}
	return true
}

// makeOf makes the event of one object of a list; an Idempotency-Key is that of the list, so each object's place in it tells
// its objects apart.
func makeOf(r *http.Request, object []byte, index int, make Make) (e *event.Event, first []*event.Event, err error) {
	body, err := newBody(keyOf(r), object)
	if err != nil {
		return nil, nil, err
	}
	if body.key != "" {
		body.key += "\x00" + strconv.Itoa(index)
	}
	e, err = make(r, body)
	return e, body.first, err
}

// BodyOf returns the body of what is asked in another way than over HTTP. Its error wraps [event.ErrInvalid].
func BodyOf(data []byte) (*Body, error) { return newBody("", data) }

// First returns the events that are to be published before that of the body.
func (b *Body) First() []*event.Event { return b.first }

func newBody(key string, data []byte) (*Body, error) {
	b := &Body{key: key}
	if err := json.Unmarshal(data, &b.attributes); err != nil || b.attributes == nil {
		return nil, &event.InvalidError{Kind: event.Malformed, Faults: []event.Fault{malformed(err)}}
	}
	if _, sent, _ := strings.Cut(key, "\x00"); len(sent) > 200 || event.HoldsPersonalCode([]byte(sent)) {
		b.Fault("", "has an Idempotency-Key that is longer than 200 bytes or holds a Finnish personal identity code")
	}
	return b, nil
}

// malformed says where JSON ends to be JSON, without repeating any of it.
func malformed(err error) event.Fault {
	var syntax *jsontext.SyntacticError
	switch {
	case !errors.As(err, &syntax):
		return event.Fault{Reason: "must be a JSON object"}
	case errors.Is(err, jsontext.ErrDuplicateName):
		return event.Fault{Pointer: string(syntax.JSONPointer), Reason: "is given twice"}
	default:
		return event.Fault{Reason: "is not JSON in UTF-8 from byte " + strconv.FormatInt(syntax.ByteOffset, 10)}
	}
}

// Has says whether the sender gave the attribute.
func (b *Body) Has(name string) bool {
	_, ok := b.attributes[name]
	return ok
}

// Take takes out an attribute and returns its text; "" if it is not there, or no text, which is noted as a fault.
func (b *Body) Take(name string) string {
	text := b.Text(name)
	if b.Has(name) && text == "" {
		b.Fault(name, "must be a text that is not empty")
	}
	delete(b.attributes, name)
	return text
}

// Text returns the text of an attribute; "" if it is not there or no text.
func (b *Body) Text(name string) string {
	value := b.attributes[name]
	if value.Kind() != '"' {
		return ""
	}
	text, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		return ""
	}
	return string(text)
}

// Number returns the whole number of an attribute; 0 if it is not there or no whole number.
func (b *Body) Number(name string) int64 {
	n, err := strconv.ParseInt(string(b.attributes[name]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Put puts in a text.
func (b *Body) Put(name, text string) {
	b.attributes[name] = quoted(text)
}

// PutNumber puts in a whole number.
func (b *Body) PutNumber(name string, n int) {
	b.attributes[name] = jsontext.Value(strconv.Itoa(n))
}

// PutOriginal puts in which event a correction or a void is about.
func (b *Body) PutOriginal(source, id string) {
	ref := member(member(nil, "source", quoted(source)), "id", quoted(id))
	b.attributes["original"] = append(append(jsontext.Value("{"), ref...), '}')
}

// Precede has an event published before the one that is made of the body, and only if that one is valid. The answer does not
// name it.
func (b *Body) Precede(e *event.Event) { b.first = append(b.first, e) }

// Fault notes what is wrong with an attribute, or with the whole if name is empty.
func (b *Body) Fault(name, reason string) {
	b.faults = append(b.faults, event.Fault{Pointer: pointerTo(name), Reason: reason})
}

func pointerTo(name string) string {
	if name == "" {
		return ""
	}
	return "/" + name
}

// Envelope says what an event's envelope holds: its type and source, and which attributes of the data it repeats.
type Envelope struct {
	Type    event.Type
	Source  string
	Time    string // the attribute that says when it happened; "": none does, and At says it
	Area    string // the attribute that names the area: a municipality, or a part of one as in KU853-01; "": the event is the country's
	Subject string // the attribute that names the session or entity
	At      time.Time
	Only    []string // attributes that stand in the envelope alone, since the data have no place for them
}

// Event makes the event. Its id is the UUIDv5 of the Idempotency-Key and the address that it was sent to, or else of what
// key returns for the event and of its type: a sender that repeats a request makes the same event again. The error wraps
// [event.ErrInvalid] and lists all faults with pointers into the body.
func (b *Body) Event(envelope Envelope, key func(*event.Event) []string) (*event.Event, error) {
	e, err := event.Decode(nil, b.encode(envelope))
	if err = b.join(envelope, err); err != nil {
		return nil, err
	}
	if b.key != "" {
		e.ID = event.NewID("Idempotency-Key", b.key)
	} else {
		e.ID = event.NewID(append([]string{string(e.Type)}, key(e)...)...)
	}
	return e, nil
}

// encode writes the event in structured mode, always the same bytes for the same attributes.
func (b *Body) encode(envelope Envelope) []byte {
	var data []byte
	for _, name := range slices.Sorted(maps.Keys(b.attributes)) {
		if !slices.Contains(envelope.Only, name) {
			data = member(data, name, b.attributes[name])
		}
	}
	out := member(nil, "specversion", quoted("1.0"))
	out = member(out, "id", quoted("-")) // until it is known
	out = member(out, "source", quoted(envelope.Source))
	out = member(out, "type", quoted(event.TypePrefix+string(envelope.Type)))
	if envelope.Time == "" {
		out = member(out, "time", quoted(Instant(envelope.At)))
	} else {
		out = member(out, "time", b.attributes[envelope.Time])
	}
	out = member(out, "subject", b.attributes[envelope.Subject])
	out = member(out, "areaid", b.municipality(envelope.Area))
	out = member(out, "data", append(append(jsontext.Value("{"), data...), '}'))
	return append(append([]byte("{"), out...), '}')
}

// member appends a member of an object, unless it has no value.
func member(object []byte, name string, value jsontext.Value) []byte {
	if value == nil {
		return object
	}
	if len(object) > 0 {
		object = append(object, ',')
	}
	object = append(object, quoted(name)...)
	return append(append(object, ':'), value...)
}

// municipality is the municipality of an area attribute. What is neither a municipality nor a part of one stays as it
// is, for the event's own check to refuse.
func (b *Body) municipality(name string) jsontext.Value {
	if name == "" {
		return quoted("SSS")
	}
	whole, _, cut := strings.Cut(b.Text(name), "-")
	if !cut {
		return b.attributes[name]
	}
	return quoted(whole)
}

func quoted(text string) jsontext.Value {
	value, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		return jsontext.Value(`""`) // not UTF-8; nothing allows an empty text here
	}
	return value
}

// join adds what the event's check found to what the service noted, with pointers into the body, one for each place.
func (b *Body) join(envelope Envelope, err error) error {
	all := &event.InvalidError{Kind: event.Schema, Faults: b.faults}
	var found *event.InvalidError
	if errors.As(err, &found) {
		all.Kind = found.Kind
		for _, f := range found.Faults {
			f.Pointer = envelope.pointer(f.Pointer)
			if !slices.ContainsFunc(all.Faults, func(g event.Fault) bool { return g.Pointer == f.Pointer }) {
				all.Faults = append(all.Faults, f)
			}
		}
	}
	if len(all.Faults) > 0 {
		return all
	}
	return err
}

// pointer turns a pointer into the event to one into the body it was made from.
func (env Envelope) pointer(p string) string {
	switch p {
	case "/time":
		return pointerTo(env.Time)
	case "/areaid":
		return pointerTo(env.Area)
	case "/subject":
		return pointerTo(env.Subject)
	default:
		return strings.TrimPrefix(p, "/data")
	}
}

// Instant writes a time so that the same instant is the same text, whatever zone it was given in.
func Instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
