package ical

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vointi.fi/services/calendar/occurrence"
)

// zone tells how far local time is ahead of UTC at an instant.
type zone struct {
	name     string
	offsetAt func(time.Time) time.Duration
}

var utcZone = &zone{"UTC", func(time.Time) time.Duration { return 0 }}

func zoneOf(location *time.Location) *zone {
	return &zone{location.String(), func(t time.Time) time.Duration {
		_, seconds := t.In(location).Zone()
		return time.Duration(seconds) * time.Second
	}}
}

// wall is the local time of an instant, its numbers as if they were UTC.
func (z *zone) wall(t time.Time) time.Time { return t.UTC().Add(z.offsetAt(t)) }

// instant is when a local time is (RFC 5545, 3.3.5): one that comes twice is the first, and one that is left out when
// clocks go forward is read with the offset before.
func (z *zone) instant(wall time.Time) time.Time {
	before, after := z.offsetAt(wall.Add(-24*time.Hour)), z.offsetAt(wall.Add(24*time.Hour))
	for _, offset := range []time.Duration{max(before, after), min(before, after)} {
		if t := wall.Add(-offset); z.offsetAt(t) == offset {
			return t
		}
	}
	return wall.Add(-before)
}

// zones finds the zone of a TZID: a name of the time zone database, also at the end of a longer name; a name of Windows;
// else what the calendar's own VTIMEZONE says.
type zones struct {
	reader   *reader
	defined  map[string]*component
	resolved map[string]*zone
}

func newZones(r *reader, calendar *component) *zones {
	z := &zones{reader: r, defined: map[string]*component{}, resolved: map[string]*zone{}}
	for _, c := range calendar.children {
		if c.name == "VTIMEZONE" {
			z.defined[c.text("TZID")] = c
		}
	}
	return z
}

// of is the zone of a property. One that is not known is taken for the feed's, which is remarked once.
func (z *zones) of(p property) *zone {
	id := strings.TrimSpace(p.param("TZID"))
	if id == "" {
		return z.reader.zone
	}
	found, ok := z.resolved[id]
	if !ok {
		if found = z.find(id); found == nil {
			z.reader.note(occurrence.Remark{
				Line: p.line, Property: "TZID",
				Reason: fmt.Sprintf("%q is no known time zone and not defined in the calendar; taken for %s", occurrence.Printable(id, 60), z.reader.zone.name),
			})
			found = z.reader.zone
		}
		z.resolved[id] = found
	}
	return found
}

func (z *zones) find(id string) *zone {
	definition := z.defined[id]
	for _, name := range []string{id, windowsZones[strings.ToLower(id)]} {
		if found := named(name); found != nil {
			return found
		}
	}
	if definition != nil {
		if found := named(definition.text("X-LIC-LOCATION")); found != nil {
			return found
		}
		return z.fromDefinition(id, definition)
	}
	return nil
}

// named is a zone of the database: Europe/Helsinki, or /example.org/20190914_1/Europe/Helsinki.
func named(id string) *zone {
	parts := strings.Split(strings.Trim(id, "/"), "/")
	for from := max(0, len(parts)-3); from < len(parts); from++ {
		name := strings.Join(parts[from:], "/")
		if name == "" || name == "Local" {
			continue
		}
		if location, err := time.LoadLocation(name); err == nil {
			return zoneOf(location)
		}
	}
	return nil
}

// onset is when another offset begins.
type onset struct {
	at     time.Time
	offset time.Duration
}

// fromDefinition makes a zone of a VTIMEZONE; nil if there is nothing in it that can be read.
func (z *zones) fromDefinition(id string, definition *component) *zone {
	var onsets []onset
	var first time.Duration
	earliest := time.Time{}
	for _, c := range definition.children {
		from, fromErr := parseOffset(c.text("TZOFFSETFROM"))
		to, toErr := parseOffset(c.text("TZOFFSETTO"))
		start, startErr := parseMoment(c.text("DTSTART"), utcZone)
		if fromErr != nil || toErr != nil || startErr != nil {
			z.reader.note(occurrence.Remark{Line: c.line, Property: "VTIMEZONE", Reason: fmt.Sprintf("%s of %s lacks DTSTART, TZOFFSETFROM or TZOFFSETTO", c.name, occurrence.Printable(id, 60))})
			continue
		}
		if earliest.IsZero() || start.wall.Before(earliest) {
			earliest, first = start.wall, from
		}
		for _, wall := range z.onsets(c, start.wall, from) {
			onsets = append(onsets, onset{wall.Add(-from), to})
		}
	}
	if len(onsets) == 0 {
		return nil
	}
	slices.SortFunc(onsets, func(a, b onset) int { return a.at.Compare(b.at) })
	return &zone{id, func(t time.Time) time.Duration {
		i, exact := slices.BinarySearchFunc(onsets, t, func(o onset, t time.Time) int { return o.at.Compare(t) })
		if exact {
			return onsets[i].offset
		}
		if i == 0 {
			return first
		}
		return onsets[i-1].offset
	}}
}

// onsets are the local times at which an observance begins.
func (z *zones) onsets(c *component, start time.Time, from time.Duration) []time.Time {
	all := []time.Time{start}
	for _, p := range c.all("RRULE") {
		u := rule{text: p.value, start: start, limit: z.reader.Until.AddDate(2, 0, 0), most: 4 * (lastYear - firstYear), zone: fixed(from)}
		more, err := u.expand()
		if err != nil {
			z.reader.note(occurrence.Remark{Line: p.line, Property: "RRULE", Reason: "of a VTIMEZONE: " + err.Error()})
		}
		all = append(all, more...)
	}
	for _, p := range c.all("RDATE") {
		for _, text := range p.list() {
			if m, err := parseMoment(text, utcZone); err == nil {
				all = append(all, m.wall)
			}
		}
	}
	return all
}

func fixed(offset time.Duration) *zone {
	return &zone{"", func(time.Time) time.Duration { return offset }}
}

// parseOffset reads +0200 or -033000.
func parseOffset(text string) (time.Duration, error) {
	for _, layout := range []string{"-0700", "-07:00", "-070000"} {
		if t, err := time.Parse(layout, text); err == nil {
			_, seconds := t.Zone()
			return time.Duration(seconds) * time.Second, nil
		}
	}
	return 0, fmt.Errorf("%q is no offset", text)
}
