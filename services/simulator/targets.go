package simulator

import (
	"strconv"
	"time"

	"vointi.fi/pkg/event"
)

// targets are what the municipalities want to reach in a year, the same everywhere; each November sets those of the next.
type targets struct {
	world *world
	set   []event.Target
}

// The targets of a year: some are reached by some, none by all.
var yearTargets = []event.Target{
	{Indicator: "participation-reach", Value: 18},
	{Indicator: "participation-reach", AgeScheme: "eviva3", AgeGroup: "65+", Value: 18},
	{Indicator: "loneliness-share", Value: 10},
	{Indicator: "qol-good-share", Value: 45},
}

func newTargets(w *world) *targets {
	ts := &targets{world: w}
	for year := w.cfg.First.Year(); year <= w.cfg.Last.Year(); year++ {
		for _, t := range w.towns {
			if year == w.cfg.First.Year()+1 {
				ts.set = append(ts.set, w.newlyActiveTarget(t))
			}
			for _, target := range yearTargets {
				target.Area, target.Year = t.code, year
				target.TargetID = event.NewID("demo-target", target.Indicator, target.AgeGroup, t.code, strconv.Itoa(year))
				target.Source = "hyvinvointisuunnitelma (demo)"
				target.SetAt = time.Date(year-1, time.November, 15, 10, 0, 0, 0, time.UTC)
				ts.set = append(ts.set, target)
			}
		}
	}
	return ts
}

// newlyActiveTarget is what a municipality wants to reach from the second year of the history on: one resident in twenty-five
// newly active by the end of the year after the last.
func (w *world) newlyActiveTarget(t *town) event.Target {
	residents, first := 0, w.cfg.First.Year()+1
	for _, l := range t.leaves {
		residents += l.counts(first).total()
	}
	return event.Target{
		TargetID: event.NewID("demo-target", "newly-active-residents", t.code), Indicator: "newly-active-residents", Area: t.code,
		Year: w.cfg.Last.Year() + 1, Starts: time.Date(first, time.January, 1, 0, 0, 0, 0, time.UTC), Value: float64(max(1, residents/25)),
		Source: "hyvinvointisuunnitelma (demo)", SetAt: time.Date(first-1, time.November, 15, 10, 0, 0, 0, time.UTC),
	}
}

func (ts *targets) actions(add func(action)) {
	for i := range ts.set {
		add(action{ts.set[i].SetAt.UnixMilli(), ts, targetSet, int32(i)})
	}
}

func (ts *targets) make(_ what, index int) (*event.Event, error) {
	t := ts.set[index]
	return event.New(event.TargetSet, referenceSource, event.NewID("target", t.TargetID), t.SetAt, t.Area, t.TargetID, &t)
}
