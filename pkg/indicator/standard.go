package indicator

import (
	"math"

	"vointi.fi/pkg/stats"
)

// EvaluateStandard is [Entry.EvaluateCells] of a standardised entry as it is shown: numerator, denominator and crude value
// are those of all, people of unknown age too, and value and limits have as many decimals as the entry. For the bands are
// nobody's to know: what numerators over bands and over all differ by would tell how many are of unknown age, and sixteen
// digits of a sum with known weights would tell the counts in it.
func (e *Entry) EvaluateStandard(all Cell, cells ...Cell) (Value, error) {
	v, err := e.EvaluateCells(cells...)
	if err != nil {
		return v, err
	}
	ev := &evaluation{Entry: e}
	v.Numerator, v.Denominator, v.Crude = ev.of(e.Numerator.Name(), all), ev.of(e.Denominator.Name(), all), math.NaN()
	if v.Denominator > 0 {
		v.Crude = e.Scale * v.Numerator / v.Denominator
	}
	step := math.Pow10(e.Decimals)
	for _, x := range []*float64{&v.Value, &v.I95.Lower, &v.I95.Upper, &v.I998.Lower, &v.I998.Upper} {
		*x = math.Round(*x*step) / step
	}
	v.EffectiveSize = math.Round(v.EffectiveSize)
	return v, nil
}

// standardised is ASP and DSR-NI over the bands of the standard population. Numerator and denominator are those of all
// bands together, and make the crude value; people of unknown age are in no band.
func (ev *evaluation) standardised() error {
	v := &ev.v
	bands := make([]stats.Band, len(ev.cells))
	v.Numerator, v.Denominator = 0, 0
	above := false
	for i := range ev.cells {
		bands[i] = stats.Band{Count: ev.n[i], Population: ev.d[i], Weight: float64(ev.weights[i].Weight)}
		if ev.Method == StandardRate {
			bands[i].Squares = ev.squares(i)
		}
		v.Numerator += ev.n[i]
		v.Denominator += ev.d[i]
		above = above || ev.Method == StandardProportion && ev.n[i] > ev.d[i]
	}
	if !v.divisible() {
		return nil
	}
	v.Crude = ev.Scale * v.Numerator / v.Denominator
	if above {
		v.Value, v.NoData = math.NaN(), true
		v.Flags = append(v.Flags, FlagAboveWhole)
		return nil
	}
	if ev.Method == StandardRate {
		return v.estimate(1, func(l stats.Level) (stats.Estimate, error) { return stats.DSRNonIndependent(bands, ev.Scale, l) })
	}
	return v.estimate(ev.Scale, func(l stats.Level) (stats.Estimate, error) {
		p, err := stats.ASP(bands, l)
		v.EffectiveSize = p.EffectiveN
		return p.Estimate, err
	})
}
