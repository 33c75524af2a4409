package aggregator

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// stratum is a part of a wave's sample.
type stratum struct {
	area, group, sex string // "": any
	sampled          int64
}

// sample is the strata of one area, and of those below it, by what a published group needs to know of them.
type sample struct {
	atoms   []map[atom]bool // by stratum: the people in it; nil if its ages end within an elementary band
	sampled []int64
}

func (s *sample) add(a *ages, x stratum) {
	s.atoms, s.sampled = append(s.atoms, a.atomsWithin(x.group, cmp.Or(x.sex, everyone))), append(s.sampled, x.sampled)
}

// invited returns how many were asked of some people; no if a stratum has others too, since its sample is not told apart.
func (s *sample) invited(of *people) (n int64, ok bool) {
	if of.group == everyone && of.sex == everyone {
		for _, sampled := range s.sampled {
			n += sampled
		}
		return n, true
	}
	asked := map[atom]bool{}
	for _, x := range of.atoms {
		asked[x] = true
	}
	for i, atoms := range s.atoms {
		inside := 0
		for x := range atoms {
			if asked[x] {
				inside++
			}
		}
		switch {
		case atoms == nil, inside > 0 && inside < len(atoms):
			return 0, false
		case inside > 0:
			n += s.sampled[i]
		}
	}
	return n, true
}

// atomsWithin returns the people of known age and sex that a text such as "20-54" and a sex name, all for "" and everyone;
// nil if the ages do not consist of elementary bands.
func (a *ages) atomsWithin(group, sex string) map[atom]bool {
	from, to, ok := 0, oldest, true
	if group != "" {
		from, to, ok = limits(group)
	}
	first, last := a.BandOf(from), a.BandOf(to)
	if !ok || from > 0 && a.BandOf(from-1) == first || a.BandOf(to+1) == last && to < oldest {
		return nil
	}
	atoms := map[atom]bool{}
	for band := first; band <= last; band++ {
		for _, s := range []string{"1", "2"} {
			if sex == everyone || sex == s {
				atoms[a.atom(a.Bands[band], s)] = true
			}
		}
	}
	return atoms
}

// samples returns the sample of every area that has one.
func (a *Aggregator) samples(w *wave) map[string]*sample {
	of := map[string]*sample{}
	for _, x := range w.strata {
		for _, area := range a.places.path(cmp.Or(x.area, country)) {
			if of[area] == nil {
				of[area] = &sample{}
			}
			of[area].add(a.ages, x)
		}
	}
	return of
}

// responseRows returns the rows of an indicator of who answered, of those who were asked. A group of whom nobody can say how
// many were asked has none.
func (a *Aggregator) responseRows(e *indicator.Entry, w *wave, of *respondents) ([]publication, error) {
	complete := &grid{period: w.period(), areas: map[string]*areaGrid{}}
	samples := a.samples(w)
	for area := range samples {
		complete.areas[area] = newAreaGrid()
		for i, r := range of.responses {
			if in := of.in[area]; in != nil && in[i] && r.complete {
				complete.areas[area].group(a.ages, indicator.CompleteResponses)[of.atoms[i]]++
			}
		}
	}
	var out []publication
	for _, area := range slices.Sorted(maps.Keys(samples)) {
		for i := range a.ages.people {
			people := &a.ages.people[i]
			if people.group == unknown || people.sex == unknown || !shows(e, people) {
				continue
			}
			invited, known := samples[area].invited(people)
			if !known || invited == 0 {
				continue
			}
			s := slot{indicator: e.ID, area: area, scheme: people.scheme, group: people.group, sex: people.sex, member: everyone}
			v, err := e.Evaluate(func(m indicator.Measure) int64 {
				if m == indicator.Invited {
					return invited
				}
				return people.sum(complete.areas[area].groups[m])
			}, math.NaN())
			if err != nil {
				return nil, fmt.Errorf("%s of wave %s, area %s: %w", e.ID, w.id, area, err)
			}
			out = append(out, newPublication(e, pubKey{period: w.period(), wave: w.id, slot: s}, v))
		}
	}
	return out, a.protectResponses(e, complete, out)
}

// protectResponses hides groups with too few complete answers, like those of the questions, or with few who did not answer.
func (a *Aggregator) protectResponses(e *indicator.Entry, g *grid, rows []publication) error {
	var marked []slot
	for i := range rows {
		p := &rows[i]
		if disclosure.Small(int64(p.numerator), int64(e.MinimumN)) || disclosure.SmallShare(int64(p.numerator), int64(p.denominator), a.cfg.Threshold) {
			marked = append(marked, p.slot)
		}
	}
	mask, err := a.mask(g, indicator.CompleteResponses, nil, a.cfg.Threshold, marked, nil, nil)
	if err != nil {
		return err
	}
	for i := range rows {
		if mask.hides(rows[i].slot) {
			rows[i].protect()
		}
	}
	return nil
}

// asks reports whether an entry is about who answered a wave, and not about what they said.
func asks(e *indicator.Entry) bool {
	return e.Survey == nil && slices.Contains(e.Periods, indicator.Wave)
}
