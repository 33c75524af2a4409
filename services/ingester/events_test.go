package ingester_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"vointi.fi/pkg/event"
)

const source = "/kuusamo/kortti"

var monday = time.Date(2024, 3, 4, 15, 0, 0, 0, time.UTC)

// must makes an event that the test needs to be valid.
func must(t testing.TB, typ event.Type, id string, at time.Time, p event.Payload) *event.Event {
	t.Helper()
	e, err := event.New(typ, source, id, at, "KU305", "", p)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// checkinPayload is the visit of person n, to one of a hundred sessions.
func checkinPayload(n int) *event.Checkin {
	year := 1930 + n%80
	person := sha256.Sum256(fmt.Append(nil, n%5000))
	return &event.Checkin{
		SessionID: fmt.Sprintf("S%d", n%100), PersonPseudonym: hex.EncodeToString(person[:16]), PartySize: 1,
		CheckedInAt: monday.Add(time.Duration(n) * time.Minute), Channel: "card", VenueID: "V17", VenueArea: "KU305",
		HomeArea: "KU305", BirthYear: &year, Sex: "2", ActivityType: "sport", ProviderID: "ORG12", KeyVersion: 3,
	}
}

func checkin(t testing.TB, n int) *event.Event {
	t.Helper()
	return must(t, event.CheckinRecorded, fmt.Sprintf("C%d", n), monday.Add(time.Duration(n)*time.Second), checkinPayload(n))
}

func checkins(t testing.TB, n int) []*event.Event {
	t.Helper()
	events := make([]*event.Event, n)
	for i := range events {
		events[i] = checkin(t, i)
	}
	return events
}

func headcount(t testing.TB, n int) *event.Event {
	t.Helper()
	return must(t, event.HeadcountRecorded, fmt.Sprintf("H%d", n), monday.Add(time.Duration(n)*time.Second), &event.Headcount{
		SessionID: fmt.Sprintf("S%d", n%100), VenueArea: "KU305", CountedAt: monday.Add(time.Duration(n) * time.Minute),
		Total: 12, IncludesCardHolders: true, VenueID: "V17", ActivityType: "sport", ProviderID: "ORG12",
		ByAge: []event.Count{{AgeScheme: "eviva3", AgeGroup: "0-17", N: 4}, {AgeScheme: "eviva3", AgeGroup: "18-64", N: 8}},
	})
}

func calendar(t testing.TB, n int) *event.Event {
	t.Helper()
	start := monday.Add(time.Duration(n) * time.Minute)
	return must(t, event.CalendarCreated, fmt.Sprintf("E%d", n), monday.Add(time.Duration(n)*time.Second), &event.Calendar{
		EventID: fmt.Sprintf("S%d", n), Sequence: 1, Name: map[string]string{"fi": "Kuntosali", "sv": "Gym", "en": "Gym"},
		Status: "scheduled", Start: start, End: start.Add(time.Hour), VenueID: "V17", Area: "KU305", ProviderID: "ORG12",
		ActivityType: "sport", Class: "participation", LastModified: monday, Languages: []string{"fi", "sv"},
	})
}

// amendments are corrections that move check-ins to other sessions, voids of them, head counts and calendar events,
// some of originals that never come.
func amendments(t testing.TB, n int) []*event.Event {
	t.Helper()
	events := make([]*event.Event, n)
	for i := range events {
		at := monday.Add(time.Duration(i) * time.Second)
		switch i % 4 {
		case 0:
			p := checkinPayload(i)
			p.Original, p.SessionID = &event.Ref{Source: source, ID: fmt.Sprintf("C%d", i*7)}, "moved"
			events[i] = must(t, event.CheckinCorrected, fmt.Sprintf("X%d", i), at, p)
		case 1:
			ref := event.Ref{Source: source, ID: fmt.Sprintf("C%d", i*3)}
			events[i] = must(t, event.CheckinVoided, fmt.Sprintf("V%d", i), at, &event.Void{Original: ref, Reason: "mistake", At: at})
		case 2:
			events[i] = headcount(t, i)
		default:
			events[i] = calendar(t, i)
		}
	}
	return events
}
