package warehouse

import "strings"

// Statements cuts SQL into its statements at the semicolons that stand in no string, quoted name or comment. Pieces
// that hold nothing but blanks and comments are left out.
func Statements(text string) []string {
	var list []string
	for start, at, used := 0, 0, false; ; {
		end := skip(text, at)
		switch {
		case at >= len(text):
			if used {
				list = append(list, strings.TrimSpace(text[start:]))
			}
			return list
		case end > at+1 || strings.IndexByte(" \t\r\n", text[at]) >= 0:
			used = used || strings.IndexByte("'\"`", text[at]) >= 0
			at = end
		case text[at] == ';':
			if used {
				list = append(list, strings.TrimSpace(text[start:at]))
			}
			start, at, used = at+1, at+1, false
		default:
			used = true
			at++
		}
	}
}

// skip returns the end of the comment or quoted text that begins at a place; else the next place.
func skip(text string, at int) int {
	rest := text[min(at, len(text)):]
	switch {
	case rest == "":
		return at
	case strings.HasPrefix(rest, "--"):
		return past(text, at, "\n")
	case strings.HasPrefix(rest, "/*"):
		return past(text, at, "*/")
	case strings.IndexByte("'\"`", rest[0]) >= 0:
		return quoted(text, at)
	}
	return at + 1
}

func past(text string, at int, mark string) int {
	if i := strings.Index(text[at:], mark); i >= 0 {
		return at + i + len(mark)
	}
	return len(text)
}

func quoted(text string, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[at]:
			return i + 1
		}
	}
	return len(text)
}
