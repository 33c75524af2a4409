package simulator

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"vointi.fi/pkg/event"
)

const civicSource = "/demo/register"

// civics is what a municipality has and does beside sessions: partners and agreements, venues, media, plans, interviews, use of
// services; and what the region's platforms count. Each thing that goes on has a stream of draws of its own, so that a longer history changes nothing of the shorter.
type civics struct {
	world *world
	list  []occurrence
}

// occurrence is one event to come.
type occurrence struct {
	at      time.Time
	typ     event.Type
	area    string
	subject string
	payload event.Payload
}

func newCivics(w *world) *civics {
	c := &civics{world: w}
	c.reference()
	c.special()
	platforms := []string{"kumppanuusportaali (demo)", "yhteisöpalvelu (demo)"}
	for _, platform := range platforms {
		c.platform(source(w.cfg.Seed, drawCivic, word(platform)), platform)
	}
	for _, t := range w.towns {
		c.enrolments(t)
		c.partners(t)
		c.venues(t)
		c.media(source(w.cfg.Seed, drawCivic, t.word, 2), t)
		c.pages(source(w.cfg.Seed, drawCivic, t.word, 5), t, platforms[0])
		c.planning(t)
		c.years(source(w.cfg.Seed, drawCivic, t.word, 3), t)
		c.contacts(source(w.cfg.Seed, drawCivic, t.word, 4), t)
	}
	return c
}

func (c *civics) add(at time.Time, typ event.Type, area, subject string, payload event.Payload) {
	c.list = append(c.list, occurrence{at.UTC(), typ, area, subject, payload})
}

func (c *civics) actions(add func(action)) {
	for i := range c.list {
		add(action{c.list[i].at.UnixMilli(), c, civicEvent, int32(i)})
	}
}

func (c *civics) make(_ what, index int) (*event.Event, error) {
	o := c.list[index]
	id := event.NewID(string(o.typ), o.area, o.subject, o.at.Format(time.RFC3339))
	return event.Unchecked(o.typ, civicSource, id, o.at, o.area, o.subject, o.payload)
}

// VolunteerHourCents is the planted value of an hour of volunteering, that of the study of 2011.
const VolunteerHourCents = 1244

// reference is what concerns no town: unit costs and the practice that pitstoppi is.
func (c *civics) reference() {
	first := c.world.cfg.First
	c.add(first, event.UnitCostSet, "SSS", "volunteer_hour", &event.UnitCost{
		ServiceCode: "volunteer_hour", PriceYear: 2011, BaseCents: VolunteerHourCents, Source: "Vapaaehtoistyön arvo, tutkimus 2011 (demo)",
	})
	c.add(first, event.UnitCostSet, "SSS", "T11", &event.UnitCost{
		ServiceCode: "T11", PriceYear: first.Year(), BaseCents: 10_000, Source: "esimerkkiarvo (demo)", Placeholder: true,
	})
	say := func(fi, sv, en string) map[string]string { return map[string]string{"fi": fi, "sv": sv, "en": en} }
	c.add(first, event.PracticeDescribed, "SSS", "pitstoppi", &event.Practice{
		PracticeID: "pitstoppi", Name: say("Pitstoppi PopUp (demo)", "Pitstoppi PopUp (demo)", "Pitstoppi pop-up (demo)"),
		Cells: &event.PracticeMatrix{
			Client:  &event.PracticeRow{Problem: say("yksinäisyys, pitkät matkat", "ensamhet, långa avstånd", "loneliness, long distances"), Results: say("osallisuus", "delaktighet", "inclusion")},
			Service: &event.PracticeRow{Solution: say("ryhmä kerran viikossa", "grupp en gång i veckan", "a group once a week")},
			Society: &event.PracticeRow{Results: say("työttömyyden kulut pienenevät", "lägre kostnader för arbetslöshet", "lower costs of unemployment")},
		},
		Indicators: []string{"inclusion-esis-mean", "feedback-mean", "referrals"},
		Links: []event.PracticeLink{
			{Row: "client", Column: "problem", Kind: "indicator", ID: "loneliness-share"},
			{Row: "client", Column: "results", Kind: "indicator", ID: "inclusion-esis-mean"},
			{Row: "client", Column: "results", Kind: "indicator", ID: "feedback-mean"},
			{Row: "service", Column: "solution", Kind: "indicator", ID: "session-occupancy"},
			{Row: "service", Column: "results", Kind: "indicator", ID: "referrals"},
			{Row: "society", Column: "results", Kind: "estimate", ID: "hyvinvointikortti-kuusamo/avoided-service-cost/T11"},
			{Row: "society", Column: "results", Kind: "estimate", ID: "hyvinvointikortti-kuusamo/cost-per-visit"},
		},
	})
}

// platform counts each day.
func (c *civics) platform(r *rand.Rand, id string) {
	pages := 150 + r.IntN(150)
	for day := c.world.cfg.First; !day.After(c.world.cfg.Last); day = day.AddDate(0, 0, 1) {
		visits, messages, stale := 100+r.IntN(400), r.IntN(25), pages/10+r.IntN(pages/5)
		unique, searches, published := visits*2/3, visits/6, pages
		next := day.AddDate(0, 0, 1)
		c.add(next.Add(time.Hour), event.PlatformUsed, "SSS", id, &event.PlatformUsage{
			PlatformID: id, WindowStart: day.UTC(), WindowEnd: next.UTC(), Visits: visits, UniqueVisitors: &unique, Messages: &messages, Searches: &searches,
			PagesPublished: &published, PagesStale: &stale,
		})
		if r.IntN(10) == 0 {
			pages++
		}
	}
}

// pages are those that somebody of the town has on a platform, which counts them each month.
func (c *civics) pages(r *rand.Rand, t *town, platform string) {
	provider, pages := c.partnerNames(t)[0], 3+r.IntN(6)
	for month := c.world.cfg.First; !month.After(c.world.cfg.Last); month = month.AddDate(0, 1, 0) {
		stale := r.IntN(3)
		next := month.AddDate(0, 1, 0)
		c.add(next.Add(time.Hour), event.PlatformUsed, t.code, platform, &event.PlatformUsage{
			PlatformID: platform, ProviderID: provider, WindowStart: month.UTC(), WindowEnd: next.UTC(), PagesPublished: &pages, PagesStale: &stale,
		})
	}
}

// partnerKinds are the kinds of partners in turn. Every other one is an association, as in any real register.
var partnerKinds = []string{"association", "school", "association", "company", "association", "parish", "association", "municipality", "association", "public"}

// partners are those who offer sessions, and some others. Most are confirmed each year, and many have an agreement.
func (c *civics) partners(t *town) {
	for i, name := range c.partnerNames(t) {
		p := event.Partner{PartnerID: name, Kind: partnerKinds[i%len(partnerKinds)], Name: name, Areas: []string{t.code}, Themes: []string{"health"}}
		c.partner(source(c.world.cfg.Seed, drawCivic, t.word, word(name)), t, p)
	}
}

func (c *civics) partnerNames(t *town) []string {
	offering := map[string]bool{}
	for _, s := range c.world.series {
		if s.town == t {
			offering[s.provider] = true
		}
	}
	var names []string
	for name := range offering {
		names = append(names, name)
	}
	slices.Sort(names)
	for i := range 6 {
		names = append(names, fmt.Sprintf("%s: kumppani %d (demo)", nameOf(t.code), i+1))
	}
	return names
}

func (c *civics) partner(r *rand.Rand, t *town, p event.Partner) {
	at, last := c.world.cfg.First.AddDate(0, 0, r.IntN(80)), c.world.cfg.Last
	typ := event.PartnerRegistered
	p.ValidFrom = date(at)
	signed := at.AddDate(0, 1+r.IntN(5), 0)
	agreed, ends := r.Float64() < 0.7, r.Float64() < 0.2
	for ; !at.After(last); at = at.AddDate(0, 0, 250+r.IntN(250)) {
		p.ContactConfirmedAt = at.UTC()
		entry := p
		c.add(at.Add(10*time.Hour), typ, t.code, p.PartnerID, &entry)
		typ = event.PartnerUpdated
	}
	if !agreed {
		return
	}
	p.AgreementID, p.ContactConfirmedAt, p.ValidFrom = "sopimus "+p.PartnerID, time.Time{}, date(signed)
	c.add(signed, event.AgreementSigned, t.code, p.AgreementID, &event.Agreement{Partner: p})
	if ends {
		ended := signed.AddDate(1, 0, 0)
		p.ValidTo = date(ended)
		c.add(ended, event.AgreementEnded, t.code, p.AgreementID, &event.Agreement{Partner: p, Ended: true})
	}
}

// venues are where the town's sessions are.
func (c *civics) venues(t *town) {
	kinds := map[string]string{"sport": "sport", "culture": "culture", "art": "culture", "nature": "nature", "peer": "meeting_place", "learning": "library", "digital": "library"}
	seen := map[string]bool{}
	for _, s := range c.world.series {
		if s.town != t || seen[s.venue] {
			continue
		}
		seen[s.venue] = true
		v := event.Venue{VenueID: s.venue, Area: s.venueArea, Kind: kinds[s.kind.activity], ValidFrom: date(c.world.cfg.First)}
		if v.Kind == "" {
			v.Kind = "other"
		}
		first := v
		c.add(c.world.cfg.First, event.VenueRegistered, t.code, s.venue, &first)
		v.Name = map[string]string{"fi": s.venue}
		c.add(c.world.cfg.First.AddDate(0, 1, 0), event.VenueUpdated, t.code, s.venue, &v)
	}
}

var mediaChannels = []string{"print", "radio", "tv", "web", "social", "newsletter"}

// media is a release a month, and what it leads to.
func (c *civics) media(r *rand.Rand, t *town) {
	for month := c.world.cfg.First; !month.After(c.world.cfg.Last); month = month.AddDate(0, 1, 0) {
		at := month.AddDate(0, 0, r.IntN(20)).Add(9 * time.Hour)
		of := event.Communication{ItemID: fmt.Sprintf("tiedote %s %s", t.code, at.Format("2006-01")), At: at.UTC(), Channel: "newsletter", Area: t.code, Topic: "programme"}
		release := of
		c.add(at, event.ReleasePublished, t.code, of.ItemID, &release)
		for i := range r.IntN(5) {
			hit := of
			hit.ItemID, hit.Channel = fmt.Sprintf("osuma %s %s %d", t.code, at.Format("2006-01"), i), mediaChannels[r.IntN(len(mediaChannels))]
			hit.At = at.Add(time.Duration(1+r.IntN(150)) * time.Hour).UTC()
			c.add(hit.At, event.MediaHit, t.code, hit.ItemID, &hit)
		}
	}
}

// planning is the town's priorities and its project.
func (c *civics) planning(t *town) {
	first := c.world.cfg.First
	for _, of := range [][2]string{{"0-12", "barrier-share"}, {"13-28", "loneliness-share"}, {"29-64", "ltpa-inactive-share"}, {"65+", "participation-reach"}} {
		group, indicator := of[0], of[1]
		id := "painopiste " + t.code + " " + group
		c.add(first, event.PrioritySet, t.code, id, &event.Priority{
			PriorityID: id, Area: t.code, CouncilTerm: "2021-2025", AgeGroup: group, Theme: "health", Goal: "G9", Indicators: []string{indicator},
		})
	}
	phase := &event.ProjectPhase{ProjectID: "hyvinvointikortti-" + t.code, Phase: "control", Areas: []string{t.code}, From: date(c.world.cfg.Pilot)}
	if t.code == PilotArea {
		phase.Phase, phase.ComparisonAreas = "pilot", []string{ComparisonArea}
	}
	c.add(c.world.cfg.Pilot, event.PhaseBegun, t.code, phase.ProjectID, phase)
}

// contacts is the use of a service in each month, by everybody: contacts repeat within persons, so they vary more than Poisson's law lets
// them. From the pilot on there are fewer in its area.
func (c *civics) contacts(r *rand.Rand, t *town) {
	const dispersion = 1.5 // variance over mean of contacts per person
	for month := c.world.cfg.First; !month.AddDate(0, 1, 0).After(c.world.cfg.Last); month = month.AddDate(0, 1, 0) {
		residents := 0
		for _, l := range t.leaves {
			residents += l.counts(month.Year()).total()
		}
		rate := ServiceContacts + 0.02*math.Cos(2*math.Pi*float64(month.Month()-1)/12)
		if t.code == PilotArea && !month.Before(c.world.cfg.Pilot) {
			rate += ServiceEffect
		}
		mean := rate * float64(residents)
		contacts := max(0, int(math.Round(mean+math.Sqrt(dispersion*mean)*r.NormFloat64())))
		users := 1 - math.Pow(dispersion, -rate/(dispersion-1)) // share of a negative binomial above 0
		persons := min(contacts, int(math.Round(users*float64(residents))))
		out := month.AddDate(0, 1, 20).Add(9 * time.Hour)
		c.add(out, event.ServiceUsed, t.code, t.code+" all", &event.ServiceUse{
			Area: t.code, AgeScheme: "report5", AgeGroup: "all", ServiceCode: "T11", Period: month.Format("2006-01"), Contacts: contacts, Persons: &persons, Population: &residents,
		})
	}
}

// years is what is told of each year when it is over: use of services, official figures; and interviews in spring.
func (c *civics) years(r *rand.Rand, t *town) {
	for year := c.world.cfg.First.Year(); year < c.world.cfg.Last.Year(); year++ {
		out := time.Date(year+1, time.April, 15, 9, 0, 0, 0, time.UTC)
		for _, group := range []string{"0-12", "13-28", "29-64", "65+"} {
			persons := 200 + r.IntN(400)
			c.add(out, event.ServiceUsed, t.code, t.code+" "+group, &event.ServiceUse{
				Area: t.code, AgeScheme: "report5", AgeGroup: group, ServiceCode: "T11", Period: fmt.Sprint(year), Contacts: persons * 3, Persons: &persons,
			})
		}
		residents := 0
		for _, l := range t.leaves {
			residents += l.counts(year).total()
		}
		c.add(out, event.IndicatorImported, t.code, "sotkanet 127", &event.Imported{
			Source: "sotkanet", ExternalID: "127", Area: t.code, Year: year, Value: float64(residents), RetrievedAt: out, Licence: "CC BY 4.0 (demo)",
		})
		c.add(out, event.IndicatorImported, t.code, "statfin families_0_17", &event.Imported{
			Source: "statfin", ExternalID: "families_0_17", Area: t.code, Year: year, Value: float64(t.families(year)), RetrievedAt: out, Licence: "CC BY 4.0 (demo)",
		})
		id := fmt.Sprint("haastattelu ", t.code, " ", year)
		c.add(out, event.InterviewRecorded, t.code, id, &event.Interview{
			InterviewID: id, Area: t.code, At: out, Respondents: "residents", Themes: []string{"loneliness", "transport"}, N: 6 + r.IntN(6),
		})
	}
}
