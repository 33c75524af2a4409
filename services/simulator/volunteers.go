package simulator

import (
	"fmt"
	"time"

	"vointi.fi/pkg/event"
)

// helpedShare is the share of held sessions with volunteers, up to mostHelpers of them, who work for as long as the session lasts.
const (
	helpedShare = 0.4
	mostHelpers = 3
)

// registeredShare is the share of held sessions for which somebody registered.
const registeredShare = 0.03

// The least and the greatest number of volunteers of a town, or of each service area of one that has some.
const (
	fewestVolunteers = 20
	mostVolunteers   = 50
)

// helpers are the volunteers at the sessions of a quarter, and the registrations for them.
type helpers struct{ civics }

func newHelpers(p *plan) *helpers {
	h := &helpers{civics{world: p.world}}
	for i := range p.sessions {
		s := &p.sessions[i]
		draw := mix(p.world.cfg.Seed, drawHelp, word(s.id))
		if s.outcome != held {
			continue
		}
		if unit(draw) < helpedShare {
			h.shifts(s, scramble(draw))
		}
		if unit(scramble(draw+1)) < registeredShare {
			h.registration(s)
		}
	}
	return h
}

// shifts are of volunteers who follow each other in the list of the town.
func (h *helpers) shifts(s *session, draw uint64) {
	all := uint64(volunteers(h.world, s.series.town))
	for i := range 1 + scramble(draw)%mostHelpers {
		h.shift(s, h.world.volunteer(s.series.town, int((draw%all+i)%all)), fmt.Sprint(s.id, "/", i+1))
	}
}

func (h *helpers) shift(s *session, v helper, subject string) {
	hours := s.series.kind.length.Milliseconds() * 100 / hour
	v.shift.Hours, v.shift.PartnerID, v.shift.Area, v.shift.EventID = &hours, s.series.provider, s.series.venueArea, s.id
	v.shift.Start, v.shift.End = instantOf(s.start), instantOf(s.end())
	h.add(instantOf(s.end()+2*hour), event.ShiftLogged, s.series.town.code, subject, &v.shift)
}

func (h *helpers) registration(s *session) {
	p := &event.Registration{RegistrationID: "ilm " + s.id, SessionID: s.id, Status: "enrolled", At: instantOf(s.start - aDay)}
	h.add(p.At, event.RegistrationChanged, s.series.town.code, p.RegistrationID, p)
	came := *p
	came.Presence, came.At = "present", instantOf(s.end())
	h.add(came.At, event.RegistrationChanged, s.series.town.code, p.RegistrationID, &came)
}

// volunteers returns how many a town has.
func volunteers(w *world, t *town) int {
	return len(t.leaves) * (fewestVolunteers + int(mix(w.cfg.Seed, drawHelp, t.word)%(mostVolunteers-fewestVolunteers+1)))
}

// helper is a volunteer, as far as every shift tells.
type helper struct{ shift event.Shift }

var helperBands = []string{"20-28", "29-54", "55-64", "65-74", "75+"}

func (w *world) volunteer(t *town, number int) helper {
	h := mix(w.cfg.Seed, drawHelp, t.word, uint64(number)+1)
	return helper{event.Shift{VolunteerPseudonym: pseudonym(h), AgeBand: helperBands[h%uint64(len(helperBands))], Role: "guide"}}
}

// enrolments tells who volunteers in each town; one in each town ends after a year.
func (c *civics) enrolments(t *town) {
	at := c.world.cfg.First.Add(8 * time.Hour)
	for i := range volunteers(c.world, t) {
		v := c.world.volunteer(t, i).shift
		p := &event.Volunteer{VolunteerPseudonym: v.VolunteerPseudonym, Role: v.Role, Area: t.code, AgeBand: v.AgeBand, Start: at.UTC()}
		subject := fmt.Sprint("vapaaehtoinen ", t.code, " ", i)
		c.add(at, event.VolunteerEnrolled, t.code, subject, p)
		if i == 0 {
			ended := *p
			ended.Ended, ended.End = true, at.AddDate(1, 0, 0).UTC()
			c.add(ended.End, event.VolunteerEnded, t.code, subject, &ended)
		}
	}
}
