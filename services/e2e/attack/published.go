package attack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

// published is what an attacker reads: everything as the role vointi_reader.
type published struct {
	rows      map[string]map[key]figure // by indicator
	members   map[string]map[place]map[string][]string
	periods   map[string]map[place]bool // that an indicator has rows of, without area
	areas     []area
	ages      *reference.AgeSchemes
	protected int                       // rows
	told      map[string]map[key]string // rows that something else has a number for: what
}

// key names a row within its indicator.
type key struct {
	Area, Scheme, Group, Sex, Dimension, Member, Period, Start string
}

// place is an area in a period.
type place struct{ area, period, start string }

// figure is what a row says; NaN cannot be in it: absent is nil.
type figure struct {
	numbers   [3]*float64 // by what they are: see number
	protected bool
	rest      [2]float64 // of a ratio that is shown: what it is held against, events and all; NaN where that does not follow
}

type area struct {
	Area, Level string
	Parents     map[string]string
}

// reader asks the warehouse's HTTP interface as the role of analysts, who have no password.
type reader struct{ url string }

// ask calls visit with each row of a statement's answer.
func ask[T any](ctx context.Context, r reader, sql string, visit func(T)) error {
	address, err := url.Parse(r.url)
	if err != nil {
		return err
	}
	address.User, address.Path = url.User("vointi_reader"), "/"
	address.RawQuery = url.Values{"query": {sql + " FORMAT JSONEachRow"}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // only read
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: %s", sql, response.Status)
	}
	for lines := json.NewDecoder(response.Body); lines.More(); {
		var row T
		if err := lines.Decode(&row); err != nil {
			return fmt.Errorf("ask %s: %w", sql, err)
		}
		visit(row)
	}
	return nil
}

const keyColumns = "area AS Area, age_scheme AS Scheme, age_group AS Group, sex AS Sex, dimension AS Dimension, member AS Member, period_type AS Period, period_start AS Start"

// read reads the rows of the indicators from a day on; all that may tell on a protected row besides: its earlier
// revisions, and its comparisons.
func read(ctx context.Context, r reader, indicators []string, since time.Time) (*published, error) {
	p := &published{
		periods: map[string]map[place]bool{}, rows: map[string]map[key]figure{}, members: map[string]map[place]map[string][]string{}, told: map[string]map[key]string{},
	}
	var err error
	if p.ages, err = reference.LoadAgeSchemes(schemas.FS); err != nil {
		return nil, err
	}
	if err := ask(ctx, r, "SELECT area AS Area, level AS Level, parents AS Parents FROM vointi.areas WHERE valid_to <= '1970-01-01'", func(a area) { p.areas = append(p.areas, a) }); err != nil {
		return nil, err
	}
	for _, id := range indicators {
		p.periods[id] = map[place]bool{}
		p.rows[id], p.members[id], p.told[id] = map[key]figure{}, map[place]map[string][]string{}, map[key]string{}
	}
	of := fmt.Sprintf("indicator IN ('%s') AND period_start >= '%s'", strings.Join(indicators, "', '"), since.Format(time.DateOnly))
	var types []string
	if err := ask(ctx, r, "SELECT DISTINCT period_type AS Period FROM vointi.indicators", func(k key) { types = append(types, k.Period) }); err != nil {
		return nil, err
	}
	for _, t := range types { // a reader has a minute for a statement
		of := fmt.Sprintf("period_type = '%s' AND %s", t, of)
		if err := errors.Join(p.readRows(ctx, r, of), p.readTold(ctx, r, of)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// readRows reads the rows themselves.
func (p *published) readRows(ctx context.Context, r reader, of string) error {
	type line struct {
		key
		ID                                  string
		Numerator, Denominator, Respondents *float64
		Value, Lower, Upper                 *float64
		Protected, Nothing                  int
	}
	sql := "SELECT indicator AS ID, " + keyColumns + ", numerator AS Numerator, denominator AS Denominator, toFloat64(respondents) AS Respondents, value AS Value, lower95 AS Lower, upper95 AS Upper, suppressed != '' AS Protected, suppressed = '' AND has(flags, 'data_gap') AND numerator IS NULL AS Nothing FROM vointi.indicators WHERE " + of
	return ask(ctx, r, sql, func(l line) {
		if l.Nothing == 1 { // of what a silent venue lacks it is told only where nothing was counted besides
			l.Numerator = new(float64)
		}
		f := figure{numbers: [3]*float64{l.Numerator, l.Denominator, l.Respondents}, protected: l.Protected == 1, rest: [2]float64{math.NaN(), math.NaN()}}
		if l.ID == ratioOfGroups && l.Lower != nil && l.Upper != nil {
			f.rest = restOf(*l.Value, *l.Lower, *l.Upper, *l.Numerator, *l.Denominator)
		}
		p.rows[l.ID][l.key] = f
		p.protected += l.Protected
		p.note(l.ID, l.key)
	})
}

// readTold reads what else has a number that rests on a row: its earlier revisions, its comparisons, and those of others with it.
func (p *published) readTold(ctx context.Context, r reader, of string) error {
	type line struct {
		key
		ID, Comparator string
	}
	const numbers = "(difference IS NOT NULL OR lower95 IS NOT NULL OR upper95 IS NOT NULL OR verdict != '')"
	if err := ask(ctx, r, "SELECT DISTINCT indicator AS ID, comparator AS Comparator, "+keyColumns+" FROM vointi.comparisons WHERE "+numbers+" AND "+of, func(l line) {
		p.told[l.ID][l.key] = "a comparison of it"
		if with, ok := p.reference(l.key, l.Comparator); ok {
			p.told[l.ID][with] = "a comparison with it"
		}
	}); err != nil {
		return err
	}
	const revisions = " FROM vointi.indicator_revisions WHERE (value IS NOT NULL OR numerator IS NOT NULL OR denominator IS NOT NULL OR respondents IS NOT NULL) AND "
	if err := ask(ctx, r, "SELECT DISTINCT indicator AS ID, "+keyColumns+revisions+of, func(l line) {
		if p.told[l.ID][l.key] == "" {
			p.told[l.ID][l.key] = "an earlier revision"
		}
	}); err != nil {
		return err
	}
	// A row that a revision brought was nothing before, if there were others of its indicator: it is what its total has become more.
	const brought = " FROM vointi.indicator_revisions WHERE revision = 1 AND reason != '' AND suppressed != '' AND (indicator, period_type, period_start, wave) IN (SELECT indicator, period_type, period_start, wave FROM vointi.indicator_revisions WHERE revision = 1 AND reason = '') AND "
	return ask(ctx, r, "SELECT DISTINCT indicator AS ID, "+keyColumns+brought+of, func(l line) {
		if p.told[l.ID][l.key] == "" {
			p.told[l.ID][l.key] = "a revision that brought it"
		}
	})
}

// reference returns the row that a comparator holds another one beside, if it is only one and not of other groups.
func (p *published) reference(k key, comparator string) (key, bool) {
	months := map[string]int{"month": 1, "quarter": 3, "year": 12}[k.Period]
	start, err := time.Parse(time.DateOnly, k.Start)
	switch {
	case comparator == "previous" && months > 0 && err == nil:
		k.Start = start.AddDate(0, -months, 0).Format(time.DateOnly)
	case comparator == "same_period_last_year" && months > 0 && err == nil:
		k.Start = start.AddDate(-1, 0, 0).Format(time.DateOnly)
	case comparator == "country":
		k.Area = country
	case comparator == "parent":
		i := slices.IndexFunc(p.areas, func(a area) bool { return a.Area == k.Area })
		if i < 0 {
			return k, false
		}
		mother, ok := p.areas[i].Parents["county"] // the order in which mothers are chosen
		if !ok {
			mother, ok = p.areas[i].Parents["region"]
		}
		k.Area = mother
		return k, ok
	default:
		return k, false
	}
	return k, true
}

// note remembers which periods an indicator has, and which members an area.
func (p *published) note(id string, k key) {
	p.periods[id][place{period: k.Period, start: k.Start}] = true
	if k.Dimension == "" {
		return
	}
	at := place{k.Area, k.Period, k.Start}
	if p.members[id][at] == nil {
		p.members[id][at] = map[string][]string{}
	}
	p.members[id][at][k.Dimension] = append(p.members[id][at][k.Dimension], k.Member)
}
