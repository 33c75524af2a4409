package evaluator

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
)

// estimate is a row of the read model with its points. NaN is NULL.
type estimate struct {
	id                 string
	measure            programme.Measure
	indicator, service string
	comparator         string
	perspective        string
	priceYear          int
	rate, horizon      float64
	from, to           indicator.Date // to is the last day
	value, low, high   float64
	p                  float64
	unit               string
	draws              int
	seed               uint64
	method             string
	status             string
	suppressed         string
	refusal            programme.Refusal
	flags              []string
	inputs             []input
	points             []point
	revision           int
	reason             string
}

// The states of an estimate.
const (
	estimated = "estimated"
	refused   = "refused"
	protected = "protected"
)

// input is a number that an estimate rests on. wellby says that it is the value of a WELLBY.
type input struct {
	name                string
	value, low, high    float64
	unit, source        string
	placeholder, wellby bool
}

// point is what is drawn of an estimate.
type point struct {
	series              string
	position            int
	label               string
	x                   float64
	start               indicator.Date // 0: none
	value, low, high, p float64
	inputLow, inputHigh float64
	inputUnit           string
}

// The series of points.
const (
	eventStudy    = "event_study"
	tornado       = "tornado"
	acceptability = "acceptability"
	byPeriod      = "by_period"
	scenario      = "scenario"
)

func newPoint(series string, position int) point {
	nan := math.NaN()
	return point{series: series, position: position, x: nan, value: nan, low: nan, high: nan, p: nan, inputLow: nan, inputHigh: nan}
}

// errProtected says that a number rests on a protected one, so there is none.
var errProtected = errors.New("evaluator: protected")

// refusal is why there is no number.
type refusal programme.Refusal

func (r refusal) Error() string { return "evaluator: " + string(r) }

func refuse(r programme.Refusal) error { return refusal(r) }

// whyNot turns an error of a method into a refusal.
func whyNot(err error) programme.Refusal {
	var r refusal
	switch {
	case errors.As(err, &r):
		return programme.Refusal(r)
	case errors.Is(err, costeffect.ErrNoPilot), errors.Is(err, costeffect.ErrNoBefore):
		return programme.NoPrePeriod
	case errors.Is(err, costeffect.ErrFewBefore):
		return programme.FewPrePeriods
	case errors.Is(err, costeffect.ErrNoComparison):
		return programme.NoComparisonArea
	case errors.Is(err, costeffect.ErrNoAfter):
		return programme.NoPostPeriod
	}
	return programme.NotCalculable
}

// exact is an input without a range.
func exact(name string, value float64, unit, source string) input {
	return input{name: name, value: value, low: math.NaN(), high: math.NaN(), unit: unit, source: source}
}

// ranged is an input with one.
func ranged(name string, value, low, high float64, unit, source string) input {
	return input{name: name, value: value, low: low, high: high, unit: unit, source: source}
}

// entered is an input that a person entered in the description.
func entered(name string, a *programme.Amount, unit string) input {
	low, base, high := a.Range()
	in := ranged(name, base, low, high, unit, a.Source)
	if a.PriceYear != 0 {
		in.source = fmt.Sprintf("%s, %d", in.source, a.PriceYear)
	}
	if a.SourceURL != "" {
		in.source += " " + a.SourceURL
	}
	in.placeholder = a.Placeholder
	return in
}

// flag adds flags, each once.
func (e *estimate) flag(flags ...string) {
	for _, f := range flags {
		if f != "" && !slices.Contains(e.flags, f) {
			e.flags = append(e.flags, f)
		}
	}
}

// use adds inputs in the order of the reasoning, each once.
func (e *estimate) use(inputs ...input) {
	for _, in := range inputs {
		if !slices.ContainsFunc(e.inputs, func(has input) bool { return has.name == in.name }) {
			e.inputs = append(e.inputs, in)
		}
	}
}

func (e *estimate) set(x stats.Estimate) { e.value, e.low, e.high = x.Value, x.Lower, x.Upper }

// fail takes the number away, and says why. What is protected leaves nothing behind.
func (e *estimate) fail(err error) {
	nan := math.NaN()
	e.value, e.low, e.high, e.p, e.points = nan, nan, nan, nan, nil
	if errors.Is(err, errProtected) {
		e.suppressed, e.inputs = protected, nil
		return
	}
	e.status, e.refusal = refused, whyNot(err)
}

// complete makes the parts of the row that follow from the others.
func (e *estimate) complete() {
	if e.suppressed == "" && e.status == estimated && (math.IsNaN(e.value) || math.IsInf(e.value, 0)) {
		e.fail(refuse(programme.NotCalculable))
	}
	for _, x := range []*float64{&e.low, &e.high} {
		if math.IsInf(*x, 0) {
			*x = math.NaN()
		}
	}
	for _, in := range e.inputs {
		if in.placeholder {
			e.flag(string(costeffect.Placeholder))
		}
		if in.wellby {
			e.flag(programme.FlagWellby)
		}
	}
	if e.comparator == "" {
		e.flag(string(costeffect.Descriptive))
	}
	slices.Sort(e.flags)
	e.id = e.name()
}

// name makes the estimate's id.
func (e *estimate) name() string {
	parts := []string{e.id, string(e.measure)}
	for _, part := range []string{e.indicator, e.service} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	id := strings.Join(parts, "/")
	if !math.IsNaN(e.rate) {
		id += "@" + percent(e.rate)
	}
	return id
}

// percent writes a rate as 3.5%.
func percent(rate float64) string { return fmt.Sprintf("%g%%", math.Round(rate*1e6)/1e4) }
