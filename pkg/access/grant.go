package access

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"vointi.fi/pkg/event"
)

// DeniedError says what of a request its sender may not publish, and where: pointers begin with the index of the event in a
// batch.
type DeniedError struct{ Faults []event.Fault }

// Error implements error.
func (e *DeniedError) Error() string {
	return fmt.Sprintf("not granted to this token: %s %s", e.Faults[0].Pointer, e.Faults[0].Reason)
}

// Check says what of an event the caller may not publish; nothing if all is granted. With ownSource the event brought its
// source with it, and is not made by a service of ours.
func (c Caller) Check(e *event.Event, ownSource bool) []event.Fault {
	if c.grant == nil {
		return nil
	}
	var faults []event.Fault
	fault := func(pointer, format string, args ...any) {
		faults = append(faults, event.Fault{Pointer: pointer, Reason: fmt.Sprintf(format, args...)})
	}
	if !c.grant.Publishes(e.Type) {
		fault("/type", "the token %s is not granted the event type %s, only %s", c.Name, e.Type, told(c.grant.Families))
	}
	for _, at := range areasOf(e) {
		if !c.grant.in(at.area) {
			fault(at.pointer, "the token %s is not granted the area %s, only %s", c.Name, at.area, told(c.grant.Areas))
		}
	}
	if ownSource && !covers(c.grant.Sources, e.Source, "/") {
		fault("/source", "the token %s is not granted the source %s, only %s", c.Name, e.Source, told(c.grant.Sources))
	}
	if !c.grant.CorrectAny && event.CheckOriginal(e, nil) != nil {
		fault("/data/original/source", "the token %s is not granted to correct events of other sources", c.Name)
	}
	return faults
}

// Publishes says whether a type of events is granted.
func (g *Grant) Publishes(t event.Type) bool { return covers(g.Families, string(t), ".") }

func (g *Grant) in(area string) bool {
	return slices.Contains(g.Areas, "*") || slices.Contains(g.Areas, event.MunicipalityOf(area))
}

func covers(granted []string, s, parted string) bool {
	return slices.ContainsFunc(granted, func(prefix string) bool { return prefix == "*" || begins(s, prefix, parted) })
}

func told(granted []string) string {
	if len(granted) == 0 {
		return "none"
	}
	return strings.Join(granted, ", ")
}

type place struct{ pointer, area string }

// areasOf lists where an event counts: its areaid, and what its data names as the place. A home may be anywhere. An area that
// is no part of a municipality, a county or a postal code, belongs to SSS.
func areasOf(e *event.Event) []place {
	all := []place{{"/areaid", e.Area}}
	var data struct {
		VenueArea string `json:"venue_area_id"`
		Area      string `json:"area_id"`
	}
	_ = json.Unmarshal(e.Data, &data) // valid, since the event is
	for _, p := range []place{{"/data/venue_area_id", data.VenueArea}, {"/data/area_id", data.Area}} {
		if p.area != "" && event.MunicipalityOf(p.area) != event.MunicipalityOf(e.Area) {
			all = append(all, p)
		}
	}
	return all
}
