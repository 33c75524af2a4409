// Package access says who may publish what over HTTP: emitters, the tokens by which they are known, and what these are
// granted.
package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/secret"
)

// Grant is what an emitter may publish. A list that holds "*" grants everything of its kind, an empty one nothing.
type Grant struct {
	// Families are the beginnings of event types, cut at a dot: participation, or participation.checkin.
	Families []string `json:"families"`
	// Areas are municipalities, with the parts of each, or SSS for what belongs to none.
	Areas []string `json:"areas"`
	// Sources are the beginnings of sources, cut at a slash, of events that bring a source with them. The services that make
	// the event put their own.
	Sources []string `json:"sources,omitempty"`
	// CorrectAny grants correcting and voiding events of sources other than the event's own, if that source may (correct-any).
	CorrectAny bool `json:"correct_any,omitempty"`
	// Rate is how many events a second are taken, over some time, by each process.
	Rate int `json:"rate"`
}

// Token is how an emitter is known. The token itself is written nowhere.
//
// Its hash is one round of SHA-256, without salt: a token is 130 random bits, so nobody can try them, however fast; what a
// slow hash protects is what people choose. It is looked up, rather than compared with each, by its hash, whose timing tells
// nothing of the token.
type Token struct {
	Name string `json:"name"`
	Hash string `json:"sha256"`
	Grant
	Made    time.Time `json:"made"`
	Revoked time.Time `json:"revoked,omitzero"`
}

// list is the content of the tokens file, in the order in which they were made.
type list []Token

var (
	tokenFamily  = regexp.MustCompile(`^[a-z]+(\.[a-z]+)*$`)
	tokenArea    = regexp.MustCompile(`^(KU[0-9]{3}|SSS)$`)
	tokenHash    = regexp.MustCompile(`^[0-9a-f]{64}$`)
	namesOfOwn   = []string{Local, Operator, Direct}
	errUnknown   = errors.New("there is no such token")
	errNameTaken = errors.New("the name is taken, by a token that may be revoked; the accounts are by name, so choose another")
)

// IsEmitter says whether a text can be the name of an emitter: one of a token, or of those who have none. It is too short to
// be a pseudonym.
func IsEmitter(name string) bool {
	if len(name) == 0 || len(name) > 30 {
		return false
	}
	for _, c := range []byte(name) {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return !event.HoldsPersonalCode([]byte(strings.ToUpper(name)))
}

// inForce returns the token that a text is; nil if there is none, or it is revoked.
func (l list) inForce(token string) *Token {
	if token == "" {
		return nil
	}
	hash := hashOf(token)
	for i := range l {
		if l[i].Hash == hash && l[i].Revoked.IsZero() {
			return &l[i]
		}
	}
	return nil
}

// OnlyHashes implements [secret.Hashes].
func (list) OnlyHashes() {}

// Check implements [secret.Content].
func (l list) Check() error {
	seen := map[string]bool{}
	for _, t := range l {
		if err := t.check(); err != nil {
			return err
		}
		if seen[t.Name] || seen[t.Hash] {
			return fmt.Errorf("token %s is there twice", t.Name)
		}
		seen[t.Name], seen[t.Hash] = true, true
	}
	return nil
}

// check lists every fault.
func (t Token) check() error {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !IsEmitter(t.Name) || slices.Contains(namesOfOwn, t.Name) {
		fault("name must be 1 to 30 lower-case letters, digits and hyphens, no personal identity code, and not %s", strings.Join(namesOfOwn, ", "))
	}
	if !tokenHash.MatchString(t.Hash) {
		fault("sha256 must be 64 hexadecimal digits")
	}
	if len(t.Families) == 0 || len(t.Areas) == 0 {
		fault("families and areas must each name something, or * for all")
	}
	for _, family := range t.Families {
		if family != "*" && !knownFamily(family) {
			fault("family %q begins no event type", family)
		}
	}
	for _, area := range t.Areas {
		if area != "*" && !tokenArea.MatchString(area) {
			fault("area %q must be a municipality such as KU305, SSS for what belongs to none, or * for all", area)
		}
	}
	for _, source := range t.Sources {
		if source == "" {
			fault("a source must not be empty")
		}
	}
	if t.Rate < 1 {
		fault("rate must be at least 1 event a second")
	}
	if len(faults) > 0 {
		return fmt.Errorf("token %q: %s", t.Name, strings.Join(faults, "; "))
	}
	return nil
}

func knownFamily(family string) bool {
	return tokenFamily.MatchString(family) &&
		slices.ContainsFunc(event.Types(), func(t event.Type) bool { return begins(string(t), family, ".") })
}

// begins says whether s is prefix, or goes on after it with what parts it.
func begins(s, prefix, parted string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	return ok && (rest == "" || strings.HasSuffix(prefix, parted) || strings.HasPrefix(rest, parted))
}

// tokenStart lets people and scanners of leaked secrets see what a string is.
const tokenStart = "vointi_"

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Create makes a token of a new name and returns it: this is the only time that anybody sees it. It works at running
// services from their next request on.
func Create(path, name string, grant Grant, now time.Time) (token string, err error) {
	token = tokenStart + rand.Text()
	made := Token{Name: name, Hash: hashOf(token), Grant: grant, Made: now.UTC().Truncate(time.Second)}
	if err := made.check(); err != nil {
		return "", err
	}
	_, err = secret.Update(path, func(l list) (list, bool, error) {
		if slices.ContainsFunc(l, func(t Token) bool { return t.Name == name }) {
			return l, false, fmt.Errorf("%s: %w", name, errNameTaken)
		}
		return append(l, made), true, nil
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// Revoke ends a token, at running services from their next request on. Its name stays, for the accounts.
func Revoke(path, name string, now time.Time) error {
	_, err := secret.Update(path, func(l list) (list, bool, error) {
		for i := range l {
			if l[i].Name == name {
				again := !l[i].Revoked.IsZero()
				if !again {
					l[i].Revoked = now.UTC().Truncate(time.Second)
				}
				return l, !again, nil
			}
		}
		return l, false, fmt.Errorf("%s: %w", name, errUnknown)
	})
	return err
}

// List returns all tokens that were ever made, without what lets anybody in.
func List(path string) ([]Token, error) {
	l, err := secret.Read[list](path)
	return l, err
}
