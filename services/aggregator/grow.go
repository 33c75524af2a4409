package aggregator

import (
	"errors"
	"slices"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// take takes over what is hidden. What is given away by what is published already, is shown: all about it that could be hidden is.
func (m *measureMask) take(k int64, err error) error {
	exposed := (*disclosure.ExposedError)(nil)
	if err != nil && !errors.As(err, &exposed) {
		return err
	}
	if exposed != nil {
		m.gives = true
		for _, c := range exposed.Cells {
			if disclosure.Small(m.grid.Values[c], k) {
				m.exposed = append(m.exposed, c)
			}
		}
	}
	m.mask = slices.Clone(m.growing.Mask())
	if m.gives {
		m.give(k)
	}
	return nil
}

// grow hides more rows in the mask of a measure, and reports whether that is one still: not if the shorter periods would tell a
// total that it hides.
func (a *Aggregator) grow(g *grid, m indicator.Measure, mm *measureMask, rows []slot, within layers) (bool, error) {
	if mm == nil {
		return false, nil
	}
	within = within.of(m, a.cfg.Catalogue)
	for range rebuildsOfMask {
		before := *mm
		if err := mm.take(a.cfg.Threshold, mm.growing.Hide(mm.cells(rows))); err != nil {
			return false, err
		}
		if len(within) == 0 || len(before.shown(mm.totals())) == 0 {
			return true, nil
		}
		times, _, err := a.times(g, m, within)
		if err != nil {
			return false, err
		}
		totals := &measureMask{groups: a.ages.index}
		if err := a.maskOfTotals(totals, times, m, a.cfg.Threshold, mm.totals(), mm.told); err != nil {
			return false, err
		}
		if len(totals.shown(mm.totals())) > 0 {
			return false, nil
		}
		if rows = mm.shown(totals.totals()); len(rows) == 0 {
			return true, nil
		}
	}
	return false, nil
}
