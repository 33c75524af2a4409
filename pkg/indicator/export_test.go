package indicator

import "vointi.fi/pkg/reference"

// WithWeights returns the entry with another standard population.
func WithWeights(e *Entry, weights ...int) *Entry {
	again := *e
	again.weights = nil
	for _, w := range weights {
		again.weights = append(again.weights, reference.StandardBand{Weight: w})
	}
	return &again
}

// ClosedLists are the words that entries choose from.
func ClosedLists() map[string][]string {
	return map[string][]string{
		"goals": goals, "units": units, "directions": directions, "bases": bases, "breakdowns": breakdowns, "periods": periodNames(),
		"methods": strs(Methods()), "combinations": combinations, "publishers": publishers, "relations": relations,
		"measures": strs(Measures()),
	}
}
