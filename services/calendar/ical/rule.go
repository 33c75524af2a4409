package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// rule is an RRULE with what it needs to be expanded. Times are local, their numbers as if they were UTC, so that a
// series keeps its time of day when clocks change; the library would give those of the night in which they change
// the second of two meanings, where RFC 5545 wants the first.
type rule struct {
	text  string
	start time.Time
	limit time.Time // nothing after it, since a rule may have no end
	most  int       // nor more than so many
	zone  *zone     // of start, since an end may be given in UTC
}

// What a rule may not be: the library would look for instances of it for ever, or for very long.
const (
	longestRule = 2000
	maxInterval = 1000
)

var errTooOften = errors.New("sessions do not come back within a day; HOURLY, MINUTELY and SECONDLY are not read")

// expand returns the rule's instances in order. DTSTART is always the first, also if the rule does not give it, and
// counts.
func (r rule) expand() (walls []time.Time, err error) {
	option, err := r.option()
	if err != nil {
		return nil, err
	}
	library, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, err
	}
	next := library.Iterator()
	wall, ok := next()
	walls = append(walls, r.start)
	most := r.most
	if option.Count > 0 {
		most = min(most, option.Count)
	}
	if ok && wall.Equal(r.start) {
		wall, ok = next()
	}
	for ; ok && len(walls) < most; wall, ok = next() {
		walls = append(walls, wall)
	}
	return walls, nil
}

func (r rule) option() (*rrule.ROption, error) {
	text := strings.ToUpper(strings.Join(strings.Fields(r.text), ""))
	if len(text) > longestRule {
		return nil, fmt.Errorf("is longer than %d characters", longestRule)
	}
	var parts []string
	until := time.Time{}
	for part := range strings.SplitSeq(strings.TrimPrefix(text, "RRULE:"), ";") {
		name, value, _ := strings.Cut(part, "=")
		switch {
		case part == "" || value == "":
		case name == "UNTIL":
			var err error
			if until, err = r.until(value); err != nil {
				return nil, fmt.Errorf("UNTIL %w", err)
			}
		case name == "DTSTART" || name == "BYEASTER": // the library's own, not the standard's
			return nil, fmt.Errorf("%s has no meaning in a rule", name)
		default:
			parts = append(parts, part)
		}
	}
	if slices.ContainsFunc(parts, func(p string) bool {
		return p == "FREQ=HOURLY" || p == "FREQ=MINUTELY" || p == "FREQ=SECONDLY"
	}) {
		return nil, errTooOften
	}
	option, err := rrule.StrToROption(strings.Join(parts, ";"))
	if err != nil {
		return nil, err
	}
	if option.Interval < 0 || option.Interval > maxInterval || option.Count < 0 {
		return nil, fmt.Errorf("INTERVAL must be 1 to %d and COUNT at least 1", maxInterval)
	}
	if until.IsZero() || until.After(r.limit) {
		until = r.limit // without one the library ends after 292 years, and definitions of zones begin in 1601
	}
	option.Dtstart, option.Until = r.start, until
	return option, nil
}

// until is the local time up to which the rule goes, inclusive; of a date, its whole day.
func (r rule) until(text string) (time.Time, error) {
	m, err := parseMoment(text, r.zone)
	switch {
	case err != nil:
		return time.Time{}, err
	case m.date:
		return m.wall.AddDate(0, 0, 1).Add(-time.Second), nil
	case m.zone == utcZone:
		return r.zone.wall(m.wall), nil
	default:
		return m.wall, nil
	}
}
