package participation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/secret"
)

// pseudonymise replaces what identifies a person by what does not: card_id by person_pseudonym and key_version,
// household_id by household_pseudonym, birth_date by birth_year. The card's issuer decides the key, wherever the card is
// used, so that one card is one pseudonym; after a rotation links tell that it was another before.
func (p *Participation) pseudonymise(body *edge.Body) {
	for _, made := range []string{"person_pseudonym", "household_pseudonym", "key_version"} {
		if body.Has(made) {
			body.Fault(made, "is made here; send card_id or household_id")
		}
	}
	keys := p.keysOf(body)
	key := keys[len(keys)-1]
	if !body.Has("card_id") {
		body.Fault("card_id", "is required")
	}
	card := take(body, "card")
	body.PutNumber("key_version", key.Version)
	body.Put("person_pseudonym", Pseudonym(key.Secret, card))
	p.link(body, keys, card)
	if body.Has("household_id") {
		body.Put("household_pseudonym", Pseudonym(key.Secret, take(body, "household")))
	}
	dropBirthDate(body)
}

// keysOf finds the keys of the card's issuer, the newest last. Without any it returns one that makes the rest checkable;
// the fault keeps the event from being made.
func (p *Participation) keysOf(body *edge.Body) []Key {
	issuer := p.cfg.Issuers[0]
	if body.Has("card_issuer") {
		issuer = body.Take("card_issuer")
	}
	if keys := p.keys.Versions(Owner{issuer, Cards}); len(keys) > 0 {
		return keys
	}
	body.Fault("card_issuer", "has no key here; the setting issuers lists those that get one, and vointi keys add makes one")
	return []Key{{Version: 1}}
}

// take takes <kind>_id out of the body and returns what its pseudonym is made of.
func take(body *edge.Body, kind string) string {
	name := kind + "_id"
	raw := body.Take(name)
	id, err := identify(kind, raw)
	if raw != "" && err != nil { // else not there, or noted already
		body.Fault(name, err.Error())
	}
	return id
}

// What is no id.
var (
	errPersonalCode = errors.New("is a Finnish personal identity code; send the id on the card")
	errNoID         = errors.New("must be an id as on a card: 4 to 64 letters and digits, with spaces and hyphens between them")
)

// identify returns what the pseudonym of an id is made of: its kind, and the id as every reader of the card writes it.
func identify(kind, raw string) (string, error) {
	id := normalise(raw)
	switch {
	case event.HoldsPersonalCode([]byte(raw)):
		return "", errPersonalCode
	case id == "":
		return "", errNoID
	}
	return kind + ":" + id, nil
}

// Pseudonym is the first 16 bytes of HMAC-SHA-256 (RFC 2104) of data under the key, in hexadecimal.
func Pseudonym(key []byte, data string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(data))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Pseudonyms returns what tells the pseudonyms of an id under the owner's keys, the newest first: what the person behind it
// may be known by. Those of retired keys cannot be made any more.
func Pseudonyms(path string, o Owner) (of func(id string) ([]string, error), err error) {
	ring, err := secret.Read[keyring](path)
	if err != nil {
		return nil, err
	}
	versions := ring[o.name()]
	if len(versions) == 0 {
		return nil, fmt.Errorf("%s %w", o.name(), ErrNoKey)
	}
	return func(id string) (all []string, err error) {
		data, err := identify(string(o.Purpose), id)
		if err != nil {
			return nil, fmt.Errorf("the id %w", err)
		}
		for i := len(versions) - 1; i >= 0 && len(versions[i].Secret) > 0; i-- {
			all = append(all, Pseudonym(versions[i].Secret, data))
		}
		return all, nil
	}, nil
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
