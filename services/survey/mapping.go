package survey

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/sheet"
)

// Mapping says what the columns of an export mean. What it does not name is never read.
type Mapping struct {
	File struct {
		Encoding  string // utf-8, with a byte order mark or without, or windows-1252
		Separator string // one character, or tab; if not given, whichever of ; , and tab the first line has most of
		Sheet     string // of a workbook; its first if not given
	}
	WaveID       string `yaml:"wave_id"`
	InstrumentID string `yaml:"instrument_id"`
	Version      string

	ID           *Column // names an answered questionnaire within the wave; required
	Submitted    *Column // when it was sent; empty: it was not, and is incomplete
	Saved        *Column // when it was last saved, for the incomplete
	Complete     *Column // true or false; if not given, whether submitted has anything
	Area         *Column
	Age          *Column // in years
	BirthYear    *Column `yaml:"birth_year"`
	AgeBand      *Column `yaml:"age_band"`
	Sex          *Column // 1 men, 2 women
	Education    *Column // low, mid or high
	Weight       *Column
	Stratum      *Column
	PSU          *Column
	Language     *Column
	Session      *Column   // the session that feedback is about
	Panel        *Column   // a pseudonym of the panel's own key
	TargetGroups []*Column `yaml:"target_groups"`

	Items    map[string]*Column // by header
	OwnItems map[string]Range   `yaml:"own_items"` // items that no instrument has
	Missing  []string           // cells that mean no answer, beside empty ones
}

// Range is the answers of an item.
type Range struct{ From, To int }

// Column is a column by its header, or the same value for every row.
type Column struct {
	Column string            // the header
	Item   string            // of an answer: the item's code
	Value  string            // instead of a column
	Values map[string]string // what the cells mean; case makes no difference. Without it they mean themselves
	Format string            // of times, such as d.M.yyyy H:mm
	Zone   string            // of times that name none; Europe/Helsinki if not given
}

// maxMapping is more than any mapping needs.
const maxMapping = 1 << 20

// UnmarshalYAML reads a column, for which its header alone will do.
func (c *Column) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		c.Column = n.Value
		return nil
	}
	type plain Column
	known := []string{"column", "item", "value", "values", "format", "zone"}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; n.Kind == yaml.MappingNode && !slices.Contains(known, key.Value) {
			return fmt.Errorf("line %d: %s is unknown; a column has %s", key.Line, key.Value, strings.Join(known, ", "))
		}
	}
	if err := n.Decode((*plain)(c)); err != nil {
		return err
	}
	lower := make(map[string]string, len(c.Values))
	for cell, value := range c.Values {
		lower[folded(cell)] = value
	}
	if len(lower) != len(c.Values) {
		return fmt.Errorf("line %d: two of the values differ by case alone", n.Line)
	}
	if c.Values != nil {
		c.Values = lower
	}
	return nil
}

// folded is a cell as it is compared.
func folded(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) }

// ReadMapping reads a mapping from YAML, and refuses what it does not know.
func ReadMapping(text []byte) (*Mapping, error) {
	m := &Mapping{}
	if len(text) > maxMapping {
		return nil, errors.New("mapping: larger than 1 MiB")
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(m); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("mapping: %s", strings.ReplaceAll(err.Error(), " in type survey.Mapping", ""))
	}
	return m, nil
}

// format says how the file is written.
func (m *Mapping) format() (sheet.Format, error) {
	f := sheet.Format{Encoding: strings.ToLower(m.File.Encoding), Sheet: m.File.Sheet}
	switch separator := []rune(m.File.Separator); {
	case m.File.Separator == "tab":
		f.Separator = '\t'
	case len(separator) > 1 || len(separator) == 1 && strings.ContainsRune("\"\r\n\ufffd", separator[0]):
		return f, errors.New("mapping: file.separator must be one character, or tab")
	case len(separator) == 1:
		f.Separator = separator[0]
	}
	return f, nil
}

// field is a column with the attribute of survey.response.v1 that it fills and its name in the mapping.
type field struct {
	name, attribute string
	column          *Column
}

// fields are the columns that are no answers.
func (m *Mapping) fields() []field {
	all := []field{
		{"id", "response_id", m.ID},
		{"submitted", "submitted_at", m.Submitted},
		{"saved", "submitted_at", m.Saved},
		{"complete", "complete", m.Complete},
		{"area", "area_id", m.Area},
		{"age", "age_band", m.Age},
		{"birth_year", "age_band", m.BirthYear},
		{"age_band", "age_band", m.AgeBand},
		{"sex", "sex", m.Sex},
		{"education", "education", m.Education},
		{"weight", "weight", m.Weight},
		{"stratum", "stratum_id", m.Stratum},
		{"psu", "psu", m.PSU},
		{"language", "language", m.Language},
		{"session", "session_id", m.Session},
		{"panel", "panel_pseudonym", m.Panel},
	}
	for _, g := range m.TargetGroups {
		all = append(all, field{"target_groups", "target_groups", g})
	}
	return slices.DeleteFunc(all, func(f field) bool { return f.column == nil })
}
