package aggregator

import (
	"cmp"
	"maps"
	"slices"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// panelDimension marks the rows of a wave that tell how the same persons' answers changed since an earlier wave, which is the member. They
// are published, protected, closed and revised like all others, and no view for readers has them: the evaluator reads them to
// estimate effects.
const panelDimension = "panel"

// panel is the persons who answered two waves under one pseudonym and live in one area both times.
type panel struct {
	before  string // the earlier wave
	pairs   []indicator.Pair
	later   []*response  // by pair
	answers [][]response // to both waves, all and those of different persons: what is published of the waves may tell of either
}

// waveBefore returns the wave before of the same questionnaire in the same version: another version asks something else.
func waveBefore(w *wave, waves []wave) (before *wave) {
	for i := range waves {
		b := &waves[i]
		if b.instrument != w.instrument || b.version != w.version || b.starts >= w.starts {
			continue
		}
		if before == nil || cmp.Or(cmp.Compare(before.starts, b.starts), cmp.Compare(before.id, b.id)) < 0 {
			before = b
		}
	}
	return before
}

// newPanel finds the persons of two waves. Of somebody who answered a wave twice the last answer counts.
func newPanel(before string, earlier, later []response) *panel {
	first, last := lastAnswers(earlier), lastAnswers(later)
	p := &panel{before: before, answers: [][]response{earlier, first, later, last}}
	persons := map[string]*response{}
	for i := range first {
		if r := &first[i]; r.panel != "" {
			persons[r.panel] = r
		}
	}
	for i := range last {
		r := &last[i]
		if was := persons[r.panel]; was != nil && was.area == r.area {
			p.pairs = append(p.pairs, indicator.Pair{Before: indicator.Answer{Items: was.items}, After: indicator.Answer{Items: r.items}})
			p.later = append(p.later, r)
		}
	}
	return p
}

// lastAnswers leaves out what somebody in a panel answered before the last answer, in the order of the fold.
func lastAnswers(responses []response) (kept []response) {
	last := map[string]int{}
	for i := range responses {
		last[responses[i].panel] = i
	}
	for i, r := range responses {
		if r.panel == "" || last[r.panel] == i {
			kept = append(kept, r)
		}
	}
	return kept
}

// panelRows returns, by area, how the same persons' answers to an entry changed.
func (a *Aggregator) panelRows(e *indicator.Entry, w *wave, pn *panel) ([]publication, error) {
	changes := e.Changes(pn.pairs)
	g := &grid{period: w.period(), areas: map[string]*areaGrid{}}
	members := map[string]map[int]bool{} // pairs by area
	for _, i := range changes.Asked() {
		a.countRespondent(g, e, pn.later[i])
		for _, area := range a.places.path(pn.later[i].area) {
			if members[area] == nil {
				members[area] = map[int]bool{}
			}
			members[area][i] = true
		}
	}
	var rows []publication
	for _, area := range slices.Sorted(maps.Keys(members)) {
		in := members[area]
		v, err := changes.Estimate(func(i int) bool { return in[i] })
		if err != nil {
			return nil, err
		}
		s := slot{indicator: e.ID, area: area, group: everyone, sex: everyone, dimension: panelDimension, member: pn.before}
		rows = append(rows, newPublication(e, pubKey{period: w.period(), wave: w.id, slot: s}, v))
	}
	return rows, a.protectPanel(e, changes, members, pn, g, rows)
}

// protectPanel hides the changes of fewer persons than the entry's minimum; of areas in which a few persons changed in one way, or a few
// answered only once: the figures of the two waves would tell of them; and whatever would give those areas away.
func (a *Aggregator) protectPanel(e *indicator.Entry, changes *indicator.Changes, members map[string]map[int]bool, pn *panel, g *grid, rows []publication) error {
	var answered []map[string]int64
	for _, answers := range pn.answers {
		answered = append(answered, a.answered(e, answers))
	}
	total := func(area string) slot { return slot{area: area, group: everyone, sex: everyone} }
	var marked []slot
	for i := range rows {
		area, n := rows[i].area, rows[i].respondents
		few := n < int64(e.MinimumN) || slices.ContainsFunc(answered, func(of map[string]int64) bool { return disclosure.Small(of[area]-n, a.cfg.Threshold) })
		for _, moved := range changes.Moves(func(i int) bool { return members[area][i] }) {
			few = few || disclosure.Small(moved, a.cfg.Threshold)
		}
		if few {
			marked = append(marked, total(area))
		}
	}
	mask := &measureMask{groups: a.ages.index}
	if err := a.maskOf(mask, stack{layers: []*layer{{grid: g}}}, indicator.Respondents, a.cfg.Threshold, marked, nil); err != nil {
		return err
	}
	for i := range rows {
		if mask.hides(total(rows[i].area)) {
			rows[i].protect()
		}
	}
	return nil
}

// answered counts who answered an entry's items, by area.
func (a *Aggregator) answered(e *indicator.Entry, responses []response) map[string]int64 {
	counts := map[string]int64{}
	for i := range responses {
		if !e.Answers(indicator.Answer{Items: responses[i].items}) {
			continue
		}
		for _, area := range a.places.path(responses[i].area) {
			counts[area]++
		}
	}
	return counts
}
