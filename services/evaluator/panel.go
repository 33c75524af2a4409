package evaluator

import (
	"cmp"
	"slices"
	"strings"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
)

// change is how the same persons' answers in an area changed from one wave of a questionnaire to the next. NaN is NULL.
type change struct {
	Indicator, Area     string
	Before, Wave        string
	BeforeStart, Start  indicator.Date
	Value, Lower, Upper float64 // mean and Student's limits
	Persons             int64
	Status, Suppressed  string
}

func scanChange(scan func(...any) error) (c change, err error) {
	var before, start int32
	var value, lower, upper *float64
	err = scan(&c.Indicator, &c.Area, &c.Wave, &start, &c.Before, &before, &value, &lower, &upper, &c.Persons, &c.Status, &c.Suppressed)
	c.BeforeStart, c.Start = indicator.Date(before), indicator.Date(start)
	c.Value, c.Lower, c.Upper = orNull(value), orNull(lower), orNull(upper)
	return c, err
}

// moments are those of the persons' changes, from mean, limits and number.
func (c *change) moments() costeffect.Moments {
	n := float64(c.Persons)
	se := (c.Upper - c.Lower) / (2 * stats.Level95.T(n-1))
	return costeffect.Moments{N: n, Mean: c.Value, Variance: n * se * se}
}

const answeredTwice = "persons who answered both waves"

// samePersons estimates the effect on an indicator of a survey once more, from each person's own change between the last wave before
// the start and the first one since. It is one pair of waves for good, whatever comes later, so that estimates of two dates tell
// nothing of those who answered only one more.
func (w *work) samePersons(e *programme.Effect, unit string) {
	if e.Period != string(indicator.Wave) {
		return
	}
	x := w.compared(programme.EffectPanel, unit, "DID of the same persons")
	x.indicator = e.Indicator
	f, last := w.panelEffect(e, unit)
	f.method = x.method + f.method
	w.report(x, &f)
	if last != 0 {
		x.to = last
	}
}

// panelEffect returns the effect, its method, and when the later wave began. With one area on each side it is Welch's test of the
// persons, else one change an area as for any other figures.
func (w *work) panelEffect(e *programme.Effect, unit string) (f found, last indicator.Date) {
	if f.err = w.comparable(); f.err != nil {
		return f, 0
	}
	var shown []*change
	if shown, f.flags, f.err = w.panelChanges(e); f.err != nil {
		return f, 0
	}
	var inputs []input
	var cells []costeffect.Cell
	for _, c := range shown {
		name := c.Area + ", " + c.Before + " to " + c.Wave
		inputs = append(inputs, ranged("change in "+name, c.Value, c.Lower, c.Upper, unit, answeredTwice), exact("persons in "+name, float64(c.Persons), "", answeredTwice))
		cells = append(cells, costeffect.Cell{Area: c.Area, Period: 0, Weight: 1}, costeffect.Cell{Area: c.Area, Period: 1, Value: c.Value, Weight: 1})
	}
	flags := f.flags
	if len(shown) == 2 {
		f = welch(shown, w.d.areas)
	} else {
		panel, err := costeffect.NewPanel(cells, w.d.areas, 1)
		if err != nil {
			return found{err: err}, 0
		}
		f = w.infer(panel)
		f.method = strings.TrimPrefix(f.method, "DID")
	}
	f.flags, f.inputs = append(f.flags, flags...), inputs
	return f, shown[0].Start
}

// welch holds the persons of one area against those of another.
func welch(pair []*change, pilots []string) (f found) {
	sides := map[bool]costeffect.Moments{}
	for _, c := range pair {
		sides[slices.Contains(pilots, c.Area)] = c.moments()
	}
	f.method, f.flags = ", Welch", []string{string(costeffect.AreaShocks)}
	f.Effect, f.err = costeffect.SamePersons(sides[true], sides[false], stats.Level95)
	return f
}

// panelChanges returns what is shown of the pair of waves about the start, and flags. Protected areas are left out, unless none is left
// of a side.
func (w *work) panelChanges(e *programme.Effect) (shown []*change, flags []string, err error) {
	flags = []string{programme.FlagVolunteers}
	all, left := map[bool]int{}, map[bool]int{} // by pilot
	for _, c := range w.aboutStart(e) {
		pilot := slices.Contains(w.d.areas, c.Area)
		all[pilot]++
		if c.Suppressed != "" {
			flags = append(flags, programme.FlagAreasHidden)
			continue
		}
		left[pilot]++
		shown = append(shown, c)
		if c.Status == "provisional" {
			flags = append(flags, programme.FlagProvisional)
		}
	}
	switch {
	case all[true] == 0 || all[false] == 0:
		return nil, nil, refuse(programme.NoPanel)
	case left[true] == 0 || left[false] == 0:
		return nil, flags, errProtected
	}
	return shown, flags, nil
}

// aboutStart returns the rows of an indicator in the areas of the programme, of the waves before and after its start; of several
// questionnaires those of the last one.
func (w *work) aboutStart(e *programme.Effect) (rows []*change) {
	since, _ := e.Since()
	for i := range w.e.Changes {
		c := &w.e.Changes[i]
		ours := c.Indicator == e.Indicator && w.d.compares(c.Area)
		if ours && since <= c.BeforeStart && c.BeforeStart < w.d.starts && w.d.starts <= c.Start && c.Start < w.d.until(w.e.Today) {
			rows = append(rows, c)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	last := slices.MaxFunc(rows, func(a, b *change) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Wave, b.Wave)) })
	return slices.DeleteFunc(rows, func(c *change) bool { return c.Wave != last.Wave || c.Before != last.Before })
}
