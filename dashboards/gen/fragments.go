package main

import "fmt"

// thinSpace separates thousands, and a figure from its unit, as Finnish typography asks (narrow no-break space).
const thinSpace = "\u202f"

// plain formats a number in the Finnish way: decimal comma, thin space between thousands, a real minus sign. Statements
// repeat this many times and the engine's time for a small one goes into preparing its expressions, so it is built of few
// and cheap ones: the engine writes a constant number of decimals only, but choosing among four constants costs less than
// any arithmetic, and a pattern that is not constant costs more than all the rest.
func plain(x, decimals string) string {
	digits := fmt.Sprintf("toDecimalString(%s, 0)", x)
	if decimals != "0" {
		digits = fmt.Sprintf("multiIf(%[2]s = 0, toDecimalString(%[1]s, 0), %[2]s = 1, toDecimalString(%[1]s, 1), %[2]s = 2, toDecimalString(%[1]s, 2), toDecimalString(%[1]s, 3))", x, decimals)
	}
	signs := fmt.Sprintf("replaceOne(replaceOne(%s, '.', ','), '-', '−')", digits)
	thousands := fmt.Sprintf(`replaceRegexpOne(%s, '^(−?[0-9]+)([0-9]{3})(,|$)', '\\1%s\\2\\3')`, signs, thinSpace)
	return fmt.Sprintf(`replaceRegexpOne(%s, '^(−?[0-9]+)([0-9]{3}%s)', '\\1%s\\2')`, thousands, thinSpace, thinSpace)
}

// number is plain with a percent or euro sign; other units stand beside the indicator's name.
func number(x, unit, decimals string) string {
	return fmt.Sprintf("concat(%s, multiIf(%s = '%%', '%s%%', %s = '€', '%s€', ''))", plain(x, decimals), unit, thinSpace, unit, thinSpace)
}

func whole(x string) string { return plain(x, "0") }

// figure says what a cell of table t holds: its value, or in words why it has none.
func figure(t, decimals string) string {
	return fmt.Sprintf("multiIf(%[1]s.suppressed != '', %[2]s, %[1]s.status = 'not_applicable', %[3]s, %[1]s.value IS NULL, %[4]s, %[5]s)",
		t, must("protected"), must("not_applicable"), must("no_data"), number(t+".value", t+".unit", decimals))
}

// method is the code of the method of the interval; ” if there is no interval to speak of.
func method(t string) string { return fmt.Sprintf("if(%[1]s.method = 'NONE', '', %[1]s.method)", t) }

// interval is the 95 % interval of a cell in words; a value without one says so.
func interval(t, decimals string) string {
	return fmt.Sprintf("multiIf(%[1]s.value IS NULL, '', %[1]s.lower95 IS NULL OR %[1]s.upper95 IS NULL, %[2]s, concat(%[3]s, '–', %[4]s))",
		t, must("no_interval"), plain(t+".lower95", decimals), number(t+".upper95", t+".unit", decimals))
}

// respondents is the n behind a value: respondents of a survey, else what was divided by, else what was counted.
func respondents() string {
	return "coalesce(toFloat64(respondents), if(unit = '%', denominator, numerator))"
}

func nText(t string) string {
	return fmt.Sprintf("multiIf(%[1]s.respondents IS NOT NULL, %[2]s, %[1]s.denominator IS NOT NULL AND %[1]s.numerator IS NOT NULL, concat(%[3]s, ' / ', %[4]s), %[1]s.numerator IS NOT NULL, %[3]s, '')",
		t, whole(t+".respondents"), whole(t+".numerator"), whole(t+".denominator"))
}

func period(kind, start, wave string) string {
	return fmt.Sprintf("multiIf(%[1]s = 'year', toString(toYear(%[2]s)), "+
		"%[1]s = 'quarter', concat(toString(toYear(%[2]s)), ' Q', toString(toQuarter(%[2]s))), "+
		"%[1]s = 'month', formatDateTime(%[2]s, '%%Y-%%m'), "+
		"%[1]s = 'week', concat(toString(toISOYear(%[2]s)), ' W', leftPad(toString(toISOWeek(%[2]s)), 2, '0')), "+
		"%[1]s = 'rolling_12m', concat(formatDateTime(%[2]s, '%%Y-%%m'), ' + 12 m'), "+
		"%[1]s = 'wave', concat(%[4]s, ' ', toString(toYear(%[2]s)), if(%[3]s = '', '', concat(' (', %[3]s, ')'))), "+
		"toString(%[2]s))", kind, start, wave, must("wave"))
}

func status(t string) string {
	return fmt.Sprintf("multiIf(%[1]s.suppressed != '', %[2]s, %[1]s.status = 'final', %[3]s, %[1]s.status = 'not_applicable', %[5]s, %[1]s.status = 'no_data', %[6]s, %[7]s, concat(%[4]s, ', ', %[8]s), %[4]s)",
		t, must("protected"), must("final"), must("provisional"), must("not_applicable"), must("no_data"),
		running(t+".period_type", t+".period_start"), must("running"))
}

// running says that a period is not over in Finland, whatever zone the warehouse lives by: its figure is not comparable with that of a whole
// one. A survey wave's own end is not known here; it counts as over.
func running(kind, start string) string {
	return fmt.Sprintf("multiIf(%[1]s = 'day', addDays(%[2]s, 1), %[1]s = 'week', addDays(%[2]s, 7), %[1]s = 'month', addMonths(%[2]s, 1), "+
		"%[1]s = 'quarter', addMonths(%[2]s, 3), %[1]s IN ('year', 'rolling_12m'), addYears(%[2]s, 1), %[2]s) > toDate(now('Europe/Helsinki'))", kind, start)
}

// pending says that a figure is not to be joined to others by a line: its period is not over, or it is a lower bound only,
// because data begin too shortly before it.
func pending(t string) string {
	return fmt.Sprintf("%s OR has(%s.flags, 'short_history')", running(t+".period_type", t+".period_start"), t)
}

// covered is the first month that the (first) chosen area has figures of, as comparisons have it: what began earlier is not covered as a
// whole.
func covered() string {
	return `(
        SELECT min(period_start)
        FROM vointi.indicators
        WHERE area = [${area:singlequote}][1]
            AND period_type = 'month'
            AND age_scheme = ''
            AND age_group = 'all'
            AND sex = 'all'
            AND dimension = ''
            AND status != 'no_data'
            AND NOT (has(flags, 'data_gap') AND suppressed = '' AND value IS NULL)
    )`
}

func ageLabel(column string) string {
	return fmt.Sprintf("multiIf(%[1]s = 'all', %[2]s, %[1]s = 'unknown', %[3]s, replaceOne(%[1]s, '-', '–'))",
		column, must("all"), must("unknown_age"))
}

// ageOrder sorts the total first, then by age, unknown last.
func ageOrder(column string) string {
	return fmt.Sprintf("%[1]s != 'all',\n    %[1]s = 'unknown',\n    toUInt16OrZero(extract(%[1]s, '^[0-9]+')),\n    %[1]s", column)
}

// line picks the one line of the cube that the analyst chose. The total of a breakdown exists once, under scheme ”.
func line(table string) string {
	return fmt.Sprintf(`%[1]sindicator = ${indicator:singlequote}
    AND %[1]sage_scheme = if(${age_group:singlequote} = 'all', '', ${age_scheme:singlequote})
    AND %[1]sage_group = ${age_group:singlequote}
    AND %[1]ssex = ${sex:singlequote}
    AND %[1]sdimension = if(${member:singlequote} = 'all' OR ${dimension:singlequote} = 'none', '', ${dimension:singlequote})
    AND %[1]smember = ${member:singlequote}
    AND %[1]speriod_type = ${period_type:singlequote}`, table)
}
