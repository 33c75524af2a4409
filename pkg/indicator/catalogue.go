package indicator

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"vointi.fi/pkg/reference"
)

// Catalogue is all entries, ordered by number.
type Catalogue []*Entry

// Load reads every *.yaml in dir and checks it. The error joins all faults, each a [document.Fault] with its place.
func Load(fsys fs.FS, dir string) (Catalogue, error) {
	files, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list catalogue %s: %w", dir, err)
	}
	var drafts []*draft
	for _, f := range files {
		text, err := fs.ReadFile(fsys, f)
		if err != nil {
			return nil, fmt.Errorf("read indicator: %w", err)
		}
		drafts = append(drafts, read(f, text))
	}
	return assemble(drafts)
}

// File is a file of the catalogue that somebody writes.
type File struct {
	Name string
	Text []byte
}

// With returns the catalogue with the entries of files added, or put in the place of those with their ids. The error joins
// all faults of the files.
func (c Catalogue) With(files ...File) (Catalogue, error) {
	var drafts []*draft
	written := map[string]bool{}
	for _, f := range files {
		d := read(f.Name, f.Text)
		drafts = append(drafts, d)
		written[d.entry.ID] = true
	}
	for _, e := range c {
		if !written[e.ID] {
			again := *e
			drafts = append([]*draft{{entry: &again}}, drafts...)
		}
	}
	return assemble(drafts)
}

// assemble links entries to each other.
func assemble(drafts []*draft) (Catalogue, error) {
	var c Catalogue
	for _, d := range drafts {
		c = append(c, d.entry)
	}
	var faults []error
	for i, d := range drafts {
		e := d.entry
		for _, before := range c[:i] {
			d.Check(e.ID == "" || before.ID != e.ID, d.At("id"), "indicator %s stands twice", e.ID)
			d.Check(e.Number == 0 || before.Number != e.Number, d.At("number"), "number %d is that of %s too", e.Number, before.ID)
		}
		if e.Input != "" {
			e.input = c.Find(e.Input)
			d.Check(e.input != nil, d.At("input"), "there is no indicator %q%s", e.Input, reference.Meant(e.Input, c.ids()))
			d.Check(e.input == nil || e.input.Input == "", d.At("input"), "%s has an input itself", e.Input)
		}
		faults = append(faults, d.Faults()...)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	for _, e := range c {
		e.Periods = nil
		if e.Fed() {
			e.Periods = e.AllPeriods
		}
	}
	slices.SortFunc(c, func(a, b *Entry) int { return cmp.Compare(a.Number, b.Number) })
	return c, nil
}

// Find returns the entry of that id, or nil.
func (c Catalogue) Find(id string) *Entry {
	i := slices.IndexFunc(c, func(e *Entry) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return c[i]
}

// Near says which ids are close to one that does not exist, as the end of a sentence.
func (c Catalogue) Near(id string) string { return reference.Meant(id, c.ids()) }

func (c Catalogue) ids() []string {
	ids := make([]string, len(c))
	for i, e := range c {
		ids[i] = e.ID
	}
	return ids
}

// Need says at which period types and along which dimensions a measure must be kept.
type Need struct {
	Periods    map[PeriodType]bool
	Dimensions map[string]bool
}

// Needs returns what the aggregator must keep so that every fed entry can be evaluated and protected.
func (c Catalogue) Needs() map[Measure]Need {
	needs := map[Measure]Need{}
	for _, e := range c {
		if !e.Fed() {
			continue
		}
		for _, m := range e.Stored() {
			if m.base() == Population {
				continue
			}
			n, ok := needs[m]
			if !ok {
				n = Need{Periods: map[PeriodType]bool{}, Dimensions: map[string]bool{}}
				needs[m] = n
			}
			for _, p := range e.AllPeriods {
				n.Periods[p] = true
			}
			for _, d := range e.Dimensions() {
				n.Dimensions[d] = true
			}
		}
	}
	return needs
}
