package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/service"
)

// TestTokens is a life of tokens, as an operator sees it.
func TestTokens(t *testing.T) {
	data := t.TempDir()
	tokens := func(args ...string) result {
		return vointi(t, nil, append([]string{"tokens"}, append(args, "--data", data)...)...)
	}
	wantCode(t, tokens("list"), exitDone, "no tokens in "+data)
	made := tokens("create", "ovi", "--grant-families", "participation", "--grant-areas", "KU305,KU208")
	wantCode(t, made, exitDone, "the first token", "shown this once")
	token := strings.TrimSpace(made.out)
	if !strings.HasPrefix(token, "vointi_") || strings.Contains(token, "\n") {
		t.Errorf("%q is more than the token", made.out)
	}
	wantCode(t, tokens("create", "ovi", "--grant-families", "*", "--grant-areas", "*"), exitFailed, "taken")
	wantCode(t, tokens("create", "toinen", "--grant-families", "participatoin", "--grant-areas", "HVA19"), exitFailed, `"participatoin" begins no event type`, `"HVA19" must be a municipality`)
	wantCode(t, tokens("create", "toinen", "--grant-areas", "*"), exitUsage, "--grant-families")
	list := tokens("list")
	wantCode(t, list, exitDone, "ovi   participation  KU305,KU208", "in force")
	wantCode(t, tokens("revoke", "ovi"), exitDone, "revoked")
	wantCode(t, tokens("revoke", "muu"), exitFailed, "vointi tokens list")
	wantCode(t, tokens("list"), exitDone, "revoked 2026-11-22")
	text, err := os.ReadFile(filepath.Join(data, "tokens.json"))
	if err != nil || strings.Contains(list.out+string(text), token) {
		t.Errorf("the token is kept: %v", err)
	}
	door := func(families, address string) result {
		return tokens("create", "puhelin", "--grant-families", families, "--grant-areas", "KU305", "--door", address)
	}
	for address, why := range map[string]string{"http://osallistu.fi/checkin": "https", "osallistu.fi/checkin": "https", "https://osallistu.fi/": "end in /checkin", "https://osallistu.fi/checkin#x": "https"} {
		wantCode(t, door("participation", address), exitFailed, "--door", why)
	}
	for _, families := range []string{"participation.checkin", "participation.headcount", "participation.checkin.v1,participation.headcount"} {
		wantCode(t, door(families, "https://osallistu.fi/checkin"), exitFailed, "grant it the family participation")
	}
	link := door("participation", "https://osallistu.fi/checkin?lang=sv")
	wantCode(t, link, exitDone, "Open it on the device", "tokens revoke puhelin")
	if !strings.HasPrefix(link.out, "https://osallistu.fi/checkin?lang=sv#pair=vointi_") {
		t.Errorf("%q", link.out)
	}
	wantCode(t, vointi(t, nil, "tokens", "--help"), exitDone, "401", "403", "429", "--http-token")
}

// TestEmittersPassTheGuardWhereTheyPublish: a token opens the routes that publish, and nothing else of the process.
func TestEmittersPassTheGuardWhereTheyPublish(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	token, err := access.Create(path, "ovi", access.Grant{Families: []string{"*"}, Areas: []string{"*"}, Rate: 1}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := newParts(t.Context(), zap.NewNop())
	cfg := service.HTTPConfig{Token: "operator's"}
	if err := p.admit(accessSettings{path}, cfg); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	routes := http.NewServeMux()
	p.emit(routes, "/v1/events", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := access.Of(r.Context())
		if err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, caller.Name)
	}))
	p.open(routes, "/checkin", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := access.Of(r.Context())
		if (err == nil) != (caller.Name != "") {
			t.Error(err)
		}
		_, _ = io.WriteString(w, caller.Name)
	}))
	routes.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	stop := p.serve(cfg, listener, routes)
	defer func() {
		if err := stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	for _, test := range []struct {
		bearer, path string
		status       int
		name         string
	}{
		{token, "/v1/events", 200, "ovi"},
		{"operator's", "/v1/events", 200, access.Operator},
		{"", "/v1/events", 401, ""},
		{token + "x", "/v1/events", 401, ""},
		{token, "/checkin", 200, "ovi"},
		{"", "/checkin", 200, ""},
		{"", "/checkin/../metrics", 401, ""},
		{"", "/checkin/", 401, ""},
		{token, "/v1/indicators", 401, ""},
		{token, "/metrics", 401, ""},
		{token, "/v1/events/../../metrics", 401, ""},
		{"operator's", "/metrics", 200, ""},
		{"", "/healthz", 200, ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String()+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+test.bearer)
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != test.status || test.name != "" && string(body) != test.name {
			t.Errorf("%q at %s: %d %s %v, want %+v", test.bearer, test.path, answer.StatusCode, body, err, test)
		}
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}
