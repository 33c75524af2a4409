package simulator

import "time"

// What is planted. TRUTH.md tells the same in prose, and how to find it again.
const (
	// PilotArea gets the pilot, ComparisonArea does not.
	PilotArea, ComparisonArea = "KU305", "KU208"
	// ReachEffect is what the pilot adds to the share of residents with a visit in a quarter, from Config.Pilot on.
	ReachEffect = 0.03
	// QoLEffect is what it adds to the mean of the EUROHIS items (1 to 5) in waves that open at or after Config.Pilot.
	QoLEffect = 0.25
	// ServiceContacts is how often a resident uses service T11 in a month, on average over the year, and ServiceEffect what the pilot
	// adds to it in its area.
	ServiceContacts, ServiceEffect = 0.30, -0.01

	// GapArea is the municipality whose gap by deprivation narrows.
	GapArea = "KU853"
	// The gap is the slope index of inequality of quarterly reach over its service areas, which are ordered from most to
	// least deprived: GapStart in the quarter of Config.First, and GapStep less in each later quarter, but at least GapEnd.
	GapStart, GapStep, GapEnd = 0.040, 0.002, 0.010

	// EducationGap is the difference between the mean of the EUROHIS items of the highly and of the little educated, in
	// all waves and areas.
	EducationGap = qolHigh - qolLow

	// Sessions like Pitstoppi have PitstoppiCapacity places, each taken with PitstoppiAttendance, or with SummerDip times
	// that from June to August; and cost PitstoppiCents.
	PitstoppiCapacity   = 8
	PitstoppiAttendance = 0.65
	SummerDip           = 0.8
	PitstoppiCents      = 330_00
	// PilotCents is what the pilot costs in each of its first PilotMonths.
	PilotCents  = 253_533_00 / PilotMonths
	PilotMonths = 24
)

const (
	qolLow, qolMid, qolHigh = -0.18, 0.0, 0.15
	// coreShare of the base reach are people who come in every quarter; all others come or not in each quarter anew.
	coreShare = 0.25
	// visitsPlanned is how many visits a quarter sessions are planned for per person who comes.
	visitsPlanned = 3.5
)

// seasons shift reach in all areas alike, by quarter of the year.
var seasons = [4]float64{0.003, 0, -0.010, 0.004}

// Truth is what estimates from the events of one Config should find, up to sampling error.
type Truth struct {
	PilotStart time.Time
	world      *world
}

// Truth returns what is planted.
func (s *Simulator) Truth() Truth { return Truth{PilotStart: s.cfg.Pilot, world: s.world} }

// Reach returns the expected share of residents with at least one visit anywhere in the quarter that day lies in. area
// is a municipality or a service area that is simulated, else the answer is 0. The expectation is before the history's
// last day cuts its last quarter off.
func (t Truth) Reach(area string, day time.Time) float64 {
	q := quarterOf(day.In(helsinki))
	return t.mean(area, q.year(), func(leaf *leaf) float64 { return t.world.reach(leaf, q) })
}

// ReachInYear returns the expected share of residents with at least one visit anywhere in a calendar year, all quarters of
// which lie in the history.
func (t Truth) ReachInYear(area string, year int) float64 {
	return t.mean(area, year, func(leaf *leaf) float64 {
		missing, n := 0., 0.
		t.world.eachCohort(leaf, year, func(sex, age, size int) {
			none := 1.
			for q := quarter(4 * year); q < quarter(4*year+4); q++ {
				core, churn := t.world.chances(leaf, q, sex, age)
				if q == quarter(4*year) {
					none = 1 - core
				}
				none *= 1 - churn
			}
			missing += none * float64(size)
			n += float64(size)
		})
		return 1 - missing/max(n, 1)
	})
}

// Gap returns the planted slope index of inequality of reach in GapArea, for the quarter that day lies in.
func (t Truth) Gap(day time.Time) float64 { return t.world.gap(quarterOf(day.In(helsinki))) }

// Deprivation lists the service areas of GapArea, the most deprived first, and each one's share of the residents.
func (t Truth) Deprivation() (areas []string, shares []float64) {
	if town := t.world.town(GapArea); town != nil {
		for _, leaf := range town.leaves {
			areas, shares = append(areas, leaf.code), append(shares, leaf.share)
		}
	}
	return areas, shares
}

// mean weighs the leaves of an area by their residents.
func (t Truth) mean(area string, year int, of func(*leaf) float64) float64 {
	sum, n := 0., 0.
	for _, town := range t.world.towns {
		for _, leaf := range town.leaves {
			if area == town.code || area == leaf.code {
				residents := float64(leaf.counts(year).total())
				sum += residents * of(leaf)
				n += residents
			}
		}
	}
	return sum / max(n, 1)
}
