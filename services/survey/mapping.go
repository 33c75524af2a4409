package survey

import (
	"slices"

	"vointi.fi/pkg/mapping"
)

// Mapping says what the columns of an export mean. What it does not name is never read.
type Mapping struct {
	File         mapping.File
	WaveID       string `yaml:"wave_id"`
	InstrumentID string `yaml:"instrument_id"`
	Version      string

	ID           *mapping.Column // names an answered questionnaire within the wave; required
	Submitted    *mapping.Column // when it was sent; empty: it was not, and is incomplete
	Saved        *mapping.Column // when it was last saved, for the incomplete
	Complete     *mapping.Column // true or false; if not given, whether submitted has anything
	Area         *mapping.Column
	Age          *mapping.Column // in years
	BirthYear    *mapping.Column `yaml:"birth_year"`
	AgeBand      *mapping.Column `yaml:"age_band"`
	Sex          *mapping.Column // 1 men, 2 women
	Education    *mapping.Column // low, mid or high
	Weight       *mapping.Column
	Stratum      *mapping.Column
	PSU          *mapping.Column
	Language     *mapping.Column
	Session      *mapping.Column   // the session that feedback is about
	PartnerKind  *mapping.Column   `yaml:"partner_kind"` // of a partner's answers
	Panel        *mapping.Column   // a pseudonym of the panel's own key
	TargetGroups []*mapping.Column `yaml:"target_groups"`

	Items    map[string]*mapping.Column // by header
	OwnItems map[string]Range           `yaml:"own_items"` // items that no instrument has
	Missing  []string                   // cells that mean no answer, beside empty ones
}

// Range is the answers of an item.
type Range struct{ From, To int }

// ReadMapping reads a mapping from YAML, and refuses what it does not know.
func ReadMapping(text []byte) (*Mapping, error) {
	m := &Mapping{}
	return m, mapping.Read(text, m)
}

// field is a column with the attribute of survey.response.v1 that it fills and its name in the mapping.
type field struct {
	name, attribute string
	column          *mapping.Column
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
		{"partner_kind", "partner_kind", m.PartnerKind},
		{"session", "session_id", m.Session},
		{"panel", "panel_pseudonym", m.Panel},
	}
	for _, g := range m.TargetGroups {
		all = append(all, field{"target_groups", "target_groups", g})
	}
	return slices.DeleteFunc(all, func(f field) bool { return f.column == nil })
}
