package event_test

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
	"vointi.fi/pkg/event"
)

// binaryHeader returns the header of an event in binary mode.
func binaryHeader(e *event.Event) map[string][]string {
	h := map[string][]string{
		"ce-specversion": {"1.0"}, "ce-id": {e.ID}, "ce-source": {e.Source}, "ce-type": {event.TypePrefix + string(e.Type)},
		"ce-time": {e.Time.Format(time.RFC3339Nano)}, "ce-areaid": {e.Area}, "Content-Type": {"application/json"},
	}
	if e.Subject != "" {
		h["ce-subject"] = []string{percentEncoded(e.Subject)}
	}
	if e.DataSchema != "" {
		h["ce-dataschema"] = []string{e.DataSchema}
	}
	for name, value := range e.Extensions {
		h["ce-"+name] = []string{percentEncoded(value)}
	}
	return h
}

func percentEncoded(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func TestBinaryModeIsTheSameEvent(t *testing.T) {
	for name, body := range examples(t, ".good-") {
		want := mustDecode(t, string(body))
		for _, form := range []func(string) string{strings.ToLower, http.CanonicalHeaderKey, strings.ToUpper} {
			h := map[string][]string{"Nats-Msg-Id": {"x"}, "Traceparent": {"y"}}
			for key, value := range binaryHeader(want) {
				h[form(key)] = value
			}
			got, err := event.Decode(h, want.Data)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %v\n%+v\n%+v", name, err, got, want)
			}
		}
	}
}

func TestBinaryModeFaults(t *testing.T) {
	e := mustDecode(t, checkin)
	for _, c := range []struct {
		name   string
		change func(h http.Header)
		body   string
		want   []string
		kind   event.Reason
	}{
		{"no id", func(h http.Header) { delete(h, "ce-id") }, "", []string{"/id"}, event.Schema},
		{"wrong version", func(h http.Header) { h["ce-specversion"] = []string{"2.0"} }, "", []string{"/specversion"}, event.Schema},
		{"two ids", func(h http.Header) { h["ce-id"] = []string{"1", "2"} }, "", []string{"/id"}, event.Malformed},
		{"two spellings", func(h http.Header) { h["Ce-Id"] = []string{"1"} }, "", []string{"/id"}, event.Malformed},
		{"unknown type", func(h http.Header) { h["ce-type"] = []string{"x"} }, "", []string{"/type"}, event.UnknownType},
		{"content type", func(h http.Header) { h["Content-Type"] = []string{"text/plain"} }, "", []string{"/datacontenttype"}, event.Schema},
		{"percent", func(h http.Header) { h["ce-subject"] = []string{"100%"} }, "", []string{"/subject"}, event.Schema},
		{"not UTF-8", func(h http.Header) { h["ce-subject"] = []string{"%ff"} }, "", []string{"/subject"}, event.Malformed},
		{"control character", func(h http.Header) { h["ce-subject"] = []string{"a%00b"} }, "", []string{"/subject"}, event.Schema},
		{"personal code", func(h http.Header) { h["ce-subject"] = []string{"%31%331052-308T"} }, "", []string{"/subject"}, event.Schema},
		{"extension name", func(h http.Header) { h["ce-x_y"] = []string{"1"} }, "", []string{"/x_y"}, event.Schema},
		{"attribute called data", func(h http.Header) { h["ce-data"] = []string{"1"} }, "", []string{"/data"}, event.Schema},
		{"empty body", nil, " ", []string{"/data"}, event.Malformed},
		{"list", nil, "[]", []string{"/data"}, event.Schema},
		{"trailing", nil, `{} "x"`, nil, event.Malformed},
		{"breaking out", nil, string(e.Data) + `,"areaid":"KU208"`, []string{"/data"}, event.Malformed},
		{"unknown attribute", nil, string(e.Data[:len(e.Data)-1]) + `,"x":1}`, []string{"/data/x"}, event.Schema},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.Header(maps.Clone(binaryHeader(e)))
			if c.change != nil {
				c.change(h)
			}
			body := []byte(c.body)
			if c.body == "" {
				body = e.Data
			}
			got, err := event.Decode(h, body)
			var invalid *event.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("got %+v, %v", got, err)
			}
			if invalid.Kind != c.kind {
				t.Errorf("got %s, want %s: %v", invalid.Kind, c.kind, err)
			}
			if c.want != nil {
				sameSet(t, pointers(invalid), c.want)
			}
		})
	}
}

// TestHeadersOfAnyBytes makes sure that header values never break the JSON that they are put into.
func TestHeadersOfAnyBytes(t *testing.T) {
	e := mustDecode(t, checkin)
	rapid.Check(t, func(t *rapid.T) {
		h := binaryHeader(e)
		value := string(rapid.SliceOf(rapid.Byte()).Draw(t, "value"))
		h["ce-pilotid"] = []string{value}
		got, err := event.Decode(h, e.Data)
		if err != nil {
			if !errors.Is(err, event.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		want, _ := url.PathUnescape(value)
		if got.Extensions["pilotid"] != want || got.Area != e.Area || len(got.Extensions) != 1 {
			t.Fatalf("got %+v", got)
		}
	})
}
