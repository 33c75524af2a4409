package participation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
	"vointi.fi/pkg/stream"
)

// Reader reads what lies on the bus; [stream.Conn] is one.
type Reader interface {
	Page(ctx context.Context, stream, subject string, from uint64) ([]stream.Message, error)
}

// Session is an occurrence of a calendar, as far as whoever records visits to it must know it.
type Session struct {
	SessionID    string            `json:"session_id"`
	Name         map[string]string `json:"name,omitempty"` // by language
	Start        time.Time         `json:"start"`
	End          time.Time         `json:"end,omitzero"`
	AllDay       bool              `json:"all_day,omitempty"`
	VenueID      string            `json:"venue_id"`
	VenueName    map[string]string `json:"venue_name,omitempty"` // by language, if the stream still has what registered the venue
	VenueArea    string            `json:"venue_area_id"`
	ProviderID   string            `json:"provider_id"`
	ActivityType string            `json:"activity_type"`
}

// agenda is what the calendars say, as the bus tells it: the calendar events that the stream still has, and what the
// calendar service remembers as last published of the feeds that it polls, however long ago. What was PUT there and has
// not changed since is known for as long as the stream keeps events, which is 30 days unless set otherwise. It is read on
// at each request, so nothing is missed and nothing waits for news.
type agenda struct {
	reader Reader
	zone   *time.Location // whose days are the calendar's
	mu     sync.Mutex
	read   map[string]cursor      // by subject
	known  map[string]*occurrence // by event_id
	venues map[string]*venue      // by venue_id
}

// cursor is how far a source has been read: the last message of it.
type cursor struct {
	sequence uint64
	at       time.Time
}

// venue is the event that counts of one venue.
type venue struct {
	order event.Order
	name  map[string]string
}

func newAgenda(reader Reader) (*agenda, error) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return nil, err
	}
	return &agenda{reader: reader, zone: zone, read: map[string]cursor{}, known: map[string]*occurrence{}, venues: map[string]*venue{}}, nil
}

// occurrence is the event that counts of one occurrence: the fold is that of all events, so it does not matter which of
// the streams tells it.
type occurrence struct {
	order   event.Order
	session *Session // nil: it does not take place, or has been over for long
}

// longOver is how long after its end a session is still listed.
const longOver = 7 * 24 * time.Hour

// source is where events of calendars or venues lie, and how a message there becomes one.
type source struct {
	stream, subject string
	event           func(stream.Message) (*event.Event, error)
}

var sources = []source{
	{stream.State, stream.StatePrefix + "calendar.event.>", func(m stream.Message) (*event.Event, error) {
		var record struct{ Event json.RawMessage }
		if err := json.Unmarshal(m.Data, &record); err != nil {
			return nil, err
		}
		return event.Decode(nil, record.Event)
	}},
	{stream.Events, stream.EventsPrefix + "calendar.>", published},
	{stream.Events, stream.EventsPrefix + "venue.>", published},
}

func published(m stream.Message) (*event.Event, error) { return event.Decode(m.Header, m.Data) }

// catchUp reads what has come since it was last asked.
func (a *agenda) catchUp(ctx context.Context, now time.Time) error {
	for _, s := range sources {
		for more := true; more; {
			var err error
			if more, err = a.page(ctx, s, now); err != nil {
				return fmt.Errorf("read calendar: %w", err)
			}
		}
	}
	return nil
}

// page reads on in a source, and says whether there may be more. It begins with the message that it read last. Where that is
// gone or another, the stream may have been made anew, with sequences that begin again, so it is read from its beginning.
func (a *agenda) page(ctx context.Context, s source, now time.Time) (more bool, err error) {
	last := a.read[s.subject]
	page, err := a.reader.Page(ctx, s.stream, s.subject, max(last.sequence, 1))
	if err != nil {
		return false, err
	}
	if last.sequence > 0 {
		if len(page) == 0 || page[0].Sequence != last.sequence || !page[0].ReceivedAt.Equal(last.at) {
			delete(a.read, s.subject)
			return true, nil
		}
		page = page[1:]
	}
	for _, m := range page {
		if e, err := s.event(m); err == nil { // what is no event is told by the ingester
			a.take(e, now)
		}
		a.read[s.subject] = cursor{m.Sequence, m.ReceivedAt}
	}
	return len(page) > 0, nil
}

// take folds an event in: of each occurrence and each venue the greatest counts.
func (a *agenda) take(e *event.Event, now time.Time) {
	switch p := e.Payload.(type) {
	case *event.Calendar:
		a.takeOccurrence(e, p, now)
	case *event.Venue:
		if before := a.venues[p.VenueID]; before == nil || event.Less(before.order, e.Order()) {
			a.venues[p.VenueID] = &venue{e.Order(), p.Name}
		}
	}
}

func (a *agenda) takeOccurrence(e *event.Event, p *event.Calendar, now time.Time) {
	next := &occurrence{order: e.Order()}
	if before := a.known[p.EventID]; before != nil && !event.Less(before.order, next.order) {
		return
	}
	a.known[p.EventID] = next
	takesPlace := p.Status != "cancelled" && p.Status != "postponed"
	if takesPlace && endOf(p.Start, p.End).After(now.Add(-longOver)) {
		next.session = &Session{
			SessionID: p.EventID, Name: p.Name, Start: p.Start, End: p.End, AllDay: p.AllDay, VenueID: p.VenueID, VenueArea: p.Area,
			ProviderID: p.ProviderID, ActivityType: p.ActivityType,
		}
	}
}

// endOf is the end, or the start if the end is not known.
func endOf(start, end time.Time) time.Time {
	if end.After(start) {
		return end
	}
	return start
}

// on returns the sessions of a day, those that have begun before and last into it too, by start.
func (a *agenda) on(ctx context.Context, day, now time.Time) ([]*Session, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.catchUp(ctx, now); err != nil {
		return nil, err
	}
	all := []*Session{}
	for _, o := range a.known {
		s := o.session
		if s != nil && s.Start.Before(day.AddDate(0, 0, 1)) && (endOf(s.Start, s.End).After(day) || s.Start.Equal(day)) {
			all = append(all, a.placed(*s))
		}
	}
	slices.SortFunc(all, func(a, b *Session) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.SessionID, b.SessionID))
	})
	return all, nil
}

// placed is a session with the name that its venue has now.
func (a *agenda) placed(s Session) *Session {
	if v := a.venues[s.VenueID]; v != nil {
		s.VenueName = v.name
	}
	return &s
}

var errDay = errors.New("day must be a day such as 2026-03-05")

// sessions answers with the sessions of a day; the query's day is today in Finland if not given, area and venue narrow
// the list, and so does what the caller may record for.
func (p *Participation) sessions(w http.ResponseWriter, r *http.Request, caller access.Caller) {
	query, now := r.URL.Query(), p.now()
	today := now.In(p.agenda.zone)
	day := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, p.agenda.zone)
	if text := query.Get("day"); text != "" {
		var err error
		if day, err = time.ParseInLocation(time.DateOnly, text, p.agenda.zone); err != nil {
			service.WriteError(w, http.StatusBadRequest, errDay.Error())
			return
		}
	}
	all, err := p.agenda.on(r.Context(), day, now)
	if err != nil {
		p.log.Warn("calendar not read", zap.Error(err))
		service.WriteError(w, http.StatusServiceUnavailable, "the event stream cannot be reached; ask again")
		return
	}
	area, venue := query.Get("area"), query.Get("venue")
	all = slices.DeleteFunc(all, func(s *Session) bool {
		return !caller.In(s.VenueArea) || venue != "" && s.VenueID != venue || area != "" && s.VenueArea != area && event.MunicipalityOf(s.VenueArea) != area
	})
	w.Header().Set("Cache-Control", "no-store")
	service.WriteJSON(w, http.StatusOK, map[string]any{"day": day.Format(time.DateOnly), "sessions": all})
}
