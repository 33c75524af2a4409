package costeffect_test

import (
	"fmt"
	"math"
	"runtime"
	"syscall"
	"testing"
	"time"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/stats"
)

// processorTime is what this process has used of processors.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// wholeProgramme is the inputs of a programme with three services, two outcomes and three years of costs: eighteen numbers.
func wholeProgramme(b *testing.B) []costeffect.Input {
	b.Helper()
	in := ok[costeffect.Input](b)
	var inputs []costeffect.Input
	for i := range 3 {
		inputs = append(inputs,
			in(costeffect.Normally(fmt.Sprint("effect on service ", i), -0.25, 0.1)), in(costeffect.Ranged(fmt.Sprint("unit cost ", i), 60, 100, 150)),
			in(costeffect.Fixed(fmt.Sprint("residents ", i), 15_000)), in(costeffect.Costing(fmt.Sprint("cost of year ", i), 120_000, 6_000)))
	}
	for i := range 2 {
		inputs = append(inputs,
			in(costeffect.Normally(fmt.Sprint("effect ", i), 0.05, 0.02)), in(costeffect.Ranged(fmt.Sprint("worth ", i), 50, 100, 200)),
			in(costeffect.Share(fmt.Sprint("attribution ", i), 80, 100)))
	}
	return inputs
}

// benefit is what its services and outcomes give, less what it costs, with the amounts of each year at a discount rate.
func benefit(rate float64) costeffect.Model {
	return func(x []float64) (sum float64) {
		for year := range 3 {
			of := x[4*year:]
			sum += (-of[0]*of[1]*of[2] - of[3]) / math.Pow(1+rate, float64(year))
		}
		for i := range 2 {
			of := x[12+3*i:]
			sum += of[0] * 15_000 * of[1] * of[2]
		}
		return sum
	}
}

// BenchmarkProgramme draws a whole programme: 10 000 times at each of four discount rates, with tornado, scenarios and the value of
// an input at which it pays.
func BenchmarkProgramme(b *testing.B) {
	inputs := wholeProgramme(b)
	before := processorTime(b)
	for b.Loop() {
		for _, rate := range []float64{0, 0.03, 0.035, 0.05} {
			ok[costeffect.Distribution](b)(costeffect.Simulate(inputs, benefit(rate), costeffect.Draws{Seed: 1, N: costeffect.FewestDraws}))
		}
		ok[[]costeffect.Bar](b)(costeffect.Tornado(inputs, benefit(0.03)))
		ok[costeffect.Scenarios](b)(costeffect.Scenario(inputs, benefit(0.03)))
		ok[float64](b)(costeffect.Switching(inputs, benefit(0.03), "cost of year 0", 0, 10_000_000))
	}
	b.ReportMetric((processorTime(b)-before).Seconds()/float64(b.N), "core-s/programme")
}

// BenchmarkPersons resamples a million rows of persons, two each, as they stream by, into four cells. MB is all that it
// allocates, whatever became garbage.
func BenchmarkPersons(b *testing.B) {
	const rows = 1_000_000
	var held runtime.MemStats
	before := processorTime(b)
	for b.Loop() {
		runtime.GC()
		var empty runtime.MemStats
		runtime.ReadMemStats(&empty)
		r := ok[*costeffect.Resampler](b)(costeffect.NewResampler(4, costeffect.Draws{Seed: 1, N: 200}))
		for i := range rows {
			if err := r.Add(uint64(i/2), i%4, float64(i%5)); err != nil {
				b.Fatal(err)
			}
		}
		runtime.ReadMemStats(&held)
		held.HeapAlloc -= min(held.HeapAlloc, empty.HeapAlloc)
		ok[costeffect.Effect](b)(r.Effect(0, func(m []float64) float64 { return m[3] - m[2] - m[1] + m[0] }, stats.Level95))
	}
	b.ReportMetric((processorTime(b)-before).Seconds()/float64(b.N), "core-s/million")
	b.ReportMetric(float64(held.HeapAlloc)/1e6, "MB")
}
