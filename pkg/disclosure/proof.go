package disclosure

import (
	"math/rand/v2"
	"slices"
)

// A proof for a cell is a table of other values that agrees with everything an attacker knows. It is found by a move: a
// change of ±1 (times a step) in some unknown cells that leaves every line balanced. From the changed cell on, the search
// repairs one unbalanced line after the other, the one with the fewest unknown cells first, trying the cells that repair
// most and break least. Every table on the way counts for every cell it changes. In a [Grid] the moves of people come first, which
// are fast to find; what they do not prove is searched, since what is hidden for want of a proof is lost for good.

const (
	searchSteps    = 400 // lines repaired before a search gives up
	searchBreadth  = 4   // cells tried per line
	searchScan     = 64  // cells of a line looked at
	searchAttempts = 20  // searches before a cell has no proof
	searchLuck     = 3   // how much chance changes the order of cells in them
	gridSteps      = 150 // lines repaired in a grid, whose moves come first; of searches that find something one in 25 takes more
	gridAttempts   = 3   // searches before more is hidden that blocks them
	largeAttempts  = 8   // and in a large one of which much cannot be hidden, after that
	tablesKept     = 64  // of proofs, to begin with
	completion     = 20  // lines repaired that a grid's move leaves unbalanced
)

// prover searches for proofs; its mask is the protector's.
type prover struct {
	*protector
	current     []int64  // a table that agrees with what is known; between searches the true one
	changed     []int32  // cells in which it differs from the true one
	least, most []int64  // over all tables found
	change      []int8   // the move under way, by cell
	moved       []int32  // its cells
	balance     []int32  // Σ of its changes, by line
	broken      []ranked // lines whose balance is not 0
	place       []int32  // where a line stands in broken, plus 1
	step        int64
	budget      int
	steps       int        // lines that a search repairs
	tries       int        // searches
	luck        *rand.Rand // of attempts after the first, the same for equal tables
	attempts    int
	tables      [][]stand // of proofs, the last ones
	stuck       []int32   // lines that no cell could repair
	flood       flood
	bounds      bounds
	bound       []bool // cells in lines that were added to a grid's own; nil: there are none
}

// stand is what a cell has in a table of a proof, where that is not the true value.
type stand struct {
	cell  int32
	value int64
}

func newProver(p *protector) *prover {
	cells, lines := len(p.t.Values), len(p.t.Lines)
	s := &prover{
		protector: p,
		current:   slices.Clone(p.t.Values), least: slices.Clone(p.t.Values), most: slices.Clone(p.t.Values),
		change: make([]int8, cells), balance: make([]int32, lines), place: make([]int32, lines),
		bounds: bounds{zeros: -1},
		flood:  flood{cells: make([]int32, cells), lines: make([]int32, lines), barren: make([]int32, cells)},
	}
	if m := p.t.moves; m != nil && lines > m.g.own {
		s.bound = make([]bool, cells)
		for line := m.g.own; line < lines; line++ {
			for _, e := range p.cellsOf(int32(line)) {
				s.bound[e>>1] = true
			}
		}
	}
	return s
}

// prove finds a proof for every hidden and every small unpublished cell, hiding more where there is none. It returns the
// cells for which nothing helped.
func (s *prover) prove() (exposed []int) {
	for len(s.fresh) > 0 {
		work := s.fresh
		s.fresh = nil
		for _, c := range work {
			if s.bounds.zeros != s.zeros {
				s.bounds = s.tighten()
			}
			for !s.proven(c) && (s.fixed(c) || !s.search(c)) {
				var more []int32
				if !s.fixed(c) {
					more = s.escalate(c)
				}
				if len(more) == 0 {
					if !s.proven(c) && !s.proportional(c) {
						exposed = append(exposed, int(c))
					}
					break
				}
				for _, m := range more {
					s.hide(m)
				}
				s.settle()
			}
		}
	}
	slices.Sort(exposed)
	return exposed
}

// proven reports whether the tables found differ by k in this cell, or by all that its bounds allow.
func (s *prover) proven(cell int32) bool {
	reach := s.most[cell] - s.least[cell]
	return reach >= s.k || reach >= s.t.ceiling(int(cell))-s.floor(cell)
}

// fixed reports whether nothing that could be hidden makes more of the cell possible than was found.
func (s *prover) fixed(cell int32) bool {
	return s.most[cell]-s.least[cell] >= s.bounds.most[cell]-s.bounds.least[cell]
}

// search looks for tables with more and then with less in the cell, and reports whether it is proven. It looks near the cell first.
func (s *prover) search(cell int32) bool {
	s.stuck, s.luck = s.stuck[:0], nil
	s.steps, s.tries = s.patience()
	if s.confine(cell) {
		s.attempt(cell, nil)
		s.stuck, s.t.moves.near.only = s.stuck[:0], anywhere
	}
	for s.attempt(cell, nil); !s.proven(cell) && s.again(cell); s.attempt(cell, nil) {
	}
	return s.proven(cell)
}

// attempt moves the cell as far as it gets in each direction, beginning with a table.
func (s *prover) attempt(cell int32, from []stand) {
	for _, sign := range []int8{1, -1} {
		for _, of := range from {
			s.current[of.cell] = of.value
			s.changed = append(s.changed, of.cell)
		}
		if found := s.advances(cell, sign); found && s.t.moves != nil && s.t.moves.near.of != nil {
			s.keep()
		}
		for _, c := range s.changed {
			s.current[c] = s.t.Values[c]
		}
		s.changed = s.changed[:0]
	}
}

func (s *prover) advances(cell int32, sign int8) (found bool) {
	for !s.proven(cell) && s.advance(cell, sign) {
		found = true
	}
	return found
}

// keep keeps a table that was found, in the place of an older one if there are many.
func (s *prover) keep() {
	var table []stand
	for _, c := range s.changed {
		if s.current[c] != s.t.Values[c] {
			table = append(table, stand{c, s.current[c]})
		}
	}
	if len(s.tables) == tablesKept {
		s.tables = s.tables[1:]
	}
	s.tables = append(s.tables, table)
}

// retry searches on where chance leads elsewhere: among cells of which some cannot be hidden a grid's own moves are often blocked. It mostly
// begins with tables of other proofs, in which other cells have something to give. It reports whether the cell is proven.
func (s *prover) retry(cell int32) bool {
	if s.t.moves.near.of == nil || !s.t.moves.g.fixed {
		return false
	}
	s.steps, s.tries = gridSteps, largeAttempts
	for s.luck = nil; !s.proven(cell) && s.again(cell); {
		if s.attempts%2 == 1 {
			s.confine(cell)
		}
		var from []stand
		if len(s.tables) > 0 && s.attempts%4 != 0 {
			from = s.tables[s.luck.IntN(len(s.tables))]
		}
		s.attempt(cell, from)
		s.t.moves.near.only = anywhere
	}
	return s.proven(cell)
}

// again has the next attempt prefer other cells, and reports whether there should be one. A search that took a wrong turn early
// rarely finds back; another one may take the right one.
func (s *prover) again(cell int32) bool {
	if s.luck == nil {
		s.luck, s.attempts = rand.New(rand.NewPCG(uint64(cell), 0)), 0
	}
	s.attempts++
	return s.attempts < s.tries
}

// patience returns how many lines a search repairs, and how many searches there are before more is hidden.
func (s *prover) patience() (steps, tries int) {
	switch {
	case s.t.moves == nil:
		return searchSteps, searchAttempts
	case s.t.moves.near.of != nil: // the table is large, and more are made before hiding what blocks no move
		return searchSteps, 1
	default:
		return gridSteps, gridAttempts
	}
}

// advance finds one move of the cell in the given direction, as long a step as is needed or possible, and makes it.
func (s *prover) advance(cell int32, sign int8) bool {
	if s.step = 1; !s.fits(cell, sign) {
		return false
	}
	if s.t.moves != nil && s.luck == nil && s.propose(cell, sign) {
		return true
	}
	missing := s.missing(cell, sign)
	if s.leap(cell, sign, missing) {
		return true
	}
	if missing == 1 || !s.leap(cell, sign, 1) { // who cannot move one cannot move two
		return false
	}
	for step := missing / 2; step > 1 && !s.leap(cell, sign, step); step /= 2 {
	}
	return true
}

// leap finds a move of so many people, and makes it.
func (s *prover) leap(cell int32, sign int8, step int64) (found bool) {
	if s.step = step; !s.fits(cell, sign) {
		return false
	}
	s.budget = s.steps
	s.set(cell, sign)
	if found = s.repair() && s.possible(); found {
		s.apply()
	}
	s.clear()
	return found
}

// missing returns how far the cell must still go in this direction to be proven.
func (s *prover) missing(cell int32, sign int8) int64 {
	if sign > 0 {
		return s.least[cell] + s.k - s.current[cell]
	}
	return s.current[cell] - (s.most[cell] - s.k)
}

// possible reports whether a repaired table keeps what is known of dimensions whose members overlap.
func (s *prover) possible() bool {
	return s.t.moves == nil || s.t.moves.possible(s.moved, func(cell int32) int64 {
		return s.current[cell] + int64(s.change[cell])*s.step
	})
}

// fits reports whether the cell can take the change.
func (s *prover) fits(cell int32, change int8) bool {
	v := s.current[cell] + int64(change)*s.step
	return v >= s.bounds.least[cell] && v <= s.bounds.most[cell]
}

func (s *prover) apply() {
	for _, c := range s.moved {
		s.current[c] += int64(s.change[c]) * s.step
		s.changed = append(s.changed, c)
		s.least[c] = min(s.least[c], s.current[c])
		s.most[c] = max(s.most[c], s.current[c])
	}
	if s.watch != nil {
		s.watch(s.current)
	}
}

func (s *prover) clear() {
	for len(s.moved) > 0 {
		s.undo()
	}
}

func (s *prover) set(cell int32, change int8) {
	s.change[cell] = change
	s.moved = append(s.moved, cell)
	s.shift(cell, int32(change))
}

func (s *prover) undo() {
	cell := s.moved[len(s.moved)-1]
	s.moved = s.moved[:len(s.moved)-1]
	s.shift(cell, -int32(s.change[cell]))
	s.change[cell] = 0
}

// shift adds the change to the balance of the cell's lines, where a total counts negative.
func (s *prover) shift(cell, change int32) {
	for _, e := range s.linesOf(cell) {
		line := e >> 1
		was := s.balance[line]
		s.balance[line] += signed(e, change)
		switch {
		case was == 0:
			s.broken = append(s.broken, rankedLine(s.unknown[line], line))
			s.place[line] = int32(len(s.broken))
		case s.balance[line] == 0:
			s.unbreak(line)
		}
	}
}

func (s *prover) unbreak(line int32) {
	last := s.broken[len(s.broken)-1]
	at := s.place[line] - 1
	s.broken[at] = last
	s.place[last.line()] = at + 1
	s.broken = s.broken[:len(s.broken)-1]
	s.place[line] = 0
}

// signed turns the change around for the total of a line.
func signed(entry, change int32) int32 {
	if entry&1 == 1 {
		return -change
	}
	return change
}

// repair balances all broken lines, and reports whether it could.
func (s *prover) repair() bool {
	if len(s.broken) == 0 {
		return true
	}
	if s.budget == 0 {
		return false
	}
	s.budget--
	line := s.narrowest()
	options, n := s.options(line)
	if n == 0 {
		s.stuck = append(s.stuck, line)
	}
	for _, o := range options[:n] {
		s.set(o.cell, o.change)
		if s.repair() {
			return true
		}
		s.undo()
	}
	return false
}

// narrowest returns the broken line with the fewest unknown cells, the first of several.
func (s *prover) narrowest() int32 { return slices.Min(s.broken).line() }

// ranked is a line with its number of unknown cells above it, which stays during a search: looking through these alone is
// several times as fast.
type ranked int64

func rankedLine(unknown, line int32) ranked { return ranked(unknown)<<32 | ranked(line) }

func (r ranked) line() int32 { return int32(r) }

type option struct {
	cell   int32
	change int8
	score  int32 // lines repaired less lines broken
	spare  int64 // how far the cell can go on in this direction
}

// options returns the best cells to balance the line with, best first.
func (s *prover) options(line int32) (best [searchBreadth]option, n int) {
	scanned := 0
	for _, e := range s.cellsOf(line) {
		c := e >> 1
		change := signed(e, -s.balance[line])
		if !s.isUnknown(c) || s.away(c) || s.change[c] != 0 || change > 2 || change < -2 || !s.fits(c, int8(change)) {
			continue
		}
		if scanned++; scanned > searchScan {
			break
		}
		score, possible := s.score(c, change)
		if !possible {
			continue
		}
		if s.luck != nil {
			score += s.luck.Int32N(searchLuck)
		}
		o := option{c, int8(change), score, s.current[c] - s.floor(c)}
		if change > 0 {
			o.spare = unlimited
		}
		at := n
		for at > 0 && (best[at-1].score < score || best[at-1].score == score && best[at-1].spare < o.spare) {
			at--
		}
		if at == searchBreadth {
			continue
		}
		n = min(n+1, searchBreadth)
		copy(best[at+1:n], best[at:n-1])
		best[at] = o
	}
	return best, n
}

// score counts the lines that the change would balance, less those that it would break; it is not possible if it breaks
// a line in which the cell is the only unknown.
func (s *prover) score(cell, change int32) (score int32, possible bool) {
	for _, e := range s.linesOf(cell) {
		line := e >> 1
		was := s.balance[line]
		is := was + signed(e, change)
		switch {
		case is == 0:
			score++
		case was == 0:
			score--
			if s.unknown[line] == 1 {
				return 0, false
			}
		}
	}
	return score, true
}
