// Package programme is how programmes are described: what is tried, where, compared with what, and what is to be estimated of
// it. Descriptions are YAML files that people write; their schema is schemas/programme.schema.json. The words in which
// estimates speak of them are here, too.
package programme

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"vointi.fi/pkg/document"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
)

// Programme is one description. Areas, comparison areas, first and last day may be left to the phases of the project that are
// published as project.phase.v1; what stands here wins.
type Programme struct {
	ID          string            `yaml:"id"`
	Name        map[string]string `yaml:"name"`
	TargetGroup map[string]string `yaml:"target_group"` // whom it is for, in words

	Project         string   `yaml:"project"` // project_id of its phases and cost entries; without it there are no costs
	Areas           []string `yaml:"areas"`   // where it is tried
	ComparisonAreas []string `yaml:"comparison_areas"`
	Starts          string   `yaml:"starts"`
	Ends            string   `yaml:"ends"`    // the last day
	Funders         []string `yaml:"funders"` // beside those that cost entries name

	Perspective  string  `yaml:"perspective"`   // whose costs count; society
	PriceYear    int     `yaml:"price_year"`    // that of the last costs if not given
	DiscountRate float64 `yaml:"discount_rate"` // 0.03

	Sessions     *Sessions   `yaml:"sessions"`
	Plan         *Plan       `yaml:"plan"`
	Effects      []Effect    `yaml:"effects"`
	Services     []Service   `yaml:"services"`
	Wellby       *Wellby     `yaml:"wellby"`
	SocialReturn []Outcome   `yaml:"social_return"`
	Simulation   *Simulation `yaml:"simulation"`
}

// Sessions says which published rows are about the programme's sessions: all sessions in its areas, or those of members of one
// dimension. Nothing else is ever said of its visits, so that nothing can be told that is protected there.
type Sessions struct {
	Areas     []string `yaml:"areas"`     // those of the programme if not given
	Dimension string   `yaml:"dimension"` // activity_type or provider
	Members   []string `yaml:"members"`
}

// Plan is what one session is meant to cost and to bring, with how far off that may be.
type Plan struct {
	SessionCost *Amount `yaml:"session_cost"` // €
	Visits      *Amount `yaml:"visits"`
}

// Effect is an indicator that the programme may have changed.
type Effect struct {
	Indicator string  `yaml:"indicator"`
	Period    string  `yaml:"period"` // the period type; of survey indicators wave
	From      string  `yaml:"from"`   // the first day that is looked at; all if not given
	Worth     *Amount `yaml:"worth"`  // what a unit of effect may cost: of a share one person more or less, else one unit for one person, in €
}

// Service is a service whose use the programme may have changed.
type Service struct {
	Code       string  `yaml:"code"`
	Payer      string  `yaml:"payer"`      // whose cost it is; wellbeing_services_county
	Dispersion *Amount `yaml:"dispersion"` // variance over mean of contacts per person
}

// Amount is a number that a person enters, with its range and where it is from.
type Amount struct {
	Low         *float64 `yaml:"low"`
	Base        *float64 `yaml:"base"`
	High        *float64 `yaml:"high"`
	PriceYear   int      `yaml:"price_year"`
	Source      string   `yaml:"source"`
	SourceURL   string   `yaml:"source_url"`
	Placeholder bool     `yaml:"placeholder"` // nobody has entered the real figure yet
}

// Range returns the base with the ends of its range, which are the base where they are not given.
func (a *Amount) Range() (low, base, high float64) {
	base = *a.Base
	low, high = base, base
	if a.Low != nil {
		low = *a.Low
	}
	if a.High != nil {
		high = *a.High
	}
	return low, base, high
}

// Wellby is what a WELLBY is worth, as a person enters it, and for whom how long. Its indicator is life satisfaction, 0 to 10, and
// stands among the effects.
type Wellby struct {
	Indicator string  `yaml:"indicator"`
	Value     *Amount `yaml:"value"`
	Persons   *Amount `yaml:"persons"`
	Years     float64 `yaml:"years"`
}

// Outcome is one thing that social return on investment counts: an effect by its indicator, or a quantity that a person enters.
type Outcome struct {
	Name         string  `yaml:"name"`
	Indicator    string  `yaml:"indicator"`
	Quantity     *Amount `yaml:"quantity"`
	Proxy        *Amount `yaml:"proxy"` // €, what a unit is worth
	Deadweight   *Amount `yaml:"deadweight"`
	Attribution  *Amount `yaml:"attribution"`
	Displacement *Amount `yaml:"displacement"`
	DropOff      *Amount `yaml:"drop_off"`
	Years        int     `yaml:"years"` // 1
}

// Simulation is how random draws are made.
type Simulation struct {
	Draws int    `yaml:"draws"`
	Seed  uint64 `yaml:"seed"`
}

// DefaultRate is the discount rate of costs and effects in Finland.
const DefaultRate = 0.03

// Start returns the first day that the description names, if it does.
func (p *Programme) Start() (indicator.Date, bool) { return day(p.Starts) }

// End returns the last day that the description names, if it does.
func (p *Programme) End() (indicator.Date, bool) { return day(p.Ends) }

// Since returns the first day that is looked at, if it is named.
func (e *Effect) Since() (indicator.Date, bool) { return day(e.From) }

func day(text string) (indicator.Date, bool) {
	d, err := indicator.ParseDate(text)
	return d, err == nil && text != ""
}

// Effect returns what is said of the effect on an indicator; nil if nothing is.
func (p *Programme) Effect(id string) *Effect {
	for i := range p.Effects {
		if p.Effects[i].Indicator == id {
			return &p.Effects[i]
		}
	}
	return nil
}

// Known is what descriptions may name.
type Known struct {
	Catalogue indicator.Catalogue
	Areas     reference.Areas
}

// LoadKnown reads the catalogue and the areas from the folders indicators and reference.
func LoadKnown(fsys fs.FS) (k Known, err error) {
	if k.Catalogue, err = indicator.Load(fsys, "indicators"); err == nil {
		k.Areas, err = reference.LoadAreas(fsys)
	}
	return k, err
}

// Load reads every *.yaml of a folder, in the order of the names of the files. The error joins all faults, each a
// [document.Fault] with its place; the programmes whose files have none are returned all the same.
func Load(fsys fs.FS, dir string, known Known) ([]*Programme, error) {
	files, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list programmes %s: %w", dir, err)
	}
	var all []*Programme
	var faults []error
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read programme: %w", err)
		}
		p, err := Read(file, text, known)
		if err == nil && slices.ContainsFunc(all, func(q *Programme) bool { return q.ID == p.ID }) {
			err = &document.Fault{File: file, Line: 1, Column: 1, Reason: fmt.Sprintf("programme %s is described in two files", p.ID)}
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all = append(all, p)
	}
	return all, errors.Join(faults...)
}

// Read reads one file. The error joins all its faults, each a [document.Fault] with its place.
func Read(file string, text []byte, known Known) (*Programme, error) {
	p := &Programme{DiscountRate: DefaultRate}
	d, ok := document.Read(file, text, p)
	if ok {
		(&draft{&d, p, known}).validate()
	}
	if faults := d.Faults(); len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	p.setDefaults()
	return p, nil
}

func (p *Programme) setDefaults() {
	if p.Perspective == "" {
		p.Perspective = Society
	}
	for i := range p.Services {
		if p.Services[i].Payer == "" {
			p.Services[i].Payer = County
		}
	}
	for i := range p.SocialReturn {
		p.SocialReturn[i].Years = max(1, p.SocialReturn[i].Years)
	}
	if p.Simulation == nil {
		p.Simulation = &Simulation{}
	}
	if p.Simulation.Draws == 0 {
		p.Simulation.Draws = defaultDraws
	}
	if p.Simulation.Seed == 0 {
		p.Simulation.Seed = defaultSeed
	}
}

const (
	defaultDraws = 10_000
	defaultSeed  = 1
)

// Find returns the programme with an id; nil if there is none.
func Find(all []*Programme, id string) *Programme {
	for _, p := range all {
		if p.ID == id {
			return p
		}
	}
	return nil
}
