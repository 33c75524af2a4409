package disclosure_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"vointi.fi/pkg/disclosure"
)

// Whoever looks for a proof line by line knows, too, that nobody is in an activity who is not there at all, and that everybody is in one.
func TestProofsOfOverlappingMembers(t *testing.T) {
	s := disclosure.Shape{
		Areas: 5, Bands: 3, Schemes: [][][]int{{{0}, {1}, {2}}}, Sexes: 2, Dimensions: []int{3},
		Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2}}, {Parent: 2, Parts: []int{3, 4}}},
	}
	r := rand.New(rand.NewPCG(5, 1))
	found := 0
	for i := range 90 {
		counts := draw(r, s, []float64{1, 3, 8}[i%3])
		for a := len(counts) - 1; a >= 0; a-- {
			joined(r, &counts[a])
		}
		g := table(t, s, counts)
		_, _, err := disclosure.BeginWatched(g.Table, 5, func(other []int64) {
			found++
			for a := range s.Areas {
				members := other[g.Member(a, 0, 0) : g.Member(a, 0, 2)+1]
				total, sum := other[g.Total(a)], members[0]+members[1]+members[2]
				if slices.Max(members) > total || sum < total {
					t.Fatalf("area %d: %d people, in activities %v", a, total, members)
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 1000 {
		t.Errorf("%d proofs show nothing", found)
	}
}

// joined gives everybody of an area a first activity and, to some, others besides.
func joined(r *rand.Rand, c *disclosure.Counts) {
	for i := range c.Members[0] {
		c.Members[0][i] = 0
	}
	for _, row := range c.Persons {
		for _, n := range row {
			for range n {
				for i, activity := range r.Perm(3) {
					if i == 0 || r.IntN(3) == 0 {
						c.Members[0][activity]++
					}
				}
			}
		}
	}
}

// Totals are hidden last: where few of an age live in a small town, ages of its neighbours go before the figures of county and country.
func TestTotalsAreHiddenLast(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	hidden, of := 0, 0
	for i := range 20 {
		g := table(t, full, draw(r, full, []float64{1, 3, 8, 20}[i%4]))
		mask := protect(t, g.Table, 5)
		for a := range full.Areas {
			if g.Values[g.Total(a)] >= 30 {
				of++
				if mask[g.Total(a)] {
					hidden++
				}
			}
		}
	}
	if 4*hidden > of {
		t.Errorf("%d of %d totals are hidden", hidden, of)
	}
}
