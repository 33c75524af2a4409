package ical

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/calendar/occurrence"
)

// vevent is a VEVENT with its times understood.
type vevent struct {
	*component
	uid      string
	start    moment
	end      *moment // DTEND
	lasts    *span   // DURATION
	of       *moment // RECURRENCE-ID
	sequence int64
	modified time.Time // LAST-MODIFIED, else DTSTAMP
	status   string
}

// event understands a VEVENT; ok is false if it has no start, or is not for everybody.
func (r *reader) event(c *component, zones *zones) (e *vevent, ok bool) {
	e = &vevent{component: c, uid: occurrence.Printable(c.uid(), 1000)}
	if class := strings.ToUpper(c.text("CLASS")); class == "PRIVATE" || class == "CONFIDENTIAL" {
		r.note(occurrence.Remark{Line: c.line, ID: e.uid, Property: "CLASS", Reason: "is " + class + ": left out"})
		return nil, false
	}
	p, found := c.get("DTSTART")
	if !found {
		r.note(occurrence.Remark{Line: c.line, ID: e.uid, Property: "DTSTART", Reason: "is missing: the event is left out", Fault: true})
		return nil, false
	}
	var err error
	if e.start, err = parseMoment(p.value, zones.of(p)); err != nil {
		r.note(occurrence.Remark{Line: p.line, ID: e.uid, Property: "DTSTART", Reason: err.Error() + ": the event is left out", Fault: true})
		return nil, false
	}
	if e.uid == "" {
		e.uid = event.NewID("ical", e.start.stamp(), c.text("SUMMARY"), c.text("LOCATION"))
		r.note(occurrence.Remark{Line: c.line, ID: e.uid, Property: "UID", Reason: "is missing: named after start, summary and location, so when one of these changes it is another event"})
	}
	if e.of, ok = r.recurrenceID(e, zones); !ok {
		return nil, false
	}
	r.length(e, zones)
	r.version(e)
	return e, true
}

// recurrenceID is which occurrence of its series the event replaces; nil if none.
func (r *reader) recurrenceID(e *vevent, zones *zones) (of *moment, ok bool) {
	p, found := e.get("RECURRENCE-ID")
	if !found {
		return nil, true
	}
	m, err := parseMoment(p.value, zones.of(p))
	if err != nil {
		r.note(occurrence.Remark{Line: p.line, ID: e.uid, Property: p.name, Reason: err.Error() + ": the change is left out", Fault: true})
		return nil, false
	}
	if strings.EqualFold(p.param("RANGE"), "THISANDFUTURE") {
		r.note(occurrence.Remark{Line: p.line, ID: e.uid, Property: p.name, Reason: "RANGE=THISANDFUTURE is not followed: the change is taken for this occurrence only, later ones stay as they were", Fault: true})
	}
	return &m, true
}

// length reads DTEND, or DURATION.
func (r *reader) length(e *vevent, zones *zones) {
	if p, ok := e.get("DTEND"); ok {
		m, err := parseMoment(p.value, zones.of(p))
		switch {
		case err != nil:
			r.note(occurrence.Remark{Line: p.line, ID: e.uid, Property: "DTEND", Reason: err.Error() + ": the end is not known"})
		case m.instant().Before(e.start.instant()):
			r.note(occurrence.Remark{Line: p.line, ID: e.uid, Property: "DTEND", Reason: "is before DTSTART: the end is not known"})
		default:
			e.end = &m
		}
		return
	}
	if p, ok := e.get("DURATION"); ok {
		s, err := parseSpan(p.value)
		if err != nil {
			r.note(occurrence.Remark{Line: p.line, ID: e.uid, Property: "DURATION", Reason: err.Error() + ": the end is not known"})
			return
		}
		e.lasts = &s
	}
}

// statuses are those of iCalendar; one that is tentative is in the calendar like any other.
var statuses = map[string]string{"": "scheduled", "CONFIRMED": "scheduled", "TENTATIVE": "scheduled", "CANCELLED": "cancelled", "CANCELED": "cancelled"}

// version reads which of several versions the event is.
func (r *reader) version(e *vevent) {
	if p, ok := e.get("SEQUENCE"); ok {
		n, err := strconv.ParseInt(strings.TrimSpace(p.value), 10, 64)
		if err != nil || n < 0 || n > 1<<31 {
			r.note(occurrence.Remark{Line: p.line, ID: e.uid, Property: "SEQUENCE", Reason: fmt.Sprintf("%q is no number from 0: taken for 0", occurrence.Printable(p.value, 40))})
			n = 0
		}
		e.sequence = n
	}
	for _, name := range []string{"LAST-MODIFIED", "DTSTAMP"} {
		p, ok := e.get(name)
		if !ok || !e.modified.IsZero() {
			continue
		}
		if m, err := parseMoment(p.value, r.zone); err == nil {
			e.modified = m.instant()
		} else {
			r.note(occurrence.Remark{Line: p.line, ID: e.uid, Property: name, Reason: err.Error()})
		}
	}
	status := strings.ToUpper(e.text("STATUS"))
	known, ok := statuses[status]
	if !ok {
		known = "scheduled"
		r.note(occurrence.Remark{Line: e.line, ID: e.uid, Property: "STATUS", Reason: fmt.Sprintf("%q is not known: taken for CONFIRMED", occurrence.Printable(status, 40))})
	}
	e.status = known
}

// endAt is when the event is over if it begins at start; zero if that is not known.
func (e *vevent) endAt(start moment) time.Time {
	switch {
	case e.lasts != nil && e.lasts.positive():
		return e.lasts.after(start)
	case e.end == nil && start.date:
		return span{days: 1}.after(start)
	case e.end == nil:
		return time.Time{}
	case start.date && e.end.date:
		days := int(e.end.wall.Sub(e.start.wall) / (24 * time.Hour))
		return span{days: max(days, 1)}.after(start) // DTEND is exclusive; some give the same day
	}
	length := e.end.instant().Sub(e.start.instant())
	if length == 0 {
		return time.Time{}
	}
	return start.instant().Add(length)
}

// newer says which of two versions counts: the greater SEQUENCE, then the later change; of equals the later in the file.
func (e *vevent) newer(than *vevent) bool {
	if e.sequence != than.sequence {
		return e.sequence > than.sequence
	}
	return !e.modified.Before(than.modified)
}
