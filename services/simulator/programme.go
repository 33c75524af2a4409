package simulator

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// series is a session that is repeated every week, or on one day a month.
type series struct {
	code      string
	names     map[string]string
	town      *town
	venueArea string
	venue     string
	provider  string
	project   string
	kind      *kind
	segment   int // headOnly: -1
	capacity  int
	occupancy float64 // share of the places that are taken, outside of summer
	weekday   time.Weekday
	start     time.Duration // after local midnight
	from      quarter       // the first with sessions
	counting  counting
	lead      int // days from announcement to session
}

// programme plans the series of a town for the number of visits that its expected participants make.
func (w *world) programme(t *town) []*series {
	r := source(w.cfg.Seed, drawProgramme, t.word)
	p := programmer{world: w, town: t, r: r, numbers: map[string]int{}}
	year := w.cfg.First.Year()
	expected := w.expected(t, year)
	for segment := range segments {
		weekly := expected[segment] * t.reach * visitsPlanned / 13
		if segment == 2 {
			weekly -= p.addPitstoppi()
		}
		p.addGroups(segment, weekly)
		if t.code == PilotArea {
			p.addPilot(segment, expected[segment]*ReachEffect*visitsPlanned/13)
		}
	}
	for i := range openKinds {
		p.add(&openKinds[i], -1, 20+t.size()*20, 0.5)
	}
	return p.made
}

// expected returns, for each audience, its residents weighted by inclination: the town's share of those who come to any
// reach of 1.
func (w *world) expected(t *town, year int) [segments]float64 {
	var expected [segments]float64
	for _, l := range t.leaves {
		average := l.averages[l.at(year)]
		w.eachCohort(l, year, func(sex, age, size int) {
			expected[segmentOf(age)] += float64(size) * inclination(sex, age) / average
		})
	}
	return expected
}

// size is 0 for a village, 1 for a small town, 2 for a city.
func (t *town) size() int {
	switch {
	case t.residents < 6_000:
		return 0
	case t.residents < 40_000:
		return 1
	}
	return 2
}

type programmer struct {
	world   *world
	town    *town
	r       *rand.Rand
	numbers map[string]int // of series by kind
	made    []*series
}

// addPitstoppi adds sessions like Pitstoppi, and returns how many visits a week they take.
func (p *programmer) addPitstoppi() float64 {
	n := min(max(1, int(p.town.residents/15_000)), 4)
	for range n {
		p.add(&pitstoppi, 2, PitstoppiCapacity, PitstoppiAttendance)
	}
	return float64(n) * PitstoppiCapacity * PitstoppiAttendance
}

var groupSizes = [3][]int{{8, 10, 12, 16}, {12, 16, 20, 25}, {20, 25, 30, 40, 50}}

// addGroups adds series until they take so many visits a week; at least one.
func (p *programmer) addGroups(segment int, weekly float64) {
	sizes, kinds := groupSizes[p.town.size()], kindsFor[segment]
	for i := p.r.IntN(len(kinds)); ; i++ {
		occupancy := 0.55 + 0.25*p.r.Float64()
		capacity := sizes[p.r.IntN(len(sizes))]
		if rest := int(math.Ceil(weekly / occupancy)); rest <= capacity {
			p.add(&kinds[i%len(kinds)], segment, max(6, rest), occupancy)
			return
		}
		p.add(&kinds[i%len(kinds)], segment, capacity, occupancy)
		weekly -= float64(capacity) * occupancy
	}
}

// addPilot adds the sessions of the pilot, for so many visits a week.
func (p *programmer) addPilot(segment int, weekly float64) {
	const capacity, occupancy = 16, 0.7
	for rest := weekly / occupancy; rest > 0; rest -= capacity {
		s := p.add(&pilotKinds[segment], segment, max(6, min(capacity, int(math.Ceil(rest)))), occupancy)
		s.project, s.provider = "hyvinvointikortti-"+p.town.code, nameOf(p.town.code)+": hyvinvointikorttihanke (demo)"
		s.from = p.world.pilot()
	}
}

func (p *programmer) add(k *kind, segment, capacity int, occupancy float64) *series {
	p.numbers[k.code]++
	number, t := p.numbers[k.code], p.town
	area := p.venueArea()
	venue := p.r.IntN(3 + 6*t.size())
	s := &series{
		code:      fmt.Sprintf("%s-%s-%d", t.code, k.code, number),
		names:     k.names(number),
		town:      t,
		venueArea: area,
		venue:     fmt.Sprintf("%s-V%d", area, venue+1),
		provider:  nameOf(t.code) + ": " + providers[k.activity][p.r.IntN(2)] + " (demo)",
		project:   projects[k.activity] + "-" + t.code,
		kind:      k,
		segment:   segment,
		capacity:  capacity,
		occupancy: occupancy,
		weekday:   time.Weekday(1 + p.r.IntN(5)),
		start:     time.Duration(36+2*p.r.IntN(19)) * 15 * time.Minute,
		lead:      14 + p.r.IntN(15),
		counting:  byCard,
	}
	switch how := p.r.IntN(20); {
	case segment < 0:
		s.counting, s.weekday = headOnly, time.Saturday
	case k == &pitstoppi:
		s.project, s.start = "pitstoppi-"+t.code, 12*time.Hour
	case how < 5:
		s.counting = inclusive
	case how < 8:
		s.counting = exclusive
	}
	p.made = append(p.made, s)
	return s
}

// venueArea draws where a series takes place: a service area by its residents, or the town.
func (p *programmer) venueArea() string {
	draw := p.r.Float64()
	if !p.world.cfg.ServiceAreas {
		return p.town.code
	}
	for _, l := range p.town.leaves {
		if draw -= l.share; draw < 0 {
			return l.code
		}
	}
	return p.town.leaves[0].code
}

// providers and projects by activity type.
var (
	providers = map[string][2]string{
		"sport":    {"liikuntapalvelut", "urheiluseura"},
		"culture":  {"kulttuuripalvelut", "kirjasto"},
		"nature":   {"luontoyhdistys", "partiolaiset"},
		"art":      {"taideyhdistys", "kulttuuripalvelut"},
		"peer":     {"kumppanuustupa", "sosiaaliyhdistys"},
		"digital":  {"kirjasto", "eläkeläisyhdistys"},
		"learning": {"kansalaisopisto", "kumppanuustupa"},
		"food":     {"marttayhdistys", "seurakunta"},
		"other":    {"nuorisopalvelut", "kyläyhdistys"},
	}
	projects = map[string]string{
		"sport": "liikunta", "nature": "liikunta",
		"culture": "kulttuuri", "art": "kulttuuri", "other": "kulttuuri",
		"peer": "osallisuus", "digital": "osallisuus", "learning": "osallisuus", "food": "osallisuus",
	}
)

// on reports whether the series has a session on a local day.
func (s *series) on(day time.Time) bool {
	if day.Weekday() != s.weekday || quarterOf(day) < s.from {
		return false
	}
	if s.counting == headOnly {
		// one Saturday a month, another for each kind
		return (day.Day()-1)/7 == len(s.kind.code)%4
	}
	return !s.paused(day)
}

// paused: in July and at Christmas; sessions like Pitstoppi for six weeks in summer and two in winter.
func (s *series) paused(day time.Time) bool {
	month, d := day.Month(), day.Day()
	if month == time.December && d >= 22 || month == time.January && d <= 4 {
		return true
	}
	return month == time.July || s.kind == &pitstoppi && month == time.June && d >= 20
}

// attendance is the probability that a place is taken on a day.
func (s *series) attendance(day time.Time) float64 {
	if day.Month() >= time.June && day.Month() <= time.August {
		return s.occupancy * SummerDip
	}
	return s.occupancy
}
