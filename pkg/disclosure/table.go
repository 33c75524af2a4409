package disclosure

import (
	"errors"
	"fmt"
)

// Kind says what an attacker sees of a cell.
type Kind uint8

// The kinds of cells.
const (
	// Subject cells are published unless the mask hides them.
	Subject Kind = iota
	// Open cells are always published: they say nothing about a person, or are known from elsewhere.
	Open
	// Unpublished cells are never published, but may be calculated from cells that are: the single age bands between the
	// groups of two schemes, or what a county has beside its municipalities. One that is small (1 … k−1) is protected
	// like a hidden one, by hiding what it could be calculated from.
	Unpublished
	// Elsewhere cells are hidden, and protected in another table.
	Elsewhere
)

// Line is an equation that everybody knows: the members add up to the total. Cells are indexes into [Table.Values].
type Line struct {
	Total   int
	Members []int
	// Together is how many of the first members appear and vanish together: as soon as any member is hidden, all of
	// these are. 0 for a line whose members are hidden one by one.
	Together int
}

// Table is what one quantity looks like in one period: its cells and all that ties them.
type Table struct {
	Values   []int64
	Lines    []Line
	Kinds    []Kind  // nil: every cell is a [Subject]
	Marked   []bool  // hidden for another reason: a mask that only grows, a small denominator; nil: none
	Ceilings []int64 // a value that everybody knows the cell not to exceed, the population, say; nil: none, as is −1
	Floors   []int64 // a value that everybody knows the cell to have at least, some of it being published; nil: none
	Exempt   []bool  // hidden, if it is, for the sake of others: without a proof unless it is small; nil: none
	// Keep orders cells for the choice what else to hide: lower ones go first; nil: all equal.
	Keep []int

	moves *mover // of a [Grid]: finds proofs faster
}

// Mask says of each cell whether it is hidden. It is false for [Open] and [Unpublished] cells.
type Mask []bool

// Or returns the mask that hides what either hides. Masks of one table may be united: what is protected stays protected.
func (m Mask) Or(o Mask) Mask {
	union := make(Mask, len(m))
	for i := range m {
		union[i] = m[i] || o[i]
	}
	return union
}

// Count returns how many cells are hidden.
func (m Mask) Count() int {
	n := 0
	for _, hidden := range m {
		if hidden {
			n++
		}
	}
	return n
}

// ErrTable is wrapped by the error for a table that contradicts itself.
var ErrTable = errors.New("disclosure: impossible table")

// ExposedError lists protected cells for which no proof was found, because what gives them away is [Open] or bounded by
// [Table.Ceilings]. The mask that comes with it hides all that could be hidden about them: of these cells nobody learns more
// than if no [Subject] but zeros were published. See also [Table.Told].
type ExposedError struct{ Cells []int }

func (e *ExposedError) Error() string {
	return fmt.Sprintf("disclosure: %d cells cannot be protected, the first is %d", len(e.Cells), e.Cells[0])
}

func (t *Table) kind(cell int) Kind {
	if t.Kinds == nil {
		return Subject
	}
	return t.Kinds[cell]
}

func (t *Table) keep(cell int) int {
	if t.Keep == nil {
		return 0
	}
	return t.Keep[cell]
}

// ceiling returns the greatest value that the cell may be thought to have.
func (t *Table) ceiling(cell int) int64 {
	if t.Ceilings == nil || t.Ceilings[cell] < 0 {
		return unlimited
	}
	return t.Ceilings[cell]
}

// floor returns the smallest value that the cell may be thought to have if it is not hidden; one that is has 1 at least.
func (t *Table) floor(cell int) int64 {
	if t.Floors == nil {
		return 0
	}
	return t.Floors[cell]
}

// exempt reports whether a hidden cell needs no proof.
func (t *Table) exempt(cell int, k int64) bool {
	return t.Exempt != nil && t.Exempt[cell] && !Small(t.Values[cell], k)
}

const unlimited = int64(1) << 62

// check returns every fault of the table, at most ten.
func (t *Table) check(k int64) error {
	var faults []error
	fault := func(format string, args ...any) {
		if len(faults) < 10 {
			faults = append(faults, fmt.Errorf("%w: %s", ErrTable, fmt.Sprintf(format, args...)))
		}
	}
	if k < 1 {
		fault("threshold %d is below 1", k)
	}
	for name, n := range map[string]int{"kinds": len(t.Kinds), "marks": len(t.Marked), "ceilings": len(t.Ceilings), "floors": len(t.Floors), "exemptions": len(t.Exempt), "keeps": len(t.Keep)} {
		if n != 0 && n != len(t.Values) {
			fault("%d %s for %d cells", n, name, len(t.Values))
		}
	}
	if len(faults) == 0 {
		t.checkCells(fault)
		t.checkLines(fault)
	}
	return errors.Join(faults...)
}

func (t *Table) checkCells(fault func(string, ...any)) {
	for i, v := range t.Values {
		if v < 0 || v > unlimited {
			fault("cell %d is %d", i, v)
		}
		if v < t.floor(i) {
			fault("cell %d is %d, below its floor %d", i, v, t.floor(i))
		}
		if v > t.ceiling(i) {
			fault("cell %d is %d, above its ceiling %d", i, v, t.ceiling(i))
		}
	}
}

func (t *Table) checkLines(fault func(string, ...any)) {
	for i, l := range t.Lines {
		if l.Total < 0 || l.Total >= len(t.Values) || l.Together < 0 || l.Together > len(l.Members) {
			fault("line %d has total %d, %d of %d members together", i, l.Total, l.Together, len(l.Members))
			continue
		}
		var sum int64
		for _, m := range l.Members {
			if m < 0 || m >= len(t.Values) {
				fault("line %d has member %d", i, m)
				continue
			}
			sum += t.Values[m]
		}
		if sum != t.Values[l.Total] {
			fault("line %d: members add up to %d, the total is %d", i, sum, t.Values[l.Total])
		}
	}
}
