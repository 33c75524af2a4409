package costeffect

import (
	"cmp"
	"math"
	"slices"

	"vointi.fi/pkg/stats"
)

// Cell is what is known of an area in a period: the mean of persons, a share, a rate.
type Cell struct {
	Area   string
	Period int     // counts up in time, one a period
	Value  float64 // in the unit of the indicator
	SE     float64 // of sampling persons; NaN if unknown
	Weight float64 // persons behind Value for an effect on persons, 1 for one on areas
}

// Panel is pilot and comparison areas over periods, made by [NewPanel] and not to be changed.
type Panel struct {
	cells    []Cell
	areas    []string // sorted; the index is the cluster
	area     []int    // of each cell
	pilots   []bool   // of each area
	start    int
	periods  []int
	treated  []float64 // D of each cell less its area and period: what identifies the effect
	outcome  []float64 // the value of each cell in the same way
	leverage float64   // Σ w·treated²
}

// NewPanel puts the cells of a programme together. All pilot areas start in the same period: with several starts, two-way
// effects compare areas with those already treated (Goodman-Bacon 2021), so each start wants a panel of its own with areas that
// never start. Areas that are neither pilot nor comparison must not be among the cells.
//
// Errors: [stats.ErrInput] for a cell given twice, values that are not finite, a weight that is not above 0, or a negative SE;
// [ErrNoPilot], [ErrNoComparison], [ErrNoBefore] and [ErrNoAfter]; [stats.ErrNotCalculable] where areas and periods explain all, because
// those that were seen before the start were not seen after it.
func NewPanel(cells []Cell, pilots []string, start int) (*Panel, error) {
	p := &Panel{cells: slices.Clone(cells), start: start}
	slices.SortFunc(p.cells, func(a, b Cell) int { return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Period, b.Period)) })
	for i, c := range p.cells {
		if !finite(c.Value, c.Weight) || c.Weight <= 0 || c.SE < 0 || math.IsInf(c.SE, 0) {
			return nil, inputError("cell %+v", c)
		}
		if i > 0 && p.cells[i-1].Area == c.Area && p.cells[i-1].Period == c.Period {
			return nil, inputError("area %s twice in period %d", c.Area, c.Period)
		}
		if i == 0 || p.cells[i-1].Area != c.Area {
			p.areas, p.pilots = append(p.areas, c.Area), append(p.pilots, slices.Contains(pilots, c.Area))
		}
		p.area = append(p.area, len(p.areas)-1)
		p.periods = append(p.periods, c.Period)
	}
	slices.Sort(p.periods)
	p.periods = slices.Compact(p.periods)
	if err := p.compares(); err != nil {
		return nil, err
	}
	p.treated, p.outcome = p.treatment(p.pilots), p.within(func(i int) float64 { return p.cells[i].Value })
	if p.leverage = p.product(p.treated, p.treated); p.leverage <= unidentified {
		return nil, notCalculable("no area was seen before and after the start beside another of the other side: leverage %v", p.leverage)
	}
	return p, nil
}

// unidentified is what rounding leaves of a treatment that areas and periods explain wholly: there is no effect to be told apart then.
const unidentified = 1e-9

// compares returns why there is no comparison, or nil.
func (p *Panel) compares() error {
	has := map[[2]bool]map[int]bool{} // periods with data, by pilot and by after
	for i, c := range p.cells {
		key := [2]bool{p.pilots[p.area[i]], c.Period >= p.start}
		if has[key] == nil {
			has[key] = map[int]bool{}
		}
		has[key][c.Period] = true
	}
	shared := func(after bool) bool {
		for period := range has[[2]bool{true, after}] {
			if has[[2]bool{false, after}][period] {
				return true
			}
		}
		return false
	}
	switch {
	case !slices.Contains(p.pilots, true):
		return ErrNoPilot
	case !slices.Contains(p.pilots, false):
		return ErrNoComparison
	case !shared(false):
		return ErrNoBefore
	case !shared(true):
		return ErrNoAfter
	}
	return nil
}

// Count is the number of pilot and of comparison areas.
func (p *Panel) Count() (pilots, comparisons int) {
	for _, pilot := range p.pilots {
		if pilot {
			pilots++
		} else {
			comparisons++
		}
	}
	return pilots, comparisons
}

// treatment is, for areas that are taken for pilots, the treatment of each cell within areas and periods.
func (p *Panel) treatment(pilots []bool) []float64 {
	return p.within(func(i int) float64 {
		if pilots[p.area[i]] && p.cells[i].Period >= p.start {
			return 1
		}
		return 0
	})
}

// within takes area and period effects out of a variable: the weighted residuals of its regression on both. It alternates
// between the two, which for a panel without gaps and with weights of areas and of periods ends after one round.
func (p *Panel) within(variable func(i int) float64) []float64 {
	x := make([]float64, len(p.cells))
	var scale float64
	for i := range x {
		x[i] = variable(i)
		scale = max(scale, math.Abs(x[i]))
	}
	byPeriod := func(i int) int { return p.cells[i].Period - p.periods[0] }
	periods := p.periods[len(p.periods)-1] - p.periods[0] + 1
	const rounds = 100_000
	for range rounds {
		p.demean(x, len(p.areas), func(i int) int { return p.area[i] })
		if p.demean(x, periods, byPeriod) <= 1e-14*scale {
			break
		}
	}
	return x
}

// demean takes the weighted mean of each group out, and returns the largest.
func (p *Panel) demean(x []float64, groups int, group func(i int) int) (largest float64) {
	sums, weights := make([]float64, groups), make([]float64, groups)
	for i, c := range p.cells {
		g := group(i)
		sums[g] += c.Weight * x[i]
		weights[g] += c.Weight
	}
	for i := range x {
		g := group(i)
		mean := sums[g] / weights[g]
		x[i] -= mean
		largest = max(largest, math.Abs(mean))
	}
	return largest
}

func (p *Panel) product(a, b []float64) (sum float64) {
	for i, c := range p.cells {
		sum += c.Weight * a[i] * b[i]
	}
	return sum
}

// Value is the two-way effect δ of y = area + period + δ·(pilot area from its start on), weighted by the cells' weights. With
// two areas and two periods it is the difference in differences.
func (p *Panel) Value() float64 { return p.product(p.treated, p.outcome) / p.leverage }

// Sampling returns δ with the standard error that sampling persons gives it, from the cells' own standard errors, as if all
// else in an area were the same in each period: the effect on individuals. Samples of different cells count as independent; for
// the same persons in several cells see [Resampler].
//
// Errors: [stats.ErrNotCalculable], with δ, when the SE of a cell is unknown, or all are 0.
func (p *Panel) Sampling(level stats.Level) (Effect, error) {
	var variance float64
	for i, c := range p.cells {
		share := c.Weight * p.treated[i] / p.leverage * c.SE
		variance += share * share
	}
	return newEffect(p.Value(), math.Sqrt(variance), math.Inf(1), level)
}

// Clustered returns δ with the standard error clustered by area, which allows for anything that lasts or varies within an
// area (CR1):
//
//	V = G/(G−1) · (N−1)/(N−K) · Σ_g (Σ_i∈g w·d·e)² / (Σ w·d²)²,  t with G−1 degrees of freedom
//
// d is the treatment within areas and periods, e the residual, G the areas, N the cells, K the periods and δ; area effects lie
// within clusters and are not counted. Below about thirty areas it is too small: see [Panel.Bootstrap] and
// [Panel.Permutation]; and worthless with one pilot area, whose residuals sum to zero: that is refused.
//
// Liang & Zeger 1986; Bertrand, Duflo & Mullainathan 2004. Errors: [stats.ErrNotCalculable], with δ, for a single pilot or
// comparison area, or a fit without residuals.
func (p *Panel) Clustered(level stats.Level) (Effect, error) {
	delta := p.Value()
	if pilots, comparisons := p.Count(); pilots < 2 || comparisons < 2 {
		return noEffect(delta), notCalculable("clusters: %d pilot and %d comparison areas", pilots, comparisons)
	}
	scores := make([]float64, len(p.areas))
	for i, c := range p.cells {
		scores[p.area[i]] += c.Weight * p.treated[i] * (p.outcome[i] - delta*p.treated[i])
	}
	correction, df := p.smallSample(1)
	return newEffect(delta, math.Sqrt(correction*squares(scores))/p.leverage, df, level)
}

// smallSample returns the factor on a clustered variance with k coefficients, and the degrees of freedom.
func (p *Panel) smallSample(k int) (factor, df float64) {
	g, n := float64(len(p.areas)), float64(len(p.cells))
	return g / (g - 1) * (n - 1) / (n - float64(k+len(p.periods))), g - 1
}

func squares(xs []float64) (sum float64) {
	for _, x := range xs {
		sum += x * x
	}
	return sum
}

// Collapsed returns the effect from one number an area, its mean after the start less that before, compared between pilot
// and comparison areas by Student's t with equal variance. It is exact for normal area shocks however few areas there are, and
// however long shocks last; with one pilot area the variance is that of the comparison areas. Of areas with both, only the periods count
// that all of them have, and each alike: what a period does to all would else pass for a change of those that have it.
//
// Donald & Lang 2007; Bertrand, Duflo & Mullainathan 2004. Errors: [stats.ErrNotCalculable], with the difference, for fewer
// than three areas with both, none that differ, or no period that they share.
func (p *Panel) Collapsed(level stats.Level) (Effect, error) {
	var changes [2][]float64
	shared := p.shared()
	for a := range p.areas {
		if change, ok := p.change(a, shared); ok {
			side := 0
			if p.pilots[a] {
				side = 1
			}
			changes[side] = append(changes[side], change)
		}
	}
	n1, n0 := float64(len(changes[1])), float64(len(changes[0]))
	if n1 == 0 || n0 == 0 {
		return noEffect(math.NaN()), notCalculable("%v pilot and %v comparison areas with periods before and after that all share", n1, n0)
	}
	mean1, ss1 := spread(changes[1])
	mean0, ss0 := spread(changes[0])
	df := n1 + n0 - 2
	if df < 1 {
		return noEffect(mean1 - mean0), notCalculable("%v pilot and %v comparison areas", n1, n0)
	}
	return newEffect(mean1-mean0, math.Sqrt((ss1+ss0)/df*(1/n1+1/n0)), df, level)
}

// after is 1 for a cell since the start, and 0 for one before.
func (p *Panel) after(c Cell) int {
	if c.Period >= p.start {
		return 1
	}
	return 0
}

// shared are the periods that all areas have which have any before and after the start.
func (p *Panel) shared() map[int]bool {
	has := make([][2]bool, len(p.areas))
	for i, c := range p.cells {
		has[p.area[i]][p.after(c)] = true
	}
	areas, in := 0, map[int]int{}
	for _, h := range has {
		if h == [2]bool{true, true} {
			areas++
		}
	}
	for i, c := range p.cells {
		if has[p.area[i]] == [2]bool{true, true} {
			in[c.Period]++
		}
	}
	shared := map[int]bool{}
	for period, n := range in {
		shared[period] = n == areas
	}
	return shared
}

// change is the mean of an area after the start less that before, of some periods, of which each counts alike.
func (p *Panel) change(area int, periods map[int]bool) (float64, bool) {
	var sum, n [2]float64
	for i, c := range p.cells {
		if p.area[i] == area && periods[c.Period] {
			sum[p.after(c)] += c.Value
			n[p.after(c)]++
		}
	}
	return sum[1]/n[1] - sum[0]/n[0], n[0] > 0 && n[1] > 0
}

// spread returns the mean and the sum of squared deviations.
func spread(xs []float64) (mean, squares float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		squares += (x - mean) * (x - mean)
	}
	return mean, squares
}
