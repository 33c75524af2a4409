package participation

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Key is one version of an issuer's key. Versions count from 1; the newest makes new pseudonyms, the others stay so
// that those they made can be linked when a card is next used.
type Key struct {
	Version int    `json:"version"`
	Secret  []byte `json:"key"` // base64 in the file
}

// keySize is that of the hash: longer keys add nothing (RFC 2104 §3).
const keySize = 32

// Keys are the keys of the issuers whose cards are used here.
type Keys struct {
	issuers map[string][]Key
}

// Newest returns the issuer's newest key.
func (k *Keys) Newest(issuer string) (Key, bool) {
	versions := k.issuers[issuer]
	if len(versions) == 0 {
		return Key{}, false
	}
	return versions[len(versions)-1], true
}

// OpenKeys reads the keys of the issuers from a file that only its owner may read. An issuer who has none gets one, and
// the file is on disk before the key is used: a key that was used and then lost would split every person in two.
// Processes that start together with one file agree.
func OpenKeys(path string, issuers []string) (*Keys, error) {
	unlock, err := lock(path)
	if err != nil {
		return nil, fmt.Errorf("keys file %s: %w", path, err)
	}
	defer unlock()
	keys, err := readKeys(path)
	if err == nil && keys.complete(issuers) {
		err = keys.write(path)
	}
	if err != nil {
		return nil, fmt.Errorf("keys file %s: %w", path, err)
	}
	return keys, nil
}

// lock lets one process at a time open the keys at path.
func lock(path string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// complete makes a key for every issuer who has none, and says whether there were such.
func (k *Keys) complete(issuers []string) (changed bool) {
	for _, issuer := range issuers {
		if len(k.issuers[issuer]) == 0 {
			secret := make([]byte, keySize)
			_, _ = rand.Read(secret) // never fails
			k.issuers[issuer] = []Key{{Version: 1, Secret: secret}}
			changed = true
		}
	}
	return changed
}

func readKeys(path string) (*Keys, error) {
	keys := &Keys{issuers: map[string][]Key{}}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return keys, nil
	case err != nil:
		return nil, err
	case info.Mode().Perm()&0o077 != 0:
		return nil, errors.New("others than its owner may read it; chmod 600, and think about who has read it")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &keys.issuers); err != nil {
		return nil, errors.New("is not the JSON that was written there; restore it from the backup")
	}
	return keys, keys.check()
}

// check tells what is wrong with keys that somebody else wrote.
func (k *Keys) check() error {
	for issuer, versions := range k.issuers {
		for i, key := range versions {
			if key.Version != i+1 || len(key.Secret) < keySize {
				return fmt.Errorf("key %d of %s must have version %d and at least %d bytes", i+1, issuer, i+1, keySize)
			}
		}
	}
	return nil
}

// write replaces the file as a whole.
func (k *Keys) write(path string) error {
	data, err := json.MarshalIndent(k.issuers, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // gone if the rename succeeded
	_, err = file.Write(append(data, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename in the directory last through a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func isIssuer(s string) bool {
	return len(s) > 0 && len(s) <= 32 && strings.Trim(s, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}
