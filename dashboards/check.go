package dashboards

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Runner runs one statement as the reading role and returns all of its result as text, with the engine's type names.
type Runner interface {
	Run(ctx context.Context, sql string) (Result, error)
}

// Result is a whole result.
type Result struct {
	Columns []Column
	Rows    [][]string
}

// Column is a column of a result with its ClickHouse type, such as Nullable(Float64).
type Column struct{ Name, Type string }

// Outcome is what one target of a panel returned for one choice of values.
type Outcome struct {
	Panel  Panel
	Target Target
	SQL    string // expanded
	Result Result
	Err    error // why a viewer would see no figures; nil if all is well
}

// Check runs every query of the dashboard as a viewer would who opens it and chooses values: variables first, in their
// order, then each panel. chosen fixes the values of some variables; the others take the first offer, or all of them where
// that is their default. An outcome with Err nil succeeded, has rows, and has columns of the types that its panel needs.
// PromQL is left out. The error tells of a variable that could not be filled; then there are no outcomes.
func (d Dashboard) Check(ctx context.Context, run Runner, chosen Values, r Range) ([]Outcome, error) {
	values, err := d.Choose(ctx, run, chosen, r)
	if err != nil {
		return nil, err
	}
	var out []Outcome
	for _, p := range d.Panels {
		for _, t := range p.Targets {
			if t.Datasource != ClickHouseType {
				continue
			}
			for _, v := range repeated(p, values) {
				out = append(out, outcome(ctx, run, p, t, v, r))
			}
		}
	}
	return out, nil
}

// Choose fills the variables of the dashboard: see Check.
func (d Dashboard) Choose(ctx context.Context, run Runner, chosen Values, r Range) (Values, error) {
	values := Values{}
	for _, v := range d.Variables {
		offer, err := offered(ctx, run, v, values, r)
		if err != nil {
			return nil, fmt.Errorf("variable %s of %s: %w", v.Name, d.File, err)
		}
		if want, ok := chosen[v.Name]; ok {
			for _, w := range want {
				if !slices.Contains(offer, w) {
					return nil, fmt.Errorf("variable %s of %s: %q is not offered, only %s", v.Name, d.File, w, strings.Join(offer, ", "))
				}
			}
			values[v.Name] = want
			continue
		}
		if v.Current == "$__all" {
			values[v.Name] = offer
			continue
		}
		values[v.Name] = offer[:1]
	}
	return values, nil
}

func offered(ctx context.Context, run Runner, v Variable, values Values, r Range) ([]string, error) {
	offer := v.Options
	if v.Query != "" {
		sql, err := Expand(v.Query, values, r)
		if err != nil {
			return nil, err
		}
		result, err := run.Run(ctx, sql)
		if err != nil {
			return nil, err
		}
		for _, row := range result.Rows {
			offer = append(offer, row[0]) // by the plugin's convention the first column is the id
		}
	}
	if len(offer) == 0 {
		return nil, errors.New("nothing to choose from")
	}
	return offer, nil
}

// repeated returns one set of values for each panel that Grafana draws of p.
func repeated(p Panel, values Values) []Values {
	if p.Repeat == "" {
		return []Values{values}
	}
	var out []Values
	for _, value := range values[p.Repeat] {
		v := Values{}
		for name, all := range values {
			v[name] = all
		}
		v[p.Repeat] = []string{value}
		out = append(out, v)
	}
	return out
}

func outcome(ctx context.Context, run Runner, p Panel, t Target, values Values, r Range) Outcome {
	o := Outcome{Panel: p, Target: t}
	if o.SQL, o.Err = Expand(t.SQL, values, r); o.Err != nil {
		return o
	}
	if o.Result, o.Err = run.Run(ctx, o.SQL); o.Err != nil {
		return o
	}
	o.Err = fits(p.Type, t.Format, o.Result)
	return o
}

var (
	timeType   = regexp.MustCompile(`^(Nullable\()?Date(32|Time)?(64)?\b`)
	numberType = regexp.MustCompile(`^(Nullable\()?(U?Int|Float|Decimal)`)
	labelType  = regexp.MustCompile(`^(LowCardinality\()?(Nullable\()?String`)
)

// fits tells why a panel of this type could not show the result.
func fits(panel string, f Format, r Result) error {
	if len(r.Rows) == 0 {
		return errors.New("no rows")
	}
	if f == Table {
		return nil
	}
	var times, numbers int
	for _, c := range r.Columns {
		switch {
		case timeType.MatchString(c.Type):
			times++
		case numberType.MatchString(c.Type):
			numbers++
		case !labelType.MatchString(c.Type):
			return fmt.Errorf("%s cannot show column %s of type %s", panel, c.Name, c.Type)
		}
	}
	if times != 1 || numbers == 0 {
		return fmt.Errorf("%s needs one time column and at least one number, has %d and %d", panel, times, numbers)
	}
	return nil
}
