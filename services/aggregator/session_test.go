package aggregator

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vointi.fi/pkg/event"
)

var helsinkiZone = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

func cardOf(person byte, party int64) checkinFact {
	return checkinFact{
		claim:  claim{scope: "S", family: event.CheckinFamily, chain: uuid.UUID{person}, original: true, order: event.Order{ID: string(person)}},
		person: uuid.UUID{person}, party: party, area: "KU305", day: 100, at: 1000,
	}
}

func countOf(counter string, total int64, included bool, at int) headcountFact {
	return headcountFact{
		claim: claim{
			scope: "S", family: event.HeadcountFamily, chain: uuid.UUID{byte(at), 1}, original: true,
			order: event.Order{Time: time.Unix(int64(at), 0), ID: counter},
		},
		counter: counter, total: total, included: included, area: "KU305", day: 100, at: 2000,
	}
}

// corrected is a count that corrects another.
func corrected(to, of headcountFact) headcountFact {
	to.chain, to.original = of.chain, false
	return to
}

func eventOf(sequence int64, kind string, attendance int64) calendarFact {
	return calendarFact{
		claim:     claim{scope: "S", family: event.CalendarFamily, original: true, order: event.Order{Sequence: sequence}},
		cancelled: kind == "cancelled", held: kind == "held", attendance: attendance, area: "KU208",
		start: time.Date(2024, 3, 5, 21, 59, 0, 0, time.UTC), end: time.Date(2024, 3, 5, 23, 59, 0, 0, time.UTC),
	}
}

// TestNightsInWhichClocksChange: days are those of Helsinki, and a session lasts as long as it lasts, whatever clocks on walls say.
func TestNightsInWhichClocksChange(t *testing.T) {
	for _, c := range []struct {
		start, end, day string
		minutes         int64
	}{
		{"2024-03-30T22:30:00Z", "2024-03-31T01:30:00Z", "2024-03-31", 180}, // 0:30 to 4:30, an hour of which there was not
		{"2024-10-26T21:30:00Z", "2024-10-27T02:30:00Z", "2024-10-27", 300}, // 0:30 to 4:30, an hour of which came twice
		{"2024-10-26T20:59:00Z", "2024-10-26T21:59:00Z", "2024-10-26", 60},
		{"2024-10-27T21:59:00Z", "2024-10-27T22:59:00Z", "2024-10-27", 60},
		{"2024-10-27T22:00:00Z", "2024-10-27T23:00:00Z", "2024-10-28", 60},
	} {
		of := eventOf(1, "held", 0)
		var err, errEnd error
		of.start, err = time.Parse(time.RFC3339, c.start)
		of.end, errEnd = time.Parse(time.RFC3339, c.end)
		if err != nil || errEnd != nil {
			t.Fatal(err, errEnd)
		}
		f := sessionFacts{id: "S", calendar: []calendarFact{of}}
		if s := f.fold(helsinkiZone); s.day.String() != c.day || s.minutes != c.minutes {
			t.Errorf("%s to %s: on %s for %d minutes, want %s, %d", c.start, c.end, s.day, s.minutes, c.day, c.minutes)
		}
	}
}

// TestFold is the reconciliation of visits, rule by rule.
func TestFold(t *testing.T) {
	for name, c := range map[string]struct {
		facts           sessionFacts
		card, anonymous int64
		held, cancelled bool
		flags           []string
	}{
		"cards only":                         {sessionFacts{checkins: []checkinFact{cardOf(1, 1), cardOf(2, 1)}}, 2, 0, true, false, nil},
		"a party of three":                   {sessionFacts{checkins: []checkinFact{cardOf(1, 3)}}, 1, 2, true, false, nil},
		"a count that includes cards":        {sessionFacts{checkins: []checkinFact{cardOf(1, 1)}, headcounts: []headcountFact{countOf("", 5, true, 1)}}, 1, 4, true, false, nil},
		"a count beside the cards":           {sessionFacts{checkins: []checkinFact{cardOf(1, 1)}, headcounts: []headcountFact{countOf("", 5, false, 1)}}, 1, 5, true, false, nil},
		"a count below the cards":            {sessionFacts{checkins: []checkinFact{cardOf(1, 1), cardOf(2, 1)}, headcounts: []headcountFact{countOf("", 1, true, 1)}}, 2, 0, true, false, []string{"headcount_below_cards"}},
		"two counters":                       {sessionFacts{headcounts: []headcountFact{countOf("a", 5, true, 1), countOf("b", 6, true, 2)}}, 0, 11, true, false, nil},
		"a count given to another counter":   {sessionFacts{headcounts: []headcountFact{countOf("a", 5, true, 1), corrected(countOf("b", 6, true, 2), countOf("a", 5, true, 1))}}, 0, 6, true, false, nil},
		"a counter counts again":             {sessionFacts{headcounts: []headcountFact{countOf("a", 5, true, 1), countOf("a", 6, true, 2)}}, 0, 6, true, false, nil},
		"reported attendance":                {sessionFacts{calendar: []calendarFact{eventOf(1, "held", 7)}}, 0, 7, true, false, nil},
		"reported attendance beside a count": {sessionFacts{calendar: []calendarFact{eventOf(1, "held", 7)}, headcounts: []headcountFact{countOf("", 5, true, 1)}}, 0, 5, true, false, nil},
		"scheduled, and nobody knows":        {sessionFacts{calendar: []calendarFact{eventOf(1, "scheduled", 0)}}, 0, 0, false, false, nil},
		"scheduled, and somebody came":       {sessionFacts{calendar: []calendarFact{eventOf(1, "scheduled", 0)}, checkins: []checkinFact{cardOf(1, 1)}}, 1, 0, true, false, nil},
		"cancelled":                          {sessionFacts{calendar: []calendarFact{eventOf(1, "held", 0), eventOf(2, "cancelled", 0)}}, 0, 0, false, true, nil},
		"cancelled, and somebody came":       {sessionFacts{calendar: []calendarFact{eventOf(2, "cancelled", 0)}, checkins: []checkinFact{cardOf(1, 1)}}, 1, 0, true, false, []string{"cancelled_with_attendance"}},
		"a smaller sequence that came late":  {sessionFacts{calendar: []calendarFact{eventOf(3, "held", 0), eventOf(2, "cancelled", 0)}}, 0, 0, true, false, nil},
		"a voided count takes its entity away": {sessionFacts{
			headcounts: []headcountFact{countOf("a", 5, true, 1), countOf("a", 6, true, 2)},
			beaten:     map[link]beatenReason{{event.HeadcountFamily, uuid.UUID{1, 1}}: beatenVoided}, calendar: []calendarFact{eventOf(1, "held", 0)},
		}, 0, 0, true, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.facts.fold(helsinkiZone)
			if s.card != c.card || s.anonymous != c.anonymous || s.held != c.held || s.cancelled != c.cancelled || !slices.Equal(s.flags, c.flags) {
				t.Errorf("card %d, anonymous %d, held %v, cancelled %v, %v", s.card, s.anonymous, s.held, s.cancelled, s.flags)
			}
		})
	}
}

// TestFoldPlaces: the calendar decides day and area, in Helsinki's days; without one the earliest thing that happened.
func TestFoldPlaces(t *testing.T) {
	known := (&sessionFacts{calendar: []calendarFact{eventOf(1, "held", 0)}, checkins: []checkinFact{cardOf(1, 1)}}).fold(helsinkiZone)
	if known.day.String() != "2024-03-05" || known.area != "KU208" || known.minutes != 120 || known.visits[0].day != known.day {
		t.Errorf("%s %s, %d minutes", known.day, known.area, known.minutes)
	}
	late := cardOf(1, 1)
	late.at, late.day, late.area = 5000, 101, "KU853"
	if s := (&sessionFacts{checkins: []checkinFact{late}, headcounts: []headcountFact{countOf("", 3, true, 1)}}).fold(helsinkiZone); s.day != 100 || s.area != "KU305" {
		t.Errorf("day %v, area %s", s.day, s.area)
	}
	if s := (&sessionFacts{}).fold(helsinkiZone); s != nil {
		t.Errorf("nothing was said of %+v", s)
	}
}

// TestFoldIgnoresOrder: any order, and any duplicates, give the same session.
func TestFoldIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := sessionFacts{}
		for i := range rapid.IntRange(0, 8).Draw(rt, "checkins") {
			c := cardOf(byte(rapid.IntRange(1, 4).Draw(rt, "person")), int64(rapid.IntRange(1, 3).Draw(rt, "party")))
			c.chain = uuid.UUID{byte(i), 9}
			c.order.ID, c.at = fmt.Sprint(i), int64(rapid.IntRange(0, 3).Draw(rt, "at"))
			f.checkins = append(f.checkins, c)
		}
		for i := range rapid.IntRange(0, 4).Draw(rt, "counts") {
			f.headcounts = append(f.headcounts, countOf(rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "counter"), int64(i), i%2 == 0, i))
		}
		want := f.fold(helsinkiZone)
		g := sessionFacts{
			checkins:   rapid.Permutation(append(slices.Clone(f.checkins), f.checkins...)).Draw(rt, "checkins"),
			headcounts: rapid.Permutation(append(slices.Clone(f.headcounts), f.headcounts...)).Draw(rt, "counts"),
		}
		if got := g.fold(helsinkiZone); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			rt.Fatalf("%+v\nwant %+v", got, want)
		}
	})
}

// TestResolve: what is in force of a chain, wherever its claims lie.
func TestResolve(t *testing.T) {
	at := func(scope string, original bool, second int) claim {
		return claim{scope: scope, original: original, order: event.Order{Time: time.Unix(int64(second), 0)}}
	}
	for name, c := range map[string]struct {
		chain chainClaims
		want  map[string]beatenReason
	}{
		"one original":             {chainClaims{rows: []claim{at("A", true, 1)}}, map[string]beatenReason{}},
		"moved":                    {chainClaims{rows: []claim{at("A", true, 1), at("B", false, 2)}}, map[string]beatenReason{"A": beatenMoved}},
		"moved and back":           {chainClaims{rows: []claim{at("A", true, 1), at("B", false, 2), at("A", false, 3)}}, map[string]beatenReason{"B": beatenMoved}},
		"waiting":                  {chainClaims{rows: []claim{at("B", false, 2)}}, map[string]beatenReason{"B": beatenWaiting}},
		"voided":                   {chainClaims{rows: []claim{at("A", true, 1), at("B", false, 2)}, voided: true}, map[string]beatenReason{"A": beatenVoided, "B": beatenVoided}},
		"one identity, two scopes": {chainClaims{rows: []claim{at("A", true, 1), at("B", true, 2)}}, map[string]beatenReason{"A": beatenMoved}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.chain.resolve(); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
