package disclosure

import "fmt"

// Apart adds what is published apart of those of unknown age and sex (see [Shape.Unknown]): a grid of the same areas and partitions, without
// ages and sexes, whose [Table.Marked] cells are hidden and whose others are shown. Where its total is shown that is a floor: so many are
// there at least. Where it is hidden it is a cell here, and so is what it leaves of those of unknown age, of unknown sex, and of both,
// together with all that bounds it: its members, and other areas. What it leaves is protected where it is small, as is the hidden total
// itself; those three numbers are hidden for its sake only.
// It returns an error that wraps [ErrTable] if the areas are others.
func (g *Grid) Apart(part *Grid) error {
	if part.shape.Areas != g.shape.Areas || len(part.partitions) != len(g.partitions) || len(g.groups) == 0 {
		return fmt.Errorf("%w: what is published apart has %d areas, not %d", ErrTable, part.shape.Areas, g.shape.Areas)
	}
	g.Exempt = make([]bool, len(g.Values))
	g.bounded()
	areas := g.areasOfPart(part)
	hidden := g.addPart(part, areas)
	rests := map[int]int{} // the cells of what is left of those of unknown age and sex, by area
	for a, area := range areas {
		unknown := g.unknownCells(area)
		total, ok := hidden[area]
		if !ok {
			for _, c := range unknown {
				g.Floors[c] = part.Values[part.Total(a)]
			}
			continue
		}
		for i, of := range unknown[:3] {
			rest := g.addCell(of, g.Values[of]-g.Values[total], Unpublished, 0)
			if i == 0 {
				rests[area] = rest
			}
			g.Lines = append(g.Lines, Line{Total: of, Members: []int{total, rest}})
			g.Exempt[of] = true
		}
	}
	for i, p := range g.partitions {
		if unknown := g.unknownCells(0)[0]; !part.loose[[2]int{i, 0}] && !g.loose[[2]int{i, unknown}] {
			g.addRests(p, rests)
		}
	}
	return nil
}

// Leaves adds what a cell leaves of a number that everybody knows it to be part of, in a grid without ages and sexes: floor at least, to
// everybody's knowledge. That is protected where it is small.
func (g *Grid) Leaves(cell int, of, floor int64) {
	g.bounded()
	total := g.addCell(cell, of, Open, 0)
	rest := g.addCell(cell, of-g.Values[cell], Unpublished, floor)
	g.Lines = append(g.Lines, Line{Total: total, Members: []int{cell, rest}})
}

// Consists adds that a cell is made of a number that everybody knows and of others, which are there at least as many as the floor, to everybody's
// knowledge. These others are protected where they are fewer than k.
func (g *Grid) Consists(cell int, of, floor, k int64) {
	g.bounded()
	g.Floors[cell] = max(g.Floors[cell], of+floor)
	rest := g.Values[cell] - of
	if !Small(rest, k) {
		return
	}
	known := g.addCell(cell, of, Open, 0)
	others := g.addCell(cell, rest, Unpublished, floor)
	g.Lines = append(g.Lines, Line{Total: cell, Members: []int{known, others}})
	if g.follow == nil {
		g.follow = map[int32]bool{}
	}
	g.follow[int32(others)] = true
}

// bounded gives every cell a floor.
func (g *Grid) bounded() {
	if g.Floors == nil {
		g.Floors = make([]int64, len(g.Values))
	}
}

// addPart adds what of the part is hidden and tied to a hidden total, and returns the cells of these totals, by area.
func (g *Grid) addPart(part *Grid, areas []int) map[int]int {
	part.seen()
	r, cells := part.reduced(func(c int) bool { return c%part.stride == 0 })
	first, totals := len(g.Values), map[int]int{}
	for i, c := range cells {
		kind, area := Open, 0
		if c >= 0 {
			kind, area = Elsewhere, areas[c/part.stride]
			if c%part.stride == 0 {
				kind, totals[area] = Unpublished, first+i
			}
		}
		g.addCell(g.unknownCells(area)[0], r.Values[i], kind, r.floor(i))
	}
	for _, l := range r.Lines {
		of := Line{Total: first + l.Total}
		for _, m := range l.Members {
			of.Members = append(of.Members, first+m)
		}
		g.Lines = append(g.Lines, of)
	}
	return totals
}

// addRests adds that what is left in an area is what is left in its parts. It follows from other lines, but a search would be lost long
// before it saw that.
func (g *Grid) addRests(p Partition, rests map[int]int) {
	cell := func(area int) (cell int, hidden bool) {
		if c, hidden := rests[area]; hidden {
			return c, true
		}
		return g.unknownCells(area)[0], false
	}
	total, any := cell(p.Parent)
	l := Line{Total: total}
	left := g.Values[total]
	for _, part := range p.Parts {
		c, hidden := cell(part)
		l.Members, any = append(l.Members, c), any || hidden
		left -= g.Values[c]
	}
	switch {
	case !any:
		return
	case left > 0:
		l.Members = append(l.Members, g.addCell(total, left, Open, 0))
	case left < 0:
		of := Line{Total: g.addCell(total, g.Values[total]-left, Elsewhere, 0)}
		of.Members = []int{l.Total, g.addCell(total, -left, Open, 0)}
		l.Total = of.Total
		g.Lines = append(g.Lines, of)
	}
	g.Lines = append(g.Lines, l)
}

// seen makes of a grid what its readers see of it: hidden cells are not 0, as zeros are shown.
func (g *Grid) seen() {
	g.Floors = make([]int64, len(g.Values))
	for c := range g.Values {
		switch {
		case g.Kinds[c] != Subject:
		case g.marked(c):
			g.Kinds[c], g.Floors[c] = Unpublished, min(g.Values[c], 1)
		default:
			g.Kinds[c] = Open
		}
	}
	g.Marked = nil
}

// areasOfPart returns the area here of each area of a part: remainders are those of the same partitions.
func (g *Grid) areasOfPart(part *Grid) []int {
	areas := make([]int, part.areas)
	for a := range part.shape.Areas {
		areas[a] = a
	}
	for i, p := range part.partitions {
		if last := p.Parts[len(p.Parts)-1]; last >= part.shape.Areas {
			of := g.partitions[i].Parts
			areas[last] = of[len(of)-1]
		}
	}
	return areas
}

// addCell adds a cell behind those of all areas, which a cell of an area moves: with others it is a sum of both.
func (g *Grid) addCell(by int, value int64, kind Kind, floor int64) int {
	g.Values, g.Kinds, g.Keep, g.Floors = append(g.Values, value), append(g.Kinds, kind), append(g.Keep, 0), append(g.Floors, floor)
	if g.Ceilings != nil {
		g.Ceilings = append(g.Ceilings, -1)
	}
	if g.Exempt != nil {
		g.Exempt = append(g.Exempt, false)
	}
	g.beyond = append(g.beyond, int32(by))
	return len(g.Values) - 1
}

// owner returns the cell of an area that a cell is, or stands behind.
func (g *Grid) owner(cell int32) int32 {
	for int(cell) >= g.areas*g.stride {
		cell = g.beyond[int(cell)-g.areas*g.stride]
	}
	return cell
}

// Area returns the number of a cell's area, also where the cell stands behind those of all areas; false if that is a remainder of a
// partition.
func (g *Grid) Area(cell int) (area int, ok bool) {
	area = int(g.areaOf(int32(cell)))
	return area, area < g.shape.Areas
}

// areaOf returns the area of a cell.
func (g *Grid) areaOf(cell int32) int32 { return g.owner(cell) / int32(g.stride) }

// movers returns the cells whose moves move a cell: itself, or the one that it stands behind; of what is left of those of unknown age, or
// sex, the other way those of whom neither is known, too. What a cell leaves of a known number only that moves, the other way.
func (g *Grid) movers(cell int32) []signedIndex {
	by := g.owner(cell)
	list := []signedIndex{{by, 1}}
	switch {
	case by == cell || g.follow[cell]:
	case len(g.groups) == 0:
		list[0].sign = -1
	default:
		if unknown := int32(g.unknownCells(int(g.areaOf(cell)))[0]); by != unknown {
			list = append(list, signedIndex{unknown, -1})
		}
	}
	return list
}

// unknownCells are the cells of those of unknown age and sex, of unknown age, of unknown sex, and of everybody.
func (g *Grid) unknownCells(area int) [4]int {
	set := g.groups[0][len(g.groups[0])-1]
	sex := g.sexes() - 2
	return [4]int{g.cell(area, set, sex), g.cell(area, set, All), g.cell(area, 0, sex), g.cell(area, 0, All)}
}
