// Package disclosure hides small cells of published tables, and as many others as it takes that the hidden ones cannot
// be calculated from what remains.
//
// # The rule
//
//  1. A cell of 1 … k−1 is hidden ([Small]). Zeros are shown, so everybody knows that a hidden cell is at least 1.
//  2. The members of a line that belong together ([Line.Together]: the age groups of an area, its sexes, its activities)
//     are all shown or all hidden, except zeros, and except what is published elsewhere anyway because it is all of
//     another shown cell. Members of whom something is not known do not belong to them ([Shape.Unknown]).
//  3. No line has exactly one unknown: a second member is hidden, or the total when all members are.
//  4. A published total leaves its hidden members room: total − shown members − number of hidden members ≥ k. Otherwise
//     another member is hidden, or the total when all members are.
//  5. The rules so far are necessary and not sufficient: in a table with rows and columns, hidden cells can be so few
//     that they can be solved although every line has room. So each hidden cell needs a proof: tables that agree with
//     everything published, in which the cell differs by k or more. For a cell without one, more is hidden (what blocks
//     the cheapest proof; lower [Table.Keep] first, so parts before totals and small areas before large ones) until there
//     is one, or until nothing but zeros is shown around it.
//
// # What an attacker can and cannot infer
//
// The attacker knows every published value, every line, every ceiling and floor, and that a hidden cell is not zero. Guarantee: the
// values that a hidden cell can have, to this attacker, reach over at least k (greatest − smallest ≥ k), or over all that
// its ceiling allows. The same holds for small unpublished cells; it does not for [Table.Exempt] ones. The proofs are tables
// of whole numbers, so nothing hangs on rounding; and hiding more never invalidates one.
//
// Not promised: that all values in between are possible, or how likely they are; anything against one of the people
// counted; anything against combining tables that are protected apart. Whatever adds up must be in one [Table] (visits of
// months to those of a quarter, say: areas of a [Shape] may be pairs of area and period), and one quantity that is
// published twice must have one mask.
//
// An attacker who runs this package and knows k is stronger: only tables that would be published like what he sees are
// possible to him. By trying all small tables: in a single line a hidden cell keeps k−1 possible values or more; in two
// rows of two columns at least two; in tables of two by three with few people some cells are known to him. A
// hidden cell that nothing around it explains is 1 … k−1 to him under any rule that hides small cells.
package disclosure

import "slices"

// Protect returns the mask of the table for the threshold k. It is deterministic: equal tables get equal masks. Each pass
// costs time proportional to the number of cells times the lines that they are in.
//
// Errors: one wrapping [ErrTable] for a table that contradicts itself, with a nil mask; [ExposedError] with a mask.
func Protect(t Table, k int64) (Mask, error) {
	p, err := Begin(t, k)
	if p == nil {
		return nil, err
	}
	return p.Mask(), err
}

// Protection is a protected table of which more can be hidden later: the proofs that were found stay, so that costs only what
// the new cells call for.
type Protection struct {
	protector *protector
	prover    *prover
}

// Begin is [Protect], to go on with.
func Begin(t Table, k int64) (*Protection, error) {
	if err := t.check(k); err != nil {
		return nil, err
	}
	p := newProtector(&t, k)
	return begin(&Protection{p, newProver(p)})
}

func begin(started *Protection) (*Protection, error) {
	t, k := started.protector.t, started.protector.k
	var cells []int
	for c, v := range t.Values {
		if Small(v, k) || t.Marked != nil && t.Marked[c] {
			cells = append(cells, c)
		}
	}
	return started, started.Hide(cells)
}

// Mask returns what is hidden, also after more was.
func (p *Protection) Mask() Mask { return p.protector.hidden }

// Hide hides these cells, as if they were [Table.Marked], and what else that takes. The error may be an [ExposedError]: of the
// cells that it hid.
func (p *Protection) Hide(cells []int) error {
	for _, c := range cells {
		p.protector.hide(int32(c))
	}
	p.protector.settle()
	if exposed := p.prover.prove(); len(exposed) > 0 {
		return &ExposedError{exposed}
	}
	return nil
}

// protector is the state of a [Protection]: a mask that only grows.
type protector struct {
	t      *Table
	k      int64
	hidden Mask
	// lines of a cell and cells of a line, as lists in one array each. An entry is the index shifted left by one; its
	// lowest bit tells that the cell is the line's total.
	cellAt, cellLines []int32
	lineAt, lineCells []int32
	unknown           []int32 // cells of each line that are hidden or unpublished
	secret            []int32 // those of them that are hidden
	queue             []int32 // lines to look at again
	queued            []bool
	fresh             []int32             // cells that still need a proof
	generation        int32               // how often the mask has grown, plus 1
	zeros             int                 // how many of the hidden cells are 0
	watch             func(table []int64) // sees every table of a proof; nil outside of tests
}

func newProtector(t *Table, k int64) *protector {
	p := &protector{
		t: t, k: k, hidden: make(Mask, len(t.Values)), generation: 1,
		unknown: make([]int32, len(t.Lines)), secret: make([]int32, len(t.Lines)), queued: make([]bool, len(t.Lines)),
	}
	p.index()
	for c, v := range t.Values {
		if !p.isUnknown(int32(c)) {
			continue
		}
		for _, e := range p.linesOf(int32(c)) {
			p.unknown[e>>1]++
		}
		if t.kind(c) == Unpublished && Small(v, k) {
			p.fresh = append(p.fresh, int32(c))
		}
	}
	return p
}

// index fills the two lists; the total stands last among the cells of its line.
func (p *protector) index() {
	p.cellAt = make([]int32, len(p.t.Values)+1)
	p.lineAt = make([]int32, len(p.t.Lines)+1)
	each := func(visit func(line, cell, total int32)) {
		for i, l := range p.t.Lines {
			for _, m := range l.Members {
				visit(int32(i), int32(m), 0)
			}
			visit(int32(i), int32(l.Total), 1)
		}
	}
	each(func(line, cell, _ int32) {
		p.cellAt[cell+1]++
		p.lineAt[line+1]++
	})
	for _, at := range [][]int32{p.cellAt, p.lineAt} {
		for i := 1; i < len(at); i++ {
			at[i] += at[i-1]
		}
	}
	p.cellLines = make([]int32, p.cellAt[len(p.cellAt)-1])
	p.lineCells = make([]int32, len(p.cellLines))
	nextCell, nextLine := slices.Clone(p.cellAt), slices.Clone(p.lineAt)
	each(func(line, cell, total int32) {
		p.cellLines[nextCell[cell]] = line<<1 | total
		p.lineCells[nextLine[line]] = cell<<1 | total
		nextCell[cell]++
		nextLine[line]++
	})
}

func (p *protector) linesOf(cell int32) []int32 { return p.cellLines[p.cellAt[cell]:p.cellAt[cell+1]] }
func (p *protector) cellsOf(line int32) []int32 { return p.lineCells[p.lineAt[line]:p.lineAt[line+1]] }

func (p *protector) isUnknown(cell int32) bool {
	return p.hidden[cell] || p.t.kind(int(cell)) >= Unpublished
}

// floor is the smallest value that a proof gives to an unknown cell. Zeros are hidden only by marks.
func (p *protector) floor(cell int32) int64 {
	if p.hidden[cell] {
		return p.bottom(cell)
	}
	return p.t.floor(int(cell))
}

// bottom is the floor of a hidden cell.
func (p *protector) bottom(cell int32) int64 {
	return max(p.t.floor(int(cell)), min(1, p.t.Values[cell]))
}

// hideable reports whether hiding the cell would take something away from an attacker.
func (p *protector) hideable(cell int32) bool {
	return !p.hidden[cell] && p.t.Values[cell] > 0 && p.t.kind(int(cell)) == Subject
}

// hide hides the cell and all that vanishes with it.
func (p *protector) hide(cell int32) {
	if p.hidden[cell] || p.t.kind(int(cell)) != Subject {
		return
	}
	p.hidden[cell] = true
	p.generation++
	if p.t.Values[cell] == 0 {
		p.zeros++
	}
	if !p.t.exempt(int(cell), p.k) {
		p.fresh = append(p.fresh, cell)
	}
	for _, e := range p.linesOf(cell) {
		line := e >> 1
		p.unknown[line]++
		p.secret[line]++
		p.enqueue(line)
		if e&1 == 0 && p.t.Values[cell] > 0 {
			p.hideTogether(line)
		}
	}
}

func (p *protector) hideTogether(line int32) {
	l := &p.t.Lines[line]
	for _, m := range l.Members[:l.Together] {
		if p.hideable(int32(m)) && !p.published(int32(m)) {
			p.hide(int32(m))
		}
	}
}

// published reports whether a cell that is not small is published in another place: it is all of a shown total, or all
// that a total has, the other members being shown zeros. Hiding it alone would hide nothing.
func (p *protector) published(cell int32) bool {
	if p.t.Values[cell] < p.k {
		return false
	}
	for _, e := range p.linesOf(cell) {
		if twin := p.twin(e>>1, cell); twin >= 0 && !p.isUnknown(twin) {
			return true
		}
	}
	return false
}

// twin returns the other cell of a line that has only two, a total and a member, besides shown zeros; −1 if it has more.
func (p *protector) twin(line, cell int32) int32 {
	twin := int32(-1)
	for _, e := range p.cellsOf(line) {
		c := e >> 1
		if c == cell || p.t.Values[c] == 0 && !p.isUnknown(c) {
			continue
		}
		if twin >= 0 {
			return -1
		}
		twin = c
	}
	return twin
}

func (p *protector) enqueue(line int32) {
	if !p.queued[line] {
		p.queued[line] = true
		p.queue = append(p.queue, line)
	}
}

// settle applies rules 3 and 4 to every line that changed, until nothing changes.
func (p *protector) settle() {
	for len(p.queue) > 0 {
		line := p.queue[0]
		p.queue = p.queue[1:]
		p.queued[line] = false
		if p.secret[line] == 0 {
			continue
		}
		room := p.room(line)
		if p.unknown[line] > 1 && room >= p.k {
			continue
		}
		if c := p.choose(line, p.k-room); c >= 0 {
			p.hide(c)
			p.enqueue(line)
		}
	}
}

// room returns how much the unknown cells of a line exceed their floors together; unlimited if the total is unknown.
func (p *protector) room(line int32) int64 {
	l := &p.t.Lines[line]
	if p.isUnknown(int32(l.Total)) {
		return unlimited
	}
	var room int64
	for _, m := range l.Members {
		if p.isUnknown(int32(m)) {
			room += p.t.Values[m] - p.floor(int32(m))
		}
	}
	return room
}

// choose returns what to hide next in a line: the smallest shown member that exceeds 1 by what is missing, else the
// greatest, else the total; −1 if nothing is left.
func (p *protector) choose(line int32, missing int64) int32 {
	best := int32(-1)
	for _, e := range p.cellsOf(line) {
		c := e >> 1
		if !p.hideable(c) || e&1 == 1 && best >= 0 {
			continue
		}
		if best < 0 || p.better(c, best, missing) {
			best = c
		}
	}
	return best
}

// better reports whether hiding a rather than b serves: what goes first by [Table.Keep]; what makes enough room; the
// smallest that does, or the greatest that does not; the first.
func (p *protector) better(a, b int32, missing int64) bool {
	if ka, kb := p.t.keep(int(a)), p.t.keep(int(b)); ka != kb {
		return ka < kb
	}
	va, vb := p.t.Values[a], p.t.Values[b]
	enoughA, enoughB := va-p.bottom(a) >= missing, vb-p.bottom(b) >= missing
	switch {
	case enoughA != enoughB:
		return enoughA
	case va == vb:
		return a < b
	default:
		return enoughA == (va < vb)
	}
}
