package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"vointi.fi/pkg/event"
	"vointi.fi/services/calendar/occurrence"
)

// words are those of a calendar that its feed's maps do not know, with how often each was met.
type words struct {
	categories, locations map[string]int
	providers             int // how many occurrences; their names are persons'
}

func count(m *map[string]int, word string) {
	if *m == nil {
		*m = map[string]int{}
	}
	(*m)[word]++
}

// remarks tells each word once.
func (w *words) remarks() (list []occurrence.Remark) {
	for _, kind := range []struct {
		property string
		words    map[string]int
	}{{"categories", w.categories}, {"locations", w.locations}} {
		for _, word := range slices.Sorted(maps.Keys(kind.words)) {
			list = append(list, occurrence.Remark{Property: kind.property, Reason: fmt.Sprintf("%q is not mapped; the feed's own is taken (%d times)", word, kind.words[word])})
		}
	}
	if w.providers > 0 {
		list = append(list, occurrence.Remark{Property: "providers", Reason: fmt.Sprintf("%d organizers are not mapped; the feed's own is taken, since an organizer may be a person", w.providers)})
	}
	return list
}

// payload maps an occurrence, without last_modified, which belongs to what is published.
func (f *Feed) payload(o occurrence.Occurrence, unknown *words) *event.Calendar {
	meaning, place := f.meaning(o, unknown), f.place(o.Place, unknown)
	p := &event.Calendar{
		EventID: f.IDPrefix + o.ID, Sequence: o.Sequence, SeriesID: o.Series, Status: o.Status, Start: o.Start, End: o.End, AllDay: o.AllDay,
		VenueID: place.Venue, Area: place.Area, ProviderID: f.provider(o.Provider, unknown),
		ActivityType: meaning.ActivityType, Class: meaning.Class, TargetGroups: meaning.TargetGroups,
		AudienceMinAge: within(o.MinAge, 150), AudienceMaxAge: within(o.MaxAge, 150),
		CapacityMax: within(o.CapacityMax, maxCapacity), CapacityMin: within(o.CapacityMin, maxCapacity),
		PriceCents: o.PriceCents, IsFree: o.IsFree, Keywords: distinct(o.Categories, 50, 200), Languages: languages(o.Languages), SourceSystem: string(f.Kind),
	}
	if o.Series != "" {
		p.SeriesID = f.IDPrefix + o.Series
	}
	for language, name := range o.Name {
		if name = occurrence.Printable(name, 300); name != "" && slices.Contains([]string{"fi", "sv", "en"}, language) {
			if p.Name == nil {
				p.Name = map[string]string{}
			}
			p.Name[language] = name
		}
	}
	if isWebAddress(o.URL) && len(o.URL) <= 2000 {
		p.SourceURL = o.URL
	}
	return p
}

const maxCapacity = 1_000_000

func within(n *int, most int) *int {
	if n == nil || *n < 0 || *n > most {
		return nil
	}
	return n
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.String() == text
}

// distinct are the different texts of a list, at most so many and of at most so many characters.
func distinct(list []string, most, longest int) (kept []string) {
	for _, text := range list {
		text = occurrence.Printable(text, longest)
		if text != "" && !slices.Contains(kept, text) && len(kept) < most {
			kept = append(kept, text)
		}
	}
	return kept
}

// languages are the codes among them.
func languages(list []string) (kept []string) {
	for _, code := range distinct(list, 20, 3) {
		if len(code) >= 2 && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") == "" {
			kept = append(kept, code)
		}
	}
	return kept
}

// meaning is that of the first category that is mapped; target groups are those of all.
func (f *Feed) meaning(o occurrence.Occurrence, unknown *words) Meaning {
	found := Meaning{}
	mapped := false
	for _, category := range append([]string{o.Kind}, o.Categories...) {
		m, ok := lookUp(f.Categories, category)
		if !ok {
			continue
		}
		mapped = true
		found.ActivityType, found.Class = cmp.Or(found.ActivityType, m.ActivityType), cmp.Or(found.Class, m.Class)
		found.TargetGroups = append(found.TargetGroups, m.TargetGroups...)
	}
	for _, audience := range o.Audience {
		if group, ok := lookUp(f.Audiences, audience); ok {
			found.TargetGroups = append(found.TargetGroups, group)
		}
	}
	if !mapped {
		for _, category := range o.Categories {
			count(&unknown.categories, category)
		}
	}
	if len(found.TargetGroups) == 0 {
		found.TargetGroups = f.TargetGroups
	}
	slices.Sort(found.TargetGroups)
	found.TargetGroups = slices.Compact(found.TargetGroups)
	found.ActivityType, found.Class = cmp.Or(found.ActivityType, f.ActivityType), cmp.Or(found.Class, f.Class)
	return found
}

// lookUp finds a word whatever its letters' case.
func lookUp[V any](m map[string]V, word string) (found V, ok bool) {
	if word == "" {
		return found, false
	}
	if found, ok = m[word]; ok {
		return found, true
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if strings.EqualFold(key, word) {
			return m[key], true
		}
	}
	return found, false
}

// place is that of a location's id or name, or of the longest mapped words in its name. The id of a place of Linked Events
// that is not mapped names the venue itself.
func (f *Feed) place(location string, unknown *words) Place {
	found, ok := lookUp(f.Locations, location)
	if !ok {
		best := ""
		for _, key := range slices.Sorted(maps.Keys(f.Locations)) {
			if len(key) > len(best) && strings.Contains(strings.ToLower(location), strings.ToLower(key)) {
				best, found, ok = key, f.Locations[key], true
			}
		}
	}
	if !ok && location != "" {
		if f.Kind == LinkedEvents && utf8.RuneCountInString(location) <= 200 {
			found.Venue = location
		} else {
			count(&unknown.locations, location)
		}
	}
	return Place{Venue: cmp.Or(found.Venue, f.Venue), Area: cmp.Or(found.Area, f.Area)}
}

// provider is the mapped one or the feed's. A name that is not mapped is not published: it may be a person's.
func (f *Feed) provider(name string, unknown *words) string {
	found, ok := lookUp(f.Providers, name)
	if !ok && name != "" && len(f.Providers) > 0 {
		unknown.providers++
	}
	return cmp.Or(found, f.Provider)
}
