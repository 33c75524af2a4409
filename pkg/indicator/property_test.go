package indicator_test

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
)

// TestScaleIsAUnit: another scale changes value and limits by its factor and nothing else, whatever the method; and the
// same sums give the same value, bit for bit.
func TestScaleIsAUnit(t *testing.T) {
	for _, e := range catalogue(t) {
		if e.Survey != nil {
			continue
		}
		doubled := *e
		doubled.Scale *= 2
		one, err := e.Example()
		if err != nil {
			t.Fatal(err)
		}
		again, _ := e.Example()
		if !sameBits(one.Value, again.Value) {
			t.Errorf("%s: %+v, and the next time %+v", e.ID, one.Value, again.Value)
		}
		two, err := doubled.Example()
		if err != nil {
			t.Fatal(err)
		}
		for what, x := range map[string][2]float64{
			"value": {one.Value.Value, two.Value.Value}, "lower": {one.Value.I95.Lower, two.Value.I95.Lower}, "upper": {one.Value.I998.Upper, two.Value.I998.Upper},
		} {
			if !math.IsNaN(x[0]) && math.Abs(2*x[0]-x[1]) > 1e-9*math.Abs(x[1]) {
				t.Errorf("%s: %s %v, with twice the scale %v", e.ID, what, x[0], x[1])
			}
		}
	}
}

func sameBits(a, b indicator.Value) bool {
	bits := func(v indicator.Value) []uint64 {
		var all []uint64
		for _, f := range []float64{v.Value, v.I95.Lower, v.I95.Upper, v.I998.Lower, v.I998.Upper, v.Numerator, v.Denominator, v.Crude, v.EffectiveSize} {
			all = append(all, math.Float64bits(f))
		}
		return all
	}
	return reflect.DeepEqual(bits(a), bits(b)) && reflect.DeepEqual(a.Flags, b.Flags) && a.Method == b.Method
}

// TestStandardisingEqualBands: where every band has the same share, standardising changes nothing.
func TestStandardisingEqualBands(t *testing.T) {
	share, rate := entry(t, "participation-reach-std"), entry(t, "visit-rate-dsr")
	rapid.Check(t, func(rt *rapid.T) {
		of := rapid.Int64Range(2, 9).Draw(rt, "one in")
		var shares, rates []indicator.Cell
		for range share.Cells() {
			n := rapid.Int64Range(1, 500).Draw(rt, "cases")
			shares = append(shares, cell("residents@esp2013", n, float64(of*n)))
			rates = append(rates, indicator.Cell{Sums: sums(map[indicator.Measure]int64{"resident_visits@esp2013": n, "resident_squares@esp2013": n}), Population: float64(of * n)})
		}
		p, err := share.EvaluateCells(shares...)
		if err != nil || math.Abs(p.Value-100/float64(of)) > 1e-9 || math.Abs(p.Crude-p.Value) > 1e-9 || !p.I95.Contains(p.Value) {
			rt.Fatalf("%+v %v", p, err)
		}
		r, err := rate.EvaluateCells(rates...)
		if err != nil || math.Abs(r.Value-1000/float64(of)) > 1e-9 || !r.I95.Contains(r.Value) {
			rt.Fatalf("%+v %v", r, err)
		}
	})
}

// TestFixedSumGoesWithTheCount: value × count is the sum, and the limits enclose the value the other way round. Of no costs at all
// nobody knows what they were.
func TestFixedSumGoesWithTheCount(t *testing.T) {
	e := entry(t, "cost-per-participant")
	rapid.Check(t, func(rt *rapid.T) {
		cents, n := rapid.Int64Range(1, 1e10).Draw(rt, "cents"), rapid.Int64Range(1, 1e6).Draw(rt, "participants")
		v, err := e.Evaluate(sums(map[indicator.Measure]int64{"cost.c": cents, "participants": n}), nan)
		if err != nil || math.Abs(v.Value*float64(n)-float64(cents)/100) > 1e-9*float64(cents) || !v.I95.Contains(v.Value) {
			rt.Fatalf("%+v %v", v, err)
		}
		free, err := e.Evaluate(sums(map[indicator.Measure]int64{"participants": n}), nan)
		if err != nil || !free.NoData || !math.IsNaN(free.Value) || free.I95.Defined() {
			rt.Fatalf("%+v %v", free, err)
		}
	})
}

// TestValueLiesInItsLimits: also where scaling rounds, and sessions that were equally full leave the limits no width.
func TestValueLiesInItsLimits(t *testing.T) {
	e := entry(t, "session-occupancy")
	rapid.Check(t, func(rt *rapid.T) {
		n, c, v := rapid.Int64Range(2, 9).Draw(rt, "sessions"), rapid.Int64Range(1, 90).Draw(rt, "visits"), rapid.Int64Range(1, 90).Draw(rt, "places")
		x, err := e.Evaluate(sums(map[indicator.Measure]int64{
			"occupancy.n": n, "occupancy.c": n * c, "occupancy.v": n * v, "occupancy.cc": n * c * c, "occupancy.vv": n * v * v, "occupancy.cv": n * c * v,
		}), nan)
		if err != nil || !x.I95.Contains(x.Value) || !x.I998.Contains(x.Value) || x.I95.Upper-x.I95.Lower > 1e-9*x.Value {
			rt.Fatalf("%+v %v", x, err)
		}
	})
}

// TestPilotAndComparisonChangePlaces: the effect then has the other sign, and so have its limits.
func TestPilotAndComparisonChangePlaces(t *testing.T) {
	e := entry(t, "service-need-change")
	rapid.Check(t, func(rt *rapid.T) {
		var cells []indicator.Cell
		for range 4 {
			cells = append(cells, cell("contacts", rapid.Int64Range(1, 1e4).Draw(rt, "contacts"), rapid.Float64Range(10, 1e5).Draw(rt, "residents")))
		}
		there, err := e.EvaluateCells(cells...)
		if err != nil {
			rt.Fatal(err)
		}
		back, err := e.EvaluateCells(cells[2], cells[3], cells[0], cells[1])
		if err != nil || math.Abs(there.Value+back.Value) > 1e-9*math.Abs(there.I95.Upper) || math.Abs(there.I95.Lower+back.I95.Upper) > 1e-9*math.Abs(there.I95.Lower) {
			rt.Fatalf("%+v\n%+v %v", there, back, err)
		}
	})
}

// TestSumsThatCannotBe are an error, not a value.
func TestSumsThatCannotBe(t *testing.T) {
	for id, m := range map[string]map[indicator.Measure]int64{
		"participation-visits":   {"visits": 5, "visit_squares": 4},
		"visits-per-participant": {"participants": 2, "participant_visits": 10, "participant_squares": 4},
		"unique-participants":    {"participants": -1},
		"cost-per-visit":         {"cost.n": 2, "cost.c": 10, "cost.v": 2, "cost.cc": 1},
	} {
		if v, err := entry(t, id).Evaluate(sums(m), nan); err == nil {
			t.Errorf("%s of %v: %+v", id, m, v)
		}
	}
}
