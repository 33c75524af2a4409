package reference

import (
	"io/fs"
	"slices"
)

// Standard is a standard population.
type Standard struct {
	ID    string
	Name  Text
	Total int // Σ weights
	Bands []StandardBand
}

// StandardBand is an age band with its weight.
type StandardBand struct {
	ID     string
	Weight int
}

// LoadStandard reads the European Standard Population 2013, reference/esp2013.yaml. Its bands are the groups of the age
// scheme of the same id, in the same order.
func LoadStandard(fsys fs.FS, schemes *AgeSchemes) (*Standard, error) {
	const file = "reference/esp2013.yaml"
	s := &Standard{}
	if err := read(fsys, file, s); err != nil {
		return nil, err
	}
	c := &checker{}
	c.name("standard "+s.ID, s.Name)
	var ids, want []string
	sum := 0
	for _, b := range s.Bands {
		ids = append(ids, b.ID)
		sum += b.Weight
		c.check(b.Weight > 0, "band "+b.ID, "weight %d", b.Weight)
	}
	if scheme := schemes.Scheme(s.ID); scheme != nil {
		for _, g := range scheme.Groups {
			want = append(want, g.ID)
		}
	}
	c.check(slices.Equal(ids, want), "bands", "%v, the age scheme %q has %v", ids, s.ID, want)
	c.check(sum == s.Total, "total", "the weights add up to %d, not %d", sum, s.Total)
	return s, c.err(file)
}

// From returns the bands from the one that begins at an age up, for surveys of adults. Their weights are to be taken
// relative to their sum. Nil if no band begins there.
func (s *Standard) From(age int) []StandardBand {
	for i, b := range s.Bands {
		if from, ok := firstAge(b.ID); ok && from == age {
			return s.Bands[i:]
		}
	}
	return nil
}

// firstAge reads the first number of an id such as 20-24 or 90+.
func firstAge(id string) (age int, ok bool) {
	for _, c := range id {
		if c < '0' || c > '9' {
			break
		}
		age, ok = age*10+int(c-'0'), true
	}
	return age, ok
}
