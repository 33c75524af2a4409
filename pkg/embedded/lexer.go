package embedded

import "strings"

type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	quotedToken // string, identifier in quotes, heredoc
	otherToken  // one character
)

// token is a piece of SQL text; words keep their case, quoted ones their quotes.
type token struct {
	kind       tokenKind
	text       string
	start, end int
}

// lexer cuts SQL into tokens well enough to find keywords outside strings and comments. What a statement may do is
// never decided by it, but by the engine's own parser.
type lexer struct {
	text string
	at   int
}

func (l *lexer) next() token {
	l.skipBlanks()
	start := l.at
	if start >= len(l.text) {
		return token{kind: endToken, start: start, end: start}
	}
	kind := otherToken
	switch c := l.text[start]; {
	case isWord(c):
		kind = wordToken
		for l.at < len(l.text) && isWord(l.text[l.at]) {
			l.at++
		}
	case c == '\'' || c == '"' || c == '`':
		kind = quotedToken
		l.quoted(c)
	case c == '$' && l.heredoc():
		kind = quotedToken
	default:
		l.at++
	}
	return token{kind: kind, text: l.text[start:l.at], start: start, end: l.at}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// skipBlanks passes white space and comments.
func (l *lexer) skipBlanks() {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch {
		case strings.IndexByte(" \t\r\n\f\v", rest[0]) >= 0:
			l.at++
		case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "#!"), strings.HasPrefix(rest, "# "):
			l.skipPast(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			l.at += 2
			l.skipPast(l.text[l.at:], "*/")
		default:
			return
		}
	}
}

func (l *lexer) skipPast(rest, mark string) {
	if i := strings.Index(rest, mark); i >= 0 {
		l.at += i + len(mark)
		return
	}
	l.at = len(l.text)
}

// quoted passes a literal; a backslash escapes, and so does doubling the quote.
func (l *lexer) quoted(quote byte) {
	for l.at++; l.at < len(l.text); l.at++ {
		switch l.text[l.at] {
		case '\\':
			l.at++
		case quote:
			if l.at+1 >= len(l.text) || l.text[l.at+1] != quote {
				l.at++
				return
			}
			l.at++
		}
	}
	l.at = min(l.at, len(l.text))
}

// heredoc passes $tag$…$tag$, if there is one here.
func (l *lexer) heredoc() bool {
	end := l.at + 1
	for end < len(l.text) && isWord(l.text[end]) {
		end++
	}
	if end >= len(l.text) || l.text[end] != '$' {
		return false
	}
	tag := l.text[l.at : end+1]
	l.at = end + 1
	l.skipPast(l.text[l.at:], tag)
	return true
}
