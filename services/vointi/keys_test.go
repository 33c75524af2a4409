package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestKeys is a life of keys, as their keeper sees it.
func TestKeys(t *testing.T) {
	data := t.TempDir()
	keys := func(args ...string) result {
		return vointi(t, nil, append([]string{"keys"}, append(args, "--data", data)...)...)
	}
	wantCode(t, keys("list"), exitFailed, "no keys in "+data)
	wantCode(t, keys("rotate", "KU305"), exitFailed, "KU305 has no key", "vointi keys list")
	wantCode(t, keys("add", "KU305"), exitDone, "back "+filepath.Join(data, "participation-keys.json")+" up")
	wantCode(t, keys("add", "KU305"), exitFailed, "rotate it")
	wantCode(t, keys("add", "Kuusamon kaupunki"), exitFailed, "letters, digits or hyphens")
	wantCode(t, keys("add", "KU305", "--purpose", "volunteer"), exitDone)
	wantCode(t, keys("rotate", "KU305", "--purpose", "volunteer"), exitFailed, "somebody new", "--unlinked")
	wantCode(t, keys("rotate", "KU305", "--purpose", "volunteer", "--unlinked"), exitDone, "version 2 of KU305's key for purpose volunteer")
	wantCode(t, keys("add", "KU305", "--purpose", "all"), exitUsage, `"card","volunteer","panel"`)
	wantCode(t, keys("retire", "KU305"), exitFailed, "no old key")
	wantCode(t, keys("rotate", "KU305"), exitDone, "version 2 of KU305's key for purpose card")
	wantCode(t, keys("retire", "KU305"), exitFailed, "before 2029-01-23") // 26 months and a day
	wantCode(t, keys("retire", "KU305", "--aggregator-retention", "0"), exitFailed, "kept for good")
	list := keys("list")
	wantCode(t, list, exitDone, "KU305   card       1        2026-11-22  kept for links", "KU305   card       2        2026-11-22  in use", "volunteer  1")

	file, err := os.ReadFile(filepath.Join(data, "participation-keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range regexp.MustCompile(`"key": "([^"]+)"`).FindAllStringSubmatch(string(file), -1) {
		if strings.Contains(list.out+list.err, secret[1]) {
			t.Error("a secret is shown")
		}
	}
	named := vointiReading(t, "0123 4567-89ab\n\n0123456789AB\n", nil, "keys", "pseudonym", "KU305", "--data", data)
	wantCode(t, named, exitDone)
	if lines := strings.Split(named.out, "\n"); len(lines) != 3 || lines[0] != lines[1] || len(lines[0]) != 65 {
		t.Errorf("%q", named.out)
	}
	wantCode(t, vointiReading(t, "ABCD1234\n131052-308T\n", nil, "keys", "pseudonym", "KU305", "--data", data), exitFailed, "line 2", "personal identity code")
	wantCode(t, vointiReading(t, "ABCD1234\n", nil, "keys", "pseudonym", "KU208", "--data", data), exitFailed, "KU208 has no key")
	wantCode(t, vointi(t, nil, "keys", "--help"), exitDone, "back it up", "newly active", "volunteer and panel")
}
