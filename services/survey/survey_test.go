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
	return survey.New(zap.NewNop(), reg, bus.Publisher(), survey.Config{}).Handler(), bus, reg
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
