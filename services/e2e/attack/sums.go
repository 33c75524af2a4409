package attack

import (
	"fmt"
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
	// time: the parts are shorter periods. Ages and sexes are those of the last visit in a period: whoever tells another one adds up
	// over areas only.
	time bool
}

func (b *block) partitions() (list []partition) {
	of := map[place][]place{} // an area's periods of one type, the oldest first
	for _, at := range b.places {
		all := place{area: at.area, period: at.period}
		of[all] = append(of[all], at)
	}
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
			list = append(list, times(at, of)...)
		}
	}
	return list
}

// shorter are the period types whose periods add up to longer ones.
var shorter = map[string][]string{"year": {"quarter"}, "quarter": {"month"}, "month": {"day"}, "week": {"day"}}

// times returns the shorter periods that a period consists of, by type.
func times(at place, of map[place][]place) (list []partition) {
	from, err := time.Parse(time.DateOnly, at.start)
	if err != nil {
		return nil
	}
	to := map[string]time.Time{
		"year": from.AddDate(1, 0, 0), "quarter": from.AddDate(0, 3, 0), "month": from.AddDate(0, 1, 0), "week": from.AddDate(0, 0, 7),
	}[at.period]
	if to.IsZero() {
		return nil
	}
	for _, typ := range shorter[at.period] {
		var parts []place
		for _, p := range of[place{area: at.area, period: typ}] {
			if p.start >= at.start && p.start < to.Format(time.DateOnly) {
				parts = append(parts, p)
			}
		}
		if len(parts) > 0 {
			list = append(list, partition{at, parts, false, true})
		}
	}
	return list
}

// moved reports whether the totals of months, as far as all are shown, are not together what the longer period shows: who lived there then
// lives elsewhere at its end.
func (b *block) moved(i int, of partition) bool {
	shown := func(at place) (float64, bool) {
		c := b.total(i, at)
		return b.lower[c], b.lower[c] == b.upper[c]
	}
	left, told := shown(of.whole)
	for _, part := range of.parts {
		from, err := time.Parse(time.DateOnly, part.start)
		for k := range map[string]int{"quarter": 3, "month": 1}[part.period] {
			n, ok := shown(place{part.area, "month", from.AddDate(0, k, 0).Format(time.DateOnly)})
			left, told = left-n, told && ok && err == nil
		}
	}
	return told && left != 0
}

// addSums says that a place has what its parts have, of each age and sex and each member.
func (b *block) addSums(i int, of partition) {
	m := &b.family.measures[i]
	if of.time && b.family.agesAdd && b.moved(i, of) {
		return
	}
	sum := func(column func(place) int) {
		var parts []int
		for _, part := range of.parts {
			parts = append(parts, column(part))
		}
		if of.open {
			parts = append(parts, b.add(0, unbounded, "elsewhere"))
		}
		b.sum(column(of.whole), parts...)
		b.rows[len(b.rows)-1].time = of.time
	}
	if !m.ages && !m.sexes || b.totals || of.time && !b.family.agesAdd {
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
	if m.ratio {
		sum(func(at place) int { return b.whole(i, at) })
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
		if m.ratio && of.ratio {
			b.restrict(sense, 0, term{b.whole(first, at), 1}, term{b.whole(second, at), -1})
		}
		if pair := func(k key) {
			b.restrict(sense, 0, term{b.column(first, k), 1}, term{b.column(second, k), -1})
			if sense == "<=" {
				b.ceil(b.column(first, k), b.column(second, k))
			}
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

// ceil lets a target be as narrow as a shown number that is never less.
func (b *block) ceil(column, by int) {
	if i, ok := b.target[column]; ok && b.lower[by] == b.upper[by] {
		b.targets[i].room = min(b.targets[i].room, b.upper[by]-b.lower[column])
	}
}

// crossed is broken down as far as both measures are.
func (m *measure) crossed(o *measure) *measure {
	return &measure{ages: m.ages && o.ages, sexes: m.sexes && o.sexes}
}

// addCountry says what holds besides where it does not matter in which area somebody is counted, and in seasons.
func (b *block) addCountry() {
	for _, pair := range b.family.country {
		b.addGroups("=", pair[0], pair[1], func(at place) bool { return at.area == country })
	}
	for _, pair := range b.family.groups {
		b.addSameGroups(pair[0], pair[1])
	}
	if season := b.family.season; season[0] != season[1] {
		b.addGroups("<=", season[0], season[1], func(place) bool { return true })
		b.addGroups("=", season[0], season[1], place.season)
	}
	if len(b.family.card) > 0 {
		b.addCard(b.family.card[0], b.family.card[1], b.family.card[2])
	}
}

// season reports whether the period is the last 90 days of itself.
func (at place) season() bool {
	from, err := time.Parse(time.DateOnly, at.start)
	return err == nil && at.period == "quarter" && from.AddDate(0, 3, 0).Sub(from) == 90*24*time.Hour
}

// addGroups compares the people of two measures, by all ages and sexes that both have, in some places.
func (b *block) addGroups(sense string, first, second int, where func(place) bool) {
	for _, at := range b.places {
		if where(at) && b.has(first, at) && b.has(second, at) {
			b.people(b.family.measures[first].crossed(&b.family.measures[second]), at, func(k key, _, _ []int) {
				if b.tells(first, k) && b.tells(second, k) {
					b.restrict(sense, 0, term{b.column(first, k), 1}, term{b.column(second, k), -1})
				}
			})
		}
	}
}

// addCard says that visits without a card are of unknown age and sex, which leaves visits with a card of unknown age or sex; and
// what in the country visits are.
func (b *block) addCard(visits, anonymous, card int) {
	unknown := len(b.published.ages.Bands) - 1
	for _, at := range b.places {
		if !b.has(visits, at) || !b.has(anonymous, at) {
			continue
		}
		b.addNameless(visits, anonymous, at)
		if !b.has(card, at) || at.area != country {
			continue
		}
		sum := func(k key, without ...term) {
			b.restrict("=", 0, append(without, term{b.column(visits, k), -1}, term{b.column(card, k), 1})...)
		}
		b.people(b.family.measures[visits].crossed(&b.family.measures[card]), at, func(k key, bands, _ []int) {
			if slices.Contains(bands, unknown) {
				sum(k, term{b.total(anonymous, at), 1})
			} else {
				sum(k)
			}
		})
		for _, d := range b.family.measures[card].dimensions {
			for _, member := range b.published.members[b.family.measures[card].indicator][at][d] {
				k := memberKey(at, d, member)
				sum(k, term{b.column(anonymous, k), 1})
			}
		}
	}
}

// addNameless attacks what is published nowhere: visits with a card, and those of them of which age or sex is not known.
func (b *block) addNameless(visits, anonymous int, at place) {
	ageless, sexless := at.total(), at.total()
	ageless.Scheme, ageless.Group, sexless.Sex = b.published.ages.Published()[0].ID, b.published.ages.Unknown.ID, sexes[len(sexes)-1]
	nameless := ageless
	nameless.Sex = sexless.Sex
	for _, of := range []struct {
		what string
		all  key
	}{{"", at.total()}, {" of unknown age", ageless}, {" of unknown sex", sexless}, {" of neither age nor sex known", nameless}} {
		name := fmt.Sprint(visits, at.total(), " with a card", of.what)
		c := b.add(0, unbounded, name)
		b.sum(b.column(visits, of.all), c, b.total(anonymous, at))
		b.targets = append(b.targets, target{name: name, column: c, shares: true, nobody: true, room: unbounded})
	}
}
