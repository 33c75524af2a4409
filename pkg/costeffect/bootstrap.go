package costeffect

import (
	"math"
	"math/rand/v2"

	"vointi.fi/pkg/stats"
)

// Draws sets the random draws of a bootstrap, a permutation or a simulation. Equal settings give equal results.
type Draws struct {
	Seed uint64
	N    int
}

func (d Draws) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(d.Seed, stream)) }

// fewestRademacher is the number of areas from which signs alone make enough different draws.
const fewestRademacher = 12

// webb are the weights of Webb 2014: mean 0, variance 1, six points.
var webb = [6]float64{-math.Sqrt(1.5), -1, -math.Sqrt(0.5), math.Sqrt(0.5), 1, math.Sqrt(1.5)}

// Bootstrap returns δ with p and limits of the wild cluster bootstrap, restricted to the tested effect and studentised: the
// residuals of each area are multiplied by one random number, ±1, or one of Webb's six for fewer than twelve areas; p is the share
// of draws with a statistic as large, and the limits are where p falls to 1 − level. SE is that of [Panel.Clustered], T its
// statistic, DF NaN. A limit that no effect is far enough for is infinite.
//
// It needs several pilot areas: with one it never rejects, or always (MacKinnon & Webb 2017), so that is refused.
//
// Cameron, Gelbach & Miller 2008; Webb 2014. Errors: [stats.ErrInput] for fewer than 99 draws; else as [Panel.Clustered].
func (p *Panel) Bootstrap(d Draws, level stats.Level) (Effect, error) {
	e, err := p.Clustered(level)
	if err != nil {
		return e, err
	}
	if d.N < 99 {
		return e, inputError("%d bootstrap draws", d.N)
	}
	w := p.newWild(d)
	e.P, e.DF = w.p(0), math.NaN()
	alpha := 1 - float64(level)
	e.Lower, e.Upper = w.limit(e.Value, -e.SE, alpha), w.limit(e.Value, e.SE, alpha)
	return e, nil
}

// wild is the bootstrap reduced to areas. For a tested effect δ₀ the restricted residual is r = y − δ₀d, so the score of
// area h in a draw is linear in the draw and in δ₀:
//
//	Σ_g v_g·(A[h][g] − δ₀·B[h][g]),  A[h][g] = Σ_i∈h w·d·(r within areas and periods, of area g alone)
//
// less the refit's share of the leverage of h.
type wild struct {
	draws    [][]float64 // the random number of each area, in each draw
	a, b     [][]float64
	sa, sb   []float64 // scores of areas: of the outcome and of the treatment
	leverage []float64
	total    float64
	delta    float64
}

func (p *Panel) newWild(d Draws) *wild {
	n := len(p.areas)
	w := &wild{total: p.leverage, delta: p.Value(), sa: make([]float64, n), sb: make([]float64, n), leverage: make([]float64, n)}
	for i, c := range p.cells {
		w.sa[p.area[i]] += c.Weight * p.treated[i] * p.outcome[i]
		w.leverage[p.area[i]] += c.Weight * p.treated[i] * p.treated[i]
	}
	copy(w.sb, w.leverage)
	w.a, w.b = p.scores(p.outcome), p.scores(p.treated)
	random := d.random(1)
	for range d.N {
		draw := make([]float64, n)
		for g := range draw {
			if n < fewestRademacher {
				draw[g] = webb[random.IntN(len(webb))]
			} else {
				draw[g] = float64(2*random.IntN(2) - 1)
			}
		}
		w.draws = append(w.draws, draw)
	}
	return w
}

// scores returns, for each area g, the score in each area h of x cut off outside of g.
func (p *Panel) scores(x []float64) [][]float64 {
	all := make([][]float64, len(p.areas))
	for h := range all {
		all[h] = make([]float64, len(p.areas))
	}
	for g := range p.areas {
		only := p.within(func(i int) float64 {
			if p.area[i] == g {
				return x[i]
			}
			return 0
		})
		for i, c := range p.cells {
			all[p.area[i]][g] += c.Weight * p.treated[i] * only[i]
		}
	}
	return all
}

// p returns the probability of a statistic as far from null as the one seen.
func (w *wild) p(null float64) float64 {
	n := len(w.sa)
	scores := make([]float64, n)
	for h := range scores {
		scores[h] = w.sa[h] - w.delta*w.sb[h]
	}
	seen := math.Abs(w.delta-null) / math.Sqrt(squares(scores))
	restricted := make([][]float64, n)
	for h := range restricted {
		restricted[h] = make([]float64, n)
		for g := range restricted[h] {
			restricted[h][g] = w.a[h][g] - null*w.b[h][g]
		}
	}
	far := 1
	for _, draw := range w.draws {
		var moved float64
		for g, v := range draw {
			moved += v * (w.sa[g] - null*w.sb[g])
		}
		moved /= w.total
		var sum float64
		for h := range scores {
			score := -moved * w.leverage[h]
			for g, v := range draw {
				score += v * restricted[h][g]
			}
			sum += score * score
		}
		if math.Abs(moved) >= seen*math.Sqrt(sum)*(1-1e-12) {
			far++
		}
	}
	return float64(far) / float64(len(w.draws)+1)
}

// limit returns where, from the estimate on in the direction of step, p falls to alpha.
func (w *wild) limit(estimate, step, alpha float64) float64 {
	inside, outside := estimate, estimate+step
	for tries := 0; w.p(outside) > alpha; tries++ {
		if tries == 12 {
			return math.Inf(int(math.Copysign(1, step)))
		}
		inside, outside = outside, outside+(outside-estimate)
	}
	for range 40 {
		if middle := (inside + outside) / 2; w.p(middle) > alpha {
			inside = middle
		} else {
			outside = middle
		}
	}
	return outside
}

// Permuted is the result of [Panel.Permutation].
type Permuted struct {
	Value       float64
	P           float64   // share of assignments whose effect is as large in size, the true one included
	Placebos    []float64 // effects of the others, in the order made
	Exact       bool      // all assignments were made
	Assignments int
}

// Permutation asks how large an effect shows if other areas are taken for the pilots: all choices of as many areas, or, if
// there are more than d.N, random ones. With one pilot and C comparison areas p cannot be below 1/(C + 1).
//
// Fisher 1935; Abadie, Diamond & Hainmueller 2010. Errors: [stats.ErrInput] for fewer than 99 draws.
func (p *Panel) Permutation(d Draws) (Permuted, error) {
	if d.N < 99 {
		return Permuted{Value: p.Value(), P: math.NaN()}, inputError("%d permutations", d.N)
	}
	pilots, comparisons := p.Count()
	r := Permuted{Value: p.Value(), Assignments: 1}
	far := 1
	use := func(chosen []bool) {
		d := p.treatment(chosen)
		if leverage := p.product(d, d); leverage > unidentified {
			placebo := p.product(d, p.outcome) / leverage
			r.Placebos = append(r.Placebos, placebo)
			r.Assignments++
			if math.Abs(placebo) >= math.Abs(r.Value)*(1-1e-12) {
				far++
			}
		}
	}
	if r.Exact = choose(pilots+comparisons, pilots) <= float64(d.N); r.Exact {
		p.eachChoice(pilots, use)
	} else {
		random := d.random(2)
		for range d.N {
			chosen := make([]bool, len(p.areas))
			for _, a := range random.Perm(len(p.areas))[:pilots] {
				chosen[a] = true
			}
			use(chosen)
		}
	}
	r.P = float64(far) / float64(r.Assignments)
	return r, nil
}

// choose is the number of ways to choose k of n.
func choose(n, k int) float64 {
	ways := 1.
	for i := range k {
		ways = ways * float64(n-i) / float64(i+1)
	}
	return math.Round(ways)
}

// eachChoice calls use with every choice of k areas but the true one.
func (p *Panel) eachChoice(k int, use func([]bool)) {
	chosen := make([]bool, len(p.areas))
	var from func(a, left int)
	from = func(a, left int) {
		if left == 0 {
			for i, c := range chosen {
				if c != p.pilots[i] {
					use(chosen)
					return
				}
			}
			return
		}
		for ; a <= len(chosen)-left; a++ {
			chosen[a] = true
			from(a+1, left-1)
			chosen[a] = false
		}
	}
	from(0, k)
}
