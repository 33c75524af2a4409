package door_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
	"vointi.fi/pkg/stream"
	"vointi.fi/services/participation"
)

// tokens is the file of a door that lets nobody in without one.
type tokens struct {
	*door
	path string
}

const (
	operators     = "operator's"
	third, fourth = "KORTTI 778", "KORTTI 779"
)

// closed has the service ask for tokens, as a process does that others can reach.
func (d *door) closed() tokens {
	d.Helper()
	path := filepath.Join(d.TempDir(), "tokens.json")
	callers, err := access.Open(path, operators)
	if err != nil {
		d.Fatal(err)
	}
	known := func(r *http.Request) bool {
		return slices.ContainsFunc(participation.Open, func(free string) bool {
			return r.URL.Path == free || strings.HasSuffix(free, "/") && strings.HasPrefix(r.URL.Path, free)
		}) || callers.Known(r)
	}
	d.handler = service.Guard(service.HTTPConfig{Token: operators}, known, callers.Identify(d.service.Handler()))
	return tokens{d, path}
}

func (s tokens) create(name string, families ...string) string {
	s.Helper()
	token, err := access.Create(s.path, name, access.Grant{Families: families, Areas: []string{"KU305"}, Rate: 10}, time.Now())
	if err != nil {
		s.Fatal(err)
	}
	return token
}

func (p *page) follow(token string) {
	p.Helper()
	p.do(chromedp.Navigate("http://" + p.address + "/checkin#pair=" + token))
}

// TestPairing: a link makes a device a door, which records for its areas under its name until it is revoked; what it recorded
// meanwhile waits for the next link.
func TestPairing(t *testing.T) {
	d := newDoor(t)
	file := d.closed()
	d.publish(d.session("S3", 0, func(c *event.Calendar) { c.Area = "KU208" }))
	p := d.open("")
	p.see("#link", "ei ole yhdistetty")
	for _, wrong := range []string{"nothing", operators, file.create("kalenteri", "calendar"), "ä"} {
		p.do(chromedp.SetValue(chromedp.CSS("#token"), wrong), script(`document.getElementById("refused").textContent = ""`), click("#pairing button"))
		p.see("#refused", "Linkki ei kelpaa")
	}
	p.do(script(`document.getElementById("token").value = ""`))

	token := file.create("ovi", "participation")
	p.follow(token)
	p.see("#said", "Laite on yhdistetty")
	p.do(until(`location.hash === "" && document.cookie === "" && document.getElementById("pairing").hidden`))
	p.wantStored(token, false)
	p.choose("S1")
	p.do(until(`!document.querySelector('#session option[value="S3"]')`))
	p.keys(card + "\r")
	p.see("#items li:first-child small", "lähetetty")
	p.do(chromedp.Reload())
	p.see("#link", "Yhteys kunnossa")
	d.wantEmitters("ovi")
	p.asksBeforeItChanges(file)

	if err := access.Revoke(file.path, "sali", time.Now()); err != nil {
		t.Fatal(err)
	}
	p.keys(other + "\r")
	p.see("#link", "ei ole yhdistetty")
	p.wantStored(other, true)
	p.do(chromedp.SetValue(chromedp.CSS("#token"), "http://"+d.address+"/checkin#pair="+file.create("ovi-2", "participation")), click("#pairing button"))
	p.idle()
	p.see("#link", "Yhteys kunnossa")
	d.wantEmitters("ovi", "ovi", "sali", "ovi-2")
}

// asksBeforeItChanges: a link for another door changes nothing before the person at this one says so, and what was recorded until
// then is this one's.
func (p *page) asksBeforeItChanges(file tokens) {
	p.Helper()
	link := file.create("sali", "participation")
	p.do(chromedp.Navigate("http://" + p.address + "/checkin?lang=sv#pair=" + link))
	p.see("#changing", "Enheten registrerar besök för dörren ovi. Byta till sali?")
	p.do(until(`location.hash === "" && document.activeElement.id === "stay"`))
	p.do(click("#stay"))
	p.see("#said", "Inget byttes")
	p.choose("S1")
	p.keys(third + "\r")
	p.see("#items li:first-child small", "skickad")
	p.wantEmitters("ovi", "ovi")

	p.follow(link)
	p.see("#changing", "Tämä laite kirjaa käynnit ovelle ovi. Vaihdetaanko ovelle sali?")
	p.wantStored(link, false)
	p.do(click("#switch"))
	p.see("#said", "Laite on yhdistetty")
	p.do(until(`document.getElementById("change").hidden`))
	p.choose("S1")
	p.keys(fourth + "\r")
	p.see("#items li:first-child small", "lähetetty")
	p.wantEmitters("ovi", "ovi", "sali")
	p.follow(link) // its own: nothing to ask
	p.see("#said", "Laite on yhdistetty")
}

// wantEmitters looks at whose the visits on the bus are.
func (d *door) wantEmitters(names ...string) {
	d.Helper()
	messages, err := d.bus.Page(d.Context(), stream.Events, "vointi.events.participation.>", 1)
	if err != nil {
		d.Fatal(err)
	}
	var got []string
	for _, m := range messages {
		got = append(got, m.Header[stream.EmitterHeader]...)
	}
	if !slices.Equal(got, names) {
		d.Errorf("published by %v, want %v", got, names)
	}
}
