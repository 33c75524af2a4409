package ical

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/calendar/occurrence"
)

// series are the events of one UID: a master, and changes of single occurrences.
type series struct {
	reader  *reader
	zones   *zones
	uid     string
	masters []*vevent
	changes map[string]*vevent // by the stamp of their RECURRENCE-ID
	order   []string           // of those stamps
}

// add takes an event in. Of two masters, or of two changes of one occurrence, the newer counts.
func (s *series) add(e *vevent) {
	if e.of != nil {
		s.change(e)
		return
	}
	for i, m := range s.masters {
		single := !m.recurs() && !e.recurs() && m.sequence == e.sequence
		if single && m.start.stamp() != e.start.stamp() {
			continue
		}
		s.reader.note(occurrence.Remark{Line: e.line, ID: s.uid, Property: "UID", Reason: fmt.Sprintf("stands in line %d already: the greater SEQUENCE counts, then the later change", m.line)})
		if e.newer(m) {
			s.masters[i] = e
		}
		return
	}
	if len(s.masters) == 1 {
		s.reader.note(occurrence.Remark{Line: e.line, ID: s.uid, Property: "UID", Reason: fmt.Sprintf("stands in line %d already with another start: taken for occurrences of one series", s.masters[0].line)})
	}
	s.masters = append(s.masters, e)
}

func (s *series) change(e *vevent) {
	if s.changes == nil {
		s.changes = map[string]*vevent{}
	}
	stamp := e.of.stamp()
	before, twice := s.changes[stamp]
	switch {
	case !twice:
		s.order = append(s.order, stamp)
	case !e.newer(before):
		return
	}
	s.changes[stamp] = e
}

func (e *vevent) recurs() bool { return len(e.all("RRULE"))+len(e.all("RDATE")) > 0 }

// expand adds the occurrences of the series to the reading.
func (s *series) expand() {
	many := len(s.masters) != 1 || len(s.changes) > 0 || s.masters[0].recurs()
	if !many {
		m := s.masters[0]
		s.add1(m, m, safeID(s.uid, ""), "", m.start, m.endAt(m.start))
		return
	}
	series := safeID(s.uid, "")
	seen := map[string]bool{}
	for _, m := range s.masters {
		for _, i := range s.instances(m) {
			stamp := i.start.stamp()
			if seen[stamp] {
				continue
			}
			seen[stamp] = true
			if s.changes[stamp] == nil {
				s.add1(m, m, safeID(s.uid, stamp), series, i.start, i.end)
			}
		}
	}
	for _, stamp := range s.order {
		s.addChange(s.changes[stamp], stamp, series, seen[stamp])
	}
}

// addChange adds an occurrence that was changed. What the change leaves out is as in the series.
func (s *series) addChange(e *vevent, stamp, series string, known bool) {
	master := e
	if len(s.masters) > 0 {
		master = s.masters[0]
		if !known && e.of.instant().Before(s.reader.Until) {
			s.reader.note(occurrence.Remark{Line: e.line, ID: s.uid, Property: "RECURRENCE-ID", Reason: stamp + " is no occurrence of the series: added to it"})
		}
	}
	end := e.endAt(e.start)
	if e.end == nil && e.lasts == nil {
		end = master.endAt(e.start)
	}
	if e.status == "scheduled" && master.status == "cancelled" && e.text("STATUS") == "" {
		e.status = "cancelled"
	}
	if e.status == "scheduled" && !e.start.instant().Equal(e.of.instant()) {
		e.status = "rescheduled"
	}
	s.add1(e, master, safeID(s.uid, stamp), series, e.start, end)
}

// instance is one occurrence as its rule gives it.
type instance struct {
	start moment
	end   time.Time
}

// instances are DTSTART, those of RRULE and of RDATE, without those of EXDATE.
func (s *series) instances(m *vevent) []instance {
	if !m.recurs() {
		return []instance{{m.start, m.endAt(m.start)}}
	}
	walls := s.ruled(m)
	all := make([]instance, 0, len(walls))
	for _, wall := range walls {
		start := moment{wall: wall, date: m.start.date, zone: m.start.zone}
		all = append(all, instance{start, m.endAt(start)})
	}
	all = append(all, s.dated(m)...)
	slices.SortStableFunc(all, func(a, b instance) int { return a.start.instant().Compare(b.start.instant()) })
	all = slices.DeleteFunc(all, s.excluded(m))
	if most := s.reader.Most; len(all) > most {
		s.tooMany(m, all[most].start)
		all = all[:most]
	}
	return all
}

func (s *series) tooMany(m *vevent, from moment) {
	s.reader.note(occurrence.Remark{
		Line: m.line, ID: s.uid, Property: "RRULE", Fault: true,
		Reason: fmt.Sprintf("gives more than %d occurrences: those from %s on are left out", s.reader.Most, from.wall.Format(time.DateOnly)),
	})
}

// ruled are the local times that RRULE gives, DTSTART first.
func (s *series) ruled(m *vevent) []time.Time {
	walls := []time.Time{m.start.wall}
	for _, p := range m.all("RRULE") {
		r := rule{text: p.value, start: m.start.wall, limit: m.start.zone.wall(s.reader.Until), most: s.reader.Most + 1, zone: m.start.zone}
		all, err := r.expand()
		if err != nil {
			s.reader.note(occurrence.Remark{Line: p.line, ID: s.uid, Property: "RRULE", Reason: fmt.Sprintf("%s: %v: only the first occurrence is taken", occurrence.Printable(p.value, 80), err), Fault: true})
			continue
		}
		walls = append(walls, all[1:]...)
	}
	if p, ok := m.get("EXRULE"); ok {
		s.reader.note(occurrence.Remark{Line: p.line, ID: s.uid, Property: "EXRULE", Reason: "is no longer in the standard and is not followed", Fault: true})
	}
	return walls
}

// dated are the occurrences of RDATE: times, dates, or periods.
func (s *series) dated(m *vevent) (all []instance) {
	for _, p := range m.all("RDATE") {
		zone := s.zoneOf(p, m)
		for _, text := range p.list() {
			from, to, period := strings.Cut(text, "/")
			start, err := parseMoment(from, zone)
			i := instance{start: start}
			switch {
			case err != nil:
			case !period:
				i.end = m.endAt(start)
			case strings.HasPrefix(strings.ToUpper(strings.TrimSpace(to)), "P"):
				var length span
				if length, err = parseSpan(to); err == nil && length.positive() {
					i.end = length.after(start)
				}
			default:
				var end moment
				if end, err = parseMoment(to, zone); err == nil && end.instant().After(start.instant()) {
					i.end = end.instant()
				}
			}
			if err != nil {
				s.reader.note(occurrence.Remark{Line: p.line, ID: s.uid, Property: "RDATE", Reason: fmt.Sprintf("%s: %v: left out", occurrence.Printable(text, 60), err), Fault: true})
				continue
			}
			all = append(all, i)
		}
	}
	return all
}

// excluded says which instances EXDATE takes out. A date takes out all of its day.
func (s *series) excluded(m *vevent) func(instance) bool {
	out := map[string]bool{}
	for _, p := range m.all("EXDATE") {
		for _, text := range p.list() {
			if strings.TrimSpace(text) == "" {
				continue
			}
			e, err := parseMoment(text, s.zoneOf(p, m))
			if err != nil {
				s.reader.note(occurrence.Remark{Line: p.line, ID: s.uid, Property: "EXDATE", Reason: fmt.Sprintf("%s: %v", occurrence.Printable(text, 60), err), Fault: true})
				continue
			}
			out[e.stamp()] = true
			if m.start.date { // a time takes out its day
				out[e.wall.Format("20060102")] = true
			}
		}
	}
	return func(i instance) bool {
		return out[i.start.stamp()] || out[i.start.wall.Format("20060102")]
	}
}

// zoneOf is the zone of a list of times; without one, that of DTSTART.
func (s *series) zoneOf(p property, m *vevent) *zone {
	if p.param("TZID") == "" {
		return m.start.zone
	}
	return s.zones.of(p)
}

// longestID leaves room for a stamp within the 200 characters of an event_id.
const longestID = 180

// safeID is the id of an occurrence: the UID, and the stamp of when it was to be in its series. A UID that cannot be one
// is replaced by a hash.
func safeID(uid, stamp string) string {
	if len(uid) > longestID || event.HoldsPersonalCode([]byte(uid)) {
		uid = event.NewID("ical", uid)
	}
	if stamp == "" {
		return uid
	}
	return uid + "/" + stamp
}
