package attack

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// block is one linear program: a family in one period, or in a year and all that adds up to it.
type block struct {
	program
	name      string
	family    *family
	published *published
	places    []place
	columns   map[string]int
	targets   []target
	target    map[int]int // by column
	totals    bool        // of areas and all period types; otherwise the breakdowns of period types that have any
}

// target is a protected number.
type target struct {
	name   string
	column int
	told   string  // what else has a number for it
	shares bool    // hidden perhaps only because another number of its row is
	nobody bool    // no row: there may be nobody
	room   float64 // how wide what is shown beside it lets it be
}

// blocks cuts the periods of a family's rows into blocks, the oldest first: one for each period; of measures that add up
// one for each year's breakdowns, and one for the totals of all lengths: weeks straddle years.
func blocks(f *family, p *published) []*block {
	found := map[string]*block{}
	for _, m := range f.measures {
		for k := range p.rows[m.indicator] {
			if at := (place{"", k.Period, k.Start}); !f.adds {
				found[k.Period+" "+k.Start] = &block{places: []place{at}, totals: !at.detailed()}
			} else {
				put(found, "totals", at, true)
				if at.detailed() {
					put(found, k.Start[:4], at, false)
				}
			}
		}
	}
	var list []*block
	for _, name := range slices.Sorted(maps.Keys(found)) {
		b := found[name]
		b.name, b.family, b.published, b.columns = f.name+" "+name, f, p, map[string]int{}
		b.target = map[int]int{}
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
		b.addPair("<=", pair[0], pair[1])
	}
	for _, pair := range b.family.same {
		b.addPair("=", pair[0], pair[1])
	}
	if !b.totals {
		b.addCountry()
	}
}

// has reports whether there are rows of a measure's indicator in the period at all, or in the country, if no others belong here.
func (b *block) has(i int, at place) bool {
	if b.family.measures[i].country && at.area != country {
		return false
	}
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
	value := f.numbers[m.number]
	var c int
	switch {
	case !exists && !m.mute(k):
		c = b.add(0, 0, name)
	case value != nil:
		c = b.add(*value, *value, name)
	case f.protected && !m.shares:
		c = b.add(1, unbounded, name)
	default:
		c = b.add(0, unbounded, name)
	}
	b.columns[name] = c
	if f.protected && !m.lent && !b.family.echo(i) {
		b.target[c] = len(b.targets)
		b.targets = append(b.targets, target{
			name: strings.TrimSpace(name + " " + m.indicator), column: c, told: b.published.told[m.indicator][k], shares: m.shares, room: unbounded,
		})
	}
	return c
}

// atom returns the column of the people of one elementary age band and sex, which are not published.
func (b *block) atom(i int, at place, band, sex int) int {
	name := fmt.Sprint(i, at, band, sex)
	if c, ok := b.columns[name]; ok {
		return c
	}
	b.columns[name] = b.add(0, unbounded, name)
	return b.columns[name]
}

var sexes = []string{"1", "2", unknown}

func (b *block) total(i int, at place) int { return b.column(i, at.total()) }

func (at place) total() key {
	return key{Area: at.area, Group: "all", Sex: "all", Member: "all", Period: at.period, Start: at.start}
}

// tells reports whether a measure's row is there, or its absence says that there is nobody.
func (b *block) tells(i int, k key) bool {
	m := &b.family.measures[i]
	_, exists := b.published.rows[m.indicator][k]
	return exists || !m.mute(k)
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

const country = "SSS"

// addPeople says that what is published by age and sex is sums of atoms.
func (b *block) addPeople(i int, at place) {
	m := &b.family.measures[i]
	if b.totals || !m.ages && !m.sexes {
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
		if d == targetGroup {
			b.addTargetGroups(i, at, members)
			continue
		}
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
