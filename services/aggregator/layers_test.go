package aggregator

import (
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestShorterPeriodsAreProtectedFirst: a longer period is protected together with shorter ones as they are published.
func TestShorterPeriodsAreProtectedFirst(t *testing.T) {
	chainOf, all := map[indicator.PeriodType]int{}, []indicator.PeriodType{}
	for i, chain := range inOrder {
		for _, typ := range chain {
			chainOf[typ] = i
			for _, s := range shorter[typ] {
				if before, known := chainOf[s]; !known || before != i {
					t.Errorf("%s may be published before %s, which lies within it", typ, s)
				}
			}
		}
		all = append(all, chain...)
	}
	slices.Sort(all)
	want := slices.Sorted(slices.Values(indicator.PeriodTypes))
	if !slices.Equal(all, want) {
		t.Errorf("published are %v, of %v", all, want)
	}
}
