package aggregator

import (
	"slices"
	"strconv"
	"strings"

	"vointi.fi/pkg/reference"
)

// ages knows the elementary age bands that cells are kept by, and the groups that are published.
type ages struct {
	*reference.AgeSchemes
	groups      []ageGroup
	index       map[schemeGroup][2]int // of a group: its scheme, and its place there
	bands       map[string]int
	schemeBands [][][]int // of each published scheme, of each group
}

// ageGroup is a group of a published age scheme.
type ageGroup struct {
	scheme, name string
	bands        map[string]bool
}

// newAges lists the groups of the published schemes; each scheme has the group unknown beside its own.
func newAges(schemes *reference.AgeSchemes) *ages {
	a := &ages{AgeSchemes: schemes, index: map[schemeGroup][2]int{}, bands: map[string]int{}}
	for i, b := range schemes.Bands {
		a.bands[b] = i
	}
	for i, s := range schemes.Published() {
		a.schemeBands = append(a.schemeBands, schemes.Composition(s))
		for j, g := range slices.Concat(s.Groups, []reference.AgeGroup{schemes.Unknown}) {
			group := ageGroup{s.ID, g.ID, map[string]bool{}}
			for _, b := range g.Bands {
				group.bands[schemes.Bands[b]] = true
			}
			a.groups = append(a.groups, group)
			a.index[schemeGroup{s.ID, g.ID}] = [2]int{i, j}
		}
	}
	return a
}

// bandOf returns the elementary band of an age in years.
func (a *ages) bandOf(age int) string { return a.Bands[a.BandOf(age)] }

// oldest is beyond any age, so that an open band ends in the last elementary one.
const oldest = 1000

// bandOfText returns the elementary band of "34", "30-34" or "75+"; unknown if it is none of these or spans several.
func (a *ages) bandOfText(age string) string {
	low, high, isRange := strings.Cut(strings.TrimSuffix(age, "+"), "-")
	from, err := strconv.Atoi(low)
	if err != nil {
		return unknown
	}
	to := from
	if strings.HasSuffix(age, "+") {
		to = oldest
	}
	if isRange {
		if to, err = strconv.Atoi(high); err != nil {
			return unknown
		}
	}
	if a.BandOf(from) != a.BandOf(to) {
		return unknown
	}
	return a.bandOf(from)
}

// band returns the elementary age band of the person on the day of the visit.
func (a *ages) band(v *visit) string {
	switch {
	case v.birthYear != 0:
		return a.bandOf(v.day.Year() - v.birthYear)
	case v.ageBand != "":
		return a.bandOfText(v.ageBand)
	default:
		return unknown
	}
}
