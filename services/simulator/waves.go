package simulator

import (
	"fmt"
	"math/rand/v2"
	"time"

	"vointi.fi/pkg/event"
)

// Shares and means that are planted in the surveys of pupils and of partners, the same everywhere.
const (
	NoCloseFriend       = 0.09
	PartnerSatisfaction = 4.0
)

// pupilsATown is how many pupils answer at most in a town, of those of grades 8 and 9, of whom answeringPupils do.
const (
	pupilsATown     = 160
	answeringPupils = 0.6
)

// peopleAPartner are asked at each partner, of whom answeringPartners do.
const (
	peopleAPartner    = 5
	answeringPartners = 0.7
)

// special are the surveys beside that of the residents: of pupils each April, of partners each May.
func (c *civics) special() {
	cfg := c.world.cfg
	for year := cfg.First.Year(); year <= cfg.Last.Year(); year++ {
		c.poll("demo-school", "friends", year, time.April, c.pupils)
		c.poll("demo-partners", "partner-feedback", year, time.May, c.partnersAsked)
	}
}

// poll is a wave of one month, unless it was before the history.
func (c *civics) poll(id, instrument string, year int, month time.Month, ask func(r *rand.Rand, t *town, of event.Response, answer func(event.Response))) {
	opens := time.Date(year, month, 1, 0, 0, 0, 0, helsinki)
	if opens.Before(c.world.cfg.First) {
		return
	}
	ends := opens.AddDate(0, 1, 0)
	wave := event.Wave{
		WaveID: fmt.Sprint(id, "-", year), Starts: date(opens), Ends: date(ends).AddDate(0, 0, -1), InstrumentID: instrument, Version: "1", Mode: "web", Languages: []string{"fi"},
	}
	closed := wave
	closed.Closed = true
	c.add(opens, event.WaveOpened, "SSS", wave.WaveID, &wave)
	c.add(ends, event.WaveClosed, "SSS", wave.WaveID, &closed)
	for _, t := range c.world.towns {
		r := source(c.world.cfg.Seed, drawSpecial, t.word, word(wave.WaveID))
		of := event.Response{WaveID: wave.WaveID, InstrumentID: instrument, Version: "1", Complete: true, Language: "fi", Area: t.code}
		n := 0
		ask(r, t, of, func(answer event.Response) {
			n++
			answer.ResponseID = fmt.Sprint(wave.WaveID, "/", t.code, "/", n)
			at := opens.Add(time.Duration(8*60+r.IntN(28*24*60)) * time.Minute)
			answer.SubmittedAt = at.UTC()
			c.add(at, event.ResponseSubmitted, t.code, answer.ResponseID, &answer)
		})
	}
}

// pupils answer how many close friends they have.
func (c *civics) pupils(r *rand.Rand, t *town, of event.Response, answer func(event.Response)) {
	n := 0
	for _, l := range t.leaves {
		n += l.counts(c.world.cfg.First.Year()).between(14, 16)
	}
	for range min(pupilsATown, int(answeringPupils*float64(n))) {
		of.AgeBand, of.Sex, of.Items = "14-15", sexCodes[r.IntN(2)], map[string]int{"CLOSE_FRIENDS": 0}
		if r.Float64() >= NoCloseFriend {
			of.Items["CLOSE_FRIENDS"] = 1 + r.IntN(3)
		}
		answer(of)
	}
}

// partnersAsked are those of the register.
func (c *civics) partnersAsked(r *rand.Rand, t *town, of event.Response, answer func(event.Response)) {
	for i := range c.partnerNames(t) {
		for range peopleAPartner {
			if r.Float64() < answeringPartners {
				of.AgeBand, of.PartnerKind = "unknown", partnerKinds[i%len(partnerKinds)]
				of.Items = map[string]int{"PARTNER_SATISFACTION": 1 + binomial(r, 4, (PartnerSatisfaction-1)/4)}
				answer(of)
			}
		}
	}
}
