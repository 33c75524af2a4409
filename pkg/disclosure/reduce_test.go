package disclosure_test

import (
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/disclosure"
)

// An attacker knows of a cell of the reduced table what he knows of it in the whole table, whatever is hidden; and every hidden
// cell on which the first cells may tell is in it.
func TestReducedTellsTheSame(t *testing.T) {
	smaller := 0
	rapid.Check(t, func(rt *rapid.T) {
		width := rapid.IntRange(1, 4).Draw(rt, "columns")
		row := rapid.SliceOfN(rapid.Int64Range(0, 12), width, width)
		g := grid(rapid.SliceOfN(row, 1, 4).Draw(rt, "rows")...)
		g.Kinds, g.Marked = make([]disclosure.Kind, len(g.Values)), make([]bool, len(g.Values))
		whole := make(disclosure.Mask, len(g.Values))
		for c, v := range g.Values {
			switch rapid.IntRange(0, 3).Draw(rt, "kind") {
			case 0, 1:
				g.Kinds[c] = disclosure.Open
			case 2:
				g.Marked[c] = v > 0
			}
			whole[c] = g.Kinds[c] == disclosure.Subject && v > 0 && (g.Marked[c] || rapid.Bool().Draw(rt, "hidden"))
		}
		n := rapid.IntRange(1, len(g.Values)).Draw(rt, "first")
		r, cells := g.Reduced(n)
		part, kept := make(disclosure.Mask, len(cells)), make([]bool, len(g.Values))
		for i, c := range cells {
			if c >= 0 {
				part[i], kept[c] = whole[c], true
			}
		}
		if len(r.Values) < len(g.Values) {
			smaller++
		}
		before, err := disclosure.Feasible(g, whole, 1)
		if err != nil {
			rt.Fatal(err)
		}
		after, err := disclosure.Feasible(*r, part, 1)
		if err != nil {
			rt.Fatal(err)
		}
		for i, c := range cells {
			if c >= 0 && after[i] != before[c] {
				rt.Errorf("cell %d is %v in the table and %v in the reduced one", c, before[c], after[i])
			}
		}
		for c := range n {
			if (whole[c] || g.Kinds[c] == disclosure.Subject && g.Values[c] > 0) && !kept[c] {
				rt.Errorf("cell %d of the first %d is missing", c, n)
			}
		}
	})
	if smaller == 0 {
		t.Error("no table became smaller")
	}
}
