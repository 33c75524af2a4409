package event

import "time"

// Registration is the state of one sign-up to a session: registration.changed.v1.
type Registration struct {
	RegistrationID  string
	SessionID       string
	PersonPseudonym string
	Status          string // enrolled, waiting or cancelled
	Presence        string // present or not_present
	At              time.Time
}

func (p *Registration) entity(*Event) []string { return []string{p.RegistrationID} }

var registrationFields = []field[Registration]{
	must(text("registration_id", func(p *Registration) *string { return &p.RegistrationID }, code)),
	must(text("session_id", func(p *Registration) *string { return &p.SessionID }, code)),
	text("person_pseudonym", func(p *Registration) *string { return &p.PersonPseudonym }, pseudonym),
	text("status", func(p *Registration) *string { return &p.Status }, oneOf(registrations)),
	text("presence", func(p *Registration) *string { return &p.Presence }, oneOf(presences)),
	must(instant("at", func(p *Registration) *time.Time { return &p.At })),
}
