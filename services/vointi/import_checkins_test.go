package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

const exampleVisits = `Rivi;Kortti;Tapahtuma;Aika;Paikka;Kotikunta;Syntymäaika;Sukupuoli;Laji;Nimi
1;0123 4567-89AB;S1;5.3.2026 17.02;V17;Kuusamo;5.3.1985;Nainen;Luonto;Aada
2;KORTTI777;S1;5.3.2026 17.03;V17;Kalajoki;-;Ei tietoa;Luonto;Eevi
3;0123456789AC;S1;5.3.2026 17.04;V17;Kuusamo;1.1.2010;Mies;Luonto;Onni
`

// TestImportCheckins as the help teaches: its example works as it stands.
func TestImportCheckins(t *testing.T) {
	bus, data := streamtest.New(t), t.TempDir()
	old := func(text string) string {
		text, err := charmap.Windows1252.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return writeFile(t, "kaynnit.csv", text)
	}
	mapping := example(t, "mapping.yaml", exampleCheckins)
	importing := func(file string, args ...string) result {
		return vointi(t, []string{"VOINTI_NATS_URL=" + bus.URL, "VOINTI_NATS_USER=test"}, append([]string{"import", "checkins", file, "--mapping", mapping, "--data", data}, args...)...)
	}
	wantCode(t, importing(old(exampleVisits)), exitFailed, "nothing was published", "vointi keys add")
	wantCode(t, vointi(t, nil, "keys", "add", "KU305", "--data", data), exitDone)

	bad := strings.Replace(strings.Replace(exampleVisits, "KORTTI777", "?", 1), "Mies;Luonto", "Mies;Uinti", 1)
	bad = strings.Replace(strings.Replace(bad, "5.3.2026 17.02", "huomenna", 1), "Onni", "131052-308T", 1)
	r := importing(old(bad))
	wantCode(t, r, exitFailed, "nothing was published", `kaynnit.csv:2: column "Aika" is no time of the format d.M.yyyy H.mm`, `kaynnit.csv:3: column "Kortti" must be an id as on a card`,
		`kaynnit.csv:4: column "Nimi" holds a Finnish personal identity code`, `kaynnit.csv:4: column "Laji" is none of the cells`)
	nothingOf(t, r.out+r.err, "308T", "huomenna", "Uinti")
	wantCode(t, importing(old(exampleVisits), "--dry-run"), exitDone, "not read: Nimi", "3 visits of 3 rows without faults (3 new, 0 changed, 0 as before); nothing was published")
	if got := visitsOn(t, bus); len(got) != 0 {
		t.Fatalf("%d events after a dry run", len(got))
	}

	wantCode(t, importing(old(exampleVisits)), exitDone, "published: 3 visits of 3 rows (3 new")
	wantCode(t, importing(old(exampleVisits)), exitDone, "nothing is new, and nothing was published")
	first := visitsOn(t, bus)
	p := first[0].Payload.(*event.Checkin)
	if len(first) != 3 || p.HomeArea != "KU305" || *p.BirthYear != 1985 || p.Sex != "2" || p.CheckedInAt.Format("2006-01-02 15:04") != "2026-03-05 15:02" || p.ActivityType != "nature" {
		t.Fatalf("%d events, the first %s", len(first), first[0].Encode())
	}
	wantCode(t, importing(old(strings.Replace(exampleVisits, "Kalajoki", "Kuusamo", 1))), exitDone, "(0 new, 1 changed, 2 as before)")
	wantCode(t, importing(old(strings.Replace(exampleVisits, "Kalajoki", "Kuusamo", 1))), exitDone, "nothing is new")
	all := visitsOn(t, bus)
	last := all[len(all)-1]
	if len(all) != 4 || last.Type != event.CheckinCorrected || last.Key() != first[1].Key() || !event.Less(first[1].Order(), last.Order()) || last.Payload.(*event.Checkin).HomeArea != "KU305" {
		t.Errorf("%d events, the last %s", len(all), last.Encode())
	}

	// After a rotation the same rows are the same visits of the same persons.
	wantCode(t, vointi(t, nil, "keys", "rotate", "KU305", "--data", data), exitDone)
	wantCode(t, importing(old(exampleVisits)), exitDone, "published: 3 visits of 3 rows (3 new, 3 changed")
	all = visitsOn(t, bus)
	for i, e := range all[4:] {
		if e.Type != event.CheckinCorrected || e.Key() != first[i].Key() || e.Payload.(*event.Checkin).PersonPseudonym == first[i].Payload.(*event.Checkin).PersonPseudonym {
			t.Errorf("after the rotation: %s", e.Encode())
		}
	}
	cardsGoNowhere(t, bus, data)
}

// visitsOn are the events of visits on the bus.
func visitsOn(t *testing.T, bus *streamtest.Bus) (events []*event.Event) {
	t.Helper()
	messages, err := bus.Page(t.Context(), stream.Events, "vointi.events.participation.>", 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		e, err := event.Decode(m.Header, m.Data)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

// cardsGoNowhere looks for the cards of the example on the bus and in the ledger.
func cardsGoNowhere(t *testing.T, bus *streamtest.Bus, data string) {
	t.Helper()
	ledger, err := os.ReadFile(filepath.Join(data, "imports", "checkins"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(ledger)
	messages, err := bus.Page(t.Context(), stream.Events, "vointi.events.>", 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		text += string(m.Data) + m.Subject
	}
	nothingOf(t, text, "0123 4567-89AB", "0123456789AB", "KORTTI777", "0123456789AC", "Aada", "1985-03-05")
}

func nothingOf(t *testing.T, text string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("%q is repeated in %s", s, text)
		}
	}
}
