package event

import (
	"strings"
	"sync"
	"unsafe"
)

const (
	// MaxSize is the greatest size of one event in bytes.
	MaxSize = 256 << 10
	// MaxBatch is the greatest number of events in a batch.
	MaxBatch = 1000
	// MaxBatchSize is the greatest size of a batch in bytes.
	MaxBatchSize = 16 << 20
)

// Decode reads one CloudEvent of a NATS message or an HTTP body: in binary mode if the header has ce-specversion, else in
// structured mode. Header names may be canonical or in lower case.
//
// The event is valid, or the error is an [*InvalidError] that names every fault, and wraps [ErrInvalid]. The event shares
// the memory of body, which belongs to it from now on and must not be changed; whoever keeps a single string of an event
// for long should clone it.
func Decode(header map[string][]string, body []byte) (*Event, error) {
	if len(body) > MaxSize {
		return nil, invalid(TooLarge, "", "is larger than 256 KiB")
	}
	d := decoders.Get().(*decoder)
	defer decoders.Put(d)
	d.reset(body)
	if isBinary(header) {
		d.binary(header)
	} else {
		d.structured()
	}
	return d.result()
}

// DecodeBatch reads a JSON array of CloudEvents in structured mode, and takes body over as [Decode] does. It returns all of them or none: the error lists the
// faults of every event, with the event's index first in each pointer.
func DecodeBatch(body []byte) ([]*Event, error) {
	if len(body) > MaxBatchSize {
		return nil, invalid(TooLarge, "", "is larger than 16 MiB")
	}
	elements, err := split(body)
	if err != nil {
		return nil, err
	}
	events := make([]*Event, 0, len(elements))
	var all *InvalidError
	for i, element := range elements {
		e, err := Decode(nil, element)
		if err != nil {
			all = gather(all, err.(*InvalidError), i)
		}
		events = append(events, e)
	}
	if all != nil {
		return nil, all
	}
	return events, nil
}

// split cuts a JSON array into its elements.
func split(body []byte) ([][]byte, error) {
	var r reader
	var elements [][]byte
	r.reset(shared(body))
	for ok := r.open('[', "must be a list of events"); ok && r.next(']'); {
		if len(elements) == MaxBatch {
			return nil, invalid(TooLarge, "", "has more than "+itoa(MaxBatch)+" events")
		}
		r.peek()
		start := r.pos
		r.skip()
		elements = append(elements, body[start:r.pos])
	}
	r.end()
	switch {
	case len(r.faults) > 0:
		return nil, &InvalidError{Kind: Malformed, Faults: r.faults}
	case len(elements) == 0:
		return nil, invalid(Malformed, "", "must have at least one event")
	}
	return elements, nil
}

// gather adds the faults of one event of a batch.
func gather(all, err *InvalidError, index int) *InvalidError {
	if all == nil {
		all = &InvalidError{Kind: err.Kind}
	}
	for _, f := range err.Faults {
		if len(all.Faults) < maxFaults {
			all.Faults = append(all.Faults, Fault{"/" + itoa(index) + f.Pointer, f.Reason})
		}
	}
	return all
}

// decoder holds what is needed while one event is decoded; it is used again for the next.
type decoder struct {
	envelope
	reader
	body []byte
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

func (d *decoder) reset(body []byte) {
	*d = decoder{reader: reader{path: d.path[:0], faults: d.faults[:0]}, body: body}
}

// structured reads an event whose attributes and data are one JSON object.
func (d *decoder) structured() {
	d.s = shared(d.body)
	d.envelopeBy(structuredFields)
	if d.payload == nil && d.dataEnd > 0 && !d.broken {
		d.pos = d.dataStart // data came before type
		d.push("data")
		readPayload(&d.reader, &d.envelope)
		d.pop()
	}
}

// shared returns body as a string without copying it, which would be more than half of all that decoding allocates.
func shared(body []byte) string { return unsafe.String(unsafe.SliceData(body), len(body)) }

// envelopeBy reads the attributes by a table, all others as extensions, up to the end of the text.
func (d *decoder) envelopeBy(fields []field[envelope]) {
	if n := readMembers(&d.reader, fields, &d.envelope, readExtension); n > maxAttributes {
		d.fault("must have at most " + itoa(maxAttributes) + " attributes")
	}
	d.end()
}

// result returns the event, or all that is wrong with it.
func (d *decoder) result() (*Event, error) {
	if len(d.faults) > 0 || d.payload == nil {
		return nil, d.invalid()
	}
	e := &Event{
		ID: d.id, Source: d.source, Type: d.typ, Subject: d.subject, Time: d.time, Area: d.area,
		DataSchema: d.dataSchema, Extensions: d.extensions, Payload: d.payload,
	}
	e.Data = d.body[d.dataStart:d.dataEnd:d.dataEnd]
	if d.dataSpaced {
		e.Data = appendCompact(nil, e.Data)
	}
	return e, nil
}

func (d *decoder) invalid() error {
	err := &InvalidError{Kind: Schema, Source: harmless(d.source), ID: harmless(d.id), Type: harmless(string(d.typ))}
	err.Faults = append(err.Faults, d.faults...)
	if d.more > 0 {
		err.Faults = append(err.Faults, Fault{"", "has " + itoa(d.more) + " more faults"})
	}
	switch {
	case d.broken || d.doubled:
		err.Kind = Malformed
	case d.unknownType:
		err.Kind = UnknownType
	}
	return err
}

// harmless returns what may be kept of a string from outside.
func harmless(s string) string {
	if len(s) > 1000 || hasPersonalCode(s) {
		return ""
	}
	return strings.Clone(strings.ToValidUTF8(s, "?"))
}
