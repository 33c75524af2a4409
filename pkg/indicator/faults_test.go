package indicator_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"vointi.fi/pkg/document"
	"vointi.fi/pkg/indicator"
)

// TestBadEntries: each file of testdata/bad says at its head what is wrong with it and where, all of it, and whether the
// JSON Schema can tell that the file is bad.
func TestBadEntries(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatal(len(files), err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			_, err = catalogue(t).With(indicator.File{Name: f, Text: text})
			if err == nil {
				t.Fatal("no fault found")
			}
			found := err.Error()
			wanted := 0
			for line := range strings.Lines(string(text)) {
				want, ok := strings.CutPrefix(strings.TrimSpace(line), "# fault ")
				if !ok {
					continue
				}
				wanted++
				place, reason, _ := strings.Cut(want, " ")
				if !hasLine(found, fmt.Sprintf("%s:%s: ", f, place), reason) {
					t.Errorf("not at %s: %s\nbut\n%s", place, reason, found)
				}
			}
			if n := len(strings.Split(found, "\n")); wanted == 0 || n > wanted+2 {
				t.Errorf("%d faults for %d:\n%s", n, wanted, found)
			}
			var fault *document.Fault
			if !errors.As(err, &fault) || fault.File != f || fault.Line == 0 || fault.Column == 0 {
				t.Errorf("the fault has no place: %v", err)
			}
			if refused := againstSchema(t, text) != nil; refused != strings.Contains(string(text), "# schema refuses") {
				t.Errorf("refused by the schema: %v", refused)
			}
		})
	}
}

func hasLine(text, prefix, part string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) && strings.Contains(line, part) {
			return true
		}
	}
	return false
}

// TestFaultsOfSeveralFiles come together.
func TestFaultsOfSeveralFiles(t *testing.T) {
	_, err := indicator.Load(fstest.MapFS{
		"x/a.yaml": {Data: []byte("id: b\n")}, "x/b.yaml": {}, "x/c.yaml": {Data: []byte("- id: c\n")},
		"x/d.yaml": {Data: []byte("id: d\n---\nid: e\n")}, "x/e.yaml": {Data: []byte("id: [\n")}, "x/f.yaml": {Data: []byte("id: {}\nname: x\ngoals: {}\nheadline: 1\n")},
	}, "x")
	if err == nil {
		t.Fatal("no fault found")
	}
	for _, want := range []string{
		`x/a.yaml:1:5: id is "b"`, "x/b.yaml:1:1: the file is empty", "x/c.yaml:1:1: must be a mapping", "x/d.yaml:2:1: the file holds more than one",
		"x/e.yaml:", "x/f.yaml:1:5: must be text", "x/f.yaml:2:7: must be a mapping", "x/f.yaml:3:8: must be a list", "x/f.yaml:4:11: must be true or false",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the faults do not name %q:\n%v", want, err)
		}
	}
}

// TestWith: a file takes the place of the entry with its id, and the others stay as they are.
func TestWith(t *testing.T) {
	c := catalogue(t)
	text, err := os.ReadFile("../../schemas/indicators/participation-reach.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "decimals: 1", "decimals: 3", 1)
	with, err := c.With(indicator.File{Name: "elsewhere/participation-reach.yaml", Text: []byte(changed)})
	if err != nil || len(with) != len(c) || with.Find("participation-reach").Decimals != 3 || c.Find("participation-reach").Decimals != 1 {
		t.Errorf("%d of %d entries: %v", len(with), len(c), err)
	}
	if near := c.Near("participation-raech"); !strings.Contains(near, "participation-reach?") {
		t.Errorf("near: %q", near)
	}
	if near := c.Near("something quite different"); near != "" {
		t.Errorf("near: %q", near)
	}
}

// FuzzRead: whatever a file holds, it is read without a panic, and every fault has a place.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("../../schemas/indicators/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	bad, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range append(files[:5], bad...) {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := indicator.Catalogue(nil).With(indicator.File{Name: "x.yaml", Text: text})
		var fault *document.Fault
		if err != nil && (!errors.As(err, &fault) || fault.Line == 0 || fault.Column == 0) {
			t.Error(err)
		}
	})
}
