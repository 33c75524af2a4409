package pipeline_test

import (
	"fmt"
	"time"

	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/e2e/attack"
)

// resists attacks what is published of the totals of 2024, and fails if anything protected can be narrowed down; and then if
// the attack does not find a leak that is planted: of two hidden regions that are all of a shown country, one is shown.
func (p *pipeline) resists() {
	p.Helper()
	if found := p.attack(); found.Narrowed > 0 || found.Protected < 500 {
		p.Errorf("of %d protected numbers %d are narrowed down", found.Protected, found.Narrowed)
	}
	leak := p.query(`
		SELECT toString(period_start), minIf(area, suppressed != '') FROM vointi.indicators
		WHERE indicator = 'participation-visits' AND period_type = 'day' AND period_start < '2025-01-01' AND (area = 'SSS' OR startsWith(area, 'MK'))
		GROUP BY period_start
		HAVING countIf(suppressed != '') = 2 AND countIf(area = 'SSS' AND suppressed = '') = 1
		ORDER BY period_start LIMIT 1`)
	if len(leak) == 0 {
		p.Fatal("on no day exactly two regions are hidden")
	}
	var start, area string
	_, err := fmt.Sscanf(leak[0], "%10s|%s", &start, &area)
	p.must(err)
	p.must(p.db.Exec(p.Context(), fmt.Sprintf(`
		INSERT INTO vointi_internal.publications
		SELECT * REPLACE ('' AS suppressed, version + 1 AS version, toFloat64((
			SELECT sum(value) FROM vointi_internal.cells FINAL
			WHERE measure = 'visits' AND period_type = 'day' AND period_start = '%[1]s' AND area = '%[2]s' AND dimension = ''
		)) AS numerator)
		FROM vointi_internal.publications FINAL
		WHERE indicator = 'participation-visits' AND period_type = 'day' AND period_start = '%[1]s' AND area = '%[2]s'`, start, area)))
	if found := p.attack(); found.Narrowed == 0 {
		p.Errorf("the attack does not see that %s is shown on %s", area, start)
	}
}

func (p *pipeline) attack() *attack.Result {
	p.Helper()
	a := &attack.Attack{K: 5, Only: " 2024 totals", Since: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Out: p.Output()}
	found, err := a.Run(p.Context(), "http://"+warehousetest.Engine(p).Addr())
	p.must(err)
	return found
}
