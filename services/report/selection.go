package report

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// errNotOffered says that the address asks for an area, year or age scheme that does not exist.
var errNotOffered = errors.New("not on offer")

// selection is what the address asks for.
type selection struct {
	area         Area
	year         int
	scheme       string
	trend        string
	areas        []Area
	years        []int
	nothingThere bool
}

// choose checks the address against what exists. What it does not name gets a default: the configured area, else the
// first municipality; the newest year that is over; the first age scheme.
func (r *Report) choose(ctx context.Context, q url.Values) (sel selection, err error) {
	sel = selection{scheme: schemes[0].ID, trend: trendChoices[0]}
	if sel.areas, err = r.model.areas(ctx); err != nil {
		return sel, err
	}
	if sel.years, err = r.model.years(ctx); err != nil {
		return sel, err
	}
	if sel.nothingThere = len(sel.areas) == 0 || len(sel.years) == 0; sel.nothingThere {
		return sel, nil
	}
	ok := sel.pickArea(q.Get("area"), r.cfg.Area) && sel.pickYear(q.Get("year"), time.Now().In(helsinki).Year())
	if v := q.Get("age_scheme"); v != "" {
		sel.scheme = v
		ok = ok && slices.ContainsFunc(schemes, func(s scheme) bool { return s.ID == v })
	}
	if v := q.Get("trend"); v != "" {
		sel.trend = v
		ok = ok && slices.Contains(trendChoices, v)
	}
	if !ok {
		return sel, errNotOffered
	}
	return sel, nil
}

var trendChoices = []string{"quarter", "year", "month"}

func (s *selection) pickArea(asked, preferred string) bool {
	find := func(match func(Area) bool) bool {
		at := slices.IndexFunc(s.areas, match)
		if at >= 0 {
			s.area = s.areas[at]
		}
		return at >= 0
	}
	if asked != "" {
		return find(func(a Area) bool { return a.ID == asked })
	}
	return find(func(a Area) bool { return a.ID == preferred }) ||
		find(func(a Area) bool { return a.Level == "municipality" }) ||
		find(func(Area) bool { return true })
}

func (s *selection) pickYear(asked string, thisYear int) bool {
	if asked == "" {
		s.year = s.years[max(0, slices.IndexFunc(s.years, func(y int) bool { return y < thisYear }))]
		return true
	}
	year, err := strconv.Atoi(asked)
	s.year = year
	return err == nil && slices.Contains(s.years, year)
}

func (p *page) form(sel selection) {
	p.Year, p.AreaName = sel.year, sel.area.Name.In(p.Lang)
	for _, a := range sel.areas {
		p.Areas = append(p.Areas, choice{a.ID, a.Name.In(p.Lang), a.ID == sel.area.ID})
	}
	for _, y := range sel.years {
		p.Years = append(p.Years, choice{strconv.Itoa(y), strconv.Itoa(y), y == sel.year})
	}
	for _, s := range schemes {
		p.Schemes = append(p.Schemes, choice{s.ID, s.Name.In(p.Lang), s.ID == sel.scheme})
	}
	names := map[string]string{"quarter": p.T.ByQuarter, "year": p.T.ByYear, "month": p.T.ByMonth}
	for _, v := range trendChoices {
		p.TrendBy = append(p.TrendBy, choice{v, names[v], v == sel.trend})
	}
}
