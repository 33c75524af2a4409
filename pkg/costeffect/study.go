package costeffect

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"vointi.fi/pkg/stats"
)

// Point is the effect in one period against the last before the start.
type Point struct {
	Period int
	Effect
}

// EventStudy returns the effect in each period against that in the last period before the start, earlier ones included, in
// order; that period itself is 0 and not among them. Before the start they should scatter about 0. Standard errors are
// clustered by area where there are two pilot and two comparison areas at least, and from sampling otherwise.
//
// Errors: [stats.ErrNotCalculable], with the values, when standard errors are not known; without, when the periods do not tell
// the effects apart.
func (p *Panel) EventStudy(level stats.Level) ([]Point, error) {
	last := math.MinInt
	for _, t := range p.periods {
		if t < p.start {
			last = t
		}
	}
	var periods []int
	var regressors [][]float64
	for _, t := range p.periods {
		if t == last {
			continue
		}
		x := p.within(func(i int) float64 {
			if p.pilots[p.area[i]] && p.cells[i].Period == t {
				return 1
			}
			return 0
		})
		if p.product(x, x) > unidentified { // pilot and comparison areas have data
			periods, regressors = append(periods, t), append(regressors, x)
		}
	}
	effects, err := p.regress(regressors, level)
	points := make([]Point, len(effects))
	for i, e := range effects {
		points[i] = Point{periods[i], e}
	}
	return points, err
}

// PreTrend returns by how much a period the pilot areas moved away from the comparison areas before the start: the slope of the
// difference over time. It should not differ from 0; that it does not is no proof with few periods, so show [Panel.EventStudy]
// beside it.
//
// Errors: [ErrFewBefore], or as [Panel.EventStudy].
func (p *Panel) PreTrend(level stats.Level) (Effect, error) {
	before := &Panel{areas: p.areas, pilots: p.pilots, start: p.start}
	for i, c := range p.cells {
		if c.Period < p.start {
			before.cells, before.area = append(before.cells, c), append(before.area, p.area[i])
		}
	}
	for _, t := range p.periods {
		if t < p.start {
			before.periods = append(before.periods, t)
		}
	}
	if len(before.periods) < 2 {
		return noEffect(math.NaN()), ErrFewBefore
	}
	before.outcome = before.within(func(i int) float64 { return before.cells[i].Value })
	x := before.within(func(i int) float64 {
		if p.pilots[before.area[i]] {
			return float64(before.cells[i].Period - before.periods[0])
		}
		return 0
	})
	if before.product(x, x) <= unidentified {
		return noEffect(math.NaN()), ErrFewBefore
	}
	effects, err := before.regress([][]float64{x}, level)
	return effects[0], err
}

// regress returns the coefficients of regressors that are within areas and periods, each with its standard error.
func (p *Panel) regress(xs [][]float64, level stats.Level) ([]Effect, error) {
	k := len(xs)
	if k == 0 {
		return nil, notCalculable("no period to compare")
	}
	moments, right := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	for i := range xs {
		right.SetVec(i, p.product(xs[i], p.outcome))
		for j := i; j < k; j++ {
			moments.SetSym(i, j, p.product(xs[i], xs[j]))
		}
	}
	var factor mat.Cholesky
	var inverse mat.SymDense
	var beta mat.VecDense
	if !factor.Factorize(moments) || factor.InverseTo(&inverse) != nil || factor.SolveVecTo(&beta, right) != nil {
		return nil, notCalculable("the effects of %d periods cannot be told apart", k)
	}
	effects := make([]Effect, k)
	var fault error
	variances, df := p.variances(xs, &inverse, &beta)
	for i := range effects {
		var err error
		if effects[i], err = newEffect(beta.AtVec(i), math.Sqrt(variances[i]), df, level); err != nil {
			fault = err
		}
	}
	return effects, fault
}

// variances returns those of the coefficients and their degrees of freedom: clustered, or of sampling.
func (p *Panel) variances(xs [][]float64, inverse *mat.SymDense, beta *mat.VecDense) ([]float64, float64) {
	k := len(xs)
	pilots, comparisons := p.Count()
	clustered := pilots > 1 && comparisons > 1
	groups := len(p.areas)
	if !clustered {
		groups = len(p.cells)
	}
	scores := mat.NewDense(groups, k, nil)
	for i, c := range p.cells {
		g, e := i, c.SE
		if clustered {
			g, e = p.area[i], p.outcome[i]
			for j, x := range xs {
				e -= beta.AtVec(j) * x[i]
			}
		}
		for j, x := range xs {
			scores.Set(g, j, scores.At(g, j)+c.Weight*x[i]*e)
		}
	}
	var influence mat.Dense
	influence.Mul(scores, inverse)
	factor, df := 1., math.Inf(1)
	if clustered {
		factor, df = p.smallSample(k)
	}
	variances := make([]float64, k)
	for j := range variances {
		for g := range groups {
			variances[j] += factor * influence.At(g, j) * influence.At(g, j)
		}
	}
	return variances, df
}
