package pipeline_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/e2e/attack"
)

// resists attacks what is published: totals of all lengths, breakdowns of half a year, persons, of whom several indicators tell, and of
// other families something, referrals of a whole year. It fails if anything protected can be narrowed down that may be small; and then if
// the attack does not find leaks that are planted: figures are protected alone, as if nobody had thought of the others that tell them, or
// shown, as if nobody had thought of what they tell.
func (p *pipeline) resists() {
	p.Helper()
	for _, of := range []struct {
		assault
		least int
	}{{summers, 10000}, {others, 8000}} {
		found, _ := p.attack(of.assault, nil)
		if found.Narrowed > 0 || found.Undecided > 0 || found.Protected < of.least {
			p.Errorf("%v: of %d protected numbers %d are narrowed down, %d are not decided", of.only, found.Protected, found.Narrowed, found.Undecided)
		}
	}
	told := []string{p.plantRevision(), p.nameless(), p.overYears()}
	for _, leak := range leaks {
		told = append(told, p.plant(leak))
	}
	_, said := p.attack(summers, told)
	_, ofYear := p.attack(referred, told)
	said += ofYear
	for _, what := range told {
		if !strings.Contains(said, what) {
			p.Errorf("the attack does not see: %s", what)
		}
	}
}

// expose shows rows that are protected, with the numerators that cells have.
func (p *pipeline) expose(where, cells string) {
	p.Helper()
	p.must(p.db.Exec(p.Context(), fmt.Sprintf(`
		INSERT INTO vointi_internal.publications
		SELECT p.* REPLACE ('' AS suppressed, p.version + 1 AS version, toFloat64(c.n) AS numerator)
		FROM (SELECT * FROM vointi_internal.publications FINAL WHERE suppressed != '' AND %s) AS p
		INNER JOIN
		(
			SELECT area, dimension, if(member = '', 'all', member) AS member, toString(period_type) AS period_type, toDate32(period_start) AS period_start, sum(value) AS n
			FROM vointi_internal.cells FINAL WHERE %s GROUP BY ALL
		) AS c ON p.area = c.area AND p.dimension = c.dimension AND p.member = c.member AND toString(p.period_type) = c.period_type AND toDate32(p.period_start) = c.period_start`, where, cells)))
}

// nameless shows the anonymous visits of an area that leave few of those of unknown age, and the latter, and returns what the attack must
// say of the few.
func (p *pipeline) nameless() string {
	p.Helper()
	rows := p.query(`SELECT area, toString(period_start) FROM vointi_internal.cells FINAL
		WHERE measure IN ('visits', 'anonymous') AND dimension = '' AND period_type = 'month' AND period_start BETWEEN '2025-07-01' AND '2025-12-01'
		GROUP BY 1, 2 HAVING sumIf(value, measure = 'visits' AND band = 'unknown') - sumIf(value, measure = 'anonymous') BETWEEN 1 AND 4 AND sumIf(value, measure = 'anonymous') >= 5
		ORDER BY 1, 2 LIMIT 1`)
	if len(rows) == 0 {
		p.Fatal("nowhere few visits with a card are of unknown age")
	}
	of := strings.Split(rows[0], "|")
	at := fmt.Sprintf("area = '%s' AND period_type = 'month' AND period_start = '%s' AND dimension = '' AND sex = 'all' AND ", of[0], of[1])
	p.expose(at+"indicator = 'anonymous-share'", "measure = 'anonymous'")
	p.expose(at+"indicator = 'participation-visits' AND age_group = 'unknown'", "measure = 'visits' AND band = 'unknown'")
	return fmt.Sprintf("visits 2025: 0 {%s  all all  all month %s} with a card of unknown age can be narrowed", of[0], of[1])
}

// overYears shows what is hidden of a member in a year, though one of its quarters is hidden, and returns what the attack must say of
// that quarter.
func (p *pipeline) overYears() string {
	p.Helper()
	rows := p.query(`SELECT area, dimension, member, toString(anyIf(period_start, period_type = 'quarter' AND suppressed != '')) FROM vointi.indicators
		WHERE indicator = 'referrals' AND dimension != '' AND period_type IN ('quarter', 'year') AND toYear(period_start) = 2025
		GROUP BY 1, 2, 3 HAVING countIf(period_type = 'quarter' AND suppressed != '') = 1 AND countIf(period_type = 'year' AND suppressed != '') = 1
		ORDER BY 1, 2, 3 LIMIT 1`)
	if len(rows) == 0 {
		p.Fatal("no year of a member is hidden for one quarter's sake")
	}
	of := strings.Split(rows[0], "|")
	where := "indicator = 'referrals' AND period_type = 'year' AND period_start = '2025-01-01' AND area = '%s' AND dimension = '%s' AND member = '%s'"
	p.expose(fmt.Sprintf(where, of[0], of[1], of[2]), "measure = 'referrals'")
	return fmt.Sprintf("referrals 2025: 0 {%s  all all %s %s quarter %s} referrals can be narrowed", of[0], of[1], of[2], of[3])
}

// assault says which blocks are attacked, and from which day on.
type assault struct {
	only  []string
	since time.Time
}

var (
	summers = assault{[]string{"visits totals", "visits 2025", "persons quarter 2025-07", "persons year 2026", "persons rolling_12m 2025-08"}, time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)}
	others  = assault{[]string{
		"referrals 2025", "newly active 2025", "feedback 2025", "culture quarter 2025-07", "culture year 2025", "families with children year 2025", "volunteers month 2025-10",
		"volunteers year 2025", "persons month 2025-10", "pupils", "partners", "complete answers", "loneliness-share", "qol-mean", "barrier-share",
	}, newYear}
	referred = assault{[]string{"referrals 2025"}, newYear}
	newYear  = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
)

// leak is rows of which the greatest is protected alone, and what the attack must say of it then.
type leak struct{ what, row, block, number, says string }

const (
	july   = "period_type = 'month' AND period_start = '2025-07-01' AND "
	summer = "period_type = 'quarter' AND period_start = '2025-07-01' AND "
	visits = "indicator = 'participation-visits' AND "
	anyone = "age_group = 'all' AND sex = 'all' AND "
	rowKey = "(area, age_scheme, age_group, sex, dimension, member, period_type, period_start)"
)

var leaks = []leak{
	{"a total among those of its areas", visits + july + anyone + "dimension = '' AND area = 'KU305'", "visits totals: 0", "participation-visits", "can be narrowed"},
	{"an age group", visits + july + "age_scheme = 'report5' AND sex = 'all' AND area = 'KU853'", "visits 2025: 0", "participation-visits", "can be narrowed"},
	{"a member", visits + july + "dimension = 'provider' AND area = 'HVA19'", "visits 2025: 0", "participation-visits", "can be narrowed"},
	{"a denominator", visits + july + "dimension = 'activity_type' AND " + rowKey + " IN (SELECT " + rowKey + " FROM vointi.indicators WHERE indicator = 'anonymous-share' AND suppressed = '')", "visits 2025: 0", "participation-visits", "can be narrowed"},
	{"persons by age", "indicator = 'unique-participants' AND " + summer + "age_scheme = 'report5' AND sex = 'all' AND area = 'KU853'", "persons quarter 2025-07-01: 0", "unique-participants", "can be narrowed"},
	{"a mother area", "indicator = 'session-occupancy' AND " + july + anyone + "area = 'HVA19' AND " + compared, "visits 2025: 3", "session-occupancy", "is told by a comparison"},
	{"an earlier revision", visits + july + "age_scheme = 'finsote' AND sex = 'all' AND area = 'KU853'", "visits 2025: 0", "participation-visits", "is told by an earlier revision"},
}

const compared = rowKey + " IN (SELECT " + rowKey + " FROM vointi.comparisons WHERE difference IS NOT NULL AND indicator = 'session-occupancy')"

// plant protects one final row, and returns what the attack must say.
func (p *pipeline) plant(l leak) string {
	p.Helper()
	rows := p.query(`SELECT indicator, area, age_scheme, age_group, sex, dimension, member, period_type, toString(period_start)
		FROM vointi.indicators WHERE suppressed = '' AND status = 'final' AND numerator > 5 AND %s ORDER BY numerator DESC LIMIT 1`, l.row)
	if len(rows) == 0 {
		p.Fatalf("%s: nothing to plant it in", l.what)
	}
	of := strings.Split(rows[0], "|")
	p.must(p.db.Exec(p.Context(), fmt.Sprintf(`
		INSERT INTO vointi_internal.publications
		SELECT * REPLACE ('protected' AS suppressed, version + 1 AS version, NULL AS value, NULL AS numerator, NULL AS denominator, NULL AS lower95,
			NULL AS upper95, NULL AS lower998, NULL AS upper998)
		FROM vointi_internal.publications FINAL
		WHERE indicator = '%s' AND area = '%s' AND age_scheme = '%s' AND age_group = '%s' AND sex = '%s' AND dimension = '%s' AND member = '%s'
			AND period_type = '%s' AND period_start = '%s'`, of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7], of[8])))
	return fmt.Sprintf("%s {%s} %s %s", l.block, strings.Join(of[1:], " "), l.number, l.says)
}

// plantRevision makes a protected row one that came by a revision, and returns what the attack must say.
func (p *pipeline) plantRevision() string {
	p.Helper()
	const where = visits + "period_type = 'month' AND period_start BETWEEN '2025-07-01' AND '2025-12-31' AND suppressed != '' AND revision = 1"
	rows := p.query(`SELECT area, age_scheme, age_group, sex, dimension, member, period_type, toString(period_start) FROM vointi.indicators WHERE %s ORDER BY ALL LIMIT 1`, where)
	if len(rows) == 0 {
		p.Fatal("no revision to plant it in")
	}
	of := strings.Split(rows[0], "|")
	p.must(p.db.Exec(p.Context(), fmt.Sprintf(`INSERT INTO vointi_internal.publication_log SELECT * REPLACE ('late_data' AS reason) FROM vointi_internal.publication_log FINAL
		WHERE indicator = 'participation-visits' AND area = '%s' AND age_scheme = '%s' AND age_group = '%s' AND sex = '%s' AND dimension = '%s' AND member = '%s'
			AND period_type = '%s' AND period_start = '%s'`, of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7])))
	return fmt.Sprintf("visits 2025: 0 {%s} participation-visits is told by a revision that brought it", strings.Join(of, " "))
}

// attack returns what was found, and what is said of it: of the numbers that are named in any of these texts, of all if there are none.
func (p *pipeline) attack(of assault, named []string) (*attack.Result, string) {
	p.Helper()
	var said bytes.Buffer
	a := &attack.Attack{K: 5, Only: of.only, Since: of.since, Named: named, Out: io.MultiWriter(&said, p.Output())}
	found, err := a.Run(p.Context(), "http://"+warehousetest.Engine(p).Addr())
	p.must(err)
	return found, said.String()
}
