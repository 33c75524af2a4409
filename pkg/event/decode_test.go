package event_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"vointi.fi/pkg/event"
)

// checkin is the example message of the domain's own fixture.
const checkin = `{"specversion":"1.0","id":"01HR0000000000000000000001","source":"/kuusamo/kortti","type":"fi.vointi.participation.checkin.v1","time":"2024-03-05T15:02:11Z","subject":"S1","datacontenttype":"application/json","areaid":"KU305","data":{"session_id":"S1","person_pseudonym":"5bdcc146bf60754e6a042426089575c7","checked_in_at":"2024-03-05T17:02:11+02:00","channel":"card","venue_id":"V17","venue_area_id":"KU305","home_area_id":"KU305","birth_year":1985,"sex":"2","activity_type":"nature","provider_id":"ORG12","key_version":3}}`

func TestDecodeReadsEveryAttribute(t *testing.T) {
	e := mustDecode(t, checkin)
	p := e.Payload.(*event.Checkin)
	year := 1985
	at := e.Time
	want := &event.Checkin{
		SessionID: "S1", PersonPseudonym: "5bdcc146bf60754e6a042426089575c7", PartySize: 1, CheckedInAt: at, Channel: "card",
		VenueID: "V17", VenueArea: "KU305", HomeArea: "KU305", BirthYear: &year, Sex: "2", ActivityType: "nature",
		ProviderID: "ORG12", KeyVersion: 3,
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got %+v", p)
	}
	if at.Format("2006-01-02 15:04:05 MST") != "2024-03-05 15:02:11 UTC" || e.Subject != "S1" || e.Area != "KU305" ||
		e.Source != "/kuusamo/kortti" || e.ID != "01HR0000000000000000000001" || e.Family() != event.CheckinFamily {
		t.Errorf("got %+v", e)
	}
	if want := checkin[strings.Index(checkin, `{"session_id`) : len(checkin)-1]; string(e.Data) != want {
		t.Errorf("data is %s", e.Data)
	}
}

// TestFullExamplesFillEveryField makes sure that no attribute of a table is read into the wrong field, or into none.
func TestFullExamplesFillEveryField(t *testing.T) {
	for _, typ := range event.Types() {
		p := reflect.ValueOf(good(t, string(typ)+".good-full").Payload).Elem()
		for i := range p.NumField() {
			name := p.Type().Field(i).Name
			optional := map[string]bool{
				"Original": !typ.Corrects(), "AgeBand": true, "AgeScheme": true, "Closed": true, "Ended": true, "Suppressed": true, "AllDay": true, "AllocationKey": true, "ClosedAt": typ != event.CardClosed,
				"ActualStart": typ != event.CalendarHeld, "ActualEnd": typ != event.CalendarHeld, "Attendance": typ != event.CalendarHeld,
			}
			if p.Field(i).IsZero() && !optional[name] {
				t.Errorf("%s: %s is empty", typ, name)
			}
		}
	}
}

func TestDefaults(t *testing.T) {
	if p := good(t, "participation.checkin.v1.good-least").Payload.(*event.Checkin); p.PartySize != 1 {
		t.Errorf("party size %d", p.PartySize)
	}
	if p := good(t, "cost.entry.v1.good-least").Payload.(*event.Cost); p.Kind != "actual" {
		t.Errorf("kind %q", p.Kind)
	}
	if !good(t, "survey.wave.closed.v1.good-least").Payload.(*event.Wave).Closed {
		t.Error("a closed wave is open")
	}
	if p := good(t, "population.snapshot.v1.good-band").Payload.(*event.Population); p.Sex != "" {
		t.Errorf("both sexes are %q", p.Sex)
	}
}

func TestWhiteSpaceAndOrder(t *testing.T) {
	want := mustDecode(t, checkin)
	spaced := strings.NewReplacer(`":`, "\" :\n\t", `,"`, "\r\n, \"").Replace(checkin)
	i := strings.Index(checkin, `"data":`)
	reordered := "{" + checkin[i:len(checkin)-1] + "," + checkin[1:i-1] + "}"
	for name, body := range map[string]string{"spaced": " " + spaced + "\n", "data first": reordered} {
		if got := mustDecode(t, body); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%+v\n%+v", name, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	padded := func(n int) []byte { return append([]byte(checkin), bytes.Repeat([]byte(" "), n-len(checkin))...) }
	if _, err := event.Decode(nil, padded(event.MaxSize)); err != nil {
		t.Error(err)
	}
	wantKind(t, event.TooLarge, func() error { _, err := event.Decode(nil, padded(event.MaxSize+1)); return err })
	wantKind(t, event.Malformed, func() error { _, err := event.Decode(nil, nil); return err })
}

func wantKind(t *testing.T, want event.Reason, do func() error) {
	t.Helper()
	var invalid *event.InvalidError
	if err := do(); !errors.As(err, &invalid) || invalid.Kind != want || len(invalid.Faults) == 0 || err.Error() == "" {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestFaultsAreBounded makes sure that a hostile event costs little more than its own size.
func TestFaultsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"specversion":"1.0"`)
	for i := range 10_000 {
		fmt.Fprintf(&b, `,"X%d":1`, i)
	}
	b.WriteString("}")
	_, err := event.Decode(nil, []byte(b.String()))
	var invalid *event.InvalidError
	if !errors.As(err, &invalid) || len(invalid.Faults) != 101 || !strings.Contains(invalid.Faults[100].Reason, "more faults") {
		t.Errorf("%d faults", len(invalid.Faults))
	}
}

func TestRejectedEventsAreNamed(t *testing.T) {
	_, err := event.Decode(nil, []byte(strings.Replace(checkin, `"card"`, `"nfc"`, 1)))
	var invalid *event.InvalidError
	if !errors.As(err, &invalid) || invalid.Source != "/kuusamo/kortti" || invalid.ID != "01HR0000000000000000000001" ||
		invalid.Type != "participation.checkin.v1" {
		t.Errorf("got %+v", invalid)
	}
	if got, want := err.Error(), "schema: /data/channel must be one of card, app, qr, staff"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestDecodeBatch(t *testing.T) {
	events, err := event.DecodeBatch([]byte("[" + checkin + " ,\n" + checkin + "]"))
	if err != nil || len(events) != 2 || !reflect.DeepEqual(events[1], mustDecode(t, checkin)) {
		t.Fatalf("%v %v", events, err)
	}
	_, err = event.DecodeBatch([]byte("[" + checkin + `,{},` + strings.Replace(checkin, `"S1"`, `""`, 1) + `,7]`))
	var invalid *event.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatal(err)
	}
	sameSet(t, pointers(invalid), []string{
		"/1/specversion", "/1/id", "/1/source", "/1/type", "/1/time", "/1/areaid", "/1/data", "/2/subject", "/3",
	})
	for name, body := range map[string]string{
		"empty": "[]", "object": checkin, "nothing": "", "open": "[" + checkin, "comma": "[" + checkin + ",]", "trailing": "[" + checkin + "]]",
	} {
		if _, err := event.DecodeBatch([]byte(body)); !errors.Is(err, event.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantKind(t, event.TooLarge, func() error {
		_, err := event.DecodeBatch([]byte("[" + strings.Repeat("{},", event.MaxBatch) + "{}]"))
		return err
	})
	wantKind(t, event.TooLarge, func() error {
		_, err := event.DecodeBatch(make([]byte, event.MaxBatchSize+1))
		return err
	})
	if events, err := event.DecodeBatch([]byte("[" + strings.Repeat(checkin+",", event.MaxBatch-1) + checkin + "]")); err != nil || len(events) != event.MaxBatch {
		t.Error(err)
	}
}

// TestDecodersAreIndependent decodes different events at once; nothing of one may show in another.
func TestDecodersAreIndependent(t *testing.T) {
	bodies := examples(t, "")
	want := map[string]string{}
	for name, body := range bodies {
		want[name] = outcome(body)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 5 {
				for name, body := range bodies {
					if got := outcome(body); got != want[name] {
						t.Errorf("%s: got %s, want %s", name, got, want[name])
					}
				}
			}
		})
	}
	group.Wait()
}

func outcome(body []byte) string {
	e, err := event.Decode(nil, body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %x", e.Encode(), e.Hash())
}

func TestTypes(t *testing.T) {
	for _, typ := range event.Types() {
		if typ.Family() == "" || typ.Corrects() != strings.Contains(string(typ), ".corrected.") ||
			typ.Voids() != (strings.Contains(string(typ), ".voided.") || strings.Contains(string(typ), ".reversed.")) {
			t.Errorf("%s: family %q, corrects %t, voids %t", typ, typ.Family(), typ.Corrects(), typ.Voids())
		}
	}
	if event.Type("x").Family() != "" || event.Type("x").Corrects() || event.Type("x").Voids() {
		t.Error("an unknown type belongs to a family")
	}
	event.Types()[0] = "x"
	if event.Types()[0] == "x" {
		t.Error("the list of types can be changed")
	}
}
