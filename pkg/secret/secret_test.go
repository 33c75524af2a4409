package secret_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vointi.fi/pkg/secret"
)

type words []string

func (w words) Check() error {
	for _, word := range w {
		if word == "" {
			return errors.New("a word is empty")
		}
	}
	return nil
}

func add(word string) func(words) (words, bool, error) {
	return func(w words) (words, bool, error) { return append(w, word), true, nil }
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, []byte(text), mode), os.Chmod(path, mode)); err != nil { // whatever the umask
		t.Fatal(err)
	}
}

func TestWritersTakeTurns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "words.json")
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := secret.Update(path, add("w")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := secret.Read[words](path)
	if err != nil || len(got) != 16 {
		t.Errorf("%d words: %v", len(got), err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".secret-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestWhatIsNotToBeWrittenIsNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "words.json")
	wrong := errors.New("wrong")
	for name, change := range map[string]func(words) (words, bool, error){
		"nothing new": func(w words) (words, bool, error) { return w, false, nil },
		"an error":    func(w words) (words, bool, error) { return append(w, "x"), true, wrong },
		"bad content": add(""),
	} {
		_, err := secret.Update(path, change)
		if (err == nil) != (name == "nothing new") || name == "an error" && !errors.Is(err, wrong) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s: written", name)
		}
	}
}

func TestFilesThatCannotBeTrusted(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"readable by others": {`["word"]`, 0o604}, "readable by the group": {`["word"]`, 0o640}, "cut off": {`["word`, 0o600},
		"empty": {"", 0o600}, "more than one": {`["word"] []`, 0o600}, "refused by its check": {`["word",""]`, 0o600}, "something else": {`{"word":1}`, 0o600},
	} {
		path := filepath.Join(t.TempDir(), "words.json")
		write(t, path, test.text, test.mode)
		_, err := secret.Update(path, add("more"))
		if err == nil {
			t.Errorf("%s: taken", name)
		} else if strings.Contains(err.Error(), `"word`) {
			t.Errorf("%s: the error tells the content: %v", name, err)
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != test.text {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

// hashes are words that a group may read.
type hashes []string

func (hashes) Check() error { return nil }
func (hashes) OnlyHashes()  {}

func TestAGroupMayReadHashes(t *testing.T) {
	for mode, readable := range map[os.FileMode]bool{0o600: true, 0o440: true, 0o444: false, 0o660: false} {
		path := filepath.Join(t.TempDir(), "hashes.json")
		write(t, path, `["hash"]`, mode)
		if _, err := secret.Read[hashes](path); (err == nil) != readable {
			t.Errorf("%o: %v", mode, err)
		}
	}
}

func TestWatched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "words.json")
	w, err := secret.Watch[words](path)
	if err != nil {
		t.Fatal(err)
	}
	want := func(when, all string) {
		t.Helper()
		got, err := w.Content()
		if strings.Join(got, " ") != all || err != nil {
			t.Errorf("%s: %v %v", when, got, err)
		}
	}
	want("no file", "")
	for i, word := range []string{"a", "b", "c"} {
		if _, err := secret.Update(path, add(word)); err != nil {
			t.Fatal(err)
		}
		want("after a change", "a b c"[:2*i+1])
		want("again", "a b c"[:2*i+1])
	}
	write(t, path, "[", 0o600)
	if got, err := w.Content(); err == nil || len(got) != 3 {
		t.Errorf("a broken file: %v %v", got, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	want("no file any more", "")
}
