package disclosure

import (
	"errors"
	"fmt"
	"math/bits"
)

// All stands for the total of a breakdown in the lookups of [Grid].
const All = -1

// Partition says that an area consists of others. An area may be the parent of several partitions, one per hierarchy,
// and a part in several. What the parent has beyond its parts (visits at no known service area) is allowed for.
type Partition struct {
	Parent int
	Parts  []int
	// Whole: the parent has nothing beyond its parts. A cell for which that is not so is no line.
	Whole bool
}

// Shape is what is published of one quantity in one period: area × age group × sex, and area × member of each dimension,
// never crossed. Areas, age bands, sexes, dimensions and members are numbered from 0. Quantities without age or sex have
// Bands or Sexes 0.
type Shape struct {
	Areas      int
	Partitions []Partition
	// Bands is the number of elementary age bands, the unknown age included, at most 64. They are not published.
	Bands int
	// Schemes lists, for each published age scheme, the bands of each of its groups. Groups of one scheme do not overlap
	// and need not cover all bands. The first scheme is the one that is hidden last; it must cover them.
	Schemes [][][]int
	Sexes   int // the unknown sex included
	// Unknown says that the last group of each scheme and the last sex are those of whom it is not known. They are no
	// group of people: they do not vanish together with the others, only where these could be calculated from them.
	Unknown bool
	// Near numbers the areas by what lies close together, −1 where that is close to all of them: months and their quarter, beside
	// their year. A proof is sought there first. nil: all are close. It decides how much is hidden, not what is safe.
	Near []int
	// Dimensions is the number of members of each further breakdown.
	Dimensions []int
}

// Counts is what one area has. Total is needed without bands and sexes only; otherwise it is their sum.
type Counts struct {
	Total   int64
	Persons [][]int64 // [band][sex]; a missing breakdown has the length 1
	// Members is [dimension][member]. A dimension whose members exceed the total somewhere does not add up (persons in
	// several activities): its members are then no line, but bound the total and are bounded by it. No line either are a
	// member's cells of areas whose parts exceed them.
	Members [][]int64
}

// Grid is a [Table] made of a [Shape], with the numbers of its cells.
type Grid struct {
	Table
	shape      Shape
	sets       []ageSet
	groups     [][]int         // [scheme][group]: index into sets
	stride     int             // cells of an area
	areas      int             // with the remainders of partitions
	partitions []Partition     // with the remainders among the parts
	beyond     []int32         // what moves the cells that stand behind those of all areas
	follow     map[int32]bool  // those of them that move as the cells that they stand behind do
	additive   []bool          // of each dimension
	overlaps   []overlap       // of each dimension that does not add up
	loose      map[[2]int]bool // partition and cell of an area: members of which the parts have more than the parent
	own        int             // lines that moves of people keep balanced
	fixed      bool            // some cells cannot be hidden
}

// overlap is what everybody knows of a dimension whose members overlap.
type overlap struct {
	within bool // a member is part of the total
	covers bool // whoever is in the total is in a member
}

// ageSet is a set of elementary bands that is a cell: everybody, a group of a scheme, a single band, what a scheme leaves.
type ageSet struct {
	bands  uint64
	scheme int // the first scheme that publishes it; −1 everybody; len(Schemes) if none does
}

// Cells returns how many cells an area has; those of the first area are the first, and so on.
func (g *Grid) Cells() int { return g.stride }

// Fix says that a cell stays as it is: published already, say.
func (g *Grid) Fix(cell int) { g.Kinds[cell], g.fixed = Open, true }

// Total returns the cell of an area's total.
func (g *Grid) Total(area int) int { return g.cell(area, 0, All) }

// Person returns the cell of an area's age group and sex; [All] for group or sex is its total, and so for scheme.
func (g *Grid) Person(area, scheme, group, sex int) int {
	if scheme == All || group == All {
		return g.cell(area, 0, sex)
	}
	return g.cell(area, g.groups[scheme][group], sex)
}

// Member returns the cell of an area's member of a dimension.
func (g *Grid) Member(area, dimension, member int) int {
	at := area*g.stride + len(g.sets)*g.sexes()
	for _, n := range g.shape.Dimensions[:dimension] {
		at += n + 1
	}
	return at + member
}

func (g *Grid) cell(area, set, sex int) int {
	return area*g.stride + set*g.sexes() + sex + 1
}

// sexes returns how many cells a set of ages has: all, and each sex if there are several.
func (g *Grid) sexes() int {
	if g.shape.Sexes < 2 {
		return 1
	}
	return 1 + g.shape.Sexes
}

// Table returns the grid of these counts, one per area in order: its cells and every line between them, those that an
// attacker can work out over the unpublished age bands included. Errors wrap [ErrTable].
func (s Shape) Table(counts []Counts) (*Grid, error) {
	if err := s.check(counts); err != nil {
		return nil, err
	}
	g := &Grid{shape: s, areas: s.Areas, loose: map[[2]int]bool{}}
	g.addSets()
	g.stride = len(g.sets) * g.sexes()
	for _, n := range s.Dimensions {
		g.stride += n + 1
	}
	g.additive = s.additive(counts)
	additive := g.additive
	g.overlaps = s.overlapping(counts, additive)
	all := make([][]int64, 0, s.Areas+len(s.Partitions))
	for _, c := range counts {
		all = append(all, g.values(c, additive))
	}
	rests, err := g.remainders(all)
	if err != nil {
		return nil, err
	}
	g.fill(append(all, rests...))
	for a := range g.areas {
		g.areaLines(a, additive)
	}
	g.partitionLines(additive)
	g.own = len(g.Lines)
	g.moves = newMover(g)
	return g, nil
}

func (s Shape) check(counts []Counts) error {
	var faults []error
	fault := func(ok bool, format string, args ...any) {
		if !ok && len(faults) < 10 {
			faults = append(faults, fmt.Errorf("%w: %s", ErrTable, fmt.Sprintf(format, args...)))
		}
	}
	fault(len(counts) == s.Areas, "counts of %d areas for %d", len(counts), s.Areas)
	fault(s.Near == nil || len(s.Near) == s.Areas, "%d areas are near something, of %d", len(s.Near), s.Areas)
	fault(s.Bands <= 64, "%d age bands, at most 64", s.Bands)
	for _, p := range s.Partitions {
		for _, a := range append([]int{p.Parent}, p.Parts...) {
			fault(a >= 0 && a < s.Areas, "a partition names area %d of %d", a, s.Areas)
		}
	}
	for i, scheme := range s.Schemes {
		var seen uint64
		for _, group := range scheme {
			for _, b := range group {
				fault(b >= 0 && b < s.Bands && seen&(1<<b) == 0, "scheme %d: band %d is unknown or stands twice", i, b)
				seen |= 1 << b
			}
		}
		fault(i > 0 || bits.OnesCount64(seen) == s.Bands, "the first scheme does not cover all bands")
	}
	for i, c := range counts {
		fault(len(c.Persons) == s.Bands || s.Bands == 0 && len(c.Persons) <= 1, "area %d: %d age bands, want %d", i, len(c.Persons), s.Bands)
		for _, row := range c.Persons {
			fault(len(row) == max(s.Sexes, 1), "area %d: %d sexes, want %d", i, len(row), max(s.Sexes, 1))
		}
		fault(len(c.Members) == len(s.Dimensions), "area %d: %d dimensions, want %d", i, len(c.Members), len(s.Dimensions))
		for d := range min(len(c.Members), len(s.Dimensions)) {
			fault(len(c.Members[d]) == s.Dimensions[d], "area %d: dimension %d has %d members, want %d", i, d, len(c.Members[d]), s.Dimensions[d])
		}
	}
	return errors.Join(faults...)
}

// addSets lists the sets of bands that are cells, each once, whichever schemes share it.
func (g *Grid) addSets() {
	everybody := uint64(1)<<g.shape.Bands - 1
	g.sets = []ageSet{{everybody, -1}}
	for i, scheme := range g.shape.Schemes {
		indexes := make([]int, len(scheme))
		for j, group := range scheme {
			var bands uint64
			for _, b := range group {
				bands |= 1 << b
			}
			indexes[j] = g.set(bands, i)
		}
		g.groups = append(g.groups, indexes)
	}
	for i := range g.shape.Schemes {
		if rest := g.rest(i); rest != 0 {
			g.set(rest, len(g.shape.Schemes))
		}
	}
	if len(g.shape.Schemes) > 1 {
		for b := range g.shape.Bands {
			g.set(1<<b, len(g.shape.Schemes))
		}
	}
}

// rest returns the bands that a scheme does not cover.
func (g *Grid) rest(scheme int) uint64 {
	rest := g.sets[0].bands
	for _, set := range g.groups[scheme] {
		rest &^= g.sets[set].bands
	}
	return rest
}

// set returns the index of a set of bands, adding it if it is new.
func (g *Grid) set(bands uint64, scheme int) int {
	for i, s := range g.sets {
		if s.bands == bands {
			return i
		}
	}
	g.sets = append(g.sets, ageSet{bands, scheme})
	return len(g.sets) - 1
}
