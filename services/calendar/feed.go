package calendar

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
	"vointi.fi/services/calendar/occurrence"
)

// Feed says where a calendar is found and what its words mean here.
type Feed struct {
	ID   string `yaml:"id"`   // names it for good: what is remembered of it is kept under this name
	URL  string `yaml:"url"`  // where it is polled; not needed to import a file
	Kind Kind   `yaml:"kind"` // icalendar unless told otherwise

	Every    time.Duration `yaml:"every"`    // between two polls; 15m
	Timezone string        `yaml:"timezone"` // of dates and of times without a zone; Europe/Helsinki
	Language string        `yaml:"language"` // of texts that do not tell; fi
	Horizon  time.Duration `yaml:"horizon"`  // how far ahead rules without an end are followed; 9600h, 400 days
	IDPrefix string        `yaml:"id_prefix"`
	// Vanished says what becomes of an occurrence to come that the calendar has no longer: cancel or keep; cancel. Past
	// ones stay.
	Vanished string `yaml:"vanished"`
	// Confirms says that the provider confirms by its calendar: what is over and was not cancelled was held.
	Confirms bool `yaml:"confirms"`

	// What holds unless the maps below say otherwise.
	Meaning `yaml:",inline"`
	Place   `yaml:",inline"`
	// Provider is the provider_id.
	Provider string `yaml:"provider"`

	Categories map[string]Meaning `yaml:"categories"` // by category, keyword id or type of event
	Locations  map[string]Place   `yaml:"locations"`  // by the id of a place, or by words of its name
	Providers  map[string]string  `yaml:"providers"`  // by the name or id of organizer or publisher
	Audiences  map[string]string  `yaml:"audiences"`  // target groups by the id of an audience
}

// Kind is the format of a feed.
type Kind string

// The kinds of feeds.
const (
	ICalendar    Kind = "icalendar"
	LinkedEvents Kind = "linkedevents"
)

// Meaning is what a category stands for.
type Meaning struct {
	ActivityType string   `yaml:"activity_type"`
	Class        string   `yaml:"class"`
	TargetGroups []string `yaml:"target_groups"`
}

// Place is what a location stands for.
type Place struct {
	Venue string `yaml:"venue"`
	Area  string `yaml:"area"`
}

const (
	cancelVanished = "cancel"
	keepVanished   = "keep"
)

// ReadFeeds reads a file of feeds: a list named feeds. The error lists everything that is wrong with it.
func ReadFeeds(text []byte) ([]*Feed, error) {
	var file struct {
		Feeds []*Feed `yaml:"feeds"`
	}
	if err := reference.Strict(text, &file); errors.Is(err, io.EOF) || err == nil && len(file.Feeds) == 0 {
		return nil, errors.New("there are no feeds in it; it must have a list named feeds")
	} else if err != nil {
		return nil, err
	}
	var faults []error
	seen := map[string]bool{}
	for i, f := range file.Feeds {
		if f == nil {
			faults = append(faults, fmt.Errorf("feed %d: is empty", i+1))
			continue
		}
		if seen[f.ID] {
			faults = append(faults, fmt.Errorf("feed %q: its id is given twice", f.ID))
		}
		seen[f.ID] = true
		f.setDefaults()
		faults = append(faults, f.validate()...)
	}
	return file.Feeds, errors.Join(faults...)
}

func (f *Feed) setDefaults() {
	given := func(text *string, otherwise string) {
		if *text == "" {
			*text = otherwise
		}
	}
	given((*string)(&f.Kind), string(ICalendar))
	given(&f.Timezone, "Europe/Helsinki")
	given(&f.Language, "fi")
	given(&f.Vanished, cancelVanished)
	given(&f.ActivityType, "other")
	given(&f.Class, "participation")
	given(&f.Venue, "unknown")
	if f.Every == 0 {
		f.Every = 15 * time.Minute
	}
	if f.Horizon == 0 {
		f.Horizon = 400 * 24 * time.Hour
	}
}

func (f *Feed) validate() (faults []error) {
	wrong := func(key, format string, args ...any) {
		faults = append(faults, fmt.Errorf("feed %q: %s: %s", f.ID, key, fmt.Sprintf(format, args...)))
	}
	if !isFeedID(f.ID) {
		wrong("id", "must be 1 to 40 small letters, digits and hyphens")
	}
	if f.Kind != ICalendar && f.Kind != LinkedEvents {
		wrong("kind", "must be %s or %s", ICalendar, LinkedEvents)
	}
	if f.URL != "" && !isWebAddress(f.URL) {
		wrong("url", "must be a web address that begins with http:// or https://")
	}
	if _, err := time.LoadLocation(f.Timezone); err != nil {
		wrong("timezone", "%q is no zone such as Europe/Helsinki", f.Timezone)
	}
	if f.Vanished != cancelVanished && f.Vanished != keepVanished {
		wrong("vanished", "must be %s or %s", cancelVanished, keepVanished)
	}
	if f.Every < time.Minute {
		wrong("every", "must be at least 1m")
	}
	if f.Horizon < 24*time.Hour || f.Horizon > 20*365*24*time.Hour {
		wrong("horizon", "must be from 24h to 20 years")
	}
	if len(f.IDPrefix) > 18 {
		wrong("id_prefix", "must be at most 18 characters")
	}
	if f.Provider == "" {
		wrong("provider", "is required: the provider_id of what nobody else is known to hold")
	}
	if f.Area == "" {
		wrong("area", "is required: the area of what takes place where it is not known")
	}
	f.try(wrong)
	return faults
}

func isFeedID(id string) bool {
	return id != "" && len(id) <= 40 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// try makes an event of everything that the feed's maps can give, so that what would be refused later is refused now.
func (f *Feed) try(wrong func(key, format string, args ...any)) {
	const own = "its own values"
	tried := map[string]bool{}
	check := func(key string, o occurrence.Occurrence) {
		o.ID, o.Status, o.Name = "x", "scheduled", map[string]string{f.Language: "x"}
		o.Start = time.Unix(0, 0).UTC()
		p := f.payload(o, &words{})
		p.LastModified = o.Start
		_, err := event.New(event.CalendarCreated, "/x", "x", o.Start, municipalityOf(p.Area), "x", p)
		var invalid *event.InvalidError
		if !errors.As(err, &invalid) {
			return
		}
		for _, fault := range invalid.Faults {
			name := strings.TrimPrefix(fault.Pointer, "/data/")
			if empty := strings.HasPrefix(name, "area") && f.Area == "" || name == "provider_id" && f.Provider == ""; !empty && !tried[fault.Pointer] {
				wrong(key, "%s %s", name, fault.Reason)
				tried[fault.Pointer] = key == own
			}
		}
	}
	check(own, occurrence.Occurrence{})
	for _, name := range slices.Sorted(maps.Keys(f.Categories)) {
		check("categories: "+name, occurrence.Occurrence{Kind: name})
	}
	for _, name := range slices.Sorted(maps.Keys(f.Locations)) {
		check("locations: "+name, occurrence.Occurrence{Place: name})
	}
	for _, name := range slices.Sorted(maps.Keys(f.Providers)) {
		check("providers: "+name, occurrence.Occurrence{Provider: name})
	}
	for _, name := range slices.Sorted(maps.Keys(f.Audiences)) {
		check("audiences: "+name, occurrence.Occurrence{Audience: []string{name}})
	}
}

// municipalityOf is the municipality of an area: a municipality itself, or a part of one as in KU853-01.
func municipalityOf(area string) string {
	whole, _, _ := strings.Cut(area, "-")
	return whole
}
