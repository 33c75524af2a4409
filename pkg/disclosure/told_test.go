package disclosure_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/disclosure"
)

// What is published for certain can give hidden cells away. Then everything about these is hidden that could be: an
// attacker knows no more than if nothing but zeros and what is certain were published; and what is told is so by its number.
func TestExposedOnlyByWhatIsOpen(t *testing.T) {
	exposures := 0
	rapid.Check(t, func(rt *rapid.T) {
		g, nothing := drawOpen(rt)
		exposures += exposedByOpen(rt, g, nothing)
	})
	if exposures == 0 {
		t.Error("nothing was ever exposed: the tables show nothing")
	}
}

// drawOpen draws a table in which some cells are shown for certain, and the mask that hides all else but zeros.
func drawOpen(rt *rapid.T) (disclosure.Table, disclosure.Mask) {
	width := rapid.IntRange(1, 4).Draw(rt, "columns")
	row := rapid.SliceOfN(rapid.Int64Range(0, 12), width, width)
	g := grid(rapid.SliceOfN(row, 1, 4).Draw(rt, "rows")...)
	g.Kinds = make([]disclosure.Kind, len(g.Values))
	nothing := make(disclosure.Mask, len(g.Values))
	for c, v := range g.Values {
		if rapid.IntRange(0, 3).Draw(rt, "open") == 0 {
			g.Kinds[c] = disclosure.Open
		}
		nothing[c] = g.Kinds[c] != disclosure.Open && v > 0
	}
	return g, nothing
}

// Searches go nowhere that is impossible, and everywhere that is possible: the bounds that they keep to hold whatever else is hidden.
func TestBoundsOfWhatCanBeHidden(t *testing.T) {
	fixed, told := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		g, nothing := drawOpen(rt)
		least, most := disclosure.BoundsOf(g, 5)
		for c, r := range feasible(rt, g, nothing, 1) {
			if r.Min < least[c] || r.Max > most[c] && (!r.Unbounded || most[c] < 1<<62) {
				rt.Fatalf("cell %d = %d is within %v, and bound to %d … %d", c, g.Values[c], r, least[c], most[c])
			}
			if nothing[c] && r.Width() == 0 {
				told++
				if least[c] == most[c] {
					fixed++
				}
			}
		}
	})
	if fixed*10 < told*9 {
		t.Errorf("of %d cells that nothing can hide %d are bound", told, fixed)
	}
}

// The same of periods whose shorter ones are published already: what is shown of the areas of the months is fixed.
func TestExposedOnlyByShorterPeriods(t *testing.T) {
	s := shapes["areas by months"]
	r := rand.New(rand.NewPCG(23, 5))
	exposures := 0
	for i := range 120 {
		if s.Near = nil; i%2 == 0 {
			s.Near = []int{-1, -1, -1, -1, 0, 1, 0, 0, 0, 1, 1, 1} // decides nothing but where proofs are sought first
		}
		g := table(t, s, drawSmall(r, s, []float64{1, 3, 8, 20}[i%4]))
		nothing := make(disclosure.Mask, len(g.Values))
		for c, v := range g.Values {
			if area := c / g.Cells(); area < s.Areas && area != 0 && area != 4 && area != 5 && r.IntN(2) == 0 && g.Kinds[c] == disclosure.Subject && !disclosure.Small(v, 5) {
				g.Fix(c)
			}
			nothing[c] = g.Kinds[c] == disclosure.Subject && v > 0
		}
		exposures += exposedByOpen(t, g.Table, nothing)
	}
	if exposures == 0 {
		t.Error("nothing was ever exposed: the tables show nothing")
	}
}

// exposedByOpen protects the table and fails if an attacker knows more of a cell without width than if nothing were shown
// but zeros and what is open. It returns how many such cells there are.
func exposedByOpen(t rapid.TB, g disclosure.Table, nothing disclosure.Mask) (exposures int) {
	mask, err := disclosure.Protect(g, 5)
	var exposed *disclosure.ExposedError
	if err != nil && !errors.As(err, &exposed) {
		t.Fatalf("%v", err)
	}
	after, before := feasible(t, g, mask, 1), feasible(t, g, nothing, 1)
	for _, c := range g.Told(mask) {
		if !mask[c] || after[c].Width() != 0 {
			t.Fatalf("cell %d is told, though hidden %t within %v", c, mask[c], after[c])
		}
	}
	for c, hidden := range mask {
		if !hidden || after[c].Width() >= 5 {
			continue
		}
		exposures++
		if exposed == nil || !slices.Contains(exposed.Cells, c) || after[c] != before[c] {
			t.Fatalf("cell %d = %d is within %v, by what is open within %v; exposed %v", c, g.Values[c], after[c], before[c], exposed)
		}
	}
	return exposures
}
