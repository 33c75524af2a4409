package embedded

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// kind is a column type as far as the size of its encoded data is concerned.
type kind interface {
	prefix(m *measure)            // what stands once in front of a column's data
	data(m *measure, rows uint64) // the data itself
}

// columnTypes remembers the types that were read, name → kind: as many as a schema has, not as a client can make up.
var (
	columnTypes sync.Map
	typeCount   atomic.Int64
)

const maxTypes = 4096

// columnType reads the name of a type; types of the same name are read once.
func columnType(name string) kind {
	if t, ok := columnTypes.Load(name); ok {
		return t.(kind)
	}
	t := parseType(name, 0)
	if len(name) < 1000 && typeCount.Add(1) <= maxTypes {
		columnTypes.Store(name, t)
	}
	return t
}

type (
	fixed     uint64 // bytes a value
	texts     struct{}
	nullable  struct{ kind }
	array     struct{ kind }
	tuple     []kind
	lowCard   struct{ dictionary kind }
	unmeasure struct{}
)

func (fixed) prefix(*measure)                   {}
func (f fixed) data(m *measure, rows uint64)    { m.skipMany(rows, uint64(f)) }
func (texts) prefix(*measure)                   {}
func (texts) data(m *measure, rows uint64)      { m.strings(rows) }
func (unmeasure) prefix(m *measure)             { m.fail(errUnmeasured) }
func (unmeasure) data(m *measure, _ uint64)     { m.fail(errUnmeasured) }
func (n nullable) data(m *measure, rows uint64) { m.skip(rows); n.kind.data(m, rows) }
func (t tuple) prefix(m *measure)               { t.each(func(k kind) { k.prefix(m) }) }
func (t tuple) data(m *measure, rows uint64)    { t.each(func(k kind) { k.data(m, rows) }) }
func (t tuple) each(do func(kind)) {
	for _, k := range t {
		do(k)
	}
}
func (lowCard) prefix(m *measure) { m.skip(8) }

// data of arrays: where each row ends, then all elements.
func (a array) data(m *measure, rows uint64) {
	if rows == 0 {
		return
	}
	m.skipMany(rows-1, 8)
	if elements := m.uint64(); elements > 0 {
		a.kind.data(m, elements)
	}
}

// data of a LowCardinality: flags, the dictionary, then an index of 1, 2, 4 or 8 bytes a row.
func (l lowCard) data(m *measure, rows uint64) {
	const withDictionary = 1 << 9
	if rows == 0 {
		return
	}
	flags := m.uint64()
	if width := flags & 0xff; width > 3 || flags&withDictionary == 0 {
		m.fail(errUnmeasured)
		return
	}
	l.dictionary.data(m, m.uint64())
	if n := m.uint64(); n != rows {
		m.fail(errUnmeasured)
		return
	}
	m.skipMany(rows, 1<<(flags&0xff))
}

var fixedSizes = map[string]fixed{
	"Bool": 1, "Int8": 1, "UInt8": 1, "Enum8": 1, "Nothing": 1,
	"Int16": 2, "UInt16": 2, "Enum16": 2, "Date": 2, "BFloat16": 2,
	"Int32": 4, "UInt32": 4, "Float32": 4, "Date32": 4, "DateTime": 4, "IPv4": 4, "Decimal32": 4,
	"Int64": 8, "UInt64": 8, "Float64": 8, "DateTime64": 8, "Decimal64": 8,
	"Int128": 16, "UInt128": 16, "UUID": 16, "IPv6": 16, "Decimal128": 16,
	"Int256": 32, "UInt256": 32, "Decimal256": 32,
}

// parseType reads a type's name; what it does not know cannot be measured.
func parseType(name string, depth int) kind {
	base, rest, _ := strings.Cut(name, "(")
	args := splitArguments(strings.TrimSuffix(rest, ")"))
	if size, ok := fixedSizes[base]; ok {
		return size
	}
	if strings.HasPrefix(base, "Interval") {
		return fixed(8)
	}
	if depth > 100 || base != "String" && len(args) == 0 {
		return unmeasure{}
	}
	switch base {
	case "String":
		return texts{}
	case "FixedString":
		return sized(args[0], func(n uint64) uint64 { return n })
	case "Decimal":
		return sized(args[0], decimalSize)
	}
	return parseCompound(base, args, depth)
}

// parseCompound reads the types that hold others.
func parseCompound(base string, args []string, depth int) kind {
	var parts tuple
	for _, arg := range args {
		parts = append(parts, parseType(typeOf(arg), depth+1))
	}
	switch {
	case base == "Nullable" && len(parts) == 1:
		return nullable{parts[0]}
	case base == "Array" && len(parts) == 1:
		return array{parts[0]}
	case base == "Map" && len(parts) == 2:
		return array{parts}
	case base == "Tuple":
		return parts
	case base == "SimpleAggregateFunction" && len(parts) == 2:
		return parts[1]
	case base == "LowCardinality" && len(parts) == 1:
		if inner, ok := parts[0].(nullable); ok {
			return lowCard{inner.kind} // its dictionary has no nulls
		}
		return lowCard{parts[0]}
	}
	return unmeasure{}
}

func sized(text string, size func(uint64) uint64) kind {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return unmeasure{}
	}
	return fixed(size(n))
}

func decimalSize(precision uint64) uint64 {
	i, _ := slices.BinarySearch([]uint64{9, 18, 38, 76}, precision)
	return 4 << i
}

// splitArguments cuts at the commas that stand in no quotes and no parentheses.
func splitArguments(text string) []string {
	if text == "" {
		return nil
	}
	var list []string
	start := 0
	walkType(text, func(i int) {
		if text[i] == ',' {
			list, start = append(list, strings.TrimSpace(text[start:i])), i+1
		}
	})
	return append(list, strings.TrimSpace(text[start:]))
}

// typeOf is an element of a tuple without its name.
func typeOf(element string) string {
	space := -1
	walkType(element, func(i int) {
		if element[i] == ' ' {
			space = i
		}
	})
	return element[space+1:]
}

// walkType calls at for every place that is in no quotes and no parentheses.
func walkType(text string, at func(int)) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' || c == '`' || c == '"':
			lex := lexer{text: text, at: i}
			lex.quoted(c)
			i = lex.at - 1
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0:
			at(i)
		}
	}
}
