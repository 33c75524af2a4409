package embedded

import "strings"

// statement is what the front must know of an SQL text before the engine sees it: whether data follows, in which format,
// and in which format the result comes.
type statement struct {
	text   string // for an INSERT with data: without its FORMAT clause or VALUES
	insert bool   // data follows in dataFormat
	offset int    // where the data begins
	format string // of the data, or of the result if the text names one
	stream bool   // a SELECT, which the engine can deliver in chunks
}

// parseStatement looks at a text; complete says that nothing follows it. ok is false if more is needed to tell.
func parseStatement(text string, complete bool) (s statement, ok bool) {
	lex := lexer{text: text}
	first := lex.next()
	if first.kind == endToken {
		return s, false
	}
	if !strings.EqualFold(first.text, "INSERT") {
		if !complete {
			return s, false
		}
		s.text = text
		s.stream = startsSelect(first)
		s.format = trailingFormat(text)
		return s, true
	}
	return parseInsert(lex, complete)
}

func startsSelect(t token) bool {
	return t.kind == wordToken && (strings.EqualFold(t.text, "SELECT") || strings.EqualFold(t.text, "WITH")) || t.text == "("
}

// parseInsert finds the end of an INSERT's head: its VALUES or FORMAT, or SELECT if it carries no data.
func parseInsert(lex lexer, complete bool) (s statement, ok bool) {
	depth, names := 0, 0
	for {
		t := lex.next()
		switch {
		case t.kind == endToken:
			s.text = lex.text
			return s, complete
		case t.text == "(":
			depth++
		case t.text == ")":
			depth--
		case depth > 0 || t.kind != wordToken:
		case names == 0: // INTO
			names++
		case strings.EqualFold(t.text, "SELECT"), strings.EqualFold(t.text, "WITH"), strings.EqualFold(t.text, "INFILE"):
			s.text = lex.text
			return s, complete
		case strings.EqualFold(t.text, "VALUES") && names > 1:
			return statement{text: lex.text[:t.start], insert: true, offset: t.end, format: "Values"}, complete || t.end < len(lex.text)
		case strings.EqualFold(t.text, "FORMAT") && names > 1:
			format := lex.next()
			end := dataStart(lex.text, format.end)
			return statement{text: lex.text[:t.start], insert: true, offset: end, format: format.text}, complete || end < len(lex.text)
		default:
			names++
		}
	}
}

// dataStart skips the blanks after a FORMAT clause and one line end, as the engine does.
func dataStart(text string, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r') {
		at++
	}
	if at < len(text) && text[at] == ';' {
		at++
	}
	if at < len(text) && text[at] == '\n' {
		at++
	}
	return at
}

// trailingFormat returns the name in a FORMAT clause at the end of a query, or "".
func trailingFormat(text string) string {
	lex := lexer{text: text}
	depth, format := 0, ""
	for t := lex.next(); t.kind != endToken; t = lex.next() {
		switch {
		case t.text == "(" || t.text == "[" || t.text == "{":
			depth++
		case t.text == ")" || t.text == "]" || t.text == "}":
			depth--
		case depth == 0 && t.kind == wordToken && strings.EqualFold(t.text, "FORMAT"):
			ahead := lex
			if name := ahead.next(); name.kind == wordToken && endsFormat(ahead) {
				format = name.text
			}
		}
	}
	return format
}

// endsFormat says whether what follows a FORMAT clause may follow one.
func endsFormat(lex lexer) bool {
	t := lex.next()
	return t.kind == endToken || t.text == ";" || strings.EqualFold(t.text, "SETTINGS") || strings.EqualFold(t.text, "INTO")
}
