package disclosure_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"vointi.fi/pkg/disclosure"
)

// A made-up region of the size that the product is for: a country of three counties, which are regions too, twelve
// municipalities and a city with nine service areas, with residents in thousands.
type place struct {
	residents float64
	county    int // 1 … 3; 0 for a service area of the city
}

var towns = []place{
	{15, 1},
	{12, 1},
	{8, 2},
	{2.7, 2},
	{18, 2},
	{23, 2},
	{6.5, 2},
	{4.3, 2},
	{120, 2},
	{16, 2},
	{2.9, 2},
	{3.5, 2},
	{55, 0},
	{11, 0},
	{22, 0},
	{14, 0},
	{17, 0},
	{24, 0},
	{25, 0},
	{10, 0},
	{15, 0},
}

// Areas 0 country, 1–3 counties, 4–6 regions, 7 the city, then the towns.
const firstTown, city = 8, 7

// region returns the shape of n such regions beside each other in one country.
func region(n int) disclosure.Shape {
	s := disclosure.Shape{Areas: 1, Bands: 9, Schemes: schemes, Sexes: 3, Dimensions: []int{9, 20}}
	country := [2]disclosure.Partition{}
	for range n {
		at := s.Areas - 1 // the numbers above are those of the first region
		parts := map[int][]int{}
		for i, t := range towns {
			to := t.county
			if to == 0 {
				to = city
			}
			parts[to] = append(parts[to], at+firstTown+i)
		}
		parts[3] = []int{at + city}
		for c := 1; c <= 3; c++ {
			country[0].Parts = append(country[0].Parts, at+c)
			country[1].Parts = append(country[1].Parts, at+3+c)
			s.Partitions = append(s.Partitions, disclosure.Partition{Parent: at + c, Parts: parts[c]}, disclosure.Partition{Parent: at + 3 + c, Parts: parts[c]})
		}
		s.Partitions = append(s.Partitions, disclosure.Partition{Parent: at + city, Parts: parts[city]})
		s.Areas += firstTown - 1 + len(towns)
	}
	s.Partitions = append(s.Partitions, country[:]...)
	return s
}

// visits draws what happens in the region: so many visits in all, by the towns' sizes, ages and sexes as participants
// have them, a share of them anonymous.
func visits(r *rand.Rand, s disclosure.Shape, total, anonymous float64) []disclosure.Counts {
	ages := []float64{.12, .06, .02, .08, .30, .13, .15, .14}
	counts := drawSmall(r, s, 0)
	residents := 0.0
	for _, t := range towns {
		residents += t.residents
	}
	for a := range counts {
		town := (a-1)%(firstTown-1+len(towns)) + 1 - firstTown
		if a == 0 || town < 0 {
			continue
		}
		mean := total * towns[town].residents / residents
		c := &counts[a]
		for b, share := range ages {
			c.Persons[b][0] = poisson(r, mean*(1-anonymous)*share*0.42)
			c.Persons[b][1] = poisson(r, mean*(1-anonymous)*share*0.58)
		}
		c.Persons[8][2] = poisson(r, mean*anonymous)
		n := int64(0)
		for _, row := range c.Persons {
			n += row[0] + row[1] + row[2]
		}
		for range n {
			c.Members[0][min(r.IntN(9), r.IntN(9))]++
			c.Members[1][(a*7+min(r.IntN(5), r.IntN(5)))%20]++
		}
	}
	sumUp(s, counts)
	return counts
}

// sumUp fills the parents, the lowest first, each from its first partition.
func sumUp(s disclosure.Shape, counts []disclosure.Counts) {
	done := map[int]bool{}
	var fill func(a int)
	fill = func(a int) {
		for _, p := range s.Partitions {
			if p.Parent != a || done[a] {
				continue
			}
			done[a] = true
			for _, part := range p.Parts {
				fill(part)
				gather(&counts[a], counts[part])
			}
		}
	}
	for _, p := range s.Partitions {
		fill(p.Parent)
	}
}

func poisson(r *rand.Rand, mean float64) int64 {
	if mean > 50 {
		return max(0, int64(mean+math.Sqrt(mean)*r.NormFloat64()+0.5))
	}
	n, p := int64(0), r.Float64()
	for limit := math.Exp(-mean); p > limit; n++ {
		p *= r.Float64()
	}
	return n
}

// Protection must leave something to see: of a month with 28 000 visits everything above the municipalities, and their
// totals; of one with 7 000 the totals and eviva3 above them.
func TestWhatRemainsVisible(t *testing.T) {
	for _, c := range []struct {
		total  float64
		hidden float64 // share of all published cells that are not zero, at most
		groups bool    // report5 and age by sex are all shown above the municipalities
	}{{7_000, 0.50, false}, {28_000, 0.15, true}, {84_000, 0.04, true}, {330_000, 0.01, true}} {
		t.Run(fmt.Sprint(c.total), func(t *testing.T) {
			s := region(1)
			g := table(t, s, visits(rand.New(rand.NewPCG(1, 1)), s, c.total, 0.3))
			mask := protect(t, g.Table, 5)
			published, hidden := 0, 0
			for cell, v := range g.Values {
				if v > 0 && g.Kinds[cell] == disclosure.Subject {
					published++
					if mask[cell] {
						hidden++
					}
				}
			}
			t.Logf("%d of %d cells hidden", hidden, published)
			if share := float64(hidden) / float64(published); share > c.hidden {
				t.Errorf("%.0f %% of the cells are hidden, want at most %.0f %%", 100*share, 100*c.hidden)
			}
			for a := range city + 1 {
				cells := []int{g.Total(a)}
				for i := range 3 {
					cells = append(cells, g.Person(a, 0, i, disclosure.All))
				}
				for i := 0; i < 4 && c.groups; i++ {
					cells = append(cells, g.Person(a, 1, i, disclosure.All), g.Person(a, 0, min(i, 2), 0))
				}
				for _, cell := range cells {
					if mask[cell] {
						t.Errorf("area %d: cell %d = %d is hidden", a, cell, g.Values[cell])
					}
				}
			}
		})
	}
}

func BenchmarkProtect(b *testing.B) {
	for _, regions := range []int{1, 12, 350} {
		s := region(regions)
		g := table(b, s, visits(rand.New(rand.NewPCG(1, 1)), s, 28_000, 0.3))
		b.Run(fmt.Sprintf("cells=%d", len(g.Values)), func(b *testing.B) {
			hidden := 0
			for b.Loop() {
				mask, err := disclosure.Protect(g.Table, 5)
				if err != nil {
					b.Fatal(err)
				}
				hidden = mask.Count()
			}
			b.ReportMetric(float64(hidden)/float64(len(g.Values)), "hidden/cell")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(g.Values)), "ns/cell")
		})
	}
}
