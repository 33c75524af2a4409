// Package dashboardstest fills the read model with a small, known set of indicators, so that a dashboard, the report and
// the API can be run on the real engine without events, ingester or aggregator. The figures are made up.
package dashboardstest

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"vointi.fi/pkg/warehouse"
)

// Fill replaces the contents of the tables under the read model with the fixture. It writes to the very tables that the
// aggregator writes to, so that the views under test are the shipped ones.
func Fill(ctx context.Context, db *warehouse.DB) error {
	figures := publicationRows()
	tables := []struct {
		name string
		rows any
	}{
		{"vointi_internal.areas", areaRows()},
		{"vointi_internal.catalogue", catalogueRows()},
		{"vointi_internal.publications", figures},
		{"vointi_internal.comparisons", comparisonRows(figures)},
		{"vointi_internal.facts_target", targetRows()},
		{"vointi_internal.programmes", programmeRows()},
		{"vointi_internal.estimates", estimateRows()},
		{"vointi_internal.estimate_points", pointRows()},
		{"vointi_internal.facts_practice", practiceRows()},
		{"vointi_internal.silent_sessions", silentRows()},
	}
	for _, t := range tables {
		if err := db.Exec(ctx, "TRUNCATE TABLE "+t.name); err != nil {
			return fmt.Errorf("fill read model: %w", err)
		}
		if err := db.Insert(ctx, t.name, columns(t.rows)...); err != nil {
			return fmt.Errorf("fill read model: %w", err)
		}
	}
	return nil
}

// columns turns a slice of structs into one column for each field, named by its tag.
func columns(rows any) []warehouse.Column {
	v := reflect.ValueOf(rows)
	t := v.Type().Elem()
	out := make([]warehouse.Column, t.NumField())
	for f := range t.NumField() {
		values := reflect.MakeSlice(reflect.SliceOf(t.Field(f).Type), v.Len(), v.Len())
		for i := range v.Len() {
			values.Index(i).Set(v.Index(i).Field(f))
		}
		out[f] = warehouse.Column{Name: t.Field(f).Tag.Get("ch"), Values: values.Interface()}
	}
	return out
}

type areaRow struct {
	Area      string            `ch:"area"`
	Level     string            `ch:"level"`
	Code      string            `ch:"code"`
	Name      map[string]string `ch:"name"`
	Parents   map[string]string `ch:"parents"`
	ValidFrom time.Time         `ch:"valid_from"`
	ValidTo   time.Time         `ch:"valid_to"`
	Version   uint64            `ch:"version"`
}

type catalogueRow struct {
	ID          string            `ch:"id"`
	Number      uint16            `ch:"number"`
	Goals       []string          `ch:"goals"`
	Headline    bool              `ch:"headline"`
	Name        map[string]string `ch:"name"`
	Description map[string]string `ch:"description"`
	Caveats     map[string]string `ch:"caveats"`
	Numerator   map[string]string `ch:"numerator"`
	Denominator map[string]string `ch:"denominator"`
	Unit        string            `ch:"unit"`
	Direction   string            `ch:"direction"`
	AreaBasis   string            `ch:"area_basis"`
	Method      string            `ch:"method"`
	Breakdowns  []string          `ch:"breakdowns"`
	PeriodTypes []string          `ch:"period_types"`
	Decimals    uint8             `ch:"decimals"`
	Awaits      []string          `ch:"awaits"`
	Version     uint64            `ch:"version"`
}

type publicationRow struct {
	Indicator           string    `ch:"indicator"`
	Area                string    `ch:"area"`
	AgeScheme           string    `ch:"age_scheme"`
	AgeGroup            string    `ch:"age_group"`
	Sex                 string    `ch:"sex"`
	Dimension           string    `ch:"dimension"`
	Member              string    `ch:"member"`
	PeriodType          string    `ch:"period_type"`
	PeriodStart         time.Time `ch:"period_start"`
	Wave                string    `ch:"wave"`
	Value               *float64  `ch:"value"`
	Lower95             *float64  `ch:"lower95"`
	Upper95             *float64  `ch:"upper95"`
	Numerator           *float64  `ch:"numerator"`
	Denominator         *float64  `ch:"denominator"`
	DenominatorKind     string    `ch:"denominator_kind"`
	Respondents         *int64    `ch:"respondents"`
	EffectiveSampleSize *float64  `ch:"effective_sample_size"`
	Unit                string    `ch:"unit"`
	Direction           string    `ch:"direction"`
	Method              string    `ch:"method"`
	Status              string    `ch:"status"`
	Suppressed          string    `ch:"suppressed"`
	Flags               []string  `ch:"flags"`
	Revision            uint32    `ch:"revision"`
	ComputedAt          time.Time `ch:"computed_at"`
	Version             uint64    `ch:"version"`
}
