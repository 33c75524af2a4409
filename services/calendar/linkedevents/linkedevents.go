// Package linkedevents reads events as the Linked Events API gives them (City of Helsinki and others): a page of a list, a
// list, or one event. It reads on where it can, and remarks what it did not understand, with the event's id.
package linkedevents

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"vointi.fi/services/calendar/occurrence"
)

// Page is a part of a list.
type Page struct {
	occurrence.Reading
	Next  string // where the list goes on; "" at its end
	Count int    // events of the whole list, as the server says; 0: not said
	Items int    // events of this page, understood or not
}

// Read reads a page. The error says that it is none; whatever else is wrong with it is remarked. location is that of
// dates, language that of texts that do not tell.
func Read(data []byte, location *time.Location, language string) (Page, error) {
	var raw struct {
		Meta struct {
			Next  *string `json:"next"`
			Count int     `json:"count"`
		} `json:"meta"`
		Data []json.RawMessage `json:"data"`
		ID   any               `json:"id"`
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	var err error
	switch {
	case len(trimmed) == 0:
		err = errors.New("it is empty")
	case trimmed[0] == '[':
		err = json.Unmarshal(data, &raw.Data)
	default:
		err = json.Unmarshal(data, &raw)
	}
	if err == nil && raw.Data == nil && raw.ID != nil {
		raw.Data = []json.RawMessage{data}
	}
	if err == nil && raw.Data == nil {
		err = errors.New(`there is no list named "data" in it`)
	}
	if err != nil {
		return Page{}, fmt.Errorf("read events: it is no page of Linked Events: %w", err)
	}
	page := Page{Count: raw.Meta.Count, Items: len(raw.Data)}
	if raw.Meta.Next != nil {
		page.Next = *raw.Meta.Next
	}
	for i, item := range raw.Data {
		r := reader{page: &page, number: i + 1, location: location, language: language}
		r.read(item)
	}
	return page, nil
}

// reader reads one event.
type reader struct {
	page     *Page
	number   int // in its page
	id       string
	members  map[string]json.RawMessage
	location *time.Location
	language string
}

func (r *reader) note(property string, fault bool, format string, args ...any) {
	id := r.id
	if id == "" {
		id = fmt.Sprintf("event %d of the page", r.number)
	}
	r.page.Note(occurrence.Remark{ID: id, Property: property, Reason: fmt.Sprintf(format, args...), Fault: fault})
}

// statuses of Linked Events.
var statuses = map[string]string{
	"": "scheduled", "EventScheduled": "scheduled", "EventRescheduled": "rescheduled", "EventPostponed": "postponed", "EventCancelled": "cancelled",
}

func (r *reader) read(item json.RawMessage) {
	if err := json.Unmarshal(item, &r.members); err != nil || r.members == nil {
		r.note("", true, "is no object")
		return
	}
	r.id = occurrence.Printable(r.text("id"), 180)
	if r.id == "" {
		r.note("id", true, "is missing: the event is left out")
		return
	}
	if r.text("publication_status") == "draft" {
		return
	}
	o := occurrence.Occurrence{
		ID: r.id, Where: r.id, Series: r.reference("super_event"), Name: r.names("name"), Kind: r.text("type_id"),
		Place: r.reference("location"), Provider: r.text("publisher"), Categories: r.references("keywords"), Audience: r.references("audience"),
		MinAge: r.number0("audience_min_age"), MaxAge: r.number0("audience_max_age"),
		CapacityMax: r.number0("maximum_attendee_capacity"), CapacityMin: r.number0("minimum_attendee_capacity"),
		Languages: r.references("in_language"), URL: r.text("@id"), Modified: r.instant("last_modified_time"),
	}
	if o.Provider == "" {
		o.Provider = r.names("provider")[r.language]
	}
	// What is made of others takes place only in them.
	o.Gone = r.flag("deleted") || r.text("super_event_type") != ""
	r.status(&o)
	r.offers(&o)
	if r.times(&o) {
		r.page.Occurrences = append(r.page.Occurrences, o)
	}
}

func (r *reader) status(o *occurrence.Occurrence) {
	status := r.text("event_status")
	known, ok := statuses[status]
	if !ok {
		known = "scheduled"
		r.note("event_status", false, "%q is not known: taken for EventScheduled", occurrence.Printable(status, 40))
	}
	o.Status = known
}

// times reads start and end. A date as the end is its last day. A postponed event may have no start; one that is deleted
// needs none.
func (r *reader) times(o *occurrence.Occurrence) bool {
	start, date, err := r.moment("start_time")
	if err != nil {
		r.note("start_time", true, "%v: the event is left out", err)
		return false
	}
	if start.IsZero() && o.Status != "postponed" && !o.Gone {
		r.note("start_time", true, "is missing: the event is left out")
		return false
	}
	o.Start, o.AllDay = start, date
	end, endDate, err := r.moment("end_time")
	switch {
	case err != nil:
		r.note("end_time", false, "%v: the end is not known", err)
		return true
	case endDate:
		end = end.AddDate(0, 0, 1)
	case end.IsZero() && date:
		end = start.AddDate(0, 0, 1)
	}
	if !end.IsZero() && end.Before(start) {
		r.note("end_time", false, "is before start_time: the end is not known")
		return true
	}
	if end.After(start) {
		o.End = end
	}
	return true
}

// moment reads a time, or a date, which begins at midnight; zero if there is none.
func (r *reader) moment(name string) (t time.Time, date bool, err error) {
	text := r.text(name)
	if text == "" {
		return time.Time{}, false, nil
	}
	if t, err = time.Parse(time.RFC3339, text); err != nil {
		if t, err = time.ParseInLocation(time.DateOnly, text, r.location); err != nil {
			if t, err = time.ParseInLocation("2006-01-02T15:04:05", text, r.location); err != nil {
				return t, false, fmt.Errorf("%q is neither a date nor a time", occurrence.Printable(text, 40))
			}
		} else {
			date = true
		}
	}
	if t.Year() < 1900 || t.Year() > 2200 {
		return time.Time{}, false, fmt.Errorf("year %d is not between 1900 and 2200", t.Year())
	}
	return t, date, nil
}

func (r *reader) instant(name string) time.Time {
	t, _, err := r.moment(name)
	if err != nil {
		r.note(name, false, "%v", err)
	}
	return t
}

// present returns a member that is there and not null.
func (r *reader) present(name string) (json.RawMessage, bool) {
	raw, ok := r.members[name]
	return raw, ok && string(raw) != "null"
}

func (r *reader) text(name string) string {
	var text string
	if raw, ok := r.present(name); ok && json.Unmarshal(raw, &text) != nil {
		r.note(name, false, "is no text")
	}
	return strings.TrimSpace(text)
}

func (r *reader) flag(name string) bool {
	var flag bool
	if raw, ok := r.present(name); ok && json.Unmarshal(raw, &flag) != nil {
		r.note(name, false, "is neither true nor false")
	}
	return flag
}

func (r *reader) number0(name string) *int {
	raw, ok := r.present(name)
	if !ok {
		return nil
	}
	var n int
	if err := json.Unmarshal(raw, &n); err != nil {
		r.note(name, false, "is no whole number")
		return nil
	}
	return &n
}

// names reads a text by language, or one text.
func (r *reader) names(name string) map[string]string {
	raw, ok := r.present(name)
	if !ok {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return map[string]string{r.language: text}
	}
	var by map[string]*string
	if err := json.Unmarshal(raw, &by); err != nil {
		r.note(name, false, "is neither a text nor texts by language")
		return nil
	}
	names := map[string]string{}
	for language, text := range by {
		if text != nil && *text != "" {
			names[language] = *text
		}
	}
	return names
}

// link is a reference to something else.
type link struct {
	ID string `json:"@id"`
}

// tail is the id at the end of an address: tprek:28473 of https://…/place/tprek:28473/.
func (l link) tail() string {
	path := strings.TrimRight(l.ID, "/")
	return occurrence.Printable(path[strings.LastIndexByte(path, '/')+1:], 200)
}

func (r *reader) reference(name string) string {
	raw, ok := r.present(name)
	if !ok {
		return ""
	}
	var l link
	if err := json.Unmarshal(raw, &l); err != nil {
		r.note(name, false, "is no reference with an @id")
	}
	return l.tail()
}

func (r *reader) references(name string) (ids []string) {
	raw, ok := r.present(name)
	if !ok {
		return nil
	}
	var links []link
	if err := json.Unmarshal(raw, &links); err != nil {
		r.note(name, false, "is no list of references with an @id")
	}
	for _, l := range links {
		if id := l.tail(); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}
