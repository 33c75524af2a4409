// Package occurrence is what the readers of calendars have in common: what a calendar says of one occurrence, before
// anything is mapped, and what was not understood.
package occurrence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Occurrence is one event of a calendar at one time, in the calendar's own words.
type Occurrence struct {
	ID     string // names it for good, also after it was moved
	Series string // what it is one of; "" if it stands alone
	Where  string // where in the source it stands, for remarks: "line 12"

	Sequence int64
	Status   string            // scheduled, rescheduled, postponed or cancelled
	Gone     bool              // the source says that it is deleted
	Name     map[string]string // by language: fi, sv, en
	Start    time.Time
	End      time.Time // exclusive; zero if unknown
	AllDay   bool

	Place      string   // an id or a text
	Provider   string   // an id or a text
	Categories []string // ids or words
	Kind       string   // the source's own type of event
	Audience   []string // ids or words

	MinAge, MaxAge           *int
	CapacityMax, CapacityMin *int
	PriceCents               *int64
	IsFree                   *bool
	Languages                []string
	URL                      string
	Modified                 time.Time // zero if unknown
}

// Remark is something in a source that was not understood, or not as it was meant.
type Remark struct {
	Line     int    // from 1; 0 if the source has no lines
	ID       string // of the event concerned; "" if of none
	Property string
	Reason   string
	Fault    bool // something was left out because of it
}

// String is one line for a person.
func (r Remark) String() string {
	var parts []string
	if r.Line > 0 {
		parts = append(parts, fmt.Sprintf("line %d", r.Line))
	}
	for _, part := range []string{r.ID, r.Property} {
		if part != "" {
			parts = append(parts, Printable(part, 100))
		}
	}
	return strings.Join(append(parts, r.Reason), ": ")
}

// Reading is what a source gave.
type Reading struct {
	Occurrences []Occurrence
	Remarks     []Remark
	// Whole says that the source was read to its end, so that what is not in it is not there.
	Whole bool
	// Unclear are the ids of occurrences or series of which something was left out; "" means that it is not known which.
	Unclear map[string]bool
}

// Note adds a remark.
func (r *Reading) Note(remark Remark) {
	r.Remarks = append(r.Remarks, remark)
	if remark.Fault {
		if r.Unclear == nil {
			r.Unclear = map[string]bool{}
		}
		r.Unclear[remark.ID] = true
	}
}

// Sort puts occurrences in the order of their starts, and remarks in that of their lines.
func (r *Reading) Sort() {
	slices.SortStableFunc(r.Occurrences, func(a, b Occurrence) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(r.Remarks, func(a, b Remark) int { return cmp.Compare(a.Line, b.Line) })
}

// Printable makes one line of at most limit characters: white space becomes one space, other control characters go.
func Printable(text string, limit int) string {
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "\ufffd")
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text))
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit-1])) + "…"
}
