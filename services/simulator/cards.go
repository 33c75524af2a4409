package simulator

import (
	"math/rand/v2"

	"vointi.fi/pkg/event"
)

// issuer tells the register of cards of those who come for the first time, in the four weeks before the quarter in which that is;
// and of some who never come. The other cards are older than the register, which knows nothing of them.
type issuer struct {
	world *world
	given map[person]bool
}

func newIssuer(w *world) *issuer { return &issuer{world: w, given: map[person]bool{}} }

// RegisteredShare is the share of those who come whose card is in the register.
const RegisteredShare = 0.2

// IdleShare is how many cards go to people who never come, of each in the register that goes to one who does.
const IdleShare = 0.2

// idleNumber is from where on the numbers of those who never come begin: no cohort has so many residents.
const idleNumber = 1 << 23

// issue returns the cards that are issued for a quarter. Quarters must come in their order.
func (i *issuer) issue(q quarter, pools map[*town]*pool) *cards {
	c := &cards{world: i.world, quarter: q}
	for _, t := range i.world.towns {
		for _, people := range pools[t] {
			for _, p := range people {
				if i.given[p] {
					continue
				}
				i.given[p] = true
				switch draw := unit(c.draw(p)); {
				case draw < RegisteredShare*IdleShare:
					c.people = append(c.people, p, p+idleNumber)
				case draw < RegisteredShare:
					c.people = append(c.people, p)
				}
			}
		}
	}
	return c
}

// cards are those that are issued for one quarter. What they say is drawn from whom they are for, from a source of its own.
type cards struct {
	world   *world
	quarter quarter
	people  []person
}

func (c *cards) draw(p person) uint64 {
	return mix(c.world.cfg.Seed, drawHolder, p.word(c.world.leaves[p.leaf()]))
}

// issued is in the four weeks before the quarter, in office hours.
func (c *cards) issued(p person) int64 {
	h := scramble(c.draw(p) + 1)
	return c.quarter.first().UnixMilli() - int64(1+h%28)*aDay + int64(9*60+h>>8%420)*minute
}

func (c *cards) actions(add func(action)) {
	for n, p := range c.people {
		add(action{c.issued(p), c, cardIssued, int32(n)})
	}
}

func (c *cards) make(_ what, index int) (*event.Event, error) {
	p := c.people[index]
	leaf, of, at := c.world.leaves[p.leaf()], c.world.card(p), instantOf(c.issued(p))
	card := &event.Card{
		PersonPseudonym: of.pseudonym, Kind: "person", IssuedAt: at, HomeArea: c.world.home(leaf), BirthYear: of.birthYear, Sex: of.sex,
		ConsentVersion: "2023-1", KeyVersion: 1,
	}
	r := source(c.draw(p), drawHolder)
	card.TargetGroups = holderGroups(r, c.quarter.year()-p.birthYear(), p&idleNumber != 0)
	if len(card.TargetGroups) > 0 && card.TargetGroups[0] == families && r.Float64() < familyCards {
		card.Kind = "family"
		card.Household = pseudonym(mix(c.world.cfg.Seed, drawHolder, leaf.word, r.Uint64N(uint64(leaf.families(c.world.cfg.First.Year())))))
	}
	code := leaf.town.code
	id := event.NewID("card", card.PersonPseudonym)
	return event.Unchecked(event.CardIssued, sourceOf(code, "card"), id, at, code, "", card)
}

// families is the code of the target group whose cards may be family cards: familyCards of them are.
const (
	families    = "families"
	familyCards = 0.8
)

// PassiveShare is the share of those with a card who are passive: of those who come, and of those who never do. So the passive
// are reached less well.
var PassiveShare = [2]float64{0.15, 0.5}

// holderGroups draws the target groups that a card names.
func holderGroups(r *rand.Rand, age int, idle bool) (groups []string) {
	passive := PassiveShare[0]
	if idle {
		passive = PassiveShare[1]
	}
	family, working := 0.03, 0.
	switch {
	case age < 18:
		family = 0.6
	case age < 50:
		family, working = 0.45, 1
	case age < 65:
		working = 1
	}
	for _, g := range []struct {
		code  string
		share float64
	}{
		{families, family}, {"passive", passive}, {"risk", 0.06}, {"long_term_unemployed", 0.06 * working}, {"staff", 0.02 * working}, {"other", 0.01},
	} {
		if r.Float64() < g.share {
			groups = append(groups, g.code)
		}
	}
	return groups
}

// families returns how many families with children live in a leaf at the end of a year: one for every ten residents.
func (l *leaf) families(year int) int { return 1 + l.counts(year).total()/10 }

func (t *town) families(year int) (n int) {
	for _, l := range t.leaves {
		n += l.families(year)
	}
	return n
}
