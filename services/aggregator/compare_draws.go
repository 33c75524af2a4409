package aggregator

import (
	"fmt"
	"hash/fnv"
	"slices"
	"sync"

	"vointi.fi/pkg/stats"
)

// indexes are the measures of inequality of one area and period.
type indexes struct {
	slope, relative, concentration contrast
	done                           bool
}

// draws remembers indexes by what they were drawn for, since a draw costs milliseconds and the parts seldom change. Its
// zero value is ready; several goroutines may use it.
type draws struct {
	known sync.Map // of comparisonKey: drawn
}

type drawn struct {
	groups  []stats.Group
	indexes indexes
}

// indexes draws with a seed made of the key, so that every process draws the same.
func (d *draws) indexes(groups []stats.Group, link stats.Link, k comparisonKey) indexes {
	if old, ok := d.known.Load(k); ok && slices.Equal(old.(drawn).groups, groups) {
		return old.(drawn).indexes
	}
	h := fnv.New64a()
	fmt.Fprint(h, k.indicator, "/", k.area, "/", k.period)
	sim := stats.Simulation{Seed: h.Sum64()}
	s, _ := stats.SlopeInequality(groups, link, sim, stats.Level95)
	c, _ := stats.ConcentrationIndex(groups, link, sim, stats.Level95)
	none := stats.Contrast{Estimate: stats.Estimate{Interval: stats.Undefined}} // 99.8 % would take more draws
	made := indexes{contrastOf(s.Absolute, none), contrastOf(s.Relative, none), contrastOf(c.Index, none), true}
	made.relative.none = 1
	d.known.Store(k, drawn{groups, made})
	return made
}
