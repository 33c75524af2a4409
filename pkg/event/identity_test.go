package event_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
	"vointi.fi/pkg/event"
)

func mustDecode(t testing.TB, body string) *event.Event {
	t.Helper()
	e, err := event.Decode(nil, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func good(t testing.TB, name string) *event.Event {
	t.Helper()
	return mustDecode(t, string(read("events/examples/"+name+".json")))
}

// goldenHashes are of the full examples: reordering a table of fields changes them, and must not happen.
var goldenHashes = map[event.Type]uint64{
	"participation.checkin.v1":             0x7330e8e64afe3099,
	"participation.checkin.corrected.v1":   0xfc0eb3df8ec864d9,
	"participation.checkin.voided.v1":      0x4af29ab6c6a40c56,
	"participation.headcount.v1":           0xbc92a8b74607c3ee,
	"participation.headcount.corrected.v1": 0xd6b3d5f2f183a871,
	"participation.headcount.voided.v1":    0xc2806c2bb54b6443,
	"survey.wave.opened.v1":                0x81199a3185bf9c7a,
	"survey.wave.closed.v1":                0x0cfb880d528fc7b8,
	"survey.response.v1":                   0x392f531c2fd27384,
	"calendar.event.created.v1":            0x6517b59234948c02,
	"calendar.event.updated.v1":            0x2ac5c4082f21caae,
	"calendar.event.cancelled.v1":          0x53ae6b5ed1120164,
	"calendar.event.held.v1":               0x7dece6f53d306de3,
	"cost.entry.v1":                        0x3c619c5f0285ad5a,
	"cost.entry.reversed.v1":               0x56c0187ccd449fa0,
	"population.snapshot.v1":               0xccb26aea37202a5f,
	"reference.area.v1":                    0xd09146017e020a5e,
	"reference.target.v1":                  0x4ac696d8b5351ea4,
	"period.closed.v1":                     0x146d7c0cd22c43da,
	"card.issued.v1":                       0x5e29943c975fb4be,
	"card.closed.v1":                       0xfeb34be366373bc3,
	"card.rekeyed.v1":                      0xe7cdc2919f1911cc,
	"card.erasure.requested.v1":            0xcc015a3eed7bdc1f,
	"registration.changed.v1":              0xa4da8868f54e91ed,
	"volunteer.enrolled.v1":                0x70b40e5ae03d0906,
	"volunteer.shift.logged.v1":            0xa43b14ee5a3c8de6,
	"volunteer.ended.v1":                   0xcc7fa66b6ae15f6a,
	"comms.release.published.v1":           0x445dbaecc847ac8c,
	"comms.media.hit.v1":                   0x0a7243af60455eaf,
	"platform.usage.v1":                    0x8ddf240fc4363daa,
	"serviceuse.aggregate.v1":              0xdde296d46b451f67,
	"partner.registered.v1":                0xa75d4fc5e71cf6b6,
	"partner.updated.v1":                   0xaa4f8436d0b70d8c,
	"partner.agreement.signed.v1":          0xffc690c8b3ba56db,
	"partner.agreement.ended.v1":           0x6cbad8377df9166d,
	"venue.registered.v1":                  0xaccd181ff4a494dd,
	"venue.updated.v1":                     0x3072a6287036b53c,
	"project.phase.v1":                     0x5c3f22426d65b065,
	"interview.recorded.v1":                0x841c08b89fd9a605,
	"practice.described.v1":                0xa390c2547d0d68a4,
	"plan.priority.v1":                     0xc2e76b48a30bff63,
	"indicator.imported.v1":                0x0fc465f321c09dfc,
	"reference.unitcost.v1":                0x9fab1e360adbffc5,
}

// TestGoldenHashes pins what is stored: these values may not change between releases.
func TestGoldenHashes(t *testing.T) {
	e := good(t, "participation.checkin.v1.good-full")
	for name, got := range map[string]string{
		"identity": e.Identity().String(),
		"key":      e.Key().String(),
		"id":       event.NewID("a", "b"),
		"subject":  e.BusSubject(),
	} {
		if want := map[string]string{
			"identity": "f6cbd561-4bc9-579d-04b6-6b0afa19cb94", "key": "15775910-af21-cd43-b395-95f327a0feab", "id": "c4caf88e-d14d-5436-8cca-cac19bc4d2c3", "subject": "vointi.events.participation.checkin.v1.KU305",
		}[name]; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	for typ, want := range goldenHashes {
		if got := good(t, string(typ)+".good-full").Hash(); got != want {
			t.Errorf("hash of %s: got %#x, want %#x", typ, got, want)
		}
	}
	if len(goldenHashes) != len(event.Types()) {
		t.Error("a type has no golden hash")
	}
	if got := mustDecode(t, checkin).MessageID(); got != "d4d65df5c7e97222e1928ac70b851d7d5efdb62d74313a18a8f9cc7ef7484a7d" {
		t.Errorf("message id: got %s", got)
	}
}

func TestIdentityKeepsItsPartsApart(t *testing.T) {
	if event.IdentityOf("a", "bc") == event.IdentityOf("ab", "c") || event.NewID("a", "bc") == event.NewID("ab", "c") {
		t.Error("different parts, same identity")
	}
}

func TestChainAndKey(t *testing.T) {
	first := good(t, "participation.checkin.v1.good-full")
	for _, name := range []string{"participation.checkin.corrected.v1.good-full", "participation.checkin.voided.v1.good-full"} {
		e := good(t, name)
		if e.Chain() != first.Identity() || e.Key() != first.Key() || e.Identity() == first.Identity() {
			t.Errorf("%s does not follow its original", name)
		}
	}
	count, corrected := good(t, "participation.headcount.v1.good-full"), good(t, "participation.headcount.corrected.v1.good-full")
	if count.Key() != corrected.Key() || count.Key() == good(t, "participation.headcount.v1.good-least").Key() {
		t.Error("a head count's key is its session and counter")
	}
	if good(t, "calendar.event.created.v1.good-full").Key() != good(t, "calendar.event.held.v1.good-full").Key() {
		t.Error("a calendar event's key is its event_id")
	}
	for first, later := range map[string]string{
		"volunteer.enrolled.v1.good-full":       "volunteer.ended.v1.good-full",
		"partner.registered.v1.good-full":       "partner.updated.v1.good-least",
		"partner.agreement.signed.v1.good-full": "partner.agreement.ended.v1.good-least",
		"venue.registered.v1.good-full":         "venue.updated.v1.good-least",
		"volunteer.shift.logged.v1.good-least":  "volunteer.shift.logged.v1.good-taken-back",
		"registration.changed.v1.good-full":     "registration.changed.v1.good-no-show",
		"reference.unitcost.v1.good-full":       "reference.unitcost.v1.good-least",
		"practice.described.v1.good-full":       "practice.described.v1.good-one-cell",
	} {
		if good(t, first).Key() != good(t, later).Key() {
			t.Errorf("%s and %s are two entities", first, later)
		}
	}
	for one, other := range map[string]string{
		"volunteer.enrolled.v1.good-full":       "volunteer.enrolled.v1.good-least", // another partner
		"volunteer.shift.logged.v1.good-full":   "volunteer.shift.logged.v1.good-least",
		"serviceuse.aggregate.v1.good-full":     "serviceuse.aggregate.v1.good-least",
		"indicator.imported.v1.good-full":       "indicator.imported.v1.good-least", // the other sex
		"comms.media.hit.v1.good-full":          "comms.release.published.v1.good-full",
		"partner.agreement.signed.v1.good-full": "partner.registered.v1.good-full",
	} {
		if good(t, one).Key() == good(t, other).Key() {
			t.Errorf("%s and %s are one entity", one, other)
		}
	}
	if good(t, "survey.wave.opened.v1.good-full").Key() != good(t, "survey.wave.closed.v1.good-least").Key() {
		t.Error("a wave's key is its wave_id")
	}
	if good(t, "population.snapshot.v1.good-full").Key() == good(t, "population.snapshot.v1.good-least").Key() {
		t.Error("a population's key holds sex and age")
	}
}

func TestHashSeesMeaningOnly(t *testing.T) {
	const head = `{"specversion":"1.0","id":"1","source":"/a","type":"fi.vointi.participation.checkin.v1","areaid":"KU305",`
	const pseudonym = `"person_pseudonym":"5bdcc146bf60754e6a042426089575c7"`
	base := mustDecode(t, head+`"time":"2024-03-05T15:02:11Z","data":{"session_id":"S1",`+pseudonym+
		`,"checked_in_at":"2024-03-05T15:02:11Z","venue_id":"V","venue_area_id":"KU305","activity_type":"art","provider_id":"P","fee_eur":"2","key_version":1}}`)
	same := mustDecode(t, head+`"data" : { "key_version":1.0, "party_size":1, "fee_eur":"2.00", "provider_id":"\u0050", "activity_type":"art","venue_id":"V","venue_area_id":"KU305",`+
		`"checked_in_at":"2024-03-05T17:02:11.000+02:00",`+pseudonym+`,"session_id":"S1"}, "time":"2024-03-05T17:02:11+02:00","tracestate":"x"}`)
	if base.Hash() != same.Hash() {
		t.Error("spelling changes the hash")
	}
	for name, other := range map[string]string{
		"payload": head + `"time":"2024-03-05T15:02:11Z","data":` + `{"session_id":"S2",` + string(base.Data[len(`{"session_id":"S1",`):]) + "}",
		"time":    head + `"time":"2024-03-05T15:02:12Z","data":` + string(base.Data) + "}",
		"pilot":   head + `"time":"2024-03-05T15:02:11Z","pilotid":"p","data":` + string(base.Data) + "}",
	} {
		if mustDecode(t, other).Hash() == base.Hash() {
			t.Errorf("%s does not change the hash", name)
		}
	}
}

func TestCheckSubject(t *testing.T) {
	e := mustDecode(t, checkin)
	for subject, want := range map[string][]string{
		"vointi.events.participation.checkin.v1.KU305":           nil,
		"vointi.events.participation.checkin.v1.KU208":           {"/areaid"},
		"vointi.events.participation.checkin.corrected.v1.KU305": {"/type"},
		"vointi.events.participation.checkin.v1":                 {"/areaid", "/type"},
		"vointi.updates.participation.checkin.v1.KU305":          {"/areaid", "/type"},
		"vointi.events.KU305":                                    {"/type"},
		"":                                                       {"/areaid", "/type"},
	} {
		err := event.CheckSubject(e, subject)
		if want == nil {
			if err != nil {
				t.Errorf("%s: %v", subject, err)
			}
			continue
		}
		var invalid *event.InvalidError
		if !errors.As(err, &invalid) || invalid.Kind != event.SubjectMismatch || invalid.ID != e.ID {
			t.Errorf("%s: %v", subject, err)
			continue
		}
		sameSet(t, pointers(invalid), want)
	}
}

func TestCheckOriginal(t *testing.T) {
	own, other := good(t, "participation.checkin.voided.v1.good-full"), good(t, "participation.checkin.voided.v1.good-other-source")
	for name, err := range map[string]error{
		"own":         event.CheckOriginal(own, nil),
		"no original": event.CheckOriginal(mustDecode(t, checkin), nil),
		"granted":     event.CheckOriginal(other, []string{"/x", other.Source}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var invalid *event.InvalidError
	if err := event.CheckOriginal(other, []string{"/kuusamo"}); !errors.As(err, &invalid) || invalid.Kind != event.ForeignOriginal {
		t.Errorf("got %v", err)
	}
}

func order(t *rapid.T, name string) event.Order {
	return event.Order{
		Void:     rapid.Bool().Draw(t, name+" void"),
		Sequence: rapid.Int64Range(0, 2).Draw(t, name+" sequence"),
		Time:     time.Unix(rapid.Int64Range(0, 2).Draw(t, name+" time"), 0),
		ID:       rapid.SampledFrom([]string{"a", "b"}).Draw(t, name+" id"),
		Hash:     rapid.Uint64Range(0, 2).Draw(t, name+" hash"),
	}
}

func TestLessIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := order(t, "a"), order(t, "b"), order(t, "c")
		if event.Less(a, a) {
			t.Fatal("less than itself")
		}
		if a != b && event.Less(a, b) == event.Less(b, a) {
			t.Fatal("neither or both less")
		}
		if event.Less(a, b) && event.Less(b, c) && !event.Less(a, c) {
			t.Fatal("not transitive")
		}
	})
}

func TestFold(t *testing.T) {
	at := time.Unix(0, 0)
	ascending := []event.Order{
		{Time: at.Add(9), ID: "z", Hash: 9},
		{Sequence: 1, Time: at, ID: "b", Hash: 1},
		{Sequence: 1, Time: at, ID: "b", Hash: 2},
		{Sequence: 1, Time: at, ID: "c"},
		{Sequence: 1, Time: at.Add(1), ID: "a"},
		{Sequence: 2, Time: at},
		{Void: true, Time: at},
		{Void: true, Time: at.Add(1)},
	}
	for i, a := range ascending {
		for j, b := range ascending {
			if event.Less(a, b) != (i < j) {
				t.Errorf("%d < %d is %t", i, j, event.Less(a, b))
			}
		}
	}
}

func TestOrder(t *testing.T) {
	if o := good(t, "participation.checkin.voided.v1.good-full").Order(); !o.Void {
		t.Error("a void is no void")
	}
	if o := good(t, "calendar.event.held.v1.good-full").Order(); o.Sequence != 1 || o.Void || o.ID == "" || o.Time.IsZero() || o.Hash == 0 {
		t.Errorf("got %+v", o)
	}
}
