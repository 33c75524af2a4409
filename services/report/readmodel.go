package report

import (
	"context"
	"embed"
	"fmt"
	"time"

	"vointi.fi/pkg/warehouse"
)

// Querier reads the read model; *warehouse.DB as the user vointi_reader is one.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (warehouse.Rows, error)
}

//go:embed sql/*.sql
var sqlFiles embed.FS

func statement(name string) string { return warehouse.Statement(sqlFiles, name) }

var (
	areasSQL         = statement("areas")
	yearsSQL         = statement("years")
	catalogueSQL     = statement("catalogue")
	yearSQL          = statement("year")
	trendsSQL        = statement("trends")
	coverageSQL      = statement("coverage")
	comparisonSQL    = statement("comparisons")
	indicatorsSQL    = statement("indicators")
	practicesSQL     = statement("practices")
	practiceLinksSQL = statement("practice_links")
)

// readModel asks the views of database vointi.
type readModel struct{ db Querier }

// collect runs a statement and scans every row.
func collect[T any](ctx context.Context, db Querier, what, sql string, scan func(warehouse.Rows) (T, error), args ...any) ([]T, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", what, err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	return out, nil
}

func (m readModel) areas(ctx context.Context) ([]Area, error) {
	return collect(ctx, m.db, "areas", areasSQL, func(r warehouse.Rows) (a Area, err error) {
		err = r.Scan(&a.ID, &a.Level, &a.Name.FI, &a.Name.SV, &a.Name.EN)
		return a, err
	})
}

func (m readModel) years(ctx context.Context) ([]int, error) {
	return collect(ctx, m.db, "years", yearsSQL, func(r warehouse.Rows) (int, error) {
		var y int64
		err := r.Scan(&y)
		return int(y), err
	})
}

func (m readModel) catalogue(ctx context.Context) ([]Indicator, error) {
	return collect(ctx, m.db, "catalogue", catalogueSQL, func(r warehouse.Rows) (i Indicator, err error) {
		var decimals uint8
		err = r.Scan(&i.ID, &i.Goals, &i.Headline, &i.Name.FI, &i.Name.SV, &i.Name.EN,
			&i.Description.FI, &i.Description.SV, &i.Description.EN, &i.Caveats.FI, &i.Caveats.SV, &i.Caveats.EN,
			&i.Numerator.FI, &i.Numerator.SV, &i.Numerator.EN, &i.Denominator.FI, &i.Denominator.SV, &i.Denominator.EN, &i.Unit, &i.Direction, &i.Method, &i.Breakdowns, &i.PeriodTypes, &decimals, &i.Awaits)
		i.Decimals = int(decimals)
		return i, err
	})
}

// year returns the newest period of every indicator and age group up to the end of a year.
func (m readModel) year(ctx context.Context, area, scheme string, year int) ([]Cell, error) {
	return collect(ctx, m.db, "figures of a year", yearSQL, scanCell,
		warehouse.Param("area", area), warehouse.Param("scheme", scheme), warehouse.Param("end", newYear(year+1)))
}

// covered marks the cells of periods that began before the area's first month with figures.
func (m readModel) covered(ctx context.Context, area string, lists ...[]Cell) error {
	first, err := collect(ctx, m.db, "coverage", coverageSQL, func(r warehouse.Rows) (t time.Time, err error) {
		err = r.Scan(&t)
		return t.In(time.UTC), err
	}, warehouse.Param("area", area))
	if err != nil || len(first) == 0 {
		return err
	}
	for _, cells := range lists {
		for i := range cells {
			cells[i].Partial = cells[i].PeriodType != "wave" && cells[i].Start.Before(first[0]) || cells[i].short()
		}
	}
	return nil
}

// trendYears is how far back charts go, the chosen year included.
const trendYears = 6

// trends returns the totals of every indicator over the years up to the end of year, oldest first.
func (m readModel) trends(ctx context.Context, area string, year int) ([]Cell, error) {
	return collect(ctx, m.db, "trends", trendsSQL, scanCell, warehouse.Param("area", area),
		warehouse.Param("begin", newYear(year+1-trendYears)), warehouse.Param("end", newYear(year+1)))
}

// comparisons returns what the figures of the years up to the end of year say beside others.
func (m readModel) comparisons(ctx context.Context, area, scheme string, year int) (comparisons, error) {
	found := comparisons{}
	_, err := collect(ctx, m.db, "comparisons", comparisonSQL, func(r warehouse.Rows) (c Comparison, err error) {
		var k cellKey
		err = r.Scan(&k.indicator, &k.ageGroup, &k.periodType, &k.start, &k.wave,
			&c.Comparator, &c.Difference, &c.Lower, &c.Upper, &c.Unit, &c.Verdict, &c.Reason)
		k.start = k.start.In(time.UTC)
		found[k] = append(found[k], c)
		return c, err
	}, warehouse.Param("area", area), warehouse.Param("scheme", scheme),
		warehouse.Param("begin", newYear(year+1-trendYears)), warehouse.Param("end", newYear(year+1)))
	return found, err
}

func newYear(year int) string { return fmt.Sprintf("%04d-01-01", year) }

func scanCell(r warehouse.Rows) (c Cell, err error) {
	err = r.Scan(&c.Indicator, &c.AgeGroup, &c.PeriodType, &c.Start, &c.Wave, &c.Value, &c.Lower, &c.Upper,
		&c.Numerator, &c.Denominator, &c.Respondents, &c.Status, &c.Suppressed, &c.Flags, &c.Computed)
	c.Start = c.Start.In(time.UTC)
	return c, err
}
