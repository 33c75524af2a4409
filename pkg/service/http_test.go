package service_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/zap"

	"vointi.fi/pkg/service"
)

func TestHTTPConfig(t *testing.T) {
	for name, test := range map[string]struct {
		cfg  service.HTTPConfig
		want string
	}{
		"loopback":            {cfg: service.HTTPConfig{Listen: "127.0.0.1:0"}},
		"loopback by name":    {cfg: service.HTTPConfig{Listen: "localhost:8080"}},
		"loopback, version 6": {cfg: service.HTTPConfig{Listen: "[::1]:8080"}},
		"beyond, token":       {cfg: service.HTTPConfig{Listen: "0.0.0.0:8080", Token: "t"}},
		"beyond, no token":    {cfg: service.HTTPConfig{Listen: "0.0.0.0:8080"}, want: "http-token"},
		"everywhere":          {cfg: service.HTTPConfig{Listen: ":8080"}, want: "http-token"},
		"no port":             {cfg: service.HTTPConfig{Listen: "localhost"}, want: "host:port"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.cfg.Validate()
			if test.want == "" {
				noErr(t, err)
				return
			}
			wantText(t, err, test.want)
		})
	}
}

func TestGuard(t *testing.T) {
	known := func(r *http.Request) bool {
		return r.Header.Get("Authorization") == "Bearer emitter" && r.URL.Path == "/v1/events"
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	for name, test := range map[string]struct {
		cfg    service.HTTPConfig
		host   string
		path   string
		header map[string]string
		want   int
	}{
		"loopback":              {host: "127.0.0.1:8080", want: 200},
		"loopback, version 6":   {host: "[::1]:8080", want: 200},
		"version 6, no port":    {host: "[::1]", want: 200},
		"localhost":             {host: "localhost", want: 200},
		"configured":            {cfg: service.HTTPConfig{Hosts: []string{"vointi.example"}}, host: "Vointi.example:443", want: 200},
		"not configured":        {host: "vointi.example", want: 421},
		"no host":               {want: 421},
		"rebound name":          {host: "127.0.0.1.evil.example", want: 421},
		"probe by any name":     {host: "10.1.2.3:8080", path: "/readyz", want: 200},
		"metrics by any name":   {host: "10.1.2.3:8080", path: "/metrics", want: 421},
		"emitter's token":       {cfg: service.HTTPConfig{Token: "t"}, host: "localhost", path: "/v1/events", header: map[string]string{"Authorization": "Bearer emitter"}, want: 200},
		"emitter's, elsewhere":  {cfg: service.HTTPConfig{Token: "t"}, host: "localhost", path: "/metrics", header: map[string]string{"Authorization": "Bearer emitter"}, want: 401},
		"emitter's, other site": {cfg: service.HTTPConfig{Token: "t"}, host: "evil.example", path: "/v1/events", header: map[string]string{"Authorization": "Bearer emitter"}, want: 421},
		"token":                 {cfg: service.HTTPConfig{Token: "t"}, host: "localhost", header: map[string]string{"Authorization": "Bearer t"}, want: 200},
		"wrong token":           {cfg: service.HTTPConfig{Token: "t"}, host: "localhost", header: map[string]string{"Authorization": "Bearer x"}, want: 401},
		"token without Bearer":  {cfg: service.HTTPConfig{Token: "t"}, host: "localhost", header: map[string]string{"Authorization": "t"}, want: 401},
		"no token":              {cfg: service.HTTPConfig{Token: "t"}, host: "localhost", want: 401},
		"probe without token":   {cfg: service.HTTPConfig{Token: "t"}, host: "localhost", path: "/healthz", want: 200},
		"metrics without token": {cfg: service.HTTPConfig{Token: "t"}, host: "localhost", path: "/metrics", want: 401},
		"for another site":      {host: "localhost", header: map[string]string{"Sec-Fetch-Site": "cross-site"}, want: 403},
		"from another origin":   {host: "localhost", header: map[string]string{"Origin": "http://evil.example"}, want: 403},
		"from its own origin":   {host: "localhost", header: map[string]string{"Origin": "http://localhost"}, want: 200},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "http://x"+test.path, nil)
			r.Host = test.host
			for key, value := range test.header {
				r.Header.Set(key, value)
			}
			w := httptest.NewRecorder()
			service.Guard(test.cfg, known, hello).ServeHTTP(w, r)
			if w.Code != test.want {
				t.Errorf("status %d, want %d: %s", w.Code, test.want, w.Body)
			}
			if w.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Error("other origins are allowed")
			}
		})
	}
}

func TestServeLetsRequestsFinish(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	noErr(t, err)
	ctx, stop := context.WithCancel(t.Context())
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		stop() // the process is told to stop while this request is under way
		service.WriteError(w, http.StatusTeapot, "finished", service.Fault{Pointer: "/a", Reason: "b"})
	})
	served := make(chan error, 1)
	go func() { served <- service.Serve(ctx, zap.NewNop(), listener, handler) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + listener.Addr().String())
	noErr(t, err)
	body, err := io.ReadAll(response.Body)
	noErr(t, err)
	noErr(t, response.Body.Close())
	if want := `{"error":"finished","faults":[{"pointer":"/a","reason":"b"}]}`; strings.TrimSpace(string(body)) != want {
		t.Errorf("answered %s", body)
	}
	noErr(t, <-served)
}

func TestServeTellsWhyItCannot(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	noErr(t, err)
	noErr(t, listener.Close())
	wantText(t, service.Serve(t.Context(), zap.NewNop(), listener, nil), "serve 127.0.0.1:")
}
