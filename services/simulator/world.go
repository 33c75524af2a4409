package simulator

import (
	"slices"
	"time"
)

// world is what stays the same during the history: the places, their residents, and the programme of sessions.
type world struct {
	cfg    Config
	towns  []*town
	leaves []*leaf
	series []*series
}

// town is a municipality.
type town struct {
	profile
	word   uint64
	leaves []*leaf
}

// leaf is the smallest area that a person lives in: a service area, or a whole municipality.
type leaf struct {
	code  string
	index int
	word  uint64
	town  *town
	share float64 // of the town's residents
	// rank is the middle of the leaf's share among the residents ordered from most to least deprived, less one half; 0
	// where no gap is planted.
	rank     float64
	firstOf  int // year of byYear[0]
	byYear   []*counts
	averages []float64 // mean inclination to take part, by year
}

func newWorld(cfg Config) *world {
	w := &world{cfg: cfg}
	for _, p := range profiles {
		if !slices.Contains(cfg.Municipalities, p.code) {
			continue
		}
		t := &town{profile: p, word: word(p.code)}
		w.towns = append(w.towns, t)
		if p.code == GapArea {
			w.divide(t)
		} else {
			w.addLeaf(t, p.code, 1, 0)
		}
	}
	for _, t := range w.towns {
		w.series = append(w.series, w.programme(t)...)
	}
	return w
}

// divide gives a town its service areas, ranked by deprivation.
func (w *world) divide(t *town) {
	below := 0.
	for _, area := range serviceAreas {
		w.addLeaf(t, area.code, area.share, below+area.share/2-0.5)
		below += area.share
	}
}

func (w *world) addLeaf(t *town, code string, share, rank float64) {
	l := &leaf{code: code, index: len(w.leaves), word: word(code), town: t, share: share, rank: rank}
	l.firstOf = w.cfg.First.Year() - w.cfg.PopulationYears - 2
	for year := l.firstOf; year <= w.cfg.Last.Year()+2; year++ {
		c := pyramid(t.profile, share, w.cfg.Scale, year)
		l.byYear = append(l.byYear, c)
		l.averages = append(l.averages, averageInclination(c))
	}
	w.leaves = append(w.leaves, l)
	t.leaves = append(t.leaves, l)
}

// counts returns the residents at the end of year. The simulated years and those before them have one.
func (l *leaf) counts(year int) *counts { return l.byYear[l.at(year)] }

func (l *leaf) at(year int) int { return min(max(year-l.firstOf, 0), len(l.byYear)-1) }

// home is what a resident's events call the place he or she lives in.
func (w *world) home(l *leaf) string {
	if w.cfg.ServiceAreas {
		return l.code
	}
	return l.town.code
}

// reach returns the planted share of residents with a visit in q.
func (w *world) reach(l *leaf, q quarter) float64 {
	reach := l.town.reach + seasons[q%4] + w.gap(q)*l.rank
	if l.town.code == PilotArea && q >= w.pilot() {
		reach += ReachEffect
	}
	return reach
}

func (w *world) pilot() quarter { return quarterOf(w.cfg.Pilot) }

func (w *world) gap(q quarter) float64 {
	passed := max(0, q-quarterOf(w.cfg.First))
	return max(GapEnd, GapStart-GapStep*float64(passed))
}

// chances returns how probably a person belongs to the core, and how probably one outside of it comes in q. Together they
// are the person's share of the leaf's reach.
func (w *world) chances(l *leaf, q quarter, sex, age int) (core, churn float64) {
	weight := inclination(sex, age) / l.averages[l.at(q.year())]
	core = coreShare * l.town.reach * weight
	return core, max(0, w.reach(l, q)*weight-core) / (1 - core)
}

func (w *world) eachCohort(l *leaf, year int, do func(sex, age, size int)) {
	c := l.counts(year)
	for sex := range c {
		for age, size := range c[sex] {
			do(sex, age, int(size))
		}
	}
}

// inclination is how probably a person takes part, compared with others.
func inclination(sex, age int) float64 {
	bySex := [2]float64{0.85, 1.15}[sex]
	switch {
	case age == 0:
		return 0.2 * bySex
	case age < 13:
		return 1.2 * bySex
	case age < 29:
		return 0.8 * bySex
	case age < 65:
		return 0.85 * bySex
	case age < 80:
		return 1.5 * bySex
	}
	return 0.6 * bySex
}

func averageInclination(c *counts) float64 {
	sum := 0.
	for sex := range c {
		for age, size := range c[sex] {
			sum += float64(size) * inclination(sex, age)
		}
	}
	return max(sum, 1e-9) / max(float64(c.total()), 1e-9)
}

// publishedYear returns the last year whose end's population is out on day: at the end of the following March.
func publishedYear(day time.Time) int {
	day = day.In(helsinki)
	if day.Before(populationDay(day.Year() - 1)) {
		return day.Year() - 2
	}
	return day.Year() - 1
}

// populationDay returns the day on which the population at the end of year is published.
func populationDay(year int) time.Time {
	return time.Date(year+1, time.March, 31, 0, 0, 0, 0, helsinki)
}
