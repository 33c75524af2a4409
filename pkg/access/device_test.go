package access_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"vointi.fi/pkg/access"
)

// TestPairedBrowsers bear the token of an emitter, where no script reads it and no other site sends it; never the operator's.
func TestPairedBrowsers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	token, callers := create(t, path, "door", door()), open(t, path, "operator's")
	who := func(cookie *http.Cookie) (c access.Caller) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.AddCookie(cookie)
		callers.Identify(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { c, _ = access.Of(r.Context()) })).ServeHTTP(httptest.NewRecorder(), r)
		return c
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	access.Pair(w, r, "/v1/")
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/v1/" || cookie.MaxAge == 0 || cookie.Domain != "" {
		t.Errorf("%+v", cookie)
	}
	if c := who(cookie); c.Name != "door" || !c.Limited() {
		t.Errorf("the paired browser is %+v", c)
	}
	r.AddCookie(cookie)
	r.Header.Set("Authorization", "Bearer "+create(t, path, "other", door()))
	paired := func() (name, by string) {
		callers.Identify(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			c, _ := access.Of(r.Context())
			name, by = access.Paired(r.Context()), c.Name
		})).ServeHTTP(httptest.NewRecorder(), r)
		return name, by
	}
	if name, by := paired(); name != "door" || by != "other" {
		t.Errorf("a request by %s of a browser that is %q", by, name)
	}
	if err := access.Revoke(path, "door", made); err != nil {
		t.Fatal(err)
	}
	if name, _ := paired(); name != "" {
		t.Errorf("a browser is %s, whose token is revoked", name)
	}
	cookie.Value = "operator's"
	if c := who(cookie); c.Name != "" {
		t.Errorf("the operator's token as a cookie is %+v", c)
	}
}
