package aggregator

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"vointi.fi/pkg/indicator"
)

// The kinds of a population denominator.
const (
	kindMean         = "mean"         // of two neighbouring 31 Decembers: a calendar year
	kindInterpolated = "interpolated" // between them, at the period's middle day
	kindLatest       = "latest"       // the later one is not known yet
	kindEarliest     = "earliest"     // no earlier one is known
)

// groupKey is an elementary age band and a sex.
type groupKey struct{ band, sex string }

// population is how many residents each area had on 31 December, by elementary age band and sex.
type population struct {
	counts map[string]map[int]map[groupKey]int64 // area, year
	years  map[string][]int                      // sorted
}

// loadPopulation reads the snapshots. An area's own snapshot counts; without one, an area is the sum of those below it.
func (a *Aggregator) loadPopulation(ctx context.Context) (*population, error) {
	p := &population{counts: map[string]map[int]map[groupKey]int64{}, years: map[string][]int{}}
	err := each(ctx, a.db, statement("population"), func(row func(...any) error) error {
		var area, sex, age string
		var year uint16
		var n uint32
		err := row(&area, &year, &sex, &age, &n)
		p.add(area, int(year), groupKey{a.ages.bandOfText(age), cmp.Or(sex, bothSexes)}, int64(n))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load population: %w", err)
	}
	p.dropSums()
	p.sumUp(a.places)
	for area, years := range p.counts {
		for y := range years {
			p.years[area] = append(p.years[area], y)
		}
		slices.Sort(p.years[area])
	}
	return p, nil
}

func (p *population) add(area string, year int, g groupKey, n int64) {
	if p.counts[area] == nil {
		p.counts[area] = map[int]map[groupKey]int64{}
	}
	if p.counts[area][year] == nil {
		p.counts[area][year] = map[groupKey]int64{}
	}
	p.counts[area][year][g] += n
}

// bothSexes is the sex of a snapshot that does not tell men from women.
const bothSexes = "all"

// dropSums takes out numbers of both sexes where the sexes are known too, and counts the others as of unknown sex.
func (p *population) dropSums() {
	for _, years := range p.counts {
		for _, groups := range years {
			told := slices.ContainsFunc(slices.Collect(maps.Keys(groups)), func(g groupKey) bool { return g.sex == "1" || g.sex == "2" })
			for g, n := range groups {
				if g.sex != bothSexes {
					continue
				}
				delete(groups, g)
				if !told {
					groups[groupKey{g.band, unknown}] += n
				}
			}
		}
	}
}

// sumUp adds every area with a snapshot to the areas above it that have none, but not through one that has.
func (p *population) sumUp(places *places) {
	own := map[string]bool{}
	for area := range p.counts {
		own[area] = true
	}
	for area := range own {
		shadowed := map[string]bool{}
		for _, above := range places.path(area)[1:] {
			if own[above] {
				for _, further := range places.path(above) {
					shadowed[further] = true
				}
			}
		}
		for _, above := range places.path(area)[1:] {
			if shadowed[above] {
				continue
			}
			for year, groups := range p.counts[area] {
				for g, n := range groups {
					p.add(above, year, g, n)
				}
			}
		}
	}
}

// at returns the residents of a group in the period: those of its middle day, interpolated between the two 31 Decembers
// around it, or for a calendar year their mean. NaN and "" if nothing is known of the area.
func (p *population) at(area string, period indicator.Period, in func(groupKey) bool) (residents float64, kind string) {
	years := p.years[area]
	if len(years) == 0 {
		return math.NaN(), ""
	}
	count := func(year int) float64 {
		n := int64(0)
		for g, c := range p.counts[area][year] {
			if in(g) {
				n += c
			}
		}
		return float64(n)
	}
	middle := period.Start + (period.End()-period.Start)/2
	before := middle.Year() - 1
	i, exact := slices.BinarySearch(years, before)
	switch {
	case exact && i+1 < len(years) && years[i+1] == before+1:
		if period.Type == indicator.Year {
			return (count(before) + count(before+1)) / 2, kindMean
		}
		from, to := lastDay(before), lastDay(before+1)
		share := float64(middle-from) / float64(to-from)
		return count(before) + share*(count(before+1)-count(before)), kindInterpolated
	case exact:
		return count(before), kindLatest
	case i == 0:
		return count(years[0]), kindEarliest
	default:
		return count(years[i-1]), kindLatest
	}
}

func lastDay(year int) indicator.Date {
	return indicator.DateOf(time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC))
}
