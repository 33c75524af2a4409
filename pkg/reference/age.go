package reference

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// AgeSchemes is the elementary age bands and the schemes made of them.
type AgeSchemes struct {
	// Bands are the names of the elementary bands by rising age, and last the band of unknown age.
	Bands   []string
	Unknown AgeGroup // the group that every scheme has for unknown ages
	Schemes []AgeScheme

	cuts []int
}

// AgeScheme is one way to group ages.
type AgeScheme struct {
	ID        string
	Name      Text
	Source    string
	Published bool
	Grades    bool // groups are school grades and have no ages
	Groups    []AgeGroup
}

// AgeGroup is one group of a scheme: ages From … To, both included.
type AgeGroup struct {
	ID       string
	Name     Text
	From, To int   // To is −1 if there is no upper limit; both are −1 for unknown ages and school grades
	Bands    []int // the bands that it consists of, rising; nil if it does not consist of whole bands
}

// Has reports whether the age is in the group.
func (g AgeGroup) Has(age int) bool {
	return g.From >= 0 && age >= g.From && (g.To < 0 || age <= g.To)
}

type ageFile struct {
	Cuts    []int
	Bands   []string
	Unknown struct {
		ID   string
		Name Text
	}
	Schemes []struct {
		ID, Source string
		Name       Text
		Published  bool
		Grades     bool
		Years      int // groups of so many years from 0, generated
		Last       int // first age of the last of them
		Groups     []struct {
			ID    string
			From  int
			To    *int
			Bands []string
			Name  Text
		}
	}
}

// LoadAgeSchemes reads reference/age_schemes.yaml. Its error lists every fault: bands that are not those of the cuts,
// groups that overlap or leave gaps, compositions that are not the ages of their group, a published scheme that does not
// nest in the bands.
func LoadAgeSchemes(fsys fs.FS) (*AgeSchemes, error) {
	const file = "reference/age_schemes.yaml"
	var f ageFile
	if err := read(fsys, file, &f); err != nil {
		return nil, err
	}
	c := &checker{}
	a := &AgeSchemes{Bands: append(slices.Clone(f.Bands), f.Unknown.ID), cuts: f.Cuts}
	a.Unknown = AgeGroup{f.Unknown.ID, f.Unknown.Name, -1, -1, []int{len(f.Bands)}}
	a.checkBands(c, f)
	if err := c.err(file); err != nil {
		return nil, err // compositions mean nothing without bands
	}
	for _, s := range f.Schemes {
		scheme := AgeScheme{ID: s.ID, Name: s.Name, Source: s.Source, Published: s.Published, Grades: s.Grades}
		for _, g := range s.Groups {
			group := AgeGroup{ID: g.ID, Name: g.Name, From: g.From, To: -1}
			if g.To != nil {
				group.To = *g.To
			}
			if s.Grades {
				group.From = -1
			}
			a.compose(c, s.ID, &group, g.Bands)
			scheme.Groups = append(scheme.Groups, group)
		}
		if s.Years > 0 {
			scheme.Groups = a.generate(s.Years, s.Last)
		}
		a.checkScheme(c, scheme, s.Years > 0 && len(s.Groups) > 0)
		a.Schemes = append(a.Schemes, scheme)
	}
	return a, c.err(file)
}

func (a *AgeSchemes) checkBands(c *checker, f ageFile) {
	c.check(len(f.Bands) == len(f.Cuts)+1, "bands", "%d bands for %d cuts", len(f.Bands), len(f.Cuts))
	c.check(slices.IsSorted(f.Cuts) && len(slices.Compact(slices.Clone(f.Cuts))) == len(f.Cuts) && (len(f.Cuts) == 0 || f.Cuts[0] > 0),
		"cuts", "%v do not rise from above 0", f.Cuts)
	for i, name := range f.Bands {
		if i > len(f.Cuts) {
			break
		}
		from, to := a.limits(i)
		c.check(name == groupID(from, to), "bands", "band %d is called %q, its cuts say %q", i, name, groupID(from, to))
	}
	c.check(f.Unknown.ID != "" && !slices.Contains(f.Bands, f.Unknown.ID), "unknown", "id %q is empty or a band", f.Unknown.ID)
	c.name("unknown", f.Unknown.Name)
}

// limits returns the first and last age of a band of known age; the last is −1 for the open band.
func (a *AgeSchemes) limits(band int) (from, to int) {
	to = -1
	if band > 0 {
		from = a.cuts[band-1]
	}
	if band < len(a.cuts) {
		to = a.cuts[band] - 1
	}
	return from, to
}

func groupID(from, to int) string {
	switch to {
	case -1:
		return strconv.Itoa(from) + "+"
	case from:
		return strconv.Itoa(from)
	}
	return fmt.Sprintf("%d-%d", from, to)
}

// compose sets the bands of a group from its ages, and holds them against the names in the file.
func (a *AgeSchemes) compose(c *checker, scheme string, g *AgeGroup, names []string) {
	where := "scheme " + scheme + ", group " + g.ID
	c.name(where, g.Name)
	if g.From >= 0 {
		g.Bands = a.bandsOf(g.From, g.To)
	}
	var want []string
	for _, b := range g.Bands {
		want = append(want, a.Bands[b])
	}
	c.check(slices.Equal(names, want), where, "bands %v, its ages say %v", names, want)
}

// bandsOf returns the bands of an interval of ages, nil if it cuts through one.
func (a *AgeSchemes) bandsOf(from, to int) []int {
	first, last := a.BandOf(from), len(a.cuts)
	if to >= 0 {
		last = a.BandOf(to)
	}
	start, _ := a.limits(first)
	_, end := a.limits(last)
	if start != from || end != to {
		return nil
	}
	var bands []int
	for b := first; b <= last; b++ {
		bands = append(bands, b)
	}
	return bands
}

// generate returns groups of so many years from 0, the last of them open.
func (a *AgeSchemes) generate(years, last int) []AgeGroup {
	var groups []AgeGroup
	for from := 0; from <= last; from += years {
		to := from + years - 1
		if from+years > last {
			to = -1
		}
		id := groupID(from, to)
		label := strings.ReplaceAll(id, "-", "–")
		groups = append(groups, AgeGroup{id, Text{"fi": label, "sv": label, "en": label}, from, to, a.bandsOf(from, to)})
	}
	return groups
}

func (a *AgeSchemes) checkScheme(c *checker, s AgeScheme, both bool) {
	where := "scheme " + s.ID
	c.name(where, s.Name)
	c.check(s.ID != "" && !slices.ContainsFunc(a.Schemes, func(t AgeScheme) bool { return t.ID == s.ID }), where, "the id is empty or stands twice")
	c.check(len(s.Groups) > 0 && !both, where, "needs groups or years, and not both")
	c.check(!s.Published || !s.Grades, where, "school grades cannot be published as ages")
	next := -1
	for _, g := range s.Groups {
		at := where + ", group " + g.ID
		c.check(g.ID != "" && g.ID != a.Unknown.ID && g.ID != "all", at, "the id is empty or reserved")
		if s.Grades {
			continue
		}
		c.check(g.ID == groupID(g.From, g.To), at, "its ages are %s", groupID(g.From, g.To))
		c.check(next < 0 || g.From == next, at, "begins at %d, want %d", g.From, next)
		c.check(!s.Published || g.Bands != nil, at, "does not consist of bands, as a published group must")
		c.check(g.To < 0 || g.To >= g.From, at, "ends before it begins")
		next = g.To + 1
		if g.To < 0 {
			next = 1 << 30
		}
	}
	c.check(s.Grades || next == 1<<30, where, "the last group has an upper limit")
}

// BandOf returns the index of the elementary band of an age in years; a negative age is unknown.
func (a *AgeSchemes) BandOf(age int) int {
	if age < 0 {
		return a.UnknownBand()
	}
	band, found := slices.BinarySearch(a.cuts, age)
	if found {
		band++
	}
	return band
}

// UnknownBand returns the index of the band of unknown age, the last one.
func (a *AgeSchemes) UnknownBand() int { return len(a.Bands) - 1 }

// Scheme returns the scheme of that id, or nil.
func (a *AgeSchemes) Scheme(id string) *AgeScheme {
	for i := range a.Schemes {
		if a.Schemes[i].ID == id {
			return &a.Schemes[i]
		}
	}
	return nil
}

// Published returns the published schemes, the most important first.
func (a *AgeSchemes) Published() []AgeScheme {
	var published []AgeScheme
	for _, s := range a.Schemes {
		if s.Published {
			published = append(published, s)
		}
	}
	return published
}

// Composition returns the bands of each group of a scheme and, last, of the group of unknown ages: what package disclosure
// calls a scheme.
func (a *AgeSchemes) Composition(s AgeScheme) [][]int {
	var groups [][]int
	for _, g := range s.Groups {
		groups = append(groups, g.Bands)
	}
	return append(groups, a.Unknown.Bands)
}

// GroupOf returns the index of the group that an age is in, −1 if the scheme does not cover it.
func (s AgeScheme) GroupOf(age int) int {
	return slices.IndexFunc(s.Groups, func(g AgeGroup) bool { return g.Has(age) })
}
