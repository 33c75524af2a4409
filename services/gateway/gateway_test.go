package gateway_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/schemas"
	"vointi.fi/services/gateway"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	structured = "application/cloudevents+json"
	batch      = "application/cloudevents-batch+json"
)

func start(t testing.TB, cfg gateway.Config, options ...streamtest.Option) (http.Handler, *streamtest.Bus) {
	t.Helper()
	bus := streamtest.New(t, options...)
	return gateway.New(zap.NewNop(), prometheus.NewRegistry(), bus.Publisher(), cfg).Handler(), bus
}

func post(t testing.TB, handler http.Handler, contentType, body string, header ...string) edgetest.Answer {
	t.Helper()
	header = append([]string{"Content-Type", contentType}, header...)
	return edgetest.Send(t, handler, http.MethodPost, "/v1/events", strings.NewReader(body), header...)
}

// examples returns the examples whose names hold kind, by name.
func examples(t testing.TB, kind string) map[string]string {
	t.Helper()
	names, err := fs.Glob(schemas.FS, "events/examples/*."+kind+"*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	all := map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(schemas.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		all[path.Base(name)] = string(data)
	}
	return all
}

func goodExample(t testing.TB) string {
	return examples(t, "good")["participation.checkin.v1.good-full.json"]
}

func foreign(name string) bool { return strings.Contains(name, "other-source") }

func TestGoodExamplesArePublished(t *testing.T) {
	handler, bus := start(t, gateway.Config{CorrectAny: []string{"/registry"}})
	stored := 0
	for name, example := range examples(t, "good") {
		if foreign(name) {
			continue
		}
		var attributes map[string]any
		if err := json.Unmarshal([]byte(example), &attributes); err != nil {
			t.Fatal(err)
		}
		a := post(t, handler, structured+"; charset=UTF-8", example)
		if a.Status != 202 || a.ID != attributes["id"] || a.Source != attributes["source"] || a.Type != attributes["type"] {
			t.Errorf("%s: %+v", name, a)
		}
		stored++
		a = post(t, handler, "application/json", dataOf(t, attributes), binary(attributes)...)
		if a.Status != 202 || a.ID != attributes["id"] {
			t.Errorf("%s in binary mode: %+v", name, a)
		}
		post(t, handler, structured, example) // sent again
	}
	state, err := bus.StreamState(t.Context(), stream.Events)
	if err != nil || int(state.Messages) < stored || int(state.Messages) > 2*stored {
		t.Errorf("%d messages for %d events: %v", state.Messages, stored, err)
	}
}

// binary makes the header of an event in binary mode.
func binary(attributes map[string]any) (header []string) {
	for name, value := range attributes {
		if name != "data" && name != "datacontenttype" {
			header = append(header, "ce-"+name, strings.ReplaceAll(url.PathEscape(fmt.Sprint(value)), "+", "%2B"))
		}
	}
	return header
}

func dataOf(t *testing.T, attributes map[string]any) string {
	t.Helper()
	data, err := json.Marshal(attributes["data"])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestBadExamplesAreRefusedAndNothingIsPublished(t *testing.T) {
	handler, bus := start(t, gateway.Config{})
	var expected map[string]struct {
		Reason string
		Faults []string
	}
	list, err := fs.ReadFile(schemas.FS, "events/examples/bad.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(list, &expected); err != nil {
		t.Fatal(err)
	}
	good := goodExample(t)
	for name, example := range examples(t, "bad") {
		want := expected[name]
		slices.Sort(want.Faults)
		a := post(t, handler, structured, example)
		if a.Status != refused(want.Reason) || !slices.Equal(a.Pointers(), want.Faults) || a.Error == "" {
			t.Errorf("%s: %+v, want faults %v", name, a, want.Faults)
		}
		for _, f := range a.Faults {
			if f.Reason == "" {
				t.Errorf("%s: no reason for %q", name, f.Pointer)
			}
		}
		if a = post(t, handler, batch, "["+good+","+example+","+good+"]"); a.Status < 400 {
			t.Errorf("%s in a batch: %+v", name, a)
		}
		for _, f := range a.Faults {
			if !strings.HasPrefix(f.Pointer, "/1") && want.Reason != string(event.Malformed) {
				t.Errorf("%s in a batch: the fault points to %q", name, f.Pointer)
			}
		}
	}
	edgetest.WantStored(t, bus, 0)
}

func refused(reason string) int {
	if reason == string(event.TooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

func TestOriginalOfAnotherSource(t *testing.T) {
	strict, bus := start(t, gateway.Config{})
	for name, example := range examples(t, "good") {
		if !foreign(name) {
			continue
		}
		a := post(t, strict, structured, example)
		if a.Status != 400 || !slices.Equal(a.Pointers(), []string{"/data/original/source"}) {
			t.Errorf("%s: %+v", name, a)
		}
		a = post(t, strict, batch, "["+goodExample(t)+","+example+"]")
		if a.Status != 400 || !slices.Equal(a.Pointers(), []string{"/1/data/original/source"}) {
			t.Errorf("%s in a batch: %+v", name, a)
		}
		var e struct{ Source string }
		if err := json.Unmarshal([]byte(example), &e); err != nil {
			t.Fatal(err)
		}
		granted := gateway.New(zap.NewNop(), prometheus.NewRegistry(), bus.Publisher(), gateway.Config{CorrectAny: []string{e.Source}})
		edgetest.WantStored(t, bus, 0)
		if a = post(t, granted.Handler(), structured, example); a.Status != 202 {
			t.Errorf("%s by a source that may: %+v", name, a)
		}
		return
	}
	t.Error("no example of a foreign original")
}

func TestBatch(t *testing.T) {
	handler, bus := start(t, gateway.Config{})
	good := goodExample(t)
	many := make([]string, event.MaxBatch)
	for i := range many {
		many[i] = strings.Replace(good, `"id": "`, fmt.Sprintf(`"id": "%d-`, i), 1)
	}
	a := post(t, handler, batch, "["+strings.Join(many, ",")+"]")
	if a.Status != 202 || len(a.Events) != event.MaxBatch || !strings.HasPrefix(a.Events[999].ID, "999-") {
		t.Fatalf("%d %s, %d events", a.Status, a.Error, len(a.Events))
	}
	edgetest.WantStored(t, bus, event.MaxBatch)
	if a := post(t, handler, batch, "["+strings.Join(append(many, good), ",")+"]"); a.Status != 413 {
		t.Errorf("1001 events: %+v", a)
	}
	edgetest.WantStored(t, bus, event.MaxBatch)
}

func TestBodiesThatAreNoEvents(t *testing.T) {
	handler, bus := start(t, gateway.Config{})
	good := goodExample(t)
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	for name, test := range map[string]struct {
		contentType, body string
		want              int
	}{
		"empty":                       {structured, "", 400},
		"empty batch":                 {batch, "[]", 400},
		"truncated":                   {structured, good[:len(good)/2], 400},
		"truncated batch":             {batch, "[" + good, 400},
		"two events":                  {structured, good + good, 400},
		"an event as a batch":         {batch, good, 400},
		"a batch as an event":         {structured, "[" + good + "]", 400},
		"not UTF-8":                   {structured, strings.Replace(good, "S1", "S\xff", 1), 400},
		"an attribute twice":          {structured, strings.Replace(good, "{", `{"id":"x",`, 1), 400},
		"nested deeply":               {structured, `{"data":` + deep + `}`, 400},
		"nested deeply in unknown":    {structured, `{"x":` + deep + `}`, 400},
		"batch nested deeply":         {batch, deep, 400},
		"an event too large":          {structured, strings.Replace(good, "S1", strings.Repeat("x", event.MaxSize), 1), 413},
		"an event too large in batch": {batch, "[" + strings.Replace(good, "S1", strings.Repeat("x", event.MaxSize), 1) + "]", 413},
		"a batch too large":           {batch, "[" + strings.Repeat(" ", event.MaxBatchSize) + good + "]", 413},
		"no content type":             {"", good, 415},
		"text":                        {"text/plain", good, 415},
		"XML":                         {"application/cloudevents+xml", good, 415},
		"unreadable content type":     {"application/;", good, 415},
		"another charset":             {structured + "; charset=latin1", good, 415},
		"JSON without ce- headers":    {"application/json", good, 400},
	} {
		t.Run(name, func(t *testing.T) {
			a := post(t, handler, test.contentType, test.body)
			if a.Status != test.want || a.Error == "" {
				t.Errorf("%+v, want %d", a, test.want)
			}
			if a.Status == 400 && len(a.Faults) == 0 {
				t.Error("400 without faults")
			}
		})
	}
	if a := post(t, handler, structured, good, "Content-Encoding", "gzip"); a.Status != 415 {
		t.Errorf("compressed: %+v", a)
	}
	edgetest.WantStored(t, bus, 0)
}

func TestNoBus(t *testing.T) {
	handler, bus := start(t, gateway.Config{})
	bus.Stop()
	good := goodExample(t)
	for _, contentType := range []string{structured, batch} {
		body := good
		if contentType == batch {
			body = "[" + good + "]"
		}
		if a := post(t, handler, contentType, body); a.Status != 503 || strings.Contains(a.Error, "nats") {
			t.Errorf("%s: %+v", contentType, a)
		}
	}
}

func TestFullStream(t *testing.T) {
	handler, _ := start(t, gateway.Config{}, streamtest.MaxBytes(20<<10))
	good := goodExample(t)
	a := edgetest.Answer{Status: 202}
	for i := 0; a.Status == 202; i++ {
		a = post(t, handler, structured, strings.Replace(good, `"id": "`, fmt.Sprintf(`"id": "%d-`, i), 1))
	}
	if a.Status != 503 || !strings.Contains(a.Error, "full") {
		t.Errorf("%+v", a)
	}
}

func TestMetricsAreLintedAndStartAtZero(t *testing.T) {
	reg := prometheus.NewRegistry()
	bus := streamtest.New(t)
	handler := gateway.New(zap.NewNop(), reg, bus.Publisher(), gateway.Config{}).Handler()
	if n, err := testutil.GatherAndCount(reg, "vointi_gateway_events_published_total"); err != nil || n != len(event.Types()) {
		t.Errorf("%d types counted from the start: %v", n, err)
	}
	post(t, handler, structured, goodExample(t))
	post(t, handler, structured, "{")
	problems, err := testutil.GatherAndLint(reg)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	want := `
# HELP vointi_gateway_requests_total Requests to publish events, by what became of them.
# TYPE vointi_gateway_requests_total counter
vointi_gateway_requests_total{outcome="accepted"} 1
vointi_gateway_requests_total{outcome="busy"} 0
vointi_gateway_requests_total{outcome="forbidden"} 0
vointi_gateway_requests_total{outcome="full"} 0
vointi_gateway_requests_total{outcome="incomplete"} 0
vointi_gateway_requests_total{outcome="invalid"} 1
vointi_gateway_requests_total{outcome="key_reused"} 0
vointi_gateway_requests_total{outcome="not_found"} 0
vointi_gateway_requests_total{outcome="slow"} 0
vointi_gateway_requests_total{outcome="too_large"} 0
vointi_gateway_requests_total{outcome="too_often"} 0
vointi_gateway_requests_total{outcome="unauthorized"} 0
vointi_gateway_requests_total{outcome="unavailable"} 0
vointi_gateway_requests_total{outcome="unsupported"} 0
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "vointi_gateway_requests_total"); err != nil {
		t.Error(err)
	}
}

func FuzzEvents(f *testing.F) {
	for _, kind := range []string{"good", "bad"} {
		for _, example := range examples(f, kind) {
			f.Add(structured, example)
			f.Add(batch, "["+example+"]")
		}
	}
	handler, _ := start(f, gateway.Config{})
	f.Fuzz(func(t *testing.T, contentType, body string) {
		a := post(t, handler, contentType, body)
		if a.Status == 202 && a.ID == "" && len(a.Events) == 0 {
			t.Errorf("accepted without an id: %+v", a)
		}
	})
}
