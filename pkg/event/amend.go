package event

import "time"

var refFields = []field[Ref]{
	must(text("source", func(p *Ref) *string { return &p.Source }, uri)),
	must(text("id", func(p *Ref) *string { return &p.ID }, code)),
}

// original is a reference to the first event of the entity; nil is absent.
func original[T any](at func(*T) **Ref) field[T] {
	return object("original", at, refFields)
}

// recording is the table of an event in its own right, which names no original; amending that of a correction, which must.
func recording[T any](at func(*T) **Ref, fields []field[T]) []field[T] {
	return append([]field[T]{never(original(at))}, fields...)
}

func amending[T any](at func(*T) **Ref, fields []field[T]) []field[T] {
	return append([]field[T]{must(original(at))}, fields...)
}

var voidFields = []field[Void]{
	must(field[Void]{
		name:  "original",
		read:  func(r *reader, p *Void) { readObject(r, refFields, &p.Original) },
		write: func(b []byte, p *Void) []byte { return writeObject(b, refFields, &p.Original) },
	}),
	must(text("reason", func(p *Void) *string { return &p.Reason }, prose)),
	must(instant("at", func(p *Void) *time.Time { return &p.At })),
}

func (p *Void) entity(*Event) []string { return nil }
