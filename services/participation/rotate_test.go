package participation_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/services/participation"
)

var begun = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func rotate(t *testing.T, path string, owner participation.Owner, at time.Time) {
	t.Helper()
	if _, err := participation.RotateKey(path, owner, at); err != nil {
		t.Fatal(err)
	}
}

// published returns all events of the bus, in their order.
func (r running) published(t *testing.T) (all []*event.Event) {
	t.Helper()
	state, err := r.bus.StreamState(t.Context(), stream.Events)
	if err != nil {
		t.Fatal(err)
	}
	for sequence := state.First; sequence <= state.Last; sequence++ {
		message, err := r.bus.Get(t.Context(), stream.Events, sequence)
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.Decode(message.Header, message.Data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// A running service takes the new key at once; the card's first use under it is preceded by the link, later ones are not.
func TestRotationLinksEachCardOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	r := start(t, participation.Config{Keys: path, Issuers: []string{"KU305", "KU208"}})
	use := func(session, card string) *event.Checkin {
		return r.accepted(t, checkins, visit(map[string]any{"session_id": session, "card_id": card})).Payload.(*event.Checkin)
	}
	before := use("S1", "0123456789")
	rotate(t, path, cards("KU305"), begun)
	after := use("S2", "0123456789")
	again := use("S3", "01234-56789")
	if before.KeyVersion != 1 || after.KeyVersion != 2 || after.PersonPseudonym == before.PersonPseudonym || again.PersonPseudonym != after.PersonPseudonym {
		t.Fatalf("%+v %+v %+v", before, after, again)
	}
	all := r.published(t)
	link, ok := all[1].Payload.(*event.Rekey)
	if len(all) != 4 || !ok {
		t.Fatalf("%d messages, the second is a %s", len(all), all[1].Type)
	}
	if *link != (event.Rekey{OldPseudonym: before.PersonPseudonym, NewPseudonym: after.PersonPseudonym, KeyVersion: 2}) ||
		!all[1].Time.Equal(begun) || all[1].Area != "SSS" {
		t.Errorf("%+v with %+v", all[1], link)
	}
	use("S2", "another card")
	if all = r.published(t); len(all) != 6 || all[4].Type != event.CardRekeyed || all[4].ID == all[1].ID {
		t.Errorf("the other card is not linked")
	}
	// Another process, or this one started anew, publishes the same link.
	r = start(t, participation.Config{Keys: path, Issuers: []string{"KU305", "KU208"}})
	use("S4", "0123456789")
	if same := r.published(t); len(same) != 2 || same[0].ID != all[1].ID || same[0].Hash() != all[1].Hash() {
		t.Errorf("after a restart: %+v", same)
	}
	// A second rotation links with both versions before; other issuers' cards are not concerned.
	rotate(t, path, cards("KU305"), begun.AddDate(1, 0, 0))
	third := use("S5", "0123456789")
	r.accepted(t, checkins, visit(map[string]any{"card_issuer": "KU208"}))
	var olds []string
	for _, e := range r.published(t)[2:] {
		if l, ok := e.Payload.(*event.Rekey); ok && l.NewPseudonym == third.PersonPseudonym {
			olds = append(olds, l.OldPseudonym)
		}
	}
	if len(r.published(t)) != 6 || !slices.Equal(olds, []string{before.PersonPseudonym, after.PersonPseudonym}) {
		t.Errorf("linked with %v", olds)
	}
}

// What is refused is not linked, and a link that could not be published is published the next time.
func TestNoLinkWithoutVisit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	r := start(t, participation.Config{Keys: path})
	rotate(t, path, cards("KU305"), begun)
	for _, changes := range []map[string]any{{"sex": "x"}, {"card_id": "?"}, {"card_id": nil}, {"card_issuer": "KU999"}} {
		if a := r.post(t, checkins, visit(changes)); a.Status != 400 {
			t.Errorf("%v: %+v", changes, a)
		}
	}
	edgetest.WantStored(t, r.bus, 0)
	other := start(t, participation.Config{Keys: path})
	other.bus.Stop()
	if a := other.post(t, checkins, visit(nil)); a.Status != 503 {
		t.Errorf("%+v", a)
	}
}

func TestRetire(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	issuer := cards("KU305")
	_, _, err := participation.RetireKeys(path, issuer, 26, begun)
	if !errors.Is(err, participation.ErrNoKey) {
		t.Errorf("no key: %v", err)
	}
	if err := participation.AddKey(path, issuer, begun.AddDate(-1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := participation.AddKey(path, issuer, begun); !errors.Is(err, participation.ErrHasKey) {
		t.Errorf("added twice: %v", err)
	}
	rotate(t, path, issuer, begun)
	rotate(t, path, issuer, begun.AddDate(1, 0, 0))
	due := begun.AddDate(0, 26, 1)
	for _, step := range []struct {
		keep, destroyed int
		at, next        time.Time
	}{
		{26, 0, begun, due},
		{26, 0, due.Add(-time.Second), due},
		{0, 0, due.AddDate(50, 0, 0), begun.AddDate(0, 0, 1)}, // kept for good
		{26, 1, due, due.AddDate(1, 0, 0)},
		{26, 0, due, due.AddDate(1, 0, 0)},
		{26, 1, due.AddDate(50, 0, 0), time.Time{}}, // the newest stays
	} {
		n, next, err := participation.RetireKeys(path, issuer, step.keep, step.at)
		if n != step.destroyed || !next.Equal(step.next) || err != nil {
			t.Errorf("at %s keeping %d months: %d destroyed, next %s, %v; want %+v", step.at, step.keep, n, next, err, step)
		}
	}
	listed, err := participation.ListKeys(path)
	if err != nil || len(listed) != 3 || listed[1].Retired.IsZero() || !listed[2].Newest {
		t.Errorf("%+v %v", listed, err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), `"key"`) != 1 {
		t.Errorf("retired keys are still there: %v", err)
	}
	// The service works with what is left, and links with what it cannot know no more.
	r := start(t, participation.Config{Keys: path})
	if e := r.accepted(t, checkins, visit(nil)); e.Payload.(*event.Checkin).KeyVersion != 3 {
		t.Errorf("%+v", e.Payload)
	}
	edgetest.WantStored(t, r.bus, 1)
}

func TestPseudonymsOfACard(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	r := start(t, participation.Config{Keys: path})
	person := r.accepted(t, checkins, visit(nil)).Payload.(*event.Checkin).PersonPseudonym
	rotate(t, path, cards("KU305"), begun)
	volunteers := participation.Owner{Issuer: "KU305", Purpose: participation.Volunteers}
	if _, err := participation.Pseudonyms(path, volunteers); !errors.Is(err, participation.ErrNoKey) {
		t.Errorf("no key: %v", err)
	}
	if err := participation.AddKey(path, volunteers, begun); err != nil {
		t.Fatal(err)
	}
	all := map[participation.Purpose][]string{}
	for _, owner := range []participation.Owner{cards("KU305"), volunteers} {
		of, err := participation.Pseudonyms(path, owner)
		if err != nil {
			t.Fatal(err)
		}
		if all[owner.Purpose], err = of("0123 4567-89ab"); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"?", "131052-308T"} {
			if _, err := of(bad); err == nil || strings.Contains(err.Error(), bad) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	}
	if got := all[participation.Cards]; len(got) != 2 || got[1] != person || got[0] == person {
		t.Errorf("%v, want the one of the visit last: %s", got, person)
	}
	if slices.Contains(all[participation.Cards], all[participation.Volunteers][0]) {
		t.Error("a volunteer can be followed to their visits")
	}
	for _, bad := range []participation.Owner{{Issuer: "a/b", Purpose: participation.Cards}, {Issuer: "KU305", Purpose: "else"}} {
		if err := participation.AddKey(path, bad, begun); err == nil {
			t.Errorf("%+v: added", bad)
		}
	}
}

// While the file cannot be read, the service goes on with what it read, and says so.
func TestKeysThatBreakMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	keys := open(t, path, "KU305")
	before := secret(t, keys, "KU305")
	write(t, path, "{", 0o600)
	if secret(t, keys, "KU305") != before || keys.Healthy() == nil {
		t.Errorf("healthy: %v", keys.Healthy())
	}
	if text := fmt.Sprint(keys.Healthy()); strings.Contains(text, before) {
		t.Error(text)
	}
}
