// Package ical reads iCalendar (RFC 5545) as it is found: with whatever ends its lines, in UTF-8 or Latin-1, with
// properties missing or wrong. It reads on where it can, and remarks what it did not understand, with line and UID.
//
// The content lines are read here and not by golang-ical, which gives up a whole calendar for one bad line, keeps no line
// numbers, and undoes the escapes of a list before it can be parted; it is the second opinion of the tests. Rules are
// expanded by rrule-go.
package ical

import (
	"fmt"
	"time"

	"vointi.fi/services/calendar/occurrence"
)

// Options are what a calendar does not say itself.
type Options struct {
	Location *time.Location // of dates and of times without a zone
	Language string         // of its texts: fi, sv or en
	Until    time.Time      // up to when rules without an end are followed
	Most     int            // occurrences of one series; those beyond are left out and remarked
}

// reader is one reading under way.
type reader struct {
	Options
	zone    *zone
	reading occurrence.Reading
}

func (r *reader) note(remark occurrence.Remark) {
	r.reading.Note(remark)
	if remark.Fault && remark.ID != "" {
		r.reading.Unclear[safeID(remark.ID, "")] = true
	}
}

// Read returns the occurrences of all events of a calendar. The error says that it is no calendar at all; whatever else
// is wrong with it is remarked.
func Read(data []byte, options Options) (occurrence.Reading, error) {
	lines, foreign, err := unfold(data)
	if err != nil {
		return occurrence.Reading{}, fmt.Errorf("read calendar: %w", err)
	}
	r := &reader{Options: options, zone: zoneOf(options.Location)}
	calendars := r.tree(lines)
	if len(calendars) == 0 {
		return occurrence.Reading{}, fmt.Errorf("read calendar: it is no iCalendar: there is no BEGIN:VCALENDAR in it, its first line is %q", occurrence.Printable(lines[0].text, 60))
	}
	if foreign {
		r.note(occurrence.Remark{Reason: "it is not in UTF-8; taken for Latin-1"})
	}
	for _, calendar := range calendars {
		r.calendar(calendar)
	}
	r.reading.Sort()
	return r.reading, nil
}

// calendar reads one VCALENDAR: its events by UID, in the order in which they first appear.
func (r *reader) calendar(calendar *component) {
	zones := newZones(r, calendar)
	cancelled := calendar.text("METHOD") == "CANCEL"
	byUID := map[string]*series{}
	var order []*series
	for _, c := range calendar.children {
		if c.name != "VEVENT" {
			continue
		}
		e, ok := r.event(c, zones)
		if !ok {
			continue
		}
		if cancelled {
			e.status = "cancelled"
		}
		s := byUID[e.uid]
		if s == nil {
			s = &series{reader: r, uid: e.uid, zones: zones}
			byUID[e.uid] = s
			order = append(order, s)
		}
		s.add(e)
	}
	for _, s := range order {
		s.expand()
	}
}
