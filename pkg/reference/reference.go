// Package reference reads the reference data that ships with the code: age schemes, the standard population, a seed of
// areas, and which areas are held beside each other (schemas/reference). Every file is checked when it is read, and all its faults are reported at once.
package reference

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// ErrReference is wrapped by the error for a reference file with faults.
var ErrReference = errors.New("reference: invalid file")

// Fault is one thing that is wrong with a reference file.
type Fault struct {
	Where  string // what of the file, such as "scheme eviva3, group 0-17"
	Reason string
}

// InvalidError lists all faults of a file. It wraps [ErrReference].
type InvalidError struct {
	File   string
	Faults []Fault
}

func (e *InvalidError) Error() string {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s:", e.File)
	for i, f := range e.Faults {
		if i > 0 {
			text.WriteString(";")
		}
		fmt.Fprintf(&text, " %s: %s", f.Where, f.Reason)
	}
	return text.String()
}

// Unwrap returns [ErrReference].
func (e *InvalidError) Unwrap() error { return ErrReference }

// Text is a text by language: fi, sv, en.
type Text map[string]string

// languages are the languages that every name must have.
var languages = []string{"fi", "sv", "en"}

// checker collects faults.
type checker struct{ faults []Fault }

func (c *checker) check(ok bool, where, format string, args ...any) {
	if !ok {
		c.faults = append(c.faults, Fault{where, fmt.Sprintf(format, args...)})
	}
}

func (c *checker) name(where string, name Text) {
	for _, l := range languages {
		c.check(name[l] != "", where, "no name in %s", l)
	}
	c.check(len(name) <= len(languages), where, "a name in another language than fi, sv, en")
}

func (c *checker) err(file string) error {
	if len(c.faults) == 0 {
		return nil
	}
	return &InvalidError{file, c.faults}
}

// read decodes one YAML document and refuses unknown keys.
func read(fsys fs.FS, file string, into any) error {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("read reference: %w", err)
	}
	return readText(file, text, into)
}

func readText(file string, text []byte, into any) error {
	switch err := Strict(text, into); {
	case errors.Is(err, io.EOF):
		return &InvalidError{file, []Fault{{"file", "it is empty"}}}
	case err != nil:
		return &InvalidError{file, []Fault{{"file", err.Error()}}}
	}
	return nil
}
