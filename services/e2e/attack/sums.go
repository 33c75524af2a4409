package attack

import (
	"maps"
	"slices"
	"time"
)

// partition is a place that consists of others.
type partition struct {
	whole place
	parts []place
	// open: the whole may have more than its parts.
	open bool
	// time: the parts are shorter periods. Ages and sexes are those of the last visit in a period, and add up over areas only.
	time bool
}

func (b *block) partitions() (list []partition) {
	for _, at := range b.places {
		parts := map[string][]place{}
		for _, a := range b.published.areas {
			for _, parent := range a.Parents {
				if parent == at.area {
					parts[a.Level] = append(parts[a.Level], place{a.Area, at.period, at.start})
				}
			}
		}
		for _, level := range slices.Sorted(maps.Keys(parts)) {
			list = append(list, partition{at, parts[level], level == "service_area", false})
		}
		if b.family.adds {
			list = append(list, b.times(at)...)
		}
	}
	return list
}

// shorter are the period types whose periods add up to longer ones.
var shorter = map[string][]string{"year": {"quarter"}, "quarter": {"month"}, "month": {"day"}, "week": {"day"}}

func (b *block) times(at place) (list []partition) {
	from, err := time.Parse(time.DateOnly, at.start)
	if err != nil {
		return nil
	}
	to := map[string]time.Time{
		"year": from.AddDate(1, 0, 0), "quarter": from.AddDate(0, 3, 0), "month": from.AddDate(0, 1, 0), "week": from.AddDate(0, 0, 7),
	}[at.period]
	if to.IsZero() || at.period == "week" && to.Year() != from.Year() { // the next block has the other days
		return nil
	}
	for _, typ := range shorter[at.period] {
		var parts []place
		for _, p := range b.places {
			if p.area == at.area && p.period == typ && p.start >= at.start && p.start < to.Format(time.DateOnly) {
				parts = append(parts, p)
			}
		}
		if len(parts) > 0 {
			list = append(list, partition{at, parts, false, true})
		}
	}
	return list
}

// addSums says that a place has what its parts have, of each age and sex and each member.
func (b *block) addSums(i int, of partition) {
	m := &b.family.measures[i]
	sum := func(column func(place) int) {
		var parts []int
		for _, part := range of.parts {
			parts = append(parts, column(part))
		}
		if of.open {
			parts = append(parts, b.add(0, unbounded, "elsewhere"))
		}
		b.sum(column(of.whole), parts...)
	}
	if !m.ages && !m.sexes || b.totals || of.time {
		sum(func(at place) int { return b.total(i, at) })
	} else {
		seen := map[[2]int]bool{}
		b.people(m, of.whole, func(_ key, bands, sexes []int) {
			for _, band := range bands {
				for _, sex := range sexes {
					if at := [2]int{band, sex}; !seen[at] {
						seen[at] = true
						sum(func(at place) int { return b.atom(i, at, band, sex) })
					}
				}
			}
		})
	}
	if !b.totals {
		for _, d := range m.dimensions {
			for _, member := range b.allMembers(i, of, d) {
				sum(func(at place) int { return b.column(i, memberKey(at, d, member)) })
			}
		}
	}
}

func (b *block) allMembers(i int, of partition, dimension string) []string {
	known := b.published.members[b.family.measures[i].indicator]
	all := slices.Clone(known[of.whole][dimension])
	for _, part := range of.parts {
		all = append(all, known[part][dimension]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// addPair says that one measure is part of another, or the same, in every row that both have.
func (b *block) addPair(sense string, first, second int) {
	m, of := &b.family.measures[first], &b.family.measures[second]
	for _, at := range b.places {
		if !b.has(first, at) || !b.has(second, at) {
			continue
		}
		if pair := func(k key) {
			b.restrict(sense, 0, term{b.column(first, k), 1}, term{b.column(second, k), -1})
		}; b.totals {
			pair(at.total())
		} else {
			b.people(m.crossed(of), at, func(k key, _, _ []int) {
				if b.tells(first, k) && b.tells(second, k) {
					pair(k)
				}
			})
			for _, d := range m.dimensions {
				if !slices.Contains(of.dimensions, d) {
					continue
				}
				for _, member := range b.published.members[m.indicator][at][d] {
					pair(memberKey(at, d, member))
				}
			}
		}
	}
}

// crossed is broken down as far as both measures are.
func (m *measure) crossed(o *measure) *measure {
	return &measure{ages: m.ages && o.ages, sexes: m.sexes && o.sexes}
}

// addUnknown says that the second measure of the family is all of unknown age and sex in the first.
func (b *block) addUnknown() {
	last := len(b.published.ages.Bands) - 1
	for _, at := range b.places {
		if b.has(0, at) && b.has(1, at) {
			b.restrict("<=", 0, term{b.total(1, at), 1}, term{b.atom(0, at, last, len(sexes)-1), -1})
		}
	}
}
