package simulator_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/simulator"
)

// sigmas is how many standard errors an estimate may be off: by chance one in 16 000 is.
const sigmas = 4

// reach estimates the share of residents with a visit, by home area and by the period that of assigns to a day.
func (f *state) reach(of func(time.Time) time.Time) map[string]map[time.Time]float64 {
	persons := map[string]map[time.Time]map[string]bool{}
	f.visits(func(_ *event.Event, c *event.Checkin) {
		period := of(c.CheckedInAt.In(helsinki))
		for _, area := range []string{c.HomeArea, c.HomeArea[:5]} {
			if persons[area] == nil {
				persons[area] = map[time.Time]map[string]bool{}
			}
			if persons[area][period] == nil {
				persons[area][period] = map[string]bool{}
			}
			persons[area][period][c.PersonPseudonym] = true
		}
	})
	reach := map[string]map[time.Time]float64{}
	for area, periods := range persons {
		reach[area] = map[time.Time]float64{}
		for period, who := range periods {
			reach[area][period] = float64(len(who)) / f.residents(area, period)
		}
	}
	return reach
}

// residents are those at the end of the year, or the last that were counted.
func (f *state) residents(area string, day time.Time) float64 {
	for year := day.Year(); ; year-- {
		if n := f.population[populationKey{area, year}]; n > 0 {
			return float64(n)
		}
	}
}

func quarterOf(day time.Time) time.Time {
	return time.Date(day.Year(), (day.Month()-1)/3*3+1, 1, 0, 0, 0, 0, helsinki)
}

func yearOf(day time.Time) time.Time {
	return time.Date(day.Year(), time.January, 1, 0, 0, 0, 0, helsinki)
}

// near fails if an estimate is too far from the truth.
func near(t *testing.T, what string, estimate, truth, se float64) {
	t.Helper()
	t.Logf("%s: estimate %.5f, truth %.5f, standard error %.5f (z = %.2f)", what, estimate, truth, se, (estimate-truth)/se)
	if !(math.Abs(estimate-truth) <= sigmas*se) {
		t.Errorf("%s: estimate %.5f is too far from %.5f (standard error %.5f)", what, estimate, truth, se)
	}
}

func pilotWorld(seed uint64) simulator.Config {
	cfg := simulator.Default(now)
	cfg.Seed, cfg.Scale = seed, 0.5
	cfg.Municipalities = []string{simulator.PilotArea, simulator.ComparisonArea}
	return cfg
}

func TestPilot(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		cfg := pilotWorld(seed)
		f := fold(t, cfg)
		f.checkPilotReach(t, cfg)
		f.checkReachInYear(t)
		f.checkPilotQualityOfLife(t)
		f.checkPilotContacts(t)
	}
}

// The difference-in-differences of quarterly reach between the areas is the planted effect.
func (f *state) checkPilotReach(t *testing.T, cfg simulator.Config) {
	t.Helper()
	reach := f.reach(quarterOf)
	var mean, variance, n [2][2]float64 // area, before or after
	for i, area := range []string{simulator.PilotArea, simulator.ComparisonArea} {
		for quarter := cfg.First.In(helsinki); quarter.AddDate(0, 3, -1).Before(cfg.Last); quarter = quarter.AddDate(0, 3, 0) {
			p, after := reach[area][quarter], 0
			v := p * (1 - p) / f.residents(area, quarter)
			if truth := f.truth.Reach(area, quarter); math.Abs(p-truth) > sigmas*math.Sqrt(v)+0.01*truth {
				t.Errorf("reach of %s in the quarter of %s is %.4f, want %.4f", area, quarter, p, truth)
			}
			if !quarter.Before(f.truth.PilotStart) {
				after = 1
			}
			mean[i][after] += p
			variance[i][after] += v
			n[i][after]++
		}
	}
	estimate, se := 0., 0.
	for i, sign := range []float64{1, -1} {
		estimate += sign * (mean[i][1]/n[i][1] - mean[i][0]/n[i][0])
		se += variance[i][1]/n[i][1]/n[i][1] + variance[i][0]/n[i][0]/n[i][0]
	}
	near(t, "effect on reach", estimate, simulator.ReachEffect, math.Sqrt(se))
}

// checkPilotContacts: the difference-in-differences of monthly contacts per resident is the planted effect.
func (f *state) checkPilotContacts(t *testing.T) {
	t.Helper()
	estimate, se := 0., 0.
	for area, sign := range map[string]float64{simulator.PilotArea: 1, simulator.ComparisonArea: -1} {
		var mean, variance, n [2]float64
		for _, u := range f.uses {
			month, err := time.ParseInLocation("2006-01", u.Period, helsinki)
			if u.Area != area || u.AgeGroup != "all" || err != nil {
				continue
			}
			after := 0
			if !month.Before(f.truth.PilotStart) {
				after = 1
			}
			residents := float64(*u.Population)
			mean[after] += float64(u.Contacts) / residents
			variance[after] += 1.5 * float64(u.Contacts) / residents / residents
			n[after]++
		}
		estimate += sign * (mean[1]/n[1] - mean[0]/n[0])
		se += variance[1]/n[1]/n[1] + variance[0]/n[0]/n[0]
	}
	near(t, "effect on contacts", estimate, simulator.ServiceEffect, math.Sqrt(se))
}

// checkReachInYear: who comes in a year follows from who comes in its quarters.
func (f *state) checkReachInYear(t *testing.T) {
	t.Helper()
	for area, years := range f.reach(yearOf) {
		for year, p := range years {
			if y := year.Year(); y == 2024 || y == 2025 {
				near(t, "reach of "+area+" in a year", p, f.truth.ReachInYear(area, y), math.Sqrt(p*(1-p)/f.residents(area, year)))
			}
		}
	}
}

// weighted is a weighted mean with its variance.
type weighted struct{ w, wy, ww, wwy, wwyy float64 }

func (m *weighted) add(w, y float64) {
	m.w, m.wy, m.ww, m.wwy, m.wwyy = m.w+w, m.wy+w*y, m.ww+w*w, m.wwy+w*w*y, m.wwyy+w*w*y*y
}

func (m *weighted) mean() float64 { return m.wy / m.w }

func (m *weighted) variance() float64 {
	mean := m.mean()
	return (m.wwyy - 2*mean*m.wwy + mean*mean*m.ww) / (m.w * m.w)
}

// qol is the mean of a respondent's EUROHIS items; false unless all eight are answered.
func qol(r *event.Response) (float64, bool) {
	sum, n := 0, 0
	for code, answer := range r.Items {
		if strings.HasPrefix(code, "EUROHIS") {
			sum += answer
			n++
		}
	}
	return float64(sum) / 8, n == 8
}

func (f *state) checkPilotQualityOfLife(t *testing.T) {
	t.Helper()
	cells := map[string]*[2]weighted{simulator.PilotArea: {}, simulator.ComparisonArea: {}}
	lonely := map[string]*weighted{simulator.PilotArea: {}, simulator.ComparisonArea: {}}
	for _, r := range f.responses {
		after := 0
		if r.SubmittedAt.After(f.truth.PilotStart) {
			after = 1
		}
		if mean, ok := qol(r); ok {
			cells[r.Area][after].add(*r.Weight, mean)
		}
		if answer := r.Items["LONELY"]; answer > 0 {
			share := 0.
			if answer >= 4 {
				share = 1
			}
			lonely[r.Area].add(*r.Weight, share)
		}
	}
	p, c := cells[simulator.PilotArea], cells[simulator.ComparisonArea]
	estimate := p[1].mean() - p[0].mean() - c[1].mean() + c[0].mean()
	se := math.Sqrt(p[0].variance() + p[1].variance() + c[0].variance() + c[1].variance())
	near(t, "effect on quality of life", estimate, simulator.QoLEffect, se)
	near(t, "lonely", lonely[simulator.ComparisonArea].mean(), 0.10, math.Sqrt(lonely[simulator.ComparisonArea].variance()))
}

func TestEducationGap(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		var low, high weighted
		cfg := simulator.Small(now)
		cfg.Seed, cfg.Respondents, cfg.Scale = seed, 3000, 0.3
		cfg.Municipalities = []string{simulator.ComparisonArea}
		for _, r := range fold(t, cfg).responses {
			if mean, ok := qol(r); ok && r.Education == "low" {
				low.add(*r.Weight, mean)
			} else if ok && r.Education == "high" {
				high.add(*r.Weight, mean)
			}
		}
		near(t, "gap by education", high.mean()-low.mean(), simulator.EducationGap, math.Sqrt(high.variance()+low.variance()))
	}
}

// The slope index of inequality of reach over Turku's service areas falls from quarter to quarter as planted.
func TestGapNarrows(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		cfg := simulator.Default(now)
		cfg.Seed, cfg.Municipalities, cfg.Scale = seed, []string{simulator.GapArea}, 0.15
		f := fold(t, cfg)
		reach := f.reach(quarterOf)
		var tm, ty, tt, y, n, v float64
		for quarter := cfg.First.In(helsinki); quarter.AddDate(0, 3, -1).Before(cfg.Last); quarter = quarter.AddDate(0, 3, 0) {
			slope, variance := f.slope(quarter, reach)
			near(t, "gap", slope, f.truth.Gap(quarter), math.Sqrt(variance))
			tm, tt, ty, y, v, n = tm+n, tt+n*n, ty+n*slope, y+slope, v+variance, n+1
		}
		sxx := tt - tm*tm/n
		near(t, "change of the gap in a quarter", (ty-tm*y/n)/sxx, -simulator.GapStep, math.Sqrt(v/n/sxx))
	}
}

// slope is the slope index of inequality, with its variance.
func (f *state) slope(quarter time.Time, reach map[string]map[time.Time]float64) (slope, variance float64) {
	areas, shares := f.truth.Deprivation()
	var xs []float64
	below, sxx := 0., 0.
	for _, share := range shares {
		x := below + share/2 - 0.5
		xs = append(xs, x)
		below += share
		sxx += share * x * x
	}
	for i, area := range areas {
		p, weight := reach[area][quarter], shares[i]*xs[i]/sxx
		slope += weight * p
		variance += weight * weight * p * (1 - p) / f.residents(area, quarter)
	}
	return slope, variance
}
