package disclosure_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/disclosure"
)

// line makes a line of members whose total stands behind them, and appends the total's value.
func oneLine(values ...int64) disclosure.Table {
	t := disclosure.Table{Values: slices.Clone(values)}
	l := disclosure.Line{Total: len(values), Together: len(values)}
	var sum int64
	for i, v := range values {
		l.Members = append(l.Members, i)
		sum += v
	}
	t.Values = append(t.Values, sum)
	t.Lines = []disclosure.Line{l}
	return t
}

// grid makes a table of rows and columns with all its totals; the members of a row belong together.
// Cells row by row, each followed by its total; then the row of column totals.
func grid(rows ...[]int64) disclosure.Table {
	width := len(rows[0]) + 1
	var t disclosure.Table
	sums := make([]int64, width)
	for _, row := range rows {
		var sum int64
		for j, v := range row {
			t.Values = append(t.Values, v)
			sum += v
			sums[j] += v
		}
		t.Values = append(t.Values, sum)
		sums[width-1] += sum
	}
	t.Values = append(t.Values, sums...)
	for i := range len(rows) + 1 {
		l := disclosure.Line{Total: i*width + width - 1, Together: width - 1}
		for j := range width - 1 {
			l.Members = append(l.Members, i*width+j)
		}
		t.Lines = append(t.Lines, l)
	}
	for j := range width {
		l := disclosure.Line{Total: len(rows)*width + j}
		for i := range rows {
			l.Members = append(l.Members, i*width+j)
		}
		t.Lines = append(t.Lines, l)
	}
	return t
}

func protect(t *testing.T, table disclosure.Table, k int64) disclosure.Mask {
	t.Helper()
	mask, err := disclosure.Protect(table, k)
	if err != nil {
		t.Fatal(err)
	}
	return mask
}

func hidden(mask disclosure.Mask) []int {
	var cells []int
	for c, h := range mask {
		if h {
			cells = append(cells, c)
		}
	}
	return cells
}

func TestOneLine(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []int64
		want   []int // members 0 …, total last
	}{
		{"the small fixture: all, and the total, since 5 − 4 < 5", []int64{1, 1, 1, 2}, []int{0, 1, 2, 3, 4}},
		{"one small member hides the line; the total has room", []int64{3, 40, 20}, []int{0, 1, 2}},
		{"zeros are shown", []int64{3, 0, 40, 20}, []int{0, 2, 3}},
		{"a small member beside zeros is the total", []int64{3, 0, 0}, []int{0, 3}},
		{"room of exactly k", []int64{1, 6}, []int{0, 1}},
		{"room of k − 1", []int64{1, 5}, []int{0, 1, 2}},
		{"k is shown", []int64{5, 5, 5}, nil},
		{"nothing", []int64{0, 0}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := hidden(protect(t, oneLine(c.values...), disclosure.DefaultK)); !slices.Equal(got, c.want) {
				t.Errorf("hidden %v, want %v", got, c.want)
			}
		})
	}
}

// T28: rows A, B, C by 0–17, 18–64, 65+, and total.
func t28() disclosure.Table {
	return grid([]int64{12, 45, 3}, []int64{20, 60, 14}, []int64{8, 31, 9})
}

func maskOf(t disclosure.Table, cells ...int) disclosure.Mask {
	mask := make(disclosure.Mask, len(t.Values))
	for _, c := range cells {
		mask[c] = true
	}
	return mask
}

func feasible(t rapid.TB, table disclosure.Table, mask disclosure.Mask, floor int64) []disclosure.Range {
	t.Helper()
	ranges, err := disclosure.Feasible(table, mask, floor)
	if err != nil {
		t.Fatal(err)
	}
	return ranges
}

func TestT28(t *testing.T) {
	table := t28()
	const a65, a17, c65, c17 = 2, 0, 10, 8
	if got := feasible(t, table, maskOf(table, a65, a17, c65, c17), 0)[a65]; got != (disclosure.Range{Min: 0, Max: 12}) {
		t.Errorf("the safe pattern leaves %v, want 0 … 12", got)
	}
	if got := feasible(t, table, maskOf(table, a65, a17), 0)[a65]; got != (disclosure.Range{Min: 3, Max: 3}) {
		t.Errorf("the failing pattern leaves %v, want exactly 3", got)
	}

	mask := protect(t, table, 5)
	if got, want := hidden(mask), []int{0, 1, 2, 8, 9, 10}; !slices.Equal(got, want) {
		t.Errorf("hidden %v, want the rows A and C and no total: %v", got, want)
	}
	for c, r := range feasible(t, table, mask, 1) {
		if mask[c] && r.Width() < 5 {
			t.Errorf("cell %d can be narrowed to %v", c, r)
		}
	}
}

// Six hidden cells in a ring, every line with room, and yet each is known exactly: zeros break the table's other ways.
// The line rule alone leaves it; the proof does not.
func TestRingOfHiddenCells(t *testing.T) {
	table := grid([]int64{1, 9, 0}, []int64{0, 9, 1}, []int64{9, 0, 9})
	ring := maskOf(table, 0, 1, 5, 6, 8, 10)
	for _, c := range hidden(ring) {
		if r := feasible(t, table, ring, 1)[c]; r.Width() != 0 {
			t.Fatalf("cell %d has the range %v: the example shows nothing", c, r)
		}
	}
	mask := protect(t, table, 5)
	for c, r := range feasible(t, table, mask, 1) {
		if mask[c] && r.Width() < 5 {
			t.Errorf("cell %d can be narrowed to %v", c, r)
		}
	}
}

func TestMarkedCellsAndCeilings(t *testing.T) {
	table := grid([]int64{30, 40}, []int64{50, 60})
	table.Marked = make([]bool, len(table.Values))
	table.Marked[0] = true
	mask := protect(t, table, 5)
	if got, want := hidden(mask), []int{0, 1, 3, 4}; !slices.Equal(got, want) {
		t.Errorf("a marked cell hides %v, want %v", got, want)
	}
	// Nobody doubts that 4 of 4 residents are between 1 and 4: nothing more can be hidden, and nothing is wrong.
	line := oneLine(4, 60, 70)
	line.Ceilings = []int64{4, -1, -1, -1}
	if got, want := hidden(protect(t, line, 5)), []int{0, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("hidden %v, want %v", got, want)
	}
}

func TestOpenCellsExpose(t *testing.T) {
	table := oneLine(3, 8)
	table.Kinds = []disclosure.Kind{disclosure.Subject, disclosure.Open, disclosure.Open}
	mask, err := disclosure.Protect(table, 5)
	var exposed *disclosure.ExposedError
	if !errors.As(err, &exposed) || !slices.Equal(exposed.Cells, []int{0}) || !mask[0] || mask[1] || mask[2] {
		t.Errorf("mask %v, %v; want cell 0 hidden and reported as exposed", mask, err)
	}
}

// An unpublished cell that is the difference of two published ones is protected as well.
func TestUnpublishedDifference(t *testing.T) {
	// 0: 0–12, 1: 13–17 (unpublished), 2: 0–17
	table := disclosure.Table{
		Values: []int64{30, 2, 32}, Kinds: []disclosure.Kind{0, disclosure.Unpublished, 0}, Keep: []int{0, 0, 1},
		Lines: []disclosure.Line{{Total: 2, Members: []int{0, 1}}},
	}
	if got := hidden(protect(t, table, 5)); !slices.Equal(got, []int{0}) {
		t.Errorf("hidden %v, want cell 0: 32 − 30 gives the two away", got)
	}
	table.Values = []int64{30, 0, 30}
	if got := hidden(protect(t, table, 5)); got != nil {
		t.Errorf("hidden %v for a difference of 0, want nothing", got)
	}
}

func TestImpossibleTables(t *testing.T) {
	for name, table := range map[string]disclosure.Table{
		"a sum that is wrong":   {Values: []int64{1, 2}, Lines: []disclosure.Line{{Total: 1, Members: []int{0}}}},
		"a member that is not":  {Values: []int64{1}, Lines: []disclosure.Line{{Total: 0, Members: []int{7}}}},
		"a total that is not":   {Values: []int64{1}, Lines: []disclosure.Line{{Total: -1}}},
		"together beyond":       {Values: []int64{0}, Lines: []disclosure.Line{{Total: 0, Together: 1}}},
		"a negative cell":       {Values: []int64{-1}},
		"above the ceiling":     {Values: []int64{9}, Ceilings: []int64{8}},
		"kinds of another size": {Values: []int64{9}, Kinds: make([]disclosure.Kind, 2)},
	} {
		if mask, err := disclosure.Protect(table, 5); !errors.Is(err, disclosure.ErrTable) || mask != nil {
			t.Errorf("%s: %v, %v; want ErrTable", name, mask, err)
		}
	}
	if _, err := disclosure.Protect(disclosure.Table{}, 0); !errors.Is(err, disclosure.ErrTable) {
		t.Errorf("threshold 0: %v", err)
	}
	if mask := protect(t, disclosure.Table{}, 5); len(mask) != 0 {
		t.Errorf("empty table: %v", mask)
	}
	if _, err := disclosure.Feasible(oneLine(3, 0), maskOf(oneLine(3, 0), 0, 1), 5); !errors.Is(err, disclosure.ErrTable) {
		t.Errorf("a floor that the totals contradict: %v", err)
	}
	if _, err := disclosure.Feasible(oneLine(3, 0), nil, 1); !errors.Is(err, disclosure.ErrTable) {
		t.Errorf("a mask of another table: %v", err)
	}
}

func TestPrimary(t *testing.T) {
	for _, c := range []struct {
		numerator, denominator int64
		want                   bool
	}{
		{0, 0, false},
		{0, 100, false},
		{4, 100, true},
		{5, 100, false},
		{96, 100, true},
		{95, 100, false},
		{100, 100, false},
		{10, 19, true},
		{10, 20, false},
		{0, 19, true},
	} {
		if got := disclosure.SmallShare(c.numerator, c.denominator, 5); got != c.want {
			t.Errorf("%d of %d: hidden %t, want %t", c.numerator, c.denominator, got, c.want)
		}
	}
	if disclosure.Small(0, 5) || !disclosure.Small(1, 5) || !disclosure.Small(4, 5) || disclosure.Small(5, 5) {
		t.Error("small is 1 … k−1")
	}
}

func TestMaskOr(t *testing.T) {
	m := disclosure.Mask{true, false, false}.Or(disclosure.Mask{false, false, true})
	if !slices.Equal(m, disclosure.Mask{true, false, true}) || m.Count() != 2 {
		t.Errorf("union %v", m)
	}
}
