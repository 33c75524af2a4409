package door_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/service"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
	"vointi.fi/services/participation"
)

// patience is for machines that are busy with other tests.
const patience = time.Minute

// door is the service on a bus of its own, and a browser.
type door struct {
	*testing.T
	bus     *streamtest.Bus
	service *participation.Participation
	handler http.Handler
	address string
	server  *http.Server
	browser context.Context

	lose, bad atomic.Bool
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{T: t, bus: streamtest.New(t), address: "127.0.0.1:0"}
	p, err := participation.New(zap.NewNop(), prometheus.NewRegistry(), participation.Bus{Publisher: d.bus.Publisher(), Reader: d.bus},
		participation.Config{Keys: filepath.Join(t.TempDir(), "keys.json")})
	if err != nil {
		t.Fatal(err)
	}
	d.service, d.handler = p, service.Guard(service.HTTPConfig{}, nil, p.Handler())
	d.publish(d.session("S1", 0, nil), d.session("S2", 0, func(c *event.Calendar) { c.VenueID, c.Name = "V18", map[string]string{"fi": "Kuoro"} }))
	d.serve()
	t.Cleanup(d.stop)
	d.browser = startBrowser(t)
	return d
}

// startBrowser starts Chromium, which must be there.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.NoSandbox, chromedp.Flag("lang", "fi"))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	browser, _ := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(browser) // it ends with its process
		cancel()
	})
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("Chromium does not start; on Debian: apt-get install chromium: %v", err)
	}
	return browser
}

// serve answers, at the same address each time.
func (d *door) serve() {
	d.Helper()
	listener, err := net.Listen("tcp", d.address)
	if err != nil {
		d.Fatal(err)
	}
	d.address = listener.Addr().String()
	d.server = &http.Server{Handler: http.HandlerFunc(d.answer)}
	go func(s *http.Server) { _ = s.Serve(listener) }(d.server) // until stop closes it
}

// stop is an outage.
func (d *door) stop() { _ = d.server.Close() }

// answer is the service's, unless the test wants it to go wrong.
func (d *door) answer(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost && d.bad.Load() {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(strings.Replace(string(body), `"venue_id"`, `"venue"`, 1)))
		service.WriteError(w, http.StatusBadRequest, "not a valid event", service.Fault{Pointer: "/venue_id", Reason: "is unknown"})
		return
	}
	d.handler.ServeHTTP(w, r)
	if r.Method == http.MethodPost && d.lose.Load() {
		panic(http.ErrAbortHandler)
	}
}

// loseAnswers has requests dealt with, and their answers lost.
func (d *door) loseAnswers(on bool) { d.lose.Store(on) }

// refuse has every request refused.
func (d *door) refuse(on bool) { d.bad.Store(on) }

// session is one version of an occurrence that lasts all of today, and the days beside it.
func (d *door) session(id string, sequence int64, change func(*event.Calendar)) *event.Event {
	d.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	p := &event.Calendar{
		EventID: id, Sequence: sequence, Name: map[string]string{"fi": "Luontoretki", "sv": "Naturutflykt"}, Status: "scheduled", AllDay: true,
		Start: now.AddDate(0, 0, -1), End: now.AddDate(0, 0, 1), VenueID: "V17", Area: "KU305-01", ProviderID: "ORG12", ActivityType: "nature", LastModified: now,
	}
	if change != nil {
		change(p)
	}
	kind := event.CalendarCreated
	if p.Status == "cancelled" {
		kind = event.CalendarCancelled
	}
	e, err := event.New(kind, "/vointi/calendar", event.NewID(id, string(kind)), now, "KU305", id, p)
	if err != nil {
		d.Fatal(err)
	}
	return e
}

func (d *door) publish(events ...*event.Event) {
	d.Helper()
	if err := d.bus.Publisher().PublishBatch(d.Context(), events); err != nil {
		d.Fatal(err)
	}
}

// events are what the page has brought onto the bus.
func (d *door) events() (events []*event.Event) {
	d.Helper()
	messages, err := d.bus.Page(d.Context(), stream.Events, "vointi.events.participation.>", 1)
	if err != nil {
		d.Fatal(err)
	}
	for _, m := range messages {
		e, err := event.Decode(m.Header, m.Data)
		if err != nil {
			d.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

func (d *door) wantEvents(types ...string) []*event.Event {
	d.Helper()
	events, got := d.events(), []string{}
	for _, e := range events {
		got = append(got, string(e.Type))
	}
	if !slices.Equal(got, types) && len(got)+len(types) > 0 {
		d.Fatalf("on the bus are %v, want %v", got, types)
	}
	return events
}

// page is one page of a phone.
type page struct {
	*door
	ctx  context.Context
	said atomic.Value // see complaint
}

// open opens the page on a phone of its own.
func (d *door) open(query string) *page {
	return d.openIn(d.browser, query, chromedp.WithNewBrowserContext())
}

// another opens the page once more on the same phone.
func (p *page) another() *page { return p.openIn(p.ctx, "") }

func (d *door) openIn(parent context.Context, query string, options ...chromedp.ContextOption) *page {
	d.Helper()
	p := &page{door: d}
	var cancel context.CancelFunc
	p.ctx, cancel = chromedp.NewContext(parent, append(options, chromedp.WithListener(func(e any) {
		if entry, ok := e.(*log.EventEntryAdded); ok && entry.Entry.Source == log.EntrySourceSecurity {
			p.said.Store(entry.Entry.Text)
		}
	}))...)
	d.Cleanup(cancel)
	if err := chromedp.Do(p.ctx); err != nil { // opens the tab, which lives as long as this context
		d.Fatal(err)
	}
	p.do(chromedp.Navigate("http://"+d.address+"/checkin"+query), chromedp.WaitReady(chromedp.CSS("#session option")))
	return p
}

// complaint is what the browser says last against the page's own policy.
func (p *page) complaint() string {
	text, _ := p.said.Load().(string)
	return text
}

func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.Fatalf("%v; the page says %s", err, p.text())
	}
}

func (p *page) text() string {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText + localStorage.getItem("vointi.checkin")`)) // for a message only
	return text
}

func click(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector))
}

func script(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](text)
}

// until waits for an expression to be true.
func until(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(patience))
}

// keys types as a keyboard or a scanner does, wherever the focus is.
func (p *page) keys(text string) {
	p.Helper()
	p.do(chromedp.KeyEvent(text))
}

// choose chooses a session.
func (p *page) choose(id string) {
	p.Helper()
	p.do(
		chromedp.WaitReady(chromedp.CSS(`#session option[value="`+id+`"]`)),
		chromedp.SetValue(chromedp.CSS("#session"), id),
		script(`document.getElementById("session").dispatchEvent(new Event("change"))`),
	)
}

// see waits until an element shows one of the texts.
func (p *page) see(selector string, texts ...string) {
	p.Helper()
	args, err := json.Marshal([]any{selector, texts})
	if err != nil {
		p.Fatal(err)
	}
	p.do(until(`(([selector, texts]) => { const e = document.querySelector(selector); return Boolean(e) && texts.some((t) => e.textContent.includes(t)); })(` + string(args) + `)`))
}

// idle waits until nothing waits to be sent.
func (p *page) idle() {
	p.Helper()
	p.do(until(`JSON.parse(localStorage.getItem("vointi.checkin")).queue.length === 0`))
}

// wantStored looks for a text in all that the page has stored in the browser.
func (p *page) wantStored(text string, want bool) {
	p.Helper()
	stored, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`(async () => JSON.stringify(Object.entries(localStorage)) + JSON.stringify(Object.entries(sessionStorage)) +
		JSON.stringify(await indexedDB.databases()) + document.documentElement.outerHTML + document.getElementById("card").value)()`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatal(err)
	}
	if got := strings.Contains(stored, text); got != want {
		p.Fatalf("stored: %t, want %t: %s in %s", got, want, text, stored)
	}
}
