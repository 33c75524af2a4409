package report

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/warehouse"
)

// filters are the columns that the API can restrict, each to a list of values. age_scheme and what follows are beyond
// the four of the contract, for those who want one line of the cube.
var filters = []string{"indicator", "area", "age_group", "age_scheme", "sex", "dimension", "member", "period_type"}

// maxValues bounds a list of values in one request.
const maxValues = 200

// valuePattern is what codes look like: participation-visits, KU305, 65+, rolling_12m, an organisation's id.
var valuePattern = regexp.MustCompile(`^[\p{L}\p{N}_+.:/-]{1,100}$`)

// fault is one thing wrong with a request, named by its parameter.
type fault struct {
	Parameter string `json:"parameter"`
	Reason    string `json:"reason"`
}

// apiQuery is a checked request for indicators.
type apiQuery struct {
	values   map[string][]string
	from, to string // half-open
	format   string // json or csv
}

// parseQuery checks every parameter and returns all faults at once. A parameter that it does not know is a fault, since
// it is nearly always a misspelling that would otherwise return far too much.
func parseQuery(q url.Values) (apiQuery, []fault) {
	a := apiQuery{values: map[string][]string{}, from: "1900-01-01", to: "2299-01-01", format: "json"}
	var faults []fault
	complain := func(parameter, reason string, args ...any) {
		faults = append(faults, fault{parameter, fmt.Sprintf(reason, args...)})
	}
	for _, name := range sorted(q) {
		switch {
		case slices.Contains(filters, name):
			var reason string
			if a.values[name], reason = listOf(q[name]); reason != "" {
				complain(name, "%s", reason)
			}
		case len(q[name]) != 1:
			complain(name, "give it once")
		case name == "from":
			a.from = q.Get(name)
		case name == "to":
			a.to = q.Get(name)
		case name == "format":
			if a.format = q.Get(name); a.format != "json" && a.format != "csv" {
				complain(name, "%q is neither json nor csv", a.format)
			}
		default:
			complain(name, "there is no such parameter; there are %s, from, to, format", strings.Join(filters, ", "))
		}
	}
	from, fromOK := dateOf(a.from, "from", complain)
	to, toOK := dateOf(a.to, "to", complain)
	if fromOK && toOK && !from.Before(to) {
		complain("to", "%s is not after from (%s): the range is half-open", a.to, a.from)
	}
	return a, faults
}

func sorted(q url.Values) []string {
	names := make([]string, 0, len(q))
	for name := range q {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// listOf reads a parameter that may be repeated and may hold commas. An empty value means no restriction.
func listOf(given []string) (values []string, reason string) {
	for _, g := range given {
		for v := range strings.SplitSeq(g, ",") {
			switch {
			case v == "":
			case !valuePattern.MatchString(v):
				return nil, fmt.Sprintf("%q is not a code: letters, digits and _ + . : / - only", v)
			default:
				values = append(values, v)
			}
		}
	}
	if len(values) > maxValues {
		return nil, fmt.Sprintf("%d values, at most %d in one request", len(values), maxValues)
	}
	return values, ""
}

func dateOf(text, name string, complain func(string, string, ...any)) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1900 || t.Year() > 2299 {
		complain(name, "%q is not a date such as 2024-01-31 (1900 to 2299)", text)
		return t, false
	}
	return t, true
}

// arguments are the values of the statement's placeholders.
func (a apiQuery) arguments() []any {
	args := []any{warehouse.Param("from", a.from), warehouse.Param("to", a.to)}
	for _, name := range filters {
		values := a.values[name]
		if values == nil {
			values = []string{}
		}
		args = append(args, warehouse.Param(name, values))
	}
	return args
}
