package pipeline_test

import (
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
	"vointi.fi/services/evaluator"
)

// group is the sessions of a provider, from the beginning of 2025 on: 330 €, three hours and 8 places each.
type group struct {
	provider string
	days     int   // from one to the next
	visits   []int // of each; none: no session
}

const none = -1

func (g group) events(p *pipeline) (events []*event.Event) {
	capacity := 8
	for i, n := range g.visits {
		if n == none {
			continue
		}
		start := time.Date(2025, 1, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, g.days*i)
		id := fmt.Sprintf("%s-%d", g.provider, i)
		events = append(events,
			p.event(event.CalendarCreated, id, start.AddDate(0, 0, -9), &event.Calendar{
				EventID: id, Status: "scheduled", Start: start, End: start.Add(3 * time.Hour), VenueID: "V", Area: kuusamo, ProviderID: g.provider,
				ActivityType: "peer", CapacityMax: &capacity, LastModified: start.AddDate(0, 0, -9),
			}),
			p.event(event.HeadcountRecorded, "h "+id, start.Add(time.Hour), &event.Headcount{
				SessionID: id, VenueArea: kuusamo, CountedAt: start.Add(time.Hour), Total: n, VenueID: "V", ActivityType: "peer", ProviderID: g.provider, Method: "manual",
			}),
			p.cost("k "+id, start, 33_000, func(c *event.Cost) { c.SessionID, c.ProjectID = id, g.provider }))
	}
	return events
}

// yearWithBreaks is 44 weeks with 229 visits, six weeks without a session in summer and two in winter.
func yearWithBreaks() []int {
	return slices.Concat(same(20, 5), same(6, 6), same(6, none), same(3, 6), same(15, 5), same(2, none))
}

func (p *pipeline) cost(id string, at time.Time, cents int64, change func(*event.Cost)) *event.Event {
	c := &event.Cost{
		EntryID: id, Area: kuusamo, PostedAt: at, Period: time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC), AmountCents: cents, Heading: "activity", Kind: "actual",
	}
	change(c)
	return p.event(event.CostEntered, id, at, c)
}

// same is n sessions with the same number of visits.
func same(n, visits int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = visits
	}
	return list
}

// project is two years of costs, most of them paid by a funder, and 2000 participants in the second year, of three groups. Of the 500 of
// the first group 120 become active.
func (p *pipeline) project() (events []*event.Event) {
	in := func(c *event.Cost) { c.ProjectID = "K" }
	for month := range 24 {
		at := time.Date(2024, time.Month(1+month), 15, 9, 0, 0, 0, time.UTC)
		cents := int64(833_333)
		if month == 23 {
			cents = 833_341
		}
		events = append(events, p.cost(fmt.Sprint("funded ", month), at, cents, func(c *event.Cost) { in(c); c.FunderID = "ESR" }))
	}
	events = append(events, p.cost("own 1", time.Date(2024, 6, 1, 9, 0, 0, 0, time.UTC), 2_676_654, in), p.cost("own 2", time.Date(2025, 6, 1, 9, 0, 0, 0, time.UTC), 2_676_646, in))
	for person := range 2000 {
		visits, group := 1, "K"
		switch {
		case person < 120:
			visits = 4
		case person >= 1000:
			group = "K2"
		case person >= 500:
			group = "K1"
		}
		for week := range visits {
			at := time.Date(2025, 3, 4, 15, 0, 0, 0, time.UTC).AddDate(0, 0, 7*week)
			c := fixtureCheckin(fmt.Sprintf("%032x", 1000+person), 1950)
			c.SessionID, c.CheckedInAt, c.ProviderID = fmt.Sprint(group, week), at, group
			events = append(events, p.event(event.CheckinRecorded, fmt.Sprint("c ", person, " ", week), at, c))
		}
	}
	return events
}

// described is a programme of one project and some providers.
func described(id, project, year, providers string) string {
	return fmt.Sprintf("id: %s\nname: {fi: N, sv: N, en: N}\nproject: %s\nareas: [KU305]\nstarts: \"%s-01-01\"\nends: \"2025-12-31\"\nsessions: {dimension: provider, members: [%s]}\n", id, project, year, providers)
}

// planOfT19 is what a session is meant to cost and to bring.
const planOfT19 = "plan: {session_cost: {low: 264, base: 330, high: 396, source: plan}, visits: {low: 4, base: 5.2, high: 8, source: plan}}\n"

// estimates evaluates programmes that are described, and tells estimates by their ids: number and limits, or why there is none.
func (p *pipeline) estimates(described map[string]string) func(id string) string {
	p.Helper()
	files := fstest.MapFS{}
	for name, text := range described {
		files[name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	areas, err := reference.LoadAreas(schemas.FS)
	p.must(err)
	shipped, err := aggregatorConfig()
	p.must(err)
	cfg := evaluator.DefaultConfig()
	cfg.Programmes, cfg.Areas, cfg.Catalogue, cfg.Clock = []fs.FS{files}, areas, shipped.Catalogue, func() time.Time { return p.now }
	e, err := evaluator.New(p.log, prometheus.NewRegistry(), p.db, cfg)
	p.must(err)
	p.must(e.Step(p.Context()))
	return func(id string) string {
		number := func(column string) string {
			return "if(isNull(" + column + "), concat(suppressed, refusal), toString(round(assumeNotNull(" + column + "), 6)))"
		}
		return fmt.Sprint(p.query("SELECT %s, %s, %s FROM vointi.estimates WHERE estimate_id = '%s'", number("estimate"), number("low"), number("high"), id))
	}
}

// TestProgrammesFromEvents: the worked examples of Pitstoppi and Kuusamo, from events to estimates.
func TestProgrammesFromEvents(t *testing.T) {
	p := newPipeline(t, "2026-01-02")
	events := append(p.project(), p.visit("old", p2, "2023-12-31")) // since when history is known
	events = append(events, group{"T", 7, yearWithBreaks()}.events(p)...)
	programmes := map[string]string{
		"T": described("T", "T", "2025", "T") + planOfT19,
		"K": described("K", "K", "2024", "K"), "K1": described("K1", "K", "2024", "K, K1"), "K2": described("K2", "K", "2024", "K, K1, K2"),
	}
	for _, visits := range []int{1, 4, 5, 6, 8} {
		id := fmt.Sprint("T", visits)
		events = append(events, group{id, 2, same(52, visits)}.events(p)...) // so often that no month of one visit each is small
		programmes[id] = described(id, id, "2025", id)
	}
	p.send(events...)
	estimate := p.estimates(programmes)
	for id, want := range map[string]string{
		"T/programme-cost":             "[14520||]",
		"T/cost-per-visit":             "[63.406114|61.894794|64.917433]",
		"T/cost-per-participant-hour":  "[21.135371|20.631598|21.639144]",
		"T/session-occupancy":          "[65.056818|63.506153|66.607483]",
		"T8/programme-cost":            "[17160||]",
		"T8/cost-per-visit":            "[41.25|41.25|41.25]",
		"T8/cost-per-participant-hour": "[13.75|13.75|13.75]",
		"T6/cost-per-visit":            "[55|55|55]",
		"T6/cost-per-participant-hour": "[18.333333|18.333333|18.333333]",
		"T5/cost-per-visit":            "[66|66|66]",
		"T5/cost-per-participant-hour": "[22|22|22]",
		"T4/cost-per-visit":            "[82.5|82.5|82.5]",
		"T4/cost-per-participant-hour": "[27.5|27.5|27.5]",
		"T1/cost-per-visit":            "[330|330|330]",
		"T1/cost-per-participant-hour": "[110|110|110]",
		"K/programme-cost":             "[253533||]",
		"K/own-cost":                   "[53533||]",
		"K/cost-per-month":             "[10563.875||]",
		"K/external-funding-share":     "[78.885194||]",
		"K/present-value-cost@3%":      "[249840.771845||]",
		"K/present-value-cost@3.5%":    "[249246.210145||]",
		"K/cost-per-participant":       "[507.066|507.066|507.066]",
		"K1/cost-per-participant":      "[253.533|253.533|253.533]",
		"K2/cost-per-participant":      "[126.7665|126.7665|126.7665]",
		"K/cost-per-newly-active":      "[2112.775|1815.314554|2477.86993]",
		"K/newly-active-share":         "[24|20.463786|27.93268]",
	} {
		p.equal(id, estimate(id), want)
	}
	capacity := func(id string) string {
		return fmt.Sprint(p.query("SELECT toString(inputs.value[1]), toString(inputs.value[2]) FROM vointi.estimates WHERE estimate_id = '%s/session-occupancy'", id))
	}
	p.equal("attendance and seats of 44 sessions", capacity("T"), "[229|352]")
	p.equal("and of 52", capacity("T8"), "[416|416]")
	p.equal("what the planned cost of a visit depends on", fmt.Sprint(p.query(`SELECT label, toString(round(assumeNotNull(value), 2)), toString(round(assumeNotNull(low), 2)), toString(round(assumeNotNull(high), 2))
		FROM vointi.estimate_points WHERE estimate_id = 'T/planned-cost-per-visit' AND series = 'tornado' ORDER BY position`)), "[visits to a session|63.46|82.5|41.25 cost of a session|63.46|50.77|76.15]")
}
