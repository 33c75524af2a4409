package simulator

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// cost is an entry of the books.
type cost struct {
	session  int32 // -1: of a project
	town     *town
	provider string
	posted   int64
	reversed int64 // 0: never
	month    time.Time
	cents    int64
	heading  string
	kind     string
	project  string
	funder   string
	key      string
	id       string
}

// bill draws what the sessions of a town from one on cost: those like Pitstoppi directly, the others through the projects
// they belong to.
func (p *plan) bill(r *rand.Rand, t *town, from int) {
	for i := from; i < len(p.sessions); i++ {
		if s := &p.sessions[i]; s.series.kind == &pitstoppi && s.outcome != cancelled {
			p.billSession(r, t, i)
		}
	}
	for month := p.quarter.first(); month.Before((p.quarter + 1).first()); month = month.AddDate(0, 1, 0) {
		for _, project := range p.world.projects(t) {
			p.billProject(r, t, project, month, from)
		}
	}
}

func (p *plan) billSession(r *rand.Rand, t *town, i int) {
	s := &p.sessions[i]
	c := cost{
		session: int32(i), town: t, posted: s.end() + between(r, 12, 240)*hour, month: date(s.day).AddDate(0, 0, 1-s.day.Day()),
		cents: PitstoppiCents, heading: "activity", project: s.series.project, provider: s.series.provider, id: "L-" + s.id,
	}
	p.costs = append(p.costs, c)
	if r.Float64() < 0.015 { // entered twice, and one of them reversed
		c.id += "-B"
		c.posted += between(r, 1, 48) * hour
		c.reversed = c.posted + between(r, 1, 20)*aDay
		p.costs = append(p.costs, c)
	}
}

// projects lists the projects of a town whose costs are shared out, sorted.
func (w *world) projects(t *town) []string {
	var list []string
	for _, s := range w.series {
		if s.town == t && s.kind != &pitstoppi && !slices.Contains(list, s.project) {
			list = append(list, s.project)
		}
	}
	slices.Sort(list)
	return list
}

// shares tell how a month's cost of a project is divided.
var shares = [...]struct {
	heading, key string
	part         float64
}{{"wages", "session_hours", 0.6}, {"premises", "sessions", 0.25}, {"activity", "visits", 0.15}}

// billProject enters a project's cost of a month, in the month after, and its budget of the month on the first day of it.
func (p *plan) billProject(r *rand.Rand, t *town, project string, month time.Time, from int) {
	hours := 0.
	for _, s := range p.sessions[from:] {
		if s.series.project == project && s.day.Month() == month.Month() && s.outcome != cancelled {
			hours += s.series.kind.length.Hours()
		}
	}
	cents, funder := hours*(42+6*r.Float64())*100, ""
	minutes, provider := p.world.weekly(project)
	budget := 45_00 * float64(minutes) / 60 * 4
	if project == "hyvinvointikortti-"+PilotArea {
		passed := 12*(month.Year()-p.world.cfg.Pilot.Year()) + int(month.Month()-p.world.cfg.Pilot.Month())
		if passed < 0 || passed >= PilotMonths {
			return
		}
		cents, funder, budget = PilotCents, "THL (demo)", PilotCents
	}
	c := cost{session: -1, town: t, month: date(month), project: project, provider: provider, funder: funder}
	label := project + "-" + month.Format("2006-01") + "-"
	posted := month.AddDate(0, 1, 0)
	for _, share := range shares {
		c.posted = posted.UnixMilli() + between(r, 4*24, 14*24)*hour + between(r, 7*60, 15*60)*minute
		c.cents, c.heading, c.key, c.id = int64(cents*share.part), share.heading, share.key, label+share.heading
		if c.cents > 0 {
			p.costs = append(p.costs, c)
		}
		c.posted, c.cents, c.kind, c.id = month.UnixMilli()+9*hour, int64(budget*share.part), "budget", c.id+"-budget"
		p.costs = append(p.costs, c)
		c.kind = ""
	}
}

// weekly sums the lengths of a project's series, and returns the provider of the first, who keeps the project's books.
func (w *world) weekly(project string) (minutes int, provider string) {
	for _, s := range w.series {
		if s.project == project {
			minutes += int(s.kind.length.Minutes())
			provider = cmp.Or(provider, s.provider)
		}
	}
	return minutes, provider
}
