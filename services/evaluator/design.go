package evaluator

import (
	"cmp"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
)

// design is what is compared: by the description, and by the phases of the project where it does not say.
type design struct {
	areas, comparison []string
	starts, ends      indicator.Date // ends is the day after the last that counts; 0: not known
	refusal           programme.Refusal
}

// compares reports whether an area is one of those compared.
func (d *design) compares(area string) bool {
	return slices.Contains(d.areas, area) || slices.Contains(d.comparison, area)
}

// The phases in which something is tried.
const (
	pilotPhase   = "pilot"
	rolloutPhase = "rollout"
)

// newDesign resolves it.
func newDesign(p *programme.Programme, e *evidence) design {
	d := design{areas: p.Areas, comparison: p.ComparisonAreas}
	for _, ph := range e.Phases {
		if ph.Name == pilotPhase {
			d.starts = ph.Starts
			if ph.Ends != 0 {
				d.ends = ph.Ends + 1
			}
			if len(d.areas) == 0 {
				d.areas = ph.Areas
			}
			if len(d.comparison) == 0 {
				d.comparison = ph.ComparisonAreas
			}
		}
	}
	if day, ok := p.Start(); ok {
		d.starts = day
	}
	if day, ok := p.End(); ok {
		d.ends = day + 1
	}
	d.stopAtRollout(e.Phases)
	d.refusal = d.judge(e)
	return d
}

// stopAtRollout ends what is compared when a comparison area is no longer without the programme.
func (d *design) stopAtRollout(phases []phase) {
	for _, ph := range phases {
		tried := ph.Name == pilotPhase || ph.Name == rolloutPhase
		if tried && ph.Starts > d.starts && meet(ph.Areas, d.comparison) && (d.ends == 0 || ph.Starts < d.ends) {
			d.ends = ph.Starts
		}
	}
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// judge returns why nothing can be compared; "" if it can.
func (d *design) judge(e *evidence) programme.Refusal {
	switch {
	case overlapping(e.Phases):
		return programme.OverlapPhases
	case len(d.areas) == 0:
		return programme.NoPilotArea
	case d.starts == 0:
		return programme.NoStart
	case d.inBoth(e.Parents):
		return programme.AreaInBoth
	}
	return ""
}

// inBoth reports whether a comparison area is a pilot area, part of one, or holds one.
func (d *design) inBoth(parents map[string][]string) bool {
	for _, a := range d.areas {
		for _, c := range d.comparison {
			if a == c || within(a, c, parents) || within(c, a, parents) {
				return true
			}
		}
	}
	return false
}

// within reports whether one area lies in another, however deep.
func within(part, whole string, parents map[string][]string) bool {
	for _, above := range parents[part] {
		if above != part && (above == whole || within(above, whole, parents)) {
			return true
		}
	}
	return false
}

// overlapping reports whether two phases are in one area at one time. A phase without a last day ends when the next begins.
func overlapping(phases []phase) bool {
	sorted := slices.Clone(phases)
	slices.SortStableFunc(sorted, func(a, b phase) int { return cmp.Compare(a.Starts, b.Starts) })
	for i, a := range sorted {
		for _, b := range sorted[i+1:] {
			if meet(a.Areas, b.Areas) && (a.Starts == b.Starts || a.Ends >= b.Starts) {
				return true
			}
		}
	}
	return false
}

// until is the day after the last that can be looked at.
func (d *design) until(today indicator.Date) indicator.Date {
	if d.ends == 0 || d.ends > today {
		return today
	}
	return d.ends
}
