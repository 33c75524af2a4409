package simulator

import (
	"fmt"
	"time"

	"vointi.fi/pkg/event"
)

// sourceOf names the emitter of a town's events. All sources of simulated events begin with /demo/.
func sourceOf(code, system string) string { return "/demo/" + code + "/" + system }

func instantOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// make makes the event of one action.
func (p *plan) make(what what, index int) (*event.Event, error) {
	switch what {
	case sessionAnnounced, sessionUpdated, sessionCancelled, sessionHeld:
		return p.calendarEvent(what, &p.sessions[index])
	case headsCounted, headsCorrected, headsDoubled, headsVoided:
		return p.headEvent(what, &p.sessions[index])
	case checkedIn, checkedInAgain, checkinCorrected, checkinVoided:
		return p.checkinEvent(what, &p.visits[index])
	case feedbackGiven:
		return p.feedbackEvent(&p.visits[index])
	case costEntered, costReversed:
		return p.costEvent(what, &p.costs[index])
	}
	return nil, fmt.Errorf("simulator: plan: no event %d", what)
}

func (p *plan) calendarEvent(what what, s *session) (*event.Event, error) {
	of := s.series
	c := &event.Calendar{
		EventID: s.id, SeriesID: of.code, Name: of.names, Status: "scheduled",
		Start: instantOf(s.start), End: instantOf(s.end()),
		VenueID: of.venue, Area: of.venueArea, ProviderID: of.provider, ActivityType: of.kind.activity, Class: of.kind.class,
		Languages: []string{"fi"}, SourceSystem: "vointi-demo",
	}
	if of.capacity > 0 {
		c.CapacityMax = &of.capacity
	}
	if of.kind.target != "" {
		c.TargetGroups = []string{of.kind.target}
	}
	if of.segment >= 0 {
		c.AudienceMinAge, c.AudienceMaxAge = audiences[of.segment].from, audiences[of.segment].to
	}
	typ, at := event.CalendarCreated, s.announced
	switch what {
	case sessionAnnounced:
		c.Start, c.End = instantOf(s.start-s.shift), instantOf(s.end()-s.shift)
	case sessionUpdated:
		typ, at, c.Sequence = event.CalendarUpdated, s.updated, 1
		if s.shift != 0 {
			c.Status = "rescheduled"
		} else {
			c.Keywords = []string{"sisätilat vaihtuivat"}
		}
	case sessionCancelled:
		typ, at, c.Status, c.Sequence = event.CalendarCancelled, s.ended, "cancelled", s.lastSequence()
	case sessionHeld:
		typ, at, c.Status, c.Sequence = event.CalendarHeld, s.ended, "held", s.lastSequence()
		c.ActualStart, c.ActualEnd = c.Start, c.End
	}
	c.LastModified = instantOf(at)
	id := event.NewID("calendar", s.id, eventNames[what])
	e, err := event.Unchecked(typ, sourceOf(of.town.code, "calendar"), id, instantOf(at), of.town.code, s.id, c)
	if err == nil {
		e.Extensions = map[string]string{"pilotid": of.project}
	}
	return e, err
}

var eventNames = map[what]string{
	sessionAnnounced: "created", sessionUpdated: "updated", sessionCancelled: "cancelled", sessionHeld: "held",
}

func (s *session) lastSequence() int64 {
	if s.updated != 0 {
		return 2
	}
	return 1
}

// audience is a range of ages; the sessions of all are for these.
type audience struct{ from, to *int }

var audiences = func() (list [segments]audience) {
	age := func(n int) *int { return &n }
	return [segments]audience{{age(0), age(12)}, {age(13), age(28)}, {age(29), age(64)}, {age(65), nil}}
}()

func (p *plan) headEvent(what what, s *session) (*event.Event, error) {
	of, h := s.series, &s.head
	source := sourceOf(of.town.code, "counter")
	counter, total, at := "", h.total, h.at
	typ := event.HeadcountRecorded
	c := &event.Headcount{
		SessionID: s.id, VenueArea: of.venueArea, IncludesCardHolders: of.counting == inclusive, VenueID: of.venue,
		ActivityType: of.kind.activity, ProviderID: of.provider, Method: "manual",
	}
	first := &event.Ref{Source: source, ID: event.NewID("headcount", s.id, "")}
	switch what {
	case headsCounted:
		if h.fixed != 0 {
			total = h.mistaken
		}
	case headsCorrected:
		typ, at, c.Original = event.HeadcountCorrected, h.fixed, first
	case headsDoubled:
		at, counter = h.double, "ovi"
		c.Method = "sensor"
	case headsVoided:
		void := &event.Void{
			Original: event.Ref{Source: source, ID: event.NewID("headcount", s.id, "ovi")},
			Reason:   "counted twice", At: instantOf(h.undone),
		}
		id := event.NewID("headcount", s.id, "ovi", "voided")
		return event.Unchecked(event.HeadcountVoided, source, id, instantOf(h.undone), of.town.code, s.id, void)
	}
	c.Counter, c.Total, c.CountedAt = counter, total, instantOf(h.at)
	c.ByAge, c.BySex = split(of, total)
	id := event.NewID("headcount", s.id, counter)
	if c.Original != nil {
		id = event.NewID("headcount", s.id, counter, "corrected")
	}
	return event.Unchecked(typ, source, id, instantOf(at), of.town.code, s.id, c)
}

// split divides the heads at a session for all by age and sex, as a counter would guess.
func split(of *series, total int) (byAge, bySex []event.Count) {
	if of.counting != headOnly || of.kind.class == "network" || total == 0 {
		return nil, nil
	}
	young, old := total/5, total*2/5
	byAge = []event.Count{
		{AgeScheme: "eviva3", AgeGroup: "0-17", N: young},
		{AgeScheme: "eviva3", AgeGroup: "18-64", N: total - young - old},
		{AgeScheme: "eviva3", AgeGroup: "65+", N: old},
	}
	return byAge, []event.Count{{Sex: "1", N: total * 2 / 5}, {Sex: "2", N: total - total*2/5}}
}

// checkin is a visit as it ought to be recorded.
func (w *world) checkin(s *session, who person, at int64) *event.Checkin {
	of, card := s.series, w.card(who)
	return &event.Checkin{
		SessionID: s.id, PersonPseudonym: card.pseudonym, PartySize: 1, CheckedInAt: instantOf(at),
		Channel: card.channel, VenueID: of.venue, VenueArea: of.venueArea, HomeArea: w.home(w.leaves[who.leaf()]),
		BirthYear: card.birthYear, Sex: card.sex, ActivityType: of.kind.activity, ProviderID: of.provider, KeyVersion: 1,
	}
}

// fate is what is drawn of a visit once, whenever it is asked for.
func (p *plan) fate(v *visit, draw uint64) uint64 {
	return mix(p.world.cfg.Seed, draw, uint64(p.quarter), uint64(v.session), uint64(v.person))
}

// referredShare is the share of visits that somebody was referred to.
const referredShare = 0.03

// referral draws where a visitor was referred from: a session of the town on an earlier day of the quarter, or a health
// centre.
func (p *plan) referral(v *visit) string {
	h := p.fate(v, drawReferral)
	if unit(h) >= referredShare {
		return ""
	}
	from, to := &p.sessions[scramble(h)%uint64(len(p.sessions))], &p.sessions[v.session]
	if from.series.town == to.series.town && from.day.Before(to.day) && from.outcome == held {
		return from.id
	}
	return "terveysasema"
}

func (p *plan) checkinEvent(what what, v *visit) (*event.Event, error) {
	s, at := &p.sessions[v.session], p.checkinTime(v)
	c := p.world.checkin(s, v.person, at)
	c.PartySize, c.ReferralFrom = max(1, int(v.party)), p.referral(v)
	town := s.series.town.code
	source, typ := sourceOf(town, "card"), event.CheckinRecorded
	id := event.NewID("checkin", s.id, c.PersonPseudonym)
	switch fixed := instantOf(at + int64(v.fixed)*second); what {
	case checkedIn:
		p.mistake(v, c)
		return event.Unchecked(typ, source, id, instantOf(at), town, c.SessionID, c)
	case checkedInAgain:
		at += 10 * minute
		c.CheckedInAt, c.PartySize, id = instantOf(at), 1, event.NewID("checkin", s.id, c.PersonPseudonym, "again")
		return event.Unchecked(typ, source, id, instantOf(at), town, s.id, c)
	case checkinCorrected:
		c.Original = &event.Ref{Source: source, ID: id}
		id = event.NewID("checkin", s.id, c.PersonPseudonym, "corrected")
		return event.Unchecked(event.CheckinCorrected, source, id, fixed, town, s.id, c)
	default:
		void := &event.Void{Original: event.Ref{Source: source, ID: id}, Reason: "was not there", At: fixed}
		id = event.NewID("checkin", s.id, c.PersonPseudonym, "voided")
		return event.Unchecked(event.CheckinVoided, source, id, fixed, town, s.id, void)
	}
}

// mistake makes c as wrong as it was recorded at first.
func (p *plan) mistake(v *visit, c *event.Checkin) {
	switch v.flaw {
	case flawTime:
		c.CheckedInAt = c.CheckedInAt.Add(-7 * time.Minute)
	case flawYear:
		if c.BirthYear != nil {
			year := max(1900, *c.BirthYear-10)
			c.BirthYear = &year
		}
	case flawSession:
		wrong := &p.sessions[v.wrong]
		of := wrong.series
		c.SessionID, c.VenueID, c.VenueArea = wrong.id, of.venue, of.venueArea
		c.ActivityType, c.ProviderID = of.kind.activity, of.provider
	}
}

func (p *plan) costEvent(what what, c *cost) (*event.Event, error) {
	source, id := sourceOf(c.town.code, "books"), event.NewID("cost", c.id)
	if what == costReversed {
		at := instantOf(c.reversed)
		void := &event.Void{Original: event.Ref{Source: source, ID: id}, Reason: "entered twice", At: at}
		return event.Unchecked(event.CostReversed, source, event.NewID("cost", c.id, "reversed"), at, c.town.code, c.id, void)
	}
	year := c.month.Year()
	entry := &event.Cost{
		EntryID: c.id, Area: c.town.code, PostedAt: instantOf(c.posted), Period: c.month, AmountCents: c.cents,
		Heading: c.heading, Kind: c.kind, FunderID: c.funder, ProjectID: c.project, ProviderID: c.provider, AllocationKey: c.key, PriceYear: &year,
	}
	if entry.Kind == "" {
		entry.Kind = "actual"
	}
	if c.session >= 0 {
		entry.SessionID = p.sessions[c.session].id
	}
	return event.Unchecked(event.CostEntered, source, id, instantOf(c.posted), c.town.code, c.id, entry)
}
