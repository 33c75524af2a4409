package access_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
)

var made = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// door is what a door of Kuusamo is granted.
func door() access.Grant {
	return access.Grant{Families: []string{"participation"}, Areas: []string{"KU305"}, Sources: []string{"/kuusamo/kortti"}, Rate: 10}
}

func create(t *testing.T, path, name string, grant access.Grant) string {
	t.Helper()
	token, err := access.Create(path, name, grant, made)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func open(t *testing.T, path, operator string) *access.Callers {
	t.Helper()
	callers, err := access.Open(path, operator)
	if err != nil {
		t.Fatal(err)
	}
	return callers
}

// caller is who a handler behind Identify sees.
func caller(callers *access.Callers, bearer string) (access.Caller, error) {
	if bearer != "" {
		bearer = "Bearer " + bearer
	}
	return authorized(callers, bearer)
}

func authorized(callers *access.Callers, header string) (c access.Caller, err error) {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Authorization", header)
	handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { c, err = access.Of(r.Context()) })
	callers.Identify(handler).ServeHTTP(httptest.NewRecorder(), r)
	return c, err
}

// The first token closes what was open, and revoking it opens nothing.
func TestCallersAreKnownByTheirTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	here, beyond := open(t, path, ""), open(t, path, "operator's")
	want := func(when string, callers *access.Callers, bearer, name string) {
		t.Helper()
		c, err := caller(callers, bearer)
		if c.Name != name || (name == "") != errors.Is(err, access.ErrUnauthorized) {
			t.Errorf("%s: %q %v, want %q", when, c.Name, err, name)
		}
	}
	want("no tokens, on this machine", here, "", access.Local)
	want("no tokens, beyond", beyond, "", "")
	want("the operator", beyond, "operator's", access.Operator)
	token := create(t, path, "door", door())
	for _, callers := range []*access.Callers{here, beyond} {
		want("the door", callers, token, "door")
		want("nobody", callers, "", "")
		want("another", callers, token+"x", "")
		want("a hash", callers, hashIn(t, path), "")
	}
	for _, header := range []string{token, "operator's"} {
		if c, err := authorized(beyond, header); !errors.Is(err, access.ErrUnauthorized) {
			t.Errorf("%s is known by a header that is no bearer token", c.Name)
		}
	}
	want("the operator", beyond, "operator's", access.Operator)
	other := create(t, path, "other", door())
	if err := access.Revoke(path, "door", made); err != nil {
		t.Fatal(err)
	}
	want("revoked", here, token, "")
	want("the other", here, other, "other")
	if err := access.Revoke(path, "other", made); err != nil {
		t.Fatal(err)
	}
	want("all revoked", here, "", "")
}

func hashIn(t *testing.T, path string) string {
	t.Helper()
	all, err := access.List(path)
	if err != nil || len(all) == 0 {
		t.Fatal(err)
	}
	return all[0].Hash
}

func TestTokensAreWrittenNowhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	token := create(t, path, "door", door())
	text, err := os.ReadFile(path)
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil || info.Mode().Perm() != 0o600 || strings.Contains(string(text), strings.TrimPrefix(token, "vointi_")) {
		t.Errorf("%s %v %v", text, err, statErr)
	}
	if len(token) < len("vointi_")+26 || token == create(t, path, "other", door()) {
		t.Errorf("token %s", token)
	}
	if _, err := access.Create(path, "door", door(), made); err == nil {
		t.Error("a name was given twice")
	}
	if err := access.Revoke(path, "nobody", made); err == nil {
		t.Error("revoked what is not there")
	}
	if err := os.WriteFile(path, []byte(`[{"name":"x"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := access.Open(path, ""); err == nil {
		t.Error("a broken file opened")
	}
}

func TestTokensThatMeanNothingAreRefused(t *testing.T) {
	for name, change := range map[string]func(*access.Grant){
		"no families": func(g *access.Grant) { g.Families = nil }, "no areas": func(g *access.Grant) { g.Areas = nil },
		"an unknown family": func(g *access.Grant) { g.Families = []string{"participatoin"} }, "half a word": func(g *access.Grant) { g.Families = []string{"part"} },
		"a county": func(g *access.Grant) { g.Areas = []string{"HVA19"} }, "no rate": func(g *access.Grant) { g.Rate = 0 },
		"an empty source": func(g *access.Grant) { g.Sources = []string{""} },
	} {
		grant := door()
		change(&grant)
		if _, err := access.Create(filepath.Join(t.TempDir(), "t.json"), "door", grant, made); err == nil {
			t.Errorf("%s: made", name)
		}
	}
	for _, name := range []string{"", "Door", "a b", "local", "operator", "direct", "131052-308t", strings.Repeat("a", 31)} {
		if _, err := access.Create(filepath.Join(t.TempDir(), "t.json"), name, door(), made); err == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
}

// checkin is a visit with other values in its envelope and data.
func checkin(t *testing.T, change func(e *event.Event, c *event.Checkin)) *event.Event {
	t.Helper()
	c := &event.Checkin{
		SessionID: "S1", PersonPseudonym: strings.Repeat("a", 32), CheckedInAt: made, Channel: "card", VenueID: "V", VenueArea: "KU305-01",
		HomeArea: "KU208", ActivityType: "art", ProviderID: "P", KeyVersion: 1,
	}
	e := &event.Event{Type: event.CheckinRecorded, Source: "/kuusamo/kortti/7", Area: "KU305"}
	change(e, c)
	e, err := event.New(e.Type, e.Source, "1", made, e.Area, "S1", c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestGrants(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	token := create(t, path, "door", door())
	everything := create(t, path, "registry", access.Grant{Families: []string{"*"}, Areas: []string{"*"}, Sources: []string{"*"}, CorrectAny: true, Rate: 1})
	callers := open(t, path, "")
	for name, test := range map[string]struct {
		change func(e *event.Event, c *event.Checkin)
		want   []string
	}{
		"its own":              {func(*event.Event, *event.Checkin) {}, nil},
		"the source itself":    {func(e *event.Event, _ *event.Checkin) { e.Source = "/kuusamo/kortti" }, nil},
		"a longer word":        {func(e *event.Event, _ *event.Checkin) { e.Source = "/kuusamo/korttitehdas" }, []string{"/source"}},
		"another area":         {func(e *event.Event, c *event.Checkin) { e.Area, c.VenueArea = "KU208", "KU208" }, []string{"/areaid"}},
		"another area's venue": {func(_ *event.Event, c *event.Checkin) { c.VenueArea = "KU208-01" }, []string{"/data/venue_area_id"}},
		"another's visit": {func(e *event.Event, c *event.Checkin) {
			e.Type, c.Original = event.CheckinCorrected, &event.Ref{Source: "/oulu", ID: "1"}
		}, []string{"/data/original/source"}},
		"all at once": {func(e *event.Event, c *event.Checkin) { e.Source, e.Area, c.VenueArea = "/x", "KU208", "KU853" }, []string{"/areaid", "/data/venue_area_id", "/source"}},
	} {
		c, err := caller(callers, token)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range c.Check(checkin(t, test.change), true) {
			got = append(got, f.Pointer)
			if !strings.Contains(f.Reason, "the token door ") {
				t.Errorf("%s: %s", name, f.Reason)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
		if c, err = caller(callers, everything); err != nil || len(c.Check(checkin(t, test.change), true)) > 0 {
			t.Errorf("%s: refused to who may do everything: %v", name, err)
		}
	}
	c, err := caller(callers, token)
	if err != nil || len(c.Check(checkin(t, func(e *event.Event, _ *event.Checkin) { e.Source = "/vointi/participation" }), false)) > 0 {
		t.Errorf("a service's own source is asked of its caller: %v", err)
	}
	count, err := event.New(event.CalendarHeld, "/kuusamo/kortti", "1", made, "KU305", "S", &event.Calendar{
		EventID: "S", Name: map[string]string{"fi": "x"}, Start: made, End: made.Add(time.Hour), VenueID: "V", Area: "KU305", ProviderID: "P",
		ActivityType: "art", LastModified: made, Status: "held",
	})
	if err != nil {
		t.Fatal(err)
	}
	if faults := c.Check(count, true); len(faults) != 1 || faults[0].Pointer != "/type" {
		t.Errorf("another family: %v", faults)
	}
}

// A batch fits, whatever the rate; more is told when to come again, and books nothing.
func TestRate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	grant := door()
	grant.Rate = 1
	token := create(t, path, "door", grant)
	callers := open(t, path, "")
	take := func(n int) error {
		c, err := caller(callers, token)
		if err != nil {
			t.Fatal(err)
		}
		return c.Take(n)
	}
	if err := errors.Join(take(1), take(999)); err != nil {
		t.Fatal(err)
	}
	var often *access.TooOftenError
	for range 3 {
		if err := take(500); !errors.As(err, &often) || often.RetryAfter < 400*time.Second || often.RetryAfter > 501*time.Second {
			t.Errorf("%v", err)
		}
	}
	if c, err := caller(open(t, filepath.Join(t.TempDir(), "none"), ""), ""); err != nil || c.Take(1_000_000) != nil {
		t.Errorf("who has no token has no limit: %v", err)
	}
}

func TestHealth(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	token := create(t, path, "door", door())
	callers := open(t, path, "")
	if err := os.WriteFile(path, []byte("["), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := caller(callers, token); c.Name != "door" || err != nil || callers.Health(t.Context()) == nil {
		t.Errorf("while the file is broken: %v %v", c.Name, err)
	}
}
