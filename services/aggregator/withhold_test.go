package aggregator

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// story is what came to the municipalities of a small country when a month had closed, and how it was revised.
type story struct {
	a      *Aggregator
	areas  []string
	states []*grid              // all there is at each revision
	told   []map[slot]knowledge // what each revision leaves a reader to know
	held   map[slot]bool        // withheld by the last revision for its own sake
}

// knowledge is what a reader knows of a row.
type knowledge int

const (
	number knowledge = iota
	hidden
	nothing // the row is as it was
)

var crossedPlaces = map[string]areaNode{
	"SSS":  {level: "country"},
	"HVA1": {level: "county", parents: []string{"SSS"}}, "HVA2": {level: "county", parents: []string{"SSS"}},
	"MK1": {level: "region", parents: []string{"SSS"}}, "MK2": {level: "region", parents: []string{"SSS"}},
	"KU1": {level: "municipality", parents: []string{"HVA1", "MK1"}}, "KU2": {level: "municipality", parents: []string{"HVA1", "MK1"}},
	"KU3": {level: "municipality", parents: []string{"HVA1", "MK2"}},
	"KU4": {level: "municipality", parents: []string{"HVA2", "MK2"}}, "KU5": {level: "municipality", parents: []string{"HVA2", "MK2"}},
}

var choirs = []string{"choir", "gym", "library"}

// newStory draws what there is when the month closes, and twice what has come since.
func newStory(a *Aggregator, draw func(n int) int) *story {
	s := &story{a: a}
	came := map[string][]int64{}
	for revision := range 3 {
		for _, area := range []string{"KU1", "KU2", "KU3", "KU4", "KU5"} {
			if came[area] == nil {
				came[area] = make([]int64, len(choirs))
			}
			late := draw(2) > 0
			for i := range choirs {
				switch n := draw(8); {
				case revision == 0 && n > 2:
					came[area][i] = int64(4 + draw(20))
				case revision == 0 && n == 2, revision > 0 && late && n < 3:
					came[area][i] += int64(1 + draw(3))
				case revision > 0 && late && n == 3:
					came[area][i] += int64(draw(12))
				}
			}
		}
		g := &grid{period: indicator.Period{Type: indicator.Month, Start: 20000}, areas: map[string]*areaGrid{}}
		for area, of := range came {
			for _, above := range a.places.path(area) {
				if g.areas[above] == nil {
					g.areas[above] = newAreaGrid()
				}
				for i, n := range of {
					g.areas[above].group(a.ages, indicator.Referrals)[a.ages.atom(unknown, unknown)] += n
					g.areas[above].member(indicator.Referrals)[memberKey{"provider", choirs[i]}] += n
				}
			}
		}
		s.states = append(s.states, g)
	}
	for area := range a.places.nodes {
		s.areas = append(s.areas, area)
	}
	slices.Sort(s.areas)
	return s
}

// slots are the rows that an area may have: its total, and the members.
func slots(area string) []slot {
	list := []slot{{indicator: "referrals", area: area, group: everyone, sex: everyone}}
	for _, name := range choirs {
		of := list[0]
		of.dimension, of.member = "provider", name
		list = append(list, of)
	}
	return list
}

func (s *story) count(revision int, of slot) int64 {
	c := s.states[revision].areas[of.area]
	if of.total() {
		return s.a.ages.everybody().sum(c.groups[indicator.Referrals])
	}
	return c.members[indicator.Referrals][memberKey{of.dimension, of.member}]
}

// publish closes the month and revises it; which rows stay is for choose to say.
func (s *story) publish(t testing.TB, choose func(published publishedRows, rows []publication) func(slot) bool) {
	t.Helper()
	published := publishedRows{}
	for revision, g := range s.states {
		mm, err := s.a.mask(g, indicator.Referrals, dimensionNames, 5, published.hidden(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var rows []publication
		for _, area := range s.areas {
			for _, of := range slots(area) {
				if n := s.count(revision, of); n > 0 {
					rows = append(rows, publication{pubKey: pubKey{period: g.period, slot: of}, numerator: float64(n), protected: mm.hides(of), revision: 1})
				}
			}
		}
		stays := func(slot) bool { return false }
		s.held = map[slot]bool{}
		if revision > 0 {
			stays = choose(published, rows)
			r := s.a.revisionOf(published, rows)
			for i := range rows {
				if r.tells(&rows[i]) {
					s.held[rows[i].slot] = true
				}
			}
		}
		for _, r := range rows {
			if !stays(r.slot) {
				r.protected = r.protected || published[r.pubKey].protected
				published[r.pubKey] = r
			}
		}
		told := map[slot]knowledge{}
		for _, area := range s.areas {
			for _, of := range slots(area) {
				switch old := published[pubKey{period: g.period, slot: of}]; {
				case old.protected:
					told[of] = hidden
				case stays(of):
					told[of] = nothing
				}
			}
		}
		s.told = append(s.told, told)
	}
}

// ranges is what a linear program over all revisions makes of each row of the last one and of the first one, for who knows that nobody is
// taken away. With blind set, of the last revision only totals are known.
func (s *story) ranges(t testing.TB, blind bool) (first, last map[slot]disclosure.Range) {
	t.Helper()
	var table disclosure.Table
	var mask disclosure.Mask
	add := func(n int64, kind disclosure.Kind, hide bool) int {
		table.Values, table.Kinds, mask = append(table.Values, n), append(table.Kinds, kind), append(mask, hide)
		return len(mask) - 1
	}
	at := make([]map[slot]int, len(s.states))
	for revision := range s.states {
		at[revision] = map[slot]int{}
		for _, area := range s.areas {
			for _, of := range slots(area) {
				kind, n := disclosure.Open, s.count(revision, of)
				switch known := s.told[revision][of]; {
				case known == hidden:
					kind = disclosure.Subject
				case known == nothing, blind && revision == len(s.states)-1 && !of.total():
					kind = disclosure.Unpublished
				}
				at[revision][of] = add(n, kind, kind == disclosure.Subject)
				if revision > 0 {
					came := add(n-s.count(revision-1, of), disclosure.Unpublished, false)
					table.Lines = append(table.Lines, disclosure.Line{Total: at[revision][of], Members: []int{at[revision-1][of], came}})
				}
			}
		}
		s.addLines(&table, at[revision])
	}
	ranges, err := disclosure.Feasible(table, mask, 1)
	if err != nil {
		t.Fatal(err)
	}
	first, last = map[slot]disclosure.Range{}, map[slot]disclosure.Range{}
	for of, c := range at[0] {
		first[of], last[of] = ranges[c], ranges[at[len(at)-1][of]]
	}
	return first, last
}

// addLines adds that members add up to totals, and areas to those above.
func (s *story) addLines(table *disclosure.Table, at map[slot]int) {
	parts := map[[2]string][]string{}
	for _, area := range s.areas {
		for _, parent := range s.a.places.nodes[area].parents {
			k := [2]string{parent, s.a.places.nodes[area].level}
			parts[k] = append(parts[k], area)
		}
		var members []int
		for _, of := range slots(area)[1:] {
			members = append(members, at[of])
		}
		table.Lines = append(table.Lines, disclosure.Line{Total: at[slots(area)[0]], Members: members})
	}
	for k, of := range parts {
		for i, whole := range slots(k[0]) {
			l := disclosure.Line{Total: at[whole]}
			for _, area := range of {
				l.Members = append(l.Members, at[slots(area)[i]])
			}
			table.Lines = append(table.Lines, l)
		}
	}
}

// narrowed lists the rows of which a reader of all revisions learns more than he may: those hidden from the start, which must reach over
// the threshold; and those withheld, of which he may learn in municipalities what a total tells that is shown, or else must reach over the
// threshold, and above these not how much is of what waits.
func (s *story) narrowed(t testing.TB) (list []slot) {
	t.Helper()
	first, last := s.ranges(t, false)
	_, blind := s.ranges(t, true)
	for of := range first {
		least := int64(0)
		switch shown := s.told[len(s.told)-1][slots(of.area)[0]] == number; {
		case !s.held[of]:
		case strings.HasPrefix(of.area, "KU") && shown:
			least = blind[of].Width()
		case strings.HasPrefix(of.area, "KU"):
			least = min(blind[of].Width(), 5)
		case s.waits(of):
			least = 1
		}
		if s.told[0][of] == hidden && first[of].Width() < 5 || last[of].Width() < least {
			list = append(list, of)
		}
	}
	return list
}

// waits reports whether anything has come to a row where it stays, in a municipality, since it was told last.
func (s *story) waits(of slot) bool {
	return slices.ContainsFunc(s.areas, func(area string) bool {
		there := of
		there.area = area
		if !strings.HasPrefix(area, "KU") || !slices.Contains(s.a.places.path(area), of.area) || s.told[len(s.told)-1][there] != nothing {
			return false
		}
		for revision := range slices.Backward(s.told) {
			if s.told[revision][there] == number {
				return s.count(revision, there) < s.count(len(s.told)-1, there)
			}
		}
		return false
	})
}

// TestRevisionsTellNothingOfWhatIsWithheld: a linear program over the closing and two revisions learns of what is withheld no more than
// the totals that are revised tell, and narrows down nothing that was hidden from the start, even where the areas beside are revised.
func TestRevisionsTellNothingOfWhatIsWithheld(t *testing.T) {
	a := protecting(t)
	a.places = newPlaces(crossedPlaces)
	stay, revised, held := 0, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		s := newStory(a, func(n int) int { return rapid.IntRange(0, n-1).Draw(r, "n") })
		s.publish(t, func(published publishedRows, rows []publication) func(slot) bool {
			stays, _ := a.withheld(published, rows, nil)
			for i := range rows {
				if stays(rows[i].slot) {
					stay++
				} else {
					revised++
				}
			}
			return stays
		})
		held += len(s.held)
		if list := s.narrowed(t); len(list) > 0 {
			r.Fatalf("a reader learns of %v, and %v", list[0], s.told)
		}
	})
	if t.Logf("%d rows stay, %d of them for their own sake, %d are revised", stay, held, revised); held == 0 || revised == 0 {
		t.Error("nothing is withheld, or all is")
	}
}

// TestHiddenTotalsTellOfEachOther: the totals of two municipalities were hidden when the month closed, so what came to both is known together. One
// to the library of KU4 is withheld; the members of KU5 would tell that hardly more can have come there.
func TestHiddenTotalsTellOfEachOther(t *testing.T) {
	a := protecting(t)
	a.places = newPlaces(crossedPlaces)
	draws := []int{
		0, 0, 3, 0, 3, 1, 0, 0, 2, 0, 0, 0, 0, 3, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 1, 3, 16, 0, 0, 2, 7, 0, 0, 1, 4, 6, 1, 1, 2, 0, 1, 0, 1, 0, 1, 0, 6, 0, 4, 0, 0, 0, 3, 6, 1, 0, 2, 0, 6, 1, 0, 1, 0, 1, 2, 2, 1, 6, 4, 1, 0, 1, 1, 2, 0, 0, 4,
	}
	s := newStory(a, func(int) int {
		n := draws[0]
		draws = draws[1:]
		return n
	})
	s.publish(t, func(published publishedRows, rows []publication) func(slot) bool {
		stays, _ := a.withheld(published, rows, nil)
		return stays
	})
	if list := s.narrowed(t); len(s.held) == 0 || len(list) > 0 {
		t.Errorf("of %d withheld rows a reader learns of %v", len(s.held), list)
	}
}

// TestLessThanThatTells: fewer rows may not stay. What is withheld is told where only its own rows stay, or only its own areas, or those
// above in one hierarchy; and what was hidden where a revision hides what an earlier one told.
func TestLessThanThatTells(t *testing.T) {
	a := protecting(t)
	a.places = newPlaces(crossedPlaces)
	for name, chosen := range map[string]func(r *revision, first []slot, s slot) bool{
		"nothing": func(*revision, []slot, slot) bool { return false },
		"the rows alone": func(_ *revision, first []slot, s slot) bool {
			return slices.Contains(first, s)
		},
		"their areas alone": func(r *revision, first []slot, s slot) bool {
			return slices.ContainsFunc(first, func(f slot) bool {
				return f.area == s.area && (f.total() || breakdownOf(f) == breakdownOf(s))
			})
		},
		"and the counties": func(r *revision, first []slot, s slot) bool {
			return slices.ContainsFunc(first, func(f slot) bool {
				above := f.area == s.area || !strings.HasPrefix(s.area, "MK") && slices.Contains(a.places.path(f.area), s.area)
				return above && (f.total() || breakdownOf(f) == breakdownOf(s))
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(200) {
				chance := rand.New(rand.NewPCG(seed, 1))
				s := newStory(a, chance.IntN)
				s.publish(t, func(published publishedRows, rows []publication) func(slot) bool {
					r := a.revisionOf(published, rows)
					var first []slot
					for i := range rows {
						if r.tells(&rows[i]) {
							first = append(first, rows[i].slot)
						}
					}
					return func(of slot) bool { return chosen(r, first, of) }
				})
				if list := s.narrowed(t); len(list) > 0 {
					t.Logf("story %d tells of %v", seed, list[0])
					return
				}
			}
			t.Error("a linear program learns nothing by it")
		})
	}
}

// TestWithheldInAQuarterOfAWithheldMonth: what is withheld in a month stays in the quarter, too, though nothing need be hidden there.
func TestWithheldInAQuarterOfAWithheldMonth(t *testing.T) {
	a := protecting(t)
	quarter := indicator.Period{Type: indicator.Quarter, Start: on(t, "2025-01-01")}
	row := func(area string, n float64) publication {
		return publication{pubKey: pubKey{period: quarter, slot: slot{indicator: "referrals", area: area, group: everyone, sex: everyone, dimension: "provider", member: "choir"}}, numerator: n, revision: 1}
	}
	published := publishedRows{}
	for _, area := range []string{"KU305", "KU853", "HVA17", "SSS"} {
		r := row(area, 40)
		published[r.pubKey] = r
	}
	month := layers{indicator.Month: {{withheld: []slot{row("KU305", 1).slot, {indicator: "referrals", area: "KU853", group: everyone, sex: everyone}}}}}
	var out outbox
	a.reviseFinal(&out, published, []publication{row("KU305", 41), row("KU853", 41), row("HVA17", 41), row("SSS", 42)}, reasonLate, month.carried()...)
	if len(out.revised) != 1 || out.revised[0].area != "KU853" || len(out.withheld) != 3 || out.withheld[0].tells {
		t.Errorf("revised %+v, withheld %+v", out.revised, out.withheld)
	}
}
