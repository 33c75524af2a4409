package disclosure_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/disclosure"
)

// attack lets a linear program narrow down every hidden cell, and every small unpublished one, and fails if one ends up
// with a range below k that its ceiling does not force.
func attack(t testing.TB, g disclosure.Table, mask disclosure.Mask, k int64) {
	t.Helper()
	ranges, err := disclosure.Feasible(g, mask, 1)
	if err != nil {
		t.Fatal(err)
	}
	for c, r := range ranges {
		small := g.Kinds != nil && g.Kinds[c] == disclosure.Unpublished && disclosure.Small(g.Values[c], k)
		if (mask[c] && !exempt(g, c, k) || small) && r.Width() < k {
			t.Errorf("cell %d = %d (hidden %t) can be narrowed to %v", c, g.Values[c], mask[c], r)
		}
		if v := g.Values[c]; v < r.Min || v > r.Max {
			t.Errorf("cell %d = %d lies outside the range %v of an attacker", c, v, r)
		}
	}
}

// exempt reports whether a cell is hidden for the sake of others only.
func exempt(g disclosure.Table, cell int, k int64) bool {
	return g.Exempt != nil && g.Exempt[cell] && !disclosure.Small(g.Values[cell], k)
}

// small shapes with everything in them that the published grid has.
var shapes = map[string]disclosure.Shape{
	"areas by age": {Areas: 4, Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2, 3}}}, Bands: 4, Schemes: [][][]int{{{0}, {1}, {2}, {3}}}, Sexes: 1},
	"two hierarchies": {
		Areas: 8, Bands: 3, Schemes: [][][]int{{{0}, {1}, {2}}}, Sexes: 1,
		Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2}}, {Parent: 0, Parts: []int{3, 4}}, {Parent: 1, Parts: []int{5, 6}}, {Parent: 2, Parts: []int{7}}, {Parent: 3, Parts: []int{5}}, {Parent: 4, Parts: []int{6, 7}}},
	},
	"age by sex": {Areas: 3, Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2}}}, Bands: 3, Schemes: [][][]int{{{0}, {1}, {2}}}, Sexes: 3},
	"age by sex, some unknown": {
		Areas: 4, Bands: 3, Schemes: [][][]int{{{0}, {1}, {2}}}, Sexes: 3, Unknown: true, Dimensions: []int{2},
		Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2, 3}}},
	},
	"three nested schemes": {Areas: 3, Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2}}}, Bands: 9, Schemes: schemes, Sexes: 1},
	"members":              {Areas: 4, Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2, 3}}}, Bands: 3, Schemes: [][][]int{{{0, 1}, {2}}, {{0}, {1}, {2}}}, Sexes: 1, Dimensions: []int{3, 2}},
	// Two areas and their county in three months and their quarter: 0 county in the quarter, 1–3 in the months, 4 and 5
	// the areas in the quarter, 6–8 and 9–11 in the months.
	"areas by months": {
		Areas: 12, Bands: 2, Schemes: [][][]int{{{0}, {1}}}, Sexes: 1,
		Partitions: []disclosure.Partition{
			{Parent: 0, Parts: []int{1, 2, 3}},
			{Parent: 0, Parts: []int{4, 5}},
			{Parent: 1, Parts: []int{6, 9}},
			{Parent: 2, Parts: []int{7, 10}},
			{Parent: 3, Parts: []int{8, 11}},
			{Parent: 4, Parts: []int{6, 7, 8}},
			{Parent: 5, Parts: []int{9, 10, 11}},
		},
	},
	"service areas": {
		Areas: 5, Bands: 3, Schemes: [][][]int{{{0}, {1}, {2}}}, Sexes: 2,
		Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2}}, {Parent: 2, Parts: []int{3, 4}}},
	},
}

// A linear program narrows down nothing in small tables of every kind, dense and sparse.
func TestAttackerOnSmallShapes(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(28, 5))
			hidden, shown := 0, 0
			for i := range 250 {
				counts := drawSmall(r, s, []float64{1, 3, 8, 20, 60}[i%5])
				g := table(t, s, counts)
				if s.Unknown && i%2 == 0 {
					apart(t, r, s, counts, g, []int64{1, 8}[i/2%2])
				}
				mask := protect(t, g.Table, 5)
				attack(t, g.Table, mask, 5)
				hidden, shown = hidden+mask.Count(), shown+len(mask)-mask.Count()
			}
			if hidden < 100 || shown < 100 {
				t.Errorf("%d cells hidden and %d not: the tables show nothing", hidden, shown)
			}
		})
	}
}

// drawSmall fills the leaves of a shape at random, sometimes a parent beyond its parts, and sums up.
func drawSmall(r *rand.Rand, s disclosure.Shape, density float64) []disclosure.Counts {
	counts := make([]disclosure.Counts, s.Areas)
	parent := map[int][]disclosure.Partition{}
	for _, p := range s.Partitions {
		parent[p.Parent] = append(parent[p.Parent], p)
	}
	for a := s.Areas - 1; a >= 0; a-- {
		c := &counts[a]
		c.Persons = make([][]int64, s.Bands)
		for b := range c.Persons {
			c.Persons[b] = make([]int64, s.Sexes)
		}
		for _, n := range s.Dimensions {
			c.Members = append(c.Members, make([]int64, n))
		}
		if parent[a] == nil || len(parent[a]) == 1 && r.IntN(3) == 0 && !shared(s, a) {
			scatter(r, c, s, density*(0.2+2*r.Float64()))
		}
		if ps := parent[a]; ps != nil {
			for _, part := range ps[0].Parts {
				gather(c, counts[part])
			}
		}
	}
	return counts
}

// apart publishes of those of unknown age and sex all but some apart, in each area as many as in its parts together, or more, and protects
// these numbers.
func apart(t *testing.T, r *rand.Rand, s disclosure.Shape, counts []disclosure.Counts, g *disclosure.Grid, some int64) {
	t.Helper()
	alone := make([]disclosure.Counts, len(counts))
	value := func(a int) int64 { return counts[a].Persons[s.Bands-1][s.Sexes-1] }
	for a := s.Areas - 1; a >= 0; a-- {
		own, parts := value(a), slices.IndexFunc(s.Partitions, func(p disclosure.Partition) bool { return p.Parent == a })
		for _, n := range s.Dimensions {
			alone[a].Members = append(alone[a].Members, make([]int64, n))
		}
		if parts >= 0 {
			for _, part := range s.Partitions[parts].Parts {
				own -= value(part)
				alone[a].Total += alone[part].Total
				gather(&alone[a], alone[part])
			}
		}
		own = max(0, own-r.Int64N(some))
		alone[a].Total += own
		for d, n := range s.Dimensions {
			for range own {
				alone[a].Members[d][r.IntN(n)]++
			}
		}
	}
	part := table(t, disclosure.Shape{Areas: s.Areas, Partitions: s.Partitions, Dimensions: s.Dimensions}, alone)
	part.Marked = protect(t, part.Table, 5)
	if err := g.Apart(part); err != nil {
		t.Fatal(err)
	}
}

// shared reports whether an area below another is in two hierarchies, which must agree on what it has.
func shared(s disclosure.Shape, area int) bool {
	n := 0
	for _, p := range s.Partitions {
		for _, part := range p.Parts {
			if part == area {
				n++
			}
		}
	}
	return n > 1 || len(s.Partitions) > 3
}

// What hidden months leave of numbers that everybody knows is protected where it is few: a linear program narrows it down nowhere, unless
// nothing more could be hidden.
func TestAttackerOnWhatIsLeft(t *testing.T) {
	s := shapes["areas by months"]
	s.Bands, s.Schemes, s.Sexes, s.Dimensions = 0, nil, 0, []int{2}
	sought, exposed := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 6))
		counts := make([]disclosure.Counts, s.Areas)
		for a := s.Areas - 1; a >= 0; a-- {
			c := &counts[a]
			c.Members = [][]int64{make([]int64, 2)}
			if i := slices.IndexFunc(s.Partitions, func(p disclosure.Partition) bool { return p.Parent == a }); i >= 0 {
				for _, part := range s.Partitions[i].Parts {
					c.Total += counts[part].Total
					gather(c, counts[part])
				}
				continue
			}
			c.Members[0][0], c.Members[0][1] = r.Int64N(30), r.Int64N(10)
			c.Total = c.Members[0][0] + c.Members[0][1]
		}
		g := table(t, s, counts)
		g.Marked = make([]bool, len(g.Values))
		for _, area := range []int{6, 7, 8, 9, 10, 11} {
			if c := g.Total(area); g.Values[c] > 0 && r.IntN(2) == 0 {
				for ; c < g.Total(area)+g.Cells(); c++ {
					g.Marked[c] = g.Kinds[c] == disclosure.Subject && g.Values[c] > 0
				}
				left := r.Int64N(8)
				g.Leaves(g.Total(area), g.Values[g.Total(area)]+left, r.Int64N(left+1))
			}
		}
		g.Marked = append(g.Marked, make([]bool, len(g.Values)-len(g.Marked))...)
		mask, err := disclosure.Protect(g.Table, 5)
		if told := (*disclosure.ExposedError)(nil); errors.As(err, &told) {
			exposed++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for c, v := range g.Values {
			if c >= g.Cells()*s.Areas && g.Kinds[c] == disclosure.Unpublished && disclosure.Small(v, 5) {
				sought++
			}
		}
		attack(t, g.Table, mask, 5)
	}
	if sought < 300 || exposed > 100 {
		t.Errorf("%d small numbers left, %d of 400 tables in which nothing more could be hidden", sought, exposed)
	}
}

// Tables of rows and columns without the structure of a grid, with marks, ceilings and other thresholds.
func TestAttackerOnAnyTable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.Int64Range(2, 7).Draw(rt, "k")
		top := rapid.SampledFrom([]int64{3, 9, 40}).Draw(rt, "top")
		width := rapid.IntRange(1, 4).Draw(rt, "columns")
		row := rapid.SliceOfN(rapid.Int64Range(0, top), width, width)
		g := grid(rapid.SliceOfN(row, 1, 5).Draw(rt, "rows")...)
		g.Marked = make([]bool, len(g.Values))
		var later []int
		if rapid.Bool().Draw(rt, "marks") {
			for c, v := range g.Values {
				switch mark := rapid.IntRange(0, 9).Draw(rt, "mark"); {
				case v > 0 && mark == 0:
					g.Marked[c] = true
				case v > 0 && mark == 1:
					later = append(later, c)
				}
			}
		}
		mask, err := disclosure.Protect(g, k)
		if err != nil {
			rt.Fatal(err)
		}
		growing, err := disclosure.Begin(g, k)
		if err != nil || !slices.Equal(mask, growing.Mask()) {
			rt.Fatalf("two masks of one table, %v", err)
		}
		if err := growing.Hide(later); err != nil {
			rt.Fatal(err)
		}
		mask = growing.Mask()
		for c, v := range g.Values {
			if mask[c] && v == 0 || !mask[c] && (disclosure.Small(v, k) || g.Marked[c] || slices.Contains(later, c)) {
				rt.Fatalf("cell %d = %d: hidden %t", c, v, mask[c])
			}
		}
		ranges, err := disclosure.Feasible(g, mask, 1)
		if err != nil {
			rt.Fatal(err)
		}
		for c, r := range ranges {
			if mask[c] && r.Width() < k {
				rt.Fatalf("cell %d = %d can be narrowed to %v; hidden %v", c, g.Values[c], r, hidden(mask))
			}
		}
	})
}

// The whole published grid, too large for the linear program: every hidden cell has its proof, and every table of a proof
// agrees with all that is published in the end, after more has been hidden.
func TestProofsOfTheWholeGrid(t *testing.T) {
	for seed, density := range []float64{0.3, 1, 4, 15, 60, 200} {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		counts, s := draw(r, full, density), full
		proven(t, table(t, full, counts).Table, 5)
		s.Unknown = true
		g := table(t, s, counts)
		apart(t, r, s, counts, g, 8)
		proven(t, g.Table, 5)
	}
}

// A dimension that nobody is in leaves everybody.
func TestProofsBesideAnEmptyDimension(t *testing.T) {
	s := shapes["areas by months"]
	for seed := range uint64(20) {
		s.Dimensions = nil
		counts := drawSmall(rand.New(rand.NewPCG(seed, 4)), s, 1+float64(seed%3))
		s.Dimensions = []int{0}
		for a := range counts {
			counts[a].Members = [][]int64{nil}
		}
		proven(t, table(t, s, counts).Table, 5)
	}
}

// Where nobody is in a place, and that is hidden, somebody more there is a member of something that others elsewhere may leave: tables of
// proofs add up all the same.
func TestProofsBesideAPlaceOfNobody(t *testing.T) {
	s := disclosure.Shape{Areas: 4, Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2, 3}}}, Dimensions: []int{3, 2}}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		counts := make([]disclosure.Counts, s.Areas)
		for a := range counts {
			counts[a].Members = [][]int64{make([]int64, 3), make([]int64, 2)}
		}
		for _, a := range []int{2, 3} { // nobody in 1
			for m := range 3 {
				n := []int64{0, r.Int64N(5), r.Int64N(30)}[r.IntN(3)]
				for _, c := range []*disclosure.Counts{&counts[0], &counts[a]} {
					c.Members[0][m] += n
					c.Members[1][m/2] += n
					c.Total += n
				}
			}
		}
		g := table(t, s, counts)
		g.Marked = make([]bool, len(g.Values))
		for c := g.Total(1); c < g.Total(2); c++ {
			g.Marked[c] = r.IntN(4) > 0
		}
		_, _, err := disclosure.BeginWatched(g.Table, 5, func(other []int64) {
			addUp(t, g.Table, other)
		})
		if exposed := (*disclosure.ExposedError)(nil); err != nil && !errors.As(err, &exposed) {
			t.Fatal(err)
		}
	}
}

func proven(t *testing.T, g disclosure.Table, k int64) {
	t.Helper()
	var tables [][]int64
	growing, free, err := disclosure.BeginWatched(g, k, func(table []int64) { tables = append(tables, slices.Clone(table)) })
	if err != nil {
		t.Fatal(err)
	}
	mask := growing.Mask()
	for c := 0; c < len(mask); c += 97 {
		if !mask[c] && g.Values[c] > 0 {
			if err := growing.Hide([]int{c}); err != nil {
				t.Fatal(err)
			}
		}
	}
	least, most := slices.Clone(g.Values), slices.Clone(g.Values)
	for _, other := range tables {
		agrees(t, g, mask, other)
		for c, v := range other {
			least[c], most[c] = min(least[c], v), max(most[c], v)
		}
	}
	for c, v := range g.Values {
		small := g.Kinds[c] == disclosure.Unpublished && disclosure.Small(v, k)
		if (mask[c] && !exempt(g, c, k) || small) && most[c]-least[c] < k && !free(c) {
			t.Errorf("cell %d = %d has no proof: %d … %d", c, v, least[c], most[c])
		}
	}
}

// agrees fails unless the other table could be the one that is published.
func agrees(t *testing.T, g disclosure.Table, mask disclosure.Mask, other []int64) {
	t.Helper()
	for c, v := range other {
		switch {
		case mask[c] && v < 1, v < 0, g.Floors != nil && v < g.Floors[c]:
			t.Fatalf("cell %d is %d", c, v)
		case !mask[c] && g.Kinds[c] < disclosure.Unpublished && v != g.Values[c]:
			t.Fatalf("published cell %d changed from %d to %d", c, g.Values[c], v)
		}
	}
	addUp(t, g, other)
}

// addUp fails unless the lines of another table do.
func addUp(t *testing.T, g disclosure.Table, other []int64) {
	t.Helper()
	for i, l := range g.Lines {
		sum := int64(0)
		for _, m := range l.Members {
			sum += other[m]
		}
		if sum != other[l.Total] {
			t.Fatalf("line %d does not add up", i)
		}
	}
}
