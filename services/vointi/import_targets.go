package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
)

// targetColumns are what a file may say of a target.
var targetColumns = []string{"indicator", "area_id", "age_scheme", "age_group", "year", "starts", "value", "source", "set_at", "target_id"}

// events returns the events of a document, and every fault of it with its line and column.
func (c *targetCheck) events(d document, licence string) (in imported) {
	file := d.name
	records, all, err := recordsFromFile(file, d.body, "targets", targetColumns, []string{"set_at", "source"})
	c.setAt, c.source, in.unreadable = cmp.Or(all["set_at"], c.setAt), all["source"], err
	if len(records) == 0 && err == nil {
		in.unreadable = fmt.Errorf("%s: there are no targets in it", file)
	}
	indicators, areas := names{}, names{}
	for _, r := range records {
		faults := r.faults
		if r.values != nil {
			e, wrong := c.event(d, licence, r)
			if faults = append(faults, wrong...); len(faults) == 0 {
				target := e.Payload.(*event.Target)
				indicators[target.Indicator], areas[target.Area] = true, true
				in.events = append(in.events, e)
			}
		}
		in.add(faults)
	}
	in.summary = fmt.Sprintf("%s for %s in %s", countOf(len(in.events), "target", "targets"), countOf(len(indicators), "indicator", "indicators"), countOf(len(areas), "area", "areas"))
	in.shows, in.ledger = "vointi.targets shows them", "targets"
	return in
}

// madeTargetID names a target by what it is for. The start is a part only where there is one, so that a file from before there
// was any makes the same events as ever.
func madeTargetID(t *event.Target, year, starts string) string {
	parts := []string{t.Indicator, t.Area, year}
	if starts != "" {
		parts = append(parts, starts)
	}
	return strings.TrimRight(strings.Join(append(parts, t.AgeScheme, t.AgeGroup), "/"), "/")
}

// event makes the event of a target, or tells every fault.
func (c *targetCheck) event(d document, licence string, r record) (*event.Event, []error) {
	file := d.name
	v := func(name string) string { return r.values[name].text }
	target := &event.Target{
		TargetID: v("target_id"), Indicator: v("indicator"), Area: v("area_id"), AgeScheme: v("age_scheme"), AgeGroup: v("age_group"),
		Source: cmp.Or(v("source"), c.source.text), RetrievedAt: d.retrieved, Licence: licence,
	}
	if target.TargetID == "" {
		target.TargetID = madeTargetID(target, v("year"), v("starts"))
	}
	faults := c.numbers(file, r, target)
	faults = append(faults, c.known(file, r, target)...)
	// the id is that of the entity at its time: the same file makes the same events
	id := event.NewID("target", target.TargetID, target.SetAt.Format(time.RFC3339Nano), retrievedName(d.retrieved))
	at := cmp.Or(target.SetAt, time.Unix(0, 0))
	e, err := event.New(event.TargetSet, "/vointi/cli", id, at, event.MunicipalityOf(target.Area), target.TargetID, target)
	var invalid *event.InvalidError
	if errors.As(err, &invalid) {
		for _, f := range invalid.Faults {
			name := strings.TrimPrefix(f.Pointer, "/data/")
			if !told(faults, name) {
				faults = append(faults, r.where(name).fault(file, "%s: %s", name, f.Reason))
			}
		}
	} else if err != nil {
		faults = append(faults, err)
	}
	if len(faults) == 0 {
		faults = c.once(file, r, target)
	}
	return e, faults
}

// told reports whether one of the faults is about a value.
func told(faults []error, name string) bool {
	return strings.Contains(fmt.Sprint(faults), ": "+name+": ")
}

// where is the place of a value, or that of the record that lacks it.
func (r record) where(name string) cell {
	if v, ok := r.values[name]; ok {
		return v
	}
	return r.cell
}

// numbers reads year, value and time.
func (c *targetCheck) numbers(file string, r record, target *event.Target) (faults []error) {
	wrong := func(name, format string, args ...any) {
		faults = append(faults, r.where(name).fault(file, "%s: %s", name, fmt.Sprintf(format, args...)))
	}
	read := func(name, what string, parse func(string) error) {
		switch v, ok := r.values[name]; {
		case !ok:
			wrong(name, "is required")
		case parse(v.text) != nil:
			wrong(name, "%q is not %s", v.text, what)
		}
	}
	read("year", "a year such as 2026", func(s string) (err error) {
		target.Year, err = strconv.Atoi(s)
		return err
	})
	read("value", "a number such as 32.5", func(s string) (err error) {
		target.Value, err = strconv.ParseFloat(s, 64)
		return err
	})
	if _, given := r.values["starts"]; given {
		read("starts", "a month such as 2026-01", func(s string) (err error) {
			target.Starts, err = time.Parse("2006-01", s)
			return err
		})
	}
	set := cmp.Or(r.values["set_at"], c.setAt)
	at, ok := instantOf(set.text)
	switch {
	case set.text == "":
		wrong("set_at", "is required: give it here, once for the whole YAML file, or by --set-at; it decides which target counts")
	case !ok:
		wrong("set_at", "%q %s", set.text, notAnInstant)
	}
	target.SetAt = at
	return faults
}

// known refuses indicators and age groups that do not exist.
func (c *targetCheck) known(file string, r record, target *event.Target) (faults []error) {
	if id := target.Indicator; id != "" && !slices.Contains(c.catalogue, id) {
		faults = append(faults, r.where("indicator").fault(file, "indicator: there is no %s%s", id, reference.Meant(id, c.catalogue)))
	}
	scheme := c.ages.Scheme(target.AgeScheme)
	if target.AgeGroup == "" || scheme == nil {
		return faults
	}
	var groups []string
	for _, g := range scheme.Groups {
		groups = append(groups, g.ID)
	}
	if !slices.Contains(groups, target.AgeGroup) {
		faults = append(faults, r.where("age_group").fault(file, "age_group: %s has %s, not %s", target.AgeScheme, strings.Join(groups, ", "), target.AgeGroup))
	}
	return faults
}

// once refuses a target that stands twice, and two targets for the same.
func (c *targetCheck) once(file string, r record, target *event.Target) (faults []error) {
	same := fmt.Sprintf("%s in %s, %s %s, %d", target.Indicator, target.Area, target.AgeScheme, target.AgeGroup, target.Year)
	if !target.Starts.IsZero() {
		same += " since a month"
	}
	for key, what := range map[string]string{"target " + target.TargetID: "target_id", "for " + same: "indicator"} {
		if before, twice := c.seen[key]; twice {
			faults = append(faults, r.where(what).fault(file, "the %s stands in line %d already", key, before.line))
			return faults
		}
		c.seen[key] = r.cell
	}
	return nil
}
