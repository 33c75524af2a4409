// Package indicator holds the catalogue: what each indicator counts, of whom, where and when, and how counts become a
// value with its interval. An entry is data (schemas/indicators/*.yaml); adding one that is built from existing measures
// takes no code.
package indicator

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Text is a text by language: fi, sv, en.
type Text map[string]string

// Entry is one indicator of the catalogue.
type Entry struct {
	ID          string       `yaml:"id"`
	Number      int          `yaml:"number"` // its row in the catalogue of the domain
	Goals       []string     `yaml:"goals"`
	Headline    bool         `yaml:"headline"` // stands for its goals on the overview
	Name        Text         `yaml:"name"`
	Description Text         `yaml:"description"`
	Caveats     Text         `yaml:"caveats"`
	Unit        string       `yaml:"unit"` // n, %, per 1 000, €
	Decimals    int          `yaml:"decimals"`
	Direction   string       `yaml:"direction"` // + higher is better, - lower is better, 0 neutral
	Basis       Basis        `yaml:"basis"`
	Breakdowns  []string     `yaml:"breakdowns"`
	Periods     []PeriodType `yaml:"periods"`
	Method      Method       `yaml:"method"`
	Numerator   Term         `yaml:"numerator"`
	Denominator Term         `yaml:"denominator"`
	Scale       float64      `yaml:"scale"`   // value = scale × numerator / denominator; 1 if not given
	Protect     []Measure    `yaml:"protect"` // measures whose hidden cells hide this indicator's
	Survey      *Survey      `yaml:"survey"`
	MinimumN    int          `yaml:"minimum_n"` // respondents (survey) below which a value is protected
}

// Term names what is counted.
type Term struct {
	Measure Measure `yaml:"measure"`
	// Where restricts a measure of persons to visits with these attributes, e.g. activity_type: culture.
	Where map[string]string `yaml:"where"`
	// Text says it in words, in English, for explanations.
	Text string `yaml:"text"`
}

// Survey says which answers count as yes.
type Survey struct {
	Items []string `yaml:"items"`
	// OneOf: the single item's codes that count. AtLeast: the mean of all items reaches this. One of the two.
	OneOf   []int    `yaml:"one_of"`
	AtLeast *float64 `yaml:"at_least"`
}

// Basis says which area a visit belongs to.
type Basis string

// The area bases.
const (
	Venue     Basis = "venue"     // where the session takes place
	Residence Basis = "residence" // where the person lives; anonymous visits have none
)

// Method names how the interval is calculated; the formulas are in package stats.
type Method string

// The methods of this release.
const (
	Count               Method = "CNT"    // Byar, exact Poisson below 10
	CountNonIndependent Method = "CNT-NI" // Byar widened by Σk² over persons
	Proportion          Method = "PROP-W" // Wilson
	RateNonIndependent  Method = "RATE-NI"
	RatioOfSums         Method = "RATIO" // Cochran, clusters are sessions
	SurveyProportion    Method = "PROP-S"
	NoInterval          Method = "NONE"
	FallbackProportion  Method = "PROP-W(n_eff)" // of a survey whose design gives no interval; applied, never asked for
)

var (
	methods    = []Method{Count, CountNonIndependent, Proportion, RateNonIndependent, RatioOfSums, SurveyProportion, NoInterval}
	breakdowns = []string{"area", "age_group", "sex", "activity_type", "provider", "education", "target_group"}
	directions = []string{"+", "-", "0"}
)

// Has reports whether the entry is broken down by b.
func (e *Entry) Has(b string) bool { return slices.Contains(e.Breakdowns, b) }

// Dimensions returns the breakdowns beside area, age group and sex.
func (e *Entry) Dimensions() []string {
	var ds []string
	for _, b := range e.Breakdowns {
		if b != "area" && b != "age_group" && b != "sex" {
			ds = append(ds, b)
		}
	}
	return ds
}

// Catalogue is all entries, ordered by number.
type Catalogue []*Entry

// Load reads every *.yaml in dir and checks it. The error joins all faults, each with its file and, where known, line.
func Load(fsys fs.FS, dir string) (Catalogue, error) {
	files, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list catalogue %s: %w", dir, err)
	}
	var c Catalogue
	var faults []error
	for _, f := range files {
		e, err := read(fsys, f)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		c = append(c, e)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	slices.SortFunc(c, func(a, b *Entry) int { return a.Number - b.Number })
	return c, c.unique()
}

func (c Catalogue) unique() error {
	seen := map[string]bool{}
	for _, e := range c {
		if seen[e.ID] {
			return fmt.Errorf("catalogue: indicator %s stands twice", e.ID)
		}
		seen[e.ID] = true
	}
	return nil
}

func read(fsys fs.FS, file string) (*Entry, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("read indicator: %w", err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	e := &Entry{Scale: 1}
	if err := d.Decode(e); err != nil {
		return nil, fmt.Errorf("indicator %s: %w", file, err)
	}
	if want := strings.TrimSuffix(path.Base(file), ".yaml"); e.ID != want {
		return nil, fmt.Errorf("indicator %s: id is %q, the file's name says %q", file, e.ID, want)
	}
	if err := e.validate(); err != nil {
		return nil, fmt.Errorf("indicator %s: %w", file, err)
	}
	return e, nil
}

// validate collects every fault of the entry.
func (e *Entry) validate() error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	check(slices.Contains(methods, e.Method), "method %q is none of %v", e.Method, methods)
	check(slices.Contains(directions, e.Direction), "direction %q is none of %v", e.Direction, directions)
	check(e.Basis == Venue || e.Basis == Residence, "basis %q is neither venue nor residence", e.Basis)
	check(len(e.Goals) > 0, "no goals")
	for _, lang := range []string{"fi", "sv", "en"} {
		check(e.Name[lang] != "", "no name in %s", lang)
		check(e.Description[lang] != "", "no description in %s", lang)
	}
	for _, b := range e.Breakdowns {
		check(slices.Contains(breakdowns, b), "breakdown %q is none of %v", b, breakdowns)
	}
	for _, p := range e.Periods {
		check(slices.Contains(PeriodTypes, p) || p == Wave, "period %q is none of %v", p, PeriodTypes)
	}
	e.validateTerms(check)
	return errors.Join(faults...)
}

func (e *Entry) validateTerms(check func(bool, string, ...any)) {
	if e.Method == SurveyProportion {
		check(e.Survey != nil && len(e.Survey.Items) > 0, "method %s needs survey.items", e.Method)
		check(e.Survey == nil || (len(e.Survey.OneOf) > 0) != (e.Survey.AtLeast != nil), "survey needs one_of or at_least, and not both")
		check(slices.Equal(e.Periods, []PeriodType{Wave}), "a survey indicator has the period wave alone")
		return
	}
	for _, t := range []Term{e.Numerator, e.Denominator} {
		if t.Measure != "" {
			_, ok := measures[t.Measure]
			check(ok, "measure %q is none of %v", t.Measure, Measures())
		}
	}
	check(e.Numerator.Measure != "", "no numerator.measure")
	needsDenominator := e.Method == Proportion || e.Method == RateNonIndependent
	check(!needsDenominator || e.Denominator.Measure != "", "method %s needs denominator.measure", e.Method)
	if e.Method == CountNonIndependent || e.Method == RateNonIndependent {
		check(measures[e.Numerator.Measure].squares != "", "method %s needs a measure of visits, not %q", e.Method, e.Numerator.Measure)
	}
	if e.Method == RatioOfSums {
		check(measures[e.Numerator.Measure].ratio, "method %s needs a ratio measure, not %q", e.Method, e.Numerator.Measure)
	}
}

// PeriodNames returns the period types as strings.
func (e *Entry) PeriodNames() []string {
	names := make([]string, len(e.Periods))
	for i, p := range e.Periods {
		names[i] = string(p)
	}
	return names
}
