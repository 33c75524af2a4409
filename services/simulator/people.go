package simulator

import "encoding/hex"

// person names a resident: leaf, sex, birth year, and a number among those. Nothing else is stored about anyone; what a
// person is like and does is drawn from the name.
type person uint64

func newPerson(l *leaf, sex, birthYear, number int) person {
	return person(l.index)<<48 | person(sex)<<40 | person(birthYear)<<24 | person(number)
}

func (p person) leaf() int      { return int(p >> 48) }
func (p person) sex() int       { return int(p >> 40 & 0xff) }
func (p person) birthYear() int { return int(p >> 24 & 0xffff) }

// word is the same for a person whichever areas are simulated.
func (p person) word(l *leaf) uint64 { return l.word + uint64(p&(1<<48-1)) }

// segments are the audiences that sessions are for, by age.
const segments = 4

func segmentOf(age int) int {
	switch {
	case age < 13:
		return 0
	case age < 29:
		return 1
	case age < 65:
		return 2
	}
	return 3
}

// pool is who comes to the sessions of one town and audience in a quarter.
type pool [segments][]person

// pools draws who comes in q, by town. Some people from around Lahti go there.
func (w *world) pools(q quarter) map[*town]*pool {
	pools := make(map[*town]*pool, len(w.towns))
	for _, t := range w.towns {
		pools[t] = &pool{}
	}
	city := w.town("KU398")
	for _, l := range w.leaves {
		w.active(l, q, func(p person, age int) {
			where := l.town
			if city != nil && l.town.group == "paijat-hame" && unit(mix(w.cfg.Seed, drawGuest, uint64(q), p.word(l))) < 0.05 {
				where = city
			}
			segment := &pools[where][segmentOf(age)]
			*segment = append(*segment, p)
		})
	}
	return pools
}

// active calls do for each resident who comes in q.
func (w *world) active(l *leaf, q quarter, do func(p person, age int)) {
	always, now := mix(w.cfg.Seed, drawCore), mix(w.cfg.Seed, drawQuarter, uint64(q))
	w.eachCohort(l, q.year(), func(sex, age, size int) {
		core, churn := w.chances(l, q, sex, age)
		for number := range size {
			p := newPerson(l, sex, q.year()-age, number)
			h := p.word(l)
			if unit(scramble(scramble(always+h)+h)) < core || unit(scramble(scramble(now+h)+h)) < churn {
				do(p, age)
			}
		}
	})
}

func (w *world) town(code string) *town {
	for _, t := range w.towns {
		if t.code == code {
			return t
		}
	}
	return nil
}

// card is what a person's card tells. Some cards do not tell all.
type card struct {
	pseudonym, sex string
	birthYear      *int
	channel        string
}

var sexCodes, channels = [2]string{"1", "2"}, [4]string{"card", "card", "app", "qr"}

func (w *world) card(p person) card {
	h := p.word(w.leaves[p.leaf()])
	traits := mix(w.cfg.Seed, drawCard, h)
	c := card{pseudonym: pseudonym(mix(w.cfg.Seed, drawPseudonym, h)), channel: channels[traits>>8%4]}
	if traits%200 != 0 {
		c.sex = sexCodes[p.sex()]
	}
	if traits>>16%100 != 0 {
		year := p.birthYear()
		c.birthYear = &year
	}
	return c
}

// pseudonym stands in for the keyed hash that a card issuer would make.
func pseudonym(h uint64) string {
	var raw [16]byte
	for i := range 8 {
		raw[i], raw[8+i] = byte(h>>(8*i)), byte(scramble(h)>>(8*i))
	}
	return hex.EncodeToString(raw[:])
}
