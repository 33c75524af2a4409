package reference

import (
	"io/fs"
	"slices"
)

// Peers say which areas are held beside each other: groups of similar municipalities, and orders of deprivation. The zero
// value knows none.
type Peers struct {
	Groups []SimilarGroup
	Scales []Scale
}

// SimilarGroup is a group of similar municipalities.
type SimilarGroup struct {
	ID     string
	Name   Text
	Source string // where the grouping is from; invented if it is made up
	Areas  []string
}

// Scale ranks areas of one level.
type Scale struct {
	Level  string
	Source string
	Order  []string // the most deprived first
}

// Similar returns the other members of the area's group, sorted; none if it is in no group.
func (p *Peers) Similar(area string) []string {
	for _, g := range p.Groups {
		if slices.Contains(g.Areas, area) {
			others := slices.DeleteFunc(slices.Clone(g.Areas), func(a string) bool { return a == area })
			slices.Sort(others)
			return others
		}
	}
	return nil
}

// Scale returns the scale of a level, or nil.
func (p *Peers) Scale(level string) *Scale {
	for i := range p.Scales {
		if p.Scales[i].Level == level {
			return &p.Scales[i]
		}
	}
	return nil
}

// Rank returns the area's place on the scale, 0 the most deprived; −1 if it has none.
func (s *Scale) Rank(area string) int { return slices.Index(s.Order, area) }

// LoadPeers reads reference/similar.yaml and reference/deprivation.yaml. Its error lists every fault of a file: an area
// that is unknown (and which one may have been meant), of another level, or named twice; a missing name or source.
func LoadPeers(fsys fs.FS) (*Peers, error) {
	areas, err := LoadAreas(fsys)
	if err != nil {
		return nil, err
	}
	groups, err := loadSimilar(fsys, areas)
	if err != nil {
		return nil, err
	}
	scales, err := loadScales(fsys, areas)
	if err != nil {
		return nil, err
	}
	return &Peers{groups, scales}, nil
}

func loadSimilar(fsys fs.FS, areas Areas) ([]SimilarGroup, error) {
	const file = "reference/similar.yaml"
	var f struct{ Groups []SimilarGroup }
	if err := read(fsys, file, &f); err != nil {
		return nil, err
	}
	c := &checker{}
	ids, members := map[string]bool{}, map[string]bool{}
	for _, g := range f.Groups {
		where := "group " + g.ID
		c.check(g.ID != "" && !ids[g.ID], where, "the id is empty or stands twice")
		ids[g.ID] = true
		c.name(where, g.Name)
		c.check(g.Source != "", where, "no source")
		c.check(len(g.Areas) >= 2, where, "fewer than two areas are similar to nothing")
		c.members(where, g.Areas, "municipality", areas, members)
	}
	return f.Groups, c.err(file)
}

func loadScales(fsys fs.FS, areas Areas) ([]Scale, error) {
	const file = "reference/deprivation.yaml"
	var f struct{ Scales []Scale }
	if err := read(fsys, file, &f); err != nil {
		return nil, err
	}
	c := &checker{}
	levels := map[string]bool{}
	for _, s := range f.Scales {
		where := "scale " + s.Level
		c.check(!levels[s.Level], where, "the level stands twice")
		levels[s.Level] = true
		c.check(s.Level == "municipality" || s.Level == "service_area", where, "level %q is neither municipality nor service_area", s.Level)
		c.check(s.Source != "", where, "no source")
		c.members(where, s.Order, s.Level, areas, map[string]bool{})
	}
	return f.Scales, c.err(file)
}

// members checks that areas are known, of the level, and not among those seen before, to which it adds them.
func (c *checker) members(where string, ids []string, level string, areas Areas, seen map[string]bool) {
	known := make([]string, len(areas))
	for i, a := range areas {
		known[i] = a.ID
	}
	for _, id := range ids {
		a := areas.Find(id)
		c.check(a != nil, where, "area %s is unknown%s", id, Meant(id, known))
		c.check(a == nil || a.Level == level, where, "area %s is not a %s", id, level)
		c.check(!seen[id], where, "area %s stands twice", id)
		seen[id] = true
	}
}
