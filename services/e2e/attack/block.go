package attack

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// family is measures that determine or bound each other, and so are attacked together.
type family struct {
	name     string
	measures []measure
	// within lists pairs of measures, of which the first counts some of what the second does.
	within [][2]int
	// unknown: all of the first measure is of unknown age and sex in the second.
	unknown bool
	// adds: months add up to quarters and years, days to weeks and months.
	adds bool
}

// measure is a count that rows tell.
type measure struct {
	indicator   string
	denominator bool // the row's denominator, rather than its numerator
	ages, sexes bool // it is broken down by them
	dimensions  []string
	overlaps    bool // somebody can be in several members of a dimension
	shares      bool // a row is hidden for the sake of another measure too, and this one may be 0 in it
}

var byOffer = []string{"activity_type", "provider"}

var families = []family{
	{
		name: "visits", adds: true, within: [][2]int{{1, 0}}, unknown: true,
		measures: []measure{
			{indicator: "participation-visits", ages: true, sexes: true, dimensions: byOffer},
			{indicator: "anonymous-share", dimensions: byOffer, shares: true},
		},
	},
	{
		name: "participants", within: [][2]int{{1, 0}},
		measures: []measure{
			{indicator: "unique-participants", ages: true, sexes: true, dimensions: byOffer, overlaps: true},
			{indicator: "first-time-share", ages: true, dimensions: byOffer[:1], overlaps: true, shares: true},
		},
	},
	{name: "residents", measures: []measure{{indicator: "participation-reach", ages: true, sexes: true}}},
	{name: "newly active", measures: []measure{{indicator: "newly-active-residents", ages: true, sexes: true}}, adds: true},
	{name: "culture", measures: []measure{{indicator: "culture-visit-rate", ages: true}}, adds: true},
	{
		name: "regulars", within: [][2]int{{1, 0}},
		measures: []measure{
			{indicator: "regular-share", denominator: true, ages: true, dimensions: byOffer[:1], overlaps: true, shares: true},
			{indicator: "regular-share", ages: true, dimensions: byOffer[:1], overlaps: true, shares: true},
		},
	},
	{
		name: "newcomers", within: [][2]int{{1, 0}},
		measures: []measure{
			{indicator: "retention-90d", denominator: true, ages: true, dimensions: byOffer, shares: true},
			{indicator: "retention-90d", ages: true, dimensions: byOffer, shares: true},
		},
	},
}

// block is one linear program: a family in one period, or in a year and all that adds up to it.
type block struct {
	program
	name      string
	family    *family
	published *published
	places    []place
	columns   map[string]int
	targets   []target
	totals    bool // of areas and all period types; otherwise the breakdowns of period types that have any
}

// target is a protected number.
type target struct {
	name   string
	column int
	told   bool
}

// blocks cuts the periods of a family's rows into blocks, the oldest first: one for each period; of measures that add up
// one for each year's breakdowns, and one for its totals of all lengths.
func blocks(f *family, p *published) []*block {
	found := map[string]*block{}
	for _, m := range f.measures {
		for k := range p.rows[m.indicator] {
			if at := (place{"", k.Period, k.Start}); !f.adds {
				found[k.Period+" "+k.Start] = &block{places: []place{at}, totals: !at.detailed()}
			} else if name := k.Start[:4]; at.detailed() {
				put(found, name, at, false)
				put(found, name+" totals", at, true)
			} else {
				put(found, name+" totals", at, true)
			}
		}
	}
	var list []*block
	for _, name := range slices.Sorted(maps.Keys(found)) {
		b := found[name]
		b.name, b.family, b.published, b.columns = f.name+" "+name, f, p, map[string]int{}
		var places []place
		for _, at := range b.places {
			for _, a := range p.areas {
				places = append(places, place{a.Area, at.period, at.start})
			}
		}
		b.places = slices.SortedFunc(slices.Values(places), func(x, y place) int {
			return cmp.Or(cmp.Compare(x.period, y.period), cmp.Compare(x.start, y.start), cmp.Compare(x.area, y.area))
		})
		list = append(list, b)
	}
	return list
}

func put(blocks map[string]*block, name string, at place, totals bool) {
	if blocks[name] == nil {
		blocks[name] = &block{totals: totals}
	}
	if b := blocks[name]; !slices.Contains(b.places, at) {
		b.places = append(b.places, at)
	}
}

func (b *block) build() {
	for i := range b.family.measures {
		for _, at := range b.places {
			if b.has(i, at) {
				b.addPeople(i, at)
				b.addMembers(i, at)
			}
		}
		for _, of := range b.partitions() {
			if b.has(i, of.whole) && b.has(i, of.parts[0]) {
				b.addSums(i, of)
			}
		}
	}
	for _, pair := range b.family.within {
		b.addWithin(pair[0], pair[1])
	}
}

// has reports whether there are rows of a measure's indicator in the period at all.
func (b *block) has(i int, at place) bool {
	return b.published.periods[b.family.measures[i].indicator][place{period: at.period, start: at.start}]
}

// detailed reports whether the period type has breakdowns.
func (at place) detailed() bool { return at.period != "day" && at.period != "week" }

// column returns the column of a published row of a measure: fixed if the row is shown, or there is none.
func (b *block) column(i int, k key) int {
	name := fmt.Sprint(i, k)
	if c, ok := b.columns[name]; ok {
		return c
	}
	m := &b.family.measures[i]
	f, exists := b.published.rows[m.indicator][k]
	value := f.numerator
	if m.denominator {
		value = f.denominator
	}
	var c int
	switch {
	case !exists:
		c = b.add(0, 0)
	case value != nil:
		c = b.add(*value, *value)
	case f.protected && !m.shares:
		c = b.add(1, unbounded)
	default:
		c = b.add(0, unbounded)
	}
	b.columns[name] = c
	if f.protected {
		b.targets = append(b.targets, target{name + " " + m.indicator, c, b.published.told[m.indicator][k]})
	}
	return c
}

// atom returns the column of the people of one elementary age band and sex, which are not published.
func (b *block) atom(i int, at place, band, sex int) int {
	name := fmt.Sprint(i, at, band, sex)
	if c, ok := b.columns[name]; ok {
		return c
	}
	b.columns[name] = b.add(0, unbounded)
	return b.columns[name]
}

var sexes = []string{"1", "2", "unknown"}

func (b *block) total(i int, at place) int {
	return b.column(i, key{Area: at.area, Group: "all", Sex: "all", Member: "all", Period: at.period, Start: at.start})
}

// people calls visit with each published group of ages and sexes, and the bands and sexes it consists of.
func (b *block) people(m *measure, at place, visit func(k key, bands, of []int)) {
	ages := b.published.ages
	bands, of := []int{0}, [][]int{{0}}
	if m.ages {
		bands = nil
		for i := range ages.Bands {
			bands = append(bands, i)
		}
	}
	names := []string{"all"}
	if m.sexes {
		names, of = append(names, sexes...), [][]int{{0, 1, 2}, {0}, {1}, {2}}
	}
	for s, sex := range names {
		k := key{Area: at.area, Group: "all", Sex: sex, Member: "all", Period: at.period, Start: at.start}
		visit(k, bands, of[s])
		if !m.ages {
			continue
		}
		for _, scheme := range ages.Published() {
			for g, composed := range ages.Composition(scheme) {
				k.Scheme, k.Group = scheme.ID, ages.Unknown.ID
				if g < len(scheme.Groups) {
					k.Group = scheme.Groups[g].ID
				}
				visit(k, composed, of[s])
			}
		}
	}
}

// addPeople says that what is published by age and sex is sums of atoms.
func (b *block) addPeople(i int, at place) {
	m := &b.family.measures[i]
	if b.totals || !m.ages {
		b.total(i, at)
		return
	}
	b.people(m, at, func(k key, bands, of []int) {
		var parts []int
		for _, band := range bands {
			for _, sex := range of {
				parts = append(parts, b.atom(i, at, band, sex))
			}
		}
		b.sum(b.column(i, k), parts...)
	})
}

// addMembers says that members add up to the total; of persons who can be in several, that each is at most the total, and
// the total at most their sum.
func (b *block) addMembers(i int, at place) {
	m := &b.family.measures[i]
	if b.totals {
		return
	}
	for _, d := range m.dimensions {
		members := b.members(i, at, d)
		if len(members) == 0 {
			continue
		}
		total := b.total(i, at)
		if !m.overlaps {
			b.sum(total, members...)
			continue
		}
		all := []term{{total, -1}}
		for _, c := range members {
			all = append(all, term{c, 1})
			b.restrict("<=", 0, term{c, 1}, term{total, -1})
		}
		b.restrict(">=", 0, all...)
	}
}

func (b *block) members(i int, at place, dimension string) (columns []int) {
	for _, member := range b.published.members[b.family.measures[i].indicator][at][dimension] {
		columns = append(columns, b.column(i, memberKey(at, dimension, member)))
	}
	return columns
}

func memberKey(at place, dimension, member string) key {
	return key{Area: at.area, Group: "all", Sex: "all", Dimension: dimension, Member: member, Period: at.period, Start: at.start}
}

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
			parts = append(parts, b.add(0, unbounded))
		}
		b.sum(column(of.whole), parts...)
	}
	if !m.ages || b.totals || of.time {
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

// addWithin says that one measure is part of another, in every row that both have.
func (b *block) addWithin(part, whole int) {
	for _, at := range b.places {
		if !b.has(part, at) || !b.has(whole, at) {
			continue
		}
		b.restrict("<=", 0, term{b.total(part, at), 1}, term{b.total(whole, at), -1})
		if b.totals {
			continue
		}
		for _, d := range b.family.measures[part].dimensions {
			for _, member := range b.published.members[b.family.measures[part].indicator][at][d] {
				k := memberKey(at, d, member)
				b.restrict("<=", 0, term{b.column(part, k), 1}, term{b.column(whole, k), -1})
			}
		}
		if b.family.unknown {
			last := len(b.published.ages.Bands) - 1
			b.restrict("<=", 0, term{b.total(part, at), 1}, term{b.atom(whole, at, last, len(sexes)-1), -1})
		}
		if m := &b.family.measures[part]; m.ages {
			b.people(m, at, func(k key, _, _ []int) {
				b.restrict("<=", 0, term{b.column(part, k), 1}, term{b.column(whole, k), -1})
			})
		}
	}
}

// tamper shows all protected numbers but one of the first sum that has several, as one possible table has them.
func (b *block) tamper(values []float64) {
	of := map[int]bool{}
	for _, t := range b.targets {
		of[t.column] = true
	}
	for _, r := range b.rows {
		var hidden []int
		known := true
		for _, t := range r.terms {
			switch {
			case of[t.column]:
				hidden = append(hidden, t.column)
			case b.lower[t.column] != b.upper[t.column]:
				known = false
			}
		}
		if !known || r.sense != "=" || len(hidden) < 2 || of[r.terms[0].column] {
			continue
		}
		for _, c := range hidden[1:] {
			b.lower[c], b.upper[c] = values[c], values[c]
		}
		return
	}
}

func (t target) String() string { return strings.TrimSpace(t.name) }
