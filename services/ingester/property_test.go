package ingester_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vointi.fi/pkg/event"
	"vointi.fi/services/ingester"
)

// The facts are a function of the set of events: whatever is sent twice or more, in whatever order and batches, with
// conflicts, corrections and voids before their originals.
func TestFactsAreAFunctionOfTheSetOfEvents(t *testing.T) {
	s := newSystem(t)
	s.must(flag.Set("rapid.checks", "25"))
	s.ingester(func(cfg *ingester.Config, _ *ingester.Dependencies) { cfg.BatchCount = 7 })
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		world := fmt.Sprintf("w%d-", round) // so that rounds do not meet
		events := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) *event.Event { return anyEvent(t, r, world) }), 1, 12).Draw(r, "events")
		sent := rapid.SliceOfN(rapid.SampledFrom(events), 0, 12).Draw(r, "again")
		s.publish(rapid.Permutation(slices.Concat(events, sent)).Draw(r, "order")...)
		s.drained()
		var got []string
		for _, table := range []string{"checkin", "headcount", "calendar"} {
			got = append(got, s.query("SELECT '"+table+"', toString(chain), toString(identity), toString(hash) FROM vointi_internal.facts_"+
				table+" FINAL WHERE startsWith(id, '"+world+"')")...)
		}
		slices.Sort(got)
		if want := fold(events...); !slices.Equal(got, want) {
			r.Fatalf("got %v, want %v", got, want)
		}
	})
	s.accounted()
	s.announced()
}

// anyEvent is one of few check-ins, head counts and calendar events, so that they often meet.
func anyEvent(t *testing.T, r *rapid.T, world string) *event.Event {
	n := rapid.IntRange(0, 3).Draw(r, "entity")
	at := monday.Add(time.Duration(rapid.IntRange(0, 2).Draw(r, "time")) * time.Hour)
	ref := event.Ref{Source: source, ID: fmt.Sprintf("%sC%d", world, n)}
	p := checkinPayload(n)
	p.SessionID = rapid.SampledFrom([]string{"S1", "S2"}).Draw(r, "session")
	switch rapid.IntRange(0, 4).Draw(r, "type") {
	case 0:
		return must(t, event.CheckinRecorded, ref.ID, at, p)
	case 1:
		p.Original = &ref
		return must(t, event.CheckinCorrected, fmt.Sprintf("%sX%d", world, n), at, p)
	case 2:
		return must(t, event.CheckinVoided, fmt.Sprintf("%sV%d", world, n), at, &event.Void{Original: ref, Reason: "mistake", At: at})
	case 3:
		return must(t, event.HeadcountRecorded, fmt.Sprintf("%sH%d", world, n), at, &event.Headcount{
			SessionID: p.SessionID, VenueArea: "KU305", CountedAt: at, Total: n, VenueID: "V17", ActivityType: "sport", ProviderID: "ORG12",
		})
	default:
		return must(t, event.CalendarUpdated, fmt.Sprintf("%sE%d", world, n), at, &event.Calendar{
			EventID: world + p.SessionID, Sequence: int64(n), Name: map[string]string{"fi": "Kuntosali"}, Status: "scheduled", Start: at,
			VenueID: "V17", Area: "KU305", ProviderID: "ORG12", ActivityType: "sport", LastModified: at,
		})
	}
}
