package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vointi.fi/pkg/wording"
)

// translated is a code in words; ” if it is none of the list.
func translated(column string, list []wording.Code) string {
	ids := make([]string, len(list))
	texts := [3][]string{}
	for i, c := range list {
		ids[i] = quote(c.ID)
		for l, text := range languagesOf(c.Text) {
			texts[l] = append(texts[l], quote(text))
		}
	}
	array := func(items []string) string { return "[" + strings.Join(items, ", ") + "]" }
	return fmt.Sprintf("%s[indexOf(%s, %s)]", choose(array(texts[0]), array(texts[1]), array(texts[2])), array(ids), column)
}

func languagesOf(t wording.Text) [3]string { return [3]string{t.FI, t.SV, t.EN} }

// inWords is a text of package wording in the chosen language.
func inWords(t wording.Text) string { return choose(quote(t.FI), quote(t.SV), quote(t.EN)) }

func comparator(column string) string { return translated(column, wording.Comparators) }

func reason(column string) string { return translated(column, wording.Reasons) }

// mark is the symbol of a comparison, as wording.Mark has it.
func mark(t string) string {
	up := fmt.Sprintf("if(%[1]s.comparator = 'trend5', %[1]s.reason = 'increasing', %[1]s.difference > if(%[1]s.comparator IN ('gap_rel', 'rii'), 1, 0))", t)
	return fmt.Sprintf("multiIf(%[1]s.verdict IN ('similar', 'undecided'), '●', %[1]s.verdict = 'reached', '✓', %[1]s.verdict = 'missed', '✗', "+
		"repeat(if(%[2]s, '▲', '▼'), 1 + startsWith(%[1]s.verdict, 'much_')))", t, up)
}

// reading is what a row of vointi.comparisons says, in a symbol and words; ” if there is no row. A trend says its label, and
// what cannot be calculated says why.
func reading(t string) string {
	notCalculable, _ := wording.Find(wording.Reasons, "not_calculable")
	return fmt.Sprintf("multiIf(%[1]s.comparator = '', '', "+
		"%[1]s.verdict = '', concat('◌ ', if(%[1]s.comparator IN ('%[6]s') AND %[1]s.difference IS NULL AND %[1]s.reason != 'not_calculable', concat(%[2]s, ': '), ''), %[3]s), "+
		"concat(%[4]s, ' ', %[5]s, if(%[1]s.comparator = 'trend5', concat(' (', %[3]s, ')'), '')))",
		t, inWords(notCalculable), reason(t+".reason"), mark(t), translated(t+".verdict", wording.Verdicts), strings.Join(wording.Computed, "', '"))
}

// difference is the difference of a comparison with its 95 % interval, in its own unit: ” if there is none.
func difference(t, decimals string) string {
	digits := fmt.Sprintf("toUInt8(multiIf(%[1]s.unit = 'pp', greatest(1, %[2]s), %[1]s.unit = '%%', 1, %[1]s.unit IN ('ratio', 'index') OR endsWith(%[1]s.unit, '%[3]s'), 3, %[2]s))", t, decimals, wording.SlopeUnit)
	rounded := func(column string) string { return plain(fmt.Sprintf("(round(%s, %s) + 0)", t+column, digits), digits) } // +0: never a minus before zero
	return fmt.Sprintf("if(%[1]s.difference IS NULL, '', concat(if(round(%[1]s.difference, %[8]s) > 0 AND %[1]s.comparator NOT IN ('gap_rel', 'rii'), '+', ''), %[2]s, "+
		"multiIf(%[1]s.unit = 'pp', concat('%[3]s', %[4]s), %[1]s.unit IN ('%%', '€'), concat('%[3]s', %[1]s.unit), ''), "+
		"if(%[1]s.lower95 IS NULL OR %[1]s.upper95 IS NULL, '', concat(' (', %[5]s, if(%[1]s.lower95 < 0, %[6]s, '–'), %[7]s, ')'))))",
		t, rounded(".difference"), thinSpace, must("points"), rounded(".lower95"), must("to"), rounded(".upper95"), digits)
}

// said is reading and difference together, but for slopes.
func said(t, decimals string) string {
	return fmt.Sprintf("concat(%[1]s, if(%[2]s.difference IS NULL OR endsWith(%[2]s.unit, '%[4]s'), '', concat(' · ', %[3]s)))", reading(t), t, difference(t, decimals), wording.SlopeUnit)
}

// compared selects rows of vointi.comparisons of the chosen areas, as k.
func compared(where string) string {
	return comparedIn("IN (${area:singlequote})", where)
}

// comparedEverywhere is compared for all areas.
func comparedEverywhere(where string) string { return comparedIn("!= ''", where) }

func comparedIn(areas, where string) string {
	return fmt.Sprintf(`(
        SELECT k.*
        FROM vointi.comparisons AS k
        WHERE k.area %s
            AND %s
    )`, areas, where)
}

// rank sorts comparators in the order in which readers meet them.
func rank(column string) string { return rankIn(wording.Comparators)(column) }

// glossary lists what stands in or beside a figure, and what it means.
func glossary() string {
	lines := make([]string, len(wording.Glossary))
	for i, t := range wording.Glossary {
		lines[i] = fmt.Sprintf("(%s, %s)", inWords(t.Word), inWords(t.Meaning))
	}
	return strings.Join(lines, ",\n    ")
}

// targets joins the target of each row of table i as table t. Targets are for years: of a rolling window it is that of the
// year in which it ends, of a survey that in which it begins; months and quarters have none.
func targets(t, i string) string {
	return fmt.Sprintf(`
(
    SELECT
        indicator,
        area,
        age_scheme,
        age_group,
        year,
        value
    FROM vointi.targets
    WHERE isNull(starts) -- the others are of what is left of their year
) AS %[1]s ON %[1]s.indicator = %[2]s.indicator AND %[1]s.area = %[2]s.area AND %[1]s.age_scheme = %[2]s.age_scheme AND %[1]s.age_group = %[2]s.age_group
    AND %[1]s.year = multiIf(
        %[2]s.sex != 'all' OR %[2]s.dimension != '', 0,
        %[2]s.period_type IN ('year', 'wave'), toYear(%[2]s.period_start),
        %[2]s.period_type = 'rolling_12m', toYear(addDays(addYears(%[2]s.period_start, 1), -1)),
        0)`, t, i)
}

// target is the value of the joined target: NULL if there is none.
func target(t string) string { return fmt.Sprintf("if(%[1]s.indicator = '', NULL, %[1]s.value)", t) }

func targetText(t, i, decimals string) string {
	return fmt.Sprintf("if(%[1]s.indicator = '', '', %[2]s)", t, number(t+".value", i+".unit", decimals))
}

// flags are what is to be known of a figure, in words.
func flags(column string) string {
	var list []wording.Code
	for _, id := range slices.Sorted(maps.Keys(wording.Flags)) {
		list = append(list, wording.Code{ID: id, Text: wording.Flags[id]})
	}
	return fmt.Sprintf("arrayStringConcat(arrayMap(f -> coalesce(nullIf(%s, ''), f), %s), ', ')", translated("f", list), column)
}

// probability is a p-value as it is printed; ” if there is none.
func probability(column string) string {
	return fmt.Sprintf("multiIf(%[1]s IS NULL, '', %[1]s < 0.001, '< 0,001', replaceOne(toDecimalString(%[1]s, 3), '.', ','))", column)
}
