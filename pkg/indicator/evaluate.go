package indicator

import (
	"errors"
	"fmt"
	"math"

	"vointi.fi/pkg/stats"
)

// Value is what an entry makes of the counts of one cell. Numbers that do not exist are NaN.
type Value struct {
	Value         float64 // in the entry's unit
	I95, I998     stats.Interval
	Numerator     float64
	Denominator   float64
	Crude         float64
	EffectiveSize float64
	Respondents   int64 // of a survey
	Flags         []string
	Method        Method // as applied: a fallback differs from the entry's
	NoData        bool   // there is nothing to divide by, or nobody asked: no value, which is not zero
}

// The flags of values.
const (
	FlagNotCalculable = "interval_not_calculable"
	FlagAboveWhole    = "numerator_above_denominator"
	FlagUnallocated   = "unallocated"
	FlagNoWeights     = "no_weights"
	FlagPoisson       = "poisson_assumed" // contacts of the same persons are taken as independent
)

// ErrCells is returned for another number of cells than the method takes.
var ErrCells = errors.New("indicator: wrong number of cells")

// Sums gives the integer of a stored measure in one cell; 0 for one that has no rows.
type Sums func(Measure) int64

// Cell is what a value is made of: the sums of one group, and its residents, NaN if their number is not known. Entries
// without a population ignore it.
type Cell struct {
	Sums       Sums
	Population float64
}

// Evaluate turns the sums of one cell into a value with 95 % and 99.8 % intervals by the entry's method: [EvaluateCells]
// of entries that take one cell.
func (e *Entry) Evaluate(sums Sums, population float64) (Value, error) {
	return e.EvaluateCells(Cell{sums, population})
}

// Cells names the cells that the entry's method takes, in their order: the bands of its standard population, the group and
// the rest of a risk ratio, the four of a difference in differences; one without a name for all other methods.
func (e *Entry) Cells() []string {
	kind := e.Method.kind()
	switch {
	case e.input != nil:
		return e.input.Cells()
	case kind.standard:
		var bands []string
		for _, b := range e.weights {
			bands = append(bands, b.ID)
		}
		return bands
	case kind.cells != nil:
		return kind.cells
	}
	return []string{""}
}

// EvaluateCells turns the sums of the cells that [Entry.Cells] names into a value with intervals. The same sums give the
// same value, bit for bit. Errors: [ErrCells], and sums that cannot be, such as Σk² below Σk; what the data cannot give is
// no error but a flag, or no data.
func (e *Entry) EvaluateCells(cells ...Cell) (Value, error) {
	ev := &evaluation{Entry: e, cells: cells, v: Value{
		Method: e.Method, Crude: math.NaN(), EffectiveSize: math.NaN(), Denominator: math.NaN(), I95: stats.Undefined, I998: stats.Undefined,
	}}
	if want := len(e.Cells()); len(cells) != want || want == 0 {
		return ev.v, fmt.Errorf("evaluate %s: %w: %d, it takes %d", e.ID, ErrCells, len(cells), want)
	}
	for _, c := range cells {
		ev.n = append(ev.n, ev.of(e.numerator(), c))
		ev.d = append(ev.d, ev.of(e.denominator(), c))
	}
	ev.v.Numerator, ev.v.Denominator = ev.n[0], ev.d[0]
	if err := ev.apply(); err != nil {
		return ev.v, fmt.Errorf("evaluate %s: %w", e.ID, err)
	}
	ev.v.bracket()
	return ev.v, nil
}

// bracket puts a value that scaling has pushed past its limits by the last bit back between them.
func (v *Value) bracket() {
	for _, i := range []*stats.Interval{&v.I95, &v.I998} {
		if i.Defined() {
			*i = stats.Interval{Lower: min(i.Lower, v.Value), Upper: max(i.Upper, v.Value)}
		}
	}
}

// evaluation is one value in the making: numerator and denominator of each cell, in the unit that people read.
type evaluation struct {
	*Entry
	cells []Cell
	n, d  []float64
	v     Value
}

// of returns a measure's amount in a cell: NaN for none.
func (ev *evaluation) of(m Measure, c Cell) float64 {
	switch m {
	case "":
		return math.NaN()
	case Population:
		return c.Population
	}
	return m.amount(c.Sums(m))
}

func (ev *evaluation) squares(i int) float64 {
	return float64(ev.cells[i].Sums(ev.numerator().Squares()))
}

func (ev *evaluation) apply() error {
	v, scale := &ev.v, ev.Scale
	switch ev.Method {
	case Count:
		return v.count(scale, func(l stats.Level) (stats.Interval, error) { return stats.Count(v.Numerator, l) })
	case CountNonIndependent:
		return v.count(scale, func(l stats.Level) (stats.Interval, error) {
			return stats.CountNonIndependent(v.Numerator, ev.squares(0), l)
		})
	case Proportion:
		return v.proportion(scale)
	case Rate:
		return v.rate(scale, v.Numerator)
	case RateNonIndependent:
		return v.rate(scale, ev.squares(0))
	case StandardRate, StandardProportion:
		return ev.standardised()
	case Mean:
		return ev.mean()
	case RiskRatio:
		return ev.riskRatio()
	case RatioOfSums:
		return ev.ratio()
	case FixedOverCount:
		return ev.fixedOverCount()
	case Differences:
		return ev.differences()
	case Linear:
		return ev.linear()
	}
	return ev.fact()
}

// intervals sets both intervals with f, scaled. An interval that the data cannot give becomes a flag, not an error.
func (v *Value) intervals(scale float64, f func(stats.Level) (stats.Interval, error)) error {
	for _, of := range []struct {
		level stats.Level
		into  *stats.Interval
	}{{stats.Level95, &v.I95}, {stats.Level998, &v.I998}} {
		i, err := f(of.level)
		if err != nil && !errors.Is(err, stats.ErrNotCalculable) {
			return err
		}
		*of.into = i.Scale(scale)
	}
	if !v.I95.Defined() {
		v.Flags = append(v.Flags, FlagNotCalculable)
	}
	return nil
}

// estimate sets value and intervals with f, scaled. Without a value there is no data.
func (v *Value) estimate(scale float64, f func(stats.Level) (stats.Estimate, error)) error {
	err := v.intervals(scale, func(l stats.Level) (stats.Interval, error) {
		e, err := f(l)
		v.Value = scale * e.Value
		return e.Interval, err
	})
	v.NoData = math.IsNaN(v.Value)
	return err
}

// fact is a figure without interval: REF and NONE.
func (ev *evaluation) fact() error {
	v := &ev.v
	if ev.denominator() == "" {
		v.Value = v.Numerator * ev.Scale
		return nil
	}
	if v.divisible() {
		v.Value = ev.Scale * v.Numerator / v.Denominator
	}
	return nil
}

func (v *Value) count(scale float64, f func(stats.Level) (stats.Interval, error)) error {
	v.Value = v.Numerator * scale
	return v.intervals(scale, f)
}

func (v *Value) proportion(scale float64) error {
	if !v.divisible() {
		return nil
	}
	v.Value = scale * v.Numerator / v.Denominator
	if v.Numerator > v.Denominator {
		v.Flags = append(v.Flags, FlagAboveWhole)
		return nil
	}
	return v.intervals(scale, func(l stats.Level) (stats.Interval, error) {
		return stats.Wilson(v.Numerator, v.Denominator, l)
	})
}

func (v *Value) rate(scale, squares float64) error {
	if !v.divisible() {
		return nil
	}
	v.Value = scale * v.Numerator / v.Denominator
	return v.intervals(1, func(l stats.Level) (stats.Interval, error) {
		e, err := stats.RateNonIndependent(v.Numerator, squares, v.Denominator, scale, l)
		return e.Interval, err
	})
}

// divisible notes that there is no value where there is no denominator.
func (v *Value) divisible() bool {
	if v.Denominator > 0 {
		return true
	}
	v.Value, v.NoData = math.NaN(), true
	return false
}

// mean is MEAN-T of units known by their number, their sum and their sum of squares.
func (ev *evaluation) mean() error {
	c := ev.cells[0]
	sums := stats.MeanSums{N: c.Sums(ev.denominator()), X: c.Sums(ev.numerator()), XX: c.Sums(ev.numerator().Squares())}
	if !ev.v.divisible() {
		return nil
	}
	return ev.v.estimate(ev.Scale, func(l stats.Level) (stats.Estimate, error) {
		m, err := stats.MeanFromSums(sums, l)
		return m.Estimate, err
	})
}

// riskRatio is the share in the group by the share in the rest.
func (ev *evaluation) riskRatio() error {
	v := &ev.v
	if ev.n[0] > ev.d[0] || ev.n[1] > ev.d[1] {
		v.Value, v.NoData = math.NaN(), true
		v.Flags = append(v.Flags, FlagAboveWhole)
		return nil
	}
	if !(ev.d[0] > 0 && ev.d[1] > 0) {
		v.Value, v.NoData = math.NaN(), true
		return nil
	}
	return v.estimate(ev.Scale, func(l stats.Level) (stats.Estimate, error) {
		return stats.RiskRatio(ev.n[0], ev.d[0], ev.n[1], ev.d[1], l)
	})
}

// ratio is RATIO: sums over sessions of what varies with them.
func (ev *evaluation) ratio() error {
	v, sums, parts := &ev.v, ev.cells[0].Sums, ev.Numerator.Measure.Parts()
	s := stats.RatioSums{
		N: sums(parts[0]), C: sums(parts[1]), V: sums(parts[2]), CC: sums(parts[3]), VV: sums(parts[4]), CV: sums(parts[5]),
	}
	v.Numerator, v.Denominator = parts[1].amount(s.C), parts[2].amount(s.V)
	ev.noteUnallocated()
	if !v.divisible() {
		return nil
	}
	v.Value = ev.Scale * float64(s.C) / float64(s.V)
	return v.intervals(ev.Scale, func(l stats.Level) (stats.Interval, error) {
		r, err := stats.RatioFromSums(s, l)
		return r.Interval, err
	})
}

func (ev *evaluation) noteUnallocated() {
	if ev.speaksOfCosts() && ev.cells[0].Sums(UnallocatedCents) > 0 {
		ev.v.Flags = append(ev.v.Flags, FlagUnallocated)
	}
}

// fixedOverCount is one fixed sum by a count: the sum by the limits of the count. Where nothing was summed nobody knows what it was.
func (ev *evaluation) fixedOverCount() error {
	v := &ev.v
	ev.noteUnallocated()
	if !v.divisible() {
		return nil
	}
	if v.Numerator == 0 {
		v.Value, v.NoData = math.NaN(), true
		return nil
	}
	v.Value = ev.Scale * v.Numerator / v.Denominator
	return v.intervals(ev.Scale, func(l stats.Level) (stats.Interval, error) {
		i, err := stats.Count(v.Denominator, l)
		return i.Over(v.Numerator), err
	})
}

// differences is the change of a rate in the pilot less that in the comparison. Numerator and denominator are those of
// the pilot afterwards.
func (ev *evaluation) differences() error {
	v := &ev.v
	v.Flags = append(v.Flags, FlagPoisson)
	for _, d := range ev.d {
		if !(d > 0) {
			v.Value, v.NoData = math.NaN(), true
			return nil
		}
	}
	return v.estimate(1, func(l stats.Level) (stats.Estimate, error) {
		rates := make([]stats.Estimate, len(ev.cells))
		for i := range rates {
			var err error
			if rates[i], err = stats.Rate(ev.n[i], ev.d[i], ev.Scale, l); err != nil {
				return stats.Estimate{Value: math.NaN(), Interval: stats.Undefined}, err
			}
		}
		pilot, err := stats.Gap(rates[0], rates[1], 0, l)
		if err != nil && !errors.Is(err, stats.ErrNotCalculable) {
			return pilot.Estimate, err
		}
		comparison, err := stats.Gap(rates[2], rates[3], 0, l)
		if err != nil && !errors.Is(err, stats.ErrNotCalculable) {
			return comparison.Estimate, err
		}
		effect, err := stats.Gap(pilot.Estimate, comparison.Estimate, 0, l)
		return effect.Estimate, err
	})
}

// linear multiplies the value of another entry, and its limits; by a factor that is not known there is no data.
func (ev *evaluation) linear() error {
	in, err := ev.input.EvaluateCells(ev.cells...)
	if err != nil {
		return err
	}
	in.Method = Linear
	factor := ev.Scale
	for _, m := range ev.Times {
		by := ev.of(m, ev.cells[0])
		if !(by > 0) {
			in.NoData = true
		}
		factor *= by
	}
	if in.NoData {
		in.Value, in.I95, in.I998 = math.NaN(), stats.Undefined, stats.Undefined
	} else {
		in.Value, in.I95, in.I998 = factor*in.Value, in.I95.Scale(factor), in.I998.Scale(factor)
	}
	in.Crude = math.NaN()
	ev.v = in
	return nil
}
