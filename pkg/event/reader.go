package event

import (
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxDepth  = 32
	maxFaults = 100
)

// reader walks over one JSON text and collects what is wrong with it. It is strict: RFC 8259, valid UTF-8, no unpaired
// surrogates, at most maxDepth levels. Strings without escapes are parts of the text itself, so reading one costs no
// allocation.
//
// A violation of JSON's grammar breaks the reader: from then on every method returns at once and finds nothing. All other
// faults are noted, and reading goes on behind the offending value.
type reader struct {
	s       string
	pos     int
	name    string // of the member that member has found
	path    []step
	depth   int
	first   bool // nothing was read yet of the object or array just opened
	spaced  bool // insignificant white space was seen
	broken  bool
	doubled bool // a member was given twice
	faults  []Fault
	more    int // faults beyond maxFaults
}

func (r *reader) reset(s string) {
	*r = reader{s: s, path: r.path[:0], faults: r.faults[:0]}
}

// fault notes that the value at the present path is wrong.
func (r *reader) fault(reason string) {
	if r.broken {
		return
	}
	if len(r.faults) >= maxFaults {
		r.more++
		return
	}
	r.faults = append(r.faults, Fault{pointer(r.path), reason})
}

func (r *reader) faultAt(name, reason string) {
	r.push(name)
	r.fault(reason)
	r.pop()
}

// fail notes a violation of the grammar and ends the reading.
func (r *reader) fail(reason string) {
	r.fault(reason)
	r.broken = true
	r.pos = len(r.s)
}

func (r *reader) push(name string)    { r.path = append(r.path, step{name: name}) }
func (r *reader) pushIndex(index int) { r.path = append(r.path, step{index: index}) }
func (r *reader) pop()                { r.path = r.path[:len(r.path)-1] }

// at reports whether c stands at the cursor itself: the usual case, white space being rare between machines.
func (r *reader) at(c byte) bool { return r.pos < len(r.s) && r.s[r.pos] == c }

// peek skips white space and returns the byte at the cursor, 0 at the end.
func (r *reader) peek() byte {
	if r.pos < len(r.s) {
		if c := r.s[r.pos]; c > ' ' {
			return c
		}
	}
	return r.skipSpace()
}

func (r *reader) skipSpace() byte {
	for r.pos < len(r.s) {
		c := r.s[r.pos]
		if c > ' ' {
			return c
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			r.fail("is not JSON: control character")
			return 0
		}
		r.spaced = true
		r.pos++
	}
	return 0
}

// end expects nothing but white space up to the end.
func (r *reader) end() {
	if r.peek() != 0 || r.pos < len(r.s) {
		r.fail("is not JSON: something follows the value")
	}
}

// open enters an object or array; if the value is something else, it is noted and skipped.
func (r *reader) open(bracket byte, otherwise string) bool {
	if r.peek() != bracket {
		r.mismatch(otherwise)
		return false
	}
	r.pos++
	r.first = true
	if r.depth++; r.depth > maxDepth {
		r.fail("is nested too deeply")
	}
	return !r.broken
}

// mismatch skips the value at the cursor and notes that it is of the wrong kind.
func (r *reader) mismatch(reason string) {
	r.skip()
	r.fault(reason)
}

// member moves to the value of the object's next member and sets name; false at the object's end.
func (r *reader) member() bool {
	if !r.next('}') {
		return false
	}
	if !r.at('"') && r.peek() != '"' {
		r.fail("is not JSON: a member's name is expected")
		return false
	}
	r.name = r.str()
	if !r.at(':') && r.peek() != ':' {
		r.fail("is not JSON: a colon is expected")
		return false
	}
	r.pos++
	return true
}

// next moves to the next element of an array or object; false at its end.
func (r *reader) next(closing byte) bool {
	c := r.peek()
	switch {
	case c == closing:
		r.pos++
		r.depth--
		r.first = false
		return false
	case r.first:
		r.first = false
	case c == ',':
		r.pos++
	default:
		r.fail("is not JSON: a comma or the closing bracket is expected")
	}
	return !r.broken
}

// text reads a string; ok is false if the value is something else, which is noted and skipped.
func (r *reader) text() (s string, ok bool) {
	if !r.at('"') && r.peek() != '"' {
		r.mismatch("must be a string")
		return "", false
	}
	s = r.str()
	return s, !r.broken
}

// plain tells the ASCII characters that stand for themselves in a JSON string.
var plain = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// plainPrefix returns the length of a prefix of plain characters, looking at eight bytes at once; more may follow.
func plainPrefix(s string) (n int) {
	const each = 0x0101010101010101
	for len(s) >= n+8 {
		b := s[n : n+8]
		x := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		// The high bit of a byte of special is set if it is below ' ', a quote, a backslash or beyond ASCII. A borrow can
		// set more bits, but only above a byte that is special itself.
		special := (x - each*' ') | (x ^ each*'"' - each) | (x ^ each*'\\' - each) | x
		if special &= each << 7; special != 0 {
			return n + bits.TrailingZeros64(special)>>3
		}
		n += 8
	}
	return n
}

// str reads the string at the cursor, which stands on its opening quote.
func (r *reader) str() string {
	start := r.pos + 1
	s, ascii := r.s[start:], true
	for i := plainPrefix(s); i < len(s); i++ {
		c := s[i]
		if plain[c] {
			continue
		}
		switch {
		case c == '"':
			r.pos = start + i + 1
			if !ascii && !utf8.ValidString(s[:i]) {
				r.fail("is not valid UTF-8")
			}
			return s[:i]
		case c >= utf8.RuneSelf:
			ascii = false
		case c == '\\':
			return r.escaped(start)
		default:
			r.fail("is not JSON: control character in a string")
			return ""
		}
	}
	r.fail("is not JSON: a string does not end")
	return ""
}

// escaped reads a string that holds escapes; start is behind the opening quote.
func (r *reader) escaped(start int) string {
	var b strings.Builder
	for i := start; i < len(r.s); {
		switch c := r.s[i]; {
		case c == '"':
			r.pos = i + 1
			if s := b.String(); utf8.ValidString(s) {
				return s
			}
			r.fail("is not valid UTF-8")
			return ""
		case c == '\\':
			n := r.escape(&b, r.s[i:])
			if n == 0 {
				r.fail("is not JSON: wrong escape in a string")
				return ""
			}
			i += n
		case c < ' ':
			r.fail("is not JSON: control character in a string")
			return ""
		default:
			b.WriteByte(c)
			i++
		}
	}
	r.fail("is not JSON: a string does not end")
	return ""
}

// escape appends what the escape at the start of s stands for and returns its length, 0 if it is wrong.
func (r *reader) escape(b *strings.Builder, s string) int {
	if len(s) < 2 {
		return 0
	}
	if i := strings.IndexByte(`"\/bfnrt`, s[1]); i >= 0 {
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		return 2
	}
	c := hex4(s)
	if c < 0 {
		return 0
	}
	if !utf16.IsSurrogate(c) {
		b.WriteRune(c)
		return 6
	}
	if c = utf16.DecodeRune(c, hex4(s[6:])); c == utf8.RuneError {
		return 0
	}
	b.WriteRune(c)
	return 12
}

// hex4 returns the code unit of an escape \uXXXX at the start of s, −1 if there is none.
func hex4(s string) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	v := 0
	for i := 2; i < 6; i++ {
		v = v<<4 | hexDigit(s[i])
	}
	return rune(v)
}

// hexDigit returns the value of a hexadecimal digit; negative if it is none, and so is whatever it is combined with by |.
func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// boolean reads true or false.
func (r *reader) boolean() (v, ok bool) {
	switch r.peek() {
	case 't':
		r.literal("true")
		return true, !r.broken
	case 'f':
		r.literal("false")
		return false, !r.broken
	}
	r.mismatch("must be true or false")
	return false, false
}

func (r *reader) literal(want string) {
	if !strings.HasPrefix(r.s[r.pos:], want) {
		r.fail("is not JSON: unknown word")
		return
	}
	r.pos += len(want)
}

// skip reads the value at the cursor, whatever it is, and checks its grammar.
func (r *reader) skip() {
	switch c := r.peek(); {
	case c == '"':
		r.str()
	case c == '{':
		for r.open('{', ""); r.member(); {
			r.skip()
		}
	case c == '[':
		for r.open('[', ""); r.next(']'); {
			r.skip()
		}
	case c == 't':
		r.literal("true")
	case c == 'f':
		r.literal("false")
	case c == 'n':
		r.literal("null")
	case c == '-' || '0' <= c && c <= '9':
		r.digits()
	default:
		r.fail("is not JSON: a value is expected")
	}
}
