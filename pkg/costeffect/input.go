package costeffect

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Input is one number that a result rests on: its base value, its range, and how it varies.
type Input struct {
	Name      string
	Base      float64
	Low, High float64 // the range of scenarios and of the tornado; equal to Base for a fixed one
	varies    distribution
}

// distribution is how an input varies; nil: not at all.
type distribution interface {
	Rand() float64
	Quantile(p float64) float64
}

// on returns how the input varies, drawing from a source.
func (in Input) on(source rand.Source) func() float64 {
	switch d := in.varies.(type) {
	case distuv.Normal:
		d.Src = source
		return d.Rand
	case distuv.Gamma:
		d.Src = source
		return d.Rand
	case distuv.Beta:
		d.Src = source
		return d.Rand
	case distuv.Triangle:
		u := rand.New(source)
		return func() float64 { return d.Quantile(u.Float64()) }
	}
	return func() float64 { return in.Base }
}

// The ends of the range of an input that varies.
const (
	lowEnd  = 0.025
	highEnd = 0.975
)

func varying(name string, base float64, d distribution) Input {
	// The mean of a skewed distribution may lie beyond its end; the range then ends at the mean.
	return Input{name, base, min(d.Quantile(lowEnd), base), max(d.Quantile(highEnd), base), d}
}

// Fixed is a number that does not vary.
func Fixed(name string, value float64) (Input, error) {
	if !finite(value) {
		return Input{}, inputError("%s: %v", name, value)
	}
	return Input{name, value, value, value, nil}, nil
}

// Normally is an effect with its standard error. Errors: [stats.ErrInput] unless both are finite and se ≥ 0; with 0 it is
// fixed.
func Normally(name string, value, se float64) (Input, error) {
	if !finite(value, se) || se < 0 {
		return Input{}, inputError("%s: %v with standard error %v", name, value, se)
	}
	if se == 0 {
		return Fixed(name, value)
	}
	return varying(name, value, distuv.Normal{Mu: value, Sigma: se}), nil
}

// Costing is a cost above 0 by its mean and standard error, as a gamma distribution: shape (mean/se)², rate mean/se². Errors: as
// [Normally], and [stats.ErrInput] for a mean that is not above 0 while se is.
func Costing(name string, mean, se float64) (Input, error) {
	if !finite(mean, se) || se < 0 || mean < 0 || se > 0 && mean == 0 {
		return Input{}, inputError("%s: cost %v with standard error %v", name, mean, se)
	}
	if se == 0 {
		return Fixed(name, mean)
	}
	return varying(name, mean, distuv.Gamma{Alpha: mean * mean / (se * se), Beta: mean / (se * se)}), nil
}

// Share is a proportion by x of n, as a beta distribution with a = x + ½, b = n − x + ½ (Jeffreys). Errors: [stats.ErrInput]
// unless 0 ≤ x ≤ n and n > 0.
func Share(name string, x, n float64) (Input, error) {
	if !finite(x, n) || x < 0 || x > n || n <= 0 {
		return Input{}, inputError("%s: %v of %v", name, x, n)
	}
	return varying(name, x/n, distuv.Beta{Alpha: x + 0.5, Beta: n - x + 0.5}), nil
}

// Ranged is a number known by a low, a base and a high value, as a triangular distribution over the range; Low and High are
// those given. Errors: [stats.ErrInput] unless low ≤ base ≤ high; if all are equal it is fixed.
func Ranged(name string, low, base, high float64) (Input, error) {
	if !finite(low, base, high) || low > base || base > high {
		return Input{}, inputError("%s: base %v outside of %v to %v", name, base, low, high)
	}
	if low == high {
		return Fixed(name, base)
	}
	return Input{name, base, low, high, distuv.NewTriangle(low, high, base, nil)}, nil
}

// stream numbers the random stream of an input by its name, so that another input more or less leaves its draws alone.
func (in Input) stream() uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for _, b := range []byte(in.Name) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}

func bases(inputs []Input) []float64 {
	xs := make([]float64, len(inputs))
	for i, in := range inputs {
		xs[i] = in.Base
	}
	return xs
}

// checkInputs returns the fault of inputs that have no name, or one twice.
func checkInputs(inputs []Input) error {
	seen := map[string]bool{}
	for _, in := range inputs {
		if in.Name == "" || seen[in.Name] {
			return inputError("input %q: no name, or one given twice", in.Name)
		}
		if !(in.Low <= in.Base && in.Base <= in.High) {
			return inputError("input %s: base %v outside of %v to %v", in.Name, in.Base, in.Low, in.High)
		}
		seen[in.Name] = true
	}
	return nil
}
