package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.uber.org/zap"

	"vointi.fi/pkg/stream"
)

// TestEmitting runs what other people's services are given to copy against one running system: the examples in
// deploy/emitting, each twice, and those of the HTTP interface's description; and holds the news that come of it against
// their schemas.
func TestEmitting(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	i, day := up(t, data), time.Now().UTC().Format(time.DateOnly)
	bus := strings.Replace(i.nats, "nats://", "nats://publisher:"+natsPassword(t, data, "publisher")+"@", 1)
	told := updates(t, i.nats, data)
	for _, example := range [][]string{
		{"sh", "gateway.sh", i.report},
		{"python3", "gateway.py", i.report},
		{"python3", "bus.py", bus},
		{"go", "run", "./bus", bus},
		{"go", "run", "./outbox", i.report, filepath.Join(t.TempDir(), "outbox.db")},
	} {
		for range 2 {
			runExample(t, example)
		}
	}
	i.eventually(visitsOn(day), "65") // 11 + 12 + 13 + 14 + 15 people at five doors
	conforms(t, "updates/indicator.updated.v1", <-told)
	sendDescribed(t, i)
	i.interrupt()
}

func runExample(t *testing.T, args []string) {
	t.Helper()
	if _, err := exec.LookPath(args[0]); err != nil && args[0] == "python3" {
		t.Log("no python3 here: its examples are not run")
		return
	}
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir = filepath.Join(root(t), "deploy/emitting")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v: %s", args[0], args[1], err, out)
	}
}

func natsPassword(t *testing.T, data, user string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "nats/passwords.json"))
	if err != nil {
		t.Fatal(err)
	}
	var passwords map[string]string
	if err := json.Unmarshal(text, &passwords); err != nil {
		t.Fatal(err)
	}
	return passwords[user]
}

// updates hears of figures that change, until the test ends.
func updates(t *testing.T, url, data string) <-chan json.RawMessage {
	t.Helper()
	conn, err := stream.Connect(t.Context(), stream.Config{URL: url, User: "aggregator", Password: natsPassword(t, data, "aggregator")}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if err := conn.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := make(chan json.RawMessage, 1)
	stop, err := conn.OnUpdate("indicator.updated.v1", func(u stream.Update) {
		select {
		case told <- u.Data:
		default:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return told
}

// TestExamplesOfNews: what schemas/updates shows is as its schemas say.
func TestExamplesOfNews(t *testing.T) {
	examples, err := filepath.Glob(filepath.Join(root(t), "schemas/updates/examples/*.good.json"))
	if err != nil || len(examples) != 2 {
		t.Fatalf("%d examples: %v", len(examples), err)
	}
	for _, file := range examples {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var e struct {
			Type string
			Data json.RawMessage
		}
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		conforms(t, "updates/cloudevent", text)
		conforms(t, "updates/"+strings.TrimPrefix(e.Type, "fi.vointi."), e.Data)
	}
}

// conforms holds JSON against a schema.
func conforms(t *testing.T, name string, data json.RawMessage) {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(filepath.Join(root(t), "schemas", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		t.Errorf("%s: %v", data, err)
	}
}

// sendDescribed sends the requests that the description of the HTTP interface shows, and wants the answers that it says.
func sendDescribed(t *testing.T, i *instance) {
	t.Helper()
	for path, methods := range openAPI(t).Paths {
		for method, operation := range methods {
			want, body := "200", io.Reader(nil)
			if _, emits := operation.Responses["202"]; emits {
				want = "202"
			}
			if strings.HasSuffix(path, "/held") {
				want = "404" // no feed knows it
			}
			address := i.report + strings.ReplaceAll(path, "{id}", "S1")
			if path == "/v1/events" {
				body = strings.NewReader(checkin(1, exampleTime))
			} else if example := operation.RequestBody.Content["application/json"].Example; example != nil {
				text, err := json.Marshal(example)
				if err != nil {
					t.Fatal(err)
				}
				body = bytes.NewReader(text)
			}
			status, text := send(t, strings.ToUpper(method), address, path, body)
			if _, described := operation.Responses[status]; status != want || !described {
				t.Errorf("%s %s answers %s, not %s: %s", method, path, status, want, text)
			}
		}
	}
}

var exampleTime = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func send(t *testing.T, method, address, path string, body io.Reader) (status, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if path == "/v1/events" {
		request.Header.Set("Content-Type", "application/cloudevents+json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.Status[:3], string(answer)
}
