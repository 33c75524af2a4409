package disclosure_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"vointi.fi/pkg/disclosure"
)

// The elementary bands: 0–12, 13–17, 18–19, 20–28, 29–54, 55–64, 65–74, 75+, unknown.
var (
	eviva3  = [][]int{{0, 1}, {2, 3, 4, 5}, {6, 7}, {8}}
	report5 = [][]int{{0}, {1, 2, 3}, {4, 5}, {6, 7}, {8}}
	finsote = [][]int{{3, 4}, {5, 6}, {7}, {8}}
	schemes = [][][]int{eviva3, report5, finsote}
)

// country is area 0; counties 1 2 and regions 3 4 are its parts; municipalities 5 … 9 in both; 10 and 11 are service
// areas of 9, which has more than they have.
var (
	places = []disclosure.Partition{
		{Parent: 0, Parts: []int{1, 2}},
		{Parent: 0, Parts: []int{3, 4}},
		{Parent: 1, Parts: []int{5, 6, 7}},
		{Parent: 2, Parts: []int{8, 9}},
		{Parent: 3, Parts: []int{5, 6}},
		{Parent: 4, Parts: []int{7, 8, 9}},
		{Parent: 9, Parts: []int{10, 11}},
	}
	full = disclosure.Shape{Areas: 12, Partitions: places, Bands: 9, Schemes: schemes, Sexes: 3, Dimensions: []int{4, 3}}
)

// draw fills a shape with random counts: leaves get them, parents their sums, and a parent of service areas more.
// density is the mean of a cell; sizes differ from area to area.
func draw(r *rand.Rand, s disclosure.Shape, density float64) []disclosure.Counts {
	counts := make([]disclosure.Counts, s.Areas)
	for a := range counts {
		counts[a].Persons = make([][]int64, s.Bands)
		for b := range counts[a].Persons {
			counts[a].Persons[b] = make([]int64, s.Sexes)
		}
		for _, n := range s.Dimensions {
			counts[a].Members = append(counts[a].Members, make([]int64, n))
		}
	}
	parent := make([]bool, s.Areas)
	for _, p := range s.Partitions {
		parent[p.Parent] = true
	}
	for a := range counts {
		if !parent[a] || a == 9 {
			scatter(r, &counts[a], s, density*float64(1+r.IntN(4)))
		}
	}
	for i := len(s.Partitions) - 1; i >= 0; i-- {
		p := s.Partitions[i]
		if p.Parent == 0 && i == 1 {
			continue // the second partition of the country says the same
		}
		for _, part := range p.Parts {
			gather(&counts[p.Parent], counts[part])
		}
	}
	return counts
}

func scatter(r *rand.Rand, c *disclosure.Counts, s disclosure.Shape, density float64) {
	for b, row := range c.Persons {
		for sex := range row {
			n := int64(r.ExpFloat64() * density)
			if (b == len(c.Persons)-1) != (sex == len(row)-1) && r.IntN(40) > 0 {
				n = 0 // who is unknown is so in age and sex, mostly
			}
			row[sex] = n
			for d, m := range s.Dimensions {
				for range n {
					c.Members[d][min(r.IntN(m), r.IntN(m))]++
				}
			}
		}
	}
}

func gather(to *disclosure.Counts, from disclosure.Counts) {
	for b, row := range from.Persons {
		for sex, n := range row {
			to.Persons[b][sex] += n
		}
	}
	for d, members := range from.Members {
		for m, n := range members {
			to.Members[d][m] += n
		}
	}
}

func table(t testing.TB, s disclosure.Shape, counts []disclosure.Counts) *disclosure.Grid {
	t.Helper()
	g, err := s.Table(counts)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGridCells(t *testing.T) {
	counts := draw(rand.New(rand.NewPCG(1, 2)), full, 6)
	g := table(t, full, counts)
	for a, c := range counts {
		var all, men, youth, old int64
		for b, row := range c.Persons {
			all += row[0] + row[1] + row[2]
			men += row[0]
			if b < 2 {
				youth += row[0] + row[1] + row[2]
			}
			if b == 7 {
				old += row[1]
			}
		}
		for _, x := range []struct {
			what string
			cell int
			want int64
		}{
			{"total", g.Total(a), all},
			{"total as a person cell", g.Person(a, disclosure.All, disclosure.All, disclosure.All), all},
			{"men", g.Person(a, disclosure.All, disclosure.All, 0), men},
			{"eviva3 0–17", g.Person(a, 0, 0, disclosure.All), youth},
			{"finsote 75+ women", g.Person(a, 2, 2, 1), old},
			{"second member of the first dimension", g.Member(a, 0, 1), c.Members[0][1]},
			{"last member of the last dimension", g.Member(a, 1, 2), c.Members[1][2]},
		} {
			if got := g.Values[x.cell]; got != x.want {
				t.Errorf("area %d: %s is %d, want %d", a, x.what, got, x.want)
			}
			if g.Kinds[x.cell] != disclosure.Subject {
				t.Errorf("area %d: %s is not published", a, x.what)
			}
		}
		if g.Person(a, 0, 2, 0) != g.Person(a, 1, 3, 0) {
			t.Error("65+ is one cell in eviva3 and report5")
		}
	}
}

func TestGridWithoutAgeOrSex(t *testing.T) {
	s := disclosure.Shape{Areas: 3, Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2}}}, Dimensions: []int{2}}
	g := table(t, s, []disclosure.Counts{
		{Total: 50, Members: [][]int64{{30, 20}}}, {Total: 3, Members: [][]int64{{3, 0}}}, {Total: 40, Members: [][]int64{{20, 20}}},
	})
	mask := protect(t, g.Table, 5)
	// The country has 7 beside its two areas, but nobody is told, so 3 and 7 are any two numbers that add up to 10.
	for a, want := range []bool{false, true, false} {
		if got := mask[g.Total(a)]; got != want {
			t.Errorf("area %d: total hidden %t, want %t", a, got, want)
		}
	}
}

// Persons in several activities do not add up, over members or over areas: each cell then stands for itself.
func TestGridOfOverlappingMembers(t *testing.T) {
	s := disclosure.Shape{Areas: 3, Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2}}}, Dimensions: []int{2}}
	g := table(t, s, []disclosure.Counts{
		{Total: 50, Members: [][]int64{{30, 28}}}, {Total: 20, Members: [][]int64{{15, 3}}}, {Total: 30, Members: [][]int64{{20, 25}}},
	})
	mask := protect(t, g.Table, 5)
	for a, want := range [][2]bool{{false, false}, {false, true}, {false, true}} {
		if mask[g.Total(a)] || mask[g.Member(a, 0, 0)] != want[0] || mask[g.Member(a, 0, 1)] != want[1] {
			t.Errorf("area %d: total %t, members %t %t, want %v", a, mask[g.Total(a)], mask[g.Member(a, 0, 0)], mask[g.Member(a, 0, 1)], want)
		}
	}
}

func TestGridFaults(t *testing.T) {
	one := disclosure.Shape{Areas: 1, Bands: 2, Sexes: 1, Schemes: [][][]int{{{0}, {1}}}}
	good := []disclosure.Counts{{Persons: [][]int64{{1}, {2}}}}
	if _, err := one.Table(good); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func(s *disclosure.Shape, c *[]disclosure.Counts){
		"too few areas": func(_ *disclosure.Shape, c *[]disclosure.Counts) { *c = nil },
		"too few bands": func(_ *disclosure.Shape, c *[]disclosure.Counts) { *c = []disclosure.Counts{{}} },
		"too many sexes": func(_ *disclosure.Shape, c *[]disclosure.Counts) {
			*c = []disclosure.Counts{{Persons: [][]int64{{1, 2}, {3}}}}
		},
		"a dimension too many":     func(s *disclosure.Shape, _ *[]disclosure.Counts) { s.Dimensions = []int{1} },
		"an unknown band":          func(s *disclosure.Shape, _ *[]disclosure.Counts) { s.Schemes = [][][]int{{{0}, {1}}, {{2}}} },
		"an overlapping group":     func(s *disclosure.Shape, _ *[]disclosure.Counts) { s.Schemes = [][][]int{{{0, 1}, {1}}} },
		"a first scheme with gaps": func(s *disclosure.Shape, _ *[]disclosure.Counts) { s.Schemes = [][][]int{{{0}}} },
		"areas near nothing":       func(s *disclosure.Shape, _ *[]disclosure.Counts) { s.Near = []int{} },
		"too many bands":           func(s *disclosure.Shape, _ *[]disclosure.Counts) { s.Bands = 65 },
		"an unknown parent":        func(s *disclosure.Shape, _ *[]disclosure.Counts) { s.Partitions = []disclosure.Partition{{Parent: 1}} },
		"parts above the parent": func(s *disclosure.Shape, c *[]disclosure.Counts) {
			s.Areas, s.Partitions = 2, []disclosure.Partition{{Parent: 0, Parts: []int{1}}}
			*c = append(good[:1:1], disclosure.Counts{Persons: [][]int64{{1}, {3}}})
		},
	} {
		s, c := one, good
		f(&s, &c)
		if _, err := s.Table(c); !errors.Is(err, disclosure.ErrTable) {
			t.Errorf("%s: %v, want ErrTable", name, err)
		}
	}
}

// The small end-to-end fixture: one session with five visits, of one child, one adult, one older person and two unknown,
// in one municipality. Nothing of it is shown, on any level, but the zeros of the other municipality.
func TestSmallFixtureInTheGrid(t *testing.T) {
	s := disclosure.Shape{
		Areas: 4, Bands: 9, Schemes: schemes, Sexes: 3, Dimensions: []int{1, 1},
		Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1}}, {Parent: 1, Parts: []int{2, 3}}},
	}
	counts := drawSmall(rand.New(rand.NewPCG(1, 1)), s, 0)
	for _, a := range []int{0, 1, 2} {
		c := counts[a]
		c.Persons[7][0], c.Persons[4][1], c.Persons[0][1], c.Persons[8][2] = 1, 1, 1, 2
		c.Members[0][0], c.Members[1][0] = 5, 5
	}
	g := table(t, s, counts)
	mask := protect(t, g.Table, disclosure.DefaultK)
	for cell, v := range g.Values {
		if g.Kinds[cell] == disclosure.Subject && mask[cell] != (v > 0) {
			t.Errorf("cell %d = %d: hidden %t", cell, v, mask[cell])
		}
	}
}

// Persons who are all in one activity, which is shown, are as many as it has: the total cannot be hidden alone.
func TestOverlappingMembersBoundTheirTotal(t *testing.T) {
	s := disclosure.Shape{Areas: 4, Partitions: []disclosure.Partition{{Parent: 0, Parts: []int{1, 2, 3}}}, Dimensions: []int{2}}
	g := table(t, s, []disclosure.Counts{
		{Total: 64, Members: [][]int64{{40, 60}}}, {Total: 3, Members: [][]int64{{3, 2}}}, {Total: 11, Members: [][]int64{{0, 11}}}, {Total: 50, Members: [][]int64{{37, 47}}},
	})
	mask := protect(t, g.Table, 5)
	if hidden := mask[g.Total(2)]; !hidden || !mask[g.Member(2, 0, 1)] {
		t.Errorf("the total is hidden: %t; its only member: %t", hidden, mask[g.Member(2, 0, 1)])
	}
}
