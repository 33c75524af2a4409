package participation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
)

// pseudonymise replaces what identifies a person by what does not: card_id by person_pseudonym and key_version,
// household_id by household_pseudonym, birth_date by birth_year. The card's issuer decides the key, wherever the card is
// used, so that one card is one pseudonym.
func (p *Participation) pseudonymise(body *edge.Body) {
	for _, made := range []string{"person_pseudonym", "household_pseudonym", "key_version"} {
		if body.Has(made) {
			body.Fault(made, "is made here; send card_id or household_id")
		}
	}
	key, ok := p.key(body)
	if !ok {
		body.Fault("card_issuer", "has no key here; the setting issuers lists those that have")
	}
	if !body.Has("card_id") {
		body.Fault("card_id", "is required")
	}
	body.PutNumber("key_version", key.Version)
	body.Put("person_pseudonym", key.pseudonym(body, "card"))
	if body.Has("household_id") {
		body.Put("household_pseudonym", key.pseudonym(body, "household"))
	}
	dropBirthDate(body)
}

// key finds the key of the card's issuer. Without one it returns a key that makes the rest checkable; the fault keeps
// the event from being made.
func (p *Participation) key(body *edge.Body) (Key, bool) {
	issuer := p.cfg.Issuers[0]
	if body.Has("card_issuer") {
		issuer = body.Take("card_issuer")
	}
	if key, ok := p.keys.Newest(issuer); ok {
		return key, true
	}
	return Key{Version: 1}, false
}

// pseudonym takes <kind>_id out of the body and returns its pseudonym.
func (k Key) pseudonym(body *edge.Body, kind string) string {
	name := kind + "_id"
	raw := body.Take(name)
	id := normalise(raw)
	switch {
	case raw == "": // not there, or noted already
	case event.HoldsPersonalCode([]byte(raw)):
		body.Fault(name, "is a Finnish personal identity code; send the id on the card")
	case id == "":
		body.Fault(name, "must be an id as on a card: 4 to 64 letters and digits, with spaces and hyphens between them")
	}
	return Pseudonym(k.Secret, kind+":"+id)
}

// Pseudonym is the first 16 bytes of HMAC-SHA-256 (RFC 2104) of data under the key, in hexadecimal.
func Pseudonym(key []byte, data string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(data))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// normalise writes an id as every reader of the card writes it: capital letters and digits, nothing between them. It
// returns "" for what is no id.
func normalise(raw string) string {
	id := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(raw)))
	if len(id) < 4 || len(id) > 64 || strings.Trim(id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ") != "" {
		return ""
	}
	return id
}

// dropBirthDate keeps the year of a birth date and nothing else.
func dropBirthDate(body *edge.Body) {
	if !body.Has("birth_date") {
		return
	}
	if body.Has("birth_year") {
		body.Fault("birth_date", "is given beside birth_year; send one of them")
	}
	date, err := time.Parse(time.DateOnly, body.Take("birth_date"))
	if err != nil {
		body.Fault("birth_date", "must be a date such as 1985-03-05")
		return
	}
	body.PutNumber("birth_year", date.Year())
}
