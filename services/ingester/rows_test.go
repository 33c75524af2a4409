package ingester_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/schemas"
	"vointi.fi/services/ingester"
)

// columnOf says which column holds an attribute, where its name is not that of the attribute without _id or _pseudonym.
var columnOf = map[event.Family]map[string]string{
	event.CheckinFamily:      {"session_id": "scope", "fee_eur": "fee_cents"},
	event.HeadcountFamily:    {"session_id": "scope"},
	event.CalendarFamily:     {"event_id": "scope", "area_id": "venue_area", "price_eur": "price_cents"},
	event.WaveFamily:         {"wave_id": "scope"},
	event.ResponseFamily:     {"wave_id": "scope", "area_id": "home_area"},
	event.CostFamily:         {"area_id": "cost_area", "amount_eur": "amount_cents", "kind": "cost_kind"},
	event.PopulationFamily:   {"area_id": "home_area", "table_id": "table_id"},
	event.AreaFamily:         {"area_id": "scope"},
	event.TargetFamily:       {"target_id": "scope", "area_id": "target_area", "source": "set_by"},
	event.PeriodFamily:       {"scope": "closed_scope"},
	event.CardFamily:         {"home_area_id": "scope"},
	event.RegistrationFamily: {"registration_id": "scope", "at": "at"},
	event.VolunteerFamily:    {"area_id": "volunteer_area", "start": "starts", "end": "ends"},
	event.ShiftFamily:        {"area_id": "shift_area", "start": "starts", "end": "ends", "hours": "centihours"},
	event.ReleaseFamily:      {"item_id": "scope", "area_id": "item_area", "at": "at"},
	event.MediaHitFamily:     {"item_id": "scope", "area_id": "item_area", "at": "at"},
	event.PlatformFamily:     {"platform_id": "scope"},
	event.ServiceUseFamily:   {"area_id": "use_area"},
	event.PartnerFamily:      {"partner_id": "scope", "kind": "partner_kind", "area_ids": "areas"},
	event.AgreementFamily:    {"agreement_id": "scope", "kind": "partner_kind", "area_ids": "areas"},
	event.VenueFamily:        {"venue_id": "scope", "kind": "venue_kind", "area_id": "venue_area"},
	event.ProjectFamily:      {"project_id": "scope", "area_ids": "areas", "from": "starts", "to": "ends", "comparison_area_ids": "comparison_areas"},
	event.InterviewFamily:    {"interview_id": "scope", "area_id": "interview_area", "at": "at"},
	event.PracticeFamily:     {"practice_id": "scope", "indicator_ids": "indicators", "estimate_ids": "estimates"},
	event.PriorityFamily:     {"priority_id": "scope", "area_id": "priority_area", "indicator_ids": "indicators"},
	event.ImportedFamily:     {"source": "origin", "area_id": "imported_area"},
	event.UnitCostFamily:     {"service_code": "scope", "source": "origin", "low": "low_cents", "base": "base_cents", "high": "high_cents"},
	event.RekeyFamily:        {"old_pseudonym": "old_pseudonym", "new_pseudonym": "new_pseudonym"},
}

// madeOf says which columns are made of other columns.
var madeOf = map[event.Family]map[string]func(row map[string]any) any{
	event.CheckinFamily:    {"day": dayOf("checked_in_at")},
	event.HeadcountFamily:  {"day": dayOf("counted_at")},
	event.CostFamily:       {"scope": areaAndMonth},
	event.PopulationFamily: {"scope": func(r map[string]any) any { return fmt.Sprintf("%v/%v", r["home_area"], r["year"]) }},
	event.PeriodFamily:     {"scope": func(r map[string]any) any { return fmt.Sprintf("%v/%v", r["period_type"], r["period_start"]) }},
	event.VolunteerFamily:  {"scope": firstDigits},
	event.ShiftFamily:      {"scope": firstDigits},
	event.ServiceUseFamily: {"scope": func(r map[string]any) any { return fmt.Sprintf("%v/%v", r["use_area"], r["period"]) }},
	event.ImportedFamily: {"scope": func(r map[string]any) any {
		return fmt.Sprintf("%v/%v/%v/%v", r["origin"], r["external"], r["imported_area"], r["year"])
	}},
}

func firstDigits(row map[string]any) any { return row["volunteer"].(string)[:3] }

func areaAndMonth(row map[string]any) any {
	if row["kind"] == "voided" {
		return ""
	}
	return row["cost_area"].(string) + "/" + row["period"].(string)[:7]
}

func dayOf(column string) func(map[string]any) any {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	return func(row map[string]any) any {
		at, _ := parseTime(row[column].(string))
		if err != nil || at.Unix() == 0 {
			return "1970-01-01"
		}
		return at.In(helsinki).Format(time.DateOnly)
	}
}

// defaults are what columns may hold for attributes that are not there and have another default than nothing.
var defaults = map[string]any{"party_size": json.Number("1"), "cost_kind": "actual"}

// Every good example ends as one row of the fact table of its family, each attribute in its column, and nothing in the
// others.
func TestEveryExampleIsARow(t *testing.T) {
	s := newSystem(t)
	bodies := map[string][]byte{}
	names, err := fs.Glob(schemas.FS, "events/examples/*.good-*.json")
	s.must(err)
	if len(names) < len(event.Types()) {
		t.Fatalf("%d good examples for %d types", len(names), len(event.Types()))
	}
	var events []*event.Event
	for _, name := range names {
		body, err := fs.ReadFile(schemas.FS, name)
		s.must(err)
		e, err := event.Decode(nil, body)
		s.must(err)
		e.ID = path.Base(name) // several examples share an id
		bodies[e.ID] = body
		events = append(events, e)
	}
	s.publish(events...)
	s.ingester(correctAny(events))
	s.drained()
	s.account(events, 0)
	for _, e := range events {
		t.Run(e.ID, func(t *testing.T) { checkRow(t, s.row(e), e, bodies[e.ID]) })
	}
}

// row reads a fact back, as JSON by column.
func (s *system) row(e *event.Event) map[string]any {
	s.Helper()
	table := "facts_" + string(e.Family())
	columns := s.query("SELECT name FROM system.columns WHERE database = 'vointi_internal' AND table = '" + table + "'")
	text := make([]string, len(columns))
	for i, c := range columns {
		text[i] = "ifNull(toJSONString(`" + c + "`), 'null')"
	}
	rows := s.query("SELECT '[' || " + strings.Join(text, " || ',' || ") + " || ']' FROM vointi_internal." + table + " FINAL WHERE id = '" + e.ID + "'")
	if len(rows) != 1 {
		s.Fatalf("%s: %d rows", e.ID, len(rows))
	}
	var values []any
	s.must(exact([]byte(rows[0]), &values))
	row := map[string]any{}
	for i, c := range columns {
		row[c] = values[i]
	}
	return row
}

// exact is json.Unmarshal that keeps every digit of a number.
func exact(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}

func checkRow(t *testing.T, row map[string]any, e *event.Event, body []byte) {
	t.Helper()
	var sent struct{ Data map[string]any }
	if err := exact(body, &sent); err != nil {
		t.Fatal(err)
	}
	want := head4(e)
	for attribute, value := range sent.Data {
		maps.Copy(want, columnsOf(e.Family(), attribute, value))
	}
	for column, value := range madeOf[e.Family()] {
		want[column] = value(row)
	}
	for column, got := range row {
		value, sent := want[column]
		delete(want, column)
		switch {
		case !sent && !empty(got) && !reflect.DeepEqual(got, defaults[column]):
			t.Errorf("%s holds %v, but nothing was sent for it", column, got)
		case sent && !same(got, value):
			t.Errorf("%s holds %v, want %v", column, got, value)
		}
	}
	if len(want) > 0 {
		t.Errorf("no column for %v", slices.Sorted(maps.Keys(want)))
	}
}

// head4 is what every fact table begins with.
func head4(e *event.Event) map[string]any {
	want := map[string]any{
		"chain": e.Chain().String(), "identity": e.Identity().String(), "hash": strconv.FormatUint(e.Hash(), 10),
		"source": e.Source, "id": e.ID, "time": e.Time.Format(time.RFC3339Nano), "area": e.Area,
	}
	if pilot := e.Extensions["pilotid"]; pilot != "" && e.Family() == event.CalendarFamily {
		want["pilot"] = pilot
	}
	if kind := kindOf[e.Type]; kind != "" {
		want["kind"] = kind
	}
	return want
}

var kindOf = map[event.Type]string{
	event.CheckinRecorded: "original", event.CheckinCorrected: "corrected", event.CheckinVoided: "voided",
	event.HeadcountRecorded: "original", event.HeadcountCorrected: "corrected", event.HeadcountVoided: "voided",
	event.CostEntered: "original", event.CostReversed: "voided",
	event.CalendarCreated: "created", event.CalendarUpdated: "updated", event.CalendarCancelled: "cancelled", event.CalendarHeld: "held",
	event.WaveOpened: "opened", event.WaveClosed: "closed", event.CardIssued: "issued", event.CardClosed: "closed",
	event.VolunteerEnrolled: "enrolled", event.VolunteerEnded: "ended", event.AgreementSigned: "signed", event.AgreementEnded: "ended",
}

// columnsOf says what an attribute becomes: one column, one for each member of its objects, or none.
func columnsOf(f event.Family, attribute string, value any) map[string]any {
	column := columnOf[f][attribute]
	if column == "" && slices.Contains([]string{"original", "reason", "at"}, attribute) {
		return nil // in chain; the rest of a void says nothing about numbers
	}
	if f == event.ErasureFamily {
		return map[string]any{"scope": event.PseudonymHash(value.(string))}
	}
	if column == "" {
		column = strings.TrimSuffix(strings.TrimSuffix(attribute, "_id"), "_pseudonym")
	}
	switch {
	case f == event.PopulationFamily && value == "all":
		value = "" // both sexes
	case attribute == "hours":
		hours, _ := value.(json.Number).Float64()
		value = json.Number(strconv.Itoa(int(math.Round(100 * hours))))
	case f == event.PracticeFamily && attribute == "cells":
		value = matrixTexts(value.(map[string]any))
	}
	list, ok := value.([]any)
	if ok && len(list) == 0 {
		return nil
	}
	if !ok {
		return map[string]any{column: value}
	}
	if _, ok := list[0].(map[string]any); !ok {
		return map[string]any{column: value}
	}
	return members(column, list)
}

// matrixTexts is the list of a practice's texts in the order of the table.
func matrixTexts(cells map[string]any) any {
	var list []any
	for _, row := range slices.Sorted(maps.Keys(cells)) {
		columns := cells[row].(map[string]any)
		for _, column := range []string{"problem", "solution", "results"} {
			texts, _ := columns[column].(map[string]any)
			for _, language := range slices.Sorted(maps.Keys(texts)) {
				list = append(list, map[string]any{"row": row, "column": column, "language": language, "text": texts[language]})
			}
		}
	}
	return list
}

// members turns a list of objects into a list for each member.
func members(column string, list []any) map[string]any {
	columns := map[string]any{}
	for i, element := range list {
		for name, value := range element.(map[string]any) {
			if short, ok := memberOf[name]; ok {
				name = short
			}
			key := column + "." + name
			if late, ok := lateMember[key]; ok {
				key = late
			}
			values, _ := columns[key].([]any)
			for len(values) < len(list) {
				values = append(values, nil)
			}
			values[i] = value
			columns[key] = values
		}
	}
	return columns
}

// memberOf says what a member of an object is called, where it is not by its own name.
var memberOf = map[string]string{"N": "n", "n_sampled": "sampled", "area_id": "area"}

// lateMember says in which column a member stands that came later than its table: a nested column cannot gain another, since
// rows from before would have too few of it.
var lateMember = map[string]string{"strata.sex": "strata_sex"}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == "" || v == "0" || strings.HasPrefix(v, "1970-01-01") || v == "00000000-0000-0000-0000-000000000000"
	case json.Number:
		return v == "0"
	case bool:
		return !v
	case []any:
		return !slices.ContainsFunc(v, func(v any) bool { return !empty(v) })
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// same compares what a column gives back with what was sent, across their ways to write times, decimals and hexadecimals.
func same(got, sent any) bool {
	if reflect.DeepEqual(got, sent) || fmt.Sprint(got) == fmt.Sprint(sent) || sent == nil && empty(got) {
		return true
	}
	if g, ok := got.([]any); ok {
		w, ok := sent.([]any)
		return ok && slices.EqualFunc(g, w, same)
	}
	if g, ok := got.(map[string]any); ok {
		w, ok := sent.(map[string]any)
		return ok && maps.EqualFunc(g, w, same)
	}
	w, ok := sent.(string)
	if !ok {
		return false
	}
	g := fmt.Sprint(got)
	if at, ok := parseTime(w); ok {
		stored, ok := parseTime(g)
		return ok && stored.Equal(at.Truncate(precision(g)))
	}
	if euros, err := strconv.ParseFloat(w, 64); err == nil {
		cents, err := strconv.ParseFloat(g, 64)
		return err == nil && cents == euros*100
	}
	return strings.ReplaceAll(g, "-", "") == w
}

func precision(s string) time.Duration {
	if len(s) == len("2006-01-02 15:04:05.000") {
		return time.Millisecond
	}
	return time.Nanosecond
}

func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, "2006-01", "2006-01-02 15:04:05.999999999"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// Values that no column can hold are told, all of them, and leave no half row behind.
func TestUnstorable(t *testing.T) {
	for name, change := range map[string]func(*event.Checkin){
		"party_size":          func(p *event.Checkin) { p.PartySize = 70_000 },
		"key_version":         func(p *event.Checkin) { p.KeyVersion = -1 },
		"checked_in_at":       func(p *event.Checkin) { p.CheckedInAt = time.Date(2262, 6, 1, 0, 0, 0, 0, time.UTC) },
		"person_pseudonym":    func(p *event.Checkin) { p.PersonPseudonym = "no hexadecimals" },
		"household_pseudonym": func(p *event.Checkin) { p.Household = "no hexadecimals" },
	} {
		e := checkin(t, 1)
		change(e.Payload.(*event.Checkin))
		e.Time = time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)
		err := ingester.Unstorable(e)
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "time 1800-01-01T00:00:00Z") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := ingester.Unstorable(checkin(t, 1)); err != nil {
		t.Error(err)
	}
}
