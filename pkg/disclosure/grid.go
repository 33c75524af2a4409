package disclosure

import (
	"fmt"
	"math/bits"
	"slices"
)

// additive says of each dimension whether its members fit into the total everywhere.
func (s Shape) additive(counts []Counts) []bool {
	additive := make([]bool, len(s.Dimensions))
	for d := range additive {
		additive[d] = true
		for _, c := range counts {
			additive[d] = additive[d] && sum(c.Members[d]) <= total(c)
		}
	}
	return additive
}

// overlapping says of each dimension that does not add up which bounds hold everywhere, so that everybody knows them: no
// member has more than the total, and all members together have no less.
func (s Shape) overlapping(counts []Counts, additive []bool) []overlap {
	overlaps := make([]overlap, len(s.Dimensions))
	for d := range overlaps {
		if additive[d] {
			continue
		}
		o := overlap{true, true}
		for _, c := range counts {
			o.within = o.within && slices.Max(append(c.Members[d], 0)) <= total(c)
			o.covers = o.covers && sum(c.Members[d]) >= total(c)
		}
		overlaps[d] = o
	}
	return overlaps
}

func total(c Counts) int64 {
	if len(c.Persons) == 0 {
		return c.Total
	}
	var n int64
	for _, row := range c.Persons {
		n += sum(row)
	}
	return n
}

func sum(xs []int64) (n int64) {
	for _, x := range xs {
		n += x
	}
	return n
}

// values returns the cells of one area in the order of their numbers.
func (g *Grid) values(c Counts, additive []bool) []int64 {
	vs := make([]int64, g.stride)
	width := g.sexes()
	vs[0] = total(c)
	for b, row := range c.Persons {
		for i, s := range g.sets {
			if g.shape.Bands > 0 && s.bands&(1<<b) == 0 {
				continue
			}
			if i > 0 {
				vs[i*width] += sum(row)
			}
			for sex := range width - 1 {
				vs[i*width+1+sex] += row[sex]
			}
		}
	}
	at := len(g.sets) * width
	for d, members := range c.Members {
		copy(vs[at:], members)
		at += len(members)
		if additive[d] {
			vs[at] = vs[0] - sum(members)
		}
		at++
	}
	return vs
}

// remainders returns, as one more area each, what the parents of partitions have beyond their parts.
func (g *Grid) remainders(all [][]int64) ([][]int64, error) {
	var rests [][]int64
	for i, p := range g.shape.Partitions {
		rest := append([]int64(nil), all[p.Parent]...)
		some := false
		for c := range rest {
			for _, part := range p.Parts {
				rest[c] -= all[part][c]
			}
			switch {
			case p.Whole:
				if rest[c] != 0 {
					g.loose[[2]int{i, c}] = true
				}
			case rest[c] >= 0:
				some = some || rest[c] > 0
			case c < len(g.sets)*g.sexes():
				return nil, fmt.Errorf("%w: partition %d: the parts of area %d exceed it by %d", ErrTable, i, p.Parent, -rest[c])
			default:
				rest[c] = 0
				g.loose[[2]int{i, c}] = true
			}
		}
		if some {
			p.Parts = append(append([]int(nil), p.Parts...), g.areas)
			g.areas++
			rests = append(rests, rest)
		}
		g.partitions = append(g.partitions, p)
	}
	return rests, nil
}

// fill writes the cells of all areas.
func (g *Grid) fill(all [][]int64) {
	heights := g.heights()
	n := g.areas * g.stride
	g.Values, g.Kinds, g.Keep = make([]int64, 0, n), make([]Kind, n), make([]int, n)
	for a, vs := range all {
		g.Values = append(g.Values, vs...)
		for c := range vs {
			published, keep := g.rank(c)
			if !published || a >= g.shape.Areas {
				g.Kinds[a*g.stride+c] = Unpublished
			}
			g.Keep[a*g.stride+c] = keep*maxHeight + min(heights[a], maxHeight-1)
		}
	}
	g.closeRemainders()
}

// closeRemainders notes that everybody knows a dimension to leave nothing of the total, if it never does.
func (g *Grid) closeRemainders() {
	for d, n := range g.shape.Dimensions {
		left := int64(0)
		for a := range g.areas {
			left += g.Values[g.Member(a, d, n)]
		}
		for a := 0; a < g.areas && left == 0; a++ {
			g.Kinds[g.Member(a, d, n)] = Open
		}
	}
}

const maxHeight = 16

// heights returns how many levels of areas lie below each.
func (g *Grid) heights() []int {
	heights := make([]int, g.areas)
	for range maxHeight {
		for _, p := range g.partitions {
			for _, part := range p.Parts {
				heights[p.Parent] = max(heights[p.Parent], heights[part]+1)
			}
		}
	}
	return heights
}

// rank says of a cell, counted from its area's first, whether it is published, and how late it is hidden: totals last,
// then sexes, ages by scheme, members, and ages crossed with sexes first.
func (g *Grid) rank(c int) (published bool, keep int) {
	schemes := len(g.shape.Schemes)
	width := g.sexes()
	if c >= len(g.sets)*width {
		return !g.isRemainder(c), 2 * schemes
	}
	set, crossed := g.sets[c/width], c%width > 0
	switch {
	case g.shape.Unknown && crossed && c%width == width-1 && set.bands == g.unknown(): // most of those that are known as such
		return true, 3*schemes + 1
	case set.scheme < 0 && crossed:
		return true, 3*schemes + 1
	case set.scheme < 0:
		return true, 3*schemes + 2
	case crossed:
		return set.scheme < schemes, schemes - set.scheme
	default:
		return set.scheme < schemes, 2*schemes + schemes - set.scheme
	}
}

// unknown returns the bands of those whose age is not known.
func (g *Grid) unknown() uint64 {
	groups := g.groups[0]
	return g.sets[groups[len(groups)-1]].bands
}

// isRemainder reports whether a cell is what a dimension's members leave of the total.
func (g *Grid) isRemainder(c int) bool {
	at := len(g.sets) * g.sexes()
	for _, n := range g.shape.Dimensions {
		if at += n + 1; c == at-1 {
			return true
		}
	}
	return false
}

// areaLines adds the lines within one area.
func (g *Grid) areaLines(area int, additive []bool) {
	for sex := All; sex < g.sexes()-1; sex++ {
		for scheme := range g.groups {
			g.schemeLine(area, scheme, sex)
		}
		g.bandLines(area, sex)
	}
	if g.sexes() > 1 {
		for set := range g.sets {
			g.sexLine(area, set)
		}
	}
	for d, n := range g.shape.Dimensions {
		if !additive[d] {
			continue
		}
		l := Line{Total: g.Total(area), Together: n}
		for m := range n + 1 {
			l.Members = append(l.Members, g.Member(area, d, m))
		}
		g.Lines = append(g.Lines, l)
	}
}

// schemeLine: the groups of a scheme, and what it leaves, are everybody. The groups that no more important scheme has
// vanish together; the others stay as long as theirs does, and those of unknown age as long as they tell nothing.
func (g *Grid) schemeLine(area, scheme, sex int) {
	l := Line{Total: g.cell(area, 0, sex)}
	for _, own := range []bool{true, false} {
		for i, set := range g.groups[scheme] {
			unknown := g.shape.Unknown && i == len(g.groups[scheme])-1
			if (g.sets[set].scheme == scheme && !unknown) == own {
				l.Members = append(l.Members, g.cell(area, set, sex))
			}
		}
		if own {
			l.Together = len(l.Members)
		}
	}
	if rest := g.rest(scheme); rest != 0 {
		l.Members = append(l.Members, g.cell(area, g.set(rest, 0), sex))
	}
	g.Lines = append(g.Lines, l)
}

// bandLines: every set of several bands is the sum of its bands, so schemes with other cuts tell on each other.
func (g *Grid) bandLines(area, sex int) {
	if len(g.shape.Schemes) < 2 {
		return
	}
	for i, s := range g.sets {
		if i == 0 || bits.OnesCount64(s.bands) < 2 {
			continue
		}
		l := Line{Total: g.cell(area, i, sex)}
		for b := range g.shape.Bands {
			if s.bands&(1<<b) != 0 {
				l.Members = append(l.Members, g.cell(area, g.set(1<<b, 0), sex))
			}
		}
		g.Lines = append(g.Lines, l)
	}
}

// sexLine: the sexes are everybody of an age.
func (g *Grid) sexLine(area, set int) {
	l := Line{Total: g.cell(area, set, All), Together: g.shape.Sexes}
	if g.shape.Unknown {
		l.Together--
	}
	for sex := range g.shape.Sexes {
		l.Members = append(l.Members, g.cell(area, set, sex))
	}
	g.Lines = append(g.Lines, l)
}

// partitionLines: every cell of an area is the sum of that cell over its parts.
func (g *Grid) partitionLines(additive []bool) {
	for i, p := range g.partitions {
		for c := range g.stride {
			if g.skipped(c, additive) || g.loose[[2]int{i, c}] {
				continue
			}
			l := Line{Total: p.Parent*g.stride + c}
			for _, part := range p.Parts {
				l.Members = append(l.Members, part*g.stride+c)
			}
			g.Lines = append(g.Lines, l)
		}
	}
}

// skipped reports whether a cell is the remainder of a dimension that does not add up, and so is nothing.
func (g *Grid) skipped(c int, additive []bool) bool {
	at := len(g.sets) * g.sexes()
	for d, n := range g.shape.Dimensions {
		if at += n + 1; c == at-1 {
			return !additive[d]
		}
	}
	return false
}
