package evaluator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/warehouse"
)

// each makes a column of n rows.
func each[T any](name string, n int, of func(int) T) warehouse.Column {
	values := make([]T, n)
	for i := range values {
		values[i] = of(i)
	}
	return warehouse.Column{Name: name, Values: values}
}

// columnOf makes a column of some rows.
func columnOf[R, T any](rows []R, name string, of func(R) T) warehouse.Column {
	return each(name, len(rows), func(i int) T { return of(rows[i]) })
}

// ofInputs makes a column of one attribute of the inputs.
func ofInputs[T any](rows []*estimate, name string, of func(input) T) warehouse.Column {
	return columnOf(rows, "inputs."+name, func(e *estimate) []T {
		values := make([]T, len(e.inputs))
		for i, in := range e.inputs {
			values[i] = of(in)
		}
		return values
	})
}

// estimateColumns are those of rows, of which the last beyond kept are no more.
func estimateColumns(rows []*estimate, kept int, w writer) []warehouse.Column {
	text := func(name string, of func(*estimate) string) warehouse.Column { return columnOf(rows, name, of) }
	number := func(name string, of func(*estimate) float64) warehouse.Column {
		return columnOf(rows, name, func(e *estimate) *float64 { return nullable(of(e)) })
	}
	return append([]warehouse.Column{
		text("estimate_id", func(e *estimate) string { return e.id }),
		text("programme", func(*estimate) string { return w.programme }),
		text("measure", func(e *estimate) string { return string(e.measure) }),
		text("indicator", func(e *estimate) string { return e.indicator }),
		text("service", func(e *estimate) string { return e.service }),
		text("comparator", func(e *estimate) string { return e.comparator }),
		text("perspective", func(e *estimate) string { return e.perspective }),
		columnOf(rows, "price_year", func(e *estimate) uint16 { return uint16(e.priceYear) }),
		number("discount_rate", func(e *estimate) float64 { return e.rate }),
		number("horizon_years", func(e *estimate) float64 { return e.horizon }),
		columnOf(rows, "from_day", func(e *estimate) time.Time { return e.from.Time() }),
		columnOf(rows, "to_day", func(e *estimate) time.Time { return e.to.Time() }),
		number("estimate", func(e *estimate) float64 { return e.value }),
		number("low", func(e *estimate) float64 { return e.low }),
		number("high", func(e *estimate) float64 { return e.high }),
		number("p", func(e *estimate) float64 { return e.p }),
		text("unit", func(e *estimate) string { return e.unit }),
		columnOf(rows, "draws", func(e *estimate) uint32 { return uint32(e.draws) }),
		columnOf(rows, "seed", func(e *estimate) uint64 { return e.seed }),
		text("method", func(e *estimate) string { return e.method }),
		text("status", func(e *estimate) string { return e.status }),
		text("suppressed", func(e *estimate) string { return e.suppressed }),
		text("refusal", func(e *estimate) string { return string(e.refusal) }),
		columnOf(rows, "flags", func(e *estimate) []string { return append([]string{}, e.flags...) }),
		ofInputs(rows, "name", func(in input) string { return in.name }),
		ofInputs(rows, "value", func(in input) *float64 { return nullable(in.value) }),
		ofInputs(rows, "low", func(in input) *float64 { return nullable(in.low) }),
		ofInputs(rows, "high", func(in input) *float64 { return nullable(in.high) }),
		ofInputs(rows, "unit", func(in input) string { return in.unit }),
		ofInputs(rows, "source", func(in input) string { return in.source }),
		ofInputs(rows, "placeholder", func(in input) bool { return in.placeholder }),
		columnOf(rows, "revision", func(e *estimate) uint32 { return uint32(e.revision) }),
		text("reason", func(e *estimate) string { return e.reason }),
	}, w.marks(len(rows), func(i int) bool { return i >= kept })...)
}

func scanEstimate(scan func(...any) error) (e estimate, err error) {
	var measure, refusal string
	var year uint16
	var from, to int32
	var rate, horizon, value, low, high, p *float64
	var draws, revision uint32
	var names, units, sources []string
	var values, lows, highs []*float64
	var placeholders []bool
	err = scan(&e.id, &measure, &e.indicator, &e.service, &e.comparator, &e.perspective, &year, &rate, &horizon, &from, &to,
		&value, &low, &high, &p, &e.unit, &draws, &e.seed, &e.method, &e.status, &e.suppressed, &refusal, &e.flags,
		&names, &values, &lows, &highs, &units, &sources, &placeholders, &revision, &e.reason)
	if err != nil {
		return e, err
	}
	e.measure, e.refusal = programme.Measure(measure), programme.Refusal(refusal)
	e.priceYear, e.draws, e.revision = int(year), int(draws), int(revision)
	e.from, e.to = indicator.Date(from), indicator.Date(to)
	e.rate, e.horizon, e.value, e.low, e.high, e.p = orNull(rate), orNull(horizon), orNull(value), orNull(low), orNull(high), orNull(p)
	for i, name := range names {
		e.inputs = append(e.inputs, input{name, orNull(values[i]), orNull(lows[i]), orNull(highs[i]), units[i], sources[i], placeholders[i], false})
	}
	return e, nil
}

func pointColumns(rows []placed, w writer) []warehouse.Column {
	number := func(name string, of func(placed) float64) warehouse.Column {
		return columnOf(rows, name, func(p placed) *float64 { return nullable(of(p)) })
	}
	marks := w.marks(len(rows), func(i int) bool { return rows[i].deleted })
	return append([]warehouse.Column{
		columnOf(rows, "estimate_id", func(p placed) string { return p.estimate }),
		columnOf(rows, "programme", func(placed) string { return w.programme }),
		columnOf(rows, "series", func(p placed) string { return p.series }),
		columnOf(rows, "position", func(p placed) uint16 { return uint16(p.position) }),
		columnOf(rows, "label", func(p placed) string { return p.label }),
		number("x", func(p placed) float64 { return p.x }),
		columnOf(rows, "period_start", func(p placed) *time.Time {
			if p.start == 0 {
				return nil
			}
			t := p.start.Time()
			return &t
		}),
		number("value", func(p placed) float64 { return p.value }),
		number("low", func(p placed) float64 { return p.low }),
		number("high", func(p placed) float64 { return p.high }),
		number("p", func(p placed) float64 { return p.p }),
		number("input_low", func(p placed) float64 { return p.inputLow }),
		number("input_high", func(p placed) float64 { return p.inputHigh }),
		columnOf(rows, "input_unit", func(p placed) string { return p.inputUnit }),
	}, marks[1:]...) // points have no time of their own
}

func scanPoint(scan func(...any) error) (p placed, err error) {
	var position uint16
	var start int32
	var x, value, low, high, pValue, inputLow, inputHigh *float64
	err = scan(&p.estimate, &p.series, &position, &p.label, &x, &start, &value, &low, &high, &pValue, &inputLow, &inputHigh, &p.inputUnit)
	p.position, p.start = int(position), indicator.Date(start)
	p.x, p.value, p.low, p.high, p.p, p.inputLow, p.inputHigh = orNull(x), orNull(value), orNull(low), orNull(high), orNull(pValue), orNull(inputLow), orNull(inputHigh)
	return p, err
}

// programmeColumns are those of one row, but for when it was written.
func programmeColumns(p *programme.Programme, d design, e *evidence) []warehouse.Column {
	ends := d.ends
	if ends != 0 {
		ends--
	}
	one := func(name string, value any) warehouse.Column { return warehouse.Column{Name: name, Values: value} }
	return []warehouse.Column{
		one("programme", []string{p.ID}),
		one("name", []map[string]string{filled(p.Name)}),
		one("target_group", []map[string]string{filled(p.TargetGroup)}),
		one("project", []string{p.Project}),
		one("areas", [][]string{append([]string{}, d.areas...)}),
		one("comparison_areas", [][]string{append([]string{}, d.comparison...)}),
		one("starts", []time.Time{d.starts.Time()}),
		one("ends", []time.Time{ends.Time()}),
		one("funders", [][]string{union(p.Funders, e.funders())}),
		one("perspective", []string{p.Perspective}),
		one("price_year", []uint16{uint16((&work{p: p, e: e}).priceYear())}),
		one("discount_rate", []float64{p.DiscountRate}),
		one("refusal", []string{string(d.refusal)}),
	}
}

func filled(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func union(lists ...[]string) []string {
	all := []string{}
	for _, list := range lists {
		for _, s := range list {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// storedProgrammes returns what is stored of each programme, as the columns that say it.
func (v *Evaluator) storedProgrammes(ctx context.Context) (map[string]string, error) {
	stored := map[string]string{}
	err := warehouse.Each(ctx, v.db, statement("stored_programmes"), func(scan func(...any) error) error {
		var id, project, perspective, refusal string
		var name, target map[string]string
		var areas, comparison, funders []string
		var starts, ends int32
		var year uint16
		var rate float64
		if err := scan(&id, &name, &target, &project, &areas, &comparison, &starts, &ends, &funders, &perspective, &year, &rate, &refusal); err != nil {
			return err
		}
		d := design{areas: areas, comparison: comparison, starts: indicator.Date(starts), refusal: programme.Refusal(refusal)}
		if ends != 0 {
			d.ends = indicator.Date(ends) + 1
		}
		p := &programme.Programme{ID: id, Name: name, TargetGroup: target, Project: project, Funders: funders, Perspective: perspective, PriceYear: int(year), DiscountRate: rate}
		stored[id] = fmt.Sprint(programmeColumns(p, d, &evidence{}))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read programmes: %w", err)
	}
	return stored, nil
}
