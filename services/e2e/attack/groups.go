package attack

import (
	"fmt"
	"math"
)

// restOf returns what a ratio of two shares is held against, from the ratio, its limits, and its own share of a in n: with the
// share r = b/m of the rest, ln(upper/lower) = 2z·√(1/a − 1/n + (1 − r)/b).
func restOf(ratio, lower, upper, a, n float64) [2]float64 {
	const z = 1.959963984540054
	r := a / n / ratio
	b := (1 - r) / (math.Pow(math.Log(upper/lower)/(2*z), 2) - 1/a + 1/n)
	return [2]float64{math.Round(b), math.Round(b / r)}
}

// whole returns the column of everybody who is in a target group or outside: known where any ratio is shown.
func (b *block) whole(i int, at place) int {
	name := fmt.Sprint(i, at, "whole")
	if c, ok := b.columns[name]; ok {
		return c
	}
	m, least, most := &b.family.measures[i], 0.0, unbounded
	for k, f := range b.published.rows[m.indicator] {
		if (place{k.Area, k.Period, k.Start}) != at || f.numbers[m.number] == nil || math.IsNaN(f.rest[m.number]) {
			continue
		}
		least = *f.numbers[m.number] + f.rest[m.number]
		most = least
	}
	b.columns[name] = b.add(least, most, name)
	return b.columns[name]
}

// addTargetGroups says that nobody is in a target group who is not there at all; and of ratios that the total row is those in any
// group. What is left of everybody is attacked, too.
func (b *block) addTargetGroups(i int, at place, members []int) {
	m := &b.family.measures[i]
	inAny := b.total(i, at)
	whole := inAny
	if m.ratio {
		whole = b.whole(i, at)
		b.addRest(i, whole, inAny)
		all := []term{{inAny, -1}}
		for _, c := range members {
			all = append(all, term{c, 1})
			b.restrict("<=", 0, term{c, 1}, term{inAny, -1})
		}
		b.restrict(">=", 0, all...)
	}
	for _, c := range members {
		b.addRest(i, whole, c)
	}
}

// addRest says that others than the people of a column are the rest of everybody; if these are protected, so is it.
func (b *block) addRest(i, whole, column int) {
	rest := b.add(0, unbounded, "rest")
	b.sum(whole, column, rest)
	if t, protected := b.target[column]; protected {
		b.target[rest] = len(b.targets)
		b.targets = append(b.targets, target{name: "the rest of " + b.targets[t].name, column: rest, shares: true, room: unbounded})
	}
}

// addSameGroups says that in the country the same people of each target group are counted by two measures, if both have it.
func (b *block) addSameGroups(first, second int) {
	for _, at := range b.places {
		if at.area != country || !b.has(first, at) || !b.has(second, at) {
			continue
		}
		for _, member := range b.published.members[b.family.measures[first].indicator][at][targetGroup] {
			if k := memberKey(at, targetGroup, member); b.tells(first, k) && b.tells(second, k) {
				b.restrict("=", 0, term{b.column(first, k), 1}, term{b.column(second, k), -1})
			}
		}
	}
}
