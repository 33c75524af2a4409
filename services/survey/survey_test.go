package survey_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/services/survey"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const response = `{"response_id":"R1","wave_id":"W1","instrument_id":"eurohis8","version":"1","submitted_at":"2025-03-05T15:00:00Z",
	"complete":true,"area_id":"KU853-02","age_band":"18-64","sex":"1","items":{"q1":4,"q2":5}}`

func start(t *testing.T) (http.Handler, *streamtest.Bus, *prometheus.Registry) {
	t.Helper()
	bus, reg := streamtest.New(t), prometheus.NewRegistry()
	s, err := survey.New(zap.NewNop(), reg, bus.Publisher(), survey.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler(), bus, reg
}

func post(t *testing.T, handler http.Handler, body string, header ...string) edgetest.Answer {
	t.Helper()
	return edgetest.Send(t, handler, http.MethodPost, "/v1/survey/responses", strings.NewReader(body), header...)
}

func TestResponse(t *testing.T) {
	handler, bus, reg := start(t)
	e := edgetest.Accepted(t, bus, post(t, handler, response))
	got := e.Payload.(*event.Response)
	if e.Type != event.ResponseSubmitted || e.Area != "KU853" || e.Subject != "R1" || e.Source != "/vointi/survey" ||
		!e.Time.Equal(got.SubmittedAt) || got.Items["q2"] != 5 {
		t.Errorf("event is %+v with %+v", e, got)
	}
	again := edgetest.Accepted(t, bus, post(t, handler, strings.Replace(response, `"q1":4`, `"q1":3`, 1)))
	if again.ID != e.ID {
		t.Error("one response_id of one wave is two events")
	}
	other := edgetest.Accepted(t, bus, post(t, handler, strings.Replace(response, "W1", "W2", 1)))
	keyed := edgetest.Accepted(t, bus, post(t, handler, response, "Idempotency-Key", "k"))
	if other.ID == e.ID || keyed.ID == e.ID {
		t.Error("two responses are one event")
	}
	problems, err := testutil.GatherAndLint(reg)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

func TestRefused(t *testing.T) {
	handler, bus, _ := start(t)
	for name, test := range map[string]struct {
		old, replacement string
		want             []string
	}{
		"free text":       {`"q2":5`, `"q2":"fine, thanks"`, []string{"/items/q2"}},
		"a personal code": {`"R1"`, `"131052-308T"`, []string{"/response_id"}},
		"an unknown sex":  {`"sex":"1"`, `"sex":"3"`, []string{"/sex"}},
		"no wave, no age": {`"wave_id":"W1",`, `"age":3,`, []string{"/age", "/wave_id"}},
		"no such answer":  {`"q2":5`, `"SRH":6`, []string{"/items/SRH"}},
		"a bad time":      {"2025-03-05T15:00:00Z", "2025-02-29T15:00:00Z", []string{"/submitted_at"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := post(t, handler, strings.Replace(response, test.old, test.replacement, 1))
			if a.Status != 400 || !slices.Equal(a.Pointers(), test.want) {
				t.Errorf("%+v, want faults %v", a, test.want)
			}
		})
	}
	edgetest.WantStored(t, bus, 0)
	bus.Stop()
	if a := post(t, handler, response); a.Status != 503 {
		t.Errorf("without a bus: %+v", a)
	}
}

func TestBatch(t *testing.T) {
	handler, bus, _ := start(t)
	batch := func(body string, header ...string) edgetest.Answer {
		return edgetest.Send(t, handler, http.MethodPost, "/v1/survey/responses/batch", strings.NewReader(body), header...)
	}
	second := strings.Replace(response, "R1", "R2", 1)
	for name, test := range map[string]struct {
		body string
		want int
		at   []string
	}{
		"faults of two":  {"[" + response + "," + strings.Replace(response, "KU853", "Turku", 1) + `,{"age":3}, 5]`, 400, []string{"/1/area_id", "/2/age", "/3"}},
		"none":           {"[]", 400, []string{""}},
		"no list":        {response, 400, []string{""}},
		"null":           {"null", 400, []string{""}},
		"too many":       {"[" + strings.Repeat("1,", 1000) + "1]", 413, []string{""}},
		"no such answer": {"[" + strings.Replace(response, `"q2":5`, `"ESIS1":0`, 1) + "]", 400, []string{"/0/items/ESIS1"}},
	} {
		a := batch(test.body)
		for _, pointer := range test.at {
			if a.Status != test.want || !slices.Contains(a.Pointers(), pointer) {
				t.Errorf("%s: %d %v, want %d %v", name, a.Status, a.Pointers(), test.want, test.at)
			}
		}
	}
	edgetest.WantStored(t, bus, 0)
	first := batch("["+response+","+second+"]", "Idempotency-Key", "k")
	again := batch("["+response+","+second+"]", "Idempotency-Key", "k")
	if first.Status != 202 || len(first.Events) != 2 || !slices.Equal(first.Events, again.Events) || first.Events[0].ID == first.Events[1].ID {
		t.Errorf("%+v, again %+v", first, again)
	}
	edgetest.WantStored(t, bus, 4)
	if other := batch("["+second+","+response+"]", "Idempotency-Key", "k"); other.Status != 422 {
		t.Errorf("another list under one key: %+v", other)
	}
}

func TestWaves(t *testing.T) {
	handler, bus, _ := start(t)
	wave := func(path, body string) edgetest.Answer {
		return edgetest.Send(t, handler, http.MethodPost, path, strings.NewReader(body))
	}
	const body = `{"wave_id":"W1","starts":"2026-03-01","ends":"2026-03-31","instrument_id":"kysely","version":"1","at":"2026-02-01T10:00:00+02:00","strata":[{"id":"a","N":10,"n_sampled":5}]}`
	e := edgetest.Accepted(t, bus, wave("/v1/survey/waves", body))
	if w := e.Payload.(*event.Wave); e.Type != event.WaveOpened || e.Area != "SSS" || e.Subject != "W1" || len(w.Strata) != 1 || e.Time.Format("2006-01-02 15:04") != "2026-02-01 08:00" {
		t.Errorf("%+v with %+v", e, w)
	}
	if again := edgetest.Accepted(t, bus, wave("/v1/survey/waves", body)); again.ID != e.ID {
		t.Error("one description is two events")
	}
	closed := edgetest.Accepted(t, bus, wave("/v1/survey/waves/close", strings.Replace(body, `"at":"2026-02-01T10:00:00+02:00",`, "", 1)))
	if closed.Type != event.WaveClosed || closed.ID == e.ID || !closed.Time.After(e.Time) {
		t.Errorf("closed by %+v", closed)
	}
	keyed := edgetest.Send(t, handler, http.MethodPost, "/v1/survey/waves", strings.NewReader(strings.Replace(body, `,"at":"2026-02-01T10:00:00+02:00"`, "", 1)), "Idempotency-Key", "k")
	if keyed.Status != 400 || !slices.Equal(keyed.Pointers(), []string{"/at"}) {
		t.Errorf("a key that could not make the same event again: %+v", keyed)
	}
	for _, bad := range []string{`"at":5`, `"at":"yesterday"`} {
		a := wave("/v1/survey/waves", strings.Replace(body, `"at":"2026-02-01T10:00:00+02:00"`, bad, 1))
		if a.Status != 400 || !slices.Contains(a.Pointers(), "/at") {
			t.Errorf("%s: %+v", bad, a)
		}
	}
}
