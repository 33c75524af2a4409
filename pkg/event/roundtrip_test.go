package event_test

import (
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
	"vointi.fi/pkg/event"
)

// TestRoundTrip makes events of every type from random payloads: New takes them, the payload comes back unchanged, and
// Decode(Encode(e)) is e.
func TestRoundTrip(t *testing.T) {
	for typ, payload := range payloads {
		t.Run(string(typ), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				d := draw{t}
				p := payload(d)
				at := d.time("time")
				e, err := event.New(typ, d.uri("source"), d.code("id"), at, rapid.SampledFrom([]string{"KU305", "SSS"}).Draw(t, "area"), d.maybe("subject"), p)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(e.Payload, p) || !e.Time.Equal(at) {
					t.Fatalf("got  %+v\nwant %+v", e.Payload, p)
				}
				again, err := event.Decode(nil, e.Encode())
				if err != nil || !reflect.DeepEqual(e, again) {
					t.Fatalf("%v\n%+v\n%+v", err, e, again)
				}
				if err := conforms(e.Encode()); err != nil {
					t.Fatal(err)
				}
				if e.Key() != again.Key() || e.Hash() != again.Hash() || e.MessageID() != again.MessageID() {
					t.Fatal("hashes differ")
				}
			})
		})
	}
	for _, typ := range event.Types() {
		if payloads[typ] == nil {
			t.Errorf("no payload for %s", typ)
		}
	}
}

func TestUncheckedIsNewWithoutTheChecks(t *testing.T) {
	at := time.Unix(0, 0)
	for _, name := range []string{"participation.checkin.v1.good-full", "calendar.event.held.v1.good-full", "survey.response.v1.good-full"} {
		e := good(t, name)
		checked, err := event.New(e.Type, "/a", "1", at, "SSS", "s", e.Payload)
		unchecked, uncheckedErr := event.Unchecked(e.Type, "/a", "1", at, "SSS", "s", e.Payload)
		if err != nil || uncheckedErr != nil || string(unchecked.Encode()) != string(checked.Encode()) || unchecked.Payload != e.Payload {
			t.Errorf("%s: %+v %v, want %+v %v", name, unchecked, uncheckedErr, checked, err)
		}
	}
	if _, err := event.Unchecked(event.CheckinVoided, "", "", at, "", "", &event.Void{}); err != nil {
		t.Errorf("it checks: %v", err)
	}
	for name, typ := range map[string]event.Type{"unknown type": "x", "another type's payload": event.CostEntered} {
		if _, err := event.Unchecked(typ, "/a", "1", at, "SSS", "", &event.Void{}); !errors.Is(err, event.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	at := time.Unix(0, 0)
	void := &event.Void{Original: event.Ref{Source: "/a", ID: "1"}, Reason: "x", At: at}
	ok, err := event.New(event.CheckinVoided, "/a", "2", at, "KU305", "", void)
	if err != nil || ok.Payload == event.Payload(void) {
		t.Fatalf("%v; the payload must be a copy", err)
	}
	for name, do := range map[string]func() (*event.Event, error){
		"type":    func() (*event.Event, error) { return event.New("x", "/a", "2", at, "KU305", "", void) },
		"payload": func() (*event.Event, error) { return event.New(event.CostEntered, "/a", "2", at, "KU305", "", void) },
		"nil":     func() (*event.Event, error) { return event.New(event.CheckinVoided, "/a", "2", at, "KU305", "", nil) },
		"nil pointer": func() (*event.Event, error) {
			return event.New(event.CheckinVoided, "/a", "2", at, "KU305", "", (*event.Void)(nil))
		},
		"source": func() (*event.Event, error) { return event.New(event.CheckinVoided, "", "2", at, "KU305", "", void) },
		"area":   func() (*event.Event, error) { return event.New(event.CheckinVoided, "/a", "2", at, "HVA17", "", void) },
		"zero time": func() (*event.Event, error) {
			return event.New(event.CheckinVoided, "/a", "2", time.Time{}, "SSS", "", void)
		},
		"year 2200": func() (*event.Event, error) {
			return event.New(event.CheckinVoided, "/a", "2", time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), "SSS", "", void)
		},
		"correction without original": func() (*event.Event, error) {
			return event.New(event.HeadcountCorrected, "/a", "2", at, "SSS", "", good(t, "participation.headcount.v1.good-full").Payload)
		},
		"original outside of a correction": func() (*event.Event, error) {
			return event.New(event.HeadcountRecorded, "/a", "2", at, "SSS", "", good(t, "participation.headcount.corrected.v1.good-full").Payload)
		},
		"attendance before the event": func() (*event.Event, error) {
			return event.New(event.CalendarCreated, "/a", "2", at, "SSS", "", good(t, "calendar.event.held.v1.good-full").Payload)
		},
		"negative cost": func() (*event.Event, error) {
			p := *good(t, "cost.entry.v1.good-full").Payload.(*event.Cost)
			p.AmountCents = -1
			return event.New(event.CostEntered, "/a", "2", at, "SSS", "", &p)
		},
		"weight": func() (*event.Event, error) {
			p := *good(t, "survey.response.v1.good-full").Payload.(*event.Response)
			p.Weight = ptr(math.NaN())
			return event.New(event.ResponseSubmitted, "/a", "2", at, "SSS", "", &p)
		},
		"text that is not UTF-8": func() (*event.Event, error) {
			return event.New(event.CheckinVoided, "/a", "\xff", at, "SSS", "", void)
		},
	} {
		if e, err := do(); !errors.Is(err, event.ErrInvalid) {
			t.Errorf("%s: got %+v, %v", name, e, err)
		}
	}
}

func ptr[T any](v T) *T { return &v }

// draw draws the values that payloads are made of.
type draw struct{ *rapid.T }

func (d draw) code(name string) string {
	return rapid.StringMatching(`[A-Za-z0-9äö€ "\\/<:.-]{1,12}`).Draw(d.T, name)
}

func (d draw) uri(name string) string { return rapid.StringMatching(`/[a-z/~%]{0,9}`).Draw(d.T, name) }

func (d draw) maybe(name string) string {
	if !d.bool(name + "?") {
		return ""
	}
	return d.code(name)
}
func (d draw) bool(name string) bool           { return rapid.Bool().Draw(d.T, name) }
func (d draw) int(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(d.T, name) }
func (d draw) of(list string) string {
	return rapid.SampledFrom(event.ClosedLists()[list]).Draw(d.T, list)
}

func (d draw) area(name string) string {
	return d.sample(name, "KU305", "KU853-01", "HVA17", "MK16", "20100", "SSS")
}

func (d draw) sample(name string, from ...string) string {
	return rapid.SampledFrom(from).Draw(d.T, name)
}

func (d draw) maybeOf(list string) string {
	if !d.bool(list + "?") {
		return ""
	}
	return d.of(list)
}

func (d draw) maybeInt(name string, lo, hi int) *int {
	if !d.bool(name + "?") {
		return nil
	}
	return ptr(d.int(name, lo, hi))
}

func (d draw) maybeCents(name string) *int64 {
	if !d.bool(name + "?") {
		return nil
	}
	return ptr(int64(d.int(name, 0, 999_999_999_999)))
}

func (d draw) maybeBool(name string) *bool {
	if !d.bool(name + "?") {
		return nil
	}
	return ptr(d.bool(name))
}

func (d draw) time(name string) time.Time {
	return time.Unix(int64(d.int(name, -2208988800, 7258118399)), int64(d.int(name+" ns", 0, 999_999_999))).UTC()
}

func (d draw) maybeTime(name string) time.Time {
	if !d.bool(name + "?") {
		return time.Time{}
	}
	return d.time(name)
}

func (d draw) date(name string) time.Time { return d.time(name).Truncate(24 * time.Hour) }

func (d draw) hex(name string) string { return rapid.StringMatching(`[0-9a-f]{32}`).Draw(d.T, name) }

func (d draw) ref() *event.Ref {
	return &event.Ref{Source: d.uri("original source"), ID: d.code("original id")}
}

func (d draw) names() map[string]string {
	m := map[string]string{"fi": d.code("fi")}
	if d.bool("sv?") {
		m["sv"] = d.code("sv")
	}
	return m
}

func (d draw) groups() []string {
	n := d.int("groups", 0, 6)
	if n == 0 {
		return nil
	}
	return append([]string(nil), event.ClosedLists()["target_groups"][:n]...)
}

func list[T any](d draw, name string, element func() T) (l []T) {
	for range d.int(name, 0, 3) {
		l = append(l, element())
	}
	return l
}

func void(d draw) event.Payload {
	return &event.Void{Original: *d.ref(), Reason: d.code("reason"), At: d.time("at")}
}

var payloads = map[event.Type]func(draw) event.Payload{
	event.CheckinRecorded: func(d draw) event.Payload { return checkinOf(d) },
	event.CheckinCorrected: func(d draw) event.Payload {
		p := checkinOf(d)
		p.Original = d.ref()
		return p
	},
	event.CheckinVoided:     void,
	event.HeadcountRecorded: func(d draw) event.Payload { return headcountOf(d) },
	event.HeadcountCorrected: func(d draw) event.Payload {
		p := headcountOf(d)
		p.Original = d.ref()
		return p
	},
	event.HeadcountVoided: void,
	event.WaveOpened:      func(d draw) event.Payload { return waveOf(d, false) },
	event.WaveClosed:      func(d draw) event.Payload { return waveOf(d, true) },
	event.ResponseSubmitted: func(d draw) event.Payload {
		p := &event.Response{
			ResponseID: d.code("response"), WaveID: d.code("wave"), InstrumentID: d.code("instrument"), Version: d.code("version"),
			SubmittedAt: d.time("submitted"), Complete: d.bool("complete"), Language: d.sample("language", "", "fi", "smn"),
			StratumID: d.maybe("stratum"), SessionID: d.maybe("session"), PSU: d.maybe("psu"), Area: d.area("home"), AgeBand: d.sample("age", "0-17", "65+", "unknown"),
			Sex: d.maybeOf("sex"), Education: d.maybeOf("education"), PartnerKind: d.maybeOf("partner_kind"), TargetGroups: d.groups(), PanelPseudonym: d.hex("panel"),
		}
		if d.bool("weight?") {
			p.Weight = ptr(rapid.Float64Range(1e-6, 1e6).Draw(d.T, "weight"))
		}
		for range d.int("items", 0, 3) {
			if p.Items == nil {
				p.Items = map[string]int{}
			}
			p.Items[rapid.StringMatching(`[A-Z][A-Z0-9_.\[\]-]{0,5}`).Draw(d.T, "item")] = d.int("answer", math.MinInt32, math.MaxInt32)
		}
		return p
	},
	event.CalendarCreated:   func(d draw) event.Payload { return calendarOf(d, d.of("calendar_status")) },
	event.CalendarUpdated:   func(d draw) event.Payload { return calendarOf(d, d.of("calendar_status")) },
	event.CalendarCancelled: func(d draw) event.Payload { return calendarOf(d, "cancelled") },
	event.CalendarHeld: func(d draw) event.Payload {
		p := calendarOf(d, "held")
		p.ActualStart, p.ActualEnd, p.Attendance = d.maybeTime("actual start"), d.maybeTime("actual end"), d.maybeInt("attendance", 0, 1000000)
		return p
	},
	event.CostEntered: func(d draw) event.Payload {
		p := &event.Cost{
			EntryID: d.code("entry"), Area: d.area("area id"), PostedAt: d.time("posted"), AmountCents: int64(d.int("amount", 0, 999_999_999_999)),
			Heading: d.of("cost_heading"), Kind: d.of("cost_kind"), FunderID: d.maybe("funder"), ProjectID: d.code("project"),
			ProviderID: d.maybe("provider"), PriceYear: d.maybeInt("price year", 1900, 2199),
		}
		day := d.date("period")
		p.Period = day.AddDate(0, 0, 1-day.Day())
		if d.bool("direct") {
			p.SessionID = d.code("session")
		} else {
			p.AllocationKey = d.maybeOf("allocation_key")
		}
		return p
	},
	event.CostReversed: void,
	event.PopulationSnapshot: func(d draw) event.Payload {
		return &event.Population{
			Area: d.area("area id"), Year: d.int("year", 1900, 2199), Sex: d.maybeOf("sex"), Age: d.sample("age", "0", "99", "100", "0-4", "90+", "0-100"),
			Count: d.int("count", 0, 10_000_000), TableID: d.maybe("table"), RetrievedAt: d.maybeTime("retrieved"), Licence: d.maybe("licence"),
		}
	},
	event.AreaDescribed: func(d draw) event.Payload {
		p := &event.Area{
			AreaID: d.area("area id"), Level: d.of("area_level"), Code: d.maybe("code"), Name: d.names(), ValidFrom: d.date("from"),
			Parents: list(d, "parents", func() event.Parent { return event.Parent{Hierarchy: d.of("area_level"), Area: d.area("parent")} }),
		}
		if d.bool("to?") {
			p.ValidTo = d.date("to")
		}
		return p
	},
	event.TargetSet: func(d draw) event.Payload {
		p := &event.Target{
			TargetID: d.code("target"), Indicator: d.code("indicator"), Area: d.area("area id"), Year: d.int("year", 1900, 2199),
			Value: d.quantity("value"), Source: d.maybe("set by"), SetAt: d.maybeTime("set at"),
		}
		if d.bool("group?") {
			p.AgeScheme, p.AgeGroup = d.of("age_scheme"), d.sample("group", "0-17", "65+", "unknown")
		}
		if d.bool("starts?") {
			p.Starts = time.Date(d.int("starts in", 1900, 2199), time.March, 1, 0, 0, 0, 0, time.UTC)
		}
		return p
	},
	event.CardIssued: func(d draw) event.Payload { return cardOf(d) },
	event.CardClosed: func(d draw) event.Payload {
		p := cardOf(d)
		p.Closed, p.ClosedAt = true, d.maybeTime("closed")
		return p
	},
	event.CardRekeyed: func(d draw) event.Payload {
		return &event.Rekey{OldPseudonym: d.hex("old"), NewPseudonym: d.hex("new"), KeyVersion: d.int("key", 1, 65535)}
	},
	event.ErasureRequested: func(d draw) event.Payload { return &event.Erasure{PersonPseudonym: d.hex("person")} },
	event.PeriodClosed: func(d draw) event.Payload {
		return &event.Period{PeriodType: d.sample("type", "day", "wave"), PeriodStart: d.date("start"), Scope: d.maybe("scope")}
	},
	event.RegistrationChanged: func(d draw) event.Payload {
		return &event.Registration{
			RegistrationID: d.code("registration"), SessionID: d.code("session"), PersonPseudonym: d.hex("person"),
			Status: d.maybeOf("registration_status"), Presence: d.maybeOf("presence"), At: d.time("at"),
		}
	},
	event.VolunteerEnrolled: func(d draw) event.Payload { return volunteerOf(d, false) },
	event.VolunteerEnded:    func(d draw) event.Payload { return volunteerOf(d, true) },
	event.ShiftLogged: func(d draw) event.Payload {
		return &event.Shift{
			VolunteerPseudonym: d.hex("volunteer"), PartnerID: d.maybe("partner"), Role: d.sample("role", "", "driver"), Area: d.area("area id"),
			AgeBand: d.sample("age", "", "65+"), Start: d.time("start"), End: d.maybeTime("end"), Hours: ptr(int64(d.int("hours", 0, 2400))), EventID: d.maybe("event"),
		}
	},
	event.ReleasePublished: communication,
	event.MediaHit:         communication,
	event.PlatformUsed: func(d draw) event.Payload {
		return &event.PlatformUsage{
			PlatformID: d.code("platform"), ProviderID: d.maybe("provider"), WindowStart: d.time("from"), WindowEnd: d.time("to"), Visits: d.int("visits", 0, 1_000_000_000),
			UniqueVisitors: d.maybeInt("unique", 0, 9), Messages: d.maybeInt("messages", 0, 9), Searches: d.maybeInt("searches", 0, 9),
			PagesPublished: d.maybeInt("pages", 0, 9), PagesStale: d.maybeInt("stale", 0, 9),
		}
	},
	event.ServiceUsed: func(d draw) event.Payload {
		p := &event.ServiceUse{
			Area: d.area("area id"), AgeScheme: d.of("age_scheme"), AgeGroup: "65+", Sex: d.maybeOf("sex"), ServiceCode: "T11",
			Period: d.sample("period", "2024", "2024-12"), Population: d.maybeInt("population", 0, 9), Suppressed: d.bool("suppressed"),
		}
		if !p.Suppressed {
			p.Contacts, p.Persons = d.int("contacts", 0, 1_000_000_000), d.maybeInt("persons", 0, 9)
		}
		return p
	},
	event.PartnerRegistered: func(d draw) event.Payload { return ptr(partnerOf(d)) },
	event.PartnerUpdated:    func(d draw) event.Payload { return ptr(partnerOf(d)) },
	event.AgreementSigned:   func(d draw) event.Payload { return agreementOf(d, false) },
	event.AgreementEnded:    func(d draw) event.Payload { return agreementOf(d, true) },
	event.VenueRegistered:   venue,
	event.VenueUpdated:      venue,
	event.PhaseBegun: func(d draw) event.Payload {
		return &event.ProjectPhase{
			ProjectID: d.code("project"), Phase: d.maybeOf("project_phase"), Areas: []string{d.area("area id")}, From: d.date("from"), To: d.maybeDate("to"),
			ComparisonAreas: []string{d.area("compared")},
		}
	},
	event.InterviewRecorded: func(d draw) event.Payload {
		return &event.Interview{
			InterviewID: d.code("interview"), Area: d.area("area id"), At: d.time("at"), Respondents: d.of("respondents_kind"),
			Themes: []string{"loneliness", d.sample("theme", "a", "b.c")}, N: d.int("n", 1, 1_000_000),
		}
	},
	event.PracticeDescribed: func(d draw) event.Payload {
		row := func() *event.PracticeRow { return &event.PracticeRow{Problem: d.names(), Results: d.names()} }
		return &event.Practice{
			PracticeID: d.code("practice"), Name: d.names(), Cells: &event.PracticeMatrix{Client: row(), Society: row()},
			Indicators: []string{d.code("indicator")}, Estimates: []string{d.code("estimate")},
		}
	},
	event.PrioritySet: func(d draw) event.Payload {
		return &event.Priority{
			PriorityID: d.code("priority"), Area: d.area("area id"), CouncilTerm: "2021-2025", AgeGroup: d.of("plan_age_group"), Theme: "health",
			Goal: d.maybeOf("goal"), Indicators: []string{d.code("indicator")},
		}
	},
	event.IndicatorImported: func(d draw) event.Payload {
		p := &event.Imported{
			Source: d.of("statistics_source"), ExternalID: d.code("external"), Area: d.area("area id"), Year: d.int("year", 1900, 2199), Sex: d.maybeOf("sex"),
			Value: d.quantity("value"), RetrievedAt: d.time("retrieved"), Licence: d.maybe("licence"),
		}
		if d.bool("absolute?") {
			p.AbsValue = ptr(d.quantity("absolute"))
		}
		return p
	},
	event.UnitCostSet: func(d draw) event.Payload {
		return &event.UnitCost{
			ServiceCode: "T11", PriceYear: d.int("year", 1900, 2199), LowCents: d.maybeCents("low"), BaseCents: int64(d.int("base", 0, 999_999)),
			HighCents: d.maybeCents("high"), Source: d.code("source"), SourceURL: "https://example.org/", Placeholder: d.bool("placeholder"),
		}
	},
}

func (d draw) quantity(name string) float64 {
	return rapid.Float64Range(-1e12, 1e12).Draw(d.T, name) + 0
}

func (d draw) maybeDate(name string) (t time.Time) {
	if d.bool(name + "?") {
		t = d.date(name)
	}
	return t
}

func volunteerOf(d draw, ended bool) *event.Volunteer {
	return &event.Volunteer{
		Ended: ended, VolunteerPseudonym: d.hex("volunteer"), PartnerID: d.maybe("partner"), Role: d.sample("role", "", "driver"), Area: d.area("area id"),
		AgeBand: d.sample("age", "", "65+"), Start: d.time("start"), End: d.maybeTime("end"), EventID: d.maybe("event"),
	}
}

func communication(d draw) event.Payload {
	return &event.Communication{
		ItemID: d.code("item"), At: d.time("at"), Channel: d.of("media_channel"), Outlet: d.maybe("outlet"), Title: d.maybe("title"),
		Topic: d.sample("topic", "", "food"), Area: d.area("area id"), CampaignID: d.maybe("campaign"), ReachEstimate: d.maybeInt("reach", 0, 9), Tone: d.maybeOf("media_tone"),
	}
}

func partnerOf(d draw) event.Partner {
	return event.Partner{
		PartnerID: d.code("partner"), Kind: d.of("partner_kind"), Name: d.code("name"), BusinessID: d.sample("business", "", "0116297-6"),
		Areas: []string{d.area("area id")}, Themes: []string{"health"}, ContactConfirmedAt: d.maybeTime("confirmed"), AgreementID: d.code("agreement"),
		ValidFrom: d.maybeDate("from"), ValidTo: d.maybeDate("to"),
	}
}

func agreementOf(d draw, ended bool) *event.Agreement {
	return &event.Agreement{Partner: partnerOf(d), Ended: ended}
}

func venue(d draw) event.Payload {
	p := &event.Venue{
		VenueID: d.code("venue"), Name: d.names(), Area: d.area("area id"), PostalCode: d.sample("post", "", "15870"), Kind: d.maybeOf("venue_kind"),
		Capacity: d.maybeInt("capacity", 0, 1_000_000), Accessibility: []string{"step_free"}, OwnerID: d.maybe("owner"),
		ValidFrom: d.maybeDate("from"), ValidTo: d.maybeDate("to"),
	}
	if d.bool("place?") {
		p.Lat, p.Lon = ptr(int64(d.int("lat", -900_000_000, 900_000_000))), ptr(int64(d.int("lon", -1_800_000_000, 1_800_000_000)))
	}
	return p
}

func cardOf(d draw) *event.Card {
	p := &event.Card{
		PersonPseudonym: d.hex("person"), Kind: d.maybeOf("card_kind"), IssuedAt: d.time("issued"), HomeArea: d.area("home"),
		BirthYear: d.maybeInt("birth year", 1880, 2199), Sex: d.maybeOf("sex"), Language: d.sample("language", "", "fi", "smn"),
		TargetGroups: d.groups(), ConsentVersion: d.code("consent"), KeyVersion: d.int("key", 1, 65535),
	}
	if d.bool("household?") {
		p.Household = d.hex("household")
	}
	if d.bool("band?") {
		p.AgeScheme, p.AgeBand = d.of("age_scheme"), d.sample("band", "0-17", "65+")
	}
	return p
}

func checkinOf(d draw) *event.Checkin {
	p := &event.Checkin{
		SessionID: d.code("session"), PersonPseudonym: d.hex("person"), PartySize: d.int("party", 1, 100), CheckedInAt: d.time("checked in"),
		Channel: d.maybeOf("channel"), VenueID: d.code("venue"), VenueArea: d.area("venue area"), BirthYear: d.maybeInt("birth year", 1880, 2199),
		Sex: d.maybeOf("sex"), ActivityType: d.of("activity_type"), ProviderID: d.code("provider"), ReferralFrom: d.maybe("referral"),
		TransportUsed: d.maybeBool("transport"), FeeCents: d.maybeCents("fee"), KeyVersion: d.int("key", 1, 65535),
	}
	if d.bool("household?") {
		p.Household = d.hex("household")
	}
	if d.bool("band?") {
		p.AgeScheme, p.AgeBand = d.of("age_scheme"), d.sample("band", "0-17", "65+", "unknown", "grade_8-9")
	}
	return p
}

func headcountOf(d draw) *event.Headcount {
	return &event.Headcount{
		SessionID: d.code("session"), Counter: d.maybe("counter"), VenueArea: d.area("venue area"), CountedAt: d.time("counted"),
		Total: d.int("total", 0, 1_000_000), IncludesCardHolders: d.bool("card holders"), VenueID: d.code("venue"),
		ByAge: list(d, "by age", func() event.Count {
			return event.Count{AgeScheme: d.of("age_scheme"), AgeGroup: d.sample("group", "0-17", "65+"), N: d.int("n", 0, 9)}
		}),
		BySex:        []event.Count{{Sex: d.of("sex"), N: d.int("n", 0, 9)}},
		ActivityType: d.of("activity_type"), ProviderID: d.code("provider"), Method: d.maybeOf("count_method"),
	}
}

func waveOf(d draw, closed bool) *event.Wave {
	p := &event.Wave{
		Closed: closed, WaveID: d.code("wave"), Starts: d.date("starts"), Ends: d.date("ends"), InstrumentID: d.code("instrument"),
		Version: d.code("version"), Population: d.maybe("population"), Mode: d.maybeOf("survey_mode"),
		Strata: list(d, "strata", func() event.Stratum {
			return event.Stratum{ID: d.code("stratum"), Area: d.area("stratum area"), Sex: d.maybeOf("sex"), N: d.int("N", 0, 1000), Sampled: d.int("sampled", 0, 1000)}
		}),
	}
	if d.bool("languages?") {
		p.Languages = []string{"fi", "sv"}
	}
	return p
}

func calendarOf(d draw, status string) *event.Calendar {
	p := &event.Calendar{
		EventID: d.code("event"), Sequence: int64(d.int("sequence", 0, 1<<53-1)), SeriesID: d.maybe("series"), Status: status,
		Start: d.time("start"), End: d.maybeTime("end"), AllDay: d.bool("all day"), VenueID: d.code("venue"), Area: d.area("area id"),
		ProviderID: d.code("provider"), ActivityType: d.of("activity_type"), Class: d.maybeOf("calendar_class"),
		AudienceMinAge: d.maybeInt("min age", 0, 150), AudienceMaxAge: d.maybeInt("max age", 0, 150), TargetGroups: d.groups(),
		CapacityMax: d.maybeInt("max", 0, 1_000_000), CapacityMin: d.maybeInt("min", 0, 1_000_000), PriceCents: d.maybeCents("price"),
		IsFree: d.maybeBool("free"), SourceSystem: d.maybe("system"), LastModified: d.time("modified"),
	}
	if d.bool("more?") {
		p.Name, p.Keywords, p.SourceURL = d.names(), []string{d.code("keyword")}, "https://example.org/?q=1"
	}
	return p
}
