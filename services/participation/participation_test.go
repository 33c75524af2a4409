package participation_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/services/participation"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	checkins   = "/v1/participation/checkins"
	headcounts = "/v1/participation/headcounts"
)

// running is a service on a real bus.
type running struct {
	http.Handler
	bus  *streamtest.Bus
	reg  *prometheus.Registry
	logs *observer.ObservedLogs
}

func start(t *testing.T, cfg participation.Config) running {
	t.Helper()
	if cfg.Keys == "" {
		cfg.Keys = filepath.Join(t.TempDir(), "keys.json")
	}
	bus, reg := streamtest.New(t), prometheus.NewRegistry()
	core, logs := observer.New(zap.DebugLevel)
	p, err := participation.New(zap.New(core), reg, participation.Bus{Publisher: bus.Publisher(), Reader: bus}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return running{p.Handler(), bus, reg, logs}
}

// visit is the body of a check-in, with changes: a value that is nil is left out.
func visit(changes map[string]any) map[string]any {
	body := map[string]any{
		"session_id": "S1", "card_id": "0123 4567-89ab", "checked_in_at": "2025-03-05T17:02:11+02:00", "channel": "card",
		"venue_id": "V17", "venue_area_id": "KU305-01", "home_area_id": "KU305", "birth_date": "1985-03-05", "sex": "2",
		"activity_type": "nature", "provider_id": "ORG12",
	}
	return with(body, changes)
}

func count(changes map[string]any) map[string]any {
	body := map[string]any{
		"session_id": "S1", "venue_area_id": "KU305", "counted_at": "2025-03-05T15:00:00Z", "total": 23,
		"includes_card_holders": true, "venue_id": "V17", "activity_type": "nature", "provider_id": "ORG12",
	}
	return with(body, changes)
}

func with(body, changes map[string]any) map[string]any {
	maps.Copy(body, changes)
	maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
	return body
}

func (r running) post(t *testing.T, path string, body any, header ...string) edgetest.Answer {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return edgetest.Send(t, r, http.MethodPost, path, bytes.NewReader(data), header...)
}

// accepted posts what must be accepted, and returns the event as the bus has it.
func (r running) accepted(t *testing.T, path string, body any, header ...string) *event.Event {
	t.Helper()
	return edgetest.Accepted(t, r.bus, r.post(t, path, body, header...))
}

func TestCheckin(t *testing.T) {
	r := start(t, participation.Config{})
	e := r.accepted(t, checkins, visit(map[string]any{"household_id": "H 1234", "party_size": 3}))
	got := e.Payload.(*event.Checkin)
	if e.Area != "KU305" || e.Subject != "S1" || e.Source != "/vointi/participation" || !e.Time.Equal(got.CheckedInAt) {
		t.Errorf("envelope is %+v", e)
	}
	if len(got.PersonPseudonym) != 32 || got.KeyVersion != 1 || *got.BirthYear != 1985 || got.PartySize != 3 ||
		len(got.Household) != 32 || got.Household == got.PersonPseudonym || got.VenueArea != "KU305-01" {
		t.Errorf("payload is %+v", got)
	}
}

func TestHeadcount(t *testing.T) {
	r := start(t, participation.Config{})
	e := r.accepted(t, headcounts, count(map[string]any{"counter": "door"}))
	if got := e.Payload.(*event.Headcount); got.Total != 23 || got.Counter != "door" || e.Subject != "S1" || e.Area != "KU305" {
		t.Errorf("event is %+v with %+v", e, got)
	}
	again := r.accepted(t, headcounts, count(map[string]any{"counter": "door", "counted_at": "2025-03-05T16:00:00Z", "total": 25}))
	if again.ID == e.ID {
		t.Error("a later count is the same event")
	}
}

func TestARetryMakesTheSameEvent(t *testing.T) {
	r := start(t, participation.Config{})
	one := r.accepted(t, checkins, visit(nil))
	for name, changes := range map[string]map[string]any{
		"the same":                  nil,
		"the same instant":          {"checked_in_at": "2025-03-05T15:02:11Z"},
		"the card read differently": {"card_id": " 0123-4567-89AB"},
	} {
		if again := r.accepted(t, checkins, visit(changes)); again.ID != one.ID {
			t.Errorf("%s: another event", name)
		}
	}
	for name, changes := range map[string]map[string]any{
		"another instant": {"checked_in_at": "2025-03-05T17:02:12+02:00"},
		"another session": {"session_id": "S2"},
		"another card":    {"card_id": "0123-4567-89AC"},
	} {
		if other := r.accepted(t, checkins, visit(changes)); other.ID == one.ID {
			t.Errorf("%s: the same event", name)
		}
	}
}

func TestIdempotencyKey(t *testing.T) {
	r := start(t, participation.Config{})
	one := r.accepted(t, checkins, visit(nil), "Idempotency-Key", "key-1")
	r.accepted(t, checkins, visit(nil), "Idempotency-Key", "key-1")
	edgetest.WantStored(t, r.bus, 1) // the bus knows it
	a := r.post(t, checkins, visit(map[string]any{"channel": "app"}), "Idempotency-Key", "key-1")
	if a.Status != 422 || !strings.Contains(a.Error, "came with another request") {
		t.Errorf("one key for two visits: %+v", a)
	}
	edgetest.WantStored(t, r.bus, 1)
	if other := r.accepted(t, checkins, visit(nil), "Idempotency-Key", "key-2"); other.ID == one.ID {
		t.Error("two keys, one id")
	}
	if other := r.accepted(t, headcounts, count(nil), "Idempotency-Key", "key-1"); other.ID == one.ID {
		t.Error("one key makes one id for two types")
	}
	for _, key := range []string{strings.Repeat("k", 201), "visit 131052-308T"} {
		if a := r.post(t, checkins, visit(nil), "Idempotency-Key", key); a.Status != 400 {
			t.Errorf("key %q: %+v", key, a)
		}
	}
}

// TestIdempotencyKeyAfterARestart: what is sent again makes the same event, which is what a client rests on.
func TestIdempotencyKeyAfterARestart(t *testing.T) {
	cfg := participation.Config{Keys: filepath.Join(t.TempDir(), "keys.json")}
	one := start(t, cfg).accepted(t, checkins, visit(nil), "Idempotency-Key", "key-1")
	again := start(t, cfg).accepted(t, checkins, visit(nil), "Idempotency-Key", "key-1")
	if one.ID != again.ID || one.Hash() != again.Hash() {
		t.Errorf("%s and %s", one.Encode(), again.Encode())
	}
}

func TestBatches(t *testing.T) {
	r := start(t, participation.Config{})
	for path, pair := range map[string][2]map[string]any{
		checkins:   {visit(nil), visit(map[string]any{"card_id": "0123-4567-89AC"})},
		headcounts: {count(map[string]any{"counter": "a"}), count(map[string]any{"counter": "b"})},
	} {
		same := []any{pair[0], pair[0]} // what two objects say may be the same: their places tell them apart
		var first edgetest.Answer
		for range 2 {
			a := r.post(t, path+"/batch", same, "Idempotency-Key", "b")
			if a.Status != 202 || len(a.Events) != 2 || a.Events[0].ID == a.Events[1].ID {
				t.Fatalf("%s: %+v", path, a)
			}
			if first.Status != 0 && !slices.Equal(first.Events, a.Events) {
				t.Errorf("%s: %+v, then %+v", path, first, a)
			}
			first = a
		}
		if a := r.post(t, path+"/batch", []any{pair[0], pair[1]}, "Idempotency-Key", "b"); a.Status != 422 {
			t.Errorf("%s: another list under one key: %+v", path, a)
		}
		single := r.accepted(t, path, pair[0], "Idempotency-Key", "b")
		if slices.ContainsFunc(first.Events, func(i edgetest.Identity) bool { return i.ID == single.ID }) {
			t.Errorf("%s: one key at two addresses is one event", path)
		}
		bad := with(maps.Clone(pair[1]), map[string]any{"venue_id": nil})
		if a := r.post(t, path+"/batch", []any{pair[0], bad}); a.Status != 400 || !slices.Equal(a.Pointers(), []string{"/1/venue_id"}) {
			t.Errorf("%s: %+v", path, a)
		}
	}
	edgetest.WantStored(t, r.bus, 2*(2+2+1))
}

func TestVoid(t *testing.T) {
	r := start(t, participation.Config{})
	one := r.accepted(t, checkins, visit(nil))
	body := map[string]any{"session_id": "S1", "venue_area_id": "KU305-01", "reason": "wrong card", "at": "2025-03-05T15:04:00Z"}
	e := r.accepted(t, checkins+"/"+one.ID+"/void", body)
	if e.Type != event.CheckinVoided || e.Key() != one.Key() || e.Area != "KU305" || e.Subject != "S1" || !e.Order().Void {
		t.Errorf("%+v", e)
	}
	if again := r.accepted(t, checkins+"/"+one.ID+"/void", with(maps.Clone(body), map[string]any{"at": "2025-03-05T16:04:00Z"})); again.ID != e.ID {
		t.Error("taken back twice")
	}
	for name, bad := range map[string]map[string]any{
		"/reason": {"reason": nil}, "/at": {"at": "now"}, "/venue_area_id": {"venue_area_id": nil}, "/original": {"original": map[string]any{"id": "x"}},
		"/card_id": {"card_id": "0123456789"},
	} {
		if a := r.post(t, checkins+"/"+one.ID+"/void", with(maps.Clone(body), bad)); a.Status != 400 || !slices.Equal(a.Pointers(), []string{name}) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestRefused(t *testing.T) {
	r := start(t, participation.Config{Issuers: []string{"KU305", "KU208"}})
	for name, test := range map[string]struct {
		path string
		body map[string]any
		want []string
	}{
		"no card":              {checkins, visit(map[string]any{"card_id": nil}), []string{"/card_id"}},
		"a card that is none":  {checkins, visit(map[string]any{"card_id": "?"}), []string{"/card_id"}},
		"a card that is empty": {checkins, visit(map[string]any{"card_id": ""}), []string{"/card_id"}},
		"a card as a number":   {checkins, visit(map[string]any{"card_id": 12345678}), []string{"/card_id"}},
		"a personal code":      {checkins, visit(map[string]any{"card_id": "131052-308T"}), []string{"/card_id"}},
		"a personal code else": {checkins, visit(map[string]any{"provider_id": "131052-308T"}), []string{"/provider_id"}},
		"an unknown issuer":    {checkins, visit(map[string]any{"card_issuer": "KU999"}), []string{"/card_issuer"}},
		"a pseudonym": {
			checkins, visit(map[string]any{"person_pseudonym": strings.Repeat("a", 32), "key_version": 1}),
			[]string{"/key_version", "/person_pseudonym"},
		},
		"a birth date that is none": {checkins, visit(map[string]any{"birth_date": "5.3.1985"}), []string{"/birth_date"}},
		"birth date and year":       {checkins, visit(map[string]any{"birth_year": 1985}), []string{"/birth_date"}},
		"an unknown attribute":      {checkins, visit(map[string]any{"sessionid": "S1"}), []string{"/sessionid"}},
		"no time":                   {checkins, visit(map[string]any{"checked_in_at": nil}), []string{"/checked_in_at"}},
		"no time zone":              {checkins, visit(map[string]any{"checked_in_at": "2025-03-05T17:02:11"}), []string{"/checked_in_at"}},
		"no area":                   {checkins, visit(map[string]any{"venue_area_id": nil}), []string{"/venue_area_id"}},
		"a county":                  {checkins, visit(map[string]any{"venue_area_id": "HVA19"}), []string{"/venue_area_id"}},
		"a session as a number":     {checkins, visit(map[string]any{"session_id": 7}), []string{"/session_id"}},
		"many things at once": {
			checkins, visit(map[string]any{"card_id": "?", "sex": "3", "activity_type": "x", "channel": "fax"}),
			[]string{"/activity_type", "/card_id", "/channel", "/sex"},
		},
		"a count below zero":     {headcounts, count(map[string]any{"total": -1}), []string{"/total"}},
		"a count with a card id": {headcounts, count(map[string]any{"card_id": "0123456789"}), []string{"/card_id"}},
		"nothing": {
			headcounts,
			map[string]any{},
			[]string{"/activity_type", "/counted_at", "/includes_card_holders", "/provider_id", "/session_id", "/total", "/venue_area_id", "/venue_id"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := r.post(t, test.path, test.body)
			if a.Status != 400 || !slices.Equal(a.Pointers(), test.want) {
				t.Errorf("%+v, want faults %v", a, test.want)
			}
		})
	}
	edgetest.WantStored(t, r.bus, 0)
}

func TestCardIdsGoNowhere(t *testing.T) {
	r := start(t, participation.Config{})
	ids := []string{"0123456789AB", "0123 4567-89ab", "HH998877", "1985-03-05"}
	body := visit(map[string]any{"household_id": "HH998877"})
	r.accepted(t, checkins, body)
	message, _ := edgetest.Last(t, r.bus)
	refused := r.post(t, checkins, with(maps.Clone(body), map[string]any{"sex": "x"}))
	r.bus.Stop()
	unavailable := r.post(t, checkins, body)
	var logged []any
	for _, entry := range r.logs.All() {
		logged = append(logged, entry.Message, entry.ContextMap())
	}
	text, err := json.Marshal([]any{string(message.Data), message.Header, message.Subject, refused, unavailable, logged})
	if err != nil {
		t.Fatal(err)
	}
	if len(logged) == 0 || unavailable.Error == "" {
		t.Fatal("the outage was not told")
	}
	for _, id := range ids {
		if strings.Contains(strings.ToUpper(string(text)), strings.ToUpper(id)) {
			t.Errorf("%s left the edge in %s", id, text)
		}
	}
}

func TestIssuersHaveTheirOwnKeys(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys.json")
	cfg := participation.Config{Issuers: []string{"KU305", "KU208"}, Keys: keys}
	r := start(t, cfg)
	pseudonym := func(r running, changes map[string]any) string {
		return r.accepted(t, checkins, visit(changes)).Payload.(*event.Checkin).PersonPseudonym
	}
	home := pseudonym(r, nil)
	if pseudonym(r, map[string]any{"card_issuer": "KU305", "venue_area_id": "KU208"}) != home {
		t.Error("one card, used elsewhere, is two persons")
	}
	if pseudonym(r, map[string]any{"card_issuer": "KU208"}) == home {
		t.Error("two issuers' cards can be linked")
	}
	if pseudonym(start(t, cfg), nil) != home {
		t.Error("after a restart one card is another person")
	}
	if pseudonym(start(t, participation.Config{}), nil) == home {
		t.Error("two installations have one key")
	}
}

func TestNoBus(t *testing.T) {
	r := start(t, participation.Config{})
	r.bus.Stop()
	if a := r.post(t, checkins, visit(nil)); a.Status != 503 || a.Error == "" {
		t.Errorf("%+v", a)
	}
}

func TestOnlyPost(t *testing.T) {
	r := start(t, participation.Config{})
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, checkins, nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
}

func TestMetrics(t *testing.T) {
	r := start(t, participation.Config{})
	r.accepted(t, checkins, visit(nil))
	problems, err := testutil.GatherAndLint(r.reg)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

func TestConfig(t *testing.T) {
	for name, cfg := range map[string]participation.Config{
		"no issuers":    {Keys: "k"},
		"a bad issuer":  {Issuers: []string{"a b"}, Keys: "k"},
		"no keys' file": {Issuers: []string{"KU305"}},
	} {
		if cfg.Validate() == nil {
			t.Errorf("%s: valid", name)
		}
	}
	if _, err := participation.New(zap.NewNop(), prometheus.NewRegistry(), participation.Bus{}, participation.Config{Issuers: []string{"?"}}); err == nil {
		t.Error("started with a bad configuration")
	}
}
