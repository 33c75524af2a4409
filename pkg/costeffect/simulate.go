package costeffect

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"vointi.fi/pkg/stats"
)

// Model computes a result from the values of inputs, in their order. It must not keep or change them.
type Model func(values []float64) float64

// FewestDraws is how many draws a simulation makes at least.
const FewestDraws = 10_000

// Distribution is the results of a simulation, sorted.
type Distribution []float64

// Simulate draws all inputs again and again, independently, and evaluates the model. Each input has a random stream of its own,
// numbered by its name, so equal seeds give equal results to the digit in programs of one Go release, and another input leaves
// the draws of the others alone. Models that are to be compared are simulated with the same seed.
//
// Errors: [stats.ErrInput] for fewer than [FewestDraws], inputs without a name or named twice, or a model that returns NaN.
func Simulate(inputs []Input, model Model, d Draws) (Distribution, error) {
	if d.N < FewestDraws {
		return nil, inputError("%d draws, of at least %d", d.N, FewestDraws)
	}
	if err := checkInputs(inputs); err != nil {
		return nil, err
	}
	draw := make([]func() float64, len(inputs))
	for i, in := range inputs {
		draw[i] = in.on(rand.NewPCG(d.Seed, in.stream()))
	}
	values, results := make([]float64, len(inputs)), make(Distribution, d.N)
	for n := range results {
		for i := range values {
			values[i] = draw[i]()
		}
		if results[n] = model(values); math.IsNaN(results[n]) {
			return nil, inputError("the model has no result for %v", values)
		}
	}
	slices.Sort(results)
	return results, nil
}

// Mean returns the mean of the results.
func (d Distribution) Mean() (mean float64) {
	for _, x := range d {
		mean += x / float64(len(d))
	}
	return mean
}

// Limits returns the percentiles that enclose the level.
func (d Distribution) Limits(level stats.Level) stats.Interval {
	tail := (1 - float64(level)) / 2
	return stats.Interval{Lower: stats.Percentile(d, tail), Upper: stats.Percentile(d, 1-tail)}
}

// Above returns the share of results above a value: with 0 and a net benefit, the probability that it pays.
func (d Distribution) Above(value float64) float64 {
	below, _ := slices.BinarySearchFunc(d, value, func(x, v float64) int {
		if x <= v {
			return -1
		}
		return 1
	})
	return float64(len(d)-below) / float64(len(d))
}

// Bar is one input of a tornado: the results with the input at its low and its high end, all others at their base.
type Bar struct {
	Name      string
	Low, High float64 // ends of the input
	AtLow     float64 // results
	AtHigh    float64
}

// width is how much the result depends on the input.
func (b Bar) width() float64 { return math.Abs(b.AtHigh - b.AtLow) }

// Tornado varies one input at a time over its range, and returns the bars, widest first. Errors: as [Simulate].
func Tornado(inputs []Input, model Model) ([]Bar, error) {
	if err := checkInputs(inputs); err != nil {
		return nil, err
	}
	values := bases(inputs)
	at := func(i int, x float64) float64 {
		values[i] = x
		y := model(values)
		values[i] = inputs[i].Base
		return y
	}
	var bars []Bar
	for i, in := range inputs {
		b := Bar{in.Name, in.Low, in.High, at(i, in.Low), at(i, in.High)}
		if !finite(b.AtLow, b.AtHigh) {
			return nil, inputError("the model has no result with %s at %v or %v", in.Name, in.Low, in.High)
		}
		bars = append(bars, b)
	}
	slices.SortStableFunc(bars, func(a, b Bar) int { return cmp.Compare(b.width(), a.width()) })
	return bars, nil
}

// Scenarios are the results with all inputs at their base, and with each at the end that alone makes the result lower, or higher.
type Scenarios struct{ Low, Base, High float64 }

// Scenario returns them. Errors: as [Tornado].
func Scenario(inputs []Input, model Model) (Scenarios, error) {
	bars, err := Tornado(inputs, model)
	if err != nil {
		return Scenarios{math.NaN(), math.NaN(), math.NaN()}, err
	}
	low, high := bases(inputs), bases(inputs)
	for i, in := range inputs {
		b := bars[slices.IndexFunc(bars, func(b Bar) bool { return b.Name == in.Name })]
		if low[i], high[i] = b.Low, b.High; b.AtLow > b.AtHigh {
			low[i], high[i] = b.High, b.Low
		}
	}
	return Scenarios{model(low), model(bases(inputs)), model(high)}, nil
}

// Switching returns the value of an input at which the result is 0, all others at their base: the nearest to its base that is
// found within from and to.
//
// Errors: as [Simulate]; [stats.ErrInput] for an unknown input or an empty range; [stats.ErrNotCalculable] when the result
// does not change its sign there.
func Switching(inputs []Input, model Model, name string, from, to float64) (float64, error) {
	if err := checkInputs(inputs); err != nil {
		return math.NaN(), err
	}
	i := slices.IndexFunc(inputs, func(in Input) bool { return in.Name == name })
	if i < 0 || !(from < to) || !finite(from, to) {
		return math.NaN(), inputError("switching value of %q between %v and %v", name, from, to)
	}
	values := bases(inputs)
	result := func(x float64) float64 { values[i] = x; return model(values) }
	base := min(max(inputs[i].Base, from), to)
	best := math.NaN()
	for _, end := range []float64{from, to} {
		if x, ok := root(result, base, end); ok && !(math.Abs(x-base) >= math.Abs(best-base)) {
			best = x
		}
	}
	if math.IsNaN(best) {
		return best, notCalculable("no value of %s between %v and %v makes the result 0", name, from, to)
	}
	return best, nil
}

// root finds where f is 0 between a and b, nearest to a as far as steps of a hundredth tell.
func root(f func(float64) float64, a, b float64) (float64, bool) {
	const steps = 100
	left, fl := a, f(a)
	if fl == 0 {
		return a, true
	}
	for s := 1; s <= steps; s++ {
		right := a + (b-a)*float64(s)/steps
		fr := f(right)
		if fr == 0 {
			return right, true
		}
		if (fl < 0) != (fr < 0) && !math.IsNaN(fl+fr) {
			for range 200 {
				middle := left + (right-left)/2
				if fm := f(middle); fm == 0 {
					return middle, true
				} else if (fm < 0) == (fl < 0) {
					left = middle
				} else {
					right = middle
				}
			}
			return left + (right-left)/2, true
		}
		left, fl = right, fr
	}
	return math.NaN(), false
}
