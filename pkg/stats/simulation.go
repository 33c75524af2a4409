package stats

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Group is one of several groups that are ordered from the least to the most advantaged.
type Group struct {
	Population float64 // persons; the group's share of all is its width on the scale of rank
	Value      float64
	SE         float64 // standard error of Value on the scale of the [Link] used; NaN if not known
}

// Link is the scale on which the values of groups vary normally.
type Link int

// The links. Values must be above 0 for Log, and shares above 0 and below 1 for Logit.
const (
	Identity Link = iota // means
	Log                  // rates
	Logit                // proportions, 0 to 1
)

// to transforms a value to the scale of the link.
func (l Link) to(y float64) float64 {
	switch l {
	case Log:
		return math.Log(y)
	case Logit:
		return math.Log(y / (1 - y))
	}
	return y
}

// from is the inverse of to.
func (l Link) from(x float64) float64 {
	switch l {
	case Log:
		return math.Exp(x)
	case Logit:
		return expit(x)
	}
	return x
}

// StandardError returns the standard error on the scale of the link behind limits in the unit of the value:
// (T(u) − T(l))/(2z). It is infinite or NaN for limits that the link does not know, as 0 with Log.
func (l Link) StandardError(limits Interval, level Level) float64 {
	return Interval{l.to(limits.Lower), l.to(limits.Upper)}.StandardError(level)
}

// FewestDraws is how many draws a [Simulation] makes at least.
const FewestDraws = 10_000

// Simulation sets the random draws behind an interval. Equal settings give equal bits in programs of one Go release. The
// zero value works. A 99.8 % limit is the tenth draw from the end of 10 000: take more draws where it matters.
type Simulation struct {
	Seed  uint64
	Draws int // FewestDraws if less
}

// run draws the values of all groups again and again, normally on the scale of the link, and hands each set to use, which
// must not keep it. It reports false, having drawn nothing, when a value or its standard error does not allow it, or when
// no value varies.
func (s Simulation) run(groups []Group, link Link, use func(ys []float64)) bool {
	centres := make([]float64, len(groups))
	varies := false
	for i, g := range groups {
		centres[i] = link.to(g.Value)
		if !finite(centres[i], g.SE) {
			return false
		}
		varies = varies || g.SE > 0
	}
	if !varies {
		return false
	}
	random := rand.New(rand.NewPCG(s.Seed, 0))
	ys := make([]float64, len(groups))
	for range s.draws() {
		for i, g := range groups {
			ys[i] = link.from(centres[i] + g.SE*random.NormFloat64())
		}
		use(ys)
	}
	return true
}

func (s Simulation) draws() int { return max(s.Draws, FewestDraws) }

// simulated returns value with the standard deviation of its draws, and with their percentiles as limits: undefined
// where some draw is NaN. It sorts the draws.
func simulated(value float64, draws []float64, level Level) Estimate {
	if len(draws) == 0 || slices.ContainsFunc(draws, math.IsNaN) {
		return undefined(value)
	}
	se := stat.StdDev(draws, nil)
	slices.Sort(draws)
	return Estimate{value, se, Interval{Percentile(draws, 1-level.upperTail()), Percentile(draws, level.upperTail())}}
}

// Percentile interpolates between sorted numbers, of which there is one at least (Hyndman & Fan 1996, type 7); p is 0 to 1.
func Percentile(sorted []float64, p float64) float64 {
	whole, part := math.Modf(p * float64(len(sorted)-1))
	below := sorted[int(whole)]
	if part == 0 || math.IsInf(below, 0) {
		return below
	}
	return below + part*(sorted[int(whole)+1]-below)
}

// ranks returns each group's share of the population, and the middle of its part on the scale of rank, 0 to 1.
func ranks(groups []Group) (shares, middles []float64) {
	var all, below float64
	for _, g := range groups {
		all += g.Population
	}
	for _, g := range groups {
		share := g.Population / all
		shares = append(shares, share)
		middles = append(middles, below+share/2)
		below += share
	}
	return shares, middles
}

// checkGroups returns the error of groups that are impossible, or too few or empty.
func checkGroups(name string, groups []Group, fewest int, link Link, level Level) error {
	if !level.valid() || link < Identity || link > Logit {
		return inputError(name, "level %v, link %v", level, link)
	}
	empty := len(groups) < fewest
	for _, g := range groups {
		if !finite(g.Population, g.Value) || g.Population < 0 || g.SE < 0 ||
			(link != Identity && g.Value < 0) || (link == Logit && g.Value > 1) {
			return inputError(name, "%+v", g)
		}
		empty = empty || g.Population == 0
	}
	if empty {
		return notCalculable(name, "%d groups, of at least %d that must not be empty", len(groups), fewest)
	}
	return nil
}
