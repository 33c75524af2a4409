package aggregator

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
)

// TestCellsBeside: what is added by a plan and by its clone at the same time is the same cells, by name, as what is added by one, whichever
// names either meets first.
func TestCellsBeside(t *testing.T) {
	empty := testPlan(t)
	standard := slices.IndexFunc(empty.measures, func(m indicator.Measure) bool { return m.Standard() != "" })
	add := func(p *plan, d *deltas, provider string) {
		x := answer{answerKey: answerKey{"F", provider, "FEEDBACK"}, day: 19_800, area: "KU305", code: 2}
		x.place(&session{activity: "culture", provider: provider})
		p.addAnswer(d, x, +1)
		at := place{uint8(slices.Index(indicator.PeriodTypes[:], indicator.Year)), spot{19_723, p.names.of("KU305")}, p.fineFacet(2, 1, p.member(1, provider))}
		d.add(cellKey{at, standard}, 1)
	}
	named := func(p *plan, d *deltas) map[string]int64 {
		cells := map[string]int64{}
		for k, n := range d.all() {
			f, names := p.facetOf(k), p.names.values
			cells[fmt.Sprint(p.measures[k.measure], k.period, k.start, names[k.area], names[f.dimension], names[f.member], names[f.band], names[f.sex])] += n
		}
		return cells
	}
	rapid.Check(t, func(rt *rapid.T) {
		providers := rapid.SliceOf(rapid.SampledFrom([]string{"ORG1", "ORG2", "ORG3", "ORG4"}))
		one, b := empty.clone(), &build{plan: empty.clone(), gen: &generation{}}
		b.cells = b.plan.newDeltas()
		together := one.newDeltas()
		before, here, there := providers.Draw(rt, "before"), providers.Draw(rt, "here"), providers.Draw(rt, "beside")
		for _, provider := range before {
			add(b.plan, b.cells, provider)
		}
		beside := b.beside()
		for _, provider := range here {
			add(b.plan, b.cells, provider)
		}
		for _, provider := range there {
			add(beside.plan, beside.cells, provider)
		}
		b.take(beside)
		for _, provider := range slices.Concat(before, here, there) {
			add(one, together, provider)
		}
		if got, want := named(b.plan, b.cells), named(one, together); !maps.Equal(got, want) {
			rt.Fatalf("%d cells, want %d, and not all are the same", len(got), len(want))
		}
	})
}
