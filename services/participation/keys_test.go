package participation_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vointi.fi/services/participation"
)

// T29 of the domain: RFC 4231 test case 2, and a pseudonym is its first 16 bytes.
func TestPseudonymVector(t *testing.T) {
	got := participation.Pseudonym([]byte("Jefe"), "what do ya want for nothing?")
	if want := "5bdcc146bf60754e6a042426089575c7"; got != want {
		t.Errorf("pseudonym is %s, want %s", got, want)
	}
	// Test case 1: a key of 20 bytes 0x0b.
	if got := participation.Pseudonym(bytes.Repeat([]byte{0x0b}, 20), "Hi There"); got != "b0344c61d8db38535ca8afceaf0bf12b" {
		t.Errorf("pseudonym is %s", got)
	}
}

func open(t *testing.T, path string, issuers ...string) *participation.Keys {
	t.Helper()
	keys, err := participation.OpenKeys(path, issuers)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func secret(t *testing.T, keys *participation.Keys, issuer string) string {
	t.Helper()
	return hex.EncodeToString(newest(t, keys, issuer).Secret)
}

func newest(t *testing.T, keys *participation.Keys, issuer string) participation.Key {
	t.Helper()
	versions := keys.Versions(cards(issuer))
	if len(versions) == 0 {
		t.Fatalf("%s has no key", issuer)
	}
	return versions[len(versions)-1]
}

func cards(issuer string) participation.Owner {
	return participation.Owner{Issuer: issuer, Purpose: participation.Cards}
}

func TestKeysAreMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "keys.json")
	first := open(t, path, "KU305")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode is %v: %v", info.Mode(), err)
	}
	if len(secret(t, first, "KU305")) != 64 {
		t.Error("the key is not of 32 bytes")
	}
	second := open(t, path, "KU208", "KU305")
	if secret(t, first, "KU305") != secret(t, second, "KU305") {
		t.Error("the key changed when another issuer came")
	}
	if secret(t, second, "KU305") == secret(t, second, "KU208") {
		t.Error("two issuers share a key")
	}
	third := open(t, path, "KU305")
	if secret(t, third, "KU208") != secret(t, second, "KU208") {
		t.Error("the key of an issuer who is not served now was lost")
	}
	if len(third.Versions(cards("KU999"))) > 0 {
		t.Error("an issuer who is not served has a key")
	}
}

func TestTheNewestVersionIsUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	old, recent := strings.Repeat("A", 43)+"=", strings.Repeat("B", 42)+"A="
	write(t, path, `{"KU305":[{"version":1,"key":"`+old+`"},{"version":2,"key":"`+recent+`","made":"2026-11-01T12:00:00Z"}]}`, 0o600)
	if key := newest(t, open(t, path, "KU305"), "KU305"); key.Version != 2 {
		t.Errorf("version %d is used", key.Version)
	}
}

func TestKeysThatCannotBeTrusted(t *testing.T) {
	key := strings.Repeat("A", 43) + "="
	for name, test := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"readable by others": {text: "{}", mode: 0o644},
		"readable by group":  {text: "{}", mode: 0o640},
		"not JSON":           {text: "{", mode: 0o600},
		"empty":              {text: "", mode: 0o600},
		"short key":          {text: `{"KU305":[{"version":1,"key":"AAAA"}]}`, mode: 0o600},
		"unknown purpose":    {text: `{"KU305/x":[{"version":1,"key":"` + key + `"}]}`, mode: 0o600},
		"no date":            {text: `{"KU305":[{"version":1,"key":"` + key + `"},{"version":2,"key":"` + key + `"}]}`, mode: 0o600},
		"the newest retired": {text: `{"KU305":[{"version":1,"retired":"2026-11-01T12:00:00Z"}]}`, mode: 0o600},
		"wrong version":      {text: `{"KU305":[{"version":2,"key":"` + key + `"}]}`, mode: 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys.json")
			write(t, path, test.text, test.mode)
			if _, err := participation.OpenKeys(path, []string{"KU305"}); err == nil {
				t.Error("opened")
			} else if strings.Contains(err.Error(), "AAAA") {
				t.Errorf("the error tells the key: %v", err)
			}
			if now, err := os.ReadFile(path); err != nil || string(now) != test.text {
				t.Error("the file was changed")
			}
		})
	}
}

func TestProcessesThatStartTogetherAgree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	secrets := make([]string, 8)
	var starts sync.WaitGroup
	for i := range secrets {
		starts.Go(func() {
			keys, err := participation.OpenKeys(path, []string{"KU305", "KU208"})
			if err == nil {
				secrets[i] = string(newest(t, keys, "KU208").Secret)
			}
		})
	}
	starts.Wait()
	for _, s := range secrets {
		if s == "" || s != secrets[0] {
			t.Fatal("two processes use different keys")
		}
	}
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
