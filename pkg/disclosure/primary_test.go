package disclosure_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/disclosure"
)

// TestDominated: k equal shares are enough, fewer are not, and neither is one great share among many.
func TestDominated(t *testing.T) {
	for name, c := range map[string]struct {
		shares []int64
		want   bool
	}{
		"nothing":             {nil, false},
		"five equal":          {[]int64{7, 7, 7, 7, 7}, false},
		"four equal":          {[]int64{7, 7, 7, 7}, true},
		"one of 85 %":         {[]int64{850, 25, 25, 25, 25, 25, 25}, true},
		"half is one's":       {[]int64{10, 2, 2, 2, 2, 2}, true},
		"a country's, no end": {[]int64{1e9, 1e9, 1e9, 1e9, 1e9, 1e9}, false},
	} {
		if got := dominated(c.shares, 5); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestDominatedBounds: of what is not dominated there are at least k contributors, and none has more than 1/√k.
func TestDominatedBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.Int64Range(2, 9).Draw(t, "k")
		shares := rapid.SliceOfN(rapid.Int64Range(1, 1000), 1, 15).Draw(t, "shares")
		if dominated(shares, k) {
			return
		}
		var sum int64
		for _, x := range shares {
			sum += x
		}
		if most := slices.Max(shares); int64(len(shares)) < k || k*most*most > sum*sum {
			t.Fatalf("%d contributors, of whom one has %d of %d", len(shares), most, sum)
		}
	})
}

func dominated(shares []int64, k int64) bool {
	var sum, squares int64
	for _, x := range shares {
		sum, squares = sum+x, squares+x*x
	}
	return disclosure.Dominated(sum, squares, k)
}
