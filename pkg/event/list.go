package event

import (
	"maps"
	"slices"
)

// texts is a list of at most limit different strings; empty is absent.
func texts[T any](name string, at func(*T) *[]string, limit int, check rule) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			readList(r, limit, func() { *at(p) = append(*at(p), r.different(*at(p), check)) })
		},
		write: func(b []byte, p *T) []byte {
			return writeList(b, *at(p), func(b []byte, s *string) []byte { return appendString(b, *s) })
		},
	}
}

func (r *reader) different(before []string, check rule) string {
	s := r.checked(check)
	if s != "" && slices.Contains(before, s) {
		r.fault(twiceAttribute)
	}
	return s
}

// some marks a list as required, with at least one element.
func some[T, E any](f field[T], at func(*T) *[]E) field[T] {
	read := f.read
	f.read = func(r *reader, p *T) {
		before := len(r.faults)
		if read(r, p); len(*at(p)) == 0 && len(r.faults) == before {
			r.fault("must have at least one element")
		}
	}
	return must(f)
}

// objects is a list of at most limit objects; empty is absent.
func objects[T, E any](name string, at func(*T) *[]E, limit int, fields []field[E]) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			readList(r, limit, func() {
				var e E
				readObject(r, fields, &e)
				*at(p) = append(*at(p), e)
			})
		},
		write: func(b []byte, p *T) []byte {
			return writeList(b, *at(p), func(b []byte, e *E) []byte { return writeObject(b, fields, e) })
		},
	}
}

// readList calls read for each element; those beyond the limit are skipped.
func readList(r *reader, limit int, read func()) {
	if !r.open('[', "must be a list") {
		return
	}
	n := 0
	for ; r.next(']'); n++ {
		if n >= limit {
			r.skip()
			continue
		}
		r.pushIndex(n)
		read()
		r.pop()
	}
	if n > limit {
		r.fault("must have at most " + itoa(limit) + " elements")
	}
}

func writeList[E any](b []byte, list []E, write func([]byte, *E) []byte) []byte {
	if len(list) == 0 {
		return b
	}
	for i := range list {
		b = append(b, "[,"[b2i(i > 0)])
		b = write(b, &list[i])
	}
	return append(b, ']')
}

// readMap reads an object of at most limit members whose names are free within a rule; ok is false if there is no object.
func readMap[V any](r *reader, limit int, check rule, read func(*reader) V) (m map[string]V, ok bool) {
	if !r.open('{', "must be an object") {
		return nil, false
	}
	for r.member() {
		name, reason := check(r.name)
		if reason != "" {
			r.unknown()
			continue
		}
		r.push(name)
		if _, twice := m[name]; twice {
			r.twice()
		}
		if m == nil {
			m = make(map[string]V)
		}
		m[name] = read(r)
		r.pop()
	}
	if len(m) > limit {
		r.fault("must have at most " + itoa(limit) + " members")
	}
	return m, true
}

func writeMap[V any](b []byte, m map[string]V, write func([]byte, V) []byte) []byte {
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		b = write(b, m[name])
	}
	return append(b, '}')
}

// names is a name in one or more of the languages fi, sv and en; nil is absent.
func names[T any](name string, at func(*T) *map[string]string) field[T] {
	return inLanguages(name, at, label)
}

// inLanguages is names with a rule of its own for the texts.
func inLanguages[T any](name string, at func(*T) *map[string]string, check rule) field[T] {
	inLanguage := oneOf(nameLanguages)
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			m, ok := readMap(r, len(nameLanguages), inLanguage, func(r *reader) string { return r.checked(check) })
			if ok && len(m) == 0 {
				r.fault("must have at least one of the languages fi, sv, en")
			}
			*at(p) = m
		},
		write: func(b []byte, p *T) []byte {
			if len(*at(p)) == 0 {
				return b
			}
			return writeMap(b, *at(p), appendString)
		},
	}
}
