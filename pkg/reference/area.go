package reference

import (
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// Area is an area and where it belongs, as the seed describes it.
type Area struct {
	ID    string
	Level string
	Code  string
	Name  Text
	// Source of the code: known (the national classification, from general knowledge) or invented.
	Source    string
	Parents   []Parent
	Successor string // the area that it was merged into
	Validity  `yaml:",inline"`
}

// Parent places an area in one hierarchy, perhaps for a time only.
type Parent struct {
	Hierarchy string
	Area      string
	Validity  `yaml:",inline"`
}

// Validity is a half-open interval of days, midnight UTC: ValidTo is the first day on which it is over. A zero time is no
// limit.
type Validity struct {
	ValidFrom time.Time `yaml:"valid_from"`
	ValidTo   time.Time `yaml:"valid_to"`
}

// At reports whether the day lies in the interval.
func (v Validity) At(day time.Time) bool {
	return !day.Before(v.ValidFrom) && (v.ValidTo.IsZero() || day.Before(v.ValidTo))
}

// overlaps reports whether two intervals have a day in common.
func (v Validity) overlaps(w Validity) bool {
	return (v.ValidTo.IsZero() || w.ValidFrom.Before(v.ValidTo)) && (w.ValidTo.IsZero() || v.ValidFrom.Before(w.ValidTo))
}

// ParentsAt returns the parents that the area has on a day.
func (a Area) ParentsAt(day time.Time) []Parent {
	var parents []Parent
	for _, p := range a.Parents {
		if p.At(day) {
			parents = append(parents, p)
		}
	}
	return parents
}

// Areas is the seed of areas; every parent precedes its parts.
type Areas []Area

// levels are the levels of areas, the largest first, each with the hierarchies that it can have a parent in.
var levels = []struct {
	level       string
	hierarchies []string
}{
	{"country", nil},
	{"region", []string{"country"}},
	{"county", []string{"country"}},
	{"municipality", []string{"region", "county"}},
	{"service_area", []string{"municipality"}},
}

// LoadAreas reads reference/areas.yaml. Its error lists every fault: an id that stands twice, an unknown level, a parent
// that is not there yet or not of the level that the hierarchy names, two parents of one hierarchy at one time, a missing
// name.
func LoadAreas(fsys fs.FS) (Areas, error) {
	const file = "reference/areas.yaml"
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("read reference: %w", err)
	}
	return ReadAreas(file, text)
}

// ReadAreas reads a file as [LoadAreas] does.
func ReadAreas(file string, text []byte) (Areas, error) {
	var f struct{ Areas Areas }
	if err := readText(file, text, &f); err != nil {
		return nil, err
	}
	c := &checker{}
	c.check(len(f.Areas) > 0, "areas", "there are none")
	for i, a := range f.Areas {
		checkArea(c, a, f.Areas[:i])
	}
	for _, a := range f.Areas {
		c.check(a.Successor == "" || f.Areas.Find(a.Successor) != nil && !a.ValidTo.IsZero(), "area "+a.ID,
			"successor %q is unknown, or valid_to is missing", a.Successor)
	}
	return f.Areas, c.err(file)
}

func checkArea(c *checker, a Area, before Areas) {
	where := "area " + a.ID
	c.name(where, a.Name)
	c.check(a.ID != "" && before.Find(a.ID) == nil, where, "the id is empty or stands twice")
	c.check(a.Code != "", where, "no code")
	c.check(a.Source == "known" || a.Source == "invented", where, "source %q is neither known nor invented", a.Source)
	c.check(a.ValidTo.IsZero() || a.ValidFrom.Before(a.ValidTo), where, "valid_to is not after valid_from")
	var allowed []string
	known := false
	for _, l := range levels {
		if l.level == a.Level {
			allowed, known = l.hierarchies, true
		}
	}
	c.check(known, where, "level %q is unknown", a.Level)
	for i, p := range a.Parents {
		parent := before.Find(p.Area)
		c.check(parent != nil, where, "parent %s does not stand before it", p.Area)
		c.check(slices.Contains(allowed, p.Hierarchy), where, "a %s has no parent in the hierarchy %q", a.Level, p.Hierarchy)
		c.check(parent == nil || parent.Level == p.Hierarchy, where, "parent %s is not a %s", p.Area, p.Hierarchy)
		for _, q := range a.Parents[:i] {
			c.check(q.Hierarchy != p.Hierarchy || !q.overlaps(p.Validity), where, "two parents at a time in the hierarchy %s", p.Hierarchy)
		}
	}
	c.check(len(allowed) == 0 || len(a.Parents) > 0, where, "no parent")
}

// Find returns the area of that id, or nil.
func (as Areas) Find(id string) *Area {
	for i := range as {
		if as[i].ID == id {
			return &as[i]
		}
	}
	return nil
}

// At returns the areas that exist on a day.
func (as Areas) At(day time.Time) Areas {
	var there Areas
	for _, a := range as {
		if a.At(day) {
			there = append(there, a)
		}
	}
	return there
}
