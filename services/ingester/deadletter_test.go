package ingester_test

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/event"
	"vointi.fi/schemas"
	"vointi.fi/services/ingester"
)

const checkinSubject = "vointi.events.participation.checkin.v1.KU305"

func (s *system) letters(f ingester.Filter) []ingester.DeadLetter {
	s.Helper()
	letters, err := ingester.NewDeadLetters(s.db, s.bus.Publisher()).List(s.Context(), f)
	s.must(err)
	return letters
}

func (s *system) redrive(f ingester.Filter) ingester.Redriven {
	s.Helper()
	done, err := ingester.NewDeadLetters(s.db, s.bus.Publisher()).Redrive(s.Context(), f, nil)
	s.must(err)
	return done
}

// Every bad example ends as a dead letter with the reason and the faults that stand beside it.
func TestEveryBadExampleIsADeadLetter(t *testing.T) {
	s := newSystem(t)
	text, err := fs.ReadFile(schemas.FS, "events/examples/bad.yaml")
	s.must(err)
	var bad map[string]struct {
		Reason event.Reason
		Faults []string
	}
	s.must(yaml.Unmarshal(text, &bad))
	var names []string
	for name := range bad {
		body, err := fs.ReadFile(schemas.FS, path.Join("events/examples", name))
		s.must(err)
		s.publishRaw("vointi.events."+name[:strings.Index(name, ".bad-")]+".KU305", string(body))
		names = append(names, name)
	}
	s.ingester()
	s.drained()
	s.account(nil, len(bad))
	for i, l := range s.letters(ingester.Filter{}) {
		want := bad[names[i]]
		if l.Reason != want.Reason {
			t.Errorf("%s: %s, want %s", names[i], l.Reason, want.Reason)
		}
		for _, pointer := range want.Faults {
			if !strings.Contains(l.Detail, pointer) {
				t.Errorf("%s: %q does not name %s", names[i], l.Detail, pointer)
			}
		}
	}
}

// Whatever comes by a way it may not come, or too large, is kept with its reason, as it came.
func TestReasons(t *testing.T) {
	s := newSystem(t)
	foreign := must(t, event.CheckinVoided, "V1", monday, &event.Void{Original: event.Ref{Source: "/other", ID: "C1"}, Reason: "mistake", At: monday})
	cases := []struct {
		reason        event.Reason
		subject, body string
	}{
		{event.Malformed, checkinSubject, "not an event"},
		{event.Malformed, checkinSubject, "\xff\x00\xfe not even text"},
		{event.UnknownType, checkinSubject, strings.Replace(string(checkin(t, 1).Encode()), "checkin", "chicken", 1)},
		{event.SubjectMismatch, "vointi.events.participation.checkin.v1.KU208", string(checkin(t, 2).Encode())},
		{event.ForeignOriginal, foreign.BusSubject(), string(foreign.Encode())},
		{event.TooLarge, checkinSubject, strings.Repeat(" ", event.MaxSize) + string(checkin(t, 3).Encode())},
	}
	for _, c := range cases {
		s.publishRaw(c.subject, c.body)
	}
	s.ingester()
	s.drained()
	s.account(nil, len(cases))
	letters := s.letters(ingester.Filter{})
	for i, c := range cases {
		l := letters[i]
		if l.Reason != c.reason || l.Subject != c.subject || l.Payload != c.body || l.Blanked || l.CodeVersion != "test" ||
			l.Headers["Content-Type"] != "application/cloudevents+json" || l.Sequence != uint64(i+1) || l.ReceivedAt.IsZero() {
			t.Errorf("%s: %+v", c.reason, l)
		}
	}
	for reason, want := range map[event.Reason]int{event.SubjectMismatch: 1, event.Unstorable: 0, "": len(cases)} {
		if got := len(s.letters(ingester.Filter{Reason: reason})); got != want {
			t.Errorf("%d letters with reason %q, want %d", got, reason, want)
		}
	}
	if got := len(s.letters(ingester.Filter{Type: string(event.CheckinRecorded)})); got != 1 {
		t.Errorf("%d letters of check-ins, want 1", got)
	}
	if got := len(s.letters(ingester.Filter{Limit: 2})); got != 2 {
		t.Errorf("%d letters, want 2", got)
	}
	if got := s.count("SELECT count() FROM vointi.dead_letters"); got != len(cases) {
		t.Errorf("the operators' view shows %d", got)
	}
}

// A poison among ten thousand: 9 999 facts and 1 dead letter, with its reason. After the fix (the source is granted to
// correct others' events) it is redriven and stored.
func TestPoisonIsRedrivenAfterTheFix(t *testing.T) {
	s := newSystem(t)
	poison := must(t, event.CheckinVoided, "V1", monday, &event.Void{Original: event.Ref{Source: "/other", ID: "C1"}, Reason: "mistake", At: monday})
	events := checkins(t, 9_999)
	s.publish(slices.Concat(events[:5_000], []*event.Event{poison}, events[5_000:])...)
	before := s.ingester()
	s.drained()
	s.account(events, 1)
	letters := s.letters(ingester.Filter{})
	if l := letters[0]; l.Reason != event.ForeignOriginal || l.Source != source || l.ID != "V1" || l.Type != string(event.CheckinVoided) {
		t.Fatalf("%+v", l)
	}
	before.stop()

	s.ingester(correctAny([]*event.Event{poison}))
	if done := s.redrive(ingester.Filter{}); done.Published != 1 {
		t.Fatalf("redriven: %+v", done)
	}
	s.drained()
	s.account(append(events, poison), 1)
	if left := s.letters(ingester.Filter{}); len(left) != 0 {
		t.Fatalf("still open: %+v", left)
	}
	if all := s.letters(ingester.Filter{Redriven: true}); len(all) != 1 || time.Since(all[0].RedrivenAt) > time.Minute {
		t.Fatalf("redriven: %+v", all)
	}
	if again := s.redrive(ingester.Filter{}); again.Published != 0 {
		t.Fatalf("redriven again: %+v", again)
	}
}

// Redriving many letters takes several pages; those that are still bad become new dead letters.
func TestRedriveManyThatAreStillBad(t *testing.T) {
	s := newSystem(t)
	const bad = 450
	for i := range bad {
		s.publishRaw(checkinSubject, fmt.Sprint("bad ", i))
	}
	s.ingester()
	s.drained()
	if done := s.redrive(ingester.Filter{Limit: 50}); done.Published != 50 {
		t.Fatalf("redriven: %+v", done)
	}
	s.drained()
	if n := len(s.letters(ingester.Filter{})); n != bad {
		t.Fatalf("%d open letters, want %d", n, bad)
	}
	if n := len(s.letters(ingester.Filter{Redriven: true})); n != bad+50 {
		t.Fatalf("%d letters, want %d", n, bad+50)
	}
}

// A row that the engine itself refuses is found by bisection and stands alone; the others are stored. Here a constraint
// of the table refuses it; once that is gone, it is redriven and stored.
func TestRowThatTheEngineRefuses(t *testing.T) {
	s := newSystem(t)
	s.must(s.db.Exec(t.Context(), "ALTER TABLE vointi_internal.facts_checkin ADD CONSTRAINT poison CHECK party_size NOT IN (66, 77)"))
	events := append(checkins(t, 997), headcount(t, 1))
	var bad []*event.Event
	for _, size := range []int{66, 77} {
		p := checkinPayload(size)
		p.PartySize = size
		bad = append(bad, must(t, event.CheckinRecorded, fmt.Sprint("bad", size), monday, p))
	}
	all := slices.Concat(events[:300], bad, events[300:])
	s.publish(all...)
	i := s.ingester()
	s.drained()
	s.account(events, 2)
	for k, l := range s.letters(ingester.Filter{}) {
		if l.Reason != event.Unstorable || l.ID != bad[k].ID || !strings.Contains(l.Detail, "poison") {
			t.Errorf("%+v", l)
		}
	}
	if n := i.value(t, "vointi_ingester_insert_bisections_total"); n == 0 {
		t.Error("nothing was bisected")
	}

	s.must(s.db.Exec(t.Context(), "ALTER TABLE vointi_internal.facts_checkin DROP CONSTRAINT poison"))
	s.redrive(ingester.Filter{Reason: event.Unstorable})
	s.drained()
	s.account(all, 2)
}

// Of a message that holds a Finnish personal identity code nothing is kept that could hold it, and it is not redriven.
func TestPersonalIdentityCodeIsNotKept(t *testing.T) {
	const code = "131052-308T"
	s := newSystem(t)
	p := checkinPayload(1)
	p.ProviderID = "ORG-X"
	body := string(must(t, event.CheckinRecorded, "C1", monday, p).Encode())
	s.publishRaw(checkinSubject, strings.Replace(body, "ORG-X", code, 1))
	s.publishRaw(checkinSubject, strings.Replace(body, "ORG-X", `131052\u002d308T`, 1))
	s.publishRaw(checkinSubject, strings.Replace(body, `"C1"`, `"`+code+`"`, 1))
	s.publishRaw(checkinSubject+"."+code, "no event")
	s.must(s.bus.Publisher().PublishRaw(t.Context(), checkinSubject, map[string][]string{"note": {code}}, []byte("no event")))
	s.ingester()
	s.drained()
	s.account(nil, 5)
	for _, l := range s.letters(ingester.Filter{}) {
		if text := fmt.Sprintf("%+v", l); strings.Contains(text, "308T") || !l.Blanked || l.Payload != "" {
			t.Errorf("kept: %s", text)
		}
	}
	if done := s.redrive(ingester.Filter{}); done.Published != 0 || done.Blanked != 5 {
		t.Errorf("redriven: %+v", done)
	}
}
