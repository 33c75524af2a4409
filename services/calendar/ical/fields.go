package ical

import (
	"fmt"
	"strings"
	"time"

	"vointi.fi/services/calendar/occurrence"
)

// add1 adds one occurrence. What e does not say itself, master says.
func (s *series) add1(e, master *vevent, id, series string, start moment, end time.Time) {
	text := func(name string) string {
		if _, ok := e.get(name); ok {
			return occurrence.Printable(e.text(name), 300)
		}
		return occurrence.Printable(master.text(name), 300)
	}
	o := occurrence.Occurrence{
		ID: id, Series: series, Where: fmt.Sprintf("line %d", e.line), Sequence: e.sequence, Status: e.status,
		Start: start.instant(), End: end, AllDay: start.date || wholeDays(e, master, start), Modified: e.modified,
		Place: text("LOCATION"), Provider: organizer(e, master), URL: text("URL"), Kind: "",
	}
	if summary := text("SUMMARY"); summary != "" {
		o.Name = map[string]string{s.reader.Language: summary}
	}
	o.Categories = categories(e)
	if len(o.Categories) == 0 {
		o.Categories = categories(master)
	}
	s.reader.reading.Occurrences = append(s.reader.reading.Occurrences, o)
}

// wholeDays says whether Outlook calls an event that begins at midnight one of whole days.
func wholeDays(e, master *vevent, start moment) bool {
	const property = "X-MICROSOFT-CDO-ALLDAYEVENT"
	said := e.text(property)
	if said == "" {
		said = master.text(property)
	}
	return strings.EqualFold(said, "TRUE") && start.wall.Equal(start.wall.Truncate(24*time.Hour))
}

func categories(e *vevent) (list []string) {
	for _, p := range e.all("CATEGORIES") {
		for _, text := range p.list() {
			if text = occurrence.Printable(text, 200); text != "" {
				list = append(list, text)
			}
		}
	}
	return list
}

// organizer is the name that ORGANIZER gives, else its address.
func organizer(e, master *vevent) string {
	p, ok := e.get("ORGANIZER")
	if !ok {
		p, _ = master.get("ORGANIZER")
	}
	name := p.param("CN")
	if name == "" {
		name = strings.TrimPrefix(strings.TrimPrefix(p.value, "mailto:"), "MAILTO:")
	}
	return occurrence.Printable(name, 200)
}
