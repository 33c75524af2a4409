// Package door_test drives the page for the person at the door in a real browser, on a real bus.
package door_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"vointi.fi/pkg/event"
)

const card, other = "0123 4567-89AB", "KORTTI 777"

// TestAtTheDoor: a scanner, a person without a card, and mistakes that are taken back.
func TestAtTheDoor(t *testing.T) {
	d := newDoor(t)
	p := d.open("")
	p.keys(card + "\r")
	p.see("#refused", "Valitse ensin tapahtuma")
	p.wantStored(card, false)
	d.wantEvents()

	p.choose("S1")
	p.keys(card + "\r") // wherever the focus is: it is on the card's field now
	p.see("#said", "Käynti kirjattu")
	p.see("#items li:first-child small", "lähetetty")
	p.wantStored(card, false)
	visit := d.wantEvents("participation.checkin.v1")[0]
	got := visit.Payload.(*event.Checkin)
	if got.SessionID != "S1" || got.VenueArea != "KU305-01" || got.ActivityType != "nature" || len(got.PersonPseudonym) != 32 {
		t.Errorf("the visit is %+v", got)
	}

	p.do(chromedp.Focus(chromedp.CSS("#more")))
	p.keys(other + "\r") // a scanner does not know where the focus is
	p.see("#counts", "2kortilla")
	p.do(click("#more"))
	p.see("#counts", "1ilman korttia")
	p.see("#items li:first-child small", "lähetetty")
	d.wantEvents("participation.checkin.v1", "participation.checkin.v1", "participation.headcount.v1")

	p.do(click("#items li:last-child button"))
	p.see("#items li:last-child small", "peruttu")
	p.see("#counts", "1kortilla")
	p.do(click("#items li:first-child button"))
	p.see("#counts", "0ilman korttia")
	p.idle()
	events := d.wantEvents("participation.checkin.v1", "participation.checkin.v1", "participation.headcount.v1", "participation.checkin.voided.v1", "participation.headcount.v1")
	if events[3].Original().ID != visit.ID || !event.Less(events[2].Order(), events[4].Order()) || events[4].Payload.(*event.Headcount).Total != 0 {
		t.Errorf("taken back by %s and %s", events[3].Encode(), events[4].Encode())
	}
	for _, wrong := range []string{"?%?", "131052-308T"} {
		p.keys(wrong + "\r")
		p.see("#refused", "Mitään ei kirjattu", "Tämä on henkilötunnus")
		p.wantStored(wrong, false)
	}
}

// TestWithoutConnection: what is recorded survives a reload, and is sent once when the server is back.
func TestWithoutConnection(t *testing.T) {
	d := newDoor(t)
	p := d.open("")
	p.choose("S1")
	p.do(until(`navigator.serviceWorker.controller !== null`))
	d.stop()
	p.keys(card + "\r")
	p.see("#link", "Ei yhteyttä")
	p.keys(other + "\r")
	for range 3 {
		p.do(click("#more"))
	}
	p.see("#link", "Jonossa 3.")
	p.wantStored(card, true)
	p.do(chromedp.Reload())
	p.see("#link", "Jonossa 3.")
	p.see("#counts", "2kortilla3ilman korttia")
	p.do(click("#items li:nth-child(4) button")) // the second visit
	p.see("#link", "Jonossa 2.")
	p.wantStored(other, false)
	d.wantEvents()

	d.serve()
	p.idle()
	events := d.wantEvents("participation.checkin.v1", "participation.headcount.v1")
	if total := events[1].Payload.(*event.Headcount).Total; total != 3 {
		t.Errorf("counted %d", total)
	}
	p.wantStored(card, false)
	p.do(chromedp.Reload())
	p.see("#counts", "1kortilla3ilman korttia")
	p.idle()
	d.wantEvents("participation.checkin.v1", "participation.headcount.v1")
}

// TestLostAnswer: what the server has and could not confirm is sent again as the same event; taken back meanwhile, it is voided.
func TestLostAnswer(t *testing.T) {
	d := newDoor(t)
	p := d.open("")
	p.choose("S1")
	d.loseAnswers(true)
	p.keys(card + "\r")
	p.see("#link", "Ei yhteyttä")
	p.do(click("#items li:first-child button"))
	p.see("#link", "Jonossa 2.")
	d.loseAnswers(false)
	p.idle()
	events := d.events()
	first := events[0]
	for _, e := range events[:len(events)-1] {
		if e.Identity() != first.Identity() || e.Hash() != first.Hash() {
			t.Errorf("sent again it is another event: %s", e.Encode())
		}
	}
	if last := events[len(events)-1]; last.Type != event.CheckinVoided || last.Original().ID != first.ID {
		t.Errorf("it ends with %s", last.Encode())
	}
	p.wantStored(card, false)
}

// TestTwoPhones count apart, so that a session's head counts add up; two pages of one phone count together.
func TestTwoPhones(t *testing.T) {
	d := newDoor(t)
	one, two := d.open(""), d.open("?lang=sv")
	again := one.another()
	for _, p := range []*page{one, two} {
		p.choose("S1")
	}
	again.do(until(`document.getElementById("session").value === "S1"`))
	for _, p := range []*page{one, two, again, one, two} {
		p.do(click("#more"))
		p.idle()
	}
	latest := map[string]*event.Event{}
	for _, e := range d.events() {
		counter := e.Payload.(*event.Headcount).Counter
		if latest[counter] == nil || event.Less(latest[counter].Order(), e.Order()) {
			latest[counter] = e
		}
	}
	var totals []int
	for _, e := range latest {
		totals = append(totals, e.Payload.(*event.Headcount).Total)
	}
	slices.Sort(totals)
	if !slices.Equal(totals, []int{2, 3}) {
		t.Errorf("the counters counted %v, want 2 and 3", totals)
	}
	two.see("#counts", "2utan kort")
}

// TestCardsAreForgottenAfterADay, sent or not; and what the server refuses is told and forgotten at once.
func TestCardsAreForgottenAfterADay(t *testing.T) {
	d := newDoor(t)
	p := d.open("?lang=en")
	p.choose("S1")
	p.do(until(`navigator.serviceWorker.controller !== null`))
	d.stop()
	p.keys(card + "\r" + other + "\r")
	p.see("#link", "Queued: 2.")
	older := strings.ReplaceAll(`(() => { const s = JSON.parse(localStorage.getItem("KEY")); s.queue[0].at -= 24 * 3600 * 1000; localStorage.setItem("KEY", JSON.stringify(s)); })()`, "KEY", "vointi.checkin")
	p.do(script(older), chromedp.Reload())
	p.see("#items li:last-child small", "could not be sent within a day")
	p.see("#link", "Queued: 1.")
	p.wantStored(card, false)
	p.wantStored(other, true)
	d.refuse(true)
	d.serve()
	p.see("#refused", "refused what was recorded: /venue_id is unknown")
	p.see("#link", "Connected.")
	p.wantStored(other, false)
	d.wantEvents()
}

// TestSessionsOfTheCalendar: the page offers today's sessions of the venue, and lets go of one that is cancelled.
func TestSessionsOfTheCalendar(t *testing.T) {
	d := newDoor(t)
	p := d.open("?venue=V17")
	p.see("#session", "Valitse tapahtumaLuontoretki koko päivän")
	p.do(chromedp.SetValue(chromedp.CSS("#venue"), ""), script(`document.getElementById("venue").dispatchEvent(new Event("change"))`))
	p.see("#session", "Kuoro koko päivän")
	p.see("#venue", "Kaikki paikatV17V18")
	venue, err := event.New(event.VenueRegistered, "/kuusamo/tilat", "V17", time.Now(), "KU305", "V17",
		&event.Venue{VenueID: "V17", Name: map[string]string{"fi": "Kirjaston sali"}, Area: "KU305"})
	if err != nil {
		t.Fatal(err)
	}
	d.publish(venue)
	p.do(chromedp.Reload())
	p.see("#venue", "Kaikki paikatKirjaston saliV18")
	p.choose("S1")
	p.see("#when", "koko päivän, Kirjaston sali")
	p.choose("S2")
	d.publish(d.session("S2", 1, func(c *event.Calendar) { c.Status, c.VenueID, c.Name = "cancelled", "V18", nil }))
	p.do(chromedp.Reload(), until(`document.getElementById("session").textContent === "Valitse tapahtumaLuontoretki koko päivän"`)) // and no more
	p.do(click("#more"))
	p.see("#refused", "Valitse ensin tapahtuma")
	d.wantEvents()
}

// TestPageIsAccessible as far as a script can tell: every control has a name, is large enough for a finger, and can be reached
// by keyboard; nothing is wider than a phone.
func TestPageIsAccessible(t *testing.T) {
	d := newDoor(t)
	p := d.open("")
	p.choose("S1")
	p.keys(card + "\r")
	p.see("#items li:first-child small", "lähetetty")
	p.do(chromedp.EmulateViewport(390, 844))
	faults, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll("a, button, input, select")].filter((e) => e.offsetParent).flatMap((e) => {
		const box = e.getBoundingClientRect(), name = e.getAttribute("aria-label") || (e.labels && e.labels[0] && e.labels[0].textContent) || e.textContent.trim();
		return [name ? "" : "no name", box.height < 44 ? "too low" : "", box.width < 44 ? "too narrow" : "", e.tabIndex < 0 ? "out of reach" : "", box.right > innerWidth ? "cut off" : ""]
			.filter(Boolean).map((fault) => e.id + e.textContent + ": " + fault);
	}).concat(document.documentElement.scrollWidth > innerWidth ? ["the page is too wide"] : [])`))
	if err != nil || len(faults) > 0 {
		t.Errorf("%v %s", err, strings.Join(faults, "\n"))
	}
	if complaint := p.complaint(); complaint != "" {
		t.Error(complaint)
	}
}
