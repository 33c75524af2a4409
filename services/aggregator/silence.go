package aggregator

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// A venue that tells nothing is not one that nobody visits. It is silent from a session of the calendar on, of which nothing was told
// of who came, if it tells nothing of any session for more than silentDays after it. Its sessions of that time count in cells
// by themselves, so that the rows which lack them are known; see [indicator.Entry.Missing]. That a session was cancelled is no
// silence, nor is a count of nobody; that it was held without saying who came is.

// silentDays is for how many days after a session a venue may tell nothing.
const silentDays = 7

// venueKey names a venue. Others may call one of their own by the same id elsewhere.
type venueKey struct{ area, id string }

// scheduled is a session of the calendar as its venue's silence is judged by it. Of one of which something was told only where and when it
// was matters.
type scheduled struct {
	venueKey
	day                         indicator.Date
	heard                       bool
	session, activity, provider string
	audience                    audience
	held                        bool
}

// scheduled returns the session's part in the schedule of its venue; false if it has none.
func (s *session) scheduled() (x scheduled, ok bool) {
	if s == nil || !s.inCalendar || s.venue == "" {
		return x, false
	}
	x.venueKey, x.day, x.heard = venueKey{s.area, s.venue}, s.day, s.heard
	if s.heard {
		return x, true
	}
	x.session, x.activity, x.provider, x.audience, x.held = s.id, s.activity, s.provider, s.audience, s.held
	return x, !s.cancelled && (s.class == "" || s.class == indicator.TakingPart)
}

// schedule is what is known of the sessions at one venue.
type schedule struct {
	heard   []heardDay  // sorted
	awaited []scheduled // of which nothing was told, sorted
	silent  map[string]silence
}

// heardDay is a day on which something was told of sessions, and of how many.
type heardDay struct {
	day      indicator.Date
	sessions int32
}

// silence is a session at a silent venue.
type silence struct {
	scheduled
	since, until indicator.Date // of the silence: the first session's day, and when the venue told of one again; 0: not yet
}

type silenceRow struct {
	silence
	deleted bool
}

// schedules are those of all venues. They are kept in memory, and changed by replacing those of single venues.
type schedules map[venueKey]*schedule

// of returns the schedule of a venue to be changed: a copy of it among those that change.
func (changed schedules) of(k venueKey, all schedules) *schedule {
	s := changed[k]
	if s == nil {
		s = &schedule{}
		if known := all[k]; known != nil {
			s.heard, s.awaited = slices.Clone(known.heard), slices.Clone(known.awaited)
		}
		changed[k] = s
	}
	return s
}

func byDay(d heardDay, day indicator.Date) int { return cmp.Compare(d.day, day) }

func compareScheduled(a, b scheduled) int {
	return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.session, b.session))
}

// hear adds n sessions on a day of which something was told.
func (s *schedule) hear(day indicator.Date, n int32) {
	i, known := slices.BinarySearchFunc(s.heard, day, byDay)
	if !known {
		s.heard = slices.Insert(s.heard, i, heardDay{day: day})
	}
	if s.heard[i].sessions += n; s.heard[i].sessions == 0 {
		s.heard = slices.Delete(s.heard, i, i+1)
	}
}

func (s *schedule) add(x scheduled) {
	if x.heard {
		s.hear(x.day, 1)
		return
	}
	i, _ := slices.BinarySearchFunc(s.awaited, x, compareScheduled)
	s.awaited = slices.Insert(s.awaited, i, x)
}

func (s *schedule) remove(x scheduled) {
	if x.heard {
		s.hear(x.day, -1)
	} else if i, ok := slices.BinarySearchFunc(s.awaited, x, compareScheduled); ok {
		s.awaited = slices.Delete(s.awaited, i, i+1)
	}
}

// judge returns the silent sessions as of a day, whose own are still to come. A function of the schedule and the day.
func (s *schedule) judge(today indicator.Date) map[string]silence {
	silent := map[string]silence{}
	since, next := indicator.Date(0), -1
	for _, x := range s.awaited {
		if x.day >= today {
			break
		}
		i, heard := slices.BinarySearchFunc(s.heard, x.day, byDay)
		if heard {
			continue
		}
		if i != next { // the first since something was told
			since, next = x.day, i
		}
		end, until := today, indicator.Date(0)
		if i < len(s.heard) && s.heard[i].day < today {
			end, until = s.heard[i].day, s.heard[i].day
		}
		if end-since > silentDays {
			silent[x.session] = silence{x, since, until}
		}
	}
	return silent
}

// schedules reads the schedules of all venues, not judged yet.
func (s store) schedules(ctx context.Context) (schedules, error) {
	all := schedules{}
	awaited, err := s.sessions(ctx, "in_calendar = 1 AND heard = 0 AND cancelled = 0 AND venue != '' AND class IN ('', "+quote(indicator.TakingPart)+")")
	if err != nil {
		return nil, fmt.Errorf("read sessions that nothing was told of: %w", err)
	}
	for _, x := range awaited {
		if at, ok := x.scheduled(); ok {
			all.of(at.venueKey, nil).add(at)
		}
	}
	err = warehouse.Each(ctx, s.db, s.statement("heard_days"), func(row func(...any) error) error {
		var k venueKey
		var day, n int32
		err := row(&k.area, &k.id, &day, &n)
		all.of(k, nil).hear(indicator.Date(day), n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read days that something was told of: %w", err)
	}
	return all, nil
}

// loadSchedules reads the schedules and judges them as the stored cells do.
func (a *Aggregator) loadSchedules(ctx context.Context) (err error) {
	if a.schedules, err = a.state.schedules(ctx); err != nil {
		return err
	}
	a.judged = a.head.Judged
	for _, s := range a.schedules {
		s.silent = s.judge(a.judged)
	}
	a.countSilent()
	return nil
}

// diffSilences adds what changed sessions make of the silence of their venues.
func (a *Aggregator) diffSilences(before, after map[string]*session, g *generation) {
	changed := schedules{}
	for id := range union(before, after) {
		old, was := before[id].scheduled()
		now, is := after[id].scheduled()
		if was == is && (!was || old == now) {
			continue
		}
		if was {
			changed.of(old.venueKey, a.schedules).remove(old)
		}
		if is {
			changed.of(now.venueKey, a.schedules).add(now)
		}
	}
	for k, s := range changed {
		s.silent = s.judge(a.judged)
		a.plan.addSilences(g, g.deltas, a.schedules.silent(k), s.silent)
	}
	g.schedules = changed
}

// silent returns the silent sessions of a venue.
func (all schedules) silent(k venueKey) map[string]silence {
	if s := all[k]; s != nil {
		return s.silent
	}
	return nil
}

// dawn judges all venues once a day: they become silent without anything happening. It writes a generation if any has.
func (a *Aggregator) dawn(ctx context.Context) (periods, error) {
	today := a.today()
	if a.judged >= today {
		return nil, nil
	}
	a.judged = today
	g := a.nextGeneration()
	g.schedules = schedules{}
	for k, s := range a.schedules {
		if silent := s.judge(today); !maps.Equal(silent, s.silent) {
			now := g.schedules.of(k, a.schedules)
			now.silent = silent
			a.plan.addSilences(g, g.deltas, s.silent, silent)
		}
	}
	if len(g.schedules) == 0 {
		return nil, nil
	}
	if err := a.addCells(ctx, g); err != nil {
		return nil, fmt.Errorf("judge venues as of %s: %w", today, err)
	}
	return g.periods, a.commit(ctx, g)
}

// addSilences adds what two judgements of a venue differ by.
func (p *plan) addSilences(g *generation, d *deltas, before, after map[string]silence) {
	for id, old := range before {
		now, still := after[id]
		if still && now == old {
			continue
		}
		p.addSilence(d, old, -1)
		if !still || now.day != old.day {
			g.silences = append(g.silences, silenceRow{old, true})
		}
	}
	for id, now := range after {
		if old, was := before[id]; !was || old != now {
			p.addSilence(d, now, +1)
			g.silences = append(g.silences, silenceRow{now, false})
		}
	}
}

// addSilence adds sign × a silent session to the cells of such.
func (p *plan) addSilence(d *deltas, x silence, sign int64) {
	values := make([]int64, len(p.sessions))
	for i, m := range p.sessions {
		if m.of == indicator.SessionsSilent || m.of == indicator.SessionsUnheard && !x.held {
			values[i] = sign
		}
	}
	p.spread(d, &session{day: x.day, area: x.area, activity: x.activity, provider: x.provider, audience: x.audience}, values)
}

// followSchedules puts the schedules that a generation changed into memory.
func (a *Aggregator) followSchedules(g *generation) {
	if len(g.schedules) == 0 {
		return
	}
	maps.Copy(a.schedules, g.schedules)
	a.countSilent()
}

// countSilent says how many venues are silent today.
func (a *Aggregator) countSilent() {
	n := 0
	for _, s := range a.schedules {
		for _, x := range s.silent {
			if x.until == 0 {
				n++
				break
			}
		}
	}
	a.metrics.silentVenues.Set(float64(n))
}

// silences judges all venues of a build.
func (b *build) silences(context.Context) error {
	for _, s := range b.schedules {
		b.plan.addSilences(b.gen, b.cells, nil, s.judge(b.judged))
	}
	return nil
}

// lacks reports whether a row lacks sessions at silent venues: of ages, sexes and target groups those of the area, since nobody knows
// who came.
func (p *publisher) lacks(e *indicator.Entry, s slot) bool {
	m, c := e.Missing(), p.grid.areas[s.area]
	if s.dimension != "" && s.dimension != groupDimension {
		return c.members[m][memberKey{s.dimension, s.member}] > 0
	}
	return p.a.ages.everybody().sum(c.groups[m]) > 0
}

// gapped reports whether a row is not to become final for what a silent venue has not told: not unless somebody closes the period by
// hand.
func (a *Aggregator) gapped(r *publication) bool {
	return slices.Contains(r.flags, indicator.FlagDataGap) && !a.byHand[r.period]
}

func silenceColumns(rows []silenceRow, p *plan, gen uint64) []warehouse.Column {
	n := len(rows)
	text := func(name string, of func(*silenceRow) string) warehouse.Column {
		return column(name, n, func(i int) string { return of(&rows[i]) })
	}
	day := func(name string, of func(*silenceRow) indicator.Date) warehouse.Column {
		return column(name, n, func(i int) time.Time { return of(&rows[i]).Time() })
	}
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		text("area", func(x *silenceRow) string { return x.area }),
		text("venue", func(x *silenceRow) string { return x.id }),
		day("day", func(x *silenceRow) indicator.Date { return x.day }),
		text("session", func(x *silenceRow) string { return x.session }),
		text("provider", func(x *silenceRow) string { return x.provider }),
		text("activity_type", func(x *silenceRow) string { return x.activity }),
		column("held", n, func(i int) uint8 { return flag(rows[i].held) }),
		day("since", func(x *silenceRow) indicator.Date { return x.since }),
		day("until", func(x *silenceRow) indicator.Date { return x.until }),
		column("areas", n, func(i int) []string { return p.places.path(rows[i].area) }))
}
