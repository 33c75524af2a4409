package aggregator

import (
	"cmp"
	"math"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
)

// contrast is what a comparison says in numbers: NaN and undefined where they do not exist.
type contrast struct {
	value     float64
	i95, i998 stats.Interval
	p         float64
	none      float64 // the value that means no difference: 0, or 1 of a ratio
}

func contrastOf(c95, c998 stats.Contrast) contrast {
	return contrast{c95.Value, c95.Interval, c998.Interval, c95.P, 0}
}

// plain is a difference of which nothing more is known.
func plain(value float64) contrast {
	return contrast{value, stats.Undefined, stats.Undefined, math.NaN(), 0}
}

func (c contrast) scale(f float64) contrast {
	c.value, c.i95, c.i998 = c.value*f, c.i95.Scale(f), c.i998.Scale(f)
	return c
}

// percent turns a ratio into the change in percent.
func (c contrast) percent() contrast {
	turn := func(x float64) float64 { return 100 * (x - 1) }
	both := func(i stats.Interval) stats.Interval {
		return stats.Interval{Lower: turn(i.Lower), Upper: turn(i.Upper)}
	}
	c.value, c.i95, c.i998 = turn(c.value), both(c.i95), both(c.i998)
	return c
}

// The errors of package stats are left aside below: what has no answer comes back as NaN and undefined, which is what a
// comparison shows of it, and no figure may keep the others from being compared.

// change is the difference of two figures of independent people or periods, now − before, by their method: shares and
// rates by their counts, all others by their published limits. scale is the catalogue's.
func change(now, before *figure, scale float64) contrast {
	switch {
	case bare(now) || bare(before):
		return plain(now.value - before.value)
	case both(now, before, isShare):
		c95, _ := stats.ProportionChange(now.numerator, now.denominator, before.numerator, before.denominator, stats.Level95)
		c998, _ := stats.ProportionChange(now.numerator, now.denominator, before.numerator, before.denominator, stats.Level998)
		return contrastOf(c95, c998).scale(scale)
	case both(now, before, isCount):
		c, _ := stats.CountRatio(now.events(scale), before.events(scale), stats.Level95)
		return hybrid(now, before, c.P)
	case both(now, before, isRate):
		c, _ := stats.RateRatio(now.events(scale), before.events(scale), stats.Level95)
		return hybrid(now, before, c.P)
	}
	c95, _ := stats.Gap(now.estimate(), before.estimate(), 0, stats.Level95)
	c998, _ := stats.Gap(now.estimate(), before.estimate(), 0, stats.Level998)
	return contrastOf(c95, c998)
}

// hybrid is the difference with limits made of the published ones, which keeps their asymmetry.
func hybrid(now, before *figure, p float64) contrast {
	at := func(l stats.Level) stats.Estimate {
		e, _ := stats.HybridDifference(stats.Estimate{Value: now.value, Interval: now.limits(l)}, stats.Estimate{Value: before.value, Interval: before.limits(l)})
		return e
	}
	return contrast{now.value - before.value, at(stats.Level95).Interval, at(stats.Level998).Interval, p, 0}
}

// growth is the change of a count in percent of the earlier one.
func growth(now, before *figure, scale float64) contrast {
	c95, _ := stats.CountRatio(now.events(scale), before.events(scale), stats.Level95)
	c998, _ := stats.CountRatio(now.events(scale), before.events(scale), stats.Level998)
	return contrastOf(c95, c998).percent()
}

// growthPer is the change of a count per session held, in percent.
func growthPer(now, before *figure, sessionsNow, sessionsBefore, scale float64) contrast {
	a, b := now.events(scale), before.events(scale)
	a.Exposure, b.Exposure = sessionsNow, sessionsBefore
	c95, _ := stats.RateRatio(a, b, stats.Level95)
	c998, _ := stats.RateRatio(a, b, stats.Level998)
	return contrastOf(c95, c998).percent()
}

// ratio is the quotient of two figures.
func ratio(of, to *figure) contrast {
	if bare(of) || bare(to) {
		c := plain(math.NaN())
		if to.value > 0 {
			c.value = of.value / to.value
		}
		return c
	}
	c95, _ := stats.RelativeGap(of.estimate(), to.estimate(), stats.Level95)
	c998, _ := stats.RelativeGap(of.estimate(), to.estimate(), stats.Level998)
	c := contrastOf(c95, c998)
	c.none = 1
	return c
}

// beside is the difference to a value that is taken for exact: a benchmark, which contains the figure itself, or a target.
// The test is the one that the limits were made of: p is below 0.05 exactly where they leave the value out.
func beside(f *figure, exact float64) contrast {
	shift := func(i stats.Interval) stats.Interval {
		return stats.Interval{Lower: i.Lower - exact, Upper: i.Upper - exact}
	}
	i95 := f.limits(stats.Level95)
	c := contrast{f.value - exact, shift(i95), shift(f.limits(stats.Level998)), math.NaN(), 0}
	half := f.value - i95.Lower
	if c.value < 0 {
		half = i95.Upper - f.value
	}
	switch {
	case half > 0:
		z := math.Abs(c.value) / half * stats.Level95.Z()
		c.p = math.Erfc(z / math.Sqrt2)
	case half == 0 && c.value == 0:
		c.p = 1
	}
	return c
}

// events returns a count with its spread Σk², which the published limits are the only trace of:
// upper = O + √(V/O)·(Byar's upper − O), in the figure's unit.
func (f *figure) events(scale float64) stats.Events {
	e := stats.Events{Count: f.numerator, Squares: f.numerator, Exposure: f.denominator}
	if !isRate(f) {
		e.Exposure = 0
	}
	if e.Count <= 0 || f.method != indicator.CountNonIndependent && f.method != indicator.RateNonIndependent {
		return e
	}
	perEvent := scale
	if isRate(f) {
		perEvent = scale / f.denominator
	}
	independent, err := stats.Count(e.Count, stats.Level95)
	if err != nil {
		return e
	}
	r := (f.i95.Upper/perEvent - e.Count) / (independent.Upper - e.Count)
	e.Squares = max(e.Count, e.Count*r*r)
	return e
}

// bare reports whether a figure has no limits, or none that say anything.
func bare(f *figure) bool { return !f.limits(stats.Level95).Defined() }

func both(a, b *figure, is func(*figure) bool) bool { return is(a) && is(b) }

func isShare(f *figure) bool { return f.method == indicator.Proportion }

func isCount(f *figure) bool {
	return f.method == indicator.Count || f.method == indicator.CountNonIndependent
}

func isRate(f *figure) bool {
	return f.method == indicator.RateNonIndependent || f.method == indicator.Rate
}

// sizes are units in which larger areas have larger figures, unless something is divided by.
var sizes = []string{"n", "h", "€"}

// intensive reports whether figures of a small and a large area or group can be held beside each other.
func intensive(e *indicator.Entry, f *figure) bool {
	if isCount(f) {
		return false
	}
	return e.Divided() || !slices.Contains(sizes, f.unit)
}

// pool is one figure of several areas together: shares and rates by the sums of their counts, others as a mean weighted by
// their denominators. All must be shown.
func pool(figures []*figure, scale float64) *figure {
	slices.SortFunc(figures, func(a, b *figure) int { return cmp.Compare(a.area, b.area) }) // sums of floats have an order
	p := *figures[0]
	p.numerator, p.denominator, p.value = 0, 0, 0
	var squares, variance float64
	for _, f := range figures {
		p.numerator += f.numerator
		p.denominator += f.denominator
		squares += f.events(scale).Squares
	}
	for _, f := range figures {
		w := f.denominator / p.denominator
		p.value += w * f.value
		se := w * f.estimate().SE
		variance += se * se
	}
	at := func(l stats.Level) stats.Interval {
		if isRate(&p) {
			e, _ := stats.RateNonIndependent(p.numerator, squares, p.denominator, scale, l)
			return e.Interval
		}
		half := l.Z() * math.Sqrt(variance)
		return stats.Interval{Lower: p.value - half, Upper: p.value + half}
	}
	p.i95, p.i998 = at(stats.Level95), at(stats.Level998)
	return &p
}
