package simulator_test

import (
	"testing"

	"vointi.fi/services/simulator"
)

// BenchmarkAll makes events of the demo on one core, and reports events a second.
func BenchmarkAll(b *testing.B) {
	s := newSimulator(b, simulator.Default(now))
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; {
		for _, err := range s.All() {
			if err != nil {
				b.Fatal(err)
			}
			if n++; n == b.N {
				break
			}
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkCount lays the demo out without making events.
func BenchmarkCount(b *testing.B) {
	s := newSimulator(b, simulator.Default(now))
	for b.Loop() {
		s.Count()
	}
}
