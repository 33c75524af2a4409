package participation_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/participation"
)

const columns = `checkin:
  card_id: Card
  card_issuer: Issuer
  household_id: Household
  session_id: Session
  checked_in_at: Time
  venue_id: {value: V17}
  venue_area_id: {value: KU305-01}
  birth_year: Born
  party_size: Party
  transport_used: {column: Bus, values: {yes: "true", no: "false"}}
  fee_eur: Fee
  activity_type: {value: nature}
  provider_id: {value: ORG12}
`

const visits = "Card,Issuer,Household,Session,Time,Born,Party,Bus,Fee\n" +
	"0123456789AB,KU305,HH12345,S1,2026-03-05T15:02:00Z,1985,3,yes,\"2,50\"\n" +
	"0123456789AB,KU208,,S1,5.3.2026 17.02,,,no,\n"

func importer(t testing.TB, keys, text string) (*participation.Import, error) {
	t.Helper()
	issuers := []string{"KU305", "KU208"}
	if _, err := participation.OpenKeys(keys, issuers); err != nil {
		t.Fatal(err)
	}
	return participation.NewImport([]byte(text), participation.Config{Keys: keys, Issuers: issuers})
}

func TestImport(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys.json")
	x, err := importer(t, keys, columns)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x.Read("a.csv", []byte(visits))
	if err != nil || len(out.Faults) > 0 || len(out.Events) != 2 {
		t.Fatalf("%+v %v", out, err)
	}
	one, two := out.Events[0].Payload.(*event.Checkin), out.Events[1].Payload.(*event.Checkin)
	if *one.BirthYear != 1985 || one.PartySize != 3 || !*one.TransportUsed || *one.FeeCents != 250 || len(one.Household) != 32 || out.Events[0].Area != "KU305" {
		t.Errorf("%s", out.Events[0].Encode())
	}
	if !one.CheckedInAt.Equal(two.CheckedInAt) || one.PersonPseudonym == two.PersonPseudonym {
		t.Errorf("%+v and %+v", one, two)
	}
	// The same visit over HTTP is the same person.
	r := start(t, participation.Config{Keys: keys, Issuers: []string{"KU305", "KU208"}})
	if http := r.accepted(t, checkins, visit(nil)).Payload.(*event.Checkin); http.PersonPseudonym != one.PersonPseudonym {
		t.Error("a card is somebody else in a file")
	}
}

func TestFaultsOfImports(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys.json")
	for name, test := range map[string]struct {
		mapping, file string
		want          []string
	}{
		"unknown attribute": {columns + "  card: Card\n", visits, []string{"there is no card", "household_id"}},
		"no such column":    {strings.Replace(columns, "Session", "Sesion", 1), visits, []string{`no column "Sesion"; did you mean Session?`}},
		"no card":           {strings.Replace(columns, "  card_id: Card\n", "", 1), visits, []string{"card_id: which column"}},
		"one card for all":  {strings.Replace(columns, "card_id: Card", "card_id: {value: 0123456789}", 1), visits, []string{"card_id: which column"}},
		"unknown key":       {columns + "colour: red\n", visits, []string{"line 15: field colour not found"}},
		"empty":             {columns, "", []string{"it is empty"}},
		"twice":             {columns, visits + strings.SplitAfter(visits, "\n")[1], []string{"4:: is the visit of row 2 again"}},
		"an unknown issuer": {columns, strings.Replace(visits, "KU208", "KU999", 1), []string{"3:Issuer: has no key here"}},
		"not a number":      {columns, strings.Replace(visits, ",3,", ",many,", 1), []string{"2:Party: must be a whole number"}},
		"a missing time":    {columns, strings.Replace(visits, "5.3.2026 17.02", "", 1), []string{"3:Time: is required"}},
		"too dear":          {columns, strings.Replace(visits, "2,50", "gratis", 1), []string{"2:Fee: "}},
		"no id":             {"id: {column: Born}\n" + columns, visits, []string{"3:Born: is empty, and must name the row"}},
	} {
		x, err := importer(t, keys, test.mapping)
		text := ""
		if err == nil {
			var out *participation.Visits
			if out, err = x.Read("a.csv", []byte(test.file)); err == nil {
				for _, f := range out.Faults {
					text += string(rune('0'+f.Row)) + ":" + f.Column + ": " + f.Reason + "\n"
				}
			}
		}
		if err != nil {
			text = err.Error()
		}
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q, want %q", name, text, want)
			}
		}
	}
	if _, err := participation.NewImport([]byte(columns), participation.Config{Keys: filepath.Join(t.TempDir(), "none.json")}); err == nil {
		t.Error("an import made keys")
	}
}

// TestImportIsTheSameAfterARotation, but for the pseudonyms, which links join.
func TestImportIsTheSameAfterARotation(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys.json")
	ids := func(wantLinks int) (all []string) {
		x, err := importer(t, keys, columns)
		if err != nil {
			t.Fatal(err)
		}
		out, err := x.Read("a.csv", []byte(visits+strings.Replace(strings.SplitAfter(visits, "\n")[1], "S1", "S2", 1)))
		if err != nil || len(out.Links) != wantLinks {
			t.Fatalf("%d links, want %d: %v", len(out.Links), wantLinks, err)
		}
		for _, e := range out.Events {
			all = append(all, e.ID)
		}
		return all
	}
	before := ids(0)
	rotate(t, keys, cards("KU305"), time.Now())
	if after := ids(1); !slices.Equal(before, after) { // one card, two rows
		t.Errorf("%v, then %v", before, after)
	}
}

func FuzzImport(f *testing.F) {
	cfg := participation.Config{Keys: filepath.Join(f.TempDir(), "keys.json"), Issuers: []string{"KU305", "KU208"}}
	if _, err := participation.OpenKeys(cfg.Keys, cfg.Issuers); err != nil {
		f.Fatal(err)
	}
	f.Add(columns, []byte(visits))
	f.Add("id: Card\nfile: {separator: ';', encoding: windows-1252}\n"+columns, []byte("Card;Session\n\xe4;1\n"))
	f.Fuzz(func(t *testing.T, text string, content []byte) {
		x, err := participation.NewImport([]byte(text), cfg)
		if err != nil {
			return
		}
		out, err := x.Read("a.csv", content)
		if err != nil {
			return
		}
		if out.Rows != len(out.Events)+out.Faulty {
			t.Errorf("%d rows, %d events, %d faulty", out.Rows, len(out.Events), out.Faulty)
		}
		for _, e := range out.Events {
			data := e.Encode()
			if _, err := event.Decode(nil, bytes.Clone(data)); err != nil || event.HoldsPersonalCode(data) {
				t.Errorf("%s: %v", data, err)
			}
		}
	})
}
