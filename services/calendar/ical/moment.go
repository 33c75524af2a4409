package ical

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment is a date, or a time of day in a zone. wall has the numbers that are written, as if they were UTC.
type moment struct {
	wall time.Time
	date bool
	zone *zone // of a date or a floating time: the feed's
}

// instant is when the moment is; a date begins at midnight.
func (m moment) instant() time.Time { return m.zone.instant(m.wall) }

// stamp names the moment the same way in every zone.
func (m moment) stamp() string {
	if m.date {
		return m.wall.Format("20060102")
	}
	return m.instant().UTC().Format("20060102T150405Z")
}

var (
	dateLayouts  = []string{"20060102", "2006-01-02"}
	clockLayouts = []string{"20060102T150405", "20060102T1504", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04"}
	errMoment    = errors.New("is neither a date such as 20250305 nor a time such as 20250305T170000")
)

// The years in which a calendar makes sense; the first is where definitions of time zones begin.
const firstYear, lastYear = 1601, 2200

// parseMoment reads a date or a time; zone is that of times without a mark of their own.
func parseMoment(text string, zone *zone) (moment, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	m := moment{zone: zone}
	local, utc := strings.CutSuffix(text, "Z")
	if utc {
		m.zone = utcZone
	}
	var err error
	if m.wall, err = firstOf(dateLayouts, text); err == nil {
		m.date = true
	} else if m.wall, err = firstOf(clockLayouts, local); err != nil {
		t, offsetErr := time.Parse(time.RFC3339, text)
		if offsetErr != nil {
			return moment{}, errMoment
		}
		m.wall, m.zone = t.UTC(), utcZone
	}
	if y := m.wall.Year(); y < firstYear || y > lastYear {
		return moment{}, fmt.Errorf("year %d is not between %d and %d", y, firstYear, lastYear)
	}
	return m, nil
}

func firstOf(layouts []string, text string) (t time.Time, err error) {
	for _, layout := range layouts {
		if t, err = time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return t, err
}

// span is how long something takes: days of the calendar, and then a time.
type span struct {
	days  int
	exact time.Duration
}

// after is when a span that began at m is over.
func (s span) after(m moment) time.Time {
	return m.zone.instant(m.wall.AddDate(0, 0, s.days)).Add(s.exact)
}

func (s span) positive() bool { return s.days > 0 || s.days == 0 && s.exact > 0 }

// units are the letters of a duration after the T, and maxDays what a span may have.
var units = map[byte]time.Duration{'H': time.Hour, 'M': time.Minute, 'S': time.Second}

const maxDays = 3660

// parseSpan reads a duration: P1W, P1DT2H, PT1H30M.
func parseSpan(text string) (s span, err error) {
	bad := fmt.Errorf("%q is no duration such as PT1H30M or P1D", text)
	rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "+"), "P")
	if !ok || rest == "" {
		return s, bad
	}
	clock := false
	for rest != "" {
		if after, t := strings.CutPrefix(rest, "T"); t && !clock && after != "" {
			rest, clock = after, true
			continue
		}
		i := 0
		for i < len(rest) && '0' <= rest[i] && rest[i] <= '9' {
			i++
		}
		n, err := strconv.Atoi(rest[:i])
		if err != nil || i == len(rest) || n > maxDays*86400 {
			return s, bad
		}
		unit := rest[i]
		rest = rest[i+1:]
		switch {
		case !clock && unit == 'W':
			s.days += 7 * n
		case !clock && unit == 'D':
			s.days += n
		case clock && units[unit] > 0:
			s.exact += time.Duration(n) * units[unit]
		default:
			return s, bad
		}
	}
	if s.days > maxDays || s.exact > maxDays*24*time.Hour {
		return s, fmt.Errorf("%q is longer than %d days", text, maxDays)
	}
	return s, nil
}
