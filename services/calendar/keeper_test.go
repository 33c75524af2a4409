package calendar_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/services/calendar"
	occurrences "vointi.fi/services/calendar/occurrence"
)

// feeds reads a file of feeds.
func feeds(t testing.TB, text string) []*calendar.Feed {
	t.Helper()
	all, err := calendar.ReadFeeds([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const library = "feeds:\n- {id: library, area: KU305, provider: P1, confirms: true, categories: {liikunta: {activity_type: sport}}, locations: {kirjasto: {venue: V17}}}\n"

var noon = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

// kept is a keeper with a clock, on a real bus.
type kept struct {
	testing.TB
	bus    *streamtest.Bus
	feed   *calendar.Feed
	now    time.Time
	keeper *calendar.Keeper
}

func keep(t testing.TB, file string) *kept {
	t.Helper()
	k := &kept{TB: t, bus: streamtest.New(t), feed: feeds(t, file)[0], now: noon}
	k.restart()
	return k
}

// restart forgets everything that is not on the bus.
func (k *kept) restart() {
	k.keeper = calendar.NewKeeper(k.bus.Conn, k.bus.Publisher(), "/vointi/calendar", func() time.Time { return k.now })
}

// take reads a calendar whose events are given as lines with | between them, and wants counts and remarks.
func (k *kept) take(want string, events ...string) *occurrences.Reading {
	k.Helper()
	reading, err := k.feed.Read([]byte(calendarOf(events...)), k.now)
	if err != nil {
		k.Fatal(err)
	}
	c, err := k.keeper.Take(k.Context(), k.feed, &reading, func(int, int) {})
	if err != nil {
		k.Fatal(err)
	}
	got := fmt.Sprintf("created %d updated %d cancelled %d held %d unchanged %d", c.Created, c.Updated, c.Cancelled, c.Held, c.Unchanged)
	if got != want {
		k.Errorf("%s, want %s", got, want)
	}
	return &reading
}

func calendarOf(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\n" + strings.ReplaceAll(e, "|", "\n") + "\nEND:VEVENT\n")
	}
	b.WriteString("END:VCALENDAR\n")
	return b.String()
}

// messages are the events on the bus, in order.
func messages(t testing.TB, bus *streamtest.Bus) []*event.Event {
	t.Helper()
	return messagesAfter(t, bus, 0)
}

func lastOf(t testing.TB, bus *streamtest.Bus) uint64 {
	t.Helper()
	state, err := bus.StreamState(t.Context(), stream.Events)
	if err != nil {
		t.Fatal(err)
	}
	return state.Last
}

func messagesAfter(t testing.TB, bus *streamtest.Bus, sequence uint64) (all []*event.Event) {
	t.Helper()
	for i := sequence + 1; i <= lastOf(t, bus); i++ {
		m, err := bus.Get(t.Context(), stream.Events, i)
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.Decode(m.Header, m.Data)
		if err == nil {
			err = event.CheckSubject(e, m.Subject)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// folded is what the fold makes of the events: the payload of each occurrence that counts.
func folded(all []*event.Event) map[string]*event.Event {
	won := map[string]*event.Event{}
	for _, e := range all {
		id := e.Payload.(*event.Calendar).EventID
		if won[id] == nil || event.Less(won[id].Order(), e.Order()) {
			won[id] = e
		}
	}
	return won
}

const (
	cafe  = "UID:cafe|DTSTART:20250305T150000Z|DTEND:20250305T170000Z|SUMMARY:Kahvila|CATEGORIES:Liikunta|LOCATION:Kuusamon kirjasto\\, Kaarlo Hännisen katu 2"
	choir = "UID:choir|DTSTART:20250306T150000Z|DTEND:20250306T160000Z|SUMMARY:Kuoro"
)

func TestChangesArePublishedOnce(t *testing.T) {
	k := keep(t, library)
	k.take("created 2 updated 0 cancelled 0 held 0 unchanged 0", cafe, choir)
	k.take("created 0 updated 0 cancelled 0 held 0 unchanged 2", cafe+"|DTSTAMP:20250301T100000Z", choir)
	k.restart()
	k.take("created 0 updated 0 cancelled 0 held 0 unchanged 2", choir, cafe)
	moved := strings.Replace(cafe, "0305T15", "0305T14", 1) + "|SEQUENCE:4|LAST-MODIFIED:20250301T100000Z"
	k.take("created 0 updated 1 cancelled 0 held 0 unchanged 1", moved, choir)
	k.take("created 0 updated 0 cancelled 0 held 0 unchanged 2", moved, choir)
	k.restart()
	k.take("created 0 updated 0 cancelled 1 held 0 unchanged 1", moved)                                             // the choir vanished
	k.take("created 0 updated 1 cancelled 0 held 0 unchanged 1", moved, choir)                                      // and is back
	k.take("created 0 updated 0 cancelled 1 held 0 unchanged 1", moved, choir+"|STATUS:CANCELLED")                  // and cancelled by its provider
	k.now = time.Date(2025, 3, 7, 12, 0, 0, 0, time.UTC)                                                            // both are over
	k.take("created 0 updated 0 cancelled 0 held 1 unchanged 1", moved, choir+"|STATUS:CANCELLED")                  // the café was held
	k.take("created 0 updated 0 cancelled 0 held 0 unchanged 2", "UID:x|DTSTART;VALUE=DATE:20250301|CLASS:PRIVATE") // past ones stay
	var got []string
	for _, e := range messages(t, k.bus) {
		p := e.Payload.(*event.Calendar)
		got = append(got, fmt.Sprintf("%s %s %d %s %s", e.Type, p.EventID, p.Sequence, p.Status, p.Start.Format("15:04")))
	}
	want := []string{
		"calendar.event.created.v1 cafe 0 scheduled 15:00", "calendar.event.created.v1 choir 0 scheduled 15:00",
		"calendar.event.updated.v1 cafe 4 scheduled 14:00", "calendar.event.cancelled.v1 choir 1 cancelled 15:00",
		"calendar.event.updated.v1 choir 2 scheduled 15:00", "calendar.event.cancelled.v1 choir 3 cancelled 15:00",
		"calendar.event.held.v1 cafe 5 held 14:00",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	e := messages(t, k.bus)[2]
	p := e.Payload.(*event.Calendar)
	if e.Source != "/vointi/calendar/library" || e.Area != "KU305" || p.ActivityType != "sport" || p.VenueID != "V17" || p.ProviderID != "P1" ||
		p.Class != "participation" || p.Name["fi"] != "Kahvila" || !slices.Equal(p.Keywords, []string{"Liikunta"}) || !p.LastModified.Equal(noon) { // what was changed before it was first read was so then
		t.Errorf("%+v %+v", e, p)
	}
}

func TestWhatIsNotUnderstoodDoesNotVanish(t *testing.T) {
	k := keep(t, strings.Replace(library, "confirms: true, ", "", 1))
	series := "UID:s|DTSTART:20250310T150000Z|SUMMARY:S|RRULE:FREQ=WEEKLY;COUNT=3"
	k.take("created 5 updated 0 cancelled 0 held 0 unchanged 0", cafe, choir, series)
	for name, events := range map[string][]string{
		"a start":  {choir, series, "UID:cafe|DTSTART:soon"},
		"a rule":   {choir, cafe, "UID:s|DTSTART:20250310T150000Z|SUMMARY:S|RRULE:FREQ=WEEKLY;COUNT=three"},
		"nothing":  {},
		"a nobody": {choir, "DTSTART:soon"},
	} {
		if r := k.take("created 0 updated 0 cancelled 0 held 0 unchanged 5", events...); name != "nothing" && len(r.Unclear) == 0 {
			t.Errorf("%s: nothing is unclear", name)
		}
	}
	cut := strings.TrimSuffix(calendarOf(cafe, choir), "END:VEVENT\nEND:VCALENDAR\n")
	reading, err := k.feed.Read([]byte(cut), k.now)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := k.keeper.Take(t.Context(), k.feed, &reading, func(int, int) {}); err != nil || c.Published() > 0 {
		t.Errorf("cut off: %+v %v", c, err)
	}
	k.take("created 0 updated 0 cancelled 2 held 0 unchanged 3", cafe, choir, strings.Replace(series, "COUNT=3", "COUNT=1", 1))
	k.feed.Vanished = "keep"
	k.take("created 0 updated 0 cancelled 0 held 0 unchanged 5", cafe)
}

func TestWhatCannotBePublishedIsRemarked(t *testing.T) {
	k := keep(t, library)
	r := k.take("created 1 updated 0 cancelled 0 held 0 unchanged 0", choir+"|LOCATION:Muualla|CATEGORIES:Outo", "UID:c|DTSTART:20250306T150000Z|SUMMARY:Tiedustelut 131052-308T")
	var got []string
	for _, remark := range r.Remarks {
		got = append(got, remark.String())
	}
	want := []string{
		"c: /data/name/fi: holds a Finnish personal identity code: the event is left out",
		`categories: "Outo" is not mapped; the feed's own is taken (1 times)`, `locations: "Muualla" is not mapped; the feed's own is taken (1 times)`,
	}
	if !slices.Equal(got, want) || !r.Unclear["c"] {
		t.Errorf("remarks are %q", got)
	}
	other := *k.feed
	other.ID = "other"
	k.feed = &other
	r = k.take("created 0 updated 0 cancelled 0 held 0 unchanged 0", choir)
	if len(r.Remarks) != 1 || !strings.Contains(r.Remarks[0].String(), "choir: is in feed library too") {
		t.Errorf("another feed's: %v", r.Remarks)
	}
	k.feed.IDPrefix = "o-"
	k.take("created 1 updated 0 cancelled 0 held 0 unchanged 0", choir)
}

var errCrash = errors.New("the process is gone")

// crashing fails at the nth effect, before or after it has taken place, and everything afterwards.
type crashing struct {
	*stream.Conn
	mu     sync.Mutex
	left   int
	effect bool
}

func (c *crashing) do(effect func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left--
	if c.left < 0 || c.left == 0 && !c.effect {
		return errCrash
	}
	err := effect()
	if c.left == 0 {
		return errCrash
	}
	return err
}

func (c *crashing) WriteRecords(ctx context.Context, last uint64, records []stream.Record) (at uint64, err error) {
	err = c.do(func() error { at, err = c.Conn.WriteRecords(ctx, last, records); return err })
	return at, err
}

func (c *crashing) Publish(ctx context.Context, e *event.Event) error {
	return c.PublishBatch(ctx, []*event.Event{e})
}

func (c *crashing) PublishBatch(ctx context.Context, events []*event.Event) error {
	return c.do(func() error { return c.Conn.Publisher().PublishBatch(ctx, events) })
}

// TestAnyInterruptionThenResumption: whatever a calendar does, and wherever a round is cut off, afterwards the fold gives
// what the calendar says, and the versions of each occurrence, as identities, are as many as there were changes.
func TestAnyInterruptionThenResumption(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		_ = flag.Set("rapid.checks", "20") // an atomic batch takes the server 10 ms; ask for more with -rapid.checks
	}
	bus := streamtest.New(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		feed := *feeds(t, library)[0]
		feed.ID, feed.IDPrefix, feed.Confirms = fmt.Sprintf("f%d", n), fmt.Sprintf("f%d-", n), false
		now, before := noon, lastOf(t, bus)
		meanwhile := map[string]int{}
		said := map[string][]string{}
		for range rapid.IntRange(1, 5).Draw(rt, "rounds") {
			now = now.Add(time.Hour)
			var events []string
			current := map[string]string{}
			for i := range 4 {
				if v := rapid.IntRange(0, 3).Draw(rt, "version"); v > 0 {
					id, name := fmt.Sprintf("e%d", i), fmt.Sprintf("v%d", v)
					events = append(events, fmt.Sprintf("UID:%s|DTSTART:20250401T100000Z|SUMMARY:%s", id, name))
					current[id] = name
				}
			}
			if len(events) == 0 {
				continue
			}
			clock := func() time.Time { now = now.Add(time.Second); return now }
			for cut := rapid.IntRange(0, 4).Draw(rt, "cut"); ; cut = -1 {
				bad := &crashing{Conn: bus.Conn, left: cut, effect: rapid.Bool().Draw(rt, "after")}
				if cut < 0 {
					bad.left = 1 << 30
				}
				reading, err := feed.Read([]byte(calendarOf(events...)), now)
				if err != nil {
					rt.Fatal(err)
				}
				_, err = calendar.NewKeeper(bad, bad, "/t", clock).Take(t.Context(), &feed, &reading, func(int, int) {})
				if err == nil {
					break
				}
				if !errors.Is(err, errCrash) {
					rt.Fatal(err)
				}
				if rapid.Bool().Draw(rt, "changed meanwhile") {
					events[0] = strings.NewReplacer("v1", "w1", "v2", "w2", "v3", "w3").Replace(events[0])
					id, name, _ := strings.Cut(strings.TrimPrefix(events[0], "UID:"), "|DTSTART:20250401T100000Z|SUMMARY:")
					current[id] = name
					meanwhile[id]++
				}
			}
			for i := range 4 {
				id := fmt.Sprintf("e%d", i)
				state, known := current[id], len(said[id]) > 0
				if state == "" && known {
					state = "cancelled"
				}
				if state != "" && (!known || said[id][len(said[id])-1] != state) {
					said[id] = append(said[id], state)
				}
			}
		}
		var mine []*event.Event
		sequences := map[string]map[int64]string{}
		for _, e := range messagesAfter(t, bus, before) {
			p := e.Payload.(*event.Calendar)
			mine = append(mine, e)
			if sequences[p.EventID] == nil {
				sequences[p.EventID] = map[int64]string{}
			}
			if before, ok := sequences[p.EventID][p.Sequence]; ok && before != e.ID {
				rt.Errorf("%s has two events of sequence %d", p.EventID, p.Sequence)
			}
			sequences[p.EventID][p.Sequence] = e.ID
		}
		won := folded(mine)
		for id, states := range said {
			e := won[feed.IDPrefix+id]
			if e == nil {
				rt.Errorf("%s was never published", id)
				continue
			}
			p := e.Payload.(*event.Calendar)
			state := p.Name["fi"]
			if p.Status == "cancelled" {
				state = "cancelled"
			}
			if want := states[len(states)-1]; state != want {
				rt.Errorf("%s is %s in the fold, want %s", id, state, want)
			}
			if len(sequences[feed.IDPrefix+id]) > len(states)+2*meanwhile[id] || // there and back
				len(sequences[feed.IDPrefix+id]) < len(states) {
				rt.Errorf("%s has %d versions, its calendar had %v", id, len(sequences[feed.IDPrefix+id]), states)
			}
		}
	})
}

// TestTwoKeepersTakeTurns: of two that read the same at once, both end well and each version is one event.
func TestTwoKeepersTakeTurns(t *testing.T) {
	k := keep(t, library)
	for round := range 3 {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				reading, err := k.feed.Read([]byte(calendarOf(strings.Replace(cafe, "Kahvila", fmt.Sprint("Kahvila ", round), 1), choir)), k.now)
				if err != nil {
					t.Error(err)
				}
				other := calendar.NewKeeper(k.bus.Conn, k.bus.Publisher(), "/vointi/calendar", func() time.Time { return k.now })
				if _, err := other.Take(t.Context(), k.feed, &reading, func(int, int) {}); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
	}
	identities := map[event.Identity]bool{}
	for _, e := range messages(t, k.bus) {
		identities[e.Identity()] = true
	}
	if len(identities) != 4 {
		t.Errorf("%d different events, want 4", len(identities))
	}
}
