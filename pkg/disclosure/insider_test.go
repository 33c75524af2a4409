package disclosure_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"vointi.fi/pkg/disclosure"
)

// upTo calls visit with every list of n whole numbers that add up to at most top.
func upTo(n int, top int64, visit func([]int64)) {
	values := make([]int64, n)
	var fill func(i int, left int64)
	fill = func(i int, left int64) {
		if i == n {
			visit(values)
			return
		}
		for v := range left + 1 {
			values[i] = v
			fill(i+1, left-v)
		}
	}
	fill(0, top)
}

// view is what is published of a table, with all values that its cells have in the tables that look like it.
type view struct {
	mask     disclosure.Mask
	possible []map[int64]bool
}

func viewsOf(t *testing.T, rows, cols int, top, k int64) map[string]*view {
	views := map[string]*view{}
	upTo(rows*cols, top, func(values []int64) {
		var table disclosure.Table
		if rows == 1 {
			table = oneLine(values...)
		} else {
			lines := make([][]int64, rows)
			for i := range lines {
				lines[i] = values[i*cols : (i+1)*cols]
			}
			table = grid(lines...)
		}
		mask := protect(t, table, k)
		var look []byte
		for c, v := range table.Values {
			if mask[c] {
				look = append(look, 'x')
			} else {
				look = binary.AppendVarint(append(look, 's'), v)
			}
		}
		v := views[string(look)]
		if v == nil {
			v = &view{mask, make([]map[int64]bool, len(mask))}
			for c := range v.possible {
				v.possible[c] = map[int64]bool{}
			}
			views[string(look)] = v
		}
		for c := range mask {
			v.possible[c][table.Values[c]] = true
		}
	})
	return views
}

// The insider runs this package: he keeps of all tables those that would be published exactly like what he sees. No
// guarantee is given against him; this holds what he can do, by trying all tables of few people. Views that hide the
// total of all are left out with rows and columns, because there his tables have no end.
func TestInsider(t *testing.T) {
	const k = 5
	for _, c := range []struct {
		rows, cols int
		top        int64
		least      int     // values that a hidden cell can still have
		known      float64 // share of hidden cells with one possible value that is small
	}{
		{1, 2, 20, k - 1, 0},
		{1, 3, 16, k - 1, 0},
		{1, 4, 14, k - 1, 0},
		{2, 2, 18, 2, 0},
		{2, 3, 12, 1, 0.05},
		{3, 2, 12, 1, 0.05},
	} {
		t.Run(fmt.Sprintf("%d×%d", c.rows, c.cols), func(t *testing.T) {
			least, hidden, known := 1000, 0, 0
			for _, v := range viewsOf(t, c.rows, c.cols, c.top, k) {
				if c.rows > 1 && v.mask[len(v.mask)-1] {
					continue
				}
				for cell, h := range v.mask {
					if !h {
						continue
					}
					hidden++
					least = min(least, len(v.possible[cell]))
					for value := range v.possible[cell] {
						if len(v.possible[cell]) == 1 && value < k {
							known++
						}
					}
				}
			}
			if share := float64(known) / float64(hidden); least < c.least || share > c.known {
				t.Errorf("a hidden cell has at least %d possible values, and %.1f %% are known and small; want %d and %.0f %%", least, 100*share, c.least, 100*c.known)
			}
		})
	}
}
