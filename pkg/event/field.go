package event

import (
	"slices"
	"strconv"
	"time"
)

// field is one attribute of a JSON object whose home is a T. A payload type is a table of fields: the table reads,
// checks and writes it, so that these can never disagree. Its order is that in which objects are written.
type field[T any] struct {
	name     string
	required bool
	// read reads the value at the cursor into p, or notes what is wrong with it.
	read func(r *reader, p *T)
	// write appends the value; nothing, if the attribute is absent.
	write func(b []byte, p *T) []byte
}

// must marks an attribute as required.
func must[T any](f field[T]) field[T] {
	f.required = true
	return f
}

// never marks an attribute that belongs to the payload type, but to another event type: reading refuses it as unknown, and
// writing writes it, so that [New] refuses it as well.
func never[T any](f field[T]) field[T] {
	f.read = func(r *reader, _ *T) { r.mismatch(unknownAttribute) }
	return f
}

// inside is the table of a payload that is part of another, with more attributes required.
func inside[T, E any](at func(*T) *E, fields []field[E], required ...string) (list []field[T]) {
	for _, f := range fields {
		list = append(list, field[T]{
			name:     f.name,
			required: f.required || slices.Contains(required, f.name),
			read:     func(r *reader, p *T) { f.read(r, at(p)) },
			write:    func(b []byte, p *T) []byte { return f.write(b, at(p)) },
		})
	}
	return list
}

const (
	unknownAttribute = "is unknown"
	twiceAttribute   = "is given twice"
	missingAttribute = "is required"
)

// readObject reads an object by its table of at most 64 fields.
func readObject[T any](r *reader, fields []field[T], p *T) {
	readMembers(r, fields, p, func(r *reader, _ *T) { r.unknown() })
}

// readMembers is readObject with a home for the members that the table does not know; they stand at the cursor. It
// returns the number of members.
func readMembers[T any](r *reader, fields []field[T], p *T, other func(*reader, *T)) (n int) {
	if !r.open('{', "must be an object") {
		return 0
	}
	var seen uint64
	for at := 0; r.member(); at++ {
		n++
		at = find(fields, r.name, at)
		if at < 0 {
			other(r, p)
			continue
		}
		f := &fields[at]
		r.push(f.name)
		if seen&(1<<at) != 0 {
			r.twice()
		}
		seen |= 1 << at
		f.read(r, p)
		r.pop()
	}
	for i := range fields {
		if fields[i].required && seen&(1<<i) == 0 {
			r.faultAt(fields[i].name, missingAttribute)
		}
	}
	return n
}

// find returns the index of a name, looking first at guess, which is right whenever attributes come in the table's order.
func find[T any](fields []field[T], name string, guess int) int {
	for i := guess; i < len(fields); i++ {
		if fields[i].name == name {
			return i
		}
	}
	for i := range min(guess, len(fields)) {
		if fields[i].name == name {
			return i
		}
	}
	return -1
}

// unknown notes and skips the member just found. Its name comes from outside, so it is repeated only if it is harmless.
func (r *reader) unknown() {
	name := r.name
	if len(name) > 64 || name == "" || hasControl(name) || hasPersonalCode(name) {
		name = "?"
	}
	r.push(name)
	r.mismatch(unknownAttribute)
	r.pop()
}

func (r *reader) twice() {
	r.fault(twiceAttribute)
	r.doubled = true
}

// writeObject appends an object by its table.
func writeObject[T any](b []byte, fields []field[T], p *T) []byte {
	b = append(b, '{')
	for i := range fields {
		mark := len(b)
		if b[mark-1] != '{' {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), fields[i].name...), '"', ':')
		start := len(b)
		if b = fields[i].write(b, p); len(b) == start {
			b = b[:mark]
		}
	}
	return append(b, '}')
}

// object is an object with a table of its own; nil is absent.
func object[T, E any](name string, at func(*T) **E, fields []field[E]) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			*at(p) = new(E)
			readObject(r, fields, *at(p))
		},
		write: func(b []byte, p *T) []byte {
			if e := *at(p); e != nil {
				return writeObject(b, fields, e)
			}
			return b
		},
	}
}

// text is a string; empty is absent.
func text[T any](name string, at func(*T) *string, check rule) field[T] {
	return field[T]{
		name:  name,
		read:  func(r *reader, p *T) { *at(p) = r.checked(check) },
		write: func(b []byte, p *T) []byte { return appendText(b, *at(p)) },
	}
}

// checked reads a string and holds it against a rule. A wrong one is noted, and returned as it is.
func (r *reader) checked(check rule) string {
	s, ok := r.text()
	if !ok {
		return ""
	}
	keep, reason := check(s)
	if reason != "" {
		r.fault(reason)
		return s
	}
	return keep
}

func appendText(b []byte, s string) []byte {
	if s == "" {
		return b
	}
	return appendString(b, s)
}

// number is a whole number that is always written.
func number[T any, N int | int64](name string, at func(*T) *N, low, high int64) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.integer(low, high); ok {
				*at(p) = N(v)
			}
		},
		write: func(b []byte, p *T) []byte { return strconv.AppendInt(b, int64(*at(p)), 10) },
	}
}

// maybeNumber is a whole number; nil is absent.
func maybeNumber[T any, N int | int64](name string, at func(*T) **N, low, high int64) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.integer(low, high); ok {
				n := N(v)
				*at(p) = &n
			}
		},
		write: func(b []byte, p *T) []byte {
			if v := *at(p); v != nil {
				return strconv.AppendInt(b, int64(*v), 10)
			}
			return b
		},
	}
}

// flag is a truth value that is always written.
func flag[T any](name string, at func(*T) *bool) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.boolean(); ok {
				*at(p) = v
			}
		},
		write: func(b []byte, p *T) []byte { return strconv.AppendBool(b, *at(p)) },
	}
}

// whenTrue makes of a flag one that is written only if it is true.
func whenTrue[T any](f field[T]) field[T] {
	write := f.write
	f.write = func(b []byte, p *T) []byte {
		if out := write(nil, p); string(out) == "true" {
			return append(b, out...)
		}
		return b
	}
	return f
}

// maybeFlag is a truth value; nil is absent.
func maybeFlag[T any](name string, at func(*T) **bool) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.boolean(); ok {
				*at(p) = &v
			}
		},
		write: func(b []byte, p *T) []byte {
			if v := *at(p); v != nil {
				return strconv.AppendBool(b, *v)
			}
			return b
		},
	}
}

// instant is a point in time; zero is absent.
func instant[T any](name string, at func(*T) *time.Time) field[T] {
	return moment(name, at, parseInstant, notInstant, time.RFC3339Nano)
}

// date is a day; zero is absent.
func date[T any](name string, at func(*T) *time.Time) field[T] {
	return moment(name, at, parseDate, notDate, time.DateOnly)
}

// month is a month, held as its first day; zero is absent.
func month[T any](name string, at func(*T) *time.Time) field[T] {
	return moment(name, at, parseMonth, notMonth, "2006-01")
}

func moment[T any](name string, at func(*T) *time.Time, parse func(string) (time.Time, bool), reason, layout string) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			s, ok := r.text()
			if !ok {
				return
			}
			if t, ok := parse(s); ok {
				*at(p) = t
				return
			}
			r.fault(reason)
		},
		write: func(b []byte, p *T) []byte {
			if at(p).IsZero() {
				return b
			}
			b = append(b, '"')
			b = at(p).UTC().AppendFormat(b, layout)
			return append(b, '"')
		},
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
