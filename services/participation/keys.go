package participation

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/secret"
)

// Key is one version of a key. Versions count from 1; the newest makes new pseudonyms, the others stay so that those they
// made can be linked when a card is next used, and found when a person asks to be forgotten.
type Key struct {
	Version int       `json:"version"`
	Secret  []byte    `json:"key,omitempty"`    // base64 in the file; none: retired
	Made    time.Time `json:"made,omitzero"`    // unknown of some first versions
	Retired time.Time `json:"retired,omitzero"` // when the secret was destroyed
}

// keySize is that of the hash: longer keys add nothing (RFC 2104 §3).
const keySize = 32

func newKey(version int, made time.Time) Key {
	bytes := make([]byte, keySize)
	_, _ = rand.Read(bytes) // never fails
	return Key{Version: version, Secret: bytes, Made: made.UTC().Truncate(time.Second)}
}

// Purpose is what a key makes pseudonyms for. Persons cannot be followed from one purpose to another.
type Purpose string

// The purposes. Cards and households share a key; the service itself makes pseudonyms of these only.
const (
	Cards      Purpose = "card"
	Volunteers Purpose = "volunteer"
	Panels     Purpose = "panel"
)

// Owner is whose a key is: an issuer's, for one purpose.
type Owner struct {
	Issuer  string
	Purpose Purpose
}

// name is the owner's place in the file; an issuer's name holds no slash.
func (o Owner) name() string {
	if o.Purpose == Cards {
		return o.Issuer
	}
	return o.Issuer + "/" + string(o.Purpose)
}

func ownerOf(name string) Owner {
	issuer, purpose, other := strings.Cut(name, "/")
	if !other {
		return Owner{issuer, Cards}
	}
	return Owner{issuer, Purpose(purpose)}
}

func (o Owner) check() error {
	if !isIssuer(o.Issuer) {
		return fmt.Errorf("issuer %q must be 1 to 32 letters, digits or hyphens", o.Issuer)
	}
	if !slices.Contains([]Purpose{Cards, Volunteers, Panels}, o.Purpose) {
		return fmt.Errorf("purpose %q must be card, volunteer or panel", o.Purpose)
	}
	return nil
}

// keyring is the content of the keys file: the versions of each owner's key.
type keyring map[string][]Key

// Check tells what is wrong with keys that somebody else wrote.
func (r keyring) Check() error {
	for name, versions := range r {
		if err := ownerOf(name).check(); err != nil {
			return err
		}
		for i, key := range versions {
			switch last := i == len(versions)-1; {
			case key.Version != i+1:
				return fmt.Errorf("key %d of %s must have version %d", i+1, name, i+1)
			case key.Retired.IsZero() && len(key.Secret) < keySize, last && !key.Retired.IsZero():
				return fmt.Errorf("key %d of %s must have at least %d bytes", i+1, name, keySize)
			case i > 0 && key.Made.IsZero():
				return fmt.Errorf("key %d of %s must say when it was made", i+1, name)
			}
		}
	}
	return nil
}

func isIssuer(s string) bool {
	return len(s) > 0 && len(s) <= 32 && strings.Trim(s, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}

// Keys are the keys of the issuers whose cards are used here. What `vointi keys` changes in the file is in force from the
// next request on.
type Keys struct{ file *secret.Watched[keyring] }

// OpenKeys reads the keys of the issuers from a file that only its owner may read. An issuer who has none gets one, and
// the file is on disk before the key is used: a key that was used and then lost would split every person in two.
// Processes that start together with one file agree.
func OpenKeys(path string, issuers []string) (*Keys, error) {
	_, err := secret.Update(path, func(r keyring) (keyring, bool, error) {
		made := false
		for _, issuer := range issuers {
			added, err := r.add(Owner{issuer, Cards}, time.Now())
			if err == nil {
				r, made = added, true
			}
		}
		return r, made, nil
	})
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	file, err := secret.Watch[keyring](path)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return &Keys{file}, nil
}

// Versions returns the owner's keys, the newest last. A file that cannot be read now is as it was.
func (k *Keys) Versions(o Owner) []Key {
	ring, _ := k.file.Content() //nolint:errcheck // Healthy tells
	return ring[o.name()]
}

// Healthy tells what is wrong with the file now; the service goes on with what it read before.
func (k *Keys) Healthy() error {
	_, err := k.file.Content()
	return err
}

// Errors of those who change keys.
var (
	ErrHasKey = errors.New("has a key already; rotate it")
	ErrNoKey  = errors.New("has no key")
)

func (r keyring) add(o Owner, now time.Time) (keyring, error) {
	if len(r[o.name()]) > 0 {
		return r, fmt.Errorf("%s %w", o.name(), ErrHasKey)
	}
	if r == nil {
		r = keyring{}
	}
	r[o.name()] = []Key{newKey(1, now)}
	return r, o.check()
}

// AddKey makes the first key of an owner.
func AddKey(path string, o Owner, now time.Time) error {
	_, err := secret.Update(path, func(r keyring) (keyring, bool, error) {
		r, err := r.add(o, now)
		return r, true, err
	})
	return err
}

// RotateKey makes the owner's next key, and returns it. Services that run use it from their next request on.
func RotateKey(path string, o Owner, now time.Time) (made Key, err error) {
	_, err = secret.Update(path, func(r keyring) (keyring, bool, error) {
		versions := r[o.name()]
		if len(versions) == 0 {
			return r, false, fmt.Errorf("%s %w", o.name(), ErrNoKey)
		}
		made = newKey(len(versions)+1, now)
		r[o.name()] = append(versions, made)
		return r, true, nil
	})
	return made, err
}

// RetireKeys destroys the secrets of keys that are needed no more: those that were superseded more than keep months ago,
// when no visit under them is anybody's any more. With 0 months visits are kept for ever, and so is every key. It returns
// how many it destroyed, and the day from which on the next one may be; zero if there is none.
func RetireKeys(path string, o Owner, keep int, now time.Time) (destroyed int, next time.Time, err error) {
	_, err = secret.Update(path, func(r keyring) (keyring, bool, error) {
		versions := r[o.name()]
		if len(versions) == 0 {
			return r, false, fmt.Errorf("%s %w", o.name(), ErrNoKey)
		}
		for i := range versions[:len(versions)-1] {
			if !versions[i].Retired.IsZero() {
				continue
			}
			// A day more: the aggregator takes visits away once a day.
			due := versions[i+1].Made.AddDate(0, keep, 1)
			if keep == 0 || now.Before(due) {
				next = due
				break
			}
			versions[i].Secret, versions[i].Retired = nil, now.UTC().Truncate(time.Second)
			destroyed++
		}
		return r, destroyed > 0, nil
	})
	return destroyed, next, err
}

// Listed is a key without its secret.
type Listed struct {
	Owner
	Version       int
	Made, Retired time.Time
	Newest        bool
}

// ListKeys lists all keys of a file, by owner and version, without what must stay secret.
func ListKeys(path string) ([]Listed, error) {
	ring, err := secret.Read[keyring](path)
	if err != nil {
		return nil, err
	}
	var all []Listed
	for name, versions := range ring {
		for i, k := range versions {
			all = append(all, Listed{ownerOf(name), k.Version, k.Made, k.Retired, i == len(versions)-1})
		}
	}
	slices.SortFunc(all, func(a, b Listed) int {
		if c := strings.Compare(a.name(), b.name()); c != 0 {
			return c
		}
		return a.Version - b.Version
	})
	return all, nil
}
