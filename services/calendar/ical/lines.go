package ical

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"
)

// property is one content line, its value as it is written.
type property struct {
	line   int // where it begins
	name   string
	params map[string][]string
	value  string
}

func (p property) param(name string) string {
	if values := p.params[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// rawLine is a content line put together again, and where it began.
type rawLine struct {
	number int
	text   string
}

var (
	errUTF16 = errors.New("it is in UTF-16; save it as UTF-8")
	errEmpty = errors.New("it is empty")
)

// unfold returns the content lines of a calendar, whatever ends its lines. A letter may be cut in two by folding, so
// bytes are joined before they are read as letters. What is not UTF-8 is taken for Windows-1252, which Latin-1 is a
// part of; foreign says so.
func unfold(data []byte) (lines []rawLine, foreign bool, err error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, false, errUTF16
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var joined [][]byte
	number := 0
	for len(data) > 0 {
		var row []byte
		row, data = cutLine(data)
		number++
		switch {
		case len(row) == 0:
		case (row[0] == ' ' || row[0] == '\t') && len(joined) > 0:
			joined[len(joined)-1] = append(joined[len(joined)-1], row[1:]...)
		default:
			joined = append(joined, bytes.Clone(row))
			lines = append(lines, rawLine{number: number})
		}
	}
	if len(lines) == 0 {
		return nil, false, errEmpty
	}
	foreign = !utf8.Valid(bytes.Join(joined, nil))
	for i, text := range joined {
		if foreign {
			lines[i].text = fromWindows1252(text)
		} else {
			lines[i].text = string(text)
		}
	}
	return lines, foreign, nil
}

// cutLine takes the first line: it ends with CRLF, LF or CR.
func cutLine(data []byte) (row, rest []byte) {
	i := bytes.IndexAny(data, "\r\n")
	if i < 0 {
		return data, nil
	}
	if data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n' {
		return data[:i], data[i+2:]
	}
	return data[:i], data[i+1:]
}

// windows1252 are the letters of the bytes from 0x80 to 0x9f.
var windows1252 = [32]rune{
	'€', 0xfffd, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0xfffd, 'Ž', 0xfffd,
	0xfffd, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0xfffd, 'ž', 'Ÿ',
}

func fromWindows1252(b []byte) string {
	var text strings.Builder
	for _, c := range b {
		if 0x80 <= c && c < 0xa0 {
			text.WriteRune(windows1252[c-0x80])
		} else {
			text.WriteRune(rune(c))
		}
	}
	return text.String()
}

// parseLine takes a content line apart; ok is false if it is none.
func parseLine(raw rawLine) (p property, ok bool) {
	text := raw.text
	end := strings.IndexAny(text, ":;")
	if end <= 0 {
		return p, false
	}
	p = property{line: raw.number, name: strings.ToUpper(strings.TrimSpace(text[:end]))}
	if !isName(p.name) {
		return p, false
	}
	for rest := text[end:]; ; {
		switch {
		case rest == "":
			return p, false
		case rest[0] == ':':
			p.value = rest[1:]
			return p, true
		default:
			rest = p.takeParam(rest[1:])
		}
	}
}

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != ""
}

// takeParam reads NAME=value,value up to the next semicolon or colon, and returns the rest from there.
func (p *property) takeParam(text string) (rest string) {
	end := strings.IndexAny(text, "=:;")
	switch {
	case end < 0:
		return ""
	case text[end] != '=': // a parameter without a value says nothing
		return text[end:]
	}
	name := strings.ToUpper(strings.TrimSpace(text[:end]))
	if p.params == nil {
		p.params = map[string][]string{}
	}
	for rest = text[end+1:]; ; rest = rest[1:] {
		var value string
		value, rest = cutParamValue(rest)
		p.params[name] = append(p.params[name], value)
		if rest == "" || rest[0] != ',' {
			return rest
		}
	}
}

// paramEscapes are those of RFC 6868.
var paramEscapes = strings.NewReplacer("^n", "\n", "^^", "^", "^'", `"`)

func cutParamValue(text string) (value, rest string) {
	if inside, quoted := strings.CutPrefix(text, `"`); quoted {
		if value, rest, closed := strings.Cut(inside, `"`); closed {
			if i := strings.IndexAny(rest, ",;:"); i > 0 {
				rest = rest[i:]
			}
			return paramEscapes.Replace(value), rest
		}
	}
	if i := strings.IndexAny(text, ",;:"); i >= 0 {
		return paramEscapes.Replace(text[:i]), text[i:]
	}
	return paramEscapes.Replace(text), ""
}

// unescaped is the value as text.
func (p property) unescaped() string {
	return strings.Join(p.parts(0), "")
}

// list is the value as texts with commas between them.
func (p property) list() []string { return p.parts(',') }

// parts undoes the escapes, and parts the text at a separator that is not escaped.
func (p property) parts(separator byte) []string {
	all := []string{}
	var part strings.Builder
	for i := 0; i < len(p.value); i++ {
		switch c := p.value[i]; {
		case c == '\\' && i+1 < len(p.value):
			i++
			if p.value[i] == 'n' || p.value[i] == 'N' {
				part.WriteByte('\n')
			} else {
				part.WriteByte(p.value[i])
			}
		case c == separator && separator != 0:
			all = append(all, part.String())
			part.Reset()
		default:
			part.WriteByte(c)
		}
	}
	return append(all, part.String())
}
