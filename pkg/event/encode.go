package event

import (
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// New makes a valid event: it encodes the payload and checks the whole as [Decode] would. The event's own Payload is a
// copy in which defaults are set. The error wraps [ErrInvalid].
func New(t Type, source, id string, at time.Time, area, subject string, p Payload) (*Event, error) {
	e, err := Unchecked(t, source, id, at, area, subject, p)
	if err != nil {
		return nil, err
	}
	return Decode(nil, e.Encode())
}

// Unchecked is [New] at a fifth of the price: it encodes the payload, which becomes the event's own, and checks only that
// it belongs to the type. It is for makers of many events whose tests decode what they make; an invalid event would be
// found by whoever consumes it.
func Unchecked(t Type, source, id string, at time.Time, area, subject string, p Payload) (*Event, error) {
	c := codecOf[t]
	if c == nil {
		return nil, invalid(UnknownType, "/type", "is not an event type of this release")
	}
	data, ok := c.write(make([]byte, 0, 640), p)
	if !ok {
		return nil, invalid(Schema, "/data", fmt.Sprintf("is a %T, which does not belong to the type", p))
	}
	return &Event{ID: id, Source: source, Type: t, Subject: subject, Time: at.UTC(), Area: area, Data: data, Payload: p}, nil
}

// Encode returns the event in structured mode, so that decoding gives an equal event. It writes Data, not Payload.
func (e *Event) Encode() []byte {
	b := make([]byte, 0, 384+len(e.Data))
	b = append(b, `{"specversion":"1.0"`...)
	b = appendMember(b, "id", e.ID)
	b = appendMember(b, "source", e.Source)
	b = append(b, `,"type":"`+TypePrefix...)
	b = append(append(b, e.Type...), '"')
	if !e.Time.IsZero() {
		b = append(b, `,"time":"`...)
		b = e.Time.UTC().AppendFormat(b, time.RFC3339Nano)
		b = append(b, '"')
	}
	if e.Subject != "" {
		b = appendMember(b, "subject", e.Subject)
	}
	b = append(b, `,"datacontenttype":"application/json"`...)
	if e.DataSchema != "" {
		b = appendMember(b, "dataschema", e.DataSchema)
	}
	b = appendMember(b, "areaid", e.Area)
	if len(e.Extensions) > 0 {
		for _, name := range slices.Sorted(maps.Keys(e.Extensions)) {
			b = appendMember(b, name, e.Extensions[name])
		}
	}
	b = append(b, `,"data":`...)
	b = append(b, e.Data...)
	return append(b, '}')
}

func appendMember(b []byte, name, value string) []byte {
	b = append(b, ',')
	b = append(appendString(b, name), ':')
	return appendString(b, value)
}

// appendString appends a JSON string. Invalid UTF-8 stays as it is, so that whoever reads it finds the fault.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := plainPrefix(s); i < len(s); i++ {
		c := s[i]
		if plain[c] || c >= utf8.RuneSelf {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			const hex = "0123456789abcdef"
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// appendCompact appends valid JSON without the white space between its tokens.
func appendCompact(b, raw []byte) []byte {
	inString := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case inString && c == '\\':
			b = append(b, c)
			i++
			c = raw[i]
		case c == '"':
			inString = !inString
		case !inString && c <= ' ':
			continue
		}
		b = append(b, c)
	}
	return b
}
