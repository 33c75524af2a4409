package aggregator

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// The kinds of a population denominator.
const (
	kindMean         = "mean"         // of two neighbouring 31 Decembers: a calendar year
	kindInterpolated = "interpolated" // between them, at the period's middle day
	kindLatest       = "latest"       // the later one is not known yet
	kindEarliest     = "earliest"     // no earlier one is known
)

// population is how many residents each area had on 31 December, by elementary age band and sex, and once more by band of
// the standard population and sex.
type population struct {
	counts map[string]map[int][]int64 // area, year; by atom, then by standardAtom
	years  map[string][]int           // sorted
}

// loadPopulation reads the snapshots. An area's own snapshot counts; without one, an area is the sum of those below it.
func (a *Aggregator) loadPopulation(ctx context.Context) (*population, error) {
	p := &population{counts: map[string]map[int][]int64{}, years: map[string][]int{}}
	err := warehouse.Each(ctx, a.db, statement("population"), func(row func(...any) error) error {
		var area, sex, age string
		var year uint16
		var n uint32
		err := row(&area, &year, &sex, &age, &n)
		counts := p.of(a.ages, a.places.now(area), int(year)) // of old years that of the areas of today
		counts[a.ages.atom(a.ages.bandOfText(age), cmp.Or(sex, everyone))] += int64(n)
		counts[int(a.ages.atoms())+a.ages.standardAtom(a.ages.standardOfText(age), a.ages.sexes[cmp.Or(sex, everyone)])] += int64(n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load population: %w", err)
	}
	p.dropSums(a.ages)
	p.sumUp(a.ages, a.places)
	for area, years := range p.counts {
		for y := range years {
			p.years[area] = append(p.years[area], y)
		}
		slices.Sort(p.years[area])
	}
	return p, nil
}

// of returns the counts of an area and year, to be added to.
func (p *population) of(a *ages, area string, year int) []int64 {
	if p.counts[area] == nil {
		p.counts[area] = map[int][]int64{}
	}
	if p.counts[area][year] == nil {
		p.counts[area][year] = make([]int64, int(a.atoms())+len(a.standardBands())*len(sexes))
	}
	return p.counts[area][year]
}

// dropSums takes out numbers of both sexes where the sexes are known too, and counts the others as of unknown sex.
func (p *population) dropSums(a *ages) {
	for _, years := range p.counts {
		for _, counts := range years {
			told := people{atoms: append(a.atomsOf(nil, "1"), a.atomsOf(nil, "2")...)}
			known := told.sum(counts) > 0
			for band := range slices.Chunk(counts, len(sexes)) {
				if !known {
					band[a.sexes[unknown]] += band[a.sexes[everyone]]
				}
				band[a.sexes[everyone]] = 0
			}
		}
	}
}

// sumUp adds every area with a snapshot to the areas above it that have none, but not through one that has.
func (p *population) sumUp(a *ages, places *places) {
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
			for year, counts := range p.counts[area] {
				to := p.of(a, above, year)
				for x, n := range counts {
					to[x] += n
				}
			}
		}
	}
}

// at returns the residents of a group in the period: those of its middle day, interpolated between the two 31 Decembers
// around it, or for a calendar year their mean. NaN and "" if nothing is known of the area.
func (p *population) at(area string, period indicator.Period, of *people) (residents float64, kind string) {
	years := p.years[area]
	if len(years) == 0 {
		return math.NaN(), ""
	}
	count := func(year int) float64 { return float64(of.sum(p.counts[area][year])) }
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

// ofBand returns the residents of a band of the standard population: NaN where the bands of some residents are not known.
func (p *population) ofBand(a *ages, area string, period indicator.Period, band int, sex string) float64 {
	elsewhere := a.standardPeople(len(a.standard.Groups), everyone, int(a.atoms()))
	if unknown, _ := p.at(area, period, &elsewhere); unknown > 0 {
		return math.NaN()
	}
	of := a.standardPeople(band, sex, int(a.atoms()))
	residents, _ := p.at(area, period, &of)
	return residents
}

func lastDay(year int) indicator.Date {
	return indicator.DateOf(time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC))
}
