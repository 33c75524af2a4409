package event

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"slices"
	"time"
)

func (p *Card) entity(*Event) []string { return []string{p.PersonPseudonym} }

var cardFields = []field[Card]{
	must(text("person_pseudonym", func(p *Card) *string { return &p.PersonPseudonym }, pseudonym)),
	text("household_pseudonym", func(p *Card) *string { return &p.Household }, pseudonym),
	text("card_kind", func(p *Card) *string { return &p.Kind }, oneOf(cardKinds)),
	instant("issued_at", func(p *Card) *time.Time { return &p.IssuedAt }),
	instant("closed_at", func(p *Card) *time.Time { return &p.ClosedAt }),
	text("home_area_id", func(p *Card) *string { return &p.HomeArea }, areaCode),
	maybeNumber("birth_year", func(p *Card) **int { return &p.BirthYear }, 1880, 2199),
	text("age_band", func(p *Card) *string { return &p.AgeBand }, ageGroup),
	text("age_scheme", func(p *Card) *string { return &p.AgeScheme }, oneOf(ageSchemes)),
	text("sex", func(p *Card) *string { return &p.Sex }, oneOf(sexes)),
	text("language", func(p *Card) *string { return &p.Language }, language),
	texts("target_groups", func(p *Card) *[]string { return &p.TargetGroups }, len(targetGroups), oneOf(targetGroups)),
	text("consent_version", func(p *Card) *string { return &p.ConsentVersion }, code),
	must(number("key_version", func(p *Card) *int { return &p.KeyVersion }, 1, 65535)),
}

var (
	cardIssuedFields = cardFieldsWith(func(f field[Card]) field[Card] {
		switch f.name {
		case "issued_at", "home_area_id", "consent_version":
			return must(f)
		case "closed_at":
			return never(f)
		}
		return f
	})
	cardClosedFields = cardFields
)

// cardFieldsWith is the table of cards with each field changed for one event type.
func cardFieldsWith(change func(field[Card]) field[Card]) []field[Card] {
	fields := slices.Clone(cardFields)
	for i := range fields {
		fields[i] = change(fields[i])
	}
	return fields
}

func cardAgesAgree(r *reader, p *Card) { bandAgrees(r, p.AgeBand, p.AgeScheme) }

func (p *Rekey) entity(*Event) []string { return []string{p.OldPseudonym, p.NewPseudonym} }

var rekeyFields = []field[Rekey]{
	must(text("old_pseudonym", func(p *Rekey) *string { return &p.OldPseudonym }, pseudonym)),
	must(text("new_pseudonym", func(p *Rekey) *string { return &p.NewPseudonym }, pseudonym)),
	must(number("key_version", func(p *Rekey) *int { return &p.KeyVersion }, 1, 65535)),
}

func (p *Erasure) entity(*Event) []string { return []string{p.PersonPseudonym} }

var erasureFields = []field[Erasure]{
	must(text("person_pseudonym", func(p *Erasure) *string { return &p.PersonPseudonym }, pseudonym)),
}

// PseudonymHash is what is kept of a pseudonym that must be forgotten: SHA-256 of its 32 digits, in hexadecimal. A
// pseudonym holds too much chance to be found by trying.
func PseudonymHash(pseudonym string) string {
	sum := sha256.Sum256([]byte(pseudonym))
	return hex.EncodeToString(sum[:])
}

// Persons appends the pseudonyms of the persons that the event is about to list: one, two of a [Rekey], none of most. Not
// among them are households, and panels of surveys, whose keys are others.
func (e *Event) Persons(list []string) []string {
	switch p := e.Payload.(type) {
	case *Checkin:
		return append(list, p.PersonPseudonym)
	case *Card:
		return append(list, p.PersonPseudonym)
	case *Registration:
		return append(list, p.PersonPseudonym)
	case *Volunteer:
		return append(list, p.VolunteerPseudonym)
	case *Shift:
		return append(list, p.VolunteerPseudonym)
	case *Rekey:
		return append(list, p.OldPseudonym, p.NewPseudonym)
	case *Erasure:
		return append(list, p.PersonPseudonym)
	}
	return list
}

// Pseudonyms yields whatever in a text looks like a pseudonym: 32 lower-case hexadecimal digits with none beside them.
func Pseudonyms(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		run := 0
		for i := 0; i <= len(text); i++ {
			if i < len(text) && (digit(text[i]) || 'a' <= text[i] && text[i] <= 'f') {
				run++
				continue
			}
			if run == 32 && !yield(text[i-32:i]) {
				return
			}
			run = 0
		}
	}
}

// TimeOf returns the time of a message that is no valid event, if it is readable JSON and tells one; zero otherwise.
func TimeOf(data []byte) time.Time {
	var envelope struct{ Time time.Time }
	_ = json.Unmarshal(data, &envelope)
	return envelope.Time
}
