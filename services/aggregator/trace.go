package aggregator

import "vointi.fi/pkg/indicator"

// trace is a person's visits, sorted by sortVisits, with what the plan looks up of each once for all periods.
type trace struct {
	steps    []step
	active   indicator.Date // when the person became newly active
	newly    bool
	first    *step // the first known visit; nil where nobody knows what came before it
	returned bool  // with another visit within retentionDays after the day of the first
	cards    []holding
}

type step struct {
	*visit
	path, home []symbol // the area and all above it, the home and all above it
	facet      facet    // age band and sex
	band, sex  int      // of the standard population; index into sexes
	members    [2]facet // activity type, provider
	met        []bool   // which conditions of the plan
	origin     []symbol // the area that a referral counts in and all above it; nil without one
	origins    [2]facet // the members that it counts at
}

// home is where the person lives at the last visit.
func (t *trace) home() symbol {
	if home := t.steps[len(t.steps)-1].home; len(home) > 0 {
		return home[0]
	}
	return 0
}

// trace prepares a person's visits, sorted by sortVisits. history is the first day since when all visits are known, of is
// what is known of the person's earlier ones.
func (p *plan) trace(visits []visit, history indicator.Date, of past) trace {
	t := trace{steps: make([]step, len(visits))}
	conditions := len(p.conditions)
	met := make([]bool, conditions*len(visits))
	for i := range visits {
		v := &visits[i]
		t.steps[i] = step{
			visit: v, path: p.path(v.area), home: p.path(v.home), facet: p.group(p.ages.band(v), v.sexOrUnknown()),
			band: p.ages.standardBand(v), sex: p.ages.sexes[v.sexOrUnknown()],
			members: [2]facet{p.member(0, v.activity), p.member(1, v.provider)},
		}
		t.steps[i].met = met[i*conditions : (i+1)*conditions]
		p.met(v, t.steps[i].met)
		if v.referral != "" {
			t.steps[i].origin = p.path(v.origin.area)
			t.steps[i].origins = [2]facet{p.member(0, v.origin.activity), p.member(1, v.origin.provider)}
		}
	}
	if !of.settled {
		t.active, t.newly = p.rule.newlyActive(visits, history)
	}
	if len(visits) > 0 && !of.known && history <= visits[0].day-indicator.Date(p.rule.Before) {
		t.first = &t.steps[0]
		t.returned = returns(visits)
	}
	return t
}

// eachPeriod calls f for every period of the type that has visits, with the visits in it.
func eachPeriod(t indicator.PeriodType, visits []step, f func(start, end indicator.Date, within []step)) {
	if t == indicator.Rolling12M {
		from, to := 0, 0
		last := visits[len(visits)-1].day
		for start := t.First(visits[0].day); start <= last; start = start.AddMonths(1) {
			end := t.End(start)
			for visits[from].day < start {
				from++
			}
			for to < len(visits) && visits[to].day < end {
				to++
			}
			if from < to {
				f(start, end, visits[from:to])
			}
		}
		return
	}
	for from := 0; from < len(visits); {
		start := t.First(visits[from].day)
		end, to := t.End(start), from+1
		for to < len(visits) && visits[to].day < end {
			to++
		}
		f(start, end, visits[from:to])
		from = to
	}
}
