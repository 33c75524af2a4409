package indicator

import (
	"math"
	"slices"

	"vointi.fi/pkg/stats"
)

// Pair is what one person answered in two waves of a questionnaire.
type Pair struct{ Before, After Answer }

// Changes are those of the persons who answered an entry's items both times.
type Changes struct {
	entry *Entry
	asked []int        // index into the pairs
	ys    [][2]float64 // before and after, by person
}

// Changes keeps the persons who answered the entry's items both times.
func (e *Entry) Changes(pairs []Pair) *Changes {
	c := &Changes{entry: e}
	for i, p := range pairs {
		before, first := e.Survey.answer(p.Before.Items)
		after, then := e.Survey.answer(p.After.Items)
		if first && then {
			c.asked, c.ys = append(c.asked, i), append(c.ys, [2]float64{before, after})
		}
	}
	return c
}

// Answers reports whether somebody answered the entry's items.
func (e *Entry) Answers(a Answer) bool {
	_, answered := e.Survey.answer(a.Items)
	return answered
}

// Asked returns the indexes of the pairs that were kept.
func (c *Changes) Asked() []int { return c.asked }

// Estimate returns the mean of the persons' own changes, in the unit of the entry, with Student's intervals (MEAN-T); in tells the
// persons by the index of the pair. Everybody counts alike, without a weight: who answers twice has chosen to, and is no sample of the
// residents. Numerator and denominator are the sum of the changes and the persons.
func (c *Changes) Estimate(in func(pair int) bool) (Value, error) {
	v := Value{Method: Mean, Crude: math.NaN(), EffectiveSize: math.NaN(), I95: stats.Undefined, I998: stats.Undefined}
	var changes []float64
	for i, y := range c.ys {
		if in(c.asked[i]) {
			changes = append(changes, y[1]-y[0])
		}
	}
	slices.Sort(changes) // so that the order of answers makes no difference to the last bit
	for _, d := range changes {
		v.Numerator += d
	}
	v.Respondents, v.Denominator = int64(len(changes)), float64(len(changes))
	err := v.estimate(c.entry.Scale, func(l stats.Level) (stats.Estimate, error) {
		m, err := stats.Mean(changes, l)
		return m.Estimate, err
	})
	return v, err
}

// Moves counts the persons by what mean and interval of their changes may tell: of a share those who stayed at no and at yes, and those who
// turned; of a score those who rose and those who fell.
func (c *Changes) Moves(in func(pair int) bool) (counts []int64) {
	moves := map[[2]float64]int64{}
	for i, y := range c.ys {
		if !in(c.asked[i]) {
			continue
		}
		if !c.entry.Survey.shares() {
			y = [2]float64{0, float64(sign(y[1] - y[0]))}
		}
		moves[y]++
	}
	for move, n := range moves {
		if c.entry.Survey.shares() || move[1] != 0 {
			counts = append(counts, n)
		}
	}
	slices.Sort(counts)
	return counts
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
