package report_test

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	tagPattern = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*?)(/?)>`)
	void       = map[string]bool{"meta": true, "input": true, "br": true, "img": true, "hr": true, "link": true}
	ids        = regexp.MustCompile(` id="([^"]*)"`)
	targets    = regexp.MustCompile(` href="#([^"]*)"`)
)

// balanced checks what a browser would silently repair: every element is closed where it was opened, ids are unique and
// links inside the page lead somewhere.
func balanced(html string) error {
	var open []string
	for _, tag := range tagPattern.FindAllStringSubmatch(html, -1) {
		name := strings.ToLower(tag[2])
		switch {
		case void[name] || tag[4] == "/":
		case tag[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return fmt.Errorf("</%s> closes what is not open: %v", name, open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("never closed: %v", open)
	}
	return anchored(html)
}

func anchored(html string) error {
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(html, -1) {
		if seen[m[1]] {
			return fmt.Errorf("id %q occurs twice", m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range targets.FindAllStringSubmatch(html, -1) {
		if !seen[m[1]] {
			return fmt.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
	return nil
}

// text is what stands between the tags, in one line.
func text(html string) string {
	return strings.Join(strings.Fields(tagPattern.ReplaceAllString(html, " ")), " ")
}

// between cuts out the first piece of html from one mark up to another.
func between(html, from, to string) string {
	_, rest, ok := strings.Cut(html, from)
	if !ok {
		return ""
	}
	piece, _, _ := strings.Cut(rest, to)
	return piece
}
