package fetch_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/fetch"
)

// server answers with each of these in turn, the last of them for ever.
func server(t *testing.T, answers ...http.HandlerFunc) (url string, asked *int) {
	t.Helper()
	asked = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := answers[min(*asked, len(answers)-1)]
		*asked++
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if len(header) == 2 {
			w.Header().Set(header[0], header[1])
		}
		w.WriteHeader(code)
	}
}

// short promises more than it sends.
func short(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, "half")
}

// cut ends a chunked answer in its middle.
func cut(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, "half")
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func TestGet(t *testing.T) {
	for name, test := range map[string]struct {
		answers []http.HandlerFunc
		want    string // of the error; "": none
		asked   int
		waited  time.Duration
	}{
		"at once":           {[]http.HandlerFunc{says("all")}, "", 1, 0},
		"busy, then there":  {[]http.HandlerFunc{status(429, "Retry-After", "7"), status(503), says("all")}, "", 3, 9 * time.Second},
		"short, then whole": {[]http.HandlerFunc{short, says("all")}, "", 2, 500 * time.Millisecond},
		"always cut":        {[]http.HandlerFunc{cut}, "cut off after 4 bytes", 4, 7 * time.Second},
		"not there":         {[]http.HandlerFunc{status(404)}, "404 Not Found", 1, 0},
		"always broken":     {[]http.HandlerFunc{status(500)}, "500", 4, 7 * time.Second},
		"asks for a while":  {[]http.HandlerFunc{status(429, "Retry-After", "90"), says("all")}, "", 2, 90 * time.Second},
		"asks for too long": {[]http.HandlerFunc{status(429, "Retry-After", "3600")}, "429", 1, 0},
		"not for us":        {[]http.HandlerFunc{status(403)}, "whether it is public", 1, 0},
		"too large":         {[]http.HandlerFunc{says(strings.Repeat("x", 200))}, "larger than", 1, 0},
		"a bare web page":   {[]http.HandlerFunc{says("<html><body>")}, "web page", 1, 0},
		"a web page":        {[]http.HandlerFunc{says("\n<!DOCTYPE html><html>")}, "web page", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			url, asked := server(t, test.answers...)
			var waited time.Duration
			f := fetch.Fetcher{MaxSize: 100, Wait: func(_ context.Context, pause time.Duration) error { waited += pause; return nil }}
			d, err := f.Get(t.Context(), url+"/table?key=secret")
			if test.want == "" && (err != nil || string(d.Body) != "all") || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%q, %v, want %q", d.Body, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the key is told: %v", err)
			}
			if *asked != test.asked || waited != test.waited {
				t.Errorf("asked %d times, waited %v", *asked, waited)
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	f := fetch.Fetcher{Wait: func(context.Context, time.Duration) error { return nil }}
	for _, url := range []string{"http://127.0.0.1:1/x?key=secret", "nothing://x?key=secret"} {
		if _, err := f.Get(t.Context(), url); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
	stop := errors.New("stop")
	f.Wait = func(context.Context, time.Duration) error { return stop }
	if _, err := f.Get(t.Context(), "http://127.0.0.1:1/"); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}

func TestPost(t *testing.T) {
	url, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		query, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Method+" "+r.Header.Get("Content-Type")+" "+string(query))
	})
	d, err := new(fetch.Fetcher).Post(t.Context(), url, []byte("{}"))
	if err != nil || string(d.Body) != "POST application/json {}" {
		t.Errorf("%q, %v", d.Body, err)
	}
}

// TestUnchanged: who says what it knows is not sent it again.
func TestUnchanged(t *testing.T) {
	url, asked := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"1"` && r.Header.Get("Accept") == "text/calendar" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		_, _ = io.WriteString(w, "all")
	})
	var f fetch.Fetcher
	d, err := f.Once(t.Context(), fetch.Request{Address: url})
	if err != nil || d.Tag != `"1"` || d.Kind != "text/calendar" {
		t.Fatalf("%+v %v", d, err)
	}
	if _, err := f.Patiently(t.Context(), fetch.Request{Address: url, Accept: "text/calendar", Tag: d.Tag}); err != fetch.ErrUnchanged || *asked != 2 {
		t.Errorf("asked %d times: %v", *asked, err)
	}
}
