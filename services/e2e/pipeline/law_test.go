package pipeline_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
)

// storm draws events that disagree as much as events can: few sessions, persons and days, so that everything collides.
type storm struct {
	*rapid.T
	sent []*event.Event // originals that corrections and voids may name
	n    int
}

var (
	stormAreas  = []string{"KU305", "KU208", "KU853"}
	stormPeople = []string{p1, p2, p3, "44444444444444444444444444444444", "05050505050505050505050505050505", "f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6"}
)

func (s *storm) pick(what string, n int) int { return rapid.IntRange(0, n-1).Draw(s.T, what) }

func (s *storm) area() string { return stormAreas[s.pick("area", len(stormAreas))] }

// when is a time within some forty days, often close to midnight of Europe/Helsinki or to a month's end.
func (s *storm) when() time.Time {
	base := time.Date(2024, 2, 20, 21, 30, 0, 0, time.UTC)
	return base.Add(time.Duration(s.pick("day", 40))*24*time.Hour + time.Duration(s.pick("hour", 4))*time.Hour)
}

func (s *storm) session() string { return fmt.Sprintf("S%d", s.pick("session", 6)) }

// id is mostly new; sometimes an earlier one again, so that two events of one identity conflict.
func (s *storm) id() string {
	if s.n > 0 && s.pick("conflict", 12) == 0 {
		return fmt.Sprintf("e%d", s.pick("id", s.n))
	}
	s.n++
	return fmt.Sprintf("e%d", s.n-1)
}

func (s *storm) checkin() *event.Checkin {
	born := 1940 + s.pick("born", 80)
	return &event.Checkin{
		SessionID: s.session(), PersonPseudonym: stormPeople[s.pick("person", len(stormPeople))], PartySize: 1 + s.pick("party", 3),
		CheckedInAt: s.when(), Channel: "card", VenueID: "V", VenueArea: s.area(), HomeArea: s.area(), BirthYear: &born,
		Sex: []string{"1", "2", ""}[s.pick("sex", 3)], ActivityType: []string{"culture", "sport"}[s.pick("type", 2)],
		ProviderID: "ORG", ReferralFrom: []string{"", s.session(), "elsewhere"}[s.pick("referral", 3)], KeyVersion: 1,
	}
}

func (s *storm) headcount() *event.Headcount {
	return &event.Headcount{
		SessionID: s.session(), Counter: []string{"", "b"}[s.pick("counter", 2)], VenueArea: s.area(), CountedAt: s.when(),
		Total: s.pick("total", 12), IncludesCardHolders: s.pick("includes", 2) == 0, VenueID: "V", ActivityType: "culture",
		ProviderID: "ORG", Method: "manual",
	}
}

func (s *storm) calendar() *event.Calendar {
	start := s.when()
	capacity, attendance, from := s.pick("capacity", 20), s.pick("attendance", 9), s.pick("audience", 80)
	return &event.Calendar{
		EventID: s.session(), Sequence: int64(s.pick("sequence", 4)), Name: map[string]string{"fi": "x"}, Start: start,
		End: start.Add(2 * time.Hour), VenueID: "V", Area: s.area(), ProviderID: "ORG", ActivityType: "nature",
		AudienceMinAge: &from, CapacityMax: &capacity, Attendance: &attendance, LastModified: start, Status: "scheduled",
	}
}

func (s *storm) cost() *event.Cost {
	c := &event.Cost{
		EntryID: fmt.Sprintf("K%d", s.pick("entry", 5)), Area: s.area(), PostedAt: s.when(),
		Period:      time.Date(2024, time.Month(2+s.pick("month", 3)), 1, 0, 0, 0, 0, time.UTC),
		AmountCents: int64(s.pick("cents", 100_000)), Heading: []string{"wages", "travel"}[s.pick("heading", 2)], Kind: []string{"actual", "actual", "budget"}[s.pick("of", 3)],
		FunderID: []string{"", "THL"}[s.pick("funder", 2)], ProviderID: []string{"", "ORG"}[s.pick("provider", 2)], ProjectID: "P",
	}
	switch s.pick("allocation", 3) {
	case 0:
		c.SessionID = s.session()
	case 1:
		c.AllocationKey = []string{"sessions", "visits", "session_hours"}[s.pick("key", 3)]
	}
	return c
}

// event draws one event: an original, or a correction or void of one, which may overtake it.
func (s *storm) event() *event.Event {
	at := s.when()
	switch s.pick("kind", 13) {
	case 12:
		return s.make(event.ShiftLogged, s.id()+"s", at, s.shift())
	case 11:
		return s.make(event.CardRekeyed, s.id()+"k", at, s.rekey())
	case 0, 1, 2, 3:
		return s.original(event.CheckinRecorded, at, s.checkin())
	case 4:
		return s.original(event.HeadcountRecorded, at, s.headcount())
	case 5:
		return s.calendarEvent(at)
	case 6:
		return s.original(event.CostEntered, at, s.cost())
	case 7:
		return s.make(event.ResponseSubmitted, s.id()+"r", at, s.feedback())
	default:
		return s.amendment(at)
	}
}

// erasure asks to forget somebody of whom there are events, up to a time that may lie before most of them or after; often it
// says who else that is, in words that may be forgotten themselves.
func (s *storm) erasure(of []*event.Event) (events []*event.Event) {
	known := []string{stormPeople[0]}
	for _, e := range of {
		known = e.Persons(known)
	}
	person := known[s.pick("forgotten", len(known))]
	events = append(events, s.make(event.ErasureRequested, s.id()+"x", s.when(), &event.Erasure{PersonPseudonym: person}))
	if s.pick("linked", 2) == 0 {
		rekey := s.rekey()
		rekey.OldPseudonym = person
		events = append(events, s.make(event.CardRekeyed, s.id()+"k", s.when(), rekey))
	}
	return events
}

// rekey says that two pseudonyms are one person; of several such, whole crowds are.
func (s *storm) rekey() *event.Rekey {
	return &event.Rekey{
		OldPseudonym: stormPeople[s.pick("old", len(stormPeople))], NewPseudonym: stormPeople[s.pick("new", len(stormPeople))], KeyVersion: 2,
	}
}

// shift is one of few volunteers, often one that was logged before, and at a session that may not exist.
func (s *storm) shift() *event.Shift {
	hours, start := int64(100*s.pick("hours", 4)), s.when()
	return &event.Shift{
		VolunteerPseudonym: stormPeople[s.pick("volunteer", 3)], PartnerID: "Y1", Area: s.area(), AgeBand: []string{"20-28", "65-74"}[s.pick("band", 2)],
		Start: start, End: start.Add(time.Hour), Hours: &hours, EventID: []string{"", s.session()}[s.pick("at", 2)],
	}
}

// feedback is an answered questionnaire, often one that was answered before, and about a session that may not exist. One wave
// ends before the other.
func (s *storm) feedback() *event.Response {
	wave, at := "F", s.when()
	if s.pick("wave", 2) == 0 {
		wave, at = "G", date(2024, 2, 20)
	}
	return &event.Response{
		ResponseID: fmt.Sprintf("R%d", s.pick("response", 6)), WaveID: wave, InstrumentID: "feedback", Version: "1", SubmittedAt: at,
		Complete: true, Area: s.area(), AgeBand: "30-34", SessionID: []string{"", s.session()}[s.pick("about", 2)],
		Items: map[string]int{[]string{"FEEDBACK", "OTHER"}[s.pick("item", 2)]: 1 + s.pick("code", 5)},
	}
}

func (s *storm) original(t event.Type, at time.Time, payload event.Payload) *event.Event {
	e := s.make(t, s.id(), at, payload)
	s.sent = append(s.sent, e)
	return e
}

func (s *storm) calendarEvent(at time.Time) *event.Event {
	c := s.calendar()
	t := []event.Type{event.CalendarCreated, event.CalendarUpdated, event.CalendarCancelled, event.CalendarHeld}[s.pick("calendar", 4)]
	switch t {
	case event.CalendarHeld:
		c.Status = "held"
	case event.CalendarCancelled:
		c.Status = "cancelled"
	}
	if t != event.CalendarHeld {
		c.Attendance = nil
	}
	e := s.make(t, s.id()+"c", at, c)
	if s.pick("pilot", 2) == 0 {
		e.Extensions = map[string]string{"pilotid": "P"}
	}
	e, err := event.Decode(nil, e.Encode())
	if err != nil {
		s.Fatal(err)
	}
	return e
}

func (s *storm) amendment(at time.Time) *event.Event {
	if len(s.sent) == 0 {
		return s.original(event.CheckinRecorded, at, s.checkin())
	}
	of := s.sent[s.pick("of", len(s.sent))]
	ref := event.Ref{Source: of.Source, ID: of.ID}
	id := s.id() + "a"
	void := &event.Void{Original: ref, Reason: "mistake", At: at}
	voids := s.pick("void", 3) == 0
	switch of.Type {
	case event.HeadcountRecorded:
		if voids {
			return s.make(event.HeadcountVoided, id, at, void)
		}
		h := s.headcount()
		h.Original = &ref
		h.SessionID, h.Counter = of.Payload.(*event.Headcount).SessionID, of.Payload.(*event.Headcount).Counter
		return s.make(event.HeadcountCorrected, id, at, h)
	case event.CostEntered:
		return s.make(event.CostReversed, id, at, void)
	default:
		if voids {
			return s.make(event.CheckinVoided, id, at, void)
		}
		c := s.checkin()
		c.Original = &ref
		return s.make(event.CheckinCorrected, id, at, c)
	}
}

func (s *storm) make(t event.Type, id string, at time.Time, payload event.Payload) *event.Event {
	e, err := event.New(t, emitter, id, at, s.area(), "", payload)
	if err != nil {
		s.Fatal(err)
	}
	return e
}

// TestLaw sends storms of events in any order, with duplicates, erasures and restarts, and asks after each batch whether the
// cells are what a naive account of all events says, and in the end whether it stays so when everything comes once more,
// whether recompute from zero gives the same cells and publications, bit for bit, and whether a refresh without news writes
// nothing.
func TestLaw(t *testing.T) {
	few(t, 6)
	p := newPipeline(t, "2024-03-20")
	rapid.Check(t, func(rt *rapid.T) {
		p.forget()
		p.storm(&storm{T: rt})
	})
}

// few makes rapid draw a few histories, unless the command line says how many: each is a whole one on real engines.
func few(t *testing.T, histories int) {
	t.Helper()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		t.Cleanup(func() { _ = flag.Set("rapid.checks", f.DefValue) })
		_ = flag.Set("rapid.checks", fmt.Sprint(histories))
		_ = flag.Set("rapid.nofailfile", "true")
		_ = flag.Set("rapid.seed", "20240305") // the same histories each time
	}
}

func (p *pipeline) storm(s *storm) {
	m := newModel()
	state, err := p.bus.StreamState(p.Context(), stream.Events)
	p.must(err)
	p.earlier = state.Last
	p.setClock("2024-03-20")
	p.restartAggregator()
	for range 1 + s.pick("batches", 3) {
		var batch []*event.Event
		for range 1 + s.pick("events", 25) {
			batch = append(batch, s.event())
		}
		if s.pick("erase", 3) != 1 { // rapid likes 0
			batch = append(batch, s.erasure(batch)...)
		}
		m.add(batch...)
		batch = append(batch, batch[:s.pick("again", len(batch))]...) // delivered twice
		p.sendAndErase(m, rapid.Permutation(batch).Draw(s.T, "order"))
		p.agrees(s, m)
		if s.pick("restart", 3) == 0 {
			p.restartAggregator()
		}
		if s.pick("tick", 3) == 0 {
			p.now = p.now.AddDate(0, 0, 20) // periods close
		}
	}
	if m.erases() {
		p.replay(s, m)
	}
	p.must(p.agg.Step(p.Context()))
	differences, err := p.agg.Verify(p.Context(), func(string, int) {})
	if err != nil || len(differences) > 0 {
		s.Fatalf("recompute differs: %v %v", err, differences)
	}
	if told := p.toldByRevisions(); len(told) > 0 {
		s.Fatalf("hidden in a revision, and told by one before: %v", told)
	}
	p.restartAggregator()
	p.must(p.agg.Step(p.Context()))
	before := p.written()
	p.must(p.agg.Step(p.Context()))
	if after := p.written(); after != before {
		s.Fatalf("a refresh without news wrote: %s, was %s", after, before)
	}
}

// sendAndErase works off what was asked to be erased, and what comes later of it: a link tells of more that must go.
func (p *pipeline) sendAndErase(m *model, events []*event.Event) {
	p.Helper()
	p.send(events...)
	if m.erases() {
		p.erased()
	}
}

// replay sends everything once more, as from a restored stream: who is erased stays so, and nothing of those who did not come
// back is to be found anywhere.
func (p *pipeline) replay(s *storm, m *model) {
	p.Helper()
	p.sendAndErase(m, rapid.Permutation(m.all()).Draw(s.T, "replay"))
	p.agrees(s, m)
	for _, person := range m.gone() {
		if places := p.found(person); len(places) > 0 {
			s.Fatalf("of %s there is %v\nevents:\n%s", person, places, m.describe())
		}
	}
}

// agrees compares cells with the model.
func (p *pipeline) agrees(s interface{ Fatalf(string, ...any) }, m *model) {
	got := p.query(`SELECT concat(measure, ' ', area, ' ', toString(period_start), if(period_type = 'month', ' month', ''), ' = ', toString(sum(value)))
		FROM vointi_internal.cells FINAL
		WHERE (measure IN ('visits', 'sessions_held', 'sessions_silent') AND period_type IN ('day', 'month') OR measure IN ('participants', 'anonymous') AND period_type = 'month')
			AND dimension = '' AND area != 'SSS'
		GROUP BY measure, area, period_start, period_type
		HAVING sum(value) != 0`)
	slices.Sort(got)
	want := m.counts(day(p.now))
	if !slices.Equal(got, want) {
		s.Fatalf("cells:\n%v\nwant:\n%v\nevents:\n%s", got, want, m.describe())
	}
}

// written counts the rows that the aggregator has ever written.
func (p *pipeline) written() string {
	p.Helper()
	return p.query(`SELECT toString(groupArray((table, n))) FROM (SELECT table, toString(sum(rows)) AS n FROM system.parts
		WHERE database = 'vointi_internal' AND active AND table IN ('cells', 'publications', 'publication_log', 'journal') GROUP BY table ORDER BY table)`)[0]
}

// forget empties the warehouse. Receipts stay: without them the ingester would fetch the messages once more.
func (p *pipeline) forget() {
	p.Helper()
	for _, table := range p.query("SELECT name FROM system.tables WHERE database = 'vointi_internal' AND engine LIKE '%%MergeTree' AND name != 'receipts' AND name NOT LIKE '%%migration%%'") {
		p.must(p.db.Exec(p.Context(), "TRUNCATE TABLE vointi_internal."+table))
	}
}
