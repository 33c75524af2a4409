// Package indicator holds the catalogue: what each indicator counts, of whom, where and when, and how counts become a
// value with its interval. An entry is data (schemas/indicators/*.yaml, whose keys are the fields of [Entry]); adding one
// that is built from existing measures takes no code.
package indicator

import (
	"slices"
	"strings"

	"vointi.fi/pkg/reference"
)

// Text is a text by language: fi, sv, en.
type Text map[string]string

// Entry is one indicator of the catalogue.
type Entry struct {
	ID          string   `yaml:"id"`
	Number      int      `yaml:"number"` // its row in the catalogue of the domain
	Goals       []string `yaml:"goals"`
	Headline    bool     `yaml:"headline"` // stands for its goals on the overview
	Name        Text     `yaml:"name"`
	Description Text     `yaml:"description"`
	Caveats     Text     `yaml:"caveats"`
	Unit        string   `yaml:"unit"`
	Decimals    int      `yaml:"decimals"`
	Direction   string   `yaml:"direction"` // + higher is better, - lower is better, 0 neutral
	Basis       Basis    `yaml:"basis"`

	// Breakdowns are those of its row; [Entry.Has] and [Entry.Dimensions] tell which of them are computed today. One
	// without area is shown for the country alone.
	Breakdowns []string `yaml:"breakdowns"`
	// AllPeriods are the period types of its row, and Periods those in which it is computed: the same, or none while
	// the entry is not fed.
	AllPeriods []PeriodType `yaml:"periods"`
	Periods    []PeriodType `yaml:"-"`

	Method      Method    `yaml:"method"`
	Numerator   Term      `yaml:"numerator"`
	Denominator Term      `yaml:"denominator"`
	Scale       float64   `yaml:"scale"`    // value = scale × numerator / denominator; 1 if not given
	Standard    string    `yaml:"standard"` // the age scheme whose bands and weights standardise the value
	Input       string    `yaml:"input"`    // of LINEAR: the indicator whose value and limits are transformed
	Times       []Measure `yaml:"times"`    // of LINEAR: what multiplies them, beside scale
	Protect     []Measure `yaml:"protect"`  // measures whose hidden cells hide this indicator's
	Survey      *Survey   `yaml:"survey"`
	MinimumN    int       `yaml:"minimum_n"` // respondents (survey) below which a value is protected
	LagDays     int       `yaml:"lag_days"`  // no row before the period has ended so many days ago

	// ReferenceGroup is what gaps are measured against, by breakdown; fixed here, never chosen per period. "all" is the
	// total of the area, "parent" the mother area.
	ReferenceGroup map[string]string `yaml:"reference_group"`
	Source         string            `yaml:"source"`   // where the definition comes from
	External       []External        `yaml:"external"` // the same or a kindred figure elsewhere

	// Awaits names what is missing without which there is nothing to count: event types, or attributes of types of today
	// as survey.response.v1#session_id.
	Awaits []string `yaml:"awaits"`

	// Estimated says that the figure is of a programme and not of an area and a period: it stands among the estimates of programmes,
	// under the measure of the same name, and nowhere else.
	Estimated bool `yaml:"estimated"`

	input   *Entry
	weights []reference.StandardBand
}

// Estimates is the view in which figures of programmes stand.
const Estimates = "vointi.estimates"

// Term names what is counted.
type Term struct {
	Measure Measure `yaml:"measure"`
	// Where restricts the measure to what has these attributes, e.g. activity_type: culture; a list means any of them.
	Where map[string]Values `yaml:"where"`
	// Text says it in words.
	Text Text `yaml:"text"`
}

// External names a figure of another publisher.
type External struct {
	Publisher string `yaml:"publisher"` // sotkanet, hyte, teaviisari, statfin
	ID        string `yaml:"id"`
	Of        string `yaml:"of"` // denominator: it is the same figure; similar: of other people or another question
	Note      string `yaml:"note"`
}

// Basis says which area a visit belongs to.
type Basis string

// The area bases.
const (
	Venue     Basis = "venue"     // where the session takes place
	Residence Basis = "residence" // where the person lives; anonymous visits have none
)

// Names of breakdowns that the grid of persons has by itself; all others are dimensions.
const (
	byArea = "area"
	byAge  = "age_group"
	bySex  = "sex"
)

// The closed lists of the catalogue itself.
var (
	goals      = []string{"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"}
	languages  = []string{"fi", "sv", "en"}
	units      = []string{"n", "%", "per 1 000", "€", "ratio", "score", "h", "contacts/resident"}
	directions = []string{"+", "-", "0"}
	bases      = []string{string(Venue), string(Residence)}
	breakdowns = []string{
		byArea, byAge, bySex, "activity_type", "provider", "target_group", "education", "type", "channel", "audience", "service", "heading",
	}
	publishers = []string{"sotkanet", "statfin", "teaviisari", "hyte"}
	relations  = []string{"denominator", "similar"}
)

// Has reports whether the entry is broken down by b.
func (e *Entry) Has(b string) bool { return slices.Contains(e.Breakdowns, b) }

// Dimensions returns the breakdowns beside area, age group and sex that are computed: those by which everything that the value
// is made of is kept.
func (e *Entry) Dimensions() []string {
	var ds []string
	for _, b := range e.Breakdowns {
		if b != byArea && b != byAge && b != bySex && e.keptAlong(b) {
			ds = append(ds, b)
		}
	}
	return ds
}

// Fed reports whether the entry has data today: it waits for no events, and all that it is made of is counted. While it
// is not fed it has no rows at all, which is not zero.
func (e *Entry) Fed() bool {
	if e.Estimated || len(e.Awaits) > 0 || e.input != nil && !e.input.Fed() {
		return false
	}
	return !slices.ContainsFunc(e.Stored(), func(m Measure) bool { return !m.Counted() })
}

// Waits returns what the entry waits for, as readers of the catalogue are told: event types, attributes of some, or measures
// that nobody counts yet; [Estimates] of what is estimated of programmes; none if it is fed.
func (e *Entry) Waits() []string {
	if e.Estimated {
		return []string{Estimates}
	}
	waits := slices.Clone(e.Awaits)
	if e.input != nil {
		waits = append(waits, e.input.Waits()...)
	}
	for _, m := range e.Stored() {
		name, _, _ := strings.Cut(string(m), ".") // of a ratio, not of its parts
		if !m.Counted() && len(e.Awaits) == 0 && !slices.Contains(waits, name) {
			waits = append(waits, name)
		}
	}
	return slices.Compact(waits)
}

// Divided reports whether the value is of something: whether the entry has a denominator.
func (e *Entry) Divided() bool { return e.Denominator.Measure != "" || len(e.Denominator.Text) > 0 }

// PeriodNames returns the period types of its row as strings.
func (e *Entry) PeriodNames() []string {
	names := make([]string, len(e.AllPeriods))
	for i, p := range e.AllPeriods {
		names[i] = string(p)
	}
	return names
}
